//! The entrance of the resource server: an access token in the Authorization header (RFC 6750).

mod challenge;
mod judge;
mod sent;

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::demo::acr::Acr;
pub(super) use crate::demo::bearer::challenge::Challenge;
use crate::demo::bearer::challenge::{Challenges, Door, STEP_UP_AGE};
pub(super) use crate::demo::bearer::judge::{bound_to, certificate_of, judge};
pub(super) use crate::demo::bearer::sent::TokenInBody;
use crate::demo::bearer::sent::{Missing, Scheme, token_of};
use crate::demo::claim_time::time;
use crate::demo::client_certificate::{ClientCertificate, MEMBER};
use crate::demo::demo_server::DemoServer;
use crate::demo::dpop::{self, Asker, Proven};
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Entry;
use crate::demo::fault::{Fault, Stage, Taken};
use crate::demo::mcp::tool::Tool;
use crate::demo::protected::Resource;
pub(super) use crate::demo::signing::Audience;
use crate::token::json::Json;
use crate::token::verify::Verified;

/// A request with an access token that has been checked: only the extractor makes one.
pub(super) struct Bearer {
    verified: Verified,
    door: Door,
}

impl Door {
    /// A token that is bound to a key must come with a proof of that key; any other must be sent as Bearer
    /// (RFC 9449 section 7).
    fn check_binding(
        &mut self,
        verified: &Verified,
        token: &str,
        parts: &Parts,
    ) -> Result<(), OAuthError> {
        // Looked up once: most tokens are bound to nothing.
        let cnf = verified.claims().get("cnf");
        let bound_by = |name: &str| Some(cnf?.get(name)?.as_str()?.into_owned());
        if let Some(bound) = bound_by(MEMBER) {
            let own = parts.extensions.get().map(ClientCertificate::thumbprint);
            let reason = match own {
                Some(own) if own == bound => "",
                Some(_) => "the token is bound to another certificate than that of the connection",
                None => "the token is bound to a certificate, and the connection has none",
            };
            if !reason.is_empty() {
                let section = "RFC 8705 section 3";
                return Err(OAuthError::new(ErrorCode::InvalidToken, reason, section));
            }
        }
        let bound = bound_by("jkt");
        let refused =
            |error, reason: &str| Err(OAuthError::new(error, reason, "RFC 9449 section 7.1"));
        let bound = match (self.scheme, bound) {
            (Scheme::Bearer, None) => return Ok(()),
            (Scheme::Bearer, Some(_)) => {
                self.scheme = Scheme::Dpop;
                return refused(
                    ErrorCode::InvalidToken,
                    "the token is bound to a key, but is sent as Bearer",
                );
            }
            (Scheme::Dpop, None) => {
                return refused(
                    ErrorCode::InvalidToken,
                    "the token is not bound to a key, but is sent as DPoP",
                );
            }
            (Scheme::Dpop, Some(bound)) => bound,
        };
        let proven = dpop::check(
            &self.demo,
            &Proven {
                asker: Asker::ResourceServer,
                headers: &parts.headers,
                method: parts.method.as_str(),
                path: parts.uri.path(),
                access_token: Some(token),
            },
        )?;
        match proven {
            Some(proven) if proven == bound => Ok(()),
            Some(_) => refused(
                ErrorCode::InvalidToken,
                "the token is bound to another key than the one in the proof",
            ),
            None => refused(ErrorCode::InvalidDpopProof, "there is no DPoP header"),
        }
    }

    /// Whether a token is of a log-in by two factors within [`STEP_UP_AGE`] (RFC 9470 section 6).
    fn is_stepped_up(&self, verified: &Verified) -> bool {
        let acr = verified.claims().get("acr").and_then(Json::as_str);
        let age = time(verified, "auth_time").map(|at| {
            let now = self.demo.now();
            now.seconds().saturating_sub(at.seconds())
        });
        acr.as_deref() == Some(Acr::TwoFactors.name()) && age.is_some_and(|age| age <= STEP_UP_AGE)
    }

