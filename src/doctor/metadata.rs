//! The metadata of an authorization server or OpenID provider (RFC 8414, OpenID Connect Discovery 1.0).

use std::borrow::Cow;

use crate::doctor::answer::{self, Document, JSON};
use crate::doctor::finding::{Finding, Part};
use crate::doctor::issuer_name;
use crate::keys::remote::Network;
use crate::keys::{Address, Issuer};
use crate::oauth::{endpoint, well_known};
use crate::text::escape;
use crate::token::algorithm::Algorithm;
use crate::token::json::{Json, Kind};
use crate::token::key_fault::KeyReason;

const DISCOVERY: &str = "OpenID Connect Discovery 1.0 section 3";
const MEMBERS: &str = "RFC 8414 section 2";
const ANSWER: &str = "RFC 8414 section 3.2";
const PLACES: &str = "RFC 8414 section 5";

/// The kind of client for which a server is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    /// Any.
    Any,
    /// One of the Model Context Protocol, which asks for PKCE and a way to make itself known.
    Mcp,
}

/// What the metadata says, and what was found.
pub(super) struct Metadata {
    pub(super) part: Part,
    /// Whether anybody answered.
    pub(super) is_reached: bool,
    /// Whether there are any.
    pub(super) is_found: bool,
    /// Where the keys are.
    pub(super) jwks_uri: Option<Address>,
    /// The algorithms of ID tokens.
    pub(super) algorithms: Vec<String>,
}

/// Looks at the metadata of an issuer in both places.
pub(super) fn examine(asked: &Issuer, client: Client, network: &Network<'_>) -> Metadata {
    let mut metadata = Metadata {
        part: Part::new("metadata", asked.address().shown()),
        is_reached: true,
        is_found: false,
        jwks_uri: None,
        algorithms: Vec::new(),
    };
    let places = match asked.metadata_places() {
        Ok(places) => places,
        Err(why) => {
            let detail = format!("the address of its metadata {why}");
            metadata.part.push(Finding::fail("found", PLACES, detail));
            return metadata;
        }
    };
    let [openid, oauth] = places;
    let openid = Document::ask(&openid, JSON, network);
    match openid.answer {
        Err(fault) if fault.reason == KeyReason::System => {
            metadata.is_reached = false;
            let finding = Finding::fault("reached", "RFC 9110 section 9.3.1", fault);
            metadata.part.push(finding);
            return metadata;
        }
        _ => {}
    }
    let oauth = Document::ask(&oauth, JSON, network);
    metadata.part.push(answer::transport(asked.address()));
    let (main, other) = match (openid.found().is_some(), oauth.found().is_some()) {
        (false, true) => (&oauth, &openid),
        _ => (&openid, &oauth),
    };
    let Some(probe) = main.found() else {
        not_found(asked, &[&openid, &oauth], &mut metadata.part, network);
        return metadata;
    };
    metadata.is_found = true;
    metadata.part.place = main.place.shown();
    metadata.part.findings.extend(main.redirected(ANSWER));
    let parsed = match probe.json() {
        Ok(json) if json.kind() == Kind::Object => json,
        Ok(_) => {
            let detail = "answered with JSON that is not an object";
            metadata.part.push(Finding::fail("found", ANSWER, detail));
            return metadata;
        }
        Err(fault) => {
            metadata.part.push(Finding::fault("found", ANSWER, fault));
            return metadata;
        }
    };
    metadata.part.push(places_finding(main, other, parsed));
    let part = &mut metadata.part;
    part.push(answer::media_type(probe, &["application/json"], ANSWER));
    part.findings.extend(twice(parsed));
    part.push(issuer_name::finding(asked, parsed.get("issuer")));
    let is_openid = std::ptr::eq(main, &raw const openid) || other.found().is_some();
    let jwks_uri = keys(parsed, asked, is_openid, network, part);
    endpoints(parsed, asked, part);
    let algorithms = texts(parsed, "id_token_signing_alg_values_supported");
    if is_openid {
        openid_members(parsed, part);
        signing_algorithms(&algorithms, part);
    }
    response_types(parsed, part);
    pkce(parsed, client, part);
    names_issuer(parsed, part);
    if client == Client::Mcp {
        registration(parsed, part);
    }
    part.push(answer::cors(probe));
    part.findings
        .extend(answer::clock(probe, network.now.seconds()));
    metadata.jwks_uri = jwks_uri;
    metadata.algorithms = algorithms;
    metadata
}

