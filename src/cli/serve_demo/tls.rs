//! `--tls`: a certificate that is made for this run, or the user's own.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use rustls::client::verify_server_name;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use tempfile::TempPath;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::world;
use crate::demo::{BaseUrl, SelfSigned, Tls};
use crate::keys::{Say, named_file};
use crate::text::escape;

/// How it is written.
const FORM: &str = "`--tls self-signed` makes a certificate for this run, `--tls CERT,KEY` takes the PEM files of one's own";

/// The largest file of a certificate chain or a key.
const MOST: u64 = 1 << 20;

/// The certificate of the server, and the file of the authority that clients have to trust.
pub(super) struct ServerTls {
    pub(super) tls: Tls,
    /// The file of the authority, which is removed when this is dropped.
    pub(super) authority: Option<TempPath>,
}

/// The value of `--tls`.
enum Choice<'a> {
    SelfSigned,
    Files { chain: &'a Path, key: &'a Path },
}

impl<'a> Choice<'a> {
    fn parse(text: &'a str) -> Result<Choice<'a>, Failure> {
        let shown = escape::shorten(text, 80);
        match text.split_once(',') {
            None if text == "self-signed" => Ok(Choice::SelfSigned),
            Some((chain, key)) if !chain.is_empty() && !key.is_empty() => Ok(Choice::Files {
                chain: Path::new(chain),
                key: Path::new(key),
            }),
            _ => {
                Err(Failure::usage(format!("`--tls {shown}` is not a way to speak TLS")).hint(FORM))
            }
        }
    }
}

impl ServerTls {
    /// Makes TLS ready, for a server at an address whose issuer and pages are at these URLs, and which may ask clients
    /// for certificates.
    pub(super) fn new(
        text: &str,
        address: IpAddr,
        issuer: Option<&BaseUrl>,
        pages: Option<&BaseUrl>,
        asks: bool,
        say: Say<'_>,
    ) -> Result<ServerTls, Failure> {
        let choice = Choice::parse(text)?;
        if issuer.is_some_and(|issuer| !issuer.is_https()) {
            return Err(
                Failure::usage("the issuer begins with http://, and `--tls` serves https")
                    .hint("write `--issuer` with https://, or leave out `--tls`"),
            );
        }
        match choice {
            Choice::SelfSigned => self_signed(address, [issuer, pages], asks),
            Choice::Files { chain, key } => {
                let tls = from_files((chain, key), address, issuer, asks, say)?;
                Ok(ServerTls {
                    tls,
                    authority: None,
                })
            }
        }
    }
}

fn self_signed(
    address: IpAddr,
    urls: [Option<&BaseUrl>; 2],
    asks: bool,
) -> Result<ServerTls, Failure> {
    let local = [
        "localhost".to_owned(),
        IpAddr::from(Ipv4Addr::LOCALHOST).to_string(),
        IpAddr::from(Ipv6Addr::LOCALHOST).to_string(),
    ];
    let bound = Some(address).filter(|address| !address.is_unspecified());
    let urls = urls.into_iter().flatten().map(bare_host);
    let mut hosts: Vec<String> = Vec::new();
    for host in (local.into_iter())
        .chain(bound.map(|address| address.to_string()))
        .chain(urls)
    {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let SelfSigned { authority, tls } = SelfSigned::new(hosts, world::now(), asks)
        .map_err(|why| Failure::new(Exit::System, "no certificate can be made").cause(why))?;
    let authority = written(&authority).map_err(|error| {
        Failure::new(
            Exit::System,
            "the file of the certificate authority cannot be written",
        )
        .cause(error)
        .hint("TMPDIR names a folder that can be written to")
    })?;
    Ok(ServerTls {
        tls,
        authority: Some(authority),
    })
}

/// A host in the form of a certificate: an IPv6 address without its brackets.
fn bare_host(url: &BaseUrl) -> String {
    url.host().trim_matches(['[', ']']).to_owned()
}

/// Writes a certificate, which everybody may read, to a file of its own.
fn written(certificate: &str) -> std::io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("jott-authority-").suffix(".pem");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile()?;
    file.write_all(certificate.as_bytes())?;
    Ok(file.into_temp_path())
}

fn from_files(
    (chain, key): (&Path, &Path),
    address: IpAddr,
    issuer: Option<&BaseUrl>,
    asks: bool,
    say: Say<'_>,
) -> Result<Tls, Failure> {
    let (chain_name, key_name) = (shown(chain), shown(key));
    let certificates = certificates(&read(chain, &chain_name, say)?, &chain_name)?;
    let private = private_key(&read(key, &key_name, say)?, &key_name)?;
    if let Some(leaf) = certificates.first() {
        check_host(leaf, &chain_name, address, issuer, say)?;
    }
    Tls::new(certificates, private, asks).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => Failure::new(
            Exit::NoKey,
            format!("{key_name} is not the key of {chain_name}"),
        )
        .hint("the certificate of the server comes first in its file, those above it after it"),
        error => Failure::new(
            Exit::NoKey,
            format!("{chain_name} and {key_name} cannot be used for TLS"),
        )
        .cause(error),
    })
}

