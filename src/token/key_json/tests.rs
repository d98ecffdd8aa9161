use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::token::content::{self, Reading};
use crate::token::json::quote;
use crate::token::pem::samples::{EC_CERTIFICATE, EC_PKCS8, EC_SPKI};

const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

/// Message and hint for a file, without the words that are the same in front of all.
fn fault(text: &str) -> (String, Option<Advice>) {
    let fault = find(text).unwrap().unwrap_err();
    let message = fault.message.strip_prefix("the content is ").unwrap();
    (message.to_owned(), fault.hint)
}

fn hint(text: &str) -> Option<Advice> {
    fault(text).1
}

#[expect(clippy::unnecessary_wraps, reason = "compared with what may be none")]
fn edit(edit: JsonEdit) -> Option<Advice> {
    Some(Advice::EditJson(JsonPlace::File, edit))
}

#[test]
fn one_key_and_a_set_are_read() {
    assert!(!find(OCT).unwrap().unwrap().is_set);
    assert!(
        find(&format!(r#"{{"keys":[{OCT}]}}"#))
            .unwrap()
            .unwrap()
            .is_set
    );
}

#[test]
fn the_member_that_holds_a_key_is_named() {
    let (pem, public) = (quote(EC_PKCS8), quote(EC_SPKI));
    let base64: String = EC_SPKI
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let pem_in_base64 = STANDARD.encode(EC_PKCS8);
    let jwk_in_string = quote(OCT);
    for (text, is_text, path) in [
        (
            format!(r#"{{"type":"service_account","private_key_id":"1","private_key":{pem}}}"#),
            true,
            ".private_key",
        ),
        (
            format!(r#"{{"type":"RS256","key":{public}}}"#),
            true,
            ".key",
        ),
        (
            format!(r#"{{"realm":"a","public_key":"{base64}","token-service":"https://a.test"}}"#),
            true,
            ".public_key",
        ),
        (
            format!(
                r#"{{"kind":"Secret","data":{{"ca.crt":"eA==","tls.key":"{pem_in_base64}"}}}}"#
            ),
            true,
            ".data[\"tls.key\"]",
        ),
        (
            format!(r#"{{"data":{{"keys":{{"1":{{"public_key":{public}}}}}}}}}"#),
            true,
            ".data.keys[\"1\"].public_key",
        ),
        (
            format!(r#"[{{"name":"a"}},{{"pem":{public}}}]"#),
            true,
            ".[1].pem",
        ),
        (
            format!(r#"{{"SecretString":{jwk_in_string}}}"#),
            true,
            ".SecretString",
        ),
        (format!(r#"{{"a":1,"jwk":{OCT}}}"#), false, ".jwk"),
        (
            format!(r#"{{"a":{{"jwks":{{"keys":[{OCT}]}}}}}}"#),
            false,
            ".a.jwks",
        ),
    ] {
        let take = JsonEdit::TakeMember {
            path: path.to_owned(),
            is_text,
            is_key: true,
        };
        assert_eq!(hint(&text), edit(take));
        assert_eq!(
            fault(&text).0,
            "JSON that is not a JWK, with a key in a member"
        );
    }
}

#[test]
fn a_member_that_is_called_a_key_may_be_one() {
    for (text, path) in [
        (
            r#"{"type":"HS256","key":"a secret that Hasura takes"}"#,
            ".key",
        ),
        (
            r#"{"web":{"client_id":"x","client_secret":"y"}}"#,
            ".web.client_secret",
        ),
        (r#"{"app":{"jwtSecret":"y"}}"#, ".app.jwtSecret"),
    ] {
        let take = JsonEdit::TakeMember {
            path: path.to_owned(),
            is_text: true,
            is_key: false,
        };
        assert_eq!(hint(text), edit(take));
    }
}

#[test]
fn a_name_that_a_terminal_could_misread_is_not_repeated() {
    let public = quote(EC_SPKI);
    for name in ["a\\u001b", "it is long and has blanks", "", &"n".repeat(65)] {
        let (message, hint) = fault(&format!(r#"{{"a":1,"{name}":{public}}}"#));
        assert_eq!(
            (message.as_str(), hint),
            ("JSON that is neither a JWK nor a JWK Set", None)
        );
    }
}

#[test]
fn keys_that_are_no_set_are_made_one() {
    for (text, message, advice) in [
        (
            format!("[{OCT}]"),
            "an array of JWKs",
            edit(JsonEdit::WrapArray),
        ),
        (
            format!(r#"{{"a":{OCT},"b":{OCT}}}"#),
            "JWKs by name",
            edit(JsonEdit::WrapMembers),
        ),
        (
            format!(r#"{{"keys":{{"a":{OCT}}}}}"#),
            "JSON whose `keys` is an object, and in a JWK Set it is an array (RFC 7517 section 5.1)",
            edit(JsonEdit::ListKeys),
        ),
        (
            format!(r#"{{"keys":{OCT}}}"#),
            "JSON whose `keys` is an object, and in a JWK Set it is an array (RFC 7517 section 5.1)",
            edit(JsonEdit::ListKey),
        ),
        (
            format!(r#"{{"keys":{}}}"#, quote(&format!("[{OCT}]"))),
            "JSON whose `keys` is an array inside a string",
            edit(JsonEdit::ParseKeys),
        ),
        (
            format!("{OCT}\n\n{OCT}\n"),
            "several JWKs, one on each line, not a JWK Set",
            edit(JsonEdit::JoinLines),
        ),
        (
            r#"{"AdditionalData":{},"Alg":null,"Kty":"RSA","N":"AQAB","E":"AQAB"}"#.to_owned(),
            "a JWK whose names are in capitals, as .NET writes it",
            edit(JsonEdit::LowerNames),
        ),
        (
            r#"{"keys":7}"#.to_owned(),
            "JSON whose `keys` is a number, and in a JWK Set it is an array (RFC 7517 section 5.1)",
            None,
        ),
    ] {
        assert_eq!(
            (fault(&text).0.as_str(), hint(&text)),
            (message, advice),
            "{text}"
        );
    }
}

#[test]
fn a_document_that_says_where_the_keys_are_is_named() {
    const METADATA: &str = "the metadata of an issuer, whose keys are where `jwks_uri` says";
    let address = |member: &str| Advice::NameAddress {
        member: member.to_owned(),
        url: "https://a.test/jwks".to_owned(),
    };
    for (text, message, way) in [
        (
            r#"{"issuer":"https://a.test","jwks_uri":"https://a.test/jwks"}"#,
            METADATA,
            Advice::NameIssuer(Some("https://a.test".to_owned())),
        ),
        (
            r#"{"issuer":"https://u:p@a.test","jwks_uri":7}"#,
            METADATA,
            Advice::NameIssuer(None),
        ),
        (
            r#"{"jwk_url":"https://a.test/jwks?token=hunter2"}"#,
            "JSON that says where the keys are",
            address(".jwk_url"),
        ),
        (
            r#"{"jwksUri":"https://a.test/jwks"}"#,
            "JSON that says where the keys are",
            address(".jwksUri"),
        ),
    ] {
        assert_eq!(fault(text), (message.to_owned(), Some(way)));
    }
}

#[test]
fn the_error_of_a_server_is_no_key() {
    let kubernetes = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: User \"system:anonymous\" cannot get path \"/openid/v1/jwks\"","reason":"Forbidden","details":{},"code":403}"#;
    let (message, hint) = fault(kubernetes);
    assert_eq!(
        message,
        "an error of Kubernetes: forbidden: User \"system:anonymous\" cannot get path \"/openid/v1/jwks\""
    );
    assert_eq!(hint, Some(Advice::AskKubernetes));
    for text in [
        r#"{"error":"invalid_token","error_description":"hunter2"}"#,
        r#"{"message":"Not Found hunter2"}"#,
        r#"{"error":{"code":404,"message":"hunter2"}}"#,
        r#"{"errors":[{"message":"hunter2"}]}"#,
    ] {
        let (message, hint) = fault(text);
        assert_eq!(message, "the error of a server, not a key");
        assert_eq!(hint, None, "nothing of a file is repeated");
    }
}

#[test]
fn json_in_a_json_string_is_named_and_other_strings_may_be_secrets() {
    let set = format!(r#"{{"keys":[{OCT}]}}"#);
    for text in [
        quote(OCT),
        quote(&set),
        quote(&format!("\n {OCT}\n")),
        quote("[]"),
    ] {
        let (message, hint) = fault(&text);
        assert_eq!(message, "a JSON string that holds JSON");
        assert_eq!(hint, edit(JsonEdit::Parse));
    }
    for text in [
        "\"a secret of at least 32 characters\"",
        "\"{a secret}\"",
        "\"{",
        "\"",
    ] {
        assert!(find(text).is_none(), "{text}");
    }
}

#[test]
fn other_json_is_refused_and_nothing_of_it_repeated() {
    for text in [
        "{}",
        "[]",
        "[[[[[[[[[7]]]]]]]]]",
        r#"{"apiVersion":"v1","kind":"Config"}"#,
        r#"{"a":"hunter2"}"#,
    ] {
        let (message, hint) = fault(text);
        assert_eq!(
            (message.as_str(), hint),
            ("JSON that is neither a JWK nor a JWK Set", None)
        );
    }
}

#[test]
fn what_begins_as_an_object_is_no_secret_but_other_text_may_be() {
    assert!(find(&OCT[..60]).unwrap().is_err());
    assert!(find("{a secret of at least 32 bytes}}}").is_none());
    assert!(find("a secret of at least 32 characters").is_none());
}

#[test]
fn a_hostile_document_is_left_after_a_thousand_members() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let wide = vec![r#"{"a":{"b":{"c":{"d":"LS0tLS1CRUdJTiA"}}}}"#; 20_000].join(",");
    for text in [deep, format!("[{wide}]"), format!(r#"{{"x":[{wide}]}}"#)] {
        assert!(find(&text).unwrap().is_err());
    }
}

#[test]
fn a_key_is_looked_for_among_a_thousand_members_and_no_further() {
    for (before, is_found) in [(998, true), (999, false)] {
        let numbers = vec!["0"; before].join(",");
        let (message, _) = fault(&format!(r#"{{"a":[{numbers}],"jwk":{OCT}}}"#));
        let found = message == "JSON that is not a JWK, with a key in a member";
        assert_eq!(found, is_found, "{message}");
    }
}

#[test]
fn a_certificate_of_another_key_than_that_of_the_jwk_is_noted() {
    let certified = content::read(EC_CERTIFICATE.as_bytes(), &Reading::default()).unwrap();
    let (own, other) = (
        certified.keys[0].public_jwk().unwrap(),
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    );
    let der: String = EC_CERTIFICATE
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let notes = |jwk: &str| {
        let jwk = jwk.replacen('{', &format!(r#"{{"x5c":["{der}"],"#), 1);
        find(&jwk).unwrap().unwrap().notes
    };
    assert!(notes(&own).is_empty());
    assert_eq!(
        notes(other),
        ["the certificate in `x5c` of the JWK is for another key, which is not used"]
    );
}
