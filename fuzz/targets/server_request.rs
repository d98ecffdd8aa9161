#![no_main]

#[path = "../../tests/it/core/properties/server_request.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|input: &[u8]| property::holds(input));
