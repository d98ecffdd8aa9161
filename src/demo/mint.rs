//! `POST /_control/tokens`: an access token or an ID token with any claims, for any user and client.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::demo::demo_server::{DemoServer, PLAYGROUND_CLIENT};
use crate::demo::fault::{Rule, RuleError, Stage};
use crate::demo::key_ring::KeyRing;
use crate::demo::secret::random;
use crate::text::escape;
use crate::text::time::Span;
use crate::token::claims::Members;
use crate::token::json::JsonText;

/// The order; every part may be left out.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Order {
    user: Option<String>,
    client: Option<String>,
    scope: Option<String>,
    /// `access_token` or `id_token`.
    token: Option<String>,
    /// How long it lives.
    expires: Option<String>,
    /// Claims that replace its own, or remove one with null.
    claims: Map<String, Value>,
    /// The same for the header.
    header: Map<String, Value>,
    /// Faults of tokens to apply.
    faults: Vec<String>,
}

/// Makes a token.
///
/// # Errors
/// What is wrong with the order, in a sentence.
pub(super) fn mint(demo: &DemoServer, keys: &KeyRing, order: Value) -> Result<Value, String> {
    if !order.is_object() {
        return Err("an order of a token is an object".to_owned());
    }
    let order: Order = serde_json::from_value(order).map_err(|error| {
        let words = escape::shorten(&error.to_string(), 200);
        format!("that is not an order of a token: {words}")
    })?;
    let is_id_token = match order.token.as_deref() {
        None | Some("access_token") => false,
        Some("id_token") => true,
        Some(_) => return Err("`token` is access_token or id_token".to_owned()),
    };
    let client = order.client.as_deref().unwrap_or(PLAYGROUND_CLIENT);
    let known = demo.client(client);
    let lifetime = match &order.expires {
        None => {
            let server = &demo.settings().lifetimes;
            let own = known.as_ref().map(|client| client.lifetimes(server));
            own.unwrap_or(*server).access_token
        }
        Some(text) => Span::parse(text).map_err(|error| error.message)?,
    };
    let rules = order.faults.iter().map(|text| Rule::parse(text));
    let rules: Result<Vec<Rule>, RuleError> = rules.collect();
    let rules = rules.map_err(|error| error.to_string())?;
    if let Some(rule) = rules.iter().find(|rule| rule.fault.stage() != Stage::Token) {
        return Err(format!("{} is not a fault of a token", rule.fault.name()));
    }
    let now = demo.now();
    let issuer = demo.settings().issuer.as_str();
    let mut claims = Members::new();
    let user = order.user.as_deref().and_then(|name| demo.user(name));
    for (name, value) in user.iter().flat_map(|user| user.own_claims()) {
        claims.set(name, value);
    }
    claims.set_text("iss", issuer);
    claims.set_text("sub", order.user.as_deref().unwrap_or(client));
    claims.set("exp", now.saturating_add(lifetime).seconds());
    claims.set("iat", now.seconds());
    if is_id_token {
        claims.set_text("aud", client);
    } else {
        let audience = known.as_ref().map(|client| client.audience.as_slice());
        match audience.unwrap_or_default() {
            [] => claims.set_text("aud", issuer),
            [one] => claims.set_text("aud", one),
            several => claims.set("aud", JsonText::of_texts(several)),
        }
        claims.set_text("client_id", client);
        let random = || random().map_err(|refusal| refusal.remark.text);
        claims.set_text("jti", &format!("{}.{}", random()?, random()?));
        if let Some(scope) = &order.scope {
            claims.set_text("scope", scope);
        }
    }
    let given = |members: &mut Members<'_>, all: &Map<String, Value>| {
        for (name, value) in all {
            match value {
                Value::Null => members.remove(name),
                value => members.set(name.clone(), &value.clone()),
            }
        }
    };
    given(&mut claims, &order.claims);
    let mut header = keys.header(is_id_token, known.as_deref());
    given(&mut header, &order.header);
    let rest: Vec<_> = rules
        .iter()
        .map(|rule| {
            crate::demo::fault::spoil(rule.fault, rule.argument, &mut header, &mut claims, now)
        })
        .collect();
    let token = keys
        .sign(&header, &claims)
        .map_err(|refusal| refusal.remark.text)?;
    let token = rest
        .into_iter()
        .fold(token, |token, rest| rest.finish(token));
    let name = if is_id_token {
        "id_token"
    } else {
        "access_token"
    };
    Ok(json!({ name: token, "token_type": "Bearer", "expires_in": lifetime.seconds() }))
}
