//! The certificate of a client: whoever sends one over TLS has its key, and its tokens are bound to that
//! (RFC 8705 section 3). Who has signed it does not matter.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use crate::token::chain::thumbprint_sha256;

/// The confirmation method in a token (section 3.1).
pub(super) const MEMBER: &str = "x5t#S256";

/// The thumbprint of the certificate that came over a connection, beside each of its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClientCertificate(Arc<str>);

impl ClientCertificate {
    pub(super) fn of(der: &[u8]) -> ClientCertificate {
        ClientCertificate(thumbprint_sha256(der).into())
    }

    pub(super) fn thumbprint(&self) -> &str {
        &self.0
    }
}

/// Asks for a certificate, takes any whose key the client has, and goes on without one.
#[derive(Debug)]
pub(super) struct AnyCertificate(pub(super) Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
