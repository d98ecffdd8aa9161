//! The certificates that a chain has to lead to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, CertRevocationList, EndEntityCert, Error, ExpirationPolicy,
    ExtendedKeyUsageValidator, KeyPurposeIdIter, OwnedCertRevocationList, RevocationCheckDepth,
    RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath,
};

use crate::text::count::counted;
use crate::text::time::Timestamp;
use crate::token::advice::Advice;
use crate::token::chain::certificate::{Certificate, name_words};
use crate::token::chain::culprit::Refused;
use crate::token::chain::{brought, certificates, key_of, leaf};
use crate::token::json::Object;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keys::Keys;
use crate::token::keyset::KeySource;
use crate::token::pem;
use crate::token::policy::LeafPolicy;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;

/// Certificates of one place that the chain in a token's `x5c` may lead to.
pub struct Roots {
    source: KeySource,
    certificates: Vec<Vec<u8>>,
    /// What webpki needs of each certificate.
    anchors: Vec<TrustAnchor<'static>>,
    revocations: Vec<CertRevocationList<'static>>,
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Roots").field(&self.source.label).finish()
    }
}

/// A chain that leads to a root.
pub(crate) struct Chain {
    /// The key of its first certificate.
    pub(crate) key: Arc<Key>,
    /// What was seen of it, for each check.
    pub(crate) seen: [(CheckName, String); 2],
}

/// A chain that does not lead to a root, or whose first certificate may not sign tokens.
pub(crate) struct Unchained {
    pub(crate) refusal: Refusal,
    /// What was found good before.
    pub(crate) seen: Option<(CheckName, String)>,
}

impl From<Refusal> for Unchained {
    fn from(refusal: Refusal) -> Self {
        Unchained {
            refusal,
            seen: None,
        }
    }
}

impl Roots {
    /// Reads the certificates of a file: PEM blocks, or one in DER; `label` names the place in reports, in
    /// words safe for a terminal.
    ///
    /// # Errors
    /// [`KeyFault`] where there is none, or one is damaged.
    pub fn read(label: impl Into<String>, content: &[u8]) -> Result<Self, KeyFault> {
        let certificates = certificates(content)?;
        let anchors = certificates.iter().map(|der| {
            let certificate = CertificateDer::from(der.as_slice());
            let anchor = webpki::anchor_from_trusted_cert(&certificate);
            anchor.map(|anchor| anchor.to_owned()).map_err(|_| {
                KeyFault::rejected("one of the certificates is damaged")
                    .hint(Advice::GiveCertificates)
            })
        });
        Ok(Roots {
            anchors: anchors.collect::<Result<_, _>>()?,
            certificates,
            source: KeySource::new(
                label,
                Keys {
                    keys: Vec::new(),
                    is_set: false,
                    notes: Vec::new(),
                },
            ),
            revocations: Vec::new(),
        })
    }

    /// Refuses the certificates that are in the revocation lists of a file, in PEM or in DER (RFC 5280
    /// section 5). One list must be from the issuer of the signer's certificate.
    ///
    /// # Errors
    /// [`KeyFault`] where there is none, or one is damaged.
    pub fn revoke(&mut self, content: &[u8]) -> Result<(), KeyFault> {
        let lists = match pem::is_in(content) {
            true => pem::revocations(&String::from_utf8_lossy(content))?,
            false => vec![content.to_vec()],
        };
        if lists.is_empty() {
            let message = "there is no revocation list in it";
            return Err(KeyFault::rejected(message).hint(Advice::GiveRevocations));
        }
        for list in lists {
            let list = OwnedCertRevocationList::from_der(&list).map_err(|_| {
                let message =
                    "it is not a complete revocation list of version 2 (RFC 5280 section 5)";
                KeyFault::rejected(message).hint(Advice::GiveRevocations)
            })?;
            self.revocations.push(list.into());
        }
        Ok(())
    }

    /// The place, as the source of the keys that are found by it.
    pub(crate) fn source(&self) -> &KeySource {
        &self.source
    }

    /// Checks the certificates of a header at a time; `None` where it has none.
    pub(crate) fn judge(
        &self,
        header: &Object,
        asked: &LeafPolicy,
        now: Timestamp,
    ) -> Option<Result<Chain, Unchained>> {
        let chain = match brought(header) {
            Ok(chain) => chain?,
            Err(malformed) => return Some(Err(Refusal::from(malformed).into())),
        };
        Some(self.judge_chain(&chain, header, asked, now))
    }

