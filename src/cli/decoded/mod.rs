//! What `decode` shows of a token: lines for people, JSON for programs. Everything in it is a stranger's.
//!
//! A token may be large: what is printed goes out part by part, and in proportion to the token.

mod json;
mod life;
mod lines;
mod table;
mod tree;

pub(super) use json::{json_line, write_json};
pub(super) use lines::{Look, write_lines};