/// Neither place has metadata.
fn not_found(asked: &Issuer, documents: &[&Document], part: &mut Part, network: &Network<'_>) {
    let seen = documents.iter().map(|document| {
        format!(
            "{} answered {}",
            document.place.shown(),
            document.outcome_words()
        )
    });
    let seen: Vec<String> = seen.collect();
    let finding = Finding::fail("found", PLACES, seen.join("; "));
    part.findings.extend(
        documents
            .iter()
            .find_map(|document| document.redirected(ANSWER)),
    );
    // Some insert the path of OpenID's metadata as RFC 8414 does its own.
    let path = asked.address().path();
    let third = well_known::before(path.trim_end_matches('/'), well_known::OPENID_CONFIGURATION);
    let third = asked.address().with_path(&third);
    let third = third.ok().filter(|_| path.len() > 1);
    let third = third.map(|place| Document::ask(&place, JSON, network));
    part.push(match third.filter(|document| document.found().is_some()) {
        Some(third) => finding.remedy(format!(
            "there is a document at {}, where few clients look: publish it at one of the others",
            third.place.shown()
        )),
        None => finding.remedy("compare the URL with the `iss` of a token, letter by letter"),
    });
}

/// Which of the places have metadata, and whether they say the same.
fn places_finding(main: &Document, other: &Document, parsed: Json<'_>) -> Finding {
    let other_place = other.place.shown();
    let Some(there) = other.found().and_then(|probe| probe.json().ok()) else {
        let detail = format!("200; {other_place} answered {}", other.outcome_words());
        return match main.place.path().contains(well_known::OPENID_CONFIGURATION) {
            true => Finding::note("found", PLACES, detail),
            false => Finding::warn("found", PLACES, detail).remedy(
                "clients of OpenID Connect look there first, and most others look there second",
            ),
        };
    };
    let names = [
        "issuer",
        endpoint::AUTHORIZATION,
        endpoint::TOKEN,
        endpoint::JWKS,
    ];
    let differ = |name: &&&str| match (parsed.get(name), there.get(name)) {
        (Some(one), Some(other)) => !one.same(other),
        (one, other) => one.is_some() != other.is_some(),
    };
    let differing: Vec<&str> = names.iter().filter(differ).copied().collect();
    match differing.as_slice() {
        [] => Finding::pass("found", PLACES, format!("200; {other_place} says the same")),
        names => Finding::warn(
            "found",
            PLACES,
            format!("{other_place} has another {}", names.join(", ")),
        )
        .remedy("give the same answer at both: which one a client reads is its own choice"),
    }
}

/// A name that is there twice: each reader takes another one.
fn twice(parsed: Json<'_>) -> Option<Finding> {
    let mut seen = std::collections::HashSet::new();
    let name = parsed
        .members()
        .find(|(name, _)| !seen.insert(name.clone()));
    name.map(|(name, _)| {
        let detail = format!("`{}` is there twice", escape::shorten(&name, 60));
        Finding::fail("members", "RFC 8259 section 4", detail)
            .remedy("leave one: some readers take the first, others the last")
    })
}

/// Where the keys are.
fn keys(
    parsed: Json<'_>,
    asked: &Issuer,
    is_openid: bool,
    network: &Network<'_>,
    part: &mut Part,
) -> Option<Address> {
    let Some(value) = parsed.get(endpoint::JWKS) else {
        let detail = "there is no `jwks_uri`: no token of this issuer can be checked";
        part.push(match is_openid {
            true => Finding::fail(endpoint::JWKS, DISCOVERY, detail),
            false => Finding::warn(endpoint::JWKS, MEMBERS, detail),
        });
        return None;
    };
    let Some(url) = value.as_str() else {
        part.push(Finding::fail(endpoint::JWKS, MEMBERS, "it is not a string"));
        return None;
    };
    match asked.address().named(&url, network.allow_http) {
        Ok(address) => {
            part.push(Finding::pass(endpoint::JWKS, MEMBERS, address.shown()));
            Some(address)
        }
        Err(why) => {
            let detail = format!("`{}` {why}", escape::shorten(&url, 120));
            part.push(Finding::fail(endpoint::JWKS, MEMBERS, detail));
            None
        }
    }
}