    fn judge_chain(
        &self,
        chain: &[Vec<u8>],
        header: &Object,
        asked: &LeafPolicy,
        now: Timestamp,
    ) -> Result<Chain, Unchained> {
        let refused = |error: Error| {
            let refused = Refused {
                chain,
                roots: &self.certificates,
                label: &self.source.label,
                revocations: &self.revocations,
                is_purpose: &|oid| Purposes(asked).is_one(oid),
            };
            Refusal::new(Reason::BadChain, refused.words(&error))
        };
        let certificates: Vec<CertificateDer<'_>> = chain
            .iter()
            .map(|der| CertificateDer::from(der.as_slice()))
            .collect();
        let (first, others) = certificates
            .split_first()
            .ok_or_else(|| refused(Error::BadDer))?;
        let end = EndEntityCert::try_from(first).map_err(refused)?;
        let der = chain.first().map(Vec::as_slice).unwrap_or_default();
        let words = self.path(&end, others, asked, now).map_err(|error| {
            // webpki does not say which certificate has the wrong purposes.
            match leaf::check(der, header, asked) {
                Err(of_leaf) if error == OTHER_PURPOSE => of_leaf,
                _ => refused(error),
            }
        })?;
        let seen = (CheckName::Chain, words);
        let of_leaf = |refusal| Unchained {
            refusal,
            seen: Some(seen.clone()),
        };
        let leaf = leaf::check(der, header, asked).map_err(of_leaf)?;
        let key = key_of(der).map_err(|fault| of_leaf(fault.into()))?;
        Ok(Chain {
            key: Arc::new(key),
            seen: [seen, (CheckName::Leaf, leaf)],
        })
    }

    /// Looks for a path to a root; gives it in words.
    fn path(
        &self,
        end: &EndEntityCert<'_>,
        others: &[CertificateDer<'_>],
        asked: &LeafPolicy,
        now: Timestamp,
    ) -> Result<String, Error> {
        let seconds = u64::try_from(now.seconds()).unwrap_or_default();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let lists: Vec<&CertRevocationList<'_>> = self.revocations.iter().collect();
        // The status of the signer's certificate has to be known, that of the authorities may be.
        let kinds: &[_] = match lists.as_slice() {
            [] => &[None],
            _ => &[
                Some((RevocationCheckDepth::EndEntity, UnknownStatusPolicy::Deny)),
                Some((RevocationCheckDepth::Chain, UnknownStatusPolicy::Allow)),
            ],
        };
        let mut words = String::new();
        for kind in kinds {
            let revocation = match kind {
                None => None,
                Some((depth, status)) => {
                    let options = RevocationOptionsBuilder::new(&lists);
                    let options = options.map_err(|_| Error::UnknownRevocationStatus)?;
                    let options = options.with_depth(*depth).with_status_policy(*status);
                    Some(
                        options
                            .with_expiration_policy(ExpirationPolicy::Enforce)
                            .build(),
                    )
                }
            };
            let path = end.verify_for_usage(
                ALL_VERIFICATION_ALGS,
                &self.anchors,
                others,
                time,
                Purposes(asked),
                revocation,
                Some(&|path| self.check_authorities(path)),
            )?;
            words = path_words(&path);
        }
        if !lists.is_empty() {
            words.push_str(", not revoked");
        }
        Ok(words)
    }

    /// What webpki leaves out: each authority has to be for the signing of certificates (RFC 5280 section 6.1.4
    /// (n)). A root that is none stands for itself alone.
    fn check_authorities(&self, path: &VerifiedPath<'_>) -> Result<(), Error> {
        let is_of_authority =
            |der: &[u8]| Certificate::read(der).is_some_and(|one| one.is_of_authority());
        let leaf = path.end_entity().der();
        let roots = self.anchors.iter().zip(&self.certificates);
        let mut roots = roots.filter(|(anchor, _)| *anchor == path.anchor());
        let mut between = path.intermediate_certificates();
        let is_good = roots.any(|(_, root)| **root == *leaf || is_of_authority(root))
            && between.all(|authority| is_of_authority(&authority.der()));
        match is_good {
            true => Ok(()),
            false => Err(Error::EndEntityUsedAsCa),
        }
    }
}

fn path_words(path: &VerifiedPath<'_>) -> String {
    let between = path.intermediate_certificates().count();
    let count = counted(between.saturating_add(1), "certificate");
    format!("{count}, up to {}", name_words(&path.anchor().subject))
}

/// The error for a certificate that is for other purposes.
const OTHER_PURPOSE: Error = Error::EmptyEkuExtension;

/// A certificate authority that is limited to some purposes gives no certificate for others. The purposes of
/// the first certificate are checked elsewhere.
struct Purposes<'a>(&'a LeafPolicy);

impl ExtendedKeyUsageValidator for Purposes<'_> {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        let mut has_some = false;
        for purpose in purposes {
            has_some = true;
            let numbers = purpose?.to_decoded_oid();
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            if self.0.purposes.is_empty() || self.is_one(&numbers.join(".")) {
                return Ok(());
            }
        }
        match has_some {
            false => Ok(()),
            true => Err(OTHER_PURPOSE),
        }
    }
}

impl Purposes<'_> {
    /// Whether it is one that was asked for, or stands for any.
    fn is_one(&self, oid: &str) -> bool {
        /// `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12).
        const ANY: &str = "2.5.29.37.0";
        oid == ANY || self.0.purposes.iter().any(|asked| asked == oid)
    }
}
