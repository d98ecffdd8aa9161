//! The characters of a token in any spelling: as they are, or as the escapes of URLs, JSON, HTML
//! and mail; and the line breaks between them.

/// What stands at the front of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A character of a token, and how many bytes spell it.
    Character(u8, usize),
    /// A line break, with all else that separates two lines of one word.
    Fold(Fold),
    /// Something that is not part of a token.
    Other,
    /// The end of the text so far, which may lie within one of the above.
    End,
}

/// A line break within a word, and its length in bytes with the white space and the quotation marks
/// of mail around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fold {
    pub(super) len: usize,
    /// How much of that stands at the beginning of the new line.
    pub(super) margin: usize,
    /// Whether the line break itself says that the line goes on: `=` in quoted-printable (RFC 2045
    /// section 6.7), a backslash in shells and many formats.
    pub(super) soft: bool,
}

/// The text ends before it is clear what stands there.
#[derive(Clone, Copy, Debug)]
struct Cut;

type Read<T> = Result<T, Cut>;

/// How many times an escape may be escaped again: `%25252E`, `\\\\u002e`, `&amp;amp;#46;`.
pub(super) const MAX_LAYERS: usize = 8;

/// The most that stands between the words of two lines: indentation, and `> ` of a mail that was
/// answered often.
const MAX_MARGIN: usize = 64;

/// Whether a byte is a character of a token: base64 in either alphabet with its padding, and the
/// `.` and `~` between segments.
pub(super) fn is_character(byte: u8) -> bool {
    is_digit(byte) || matches!(byte, b'.' | b'~' | b'=')
}

/// Whether a byte is a digit of base64 in either alphabet (RFC 4648 sections 4 and 5).
pub(super) fn is_digit(byte: u8) -> bool {
    DIGITS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The answer for every byte, since the question is asked for each byte of a token.
const DIGITS: [bool; 256] = {
    let mut digits = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if let Some(answer) = digits.split_at_mut(byte as usize).1.first_mut() {
            *answer = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/');
        }
        byte = byte.saturating_add(1);
    }
    digits
};

/// How many digits stand at the front of a text.
pub(super) fn digits(text: &[u8]) -> usize {
    // No block ends early, so that its bytes are compared at once.
    let (blocks, _) = text.as_chunks::<32>();
    let are_digits = |block: &&[u8; 32]| {
        block
            .iter()
            .fold(true, |all, byte| all & is_in_range(*byte))
    };
    let whole = blocks.iter().take_while(are_digits).count();
    let whole = whole.saturating_mul(32);
    let rest = text.get(whole..).unwrap_or_default().iter();
    whole.saturating_add(rest.take_while(|byte| is_digit(**byte)).count())
}

/// The same as [`is_digit`] in comparisons, of which many are made at once.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a branch for each comparison takes longer"
)]
fn is_in_range(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // The standard alphabet ends in `+` and `/`; the digits follow the slash.
    let is_number = byte.wrapping_sub(b'/') < 11;
    is_letter | is_number | (byte == b'+') | (byte == b'-') | (byte == b'_')
}

/// Reads the front of a text. More text may follow, unless this is the last.
pub(super) fn next(text: &[u8], last: bool) -> Next {
    let read = match text.first() {
        None => return Next::End,
        Some(b'=') => equals_sign(text),
        Some(byte) if is_character(*byte) => return Next::Character(*byte, 1),
        Some(b'%') => percent(text),
        Some(b'\\') => backslash(text),
        Some(b'&') => entity(text),
        Some(b'\r' | b'\n' | b' ' | b'\t') => line_break(text, false),
        Some(_) => return Next::Other,
    };
    match read {
        Ok(next) => next,
        Err(Cut) if !last => Next::End,
        Err(Cut) if text.first() == Some(&b'=') => Next::Character(b'=', 1),
        Err(Cut) => Next::Other,
    }
}

fn byte(text: &[u8], at: usize) -> Read<u8> {
    text.get(at).copied().ok_or(Cut)
}

/// Padding, or what quoted-printable writes for a character or puts at the end of a line.
fn equals_sign(text: &[u8]) -> Read<Next> {
    let padding = Next::Character(b'=', 1);
    match byte(text, 1)? {
        b'\n' | b'\r' => {
            line_break(text.get(1..).unwrap_or_default(), true).map(|next| match next {
                Next::Fold(fold) => Next::Fold(longer(fold, 1)),
                _ => padding,
            })
        }
        b'2' | b'3' | b'5' | b'7' => match hex(text, 1, 2)?.and_then(character) {
            // Letters and digits are never written in this way, and may follow padding.
            Some(byte) if !byte.is_ascii_alphanumeric() => Ok(Next::Character(byte, 3)),
            _ => Ok(padding),
        },
        _ => Ok(padding),
    }
}