/// The endpoints: URLs, protected as the issuer is, without a fragment.
fn endpoints(parsed: Json<'_>, asked: &Issuer, part: &mut Part) {
    let mut good = Vec::new();
    for name in [
        endpoint::AUTHORIZATION,
        endpoint::TOKEN,
        endpoint::USERINFO,
        endpoint::INTROSPECTION,
        endpoint::REVOCATION,
        endpoint::END_SESSION,
        "registration_endpoint",
        endpoint::PUSHED_AUTHORIZATION_REQUEST,
        endpoint::DEVICE_AUTHORIZATION,
    ] {
        let Some(value) = parsed.get(name) else {
            continue;
        };
        let fault = match value.as_str() {
            None => Some("it is not a string".to_owned()),
            Some(url) => fault_of_endpoint(&url, asked).map(|why| {
                let url = escape::shorten(&url, 120);
                format!("`{url}` {why}")
            }),
        };
        match fault {
            None => good.push(name),
            Some(detail) => part.push(Finding::fail(name, MEMBERS, detail)),
        }
    }
    let mut grants = texts(parsed, "grant_types_supported").into_iter();
    // Some servers have tokens for machines alone, and issuers of clusters and jobs have no endpoint.
    let has_code = parsed.get("grant_types_supported").is_none()
        || grants.any(|grant| grant == "authorization_code");
    for name in [endpoint::AUTHORIZATION, endpoint::TOKEN] {
        if parsed.get(name).is_none() && has_code {
            let detail = "it is not there: nobody can log in, and tokens can only be checked";
            part.push(Finding::note(name, MEMBERS, detail));
        }
    }
    if !good.is_empty() {
        let scheme = match asked.address().is_plain() {
            true => "http, as the issuer",
            false => "https",
        };
        let names: Vec<&str> = good
            .iter()
            .map(|name| name.trim_end_matches("_endpoint"))
            .collect();
        let detail = format!("{}: {scheme}", names.join(", "));
        part.push(Finding::pass("endpoints", MEMBERS, detail));
    }
}

fn fault_of_endpoint(url: &str, asked: &Issuer) -> Option<&'static str> {
    if url.contains('#') {
        return Some("has a fragment (RFC 6749 section 3.1)");
    }
    match Address::parse(url) {
        Err(why) => Some(why),
        Ok(address) if address.is_plain() && !asked.address().is_plain() => Some("is not https"),
        Ok(_) => None,
    }
}

/// What OpenID Connect also requires.
fn openid_members(parsed: Json<'_>, part: &mut Part) {
    let required = [
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ];
    let missing = required
        .iter()
        .filter(|name| texts(parsed, name).is_empty());
    let missing: Vec<&str> = missing.copied().collect();
    if !missing.is_empty() {
        let detail = format!("there is no {}", missing.join(", no "));
        part.push(
            Finding::warn("required", DISCOVERY, detail)
                .remedy("strict clients refuse metadata without them"),
        );
    }
}

/// The algorithms that are announced for ID tokens.
fn signing_algorithms(announced: &[String], part: &mut Part) {
    const NAME: &str = "algorithms";
    if announced.is_empty() {
        return;
    }
    let shown = |names: &[&String]| {
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        escape::shorten(&names.join(", "), 200)
    };
    let is_known = |name: &str| Algorithm::ALL.iter().any(|alg| alg.name() == name);
    let (none, others): (Vec<&String>, Vec<&String>) = announced
        .iter()
        .partition(|name| name.eq_ignore_ascii_case("none"));
    let (known, unknown): (Vec<&String>, Vec<&String>) =
        others.into_iter().partition(|name| is_known(name));
    if !none.is_empty() {
        part.push(
            Finding::warn(
                NAME,
                "RFC 8725 section 3.2",
                "`none` is announced: ID tokens without a signature",
            )
            .remedy("leave it out"),
        );
    }
    if !unknown.is_empty() {
        let detail = format!("{} cannot be checked here", shown(&unknown));
        part.push(Finding::note(NAME, DISCOVERY, detail));
    }
    if known.is_empty() {
        part.push(Finding::fail(
            NAME,
            DISCOVERY,
            "none of the announced algorithms is known",
        ));
        return;
    }
    let detail = format!("ID tokens: {}", shown(&known));
    part.push(match announced.iter().any(|name| name == "RS256") {
        true => Finding::pass(NAME, DISCOVERY, detail),
        false => Finding::note(
            NAME,
            DISCOVERY,
            format!("{detail}, without RS256, which a provider must have and simple clients take for granted"),
        ),
    });
}

