//! The keys of an issuer (RFC 7517).

use std::collections::BTreeMap;

use crate::doctor::answer::{self, Document};
use crate::doctor::finding::{Finding, Part};
use crate::keys::Address;
use crate::keys::remote::Network;
use crate::text::count::counted;
use crate::text::escape;
use crate::token::algorithm::Algorithm;
use crate::token::content::Keys;
use crate::token::json::{Json, Kind};
use crate::token::key::Key;
use crate::token::published;

const SET: &str = "RFC 7517 section 5";
const KID: &str = "RFC 7517 section 4.5";

/// How many keys are listed one by one.
const MOST_KEYS: usize = 20;

/// Checks a key set; gives the keys that can be used, if any.
pub(super) fn examine(
    place: &Address,
    announced: &[String],
    network: &Network<'_>,
) -> (Part, Option<Keys>) {
    let mut part = Part::new("keys", place.shown());
    let accept = "application/jwk-set+json, application/json, */*;q=0.5";
    let document = Document::ask(place, accept, network);
    part.push(answer::transport(place));
    part.findings
        .extend(document.redirected("RFC 8414 section 2"));
    let Some(probe) = document.found() else {
        let finding = match document.answer {
            Err(fault) => Finding::fault("found", SET, fault),
            Ok(_) => Finding::fail(
                "found",
                SET,
                format!("it answered {}", document.outcome_words()),
            ),
        };
        part.push(finding);
        return (part, None);
    };
    let types = ["application/json", "application/jwk-set+json"];
    part.push(answer::media_type(probe, &types, "RFC 7517 section 8.5"));
    let text = String::from_utf8_lossy(&probe.body);
    let keys = match published::read(text.trim_start_matches('\u{feff}')) {
        Ok(keys) => Some(keys),
        Err(fault) => {
            let finding = Finding::fault("found", SET, fault.after("it answered with"));
            part.push(finding);
            None
        }
    };
    if let Ok(json) = probe.json() {
        each_key(json, &mut part);
    }
    if let Some(keys) = &keys {
        kids(&keys.keys, &mut part);
        coverage(&keys.keys, announced, &mut part);
    }
    part.push(answer::cors(probe));
    part.push(answer::cache(probe));
    (part, keys)
}

/// Each key: what it is, or why it cannot be used.
fn each_key(set: Json<'_>, part: &mut Part) {
    let entries = set.get("keys").filter(|keys| keys.kind() == Kind::Array);
    let mut more = 0_usize;
    for (number, entry) in (1_usize..).zip(entries.into_iter().flat_map(Json::elements)) {
        if number > MOST_KEYS {
            more = more.saturating_add(1);
            continue;
        }
        let kid = entry.get("kid").and_then(Json::as_str);
        let name = match &kid {
            Some(kid) => format!("`{}`", escape::middle(kid, escape::NAME)),
            None => format!("number {number}"),
        };
        part.push(match published::entry(entry) {
            Err(fault) => Finding::warn(
                "key",
                SET,
                format!("{name} cannot be used: {}", fault.message),
            ),
            Ok((key, oddity)) => of_key(&name, &key, oddity),
        });
    }
    if more > 0 {
        let detail = format!(
            "{} more, which are not listed one by one",
            counted(more, "key")
        );
        part.push(Finding::note("key", SET, detail));
    }
}

fn of_key(name: &str, key: &Key, oddity: Option<String>) -> Finding {
    let kind = key.kind_words();
    let kind = kind.trim_start_matches("an ").trim_start_matches("a ");
    let algorithm = key
        .alg
        .map_or(String::new(), |alg| format!(", {}", alg.name()));
    let words = format!("{name}: {kind}{algorithm}");
    if !key.may_verify() {
        return Finding::note(
            "key",
            "RFC 7517 section 4.2",
            format!("{words}, not for signatures"),
        );
    }
    let verifier = key.signing_algorithm();
    if let Err(fault) = verifier.and_then(|algorithm| key.verifier(algorithm, false)) {
        return Finding::fail(
            "key",
            "RFC 8725 section 3.5",
            format!("{words}: {}", fault.message),
        );
    }
    match oddity {
        Some(oddity) => Finding::warn("key", "RFC 7517 section 4.7", format!("{words}: {oddity}")),
        None => Finding::pass("key", SET, words),
    }
}

/// Whether a token can say which of the keys it means.
fn kids(keys: &[Key], part: &mut Part) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for kid in keys.iter().filter_map(|key| key.kid.as_deref()) {
        let count = counts.entry(kid).or_default();
        *count = count.saturating_add(1);
    }
    for (kid, count) in counts
        .iter()
        .filter(|(_, count)| **count > 1)
        .take(MOST_KEYS)
    {
        let detail = format!(
            "`{}` names {}",
            escape::middle(kid, escape::NAME),
            counted(*count, "key")
        );
        part.push(
            Finding::warn("kid", KID, detail)
                .remedy("give each key a `kid` of its own: many clients take the first"),
        );
    }
    let nameless = keys.iter().filter(|key| key.kid.is_none()).count();
    if nameless > 0 && keys.len() > 1 {
        let detail = format!(
            "{} of {} without a `kid`: clients have to try them",
            nameless,
            counted(keys.len(), "key")
        );
        part.push(Finding::warn("kid", KID, detail).remedy("give each key a `kid`"));
    }
}

/// Whether there is a key for each algorithm that is announced.
fn coverage(keys: &[Key], announced: &[String], part: &mut Part) {
    const SECTION: &str = "OpenID Connect Discovery 1.0 section 3";
    let algorithm = |name: &String| {
        Algorithm::ALL
            .iter()
            .copied()
            .find(|alg| alg.name() == name.as_str())
    };
    // A secret is not published.
    let is_public = |alg: &Algorithm| !alg.name().starts_with("HS");
    let known: Vec<Algorithm> = announced
        .iter()
        .filter_map(algorithm)
        .filter(is_public)
        .collect();
    let has_key = |alg: &Algorithm| keys.iter().any(|key| key.may_verify() && key.allows(*alg));
    let (with, without): (Vec<Algorithm>, Vec<Algorithm>) = known.into_iter().partition(has_key);
    let names = |algorithms: &[Algorithm]| {
        let names: Vec<&str> = algorithms.iter().map(|alg| alg.name()).collect();
        names.join(", ")
    };
    if with.is_empty() && !without.is_empty() {
        let detail = format!(
            "no key is for {}, which the metadata announces",
            names(&without)
        );
        part.push(Finding::fail("algorithms", SECTION, detail));
    } else if !without.is_empty() {
        let detail = format!(
            "there is a key for {}, and none for {}",
            names(&with),
            names(&without)
        );
        part.push(Finding::note("algorithms", SECTION, detail));
    } else if !with.is_empty() {
        part.push(Finding::pass(
            "algorithms",
            SECTION,
            format!("there is a key for {}", names(&with)),
        ));
    }
}
