//! Text of others without the secrets that were told to them.

/// Replaces what is not repeated.
pub(crate) const HIDDEN: &str = "…";

/// A shorter secret may be part of an ordinary word.
const SHORTEST_PART: usize = 6;

/// A text in which each of these secrets is hidden; a short one only where it is all of the text.
pub(crate) fn hide(text: &str, secrets: &[&str]) -> String {
    let hide = |text: String, secret: &&str| match secret.len() >= SHORTEST_PART || text == *secret
    {
        true => text.replace(secret, HIDDEN),
        false => text,
    };
    secrets.iter().fold(text.to_owned(), hide)
}
