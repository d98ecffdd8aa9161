//! The forms of a SOURCE in the help: each list of them is that of [`Source::ALL`].

use crate::cli::advice::one_of;
use crate::keys::{Source, SourceForm};

const WHERE: &str = "Where the key is, never the key itself";

/// The first line of `--key`.
pub(super) fn short() -> String {
    let forms: Vec<String> = Source::ALL.iter().map(SourceForm::usual).collect();
    format!("{WHERE}: {}", forms.join(", "))
}

/// All that is said of `--key`.
pub(super) fn long() -> String {
    let sentences: Vec<String> = Source::ALL.iter().map(sentence).collect();
    format!(
        "{}\n\n{}. Its format is detected from its content: a JWK or JWKS, PEM, DER, or else a secret. \
         Without --key the first of $JOTT_KEY_SOURCE, $JOTT_SECRET and $SECRET_KEY that is set is \
         used, else keyring:default, else a prompt.",
        short(),
        sentences.join("; "),
    )
}

/// The same of `--key` of a server, which signs with it.
pub(super) fn of_server() -> String {
    let local = Source::ALL.iter().filter(|form| !form.is_remote);
    format!(
        "{WHERE}: {}. Without --key one is made for this run, and no variable is looked at. With a \
         secret there is no OpenID Connect, since there is nothing to publish.",
        one_of(local.map(SourceForm::usual)),
    )
}

fn sentence(form: &SourceForm) -> String {
    let (pattern, is) = (form.pattern(), form.description);
    match form.beginnings {
        [] => format!("{pattern} is {is}"),
        several => {
            let several = one_of(several.iter().map(ToString::to_string));
            format!("{pattern}, or a path that begins with {several}, is {is}")
        }
    }
}
