//! How the answer of `/authorize` travels.

/// OAuth 2.0 Multiple Response Type Encoding Practices section 2.1, and OAuth 2.0 Form Post Response
/// Mode section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseMode {
    /// In the query of the redirect URI, the default for a code.
    Query,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    pub(super) const ALL: &'static [ResponseMode] = &[ResponseMode::Query, ResponseMode::FormPost];

    pub(super) fn name(self) -> &'static str {
        match self {
            ResponseMode::Query => "query",
            ResponseMode::FormPost => "form_post",
        }
    }

    pub(super) fn parse(name: &str) -> Option<ResponseMode> {
        ResponseMode::ALL
            .iter()
            .copied()
            .find(|mode| mode.name() == name)
    }
}
