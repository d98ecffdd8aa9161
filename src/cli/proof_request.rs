//! The request that a proof of possession is for, as a command line names it (RFC 9449 section 4.2).

use crate::cli::failure::Failure;
use crate::text::escape;
use crate::text::url::HttpUrl;

/// Refuses a wrong method or URL; `flag` is the flag that takes both.
pub(super) fn check(flag: &str, method: &str, url: &str) -> Result<(), Failure> {
    let form = || format!("a proof is made like `{flag} POST https://id.example/token`");
    let of_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let shown = escape::shorten(method, 20);
    if method.is_empty() || !method.bytes().all(of_token) {
        let failure = Failure::usage(format!("`{shown}` is not a method of HTTP"));
        return Err(failure.hint(form()));
    }
    let upper = method.to_ascii_uppercase();
    let usual = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if method != upper && usual.contains(&upper.as_str()) {
        let failure = Failure::usage(format!("the method `{shown}` is written in capitals"));
        return Err(failure.hint(format!("`{flag} {upper} URL`")));
    }
    if HttpUrl::split(url).is_none() {
        let failure = Failure::usage("the URL of the request is not one of http or https");
        return Err(failure.hint(form()));
    }
    Ok(())
}

/// Refuses a text that cannot be a nonce (RFC 9449 section 8.1).
pub(super) fn check_nonce(nonce: &str) -> Result<(), Failure> {
    let may = |b: u8| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    if nonce.is_empty() || !nonce.bytes().all(may) {
        let failure = Failure::usage("a nonce is printable ASCII without spaces, `\"` and `\\`");
        return Err(failure.hint("it is what the answer has in its header DPoP-Nonce"));
    }
    Ok(())
}
