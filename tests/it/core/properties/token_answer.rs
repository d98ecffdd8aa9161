//! The answer of a token endpoint is read, or a clause says why not that repeats nothing of a token.

use jott::oauth::token_answer::{ErrorAnswer, read};
use jott::token::json::Json;

pub(crate) fn holds(input: &[u8]) {
    let Ok(parsed) = Json::parse(input) else {
        return;
    };
    if let Some(refusal) = ErrorAnswer::read(parsed.value, str::to_owned) {
        let said = refusal.code + &refusal.description.unwrap_or_default();
        assert!(!said.is_empty() && !said.contains(char::is_control), "{said:?}");
    }
    match read(parsed.value) {
        Ok(answer) => {
            let is_visible = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            assert!(!answer.access_token.is_empty() && is_visible(&answer.access_token));
            assert!(answer.refresh_token.as_deref().is_none_or(is_visible));
            assert!(answer.oddities.iter().all(|oddity| !oddity.contains(char::is_control)));
        }
        Err(why) => {
            let token = parsed.value.get("access_token").and_then(Json::as_str).unwrap_or_default();
            // The words of the clause itself may stand in an answer too; they are short.
            let is_token = token.len() >= 20 && !token.contains(' ');
            assert!(!is_token || !why.contains(&*token), "{why}");
        }
    }
}
