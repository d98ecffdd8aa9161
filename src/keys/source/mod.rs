//! `SOURCE`: the grammar that names the place of a key.
//!
//! The text may be a key that somebody typed by mistake, so nothing of it is repeated until it is known to be
//! a place.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::keys::address::Address;
use crate::keys::issuer::Issuer;
use crate::keys::key_holder::KeyHolder;
use crate::keys::key_program::KeyProgram;
use crate::keys::local::Local;
use crate::token::advice::Advice;

/// The place of a key, by what comes from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The content of a key, on standard input, which can be read only once in a run.
    Stdin(Stdin),
    /// The content of a key, on this machine.
    Local(Local),
    /// Signatures, by a place that has the key and never gives it out.
    Holder(KeyHolder),
    /// Certificates that others have to lead to, in a file.
    Roots(Local),
    /// Public keys, over the network.
    Remote(Remote),
}

/// What comes from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The content of a key, or of any other secret.
    Content,
    /// Signatures, and the public key.
    Signatures,
    /// Public keys.
    PublicKeys,
    /// Certificates that vouch for the keys of others.
    Roots,
}

/// The names of standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// `stdin`
    Name,
    /// `fd:0`
    Descriptor,
}

/// A place on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// A JWK Set.
    Url(Address),
    /// The JWK Set of an issuer.
    Issuer(Box<Issuer>),
}

/// A form of a SOURCE.
pub struct SourceForm {
    /// The prefix; the whole text, where there is no placeholder.
    pub prefix: &'static str,
    /// What follows the prefix.
    pub placeholder: &'static str,
    /// Other beginnings, which are not removed.
    pub beginnings: &'static [&'static str],
    /// What the key is, in a clause without a full stop.
    pub description: &'static str,
    /// What comes from there.
    pub gives: Gives,
    /// The message where an unfit text follows the prefix.
    pub unfit: &'static str,
    /// A place of this form, and how to use it where that is not obvious.
    pub example: &'static str,
    /// The suggestion to a user who has named no key, if there is one.
    pub suggestion: Option<&'static str>,
    /// Whether a person may be asked for something before the key is there.
    pub may_ask: bool,
    /// Whether the rest of a text shows that it is a place, and not a secret that begins like one by chance.
    is_certain: fn(&str) -> bool,
    read: fn(&str, &'static SourceForm) -> Result<Source, BadSource>,
}

