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
