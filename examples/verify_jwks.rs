//! Verifies a token with the keys of a JWK Set, on two threads at once.

use jott::{Policy, Reading, ReadyKeys, Timestamp, VerifyingKeys, read_keys};
use std::{error::Error, thread};

/// The key and the token of RFC 7515 appendix A.3.
const JWKS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let keys = read_keys(JWKS.as_bytes(), &Reading::default())?;
    let keys = ReadyKeys::new(VerifyingKeys::of("jwks.json", keys));
    let now = Timestamp::from_seconds(1_300_819_000);
    let verify = || keys.verify(TOKEN, &Policy::default(), now);
    thread::scope(|scope| {
        for verdict in [scope.spawn(verify), scope.spawn(verify)] {
            let verified = verdict.join().map_err(|_| "a thread panicked")??;
            let claims = verified.claims();
            assert!(claims.get("iss").is_some_and(|iss| iss.is("joe")));
        }
        Ok(())
    })
}
