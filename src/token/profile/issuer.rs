//! Known issuers, by the `iss` of a token.

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

/// Addresses of issuers that everybody has to do with, and what they are called. What ends with `/` goes on
/// with a name of one's own: a tenant, a project.
pub const WELL_KNOWN: &[(&str, &str)] = &[
    (
        "https://token.actions.githubusercontent.com",
        "GitHub Actions",
    ),
    ("https://gitlab.com", "GitLab"),
    ("https://accounts.google.com", "Google"),
    ("https://securetoken.google.com/", "Firebase"),
    ("https://login.microsoftonline.com/", "Microsoft Entra"),
    ("https://appleid.apple.com", "Apple"),
    ("https://oidc.circleci.com/org/", "CircleCI"),
    ("https://agent.buildkite.com", "Buildkite"),
    ("https://app.terraform.io", "HCP Terraform"),
    ("https://kubernetes.default.svc.cluster.local", "Kubernetes"),
];

/// The names that the table of kinds asks for.
#[cfg(test)]
pub(crate) const NAMES: &[&str] = &[
    "Amazon Cognito",
    "Amazon EKS",
    "Apple",
    "Auth0",
    "Bitbucket Pipelines",
    "Buildkite",
    "CircleCI",
    "Cloudflare Access",
    "Firebase",
    "GitHub Actions",
    "Google",
    "HCP Terraform",
    "Keycloak",
    "Kubernetes",
    "Microsoft Entra",
    "Okta",
];

/// Whose issuer this is. Only the token says so: it is a name, not a proof.
pub(crate) fn issuer(iss: &str) -> Option<&'static str> {
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
#[must_use]
pub fn host(iss: &str) -> Option<&str> {
    host_and_path(iss).map(|(host, _)| host)
}

/// The host of an issuer and what follows it. `None` where two readers could see different hosts, since not
/// all end a host at `?`, `#` or `\` and begin it after `@` (RFC 3986 section 3.2).
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

/// Whether a host is that of a service in one of the regions of AWS, and not a bucket to which a customer
/// gave such a name.
fn is_of_aws(host: &str, service: &str) -> bool {
    let region = host.strip_prefix(service).and_then(|rest| {
        rest.strip_suffix(".amazonaws.com")
            .or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
    });
    region.is_some_and(is_region)
}

/// Whether this is written as the regions of AWS are: `us-gov-west-1`.
pub(crate) fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let [names @ .., number] = parts.as_slice() else {
        return false;
    };
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    names.len() > 1 && names.iter().all(is_name) && is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_known_address_is_that_of_the_issuer_it_names() {
        for (address, name) in WELL_KNOWN {
            assert_eq!(issuer(address), Some(*name), "{address}");
        }
    }

    #[test]
    fn issuers_are_known_by_their_host() {
        for (iss, name) in [
            ("https://accounts.google.com", "Google"),
            ("accounts.google.com", "Google"),
            ("https://a-b.eu.auth0.com/", "Auth0"),
            (
                "https://login.microsoftonline.com/t/v2.0",
                "Microsoft Entra",
            ),
            (
                "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x",
                "Amazon Cognito",
            ),
            (
                "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/X",
                "Amazon EKS",
            ),
            ("http://localhost:8080/realms/demo", "Keycloak"),
            ("https://id.example/auth/realms/demo", "Keycloak"),
            ("kubernetes/serviceaccount", "Kubernetes"),
        ] {
            assert_eq!(issuer(iss), Some(name), "{iss}");
        }
    }

    #[test]
    fn a_known_name_behind_the_host_is_not_the_issuer() {
        for end in ["?", "#", "\\", "@", ";", "%2f", "\0", " ", "é", ":", "&"] {
            for known in [
                "x.auth0.com",
                ".okta.com",
                "accounts.google.com",
                "oidc.eks.us-east-1.amazonaws.com",
                "cognito-idp.us-east-1.amazonaws.com",
                "x/realms/y",
            ] {
                let iss = format!("https://evil.example{end}{known}");
                assert_eq!(issuer(&iss), None, "{iss}");
            }
        }
        for iss in [
            "https://accounts.google.com@evil.example/",
            "https://accounts.google.com.evil.example/",
            "https://oidc.eks.us-east-1.amazonaws.com.evil.example/",
            "https://oidc.eks.s3.amazonaws.com/id/X",
            "https://cognito-idp.s3-us-west-2.amazonaws.com/x",
            "https://cognito-idp.amazonaws.com/x",
            "https://.auth0.com/",
            "https://evil.example/x.auth0.com",
            "evil.example\\/realms/x",
            "ftp://accounts.google.com",
            "",
        ] {
            assert_eq!(issuer(iss), None, "{iss}");
        }
    }
}
