//! The same is found in a text however it comes in pieces, and no token that is found in it can be read any more
//! when its secrets are replaced. The first byte says where the pieces end.

use std::collections::HashSet;

use jott::token::find::{Finds, Found, REDACTED, Search, Text, tokens};

pub(crate) fn holds(input: &[u8]) {
    let Some((size, text)) = input.split_first() else {
        return;
    };
    let whole = tokens(text);
    let size = usize::from(*size).max(1);
    assert_eq!(redacted_in_pieces(text, size), redacted(text, &whole), "in pieces of {size}");
    let mut end = 0;
    for secret in &whole.secrets {
        assert!(end <= secret.start && secret.start <= secret.end && secret.end <= text.len());
        end = secret.end;
    }
    let live = live_tokens(text, whole.tokens.iter());
    let safe = redacted(text, &whole);
    let left = live_tokens(&safe, tokens(&safe).tokens.iter());
    assert!(left.is_disjoint(&live), "{left:?} of {:?}", String::from_utf8_lossy(text));
}

/// The tokens of a text that have signatures.
fn live_tokens<'f>(text: &[u8], found: impl Iterator<Item = &'f Found>) -> HashSet<String> {
    let live = found.filter(|found| found.is_live).filter_map(|found| match &found.text {
        Text::Plain => Some(String::from_utf8(text[found.place.clone()].to_vec()).unwrap()),
        Text::Within(token) => Some(token.clone()),
        _ => None,
    });
    live.collect()
}

fn redacted(text: &[u8], finds: &Finds) -> Vec<u8> {
    let mut safe = Vec::new();
    let mut from = 0;
    for secret in &finds.secrets {
        safe.extend_from_slice(&text[from..secret.start]);
        safe.extend_from_slice(REDACTED);
        from = secret.end;
    }
    safe.extend_from_slice(&text[from..]);
    safe
}

/// As a reader does it that gets so many bytes at a time.
fn redacted_in_pieces(text: &[u8], size: usize) -> Vec<u8> {
    let mut search = Search::default();
    let mut finds = Finds::default();
    let mut safe = Vec::new();
    let mut settled = 0;
    let mut end = size.min(text.len());
    loop {
        let last = end == text.len();
        let done = search.search(&text[..end], settled, last, &mut finds);
        let mut from = settled;
        for secret in &finds.secrets {
            safe.extend_from_slice(&text[from..secret.start]);
            safe.extend_from_slice(REDACTED);
            from = secret.end;
        }
        safe.extend_from_slice(&text[from..done]);
        settled = done;
        if last {
            assert_eq!(settled, end);
            return safe;
        }
        end = end.saturating_add(size).min(text.len());
    }
}
