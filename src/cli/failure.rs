//! Failures, and the one place that puts them into words.
//!
//! The rules of speech: `error:` says what happened, `cause:` why, `hint:` what to do next. Lower
//! case, no full stop, the value concerned in backticks, and never a key.

use std::fmt;
use std::io;

use crate::cli::advice::{self, Running};
use crate::cli::exit::Exit;
use crate::cli::paint::Paint;
use crate::cli::sentence::said;
use crate::keys::named_file::Unread;
use crate::text::time::TimeError;
use crate::token::advice::Advice;
use crate::token::compact::Malformed;
use crate::token::key_fault::{KeyFault, KeyReason};

/// A run without success: a status and the words for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status.
    pub exit: Exit,
    /// What happened; `None` if everything has been said, or nobody can read it.
    pub message: Option<String>,
    /// Why.
    pub cause: Option<String>,
    /// What to do next.
    pub hints: Vec<Hint>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// In the words of the command.
    Words(String),
    /// As a lower floor says it.
    Advice(Advice),
}

impl From<&str> for Hint {
    fn from(words: &str) -> Self {
        Hint::Words(words.to_owned())
    }
}

impl From<String> for Hint {
    fn from(words: String) -> Self {
        Hint::Words(words)
    }
}

impl From<Advice> for Hint {
    fn from(advice: Advice) -> Self {
        Hint::Advice(advice)
    }
}

impl Failure {
    /// A failure with its sentence.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure {
            message: Some(message.into()),
            ..Failure::silent(exit)
        }
    }

    /// A wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure::new(Exit::Usage, message)
    }

    /// A status whose reason has been printed already.
    #[must_use]
    pub fn silent(exit: Exit) -> Self {
        Failure {
            exit,
            message: None,
            cause: None,
            hints: Vec::new(),
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.message.is_none()
    }

    /// Adds what to do next, unless nobody can read it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        if !self.is_silent() {
            self.hints.push(hint.into());
        }
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// A result that could not be written. If the reader went away, nothing more is said.
    #[must_use]
    pub fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::silent(Exit::System);
        }
        Failure::new(Exit::System, "the result could not be written").cause(error)
    }

    /// Standard input that could not be read.
    #[must_use]
    pub fn input(error: &io::Error) -> Self {
        Failure::new(Exit::System, "standard input could not be read").cause(error)
    }

    /// A named file that could not be read; `what` says what should be in it.
    #[must_use]
    pub fn unread(what: impl fmt::Display, why: &Unread) -> Self {
        let failure = Failure::new(Exit::System, format!("{what} cannot be read")).cause(why);
        match why {
            Unread::Folder => failure.hint("name the file in it"),
            Unread::Silent(_) => failure.hint("something has to write into it, and close it"),
            Unread::TooLarge(_) | Unread::System(_) => failure,
        }
    }

    /// Says what to do in the words for this, whatever command is running.
    #[must_use]
    pub fn in_words_for(mut self, running: Running) -> Self {
        for hint in &mut self.hints {
            if let Hint::Advice(advice) = hint {
                *hint = Hint::Words(advice::sentence(advice, running));
            }
        }
        self
    }

    /// The lines to print, each with its line break, for the user of the running command.
    #[must_use]
    pub fn lines(&self, paint: Paint, running: Running) -> String {
        let mut out = String::new();
        let hints: Vec<String> = self
            .hints
            .iter()
            .map(|hint| match hint {
                Hint::Words(words) => words.clone(),
                Hint::Advice(advice) => advice::sentence(advice, running),
            })
            .collect();
        let error = self
            .message
            .iter()
            .map(|m| ("error:", paint.red("error:"), m));
        let cause = self
            .cause
            .iter()
            .map(|c| ("cause:", paint.bold("cause:"), c));
        let hints = hints.iter().map(|h| ("hint:", paint.cyan("hint:"), h));
        for (word, painted, text) in error.chain(cause).chain(hints) {
            out.push_str(&said(word, painted, text, paint));
        }
        out
    }
}

impl From<KeyFault> for Failure {
    fn from(fault: KeyFault) -> Self {
        let exit = match fault.reason {
            KeyReason::Missing | KeyReason::Rejected | KeyReason::Encrypted | KeyReason::Weak => {
                Exit::NoKey
            }
            KeyReason::System => Exit::System,
        };
        Failure {
            hints: vec![fault.advice().into()],
            ..Failure::new(exit, fault.message)
        }
    }
}

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Failure {
            hints: malformed.hint.into_iter().map(Hint::from).collect(),
            ..Failure::new(Exit::NotAToken, malformed.message)
        }
    }
}

impl From<TimeError> for Failure {
    fn from(error: TimeError) -> Self {
        Failure {
            hints: error.hint.into_iter().map(Hint::from).collect(),
            ..Failure::usage(error.message)
        }
    }
}
