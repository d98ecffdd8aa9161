//! What names in tokens mean, in a few words each.

/// Registered claims: RFC 7519, OpenID Connect Core, RFC 8693, 9068 and what identity providers
/// commonly add.
const CLAIMS: &[(&str, &str)] = &[
    ("iss", "who issued it"),
    ("sub", "whom it is about"),
    ("aud", "who may accept it"),
    ("jti", "its own ID"),
    ("azp", "client that it was issued to"),
    ("client_id", "client that asked for it"),
    ("scope", "what it allows"),
    ("scp", "what it allows"),
    ("nonce", "binds it to a log-in"),
    ("acr", "how strongly the user logged in"),
    ("amr", "how the user logged in"),
    ("at_hash", "hash of the access token beside it"),
    ("c_hash", "hash of the code beside it"),
    ("s_hash", "hash of the state beside it"),
    ("sid", "ID of the session"),
    ("act", "who acts for the subject"),
    ("may_act", "who may act for the subject"),
    ("cnf", "key that its holder must prove"),
    ("vct", "type of credential"),
    ("_sd", "digests of claims not disclosed"),
    ("_sd_alg", "hash of the digests"),
    ("sd_hash", "hash of what is presented"),
    ("events", "what happened"),
    ("htm", "HTTP method that it proves"),
    ("htu", "address that it proves"),
    ("ath", "hash of the access token it proves"),
    ("tid", "Entra tenant"),
    ("oid", "Entra object"),
    ("email_verified", "whether the issuer has seen it used"),
    ("preferred_username", "name to show, not to identify by"),
];

/// Header parameters: RFC 7515 section 4.1, 7516 section 4.1, 7518 section 4.
const HEADERS: &[(&str, &str)] = &[
    ("kid", "ID of a key, not the key itself"),
    ("cty", "type of the payload"),
    ("crit", "must be understood, or the token refused"),
    ("jku", "where its keys are said to be"),
    ("jwk", "key that the token brings along"),
    ("x5u", "where its certificate is said to be"),
    ("x5c", "certificates that the token brings along"),
    ("x5t", "SHA-1 of a certificate"),
    ("x5t#S256", "SHA-256 of a certificate"),
    ("zip", "how the payload was compressed"),
    ("epk", "ephemeral key of the sender"),
    ("b64", "whether the payload is base64url"),
    ("nonce", "against replay"),
];

/// Key management and content encryption of a JWE (RFC 7518 sections 4 and 5): what opens it.
const ENCRYPTION: &[(&str, &str)] = &[
    (
        "RSA1_5",
        "opened with the recipient's private RSA key (PKCS#1 v1.5, broken in practice)",
    ),
    ("RSA-OAEP", "opened with the recipient's private RSA key"),
    (
        "RSA-OAEP-256",
        "opened with the recipient's private RSA key",
    ),
    (
        "RSA-OAEP-384",
        "opened with the recipient's private RSA key",
    ),
    (
        "RSA-OAEP-512",
        "opened with the recipient's private RSA key",
    ),
    ("ECDH-ES", "opened with the recipient's private EC key"),
    (
        "ECDH-ES+A128KW",
        "opened with the recipient's private EC key",
    ),
    (
        "ECDH-ES+A192KW",
        "opened with the recipient's private EC key",
    ),
    (
        "ECDH-ES+A256KW",
        "opened with the recipient's private EC key",
    ),
    ("A128KW", "opened with a shared key of 128 bits"),
    ("A192KW", "opened with a shared key of 192 bits"),
    ("A256KW", "opened with a shared key of 256 bits"),
    ("A128GCMKW", "opened with a shared key of 128 bits"),
    ("A192GCMKW", "opened with a shared key of 192 bits"),
    ("A256GCMKW", "opened with a shared key of 256 bits"),
    ("dir", "opened with the shared content key itself"),
    ("PBES2-HS256+A128KW", "opened with a password"),
    ("PBES2-HS384+A192KW", "opened with a password"),
    ("PBES2-HS512+A256KW", "opened with a password"),
    ("A128CBC-HS256", "AES-128 in CBC mode, with HMAC SHA-256"),
    ("A192CBC-HS384", "AES-192 in CBC mode, with HMAC SHA-384"),
    ("A256CBC-HS512", "AES-256 in CBC mode, with HMAC SHA-512"),
    ("A128GCM", "AES-128 in GCM mode"),
    ("A192GCM", "AES-192 in GCM mode"),
    ("A256GCM", "AES-256 in GCM mode"),
];

/// Media types in `typ` (RFC 8725 section 3.11).
const TYPES: &[(&str, &str)] = &[
    ("at+jwt", "access token (RFC 9068)"),
    ("dpop+jwt", "proof of a key (RFC 9449)"),
    ("logout+jwt", "log-out token (OpenID Connect)"),
    ("secevent+jwt", "security event (RFC 8417)"),
    ("token-introspection+jwt", "introspection answer (RFC 9701)"),
    ("oauth-authz-req+jwt", "authorization request (RFC 9101)"),
    ("oauth-id-jag+jwt", "grant for another server (ID-JAG)"),
    ("dc+sd-jwt", "credential with selective disclosure"),
    ("vc+sd-jwt", "credential with selective disclosure"),
    ("kb+jwt", "proof that the holder has the key"),
];

fn look_up(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, words)| *words)
}

/// What a claim is.
pub(super) fn claim(name: &str) -> Option<&'static str> {
    look_up(CLAIMS, name)
}

/// What a header parameter is.
pub(super) fn header(name: &str) -> Option<&'static str> {
    look_up(HEADERS, name)
}

/// What an `alg` or `enc` of a JWE means.
pub(super) fn encryption(name: &str) -> Option<&'static str> {
    look_up(ENCRYPTION, name)
}

/// What a `typ` means.
pub(super) fn media_type(typ: &str) -> Option<&'static str> {
    let typ = typ.to_ascii_lowercase();
    look_up(TYPES, typ.strip_prefix("application/").unwrap_or(&typ))
}