    /// Accepts a valid token, unless a fault says otherwise.
    fn fault(self, verified: Verified) -> Result<Bearer, Challenge> {
        let endpoint = self.resource.endpoint();
        if !self
            .demo
            .faults()
            .any(&[Stage::Token, Stage::Challenge], endpoint)
        {
            let door = self;
            return Ok(Bearer { verified, door });
        }
        let text = |claim| verified.claims().get(claim).and_then(Json::as_str);
        let (client, user) = (text("client_id"), text("sub"));
        let take = |stage| {
            let faults = self.demo.faults();
            faults.take(stage, endpoint, client.as_deref(), user.as_deref())
        };
        let is_stepped_up = self.is_stepped_up(&verified);
        let taken: Vec<Taken> = take(Stage::Token)
            .into_iter()
            .chain(take(Stage::Challenge))
            .filter(|taken| !(taken.fault == Fault::InsufficientAuthentication && is_stepped_up))
            .collect();
        if taken.is_empty() {
            let door = self;
            return Ok(Bearer { verified, door });
        }
        let mut entry = Entry {
            client: client.map(Cow::into_owned),
            ..Entry::default()
        };
        let mut challenge = (ErrorCode::InvalidToken, None, Challenges::One);
        for taken in taken {
            entry.fault(taken.fault);
            match taken.fault {
                Fault::InsufficientScope => {
                    challenge = (
                        ErrorCode::InsufficientScope,
                        Some("another:scope"),
                        challenge.2,
                    );
                }
                Fault::InsufficientAuthentication => {
                    challenge.0 = ErrorCode::InsufficientUserAuthentication;
                }
                Fault::NoChallenge => challenge.2 = Challenges::None,
                Fault::SeveralChallenges => challenge.2 = Challenges::Several,
                _ => {}
            }
        }
        let (error, scope, challenges) = challenge;
        Err(Challenge {
            entry,
            error: Some(error),
            scope,
            challenges,
            scheme: self.scheme,
            door: self,
        })
    }
}

impl FromRequestParts<DemoServer> for Bearer {
    type Rejection = Challenge;

    async fn from_request_parts(parts: &mut Parts, demo: &DemoServer) -> Result<Self, Challenge> {
        let resource = Resource::at(parts.uri.path());
        let mut door = Door {
            demo: demo.clone(),
            resource,
            host: parts.headers.get(header::HOST).cloned(),
            scope: resource.first_scope(&parts.method),
            scheme: Scheme::Bearer,
        };
        let in_body = parts.extensions.get::<TokenInBody>().is_some();
        let (scheme, token) = match token_of(&parts.headers, parts.uri.query(), in_body) {
            Ok(given) => given,
            Err(Missing::Nothing(remark)) => return Err(door.challenge(None, remark)),
            Err(Missing::Malformed(refusal)) => {
                return Err(door.challenge(Some(refusal.error), refusal.remark));
            }
        };
        door.scheme = scheme;
        let keys = demo.keys().await;
        let verdict = judge(demo, &keys, token, Audience::Of(resource));
        let refused = match &verdict {
            Ok(verified) => door.check_binding(verified, token, parts).err(),
            Err(refusal) => Some(refusal.clone()),
        };
        match (verdict, refused) {
            (Ok(verified), None) => door.fault(verified),
            (_, Some(refusal)) | (Err(refusal), None) => {
                Err(door.challenge(Some(refusal.error), refusal.remark))
            }
        }
    }
}

impl Bearer {
    /// A claim that is a string.
    pub(super) fn text(&self, claim: &str) -> Option<String> {
        self.verified
            .claims()
            .get(claim)
            .and_then(Json::as_str)
            .map(Cow::into_owned)
    }

    /// A claim that is an array of strings; nothing, if there is none.
    pub(super) fn texts(&self, claim: &str) -> Vec<String> {
        let array = self.verified.claims().get(claim);
        let texts = array.into_iter().flat_map(Json::elements);
        texts
            .filter_map(Json::as_str)
            .map(Cow::into_owned)
            .collect()
    }

