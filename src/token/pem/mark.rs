//! Finds the mark of a PEM block, also where a program or a person has damaged it.

/// Whether the text has the mark of a block, perhaps misspelt: no secret has one.
pub(super) fn is_marked(text: &[u8]) -> bool {
    text.starts_with(b"-----BEGIN ")
        || (0..text.len()).any(|at| {
            text.split_at_checked(at)
                .is_some_and(|(before, here)| is_mark(before, here))
        })
}

/// Whether the mark of a block stands here: BEGIN or END after dashes, or after the characters that
/// a word processor makes of dashes, or BEGIN before one of the labels of a key, with or without
/// dashes.
pub(in crate::token) fn is_mark(before: &[u8], here: &[u8]) -> bool {
    /// How far back dashes are looked for: white space after them means nothing.
    const NEAR: usize = 32;
    let is_word = |word: &[u8]| {
        let start = here.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let begins = is_word(b"BEGIN");
    if !begins && !is_word(b"END") {
        return false;
    }
    let near = before.get(before.len().saturating_sub(NEAR)..);
    let near = near.unwrap_or(before).trim_ascii_end();
    let hyphens = near.iter().rev().take_while(|b| **b == b'-').count();
    if hyphens >= 4 {
        return true;
    }
    // END alone is so short that random bytes would have it.
    let Some(label) = here.get(5..).filter(|_| begins) else {
        return false;
    };
    let other_dash = near.last().is_some_and(|b| *b >= 0x80);
    let first = label.trim_ascii_start().first();
    let in_capitals = here.starts_with(b"BEGIN") && first.is_some_and(u8::is_ascii_uppercase);
    in_capitals && (hyphens >= 2 || other_dash) || is_label(label)
}

/// Whether text begins with the label of a key, with any separators between its words.
pub(super) fn is_label(text: &[u8]) -> bool {
    /// Longer than any label, with its spaces written as `%20`.
    const LONGEST: usize = 80;
    /// The words that may stand before the kind of content in a label; of `X509 CRL` and `SSH2`,
    /// only the letters.
    const BEFORE: &[&str] = &[
        "RSA",
        "PSS",
        "EC",
        "ED",
        "DSA",
        "OPENSSH",
        "SSH",
        "PGP",
        "TSS",
        "NATS",
        "USER",
        "ENCRYPTED",
        "TRUSTED",
        "NEW",
        "ANY",
        "X",
    ];
    const HELD: &[&str] = &[
        "PUBLICKEY",
        "PRIVATEKEY",
        "SECRETKEY",
        "CERTIFICATE",
        "PKCS",
        "CRL",
        "NKEYSEED",
        "USERJWT",
        "PARAMETERS",
    ];
    let text = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    let is_text = |b: &&u8| b.is_ascii_graphic() || b.is_ascii_whitespace();
    let letters = text
        .iter()
        .take_while(is_text)
        .filter(|b| b.is_ascii_alphabetic());
    let letters: String = letters
        .map(|b| char::from(b.to_ascii_uppercase()))
        .collect();
    let mut rest = letters.as_str();
    while let Some(shorter) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        if HELD.iter().any(|held| rest.starts_with(held)) {
            break;
        }
        rest = shorter;
    }
    HELD.iter().any(|held| rest.starts_with(held))
}
