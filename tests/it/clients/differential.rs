//! Random tokens, judged by jott and by the rules of the contract written down again in Python.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::peer::{output, script};

const TOKENS: &str = "1000";

/// Other tokens every time; `JOTT_TEST_SEED` brings those of a failure back.
#[test]
fn random_tokens_are_judged_and_shown_as_the_contract_says() {
    let seed = env::var("JOTT_TEST_SEED").unwrap_or_else(|_| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        now.subsec_nanos().to_string()
    });
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
