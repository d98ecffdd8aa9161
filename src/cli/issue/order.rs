//! What all tokens of a run have in common, and the header and claims of each.

use std::collections::HashSet;

use crate::cli::args::IssueArgs;
use crate::cli::assignment::{Assignment, Value};
use crate::cli::failure::Failure;
use crate::cli::issue::asked::{Asked, OF_ENCRYPTION};
use crate::cli::issue::certificate::Certificate;
use crate::cli::issue::inputs::From;
use crate::cli::issue::sd_jwt::SdJwt;
use crate::cli::issue::times::Times;
use crate::cli::random;
use crate::text::time::Timestamp;
use crate::token::claims::Members;
use crate::token::issue::SigningKey;
use crate::token::json::{JsonText, Object};
use crate::token::key::Key;
use crate::token::profile::protocol::Protocol;
use crate::token::serialization::Serialization;

/// Claims about a single token, which are not taken over to another.
pub(super) const OF_ONE_TOKEN: &[&str] = &["exp", "iat", "nbf", "jti"];

/// Header parameters that belong to a key or change how the token is read.
const OF_ONE_KEY: &[&str] = &[
    "alg", "kid", "crit", "b64", "zip", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256",
];

/// What all tokens of a run have in common.
pub(in crate::cli) struct Order<'a> {
    pub(in crate::cli) content: Content<'a>,
    pub(super) key: &'a Key,
    /// The key, made ready.
    pub(in crate::cli) signing: SigningKey,
    /// What of its certificate goes into the header.
    pub(super) certificate: Option<Certificate>,
    /// What makes SD-JWTs of the tokens.
    pub(in crate::cli) sd_jwt: Option<SdJwt>,
}

impl Order<'_> {
    /// The header.
    pub(in crate::cli) fn header(&self) -> Members<'_> {
        let mut header = Members::new();
        header.set_text("alg", self.signing.algorithm().name());
        let thumbprint = || (!self.key.is_secret()).then(|| self.key.thumbprint());
        let kid = self.key.kid.clone().or_else(thumbprint);
        let mut header = self.content.complete(header, kid.as_deref());
        self.certify(&mut header);
        header
    }

    /// Puts into a header what is wanted there of the certificate.
    pub(super) fn certify(&self, header: &mut Members<'_>) {
        if let Some(certificate) = &self.certificate {
            certificate.set(header);
        }
    }
}

/// The content of tokens, without the key.
pub(in crate::cli) struct Content<'a> {
    pub(in crate::cli) args: &'a IssueArgs,
    pub(super) asked: Asked,
    pub(super) without: HashSet<&'a str>,
    pub(super) from: Option<From>,
}

impl Content<'_> {
    /// Completes a header that has its algorithms: adds the key's ID and the requested parameters.
    pub(super) fn complete<'h>(
        &'h self,
        mut header: Members<'h>,
        kid: Option<&str>,
    ) -> Members<'h> {
        header.set_text("typ", "JWT");
        if let Some(from) = &self.from {
            let mut not_taken = OF_ONE_KEY.to_vec();
            if !self.args.encrypt_to.is_empty() {
                not_taken.extend(OF_ENCRYPTION);
            }
            if from.is_sd_jwt {
                not_taken.push("typ");
            }
            header.extend_without(&from.header, &not_taken);
        }
        if let Some(kid) = kid {
            header.set_text("kid", kid);
        }
        set_all(&mut header, &self.asked.header);
        for (name, value) in [("typ", &self.args.typ), ("kid", &self.args.kid)] {
            match value.as_deref() {
                Some("none") => header.remove(name),
                Some(value) => header.set_text(name, value),
                None => {}
            }
        }
        header
    }

    /// Whether the `typ` of the tokens is that of a verifiable credential, which has a tilde in the compact form.
    pub(super) fn is_credential(&self) -> bool {
        if self.args.serialization.unwrap_or_default() != Serialization::Compact {
            return false;
        }
        let header = self.complete(Members::new(), None).text();
        let header = Object::parse(header.into_bytes());
        header.is_ok_and(|header| Protocol::of(&header, None) == Some(Protocol::SdJwtVc))
    }

    /// A token, which is given in the compact form, in the one that is asked for. One for several recipients is
    /// in JSON already.
    pub(in crate::cli) fn written(&self, token: String) -> String {
        if token.starts_with('{') {
            return token;
        }
        self.args
            .serialization
            .unwrap_or_default()
            .of_compact(token)
    }

    /// The times of tokens that are issued at one.
    pub(in crate::cli) fn times(&self, now: Timestamp) -> Times {
        Times::of(&self.asked, now)
    }

    /// The claims of a token with its times, based on the given ones.
    pub(in crate::cli) fn claims<'c>(
        &'c self,
        given: Option<&'c Object>,
        times: &'c Times,
    ) -> Result<Members<'c>, Failure> {
        let mut claims = self.all_claims(given, times)?;
        self.leave_out(&mut claims);
        Ok(claims)
    }

    pub(super) fn leave_out(&self, claims: &mut Members<'_>) {
        if !self.without.is_empty() {
            claims.retain(|name| !self.without.contains(name));
        }
    }

    /// The same, before unwanted ones are left out.
    pub(super) fn all_claims<'c>(
        &'c self,
        given: Option<&'c Object>,
        times: &'c Times,
    ) -> Result<Members<'c>, Failure> {
        let args = self.args;
        let mut claims = Members::new();
        if let Some(from) = &self.from {
            claims.extend_without(&from.claims, OF_ONE_TOKEN);
        }
        if let Some(given) = given {
            claims.extend(given);
        }
        set_all(&mut claims, &self.asked.claims);
        for (name, value) in [("iss", &args.iss), ("sub", &args.sub)] {
            if let Some(value) = value {
                claims.set_text(name, value);
            }
        }
        match args.aud.as_slice() {
            [] => {}
            [one] => claims.set_text("aud", one),
            several => claims.set("aud", JsonText::of_texts(several)),
        }
        times.set(&mut claims);
        match args.jti.as_deref() {
            None => {}
            Some("") => claims.set_text("jti", &random::uuid()?),
            Some(id) => claims.set_text("jti", id),
        }
        Ok(claims)
    }
}

fn set_all<'a>(members: &mut Members<'a>, assignments: &'a [Assignment]) {
    for Assignment { name, value } in assignments {
        match value {
            Value::Text(text) => members.set_text(name, text),
            Value::Json(json) => members.set(name, json.json()),
        }
    }
}
