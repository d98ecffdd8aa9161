//! What an authorization server answers to a form with secrets in it. Some servers repeat what they do not
//! like, and what they say is shown and logged.

use std::ops::Deref;

use zeroize::Zeroizing;

use crate::keys::probe::Probe;
use crate::oauth::form;
use crate::oauth::token_answer::ErrorAnswer;
use crate::text::hide::{HIDDEN, hide};
use crate::token::find;

/// The parameters of a form that are secrets (RFC 6749, 7009, 7521, 7636, 8628, 8693).
const SECRET: [&str; 11] = [
    "actor_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "refresh_token",
    "subject_token",
    "token",
];

/// An answer, and what it must not be shown to repeat.
pub(super) struct Reply {
    probe: Probe,
    secrets: Vec<Zeroizing<String>>,
}

impl Deref for Reply {
    type Target = Probe;

    fn deref(&self) -> &Probe {
        &self.probe
    }
}

impl Reply {
    /// The answer to a form, and to header lines with more secrets.
    pub(super) fn new(
        probe: Probe,
        form: Vec<(&str, Zeroizing<String>)>,
        mut secrets: Vec<Zeroizing<String>>,
    ) -> Reply {
        let is_secret = |(name, _): &(&str, _)| SECRET.contains(name);
        let sent = form.into_iter().filter(is_secret);
        secrets.extend(sent.map(|(_, value)| value));
        let encoded = secrets
            .iter()
            .map(|secret| Zeroizing::new(form::encode(secret)));
        secrets.extend(encoded.collect::<Vec<_>>());
        Reply { probe, secrets }
    }

    /// The refusal that it is; `None` of any other answer.
    pub(super) fn refusal(&self) -> Option<ErrorAnswer> {
        ErrorAnswer::read(self.probe.json().ok()?, |text| self.hide(text))
    }

    /// What it says, where it is an error in another form than that of OAuth.
    pub(super) fn said(&self) -> Option<String> {
        self.probe.said(|text| self.hide(text))
    }

    /// A text without what was sent, and without what makes any token valid.
    fn hide(&self, text: &str) -> String {
        let secrets: Vec<&str> = self.secrets.iter().map(|secret| secret.as_str()).collect();
        let mut text = hide(text, &secrets);
        for secret in find::tokens(text.as_bytes()).secrets.into_iter().rev() {
            text.replace_range(secret, HIDDEN);
        }
        text
    }
}
