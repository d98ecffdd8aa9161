//! The description of a client by itself (RFC 7591 section 2): reads it, checks it, and makes a client of it.

use serde_json::{Map, Value};

use crate::demo::backchannel_uri;
use crate::demo::client::Client;
use crate::demo::client_authentication;
use crate::demo::config::check_name;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Remark;
use crate::demo::grant::{self, AUTHORIZATION_CODE};
use crate::demo::public_keys::PublicKeys;
use crate::demo::redact::quoted;
use crate::demo::redirect_uri::RedirectUri;
use crate::demo::scope::is_scope;
use crate::text::url::HttpUrl;

const SECTION: &str = "RFC 7591 section 2";
const REDIRECTS: &str = "redirect_uris";
const POST_LOGOUT_REDIRECTS: &str = "post_logout_redirect_uris";
/// OpenID Connect Back-Channel Logout 1.0 section 2.2.
const BACKCHANNEL_LOGOUT: &str = "backchannel_logout_uri";
const METHOD: &str = "token_endpoint_auth_method";
const GRANTS: &str = "grant_types";
const RESPONSES: &str = "response_types";
const NAME: &str = "client_name";
const SCOPE: &str = "scope";
const KEYS: &str = "jwks";
const APPLICATION: &str = "application_type";
const BINDS_TOKENS: &str = "dpop_bound_access_tokens";
const PUSHES: &str = "require_pushed_authorization_requests";

/// How many values a list may have.
const MOST_VALUES: usize = 100;

/// The kind of value that a member has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueType {
    Text,
    /// A page for people, or a picture; nothing is fetched from there.
    Url,
    Texts,
    Flag,
    Object,
}

/// The members that are understood. Others are ignored, as section 2 demands.
const MEMBERS: &[(&str, ValueType)] = &[
    (REDIRECTS, ValueType::Texts),
    (METHOD, ValueType::Text),
    (GRANTS, ValueType::Texts),
    (RESPONSES, ValueType::Texts),
    (NAME, ValueType::Text),
    ("client_uri", ValueType::Url),
    ("logo_uri", ValueType::Url),
    (SCOPE, ValueType::Text),
    ("contacts", ValueType::Texts),
    ("tos_uri", ValueType::Url),
    ("policy_uri", ValueType::Url),
    (KEYS, ValueType::Object),
    ("software_id", ValueType::Text),
    ("software_version", ValueType::Text),
    (APPLICATION, ValueType::Text),
    (POST_LOGOUT_REDIRECTS, ValueType::Texts),
    (BACKCHANNEL_LOGOUT, ValueType::Text),
    // Each logout token names the session, whether that is wanted or not.
    ("backchannel_logout_session_required", ValueType::Flag),
    (BINDS_TOKENS, ValueType::Flag),
    (PUSHES, ValueType::Flag),
];

/// Members that would have to be fetched.
const TO_BE_FETCHED: &[&str] = &["jwks_uri", "sector_identifier_uri"];

/// The description of a client, as far as it is understood, with the defaults.
#[derive(Clone, Debug)]
pub(super) struct ClientMetadata {
    members: Map<String, Value>,
    /// The names of the members that were not understood.
    ignored: Vec<String>,
}

impl ClientMetadata {
    /// Reads it. Absent members get the defaults of section 2; only the default method of authentication is
    /// given by the caller.
    ///
    /// # Errors
    /// A refusal for a member that has the wrong type, or that would have to be fetched.
    pub(super) fn read(
        given: Map<String, Value>,
        usual_method: &'static str,
    ) -> Result<ClientMetadata, OAuthError> {
        let mut members = Map::new();
        let mut ignored = Vec::new();
        for (name, value) in given {
            if TO_BE_FETCHED.contains(&name.as_str()) {
                return Err(invalid(format!(
                    "`{name}` would have to be fetched, but nothing is fetched because a client says so"
                )));
            }
            // A name for people may be in several languages (section 2.2).
            let plain = name.split('#').next().unwrap_or_default();
            let known = MEMBERS.iter().find(|(known, _)| *known == plain);
            let is_plain = plain.len() == name.len();
            let known = known
                .filter(|(_, kind)| is_plain || matches!(kind, ValueType::Text | ValueType::Url));
            match (known, value) {
                // An empty member counts as left out (RFC 7592 section 2.2).
                (Some((_, ValueType::Text | ValueType::Url)), Value::String(text))
                    if text.is_empty() => {}
                (Some((_, kind)), value) => {
                    kind.check(&name, &value)?;
                    members.insert(name, value);
                }
                (None, _) => ignored.push(name),
            }
        }
        let mut metadata = ClientMetadata { members, ignored };
        metadata.set_if_absent(METHOD, usual_method.into());
        metadata.set_if_absent(GRANTS, vec![AUTHORIZATION_CODE].into());
        if metadata
            .texts(GRANTS)
            .any(|name| name == AUTHORIZATION_CODE)
        {
            metadata.set_if_absent(RESPONSES, vec!["code"].into());
        }
        Ok(metadata)
    }

