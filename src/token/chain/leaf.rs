//! The first certificate of a chain, whose key signs: whether it is for signatures, and for the purposes and
//! names that were asked for.

use aws_lc_rs::digest::{self, Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use rustls_pki_types::{CertificateDer, ServerName};
use webpki::EndEntityCert;

use crate::text::escape;
use crate::token::chain::certificate::{AltName, Certificate, name_words};
use crate::token::compact::encode_segment;
use crate::token::json::{self, Object};
use crate::token::policy::LeafPolicy;
use crate::token::refusal::{Reason, Refusal};

/// Checks it; gives what was found, in words.
pub(super) fn check(der: &[u8], header: &Object, asked: &LeafPolicy) -> Result<String, Refusal> {
    let wrong = |message: String| Refusal::new(Reason::WrongLeaf, message);
    let unread = || wrong("the certificate of the signer cannot be read".to_owned());
    let leaf = Certificate::read(der).ok_or_else(unread)?;
    let subject = name_words(leaf.subject);
    if !leaf.may_sign() {
        return Err(wrong(format!(
            "the certificate of {subject} is not for signatures: its key usage does not have `digitalSignature`"
        )));
    }
    let mut seen = vec![subject.clone()];
    if !asked.purposes.is_empty() {
        let purposes = leaf.purposes();
        let found = purposes.clone().unwrap_or_default();
        let Some(purpose) = found.iter().find(|oid| asked.purposes.contains(oid)) else {
            let is = match found.as_slice() {
                [] => "names no purpose".to_owned(),
                found => format!("is for {}", escape::shorten(&found.join(", "), 120)),
            };
            return Err(wrong(format!(
                "the certificate of {subject} {is}, but {} was asked for",
                asked.purposes.join(" or ")
            ))
            .expected(json::array(&asked.purposes))
            .found(json::array(&found)));
        };
        seen.push(format!("for {purpose}"));
    }
    if !asked.names.is_empty() {
        let cert = CertificateDer::from(der);
        let cert = EndEntityCert::try_from(&cert).map_err(|_| unread())?;
        let names = leaf.alt_names();
        let is_it = |name: &&String| is_named(name, &names, &cert);
        let Some(name) = asked.names.iter().find(is_it) else {
            let found: Vec<&str> = names.iter().filter_map(AltName::text).collect();
            let is = match found.as_slice() {
                [] => "has no such name".to_owned(),
                found => format!("is for {}", escape::shorten(&found.join(", "), 120)),
            };
            return Err(wrong(format!(
                "the certificate of {subject} {is}, but {} was asked for",
                escape::shorten(&asked.names.join(" or "), 120)
            ))
            .expected(json::array(&asked.names))
            .found(json::array(&found)));
        };
        seen.push(format!("of {}", escape::shorten(name, 120)));
    }
    for (parameter, algorithm) in [("x5t", &SHA1_FOR_LEGACY_USE_ONLY), ("x5t#S256", &SHA256)] {
        let Some(found) = header.get(parameter) else {
            continue;
        };
        if !found.is(&thumbprint(der, algorithm)) {
            return Err(wrong(format!(
                "the header's `{parameter}` does not belong to the first certificate in `x5c`"
            ))
            .expected(json::quote(&thumbprint(der, algorithm)))
            .found(found.compact().into_owned()));
        }
        seen.push(format!("`{parameter}` is its own"));
    }
    Ok(seen.join(", "))
}

/// Whether a certificate is for a name: a host (which a wildcard may cover), an address, a URI or a
/// mailbox.
fn is_named(name: &str, names: &[AltName<'_>], cert: &EndEntityCert<'_>) -> bool {
    let is_same = |found: &AltName<'_>| match found {
        AltName::Uri(found) => is_same_uri(name, found),
        AltName::Email(found) => is_same_mailbox(name, found),
        AltName::Dns(_) | AltName::Other => false,
    };
    if names.iter().any(is_same) {
        return true;
    }
    ServerName::try_from(name)
        .is_ok_and(|server| cert.verify_is_valid_for_subject_name(&server).is_ok())
}

/// The host of a mailbox is in any case (RFC 5280 section 7.5).
fn is_same_mailbox(one: &str, other: &str) -> bool {
    match (one.rsplit_once('@'), other.rsplit_once('@')) {
        (Some((one, host)), Some((other, other_host))) => {
            one == other && host.eq_ignore_ascii_case(other_host)
        }
        _ => false,
    }
}

/// The scheme and the host of a URI are in any case (RFC 5280 section 7.4, RFC 3986 section 6.2.2.1).
fn is_same_uri(one: &str, other: &str) -> bool {
    // Where the host ends; what has none is compared as it is.
    let split = |uri: &str| {
        let Some((scheme, rest)) = uri.split_once("://") else {
            return 0;
        };
        let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        scheme.len().saturating_add(3).saturating_add(host)
    };
    let (front, rest) = one.split_at(split(one));
    let (other_front, other_rest) = other.split_at(split(other));
    // A user before the host would be in its own case.
    let is_same_front = match front.contains('@') {
        true => front == other_front,
        false => front.eq_ignore_ascii_case(other_front),
    };
    is_same_front && rest == other_rest
}

/// The value of `x5t` for a certificate in DER (RFC 7515 section 4.1.7).
#[must_use]
pub fn thumbprint_sha1(der: &[u8]) -> String {
    thumbprint(der, &SHA1_FOR_LEGACY_USE_ONLY)
}

/// The value of `x5t#S256` (RFC 7515 section 4.1.8).
#[must_use]
pub fn thumbprint_sha256(der: &[u8]) -> String {
    thumbprint(der, &SHA256)
}

fn thumbprint(der: &[u8], algorithm: &'static Algorithm) -> String {
    encode_segment(digest::digest(algorithm, der))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_mailbox_and_the_front_of_a_uri_are_in_any_case() {
        assert!(is_same_mailbox("a@EX.example", "a@ex.example"));
        assert!(!is_same_mailbox("A@ex.example", "a@ex.example"));
        assert!(!is_same_mailbox("ex.example", "ex.example"));
        let uri = "https://id.example/x";
        for same in [uri, "HTTPS://id.example/x", "https://ID.example/x"] {
            assert!(is_same_uri(same, uri), "{same}");
        }
        for other in [
            "https://id.example/X",
            "https://id.example",
            "https://id.examplf/x",
            "x",
        ] {
            assert!(!is_same_uri(other, uri), "{other}");
        }
        assert!(is_same_uri("spiffe://EXAMPLE", "spiffe://example"));
        assert!(!is_same_uri(
            "https://U@id.example/",
            "https://u@id.example/"
        ));
        assert!(is_same_uri("urn:a:b", "urn:a:b") && !is_same_uri("urn:a:B", "urn:a:b"));
    }
}
