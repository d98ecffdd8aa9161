//! What is taken for a JWT, each in an example.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::*;

fn what(text: &str) -> Option<String> {
    find(text).map(|found| found.what)
}

fn assert_is(text: &str, expected: &str) {
    assert_eq!(
        what(text),
        Some(format!("{expected}, and not a JWT")),
        "{text}"
    );
    // As a browser shows a cookie, and as a URL has it.
    assert_eq!(what(&format!("my-app.session={text}")), what(text));
}

#[test]
fn sessions_and_cookies_are_told_by_how_they_are_put_together() {
    let (sha1, sha256) = ("3mNpqA3YF8mTqQk2b2n5hU0M7aA", "b".repeat(42) + "A");
    let flask = "a session of Flask, or other data that itsdangerous signed";
    // {"logged_in":true}, "alice", and compressed data.
    assert_is(&format!("eyJsb2dnZWRfaW4iOnRydWV9.ZxYQ1g.{sha1}"), flask);
    assert_is(&format!("ImFsaWNlIg.ZxYQ1g.{sha256}"), flask);
    assert_is(
        &format!(".eJyrVkrLz1eyUkpKLFKqBQAdeQRq.ZxYQ1g.{sha1}"),
        flask,
    );
    assert_is(
        &format!("eyJ1c2VyIjoxfQ:1t5XyZ:{sha256}"),
        "data that Django signed",
    );
    let laravel = STANDARD.encode(r#"{"iv":"AA==","value":"AA==","mac":"00","tag":""}"#);
    assert_is(&laravel, "an encrypted cookie of Laravel");
    assert_is(
        &laravel.replace('=', "%3D"),
        "an encrypted cookie of Laravel",
    );
    let rails = [
        STANDARD.encode([7; 80]),
        STANDARD.encode([7; 12]),
        STANDARD.encode([7; 16]),
    ];
    assert_is(&rails.join("--"), "an encrypted cookie of Rails");
    assert_is(
        &rails.join("--").replace('=', "%3d"),
        "an encrypted cookie of Rails",
    );
    assert_is(
        &format!("{}--{}", rails[0], "0a".repeat(20)),
        "a signed cookie of Rails",
    );
    assert_is("s%3Aabc.def", "a signed cookie of Express");
    assert_is("s:abc.def", "a signed cookie of Express");
    assert_is("SFMyNTY.g3QAAAAC.c2ln", "a token of Phoenix");
    assert_is("Fe26.2*1*ab*cd*ef", "a session that iron seals");
    assert_is(
        "CfDJ8Abc",
        "data that ASP.NET Core protects (a cookie or a token of it)",
    );
}

#[test]
fn tokens_in_base64_are_told_by_their_bytes() {
    let fernet = [&[0x80, 0, 0, 0, 0, 0x67, 0x16, 0x10, 0xD6][..], &[7; 64]].concat();
    assert_is(&URL_SAFE.encode(&fernet), "a Fernet token");
    let saml = br#"<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"/>"#;
    assert_is(&STANDARD.encode(saml), "a SAML message in base64");
    assert_is(
        &STANDARD.encode(b"NTLMSSP\0\x01\0\0\0"),
        "a message of NTLM",
    );
    let spnego = b"\x60\x82\x06\x70\x06\x06\x2b\x06\x01\x05\x05\x02\xa0\x82";
    assert_is(&STANDARD.encode(spnego), "a message of Kerberos (RFC 4559)");
    assert_is(
        &URL_SAFE.encode(b"0021location http://a.test/\n"),
        "a macaroon",
    );
    assert_is(
        &URL_SAFE.encode(b"\x02\x01\x0dhttp://a.test/\x02"),
        "a macaroon",
    );
    // RFC 8392 appendix A.3.
    let cwt = b"\xd2\x84\x43\xa1\x01\x26\xa1\x04\x52Asymmetric";
    assert_is(&URL_SAFE.encode(cwt), "a CWT in base64 (RFC 8392)");
}

#[test]
fn credentials_of_other_schemes_are_told() {
    assert_eq!(
        what("Basic YWxpY2U6d29uZGVybGFuZA=="),
        Some("a name and a password (`Basic`, RFC 7617), and no token".to_owned())
    );
    assert_eq!(
        what("negotiate TlRMTVNTUAABAAAA").as_deref(),
        Some("a message of NTLM")
    );
    assert_eq!(what("Basic auth failed"), None);
}

#[test]
fn what_may_be_a_broken_token_is_nothing_else() {
    for text in [
        "",
        "abc",
        "a.b.c",
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJIUzI1NiJ9.e30",
        // A header with `alg`, and a payload of four bytes.
        "eyJhbGciOiJIUzI1NiJ9.dHJ1ZQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "2026-11-28--21:00",
        "s:only",
        "two words",
    ] {
        assert_eq!(what(text), None, "{text}");
    }
}