    fn set_if_absent(&mut self, name: &str, value: Value) {
        self.members.entry(name).or_insert(value);
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        let list = self.members.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    fn is_set(&self, name: &str) -> bool {
        self.members.get(name).and_then(Value::as_bool) == Some(true)
    }

    /// The method by which the client authenticates itself.
    pub(super) fn method(&self) -> &str {
        self.text(METHOD).unwrap_or_default()
    }

    /// Whether it has a secret by which it authenticates itself.
    pub(super) fn has_secret(&self) -> bool {
        client_authentication::needs_secret(self.method())
    }

    /// Everything that is registered.
    pub(super) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Registers another method of authentication than the client has asked for.
    pub(super) fn set_method(&mut self, method: &'static str) {
        self.members.insert(METHOD.to_owned(), method.into());
    }

    /// Leaves out scopes that do not exist.
    pub(super) fn drop_scopes(&mut self, unknown: &[&str]) {
        let Some(text) = self.text(SCOPE) else {
            return;
        };
        let rest = text.split(' ').filter(|word| !unknown.contains(word));
        match rest.collect::<Vec<_>>().join(" ") {
            rest if rest.is_empty() => self.members.remove(SCOPE),
            rest => self.members.insert(SCOPE.to_owned(), rest.into()),
        };
    }

    /// A remark for the log about what was ignored.
    pub(super) fn ignored(&self) -> Option<Remark> {
        let names: Vec<String> = self.ignored.iter().map(|name| quoted(name, 40)).collect();
        let shown = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if names.len() > 5 { " and others" } else { "" };
        (!names.is_empty()).then(|| {
            Remark::new(
                format!("not understood, and ignored: {shown}{more}"),
                SECTION,
            )
        })
    }

    /// The client, which has no secret yet. It may ask for the scopes that it names and for those that exist
    /// in any case, so that it can step up to them. If it asks for none, it gets those that it names.
    ///
    /// # Errors
    /// A refusal for an impossible value.
    pub(super) fn client(&self, id: &str, scopes: Vec<String>) -> Result<Client, OAuthError> {
        let grants = self.grants()?;
        let named = self.scopes()?;
        let mut all = named.clone().unwrap_or_default();
        all.extend(scopes.into_iter().filter(|scope| {
            let is_there = named.as_ref().is_some_and(|named| named.contains(scope));
            !is_there
        }));
        if let Some(name) = self.text(NAME) {
            check_name(name).map_err(|why| invalid(format!("`{NAME}` is not accepted: {why}")))?;
        }
        if let Some(other) = self
            .text(APPLICATION)
            .filter(|kind| !["native", "web"].contains(kind))
        {
            return Err(invalid(format!(
                "`{APPLICATION}` is {}; supported: native, web",
                quoted(other, 40)
            )));
        }
        Ok(Client {
            name: self.text(NAME).map(str::to_owned),
            keys: self.keys(id)?,
            redirect_uris: self.redirect_uris(&grants)?,
            post_logout_redirect_uris: uris(self.texts(POST_LOGOUT_REDIRECTS))?,
            backchannel_logout_uri: self.backchannel_logout_uri()?,
            grants,
            scopes: all,
            usual_scopes: named,
            method: Some(self.method().to_owned()),
            binds_tokens: self.is_set(BINDS_TOKENS),
            pushes: self.is_set(PUSHES),
            ..Client::new(id, None)
        })
    }

    fn grants(&self) -> Result<Vec<String>, OAuthError> {
        let mut grants: Vec<String> = Vec::new();
        for name in self.texts(GRANTS) {
            let Some(grant) = grant::named(name) else {
                return Err(invalid(format!(
                    "there is no grant {}; supported: {}",
                    quoted(name, 60),
                    grant::names().join(", ")
                )));
            };
            if grant.confidential && self.method() == client_authentication::NONE {
                return Err(invalid(format!(
                    "the grant {name} is for clients that authenticate themselves, and `{METHOD}` is none"
                )));
            }
            if !grants.iter().any(|known| known == name) {
                grants.push(name.to_owned());
            }
        }
        if let Some(other) = self.texts(RESPONSES).find(|word| *word != "code") {
            return Err(invalid(format!(
                "there is no response type {}; supported: code",
                quoted(other, 40)
            )));
        }
        let has_code = self.texts(RESPONSES).next().is_some();
        let uses_code = grants.iter().any(|name| name == AUTHORIZATION_CODE);
        match uses_code && !has_code {
            true => Err(OAuthError::new(
                ErrorCode::InvalidClientMetadata,
                format!(
                    "`{RESPONSES}` lacks code, with which the grant {AUTHORIZATION_CODE} begins"
                ),
                "RFC 7591 section 2.1",
            )),
            false => Ok(grants),
        }
    }

    fn scopes(&self) -> Result<Option<Vec<String>>, OAuthError> {
        let Some(text) = self.text(SCOPE) else {
            return Ok(None);
        };
        let mut scopes: Vec<String> = Vec::new();
        for word in text.split(' ') {
            if !is_scope(word) {
                return Err(invalid(format!(
                    "`{SCOPE}` is not a list of words with one space between: {}",
                    quoted(text, 80)
                )));
            }
            if !scopes.iter().any(|known| known == word) {
                scopes.push(word.to_owned());
            }
        }
        Ok(Some(scopes))
    }

    fn redirect_uris(&self, grants: &[String]) -> Result<Vec<RedirectUri>, OAuthError> {
        let found = uris(self.texts(REDIRECTS))?;
        let uses_code = grants.iter().any(|name| name == AUTHORIZATION_CODE);
        match found.is_empty() && uses_code {
            true => Err(OAuthError::new(
                ErrorCode::InvalidRedirectUri,
                format!("there is no `{REDIRECTS}`, but the grant {AUTHORIZATION_CODE} needs one"),
                SECTION,
            )),
            false => Ok(found),
        }
    }

    fn backchannel_logout_uri(&self) -> Result<Option<String>, OAuthError> {
        let Some(uri) = self.text(BACKCHANNEL_LOGOUT) else {
            return Ok(None);
        };
        match backchannel_uri::check(uri) {
            Ok(()) => Ok(Some(uri.to_owned())),
            Err(why) => Err(backchannel_uri::refused(uri, why)),
        }
    }

    fn keys(&self, id: &str) -> Result<Option<PublicKeys>, OAuthError> {
        let needs_keys = client_authentication::needs_keys(self.method());
        match self.members.get(KEYS) {
            None if needs_keys => Err(invalid(format!(
                "`{METHOD}` is {}, but there is no `{KEYS}` to check its assertions with",
                self.method()
            ))),
            None => Ok(None),
            Some(set) => {
                let keys = PublicKeys::read(set.to_string().as_bytes(), id)
                    .map_err(|why| invalid(format!("the `{KEYS}` cannot be used: {why}")))?;
                // A client with another method signs nothing here.
                Ok(needs_keys.then_some(keys))
            }
        }
    }
}

/// A known method of authentication.
///
/// # Errors
/// A refusal for any other.
pub(super) fn check_method(method: &str) -> Result<(), OAuthError> {
    let names = client_authentication::names();
    match names.contains(&method) {
        true => Ok(()),
        false => Err(invalid(format!(
            "there is no `{METHOD}` {}; supported: {}",
            quoted(method, 40),
            names.join(", ")
        ))),
    }
}

impl ValueType {
    fn check(self, name: &str, value: &Value) -> Result<(), OAuthError> {
        let is_list = |value: &Value| {
            value
                .as_array()
                .is_some_and(|list| list.len() <= MOST_VALUES && list.iter().all(Value::is_string))
        };
        let (fits, what) = match self {
            ValueType::Text => (value.is_string(), "a string"),
            ValueType::Url => (
                value
                    .as_str()
                    .is_some_and(|url| HttpUrl::split(url).is_some()),
                "an http or https URL",
            ),
            ValueType::Texts => (is_list(value), "a list of strings"),
            ValueType::Flag => (value.is_boolean(), "true or false"),
            ValueType::Object => (value.is_object(), "an object"),
        };
        match fits {
            true => Ok(()),
            false => Err(OAuthError::new(
                if name == REDIRECTS {
                    ErrorCode::InvalidRedirectUri
                } else {
                    ErrorCode::InvalidClientMetadata
                },
                format!("{} is not {what}", quoted(name, 40)),
                SECTION,
            )),
        }
    }
}

/// Redirect URIs. Plain http is only for this machine, since anybody may register a URI.
fn uris<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<RedirectUri>, OAuthError> {
    let uri = |text: &'a str| {
        let parsed = RedirectUri::parse(text);
        let is_open = HttpUrl::split(text).is_some_and(|url| url.is_plain_elsewhere());
        match parsed {
            Ok(_) if is_open => Err("is plain http on another machine"),
            parsed => parsed,
        }
        .map_err(|why| {
            OAuthError::new(
                ErrorCode::InvalidRedirectUri,
                format!("the redirect URI {} {why}", quoted(text, 80)),
                "RFC 7591 section 3.2.2",
            )
        })
    };
    texts.map(uri).collect()
}

fn invalid(reason: String) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClientMetadata, reason, SECTION)
}
