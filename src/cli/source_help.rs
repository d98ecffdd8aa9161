//! The forms of a SOURCE in the help of the commands.

use clap::Arg;

use crate::cli::advice::one_of;
use crate::cli::source_forms::{SIGNING_KEY, forms};
use crate::keys::{Gives, SourceForm};

const WHERE: &str = "Where the key is, never the key itself";

/// Longer than the longest help, which is put together whenever a command is read.
const ROOM: usize = 2048;

/// `--key` with the help of a command that takes these.
pub(super) fn with_forms(key: Arg, gives: &[Gives]) -> Arg {
    key.help(short(gives)).long_help(long(gives))
}

/// The first line of `--key`.
fn short(gives: &[Gives]) -> String {
    let mut help = String::with_capacity(ROOM);
    push_short(gives, &mut help);
    help
}

fn push_short(gives: &[Gives], help: &mut String) {
    help.push_str(WHERE);
    let mut before = ": ";
    for form in forms(gives) {
        help.push_str(before);
        help.extend(form.usual());
        before = ", ";
    }
}

/// The long help of `--key`.
fn long(gives: &[Gives]) -> String {
    let mut help = String::with_capacity(ROOM);
    push_short(gives, &mut help);
    let mut before = "\n\n";
    for form in forms(gives) {
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
    format!(
        "{WHERE}: {}. Without --key one is made for this run, and no variable is looked at. With a \
         secret there is no OpenID Connect, since there is nothing to publish.",
        one_of(forms(SIGNING_KEY).map(|form| form.usual().concat())),
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
