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
    if run.get(segment) != Some(&b'.') {
        return None;
    }
    let head = run.get(..segment)?;
    head.windows(3)
        .enumerate()
        .filter(|(_, window)| BEGINNINGS.iter().any(|b| b.as_slice() == *window))
        .take(MAX_STARTS)
        .find_map(|(start, _)| Some(token_at(run.get(start..)?)?.shifted(start)))
}

/// The token at the very front of a run, if there is one.
fn token_at(run: &[u8]) -> Option<Found> {
    let text = std::str::from_utf8(run).ok()?;
    let (header, _) = text.split_once('.')?;
    let header = Object::parse(decode_segment(header, "header").ok()?).ok()?;
    let segments = if header.json().get("enc").is_some() {
        5
    } else {
        3
    };
    let mut last = 0..0;
    let mut start = 0_usize;
    let mut seen = 0_usize;
    for segment in text.split('.').take(segments) {
        let length = segment.find('~').unwrap_or(segment.len());
        let end = start.saturating_add(length);
        last = start..end;
        seen = seen.saturating_add(1);
        if length < segment.len() {
            break;
        }
        start = end.saturating_add(1);
    }
    if seen < segments {
        return None;
    }
    let mut found = Found {
        token: 0..last.end,
        signatures: vec![last.clone()],
    };
    if let Some(rest) = text
        .get(last.end..)
        .filter(|rest| segments == 3 && rest.starts_with('~'))
    {
        found.token.end = text.len();
        found
            .signatures
            .extend(key_binding(rest).map(|r| shift(&r, last.end)));
    }
    Some(found)
}

/// The signature of the key binding token that ends an SD-JWT, unless it ends in `~`.
fn key_binding(rest: &str) -> Option<Range<usize>> {
    let start = rest.rfind('.')?.saturating_add(1);
    let holder = rest.rfind('~')? < start;
    holder.then_some(start..rest.len())
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
