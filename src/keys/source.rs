//! `SOURCE`: the grammar that names the place of a key, and the way to each place.
//!
//! What stands there may be a key that somebody typed by mistake, so nothing of it is repeated
//! until it is known to be a place.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::keys::address::Address;
use crate::keys::patience::Say;
use crate::keys::slot::{self, Content};
use crate::keys::{keyring, prompt};
use crate::text::escape;
use crate::token::advice::{Advice, KeyringAdvice, SourceForm};
use crate::token::key_fault::{KeyFault, KeyReason};

/// The place of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value of an environment variable.
    Env(String),
    /// An entry of the OS keyring.
    Keyring(String),
    /// A file.
    File(PathBuf),
    /// An open file descriptor.
    Fd(u32),
    /// Standard input.
    Stdin,
    /// Typed at the terminal.
    Prompt,
    /// A JWKS on the network.
    Url(String),
    /// The JWKS of an issuer.
    Issuer(String),
}

/// Why a text names no place; nothing of the text is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSource {
    /// It has no form of a place, and may be the key itself.
    NoForm,
    /// It has no form of a place, and a file has that name.
    NameOfFile,
    /// What stands behind the prefix of this form is not fit.
    Unfit(SourceForm),
    /// It is a URL of which this clause is true.
    Url(&'static str),
}

impl BadSource {
    /// What to write instead.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            BadSource::NoForm => Advice::WriteSource,
            BadSource::NameOfFile => Advice::MarkPath,
            BadSource::Unfit(form) => Advice::WriteForm(form),
            BadSource::Url(_) => Advice::WriteUrl,
        }
    }
}

impl Source {
    /// Reads a SOURCE.
    ///
    /// # Errors
    /// [`BadSource`] for what begins with no known prefix, or has nothing fit behind it.
    pub fn parse(text: &OsStr) -> Result<Source, BadSource> {
        if let Some(path) = path_of(text) {
            return match path.as_os_str().is_empty() {
                true => Err(BadSource::Unfit(SourceForm::File)),
                false => Ok(Source::File(path)),
            };
        }
        let Some(text) = text.to_str() else {
            return Err(BadSource::NoForm);
        };
        match text.split_once(':') {
            None if text == "stdin" => Ok(Source::Stdin),
            None if text == "prompt" => Ok(Source::Prompt),
            Some(("env", name)) => env(name),
            Some(("keyring", name)) => {
                match name.is_empty() || name.chars().any(char::is_control) {
                    true => Err(BadSource::Unfit(SourceForm::Entry)),
                    false => Ok(Source::Keyring(name.to_owned())),
                }
            }
            Some(("fd", number)) => descriptor(number),
            Some(("https" | "http", rest)) if rest.starts_with("//") => {
                match Address::parse(text) {
                    Ok(_) => Ok(Source::Url(text.to_owned())),
                    Err(why) => Err(BadSource::Url(why)),
                }
            }
            Some(("issuer", url)) if url.starts_with("https://") || url.starts_with("http://") => {
                issuer(url)
            }
            Some(("issuer", _)) => Err(BadSource::Unfit(SourceForm::Issuer)),
            _ if Path::new(text).is_file() => Err(BadSource::NameOfFile),
            _ => Err(BadSource::NoForm),
        }
    }

    /// Whether keys come from there over plain http from another machine, which has to be allowed.
    #[must_use]
    pub fn is_plain_elsewhere(&self) -> bool {
        match self {
            Source::Url(url) | Source::Issuer(url) => {
                Address::parse(url).is_ok_and(|at| at.is_plain() && !at.is_loopback())
            }
            _ => false,
        }
    }

    /// The place in words that are safe to print: what may be part of a secret is left out.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Source::Env(name) => format!("env:{}", nameable(name)),
            Source::Keyring(name) => format!("keyring:{}", nameable(name)),
            Source::File(path) if is_path(path) => {
                escape::shorten(&path.display().to_string(), 120)
            }
            Source::File(_) => "file:…".to_owned(),
            Source::Fd(number) => format!("fd:{number}"),
            Source::Stdin => "stdin".to_owned(),
            Source::Prompt => "prompt".to_owned(),
            Source::Url(url) => bare_url(url),
            Source::Issuer(url) => format!("issuer:{}", bare_url(url)),
        }
    }

    /// Whether the key comes from standard input.
    #[must_use]
    pub fn is_stdin(&self) -> bool {
        matches!(self, Source::Stdin | Source::Fd(0))
    }

    /// Whether the keys come over the network, by [`fetch`](crate::keys::remote::fetch).
    #[must_use]
    pub fn is_remote(&self) -> bool {
        matches!(self, Source::Url(_) | Source::Issuer(_))
    }

    /// Reads the content of the key from anywhere but standard input, which the caller holds, and
    /// the network.
    ///
    /// # Errors
    /// [`KeyFault`]: missing where there is nothing, rejected where it cannot be read, system
    /// where the place does not answer.
    pub fn load(
        &self,
        env: &dyn Fn(&str) -> Option<OsString>,
        say: Say<'_>,
    ) -> Result<Content, KeyFault> {
        match self {
            Source::Env(name) => match env(name) {
                Some(value) if value.is_empty() => Err(missing(format!(
                    "the environment variable {} is empty",
                    nameable(name)
                ))),
                Some(value) => Ok(Content::exact(value.as_encoded_bytes())),
                None => Err(missing(format!(
                    "the environment variable {} is not set",
                    nameable(name)
                ))
                .hint(Advice::SetVariable)),
            },
            Source::File(path) => {
                let kind = if is_path(path) { "file " } else { "" };
                slot::read_file(path, &self.label(), kind, say)
            }
            Source::Fd(number) => {
                let path = format!("/dev/fd/{number}");
                slot::read_file(Path::new(&path), &self.label(), "open descriptor ", say)
            }
            Source::Prompt => prompt::secret("key: ").map(|typed| Content::exact(typed.as_bytes())),
            Source::Stdin => Err(KeyFault::new(
                KeyReason::System,
                "standard input is not at hand",
            )),
            Source::Keyring(name) => match keyring::get(name, say)? {
                Some(secret) => Ok(Content::exact(&secret)),
                None => Err(
                    missing(format!("the keyring has no entry {}", nameable(name)))
                        .hint(Advice::Keyring(KeyringAdvice::ListEntries)),
                ),
            },
            Source::Url(_) | Source::Issuer(_) => Err(KeyFault::new(
                KeyReason::System,
                "the network is not at hand",
            )),
        }
    }
}

