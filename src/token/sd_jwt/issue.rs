//! Replaces claims by digests, and makes the disclosures that belong to them.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use aws_lc_rs::digest::SHA256;
use aws_lc_rs::rand;

use crate::text::escape;
use crate::token::claims::Members;
use crate::token::compact::encode_segment;
use crate::token::json::{Json, JsonText, Kind, array, quote};
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::name::Name;
use crate::token::sd_jwt::disclosure::digest_of;

/// Names that stand for digests or their hash, and that no claim may have (RFC 9901 section 4.1).
const OF_DIGESTS: [&str; 3] = ["_sd", "...", "_sd_alg"];

/// Which claims are disclosed one by one.
#[derive(Clone, Debug, Default)]
pub struct Disclosable {
    top: Disclosed,
}

/// A value, by what is disclosed of it.
#[derive(Clone, Debug, Default)]
struct Disclosed {
    /// How it was named, if it is disclosed by itself.
    named: Option<String>,
    /// The members or elements within it of which something is disclosed.
    below: BTreeMap<String, Disclosed>,
}

/// Why claims cannot be replaced by digests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotDisclosable {
    /// There is no claim of this name.
    Missing(String),
    /// An object has this name twice.
    Duplicate(String),
    /// A claim has this name, which is kept for digests.
    Reserved(&'static str),
    /// The system gives no random numbers for the salts.
    System(KeyFault),
}

