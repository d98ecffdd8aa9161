//! A person who logs in in a browser, with PKCE, and comes back to a loopback address of this machine
//! (RFC 6749 section 4.1, RFC 7636, RFC 8252 section 7.3).

use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::callback::{Callback, Listener};
use crate::cli::fetch::flow::{GrantResponse, grant, resources};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::server::FormFields;
use crate::cli::fetch::session::Session;
use crate::cli::random;
use crate::oauth::{dpop, endpoint, form, grant_type, pkce};
use crate::text::escape;
use crate::token::json::Json;

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    let authorization = session
        .server
        .needed(endpoint::AUTHORIZATION, &session.network)?;
    let pushed = endpoint::PUSHED_AUTHORIZATION_REQUEST;
    let pushed = session.server.endpoint(pushed, &session.network)?;
    let listener = Listener::open(session.request.redirect_uri.as_deref())?;
    let redirect_uri = listener.redirect_uri();
    let (state, nonce) = (random::token()?, random::token()?);
    let verifier = Zeroizing::new(random::token()?);
    let is_openid = session.request.scope.iter().any(|word| word == "openid");
    let more = session.request.param.clone();
    let mut parameters = FormFields::new();
    let mut add = |name, value: &str| parameters.push((name, Zeroizing::new(value.to_owned())));
    add("response_type", "code");
    add("redirect_uri", &redirect_uri);
    add("state", &state);
    add("code_challenge", &pkce::challenge_of(&verifier));
    add("code_challenge_method", pkce::S256);
    if !session.request.scope.is_empty() {
        add("scope", &session.request.scope.join(" "));
    }
    if is_openid {
        add("nonce", &nonce);
    }
    if let Some(key) = &session.client.proof_key {
        add(dpop::JKT_PARAMETER, &key.thumbprint());
    }
    for (name, value) in more.iter().filter_map(|param| param.split_once('=')) {
        add(name, value);
    }
    resources(session, &mut parameters);
    let client = session.request.client.clone();
    let mut url = authorization.whole();
    url = form::with_parameter(&url, "client_id", &client);
    if let Some(pushed) = pushed {
        // RFC 9126 section 2: what is asked for does not go through the browser.
        let request_uri = push(session, &pushed, &parameters)?;
        url = form::with_parameter(&url, "request_uri", &request_uri);
    } else {
        for (name, value) in &parameters {
            url = form::with_parameter(&url, name, value);
        }
    }
    let pasted = session.show(&url, listener.port);
    let expected = Callback {
        state: &state,
        issuer: &session.server.issuer,
        names_issuer: session
            .server
            .says("authorization_response_iss_parameter_supported"),
    };
    let code = listener.wait(&expected, pasted, session.ui)?;
    let mut form = grant(grant_type::AUTHORIZATION_CODE);
    form.push(("code", code));
    form.push(("redirect_uri", Zeroizing::new(redirect_uri)));
    form.push(("code_verifier", verifier));
    resources(session, &mut form);
    Ok(GrantResponse {
        answer: session.tokens(&form)?,
        nonce: is_openid.then_some(nonce),
    })
}

/// Sends the request ahead, and gives its reference.
fn push(
    session: &mut Session<'_, '_, '_>,
    address: &crate::keys::Address,
    parameters: &FormFields<'_>,
) -> Result<String, GrantError> {
    let reply = session.post(address, parameters)?;
    let shown = address.shown();
    let unfit = |why: String| Failure::new(Exit::Refused, format!("{shown} {why}"));
    let json = reply.json().map_err(|fault| unfit(fault.message))?;
    if let Some(error) = reply.refusal() {
        return Err(GrantError::Server(error));
    }
    let reference = json.get("request_uri").and_then(Json::as_str);
    match reference {
        Some(reference) if reply.status == 201 || reply.status == 200 => Ok(reference.into_owned()),
        _ => {
            let status = escape::shorten(&reply.status.to_string(), 10);
            Err(unfit(format!("answered {status} without a `request_uri`")).into())
        }
    }
}
