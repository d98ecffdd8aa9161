//! Why there is no TLS connection to a server, in words for users: rustls names its reasons for
//! programmers.

use rustls::{AlertDescription, CertificateError as Certificate, Error, InvalidMessage};

use crate::text::escape;
use crate::token::advice::{Advice, NetworkAdvice};
use crate::token::key_fault::{KeyFault, KeyReason};

/// The fault of a server that cannot prove to be the host (RFC 9110 section 4.3.4), or whose TLS is
/// not understood.
pub(super) fn fault(shown: &str, error: &Error) -> KeyFault {
    let (cannot, (why, hint)) = match error {
        Error::InvalidCertificate(error) => ("trusted", certificate(error)),
        Error::General(why) if why.starts_with("No CA certificates") => (
            "trusted",
            (
                "this system has no certificates of authorities".to_owned(),
                Some(NetworkAdvice::InstallAuthorities),
            ),
        ),
        Error::NoCertificatesPresented => ("trusted", ("it shows no certificate".to_owned(), None)),
        error => ("asked", protocol(error)),
    };
    let fault = KeyFault::new(
        KeyReason::System,
        format!("{shown} cannot be {cannot}: {why}"),
    );
    match hint {
        Some(hint) => fault.hint(Advice::Network(hint)),
        None => fault,
    }
}

/// What is wrong, and what to do about it.
type Words = (String, Option<NetworkAdvice>);

fn certificate(error: &Certificate) -> Words {
    let (why, hint) = match error {
        Certificate::UnknownIssuer => (
            "is from an authority that is not known here",
            Some(NetworkAdvice::NameAuthorities),
        ),
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            ("is for another host", None)
        }
        Certificate::Expired | Certificate::ExpiredContext { .. } => ("has expired", None),
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
            ("is not valid yet", Some(NetworkAdvice::CheckClock))
        }
        Certificate::Revoked => ("has been revoked", None),
        Certificate::BadEncoding => ("is damaged", None),
        Certificate::BadSignature => ("is not signed by the authority that it names", None),
        Certificate::InvalidPurpose | Certificate::InvalidPurposeContext { .. } => {
            ("is not for a server", None)
        }
        Certificate::UnhandledCriticalExtension => {
            ("has a critical extension that is not known here", None)
        }
        Certificate::UnknownRevocationStatus
        | Certificate::ExpiredRevocationList
        | Certificate::ExpiredRevocationListContext { .. }
        | Certificate::InvalidOcspResponse => {
            ("may have been revoked: that could not be checked", None)
        }
        Certificate::UnsupportedSignatureAlgorithmContext { .. }
        | Certificate::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            ("is signed with an algorithm that is not supported", None)
        }
        // The words of rustls-platform-verifier about extended key usage (RFC 5280 section
        // 4.2.1.12).
        Certificate::Other(other) if other.to_string() == "certificate had invalid extensions" => {
            ("is not for a server", None)
        }
        // The reason that webpki gives has no variant here.
        Certificate::Other(other) if other.to_string() == "CaUsedAsEndEntity" => (
            "is that of an authority, and is self-signed",
            Some(NetworkAdvice::GiveOwnCertificate),
        ),
        Certificate::Other(other) => {
            return (
                format!("its certificate is refused: {}", words(&other.to_string())),
                None,
            );
        }
        other => {
            return (
                format!(
                    "its certificate is refused: {}",
                    words(&format!("{other:?}"))
                ),
                None,
            );
        }
    };
    (format!("its certificate {why}"), hint)
}

fn protocol(error: &Error) -> Words {
    let why = match error {
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            return (
                "the server there does not speak TLS".to_owned(),
                Some(NetworkAdvice::UseHttp),
            );
        }
        Error::AlertReceived(AlertDescription::Unknown(code)) => {
            format!("it broke off the TLS handshake (alert {code})")
        }
        Error::AlertReceived(alert) => {
            let alert = words(&format!("{alert:?}"));
            format!("it broke off the TLS handshake ({alert})")
        }
        Error::PeerIncompatible(_) => {
            "it speaks no version or cipher of TLS that is supported (TLS 1.2 and 1.3 are)"
                .to_owned()
        }
        Error::General(why) => escape::shorten(why, 200),
        Error::InvalidMessage(_)
        | Error::PeerMisbehaved(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::DecryptError
        | Error::PeerSentOversizedRecord => "it does not follow the TLS protocol".to_owned(),
        other => format!("TLS failed: {}", words(&other.to_string())),
    };
    (why, None)
}

/// A name in the style of Rust as words; text that is words already stays.
fn words(name: &str) -> String {
    if name.contains(' ') {
        return escape::shorten(name, 200);
    }
    // The part in parentheses or braces is for programmers.
    let name = name.split(['(', '{']).next().unwrap_or_default();
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    escape::shorten(&words, 200)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::pki_types::UnixTime;
    use rustls::{OtherError, PeerIncompatible, PeerMisbehaved};

    use super::*;

    /// An error of a library as it comes, with its name for words.
    #[derive(Debug)]
    struct Named(&'static str);

    impl std::fmt::Display for Named {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Named {}

    fn other(name: &'static str) -> Certificate {
        Certificate::Other(OtherError(Arc::new(Named(name))))
    }

    #[test]
    fn every_reason_has_words() {
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1));
        for (error, said) in [
            (
                Error::InvalidCertificate(Certificate::BadEncoding),
                "trusted: its certificate is damaged",
            ),
            (
                Error::InvalidCertificate(Certificate::NotValidYetContext {
                    time,
                    not_before: time,
                }),
                "trusted: its certificate is not valid yet",
            ),
            (
                Error::InvalidCertificate(Certificate::Revoked),
                "trusted: its certificate has been revoked",
            ),
            (
                Error::InvalidCertificate(Certificate::BadSignature),
                "trusted: its certificate is not signed by the authority that it names",
            ),
            (
                Error::InvalidCertificate(Certificate::UnsupportedSignatureAlgorithmContext {
                    signature_algorithm_id: vec![1, 2, 3],
                    supported_algorithms: Vec::new(),
                }),
                "trusted: its certificate is signed with an algorithm that is not supported",
            ),
            (
                Error::InvalidCertificate(other("CaUsedAsEndEntity")),
                "trusted: its certificate is that of an authority, and is self-signed",
            ),
            (
                Error::InvalidCertificate(other("MaximumPathDepthExceeded")),
                "trusted: its certificate is refused: maximum path depth exceeded",
            ),
            (
                Error::InvalidCertificate(other("the policy of the system forbids it")),
                "trusted: its certificate is refused: the policy of the system forbids it",
            ),
            (
                Error::NoCertificatesPresented,
                "trusted: it shows no certificate",
            ),
            (
                Error::InvalidMessage(InvalidMessage::InvalidContentType),
                "asked: the server there does not speak TLS",
            ),
            (
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                "asked: it broke off the TLS handshake (handshake failure)",
            ),
            (
                Error::AlertReceived(AlertDescription::from(200)),
                "asked: it broke off the TLS handshake (alert 200)",
            ),
            (
                Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
                "asked: it speaks no version or cipher of TLS that is supported (TLS 1.2 and 1.3 are)",
            ),
            (
                Error::PeerMisbehaved(PeerMisbehaved::TooManyEmptyFragments),
                "asked: it does not follow the TLS protocol",
            ),
            (
                Error::General("it is\u{1b}odd".to_owned()),
                "asked: it is\\u001bodd",
            ),
        ] {
            let message = fault("X", &error).message;
            assert_eq!(message, format!("X cannot be {said}"));
        }
    }
}
