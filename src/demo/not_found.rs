//! Unknown paths: the log says what may have been meant.

use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::demo::demo_server::DemoServer;
use crate::demo::event::Entry;
use crate::demo::json_answer::json;
use crate::demo::operations::{OPERATIONS, operations};
use crate::demo::path::{DOCS, PLAYGROUND};
use crate::demo::reference::Operation;

/// The last part of a path on other servers, and its name here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("access_token", "/token"),
    ("tokens", "/token"),
    ("auth", "/authorize"),
    ("authorization", "/authorize"),
    ("certs", "/jwks.json"),
    ("jwks", "/jwks.json"),
    ("keys", "/jwks.json"),
    ("introspection", "/introspect"),
    ("tokeninfo", "/introspect"),
    ("revocation", "/revoke"),
    ("me", "/userinfo"),
    ("logout", "/end_session"),
    ("endsession", "/end_session"),
    ("health", "/healthz"),
    ("livez", "/healthz"),
    ("readyz", "/healthz"),
    ("swagger.json", "/openapi.json"),
    ("openid-configuration", "/.well-known/openid-configuration"),
];

/// The answer to a request for an unknown path.
pub(super) async fn not_found(
    State(demo): State<DemoServer>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    let mut entry = Entry::default();
    entry.remark(reason(&demo, uri.path()), "RFC 9110 section 15.5.5");
    entry.with(json(
        StatusCode::NOT_FOUND,
        "{\"message\":\"there is nothing here\"}".to_owned(),
    ))
}

fn reason(demo: &DemoServer, path: &str) -> String {
    let issuer = &demo.settings().issuer;
    let whole = |row: &Operation| row.whole_path(issuer);
    if OPERATIONS
        .iter()
        .any(|row| row.openid && whole(row) == path)
    {
        return "there is no OpenID Connect if tokens are signed with a secret, since that cannot be published".to_owned();
    }
    let pages = [PLAYGROUND, DOCS].map(|page| format!("{}{page}", issuer.path()));
    let known: Vec<String> = operations(demo).map(whole).chain(pages).collect();
    match meant(path, issuer.path(), &known) {
        Some(meant) => format!("there is nothing here; did you mean `{meant}`?"),
        None => "there is nothing here".to_owned(),
    }
}

/// The path that may have been meant: the same with other slashes or in another case, below another
/// root, or under the name that another server uses.
fn meant<'k>(path: &str, root: &str, known: &'k [String]) -> Option<&'k String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.last()?.to_ascii_lowercase();
    let plain = format!("/{}", parts.join("/")).to_ascii_lowercase();
    let ends = |long: &str, short: &str| short.len() > 1 && long.ends_with(short);
    let same = |known: &&String| known.to_ascii_lowercase() == plain;
    // The path of the issuer stands before some, and within others (RFC 8414 section 3.1).
    let bare = |path: &str| path.replacen(root, "", 1);
    let rooted = |known: &&String| ends(&bare(&plain), &bare(known)) || ends(known, &plain);
    let renamed = || {
        let (_, name) = ELSEWHERE.iter().find(|(other, _)| *other == last)?;
        known
            .iter()
            .find(|known| known.strip_prefix(root) == Some(name))
    };
    let mut found = known.iter().filter(same).chain(known.iter().filter(rooted));
    found.next().or_else(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_found_by_what_there_is() {
        let known = |root: &str| {
            let below = [
                "/token",
                "/authorize",
                "/jwks.json",
                "/",
                "/items",
                "/.well-known/openid-configuration",
            ];
            let below = below.map(|path| format!("{root}{path}"));
            let beside = [
                "/.well-known/oauth-authorization-server",
                "/.well-known/oauth-protected-resource/items",
            ];
            let known = below
                .into_iter()
                .chain(beside.map(|path| format!("{path}{root}")));
            known.collect::<Vec<_>>()
        };
        for (root, path, expected) in [
            ("", "/token/", "/token"),
            ("", "//token", "/token"),
            ("", "/TOKEN", "/token"),
            (
                "",
                "//.well-known/openid-configuration",
                "/.well-known/openid-configuration",
            ),
            ("", "/oauth/token", "/token"),
            ("", "/realms/x/protocol/openid-connect/token", "/token"),
            ("", "/realms/x/protocol/openid-connect/certs", "/jwks.json"),
            ("", "/oauth2/v1/keys", "/jwks.json"),
            (
                "",
                "/realms/x/.well-known/openid-configuration",
                "/.well-known/openid-configuration",
            ),
            ("", "/.well-known/jwks.json", "/jwks.json"),
            ("/demo", "/token", "/demo/token"),
            ("/demo", "/oauth/token", "/demo/token"),
            ("/demo", "/demo/token/", "/demo/token"),
            ("/demo", "/auth", "/demo/authorize"),
            (
                "/demo",
                "/demo/.well-known/oauth-authorization-server",
                "/.well-known/oauth-authorization-server/demo",
            ),
        ] {
            let known = known(root);
            assert_eq!(
                meant(path, root, &known).map(String::as_str),
                Some(expected),
                "{path}"
            );
        }
        for path in ["/", "/nothing", "/tokenx", "/favicon.ico", "/x/"] {
            assert_eq!(meant(path, "", &known("")), None, "{path}");
        }
    }
}