/// `%2E` (RFC 3986 section 2.1), and `%u002E` of JavaScript's `escape`.
fn percent(text: &[u8]) -> Read<Next> {
    let mut at = 1;
    for _ in 0..MAX_LAYERS {
        if byte(text, at)? != b'2' || byte(text, at.saturating_add(1))? != b'5' {
            break;
        }
        at = at.saturating_add(2);
    }
    let (digits, count) = match byte(text, at)? {
        b'u' => (at.saturating_add(1), 4),
        _ => (at, 2),
    };
    let code = hex(text, digits, count)?;
    escaped(text, code, digits.saturating_add(count))
}

/// `\u002e`, `\/` and `\n` (RFC 8259 section 7), `\u{2e}`, `\x2e` and `\056` of programming
/// languages and shells, and `\_` of Markdown.
fn backslash(text: &[u8]) -> Read<Next> {
    let mut at = 1;
    while at < MAX_LAYERS && byte(text, at)? == b'\\' {
        at = at.saturating_add(1);
    }
    let after = at.saturating_add(1);
    match byte(text, at)? {
        b'u' | b'x' if byte(text, after)? == b'{' => {
            let digits = after.saturating_add(1);
            let (code, end) = number(text, digits, 16)?;
            match byte(text, end)? {
                b'}' if end > digits => escaped(text, Some(code), end.saturating_add(1)),
                _ => Ok(Next::Other),
            }
        }
        b'u' => escaped(text, hex(text, after, 4)?, at.saturating_add(5)),
        b'x' => escaped(text, hex(text, after, 2)?, at.saturating_add(3)),
        b'n' => escaped(text, Some(10), after),
        b'r' => escaped(text, Some(13), after),
        b'0' | b'1' => match number(text, at, 8)? {
            (code, end) if end == at.saturating_add(3) => escaped(text, Some(code), end),
            _ => Ok(Next::Other),
        },
        b'\n' | b'\r' => {
            line_break(text.get(at..).unwrap_or_default(), true).map(|next| match next {
                Next::Fold(fold) => Next::Fold(longer(fold, at)),
                other => other,
            })
        }
        byte if is_character(byte) && !byte.is_ascii_alphanumeric() => {
            Ok(Next::Character(byte, after))
        }
        _ => Ok(Next::Other),
    }
}

/// The escapes of HTML: `&#46;`, `&#x2e;`, `&period;`; numbers also without `;`, as every browser
/// reads them (HTML section 13.2.5.79).
fn entity(text: &[u8]) -> Read<Next> {
    let mut at = 1;
    for _ in 0..MAX_LAYERS {
        match starts(text, at, b"amp;")? {
            true => at = at.saturating_add(4),
            false => break,
        }
    }
    if byte(text, at)? != b'#' {
        for (name, code) in NAMED {
            if starts(text, at, name)? {
                return escaped(text, Some(*code), at.saturating_add(name.len()));
            }
        }
        return Ok(Next::Other);
    }
    at = at.saturating_add(1);
    let radix = match byte(text, at)? {
        b'x' | b'X' => {
            at = at.saturating_add(1);
            16
        }
        _ => 10,
    };
    let (code, end) = number(text, at, radix)?;
    match byte(text, end) {
        _ if end == at => Ok(Next::Other),
        Ok(b';') => escaped(text, Some(code), end.saturating_add(1)),
        Ok(_) => escaped(text, Some(code), end),
        Err(Cut) => Err(Cut),
    }
}

/// The number at a place, with at most as many digits as escapes have, and where it ends.
fn number(text: &[u8], at: usize, radix: u32) -> Read<(u32, usize)> {
    let most = if radix == 8 { 3 } else { MAX_LAYERS };
    let mut code = 0_u32;
    let mut end = at;
    while end.saturating_sub(at) < most {
        let Some(digit) = char::from(byte(text, end)?).to_digit(radix) else {
            break;
        };
        code = code.saturating_mul(radix).saturating_add(digit);
        end = end.saturating_add(1);
    }
    Ok((code, end))
}

/// The characters of tokens that HTML has names for.
const NAMED: &[(&[u8], u32)] = &[
    (b"period;", 0x2E),
    (b"equals;", 0x3D),
    (b"plus;", 0x2B),
    (b"sol;", 0x2F),
    (b"lowbar;", 0x5F),
    (b"NewLine;", 10),
];

/// Whether these bytes stand at a place; not known where the text ends within them.
fn starts(text: &[u8], at: usize, what: &[u8]) -> Read<bool> {
    let rest = text.get(at..).unwrap_or_default();
    match rest.get(..what.len()) {
        Some(there) => Ok(there == what),
        None if what.starts_with(rest) => Err(Cut),
        None => Ok(false),
    }
}