impl fmt::Display for NotDisclosable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |name: &str| escape::shorten(name, 60);
        match self {
            NotDisclosable::Missing(name) => {
                write!(
                    f,
                    "there is no claim `{}` to disclose by itself",
                    shown(name)
                )
            }
            NotDisclosable::Duplicate(name) => write!(f, "`{}` is there twice", shown(name)),
            NotDisclosable::Reserved(name) => write!(
                f,
                "the claims have a `{name}`, a name that is kept for digests (RFC 9901 section 4.1)"
            ),
            NotDisclosable::System(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for NotDisclosable {}

impl Disclosable {
    /// Takes the names of claims: of the top level, or pointers (RFC 6901) to members and elements
    /// within them. What lies within a claim may be disclosed by itself too (RFC 9901 section 4.2.6).
    #[must_use]
    pub fn new(names: &[String]) -> Self {
        let mut top = Disclosed::default();
        for text in names {
            let mut place = &mut top;
            for step in Name::parse(text).path() {
                place = place.below.entry(step).or_default();
            }
            place.named = Some(text.clone());
        }
        Disclosable { top }
    }

    /// Replaces the claims by their digests (RFC 9901 section 4.2.4); gives the disclosures, in
    /// base64url.
    ///
    /// # Errors
    /// [`NotDisclosable`], and then the claims are as they were.
    pub fn apply(&self, claims: &mut Members<'_>) -> Result<Vec<String>, NotDisclosable> {
        let mut disclosures = Vec::new();
        let text = claims.text();
        let Ok(whole) = Json::parse_str(&text) else {
            return Err(NotDisclosable::Missing(self.top.first().to_owned()));
        };
        // They would stand for digests where nothing is disclosed too.
        check_names(whole.value)?;
        if self.top.below.is_empty() {
            return Ok(disclosures);
        }
        let mut digests = Vec::new();
        let mut rewritten = Vec::new();
        for (name, place) in &self.top.below {
            let value = claims.get(name);
            let value = value.ok_or_else(|| NotDisclosable::Missing(place.first().to_owned()))?;
            let value = place.rewritten(value, &mut disclosures)?;
            if place.named.is_some() {
                digests.push(disclose(Some(name), &value, &mut disclosures)?);
                rewritten.push((name, None));
            } else {
                rewritten.push((name, Some(value)));
            }
        }
        for (name, value) in rewritten {
            match value.as_deref().map(Json::parse_str) {
                Some(Ok(value)) => {
                    claims.set(name.clone(), JsonText::from(value.value).into_owned());
                }
                _ => claims.remove(name),
            }
        }
        // Their order would reveal the order of the claims.
        digests.sort();
        if !digests.is_empty() {
            claims.set("_sd", JsonText::of_texts(&digests));
        }
        claims.set_text("_sd_alg", "sha-256");
        Ok(disclosures)
    }
}

impl Disclosed {
    /// The first name in it that was given.
    fn first(&self) -> &str {
        let mut place = self;
        loop {
            match (&place.named, place.below.values().next()) {
                (Some(name), _) => return name,
                (None, Some(inner)) => place = inner,
                (None, None) => return "",
            }
        }
    }

    /// A value with digests for what of it is disclosed by itself.
    fn rewritten(&self, value: Json<'_>, made: &mut Vec<String>) -> Result<String, NotDisclosable> {
        match value.kind() {
            _ if self.below.is_empty() => Ok(value.text().to_owned()),
            Kind::Object => self.object(value, made),
            Kind::Array => self.array(value, made),
            _ => Err(self.missing(&HashSet::new())),
        }
    }

    fn object(&self, object: Json<'_>, made: &mut Vec<String>) -> Result<String, NotDisclosable> {
        let mut found = HashSet::new();
        let mut members = Vec::new();
        let mut digests = Vec::new();
        for (name, value) in object.members() {
            let Some(place) = self.below.get(&*name) else {
                members.push(format!("{}:{}", quote(&name), value.text()));
                continue;
            };
            let value = place.rewritten(value, made)?;
            match place.named {
                Some(_) => digests.push(disclose(Some(&name), &value, made)?),
                None => members.push(format!("{}:{value}", quote(&name))),
            }
            if !found.insert(name.clone().into_owned()) {
                return Err(NotDisclosable::Duplicate(name.into_owned()));
            }
        }
        if found.len() < self.below.len() {
            return Err(self.missing(&found));
        }
        digests.sort();
        if !digests.is_empty() {
            members.push(format!("\"_sd\":{}", array(&digests)));
        }
        Ok(format!("{{{}}}", members.join(",")))
    }

    fn array(&self, array: Json<'_>, made: &mut Vec<String>) -> Result<String, NotDisclosable> {
        let mut found = HashSet::new();
        let mut elements = Vec::new();
        for (index, value) in array.elements().enumerate() {
            let index = index.to_string();
            let Some(place) = self.below.get(&index) else {
                elements.push(value.text().to_owned());
                continue;
            };
            let value = place.rewritten(value, made)?;
            elements.push(match place.named {
                Some(_) => format!("{{\"...\":{}}}", quote(&disclose(None, &value, made)?)),
                None => value,
            });
            found.insert(index);
        }
        if found.len() < self.below.len() {
            return Err(self.missing(&found));
        }
        Ok(format!("[{}]", elements.join(",")))
    }

    /// What of it was not found.
    fn missing(&self, found: &HashSet<String>) -> NotDisclosable {
        let mut places = self.below.iter();
        let place = places.find(|(step, _)| !found.contains(*step));
        NotDisclosable::Missing(place.map_or("", |(_, place)| place.first()).to_owned())
    }
}

/// Refuses names that a reader would take for digests, wherever they stand.
fn check_names(value: Json<'_>) -> Result<(), NotDisclosable> {
    for (name, inner) in value.members() {
        if let Some(reserved) = OF_DIGESTS.into_iter().find(|reserved| name == *reserved) {
            return Err(NotDisclosable::Reserved(reserved));
        }
        check_names(inner)?;
    }
    value.elements().try_for_each(check_names)
}

/// Makes a disclosure (RFC 9901 section 4.2), and gives its digest.
fn disclose(
    name: Option<&str>,
    value: &str,
    made: &mut Vec<String>,
) -> Result<String, NotDisclosable> {
    let mut salt = [0; 16];
    rand::fill(&mut salt).map_err(|_| {
        let why = "the system gives no random numbers";
        NotDisclosable::System(KeyFault::new(KeyReason::System, why))
    })?;
    let salt = quote(&encode_segment(salt));
    let disclosure = encode_segment(match name {
        Some(name) => format!("[{salt},{},{value}]", quote(name)),
        None => format!("[{salt},{value}]"),
    });
    let digest = digest_of(&SHA256, &disclosure);
    made.push(disclosure);
    Ok(digest)
}
