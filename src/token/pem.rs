//! Keys in text: PEM (RFC 7468), and the other texts that hold keys, which are refused by name.
//!
//! Blocks are found here and not by a crate, so that what is decoded is wiped, that a block which
//! is cut off is not passed over, and that one on a single line is read, as the variables of CI
//! systems hold it.

use zeroize::Zeroizing;

use crate::token::algorithm::Curve;
use crate::token::der;
use crate::token::key::{Encoding, Key, KeyFault, Keys};

/// Reads text that holds a PEM block or an SSH key; `None` for any other text.
pub(super) fn find(text: &str) -> Option<Result<Keys, KeyFault>> {
    match ssh_key(text) {
        Some(fault) => Some(Err(fault)),
        None => is_marked(text).then(|| read(text)),
    }
}

/// Whether the text has the mark of a block, misspelt perhaps: no secret has one.
fn is_marked(text: &str) -> bool {
    let mut squeezed = Zeroizing::new(String::with_capacity(text.len()));
    squeezed.extend(text.chars().filter(|c| !c.is_whitespace()));
    squeezed.make_ascii_uppercase();
    squeezed.contains("----BEGIN") || squeezed.contains("----END")
}

/// The fault of a key in a format of SSH: the files of other programs, and lines of OpenSSH by
/// their first word or by the same word in base64 (RFC 4253 section 6.6).
fn ssh_key(text: &str) -> Option<KeyFault> {
    const OPENSSH: &[&str] = &[
        "ssh-rsa",
        "ssh-dss",
        "ssh-ed25519",
        "ecdsa-sha2-",
        "sk-ssh-ed25519@",
        "sk-ecdsa-sha2-",
        "AAAAB3NzaC1",
        "AAAAC3NzaC1",
        "AAAAE2VjZHNhLXNoYTIt",
        "AAAAGnNrLXNzaC1",
        "AAAAInNrLWVjZHNhLXNoYTIt",
    ];
    let fault = |message: &str, hint: &str| Some(KeyFault::rejected(message).hint(hint));
    let is_openssh = |word: &str| OPENSSH.iter().any(|start| word.starts_with(start));
    if text.starts_with("PuTTY-User-Key-File-") {
        fault(
            "the content is a PuTTY key",
            "`puttygen key.ppk -O private-openssh -o key.pem` makes an OpenSSH key of it",
        )
    } else if text.contains("---- BEGIN SSH2 ") {
        fault(
            "the content is an SSH2 key",
            "`ssh-keygen -i -f key > key.pub` makes an OpenSSH key of it",
        )
    } else if text.split_whitespace().any(is_openssh) {
        fault(
            "the content is an SSH public key",
            "`ssh-keygen -e -m pkcs8 -f key.pub > key.pem` converts RSA and ECDSA keys",
        )
    } else {
        None
    }
}

/// A block between its BEGIN and END lines.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

/// Reads the key among the blocks: the private one, else the public one, else that of the first
/// certificate.
fn read(text: &str) -> Result<Keys, KeyFault> {
    let blocks = blocks(text)?;
    let private = one_of(&blocks, "PRIVATE KEY")?;
    let public = one_of(&blocks, "PUBLIC KEY")?;
    let certificates = || blocks.iter().filter(|block| block.is("CERTIFICATE"));
    let curve = match blocks.iter().find(|block| block.label == "EC PARAMETERS") {
        Some(block) if private.is_some() => Some(der::curve(&block.contents()?)?),
        _ => None,
    };
    let private = private.map(|block| block.read(curve)).transpose()?;
    let public = public.map(|block| block.read(None)).transpose()?;
    let mut notes = Vec::new();
    let key = match (private, public, certificates().next()) {
        (Some(private), Some(public), _) if private.thumbprint() != public.thumbprint() => {
            return Err(two("a private key and the public half of another"));
        }
        (Some(key), _, certificate) | (None, Some(key), certificate) => {
            if certificate.is_some() {
                notes.push("the certificates beside the key are not looked at".into());
            }
            key
        }
        (None, None, Some(certificate)) => {
            let count = certificates().count();
            if count > 1 {
                notes.push(format!("the first of {count} certificates is used"));
            }
            certificate.read(None)?
        }
        (None, None, None) => {
            return Err(blocks.iter().find_map(Block::unfit).unwrap_or_else(unknown));
        }
    };
    Ok(Keys {
        notes,
        ..Keys::from(key)
    })
}

