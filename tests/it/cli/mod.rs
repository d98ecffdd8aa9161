//! The command line as people and scripts meet it.

#[cfg(unix)]
mod batch;
#[cfg(unix)]
mod completions;
mod json;
#[cfg(unix)]
mod large_tokens;
mod manual_pages;
#[cfg(unix)]
mod packages;
#[cfg(unix)]
mod prompt;
#[cfg(unix)]
mod remote;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod transcripts;
