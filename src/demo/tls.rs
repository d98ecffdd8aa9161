//! TLS: the certificate by which a server proves to be the host, and the beginning of a connection.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{AlertDescription, Error, ServerConfig};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::demo::client_certificate::AnyCertificate;
use crate::demo::event::{Event, Remark};
use crate::demo::transport::Transport;
use crate::demo::write_timeout::WriteTimeout;

/// How long a handshake may take, and so how long a client may be silent.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The first byte of a TLS handshake: the type of its record (RFC 8446 section 5.1).
pub(super) const HANDSHAKE: u8 = 22;

/// The answer to a client that speaks HTTP without TLS; it cannot read anything else.
const PLAIN_ANSWER: &str = "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 62\r\nconnection: close\r\n\r\nthis port speaks TLS: the URL of the server begins with https\n";

/// A certificate chain and its key, made ready.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Makes a chain ready, the certificate of the host first, for TLS 1.2 and 1.3; clients may be asked for
    /// certificates of their own.
    ///
    /// # Errors
    /// What is wrong with the key, or that it does not belong to the certificate.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        asks: bool,
    ) -> Result<Tls, Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let config = match asks {
            true => config.with_client_cert_verifier(Arc::new(AnyCertificate(provider))),
            false => config.with_no_client_auth(),
        };
        let mut config = config.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls(TlsAcceptor::from(Arc::new(config))))
    }

    /// Begins a connection. If that fails, gives an event for the log, unless the client sent
    /// nothing.
    pub(super) async fn begin(&self, stream: TcpStream) -> Result<Transport, Option<Event>> {
        let mut first = [0];
        match timeout(TIMEOUT, stream.peek(&mut first)).await {
            Ok(Ok(1)) if first == [HANDSHAKE] => {}
            Ok(Ok(1)) => {
                refuse_plain(&stream);
                return Err(Some(told(
                    Some(400),
                    "the client speaks plain HTTP, but this port is TLS: its URL begins with https://",
                    "RFC 9110 section 4.2.2",
                )));
            }
            _ => return Err(None),
        }
        match timeout(TIMEOUT, self.0.accept(WriteTimeout::new(stream))).await {
            Ok(Ok(stream)) => Ok(Transport::Tls(Box::new(stream))),
            Ok(Err(error)) => {
                let (reason, section) = explained(&error);
                Err(Some(told(None, &reason, section)))
            }
            Err(_) => Err(Some(told(
                None,
                "the TLS handshake did not end in 10 seconds",
                "RFC 8446 section 4",
            ))),
        }
    }
}

/// Reads what is there before it answers: a connection that is closed before it has been read is
/// reset, and its answer lost. This does not wait: there is something to read, and room for a short
/// answer.
fn refuse_plain(stream: &TcpStream) {
    let mut head = [0; 8192];
    // A client that has gone needs no answer.
    let _ = stream.try_read(&mut head);
    let _ = stream.try_write(PLAIN_ANSWER.as_bytes());
}

fn told(status: Option<u16>, reason: &str, section: &'static str) -> Event {
    Event {
        asked: None,
        status,
        remarks: vec![Remark::new(reason, section)],
    }
}

/// Why the handshake failed, and the section that says so.
fn explained(error: &io::Error) -> (String, &'static str) {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::AlertReceived(alert)) => {
            let name = alert.as_str().unwrap_or("unknown");
            let reason = match is_distrust(*alert) {
                true => format!(
                    "the client does not trust the certificate of this server, and says {name}: give it the certificate of the authority"
                ),
                false => format!("the client ends the TLS handshake, and says {name}"),
            };
            (reason, "RFC 8446 section 6.2")
        }
        Some(Error::NoApplicationProtocol) => (
            "the client offers other protocols under TLS, but not HTTP/1.1".to_owned(),
            "RFC 7301 section 3.2",
        ),
        Some(Error::PeerIncompatible(_)) => (
            "the client has no version or cipher of TLS that there is here: 1.2 and 1.3".to_owned(),
            "RFC 8446 section 4.1.1",
        ),
        Some(_) => (
            "what the client sent is not a TLS handshake".to_owned(),
            "RFC 8446 section 4",
        ),
        None => (
            "the connection ended in the middle of the TLS handshake: the client may not trust the certificate"
                .to_owned(),
            "RFC 8446 section 6.1",
        ),
    }
}

/// Whether clients send this alert when they refuse a certificate.
fn is_distrust(alert: AlertDescription) -> bool {
    [
        AlertDescription::BadCertificate,
        AlertDescription::CertificateExpired,
        AlertDescription::CertificateRevoked,
        AlertDescription::CertificateUnknown,
        AlertDescription::UnknownCA,
        AlertDescription::UnsupportedCertificate,
    ]
    .contains(&alert)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_without_tls_is_as_long_as_it_says() {
        let (head, body) = PLAIN_ANSWER.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
    }
}
