//! Tokens in every spelling, and what only looks like one.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::format_collect,
    reason = "texts of a test are put together from parts, and are short"
)]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use proptest::prelude::*;

use super::*;
use crate::token::compact::encode_segment;
use crate::token::find::anchors::Places;
use crate::token::find::spelling::is_digit;

// {"alg":"HS256"} and {"alg":"dir","enc":"A128GCM"}
const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";
const SEALED: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0";
const SIGNATURE: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn token() -> String {
    format!("{HEADER}.eyJzdWIiOiJhbGljZSJ9.{SIGNATURE}")
}

/// Each token of a text, and what is to be replaced.
fn found(text: &str) -> Vec<(String, Layer)> {
    let finds = tokens(text.as_bytes());
    let tokens = finds.tokens.into_iter().map(|found| {
        let token = match found.text {
            Text::Plain => text[found.place].to_owned(),
            Text::Within(token) => token,
            Text::Without => String::new(),
        };
        (token, found.layer)
    });
    tokens.collect()
}

fn plain(text: &str) -> Vec<String> {
    let found = found(text).into_iter();
    let found = found.inspect(|(_, layer)| assert_eq!(*layer, Layer::Plain, "{text}"));
    found.map(|(token, _)| token).collect()
}

fn redacted(text: &str) -> String {
    let mut safe = String::new();
    let mut at = 0;
    for secret in tokens(text.as_bytes()).secrets {
        safe.push_str(&text[at..secret.start]);
        safe.push('#');
        at = secret.end;
    }
    safe + &text[at..]
}

/// A text with the token in some spelling, in which it is found, and what becomes of it.
fn assert_found(text: &str, layer: Layer, safe: &str) {
    assert_eq!(found(text), [(token(), layer)], "{text}");
    assert_eq!(redacted(text), safe, "{text}");
}

#[test]
fn tokens_are_found_between_other_things() {
    let text =
        format!("a.b {{\"access_token\":\"{HEADER}.e30.c2ln\"}}\n#id_token={HEADER}.e30.x&y=z.");
    assert_eq!(
        plain(&text),
        [format!("{HEADER}.e30.c2ln"), format!("{HEADER}.e30.x")]
    );
    let safe = text.replace("c2ln", "#").replace(".x&", ".#&");
    assert_eq!(redacted(&text), safe);
}

#[test]
fn a_word_glued_to_a_token_is_left_out() {
    let token = format!("{HEADER}.e30.c2ln");
    for text in [
        format!("host.example_{token}."),
        format!("ghs_123456_{token} "),
    ] {
        assert_eq!(plain(&text), [token.as_str()]);
    }
}

#[test]
fn tokens_that_touch_are_told_apart() {
    let token = format!("{HEADER}.e30.c2ln");
    let text = format!("{token}{token}{token}");
    assert_eq!(plain(&text), [token.as_str(), &token, &token]);
    assert_eq!(redacted(&text), format!("{HEADER}.e30.#").repeat(3));
}

#[test]
fn a_long_run_of_headers_takes_no_long_time() {
    let text = format!("{HEADER}.").repeat(200_000);
    assert_eq!(tokens(text.as_bytes()).tokens.len(), 100_000);
}

#[test]
fn a_long_run_of_hidden_headers_takes_no_long_time() {
    let hidden = STANDARD.encode("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9 ".repeat(3));
    for text in [
        "ZXlKhbGc".repeat(200_000),
        format!("{}\n", "V5SZXl".repeat(10)).repeat(20_000),
        hidden.repeat(8_000),
        wrap(&hidden.repeat(8_000), 76, "\n"),
        format!("{hidden}\n").repeat(8_000),
    ] {
        // Where it is cut off to be decoded, it may hold a token.
        assert!(tokens(text.as_bytes()).tokens.len() < 10);
    }
}

#[test]
fn an_encrypted_token_has_five_segments() {
    let text = format!("{SEALED}..aXY.Y3Q.dGFn.rest");
    assert_eq!(plain(&text), [format!("{SEALED}..aXY.Y3Q.dGFn")]);
    assert_eq!(redacted(&text), format!("{SEALED}..aXY.Y3Q.#.rest"));
}

#[test]
fn an_sd_jwt_is_found_with_its_disclosures() {
    let text = format!("<{HEADER}.e30.c2ln~WyJh~{HEADER}.e30.a2I>");
    assert_eq!(plain(&text), [&text[1..text.len() - 1]]);
    assert_eq!(
        redacted(&text),
        format!("<{HEADER}.e30.#~WyJh~{HEADER}.e30.#>")
    );
    for text in ["~WyJh~", "~WyJh", "~", "~WyJh~a.b.c"].map(|s| format!("{HEADER}.e30.c2ln{s}")) {
        let token = text.trim_end_matches("a.b.c");
        assert_eq!(plain(&text), [token]);
        assert_eq!(redacted(&text), text.replace("c2ln", "#"));
    }
    let text = format!("{HEADER}.e30.c2ln~WyJh~\nnext");
    assert_eq!(plain(&text), [text.trim_end_matches("\nnext")]);
}