impl Source {
    /// Every form, in the order in which they are listed. All lists for people are made from this one.
    pub const ALL: &'static [SourceForm] = &[
        SourceForm {
            prefix: "env:",
            placeholder: "NAME",
            beginnings: &[],
            description: "the value of an environment variable",
            gives: Gives::Content,
            unfit: "`env:` is followed by the name of a variable, nothing else",
            example: "env:JOTT_SECRET",
            suggestion: Some("env:NAME"),
            may_ask: false,
            is_certain: is_name,
            read: env,
        },
        SourceForm {
            prefix: "keyring:",
            placeholder: "NAME",
            beginnings: &[],
            description: "an entry of the OS keyring (service `jott`, user NAME)",
            gives: Gives::Content,
            unfit: "`keyring:` names no entry",
            example: "keyring:default",
            suggestion: Some("keyring:NAME"),
            may_ask: true,
            is_certain: is_name,
            read: entry,
        },
        SourceForm {
            prefix: "file:",
            placeholder: "PATH",
            beginnings: &["/", "./", "../"],
            description: "a file",
            gives: Gives::Content,
            unfit: "`file:` names no file",
            example: "",
            suggestion: Some("./key.pem"),
            may_ask: false,
            is_certain: |path| {
                ["/", "./", "../"]
                    .iter()
                    .any(|start| path.starts_with(start))
            },
            read: |path, form| file(PathBuf::from(path), form),
        },
        SourceForm {
            prefix: "fd:",
            placeholder: "N",
            beginnings: &[],
            description: "an open file descriptor",
            gives: Gives::Content,
            unfit: "`fd:` is followed by the number of an open file descriptor",
            example: "fd:3 with 3< key.pem",
            suggestion: None,
            may_ask: false,
            is_certain: |_| false,
            read: descriptor,
        },
        SourceForm {
            prefix: "stdin",
            placeholder: "",
            beginnings: &[],
            description: "standard input",
            gives: Gives::Content,
            unfit: "",
            example: "",
            suggestion: Some("stdin"),
            may_ask: false,
            is_certain: |_| false,
            read: |_, _| Ok(Source::Stdin(Stdin::Name)),
        },
        SourceForm {
            prefix: "prompt",
            placeholder: "",
            beginnings: &[],
            description: "typed at the terminal, without echo",
            gives: Gives::Content,
            unfit: "",
            example: "",
            suggestion: None,
            may_ask: true,
            is_certain: |_| false,
            read: |_, _| Ok(Source::Local(Local::Prompt)),
        },
        SourceForm {
            prefix: "exec:",
            placeholder: "NAME",
            beginnings: &[],
            description: "a key that never leaves its place: the program jott-key-NAME signs with it (see jott-key-protocol(7))",
            gives: Gives::Signatures,
            unfit: "`exec:` is followed by a name of letters, digits, `-`, `_` and `.`: `exec:agent` runs `jott-key-agent`",
            example: "exec:agent",
            suggestion: None,
            may_ask: true,
            is_certain: is_name,
            read: program,
        },
        SourceForm {
            prefix: "roots:",
            placeholder: "PATH",
            beginnings: &[],
            description: "certificates that the chain in a token's `x5c` must lead to",
            gives: Gives::Roots,
            unfit: "`roots:` names no file",
            example: "roots:./root.pem",
            suggestion: None,
            may_ask: false,
            is_certain: |path| {
                ["/", "./", "../"]
                    .iter()
                    .any(|start| path.starts_with(start))
            },
            read: |path, form| match path.is_empty() {
                true => Err(BadSource::Unfit(form)),
                false => Ok(Source::Roots(Local::File(PathBuf::from(path)))),
            },
        },
        SourceForm {
            prefix: "https:",
            placeholder: "//…",
            beginnings: &[],
            description: "a JWK Set on the network, or a public key or certificate in PEM",
            gives: Gives::PublicKeys,
            unfit: "",
            example: "",
            suggestion: None,
            may_ask: false,
            is_certain: |rest| rest.starts_with("//"),
            read: |rest, _| url(&format!("https:{rest}")),
        },
        SourceForm {
            prefix: "issuer:",
            placeholder: "URL",
            beginnings: &[],
            description: "the JWK Set that the issuer's metadata names (OpenID Connect Discovery or RFC 8414), for tokens of that issuer",
            gives: Gives::PublicKeys,
            unfit: "`issuer:` names no address",
            example: "issuer:https://login.example.com",
            suggestion: Some("issuer:URL"),
            may_ask: false,
            is_certain: |rest| rest.starts_with("http"),
            read: issuer,
        },
    ];

    /// Reads a SOURCE.
    ///
    /// # Errors
    /// [`BadSource`] for a text without a known prefix, or with an unfit text after the prefix.
    pub fn parse(text: &OsStr) -> Result<Source, BadSource> {
        if let Some((path, form)) = path_of(text) {
            return file(path, form);
        }
        let text = text.to_str().ok_or(BadSource::NoForm)?;
        // Plain http is read too; whether it is allowed is decided elsewhere.
        if text.starts_with("http://") {
            return url(text);
        }
        let found = Source::ALL.iter().find_map(|form| {
            let rest = text.strip_prefix(form.prefix)?;
            (rest.is_empty() || !form.placeholder.is_empty()).then_some((form, rest))
        });
        match found {
            Some((form, rest)) => (form.read)(rest, form),
            None => Err(BadSource::of_none(text)),
        }
    }

    /// Whether a text is meant as the place of a key, by its beginning; a secret has such a beginning only by
    /// chance.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        let mut forms = Source::ALL.iter();
        !text.contains(char::is_whitespace)
            && forms.any(|form| text.strip_prefix(form.prefix).is_some_and(form.is_certain))
    }

    /// The place in words that are safe to print: what may be part of a secret is left out.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Source::Stdin(Stdin::Name) => "stdin".to_owned(),
            Source::Stdin(Stdin::Descriptor) => "fd:0".to_owned(),
            Source::Local(local) => local.label(),
            Source::Holder(holder) => holder.label(),
            Source::Roots(local) => format!("roots:{}", local.label()),
            Source::Remote(remote) => remote.label(),
        }
    }
}

impl Remote {
    /// The place in words that are safe to print.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Remote::Url(address) => address.written(),
            Remote::Issuer(issuer) => format!("issuer:{}", issuer.written.written()),
        }
    }

    /// Whether keys come from there over plain http from another machine, which has to be allowed.
    #[must_use]
    pub fn is_plain_elsewhere(&self) -> bool {
        match self {
            Remote::Url(address) => address,
            Remote::Issuer(issuer) => &issuer.address,
        }
        .is_plain_elsewhere()
    }
}

