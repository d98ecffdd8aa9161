//! The forms of a SOURCE in the help: each list of them is that of [`Source::ALL`].

use crate::cli::advice::one_of;
use crate::keys::{Gives, Source, SourceForm};

const WHERE: &str = "Where the key is, never the key itself";

/// Longer than the longest help, which is put together whenever a command is read.
const ROOM: usize = 2048;

/// The first line of `--key`.
pub(super) fn short() -> String {
    let mut help = String::with_capacity(ROOM);
    push_short(&mut help);
    help
}

fn push_short(help: &mut String) {
    help.push_str(WHERE);
    let mut before = ": ";
    for form in Source::ALL {
        help.push_str(before);
        help.extend(form.usual());
        before = ", ";
    }
}

/// The long help of `--key`.
pub(super) fn long() -> String {
    let mut help = String::with_capacity(ROOM);
    push_short(&mut help);
    let mut before = "\n\n";
    for form in Source::ALL {
        help.push_str(before);
        push_sentence(form, &mut help);
        before = "; ";
    }
    help.push_str(
        ". Its format is detected from its content: a JWK or JWKS, PEM, DER, or else a secret. \
         Without --key the first of $JOTT_KEY_SOURCE, $JOTT_SECRET and $SECRET_KEY that is set is \
         used, else keyring:default, else a prompt.",
    );
    help
}

/// The same for `--key` of a server, which signs with it.
pub(super) fn of_server() -> String {
    let local = Source::ALL
        .iter()
        .filter(|form| !matches!(form.gives, Gives::PublicKeys | Gives::Roots));
    format!(
        "{WHERE}: {}. Without --key one is made for this run, and no variable is looked at. With a \
         secret there is no OpenID Connect, since there is nothing to publish.",
        one_of(local.map(|form| form.usual().concat())),
    )
}

fn push_sentence(form: &SourceForm, help: &mut String) {
    help.extend([form.prefix, form.placeholder]);
    if !form.beginnings.is_empty() {
        let several = one_of(form.beginnings.iter().map(ToString::to_string));
        help.extend([", or a path that begins with ", &several, ","]);
    }
    help.extend([" is ", form.description]);
}
