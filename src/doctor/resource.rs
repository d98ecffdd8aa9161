//! A protected resource: how it asks for a token, and its metadata (RFC 9728).

use std::borrow::Cow;

use crate::doctor::answer::{self, Document, JSON};
use crate::doctor::finding::{Finding, Part};
use crate::keys::remote::Network;
use crate::keys::{Address, Issuer};
use crate::oauth::well_known;
use crate::text::escape;
use crate::text::url::without_root_slash;
use crate::token::json::{Json, Kind};
use crate::token::key_fault::KeyReason;

const CHALLENGE: &str = "RFC 9728 section 5.1";
const METADATA: &str = "RFC 9728 section 3";

/// How many authorization servers of a resource are checked.
const MOST_SERVERS: usize = 3;

/// What was found of a resource.
pub(super) struct Resource {
    pub(super) parts: Vec<Part>,
    pub(super) is_reached: bool,
    /// The authorization servers that it names.
    pub(super) servers: Vec<Issuer>,
}

/// Where the challenge of a resource says that its metadata is, if it sends one.
pub(super) fn challenged(address: &Address, network: &Network<'_>) -> bool {
    let document = Document::ask(address, JSON, network);
    let probe = document.answer.as_ref().ok();
    probe.is_some_and(|probe| {
        probe.status == 401
            && probe
                .headers("www-authenticate")
                .any(|line| parameter(&line, "resource_metadata").is_some())
    })
}

/// Looks at a resource as a client does that has no token.
pub(super) fn examine(address: &Address, network: &Network<'_>) -> Resource {
    let mut part = Part::new("resource", address.shown());
    let document = Document::ask(address, "application/json, text/event-stream", network);
    let probe = match document.answer {
        Ok(probe) => probe,
        Err(fault) => {
            let is_reached = fault.reason != KeyReason::System;
            part.push(Finding::fault("reached", "RFC 9110 section 9.3.1", fault));
            return Resource {
                parts: vec![part],
                is_reached,
                servers: Vec::new(),
            };
        }
    };
    part.push(answer::transport(address));
    part.push(match probe.status {
        401 => Finding::pass("status", "RFC 6750 section 3.1", "401 without a token"),
        status => Finding::fail(
            "status",
            "RFC 6750 section 3.1",
            format!("{status} without a token: clients send a token only after a 401"),
        ),
    });
    let bearer: Vec<String> = probe
        .headers("www-authenticate")
        .filter(|line| names_scheme(line, "bearer") || names_scheme(line, "dpop"))
        .collect();
    let named = bearer
        .iter()
        .find_map(|line| parameter(line, "resource_metadata"));
    part.push(match (bearer.is_empty(), &named) {
        (true, _) => Finding::fail("challenge", CHALLENGE, "no `WWW-Authenticate: Bearer`")
            .remedy("send `WWW-Authenticate: Bearer resource_metadata=\"…\"` with the 401"),
        (false, None) => Finding::warn(
            "challenge",
            CHALLENGE,
            "there is no `resource_metadata`: clients have to guess where the metadata is",
        )
        .remedy("name it: `WWW-Authenticate: Bearer resource_metadata=\"…\"`"),
        (false, Some(url)) => Finding::pass("challenge", CHALLENGE, escape::shorten(url, 200)),
    });
    let scope = bearer.iter().find_map(|line| parameter(line, "scope"));
    part.push(match scope {
        Some(scope) => Finding::pass("scope", "RFC 6750 section 3", escape::shorten(&scope, 120)),
        None => Finding::note(
            "scope",
            "RFC 6750 section 3",
            "the challenge names no scope: clients ask for all, or for none",
        ),
    });
    part.findings
        .extend(answer::clock(&probe, network.now.seconds()));
    let (metadata, servers) = metadata(address, named.as_deref(), network);
    Resource {
        parts: vec![part, metadata],
        is_reached: true,
        servers,
    }
}

