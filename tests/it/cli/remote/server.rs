//! A server on loopback that answers as a test wants, over http and https.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use crate::support::head_of;

/// What comes back for a request.
pub(super) enum Reply {
    /// These bytes, and then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and then one after the other, for ever.
    Drip(Vec<u8>),
}

/// An answer with a status, header lines and a body.
pub(super) fn reply(status: u16, lines: &[&str], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
    for line in lines {
        head.push_str(&format!("{line}\r\n"));
    }
    Reply::Bytes([head.as_bytes(), b"\r\n", body].concat())
}

/// Status 200 and nothing else.
pub(super) fn ok(body: impl AsRef<[u8]>) -> Reply {
    reply(200, &[], body)
}

pub(super) fn redirect(location: &str) -> Reply {
    reply(302, &[&format!("Location: {location}")], "")
}

/// A server that runs until the tests end.
pub(super) struct Server {
    pub(super) port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves http; the path decides.
    pub(super) fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Server {
        Server::listen(answer, None)
    }

    /// Serves https.
    pub(super) fn start_tls(
        tls: Arc<ServerConfig>,
        answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Server {
        Server::listen(answer, Some(tls))
    }

    fn listen(
        answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
        tls: Option<Arc<ServerConfig>>,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answer, log, tls) = (Arc::clone(&answer), Arc::clone(&log), tls.clone());
                thread::spawn(move || match tls {
                    None => serve(stream, &log, &*answer),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).unwrap();
                        serve(StreamOwned::new(connection, stream), &log, &*answer);
                    }
                });
            }
        });
        Server { port, requests }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The paths that were asked for, in order.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A client that goes away early is none of our business.
fn serve(mut stream: impl Read + Write, log: &Mutex<Vec<String>>, answer: &dyn Fn(&str) -> Reply) {
    let Some(head) = head_of(&mut stream) else {
        return;
    };
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().unwrap().push(path.clone());
    match answer(&path) {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
            let _ = stream.flush();
        }
        Reply::Drip(bytes) => drip(&mut stream, &bytes),
    }
}

fn drip(stream: &mut impl Write, bytes: &[u8]) {
    let mut sent = stream.write_all(bytes);
    while sent.is_ok() {
        thread::sleep(Duration::from_millis(300));
        sent = stream.write_all(b"x").and_then(|()| stream.flush());
    }
}

/// Accepts connections and says nothing, or drips bytes that are no TLS.
pub(super) fn raw(first: &'static [u8], drips: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().map_while(Result::ok) {
            if drips {
                thread::spawn(move || drip(&mut stream, first));
            } else {
                let _ = stream.write_all(first);
                open.push(stream);
            }
        }
    });
    port
}

/// A CONNECT proxy (RFC 9110 section 9.3.6) that leads everything to one port, or says no.
pub(super) struct Proxy {
    pub(super) port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(super) fn start(to: Option<u16>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heads);
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let Some(head) = head_of(&mut stream) else {
                    continue;
                };
                log.lock().unwrap().push(head);
                match to {
                    Some(to) => {
                        let there = TcpStream::connect(("127.0.0.1", to)).unwrap();
                        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
                        tunnel(&stream, &there);
                        tunnel(&there, &stream);
                    }
                    None => {
                        let _ = stream.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
                    }
                }
            }
        });
        Proxy { port, heads }
    }

    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn tunnel(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
}

/// A certificate authority made for a test.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    file: NamedTempFile,
}

impl Authority {
    pub(super) fn new(name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let mut file = NamedTempFile::new().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        file.write_all(certificate.pem().as_bytes()).unwrap();
        let certificate = certificate.der().clone();
        let issuer = Issuer::new(params, key);
        Authority {
            issuer,
            certificate,
            file,
        }
    }

    /// The file with its certificate.
    pub(super) fn pem(&self) -> String {
        self.file.path().to_str().unwrap().to_owned()
    }

    /// The settings of a server with these names; valid, or no more.
    pub(super) fn server(&self, names: &[&str], has_expired: bool) -> Arc<ServerConfig> {
        self.odd_server(names, |params| {
            if has_expired {
                params.not_after = rcgen::date_time_ymd(2001, 1, 1);
            }
        })
    }

    /// The settings of a server with these names, and a certificate that is odd in some way.
    pub(super) fn odd_server(
        &self,
        names: &[&str],
        odd: impl Fn(&mut CertificateParams),
    ) -> Arc<ServerConfig> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        odd(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        serving(certificate.der().clone(), &key)
    }

    /// The settings of a server that shows the certificate of the authority as its own.
    pub(super) fn itself(&self) -> Arc<ServerConfig> {
        serving(self.certificate.clone(), self.issuer.key())
    }
}

fn serving(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        );
    Arc::new(config.unwrap())
}
