//! What else may have been signed than the text of the token.

use std::borrow::Cow;
use std::fmt::Write as _;

use aws_lc_rs::digest::{Algorithm as Hash, SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::token::algorithm::Algorithm;
use crate::token::compact::encode_segment;
use crate::token::diagnose::Variant;
use crate::token::json::{self, Json};

/// No copies are made of a text that is longer.
const MOST_COPIED: usize = 256 << 10;

const LINE_BREAK: &str = "was made over a line break behind the text too: `printf %s` writes none";
const PADDING: &str = "was made over segments with their padding (`=`), which was signed and is missing now, as AWS load balancers do: take the token as it was sent, and `--allow-padding`";
const NO_PADDING: &str = "was made over segments without padding (`=`), which was put there later";
const NONCE: &str = "was made over a hash of the header's `nonce`, as Microsoft makes those for its own services, such as Graph: only they can check it, so ask for a token for your own API";

/// The text as it stands, and what it may have been when it was signed.
pub(super) fn variants<'a>(
    text: &'a [u8],
    header: Json<'_>,
    algorithm: Algorithm,
) -> Vec<Variant<Cow<'a, [u8]>>> {
    let mut variants = vec![(None, Cow::Borrowed(text))];
    let mut push = |what: String, text: Vec<u8>| variants.push((Some(what), Cow::Owned(text)));
    let hashes: &[&'static Hash] = match algorithm.hash() {
        Some(hash) if *hash == SHA256 => &[hash],
        Some(hash) => &[hash, &SHA256],
        None => &[&SHA512, &SHA256],
    };
    for hash in hashes {
        let digest = digest(hash, text);
        let again = "was made over a hash of the text, which was then hashed once more";
        push(again.to_owned(), digest.as_ref().to_vec());
        push(
            "was made over the hex digits of a hash of the text, which were then hashed once more"
                .to_owned(),
            hex(digest.as_ref()).into_bytes(),
        );
    }
    if text.len() > MOST_COPIED {
        return variants;
    }
    for line_break in ["\n", "\r\n"] {
        push(
            LINE_BREAK.to_owned(),
            [text, line_break.as_bytes()].concat(),
        );
    }
    for width in [64, 76] {
        push(
            format!(
                "was made over segments with a line break after each {width} characters, which were taken out later: `base64 -w0` makes none"
            ),
            wrapped(text, width),
        );
    }
    if let Some((what, text)) = with_other_padding(text) {
        push(what.to_owned(), text);
    }
    for header in with_hashed_nonce(header) {
        let payload = text
            .iter()
            .position(|b| *b == b'.')
            .and_then(|dot| text.get(dot..));
        push(
            NONCE.to_owned(),
            [header.as_bytes(), payload.unwrap_or_default()].concat(),
        );
    }
    variants
}

/// The text with the padding that its segments have in base64, or without it where they have some.
fn with_other_padding(text: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    if text.contains(&b'=') {
        let bare = text.iter().copied().filter(|b| *b != b'=').collect();
        return Some((NO_PADDING, bare));
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
    (padded.len() > text.len()).then_some((PADDING, padded))
}

/// Each segment in lines, as `base64` and `openssl base64` print it, and a shell's `$(…)` keeps it.
fn wrapped(text: &[u8], width: usize) -> Vec<u8> {
    let lines = |segment: &[u8]| segment.chunks(width).collect::<Vec<_>>().join(&b'\n');
    let segments = text.split(|b| *b == b'.').map(lines);
    segments.collect::<Vec<_>>().join(&b'.')
}

/// The header's segment with a hash in the place of its `nonce`, in each way to write a hash.
fn with_hashed_nonce(header: Json<'_>) -> Vec<String> {
    let nonce = header.get("nonce");
    let Some((value, nonce)) = nonce.and_then(|value| Some((value, value.as_str()?))) else {
        return Vec::new();
    };
    let digest = digest(&SHA256, nonce.as_bytes());
    [
        encode_segment(digest.as_ref()),
        STANDARD.encode(digest.as_ref()),
        hex(digest.as_ref()),
    ]
    .map(|hash| encode_segment(header.text().replacen(value.text(), &json::quote(&hash), 1)))
    .into()
}

/// A hint at a header that has a `nonce`, where nothing else was found.
pub(super) fn nonce_hint(header: Json<'_>) -> Option<String> {
    header.get("nonce").map(|_| {
        "the header has a `nonce`: Microsoft signs tokens for its own services, such as Graph, over a hash of it, and only they can check those".to_owned()
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
