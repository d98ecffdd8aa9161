//! Proof of possession (RFC 9449): a client shows that it has a key, and both sides compare the same values.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::text::hex;
use crate::text::time::Timestamp;
use crate::text::url::HttpUrl;
use crate::token::algorithm::{Algorithm, Family};
use crate::token::claims::Members;
use crate::token::issue::{SigningKey, issue};
use crate::token::json::{Json, JsonText};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

/// The request header with the proof (section 4.1).
pub const HEADER: &str = "DPoP";
/// The response header with the nonce that the next proof has to repeat (section 8).
pub const NONCE_HEADER: &str = "DPoP-Nonce";
/// The error of a request whose proof lacks the nonce that the server wants (section 8).
pub const USE_NONCE: &str = "use_dpop_nonce";
/// The scheme of the Authorization header, and the `token_type`, of a token that is bound to a key
/// (sections 5 and 7.1).
pub const SCHEME: &str = "DPoP";
/// The `typ` of a proof (section 4.2).
pub const TYP: &str = "dpop+jwt";
/// The parameter of an authorization request that has the thumbprint of the key (section 10).
pub const JKT_PARAMETER: &str = "dpop_jkt";

/// A proof before it is signed (section 4.2).
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// The method of the request that it is for.
    pub method: &'a str,
    /// The URL of that request; its query and fragment are left out.
    pub url: &'a str,
    /// A text that no other proof of the key has.
    pub jti: &'a str,
    /// When it is made.
    pub issued: Timestamp,
    /// The access token that is sent along.
    pub access_token: Option<&'a str>,
    /// The nonce that the server wants to see again.
    pub nonce: Option<&'a str>,
}

impl Proof<'_> {
    /// Its claims.
    #[must_use]
    pub fn claims(&self) -> Members<'static> {
        let mut claims = Members::new();
        claims.set_text("jti", self.jti);
        claims.set_text("htm", self.method);
        claims.set_text("htu", target(self.url));
        claims.set("iat", self.issued.seconds());
        if let Some(token) = self.access_token {
            claims.set_text("ath", &hash_of(token));
        }
        if let Some(nonce) = self.nonce {
            claims.set_text("nonce", nonce);
        }
        claims
    }

    /// Signs it with a key whose public half is put into it.
    ///
    /// # Errors
    /// [`KeyFault`] for a secret, which has no public half, and where the key turns out unable to
    /// sign.
    pub fn sign(&self, signing: &SigningKey, key: &Key) -> Result<String, KeyFault> {
        let header = header(signing.algorithm(), key)?;
        issue(&self.claims(), &header, signing)
    }
}

/// The header of a proof, which has the public half of the key (section 4.2).
///
/// # Errors
/// [`KeyFault`] for a secret, which has no public half.
pub fn header(algorithm: Algorithm, key: &Key) -> Result<Members<'static>, KeyFault> {
    let jwk = key.required_jwk();
    let jwk = jwk.as_deref().and_then(|jwk| Json::parse_str(jwk).ok());
    let jwk = jwk.ok_or_else(|| {
        let kind = key.kind_words();
        KeyFault::rejected(format!("a proof needs a key pair, and this is {kind}"))
    })?;
    let mut header = Members::new();
    header.set_text("typ", TYP);
    header.set_text("alg", algorithm.name());
    header.set("jwk", JsonText::from(jwk.value).into_owned());
    Ok(header)
}

/// The algorithms that a proof may be signed with: all but those for secrets (section 4.2).
pub fn algorithms() -> impl Iterator<Item = Algorithm> {
    let all = Algorithm::ALL.iter().copied();
    all.filter(|algorithm| !matches!(algorithm.family(), Family::Hmac { .. }))
}

/// The hash of an access token, which a proof that is sent with it has as `ath` (section 4.2).
#[must_use]
pub fn hash_of(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, access_token.as_bytes()))
}

