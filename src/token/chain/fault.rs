//! Why a chain is refused, in words.

use rustls_pki_types::UnixTime;
use webpki::Error;

use crate::text::time::{self, Timestamp};
use crate::token::chain::certificate::{Certificate, name_words};

/// What webpki says of a chain.
pub(super) fn words(error: &Error, chain: &[Vec<u8>], roots: &str) -> String {
    match error {
        Error::UnknownIssuer => hole(chain, roots),
        Error::CertExpired { not_after, .. } => {
            format!("a certificate of the chain expired {}", at(*not_after))
        }
        Error::CertNotValidYet { not_before, .. } => {
            format!(
                "a certificate of the chain is not valid before {}",
                at(*not_before)
            )
        }
        // webpki tells of the path that went furthest, which may be another one by the same names.
        Error::InvalidSignatureForPublicKey
        | Error::PathLenConstraintViolated
        | Error::NameConstraintViolation
            if has_renewal(chain) =>
        {
            let cause = plain(error);
            format!(
                "{cause}, or an authority certified its own new key beyond the bounds on its path or its names: that is no exception here, as it is in RFC 5280 section 6.1"
            )
        }
        other => plain(other).to_owned(),
    }
}

/// Whether an authority of a chain certified its own new key.
fn has_renewal(chain: &[Vec<u8>]) -> bool {
    let mut read = chain.iter().filter_map(|der| Certificate::read(der));
    read.any(|certificate| certificate.is_renewal())
}

fn plain(error: &Error) -> &'static str {
    match error {
        Error::CaUsedAsEndEntity => {
            "the first certificate is that of a certificate authority, which signs certificates, not tokens"
        }
        Error::EndEntityUsedAsCa => {
            "a certificate of the chain signs another one, which it may not: it is not that of a certificate authority, or its key usage does not have `keyCertSign`"
        }
        Error::InvalidSignatureForPublicKey => {
            "a certificate of the chain is not signed by the one that it names as its issuer"
        }
        Error::PathLenConstraintViolated => {
            "the chain is longer than one of its certificate authorities allows"
        }
        Error::NameConstraintViolation => {
            "a certificate of the chain has a name that its certificate authority may not certify"
        }
        Error::EmptyEkuExtension => {
            "a certificate authority of the chain is not for the purpose that was asked for"
        }
        Error::UnsupportedCriticalExtension => {
            "a certificate of the chain has a critical extension that is not known"
        }
        Error::InvalidCertValidity => "a certificate of the chain ends before it begins",
        Error::CertRevoked => "a certificate of the chain was revoked",
        Error::UnknownRevocationStatus => {
            "none of the revocation lists is from the issuer of the signer's certificate"
        }
        Error::CrlExpired { .. } => "a revocation list is out of date",
        Error::InvalidCrlSignatureForPublicKey | Error::IssuerNotCrlSigner => {
            "a revocation list is not signed by the issuer of the certificates"
        }
        Error::MaximumSignatureChecksExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => {
            "there are too many certificates, or too many paths between them"
        }
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)
        | Error::SignatureAlgorithmMismatch => {
            "a certificate of the chain is signed by an algorithm that is not accepted, such as one with SHA-1"
        }
        Error::UnsupportedCertVersion => "a certificate of the chain is not of version 3 of X.509",
        _ => "a certificate of the chain is damaged, or has a form that is not accepted",
    }
}

/// Where a chain ends that does not lead to a root.
fn hole(chain: &[Vec<u8>], roots: &str) -> String {
    let known: Vec<Certificate<'_>> = chain
        .iter()
        .filter_map(|der| Certificate::read(der))
        .collect();
    let Some(mut last) = known.first() else {
        return "the chain does not lead to one of the roots".to_owned();
    };
    for _ in 0..known.len() {
        let issuer = known.iter().find(|other| other.subject == last.issuer);
        match issuer.filter(|issuer| issuer.subject != last.subject) {
            Some(issuer) => last = issuer,
            None => break,
        }
    }
    let (subject, issuer) = (name_words(last.subject), name_words(last.issuer));
    match last.subject == last.issuer {
        true => format!("the chain ends at {subject}, which is not in {roots}"),
        false => format!(
            "a certificate is missing from the chain: {subject} is issued by {issuer}, which is neither in `x5c` nor in {roots}"
        ),
    }
}

fn at(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let at = Timestamp::from_seconds(seconds);
    time::human(at).unwrap_or_else(|| seconds.to_string())
}
