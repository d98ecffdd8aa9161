//! The examples of the library do what they say.

#[path = "../../../examples/verify_jwks.rs"]
mod verify_jwks;

#[test]
fn a_jwk_set_verifies_on_two_threads() {
    verify_jwks::main().unwrap();
}