fn missing(message: String) -> KeyFault {
    KeyFault::new(KeyReason::Missing, message)
}

/// An issuer is a URL without query and fragment (RFC 8414 section 2).
fn issuer(url: &str) -> Result<Source, BadSource> {
    match Address::parse(url) {
        Ok(_) if url.contains(['?', '#']) => {
            Err(BadSource::Url("has a query, which no issuer has"))
        }
        Ok(_) => Ok(Source::Issuer(url.to_owned())),
        Err(why) => Err(BadSource::Url(why)),
    }
}

fn env(name: &str) -> Result<Source, BadSource> {
    if name.is_empty() || name.contains(['=', '\0']) {
        return Err(BadSource::Unfit(SourceForm::Variable));
    }
    Ok(Source::Env(name.to_owned()))
}

fn descriptor(number: &str) -> Result<Source, BadSource> {
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    match number.parse() {
        Ok(number) if digits => Ok(Source::Fd(number)),
        _ => Err(BadSource::Unfit(SourceForm::Descriptor)),
    }
}

/// A path in one of its forms: `file:PATH`, or what begins with `/`, `./` or `../`.
fn path_of(text: &OsStr) -> Option<PathBuf> {
    let bytes = text.as_encoded_bytes();
    if let Some(rest) = bytes.strip_prefix(b"file:") {
        return Some(path_from(rest, text));
    }
    let begins = [b"/".as_slice(), b"./", b"../"];
    begins
        .iter()
        .any(|b| bytes.starts_with(b))
        .then(|| PathBuf::from(text))
}

#[cfg(unix)]
fn path_from(bytes: &[u8], _whole: &OsStr) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_from(_bytes: &[u8], whole: &OsStr) -> PathBuf {
    let text = whole.to_string_lossy();
    PathBuf::from(text.strip_prefix("file:").unwrap_or(&text))
}

/// A name is repeated only where it cannot be a secret in the wrong place.
fn nameable(name: &str) -> &str {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    if (1..=64).contains(&name.len()) && name.bytes().all(plain) {
        name
    } else {
        "…"
    }
}

/// A secret in base64 may begin with a slash, and `file:` may stand before one by mistake: what is
/// no file is repeated only where its form or its folder says that it was meant as one.
fn is_path(path: &Path) -> bool {
    let in_a_folder = || {
        path.parent()
            .is_some_and(|p| p.parent().is_some() && p.is_dir())
    };
    path.starts_with("./")
        || path.starts_with("..")
        || path.extension().is_some()
        || in_a_folder()
        || path.exists()
}

/// A URL without user info, query and fragment, which may hold secrets.
pub(super) fn bare_url(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = url.get(..end).unwrap_or_default();
    let bare = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        None => "…".to_owned(),
    };
    escape::shorten(&bare, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Source, BadSource> {
        Source::parse(OsStr::new(text))
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(parse("env:A_B"), Ok(Source::Env("A_B".into())));
        assert_eq!(parse("keyring:ci"), Ok(Source::Keyring("ci".into())));
        assert_eq!(parse("file:k.pem"), Ok(Source::File("k.pem".into())));
        assert_eq!(parse("/k"), Ok(Source::File("/k".into())));
        assert_eq!(parse("./k"), Ok(Source::File("./k".into())));
        assert_eq!(parse("../k"), Ok(Source::File("../k".into())));
        assert_eq!(parse("fd:3"), Ok(Source::Fd(3)));
        assert_eq!(parse("stdin"), Ok(Source::Stdin));
        assert_eq!(parse("prompt"), Ok(Source::Prompt));
        assert_eq!(
            parse("https://a.test/k"),
            Ok(Source::Url("https://a.test/k".into()))
        );
        assert_eq!(
            parse("issuer:https://a.test"),
            Ok(Source::Issuer("https://a.test".into()))
        );
    }

    #[test]
    fn what_may_be_a_key_is_not_repeated() {
        for text in [
            "hunter2",
            "",
            "-",
            "env:",
            "env:A=hunter2",
            "fd:hunter2",
            "fd:+3",
            "issuer:hunter2",
            "https://u:hunter2@a.test/k",
            "issuer:https://hunter2@a.test",
            "issuer:https://a.test/?hunter2",
            "https://a.test:hunter2/k",
            "hunter2:x",
        ] {
            let bad = parse(text).unwrap_err();
            assert!(!format!("{bad:?}").contains("hunter2"), "{bad:?}");
        }
    }

    #[test]
    fn labels_leave_out_what_may_be_secret() {
        assert_eq!(parse("env:A_B").unwrap().label(), "env:A_B");
        assert_eq!(parse("env:it is a secret").unwrap().label(), "env:…");
        assert_eq!(
            Source::Url("https://u:p@a.test/k?t=1#f".into()).label(),
            "https://a.test/k"
        );
    }
}
