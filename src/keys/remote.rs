//! Keys of others, from a URL or by way of an issuer's metadata.
//!
//! Every address comes from the command line; nothing in a token leads here. Every answer comes
//! from a stranger: `http.rs` limits its size, and `published.rs` its content.

use std::ffi::OsString;

use crate::keys::address::Address;
use crate::keys::answer;
use crate::keys::cache::{Cache, Kept};
use crate::keys::http::{Answer, Http};
use crate::keys::issuer::Issuer;
use crate::keys::source::Remote;
use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::advice::Advice;
use crate::token::content::Keys;
use crate::token::json::Json;
use crate::token::key_fault::{KeyFault, KeyReason};

/// How earlier answers are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// They are used, and new ones are kept.
    On,
    /// They are replaced.
    Renew,
    /// They are not looked at, and nothing is kept.
    Off,
}

/// How the network may be used.
pub struct Network<'a> {
    /// The environment: proxies, and the folder of the cache.
    pub env: &'a dyn Fn(&str) -> Option<OsString>,
    /// The current time.
    pub now: Timestamp,
    /// Whether plain http may go to other machines.
    pub allow_http: bool,
    /// How earlier answers are used.
    pub caching: Caching,
}

impl std::fmt::Debug for Network<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network")
            .field("caching", &self.caching)
            .finish_non_exhaustive()
    }
}

/// A set of public keys that came over the network.
#[derive(Debug)]
pub struct RemoteKeys {
    /// The keys, none of them private.
    pub keys: Keys,
    /// Whose keys they are, where that is known: they may not sign the tokens of another issuer.
    pub issuer: Option<String>,
    /// Where the set is, safe to print.
    pub place: String,
    /// Since when it has been in the cache, if it is from there.
    pub kept_since: Option<Timestamp>,
}

/// Fetches the keys of a source that is on the network.
///
/// # Errors
/// [`KeyFault`]: `Rejected` where the answer is not a set of public keys or the address is not
/// allowed, `System` where nothing comes.
pub fn fetch(source: &Remote, network: &Network<'_>) -> Result<RemoteKeys, KeyFault> {
    try_fetch(source, network).map_err(|fault| KeyFault {
        hint: fault.hint.or(Some(advice(source, fault.reason))),
        ..fault
    })
}

/// What to do where nothing better is known.
fn advice(source: &Remote, reason: KeyReason) -> Advice {
    match (reason, source) {
        (KeyReason::System, _) => Advice::SaveSet,
        (_, Remote::Issuer(_)) => Advice::NameSet,
        _ => Advice::NameSetOrIssuer,
    }
}

fn try_fetch(source: &Remote, network: &Network<'_>) -> Result<RemoteKeys, KeyFault> {
    let fetcher = Fetcher {
        http: Http::new(network.env, network.now, network.allow_http),
        cache: match network.caching {
            Caching::Off => None,
            Caching::On | Caching::Renew => Cache::find(network.env),
        },
        network,
    };
    match source {
        Remote::Url(address) => fetcher.set(address, None),
        Remote::Issuer(issuer) => {
            // The place of its keys may have changed, and then the metadata says so.
            let kept = fetcher.kept_set_of(issuer);
            let kept = kept.and_then(|set| fetcher.set(&set.address, Some(&set.issuer)).ok());
            let mut keys = if let Some(keys) = kept {
                keys
            } else {
                let set = fetcher.set_of(issuer)?;
                fetcher.set(&set.address, Some(&set.issuer))?
            };
            if let Some(taken_off) = &issuer.taken_off {
                let issuer = keys.issuer.as_deref().unwrap_or_default();
                let issuer = escape::shorten(issuer, 200);
                keys.keys
                    .notes
                    .push(format!("the issuer is {issuer}, without `{taken_off}`"));
            }
            Ok(keys)
        }
    }
}

/// The set of an issuer.
struct SetOf {
    address: Address,
    /// The name that it gives itself.
    issuer: String,
}

struct Fetcher<'a> {
    http: Http<'a>,
    cache: Option<Cache>,
    network: &'a Network<'a>,
}

