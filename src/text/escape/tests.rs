use super::*;

fn everything() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

#[test]
fn ordinary_text_is_borrowed_and_plain() {
    for text in [
        "",
        "alice",
        "C:\\temp",
        "naïve café",
        "日本語",
        "Ελληνικά",
        "👍🏽",
        "e\u{301}",
        "🇩🇪",
        "~ !",
    ] {
        assert!(
            matches!(terminal(text), Cow::Borrowed(same) if same == text),
            "{text}"
        );
        assert!(
            matches!(json(text), Cow::Borrowed(same) if same == text),
            "{text}"
        );
        assert!(is_plain(text), "{text}");
    }
}

#[test]
fn a_long_text_is_cut_in_the_middle_and_made_safe() {
    assert_eq!(middle("0123456789", 10), "0123456789");
    assert_eq!(middle("0123456789a", 10), "01234…6789a");
    assert_eq!(middle("äöüßäöüßäö", 10), "äöüßäöüßäö");
    assert_eq!(middle("äöüßäöüßäöü", 4), "äö…öü");
    assert_eq!(middle("\u{1b}23456789\u{202e}", 4), "\\u001b2…9\\u202e");
    assert_eq!(middle("", 4), "");
}

#[test]
fn a_text_cannot_forge_a_line() {
    assert_eq!(terminal("a\nerror: b\r\tc"), "a\\nerror: b\\r\\tc");
    assert_eq!(
        terminal("a\u{2028}b\u{2029}c\u{85}d\u{B}"),
        "a\\u2028b\\u2029c\\u0085d\\u000b"
    );
}

#[test]
fn escape_sequences_lose_their_teeth() {
    assert_eq!(terminal("\u{1b}[31mred"), "\\u001b[31mred");
    assert_eq!(terminal("\u{9b}31m\u{7f}"), "\\u009b31m\\u007f");
}

#[test]
fn a_backslash_is_not_doubled() {
    assert_eq!(terminal("C:\\x\u{200b}"), "C:\\x\\u200b");
}

/// The characters that have a property, by Unicode's own data.
fn having(class: &str) -> Vec<char> {
    let hir = regex_syntax::parse(class).unwrap();
    let regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) = hir.kind()
    else {
        panic!("{class} is no class of characters");
    };
    class
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .collect()
}

/// Where Unicode gets another character that does not show, or turns the line, it is missing in the table.
#[test]
fn what_unicode_says_is_unseen_is_escaped() {
    let unseen =
        having(r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]");
    // Signs under which a number is written.
    let seen = having(r"\p{Prepended_Concatenation_Mark}");
    assert!(unseen.len() > 4000 && seen.len() > 10);
    let missing = unseen
        .into_iter()
        .filter(|c| !seen.contains(c) && is_plain(&format!("a{c}b")));
    let missing: Vec<u32> = missing.map(u32::from).collect();
    assert_eq!(missing, [0; 0], "{missing:X?}");
}

#[test]
fn every_listed_character_is_escaped() {
    let listed = [
        0x61C..=0x61C,
        0x200B..=0x200B,
        0x200E..=0x200F,
        0x202A..=0x202E,
        0x2060..=0x2064,
        0x2066..=0x2069,
        0xFEFF..=0xFEFF,
        0x180E..=0x180E,
        0xAD..=0xAD,
        0x34F..=0x34F,
        0x115F..=0x1160,
        0x3164..=0x3164,
        0xFFA0..=0xFFA0,
        0x2028..=0x2029,
        0xFFF9..=0xFFFB,
        0xE0000..=0xE007F,
        0xE0100..=0xE01EF,
        0xFFFE..=0xFFFF,
        0x1FFFE..=0x1FFFF,
        0x10_FFFE..=0x10_FFFF,
        0xFDD0..=0xFDEF,
        0..=0x1F,
        0x7F..=0x9F,
        0x200C..=0x200D,
    ];
    for c in listed.into_iter().flatten().filter_map(char::from_u32) {
        for text in [
            format!("{c}"),
            format!("a{c}b"),
            format!("é{c}é"),
            format!("한{c}글"),
        ] {
            assert!(!is_plain(&text), "{c:?}");
            assert!(!terminal(&text).contains(c), "{c:?}");
        }
    }
}

#[test]
fn above_the_first_plane_a_pair_is_written() {
    assert_eq!(terminal("\u{E0041}"), "\\udb40\\udc41");
    assert_eq!(json("\"\u{E0041}\""), "\"\\udb40\\udc41\"");
}

#[test]
fn tags_are_escaped_even_in_a_flag() {
    let flag = "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}";
    assert_eq!(
        terminal(flag),
        "\u{1F3F4}\\udb40\\udc67\\udb40\\udc62\\udb40\\udc7f"
    );
}

#[test]
fn joiners_stay_where_they_are_needed() {
    for text in [
        "👩\u{200d}👩\u{200d}👧",
        "👩🏽\u{200d}🚀",
        "❤\u{fe0f}\u{200d}🔥",
        "🏴\u{200d}☠\u{fe0f}",
        "🏳\u{fe0f}\u{200d}🌈",
        "👁\u{fe0f}\u{200d}🗨\u{fe0f}",
        "🙂\u{200d}↔\u{fe0f}",
        "🐦\u{200d}⬛",
        "می\u{200c}خواهم",
        "क्\u{200d}ष",
        "র\u{200d}্য",
        "ශ්\u{200d}රී",
        "ក\u{200c}៊ី",
    ] {
        assert!(is_plain(text), "{}", text.escape_unicode());
    }
}

