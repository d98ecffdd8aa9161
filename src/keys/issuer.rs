//! An issuer as it is named, by its own name or by the address of its metadata.

use crate::keys::address::Address;
use crate::oauth::well_known;
use crate::text::escape;

/// The path before the name of metadata (RFC 8615 section 3).
const MARK: &str = "/.well-known/";

/// An issuer of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// What was written.
    pub(super) written: Address,
    /// Its name, to be compared code point by code point.
    pub(super) name: String,
    /// The same as an address.
    pub(super) address: Address,
    /// The path of its metadata, which was removed, safe to print.
    pub(super) taken_off: Option<String>,
}

impl Issuer {
    /// Reads the URL of an issuer, which has no query and no fragment (RFC 8414 section 2). The address of
    /// its metadata names the issuer too (OpenID Connect Discovery 1.0 section 4.1 appends the path, RFC 8414
    /// section 3.1 inserts it).
    ///
    /// # Errors
    /// A clause that says why it is not an issuer.
    pub fn parse(url: &str) -> Result<Issuer, &'static str> {
        let written = Address::parse(url)?;
        if url.contains(['?', '#']) {
            return Err("has a query, which no issuer has");
        }
        let (name, taken_off) = match url.split_once(MARK) {
            None => (url.to_owned(), None),
            Some((origin, path)) => {
                let (metadata, inserted) = match path.split_once('/') {
                    Some((metadata, rest)) if !rest.is_empty() => (metadata, format!("/{rest}")),
                    _ => (path.trim_end_matches('/'), String::new()),
                };
                let taken_off = escape::shorten(&format!("{MARK}{metadata}"), 60);
                (format!("{origin}{inserted}"), Some(taken_off))
            }
        };
        Ok(Issuer {
            address: Address::parse(&name)?,
            written,
            name,
            taken_off,
        })
    }

    /// Its name, to be compared code point by code point.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same as an address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Where its metadata may be, and by which specification: where OpenID Connect Discovery 1.0
    /// section 4.1 appends, and where RFC 8414 section 3.1 inserts. Both leave out a slash at the end.
    ///
    /// # Errors
    /// A clause that says why that is not an address.
    pub fn metadata_places(&self) -> Result<[Address; 2], &'static str> {
        let path = self.address.path();
        let path = path.strip_suffix('/').unwrap_or(path);
        let place = |path: String| self.address.with_path(&path);
        Ok([
            place(well_known::behind(path, well_known::OPENID_CONFIGURATION))?,
            place(well_known::before(path, well_known::AUTHORIZATION_SERVER))?,
        ])
    }

    /// Whether metadata are those of the issuer: they name it code point by code point (RFC 8414
    /// section 3.3, OpenID Connect Discovery 1.0 section 4.3). An issuer that ends with a slash has
    /// its metadata at the same address as one that does not.
    #[must_use]
    pub fn is(&self, issuer: &str) -> bool {
        issuer == self.name
            || self.taken_off.is_some() && issuer.strip_suffix('/') == Some(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_metadata_is_no_part_of_the_issuer() {
        for (url, issuer, taken_off) in [
            ("https://a.test", "https://a.test", None),
            ("https://a.test/x", "https://a.test/x", None),
            (
                "https://a.test/.well-known/openid-configuration",
                "https://a.test",
                Some("/.well-known/openid-configuration"),
            ),
            (
                "https://a.test/x/.well-known/openid-configuration/",
                "https://a.test/x",
                Some("/.well-known/openid-configuration"),
            ),
            (
                "https://a.test/.well-known/oauth-authorization-server/x/y",
                "https://a.test/x/y",
                Some("/.well-known/oauth-authorization-server"),
            ),
            (
                "https://a.test/.well-known/jwks.json",
                "https://a.test",
                Some("/.well-known/jwks.json"),
            ),
        ] {
            let named = Issuer::parse(url).unwrap();
            assert_eq!(
                (named.name.as_str(), named.taken_off.as_deref()),
                (issuer, taken_off)
            );
        }
    }

    #[test]
    fn a_slash_at_the_end_is_left_open_only_where_the_issuer_was_not_named() {
        let (exact, loose) = (
            Issuer::parse("https://a.test").unwrap(),
            Issuer::parse("https://a.test/.well-known/openid-configuration").unwrap(),
        );
        assert!(exact.is("https://a.test") && loose.is("https://a.test"));
        assert!(!exact.is("https://a.test/") && loose.is("https://a.test/"));
        for other in ["https://a.test//", "https://b.test", "https://a.tes", ""] {
            assert!(!exact.is(other) && !loose.is(other), "{other}");
        }
    }
}
