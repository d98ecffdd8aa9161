//! What names in tokens mean, in a few words each.

/// Registered claims: RFC 7519, OpenID Connect Core, RFC 8693, 9068 and what identity providers
/// commonly add.
const CLAIMS: &[(&str, &str)] = &[
    ("iss", "issuer"),
    ("sub", "subject: whom it is about"),
    ("aud", "audience: who may accept it"),
    ("jti", "token ID"),
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
    ("sid", "session"),
    ("act", "who acts for the subject"),
    ("may_act", "who may act for the subject"),
    ("cnf", "key that its holder must prove"),
    ("vct", "type of credential"),
    ("_sd", "digests of claims not disclosed"),
    ("_sd_alg", "hash of the digests"),
    ("events", "security events"),
    ("htm", "HTTP method that it proves"),
    ("htu", "address that it proves"),
    ("ath", "hash of the access token it proves"),
    ("tid", "Entra tenant"),
    ("oid", "Entra object"),
    ("roles", "roles"),
    ("groups", "groups"),
    ("email", "email address"),
    ("email_verified", "whether the issuer has seen it used"),
    ("name", "full name"),
    ("preferred_username", "name to show, not to identify by"),
];

/// NumericDates, with the words for them in the past and the future.
const TIMES: &[(&str, &str, &str)] = &[
    ("exp", "expired", "expires"),
    ("nbf", "valid since", "valid"),
    ("iat", "issued", "issued"),
    ("auth_time", "logged in", "logged in"),
    ("updated_at", "changed", "changed"),
    ("toe", "happened", "happens"),
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

/// Media types that `typ` says (RFC 8725 section 3.11).
const TYPES: &[(&str, &str)] = &[
    ("jwt", "JSON Web Token"),
    ("at+jwt", "access token (RFC 9068)"),
    ("dpop+jwt", "proof of a key (RFC 9449)"),
    ("logout+jwt", "log-out token (OpenID Connect)"),
    ("secevent+jwt", "security event (RFC 8417)"),
    ("token-introspection+jwt", "introspection answer (RFC 9701)"),
    ("oauth-authz-req+jwt", "authorization request (RFC 9101)"),
    ("dc+sd-jwt", "credential with selective disclosure"),
    ("vc+sd-jwt", "credential with selective disclosure"),
    ("kb+jwt", "proof that the holder has the key"),
];

/// Issuers by the host in `iss`, or its end.
const ISSUERS: &[(&str, &str)] = &[
    ("token.actions.githubusercontent.com", "GitHub Actions"),
    ("gitlab.com", "GitLab"),
    ("accounts.google.com", "Google"),
    ("securetoken.google.com", "Firebase"),
    ("login.microsoftonline.com", "Microsoft Entra"),
    ("sts.windows.net", "Microsoft Entra"),
    (".b2clogin.com", "Microsoft Entra B2C"),
    ("appleid.apple.com", "Apple"),
    (".auth0.com", "Auth0"),
    (".okta.com", "Okta"),
    (".oktapreview.com", "Okta"),
    (".onelogin.com", "OneLogin"),
    (".cloudflareaccess.com", "Cloudflare Access"),
    ("oidc.circleci.com", "CircleCI"),
    ("agent.buildkite.com", "Buildkite"),
    ("app.terraform.io", "HCP Terraform"),
    ("api.bitbucket.org", "Bitbucket Pipelines"),
    ("kubernetes.default.svc", "Kubernetes"),
    ("kubernetes.default.svc.cluster.local", "Kubernetes"),
    (".clerk.accounts.dev", "Clerk"),
    (".supabase.co", "Supabase"),
    (".workos.com", "WorkOS"),
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

/// The verb for a time in the past or the future, where one is known.
pub(super) fn time(name: &str, past: bool) -> Option<&'static str> {
    let (_, was, will) = TIMES.iter().find(|(n, _, _)| *n == name)?;
    Some(if past { was } else { will })
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

/// Whose issuer this is. The token says so itself: it is a name, not a proof.
pub(super) fn issuer(iss: &str) -> Option<&'static str> {
    if iss == "kubernetes/serviceaccount" {
        return Some("Kubernetes");
    }
    let (host, path) = host_and_path(iss)?;
    let known = ISSUERS.iter().find(|(known, _)| {
        if known.starts_with('.') {
            host.strip_suffix(known)
                .is_some_and(|name| !name.is_empty())
        } else {
            host == *known
        }
    });
    match known {
        Some((_, name)) => Some(name),
        None if is_of_aws(host, "cognito-idp.") => Some("Amazon Cognito"),
        None if is_of_aws(host, "oidc.eks.") => Some("Amazon EKS"),
        None if path.starts_with("realms/") || path.starts_with("auth/realms/") => Some("Keycloak"),
        None => None,
    }
}

/// The host of an issuer, where there is no doubt about it.
pub(super) fn host(iss: &str) -> Option<&str> {
    host_and_path(iss).map(|(host, _)| host)
}

/// The host of an issuer and what follows it; nothing where two readers could take two hosts for it,
/// since not all of them end it at `?`, `#` or `\` and begin it after `@` (RFC 3986 section 3.2).
fn host_and_path(iss: &str) -> Option<(&str, &str)> {
    let rest = iss
        .strip_prefix("https://")
        .or_else(|| iss.strip_prefix("http://"))
        .unwrap_or(iss);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let is_plain = host.bytes().all(is_host) && port.bytes().all(|b| b.is_ascii_digit());
    is_plain.then_some((host, path))
}

/// Whether a host is that of a service in one of the regions of AWS, and not what a customer may call a
/// bucket there.
fn is_of_aws(host: &str, service: &str) -> bool {
    let region = host.strip_prefix(service).and_then(|rest| {
        rest.strip_suffix(".amazonaws.com")
            .or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
    });
    region.is_some_and(is_region)
}

/// Whether this is written as the regions of AWS are: `us-gov-west-1`.
pub(super) fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let [names @ .., number] = parts.as_slice() else {
        return false;
    };
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    names.len() > 1 && names.iter().all(is_name) && is_number
}

#[cfg(test)]
mod tests;
