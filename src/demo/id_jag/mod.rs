//! A grant of one authorization server for another, which trusts it for who logs in: given for an ID token, and
//! taken as an assertion (draft-ietf-oauth-identity-assertion-authz-grant-04, and the profile of it for the Model
//! Context Protocol, Enterprise-Managed Authorization).

mod given;
mod taken;

use crate::demo::error::{ErrorCode, OAuthError};
use crate::token::json::JsonText;

pub(super) use given::issue;
pub(super) use taken::{AssertionGrant, check_client, granted, is};

/// `typ` in its header.
const TYPE: &str = "oauth-id-jag+jwt";

/// What the metadata of a server that takes them has among its profiles.
pub(super) const PROFILE: &str = "urn:ietf:params:oauth:grant-profile:id-jag";

/// Details of an authorization, in a request and in a grant (RFC 9396 section 2).
const DETAILS: &str = "authorization_details";

/// Refuses details of an authorization: no type of them is known here, and without them more would be allowed than
/// was asked for (RFC 9396 section 5).
fn refuse_details(given: bool) -> Result<(), OAuthError> {
    match given {
        false => Ok(()),
        true => Err(OAuthError::new(
            ErrorCode::InvalidAuthorizationDetails,
            format!("there are no types of `{DETAILS}` here"),
            "RFC 9396 section 5",
        )),
    }
}

/// One text, or the list of several.
fn one_or_many(texts: &[String]) -> Option<JsonText<'static>> {
    match texts {
        [] => None,
        [one] => Some(JsonText::of_text(one)),
        several => Some(JsonText::of_texts(several)),
    }
}
