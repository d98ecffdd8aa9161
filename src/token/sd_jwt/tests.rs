use super::*;
use crate::text::time::{Span, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claims::Members;
use crate::token::compact::encode_segment;
use crate::token::content::{Reading, read};
use crate::token::issue::{SigningKey, issue as sign};
use crate::token::key::Key;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::{Policy, SignatureChoice};
use crate::token::refusal::Reason;
use crate::token::report::CheckName;
use crate::token::verify::{Refused, Verified, verify};

const EXAMPLES: &str = include_str!("../../../tests/vectors/sd-jwt/rfc9901.jsonl");
const ISSUER: &str = r#"{"kty":"EC","crv":"P-256","x":"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ","y":"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8","d":"Ur2bNKuBPOrAaxsRnbSH6hIhmNTxSGXshDSUD1a1y7g"}"#;

fn key(jwk: &str) -> Key {
    read(jwk.as_bytes(), &Reading::default())
        .unwrap()
        .keys
        .remove(0)
}

fn judged(token: &str, policy: &Policy) -> Result<Verified, Refused> {
    let keys = VerifyingKeys::of("issuer", key(ISSUER).into());
    verify(token, &keys, policy, Timestamp::from_seconds(1_800_000_000))
}

fn refused(token: &str, policy: &Policy) -> (CheckName, Reason, String) {
    let refused = judged(token, policy).unwrap_err();
    let first = &refused.refusals[0];
    let failed = refused.report.checks.iter().find(|c| c.refusal == Some(0));
    (failed.unwrap().name, first.reason, first.message.clone())
}

fn rows() -> impl Iterator<Item = Json<'static>> {
    EXAMPLES
        .lines()
        .map(|line| Json::parse_str(line).unwrap().value)
}

fn text(row: Json<'_>, name: &str) -> String {
    row.get(name).and_then(Json::as_str).unwrap().into_owned()
}

/// What the verifier of the examples asks of a token: a proof with its name and its nonce, where there is one.
fn of_the_examples(token: &str) -> Policy {
    let mut policy = lax();
    policy.any_audience = true;
    if !token.ends_with('~') {
        policy.key_binding.required = true;
        policy.key_binding.audience = Some("https://verifier.example.org".to_owned());
        policy.key_binding.nonce = Some("1234567890".to_owned());
    }
    policy
}