/// The metadata: where the challenge says, else where it may be.
fn metadata(address: &Address, named: Option<&str>, network: &Network<'_>) -> (Part, Vec<Issuer>) {
    let mut part = Part::new("resource metadata", address.shown());
    let path = address.path().trim_end_matches('/');
    // A query stays where it is, at the end (RFC 9728 section 3.1).
    let query = address.query().map(|query| format!("?{query}"));
    let query = query.unwrap_or_default();
    let place = |path: &str| {
        let path = well_known::before(path, well_known::PROTECTED_RESOURCE);
        address.with_path(&format!("{path}{query}"))
    };
    let mut places = Vec::new();
    match named.map(|url| address.named(url, network.allow_http)) {
        Some(Ok(place)) => places.push(place),
        Some(Err(why)) => {
            let detail = format!("the address in the challenge {why}");
            part.push(Finding::fail("found", CHALLENGE, detail));
        }
        None => {}
    }
    if places.is_empty() {
        places.extend(place(path));
        places.extend(place("").ok().filter(|_| !path.is_empty()));
        let root = well_known::before("", well_known::PROTECTED_RESOURCE);
        places.extend(address.with_path(&root).ok().filter(|_| !query.is_empty()));
    }
    let documents = places
        .iter()
        .map(|place| Document::ask(place, JSON, network));
    let documents: Vec<Document> = documents.collect();
    let Some(document) = documents.iter().find(|document| document.found().is_some()) else {
        let seen = documents.iter().map(|document| {
            format!(
                "{} answered {}",
                document.place.shown(),
                document.outcome_words()
            )
        });
        let seen: Vec<String> = seen.collect();
        part.push(Finding::fail("found", METADATA, seen.join("; ")));
        return (part, Vec::new());
    };
    part.place = document.place.shown();
    part.findings
        .extend(document.redirected("RFC 9728 section 3.2"));
    let Some(probe) = document.found() else {
        return (part, Vec::new());
    };
    part.push(answer::media_type(
        probe,
        &["application/json"],
        "RFC 9728 section 3.2",
    ));
    let parsed = match probe.json() {
        Ok(json) => json,
        Err(fault) => {
            part.push(Finding::fault("found", METADATA, fault));
            return (part, Vec::new());
        }
    };
    part.push(same_resource(address, parsed.get("resource")));
    let servers = servers(address, parsed, network, &mut part);
    if let Some(scopes) = parsed
        .get("scopes_supported")
        .filter(|scopes| scopes.kind() == Kind::Array)
    {
        let scopes: Vec<String> = scopes
            .elements()
            .filter_map(Json::as_str)
            .map(Cow::into_owned)
            .collect();
        let scopes = escape::shorten(&scopes.join(" "), 120);
        part.push(Finding::pass("scopes", "RFC 9728 section 2", scopes));
    }
    part.push(answer::cors(probe));
    (part, servers)
}

/// Whether the metadata are those of the resource that was asked for.
fn same_resource(address: &Address, resource: Option<Json<'_>>) -> Finding {
    const SECTION: &str = "RFC 9728 section 3.3";
    let Some(named) = resource.and_then(Json::as_str) else {
        return Finding::fail("resource", SECTION, "there is no `resource`");
    };
    let shown = escape::shorten(&named, 200);
    let asked = address.shown();
    if *named == address.whole() || *named == asked && address.query().is_none() {
        return Finding::pass("resource", SECTION, asked);
    }
    // A query may be secret, and is not printed.
    if address.query().is_some() && named.split(['?', '#']).next() == Some(&asked) {
        let detail = format!("the metadata is that of {asked} with another query, or none");
        return Finding::fail("resource", SECTION, detail).remedy(
            "clients refuse metadata of another resource: ask for the URL that `resource` has",
        );
    }
    if without_root_slash(&named) == without_root_slash(&asked) {
        return Finding::note(
            "resource",
            SECTION,
            format!(
                "{shown}, where {asked} was asked for: they differ only in the slash after the origin"
            ),
        );
    }
    Finding::fail(
        "resource",
        SECTION,
        format!("the metadata is that of {shown}, and {asked} was asked for"),
    )
    .remedy(
        "clients refuse metadata of another resource: `resource` must be its URL, letter by letter",
    )
}

