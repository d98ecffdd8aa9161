//! What the log repeats from a request. Clients mix up their parameters, and a code may stand where
//! a scope belongs, so secrets are not repeated anywhere.

use std::borrow::Cow;

use crate::text::escape;
use crate::text::hide::HIDDEN;

pub(super) use crate::text::hide::hide;

/// The shortest PKCE verifier (RFC 7636 section 4.1), which may be made of words.
const SHORTEST_VERIFIER: usize = 43;
/// A shorter text is too easy to guess to be a code or a token.
const SHORTEST_RANDOM: usize = 20;
/// The length of the codes and tokens of this server.
const OWN_RANDOM: usize = 32;

/// A text from a request between backticks, cut to at most `most` characters, without random parts.
pub(super) fn quoted(text: &str, most: usize) -> String {
    let shown = escape::shorten(&without_random(text), most);
    // So only the outer backticks are real ones.
    format!("`{}`", shown.replace('`', "\\u0060"))
}

/// A text without codes, tokens and anything that looks like them.
pub(super) fn without_random(text: &str) -> Cow<'_, str> {
    let of_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_random = |word: &&str| is_random(word.as_bytes());
    if !text.split(|c| !of_word(c)).any(|word| is_random(&word)) {
        return Cow::Borrowed(text);
    }
    let words = text.split_inclusive(|c| !of_word(c)).map(|word| {
        let end = word.trim_end_matches(|c| !of_word(c));
        match is_random(&end) {
            true => word.replace(end, HIDDEN),
            false => word.to_owned(),
        }
    });
    Cow::Owned(words.collect())
}

/// A sentence without these secrets in its quotes.
pub(super) fn without_secrets(text: String, secrets: &[&str]) -> String {
    if !secrets.iter().any(|secret| text.contains(secret)) {
        return text;
    }
    let parts = text
        .split('`')
        .enumerate()
        .map(|(index, part)| match index % 2 {
            1 => hide(part, secrets),
            _ => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("`")
}

/// Whether a word of letters, digits, `-` and `_` looks random: it is long, and small letters,
/// capitals and digits alternate. UUIDs do not count, since many URIs have the UUID of a tenant.
fn is_random(word: &[u8]) -> bool {
    if word.len() >= SHORTEST_VERIFIER {
        return true;
    }
    // One in 20,000 of our own random texts has fewer changes than usual.
    let fewest = match word.len() {
        OWN_RANDOM => OWN_RANDOM / 8,
        len => len / 4,
    };
    word.len() >= SHORTEST_RANDOM && !is_uuid(word) && turns(word) >= fewest
}

/// How often a character is followed by one of another kind.
fn turns(word: &[u8]) -> usize {
    let kind = |b: &u8| match b {
        b'0'..=b'9' => Some(0),
        b'a'..=b'z' => Some(1),
        b'A'..=b'Z' => Some(2),
        _ => None,
    };
    let kinds: Vec<u8> = word.iter().filter_map(kind).collect();
    kinds
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a != b))
        .count()
}

/// RFC 9562 section 4.
fn is_uuid(word: &[u8]) -> bool {
    let groups = [8, 4, 4, 4, 12];
    let parts = word.split(|b| *b == b'-');
    word.len() == 36
        && parts.clone().map(<[u8]>::len).eq(groups)
        && parts.flatten().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::secret::random;

    #[test]
    fn no_random_text_of_this_server_is_repeated() {
        for _ in 0..20_000 {
            let code = random().unwrap();
            for text in [
                code.clone(),
                format!("https://app.example/cb/{code}?code={code}&x"),
                format!("{code}.{code}"),
            ] {
                let shown = quoted(&text, 200);
                assert!(!shown.contains(&code), "{shown}");
            }
        }
        assert_eq!(
            quoted(
                "https://app.example/cb?code=4x0CoMMrnf8TqlAgIjHmzZ0_bU-oEwYs&x=1",
                80
            ),
            "`https://app.example/cb?code=…&x=1`"
        );
    }

    #[test]
    fn tokens_and_verifiers_are_not_repeated() {
        let token = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xIn0.AgIjHmzZ0bUoEwYs4x0CoMMrnf8Tql";
        assert_eq!(quoted(token, 80), "`….….…`");
        let verifier = "a-verifier-of-at-least-43-characters-0123456789";
        assert_eq!(quoted(verifier, 80), "`…`");
        assert_eq!(quoted("9f86d081884c7d659a2feaa0c55ad015", 80), "`…`");
        assert_eq!(quoted("HAOiseryw4RIMFQBDQUPRDpo_348lun1", 80), "`…`");
    }

    #[test]
    fn what_people_have_thought_of_is_repeated() {
        for text in [
            "https://login.example.com/UserAuthenticationMethod/callback",
            "https://my-service-2024-production-app.example.com:8443/cb",
            "api://0c6ad2a3-9f61-4a1c-8d0e-5c2f6b7a1e90/.default",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "Directory.ReadWrite.All offline_access",
            "http://127.0.0.1:39481/oauth/callback",
        ] {
            assert_eq!(quoted(text, 80), format!("`{text}`"));
        }
    }

    #[test]
    fn a_quote_ends_where_it_seems_to() {
        assert_eq!(quoted("a`b\u{1b}[31m", 80), r"`a\u0060b\u001b[31m`");
        assert_eq!(quoted("abcdef", 3), "`abc…`");
    }

    #[test]
    fn secrets_are_taken_out_of_quotes_alone() {
        let secrets = ["wonderland", "code"];
        let without = |text: &str| without_secrets(text.to_owned(), &secrets);
        assert_eq!(
            without("`scope` is `to/wonderland`, no wonderland"),
            "`scope` is `to/…`, no wonderland"
        );
        assert_eq!(without("`a-code` is no code"), "`a-code` is no code");
        assert_eq!(without("there is `code`"), "there is `…`");
    }
}
