//! The payload of an SD-JWT with the disclosed values in place of their digests (RFC 9901 section
//! 7.1).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::sync::Arc;

use crate::text::escape;
use crate::token::compact::Malformed;
use crate::token::json::{Json, Kind, quote};
use crate::token::sd_jwt::disclosure::{Content, digest_of, hash_of};
use crate::token::sd_jwt::given::{Given, by_digest};

/// How deep a value may lie: as in the reader of JSON.
const DEEPEST: usize = 128;

/// The claims, as JSON text. Each disclosure must belong to one digest, and no digest may occur
/// twice.
pub(in crate::token) fn reassemble(
    payload: Json<'_>,
    disclosures: &[&str],
) -> Result<String, Malformed> {
    let mut work = Work::new(payload, disclosures)?;
    let mut claims = String::new();
    work.push_value(payload, 0, &mut claims)?;
    let given = work.by_digest.iter();
    let unused = given.filter(|(digest, _)| !work.used.contains_key(*digest));
    match unused.map(|(_, one)| one).min_by_key(|one| one.number) {
        None => Ok(claims),
        Some(first) => Err(first.unreferenced()),
    }
}

/// Where in the claims each disclosure has its value, as an RFC 6901 pointer, in their order. All must belong
/// to the token.
pub(super) fn places(payload: Json<'_>, disclosures: &[&str]) -> Result<Vec<String>, Malformed> {
    let mut work = Work::new(payload, disclosures)?;
    work.at = Some(String::new());
    work.push_value(payload, 0, &mut String::new())?;
    let hash = hash_of(payload)?;
    let place = |segment: &&str| {
        let digest = digest_of(hash, segment);
        let place = work.used.remove(&digest);
        place.ok_or_else(|| match work.by_digest.get(&digest) {
            Some(given) => given.unreferenced(),
            None => Malformed::new("a disclosure belongs to no digest"),
        })
    };
    disclosures.iter().map(place).collect()
}

/// The disclosures that digests lead to, in their order.
pub(super) fn reachable<'d>(
    payload: Json<'_>,
    disclosures: &[&'d str],
) -> Result<Vec<&'d str>, Malformed> {
    let mut work = Work::new(payload, disclosures)?;
    work.push_value(payload, 0, &mut String::new())?;
    let hash = hash_of(payload)?;
    let is_used = |segment: &&&str| work.used.contains_key(&digest_of(hash, segment));
    Ok(disclosures.iter().filter(is_used).copied().collect())
}

struct Work {
    /// Each disclosure, by its digest.
    by_digest: HashMap<String, Arc<Given>>,
    /// The digests that were met, with and without a disclosure.
    met: HashSet<String>,
    /// The digests with a disclosure, and where each stood.
    used: HashMap<String, String>,
    /// The pointer to the value that is looked at, where it is asked for.
    at: Option<String>,
}

impl Work {
    fn new(payload: Json<'_>, disclosures: &[&str]) -> Result<Self, Malformed> {
        Ok(Work {
            by_digest: by_digest(payload, disclosures)?,
            met: HashSet::new(),
            used: HashMap::new(),
            at: None,
        })
    }

    /// Writes a value that stands at a name or an index of the one that is looked at.
    fn push_within(
        &mut self,
        step: impl Display,
        digest: Option<String>,
        value: Json<'_>,
        depth: usize,
        to: &mut String,
    ) -> Result<(), Malformed> {
        let Some(mut at) = self.at.take() else {
            if let Some(digest) = digest {
                self.used.insert(digest, String::new());
            }
            return self.push_value(value, depth, to);
        };
        let len = at.len();
        at.push('/');
        at.push_str(&step.to_string().replace('~', "~0").replace('/', "~1"));
        if let Some(digest) = digest {
            self.used.insert(digest, at.clone());
        }
        self.at = Some(at);
        self.push_value(value, depth, to)?;
        if let Some(at) = &mut self.at {
            at.truncate(len);
        }
        Ok(())
    }

    /// The disclosure that a digest belongs to, if there is one.
    fn disclosed(&mut self, digest: &str) -> Result<Option<Arc<Given>>, Malformed> {
        if !self.met.insert(digest.to_owned()) {
            return Err(Malformed::new("a digest occurs twice in the token"));
        }
        Ok(self.by_digest.get(digest).map(Arc::clone))
    }

