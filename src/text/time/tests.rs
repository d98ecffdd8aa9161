use super::parse::TIME_FORM;
use super::*;
use crate::text::escape;

/// 2025-11-23T11:40:00.75Z
const NOW: Timestamp = Timestamp::from_nanos(1_763_898_000_750_000_000);

fn at(text: &str) -> Timestamp {
    parse_time(text, NOW).unwrap()
}

fn dur(text: &str) -> u64 {
    Span::parse(text).unwrap().seconds()
}

fn refused(text: &str) -> (String, String) {
    let error = parse_time(text, NOW).unwrap_err();
    (error.message, error.hint.unwrap_or_default())
}

fn dur_refused(text: &str) -> (String, String) {
    let error = Span::parse(text).unwrap_err();
    (error.message, error.hint.unwrap_or_default())
}

#[test]
fn durations_are_read() {
    for (text, seconds) in [
        ("90s", 90),
        ("0s", 0),
        ("1h30m", 5400),
        ("7d", 604_800),
        ("1w2d3h4m5s", 788_645),
        ("007m", 420),
        ("1w1s", 604_801),
        ("18446744073709551615s", u64::MAX),
    ] {
        assert_eq!(dur(text), seconds, "{text}");
    }
}

#[test]
fn a_bare_small_number_is_refused() {
    let expected = (
        "`300` has no unit".to_owned(),
        "did you mean `300s`?".to_owned(),
    );
    assert_eq!(dur_refused("300"), expected);
    assert_eq!(refused("300"), expected);
    assert_eq!(refused("12345678").1, "did you mean `12345678s`?");
    assert_eq!(refused("-300").1, "did you mean `300s`?");
}

#[test]
fn months_and_years_are_refused() {
    for text in ["1M", "1y", "1Y", "2mo", "3months", "1year", "1w1M"] {
        let (message, hint) = dur_refused(text);
        assert_eq!(message, format!("`{text}` counts months or years"));
        assert!(
            hint.starts_with("months and years have no fixed length"),
            "{hint}"
        );
    }
}

#[test]
fn malformed_durations_are_refused() {
    for (text, message) in [
        ("", "`` is not a duration"),
        ("h", "`h` is not a duration"),
        ("PT15M", "`PT15M` is not a duration"),
        ("1x", "`1x` has an unknown unit"),
        ("5min", "`5min` has an unknown unit"),
        ("500ms", "`500ms` has an unknown unit"),
        ("1hm", "`1hm` has an unknown unit"),
        ("1é", "`1é` has an unknown unit"),
        ("1H", "`1H` has a unit in upper case"),
        ("1S", "`1S` has a unit in upper case"),
        ("1.1", "`1.1` is not a duration"),
        ("1h-1", "`1h-1` is not a duration"),
        ("1.5h", "`1.5h` is not a duration"),
        ("1,5h", "`1,5h` is not a duration"),
        ("1 h", "`1 h` is not a duration"),
        ("1h 30m", "`1h 30m` is not a duration"),
        (" 1h", "` 1h` is not a duration"),
        ("1h ", "`1h ` is not a duration"),
        ("30m1h", "`30m1h` has its units out of order or twice"),
        ("1h1h", "`1h1h` has its units out of order or twice"),
        ("-1h", "`-1h` has a sign"),
        ("+1h", "`+1h` has a sign"),
        ("1h30", "`1h30` ends without a unit"),
        ("1s30", "`1s30` ends without a unit"),
        ("１h", "`１h` is not a duration"),
        (
            "18446744073709551616s",
            "`18446744073709551616s` is too long a time",
        ),
        (
            "18446744073709551615m",
            "`18446744073709551615m` is too long a time",
        ),
        (
            "1m18446744073709551615s",
            "`1m18446744073709551615s` is too long a time",
        ),
    ] {
        assert_eq!(dur_refused(text).0, message);
    }
    assert_eq!(dur_refused("1h30").1, "did you mean `1h30m`?");
}

#[test]
fn a_span_is_written_as_it_is_read() {
    for (seconds, text) in [
        (0, "0s"),
        (5400, "1h30m"),
        (604_800, "7d"),
        (61, "1m1s"),
        (86_405, "1d5s"),
    ] {
        assert_eq!(Span::from_seconds(seconds).to_string(), text);
    }
    let mut seconds = 1_u64;
    for step in 0..20_000_u64 {
        for n in [step, seconds, u64::MAX - step] {
            assert_eq!(dur(&Span::from_seconds(n).to_string()), n);
        }
        seconds = seconds
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1)
            >> (step % 3);
    }
}

#[test]
fn a_time_from_now_is_in_whole_seconds() {
    assert_eq!(at("now"), Timestamp::from_seconds(1_763_898_000));
    assert_eq!(at("1h30m"), Timestamp::from_seconds(1_763_903_400));
    assert_eq!(at("-1h"), Timestamp::from_seconds(1_763_894_400));
    assert_eq!(at("0s"), at("-0s"));
}

