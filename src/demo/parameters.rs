//! The parameters of a request, `application/x-www-form-urlencoded` (RFC 6749 appendix B).

use axum::http::HeaderMap;

use crate::demo::error::OAuthError;
use crate::demo::media_type;
use crate::demo::redact::quoted;
use crate::oauth::form;
use crate::oauth::grant_type;

/// The parameter that may be given more than once (RFC 8707 section 2).
const MAY_REPEAT: &str = "resource";
/// The same, where a token is exchanged (RFC 8693 section 2.1).
const MAY_REPEAT_IN_EXCHANGE: &str = "audience";

/// Parameters in the order in which they came, without those that have no value: they count as
/// omitted (RFC 6749 section 3.1).
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the body of a request that has to be a form (RFC 6749 section 3.2).
    pub(super) fn of_form(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
        if !is_form(headers) {
            return Err(OAuthError::request(
                "the body is not application/x-www-form-urlencoded",
                "RFC 6749 section 3.2",
            ));
        }
        Self::parse(body)
    }

    /// Reads a query or a form. Nothing is guessed: text that is not UTF-8 or not well encoded is
    /// refused.
    pub(super) fn parse(text: &[u8]) -> Result<Self, OAuthError> {
        form::parse(text)
            .map(Parameters)
            .map_err(|what| OAuthError::request(what, "RFC 6749 appendix B"))
    }

    /// A parameter, if it was given once.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.all(name);
        found.next().filter(|_| found.next().is_none())
    }

    /// All of them, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a parameter.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that has to be there.
    pub(super) fn require(&self, name: &str, section: &'static str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| OAuthError::request(format!("there is no `{name}`"), section))
    }

    /// Refuses a parameter that is given more than once (RFC 6749 sections 3.1 and 3.2).
    pub(super) fn none_repeated(&self, section: &'static str) -> Result<(), OAuthError> {
        let is_exchange = self.get("grant_type") == Some(grant_type::TOKEN_EXCHANGE);
        let may_repeat =
            |name: &str| name == MAY_REPEAT || (is_exchange && name == MAY_REPEAT_IN_EXCHANGE);
        let repeated = self.0.iter().enumerate().find(|(index, (name, _))| {
            !may_repeat(name) && self.0.iter().take(*index).any(|(n, _)| n == name)
        });
        match repeated {
            None => Ok(()),
            Some((_, (name, _))) => Err(OAuthError::request(
                format!("{} is given more than once", quoted(name, 40)),
                section,
            )),
        }
    }
}

/// Whether the header says that the body is a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    media_type::is(headers, "application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parameters {
        Parameters::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn only_resource_may_be_repeated() {
        assert!(parse("resource=a&resource=b").none_repeated("").is_ok());
        assert!(parse("a=&a=1").none_repeated("").is_ok());
        assert!(parse("x=1&a=1&a=1").none_repeated("").is_err());
        assert_eq!(parse("a=1&a=2").get("a"), None);
    }
}
