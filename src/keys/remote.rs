//! Keys of others, from a URL or by way of an issuer's metadata.
//!
//! What is asked for is named on the command line; nothing in a token leads here. Every answer is
//! a stranger's: `http.rs` bounds how much of it is taken, and `published.rs` what.

use std::ffi::OsString;

use crate::keys::address::Address;
use crate::keys::answer;
use crate::keys::cache::{Cache, Kept};
use crate::keys::http::{Answer, Http};
use crate::keys::source::Source;
use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::content::Keys;
use crate::token::json::Json;
use crate::token::key_fault::{KeyFault, KeyReason};

/// What earlier answers are good for.
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
    /// The time of day.
    pub now: Timestamp,
    /// Whether plain http may go to other machines.
    pub allow_http: bool,
    /// What earlier answers are good for.
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
    /// Whose keys they are, where that is known: no other's tokens are theirs to sign.
    pub issuer: Option<String>,
    /// Where the set is, safe to print.
    pub place: String,
    /// Since when it has been in the cache, if it is from there.
    pub kept_since: Option<Timestamp>,
}

/// Fetches the keys of a source that is on the network.
///
/// # Errors
/// [`KeyFault`]: rejected where what comes is no set of public keys or may not be asked for,
/// system where nothing comes.
pub fn fetch(source: &Source, network: &Network<'_>) -> Result<RemoteKeys, KeyFault> {
    try_fetch(source, network).map_err(|fault| KeyFault {
        hint: fault
            .hint
            .or_else(|| Some(advice(source, fault.reason).to_owned())),
        ..fault
    })
}

/// What to do where nothing better is known.
fn advice(source: &Source, reason: KeyReason) -> &'static str {
    match (reason, source) {
        (KeyReason::System, _) => {
            "try again; a set that came another way can be a file: `--key ./jwks.json`"
        }
        (_, Source::Issuer(_)) => "`--key https://…` names the JWK Set of an issuer itself",
        _ => "name the URL of a JWK Set; `--key issuer:URL` finds that of an issuer",
    }
}

fn try_fetch(source: &Source, network: &Network<'_>) -> Result<RemoteKeys, KeyFault> {
    let fetcher = Fetcher {
        http: Http::new(network.env, network.now, network.allow_http),
        cache: match network.caching {
            Caching::Off => None,
            Caching::On | Caching::Renew => Cache::find(network.env),
        },
        network,
    };
    let bad = |why| KeyFault::rejected(format!("{} {why}", source.label()));
    match source {
        Source::Url(url) => fetcher.set(&Address::parse(url).map_err(bad)?, None),
        Source::Issuer(url) => {
            let issuer = Address::parse(url).map_err(bad)?;
            // Where its keys were may be wrong by now, and then the metadata says so.
            if let Some(address) = fetcher.kept_address_of_set(url, &issuer)
                && let Ok(keys) = fetcher.set(&address, Some(url))
            {
                return Ok(keys);
            }
            let address = fetcher.address_of_set(url, &issuer)?;
            fetcher.set(&address, Some(url))
        }
        _ => Err(bad("is not on the network")),
    }
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

    /// The address that an issuer's metadata gave for its keys.
    fn kept_address_of_set(&self, url: &str, issuer: &Address) -> Option<Address> {
        let kept = self.kept(&metadata_name(url), issuer)?;
        let jwks_uri = std::str::from_utf8(&kept.body).ok()?;
        self.trusted(jwks_uri, issuer).ok()
    }

    /// The address that an issuer's metadata gives for its keys.
    fn address_of_set(&self, url: &str, issuer: &Address) -> Result<Address, KeyFault> {
        let [first, second] = metadata_places(issuer)
            .map_err(|why| KeyFault::rejected(format!("issuer:{} {why}", issuer.shown())))?;
        let (place, answer) = match self.http.get(&first)? {
            Some(answer) => (first, answer),
            None => match self.http.get(&second)? {
                Some(answer) => (second, answer),
                None => {
                    return Err(KeyFault::rejected(format!(
                        "{} and {} answered 404: there is no metadata of an issuer",
                        first.shown(),
                        second.shown()
                    ))
                    .hint("is it the issuer, as `iss` has it in its tokens? `--key https://…` takes a JWK Set itself"));
                }
            },
        };
        let place = place.shown();
        let jwks_uri = answer::json(&answer.body, answer.is_html)
            .and_then(|metadata| jwks_uri(metadata, url))
            .map_err(|why| why.after(&place))?;
        let address = self
            .trusted(&jwks_uri, issuer)
            .map_err(|why| KeyFault::rejected(format!("{place} names a `jwks_uri` that {why}")))?;
        self.keep(&metadata_name(url), jwks_uri.as_bytes(), &answer);
        Ok(address)
    }

    /// The `jwks_uri` of an issuer as an address, if it may be one: nobody else's machine may
    /// point to this one, and nobody may take away the protection that the issuer's URL has.
    fn trusted(&self, jwks_uri: &str, issuer: &Address) -> Result<Address, &'static str> {
        let address = Address::parse(jwks_uri)?;
        if address.is_loopback() && !issuer.is_loopback() {
            return Err("is on this machine, and the issuer is not");
        }
        let may_be_plain = issuer.is_plain() || issuer.is_loopback();
        if address.is_plain()
            && !(may_be_plain && (address.is_loopback() || self.network.allow_http))
        {
            return Err("is not https");
        }
        Ok(address)
    }

    /// What is in the cache, where it would be asked for now too.
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

/// Where an issuer's metadata may be: where OpenID Connect Discovery 1.0 section 4.1 appends, and
/// where RFC 8414 section 3.1 inserts. Both leave out a slash at the end.
fn metadata_places(issuer: &Address) -> Result<[Address; 2], &'static str> {
    let path = issuer.uri().path();
    let path = path.strip_suffix('/').unwrap_or(path);
    Ok([
        issuer.with_path(&format!("{path}/.well-known/openid-configuration"))?,
        issuer.with_path(&format!("/.well-known/oauth-authorization-server{path}"))?,
    ])
}

/// The `jwks_uri` of metadata that is the issuer's: its `issuer` must be the same code point by
/// code point (RFC 8414 section 3.3, OpenID Connect Discovery 1.0 section 4.3).
fn jwks_uri(metadata: Json<'_>, issuer: &str) -> Result<String, KeyFault> {
    let one = |name: &str| {
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
                "answered with metadata whose `{name}` is no string"
            ))),
            (None, _) => Err(KeyFault::rejected(format!(
                "answered with JSON that has no `{name}`: that is no metadata of an issuer"
            ))),
        }
    };
    let named = one("issuer")?;
    if named == issuer {
        return one("jwks_uri");
    }
    let fault = KeyFault::rejected(format!(
        "answered with the metadata of another issuer: {}",
        escape::shorten(&named, 200)
    ));
    Err(match named.trim_end_matches('/') == issuer.trim_end_matches('/') {
        true => fault.hint(format!(
            "they differ by a slash at the end, and issuers are compared exactly: `--key issuer:{}`",
            escape::shorten(&named, 200)
        )),
        false => fault,
    })
}
