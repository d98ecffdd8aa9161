//! `/token` (RFC 6749 section 3.2).

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::on;

use crate::demo::client_authentication::nobody;
use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::dpop::{self, Asker, Proven};
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::{self, TokenRequest};
use crate::demo::json_answer::json;
use crate::demo::path;
use crate::demo::redact::quoted;
use crate::demo::reference::{
    Content, FieldType, Method, ObjectSchema, Operation, OperationResponse, Path, RequestContent,
    Security, Tag, field, text,
};
use crate::demo::tokens::audience_dropped;

/// The client of a request that names none, where the grant allows that.
const DEFAULT_CLIENT: &str = "demo-app";

pub(super) const TOKEN: Operation = Operation {
    method: Method::Post,
    path: Path::Below(path::TOKEN),
    handler: |method| on(method, token),
    tag: Tag::AuthorizationServer,
    openid: false,
    open: true,
    security: Security::ByGrant,
    summary: "Get tokens",
    description: "Exchanges a grant, such as a code, for tokens.",
    section: "RFC 6749 section 3.2",
    request: RequestContent::Grant,
    responses: &[
        OperationResponse::new(200, "the tokens", &[Content::Json(&TOKENS)]),
        OperationResponse::new(
            400,
            "the request is malformed, or the grant is not valid",
            &[Content::Error(&[
                ErrorCode::InvalidGrant,
                ErrorCode::InvalidDpopProof,
                ErrorCode::UseDpopNonce,
                ErrorCode::AuthorizationPending,
                ErrorCode::SlowDown,
                ErrorCode::ExpiredToken,
                ErrorCode::AccessDenied,
                ErrorCode::InvalidRequest,
                ErrorCode::InvalidClient,
                ErrorCode::InvalidScope,
                ErrorCode::InvalidTarget,
                ErrorCode::UnauthorizedClient,
                ErrorCode::UnsupportedGrantType,
            ])],
        ),
    ],
};

/// RFC 6749 section 5.1, OpenID Connect Core 1.0 section 3.1.3.3.
const TOKENS: ObjectSchema = ObjectSchema {
    name: "Tokens",
    description: "an access token, and what goes with it",
    properties: &[
        text("access_token", "a JWT (RFC 9068)")
            .required()
            .example(|_| "eyJ0eXAiOiJhdCtqd3QifQ…".to_owned()),
        field(
            "token_type",
            FieldType::Word(&["Bearer", "DPoP", "N_A"]),
            "how it is sent",
        )
        .required()
        .example(|_| "Bearer".to_owned()),
        field(
            "expires_in",
            FieldType::Integer,
            "for how many seconds it is valid",
        )
        .required()
        .example(|_| "1800".to_owned()),
        text("scope", "what it may be used for")
            .required()
            .example(|_| "items:read items:write".to_owned()),
        text(
            "refresh_token",
            "for the next access token, if the client may have one",
        ),
        text("id_token", "who logged in, if `openid` was asked for"),
        text(
            "issued_token_type",
            "the type of the access token, if it was exchanged (RFC 8693 section 2.2.1)",
        ),
        field(
            "resource",
            FieldType::TextOrTexts,
            "what the token is for, where a grant of another server said it",
        ),
    ],
    open: false,
};

async fn token(request: FormRequest) -> Response {
    request.respond("RFC 6749 section 3.2", respond).await
}

fn respond(mut form: ClientForm<'_>) -> Result<Response, OAuthError> {
    let name = form
        .parameters
        .require("grant_type", "RFC 6749 section 5.2")?;
    let grant = grant::named(name).ok_or_else(|| {
        let reason = format!(
            "`grant_type` is {}; supported: {}",
            quoted(name, 60),
            grant::names().join(", ")
        );
        OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            reason,
            "RFC 6749 section 5.2",
        )
    })?;
    let takes_audience = grant.fields.iter().any(|field| field.name == "audience");
    let dropped = audience_dropped(&form.parameters).filter(|_| !takes_audience);
    form.entry.remarks.extend(dropped);
    let named = form.client()?;
    let named_client = named.is_some();
    let default = || {
        form.demo
            .client(DEFAULT_CLIENT)
            .filter(|_| grant.without_client)
    };
    let client = named.or_else(default).ok_or_else(nobody)?;
    form.entry.client = Some(client.id.clone());
    form.entry.grant = Some(grant.name);
    let unauthorized = |reason| {
        let section = "RFC 6749 section 5.2";
        Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            reason,
            section,
        ))
    };
    if grant.confidential && client.is_public() {
        return unauthorized(format!(
            "{} is a public client: anybody could claim to be it, and {} is for clients with a secret",
            client.id, grant.name
        ));
    }
    if named_client && !client.may_use(grant.name) {
        let grants = client.shown_grants();
        return unauthorized(format!(
            "{} may use {grants}, not {}",
            client.id, grant.name
        ));
    }
    let jkt = dpop::check(
        form.demo,
        &Proven {
            asker: Asker::AuthorizationServer,
            headers: form.headers,
            method: "POST",
            path: path::TOKEN,
            access_token: None,
        },
    )?;
    if client.binds_tokens && jkt.is_none() {
        let reason = format!(
            "{} has to ask for bound tokens, but sent no proof",
            client.id
        );
        let section = "RFC 9449 section 5.2";
        return Err(OAuthError::new(
            ErrorCode::InvalidDpopProof,
            reason,
            section,
        ));
    }
    if client.binds_to_certificate && form.certificate.is_none() {
        let reason = format!(
            "the tokens of {} are bound to its certificate, and the connection has none",
            client.id
        );
        return Err(OAuthError::request(reason, "RFC 8705 section 3"));
    }
    let mut request = TokenRequest {
        demo: form.demo,
        keys: form.keys,
        parameters: &form.parameters,
        client,
        named_client,
        now: form.demo.now(),
        jkt,
        certificate: form.certificate,
        entry: form.entry,
    };
    let tokens = (grant.run)(&mut request)?;
    for fault in &tokens.faults {
        form.entry.fault(*fault);
    }
    Ok(json(StatusCode::OK, tokens.json()))
}