#[test]
fn rfc_3339_times_are_read() {
    assert_eq!(
        at("2025-11-23T11:40:00Z"),
        Timestamp::from_seconds(1_763_898_000)
    );
    assert_eq!(
        at("2025-11-23t11:40:00z"),
        Timestamp::from_seconds(1_763_898_000)
    );
    assert_eq!(
        at("2025-11-23 12:40:00+01:00"),
        Timestamp::from_seconds(1_763_898_000)
    );
    assert_eq!(at("2025-11-23T11:40:00.75Z"), NOW);
    assert_eq!(
        at("2016-12-31T23:59:60Z"),
        Timestamp::from_seconds(1_483_228_800)
    );
    assert_eq!(at("1969-12-31T23:59:59.5Z").nanos(), -500_000_000);
}

#[test]
fn an_incomplete_date_is_refused_with_what_it_lacks() {
    for (text, hint) in [
        ("2026-12-31", "did you mean `2026-12-31T00:00:00Z`?"),
        (
            "2026-12-31T23:59:59",
            "did you mean `2026-12-31T23:59:59Z`?",
        ),
        (
            "2026-12-31 23:59:59.5",
            "did you mean `2026-12-31 23:59:59.5Z`?",
        ),
        (
            "2026-02-30",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
        (
            "2026-12-31T23:59Z",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
        (
            "2026-12-31T24:00:00Z",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
        (
            "2026-12-31T23:59:59\u{2212}01:00",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
        (
            "12:30",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
        (
            "31/12/2026",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
        (
            "2026-12-31T23:59:59Z ",
            "write date, time and offset: `2026-12-31T23:59:59Z`",
        ),
    ] {
        let (message, found) = refused(text);
        assert_eq!(message, format!("`{text}` is not an RFC 3339 time"));
        assert_eq!(found, hint, "{text}");
    }
}

#[test]
fn seconds_since_1970_have_nine_to_eleven_digits() {
    assert_eq!(at("123456789"), Timestamp::from_seconds(123_456_789));
    assert_eq!(at("1763898000"), Timestamp::from_seconds(1_763_898_000));
    assert_eq!(at("99999999999"), Timestamp::from_seconds(99_999_999_999));
}

#[test]
fn a_long_number_is_refused_with_its_seconds() {
    for (text, hint) in [
        (
            "176389800000",
            "these look like milliseconds; did you mean `176389800`?",
        ),
        (
            "1763898000123",
            "these look like milliseconds; did you mean `1763898000`?",
        ),
        (
            "1763898000123456",
            "these look like microseconds; did you mean `1763898000`?",
        ),
        (
            "1763898000123456789",
            "these look like nanoseconds; did you mean `1763898000`?",
        ),
        (
            "176389800012345678901",
            "seconds since 1970 have 9 to 11 digits",
        ),
    ] {
        assert_eq!(
            refused(text),
            (
                format!("`{text}` is too long for seconds since 1970"),
                hint.to_owned()
            )
        );
    }
}

#[test]
fn words_are_refused_with_the_forms() {
    for text in [
        "tomorrow",
        "never",
        "",
        "NOW",
        "now ",
        "next-week",
        "P1D",
        "١٢٣٤٥٦٧٨٩",
    ] {
        assert_eq!(
            refused(text),
            (format!("`{text}` is not a time"), TIME_FORM.to_owned())
        );
    }
    assert_eq!(
        refused("+1h"),
        (
            "`+1h` has a sign".to_owned(),
            "leave the `+` out: `1h`".to_owned()
        )
    );
    assert_eq!(refused("--1h").0, "`-1h` has a sign");
}

#[test]
fn a_time_too_far_from_now_is_refused() {
    assert_eq!(
        refused("9223372036854775807s").0,
        "`9223372036854775807s` is too long a time"
    );
    assert_eq!(
        refused("-18446744073709551615s").0,
        "`-18446744073709551615s` is too long a time"
    );
    assert!(parse_time("1s", Timestamp::from_nanos(i128::MAX)).is_err());
    assert_eq!(at("9223372035090877807s").seconds(), i64::MAX);
}

#[test]
fn a_refused_value_is_cut_and_safe_to_print() {
    let (message, _) = refused(&"9".repeat(1000));
    assert_eq!(
        message,
        format!("`{}…` is too long for seconds since 1970", "9".repeat(60))
    );
    let (message, _) = refused("\u{1b}[2J\n");
    assert_eq!(message, "`\\u001b[2J\\n` is not a time");
    let (message, _) = refused(&"👩\u{200d}".repeat(100));
    assert!(escape::is_plain(&message), "{message}");
}

#[test]
fn an_error_shows_its_message() {
    let error = Span::parse("300").unwrap_err();
    assert_eq!(error.to_string(), error.message);
}

#[test]
fn no_text_makes_it_panic() {
    let palette = [
        "",
        "1",
        "-",
        "+",
        "s",
        "h",
        "M",
        ":",
        "T",
        "Z",
        "2026-12-31",
        " ",
        ".",
        "é",
        "99999999999",
        "\u{200d}",
    ];
    for a in palette {
        for b in palette {
            for c in palette {
                for d in palette {
                    let text = format!("{a}{b}{c}{d}");
                    for now in [
                        NOW,
                        Timestamp::from_nanos(i128::MIN),
                        Timestamp::from_nanos(i128::MAX),
                    ] {
                        if let Err(error) = parse_time(&text, now) {
                            assert!(escape::is_plain(&error.message), "{text}");
                            assert!(
                                error.hint.is_none_or(|hint| escape::is_plain(&hint)),
                                "{text}"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn times_are_written_in_utc() {
    for (nanos, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (1_763_898_000_000_000_000, "2025-11-23T11:40:00Z"),
        (1_763_898_000_750_000_000, "2025-11-23T11:40:00.75Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (-62_167_219_200_000_000_000, "0000-01-01T00:00:00Z"),
        (
            253_402_300_799_999_999_999,
            "9999-12-31T23:59:59.999999999Z",
        ),
    ] {
        let t = Timestamp::from_nanos(nanos);
        assert_eq!(rfc3339(t).as_deref(), Some(text));
        assert_eq!(at(text), t);
        let words = text.replace('T', " ").replace('Z', " UTC");
        assert_eq!(human(t), Some(words));
    }
}

#[test]
fn times_outside_four_digit_years_are_not_written() {
    for nanos in [
        -62_167_219_200_000_000_001,
        253_402_300_800_000_000_000,
        i128::MIN,
        i128::MAX,
    ] {
        assert_eq!(rfc3339(Timestamp::from_nanos(nanos)), None);
        assert_eq!(human(Timestamp::from_nanos(nanos)), None);
    }
}

#[test]
fn relative_times_read_like_speech() {
    const S: i128 = NANOS;
    for (nanos, words) in [
        (0, "now"),
        (S - 1, "now"),
        (1 - S, "now"),
        (S, "in 1 second"),
        (-S, "1 second ago"),
        (59 * S, "in 59 seconds"),
        (60 * S, "in 1 minute"),
        (61 * S, "in 1 minute 1 second"),
        (-200 * S, "3 minutes 20 seconds ago"),
        (1_679 * S, "in 27 minutes 59 seconds"),
        (3_600 * S, "in 1 hour"),
        (3_659 * S, "in 1 hour"),
        (-7_199 * S, "1 hour 59 minutes ago"),
        (-86_399 * S, "23 hours 59 minutes ago"),
        (86_400 * S + 59 * 60 * S, "in 1 day"),
        (-2 * 86_400 * S, "2 days ago"),
        (-47 * 3_600 * S, "1 day 23 hours ago"),
        (730 * 86_400 * S, "in 730 days"),
        (731 * 86_400 * S, "in 2 years"),
        (1_096 * 86_400 * S, "in 3 years"),
        (1_200 * 86_400 * S, "in 3 years 104 days"),
    ] {
        assert_eq!(
            relative(Timestamp::from_nanos(nanos), Timestamp::from_nanos(0)),
            words
        );
        let t = Timestamp::from_nanos(NOW.nanos() + nanos);
        assert_eq!(relative(t, NOW), words);
    }
}

#[test]
fn spans_are_said_in_words() {
    assert_eq!(span_words(0), "0 seconds");
    assert_eq!(span_words(1), "less than a second");
    assert_eq!(span_words(Span::from_seconds(240).nanos()), "4 minutes");
    assert_eq!(span_words(-Span::from_seconds(3600).nanos()), "1 hour");
}

#[test]
fn the_ends_of_time_saturate() {
    let (first, last) = (
        Timestamp::from_nanos(i128::MIN),
        Timestamp::from_nanos(i128::MAX),
    );
    let long = Span::from_seconds(u64::MAX);
    assert_eq!(last.saturating_add(long), last);
    assert_eq!(first.saturating_sub(long), first);
    assert_eq!((first.seconds(), last.seconds()), (i64::MIN, i64::MAX));
    assert_eq!(last.since(first), i128::MAX);
    assert!(relative(first, last).contains(" years "));
    assert!(relative(last, first).starts_with("in "));
    assert!(span_words(i128::MIN).contains(" years"));
}

#[test]
fn seconds_are_rounded_down_before_1970_too() {
    assert_eq!(Timestamp::from_nanos(-1).seconds(), -1);
    assert_eq!(Timestamp::from_nanos(999_999_999).seconds(), 0);
    for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
        assert_eq!(Timestamp::from_seconds(seconds).seconds(), seconds);
    }
    assert!(Timestamp::from_seconds(1) > Timestamp::from_nanos(1));
}
