//! A time that is read is the same when it is written and read again, and has words for its distance.

use jott::text::time::{Timestamp, human, parse_time, relative, rfc3339};

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let now = Timestamp::from_seconds(1_800_000_000);
    let Ok(time) = parse_time(text, now) else {
        return;
    };
    assert!(!relative(time, now).is_empty());
    let _ = human(time);
    if let Some(written) = rfc3339(time) {
        assert_eq!(parse_time(&written, now), Ok(time), "{text} {written}");
    }
}
