//! Finding tokens in any text: a JSON answer, a HAR, a log, a curl trace.

use std::ops::Range;

use crate::token::compact::decode_segment;
use crate::token::json::Object;

/// A token in a text, by byte offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub token: Range<usize>,
    /// Where its signatures stand: of a JWS the last segment, of a JWE the authentication tag, of
    /// an SD-JWT the issuer's and that of the holder's key binding token.
    pub signatures: Vec<Range<usize>>,
}

/// The base64url beginnings of a JSON object: `{"`, and `{` before white space.
const BEGINNINGS: [&[u8; 3]; 5] = [b"eyJ", b"eyA", b"ewo", b"ew0", b"ewk"];

/// A word that is glued to a token is looked through for its beginning so many times, which
/// keeps the work linear in the text.
const MAX_STARTS: usize = 8;

/// Whether a byte may stand in a token: base64url, and the `.` and `~` between segments.
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// Finds each token in a text. What begins with a header in JSON and has the dots of a token is
/// taken for one, whether or not its payload can be read.
#[must_use]
pub fn tokens(text: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    for run in text.split(|b| !is_token_byte(*b)) {
        if run.len() > BEGINNINGS.len() {
            in_run(run, at, &mut found);
        }
        at = at.saturating_add(run.len()).saturating_add(1);
    }
    found
}

/// How much of a text can be searched before the rest of it is known: all but a last run of
/// token bytes, which may go on.
#[must_use]
pub fn complete(text: &[u8]) -> usize {
    text.iter()
        .rposition(|b| !is_token_byte(*b))
        .map_or(0, |at| at.saturating_add(1))
}

fn in_run(run: &[u8], offset: usize, found: &mut Vec<Found>) {
    let mut at = 0;
    while let Some(rest) = run.get(at..) {
        let segment = rest
            .iter()
            .take_while(|b| !matches!(b, b'.' | b'~'))
            .count();
        match in_segment(rest, segment) {
            Some(token) => {
                let next = at.saturating_add(token.token.end);
                found.push(token.shifted(offset.saturating_add(at)));
                at = next;
            }
            None => at = at.saturating_add(segment).saturating_add(1),
        }
    }
}

/// Looks for a token that begins within the first segment of a run.
fn in_segment(run: &[u8], segment: usize) -> Option<Found> {
    let header = run
        .get(..segment)
        .filter(|_| run.get(segment) == Some(&b'.'))?;
    let (start, header) = header_in(header)?;
    Some(token_at(run.get(start..)?, &header)?.shifted(start))
}

/// The first place in a segment from which on it is a header.
fn header_in(segment: &[u8]) -> Option<(usize, Object)> {
    let begins = |window: &[u8]| BEGINNINGS.iter().any(|b| b.as_slice() == window);
    let starts = segment
        .windows(3)
        .enumerate()
        .filter(|(_, window)| begins(window));
    starts.take(MAX_STARTS).find_map(|(start, _)| {
        let text = std::str::from_utf8(segment.get(start..)?).ok()?;
        let header = Object::parse(decode_segment(text, "header").ok()?).ok()?;
        Some((start, header))
    })
}

/// The token at the very front of a run whose first segment is this header, if the dots are there.
fn token_at(run: &[u8], header: &Object) -> Option<Found> {
    let segments = if header.json().get("enc").is_some() {
        5
    } else {
        3
    };
    let mut last = 0..0;
    for nth in 1..=segments {
        let rest = run.get(last.start..)?;
        let length = rest
            .iter()
            .take_while(|b| !matches!(b, b'.' | b'~'))
            .count();
        last.end = last.start.saturating_add(length);
        match run.get(last.end) {
            _ if nth == segments => break,
            Some(b'.') => last.start = last.end.saturating_add(1),
            _ => return None,
        }
    }
    if run.get(last.end) == Some(&b'.')
        && let Some((next, _)) = header_in(run.get(last.clone())?)
    {
        // Another token follows without anything between.
        last.end = last.start.saturating_add(next);
    }
    let mut found = Found {
        token: 0..last.end,
        signatures: vec![last.clone()],
    };
    if segments == 3 && run.get(last.end) == Some(&b'~') {
        found.token.end = run.len();
        let rest = run.get(last.end..)?;
        found
            .signatures
            .extend(key_binding(rest).map(|r| shift(&r, last.end)));
    }
    Some(found)
}

