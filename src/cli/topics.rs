//! `jott help TOPIC`: pages about more than one command. They are also manual pages, and files to read.

use std::ffi::OsString;

/// A page.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// What follows `jott help`, and `jott-` of the manual page.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// The page, in Markdown.
    pub text: &'static str,
}

/// Every page.
pub const TOPICS: &[Topic] = &[
    Topic {
        name: "keys",
        about: "places, formats and algorithms of keys, the keyring, keys from the network",
        text: include_str!("../../man/keys.md"),
    },
    Topic {
        name: "key-protocol",
        about: "keys that another program has: how it is asked to sign, and how to write one",
        text: include_str!("../../man/key-protocol.md"),
    },
    Topic {
        name: "token-forms",
        about: "encrypted tokens, SD-JWT and credentials, chains of certificates, tokens in JSON",
        text: include_str!("../../man/token-forms.md"),
    },
    Topic {
        name: "testing",
        about: "testing clients with serve-demo: endpoints, faults, clock, containers, test runners",
        text: include_str!("../../man/testing.md"),
    },
    Topic {
        name: "faults",
        about: "what serve-demo can be made to do wrong",
        text: include_str!("../../man/faults.md"),
    },
    Topic {
        name: "batch",
        about: "many tokens, one a line, and many machines",
        text: include_str!("../../man/batch.md"),
    },
    Topic {
        name: "exit-status",
        about: "what a script can rely on: statuses, reasons, JSON",
        text: include_str!("../../man/exit-status.md"),
    },
    Topic {
        name: "recipes",
        about: "tokens of GitHub, Apple, Google, Snowflake and Entra; make, git, k6, compose",
        text: include_str!("../../man/recipes.md"),
    },
];

/// The page that a command line asks for, if it is `jott help TOPIC`.
pub(super) fn asked(args: &[OsString]) -> Option<&'static Topic> {
    match args {
        [_, help, name] if help == "help" => TOPICS.iter().find(|topic| name == topic.name),
        _ => None,
    }
}
