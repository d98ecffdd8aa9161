#![no_main]

#[path = "../../tests/it/core/properties/claims_beside_a_peer.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|input: &[u8]| property::holds(input));
