//! What would allow a request that the demo server refused, as flags to be pasted.

use crate::demo::{Advice, INTROSPECTS, POST_LOGOUT};

/// The advice in a clause that follows the refusal.
pub(super) fn sentence(advice: &Advice) -> String {
    match advice {
        Advice::AllowUri {
            client,
            uri,
            after_logout,
        } => {
            let kind = if *after_logout { POST_LOGOUT } else { "" };
            let uri = uri.as_deref().unwrap_or("URI");
            format!("{} allows it", client_flag(client, &format!("{kind}{uri}")))
        }
        Advice::AllowIntrospection { client } => {
            format!("{} lets it know of all", client_flag(client, INTROSPECTS))
        }
        Advice::KnowDocument => {
            "`--client-metadata URL=FILE` gives it one, and `--fetch-client-metadata` lets it be fetched"
                .into()
        }
        Advice::NameServer => "`--issuer` and `--public-url` give it one".into(),
    }
}

/// The flag that gives a client something more: a redirect URI, or a right.
fn client_flag(id: &str, more: &str) -> String {
    // Inside single quotes a shell takes everything literally, except the quote itself.
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
