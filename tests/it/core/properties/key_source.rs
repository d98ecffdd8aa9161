//! The place of a key is read, and its name in messages is one line that can be printed.

use std::ffi::OsStr;

use jott::keys::Source;

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let _ = Source::is_meant(text);
    if let Ok(source) = Source::parse(OsStr::new(text)) {
        let label = source.label();
        assert!(!label.is_empty() && !label.contains(char::is_control), "{label:?}");
    }
}
