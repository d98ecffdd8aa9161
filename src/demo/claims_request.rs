//! The parameter `claims`: the claims that a client asks for by name (OpenID Connect Core 1.0 section 5.5).

use crate::demo::acr::Acr;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::parameters::Parameters;
use crate::demo::scope::Scope;
use crate::demo::user::scope_of;
use crate::token::json::{Json, Kind};

const SECTION: &str = "OpenID Connect Core 1.0 section 5.5";

/// The claims that a client asks for. Only those that would need a scope are kept: all others are given
/// anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClaimsRequest {
    /// The claims for ID tokens.
    pub(super) id_token: Vec<String>,
    /// The claims for `/userinfo`.
    pub(super) userinfo: Vec<String>,
    /// Whom the tokens may be about; anybody, where nothing is said (section 5.5.1).
    pub(super) subs: Option<Vec<String>>,
    /// How strong the log-in must be (section 5.5.1.1).
    pub(super) acr: Option<Acr>,
}

impl ClaimsRequest {
    /// Reads the parameter of a request of OpenID Connect; parts that are not understood are ignored (section
    /// 5.5).
    pub(super) fn of(parameters: &Parameters) -> Result<ClaimsRequest, OAuthError> {
        let Some(text) = parameters.get("claims") else {
            return Ok(ClaimsRequest::default());
        };
        let malformed = |what: &str| OAuthError::request(format!("`claims` is {what}"), SECTION);
        let parsed = Json::parse_str(text).map_err(|_| malformed("no JSON"))?;
        if parsed.duplicate.is_some() {
            return Err(malformed("JSON with a name twice"));
        }
        if parsed.value.kind() != Kind::Object {
            return Err(malformed("not a JSON object"));
        }
        let part = |name: &str| match parsed.value.get(name) {
            Some(part) if part.kind() == Kind::Object => Ok(Some(part)),
            None => Ok(None),
            Some(part) if part.kind() == Kind::Null => Ok(None),
            Some(_) => Err(malformed("JSON whose parts are not objects")),
        };
        let (id_token, userinfo) = (part("id_token")?, part("userinfo")?);
        let wanted = |name: &str| id_token.and_then(|part| part.get(name)).map(Wanted::of);
        let asked = wanted("acr").unwrap_or_default();
        let values = asked.values.as_deref().unwrap_or_default();
        let acr = Acr::first_of(values.iter().map(String::as_str));
        // If an essential class is not possible, there is no log-in (section 5.5.1.1).
        if asked.essential && asked.values.is_some() && acr.is_none() {
            return Err(OAuthError::new(
                ErrorCode::UnmetAuthenticationRequirements,
                "`claims` asks for an essential `acr` that no log-in here has; supported: pwd, mfa",
                "OpenID Connect Core 1.0 section 5.5.1.1",
            ));
        }
        Ok(ClaimsRequest {
            acr,
            subs: wanted("sub").and_then(|sub| sub.values),
            id_token: id_token.map(names).unwrap_or_default(),
            userinfo: userinfo.map(names).unwrap_or_default(),
        })
    }

    /// The claims that no scope covers: the user who is asked for consent has to know of them.
    pub(super) fn beyond(&self, scope: &Scope) -> Vec<&str> {
        let mut beyond: Vec<&str> = Vec::new();
        for name in self.id_token.iter().chain(&self.userinfo) {
            let allowed = scope_of(name).is_none_or(|needed| scope.has(needed));
            if !allowed && !beyond.contains(&name.as_str()) {
                beyond.push(name);
            }
        }
        beyond
    }
}

/// The names of claims that need a scope.
fn names(part: Json<'_>) -> Vec<String> {
    let names = part.members().map(|(name, _)| name.into_owned());
    names.filter(|name| scope_of(name).is_some()).collect()
}

/// What is asked of a claim (section 5.5.1).
#[derive(Default)]
struct Wanted {
    essential: bool,
    /// The values that are accepted, if not all are.
    values: Option<Vec<String>>,
}

impl Wanted {
    fn of(said: Json<'_>) -> Wanted {
        let value = said.get("value").map(|value| vec![value]);
        let values = said.get("values").map(|values| values.elements().collect());
        let texts = |values: Vec<Json<'_>>| {
            let texts = values.into_iter().filter_map(Json::as_str);
            texts.map(std::borrow::Cow::into_owned).collect()
        };
        Wanted {
            essential: said
                .get("essential")
                .is_some_and(|said| said.text() == "true"),
            values: value.or(values).map(texts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(claims: &str) -> Result<ClaimsRequest, OAuthError> {
        let encoded: Vec<String> = claims.bytes().map(|b| format!("%{b:02X}")).collect();
        let query = format!("claims={}", encoded.concat());
        ClaimsRequest::of(&Parameters::parse(query.as_bytes()).unwrap())
    }

    #[test]
    fn claims_are_asked_for_by_name_and_by_place() {
        let asked = read(
            r#"{"userinfo":{"nickname":null,"http://x":null},"id_token":{"email":{"essential":true},"auth_time":null,"sub":{"value":"alice"}},"x":1}"#,
        );
        let expected = ClaimsRequest {
            id_token: vec!["email".to_owned()],
            userinfo: vec!["nickname".to_owned()],
            subs: Some(vec!["alice".to_owned()]),
            acr: None,
        };
        assert_eq!(asked.unwrap(), expected);
        for nothing in ["{}", r#"{"id_token":null}"#, r#"{"id_token":{"sub":null}}"#] {
            assert_eq!(
                read(nothing).unwrap(),
                ClaimsRequest::default(),
                "{nothing}"
            );
        }
        let subs = read(r#"{"id_token":{"sub":{"values":["alice","bob",7]}}}"#)
            .unwrap()
            .subs;
        assert_eq!(subs.unwrap(), ["alice", "bob"]);
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for bad in [
            "x",
            "[]",
            "null",
            r#"{"id_token":[]}"#,
            r#"{"userinfo":"email"}"#,
            r#"{"id_token":{"email":null,"email":null}}"#,
        ] {
            assert_eq!(
                read(bad).unwrap_err().error,
                ErrorCode::InvalidRequest,
                "{bad}"
            );
        }
        let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&nested).is_err());
    }

    /// Section 5.5.1.1.
    #[test]
    fn a_class_that_has_to_be_is_not_met() {
        let acr = |said: &str| read(&format!(r#"{{"id_token":{{"acr":{said}}}}}"#));
        for essential in [
            r#"{"essential":true,"values":["2"]}"#,
            r#"{"essential":true,"value":"2"}"#,
        ] {
            let error = acr(essential).unwrap_err().error;
            assert_eq!(error, ErrorCode::UnmetAuthenticationRequirements);
        }
        let known = acr(r#"{"essential":true,"values":["2","mfa"]}"#).unwrap();
        assert_eq!(known.acr, Some(Acr::TwoFactors));
        for voluntary in ["null", r#"{"values":["2"]}"#, r#"{"essential":true}"#] {
            assert!(acr(voluntary).is_ok(), "{voluntary}");
        }
    }
}