/// A URL without query and fragment: `htu` (section 4.2).
#[must_use]
pub fn target(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Whether two URLs lead to the same place, whatever their queries and fragments are (section 4.3),
/// after the normalization of RFC 3986 sections 6.2.2 and 6.2.3.
#[must_use]
pub fn is_same_target(one: &str, other: &str) -> bool {
    normal(one).is_some_and(|one| normal(other).is_some_and(|other| one == other))
}

fn normal(url: &str) -> Option<String> {
    let (scheme, rest) = target(url).split_once(':')?;
    let lower = format!("{}:{rest}", scheme.to_ascii_lowercase());
    let parts = HttpUrl::split(&lower)?;
    let usual = if parts.scheme == "https" { 443 } else { 80 };
    let port = parts.port.filter(|port| *port != usual);
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let (scheme, host) = (parts.scheme, parts.host.to_ascii_lowercase());
    let path = without_dots(&plain_escapes(parts.rest));
    Some(format!("{scheme}://{host}{port}{path}"))
}

/// A path in which only the characters that need it are percent-encoded, in capitals (RFC 3986 sections
/// 6.2.2.1 and 6.2.2.2).
fn plain_escapes(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.as_bytes().get(..2).and_then(hex::byte);
        match code {
            Some(b) if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => {
                plain.push(char::from(b));
            }
            Some(b) => plain.push_str(&format!("%{b:02X}")),
            None => plain.push('%'),
        }
        plain.push_str(code.map_or(piece, |_| piece.get(2..).unwrap_or_default()));
    }
    plain
}

/// A path without dot segments (RFC 3986 section 5.2.4), which begins with a slash.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for segment in &segments {
        match *segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    // A path that ends with a dot segment is a folder.
    if matches!(segments.last(), Some(&("." | ".."))) {
        kept.push("");
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::decode::decode_header;
    use crate::token::generate::generate;

    /// Section 4.2, and the hash of section 7.1.
    #[test]
    fn a_proof_says_what_it_is_for_and_whose_key_it_is() {
        let key = generate(Algorithm::ES256, None).unwrap();
        let signing = SigningKey::new(&key, Algorithm::ES256, false).unwrap();
        let proof = Proof {
            method: "GET",
            url: "https://rs.test/items?x=1#y",
            jti: "n-1",
            issued: Timestamp::from_seconds(1_562_265_296),
            access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            nonce: Some("again"),
        };
        assert_eq!(
            proof.claims().text(),
            r#"{"jti":"n-1","htm":"GET","htu":"https://rs.test/items","iat":1562265296,"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo","nonce":"again"}"#
        );
        let token = proof.sign(&signing, &key).unwrap();
        let header = decode_header(token.split('.').next().unwrap()).unwrap();
        let jwk = key.required_jwk().unwrap();
        let expected = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
        assert_eq!(header.compact(), expected);
        assert!(!jwk.contains("\"d\""));
    }

    #[test]
    fn a_secret_proves_nothing() {
        let key = generate(Algorithm::HS256, None).unwrap();
        let signing = SigningKey::new(&key, Algorithm::HS256, false).unwrap();
        let proof = Proof {
            method: "POST",
            url: "https://as.test/token",
            jti: "n-1",
            issued: Timestamp::from_seconds(0),
            access_token: None,
            nonce: None,
        };
        assert!(proof.sign(&signing, &key).is_err());
        assert!(algorithms().all(|algorithm| !algorithm.name().starts_with("HS")));
    }

    /// Section 4.3, and RFC 3986 section 6.2.
    #[test]
    fn urls_are_compared_by_where_they_lead() {
        for (one, other) in [
            ("https://a.test/x", "https://a.test/x?y=1#z"),
            ("https://a.test/x", "HTTPS://A.test:443/x"),
            ("http://a.test", "http://a.test:80/"),
            ("http://[::1]:8000/x", "http://[::1]:8000/x"),
            ("https://a.test/%7ex%2f", "https://a.test/~x%2F"),
            ("https://a.test/a/./b/../c", "https://a.test/a/c"),
            ("https://a.test/a/..", "https://a.test/"),
        ] {
            assert!(is_same_target(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("https://a.test/x", "http://a.test/x"),
            ("https://a.test/x", "https://a.test/X"),
            ("https://a.test/x", "https://a.test/x/"),
            ("https://a.test/x", "https://a.test:8443/x"),
            ("https://a.test/x", "https://a.test.evil/x"),
            ("https://a.test/x", "https://user@a.test/x"),
            ("https://a.test/a%2Fb", "https://a.test/a/b"),
            ("https://a.test/%", "https://a.test/"),
            ("x", "x"),
            ("", ""),
        ] {
            assert!(!is_same_target(one, other), "{one} {other}");
        }
    }
}
