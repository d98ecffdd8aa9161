//! The examples of the library do what they say.

#[path = "../../../examples/verify_jwks.rs"]
mod verify_jwks;

#[path = "../../../examples/issue_and_publish.rs"]
mod issue_and_publish;

#[test]
fn a_jwk_set_verifies_on_two_threads() {
    verify_jwks::main().unwrap();
}

#[test]
fn a_token_is_issued_and_verified_with_the_keys_that_are_published() {
    issue_and_publish::main().unwrap();
}
