//! A program that has a key and never gives it out: `jott-key-NAME`, somewhere on the path.
//!
//! With the argument `public` it prints its public key; with `sign ALG` it reads the text to sign and writes
//! the signature: see jott-key-protocol(7). All that it writes to standard error is for a person.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::keys::key_holder::{HoldsKey, Tell};
use crate::keys::program::{self, ProgramFault};
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::external::ExternalSigner;
use crate::token::key_fault::{KeyFault, KeyReason};

/// The program `jott-key-NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyProgram {
    name: String,
}

/// What the names of such programs begin with.
const BEGINNING: &str = "jott-key-";

/// The names that can stand behind `exec:`, in order: of the programs in these folders.
#[must_use]
pub fn names(folders: impl Iterator<Item = PathBuf>) -> Vec<String> {
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok());
    let files = entries
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names = files.filter_map(|file| file.strip_prefix(BEGINNING).map(str::to_owned));
    let mut names: Vec<String> = names
        .filter(|name| KeyProgram::named(name).is_some())
        .collect();
    names.sort();
    names.dedup();
    names
}

impl KeyProgram {
    /// The program for a name of letters, digits, `-`, `_` and `.`; `None` for other names.
    pub(super) fn named(name: &str) -> Option<Self> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        let is_name = (1..=64).contains(&name.len()) && name.bytes().all(is_letter);
        is_name.then(|| KeyProgram {
            name: format!("{BEGINNING}{name}"),
        })
    }

    fn run(&self, arguments: &[&str], input: Vec<u8>, tell: Tell) -> Result<Vec<u8>, KeyFault> {
        program::run(&self.name, arguments, input, tell).map_err(|fault| self.fault(fault))
    }

    fn fault(&self, fault: ProgramFault) -> KeyFault {
        let name = &self.name;
        match fault {
            ProgramFault::Missing => {
                let message = format!("there is no program `{name}` on the path");
                KeyFault::new(KeyReason::Missing, message).hint(Advice::InstallKeyProgram)
            }
            ProgramFault::Failed(why) => {
                let message = format!("`{name}` failed: {why}");
                KeyFault::new(KeyReason::System, message).hint(Advice::AskKeyProgram)
            }
        }
    }
}

impl HoldsKey for KeyProgram {
    fn label(&self) -> String {
        self.name.replacen(BEGINNING, "exec:", 1)
    }

    fn public(&self, tell: Tell) -> Result<Vec<u8>, KeyFault> {
        self.run(&["public"], Vec::new(), tell)
    }

    fn signer(&self, tell: Tell) -> Arc<dyn ExternalSigner> {
        let program = self.clone();
        Arc::new(ProgramSigner { program, tell })
    }

    fn advice(&self) -> Advice {
        Advice::AskKeyProgram
    }
}

struct ProgramSigner {
    program: KeyProgram,
    tell: Tell,
}

impl ExternalSigner for ProgramSigner {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let arguments = ["sign", algorithm.name()];
        self.program.run(&arguments, message.to_vec(), self.tell)
    }

    fn advice(&self) -> Option<Advice> {
        Some(self.program.advice())
    }
}
