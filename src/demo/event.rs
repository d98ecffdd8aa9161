//! An event: a line of the log, before it is written.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use axum::response::{IntoResponse, Response};

use crate::demo::advice::Advice;
use crate::demo::fault::Fault;

/// A request and its answer, or bytes that were not a request. Nothing in it is a secret: of the
/// target it has only the path.
#[derive(Clone, Debug)]
pub struct Event {
    /// The request; `None` where the bytes could not be read as one.
    pub asked: Option<Arc<Asked>>,
    /// The status of the answer; `None` where the connection ended without one.
    pub status: Option<u16>,
    /// Why it was refused, and other remarks.
    pub remarks: Vec<Remark>,
}

/// A request that was read.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path, as the client wrote it; or the authority, where the target has nothing else (RFC
    /// 9112 section 3.2.3).
    pub path: String,
    /// The client, where it is one that is known.
    pub client: Option<String>,
    /// How long the answer took.
    pub took: Duration,
}

/// A sentence of the log, and the section of the RFC behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What was found; it may hold text of the request.
    pub text: String,
    /// What would change it.
    pub advice: Option<Advice>,
    /// The section.
    pub section: &'static str,
}

impl Remark {
    pub(super) fn new(text: impl Into<String>, section: &'static str) -> Remark {
        Remark {
            text: text.into(),
            advice: None,
            section,
        }
    }

    /// Adds what would change it, or why nothing would.
    pub(super) fn advise(mut self, advice: Result<Advice, &'static str>) -> Remark {
        match advice {
            Ok(advice) => self.advice = Some(advice),
            Err(why) => self
                .text
                .push_str(&format!("; no client can have it, since it {why}")),
        }
        self
    }
}

/// What a handler has to say for the log; it goes along with the answer, but not over the wire.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) client: Option<String>,
    /// The grant, at the token endpoint.
    pub(super) grant: Option<&'static str>,
    pub(super) remarks: Vec<Remark>,
    pub(super) faults: Vec<Fault>,
}

impl Entry {
    /// An entry of a client that is known.
    pub(super) fn of(client: &str) -> Entry {
        Entry {
            client: Some(client.to_owned()),
            ..Entry::default()
        }
    }

    /// Adds a sentence.
    pub(super) fn remark(&mut self, text: impl Into<String>, section: &'static str) {
        self.remarks.push(Remark::new(text, section));
    }

    /// Adds a fault that acts.
    pub(super) fn fault(&mut self, fault: Fault) {
        let reason = format!("the fault {}: {}", fault.name(), fault.about());
        self.remark(reason, fault.section());
        self.faults.push(fault);
    }

    /// Attaches it to an answer, which may have sentences of its own.
    pub(super) fn with(mut self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        if let Some(inner) = response.extensions_mut().remove::<Entry>() {
            self.client = self.client.or(inner.client);
            self.grant = self.grant.or(inner.grant);
            self.remarks.extend(inner.remarks);
            self.faults.extend(inner.faults);
        }
        response.extensions_mut().insert(self);
        response
    }
}