fn shown(path: &Path) -> String {
    escape::shorten(&path.to_string_lossy(), 120)
}

fn read(path: &Path, name: &str, say: Say<'_>) -> Result<Vec<u8>, Failure> {
    let file =
        named_file::read(path, name, MOST, say).map_err(|why| Failure::unread(name, &why))?;
    Ok(file.bytes.to_vec())
}

fn certificates(pem: &[u8], name: &str) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let damaged = |error| {
        Failure::new(Exit::NoKey, format!("{name} cannot be read as PEM")).cause(words(&error))
    };
    let all: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(damaged)?;
    match all.is_empty() {
        false => Ok(all),
        true => {
            Err(Failure::new(Exit::NoKey, format!("there is no certificate in {name}")).hint(FORM))
        }
    }
}

fn private_key(pem: &[u8], name: &str) -> Result<PrivateKeyDer<'static>, Failure> {
    let is_encrypted = ["ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"]
        .iter()
        .any(|mark| memchr::memmem::find(pem, mark.as_bytes()).is_some());
    if is_encrypted {
        let failure = Failure::new(Exit::NoKey, format!("the key in {name} is encrypted"));
        return Err(failure.hint("`openssl pkey` opens it: TLS needs it as it is"));
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        PemError::NoItemsFound => {
            Failure::new(Exit::NoKey, format!("there is no private key in {name}")).hint(FORM)
        }
        error => {
            Failure::new(Exit::NoKey, format!("{name} cannot be read as PEM")).cause(words(&error))
        }
    })
}

/// An error of the PEM reader, without any byte of its input.
fn words(error: &PemError) -> &'static str {
    match error {
        PemError::MissingSectionEnd { .. } => "a block does not end",
        PemError::IllegalSectionStart { .. } => "a block begins with no name",
        PemError::Base64Decode(_) => "a block is not base64",
        _ => "a block is damaged",
    }
}

/// Warns if clients will find that the certificate is for another host.
fn check_host(
    leaf: &CertificateDer<'_>,
    name: &str,
    address: IpAddr,
    issuer: Option<&BaseUrl>,
    say: Say<'_>,
) -> Result<(), Failure> {
    let parsed = ParsedCertificate::try_from(leaf).map_err(|_| {
        Failure::new(
            Exit::NoKey,
            format!("the certificate in {name} cannot be read"),
        )
    })?;
    let host = issuer.map_or_else(|| address.to_string(), bare_host);
    let wanted = ServerName::try_from(host.clone());
    let fits = wanted.is_ok_and(|wanted| verify_server_name(&parsed, &wanted).is_ok());
    if !fits {
        let host = escape::shorten(&host, 60);
        say(&format!(
            "the certificate in {name} is not for {host}, and clients will refuse it: `--issuer` names the server as the certificate does"
        ));
    }
    Ok(())
}

impl ServerTls {
    /// Where the certificate of the authority is.
    pub(super) fn authority_file(&self) -> Option<PathBuf> {
        self.authority.as_ref().map(|path| path.to_path_buf())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_one_of_two_forms() {
        assert!(matches!(
            Choice::parse("self-signed"),
            Ok(Choice::SelfSigned)
        ));
        assert!(matches!(
            Choice::parse("a.pem,b.pem"),
            Ok(Choice::Files { .. })
        ));
        for text in ["", "self", "a.pem", ",b", "a,", ","] {
            assert!(Choice::parse(text).is_err(), "{text}");
        }
    }
}
