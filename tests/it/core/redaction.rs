//! Tokens in every dress, in texts of every kind: none is good any more when the text is redacted,
//! however one reads what is left of it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use jott::token::find::{CONTEXT, Finds, REDACTED, Search};
use proptest::prelude::*;
use proptest::sample::select;

/// How a token may stand in a text.
#[derive(Clone, Debug)]
enum Dress {
    Plain,
    Escaped(&'static str, &'static str),
    PercentEncoded,
    Folded(usize, &'static str),
    Encoded(bool, &'static str, Vec<u8>, Vec<u8>),
    EncodedAndFolded(usize, &'static str, String),
    TraceAscii(usize),
    Dump(usize),
    Flattened,
    Claim,
}

const BREAKS: &[&str] = &[
    "\n", "\r\n", "\n\t", "\n> ", "\r\n  ", "=\r\n", "\\\n", "\\n", "\\r\\n", "%0D%0A",
];

fn dress() -> impl Strategy<Value = Dress> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..40);
    let json = || "(\\{\"access_token\":\")?|[ -~]{0,30}".prop_map(String::into_bytes);
    let around = || prop_oneof![bytes(), json()];
    prop_oneof![
        Just(Dress::Plain),
        select(vec![
            (".", "%2E"),
            (".", "%252e"),
            (".", "\\u002e"),
            (".", "\\\\u002E"),
            (".", "&#46;"),
            (".", "&#x2e;"),
            (".", "%u002E"),
            (".", "\\u{2e}"),
            (".", "\\056"),
            (".", "=2E"),
            ("=", "%3D"),
            ("=", "\\u003d"),
            ("=", "=3D"),
            ("_", "\\_"),
            ("-", "&#45;"),
        ])
        .prop_map(|(plain, escaped)| Dress::Escaped(plain, escaped)),
        Just(Dress::PercentEncoded),
        (20..100_usize, select(BREAKS)).prop_map(|(width, between)| Dress::Folded(width, between)),
        (
            any::<bool>(),
            select(&["", "base64-", "/a/", "k_", "\\t"][..]),
            around(),
            around()
        )
            .prop_map(|(url, glue, before, after)| Dress::Encoded(url, glue, before, after)),
        (20..100_usize, select(&BREAKS[..9]), "[ -~]{0,40}")
            .prop_map(|(width, between, before)| Dress::EncodedAndFolded(width, between, before)),
        (0..200_usize).prop_map(Dress::TraceAscii),
        (0..200_usize).prop_map(Dress::Dump),
        Just(Dress::Flattened),
        Just(Dress::Claim),
    ]
}

/// A token by its segments; nothing is padded.
#[derive(Clone, Debug)]
struct Token {
    header: String,
    payload: String,
    signature: String,
    is_padded: bool,
    is_standard: bool,
}

fn token() -> impl Strategy<Value = Token> {
    let algorithm = select(vec![
        ("HS256", 32),
        ("HS512", 64),
        ("ES256", 64),
        ("RS256", 256),
        ("EdDSA", 64),
    ]);
    let header = (
        algorithm,
        "[a-z0-9 ]{0,20}",
        select(&["", " ", "\n  ", "\r\n"][..]),
    );
    // However it is shrunk, it looks like nothing else.
    let signature = any::<u64>().prop_map(|seed| {
        let bytes = (0..256_u64).map(|n| seed.wrapping_add(n).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        bytes.map(|n| n.to_be_bytes()[4]).collect::<Vec<u8>>()
    });
    (
        header,
        "[ -!#-\\[\\]-~]{0,60}",
        signature,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(((algorithm, len), kid, space), claim, mut signature, is_padded, is_standard)| {
                signature.truncate(len);
                Token {
                    header: format!("{space}{{{space}\"alg\":\"{algorithm}\",\"kid\":\"{kid}\"}}"),
                    payload: format!("{{\"sub\":\"{claim}\"}}"),
                    signature: URL_SAFE_NO_PAD.encode(signature),
                    is_padded,
                    is_standard,
                }
            },
        )
}

impl Token {
    fn compact(&self) -> String {
        let engine = if self.is_padded {
            URL_SAFE
        } else {
            URL_SAFE_NO_PAD
        };
        let signature = URL_SAFE_NO_PAD.decode(&self.signature).unwrap();
        let signature = match (self.is_standard, self.is_padded) {
            (true, true) => STANDARD.encode(signature),
            (true, false) => STANDARD_NO_PAD.encode(signature),
            _ => engine.encode(signature),
        };
        format!(
            "{}.{}.{signature}",
            engine.encode(&self.header),
            engine.encode(&self.payload)
        )
    }

    fn dressed(&self, dress: &Dress) -> String {
        let token = self.compact();
        match dress {
            Dress::Plain => token,
            Dress::Escaped(plain, escaped) => token.replace(plain, escaped),
            Dress::PercentEncoded => hex(token.as_bytes(), "%", ""),
            Dress::Folded(width, between) => {
                // A soft line break and padding look alike, and so mail escapes the latter.
                let escaped = if between.starts_with('=') { "=3D" } else { "=" };
                let lines = lines(&token, *width).into_iter();
                let lines: Vec<String> = lines.map(|line| line.replace('=', escaped)).collect();
                lines.join(between)
            }
            Dress::Encoded(url, glue, before, after) => {
                let inside = [before, token.as_bytes(), after].concat();
                let encoded = if *url {
                    URL_SAFE_NO_PAD.encode(inside)
                } else {
                    STANDARD.encode(inside)
                };
                format!("{glue}{encoded}")
            }
            Dress::EncodedAndFolded(width, between, before) => {
                let encoded = STANDARD_NO_PAD.encode(format!("{before} {token}\r\n\r\n"));
                lines(&encoded, *width).join(between)
            }
            Dress::TraceAscii(before) => {
                let text = format!("{}{token}\"}}", " ".repeat(*before));
                let rows = lines(&text, 64);
                let rows = rows
                    .iter()
                    .enumerate()
                    .map(|(n, row)| format!("{:04x}: {row}\n", n * 64));
                format!("\n{}", rows.collect::<String>())
            }
            Dress::Dump(before) => {
                let text = format!("{}{token}\"}}", " ".repeat(*before));
                let rows = text.as_bytes().chunks(16).enumerate().map(|(n, row)| {
                    let hex = hex(row, "", " ");
                    format!("{:04x}: {hex:48}{}\n", n * 16, String::from_utf8_lossy(row))
                });
                format!("\n{}", rows.collect::<String>())
            }
            Dress::Flattened => format!(
                "{{\"payload\":\"{}\",\"protected\":\"{}\",\"signature\":\"{}\"}}",
                URL_SAFE_NO_PAD.encode(&self.payload),
                URL_SAFE_NO_PAD.encode(&self.header),
                self.signature
            ),
            Dress::Claim => {
                let claims = format!("{{\"act\":\"{token}\"}}");
                format!(
                    "{}.{}.c2ln",
                    URL_SAFE_NO_PAD.encode(&self.header),
                    URL_SAFE_NO_PAD.encode(claims)
                )
            }
        }
    }
}

/// Each byte in hexadecimal digits, between something.
fn hex(bytes: &[u8], before: &str, after: &str) -> String {
    let pairs = bytes
        .iter()
        .map(|byte| format!("{before}{byte:02x}{after}"));
    pairs.collect::<Vec<_>>().concat()
}

fn lines(text: &str, width: usize) -> Vec<String> {
    let lines = text.as_bytes().chunks(width);
    lines
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect()
}

/// The text as `jott` redacts it when it comes in pieces of some size.
fn redacted(text: &[u8], size: usize) -> Vec<u8> {
    let (mut search, mut finds) = (Search::default(), Finds::default());
    let (mut safe, mut settled) = (Vec::new(), 0);
    let mut end = 0;
    while end < text.len() {
        end = text.len().min(end + size);
        let start = settled.max(CONTEXT) - CONTEXT;
        let before = settled - start;
        settled = start + search.search(&text[start..end], before, end == text.len(), &mut finds);
        let mut at = start + before;
        for secret in &finds.secrets {
            safe.extend_from_slice(&text[at..start + secret.start]);
            safe.extend_from_slice(REDACTED);
            at = start + secret.end;
        }
        safe.extend_from_slice(&text[at..settled]);
    }
    safe
}

/// What a text says to whom reads it with one kind of escapes undone.
fn unescaped(text: &str) -> String {
    let mut read = String::new();
    let mut rest = text;
    'next: while let Some(c) = rest.chars().next() {
        for (prefix, suffix, radix, digits) in [
            ("%25", "", 16, 2),
            ("%", "", 16, 2),
            ("=", "", 16, 2),
            ("\\u", "", 16, 4),
            ("\\\\u", "", 16, 4),
            ("&#x", ";", 16, 2),
            ("&#", ";", 10, 2),
        ] {
            let code = rest
                .strip_prefix(prefix)
                .and_then(|code| code.get(..digits));
            let code = code.and_then(|code| u32::from_str_radix(code, radix).ok());
            if let Some(c) = code.and_then(char::from_u32) {
                read.push(c);
                rest = &rest[prefix.len() + digits..];
                rest = rest.strip_prefix(suffix).unwrap_or(rest);
                continue 'next;
            }
        }
        for (escape, what) in [
            ("\\r", ""),
            ("\\n", "\n"),
            ("\\t", "\t"),
            ("\\_", "_"),
            ("=\r\n", "\n"),
        ] {
            if let Some(behind) = rest.strip_prefix(escape) {
                read.push_str(what);
                rest = behind;
                continue 'next;
            }
        }
        read.push(c);
        rest = &rest[c.len_utf8()..];
    }
    read
}

/// Every way in which a text is read that could hide a token.
fn readings(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text).into_owned();
    let unescaped = unescaped(&text);
    let joined = |text: &str| text.replace(['\r', '\n', '\t', ' ', '>', '\\'], "");
    let offset = |line: &str| {
        let (offset, row) = line.split_once(": ")?;
        let is_offset = offset.len() == 4 && offset.bytes().all(|b| b.is_ascii_hexdigit());
        is_offset.then(|| row.to_owned())
    };
    let rows: Vec<String> = text.lines().filter_map(offset).collect();
    let hex = |row: &String| -> Vec<u8> {
        let pairs = row.split(' ').take(16);
        pairs
            .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
            .collect()
    };
    let bytes: Vec<u8> = rows.iter().flat_map(hex).collect();
    let mut readings = vec![
        joined(&text),
        joined(&unescaped),
        rows.concat(),
        String::from_utf8_lossy(&bytes).into_owned(),
        text,
        unescaped,
    ];
    for reading in readings.clone() {
        let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
        for word in reading
            .split(|c| !is_digit(c))
            .filter(|word| word.len() > 8)
        {
            let word = word.replace('-', "+").replace('_', "/");
            for start in 0..4 {
                let digits = &word[start..];
                let decoded = STANDARD_NO_PAD
                    .decode(&digits[..digits.len() / 4 * 4])
                    .unwrap();
                readings.push(String::from_utf8_lossy(&decoded).into_owned());
            }
        }
    }
    readings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_token_is_good_any_more(
        parts in prop::collection::vec((token(), dress(), "[ -~\n]{0,60}"), 1..4),
        size in 1..3000_usize,
    ) {
        let mut text = String::new();
        for (token, dress, between) in &parts {
            text.push_str(between);
            text.push('\n');
            text.push_str(&token.dressed(dress));
            text.push_str("\n\n");
        }
        let safe = redacted(text.as_bytes(), size);
        prop_assert_eq!(&safe, &redacted(text.as_bytes(), usize::MAX / 2));
        let readings = readings(&safe);
        for (token, ..) in &parts {
            let standard = token.signature.replace('-', "+").replace('_', "/");
            for signature in [&token.signature, &standard] {
                // Not even a part of it.
                for part in [&signature[..16], &signature[signature.len() - 16..]] {
                    let left = readings.iter().find(|reading| reading.contains(part));
                    prop_assert!(left.is_none(), "{part}\n{text}\n{}", String::from_utf8_lossy(&safe));
                }
            }
        }
    }