    /// Whom the token is about; the policy made sure that it says so.
    pub(super) fn subject(&self) -> String {
        self.text("sub").unwrap_or_default()
    }

    /// Whether the token has a scope.
    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.text("scope")
            .is_some_and(|has| has.split(' ').any(|word| word == scope))
    }

    /// Demands a scope of the token.
    pub(super) fn require(self, scope: &'static str) -> Result<Bearer, Challenge> {
        if self.has_scope(scope) {
            return Ok(self);
        }
        let mut entry = self.entry();
        let has = self.text("scope").unwrap_or_default();
        entry.remark(
            format!("the token does not have the scope {scope}, but `{has}`"),
            "RFC 6750 section 3.1",
        );
        Err(self.without_scope(scope, entry))
    }

    /// Lets the token call a tool, unless a fault says otherwise.
    pub(super) fn at_tool(self, tool: Tool) -> Result<Bearer, Challenge> {
        let (demo, endpoint) = (&self.door.demo, self.door.resource.endpoint());
        if !demo.faults().any(&[Stage::Tool], endpoint) {
            return Ok(self);
        }
        let (client, user) = (self.text("client_id"), self.subject());
        let taken = demo.faults().take_where(
            Stage::Tool,
            endpoint,
            client.as_deref(),
            Some(&user),
            |argument| tool.is_at(argument),
        );
        if taken.is_empty() {
            return Ok(self);
        }
        let mut entry = self.entry();
        for taken in taken {
            entry.fault(taken.fault);
        }
        Err(self.without_scope("mcp:read mcp:write", entry))
    }

    fn without_scope(self, scope: &'static str, entry: Entry) -> Challenge {
        Challenge {
            entry,
            error: Some(ErrorCode::InsufficientScope),
            scope: Some(scope),
            challenges: Challenges::One,
            scheme: self.door.scheme,
            door: self.door,
        }
    }

    /// What the log is told: the client that the token was issued to.
    pub(super) fn entry(&self) -> Entry {
        Entry {
            client: self.text("client_id"),
            ..Entry::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::StatusCode;

    use super::*;
    use crate::demo::event::Remark;
    use crate::demo::router::Routes;
    use crate::demo::signing::KeyChoice;
    use crate::demo::store::MOST_REVOKED;
    use crate::text::time::Timestamp;
    use crate::token::algorithm::Algorithm;

    /// RFC 7009 section 2: more was revoked than is remembered, and so all is refused that is as old.
    #[tokio::test]
    async fn a_token_that_may_have_been_revoked_is_refused() {
        let now = Timestamp::from_seconds(1000);
        let (demo, mut events) = DemoServer::built_in(move || now);
        let key = KeyChoice::Fresh(Algorithm::ES256);
        demo.prepare(key).await.unwrap();
        let mut routes = Routes::of(demo.clone());
        let password = "grant_type=password&username=alice&password=wonderland";
        let answer = routes.post("/token", password.to_owned()).await.body;
        let authorization = format!("Bearer {}", answer["access_token"].as_str().unwrap());
        let peer = std::net::Ipv4Addr::LOCALHOST.into();
        let mut ask = async || {
            let request = Request::get("/protected")
                .header("host", "localhost")
                .header("authorization", &authorization);
            let request = request.body(Body::empty()).unwrap();
            let answer = crate::demo::middleware::answer(&demo, &mut routes, peer, request)
                .await
                .1
                .unwrap();
            (answer.status(), events.try_recv().unwrap().remarks)
        };
        assert_eq!(ask().await, (StatusCode::OK, Vec::new()));
        for n in 0..=MOST_REVOKED {
            let until = now.saturating_add(demo.settings().lifetimes.access_token);
            demo.store().revoke(&n.to_string(), now, now, until);
        }
        let reason = "the token may have been revoked: the last 4096 revocations are remembered, and it was issued before them";
        let remark = Remark::new(reason, "RFC 7009 section 2.2");
        assert_eq!(ask().await, (StatusCode::UNAUTHORIZED, vec![remark]));
    }
}
