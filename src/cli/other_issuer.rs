//! Which issuer to name if another one answered, but the token says whose keys it needs.
//!
//! Nothing is asked for because a token says so: this is what a person may do next.

use std::ffi::OsStr;

use crate::keys::Source;
use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::decode::{Payload, decode};
use crate::token::key_fault::KeyFault;

/// The fault with the token's issuer as advice, if that is the issuer that answered.
pub(super) fn advise(fault: KeyFault, token: &str) -> KeyFault {
    let issuer = match (&fault.issuer, decode(token).map(|token| token.payload)) {
        (Some(answered), Ok(Payload::Claims(claims))) => claims
            .get("iss")
            .and_then(|iss| Some(iss.as_str()?.into_owned()))
            .filter(|iss| is_one_of(iss, answered) && iss.len() <= 200 && escape::is_plain(iss)),
        _ => None,
    };
    // A difference of a slash is already reported.
    let is_told = |issuer: &String| matches!(&fault.hint, Some(Advice::NameIssuerExactly(told)) if told == issuer);
    match issuer.filter(|issuer| !is_told(issuer)) {
        Some(issuer) => fault.hint(Advice::NameIssuerOfToken(issuer)),
        None => fault,
    }
}

/// Whether an issuer is the one that answered, or matches its name: `{…}` in the name stands for a
/// part of one segment.
fn is_one_of(issuer: &str, answered: &str) -> bool {
    let Some((before, rest)) = answered.split_once('{') else {
        return issuer == answered;
    };
    let Some((_, after)) = rest.split_once('}') else {
        return false;
    };
    let part = issuer
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    is_safe(issuer)
        && before.matches('/').count() > 2
        && part.is_some_and(|part| !part.is_empty() && part.bytes().all(is_plain))
}

/// Whether the keys of an issuer may be fetched without a flag: over https, or on this machine.
fn is_safe(issuer: &str) -> bool {
    let source = Source::parse(OsStr::new(&format!("issuer:{issuer}")));
    matches!(source, Ok(Source::Remote(remote)) if !remote.is_plain_elsewhere())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_with_a_variable_stands_for_those_of_its_host() {
        const ENTRA: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";
        for issuer in [
            "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
        ] {
            assert!(is_one_of(issuer, ENTRA), "{issuer}");
        }
        for issuer in [
            "https://login.microsoftonline.com//v2.0",
            "https://login.microsoftonline.com/a/b/v2.0",
            "https://login.microsoftonline.com/a?/v2.0",
            "https://login.microsoftonline.com/a",
            "https://sts.windows.net/9188040d-6c67-4c5b-b112-36a304b66dad/",
            "",
        ] {
            assert!(!is_one_of(issuer, ENTRA), "{issuer}");
        }
        // Whoever answers does not lead to another host.
        assert!(!is_one_of("https://evil.test", "https://{host}"));
        assert!(!is_one_of("https://evil.test/", "{issuer}"));
        assert!(!is_one_of("https://a.test/x", "https://a.test/{x"));
        assert!(is_one_of("https://a.test/", "https://a.test/"));
        for (base, is) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost", true),
            ("http://[::1]:1", true),
            ("http://a.test", false),
            ("ftp://localhost", false),
        ] {
            let [issuer, answered] = ["x", "{tenantid}"].map(|part| format!("{base}/{part}/v2.0"));
            assert_eq!(is_one_of(&issuer, &answered), is, "{issuer}");
        }
        assert!(!is_one_of("https://a.test", "https://a.test/"));
    }
}
