//! The server, by talking to it: a process on a free port, and bytes over TCP.
//!
//! Each test names the section of the RFC that it holds the server to. `libraries` and `curl` leave
//! the talking to others.

mod advice;
mod assertions;
mod authorize;
mod backchannel_logout;
mod basic_op;
mod browser;
mod claims;
mod client_certificate;
mod client_document;
mod command;
mod concurrency;
mod configured;
mod conformance;
mod control;
mod curl;
mod device;
mod doctor;
mod dpop;
mod end_session;
mod examples;
mod exchange;
mod faults;
mod faults_of_clients;
mod fetch;
mod hostile;
mod http;
mod id_jag;
mod image;
mod libraries;
mod mcp;
mod metadata;
mod mint;
mod pages;
mod pages_in_a_browser;
mod par;
mod reasons;
mod recipes;
mod reference;
mod registration;
mod resource;
mod revoke;
mod schemathesis;
mod server;
mod shared_secret;
mod signer;
mod step_up;
mod tls;
mod tls_clients;
mod token;
mod unread;
mod workload;
