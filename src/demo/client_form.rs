//! A form that a client itself posts to the server, and its client.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::demo::client::Client;
use crate::demo::client_authentication::{authenticate, named, nobody};
use crate::demo::client_certificate::ClientCertificate;
use crate::demo::client_document;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::OAuthError;
use crate::demo::event::Entry;
use crate::demo::json_answer::answer;
use crate::demo::key_ring::KeyRing;
use crate::demo::parameters::Parameters;

/// A request whose body should be a form.
pub(super) struct FormRequest {
    demo: DemoServer,
    headers: HeaderMap,
    certificate: Option<ClientCertificate>,
    body: Bytes,
}

/// A form that could be read, in which no parameter is given twice.
pub(super) struct ClientForm<'a> {
    pub(super) demo: &'a DemoServer,
    pub(super) keys: &'a KeyRing,
    pub(super) parameters: Parameters,
    pub(super) entry: &'a mut Entry,
    pub(super) headers: &'a HeaderMap,
    /// That of whoever sends it, if TLS has one.
    pub(super) certificate: Option<&'a ClientCertificate>,
}

impl FromRequest<DemoServer> for FormRequest {
    type Rejection = Response;

    async fn from_request(request: Request, demo: &DemoServer) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let certificate = request.extensions().get().cloned();
        let body = Bytes::from_request(request, demo).await;
        Ok(FormRequest {
            demo: demo.clone(),
            headers,
            certificate,
            body: body.map_err(axum::response::IntoResponse::into_response)?,
        })
    }
}

impl FormRequest {
    /// Reads the form, by the rules of a section, and makes the answer.
    pub(super) async fn respond(
        self,
        section: &'static str,
        respond: impl FnOnce(ClientForm<'_>) -> Result<Response, OAuthError>,
    ) -> Response {
        let keys = self.demo.keys().await;
        let mut entry = Entry::default();
        let parameters = Parameters::of_form(&self.headers, &self.body).and_then(|parameters| {
            parameters.none_repeated(section)?;
            Ok(parameters)
        });
        let known = match &parameters {
            Ok(parameters) => {
                client_document::learn(&self.demo, named(parameters).as_deref()).await
            }
            Err(_) => Ok(()),
        };
        let result = known.and(parameters).and_then(|parameters| {
            respond(ClientForm {
                demo: &self.demo,
                keys: &keys,
                parameters,
                entry: &mut entry,
                headers: &self.headers,
                certificate: self.certificate.as_ref(),
            })
        });
        answer(&self.headers, result, entry)
    }
}

impl ClientForm<'_> {
    /// The client, if the request names one; it must authenticate itself.
    pub(super) fn client(&mut self) -> Result<Option<Arc<Client>>, OAuthError> {
        let client = authenticate(self.demo, self.headers, &self.parameters)?;
        self.entry.client = client.as_ref().map(|client| client.id.clone());
        Ok(client)
    }

    /// The client, which has to be named.
    pub(super) fn require_client(&mut self) -> Result<Arc<Client>, OAuthError> {
        self.client()?.ok_or_else(nobody)
    }
}
