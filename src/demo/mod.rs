//! An OAuth 2.0 authorization server and its resource server, in one process.
//!
//! The router is a value, its state is in memory, and its clock is handed in. What happens is told
//! as [`Event`]s to whoever started it: this floor writes to no terminal.

mod acting_faults;
mod advice;
mod assertion;

mod authorization_request;
mod authorization_response;
mod authorize;
mod base_url;
mod bearer;
mod browser_session;
mod claim_time;
mod claims_request;
mod client;
mod client_authentication;
mod client_form;
mod clock;
pub mod config;
mod connections;
mod consent;
mod control;
mod control_access;
mod cors;
mod demo_server;
mod dpop;
mod end_session;
mod endpoint;
mod endpoints;
mod error;
mod event;
mod expiring_map;
pub mod fault;
mod grant;
mod handle;
mod introspect;
mod json_answer;
mod key_ring;
mod login;
mod media_type;
mod metadata;
mod metadata_document;
mod middleware;
mod mint;
mod not_found;
mod operations;
mod origin;
mod pages;
mod parameters;
pub mod path;
mod pkce;
mod presented;
mod protected;
mod public_keys;
mod pushed;
mod pushed_request;
mod redact;
mod redirect_uri;
mod reference;
mod refused_token;
mod requests_seen;
mod resource;
mod response_mode;
mod revoke;
mod router;
mod scope;
mod secret;
mod settings;
mod signing;
mod store;
mod token_endpoint;
mod tokens;
mod used_once;
mod user;
mod userinfo;
mod write_timeout;

pub use advice::{Advice, INTROSPECTS, POST_LOGOUT};
pub use base_url::BaseUrl;
pub use client::Client;
pub use connections::serve;
pub use demo_server::{DemoServer, Events};
pub use event::{Asked, Event, Remark};
pub use public_keys::PublicKeys;
pub use redirect_uri::RedirectUri;
pub use resource::HEALTHY;
pub use secret::Secret;
pub use settings::{Control, Lifetimes, Settings};
pub use signing::KeyChoice;
pub use user::User;

/// What the server calls itself, to browsers and clients.
pub(crate) const NAME: &str = "jott serve-demo";
