//! The parameter `prompt` (OpenID Connect Core 1.0 section 3.1.2.1).

use crate::demo::error::OAuthError;
use crate::demo::parameters::Parameters;
use crate::demo::redact::quoted;

/// What a client may want of its user by `prompt`, as the metadata names it.
pub(super) const PROMPTS: &[&str] = &["none", "login", "consent", "select_account"];

/// What the client wants its user to see (OpenID Connect Core 1.0 section 3.1.2.1).
pub(super) fn prompt(parameters: &Parameters) -> Result<Vec<String>, OAuthError> {
    let prompt: Vec<String> = parameters
        .get("prompt")
        .map(|prompt| prompt.split(' ').map(str::to_owned).collect())
        .unwrap_or_default();
    if let Some(word) = prompt.iter().find(|word| !PROMPTS.contains(&word.as_str())) {
        return Err(OAuthError::request(
            format!(
                "`prompt` is {}; supported: {}",
                quoted(word, 40),
                PROMPTS.join(", ")
            ),
            "Initiating User Registration via OpenID Connect 1.0 section 4.1",
        ));
    }
    if prompt.len() > 1 && prompt.iter().any(|word| word == "none") {
        return Err(OAuthError::request(
            "`prompt` is none and something else",
            "OpenID Connect Core 1.0 section 3.1.2.1",
        ));
    }
    Ok(prompt)
}
