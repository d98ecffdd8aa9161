//! How long an answer may be kept, by its own header lines (RFC 9111).

use chrono::DateTime;
use ureq::http::header::{AGE, CACHE_CONTROL, DATE, EXPIRES};
use ureq::http::{HeaderMap, HeaderValue};

use crate::text::time::Timestamp;

/// For an answer that says nothing.
const SILENT: u64 = 5 * 60;

/// The longest time, whatever an answer allows: a withdrawn key should disappear some day.
pub(super) const LONGEST: u64 = 24 * 60 * 60;

/// For how many seconds the answer may be kept; 0 where it may not.
///
/// A header that cannot be read counts as stale (RFC 9111 section 4.2.1).
pub(super) fn of(headers: &HeaderMap, now: Timestamp) -> u64 {
    let lines = headers.get_all(CACHE_CONTROL).iter().map(text);
    let lines: Vec<String> = lines.collect();
    let mut max_age = None;
    for directive in lines.join(",").split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            // An answer that must be confirmed each time would be as slow as one that is not kept.
            "no-store" | "no-cache" => return 0,
            // The first one counts.
            "max-age" if max_age.is_none() => {
                max_age = Some(seconds(value.trim().trim_matches('"')));
            }
            _ => {}
        }
    }
    let allowed = max_age.or_else(|| until_expiry(headers, now));
    let age = headers.get(AGE).map_or(0, |age| seconds(&text(age)));
    allowed
        .map_or(SILENT, |allowed| allowed.saturating_sub(age))
        .min(LONGEST)
}

/// Delta-seconds; a number that is too large counts as a large one (RFC 9111 section 1.2.2).
fn seconds(text: &str) -> u64 {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    text.parse().unwrap_or(u64::MAX)
}

/// By `Expires` (RFC 9111 section 5.3).
fn until_expiry(headers: &HeaderMap, now: Timestamp) -> Option<u64> {
    let date = |value| DateTime::parse_from_rfc2822(&text(value)).ok();
    let expires = date(headers.get(EXPIRES)?).map(|expires| expires.timestamp());
    let from = headers.get(DATE).and_then(date);
    let from = from.map_or(now.seconds(), |from| from.timestamp());
    let length = expires.and_then(|expires| u64::try_from(expires.saturating_sub(from)).ok());
    Some(length.unwrap_or(0))
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::HeaderName;

    fn lifetime(lines: &[(&str, &str)]) -> u64 {
        let lines = lines.iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
        });
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        of(&headers, Timestamp::from_seconds(784_111_777))
    }

    #[test]
    fn an_answer_is_kept_as_long_as_it_says() {
        const NOW: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        const LATER: &str = "Sun, 06 Nov 1994 09:49:37 GMT";
        for (lines, kept) in [
            (&[][..], 300),
            (&[("cache-control", "max-age=60")], 60),
            (
                &[(
                    "cache-control",
                    "public, MAX-AGE = \"60\" , must-revalidate",
                )],
                60,
            ),
            (
                &[
                    ("cache-control", "private"),
                    ("cache-control", "max-age=60"),
                ],
                60,
            ),
            (&[("cache-control", "max-age=60, max-age=90")], 60),
            (&[("cache-control", "max-age=60"), ("age", "50")], 10),
            (&[("cache-control", "max-age=60"), ("age", "70")], 0),
            (&[("cache-control", "max-age=9999999")], LONGEST),
            (
                &[("cache-control", "max-age=99999999999999999999999")],
                LONGEST,
            ),
            (&[("cache-control", "max-age=-1")], 0),
            (&[("cache-control", "max-age=soon")], 0),
            (&[("cache-control", "max-age")], 0),
            (&[("cache-control", "s-maxage=60")], 300),
            (&[("cache-control", "no-store")], 0),
            (&[("cache-control", "max-age=60, no-cache")], 0),
            (&[("cache-control", "no-cache=\"set-cookie\"")], 0),
            (&[("cache-control", "\u{ff}")], 300),
            (&[("date", NOW), ("expires", LATER)], 3600),
            (&[("expires", LATER)], 3600),
            (&[("date", LATER), ("expires", NOW)], 0),
            (&[("expires", "0")], 0),
            (&[("cache-control", "max-age=60"), ("expires", "0")], 60),
        ] {
            assert_eq!(lifetime(lines), kept, "{lines:?}");
        }
    }
}
