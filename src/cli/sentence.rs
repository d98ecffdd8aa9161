//! A sentence after its label: `error:`, `warning:`, `hint:`, `note:`.

use crate::cli::columns::{width, wrapped};
use crate::cli::paint::Paint;
use crate::text::escape;

/// The lines of a sentence after its label, which may be painted, each with its line break. The
/// sentence may contain text from a stranger.
pub(super) fn said(word: &str, painted: String, text: &str, paint: Paint) -> String {
    let safe = escape::terminal(text);
    let hang = width(word).saturating_add(1);
    let mut out = painted;
    for (n, line) in wrapped(&safe, hang, paint.columns()).iter().enumerate() {
        match n {
            0 => out.push(' '),
            _ => out.push_str(&" ".repeat(hang)),
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
