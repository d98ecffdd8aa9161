use super::*;
use crate::token::content::{Reading, read};

const OTHER: &str = r#""kty":"EC","crv":"P-256","x":"AKikoXBgTRBd_rHbz6SE4Mg3jQZRLc3bXI9K0-cUb5U","y":"v-F2H_iiyig5MAwINZUPOEaknhlDTary98gVpKwxaac""#;
const WANTED: &str = r#""kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#;

fn keys(others: usize, more: &str) -> VerifyingKeys {
    let other = format!("{{{OTHER}{more}}},");
    let set = format!(r#"{{"keys":[{}{{{WANTED}}}]}}"#, other.repeat(others));
    let source = KeySource {
        label: "./set".to_owned(),
        keys: read(set.as_bytes(), &Reading::default()).unwrap().keys,
        is_set: true,
        remote: false,
        issuer: None,
    };
    VerifyingKeys::new(vec![source], false)
}

/// How many keys are tried, whether the wanted one is among them, and the note.
fn tried(keys: &VerifyingKeys) -> (usize, bool, Option<String>) {
    let selected = keys.select(Algorithm::ES256, None, &mut Prepared::default());
    let selected = selected.unwrap();
    let wanted = keys.all().last().unwrap().1.thumbprint();
    let is_wanted = |candidate: &Candidate<'_>| candidate.key.thumbprint() == wanted;
    (
        selected.candidates.len(),
        selected.candidates.iter().any(is_wanted),
        selected.note,
    )
}

#[test]
fn eight_keys_are_tried_and_no_more() {
    assert_eq!(tried(&keys(7, "")), (8, true, None));
    let note = "more than 8 keys of ./set fit: the rest was not tried".to_owned();
    assert_eq!(tried(&keys(8, "")), (8, false, Some(note.clone())));
    assert_eq!(tried(&keys(5_000, "")), (8, false, Some(note)));
}

#[test]
fn keys_that_may_not_verify_are_not_among_the_eight() {
    for more in [
        r#","use":"enc""#,
        r#","use":"x509-svid""#,
        r#","key_ops":["sign"]"#,
        r#","alg":"ES256","use":"enc""#,
    ] {
        assert_eq!(tried(&keys(20, more)), (1, true, None), "{more}");
    }
}

fn of(jwk: &str) -> Key {
    let reading = Reading {
        allow_weak: true,
        ..Reading::default()
    };
    read(jwk.as_bytes(), &reading).unwrap().keys.remove(0)
}

const SECRET: &str = r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;

/// Why no key is selected.
fn refusal(keys: &VerifyingKeys, algorithm: Algorithm, kid: Option<&str>) -> Refusal {
    let selected = keys.select(algorithm, kid, &mut Prepared::default());
    selected.err().unwrap()
}

#[test]
fn a_key_that_is_not_for_the_algorithm_says_what_it_is_for() {
    let pair = || of(&format!("{{{WANTED}}}"));
    let refused = |key: Key, algorithm| {
        refusal(
            &VerifyingKeys::of("./key", Keys::from(key)),
            algorithm,
            None,
        )
    };
    let forged = refused(pair(), Algorithm::HS256);
    assert_eq!(forged.reason, Reason::AlgRefused);
    assert_eq!(
        forged.message,
        "the token says HS256, and the key is an EC public key (P-256), for ES256"
    );
    assert_eq!(forged.expected.as_deref(), Some(r#"["ES256"]"#));
    assert_eq!(forged.found.as_deref(), Some(r#""HS256""#));
    assert_eq!(forged.hint, Some(Advice::SuspectForgery));
    let other = refused(of(SECRET), Algorithm::RS256);
    assert!(other.message.ends_with(", for HS256"), "{}", other.message);
    assert_eq!(other.hint, Some(Advice::TakePublicKey));
    assert_eq!(refused(pair(), Algorithm::RS256).hint, None);
    let short = of(r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw","alg":"HS512"}"#);
    assert_eq!(refused(short, Algorithm::HS256).hint, None);
}

#[test]
fn where_no_key_is_found_the_set_says_which_it_has() {
    let not_found = |jwks: &[&str], kid| {
        let set = format!(r#"{{"keys":[{}]}}"#, jwks.join(","));
        let keys = read(set.as_bytes(), &Reading::default()).unwrap();
        let refusal = refusal(&VerifyingKeys::of("./set", keys), Algorithm::ES256, kid);
        assert_eq!(refusal.reason, Reason::KeyNotFound);
        let Some(Advice::TakeSetOfIssuer { keys }) = refusal.hint else {
            panic!("{:?}", refusal.hint);
        };
        (refusal.message, refusal.found, keys)
    };
    let named = |kid: &str| format!(r#"{{{OTHER},"kid":"{kid}"}}"#);
    let found = Some(r#""x""#.to_owned());
    assert_eq!(
        not_found(&[&named("a")], Some("x")),
        (
            "the only key does not have the token's `kid` `x`".to_owned(),
            found.clone(),
            vec!["`a`".to_owned()]
        )
    );
    // Five are enough, and the thumbprint of a secret is not shown.
    let many: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(named).into();
    let many: Vec<&str> = [SECRET]
        .into_iter()
        .chain(many.iter().map(String::as_str))
        .collect();
    assert_eq!(
        not_found(&many, Some("x")),
        (
            "none of the 7 keys has the token's `kid` `x`".to_owned(),
            found,
            ["`a`", "`b`", "`c`", "`d`", "`e`"]
                .map(str::to_owned)
                .into()
        )
    );
    let secret = |kid: &str| SECRET.replace('}', &format!(r#","kid":"{kid}"}}"#));
    let (message, found, keys) = not_found(&[&secret("s")], None);
    assert_eq!(message, "the only key is not for ES256");
    assert_eq!((found, keys), (None, Vec::new()));
    let (message, _, _) = not_found(&[&secret("s"), &secret("t")], None);
    assert_eq!(message, "none of the 2 keys is for ES256");
    assert_eq!(not_found(&[&secret("s")], Some("x")).2, ["`s`"]);
}

#[test]
fn the_first_fault_of_a_key_is_told_and_keys_of_one_name_are_noted() {
    let key = |more: &str| format!("{{{OTHER}{more}}}");
    let set = |jwks: &[String]| {
        let set = format!(r#"{{"keys":[{}]}}"#, jwks.join(","));
        VerifyingKeys::of("./set", read(set.as_bytes(), &Reading::default()).unwrap())
    };
    let (encrypting, signing) = (key(r#","use":"enc""#), key(r#","key_ops":["sign"]"#));
    for (jwks, message, hint) in [
        (
            [&encrypting, &signing],
            "the key is not for signatures: its `use` is `enc`, not `sig`",
            Advice::TakeSigningUse,
        ),
        (
            [&signing, &encrypting],
            "the key may not verify: its `key_ops` lacks `verify`",
            Advice::TakeOperation("verify"),
        ),
    ] {
        let refused = refusal(&set(&jwks.map(Clone::clone)), Algorithm::ES256, None);
        assert_eq!((&*refused.message, refused.hint), (message, Some(hint)));
    }
    let same = key(r#","kid":"a""#);
    let wanted = format!(r#"{{{WANTED},"kid":"a"}}"#);
    let note = |jwks: &[String], kid| {
        let keys = set(jwks);
        let selected = keys.select(Algorithm::ES256, kid, &mut Prepared::default());
        selected.unwrap().note
    };
    let both = [same.clone(), wanted];
    let noted = "2 keys of ./set have the token's `kid`".to_owned();
    assert_eq!(note(&both, Some("a")), Some(noted));
    assert_eq!(note(&both, None), None);
    assert_eq!(note(&[same], Some("a")), None);
}

#[test]
fn newer_keys_take_the_place_of_those_of_their_source() {
    let source = |kid: &str| {
        let set = format!(r#"{{"keys":[{{{WANTED},"kid":"{kid}"}}]}}"#);
        KeySource::new("./set", read(set.as_bytes(), &Reading::default()).unwrap())
    };
    let mut keys = VerifyingKeys::new(vec![source("a"), source("b")], false);
    assert!(keys.has(0, "a") && !keys.has(1, "a") && !keys.has(2, "a"));
    keys.replace(0, source("c"));
    keys.replace(2, source("a"));
    assert!(keys.has(0, "c") && !keys.has(0, "a") && keys.has(1, "b"));
    assert_eq!(keys.sources().count(), 2);
    assert_eq!(keys.only_label(), None);
    assert_eq!(
        VerifyingKeys::new(vec![source("a")], false).only_label(),
        Some("./set")
    );
}