    #[test]
    fn what_holds_no_token_stays_as_it_is(text in "[ -~\n]{0,400}", words in "[A-Za-z0-9+/=.\n-]{0,400}") {
        for text in [text, words] {
            prop_assert_eq!(redacted(text.as_bytes(), 50), text.as_bytes());
        }
    }
}

/// The digits that tell a header within base64 may be the first of the next line, and of the next piece.
#[test]
fn a_header_that_begins_at_the_end_of_a_line_is_found_wherever_the_pieces_end() {
    let token = Token {
        header: " { \"alg\":\"HS256\",\"kid\":\"  \"}".into(),
        payload: "{\"sub\":\"\"}".into(),
        signature: "AH_-ff18-3v6efh493b2dfRz83LxcfBv7m7tbOxr6mo".into(),
        is_padded: true,
        is_standard: false,
    };
    for width in 60..70 {
        for between in ["\r\n", "\n", "\n> ", "\\n"] {
            let dress = Dress::EncodedAndFolded(width, between, "0 A".into());
            let text = format!("x\n{}\n\n", token.dressed(&dress));
            let whole = redacted(text.as_bytes(), text.len());
            assert!(whole.windows(8).any(|window| window == REDACTED), "{text}");
            for size in 1..text.len() {
                assert_eq!(redacted(text.as_bytes(), size), whole, "{size} {text:?}");
            }
        }
    }
}
