//! What may have been signed instead of the text of the token.

use std::borrow::Cow;

use aws_lc_rs::digest::{Algorithm as Hash, SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::text::hex;
use crate::token::advice::{Difference, SignedText};
use crate::token::algorithm::Algorithm;
use crate::token::compact::encode_segment;
use crate::token::diagnose::Variant;
use crate::token::json::{self, Json};

/// A longer text is not copied.
const MOST_COPIED: usize = 256 << 10;

/// The text as it stands, and what it may have been when it was signed.
pub(super) fn variants<'a>(
    text: &'a [u8],
    header: Json<'_>,
    algorithm: Algorithm,
) -> Vec<Variant<Cow<'a, [u8]>>> {
    let mut variants = vec![(Vec::new(), Cow::Borrowed(text))];
    let mut push = |over: SignedText, text: Vec<u8>| {
        variants.push((vec![Difference::Text(over)], Cow::Owned(text)));
    };
    let hashes: &[&'static Hash] = match algorithm.hash() {
        Some(hash) if *hash == SHA256 => &[hash],
        Some(hash) => &[hash, &SHA256],
        None => &[&SHA512, &SHA256],
    };
    for hash in hashes {
        let digest = digest(hash, text);
        push(SignedText::Hash, digest.as_ref().to_vec());
        push(
            SignedText::HexOfHash,
            hex::encode(digest.as_ref()).into_bytes(),
        );
    }
    if text.len() > MOST_COPIED {
        return variants;
    }
    for line_break in ["\n", "\r\n"] {
        push(
            SignedText::LineBreak,
            [text, line_break.as_bytes()].concat(),
        );
    }
    for width in [64, 76] {
        push(SignedText::Lines(width), wrapped(text, width));
    }
    if let Some((over, text)) = with_other_padding(text) {
        push(over, text);
    }
    for header in with_hashed_nonce(header) {
        let payload = text
            .iter()
            .position(|b| *b == b'.')
            .and_then(|dot| text.get(dot..));
        push(
            SignedText::HashedNonce,
            [header.as_bytes(), payload.unwrap_or_default()].concat(),
        );
    }
    variants
}

/// The text with padding after its segments, or without it where they have some.
fn with_other_padding(text: &[u8]) -> Option<(SignedText, Vec<u8>)> {
    if text.contains(&b'=') {
        let bare = text.iter().copied().filter(|b| *b != b'=').collect();
        return Some((SignedText::Unpadded, bare));
    }
    let padded = |segment: &[u8]| {
        let missing = segment
            .len()
            .next_multiple_of(4)
            .saturating_sub(segment.len());
        [segment, b"=".repeat(missing).as_slice()].concat()
    };
    let segments = text.split(|b| *b == b'.').map(padded);
    let padded = segments.collect::<Vec<_>>().join(&b'.');
    (padded.len() > text.len()).then_some((SignedText::Padded, padded))
}

/// Each segment in lines, as `base64` and `openssl base64` print it and as `$(…)` in a shell keeps
/// it.
fn wrapped(text: &[u8], width: usize) -> Vec<u8> {
    let lines = |segment: &[u8]| segment.chunks(width).collect::<Vec<_>>().join(&b'\n');
    let segments = text.split(|b| *b == b'.').map(lines);
    segments.collect::<Vec<_>>().join(&b'.')
}

/// The header's segment with a hash in place of its `nonce`, once for each way to write a hash.
fn with_hashed_nonce(header: Json<'_>) -> Vec<String> {
    let nonce = header.get("nonce");
    let Some((value, nonce)) = nonce.and_then(|value| Some((value, value.as_str()?))) else {
        return Vec::new();
    };
    let digest = digest(&SHA256, nonce.as_bytes());
    [
        encode_segment(digest.as_ref()),
        STANDARD.encode(digest.as_ref()),
        hex::encode(digest.as_ref()),
    ]
    .map(|hash| encode_segment(header.text().replacen(value.text(), &json::quote(&hash), 1)))
    .into()
}
