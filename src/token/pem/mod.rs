//! Keys in PEM (RFC 7468).
//!
//! Blocks are found here and not by a crate, so that what is decoded is wiped, that a block which
//! is cut off is not skipped, and that one on a single line is read, as the variables of CI
//! systems hold it.

use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::Curve;
use crate::token::content::Keys;
use crate::token::der::{algorithm_identifier, tlv};
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::passphrase::{self, Passphrase};
use crate::token::{der, ssh};

/// Reads text that holds a PEM block; `None` for any other text.
pub(super) fn find(text: &str, passphrase: Option<&Passphrase>) -> Option<Result<Keys, KeyFault>> {
    is_marked(text.as_bytes()).then(|| read(text, passphrase))
}

/// Whether the text has the mark of a block, misspelt perhaps: no secret has one.
fn is_marked(text: &[u8]) -> bool {
    text.starts_with(b"-----BEGIN ")
        || (0..text.len()).any(|at| {
            text.split_at_checked(at)
                .is_some_and(|(before, here)| is_mark(before, here))
        })
}

/// Whether the mark of a block stands here: BEGIN or END behind dashes, or behind what a word
/// processor has made of them, or BEGIN before one of the labels of a key, with or without dashes.
pub(super) fn is_mark(before: &[u8], here: &[u8]) -> bool {
    /// As far as dashes are looked for: white space behind them means nothing.
    const NEAR: usize = 32;
    let is_word = |word: &[u8]| {
        let start = here.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let begins = is_word(b"BEGIN");
    if !begins && !is_word(b"END") {
        return false;
    }
    let near = before.get(before.len().saturating_sub(NEAR)..);
    let near = near.unwrap_or(before).trim_ascii_end();
    let hyphens = near.iter().rev().take_while(|b| **b == b'-').count();
    if hyphens >= 4 {
        return true;
    }
    // Of END alone, fewer bytes would be found among random ones.
    let Some(label) = here.get(5..).filter(|_| begins) else {
        return false;
    };
    let other_dash = near.last().is_some_and(|b| *b >= 0x80);
    let first = label.trim_ascii_start().first();
    let in_capitals = here.starts_with(b"BEGIN") && first.is_some_and(u8::is_ascii_uppercase);
    in_capitals && (hyphens >= 2 || other_dash) || is_label(label)
}

/// Whether text begins with the label of a key, whatever stands between its words.
fn is_label(text: &[u8]) -> bool {
    /// Longer than any label, with its spaces written as `%20`.
    const LONGEST: usize = 80;
    /// What may stand before what the block holds: of `X509 CRL` and `SSH2`, the letters.
    const BEFORE: &[&str] = &[
        "RSA",
        "PSS",
        "EC",
        "ED",
        "DSA",
        "OPENSSH",
        "SSH",
        "PGP",
        "TSS",
        "NATS",
        "USER",
        "ENCRYPTED",
        "TRUSTED",
        "NEW",
        "ANY",
        "X",
    ];
    const HELD: &[&str] = &[
        "PUBLICKEY",
        "PRIVATEKEY",
        "SECRETKEY",
        "CERTIFICATE",
        "PKCS",
        "CRL",
        "NKEYSEED",
        "USERJWT",
        "PARAMETERS",
    ];
    let text = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    let is_text = |b: &&u8| b.is_ascii_graphic() || b.is_ascii_whitespace();
    let letters = text
        .iter()
        .take_while(is_text)
        .filter(|b| b.is_ascii_alphabetic());
    let letters: String = letters
        .map(|b| char::from(b.to_ascii_uppercase()))
        .collect();
    let mut rest = letters.as_str();
    while let Some(shorter) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        if HELD.iter().any(|held| rest.starts_with(held)) {
            break;
        }
        rest = shorter;
    }
    HELD.iter().any(|held| rest.starts_with(held))
}

/// A block between its BEGIN and END lines.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
    kind: BlockKind,
}

/// What a block holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Private,
    Public,
    Certificate,
    Other,
}

/// Reads the key among the blocks: the private one, else the public one, else that of the first
/// certificate. A note says that the others are skipped.
fn read(text: &str, passphrase: Option<&Passphrase>) -> Result<Keys, KeyFault> {
    let blocks = blocks(text)?;
    let private = one_of(&blocks, BlockKind::Private)?;
    let public = one_of(&blocks, BlockKind::Public)?;
    let certificates = || {
        blocks
            .iter()
            .filter(|block| block.kind == BlockKind::Certificate)
    };
    let parameters = private.and_then(|_| blocks.iter().find(|b| b.label == "EC PARAMETERS"));
    let curve = match parameters {
        Some(block) => Some(algorithm_identifier::curve(&block.contents()?)?),
        None => None,
    };
    let private = private
        .map(|block| block.read(curve, passphrase))
        .transpose()?;
    let public = public.map(|block| block.read(None, None)).transpose()?;
    let Keys {
        mut notes,
        keys,
        is_set,
    } = match (private, public, certificates().next()) {
        (Some(Keys { keys: private, .. }), Some(Keys { keys: public, .. }), _)
            if !same(&private, &public) =>
        {
            return Err(two("a private key and the public half of another"));
        }
        (Some(mut found), _, certificate) | (None, Some(mut found), certificate) => {
            if certificate.is_some() {
                let note = "the certificates beside the key are not looked at";
                found.notes.push(note.into());
            }
            found
        }
        (None, None, Some(certificate)) => {
            let mut found = certificate.read(None, None)?;
            let count = certificates().count();
            if count > 1 {
                found
                    .notes
                    .push(format!("the first of {count} certificates is used"));
            }
            found
        }
        (None, None, None) => {
            return Err(blocks.iter().find_map(Block::unfit).unwrap_or_else(unknown));
        }
    };
    let others = blocks.iter().filter(|block| {
        block.kind == BlockKind::Other && parameters.is_none_or(|used| !std::ptr::eq(*block, used))
    });
    notes.extend(others.map(|block| format!("{} beside the key is skipped", block.named())));
    Ok(Keys {
        keys,
        is_set,
        notes,
    })
}