/// The number in the next `digits` hexadecimal digits; `None` if they are not digits.
fn hex(text: &[u8], at: usize, digits: usize) -> Read<Option<u32>> {
    let mut code = 0_u32;
    for place in at..at.saturating_add(digits) {
        match char::from(byte(text, place)?).to_digit(16) {
            Some(digit) => code = code.saturating_mul(16).saturating_add(digit),
            None => return Ok(None),
        }
    }
    Ok(Some(code))
}

/// The meaning of a code that `len` bytes spell.
fn escaped(text: &[u8], code: Option<u32>, len: usize) -> Read<Next> {
    let rest = text.get(len..).unwrap_or_default();
    match code {
        Some(10) => {
            let margin = margin(rest)?;
            let len = len.saturating_add(margin);
            let soft = false;
            Ok(Next::Fold(Fold { len, margin, soft }))
        }
        // Only before a line feed that is spelled in the same way.
        Some(13) => match (byte(text, 0)?, byte(text, len)?) {
            (first, second) if first == second => Ok(match next(rest, false) {
                Next::Fold(fold) => Next::Fold(longer(fold, len)),
                Next::End => return Err(Cut),
                _ => Next::Other,
            }),
            _ => Ok(Next::Other),
        },
        Some(code) => {
            Ok(character(code).map_or(Next::Other, |character| Next::Character(character, len)))
        }
        None => Ok(Next::Other),
    }
}

fn character(code: u32) -> Option<u8> {
    u8::try_from(code).ok().filter(|byte| is_character(*byte))
}

/// An unescaped line break.
fn line_break(text: &[u8], soft: bool) -> Read<Next> {
    let mut at = 0;
    while at < MAX_MARGIN && matches!(byte(text, at)?, b' ' | b'\t') {
        at = at.saturating_add(1);
    }
    if byte(text, at)? == b'\r' {
        at = at.saturating_add(1);
    }
    if byte(text, at)? != b'\n' {
        return Ok(Next::Other);
    }
    at = at.saturating_add(1);
    let margin = margin(text.get(at..).unwrap_or_default())?;
    let len = at.saturating_add(margin);
    Ok(Next::Fold(Fold { len, margin, soft }))
}

/// How much of a line comes before its first word.
fn margin(line: &[u8]) -> Read<usize> {
    let is_margin = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'>' | b'|' | b'#' | b'*');
    let margin = line.iter().take(MAX_MARGIN).take_while(is_margin).count();
    match margin == line.len() {
        true => Err(Cut),
        false => Ok(margin),
    }
}

/// Where the last word of a line ends, without the part that belongs to the line break after it.
pub(super) fn word_end(line: &[u8]) -> usize {
    let count = |end: usize, is: fn(u8) -> bool| {
        let line = line.get(..end).unwrap_or_default().iter().rev();
        line.take(64).take_while(|byte| is(**byte)).count()
    };
    let is_backslash = |byte| byte == b'\\';
    // In `\r\n`, the last backslash is the place of the line break.
    let mut end = line.len().saturating_sub(count(line.len(), is_backslash));
    if end.checked_sub(1).and_then(|at| line.get(at)) == Some(&b'r') {
        match count(end.saturating_sub(1), is_backslash) {
            0 => {}
            slashes => end = end.saturating_sub(1).saturating_sub(slashes),
        }
    }
    end = end.saturating_sub(count(end, |byte| matches!(byte, b' ' | b'\t' | b'\r')));
    // A line that goes on says so with one of these.
    end.saturating_sub(count(end, |byte| matches!(byte, b'=' | b'\\')).min(1))
}

/// Where the last word of the previous line ends, if a text ends with nothing but the margin of a
/// new line.
pub(super) fn word_before(text: &[u8]) -> Option<usize> {
    let is_margin = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'>' | b'|' | b'#' | b'*');
    let margin = text
        .iter()
        .rev()
        .take(MAX_MARGIN)
        .take_while(is_margin)
        .count();
    let line = text.get(..text.len().saturating_sub(margin))?;
    match line {
        [line @ .., b'\n'] | [line @ .., b'\\', b'n'] => Some(word_end(line)),
        _ => None,
    }
}