fn response_types(parsed: Json<'_>, part: &mut Part) {
    let types = texts(parsed, "response_types_supported");
    let implicit = types
        .iter()
        .find(|kind| kind.split(' ').any(|word| word == "token"));
    if let Some(implicit) = implicit {
        let detail = format!(
            "`{}` puts access tokens into URLs",
            escape::shorten(implicit, 60)
        );
        part.push(Finding::note("responses", "RFC 9700 section 2.1.2", detail));
    }
}

/// Whether codes are protected.
fn pkce(parsed: Json<'_>, client: Client, part: &mut Part) {
    const SECTION: &str = "RFC 9700 section 2.1.1";
    if parsed.get(endpoint::AUTHORIZATION).is_none() {
        return;
    }
    let methods = texts(parsed, "code_challenge_methods_supported");
    if methods.iter().any(|method| method == "S256") {
        part.push(Finding::pass("pkce", SECTION, methods.join(", ")));
        return;
    }
    let detail = match methods.is_empty() {
        true => "no PKCE is announced".to_owned(),
        false => format!(
            "PKCE without S256: {}",
            escape::shorten(&methods.join(", "), 60)
        ),
    };
    let remedy = "`code_challenge_methods_supported` with `S256` says that codes are protected";
    part.push(
        match client {
            Client::Mcp => Finding::fail(
                "pkce",
                SECTION,
                format!("{detail}: clients of MCP must not go on"),
            ),
            Client::Any => Finding::warn(
                "pkce",
                SECTION,
                format!("{detail}: some clients do not use it then"),
            ),
        }
        .remedy(remedy),
    );
}

/// Whether the answer of a log-in names its issuer.
fn names_issuer(parsed: Json<'_>, part: &mut Part) {
    const NAME: &str = "authorization_response_iss_parameter_supported";
    if parsed.get(endpoint::AUTHORIZATION).is_some() {
        let is_said = parsed.get(NAME).is_some_and(|value| value.text() == "true");
        part.push(match is_said {
            true => Finding::pass("iss", "RFC 9207 section 3", "the answer of a log-in names the issuer"),
            false => Finding::note(
                "iss",
                "RFC 9207 section 3",
                "the answer of a log-in need not name the issuer: clients of several servers cannot tell them apart",
            ),
        });
    }
}

/// How a new client makes itself known.
fn registration(parsed: Json<'_>, part: &mut Part) {
    const SECTION: &str = "RFC 7591 section 3";
    let has = |name: &str| parsed.get(name).is_some();
    let takes_documents = parsed
        .get("client_id_metadata_document_supported")
        .is_some_and(|value| value.text() == "true");
    part.push(match (takes_documents, has("registration_endpoint")) {
        (true, _) => Finding::pass(
            "clients",
            SECTION,
            "a client ID metadata document is enough",
        ),
        (false, true) => Finding::pass("clients", SECTION, "clients can register themselves"),
        (false, false) => Finding::warn(
            "clients",
            SECTION,
            "a client must be registered by hand: neither client ID metadata documents nor registration are announced",
        )
        .remedy("give each client the `client_id` that it has here"),
    });
}

/// The strings of an array.
fn texts(parsed: Json<'_>, name: &str) -> Vec<String> {
    let value = parsed.get(name).filter(|value| value.kind() == Kind::Array);
    let elements = value.into_iter().flat_map(Json::elements);
    elements
        .filter_map(Json::as_str)
        .map(Cow::into_owned)
        .collect()
}