/// The authorization servers.
fn servers(
    address: &Address,
    parsed: Json<'_>,
    network: &Network<'_>,
    part: &mut Part,
) -> Vec<Issuer> {
    const NAME: &str = "servers";
    const SECTION: &str = "RFC 9728 section 2";
    let named = parsed
        .get("authorization_servers")
        .filter(|value| value.kind() == Kind::Array);
    let named: Vec<String> = named
        .into_iter()
        .flat_map(Json::elements)
        .filter_map(Json::as_str)
        .map(Cow::into_owned)
        .collect();
    if named.is_empty() {
        part.push(
            Finding::fail(NAME, SECTION, "`authorization_servers` names none")
                .remedy("name the issuer whose tokens are accepted"),
        );
    }
    let mut servers = Vec::new();
    for url in named.iter().take(MOST_SERVERS) {
        let shown = escape::shorten(url, 200);
        let may = address.named(url, network.allow_http);
        match may.and_then(|_| Issuer::parse(url)) {
            Ok(issuer) => {
                part.push(Finding::pass(NAME, SECTION, shown));
                servers.push(issuer);
            }
            Err(why) => part.push(Finding::fail(NAME, SECTION, format!("`{shown}` {why}"))),
        }
    }
    if named.len() > MOST_SERVERS {
        let more = named.len().saturating_sub(MOST_SERVERS);
        part.push(Finding::note(
            NAME,
            SECTION,
            format!("{more} more, which were not checked"),
        ));
    }
    servers
}

/// Whether a line of `WWW-Authenticate` names a scheme (RFC 9110 section 11.6.1).
fn names_scheme(line: &str, scheme: &str) -> bool {
    let mut words = line.split([' ', ',', '\t']);
    words.any(|word| word.eq_ignore_ascii_case(scheme))
}

/// The value of a parameter, quoted or not (RFC 9110 section 11.2).
fn parameter(line: &str, name: &str) -> Option<String> {
    let mut rest = line;
    loop {
        // What stands between quotes is a value, whatever it looks like.
        let at = rest.find(['=', '"'])?;
        let (before, after) = rest.split_at(at);
        let word = before
            .trim_end()
            .rsplit([' ', ',', '\t'])
            .next()
            .unwrap_or_default();
        let is_named = word.eq_ignore_ascii_case(name);
        let after = after.strip_prefix('=').unwrap_or(after).trim_start();
        let (value, behind) = if let Some(quoted) = after.strip_prefix('"') {
            unquoted(quoted)?
        } else {
            let end = after.find([' ', ',', '\t']).unwrap_or(after.len());
            let (value, behind) = after.split_at(end);
            (value.to_owned(), behind)
        };
        if is_named {
            return Some(value);
        }
        rest = behind;
    }
}

/// What stands before the closing quotation mark, and what follows it (RFC 9110 section 5.6.4).
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, text.get(at.saturating_add(1)..)?)),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_read_wherever_it_stands() {
        for (line, value) in [
            (
                r#"Bearer resource_metadata="https://a.test/m""#,
                Some("https://a.test/m"),
            ),
            (
                r#"Bearer realm="a, resource_metadata=b", resource_metadata="https://a.test/m", scope="x""#,
                Some("https://a.test/m"),
            ),
            (
                "Bearer resource_metadata=https://a.test/m, scope=x",
                Some("https://a.test/m"),
            ),
            (
                r#"DPoP algs="ES256", Bearer RESOURCE_METADATA = "m""#,
                Some("m"),
            ),
            (r#"Bearer resource_metadata="a\"b""#, Some("a\"b")),
            (r#"Bearer realm="x""#, None),
            ("Bearer", None),
            (r#"Bearer resource_metadata="cut"#, None),
            (r#"Bearer x_resource_metadata="m""#, None),
        ] {
            assert_eq!(
                parameter(line, "resource_metadata").as_deref(),
                value,
                "{line}"
            );
        }
    }
}
