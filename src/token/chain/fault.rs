//! Why a chain is refused, in words.

use rustls_pki_types::UnixTime;
use webpki::{ALL_VERIFICATION_ALGS, Error};

use crate::text::time::{self, Timestamp};
use crate::token::chain::certificate::{Certificate, name_words};
use crate::token::chain::culprit::{Refused, SOME};

impl Refused<'_> {
    /// What webpki says of the chain.
    pub(super) fn words(&self, error: &Error) -> String {
        match error {
            Error::UnknownIssuer => self.hole(),
            Error::CertExpired { not_after, .. } => {
                let ended = not_after.as_secs();
                let who = self.who(|one| one.validity.is_some_and(|(_, to)| to == ended));
                format!("{who} expired {}", at(*not_after))
            }
            Error::CertNotValidYet { not_before, .. } => {
                let begins = not_before.as_secs();
                let who = self.who(|one| one.validity.is_some_and(|(from, _)| from == begins));
                format!("{who} is not valid before {}", at(*not_before))
            }
            // webpki tells of the path that went furthest, which may be another one by the same names.
            Error::InvalidSignatureForPublicKey
            | Error::PathLenConstraintViolated
            | Error::NameConstraintViolation
                if self.has_renewal() =>
            {
                let cause = self.plain(error);
                format!(
                    "{cause}, or an authority certified its own new key beyond the bounds on its path or its names: that is no exception here, as it is in RFC 5280 section 6.1"
                )
            }
            other => self.plain(other),
        }
    }

    fn plain(&self, error: &Error) -> String {
        match error {
            Error::CaUsedAsEndEntity => format!(
                "{} is that of a certificate authority, which signs certificates, not tokens",
                self.placed(0)
            ),
            Error::EndEntityUsedAsCa => format!(
                "{} signs another one, which it may not: it is not that of a certificate authority, or its key usage does not have `keyCertSign`",
                self.no_authority()
            ),
            Error::InvalidSignatureForPublicKey
            | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => self.unsigned(),
            Error::PathLenConstraintViolated => {
                let bound = self.exceeded();
                let bound = bound.map(|index| self.placed(index));
                let bound = bound.as_deref();
                format!(
                    "the chain is longer than {} allows",
                    bound.unwrap_or("one of its certificate authorities")
                )
            }
            Error::NameConstraintViolation => format!(
                "a certificate of the chain has a name that {} may not certify",
                self.only_bound_on_names()
            ),
            Error::EmptyEkuExtension => {
                let is_for_others = |one: &Certificate<'_>| {
                    let purposes = one.purposes();
                    purposes.is_some_and(|all| !all.iter().any(|oid| (self.is_purpose)(oid)))
                };
                let index = self.position(|index, one| index > 0 && is_for_others(one));
                format!(
                    "{} is not for the purpose that was asked for",
                    self.placed_or(index, "a certificate authority of the chain")
                )
            }
            Error::UnsupportedCriticalExtension => {
                let index = self.unread(error);
                let one = self.certificate(index);
                let oid = one.and_then(|one| one.unknown_extension());
                let oid = oid.map_or_else(String::new, |oid| format!(" ({oid})"));
                format!(
                    "{} has a critical extension that is not known{oid}",
                    self.placed_or(index, SOME)
                )
            }
            Error::InvalidCertValidity => {
                let who = self.who(|one| one.validity.is_some_and(|(from, to)| from > to));
                format!("{who} ends before it begins")
            }
            Error::CertRevoked => format!("{} was revoked", self.revoked()),
            Error::UnknownRevocationStatus => {
                "none of the revocation lists is from the issuer of the signer's certificate".into()
            }
            Error::CrlExpired { .. } => "a revocation list is out of date".into(),
            Error::InvalidCrlSignatureForPublicKey | Error::IssuerNotCrlSigner => {
                "a revocation list is not signed by the issuer of the certificates".into()
            }
            Error::MaximumSignatureChecksExceeded
            | Error::MaximumPathBuildCallsExceeded
            | Error::MaximumPathDepthExceeded
            | Error::MaximumNameConstraintComparisonsExceeded => {
                "there are too many certificates, or too many paths between them".into()
            }
            Error::UnsupportedSignatureAlgorithmContext(_) => {
                let who = self.who(|one| {
                    let mut known = ALL_VERIFICATION_ALGS.iter();
                    !known.any(|known| known.signature_alg_id().as_ref() == one.signed_by)
                });
                format!(
                    "{who} is signed by an algorithm that is not accepted, such as one with SHA-1"
                )
            }
            Error::SignatureAlgorithmMismatch => format!(
                "{} names two algorithms for its one signature",
                self.placed_or(self.unread(error), SOME)
            ),
            Error::UnsupportedCertVersion => format!(
                "{} is not of version 3 of X.509",
                self.placed_or(self.unread(error), SOME)
            ),
            other => format!(
                "{} is damaged, or has a form that is not accepted",
                self.placed_or(self.unread(other), SOME)
            ),
        }
    }

    /// Where the chain ends that does not lead to a root.
    fn hole(&self) -> String {
        let known: Vec<Certificate<'_>> = Refused::read(self.chain).collect();
        let roots = self.label;
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
}

fn at(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let at = Timestamp::from_seconds(seconds);
    time::human(at).unwrap_or_else(|| seconds.to_string())
}
