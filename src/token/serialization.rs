//! How a token is written: in the compact form, or in one of the JSON forms (RFC 7515 section 7.2, RFC 7516
//! section 7.2).

use crate::token::json::quote;

/// A form of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Serialization {
    /// Segments between dots.
    #[default]
    Compact,
    /// JSON, of one signature or recipient.
    Flattened,
    /// JSON with a list of signatures or recipients.
    General,
}

impl Serialization {
    /// Writes a token, which is given in the compact form, in this one. What is no token of three or five
    /// segments stays as it is.
    #[must_use]
    pub fn of_compact(self, token: String) -> String {
        let segments: Vec<&str> = token.split('.').collect();
        let is_general = match self {
            Serialization::Compact => return token,
            Serialization::Flattened => false,
            Serialization::General => true,
        };
        match segments.as_slice() {
            [protected, payload, signature] => {
                let signed = members(&[("protected", protected), ("signature", signature)]);
                let payload = members(&[("payload", payload)]);
                match is_general {
                    true => format!(r#"{{{payload},"signatures":[{{{signed}}}]}}"#),
                    false => format!("{{{payload},{signed}}}"),
                }
            }
            [protected, key, iv, ciphertext, tag] => {
                let key = match key.is_empty() {
                    true => String::new(),
                    false => members(&[("encrypted_key", key)]),
                };
                let recipient = match (is_general, key.as_str()) {
                    (true, key) => format!(r#""recipients":[{{{key}}}],"#),
                    (false, "") => String::new(),
                    (false, key) => format!("{key},"),
                };
                let protected = members(&[("protected", protected)]);
                let sealed = members(&[("iv", iv), ("ciphertext", ciphertext), ("tag", tag)]);
                format!("{{{protected},{recipient}{sealed}}}")
            }
            _ => token,
        }
    }
}

fn members(all: &[(&str, &str)]) -> String {
    let all = all
        .iter()
        .map(|(name, value)| format!("{}:{}", quote(name), quote(value)));
    all.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_three_forms() {
        let written = |form: Serialization, token: &str| form.of_compact(token.to_owned());
        for (token, flattened, general) in [
            (
                "a.b.c",
                r#"{"payload":"b","protected":"a","signature":"c"}"#,
                r#"{"payload":"b","signatures":[{"protected":"a","signature":"c"}]}"#,
            ),
            (
                "a.b.c.d.e",
                r#"{"protected":"a","encrypted_key":"b","iv":"c","ciphertext":"d","tag":"e"}"#,
                r#"{"protected":"a","recipients":[{"encrypted_key":"b"}],"iv":"c","ciphertext":"d","tag":"e"}"#,
            ),
            (
                "a..c.d.e",
                r#"{"protected":"a","iv":"c","ciphertext":"d","tag":"e"}"#,
                r#"{"protected":"a","recipients":[{}],"iv":"c","ciphertext":"d","tag":"e"}"#,
            ),
            ("a.b", "a.b", "a.b"),
        ] {
            assert_eq!(written(Serialization::Compact, token), token);
            assert_eq!(written(Serialization::Flattened, token), flattened);
            assert_eq!(written(Serialization::General, token), general);
        }
    }
}