impl Fetcher<'_> {
    /// The set at an address.
    fn set(&self, address: &Address, issuer: Option<&str>) -> Result<RemoteKeys, KeyFault> {
        let name = address.uri().to_string();
        let place = address.shown();
        let found = |keys, kept_since| RemoteKeys {
            keys,
            issuer: issuer.map(str::to_owned),
            place: place.clone(),
            kept_since,
        };
        if let Some(kept) = self.kept(&name, address)
            && let Ok(keys) = answer::keys(&kept.body, false)
        {
            return Ok(found(keys, Some(kept.since)));
        }
        let Some(answer) = self.http.get(address)? else {
            return Err(KeyFault::rejected(format!("{place} answered 404")));
        };
        let keys = answer::keys(&answer.body, answer.is_html).map_err(|why| why.after(&place))?;
        self.keep(&name, &answer.body, &answer);
        Ok(found(keys, None))
    }

    /// The set that an issuer's metadata gave, from the cache.
    fn kept_set_of(&self, issuer: &Issuer) -> Option<SetOf> {
        let kept = self.kept(&metadata_name(&issuer.name), &issuer.address)?;
        let text = std::str::from_utf8(&kept.body).ok()?;
        let (own_name, jwks_uri) = text.split_once('\n')?;
        Some(SetOf {
            address: issuer
                .address
                .named(jwks_uri, self.network.allow_http)
                .ok()?,
            issuer: Some(own_name).filter(|name| issuer.is(name))?.to_owned(),
        })
    }

    /// The set that an issuer's metadata gives.
    fn set_of(&self, issuer: &Issuer) -> Result<SetOf, KeyFault> {
        let (place, answer) = find_metadata(&self.http, issuer)?;
        let (own_name, jwks_uri) = answer::json(&answer.body, answer.is_html)
            .and_then(|metadata| issuer_and_set(metadata, issuer))
            .map_err(|why| why.after(&place))?;
        let address = issuer
            .address
            .named(&jwks_uri, self.network.allow_http)
            .map_err(|why| KeyFault::rejected(format!("{place} names a `jwks_uri` that {why}")))?;
        let kept = format!("{own_name}\n{jwks_uri}");
        self.keep(&metadata_name(&issuer.name), kept.as_bytes(), &answer);
        Ok(SetOf {
            address,
            issuer: own_name,
        })
    }

    /// The answer in the cache, if its address may be asked now too.
    fn kept(&self, name: &str, address: &Address) -> Option<Kept> {
        let cache = self.cache.as_ref()?;
        if self.network.caching != Caching::On || !self.http.may_ask(address) {
            return None;
        }
        cache.read(name, self.network.now)
    }

    fn keep(&self, name: &str, body: &[u8], answer: &Answer) {
        if let Some(cache) = &self.cache {
            cache.write(name, body, answer.lifetime, self.network.now);
        }
    }
}

/// The name in the cache, which no address of a set can have.
fn metadata_name(issuer: &str) -> String {
    format!("issuer:{issuer}")
}

/// The metadata of an issuer, as text, and the name that the issuer gives itself.
#[derive(Debug)]
pub struct Metadata {
    /// The name that it gives itself.
    pub issuer: String,
    /// A JSON object.
    pub text: String,
}

/// Fetches the metadata of an issuer.
///
/// # Errors
/// [`KeyFault`]: `Rejected` where the answer is not its metadata, `System` where nothing comes.
pub fn metadata(issuer: &Issuer, network: &Network<'_>) -> Result<Metadata, KeyFault> {
    let http = Http::new(network.env, network.now, network.allow_http);
    let (place, answer) = find_metadata(&http, issuer)?;
    let json = answer::json(&answer.body, answer.is_html).map_err(|why| why.after(&place))?;
    let name = issuer_of(json, issuer).map_err(|why| why.after(&place))?;
    Ok(Metadata {
        issuer: name,
        text: json.text().to_owned(),
    })
}

/// The metadata of an issuer at the first of its places that has some, and that place.
fn find_metadata(http: &Http<'_>, issuer: &Issuer) -> Result<(String, Answer), KeyFault> {
    let [first, second] = issuer
        .metadata_places()
        .map_err(|why| KeyFault::rejected(format!("issuer:{} {why}", issuer.address.shown())))?;
    if let Some(answer) = http.get(&first)? {
        return Ok((first.shown(), answer));
    }
    if let Some(answer) = http.get(&second)? {
        return Ok((second.shown(), answer));
    }
    let places = format!("{} and {}", first.shown(), second.shown());
    Err(KeyFault::rejected(format!(
        "{places} answered 404: there is no metadata of an issuer"
    ))
    .hint(Advice::CheckIssuer))
}

/// The `issuer` and `jwks_uri` of metadata, which must be that of the issuer.
fn issuer_and_set(metadata: Json<'_>, asked: &Issuer) -> Result<(String, String), KeyFault> {
    Ok((issuer_of(metadata, asked)?, one(metadata, "jwks_uri")?))
}

/// The `issuer` of metadata, which must be that of the issuer.
fn issuer_of(metadata: Json<'_>, asked: &Issuer) -> Result<String, KeyFault> {
    let named = one(metadata, "issuer")?;
    match asked.is(&named) {
        true => Ok(named),
        false => Err(other_issuer(named, &asked.name)),
    }
}

/// A member of metadata that is there once, and a string.
fn one(metadata: Json<'_>, name: &str) -> Result<String, KeyFault> {
    let mut found = metadata
        .members()
        .filter(|(n, _)| n == name)
        .map(|(_, value)| value);
    match (found.next().map(Json::as_str), found.next()) {
        (Some(Some(text)), None) => Ok(text.into_owned()),
        (Some(_), Some(_)) => Err(KeyFault::rejected(format!(
            "answered with metadata that has `{name}` twice"
        ))),
        (Some(None), None) => Err(KeyFault::rejected(format!(
            "answered with metadata whose `{name}` is not a string"
        ))),
        (None, _) => Err(KeyFault::rejected(format!(
            "answered with JSON that has no `{name}`: that is not the metadata of an issuer"
        ))),
    }
}

/// The fault of metadata that names another issuer than was asked for.
fn other_issuer(named: String, asked: &str) -> KeyFault {
    let shown = escape::shorten(&named, 200);
    let fault = KeyFault::rejected(format!(
        "answered with the metadata of another issuer: {shown}"
    ));
    let variable = named
        .find('{')
        .and_then(|from| named.get(from..)?.split_inclusive('}').next());
    let fault = match variable {
        Some(variable) => fault.hint(Advice::FillIssuer(escape::shorten(variable, 60))),
        None if named.trim_end_matches('/') == asked.trim_end_matches('/') => {
            fault.hint(Advice::NameIssuerExactly(shown))
        }
        None => fault,
    };
    KeyFault {
        issuer: Some(named),
        ..fault
    }
}
