//! What is read of a form or a query is the same when it is written and read again.

use jott::oauth::form;

pub(crate) fn holds(input: &[u8]) {
    let Ok(parameters) = form::parse(input) else {
        return;
    };
    assert!(parameters.len() <= 64);
    let pairs = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", form::encode(name), form::encode(value)));
    let written = pairs.collect::<Vec<_>>().join("&");
    assert_eq!(form::parse(written.as_bytes()), Ok(parameters));
}
