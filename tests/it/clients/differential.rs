//! Random tokens, judged by jott, by the rules of the contract written down again in Python, and by joserfc.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::peer::{output, script};

const TOKENS: &str = "1000";

/// So many are asked of joserfc.
const TOKENS_OF_MANY_KINDS: &str = "3000";

/// Other tokens every time; `JOTT_TEST_SEED` brings those of a failure back.
fn seed() -> String {
    env::var("JOTT_TEST_SEED").unwrap_or_else(|_| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        now.subsec_nanos().to_string()
    })
}

#[test]
fn random_tokens_are_judged_and_shown_as_the_contract_says() {
    let seed = seed();
    let mut compare = script("differential.py");
    compare.args([env!("CARGO_BIN_EXE_jott"), &seed, TOKENS]);
    let output = output(&mut compare, &[]);
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success() && said.is_empty(),
        "JOTT_TEST_SEED={seed}\n{}",
        String::from_utf8_lossy(&said)
    );
}

/// Refusing more is fine; where joserfc alone refuses, the script says why the token is good.
#[test]
fn nothing_is_accepted_that_joserfc_refuses() {
    let seed = seed();
    let mut compare = script("beside_joserfc.py");
    compare.args([env!("CARGO_BIN_EXE_jott"), &seed, TOKENS_OF_MANY_KINDS]);
    let output = output(&mut compare, &[]);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "JOTT_TEST_SEED={seed}\n{said}");
    let tally: Value = serde_json::from_str(&said).unwrap();
    // Otherwise nothing was compared.
    assert!(tally["accepted by both"].as_u64() > Some(500), "{said}");
    assert!(tally["refused by jott alone"].as_u64() > Some(10), "{said}");
}