/// The only block of a kind.
fn one_of<'a>(blocks: &'a [Block], kind: &str) -> Result<Option<&'a Block<'a>>, KeyFault> {
    let mut found = blocks.iter().filter(|block| block.is(kind));
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(two(&format!("two {}s", kind.to_ascii_lowercase()))),
        (only, None) => Ok(only),
    }
}

fn two(what: &str) -> KeyFault {
    KeyFault::rejected(format!("the content holds {what}, and one key is wanted"))
        .hint("leave one of them in the file")
}

fn unknown() -> KeyFault {
    KeyFault::rejected("the PEM block is of a kind that is not known")
}

/// The blocks in their order. What stands before and between them is no part of them (RFC 7468
/// section 2).
fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyFault> {
    let cut = || KeyFault::rejected("the PEM block is cut off: its END line is missing");
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once("-----BEGIN ") {
        let (label, begun) = begun.split_once("-----").ok_or_else(cut)?;
        let (body, ended) = begun.split_once("-----END ").ok_or_else(cut)?;
        let (end, after) = ended.split_once("-----").ok_or_else(cut)?;
        if body.contains("-----BEGIN ") {
            return Err(cut());
        }
        if label != end {
            let message = "the BEGIN and END lines of the PEM block name different things";
            return Err(KeyFault::rejected(message));
        }
        blocks.push(Block { label, body });
        rest = after;
    }
    if blocks.is_empty() {
        return Err(KeyFault::rejected(
            "the PEM block is damaged: it has no proper BEGIN line",
        ));
    }
    Ok(blocks)
}

impl Block<'_> {
    fn is(&self, kind: &str) -> bool {
        self.label.ends_with(kind)
    }

    /// Reads the key of the block by its structure: labels are often wrong (RFC 7468 section 3
    /// lets a reader overlook them).
    fn read(&self, curve: Option<Curve>) -> Result<Key, KeyFault> {
        if let Some(fault) = self.unfit() {
            return Err(fault);
        }
        let contents = self.contents()?;
        let trusted = self.label == "TRUSTED CERTIFICATE";
        let der = if trusted {
            der::first(&contents)
        } else {
            &contents
        };
        der::read(der, curve).map(Key::from)
    }

    /// The fault of a block that holds something else or something encrypted.
    fn unfit(&self) -> Option<KeyFault> {
        let traditional = self.body.contains("Proc-Type:") && self.body.contains("ENCRYPTED");
        Some(match self.label {
            "ENCRYPTED PRIVATE KEY" => der::encrypted(),
            _ if traditional => der::encrypted(),
            "OPENSSH PRIVATE KEY" => KeyFault::rejected("the content is an OpenSSH private key")
                .hint(
                    "`ssh-keygen -p -m pkcs8 -f copy-of-key` converts RSA and ECDSA keys in place",
                ),
            "DSA PRIVATE KEY" => {
                KeyFault::rejected("the content is a DSA key, which no algorithm of a JWT takes")
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => der::request(),
            "X509 CRL" => der::revocations(),
            "PKCS7" | "CMS" => der::pkcs7(),
            "EC PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "DSA PARAMETERS" => {
                KeyFault::rejected("the content is parameters to make keys with, and no key")
            }
            label if label.starts_with("PGP ") => {
                KeyFault::rejected("the content is of PGP, and no key for a JWT")
            }
            _ => return None,
        })
    }

    /// What the base64 stands for. `\n` and `\r` may stand for line breaks, as they do in JSON.
    fn contents(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let mut digits = Zeroizing::new(Vec::with_capacity(self.body.len()));
        let mut escaped = false;
        for byte in self.body.bytes() {
            let escape = byte == b'\\' && !escaped;
            if !escape && !escaped {
                digits.push(byte);
            }
            escaped = escape;
        }
        Encoding::Base64.undo(&digits).map_err(|_| {
            KeyFault::rejected("the PEM block is damaged: what it holds is not base64")
        })
    }
}