#[test]
fn joiners_are_escaped_elsewhere() {
    for (text, shown) in [
        ("ad\u{200d}min", "ad\\u200dmin"),
        ("\u{200d}👩", "\\u200d👩"),
        ("👩\u{200d}", "👩\\u200d"),
        ("👩\u{200d}x", "👩\\u200dx"),
        ("x\u{200c}ی", "x\\u200cی"),
        ("日\u{200d}本", "日\\u200d本"),
        ("e\u{301}\u{200d}क", "e\u{301}\\u200dक"),
        ("ی\u{200c}\u{61c}ی", "ی\\u200c\\u061cی"),
    ] {
        assert_eq!(terminal(text), shown);
    }
}

#[test]
fn a_run_of_joiners_is_escaped() {
    assert_eq!(
        terminal("क\u{200d}\u{200c}\u{200d}ष"),
        "क\\u200d\\u200c\\u200dष"
    );
}

#[test]
fn a_selector_stays_on_what_it_selects() {
    for text in [
        "❤\u{fe0f}",
        "©\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "#\u{fe0f}\u{20e3}",
        "≨\u{fe00}",
        "ᠠ\u{180b}",
    ] {
        assert!(is_plain(text), "{}", text.escape_unicode());
    }
}

#[test]
fn a_selector_on_nothing_is_escaped() {
    assert_eq!(terminal("admin\u{fe0f}"), "admin\\ufe0f");
    assert_eq!(terminal("\u{fe00}a"), "\\ufe00a");
    assert_eq!(terminal("❤\u{fe0f}\u{fe01}"), "❤\u{fe0f}\\ufe01");
    assert_eq!(terminal("\u{200b}\u{fe0f}"), "\\u200b\\ufe0f");
}

#[test]
fn what_was_escaped_is_plain() {
    let palette = [
        'a',
        'f',
        '\\',
        '\n',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{fe0f}',
        '\u{301}',
        '\u{34f}',
        '❤',
        '🔥',
        '🏽',
        'क',
        'ی',
        '\u{20e3}',
        '\u{180b}',
        '\u{e0100}',
        '\u{61c}',
    ];
    let mut texts = vec![String::new()];
    for _ in 0..3 {
        texts = texts
            .iter()
            .flat_map(|text| palette.map(|c| format!("{text}{c}")))
            .collect();
        for text in &texts {
            let shown = terminal(text);
            assert!(is_plain(&shown), "{text:?} became {shown:?}");
            assert_eq!(is_plain(text), shown == *text);
        }
    }
}

#[test]
fn parts_are_escaped_as_the_whole_is() {
    let mut state: u32 = 7;
    let mut random = |n: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(state >> 8).unwrap() % n
    };
    let palette = [
        "a",
        "#",
        "1",
        "\u{fe0f}",
        "\u{20e3}",
        "\u{200d}",
        "\u{200c}",
        "\u{301}",
        "❤",
        "🔥",
        "क",
        "ی",
        "\n",
        "\u{85}",
        "日",
        "\u{e0041}",
        "🏽",
    ];
    for _ in 0..20 {
        let letters = 1 + random(palette.len());
        let text: String = (0..40_000).map(|_| palette[random(letters)]).collect();
        let parts: Vec<&str> = blocks(&text).collect();
        assert_eq!(parts.concat(), text);
        let safe: String = parts.iter().map(|part| terminal(part)).collect();
        assert!(safe == terminal(&text));
    }
    assert_eq!(blocks(&"é".repeat(100_000)).count(), 13);
    assert_eq!(blocks("").count(), 0);
}

#[test]
fn json_leaves_the_white_space_between() {
    let text = "{\r\n\t\"a\": \"\\n\"\n}";
    assert!(matches!(json(text), Cow::Borrowed(same) if same == text));
    assert_eq!(
        json("{\n\"\u{202e}\\\\\u{7f}\": 1 }"),
        "{\n\"\\u202e\\\\\\u007f\": 1 }"
    );
}

#[test]
fn json_parses_to_the_same_value() {
    let sample =
        everything().filter(|&c| c < '\u{3200}' || u32::from(c) % 37 == 0 || within(c, UNSAFE));
    for c in sample {
        let value =
            serde_json::json!({ format!("k{c}"): [format!("{c}"), format!("\\{c}\n क{c}ष"), 1.5] });
        for text in [
            value.to_string(),
            serde_json::to_string_pretty(&value).unwrap(),
        ] {
            let safe = json(&text);
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&safe).unwrap(),
                value,
                "{c:?}"
            );
            assert!(safe.split(['\n', ' ']).all(is_plain), "{c:?}");
        }
    }
}

#[test]
fn letters_of_the_world_are_left_alone() {
    for c in everything().filter(|c| c.is_alphanumeric() && !within(*c, UNSAFE)) {
        assert!(is_plain(c.encode_utf8(&mut [0; 4])), "{c:?}");
    }
}
