//! Numbers of things, in words.

/// So many of a thing: `1 byte`, `2 bytes`.
#[must_use]
pub fn counted(n: usize, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{s}")
}
