//! The signing inputs of many lines, signed together.

use crate::cli::failure::Failure;
use crate::token::issue::{TokenSigner, push_signature};

/// Some bytes for each line, one after the other; none for a line without claims.
#[derive(Default)]
pub(super) struct PerLine {
    pub(super) bytes: Vec<u8>,
    /// Where the bytes of each line end.
    ends: Vec<usize>,
}

impl PerLine {
    pub(super) fn end_line(&mut self) {
        self.ends.push(self.bytes.len());
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let line = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            line
        })
    }
}

/// Makes a token from the signing input of each line, and keeps it on that line: only the line
/// tells whose it is.
pub(super) fn sign(
    unsigned: &PerLine,
    signer: &TokenSigner<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let mut signatures = PerLine::default();
    for line in unsigned.lines() {
        if !line.is_empty() {
            signatures.bytes.extend_from_slice(&signer.sign(line)?);
        }
        signatures.end_line();
    }
    for (line, signature) in unsigned.lines().zip(signatures.lines()) {
        if !signature.is_empty() {
            out.extend_from_slice(line);
            push_signature(signature, out);
        }
        out.push(b'\n');
    }
    Ok(())
}
