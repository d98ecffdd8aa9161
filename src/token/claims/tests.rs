use super::*;

#[test]
fn members_of_an_object_are_written_without_space_and_can_be_set_anew() {
    let text = r#" { "a" :1 ,"b": [ 2 ],"c":{"x" : 3},"\u0064":"\u0034", "é":5 ,"":6,"g\n":7} "#;
    let object = Object::parse(text.as_bytes().to_vec()).unwrap();
    let mut members = Members::new();
    members.extend(&object);
    assert_eq!(
        members.text(),
        r#"{"a":1,"b":[ 2 ],"c":{"x" : 3},"d":"\u0034","é":5,"":6,"g\n":7}"#
    );
    members.set("c", 8_i64);
    members.set_missing("", 9_i64);
    members.set_missing("h\"", 10_i64);
    members.remove("é");
    assert_eq!(
        members.text(),
        r#"{"a":1,"b":[ 2 ],"c":8,"d":"\u0034","":6,"g\n":7,"h\"":10}"#
    );
}

#[test]
fn many_members_are_set_anew_kept_and_dropped_as_few_are() {
    let names: Vec<String> = (0..200_000).map(|n| format!("n{n}")).collect();
    let mut members = Members::new();
    for round in [1_i64, 2] {
        for name in &names {
            members.set(name, round);
        }
    }
    let text: Vec<String> = names.iter().map(|name| format!("\"{name}\":2")).collect();
    assert_eq!(members.text(), format!("{{{}}}", text.join(",")));

    let object = Object::parse(members.text().into_bytes()).unwrap();
    let mut again = Members::new();
    again.set("n7", true);
    again.extend_without(&object, &["n8"]);
    again.remove("n9");
    again.set("n9", 3_i64);
    let again = Object::parse(again.text().into_bytes()).unwrap();
    let first: Vec<_> = again.members().take(3).map(|(name, _)| name).collect();
    assert_eq!(first, ["n7", "n0", "n1"]);
    assert_eq!(again.members().count(), 199_999);
    assert!(again.get("n7").unwrap().text() == "2" && again.get("n8").is_none());
    assert_eq!(again.members().last().unwrap().0, "n9");
    assert!(again.duplicate().is_none());
}

fn nanos(text: &str) -> Result<i128, NotADate> {
    numeric_date(Json::parse_str(text).unwrap().value).map(Timestamp::nanos)
}

#[test]
fn dates_are_read_exactly() {
    const SECOND: i128 = 1_000_000_000;
    assert_eq!(nanos("0"), Ok(0));
    assert_eq!(nanos("-0"), Ok(0));
    assert_eq!(
        nanos("4102444800.5"),
        Ok(4_102_444_800 * SECOND + SECOND / 2)
    );
    assert_eq!(nanos("17e8"), Ok(1_700_000_000 * SECOND));
    assert_eq!(nanos("1700000000000E-3"), Ok(1_700_000_000 * SECOND));
    assert_eq!(nanos("-1.5"), Ok(-SECOND - SECOND / 2));
    assert_eq!(
        nanos("9223372036854775807"),
        Ok(i128::from(i64::MAX) * SECOND)
    );
}

#[test]
fn what_is_finer_than_a_nanosecond_is_rounded_up() {
    assert_eq!(nanos("1.0000000001"), Ok(1_000_000_001));
    assert_eq!(nanos("1e-400"), Ok(1));
    assert_eq!(nanos("-1.0000000001"), Ok(-1_000_000_000));
    assert_eq!(
        nanos("0.00000000000000000000000000000000000000000000000001"),
        Ok(1)
    );
}

#[test]
fn dates_beyond_any_calendar_are_refused() {
    for text in [
        "1e400",
        "9223372036854775808",
        "-9223372036854775809",
        "1e30",
        "1e99999999999999999999",
    ] {
        assert_eq!(nanos(text), Err(NotADate::OutOfRange), "{text}");
    }
}

#[test]
fn other_kinds_are_no_dates() {
    let kind = |text| nanos(text).unwrap_err().to_string();
    assert_eq!(kind("\"1\""), "it is a string, not a number");
    assert_eq!(kind("null"), "it is null, not a number");
    assert_eq!(kind("1e400"), "it is beyond any calendar");
}

#[test]
fn members_keep_their_first_place_and_their_last_value() {
    let mut members = Members::new();
    let number = |text| Json::parse_str(text).unwrap().value;
    members.set("a", number("1.50"));
    members.set_text("b", "\"\u{9b}");
    members.set("a", number("2.0"));
    assert_eq!(members.text(), "{\"a\":2.0,\"b\":\"\\\"\u{9b}\"}");
    members.remove("a");
    assert!(members.get("a").is_none());
}