/// The signature of the key binding token that ends an SD-JWT, unless it ends in `~`.
fn key_binding(rest: &[u8]) -> Option<Range<usize>> {
    let after = |byte: u8| Some(rest.iter().rposition(|b| *b == byte)?.saturating_add(1));
    let start = after(b'.')?;
    (after(b'~')? < start).then_some(start..rest.len())
}

fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start.saturating_add(by)..range.end.saturating_add(by)
}

impl Found {
    fn shifted(self, by: usize) -> Found {
        Found {
            token: shift(&self.token, by),
            signatures: self.signatures.iter().map(|s| shift(s, by)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // {"alg":"HS256"} and {"alg":"dir","enc":"A128GCM"}
    const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";
    const SEALED: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0";

    fn found(text: &str) -> Vec<(&str, Vec<&str>)> {
        tokens(text.as_bytes())
            .into_iter()
            .map(|f| {
                (
                    &text[f.token],
                    f.signatures.into_iter().map(|s| &text[s]).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn tokens_are_found_between_other_things() {
        let text = format!(
            "a.b {{\"access_token\":\"{HEADER}.e30.c2ln\"}}\n#id_token={HEADER}.e30.x&y=z."
        );
        let first = format!("{HEADER}.e30.c2ln");
        let second = format!("{HEADER}.e30.x");
        assert_eq!(
            found(&text),
            [(first.as_str(), vec!["c2ln"]), (second.as_str(), vec!["x"])]
        );
    }

    #[test]
    fn a_word_glued_to_a_token_is_left_out() {
        let text = format!("host.example_{HEADER}.e30.c2ln.");
        let token = format!("{HEADER}.e30.c2ln");
        assert_eq!(found(&text), [(token.as_str(), vec!["c2ln"])]);
    }

    #[test]
    fn tokens_that_touch_are_told_apart() {
        let token = format!("{HEADER}.e30.c2ln");
        let text = format!("{token}{token}{token}");
        let one = (token.as_str(), vec!["c2ln"]);
        assert_eq!(found(&text), [one.clone(), one.clone(), one]);
    }

    #[test]
    fn a_long_run_of_headers_takes_no_long_time() {
        let text = format!("{HEADER}.").repeat(200_000);
        assert_eq!(tokens(text.as_bytes()).len(), 100_000);
    }

    #[test]
    fn an_encrypted_token_has_five_segments() {
        let text = format!("{SEALED}..aXY.Y3Q.dGFn.rest");
        let token = format!("{SEALED}..aXY.Y3Q.dGFn");
        assert_eq!(found(&text), [(token.as_str(), vec!["dGFn"])]);
    }

    #[test]
    fn an_sd_jwt_is_found_with_its_disclosures() {
        let text = format!("<{HEADER}.e30.c2ln~WyJh~{HEADER}.e30.a2I>");
        let token = format!("{HEADER}.e30.c2ln~WyJh~{HEADER}.e30.a2I");
        assert_eq!(found(&text), [(token.as_str(), vec!["c2ln", "a2I"])]);
        let text = format!("{HEADER}.e30.c2ln~WyJh~");
        assert_eq!(found(&text), [(text.as_str(), vec!["c2ln"])]);
    }

    #[test]
    fn what_only_looks_like_a_token_is_not_found() {
        assert!(found("eyJ.eyJ.eyJ www.example.com 1.2.3 eyJhbGciOiJIUzI1NiJ9.e30").is_empty());
    }

    #[test]
    fn a_run_that_may_go_on_is_not_complete() {
        assert_eq!(complete(b"abc def"), 4);
        assert_eq!(complete(b"abcdef"), 0);
        assert_eq!(complete(b"abc\n"), 4);
    }
}
