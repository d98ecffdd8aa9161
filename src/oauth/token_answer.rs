//! What a token endpoint answers, as a client reads it (RFC 6749 sections 5.1 and 5.2).

use std::borrow::Cow;

use crate::text::escape;
use crate::token::json::{Json, Kind};

/// A longer time is taken for a mistake: ten years, in seconds.
const LONGEST: f64 = 315_360_000.0;

/// No token is longer.
const MOST_BYTES: usize = 1 << 18;

/// The rest of an answer is no longer.
const MOST_BYTES_OF_OTHERS: usize = 1 << 16;

/// Types are short; a text that is not may be the token itself, in the wrong member.
const LONG_TYPE: usize = 20;

/// The members that are read here.
const READ: [&str; 6] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "id_token",
    "scope",
];

/// Tokens, and the other members of the answer.
#[derive(Clone, Default)]
pub struct TokenAnswer {
    /// The access token.
    pub access_token: String,
    /// How it is used.
    pub token_type: TokenType,
    /// For how many seconds it is valid; `None` where the answer does not say so, or cannot be
    /// right.
    pub expires_in: Option<u64>,
    /// The token that gets a new one.
    pub refresh_token: Option<String>,
    /// The token that says who has logged in.
    pub id_token: Option<String>,
    /// What it is for, where the server says so.
    pub scope: Option<String>,
    /// The other members of the answer, as names and compact JSON, where that is not too long.
    pub others: Vec<(String, String)>,
    /// What is odd about the answer, in clauses.
    pub oddities: Vec<String>,
}

/// How an access token is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenType {
    /// RFC 6750: whoever has it may use it.
    #[default]
    Bearer,
    /// RFC 9449: whoever uses it proves to have the key.
    DPoP,
}

impl TokenType {
    /// Its name, as it stands in `Authorization`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TokenType::Bearer => "Bearer",
            TokenType::DPoP => "DPoP",
        }
    }

    /// The type of that name, without case (RFC 6749 section 7.1).
    #[must_use]
    pub fn named(name: &str) -> Option<TokenType> {
        let types = [TokenType::Bearer, TokenType::DPoP];
        types
            .into_iter()
            .find(|kind| name.eq_ignore_ascii_case(kind.name()))
    }
}

/// Tokens are secrets.
impl std::fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenAnswer").finish_non_exhaustive()
    }
}

/// A refusal: what the server says, short and safe for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// `error`.
    pub code: String,
    /// `error_description`.
    pub description: Option<String>,
}

impl ErrorAnswer {
    /// Reads a refusal, after something in its texts was hidden; `None` for other JSON.
    #[must_use]
    pub fn read(json: Json<'_>, hide: impl Fn(&str) -> String) -> Option<ErrorAnswer> {
        let text = |name: &str, most| {
            let text = json.get(name).and_then(Json::as_str);
            text.map(|text| escape::shorten(hide(&text).trim(), most))
                .filter(|text| !text.is_empty())
        };
        Some(ErrorAnswer {
            code: text("error", 60)?,
            description: text("error_description", 200),
        })
    }
}