#[test]
fn what_only_looks_like_a_token_is_not_found() {
    let text = "eyJ.eyJ.eyJ www.example.com 1.2.3 eyJhbGciOiJIUzI1NiJ9.e30";
    assert!(found(text).is_empty());
    let likes = tokens(text.as_bytes()).likes;
    assert_eq!(likes, [text.len() - HEADER.len() - 4]);
    assert!(
        tokens(b"eyJhIjoxfQ {\"x\":\"eyJhIjoxfQ\"}")
            .likes
            .is_empty()
    );
}

#[test]
fn a_token_that_is_broken_in_an_unusual_way_is_told() {
    let token = token();
    let payload_end = token.len() - SIGNATURE.len() - 1;
    let breaks = [
        "\nINFO ",
        "\n2026-11-27T12:00:00Z ",
        "\n\n",
        "\r",
        "\\n\\t",
        "<br>",
        "\" +\n \"",
        "\u{200B}",
        "\0",
        "\u{1B}[31m",
        " ",
        "\n+",
        "\n//",
        "\n-- ",
        "\n# ",
    ];
    for between in breaks {
        for at in [12, 16, 20, 24, 30, 35] {
            let text = format!("{}{between}{}\n", &token[..at], &token[at..]);
            let finds = tokens(text.as_bytes());
            let is_redacted = !redacted(&text).contains(&SIGNATURE[20..]);
            assert!(is_redacted || !finds.likes.is_empty(), "{text:?}");
        }
        for at in [0, 1, 3, 10, 20] {
            let (signed, signature) = token.split_at(payload_end + 1);
            let text = format!(
                "{signed}{}{between}{}\n",
                &signature[..at],
                &signature[at..]
            );
            let finds = tokens(text.as_bytes());
            let is_redacted = !redacted(&text).contains(&SIGNATURE[24..]);
            assert!(is_redacted || !finds.broken.is_empty(), "{text:?}");
        }
    }
    for rest in [
        "",
        "REDACTED",
        "***",
        "[REDACTED]",
        "<removed>",
        "\u{2026}",
        "abc...",
        "c2ln\nINFO all is well",
    ] {
        let text = format!("{HEADER}.eyJzdWIiOiJhbGljZSJ9.{rest}\n{token}\n");
        assert!(tokens(text.as_bytes()).broken.is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_header_may_stand_before_a_token() {
    let text = format!("eyJhIjoxfQ.{}", token());
    assert_eq!(plain(&text), [token()]);
}

#[test]
fn claims_that_hide_a_token_are_seen_where_they_are_broken() {
    let claims = URL_SAFE_NO_PAD.encode(format!("{{\"a\":\"{}\"}}", token()));
    for at in 0..claims.len().min(40) {
        let claims = format!("{}\n{}", &claims[..at], &claims[at..]);
        let text = format!("{:20000}{HEADER}.{claims}.{SIGNATURE}\n", "");
        let left: String = redacted(&text).split_whitespace().collect();
        assert!(!left.contains(&claims[60..100]), "{at} {left}");
    }
}

#[test]
fn padding_belongs_to_a_token() {
    // {"alg":"HS256","a":1} and {"a":1}
    for (text, token, rest) in [
        ("eyJhbGciOiJIUzI1NiIsImEiOjF9.eyJhIjoxfQ==.c2ln", 48, ""),
        (
            "eyJhbGciOiJIUzI1NiIsImEiOjF9.eyJhIjoxfQ==.c2lnbg==&x",
            52,
            "&x",
        ),
        (
            "eyJhbGciOiJIUzI1NiIsImEiOjF9.eyJhIjoxfQ==.c2lnbmE= x",
            52,
            " x",
        ),
        ("eyJhbGciOiJIUzI1NiIsImEiOjF9.eyJhIjoxfQ.c2lnbg==", 48, "=="),
        ("eyJhbGciOiJIUzI1NiIsImEiOjF9.eyJhIjoxfQ==.c2ln=x", 46, "=x"),
    ] {
        let end = text.len() - rest.len();
        assert_eq!(plain(text), [&text[..end]], "{token}");
        assert!(redacted(text).ends_with(&format!(".#{rest}")), "{text}");
    }
}

#[test]
fn a_signature_in_the_standard_alphabet_goes_whole() {
    let plain_part = format!("{HEADER}.eyJzdWIiOiJhbGljZSJ9");
    let signature = "dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk";
    let text = format!("{plain_part}.{signature} end");
    assert_eq!(plain(&text), [format!("{plain_part}.{signature}")]);
    assert_eq!(redacted(&text), format!("{plain_part}.# end"));
    // A path goes on behind a signature that is whole, or in the other alphabet.
    for signature in [
        SIGNATURE,
        "dBjftJeZ4CVPAmB92K27uhbUJU1p1rBwW1gFWFOEjXk",
        "c2-n",
    ] {
        let text = format!("/{plain_part}.{signature}/next");
        assert_eq!(plain(&text), [format!("{plain_part}.{signature}")]);
    }
}

#[test]
fn a_header_may_begin_with_white_space() {
    for space in [
        " ",
        "\n",
        "\r\n",
        "\t",
        "  ",
        " \n",
        "\r\n\t",
        "    ",
        "\n\n\n\n\n\n\n",
    ] {
        let header = URL_SAFE_NO_PAD.encode(format!("{space}{{\"alg\":\"HS256\"}}"));
        let token = format!("{header}.e30.c2ln");
        let text = format!("Bearer {token}, x_{token}");
        assert_eq!(plain(&text), [token.as_str(), &token], "{space:?}");
        let header = URL_SAFE_NO_PAD.encode(format!("{{{space}\"alg\": \"HS256\"}}"));
        let token = format!("{header}.e30.c2ln");
        assert_eq!(plain(&token), [token.as_str()], "{space:?}");
    }
}

#[test]
fn dots_and_padding_are_read_in_every_spelling() {
    for dot in [
        "%2E",
        "%2e",
        "%252E",
        "\\u002e",
        "\\\\u002E",
        "&#46;",
        "&#x2e;",
        "&period;",
        "=2E",
    ] {
        let text = format!("x {} y", token().replace('.', dot));
        let safe = text.replace(SIGNATURE, "#");
        assert_found(&text, Layer::Escaped, &safe);
    }
    let text = format!("\"{HEADER}.eyJhIjoxfQ\\u003d\\u003d.c2lnbg\\u003d\\u003d\"");
    assert_eq!(
        found(&text),
        [(format!("{HEADER}.eyJhIjoxfQ==.c2lnbg=="), Layer::Escaped)]
    );
    assert_eq!(
        redacted(&text),
        format!("\"{HEADER}.eyJhIjoxfQ\\u003d\\u003d.#\"")
    );
    let text = token()
        .bytes()
        .map(|b| format!("%{b:02X}"))
        .collect::<String>();
    assert_eq!(found(&text), [(token(), Layer::Escaped)]);
    let kept = text.len() - SIGNATURE.len() * 3;
    assert_eq!(redacted(&text), format!("{}#", &text[..kept]));
}

/// Lines of so many characters, with something between them.
fn wrap(text: &str, width: usize, between: &str) -> String {
    let lines = text.as_bytes().chunks(width);
    let lines: Vec<&str> = lines
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    lines.join(between)
}

#[test]
fn a_token_is_read_over_the_ends_of_lines_wherever_they_are() {
    for between in [
        "\n", "\r\n", "\n    ", "\n> ", "=\r\n", "\\\n", "\\n", "\\r\\n", "%0D%0A",
    ] {
        for width in 4..token().len() {
            let before = "Authorization: Bearer ";
            let wrapped = wrap(&token(), width, between);
            let text = format!("{before}{wrapped}\n{before}\n");
            assert_eq!(found(&text), [(token(), Layer::Folded)], "{width} {text}");
            let safe = redacted(&text);
            for part in SIGNATURE
                .as_bytes()
                .chunks(width)
                .filter(|part| part.len() > 3)
            {
                let part = std::str::from_utf8(part).unwrap();
                assert!(!safe.contains(part), "{width} {text} {safe}");
            }
        }
    }
}

#[test]
fn what_stands_in_the_next_line_is_no_part_of_a_token() {
    for next in [
        "word",
        "2026-11-27T12:00:00Z",
        "  x=1",
        "> quoted",
        "eyJ",
        "a.b.c",
    ] {
        let text = format!("{}\n{next}\n", token());
        assert_found(
            &text,
            Layer::Plain,
            &format!("{HEADER}.eyJzdWIiOiJhbGljZSJ9.#\n{next}\n"),
        );
        let unsigned = format!("eyJhbGciOiJub25lIn0.e30.\n{next}\n");
        assert_eq!(plain(&unsigned), ["eyJhbGciOiJub25lIn0.e30."]);
        assert_eq!(redacted(&unsigned), unsigned);
        let odd = format!("{HEADER}.e30.c2ln\n{next}\n");
        assert_eq!(plain(&odd), [format!("{HEADER}.e30.c2ln")]);
    }
}

#[test]
fn base64_that_holds_a_token_is_replaced_as_a_whole() {
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        for before in [
            "",
            " ",
            "  ",
            "{\"access_token\": \"",
            "{\"access_token\":\"",
            "a=b&t=",
        ] {
            for after in ["", "\"}", "&c=d"] {
                let hidden = engine.encode(format!("{before}{}{after}", token()));
                let text = format!("  token: {hidden}\n  type: Opaque\n");
                assert_found(&text, Layer::Base64, "  token: #\n  type: Opaque\n");
                let text = format!("\"text\":\"{}\"", hidden.replace('/', "\\/"));
                assert_found(&text, Layer::Base64, "\"text\":\"#\"");
            }
        }
    }
}

#[test]
fn base64_behind_a_word_is_replaced_from_its_beginning() {
    let hidden = URL_SAFE_NO_PAD.encode(format!("{{\"access_token\":\"{}\"}}", token()));
    for before in ["base64-", "/v1/", "k_", "x", "abcd"] {
        let text = format!("cookie={before}{hidden}; path=/");
        assert_found(&text, Layer::Base64, &format!("cookie={before}#; path=/"));
    }
    let hidden = STANDARD.encode([&[0, 1, 2, 255][..], token().as_bytes()].concat());
    assert_eq!(found(&hidden), [(token(), Layer::Base64)]);
}

#[test]
fn base64_is_read_over_the_ends_of_lines_wherever_they_are() {
    let inside = format!(
        "Authorization: Bearer {}\r\n\r\nThis is what follows.\r\n",
        token()
    );
    let hidden = STANDARD.encode(&inside);
    for between in ["\n", "\r\n", "\n    ", "\\n", "=\r\n"] {
        for width in 4..hidden.len() {
            let text = format!("x: {}\n\nword\n", wrap(&hidden, width, between));
            assert_eq!(found(&text), [(token(), Layer::Base64)], "{width} {text}");
            let rest: String = redacted(&text).split(between).collect();
            assert!(rest.trim_end().ends_with("word"), "{rest}");
            let rest = rest.replace(['x', ':', ' ', '\n'], "").replace("word", "");
            let digits: Vec<u8> = rest.bytes().filter(|b| is_digit(*b)).collect();
            let left = STANDARD_NO_PAD
                .decode(&digits[..digits.len() / 4 * 4])
                .unwrap_or_default();
            let left = String::from_utf8_lossy(&left);
            assert!(!left.contains(&SIGNATURE[20..]), "{width} {text} {left}");
        }
    }
}

#[test]
fn base64_that_breaks_off_within_a_token_is_replaced() {
    let hidden = URL_SAFE_NO_PAD.encode(format!("{{\"access_token\":\"{}", token()));
    for end in [60, 80, 100, 120] {
        let text = format!("auth.0=base64-{}; auth.1=rest", &hidden[..end]);
        assert_eq!(redacted(&text), "auth.0=base64-#; auth.1=rest", "{end}");
    }
}

#[test]
fn base64_without_a_live_token_stays() {
    for inside in [
        "{\"access_token\":\"opaque\",\"x\":\"eyJhIjoxfQ\"}".to_owned(),
        format!("{HEADER}.e30.REDACTED"),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
    ] {
        let text = format!("x: {}", STANDARD.encode(&inside));
        assert_eq!(redacted(&text), text, "{inside}");
    }
}

#[test]
fn a_token_within_the_claims_of_another_goes_with_them() {
    let claims = URL_SAFE_NO_PAD.encode(format!("{{\"subject_token\":\"{}\"}}", token()));
    let text = format!("{HEADER}.{claims}.c2ln");
    assert_eq!(plain(&text), [text.as_str()]);
    assert_eq!(redacted(&text), format!("{HEADER}.#.#"));
    let nested = URL_SAFE_NO_PAD.encode(token());
    assert_eq!(
        redacted(&format!("{HEADER}.{nested}.c2ln")),
        format!("{HEADER}.#.#")
    );
}

#[test]
fn traces_of_curl_are_read_over_their_rows() {
    let header = format!("Authorization: Bearer {}", token());
    let mut ascii = "0000: GET / HTTP/1.1\n".to_owned();
    let mut offset = 16;
    for line in header.as_bytes().chunks(64) {
        ascii.push_str(&format!(
            "{offset:04x}: {}\n",
            std::str::from_utf8(line).unwrap()
        ));
        offset += line.len();
    }
    ascii.push_str(&format!("{:04x}: Accept: */*\n== Info\n", offset + 2));
    assert_eq!(found(&ascii), [(token(), Layer::Dump)]);
    let safe = redacted(&ascii);
    let end = "eyJzdWIiOiJhbGljZSJ9.\n0050: #\n007d: Accept: */*\n== Info\n";
    assert!(safe.ends_with(end), "{safe}");
}

#[test]
fn rows_that_a_dump_leaves_out_are_read_as_the_one_before() {
    let claims = format!("eyJz{}", "QUFB".repeat(20));
    let token = format!("{HEADER}.{claims}.{SIGNATURE}");
    let text = format!("{:16}{token}\n", "Bearer");
    let mut dump = String::new();
    let rows = text.as_bytes().chunks(16).collect::<Vec<_>>();
    for (nth, row) in rows.iter().enumerate() {
        let before = nth.checked_sub(1).map(|nth| rows[nth]);
        match before == Some(row) {
            true if dump.ends_with("*\n") => {}
            true => dump.push_str("*\n"),
            false => {
                let hex = row.iter().map(|byte| format!("{byte:02x} "));
                let hex = hex.collect::<String>();
                dump.push_str(&format!("{:08x}  {hex}\n", nth * 16));
            }
        }
    }
    assert!(dump.contains("*\n"), "{dump}");
    assert_eq!(found(&dump), [(token, Layer::Dump)], "{dump}");
    let safe = redacted(&dump);
    assert_eq!(
        safe.lines().filter(|line| line.ends_with('#')).count(),
        4,
        "{safe}"
    );
}

#[test]
fn hexadecimal_dumps_lose_the_rows_of_a_signature() {
    let text = format!(
        "GET / HTTP/1.1\r\nAuthorization: Bearer {}\r\nAccept: */*\r\n",
        token()
    );
    let start = text.find(SIGNATURE).unwrap();
    let rows = (start + SIGNATURE.len() - 1) / 16 - start / 16 + 1;
    let styles: [(usize, RowStyle); 5] = [
        (1, |offset, hex, text| {
            format!("{offset:04x}: {hex:48}{text}")
        }),
        (2, |offset, hex, text| {
            format!("{offset:08x}: {hex:40} {text}")
        }),
        (1, |offset, hex, text| {
            format!("{offset:08x}  {hex:48} |{text}|")
        }),
        (1, |offset, hex, text| {
            format!("{offset:06x} {hex:48} >{text}<")
        }),
        (2, |offset, hex, text| {
            format!("\t0x{offset:04x}:  {hex:40} {text}")
        }),
    ];
    for (group, row) in styles {
        let mut dump = "=> Send header\n".to_owned();
        for (nth, bytes) in text.as_bytes().chunks(16).enumerate() {
            let hex = |byte: &u8| format!("{byte:02x}");
            let groups = bytes
                .chunks(group)
                .map(|g| g.iter().map(hex).collect::<String>());
            let hex = groups.map(|group| format!("{group} ")).collect::<String>();
            let shown = bytes.iter().map(|b| {
                if b.is_ascii_graphic() {
                    char::from(*b)
                } else {
                    '.'
                }
            });
            dump.push_str(&row(nth * 16, &hex, &shown.collect::<String>()));
            dump.push('\n');
        }
        dump.push_str("<= Recv\n");
        assert_eq!(found(&dump), [(token(), Layer::Dump)], "{dump}");
        let safe = redacted(&dump);
        assert_eq!(safe.lines().count(), dump.lines().count());
        assert_eq!(
            safe.lines().filter(|line| line.ends_with('#')).count(),
            rows,
            "{safe}"
        );
        assert_eq!(safe.lines().last(), Some("<= Recv"));
    }
}

#[test]
fn the_json_serialization_loses_its_signature() {
    let json = format!(
        "[{{\"payload\":\"e30\",\"protected\":\"{HEADER}\",\"signature\":\"{SIGNATURE}\"}}]"
    );
    assert_eq!(redacted(&json), json.replace(SIGNATURE, "#"));
    assert_eq!(
        found(&json),
        [(json[1..json.len() - 1].to_owned(), Layer::Json)]
    );
    assert!(tokens(json.as_bytes()).likes.is_empty());
    let hidden = format!("{{\"text\":\"{}\"}}", STANDARD.encode(&json));
    assert_eq!(redacted(&hidden), "{\"text\":\"#\"}");
}

/// A row of a dump: its offset, the bytes in digits, and as text.
#[test]
fn what_only_looks_like_a_token_is_told_where_the_end_of_the_text_comes_late() {
    for separator in ["^", "#012", "<wbr>", "&shy;", "`", "|"] {
        let text = wrap(&token(), 30, separator);
        let finds = in_pieces(text.as_bytes(), &[text.len() - 9, text.len() - 3], SHORT);
        assert_eq!(finds.likes, [0], "{separator}");
    }
}

type RowStyle = fn(usize, &str, &str) -> String;

/// What is found when a text comes in pieces that end at some places, as if it had come whole.
fn in_pieces(text: &[u8], borders: &[usize], short: usize) -> Finds {
    let mut all = Finds::default();
    let (mut search, mut finds) = (Search::default(), Finds::default());
    search.short = short;
    let (mut start, mut settled) = (0, 0);
    for end in borders.iter().copied().chain([text.len()]) {
        let last = end == text.len();
        start = settled.max(CONTEXT) - CONTEXT;
        let floor = settled - start;
        settled = start + search.search(&text[start..end], floor, last, &mut finds);
        let place = |place: &Range<usize>| start + place.start..start + place.end;
        all.tokens.extend(finds.tokens.drain(..).map(|found| Found {
            place: place(&found.place),
            ..found
        }));
        all.secrets.extend(finds.secrets.iter().map(place));
        all.likes
            .extend(finds.likes.iter().map(|like| start + like));
        all.broken
            .extend(finds.broken.iter().map(|place| start + place));
        assert!(
            all.secrets.last().is_none_or(|last| last.end <= settled),
            "{all:?}"
        );
        if last {
            break;
        }
    }
    assert!(start <= settled && settled == text.len());
    all
}

/// A text with tokens in every spelling there is.
fn many_dresses() -> String {
    let token = token();
    let json = format!("{{\"protected\":\"{HEADER}\",\"signature\":\"{SIGNATURE}\"}}");
    let hex = token
        .bytes()
        .map(|b| format!("{b:02x} "))
        .collect::<String>();
    [
        format!("0000: {}\n0040: {}", &token[..64], &token[64..]),
        format!("Bearer {token}, {}", token.replace('.', "%2E")),
        wrap(&token, 30, "\n> "),
        wrap(&token, 41, "=\r\n"),
        format!(
            "{{\"token\":\"{}\"}}",
            wrap(&STANDARD.encode(&token), 44, "\\n")
        ),
        format!(
            "a=base64-{}",
            URL_SAFE_NO_PAD.encode(format!("{{\"a\":\"{token}\"}}"))
        ),
        format!("{json} {token}{token} {token}~WyJh~ {HEADER}.eyJh e"),
        wrap(&hex, 48, "\n")
            .lines()
            .enumerate()
            .map(|(n, row)| format!("{:04x}: {row}\n", n * 16))
            .collect(),
        format!("{SEALED}..aXY.Y3Q.dGFn {}", STANDARD.encode(json)),
        // With nothing but the claims to see it by.
        wrap(
            &STANDARD.encode(format!(
                " {{}} {}",
                token.replacen(HEADER, "IHsiYWxnIjoiSFMyNTYifQ", 1)
            )),
            22,
            "=\r\n",
        ),
        wrap(&STANDARD.encode(format!("A {token}")), 22, "=\r\n"),
        "eyJ ew ZXlKe yJ\ney\nJ \\u0065yJ".to_owned(),
    ]
    .join("\n")
}

#[test]
fn what_is_found_does_not_depend_on_where_the_pieces_end() {
    let text = many_dresses();
    let whole = tokens(text.as_bytes());
    assert!(whole.tokens.len() > 12, "{whole:?}");
    for border in 0..text.len() {
        assert_eq!(
            in_pieces(text.as_bytes(), &[border], BY_ANCHORS),
            whole,
            "{border}"
        );
    }
    for step in [1, 2, 3, 7, 64] {
        let borders: Vec<usize> = (0..text.len()).step_by(step).collect();
        assert_eq!(
            in_pieces(text.as_bytes(), &borders, BY_ANCHORS),
            whole,
            "{step}"
        );
    }
}

/// How a text is searched: byte by byte, or where the anchors stand.
const EVERY_BYTE: usize = usize::MAX;
const BY_ANCHORS: usize = 0;

/// Whether each place of a text where something begins is found by the anchors too.
fn assert_places(text: &[u8]) {
    let mut places = Places::new(BY_ANCHORS);
    let mut next = 0;
    for place in 0..text.len() {
        if next < place {
            next = places.next(text, place);
        }
        let is_event = |last| {
            event::at(text, place, 0, last, Depth::Text)
                .iter()
                .next()
                .is_some()
        };
        if next != place && (is_event(false) || is_event(true)) {
            let near = text.get(place.saturating_sub(20)..text.len().min(place + 20));
            let near = String::from_utf8_lossy(near.unwrap_or_default());
            panic!("at {place} of the text, in {near:?}");
        }
    }
}

/// All words of so many of some parts.
fn words(parts: &[&str], len: usize) -> Vec<String> {
    (0..len).fold(vec![String::new()], |words, _| {
        let longer = |word: &String| parts.iter().map(|part| word.clone() + part).collect();
        words
            .iter()
            .flat_map(|word| -> Vec<String> { longer(word) })
            .collect()
    })
}

/// The digits that beginnings are made of, in base64 too, and a few others.
const DIGITS: &str = "eywIJLAo0kHsCnXDBipSlgQ7ZdcV5T3baMU2z1-";

#[test]
fn no_beginning_is_passed_over_by_the_anchors() {
    let digits: Vec<&str> = DIGITS.split("").filter(|digit| !digit.is_empty()).collect();
    let words = words(&digits, 3);
    for between in [" ", "-", "\n", ".\n\n"] {
        assert_places(words.join(between).as_bytes());
    }
    for between in ["\n", "\\n", "=\r\n> "] {
        for at in [1, 2] {
            let broken = words
                .iter()
                .map(|word| [&word[..at], between, &word[at..], " "].concat());
            assert_places(broken.collect::<String>().as_bytes());
        }
    }
    for code in 0..128_u8 {
        let slashes = "\\\\\\";
        let spelled = [
            format!("%{code:02x}"),
            format!("%{code:02X}"),
            format!("%25{code:02x}"),
            format!("%2525{code:02X}"),
            format!("%u{code:04x}"),
            format!("%25u{code:04X}"),
            format!("\\u{code:04x}"),
            format!("\\\\u{code:04X}"),
            format!("{slashes}u{code:04x}"),
            format!("{slashes}{slashes}{slashes}u{code:04x}"),
            format!("\\u{{{code:x}}}"),
            format!("\\\\u{{{code:06X}}}"),
            format!("\\x{code:02x}"),
            format!("{slashes}x{code:02X}"),
            format!("\\x{{{code:02x}}}"),
            format!("\\{code:03o}"),
            format!("\\\\{code:03o}"),
            format!("&#{code};"),
            format!("&#{code:03}"),
            format!("&#{code:05};"),
            format!("&#x{code:x};"),
            format!("&#X{code:02X}"),
            format!("&#x{code:04x};"),
            format!("&amp;#{code};"),
            format!("&amp;amp;#x{code:x};"),
        ];
        // With the rest of a beginning behind it, whichever digit it may be.
        let rests = ["yJh ", "wog ", "HsI ", "XsI ", "nsI ", "CB7 ", "Al7 "];
        let texts = spelled
            .iter()
            .flat_map(|spelled| rests.map(|rest| [spelled, rest].concat()));
        assert_places(texts.collect::<String>().as_bytes());
        let text = format!("\"signature{0}\"ciphertext{0}", char::from(code));
        assert_places(text.repeat(4).as_bytes());
    }
}

#[test]
fn no_short_text_is_searched_otherwise_by_the_anchors() {
    let parts = [
        "e", "y", "J", "I", "H", "s", "ZX", "l", "V5", "T", "%65", "\\u0065", "=", "\\", "\n",
        "\r\n", " ", "> ", ".", "0010: ", "\"",
    ];
    for word in words(&parts, 3) {
        assert_places(word.as_bytes());
        assert_places(format!("{:40}{word}{:40}", "", "").as_bytes());
    }
    // With what makes a token of some of them behind it.
    let rest = &token()[3..];
    for word in words(&parts, 3) {
        let text = format!("{word}{rest}\n{word}yJ{rest} ").repeat(2);
        let plain = in_pieces(text.as_bytes(), &[], EVERY_BYTE);
        assert_eq!(in_pieces(text.as_bytes(), &[], BY_ANCHORS), plain, "{text}");
    }
}

#[test]
fn no_short_text_is_searched_otherwise_wherever_it_is_cut() {
    let parts = [
        "e", "yJ", "I", "ZX", "lK", "V5", "%65", "=", "\\n", "\n", "\r\n", "> ", ".", "0010: ",
        "\"",
    ];
    let token = token();
    let rest = &token[3..];
    let hidden = STANDARD.encode(&token);
    for word in words(&parts, 2) {
        let text = format!("x{word}{rest} {word}{}\n", &hidden[2..]);
        let plain = in_pieces(text.as_bytes(), &[], EVERY_BYTE);
        for border in 0..text.len() {
            for short in [EVERY_BYTE, BY_ANCHORS] {
                let found = in_pieces(text.as_bytes(), &[border], short);
                assert_eq!(found, plain, "{border} of {text:?}");
            }
        }
    }
}

#[test]
fn random_base64_is_not_decoded_for_what_only_begins_as_a_header() {
    // Each of them stands for `eyJ` with bytes behind it that are no digits of a header.
    let front = STANDARD.encode("    ");
    for rest in [
        "\n\0\0\0\0\0",
        "%\0\0\0\0\0",
        "=\0\0\0\0\0",
        " \0\0\0\0\0",
        "\\\0\0\0\0\0",
        "ab\n\0\0\0",
    ] {
        let text = front.clone() + &STANDARD.encode(format!("eyJ{rest}")) + &"A".repeat(100);
        let at = text.find("ZXlK").unwrap();
        let beginning = encoded::Beginning { at, lead: 0 };
        let look = encoded::look(text.as_bytes(), beginning, 0, true);
        assert!(matches!(look, encoded::Look::Nothing), "{rest:?} {look:?}");
    }
}

#[test]
fn no_row_is_passed_over_by_the_anchors() {
    for line in [
        "0000: x",
        "00000010  65",
        "000010 65 79",
        "\t0x0010:  65",
        "  0010: 65",
        "0x0010: 65",
        "2026-11-27",
        "20261127 x",
        "abcd",
        "0010",
        "001",
        "\t",
        "0x",
    ] {
        for before in ["", "word", "\r", "."] {
            assert_places(format!("{:40}{before}\n{line}", "").as_bytes());
            assert_places(format!("{:40}{before}\n{line}\n{line}\n{:40}", "", "").as_bytes());
        }
    }
}

#[test]
fn a_line_of_equals_signs_behind_a_token_is_no_padding_of_it() {
    // Its header and its claims need no padding, as if they had theirs.
    let token = token();
    for line in ["=", "=S", "====="] {
        let text = format!("{token}\n{line}\n");
        assert_eq!(plain(&text), [token.as_str()], "{line}");
        assert_eq!(redacted(&text), text.replace(SIGNATURE, "#"), "{line}");
        let whole = tokens(text.as_bytes());
        for border in 1..text.len() {
            for short in [EVERY_BYTE, BY_ANCHORS] {
                let found = in_pieces(text.as_bytes(), &[border], short);
                assert_eq!(found, whole, "{line} {border}");
            }
        }
    }
}

proptest! {
    #[test]
    fn both_ways_of_searching_find_the_same(
        parts in prop::collection::vec(0..40_usize, 1..40),
        noise in "[eywIJHsZXlV5S.=%\\\\nu0056&#x4a;~_+/\n\r >\"{}:-]{0,200}",
        borders in prop::collection::btree_set(0..4000_usize, 0..5),
    ) {
        let dresses = many_dresses();
        let mut lines: Vec<&str> = dresses.split_inclusive([' ', '\n', '"']).collect();
        lines.push(&noise);
        let text: String = parts.iter().map(|n| lines[n % lines.len()]).collect::<String>() + &noise;
        let borders: Vec<usize> = borders.into_iter().filter(|end| *end < text.len()).collect();
        let plain = in_pieces(text.as_bytes(), &[], EVERY_BYTE);
        prop_assert_eq!(&in_pieces(text.as_bytes(), &[], BY_ANCHORS), &plain);
        prop_assert_eq!(&in_pieces(text.as_bytes(), &borders, BY_ANCHORS), &plain);
        prop_assert_eq!(&in_pieces(text.as_bytes(), &borders, EVERY_BYTE), &plain);
    }
}

#[test]
fn a_header_with_a_long_chain_of_certificates_is_one() {
    for length in [100_000, 700_000] {
        let header = format!(r#"{{"alg":"HS256","x5c":["{}"]}}"#, "A".repeat(length));
        let header = encode_segment(header.as_bytes());
        let token = format!("{header}.e30.{}", "S".repeat(43));
        assert_eq!(plain(&format!("x {token} y")), [token]);
    }
}

#[test]
fn a_token_in_lines_of_base64_is_found_however_it_comes() {
    let text = "A\nYWFBICBBICAgIEEwQSAgYWFBYUEgMDAgQUFBQTBBIDAgIElIc2dJbUZzW\r\n\
                nlJNklraFRNalUySWl3aWEybGtJam9pSW4wLmV5SnpkV0lpT2lJaWZRLk\r\n\
                FIXy1mZjE4LTN2NmVmaDQ5M2IyZGZSejgzTHhjZkJ2N203dGJPeHI2bW8\r\nNCg0K\n";
    let whole = tokens(text.as_bytes());
    assert_eq!(whole.tokens.len(), 1, "{whole:?}");
    for step in 1..text.len() {
        let borders: Vec<usize> = (0..text.len()).step_by(step).collect();
        for short in [EVERY_BYTE, BY_ANCHORS] {
            let found = in_pieces(text.as_bytes(), &borders, short);
            assert_eq!(found, whole, "{step}");
        }
    }
}
