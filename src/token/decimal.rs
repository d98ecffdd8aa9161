//! Numbers of any size, by value.

use std::borrow::Cow;

/// A JSON number by value: sign, digits without zeros at either end, power of ten of the last.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal<'a> {
    pub(super) negative: bool,
    pub(super) digits: Cow<'a, str>,
    /// `None` where the exponent is beyond 64 bits: such numbers have no value to compare.
    pub(super) exponent: Option<i64>,
}

impl<'a> Decimal<'a> {
    /// Takes the text of a checked JSON number.
    pub(super) fn of(text: &'a str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = if fraction.is_empty() {
            Cow::Borrowed(whole)
        } else {
            Cow::Owned([whole, fraction].concat())
        };
        let significant = digits.trim_end_matches('0');
        let shift = digits.len().saturating_sub(significant.len());
        let exponent = exponent.parse::<i64>().ok().and_then(|e| {
            let e = e.checked_sub(i64::try_from(fraction.len()).ok()?)?;
            e.checked_add(i64::try_from(shift).ok()?)
        });
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Decimal {
                negative: false,
                digits: Cow::Borrowed(""),
                exponent: Some(0),
            };
        }
        Decimal {
            negative,
            digits: Cow::Owned(significant.to_owned()),
            exponent,
        }
    }
}
