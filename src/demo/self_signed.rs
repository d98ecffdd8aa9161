//! A certificate authority that lives for one run, and the certificate that it signs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Datelike as _, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;

use crate::demo::NAME;
use crate::demo::tls::Tls;
use crate::text::time::{Span, Timestamp};

/// How far a client's clock may be behind.
const BEHIND: i64 = 24 * 3600;
/// Clients refuse certificates with a lifetime of more than 398 days.
const LIFETIME: Span = Span::from_seconds(390 * 24 * 3600);

/// TLS for some hosts, and the certificate that clients have to trust.
#[derive(Debug)]
pub struct SelfSigned {
    /// The certificate of the authority, in PEM.
    pub authority: String,
    /// The certificate and key of the server.
    pub tls: Tls,
}

impl SelfSigned {
    /// Makes an authority, and a certificate for hosts, which are names and addresses. The key of
    /// the authority is forgotten at once, so a client that trusts it trusts only this server. Clients may be asked for
    /// certificates of their own.
    ///
    /// # Errors
    /// What is wrong, in the words of a library.
    pub fn new(hosts: Vec<String>, now: Timestamp, asks: bool) -> Result<SelfSigned, String> {
        make(hosts, now, asks).map_err(|error| error.to_string())
    }
}

fn make(
    hosts: Vec<String>,
    now: Timestamp,
    asks: bool,
) -> Result<SelfSigned, Box<dyn std::error::Error>> {
    let authority_key = KeyPair::generate()?;
    let mut authority = parameters(Vec::new(), &format!("{NAME}, authority for one run"), now)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate()?;
    let mut leaf = parameters(hosts, NAME, now)?;
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let leaf = leaf.signed_by(&key, &issuer)?;

    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    Ok(SelfSigned {
        authority: pem(certificate.der()),
        tls: Tls::new(vec![leaf.der().clone()], key, asks)?,
    })
}

fn parameters(
    hosts: Vec<String>,
    name: &str,
    now: Timestamp,
) -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::new(hosts)?;
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name);
    let day = |seconds: i64| {
        let date = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
        let part = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(date.year(), part(date.month()), part(date.day()))
    };
    parameters.not_before = day(now.seconds().saturating_sub(BEHIND));
    parameters.not_after = day(now.saturating_add(LIFETIME).seconds());
    Ok(parameters)
}

/// RFC 7468 section 5.
fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem.push_str("\n-----END CERTIFICATE-----\n");
    pem
}