/// Reads the tokens of an answer with status 200.
///
/// # Errors
/// A clause that says why there are none; it repeats nothing of a token.
pub fn read(json: Json<'_>) -> Result<TokenAnswer, String> {
    if json.kind() != Kind::Object {
        return Err("answered with JSON that is not an object".into());
    }
    let text = |name: &str| -> Result<Option<String>, String> {
        let mut found = json
            .members()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(value), None) if value.text() == "null" => Ok(None),
            (Some(value), None) => match value.as_str() {
                Some(text) if is_visible(&text) => Ok(Some(text.into_owned())),
                Some(_) => Err(format!(
                    "answered with `{name}` that has characters which no token has (RFC 6749 appendix A)"
                )),
                None => Err(format!("answered with `{name}` that is not a string")),
            },
            (Some(_), Some(_)) => Err(format!("answered with `{name}` twice")),
        }
    };
    let Some(access_token) = text("access_token")?.filter(|token| !token.is_empty()) else {
        return Err(without_token(json));
    };
    let mut answer = TokenAnswer {
        access_token,
        refresh_token: text("refresh_token")?.filter(|token| !token.is_empty()),
        id_token: text("id_token")?.filter(|token| !token.is_empty()),
        scope: json
            .get("scope")
            .and_then(Json::as_str)
            .map(Cow::into_owned),
        ..TokenAnswer::default()
    };
    let start = answer.access_token.get(..7).unwrap_or_default();
    if start.eq_ignore_ascii_case("bearer ") {
        answer.oddities.push(
            "the access token begins with `Bearer`, which belongs into the header line before it"
                .into(),
        );
    }
    match json.get("token_type").and_then(Json::as_str) {
        None => answer
            .oddities
            .push("the answer has no `token_type`: Bearer is assumed".into()),
        Some(name) if name.eq_ignore_ascii_case("N_A") => {}
        Some(name) => {
            let unknown = || match name.len() < LONG_TYPE {
                true => {
                    let name = escape::shorten(&name, 40);
                    format!("answered with a token of the type `{name}`, which is not known here")
                }
                false => "answered with a `token_type` that is longer than any".to_owned(),
            };
            answer.token_type = TokenType::named(&name).ok_or_else(unknown)?;
        }
    }
    let others = json
        .members()
        .filter(|(name, _)| !READ.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.compact().into_owned()));
    let mut left = MOST_BYTES_OF_OTHERS;
    answer.others = others
        .take_while(|(name, value)| {
            let len = name.len().saturating_add(value.len());
            left = left.saturating_sub(len);
            left > 0
        })
        .collect();
    let lifetime = json
        .get("expires_in")
        .filter(|value| value.text() != "null");
    match lifetime.map(seconds) {
        None => {}
        Some(Ok((seconds, oddity))) => {
            answer.expires_in = Some(seconds);
            answer.oddities.extend(oddity.map(str::to_owned));
        }
        Some(Err(why)) => answer.oddities.push(format!(
            "`expires_in` {why}: the lifetime of the token is unknown"
        )),
    }
    Ok(answer)
}

