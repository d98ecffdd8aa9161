//! The faults of structures in DER that hold no key, or no key that can be read.

use crate::token::advice::{Advice, Foreign};
use crate::token::key_fault::KeyFault;

/// The fault of a PKCS#10 certificate request (RFC 2986).
pub(in crate::token) fn request() -> KeyFault {
    KeyFault::rejected("the content is a certificate request, not a certificate")
        .hint(Advice::Convert(Foreign::CertificateRequest))
}

/// The fault of a certificate revocation list (RFC 5280 section 5).
pub(in crate::token) fn revocations() -> KeyFault {
    KeyFault::rejected("the content is a certificate revocation list, which holds no key")
}

/// The fault of a PKCS#7 or CMS message (RFC 5652).
pub(in crate::token) fn pkcs7() -> KeyFault {
    KeyFault::rejected("the content is a PKCS#7 message, not a key")
        .hint(Advice::Convert(Foreign::Pkcs7))
}

/// The fault of a key that a TPM wrapped (ASN.1 specification for TPM 2.0 key files).
pub(super) fn tpm() -> KeyFault {
    KeyFault::rejected("the content is a key of a TPM (TSS2), which nothing else can use")
        .hint(Advice::Convert(Foreign::Tpm))
}

/// The fault of a PKCS#12 file (RFC 7292).
pub(in crate::token) fn pkcs12() -> KeyFault {
    KeyFault::rejected("the content is a PKCS#12 file, in which keys are encrypted")
        .hint(Advice::Convert(Foreign::Pkcs12))
}

pub(super) fn unknown() -> KeyFault {
    KeyFault::rejected("the content is DER, but not a known kind of key")
}
