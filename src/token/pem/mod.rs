//! Keys in PEM (RFC 7468).
//!
//! Blocks are found here and not by a crate, for three reasons: decoded bytes are wiped, a block
//! that is cut off is not skipped, and a block on a single line is read, as variables of CI systems
//! hold it.

mod block;
mod mark;

use zeroize::Zeroizing;

use crate::token::advice::Advice;
use crate::token::der::algorithm_identifier;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keys::Keys;
use crate::token::passphrase::Passphrase;
use crate::token::pem::block::{Block, BlockKind, blocks};
use crate::token::pem::mark::is_marked;

pub(super) use crate::token::pem::mark::is_mark;

/// Whether a block begins somewhere in a content, whatever else there is.
pub(super) fn is_in(content: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ";
    content.windows(BEGIN.len()).any(|window| window == BEGIN)
}

/// Reads text that holds a PEM block; `None` for any other text.
pub(super) fn find(text: &str, passphrase: Option<&Passphrase>) -> Option<Result<Keys, KeyFault>> {
    is_marked(text.as_bytes()).then(|| read(text, passphrase))
}

/// Reads the key among the blocks: the private key, else the public key, else the key of the first
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
                let note = "the certificates beside the key are ignored";
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

/// The certificates among the blocks of a text, in DER.
pub(super) fn certificates(text: &str) -> Result<Vec<Zeroizing<Vec<u8>>>, KeyFault> {
    let blocks = blocks(text)?;
    let certificates = blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Certificate);
    certificates.map(Block::certificate).collect()
}

/// The revocation lists among them.
pub(super) fn revocations(text: &str) -> Result<Vec<Vec<u8>>, KeyFault> {
    let blocks = blocks(text)?;
    let lists = blocks.iter().filter(|block| block.label == "X509 CRL");
    lists
        .map(|block| block.contents().map(|der| der.to_vec()))
        .collect()
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
    KeyFault::rejected("the PEM block is of an unknown kind")
}

#[cfg(test)]
pub(super) mod samples;

#[cfg(test)]
mod tests;
