//! Lines of `NAME=value`: one of them may hold a key, but they are not a key themselves.

use crate::token::advice::Advice;
use crate::token::key_fault::KeyFault;

/// The fault of content that consists of such lines.
///
/// A padded secret is not such a line, because nothing but `=` follows its first `=`. A single line
/// may be a password with a `=` in it: it counts only in a file, and only if its name looks like
/// that of a variable, or if `export` stands before it. A name is repeated only if it is made of
/// common words, since it may be the first half of a secret.
pub(super) fn find(text: &str, in_a_file: bool) -> Option<KeyFault> {
    let lines = (1..).zip(text.lines().map(str::trim));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<(usize, &str, &str)> = lines
        .map(|(number, line)| assignment(line).map(|(name, value)| (number, name, value)))
        .collect::<Option<_>>()?;
    let named = match lines.as_slice() {
        [(_, name, value)] => {
            let is_exported = text.trim_start().starts_with(EXPORT);
            let is_named = is_exported || telling(name).is_some() || is_shouted(name);
            in_a_file && is_set(value) && is_named
        }
        lines => lines.iter().any(|(_, _, value)| is_set(value)),
    };
    if !named {
        return None;
    }
    // The first of the most telling names: of several greatest, `max_by_key` takes the last.
    let likely = lines.iter().rev().max_by_key(|(_, name, _)| telling(name));
    let (number, name, _) = likely?;
    let fault = KeyFault::rejected("the content is lines of NAME=value (a .env file), not a key");
    Some(fault.hint(Advice::LoadVariables {
        name: is_common(name).then(|| (*name).to_owned()),
        line: *number,
    }))
}

const EXPORT: &str = "export ";

fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix(EXPORT).unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let is_name = (1..=64).contains(&name.len())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

fn is_set(value: &str) -> bool {
    !value.trim_start_matches('=').is_empty()
}

fn is_shouted(name: &str) -> bool {
    name.len() > 2 && !name.bytes().any(|b| b.is_ascii_lowercase())
}

/// Whether a name is made only of words that are common in such names.
fn is_common(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "ACCESS", "API", "APP", "AUTH", "BACKEND", "CLIENT", "COOKIE", "DEV", "DJANGO", "HMAC",
        "HS256", "ID", "JOTT", "JWK", "JWKS", "JWT", "KEY", "MY", "NEXTAUTH", "OAUTH", "OIDC",
        "PASSWORD", "PEM", "PRIVATE", "PROD", "PUBLIC", "RAILS", "REFRESH", "SALT", "SECRET",
        "SERVER", "SESSION", "SHARED", "SIGNING", "TEST", "TOKEN", "WEB",
    ];
    name.split('_')
        .all(|part| WORDS.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// How strongly a variable's name says that it holds a key, if it says so at all.
fn telling(name: &str) -> Option<usize> {
    let name = name.to_ascii_uppercase();
    ["PASSWORD", "TOKEN", "KEY", "SECRET"]
        .iter()
        .rposition(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of the variable that is repeated, and its line.
    fn named(text: &str) -> (Option<String>, usize) {
        match find(text, true).unwrap().hint {
            Some(Advice::LoadVariables { name, line }) => (name, line),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_likely_variable_is_named_where_its_name_is_made_of_common_words() {
        for (content, name) in [
            (
                "JWT_SECRET=0123456789012345678901234567890123456789\n",
                "JWT_SECRET",
            ),
            (
                "jwt_secret='0123456789012345678901234567890123456789'",
                "jwt_secret",
            ),
            ("SALT=0123456789012345678901234567890123456789", "SALT"),
            (
                "# of the app\n\nexport PORT=1\nEMPTY=\nAPI_KEY=x\nAPP_SECRET=\"y\"\nLAST=z\n",
                "APP_SECRET",
            ),
        ] {
            assert_eq!(named(content).0.as_deref(), Some(name), "{content}");
        }
    }

    #[test]
    fn no_other_name_is_repeated() {
        for (content, line) in [
            ("A=1\n\nHUNTER2_SECRET=x\r\nB=y\r\n", 3),
            ("HUNTER2=0123456789012345678901234567890123456789", 1),
            ("hunter2=x\nhunter3=y", 1),
            ("Hunter2Secret=0123456789012345678901234567890123456789", 1),
        ] {
            assert_eq!(named(content), (None, line));
        }
    }

    #[test]
    fn one_line_that_is_not_in_a_file_is_no_such_file() {
        for content in [
            "JWT_SECRET=0123456789012345678901234567890123456789",
            "CORRECTHORSE=battery-staple-and-some-more-words",
            "Secretword=battery-staple-and-some-more-words",
        ] {
            assert!(find(content, false).is_none(), "{content}");
        }
        assert!(find("Word=battery-staple-and-some-more-words", true).is_none());
        let exported = "export Word=battery-staple-and-some-more-words\n";
        assert!(find(exported, true).is_some() && find(exported, false).is_none());
        assert!(find("A_SECRET=x\nB_SECRET=y", false).is_some());
    }

    #[test]
    fn secrets_with_equals_signs_are_no_such_lines() {
        for content in [
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZQ==",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=",
            "xY7=vT0fK2mQ9zL4pW8sD1aG6hJ3kB5n",
            "A=vT0fK2mQ9zL4pW8sD1aG6hJ3kB5nC7e",
            "9A_SECRET=vT0fK2mQ9zL4pW8sD1aG6hJ3",
            "no name = vT0fK2mQ9zL4pW8sD1aG6hJ3",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nBBBB=C",
        ] {
            assert!(find(content, true).is_none(), "{content}");
        }
    }
}