impl SourceForm {
    /// As it is written, such as `env:NAME`.
    #[must_use]
    pub fn pattern(&self) -> String {
        [self.prefix, self.placeholder].concat()
    }

    /// The usual way to write it, in two parts; a path as `./PATH`.
    #[must_use]
    pub fn usual(&self) -> [&'static str; 2] {
        let prefix = match self.beginnings.contains(&"./") {
            true => "./",
            false => self.prefix,
        };
        [prefix, self.placeholder]
    }
}

impl fmt::Debug for SourceForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix)
    }
}

impl PartialEq for SourceForm {
    fn eq(&self, other: &SourceForm) -> bool {
        self.prefix == other.prefix
    }
}

impl Eq for SourceForm {}

/// Why a text does not name a place; it contains nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSource {
    /// It has no form of a place, and may be the key itself.
    NoForm,
    /// It has no form of a place, and a file has that name.
    NameOfFile,
    /// The text after the prefix of this form is unfit.
    Unfit(&'static SourceForm),
    /// It is a URL with the fault that this clause names.
    Url(&'static str),
}

impl BadSource {
    fn of_none(text: &str) -> BadSource {
        match Path::new(text).is_file() {
            true => BadSource::NameOfFile,
            false => BadSource::NoForm,
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            BadSource::NoForm => Advice::WriteSource,
            BadSource::NameOfFile => Advice::MarkPath,
            BadSource::Unfit(form) => Advice::WriteAs {
                prefix: form.prefix,
                placeholder: form.placeholder,
                example: form.example,
            },
            BadSource::Url(_) => Advice::WriteUrl,
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    (1..=64).contains(&name.len()) && name.bytes().all(is_letter)
}

fn env(name: &str, form: &'static SourceForm) -> Result<Source, BadSource> {
    match name.is_empty() || name.contains(['=', '\0']) {
        true => Err(BadSource::Unfit(form)),
        false => Ok(Source::Local(Local::Env(name.to_owned()))),
    }
}

fn entry(name: &str, form: &'static SourceForm) -> Result<Source, BadSource> {
    match name.is_empty() || name.chars().any(char::is_control) {
        true => Err(BadSource::Unfit(form)),
        false => Ok(Source::Local(Local::Keyring(name.to_owned()))),
    }
}

fn file(path: PathBuf, form: &'static SourceForm) -> Result<Source, BadSource> {
    match path.as_os_str().is_empty() {
        true => Err(BadSource::Unfit(form)),
        false => Ok(Source::Local(Local::File(path))),
    }
}

fn descriptor(number: &str, form: &'static SourceForm) -> Result<Source, BadSource> {
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    match number.parse() {
        Ok(0) if digits => Ok(Source::Stdin(Stdin::Descriptor)),
        Ok(number) if digits => Ok(Source::Local(Local::Fd(number))),
        _ => Err(BadSource::Unfit(form)),
    }
}

fn program(name: &str, form: &'static SourceForm) -> Result<Source, BadSource> {
    let program = KeyProgram::named(name).ok_or(BadSource::Unfit(form))?;
    Ok(Source::Holder(KeyHolder::new(program)))
}

fn url(text: &str) -> Result<Source, BadSource> {
    if !text.contains("://") {
        return Err(BadSource::of_none(text));
    }
    let address = Address::parse(text).map_err(BadSource::Url)?;
    Ok(Source::Remote(Remote::Url(address)))
}

fn issuer(url: &str, form: &'static SourceForm) -> Result<Source, BadSource> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(BadSource::Unfit(form));
    }
    let issuer = Issuer::parse(url).map_err(BadSource::Url)?;
    Ok(Source::Remote(Remote::Issuer(Box::new(issuer))))
}

/// A path in one of its forms: `file:PATH`, or a text that begins with `/`, `./` or `../`.
fn path_of(text: &OsStr) -> Option<(PathBuf, &'static SourceForm)> {
    let bytes = text.as_encoded_bytes();
    let mut forms = Source::ALL.iter();
    let form = forms.find(|form| !form.beginnings.is_empty())?;
    if let Some(rest) = bytes.strip_prefix(form.prefix.as_bytes()) {
        return Some((path_from(rest, text), form));
    }
    let mut beginnings = form.beginnings.iter();
    let is_path = beginnings.any(|beginning| bytes.starts_with(beginning.as_bytes()));
    is_path.then(|| (PathBuf::from(text), form))
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

#[cfg(test)]
mod tests;
