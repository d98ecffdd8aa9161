//! A PEM block: its label, what it holds, and its key.

use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::Curve;
use crate::token::der::{algorithm_identifier, tlv};
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::keys::Keys;
use crate::token::passphrase::{self, Passphrase};
use crate::token::{der, ssh};

/// A block between its BEGIN and END lines.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) body: &'a str,
    pub(super) kind: BlockKind,
}

/// What a block holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Private,
    Public,
    Certificate,
    Other,
}

/// The blocks in their order. Text before and between them does not belong to them (RFC 7468
/// section 2).
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyFault> {
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

    /// What a block holds if its label does not say so.
    fn kind_inside(&self) -> BlockKind {
        match self.read(None, None) {
            Ok(Keys { keys, .. }) if keys.iter().any(Key::has_private) => BlockKind::Private,
            Ok(_) => BlockKind::Public,
            Err(fault) if fault.reason == KeyReason::Encrypted => BlockKind::Private,
            Err(_) => BlockKind::Other,
        }
    }

    /// The block in words, by its label if that is a proper one.
    pub(super) fn named(&self) -> String {
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
    pub(super) fn read(
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
        let der = self.without_trust(&contents);
        let mut found = der::read(der, curve, passphrase)?;
        if self.label.starts_with("RSA-PSS ") {
            found.material = found
                .material
                .restricted(algorithm_identifier::pss_by_label());
        }
        Ok(Keys::from(found))
    }

    /// The certificate that the block holds, in DER.
    pub(super) fn certificate(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let contents = self.contents()?;
        Ok(Zeroizing::new(self.without_trust(&contents).to_vec()))
    }

    /// What it holds, without what openssl trusts a certificate for, which may stand behind that.
    fn without_trust<'c>(&self, contents: &'c [u8]) -> &'c [u8] {
        match self.label == "TRUSTED CERTIFICATE" {
            true => tlv::first(contents),
            false => contents,
        }
    }

    /// The fault of a block that holds something else, or is encrypted in the traditional way.
    pub(super) fn unfit(&self) -> Option<KeyFault> {
        let traditional = self.body.contains("Proc-Type:") && self.body.contains("ENCRYPTED");
        Some(match self.label {
            _ if traditional => passphrase::traditional(self.body),
            "DSA PRIVATE KEY" => {
                KeyFault::rejected("the content is a DSA key, which no algorithm of a JWT takes")
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => der::fault::request(),
            "X509 CRL" => der::fault::revocations(),
            "PKCS7" | "CMS" => der::fault::pkcs7(),
            // certtool and gpgsm write it so; openssl reads only the DER inside.
            "PKCS12" => der::fault::pkcs12().hint(Advice::Convert(Foreign::Pkcs12InPem)),
            "EC PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "DSA PARAMETERS" => {
                KeyFault::rejected("the content is parameters for making keys, not a key")
            }
            label if label.starts_with("PGP ") => {
                KeyFault::rejected("the content is PGP data, not a key for a JWT")
            }
            _ => return None,
        })
    }

    /// The decoded content. In the base64, `\n` and `\r` may stand for line breaks, as in JSON, also
    /// where their backslash was escaped once more.
    pub(super) fn contents(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
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
        // What was escaped twice has several.
        let escape = byte == b'\\';
        if !escape && !escaped {
            digits.push(byte);
        }
        escaped = escape;
    }
    digits
}
