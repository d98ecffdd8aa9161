//! An OAuth 2.0 authorization server and its resource server, in one process.
//!
//! The router is a value, its state is in memory, and its clock is handed in. What happens is told
//! as [`Event`]s to whoever started it: this floor writes to no terminal.

mod advice;
mod authorize;
mod base_url;
mod bearer;
mod claims_request;
mod client;
mod client_authentication;
pub mod config;
mod consent;
mod cors;
mod end_session;
mod error;
mod event;
mod expiring;
mod grant;
mod guard;
mod introspect;
mod json_answer;
mod login;
mod metadata;
mod nothing;
mod origin;
mod pages;
mod parameters;
mod patient;
mod pkce;
mod presented;
mod protected;
mod quote;
mod redirect_uri;
mod reference;
mod resource;
mod response_mode;
mod revoke;
mod router;
mod scope;
mod secret;
mod server;
mod service;
mod session;
mod settings;
mod signing;
mod state;
mod token_endpoint;
mod tokens;
mod user;
mod userinfo;
mod way_back;

pub use advice::{INTROSPECTS, POST_LOGOUT};
pub use base_url::BaseUrl;
pub use client::Client;
pub use event::{Asked, Event, Remark};
pub use redirect_uri::RedirectUri;
pub use resource::HEALTHY;
pub use secret::Secret;
pub use server::serve;
pub use service::{Demo, Events};
pub use settings::{Lifetimes, Settings};
pub use signing::KeyChoice;
pub use user::User;
