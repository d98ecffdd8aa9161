//! The command line as people and scripts meet it.

#[cfg(unix)]
mod batch;
mod json;
#[cfg(unix)]
mod large_tokens;
#[cfg(unix)]
mod prompt;
#[cfg(unix)]
mod remote;
#[cfg(unix)]
mod streams;
#[cfg(unix)]
mod transcripts;
