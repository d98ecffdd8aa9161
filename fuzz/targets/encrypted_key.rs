#![no_main]

#[path = "../../tests/it/core/properties/encrypted_key.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|input: &[u8]| property::holds(input));
