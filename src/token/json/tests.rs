use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Parsed<'_>, NotJson> {
    Json::parse(text.as_bytes())
}

fn same(a: &str, b: &str) -> bool {
    parse(a).unwrap().value.same(parse(b).unwrap().value)
}

#[test]
fn what_serde_json_reads_is_read_and_nothing_else() {
    let texts = [
        "0",
        "-0",
        "1.50",
        "1e400",
        "-1E-9",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "--1",
        "NaN",
        "-Infinity",
        "true",
        "tru",
        "null",
        "nul",
        "\"\"",
        "\"a",
        "\"\\u00e9\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"\t\"",
        "[]",
        "[1,]",
        "[1 2]",
        "{}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":{\"b\":[1,{}]}}",
        " {} ",
        "{}{}",
        "",
        " ",
        "\u{feff}{}",
        "\"\\ud83d\\ude00\"",
        "/**/1",
        "'a'",
    ];
    for text in texts {
        // serde_json reads 1e400 as an error of range, not of grammar.
        let expected = text == "1e400" || serde_json::from_str::<serde_json::Value>(text).is_ok();
        assert_eq!(parse(text).is_ok(), expected, "{text}");
    }
}

#[test]
fn lone_surrogates_are_refused() {
    for text in [
        r#""\ud800""#,
        r#""\ud800x""#,
        r#""\udc00""#,
        r#""\ud800\ud800""#,
        r#""\ud800A""#,
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn other_encodings_are_refused() {
    assert!(Json::parse(b"\xff\xfe{\0}\0").is_err());
    assert!(Json::parse(b"\"\xed\xa0\x80\"").is_err());
    assert!(Json::parse(b"\"\xc0\xaf\"").is_err());
}

#[test]
fn depth_has_a_bound_that_is_no_stack_overflow() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(parse(&nested(128)).is_ok());
    assert!(parse(&nested(129)).is_err());
    assert!(parse(&nested(1_000_000)).is_err());
}

#[test]
fn a_name_given_twice_at_one_level_is_noticed() {
    let duplicate = |text: &str| parse(text).unwrap().duplicate;
    assert_eq!(duplicate(r#"{"a":1,"b":{"a":1}}"#), None);
    assert_eq!(duplicate(r#"{"a":1,"a":2}"#).as_deref(), Some("a"));
    assert_eq!(duplicate(r#"{"a":1,"\u0061":2}"#).as_deref(), Some("a"));
    assert_eq!(duplicate(r#"[{"x":{"b":1,"b":1}}]"#).as_deref(), Some("b"));
    let many: Vec<String> = (0..100).map(|n| format!("\"n{n}\":{n}")).collect();
    assert_eq!(duplicate(&format!("{{{}}}", many.join(","))), None);
    assert_eq!(
        duplicate(&format!("{{{},\"n7\":0}}", many.join(","))).as_deref(),
        Some("n7")
    );
    assert_eq!(duplicate(r#"{"a":{"b":1},"c":{"b":1},"b":1}"#), None);
}

#[test]
fn a_name_given_twice_is_noticed_wherever_it_stands() {
    for count in [2, 16, 17, 18, 40, 5000] {
        let all: Vec<String> = (0..count).map(|n| format!("\"n{n}\":{n}")).collect();
        let text = |extra: &str| format!("{{{},{extra}}}", all.join(","));
        let duplicate = |extra: &str| parse(&text(extra)).unwrap().duplicate;
        assert_eq!(duplicate("\"n\":0"), None);
        assert_eq!(duplicate("\"\\u006e\":0,\"N0\":0"), None);
        for again in [0, 1, count / 2, count - 1] {
            let name = format!("n{again}");
            for extra in [
                format!("\"x\":1,\"{name}\":0"),
                format!("\"\\u006e{again}\":[{{}}]"),
                format!("\"{name}\":0,\"n0\":1,\"y\":0"),
            ] {
                assert_eq!(duplicate(&extra).as_ref(), Some(&name), "{count}: {extra}");
            }
        }
    }
}

#[test]
fn an_object_of_many_members_is_read_to_its_end() {
    let many: Vec<String> = (0..10_000)
        .map(|n| format!(" \"n\\u006f{n}\" : [{n}, {{\"x\":1}}] "))
        .collect();
    let text = format!("{{{} , \"exp\":7,\"n\":\"end\"\n}} ", many.join(","));
    let object = Object::parse(text.clone().into_bytes()).unwrap();
    let walked: Vec<_> = object.members().map(|(n, v)| (n, v.text())).collect();
    let expected = parse(&text).unwrap().value;
    let expected: Vec<_> = expected.members().map(|(n, v)| (n, v.text())).collect();
    assert_eq!(walked, expected);
    assert_eq!(walked.len(), 10_002);
    assert_eq!(object.get("no9999").unwrap().text(), "[9999, {\"x\":1}]");
    assert!(object.get("no10000").is_none());
    let picked: [Option<Json<'_>>; 2] = object.pick(|name| match name {
        b"exp" => Some(0),
        b"no3" => Some(1),
        _ => None,
    });
    let texts = picked.map(|value| value.map(Json::text));
    assert_eq!(texts, [Some("7"), Some("[3, {\"x\":1}]")]);
}

#[test]
fn values_keep_their_text() {
    let parsed = parse("{ \"n\" : 1.50e+03 , \"s\":\"\\/\" }").unwrap();
    assert_eq!(parsed.value.get("n").unwrap().text(), "1.50e+03");
    assert_eq!(parsed.value.get("s").unwrap().as_str().unwrap(), "/");
    assert_eq!(parsed.value.compact(), "{\"n\":1.50e+03,\"s\":\"\\/\"}");
}

#[test]
fn numbers_are_compared_by_value() {
    for (a, b) in [
        ("1", "1.0"),
        ("100", "1e2"),
        ("0", "-0.0"),
        ("0.1", "1E-1"),
        ("1e400", "10e399"),
    ] {
        assert!(same(a, b), "{a} {b}");
    }
    for (a, b) in [
        ("1", "-1"),
        ("9007199254740993", "9007199254740992"),
        ("1e99999999999999999999", "1e88888888888888888888"),
    ] {
        assert!(!same(a, b), "{a} {b}");
    }
}

#[test]
fn objects_are_compared_in_any_order_and_arrays_in_theirs() {
    assert!(same(
        r#"{"a":1,"b":[1,2]}"#,
        r#"{ "b":[1.0,2], "\u0061":1 }"#
    ));
    assert!(!same("[1,2]", "[2,1]"));
    assert!(!same("[1]", "[1,2]"));
    assert!(!same(r#"{"a":1}"#, r#"{"a":1,"b":2}"#));
    assert!(!same("\"1\"", "1"));
}

#[test]
fn large_objects_are_compared_without_looking_for_each_name() {
    let object = |names: &mut dyn Iterator<Item = u32>| {
        let members: Vec<String> = names.map(|n| format!("\"n{n}\":{n}")).collect();
        format!("{{{}}}", members.join(","))
    };
    let ours = object(&mut (0..100_000));
    assert!(same(&ours, &object(&mut (0..100_000).rev())));
    assert!(!same(&ours, &object(&mut (1..=100_000))));
}

#[test]
fn an_error_names_the_byte() {
    let error = parse("{\"a\":x}").unwrap_err();
    assert_eq!(error.offset, 5);
    assert_eq!(error.to_string(), "no JSON value at byte 6");
    assert_eq!(
        parse("{").unwrap_err().to_string(),
        "the text ends too early at byte 2"
    );
}

proptest! {
    /// Escaped names, repeated ones, and more members than are placed.
    #[test]
    fn names_that_are_looked_for_together_are_found_as_one_by_one(
        members in proptest::collection::vec(r#""(a|b|\\u0061|alg|typ|)":([0-9]|"b"|\{"a":1\})"#, 0..9),
        others in prop_oneof![4 => Just(0_usize), 1 => 4090..4100_usize],
    ) {
        let others = (0..others).map(|n| format!(r#""n{n}":0"#));
        let members: Vec<String> = others.chain(members).collect();
        let object = Object::parse(format!("{{{}}}", members.join(",")).into_bytes()).unwrap();
        let names = ["a", "alg", "", "c", "n4095"];
        let text = |value: Option<Json<'_>>| value.map(|value| value.text().to_owned());
        let together = object.get_all(names).map(text);
        prop_assert_eq!(together, names.map(|name| text(object.get(name))));
    }

    #[test]
    fn any_bytes_are_judged_as_serde_json_does(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let ours = Json::parse(&bytes).is_ok();
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes).is_ok();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn json_like_text_is_judged_as_serde_json_does(text in r#"[\[\]{}:,"\\u0-9a-ftrueeE+. -]{0,24}"#) {
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        let out_of_range = theirs.as_ref().is_err_and(|e| e.to_string().contains("out of range"));
        prop_assert_eq!(parse(&text).is_ok(), theirs.is_ok() || out_of_range);
    }

    #[test]
    fn strings_come_back(text in ".*") {
        let quoted = quote(&text);
        prop_assert_eq!(parse(&quoted).unwrap().value.as_str().unwrap(), text.as_str());
        let escaped: Vec<String> = text.encode_utf16().map(|u| format!("\\u{u:04X}")).collect();
        let escaped = format!("\"{}\"", escaped.concat());
        prop_assert_eq!(parse(&escaped).unwrap().value.as_str().unwrap(), text.as_str());
    }
}
