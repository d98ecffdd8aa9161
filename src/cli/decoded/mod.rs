//! What `decode` shows of a token: lines for people, JSON for programs. All content comes from a
//! stranger.
//!
//! A token may be large: the output goes out part by part, and its size is in proportion to the
//! token.

mod json;
mod life;
mod lines;
mod table;
mod tree;

pub(super) use json::{Partly, push_json_line, write_json};
pub(super) use lines::{Look, write_lines};