fn same(private: &[Key], public: &[Key]) -> bool {
    private
        .iter()
        .map(Key::thumbprint)
        .eq(public.iter().map(Key::thumbprint))
}

/// The only block of a kind.
fn one_of<'a>(blocks: &'a [Block], kind: BlockKind) -> Result<Option<&'a Block<'a>>, KeyFault> {
    let mut found = blocks.iter().filter(|block| block.kind == kind);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(two(match kind {
            BlockKind::Private => "two private keys",
            _ => "two public keys",
        })),
        (only, None) => Ok(only),
    }
}

fn two(what: &str) -> KeyFault {
    KeyFault::rejected(format!("the content holds {what}, and one key is wanted"))
        .hint(Advice::LeaveOne)
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
        blocks.push(Block::new(label, body));
        rest = after;
    }
    if blocks.is_empty() {
        let message = "the PEM block is damaged: it has no proper BEGIN line";
        return Err(KeyFault::rejected(message).hint(Advice::CopyKey));
    }
    Ok(blocks)
}

impl<'a> Block<'a> {
    fn new(label: &'a str, body: &'a str) -> Self {
        let mut block = Block {
            label,
            body,
            kind: BlockKind::Other,
        };
        let ends = [
            ("PRIVATE KEY", BlockKind::Private),
            ("PUBLIC KEY", BlockKind::Public),
            ("CERTIFICATE", BlockKind::Certificate),
        ];
        block.kind = match ends.into_iter().find(|(end, _)| label.ends_with(end)) {
            Some((_, kind)) => kind,
            None if block.unfit().is_some() => BlockKind::Other,
            None => block.kind_inside(),
        };
        block
    }

    /// What a block holds whose label does not say it.
    fn kind_inside(&self) -> BlockKind {
        match self.read(None, None) {
            Ok(Keys { keys, .. }) if keys.iter().any(Key::has_private) => BlockKind::Private,
            Ok(_) => BlockKind::Public,
            Err(fault) if fault.reason == KeyReason::Encrypted => BlockKind::Private,
            Err(_) => BlockKind::Other,
        }
    }

    /// The block by its label, if that is one.
    fn named(&self) -> String {
        let is_label = self.label.len() <= 40
            && self
                .label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" .-".contains(&b));
        match is_label {
            true => format!("the block `{}`", self.label),
            false => "a block without a proper label".to_owned(),
        }
    }

    /// Reads the key by its structure, whatever kind of key the label promises.
    fn read(
        &self,
        curve: Option<Curve>,
        passphrase: Option<&Passphrase>,
    ) -> Result<Keys, KeyFault> {
        if let Some(fault) = self.unfit() {
            return Err(fault);
        }
        let contents = self.contents()?;
        if self.label == "OPENSSH PRIVATE KEY" {
            return ssh::private(&contents).map(|key| Keys::from(Key::from(key)));
        }
        let trusted = self.label == "TRUSTED CERTIFICATE";
        let der = if trusted {
            tlv::first(&contents)
        } else {
            &contents
        };
        let mut found = der::read(der, curve, passphrase)?;
        if self.label.starts_with("RSA-PSS ") {
            found.material = found
                .material
                .restricted(algorithm_identifier::pss_by_label());
        }
        Ok(Keys::from(found))
    }

    /// The fault of a block that holds something else, or is encrypted in the way of its own.
    fn unfit(&self) -> Option<KeyFault> {
        let traditional = self.body.contains("Proc-Type:") && self.body.contains("ENCRYPTED");
        Some(match self.label {
            _ if traditional => passphrase::traditional(self.body),
            "DSA PRIVATE KEY" => {
                KeyFault::rejected("the content is a DSA key, which no algorithm of a JWT takes")
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => der::fault::request(),
            "X509 CRL" => der::fault::revocations(),
            "PKCS7" | "CMS" => der::fault::pkcs7(),
            // certtool and gpgsm write it so, and openssl reads the DER in it only.
            "PKCS12" => der::fault::pkcs12().hint(Advice::Convert(Foreign::Pkcs12InPem)),
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
        let contents = match self.body.contains('\\') {
            true => Encoding::Base64.undo(&without_escapes(self.body)),
            false => Encoding::Base64.undo(self.body.as_bytes()),
        };
        contents.ok_or_else(|| {
            KeyFault::rejected("the PEM block is damaged: what it holds is not base64")
        })
    }
}

fn without_escapes(body: &str) -> Zeroizing<Vec<u8>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut escaped = false;
    for byte in body.bytes() {
        let escape = byte == b'\\' && !escaped;
        if !escape && !escaped {
            digits.push(byte);
        }
        escaped = escape;
    }
    digits
}

#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
mod tests;
