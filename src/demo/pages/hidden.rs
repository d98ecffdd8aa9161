//! The fields that a person does not fill in.

use maud::{Markup, html};

use crate::demo::authorization_request::AuthorizationRequest;
use crate::demo::pages::{REQUEST_FIELD, csrf_field};

/// What a form of an authorization request brings back.
pub(super) fn hidden(request: &AuthorizationRequest, csrf: &str) -> Markup {
    html! {
        input type="hidden" name=(REQUEST_FIELD) value=(request.text);
        (csrf_field(csrf))
    }
}
