//! `jott issue --dpop` and `--client-assertion`: tokens whose claims and header a specification fixes.

use crate::cli::args::IssueArgs;
use crate::cli::failure::Failure;
use crate::cli::issue::order::Order;
use crate::cli::operand::Operand;
use crate::cli::proof_request;
use crate::cli::random;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::oauth::assertion::Assertion;
use crate::oauth::dpop::{self, Proof};
use crate::text::time::{Moment, Timestamp};
use crate::token::claims::Members;
use crate::token::pasted::strip;

const ASSERTION_FORM: &str =
    "an assertion is made like `--client-assertion app --aud https://id.example`";

/// The purpose of a token, where that fixes its content.
pub(super) struct Purpose<'a> {
    kind: PurposeKind<'a>,
    jti: String,
    issued: Moment,
}

enum PurposeKind<'a> {
    /// A proof of possession (RFC 9449 section 4.2).
    Proof {
        method: &'a str,
        url: &'a str,
        access_token: Option<String>,
        nonce: Option<&'a str>,
    },
    /// An assertion that authenticates a client (RFC 7523 section 2.2).
    Assertion {
        client: &'a str,
        audience: &'a str,
        expires: Option<Moment>,
    },
}

impl<'a> Purpose<'a> {
    /// Reads the flags; `None` if none of them is given.
    pub(super) fn read(
        args: &'a IssueArgs,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Option<Purpose<'a>>, Failure> {
        let kind = match (args.dpop.as_slice(), &args.client_assertion) {
            ([method, url], _) => {
                proof_request::check("--dpop", method, url)?;
                let nonce = args.nonce.as_deref();
                nonce.map_or(Ok(()), proof_request::check_nonce)?;
                let access_token = args.ath.as_ref();
                let access_token = access_token.map(|given| {
                    let operand = Operand::of(given, "the access token", ui)?;
                    access_token_of(operand)
                });
                PurposeKind::Proof {
                    method,
                    url,
                    access_token: access_token.transpose()?,
                    nonce,
                }
            }
            (_, Some(client)) => {
                let [audience] = args.aud.as_slice() else {
                    let failure = Failure::usage("an assertion is for one `--aud`");
                    return Err(
                        failure.hint("it is the issuer of the server, or its token endpoint")
                    );
                };
                if client.is_empty() {
                    return Err(Failure::usage("a client has a name").hint(ASSERTION_FORM));
                }
                let expires = args
                    .exp
                    .as_deref()
                    .map(|text| Moment::parse(text, ui.world.now()));
                PurposeKind::Assertion {
                    client,
                    audience,
                    expires: expires.transpose()?,
                }
            }
            _ => return Ok(None),
        };
        let issued = args
            .iat
            .as_deref()
            .map(|text| Moment::parse(text, ui.world.now()));
        let jti = args.jti.as_ref().filter(|jti| !jti.is_empty());
        Ok(Some(Purpose {
            kind,
            jti: jti.map_or_else(random::uuid, |jti| Ok(jti.clone()))?,
            issued: issued.transpose()?.unwrap_or(Moment::FromNow(0)),
        }))
    }

    /// The header and the claims.
    pub(super) fn parts(
        &self,
        order: &Order<'_>,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Result<(Members<'static>, Members<'static>), Failure> {
        let (algorithm, issued) = (order.signing.algorithm(), self.issued.at(now));
        match &self.kind {
            PurposeKind::Proof {
                method,
                url,
                access_token,
                nonce,
            } => {
                let proof = Proof {
                    method,
                    url,
                    jti: &self.jti,
                    issued,
                    access_token: access_token.as_deref(),
                    nonce: *nonce,
                };
                Ok((dpop::header(algorithm, order.key)?, proof.claims()))
            }
            PurposeKind::Assertion {
                client,
                audience,
                expires,
            } => {
                let assertion = Assertion::of_client(client, audience, &self.jti, issued);
                let mut claims = assertion.claims();
                if let Some(expires) = expires {
                    claims.set("exp", expires.at(now).seconds());
                }
                Ok((Assertion::header(algorithm, kid), claims))
            }
        }
    }
}

/// The token alone: the proof has its hash, so nothing may stand around it.
fn access_token_of(operand: Operand<'_, '_>) -> Result<String, Failure> {
    let bytes = match operand {
        Operand::Stdin(reader) => text_input::read_token(reader)?,
        Operand::Given(operand) => operand.as_encoded_bytes().to_vec(),
    };
    let text = String::from_utf8(bytes).unwrap_or_default();
    let token = strip(&text).token;
    let may = |b: u8| matches!(b, 0x21..=0x7E);
    if token.is_empty() || !token.bytes().all(may) {
        return Err(Failure::usage("`--ath` takes an access token")
            .hint("`--ath -` reads it from standard input"));
    }
    Ok(token.to_owned())
}
