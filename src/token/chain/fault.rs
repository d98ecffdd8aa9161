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
                "a certificate of the chain is valid from {} only",
                at(*not_before)
            )
        }
        other => plain(other).to_owned(),
    }
}

fn plain(error: &Error) -> &'static str {
    match error {
        Error::CaUsedAsEndEntity => {
            "the first certificate is that of an authority, which signs certificates and no tokens"
        }
        Error::EndEntityUsedAsCa => {
            "a certificate of the chain signs another one, and is not that of an authority"
        }
        Error::InvalidSignatureForPublicKey => {
            "a certificate of the chain is not signed by the one that it names as its issuer"
        }
        Error::PathLenConstraintViolated => {
            "an authority of the chain may not have so many others below it"
        }
        Error::NameConstraintViolation => {
            "a certificate of the chain has a name that its authority may not give"
        }
        Error::EmptyEkuExtension => {
            "an authority of the chain is for other purposes than what was asked for"
        }
        Error::UnsupportedCriticalExtension => {
            "a certificate of the chain has a critical extension that is not known"
        }
        Error::InvalidCertValidity => "a certificate of the chain ends before it begins",
        Error::CertRevoked => "a certificate of the chain was revoked",
        Error::UnknownRevocationStatus => {
            "no revocation list that was given is of the issuer of the signer's certificate"
        }
        Error::CrlExpired { .. } => "a revocation list that was given is out of date",
        Error::InvalidCrlSignatureForPublicKey | Error::IssuerNotCrlSigner => {
            "a revocation list that was given is not signed by the issuer of the certificates"
        }
        Error::MaximumSignatureChecksExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => {
            "the certificates are too many, or lead to each other in too many ways"
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

/// Where a chain ends that leads to no root.
fn hole(chain: &[Vec<u8>], roots: &str) -> String {
    let known: Vec<Certificate<'_>> = chain
        .iter()
        .filter_map(|der| Certificate::read(der))
        .collect();
    let Some(mut last) = known.first() else {
        return "the chain leads to no root that was named".to_owned();
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
            "the chain has a hole: {subject} is issued by {issuer}, which is neither in `x5c` nor in {roots}"
        ),
    }
}

fn at(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let at = Timestamp::from_seconds(seconds);
    time::human(at).unwrap_or_else(|| seconds.to_string())
}