    fn push_value(
        &mut self,
        value: Json<'_>,
        depth: usize,
        to: &mut String,
    ) -> Result<(), Malformed> {
        if depth > DEEPEST {
            return Err(Malformed::new("the disclosures are nested too deep"));
        }
        let below = depth.saturating_add(1);
        match value.kind() {
            Kind::Object => self.push_object(value, depth == 0, below, to),
            Kind::Array => self.push_array(value, below, to),
            _ => {
                to.push_str(value.text());
                Ok(())
            }
        }
    }

    fn push_object(
        &mut self,
        object: Json<'_>,
        is_top: bool,
        below: usize,
        to: &mut String,
    ) -> Result<(), Malformed> {
        let mut names: HashSet<String> = HashSet::new();
        let mut digests = Vec::new();
        let mut members = Separated::of(to, '{');
        for (name, value) in object.members() {
            match name.as_ref() {
                "_sd" => digests.extend(digests_of(value)?),
                "_sd_alg" if is_top => {}
                "_sd_alg" => {
                    return Err(Malformed::new(
                        "`_sd_alg` must stand at the top level of the token (RFC 9901 section 4.1.1)",
                    ));
                }
                "..." => {
                    return Err(Malformed::new(
                        "`...` must stand alone in an object that is an element of an array",
                    ));
                }
                _ => {
                    members.next();
                    members.to.push_str(&quote(&name));
                    members.to.push(':');
                    self.push_within(&name, None, value, below, members.to)?;
                    // A name that the issuer wrote twice is refused elsewhere.
                    names.insert(name.into_owned());
                }
            }
        }
        for digest in digests {
            let Some(given) = self.disclosed(&digest)? else {
                continue;
            };
            let Some(Content::Claim(name, value)) = given.parsed() else {
                return Err(Malformed::new(format!(
                    "{} stands for a claim, and is not an array of a salt, a name and a value",
                    given.words()
                )));
            };
            let number = given.number;
            // The hash of the digests stands in the payload itself (RFC 9901 section 4.1.1).
            if matches!(name.as_ref(), "_sd" | "..." | "_sd_alg") {
                return Err(Malformed::new(format!(
                    "disclosure {number} names its claim `{name}`, a name that no claim may have"
                )));
            }
            if !names.insert(name.clone().into_owned()) {
                let name = escape::shorten(&name, 40);
                return Err(Malformed::new(format!(
                    "disclosure {number} has `{name}`, which is there already"
                )));
            }
            members.next();
            members.to.push_str(&quote(&name));
            members.to.push(':');
            self.push_within(&name, Some(digest), value, below, members.to)?;
        }
        to.push('}');
        Ok(())
    }

    fn push_array(
        &mut self,
        array: Json<'_>,
        below: usize,
        to: &mut String,
    ) -> Result<(), Malformed> {
        let mut elements = Separated::of(to, '[');
        let mut shown = 0_usize..;
        let mut next = || shown.next().unwrap_or_default();
        for element in array.elements() {
            let Some(digest) = placeholder(element)? else {
                elements.next();
                self.push_within(next(), None, element, below, elements.to)?;
                continue;
            };
            let Some(given) = self.disclosed(&digest)? else {
                continue;
            };
            let Some(Content::Element(value)) = given.parsed() else {
                return Err(Malformed::new(format!(
                    "{} stands for an element of an array, and is not an array of a salt and a value",
                    given.words()
                )));
            };
            elements.next();
            self.push_within(next(), Some(digest), value, below, elements.to)?;
        }
        to.push(']');
        Ok(())
    }
}

/// Parts of JSON with commas between them.
struct Separated<'t> {
    to: &'t mut String,
    is_first: bool,
}

impl<'t> Separated<'t> {
    fn of(to: &'t mut String, open: char) -> Self {
        to.push(open);
        Separated { to, is_first: true }
    }

    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.to.push(',');
        }
    }
}

/// The digests in an `_sd` (RFC 9901 section 4.2.4.1).
fn digests_of(array: Json<'_>) -> Result<Vec<String>, Malformed> {
    let all: Option<Vec<String>> = array
        .elements()
        .map(|digest| digest.as_str().map(Cow::into_owned))
        .collect();
    all.filter(|_| array.kind() == Kind::Array)
        .ok_or_else(|| Malformed::new("an `_sd` of the token is not an array of digests"))
}

/// The digest of an element that stands for another one (RFC 9901 section 4.2.4.2).
fn placeholder(element: Json<'_>) -> Result<Option<String>, Malformed> {
    let Some(digest) = element.get("...") else {
        return Ok(None);
    };
    match digest.as_str() {
        Some(digest) if element.members().count() == 1 => Ok(Some(digest.into_owned())),
        _ => Err(Malformed::new(
            "`...` of an element is not a digest, or does not stand alone",
        )),
    }
}