#[test]
fn the_examples_of_rfc_9901_say_what_was_disclosed() {
    let mut bound = 0;
    for row in rows() {
        let name = text(row, "name");
        let token = text(row, "presented");
        let policy = of_the_examples(&token);
        bound += usize::from(policy.key_binding.required);
        let verified = judged(&token, &policy).unwrap_or_else(|why| panic!("{name}: {why}"));
        let expected = row.get("verified").unwrap();
        assert!(
            verified.claims().json().same(expected),
            "{name}: {}",
            verified.claims().compact()
        );
        // What the issuer handed out has all.
        judged(&text(row, "issued"), &lax()).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    assert_eq!(bound, 4);
}

/// With its own signatures; those of appendix A.4 have no `exp`.
#[test]
fn the_tokens_that_rfc_9901_prints_are_genuine() {
    const PRINTED: &str = include_str!("../../../tests/vectors/sd-jwt/rfc9901-text.jsonl");
    let (mut bound, mut compared) = (0, 0);
    for line in PRINTED.lines() {
        let row = Json::parse_str(line).unwrap().value;
        let name = text(row, "name");
        let token = text(row, "token");
        let policy = of_the_examples(&token);
        bound += usize::from(policy.key_binding.required);
        let verified = judged(&token, &policy).unwrap_or_else(|why| panic!("{name}: {why}"));
        if let Some(expected) = row.get("verified") {
            let claims = verified.claims();
            assert!(claims.json().same(expected), "{name}: {}", claims.compact());
            compared += 1;
        }
    }
    assert_eq!((bound, compared), (3, 5));
}

#[test]
fn the_examples_of_the_draft_on_credentials_say_what_was_disclosed() {
    const CREDENTIALS: &str = include_str!("../../../tests/vectors/sd-jwt/sd-jwt-vc.jsonl");
    let mut bound = 0;
    for line in CREDENTIALS.lines() {
        let row = Json::parse_str(line).unwrap().value;
        let token = text(row, "presented");
        let mut policy = Policy {
            typ: Some("dc+sd-jwt".to_owned()),
            ..Policy::default()
        };
        if !token.ends_with('~') {
            policy.key_binding.required = true;
            policy.key_binding.audience = Some("https://example.com/verifier".to_owned());
            policy.key_binding.nonce = Some("1234567890".to_owned());
            bound += 1;
        }
        let verified = judged(&token, &policy).unwrap();
        assert!(
            verified.claims().json().same(row.get("verified").unwrap()),
            "{}",
            verified.claims().compact()
        );
        let long = ["long_lived"];
        let warnings = &verified.report().warnings;
        assert!(warnings.iter().map(|w| w.code).eq(long), "{warnings:?}");
        judged(&text(row, "issued"), &Policy::default()).unwrap();
    }
    assert_eq!(bound, 2);
}

#[test]
fn a_credential_shows_in_any_case_what_it_depends_on() {
    let presented = |typ: &str, payload: &str, disclosures: &[&str]| {
        let all: Vec<String> = disclosures.iter().map(encode_segment).collect();
        let digests: Vec<String> = all
            .iter()
            .map(|one| format!("\"{}\"", digest(one)))
            .collect();
        let mut payload = payload.to_owned();
        for (number, digest) in digests.iter().enumerate() {
            payload = payload.replace(&format!("${number}"), digest);
        }
        let token = issued_as(typ, &payload);
        format!("{token}~{}~", all.join("~"))
    };
    let shown = "or a part of it is disclosed by itself, and a credential shows it in any case (SD-JWT VC, Registered JWT Claims)";
    for name in [
        "iss",
        "nbf",
        "exp",
        "cnf",
        "vct",
        "vct#integrity",
        "aka_vcts",
        "status",
    ] {
        let disclosure = format!(r#"["salt","{name}",1]"#);
        let payload = r#"{"_sd":[$0]}"#;
        for typ in ["dc+sd-jwt", "vc+sd-jwt", "application/DC+SD-JWT"] {
            let (check, reason, why) = refused(&presented(typ, payload, &[&disclosure]), &lax());
            assert_eq!(
                (check, reason),
                (CheckName::Disclosures, Reason::BadDisclosure)
            );
            assert_eq!(why, format!("`{name}` {shown}"));
        }
    }
    // What is within such a claim is a part of it, at any depth and in arrays.
    for (payload, disclosures) in [
        (
            r#"{"vct":"x","cnf":{"_sd":[$0]}}"#,
            [r#"["salt","jwk",{}]"#, "[]"],
        ),
        (
            r#"{"vct":"x","status":{"status_list":{"_sd":[$0]}}}"#,
            [r#"["salt","idx",1]"#, "[]"],
        ),
        (
            r#"{"vct":"x","aka_vcts":[{"...":$0}]}"#,
            [r#"["salt","y"]"#, "[]"],
        ),
        (
            r#"{"vct":"x","cnf":{"_sd":[$0]}}"#,
            [r#"["salt","jwk",{"_sd":[$1]}]"#, r#"["salt","x",1]"#],
        ),
    ] {
        let disclosures = disclosures.map(|one| {
            one.replace(
                "$1",
                &format!("\"{}\"", digest(&encode_segment(disclosures[1]))),
            )
        });
        let all: Vec<&str> = disclosures
            .iter()
            .map(String::as_str)
            .filter(|one| *one != "[]")
            .collect();
        let why = refused(&presented("dc+sd-jwt", payload, &all), &lax()).2;
        assert!(why.ends_with(shown), "{why}");
    }
    // The same names elsewhere are other claims, and other tokens may disclose what they will.
    for (typ, payload, disclosure) in [
        (
            "dc+sd-jwt",
            r#"{"vct":"x","work":{"_sd":[$0]}}"#,
            r#"["salt","status","employed"]"#,
        ),
        (
            "dc+sd-jwt",
            r#"{"vct":"x","_sd":[$0]}"#,
            r#"["salt","sub","ada"]"#,
        ),
        (
            "dc+sd-jwt",
            r#"{"vct":"x","_sd":[$0]}"#,
            r#"["salt","iat",1700000000]"#,
        ),
        (
            "dc+sd-jwt",
            r#"{"vct":"x","_sd":[$0]}"#,
            r#"["salt","/exp",1]"#,
        ),
        (
            "example+sd-jwt",
            r#"{"_sd":[$0]}"#,
            r#"["salt","status","employed"]"#,
        ),
    ] {
        let token = presented(typ, payload, &[disclosure]);
        assert!(judged(&token, &lax()).is_ok(), "{disclosure}");
    }
}

#[test]
fn a_credential_has_a_tilde_and_a_type() {
    for typ in ["dc+sd-jwt", "vc+sd-jwt", "application/DC+SD-JWT"] {
        let bare = issued_as(typ, r#"{"vct":"x","_sd":[]}"#);
        let cut = "the token is a credential by its `typ`, but no SD-JWT: there is no tilde after its signed part (RFC 9901 section 4)";
        let found = (CheckName::Format, Reason::Malformed, cut.to_owned());
        assert_eq!(refused(&bare, &lax()), found);
        // Also after a whole one, whose header is known.
        let keys = VerifyingKeys::of("issuer", key(ISSUER).into());
        let policy = lax();
        let now = Timestamp::from_seconds(1_800_000_000);
        let mut verifier = crate::token::verify::TokenVerifier::new(&keys, &policy, now);
        assert!(verifier.verify(&format!("{bare}~")).is_ok());
        assert!(verifier.verify(&bare).is_err());
    }
    let refused = |typ: &str, payload: &str| {
        judged(&format!("{}~", issued_as(typ, payload)), &lax())
            .map(drop)
            .map_err(|refused| refused.refusals.into_iter().next().unwrap())
            .map_err(|refusal| (refusal.reason, refusal.message))
    };
    for typ in ["dc+sd-jwt", "application/dc+sd-jwt"] {
        let none = "the credential does not say its type: it has no `vct`";
        assert_eq!(
            refused(typ, "{}"),
            Err((Reason::MissingClaim, none.to_owned()))
        );
        assert_eq!(
            refused(typ, r#"{"vct":1}"#),
            Err((
                Reason::Malformed,
                "`vct` is a number, not a string".to_owned()
            ))
        );
    }
    // A credential of the W3C has its type elsewhere.
    assert_eq!(refused("vc+sd-jwt", r#"{"type":["x"]}"#), Ok(()));
}

fn example(wanted: &str) -> String {
    let row = rows().find(|row| text(*row, "name") == wanted).unwrap();
    text(row, "presented")
}

#[test]
fn the_proof_of_the_holders_key_is_for_whom_it_was_made_and_of_this_token() {
    let token = example("simple");
    let asked = |audience: Option<&str>, nonce: Option<&str>| {
        let mut policy = Policy::default();
        policy.key_binding.audience = audience.map(str::to_owned);
        policy.key_binding.nonce = nonce.map(str::to_owned);
        policy
    };
    assert!(judged(&token, &asked(None, None)).is_ok());
    let binding = |why: &str| (CheckName::KeyBinding, Reason::KeyBinding, why.to_owned());
    assert_eq!(
        refused(&token, &asked(Some("https://other.example"), None)),
        binding("the proof of the holder's key is not valid: `aud` does not match")
    );
    assert_eq!(
        refused(&token, &asked(None, Some("other"))),
        binding("the proof of the holder's key is not valid: `nonce` does not match")
    );
    let asked_other = asked(None, Some("other"));
    let refusal = judged(&token, &asked_other).unwrap_err().refusals.remove(0);
    assert_eq!(
        (refusal.claim, refusal.expected, refusal.found),
        (
            Some("nonce".to_owned()),
            Some("\"other\"".to_owned()),
            Some("\"1234567890\"".to_owned())
        )
    );
    assert_eq!(
        refused(
            token.split_at(token.rfind('~').unwrap()).0,
            &asked(None, None)
        ),
        binding(
            "what follows the last tilde is not a proof of the holder's key: it has no dots; behind a disclosure there has to be a tilde (RFC 9901 section 4)"
        )
    );
    // A disclosure less, and the proof is of another token.
    let mut parts: Vec<&str> = token.split('~').collect();
    parts.remove(1);
    assert_eq!(
        refused(&parts.join("~"), &asked(None, None)),
        binding(
            "the proof of the holder's key was made for another token, or for other disclosures: its `sd_hash` does not match"
        )
    );
    let issued = Presented::of(&token).issued;
    assert!(judged(issued, &asked(None, None)).is_ok());
    assert_eq!(
        refused(issued, &asked(None, Some("1234567890"))),
        binding("the token has no proof of its holder's key, but one was asked for")
    );
    // Whichever is asked of it, there has to be one.
    let mut required = asked(None, None);
    required.key_binding.required = true;
    for policy in [required, asked(Some("https://verifier.example.org"), None)] {
        assert_eq!(
            refused(issued, &policy),
            binding("the token has no proof of its holder's key, but one was asked for")
        );
    }
    // The issuer's own token stands in the place of the proof.
    let forged = format!("{issued}{}", token.split('~').next().unwrap());
    let (check, _, why) = refused(&forged, &asked(None, None));
    assert_eq!(check, CheckName::KeyBinding);
    assert!(
        why.starts_with("the proof of the holder's key is not valid: "),
        "{why}"
    );
}

#[test]
fn the_proof_of_the_holders_key_is_held_to_each_rule_for_it() {
    let public = ISSUER.split(r#","d""#).next().unwrap();
    let payload = format!(r#"{{"iat":1799999990,"cnf":{{"jwk":{public}}}}}}}"#);
    let token = format!("{}~", issued(&payload));
    let proof = |typ: &str, claims: &str| {
        let mut header = Members::new();
        header.set_text("alg", "ES256");
        header.set_text("typ", typ);
        let object = crate::token::json::Object::parse(claims.as_bytes().to_vec()).unwrap();
        let mut members = Members::new();
        members.extend(&object);
        members.set_text("sd_hash", &digest(&token));
        let signing = SigningKey::new(&key(ISSUER), Algorithm::ES256, false).unwrap();
        format!("{token}{}", sign(&members, &header, &signing).unwrap())
    };
    let good = r#"{"iat":1799999990,"aud":"a","nonce":"n"}"#;
    let mut policy = lax();
    policy.key_binding.required = true;
    assert_eq!(
        refused(&format!("{}~", issued("{}")), &policy).2,
        "the token has no proof of its holder's key, but one was asked for, and its issuer has bound it to no key (`cnf`)"
    );
    assert!(judged(&proof("kb+jwt", good), &policy).is_ok());
    let why = |token: &str, policy: &Policy| {
        let (check, reason, message) = refused(token, policy);
        assert_eq!((check, reason), (CheckName::KeyBinding, Reason::KeyBinding));
        let (_, why) = message.split_once(" is not valid: ").unwrap();
        why.to_owned()
    };
    assert_eq!(
        why(&proof("JWT", good), &policy),
        "its `typ` is JWT, not kb+jwt"
    );
    for (claims, missing) in [
        (
            r#"{"aud":"a","nonce":"n"}"#,
            "does not say when it was issued: it has no `iat`",
        ),
        (r#"{"iat":1799999990,"nonce":"n"}"#, "has no `aud`"),
        (r#"{"iat":1799999990,"aud":"a"}"#, "has no `nonce`"),
    ] {
        let expected = format!("it {missing}");
        assert_eq!(why(&proof("kb+jwt", claims), &policy), expected);
    }
    // Both are a single string (RFC 9901 section 4.3).
    for (claims, wrong) in [
        (
            r#"{"iat":1799999990,"aud":["a"],"nonce":"n"}"#,
            "`aud` is an array, not a string",
        ),
        (
            r#"{"iat":1799999990,"aud":"a","nonce":1}"#,
            "`nonce` is a number, not a string",
        ),
        (
            r#"{"iat":1799999990,"aud":"a","nonce":null}"#,
            "`nonce` is null, not a string",
        ),
        (
            r#"{"iat":1799999990,"aud":"a","nonce":""}"#,
            "`nonce` is empty",
        ),
    ] {
        assert_eq!(why(&proof("kb+jwt", claims), &policy), wrong);
    }
    // None comes from the future, whether an age is asked for or not.
    let early = proof("kb+jwt", r#"{"iat":1800000030,"aud":"a","nonce":"n"}"#);
    let future = "it says it was issued in 30 seconds (2027-01-15T08:00:30Z)";
    assert_eq!(why(&early, &policy), future);
    policy.leeway = Span::from_seconds(30);
    assert!(judged(&early, &policy).is_ok());
    policy.leeway = Span::default();
    // The age that is asked for is that of the proof, with the same leeway.
    let old = proof("kb+jwt", r#"{"iat":1799999900,"aud":"a","nonce":"n"}"#);
    assert!(judged(&old, &policy).is_ok());
    policy.max_age = Some(Span::from_seconds(60));
    assert!(judged(&proof("kb+jwt", good), &policy).is_ok());
    assert!(why(&old, &policy).starts_with("it is older than 1m: "));
    policy.leeway = Span::from_seconds(40);
    assert!(judged(&old, &policy).is_ok());
}

#[test]
fn a_fresh_proof_makes_an_old_credential_fresh_and_without_one_its_own_age_counts() {
    let public = ISSUER.split(r#","d""#).next().unwrap();
    for iat in [r#""iat":1790000000,"#, ""] {
        let token = format!(
            "{}~",
            issued(&format!(r#"{{{iat}"cnf":{{"jwk":{public}}}}}}}"#))
        );
        let mut header = Members::new();
        header.set_text("alg", "ES256");
        header.set_text("typ", "kb+jwt");
        let claims = r#"{"iat":1799999990,"aud":"a","nonce":"n"}"#;
        let object = crate::token::json::Object::parse(claims.as_bytes().to_vec()).unwrap();
        let mut members = Members::new();
        members.extend(&object);
        members.set_text("sd_hash", &digest(&token));
        let signing = SigningKey::new(&key(ISSUER), Algorithm::ES256, false).unwrap();
        let proof = sign(&members, &header, &signing).unwrap();
        let mut policy = lax();
        policy.max_age = Some(Span::from_seconds(60));
        let verified = judged(&format!("{token}{proof}"), &policy).unwrap();
        let checks = &verified.report().checks;
        let age = checks.iter().find(|c| c.name == CheckName::MaxAge).unwrap();
        let seen = "the proof of the holder's key is not older than 1m";
        assert_eq!(age.detail.as_deref(), Some(seen));
        let reason = if iat.is_empty() {
            Reason::MissingClaim
        } else {
            Reason::TooOld
        };
        let (check, found, _) = refused(&token, &policy);
        assert_eq!((check, found), (CheckName::MaxAge, reason));
    }
}

/// A token of the issuer with a payload.
fn issued(payload: &str) -> String {
    issued_as("JWT", payload)
}

fn issued_as(typ: &str, payload: &str) -> String {
    let object = crate::token::json::Object::parse(payload.as_bytes().to_vec()).unwrap();
    let mut claims = Members::new();
    claims.extend(&object);
    let mut header = Members::new();
    header.set_text("alg", "ES256");
    header.set_text("typ", typ);
    let signing = SigningKey::new(&key(ISSUER), Algorithm::ES256, false).unwrap();
    sign(&claims, &header, &signing).unwrap()
}

fn digest(segment: &str) -> String {
    disclosure::digest_of(&aws_lc_rs::digest::SHA256, segment)
}

fn lax() -> Policy {
    Policy {
        allow_no_exp: true,
        ..Policy::default()
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn disclosures_that_do_not_belong_to_the_token_are_refused() {
    let hash = encode_segment(r#"["salt","_sd_alg","sha-256"]"#);
    let hash_within = encode_segment(r#"["salt","x",{"_sd_alg":"sha-512"}]"#);
    let [no_salt, no_text, a, sd, dots, element, twice] = [
        r#"[1,"a",1]"#,
        "[1,1]",
        r#"["salt","a",1]"#,
        r#"["salt","_sd",1]"#,
        r#"["salt","...",1]"#,
        r#"["salt",1]"#,
        r#"["salt","b",1]"#,
    ]
    .map(encode_segment);
    let deep = encode_segment(format!(r#"["salt","d",{{"_sd":["{}"]}}]"#, digest(&a)));
    let not_json = encode_segment("[");
    let no_array = encode_segment("{}");
    let (foreign, nothing) = ("W!".to_owned(), String::new());
    let d = |segment: &str| format!("\"{}\"", digest(segment));
    for (payload, disclosures, why) in [
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&a)),
            vec![&a, &a],
            "disclosure 1 (`a`) occurs again as disclosure 2",
        ),
        (
            format!(r#"{{"_sd":[{0},{0}]}}"#, d(&a)),
            vec![&a],
            "a digest occurs twice in the token",
        ),
        (
            format!(r#"{{"_sd":[{0}],"x":{{"_sd":[{0}]}}}}"#, d(&a)),
            vec![],
            "a digest occurs twice in the token",
        ),
        (
            r#"{"_sd":[]}"#.to_owned(),
            vec![&a],
            "disclosure 1 (`a`) belongs to no digest in the token or in another disclosure",
        ),
        (
            "{}".to_owned(),
            vec![&a],
            "disclosure 1 (`a`) belongs to no digest in the token or in another disclosure",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&sd)),
            vec![&sd],
            "disclosure 1 names its claim `_sd`, a name that no claim may have",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&dots)),
            vec![&dots],
            "disclosure 1 names its claim `...`, a name that no claim may have",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&hash)),
            vec![&hash],
            "disclosure 1 names its claim `_sd_alg`, a name that no claim may have",
        ),
        (
            r#"{"x":[{"_sd_alg":"sha-256"}]}"#.to_owned(),
            vec![],
            "`_sd_alg` must stand at the top level of the token (RFC 9901 section 4.1.1)",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&hash_within)),
            vec![&hash_within],
            "`_sd_alg` must stand at the top level of the token (RFC 9901 section 4.1.1)",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&element)),
            vec![&element],
            "disclosure 1 (an element of an array) stands for a claim, and is not an array of a salt, a name and a value",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&no_salt)),
            vec![&no_salt],
            "disclosure 1 stands for a claim, and is not an array of a salt, a name and a value",
        ),
        (
            format!(r#"{{"x":[{{"...":{}}}]}}"#, d(&no_text)),
            vec![&no_text],
            "disclosure 1 stands for an element of an array, and is not an array of a salt and a value",
        ),
        (
            format!(r#"{{"x":[{{"...":{}}}]}}"#, d(&a)),
            vec![&a],
            "disclosure 1 (`a`) stands for an element of an array, and is not an array of a salt and a value",
        ),
        (
            format!(r#"{{"b":2,"_sd":[{}]}}"#, d(&twice)),
            vec![&twice],
            "disclosure 1 has `b`, which is there already",
        ),
        (
            format!(r#"{{"_sd_alg":"sha-1","_sd":[{}]}}"#, d(&a)),
            vec![&a],
            "the digests are made with an unknown hash: `_sd_alg` is \"sha-1\"",
        ),
        (
            format!(r#"{{"_sd_alg":"sha-512","_sd":[{}]}}"#, d(&a)),
            vec![&a],
            "disclosure 1 (`a`) belongs to no digest in the token or in another disclosure",
        ),
        (
            r#"{"_sd":"x"}"#.to_owned(),
            vec![],
            "an `_sd` of the token is not an array of digests",
        ),
        (
            r#"{"_sd":[1]}"#.to_owned(),
            vec![],
            "an `_sd` of the token is not an array of digests",
        ),
        (
            r#"{"...":"x"}"#.to_owned(),
            vec![],
            "`...` must stand alone in an object that is an element of an array",
        ),
        (
            r#"{"x":[{"...":"x","y":1}]}"#.to_owned(),
            vec![],
            "`...` of an element is not a digest, or does not stand alone",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&not_json)),
            vec![&not_json],
            "disclosure 1 cannot be read: it is not JSON: the text ends too early at byte 2",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&no_array)),
            vec![&no_array],
            "disclosure 1 cannot be read: it is an object, not an array",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&a)),
            vec![&a, &foreign],
            "disclosure 2 cannot be read: the disclosure has `!` at character 2, which base64url does not use",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&a)),
            vec![&nothing, &a],
            "disclosure 1 cannot be read: there is nothing between two tildes",
        ),
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&a)),
            vec![&a, &twice, &deep],
            "disclosure 2 (`b`) belongs to no digest in the token or in another disclosure",
        ),
        // What leads to it is not disclosed.
        (
            format!(r#"{{"_sd":[{}]}}"#, d(&deep)),
            vec![&a],
            "disclosure 1 (`a`) belongs to no digest in the token or in another disclosure",
        ),
    ] {
        let mut token = issued(&payload) + "~";
        for segment in disclosures {
            token.push_str(segment);
            token.push('~');
        }
        let (check, reason, message) = refused(&token, &lax());
        assert_eq!(
            (check, reason),
            (CheckName::Disclosures, Reason::BadDisclosure),
            "{payload}"
        );
        assert_eq!(message, why, "{payload}");
    }
}

#[test]
fn decoys_say_nothing_and_what_is_disclosed_in_depth_comes_out() {
    let inner = encode_segment(r#"["salt","street","x"]"#);
    let outer = encode_segment(format!(
        r#"["salt","address",{{"_sd":["{}","decoy"]}}]"#,
        digest(&inner)
    ));
    let element = encode_segment(r#"["salt",["deep"]]"#);
    let payload = format!(
        r#"{{"_sd_alg":"sha-256","_sd":["{}","other decoy"],"list":[1,{{"...":"{}"}},{{"...":"decoy of a list"}}]}}"#,
        digest(&outer),
        digest(&element)
    );
    let token = format!("{}~{outer}~{inner}~{element}~", issued(&payload));
    let claims = |token: &str| {
        judged(token, &lax())
            .unwrap()
            .claims()
            .compact()
            .into_owned()
    };
    assert_eq!(
        claims(&token),
        r#"{"list":[1,["deep"]],"address":{"street":"x"}}"#
    );
    let (fewer, unknown) = without(&token, &["address", "none"]).unwrap();
    assert_eq!(unknown, ["none"]);
    assert_eq!(claims(&fewer), r#"{"list":[1,["deep"]]}"#);
    let (fewer, _) = without(&token, &["street"]).unwrap();
    assert_eq!(claims(&fewer), r#"{"list":[1,["deep"]],"address":{}}"#);
}

#[test]
fn a_chain_of_disclosures_is_followed_to_a_depth_and_no_further() {
    let chain = |len: usize| {
        let mut all = vec![encode_segment(r#"["salt","end",1]"#)];
        for _ in 0..len {
            let last = all.last().unwrap();
            let next = encode_segment(format!(r#"["salt","a",{{"_sd":["{}"]}}]"#, digest(last)));
            all.push(next);
        }
        let payload = format!(r#"{{"_sd":["{}"]}}"#, digest(all.last().unwrap()));
        format!("{}~{}~", issued(&payload), all.join("~"))
    };
    assert!(judged(&chain(127), &lax()).is_ok());
    for len in [128, 2000] {
        assert_eq!(
            refused(&chain(len), &lax()).2,
            "the disclosures are nested too deep"
        );
    }
}

fn made(payload: &str, names: &[&str]) -> Result<(String, Vec<String>), NotDisclosable> {
    let object = crate::token::json::Object::parse(payload.as_bytes().to_vec()).unwrap();
    let mut claims = Members::new();
    claims.extend(&object);
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let disclosures = Disclosable::new(&names).apply(&mut claims)?;
    let mut header = Members::new();
    header.set_text("alg", "ES256");
    let signing = SigningKey::new(&key(ISSUER), Algorithm::ES256, false).unwrap();
    let token = sign(&claims, &header, &signing).unwrap();
    Ok((token + "~", disclosures))
}

fn claims_of(token: &str) -> String {
    let verified = judged(token, &lax()).unwrap();
    verified.claims().compact().into_owned()
}

#[test]
fn what_is_made_disclosable_is_judged_good_with_and_without_it() {
    let payload = r#"{"iss":"i","name":"Ada","level":3}"#;
    let (token, disclosures) = made(payload, &["name", "level"]).unwrap();
    let disclosures: [String; 2] = disclosures.try_into().unwrap();
    assert_eq!(claims_of(&token), r#"{"iss":"i"}"#);
    let mut shown = disclosures.map(|one| claims_of(&format!("{token}{one}~")));
    shown.sort();
    let expected = [r#"{"iss":"i","level":3}"#, r#"{"iss":"i","name":"Ada"}"#];
    assert_eq!(shown, expected);
}

#[test]
fn members_and_elements_within_a_claim_are_disclosed_by_themselves() {
    let payload = r#"{"iss":"i","address":{"street":"Main","city":{"name":"X","zip":7}},"langs":["de","en",["fr"]],"a/b":{"~":1}}"#;
    let all = [
        "/address/street",
        "/address/city/zip",
        "/langs/0",
        "/langs/2",
        "/langs/2/0",
        "/a~1b/~0",
        "/langs/0",
    ];
    let (token, disclosures) = made(payload, &all).unwrap();
    assert_eq!(disclosures.len(), 6);
    let text = disclosures.join("~");
    for hidden in ["\"Main\"", "\"zip\"", "\"de\"", "\"fr\""] {
        let payload = token.split('.').nth(1).unwrap();
        let payload = crate::token::compact::decode_segment(payload, "payload").unwrap();
        assert!(!String::from_utf8(payload).unwrap().contains(hidden));
    }
    assert_eq!(
        claims_of(&token),
        r#"{"iss":"i","address":{"city":{"name":"X"}},"langs":["en"],"a/b":{}}"#
    );
    let whole = format!("{token}{text}~");
    let verified = judged(&whole, &lax()).unwrap();
    let expected = Json::parse_str(payload).unwrap().value;
    assert!(
        verified.claims().json().same(expected),
        "{}",
        claims_of(&whole)
    );
    // A holder leaves out what stands at a place, and what is within it.
    let fewer = |names: &[&str]| claims_of(&without(&whole, names).unwrap().0);
    assert_eq!(
        fewer(&["/langs/2", "/address/city/zip", "~"]),
        r#"{"iss":"i","address":{"city":{"name":"X"},"street":"Main"},"langs":["de","en"],"a/b":{}}"#
    );
    assert_eq!(
        fewer(&["/langs/2/0", "/a~1b/~0", "street", "zip"]),
        r#"{"iss":"i","address":{"city":{"name":"X"}},"langs":["de","en",[]],"a/b":{}}"#
    );
    let unknown = without(&whole, &["/langs/1", "/address", "", "/langs/3"])
        .unwrap()
        .1;
    assert_eq!(unknown, ["/langs/1", "/address", "", "/langs/3"]);
}

#[test]
fn what_is_within_a_disclosed_claim_is_disclosed_after_it() {
    let payload = r#"{"iss":"i","address":{"street":"Main","city":"X"}}"#;
    let (token, disclosures) = made(payload, &["address", "/address/street"]).unwrap();
    let [street, address] = disclosures.as_slice() else {
        panic!("{disclosures:?}");
    };
    assert_eq!(claims_of(&token), r#"{"iss":"i"}"#);
    assert_eq!(
        claims_of(&format!("{token}{address}~")),
        r#"{"iss":"i","address":{"city":"X"}}"#
    );
    assert_eq!(
        claims_of(&format!("{token}{street}~{address}~")),
        r#"{"iss":"i","address":{"city":"X","street":"Main"}}"#
    );
    assert!(judged(&format!("{token}{street}~"), &lax()).is_err());
}

#[test]
fn what_cannot_be_disclosed_by_itself_is_refused() {
    let missing = |name: &str| NotDisclosable::Missing(name.to_owned());
    for (payload, name, why) in [
        (r#"{"a":1}"#, "b", missing("b")),
        (r#"{"a":1}"#, "/a/b", missing("/a/b")),
        (r#"{"a":{"b":1}}"#, "/a/c", missing("/a/c")),
        (r#"{"a":{"b":1}}"#, "a.b", missing("a.b")),
        (r#"{"a":[1]}"#, "/a/1", missing("/a/1")),
        (r#"{"a":[1]}"#, "/a/00", missing("/a/00")),
        (r#"{"a":[1]}"#, "/a/-", missing("/a/-")),
        (
            r#"{"a":{"b":1,"\u0062":2}}"#,
            "/a/b",
            NotDisclosable::Duplicate("b".to_owned()),
        ),
        (r#"{"a":1,"_sd":[]}"#, "a", NotDisclosable::Reserved("_sd")),
        (
            r#"{"a":{"x":[{"\u005fsd":[]}]}}"#,
            "a",
            NotDisclosable::Reserved("_sd"),
        ),
        (
            r#"{"a":1,"b":[{"...":"x"}]}"#,
            "a",
            NotDisclosable::Reserved("..."),
        ),
        (
            r#"{"a":1,"b":{"_sd_alg":"sha-256"}}"#,
            "a",
            NotDisclosable::Reserved("_sd_alg"),
        ),
    ] {
        assert_eq!(made(payload, &[name]).unwrap_err(), why, "{payload}");
    }
    // Of a token that only names the key of its holder, a claim of that name would be lost.
    assert_eq!(
        made(r#"{"a":1,"_sd":[]}"#, &[]).unwrap_err(),
        NotDisclosable::Reserved("_sd")
    );
    for (why, said) in [
        (missing("b"), "there is no claim `b` to disclose by itself"),
        (
            NotDisclosable::Duplicate("b".to_owned()),
            "`b` is there twice",
        ),
    ] {
        assert_eq!(why.to_string(), said);
    }
}

#[test]
fn the_disclosures_of_the_text_of_rfc_9901_have_its_digests_in_every_spelling() {
    // Section 4.2.1: one claim, written in four ways; section 4.2.3: the digest of the first.
    let spellings = [
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
        "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
    ];
    let of_text = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0";
    assert_eq!(digest(spellings[0]), of_text);
    for spelling in spellings {
        let payload = format!(r#"{{"given_name":"x","_sd":["{}"]}}"#, digest(spelling));
        let verified = judged(&format!("{}~{spelling}~", issued(&payload)), &lax()).unwrap();
        assert!(verified.claims().get("family_name").unwrap().is("Möbius"));
        // What is signed is one spelling.
        for other in spellings.into_iter().filter(|other| *other != spelling) {
            let token = format!("{}~{other}~", issued(&payload));
            assert_eq!(refused(&token, &lax()).1, Reason::BadDisclosure);
        }
    }
    // Sections 4.2.2 and 4.2.4.2: an element of an array.
    let element = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";
    let payload =
        r#"{"nationalities":["DE",{"...":"w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"},"US"]}"#;
    let token = issued(payload);
    assert_eq!(
        claims_of(&format!("{token}~{element}~")),
        r#"{"nationalities":["DE","FR","US"]}"#
    );
    assert_eq!(
        claims_of(&format!("{token}~")),
        r#"{"nationalities":["DE","US"]}"#
    );
}

#[test]
fn the_json_form_of_an_sd_jwt_is_judged_with_its_disclosures_and_its_proof() {
    const JSON: &str = include_str!("../../../tests/vectors/sd-jwt/rfc9901-json.jsonl");
    let row = Json::parse_str(JSON.trim()).unwrap().value;
    let mut policy = lax();
    policy.signature = Some(SignatureChoice::Any);
    let all = judged(row.get("issued").unwrap().text(), &policy).unwrap();
    assert!(all.claims().get("birthdate").unwrap().is("1940-01-01"));
    policy.key_binding.required = true;
    policy.key_binding.audience = Some("https://verifier.example.org".to_owned());
    policy.key_binding.nonce = Some("1234567890".to_owned());
    let flattened = row.get("presented").unwrap();
    let part = |name: &str| flattened.get(name).unwrap().text();
    let general = |others: &str| {
        format!(
            r#"{{"payload":{},"signatures":[{{"protected":{},"signature":{},"header":{}}}{others}]}}"#,
            part("payload"),
            part("protected"),
            part("signature"),
            part("header")
        )
    };
    let late = Timestamp::from_seconds(1_800_000_000);
    let keys = VerifyingKeys::of("issuer", key(ISSUER).into());
    for token in [flattened.text(), &general("")] {
        let verified = verify(token, &keys, &policy, late).unwrap();
        assert!(verified.claims().json().same(row.get("verified").unwrap()));
        assert!(
            verified
                .report()
                .warnings
                .iter()
                .all(|one| !one.message.contains("anyone"))
        );
    }
    let said = |token: &str| refused(token, &policy).2;
    // One disclosure less, and the proof is of another token.
    let first = part("header").split('"').nth(3).unwrap();
    assert!(
        said(&flattened.text().replace(&format!("\"{first}\","), ""))
            .contains("its `sd_hash` does not match")
    );
    assert_eq!(
        said(&flattened.text().replace(first, &format!("{first}~"))),
        "`disclosures` of the token is not an array of disclosures, or `kb_jwt` is not a token"
    );
    assert_eq!(
        said(&general(
            r#",{"protected":"e30","signature":"AA","header":{"disclosures":[]}}"#
        )),
        "`disclosures` is in the header of a signature that is not the first (RFC 9901 section 8.3)"
    );
    assert_eq!(
        said(&flattened.text().replace("\"kb_jwt\"", "\"other\"")),
        "the token has no proof of its holder's key, but one was asked for"
    );
}

#[test]
fn the_json_form_of_an_sd_jwt_is_shown_and_shortened_as_the_compact_form_is() {
    const JSON: &str = include_str!("../../../tests/vectors/sd-jwt/rfc9901-json.jsonl");
    let row = Json::parse_str(JSON.trim()).unwrap().value;
    let flattened = row.get("presented").unwrap();
    let part = |name: &str| flattened.get(name).unwrap().text();
    let general = format!(
        r#"{{"payload":{},"signatures":[{{"protected":{},"signature":{},"header":{}}},{{"protected":"e30","signature":"AA"}}]}}"#,
        part("payload"),
        part("protected"),
        part("signature"),
        part("header")
    );
    for token in [flattened.text(), &general] {
        let decoded = crate::token::decode::decode(token).unwrap();
        let crate::token::decode::TokenForm::SdJwt {
            disclosures,
            key_binding,
        } = &decoded.form
        else {
            panic!("{:?}", decoded.form);
        };
        assert_eq!((disclosures.count(), key_binding.is_some()), (2, true));
        assert_eq!(
            decoded.header.json().compact(),
            r#"{"alg":"ES256","typ":"example+sd-jwt"}"#
        );
        let claims = decoded.disclosed_claims().unwrap().unwrap();
        assert!(claims.json().same(row.get("verified").unwrap()));
        let (fewer, unknown) = without(token, &["given_name", "email"]).unwrap();
        assert_eq!(unknown, ["email"]);
        let shorter = crate::token::decode::decode(&fewer).unwrap();
        let crate::token::decode::TokenForm::SdJwt {
            disclosures,
            key_binding: None,
        } = &shorter.form
        else {
            panic!("{:?}", shorter.form);
        };
        assert_eq!(disclosures.count(), 1);
        let claims = shorter.disclosed_claims().unwrap().unwrap();
        assert!(claims.get("given_name").is_none() && claims.get("family_name").is_some());
        assert_eq!(shorter.signatures.len(), decoded.signatures.len());
    }
    // A parameter of that name that is signed is one of the header.
    let protected = encode_segment(r#"{"alg":"ES256","kb_jwt":"x"}"#);
    let token =
        format!(r#"{{"payload":"e30","protected":"{protected}","header":{{}},"signature":"AA"}}"#);
    let decoded = crate::token::decode::decode(&token).unwrap();
    assert!(matches!(decoded.form, crate::token::decode::TokenForm::Jws));
    assert!(decoded.header.get("kb_jwt").is_some());
    assert_eq!(
        without(&token, &["x"]).unwrap_err().message,
        "the token is not an SD-JWT: it has no disclosures to leave out"
    );
}
