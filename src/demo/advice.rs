//! What would allow a request that is refused: the words of a command line, to be pasted.

use crate::demo::redact::without_random;
use crate::demo::redirect_uri::RedirectUri;

/// The word for the right to be told of the tokens of other clients.
pub const INTROSPECTS: &str = "introspects";

/// What stands before a URI to which browsers may be sent after a log-out.
pub const POST_LOGOUT: &str = "logout:";

/// A longer line is not pasted.
const LONGEST: usize = 400;

/// What would let a client send browsers to a URI that it has not registered, or why nothing does.
/// `kind` stands before the URI in the flag.
pub(super) fn allowing(id: &str, uri: &str, kind: &str) -> String {
    match RedirectUri::parse(uri) {
        Err(why) => format!("no client can have it, since it {why}"),
        // What is not to be repeated, its user knows.
        Ok(_) if uri.len() > LONGEST || without_random(uri) != uri => {
            format!("{} allows it", client_flag(id, &format!("{kind}URI")))
        }
        Ok(_) => format!("{} allows it", client_flag(id, &format!("{kind}{uri}"))),
    }
}

/// The flag that gives a client something more: a redirect URI, or a right.
pub(super) fn client_flag(id: &str, more: &str) -> String {
    // Inside of single quotes a shell takes everything as it is, but for the quote itself.
    let word = format!("{id}+={more}").replace('\'', r"'\''");
    format!("`--client '{word}'`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_the_words_as_they_are() {
        assert_eq!(
            client_flag("app", "https://app.example/$(x)'"),
            r"`--client 'app+=https://app.example/$(x)'\'''`"
        );
    }
}
