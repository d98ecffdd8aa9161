#![no_main]

#[path = "../../tests/it/core/properties/issued.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|input: &[u8]| property::holds(input));
