//! Which certificate of a chain is at fault. webpki decides that a chain is refused, and seldom says for which of
//! them; it is looked up here, and left open where it cannot be told.

use rustls_pki_types::CertificateDer;
use webpki::{ALL_VERIFICATION_ALGS, CertRevocationList, EndEntityCert, Error};

use crate::token::chain::certificate::{Certificate, name_words};

/// A chain that is refused, and what it was judged by.
pub(super) struct Refused<'a> {
    /// The certificates of the header, in DER.
    pub(super) chain: &'a [Vec<u8>],
    pub(super) roots: &'a [Vec<u8>],
    /// The place of the roots, in words.
    pub(super) label: &'a str,
    pub(super) revocations: &'a [CertRevocationList<'static>],
    /// Whether it is a purpose that was asked for.
    pub(super) is_purpose: &'a dyn Fn(&str) -> bool,
}

impl Refused<'_> {
    pub(super) fn certificate(&self, index: Option<usize>) -> Option<Certificate<'_>> {
        Certificate::read(self.chain.get(index?)?)
    }

    pub(super) fn position(&self, fits: impl Fn(usize, &Certificate<'_>) -> bool) -> Option<usize> {
        let mut all = self.chain.iter().enumerate();
        all.position(|(index, der)| Certificate::read(der).is_some_and(|one| fits(index, &one)))
    }

    /// The first that fits, in words.
    pub(super) fn who(&self, fits: impl Fn(&Certificate<'_>) -> bool) -> String {
        self.placed_or(self.position(|_, one| fits(one)), SOME)
    }

    /// A certificate by its place in `x5c` and its subject.
    pub(super) fn placed(&self, index: usize) -> String {
        let (number, count) = (index.saturating_add(1), self.chain.len());
        match self.certificate(Some(index)) {
            Some(one) => format!(
                "certificate {number} of {count} ({})",
                name_words(one.subject)
            ),
            None => format!("certificate {number} of {count}"),
        }
    }

    pub(super) fn placed_or(&self, index: Option<usize>, unknown: &str) -> String {
        index.map_or_else(|| unknown.to_owned(), |index| self.placed(index))
    }

    /// The first that webpki does not read, for this reason.
    pub(super) fn unread(&self, error: &Error) -> Option<usize> {
        self.chain.iter().position(|der| {
            let der = CertificateDer::from(der.as_slice());
            EndEntityCert::try_from(&der).is_err_and(|why| why == *error)
        })
    }

    pub(super) fn read(all: &[Vec<u8>]) -> impl Iterator<Item = Certificate<'_>> + '_ {
        all.iter().filter_map(|der| Certificate::read(der))
    }

    /// Whether an authority of the chain certified its own new key.
    pub(super) fn has_renewal(&self) -> bool {
        Refused::read(self.chain).any(|one| one.is_renewal())
    }

    /// One that others name as their issuer, and that is no authority; or a root of that kind.
    pub(super) fn no_authority(&self) -> String {
        let is_named = |one: &Certificate<'_>| {
            let mut others = Refused::read(self.chain);
            others.any(|other| other.issuer == one.subject && other.subject != one.subject)
        };
        let is_it = |one: &Certificate<'_>| !one.is_of_authority() && is_named(one);
        if let Some(index) = self.position(|_, one| is_it(one)) {
            return self.placed(index);
        }
        let root = Refused::read(self.roots).find(is_it);
        root.map_or_else(
            || SOME.to_owned(),
            |root| format!("{} in {}", name_words(root.subject), self.label),
        )
    }

    /// One that none of those with the name of its issuer signed.
    pub(super) fn unsigned(&self) -> String {
        let issuers = |one: &Certificate<'_>| {
            let all = self.chain.iter().chain(self.roots);
            let issuer = one.issuer.to_vec();
            all.filter(move |der| {
                Certificate::read(der).is_some_and(|other| other.subject == issuer)
            })
        };
        let is_it = |one: &Certificate<'_>| {
            issuers(one).next().is_some() && !issuers(one).any(|issuer| is_signed(one, issuer))
        };
        if let Some(index) = self.position(|_, one| is_it(one))
            && let Some(one) = self.certificate(Some(index))
        {
            return format!(
                "{} is not signed by {}, which it names as its issuer",
                self.placed(index),
                name_words(one.issuer)
            );
        }
        let is_namesake = |one: &Certificate<'_>| {
            one.subject == one.issuer
                && Refused::read(self.roots).any(|root| root.subject == one.subject)
        };
        match self.position(|_, one| is_namesake(one)) {
            Some(index)
                if !self
                    .roots
                    .iter()
                    .any(|root| self.chain.get(index) == Some(root)) =>
            {
                format!(
                    "{} has the name of one in {}, and is not that one",
                    self.placed(index),
                    self.label
                )
            }
            _ => format!("{SOME} is not signed by the one that it names as its issuer"),
        }
    }

    /// An authority that has more of them below it than it allows.
    pub(super) fn exceeded(&self) -> Option<usize> {
        let mut path = vec![0];
        loop {
            let issuer = self.certificate(path.last().copied())?.issuer;
            let next =
                self.position(|index, one| !path.contains(&index) && one.subject == issuer)?;
            let below = path.len().saturating_sub(1);
            let longest = self.certificate(Some(next))?.longest_path();
            if longest.is_some_and(|longest| longest < below) {
                return Some(next);
            }
            path.push(next);
        }
    }

    pub(super) fn only_bound_on_names(&self) -> String {
        let bounding = Refused::read(self.chain).filter(Certificate::bounds_names);
        let is_only =
            bounding.count() == 1 && !Refused::read(self.roots).any(|root| root.bounds_names());
        let index = self.position(|_, one| is_only && one.bounds_names());
        self.placed_or(index, "its certificate authority")
    }

    pub(super) fn revoked(&self) -> String {
        let is_revoked = |der: &Vec<u8>| {
            let der = CertificateDer::from(der.as_slice());
            let Ok(one) = EndEntityCert::try_from(&der) else {
                return false;
            };
            let mut lists = self.revocations.iter();
            lists.any(|list| {
                let entry = list.find_serial(one.serial());
                list.issuer() == one.issuer() && matches!(entry, Ok(Some(_)))
            })
        };
        self.placed_or(self.chain.iter().position(is_revoked), SOME)
    }
}

/// Where it cannot be told which it is.
pub(super) const SOME: &str = "a certificate of the chain";

/// Whether the key of a certificate, in DER, signed another one.
fn is_signed(one: &Certificate<'_>, issuer: &[u8]) -> bool {
    let issuer = CertificateDer::from(issuer);
    let (Ok(issuer), Some(text)) = (EndEntityCert::try_from(&issuer), one.to_be_signed()) else {
        return false;
    };
    let mut known = ALL_VERIFICATION_ALGS.iter();
    known.any(|known| {
        known.signature_alg_id().as_ref() == one.signed_by
            && issuer
                .verify_signature(*known, &text, one.signature)
                .is_ok()
    })
}
