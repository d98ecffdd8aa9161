//! The decision that somebody has made on another screen, for the device that waits (RFC 8628
//! section 3.4).

use crate::demo::claims_request::ClaimsRequest;
use crate::demo::device::Decision;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::grant::{Grant, RESOURCE, TokenRequest, refresh_token};
use crate::demo::reference::text;
use crate::demo::secret::{fingerprint, random};
use crate::demo::store::Authorization;
use crate::demo::tokens::{TokenAnswer, narrow, resources};
use crate::oauth::grant_type;

pub(super) const GRANT: Grant = Grant {
    name: grant_type::DEVICE_CODE,
    without_client: false,
    confidential: false,
    description: "the code of a device, once somebody has entered the other one at `/device`",
    section: "RFC 8628 section 3.4",
    fields: &[text("device_code", "the code").required(), RESOURCE],
    run,
};

const SECTION: &str = "RFC 8628 section 3.5";

fn run(request: &mut TokenRequest<'_>) -> Result<TokenAnswer, OAuthError> {
    let code = request.parameters.require("device_code", GRANT.section)?;
    let asked = resources(request.parameters)?;
    let (place, now) = (fingerprint(code), request.now);
    let refused = |error, reason: String| Err(OAuthError::new(error, reason, SECTION));
    let mut store = request.demo.store();
    let Some(device) = store.devices.get_mut(place, now) else {
        let reason = "there is no such device code, or it has been used".to_owned();
        return refused(ErrorCode::InvalidGrant, reason);
    };
    if device.client_id != request.client.id {
        let reason = format!("the device code was issued to {}", device.client_id);
        return refused(ErrorCode::InvalidGrant, reason);
    }
    if device.has_expired(now) {
        let reason = "the device code has expired".to_owned();
        return refused(ErrorCode::ExpiredToken, reason);
    }
    let (user, auth_time) = match device.decision.clone() {
        Decision::Allowed { user, auth_time } => (user, auth_time),
        Decision::Denied => {
            return refused(
                ErrorCode::AccessDenied,
                "the resource owner said no".to_owned(),
            );
        }
        Decision::Pending => {
            return match device.ask(now) {
                Some(seconds) => refused(
                    ErrorCode::SlowDown,
                    format!("the device asks too often: from now on every {seconds} seconds"),
                ),
                None => refused(
                    ErrorCode::AuthorizationPending,
                    "nobody has decided yet".to_owned(),
                ),
            };
        }
    };
    let authorization = Authorization {
        client_id: device.client_id.clone(),
        user,
        scope: device.scope.clone(),
        claims: ClaimsRequest::default(),
        resources: narrow(&device.resources, asked)?,
        auth_time,
        acr: None,
        sid: None,
    };
    store.devices.remove(place);
    drop(store);
    let refreshes = request.client.may_use(refresh_token::GRANT.name);
    request.tokens_of(&authorization, None, &random()?, refreshes)
}
