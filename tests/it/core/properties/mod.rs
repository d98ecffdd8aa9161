//! What holds of any input at all, a file each. The tests try each property with the samples of `fuzz/corpus` and
//! with what changes of them make; the targets in `fuzz` try it with as many inputs as there is time for.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;

/// A property by its file, and the test of it.
macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        mod $name;

        #[test]
        fn $name() {
            try_out(stringify!($name), $name::holds);
        }
    )*};
}

properties! {
    address
    chain
    claim_flag
    claims_beside_a_peer
    client_document
    configuration
    decryption
    disclosures
    encrypted_key
    form
    issued
    jws_json
    key_content
    key_set
    key_source
    pattern
    search
    server_answer
    server_request
    standard_input
    time
    token
    token_answer
}

/// A change of a sample.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize),
    Insert(Index, Vec<u8>),
    /// What follows a place comes from another sample.
    Continue(Index, Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    // What has a meaning in one of the grammars.
    let words = select(&[
        "{", "}", "[", "]", "\"", ",", ":", "\\u0000", "null", "-", "1e9", ".", "~", "=", "%", "&",
        "\n", "*", "\u{202e}",
    ]);
    let bytes = prop_oneof![
        words.prop_map(|word: &str| word.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..8),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, by)| Change::Flip(at, by)),
        (any::<Index>(), 1..20_usize).prop_map(|(at, len)| Change::Remove(at, len)),
        (any::<Index>(), 1..20_usize).prop_map(|(at, len)| Change::Repeat(at, len)),
        (any::<Index>(), bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        any::<(Index, Index, Index)>()
            .prop_map(|(at, other, from)| Change::Continue(at, other, from)),
    ]
}

fn make(change: &Change, input: &mut Vec<u8>, samples: &[Vec<u8>]) {
    let place = |at: &Index, len: usize| at.index(len.saturating_add(1));
    let len = input.len();
    let end = |from: usize, count: usize| from.saturating_add(count).min(len);
    match change {
        Change::Flip(at, by) => {
            let at = place(at, len);
            if let Some(byte) = input.get_mut(at) {
                *byte ^= by;
            }
        }
        Change::Remove(at, count) => {
            let from = place(at, len);
            input.drain(from..end(from, *count));
        }
        Change::Repeat(at, count) => {
            let from = place(at, len);
            let part = input[from..end(from, *count)].to_vec();
            input.splice(from..from, part);
        }
        Change::Insert(at, bytes) => {
            let from = place(at, len);
            input.splice(from..from, bytes.iter().copied());
        }
        Change::Continue(at, other, from) => {
            let other = other.get(samples);
            input.truncate(place(at, len));
            input.extend_from_slice(&other[place(from, other.len())..]);
        }
    }
}

fn try_out(name: &str, holds: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    let files =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut samples: Vec<Vec<u8>> = files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    samples.sort();
    for sample in &samples {
        holds(sample);
    }
    let inputs = (any::<Index>(), prop::collection::vec(change(), 1..6));
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(600)
    };
    let tried = TestRunner::new(config).run(&inputs, |(sample, changes)| {
        let mut input = sample.get(&samples).clone();
        for change in &changes {
            make(change, &mut input, &samples);
        }
        holds(&input);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{name}: {error}"));
}