/// That there is no token, and what there is instead.
fn without_token(json: Json<'_>) -> String {
    /// A longer name may be no name.
    const LONGEST_NAME: usize = 24;
    let is_word = |name: &str| {
        name.len() <= LONGEST_NAME && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let names = json.members().map(|(name, _)| name);
    let names = names.filter(|name| is_word(name) && !READ.contains(&&**name));
    let names: Vec<String> = names.take(5).map(|name| format!("`{name}`")).collect();
    let without = "answered without `access_token` (RFC 6749 section 5.1)";
    match names.is_empty() {
        true => without.into(),
        false => format!("{without}: it has {}", names.join(", ")),
    }
}

/// Whether text is visible ASCII, as tokens are (RFC 6749 appendix A.12), and not longer than any
/// token.
fn is_visible(text: &str) -> bool {
    text.len() <= MOST_BYTES && text.bytes().all(|byte| (0x20..=0x7E).contains(&byte))
}

/// A lifetime in seconds, and what is odd about it.
fn seconds(value: Json<'_>) -> Result<(u64, Option<&'static str>), &'static str> {
    let text = value.as_str();
    let (digits, oddity) = match &text {
        Some(text) => (
            text.trim(),
            Some("`expires_in` is a string, which should be a number"),
        ),
        None => (value.text(), None),
    };
    let number: f64 = digits.parse().map_err(|_| "is not a number")?;
    if !number.is_finite() || number < 0.0 {
        return Err("is not a time in the future");
    }
    if number > LONGEST {
        return Err("is more than ten years");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it was looked at above"
    )]
    let seconds = number as u64;
    Ok((seconds, oddity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(members: &str) -> Result<TokenAnswer, String> {
        let text = format!(r#"{{"access_token":"abc","token_type":"bearer"{members}}}"#);
        read(Json::parse_str(&text).unwrap().value)
    }

    #[test]
    fn a_lifetime_is_believed_where_it_is_one() {
        for (text, expected, is_odd) in [
            (r#","expires_in":60"#, Some(60), false),
            (r#","expires_in":"60""#, Some(60), true),
            (r#","expires_in":60.9"#, Some(60), false),
            (r#","expires_in":null"#, None, false),
            ("", None, false),
            (r#","expires_in":0"#, Some(0), false),
            (r#","expires_in":315360000"#, Some(315_360_000), false),
            (r#","expires_in":315360001"#, None, true),
            (r#","expires_in":-1"#, None, true),
            (r#","expires_in":1000000000000"#, None, true),
            (r#","expires_in":1e400"#, None, true),
            (r#","expires_in":"soon""#, None, true),
            (r#","expires_in":[60]"#, None, true),
        ] {
            let answer = answer(text).unwrap();
            assert_eq!(
                (answer.expires_in, !answer.oddities.is_empty()),
                (expected, is_odd),
                "{text}"
            );
        }
    }

    #[test]
    fn the_other_tokens_are_read_and_nothing_counts_as_none() {
        let given = |value: &str| {
            let members = format!(r#","refresh_token":{value},"id_token":{value}"#);
            let read = answer(&members).unwrap();
            (read.refresh_token, read.id_token)
        };
        let both = Some("def".to_owned());
        assert_eq!(given(r#""def""#), (both.clone(), both));
        assert_eq!(given(r#""""#), (None, None));
        assert_eq!(given("null"), (None, None));
        let scope = answer(r#","scope":"a b""#).unwrap().scope;
        assert_eq!(scope.as_deref(), Some("a b"));
    }

    #[test]
    fn a_token_that_brings_its_scheme_is_odd() {
        let text = r#"{"access_token":"bearer abc","token_type":"bearer"}"#;
        let answer = read(Json::parse_str(text).unwrap().value).unwrap();
        assert_eq!(answer.access_token, "bearer abc");
        assert_eq!(
            answer.oddities,
            ["the access token begins with `Bearer`, which belongs into the header line before it"]
        );
    }

    /// RFC 8693 section 2.2.1.
    #[test]
    fn a_type_that_does_not_apply_is_no_fault() {
        let text = r#"{"access_token":"abc","token_type":"N_A"}"#;
        let answer = read(Json::parse_str(text).unwrap().value).unwrap();
        assert_eq!(answer.token_type, TokenType::Bearer);
        assert!(answer.oddities.is_empty());
    }

    #[test]
    fn what_else_an_answer_has_is_kept() {
        let members =
            r#", "issued_token_type": "urn:x", "big": 12345678901234567890, "scope": "a""#;
        let others = answer(members).unwrap().others;
        let expected = [
            ("issued_token_type", "\"urn:x\""),
            ("big", "12345678901234567890"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(others, expected);
        let long = format!(r#", "x": "{}""#, "x".repeat(1 << 16));
        assert_eq!(answer(&long).unwrap().others, []);
    }

    #[test]
    fn what_cannot_be_a_token_is_refused() {
        for (text, why) in [
            (
                r#"{"token_type":"bearer"}"#,
                "answered without `access_token` (RFC 6749 section 5.1)",
            ),
            (
                r#"{"access_token":"","token_type":"bearer"}"#,
                "answered without `access_token` (RFC 6749 section 5.1)",
            ),
            (
                r#"{"accessToken":"abc","expiresIn":60,"a-long-name-that-may-be-a-token":1}"#,
                "answered without `access_token` (RFC 6749 section 5.1): it has `accessToken`, `expiresIn`",
            ),
            (
                r#"{"access_token":"a\u001bb"}"#,
                "answered with `access_token` that has characters which no token has (RFC 6749 appendix A)",
            ),
            (
                r#"{"access_token":7}"#,
                "answered with `access_token` that is not a string",
            ),
            (
                r#"{"access_token":"a","access_token":"b"}"#,
                "answered with `access_token` twice",
            ),
            (
                r#"{"access_token":"a","token_type":"mac"}"#,
                "answered with a token of the type `mac`, which is not known here",
            ),
            (
                r#"{"access_token":"Bearer","token_type":"an-access-token-in-the-wrong-member"}"#,
                "answered with a `token_type` that is longer than any",
            ),
            ("[]", "answered with JSON that is not an object"),
        ] {
            assert_eq!(read(Json::parse_str(text).unwrap().value).unwrap_err(), why);
        }
    }

    #[test]
    fn an_error_is_read_without_what_a_terminal_would_obey() {
        let text = r#"{"error":"invalid_grant","error_description":"\u001b[31mno"}"#;
        let read = |text, hide: fn(&str) -> String| {
            ErrorAnswer::read(Json::parse_str(text).unwrap().value, hide)
        };
        let error = read(text, str::to_owned).unwrap();
        assert_eq!(error.code, "invalid_grant");
        assert_eq!(error.description.as_deref(), Some("\\u001b[31mno"));
        assert!(read("{}", str::to_owned).is_none());
        // What is cut off later may have begun before.
        let long = format!(
            r#"{{"error":"x","error_description":"{}secret"}}"#,
            "a".repeat(197)
        );
        let error = read(&long, |text| text.replace("secret", "")).unwrap();
        assert_eq!(error.description, Some("a".repeat(197)));
    }
}