fn longer(fold: Fold, by: usize) -> Fold {
    Fold {
        len: fold.len.saturating_add(by),
        ..fold
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn comparisons_tell_the_digits_that_the_table_tells() {
        for byte in 0..=u8::MAX {
            assert_eq!(is_in_range(byte), is_digit(byte), "{byte}");
        }
    }

    proptest! {
        #[test]
        fn blocks_of_digits_are_counted_as_one_by_one(text in "[A-Za-z0-9_+/-]{0,99}[^A-Z]?[A-Za-z0-9.=]{0,70}") {
            let one_by_one = text.bytes().take_while(|byte| is_digit(*byte)).count();
            prop_assert_eq!(digits(text.as_bytes()), one_by_one);
        }
    }

    fn whole(text: &str) -> Next {
        next(text.as_bytes(), true)
    }

    #[test]
    fn a_dot_has_many_spellings() {
        for text in [
            ".",
            "%2E",
            "%2e",
            "%252e",
            "%25252E",
            "\\u002e",
            "\\u002E",
            "\\\\u002e",
            "\\x2e",
            "\\.",
            "&#46;",
            "&#046;",
            "&#x2e;",
            "&#X2E;",
            "&period;",
            "&amp;#46;",
            "=2E",
            "%u002E",
            "\\u{2e}",
            "\\x{2E}",
            "\\056",
            "\\\\056",
        ] {
            assert_eq!(whole(text), Next::Character(b'.', text.len()), "{text}");
            let more = format!("{text}eyJ");
            assert_eq!(whole(&more), Next::Character(b'.', text.len()), "{more}");
        }
    }

    #[test]
    fn a_number_in_html_ends_without_a_semicolon_too() {
        for (text, len) in [("&#46eyJ", 4), ("&#x2e.", 5), ("&amp;#046-", 9)] {
            assert_eq!(whole(text), Next::Character(b'.', len), "{text}");
        }
    }

    #[test]
    fn other_characters_are_spelled_alike() {
        for (text, character) in [
            ("%65", b'e'),
            ("\\u0065", b'e'),
            ("&#101;", b'e'),
            ("\\/", b'/'),
            ("\\_", b'_'),
            ("\\u002B", b'+'),
            ("=3D", b'='),
            ("\\u003d", b'='),
            ("%7E", b'~'),
            ("&#x2F;", b'/'),
        ] {
            assert_eq!(
                whole(text),
                Next::Character(character, text.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_spells_no_character_of_a_token_is_other() {
        for text in [
            "%", "%2", "%22", "%zz", "%25", "\\", "\\\"", "\\t", "\\u00e9", "\\u00", "&", "&x=1",
            "&#46", "&lt;", "&#", "&#;", "&#x;", "\\05", "\\05x", "\\u{}", "\\u{2e", "%u00", "\"",
            "é", " ", " x", "\t", "\r", "\rx", "\\r", "\\rx", "%0Dx",
        ] {
            assert_eq!(whole(text), Next::Other, "{text}");
        }
    }

    #[test]
    fn an_equals_sign_is_padding_unless_mail_says_otherwise() {
        for text in ["=", "==", "=.", "=20", "=41", "=eyJ", "=2", "=\r", "=\n"] {
            assert_eq!(whole(text), Next::Character(b'=', 1), "{text}");
        }
    }

    #[test]
    fn lines_are_joined_over_what_stands_between_their_words() {
        for (text, margin, soft) in [
            ("\n", 0, false),
            ("\r\n", 0, false),
            (" \r\n\t", 1, false),
            ("\n> > ", 4, false),
            ("\n    | ", 6, false),
            ("\\n", 0, false),
            ("\\r\\n", 0, false),
            ("\\\\n ", 1, false),
            ("\\u000d\\u000a", 0, false),
            ("%0D%0A", 0, false),
            ("%0A", 0, false),
            ("&#10;", 0, false),
            ("&#13;&#10;", 0, false),
            ("=\r\n", 0, true),
            ("=\n", 0, true),
            ("\\\n", 0, true),
            ("\\\r\n  ", 2, true),
        ] {
            let len = text.len();
            let fold = Fold { len, margin, soft };
            assert_eq!(whole(&format!("{text}x")), Next::Fold(fold), "{text:?}");
        }
    }

    #[test]
    fn where_the_text_ends_within_a_spelling_more_is_awaited() {
        let spellings = [
            "%2E",
            "%252E",
            "\\u002e",
            "\\\\x2e",
            "&#46;",
            "&#x2e;",
            "&period;",
            "&amp;#46;",
            "%u002E",
            "\\u{2e}",
            "\\056",
            "=2E",
            "\r\nx",
            " \nx",
            "\n> x",
            "\\nx",
            "\\r\\nx",
            "%0D%0Ax",
            "=\r\nx",
            "\\\r\n  x",
            "&#13;&#10;x",
        ];
        for text in spellings {
            for end in 0..text.len() {
                assert_eq!(
                    next(&text.as_bytes()[..end], false),
                    Next::End,
                    "{text:?} {end}"
                );
            }
        }
    }
}
