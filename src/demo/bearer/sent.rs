//! How an access token is sent with a request (RFC 6750 section 2).

use axum::http::{HeaderMap, header};

use crate::demo::error::OAuthError;
use crate::demo::event::Remark;
use crate::oauth::dpop::SCHEME;

/// A form that has an access token in it, which stands beside its request.
#[derive(Clone)]
pub(in crate::demo) struct TokenInBody;

/// How a token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// RFC 6750 section 2.1.
    Bearer,
    /// With a proof of possession (RFC 9449 section 7.1).
    Dpop,
}

/// Why there is no token to look at.
pub(super) enum Missing {
    Nothing(Remark),
    Malformed(OAuthError),
}

/// The token of a request; in one place only, and that is the header (RFC 6750 section 2).
pub(super) fn token_of<'a>(
    headers: &'a HeaderMap,
    query: Option<&str>,
    in_body: bool,
) -> Result<(Scheme, &'a str), Missing> {
    let malformed =
        |reason| Missing::Malformed(OAuthError::request(reason, "RFC 6750 section 3.1"));
    let in_query = query.is_some_and(|query| {
        query
            .split('&')
            .any(|pair| pair.split('=').next() == Some("access_token"))
    });
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(header) = given.next() else {
        let reason = match (in_query, in_body) {
            (true, _) => {
                "there is a token in the query, where it is not accepted, and none in the header"
            }
            (_, true) => {
                "there is a token in the body, where it is not accepted, and none in the header"
            }
            (false, false) => "there is no Authorization header",
        };
        return Err(Missing::Nothing(Remark::new(
            reason,
            "RFC 6750 section 3.1",
        )));
    };
    if given.next().is_some() || in_query || in_body {
        return Err(malformed("there is more than one token"));
    }
    let header = header
        .to_str()
        .map_err(|_| malformed("the Authorization header is not text"))?;
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    let known = [(SCHEME, Scheme::Dpop), ("Bearer", Scheme::Bearer)];
    let known = known
        .iter()
        .find(|(name, _)| scheme.eq_ignore_ascii_case(name));
    let Some((name, known)) = known else {
        let remark = Remark::new(
            "the Authorization header is not Bearer",
            "RFC 6750 section 2.1",
        );
        return Err(Missing::Nothing(remark));
    };
    let token = token.trim_start_matches(' ');
    if !is_b64token(token) {
        let reason = format!("no token follows {name}, or it has characters that no token has");
        return Err(Missing::Malformed(OAuthError::request(
            reason,
            "RFC 6750 section 3.1",
        )));
    }
    Ok((*known, token))
}

/// RFC 6750 section 2.1.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let of_token =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-'..=b'/' | b'_' | b'~' | b'+');
    // Without an early exit from the loop, which compilers turn into wide instructions.
    !body.is_empty() && body.bytes().fold(true, |all, b| all & of_token(b))
}
