//! AWS's Security Token Service, as its libraries call it with a token of a workload, and its answers in XML
//! (docs.aws.amazon.com, "`AssumeRoleWithWebIdentity`").

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::demo::assertion::issuer_of;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::event::Entry;
use crate::demo::federation::identity_token::uuid;
use crate::demo::federation::subject;
use crate::demo::json_answer::json;
use crate::demo::key_ring::KeyRing;
use crate::demo::parameters::Parameters;
use crate::demo::redact::quoted;
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::tokens::{Contents, make};
use crate::text::time::{Span, Timestamp, rfc3339};
use crate::token::refusal::Reason;

const SECTION: &str = "AWS STS API version 2011-06-15";

const ACTION: &str = "AssumeRoleWithWebIdentity";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The usual audience of such tokens.
const AUDIENCE: &str = "sts.amazonaws.com";

/// Why there are no credentials, with the name that libraries look for.
type StsError = (&'static str, OAuthError);

/// `POST /workload/aws/`
pub(super) async fn assume(
    State(demo): State<DemoServer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let keys = demo.keys().await;
    let mut entry = Entry::default();
    let given = Parameters::of_form(&headers, &body).map_err(invalid);
    let (status, text) = match given.and_then(|given| assumed(&demo, &keys, &given, &mut entry)) {
        Ok(text) => (StatusCode::OK, text),
        Err((code, OAuthError { remark, .. })) => {
            let said = [
                element("Type", "Sender"),
                element("Code", code),
                element("Message", &remark.text),
            ];
            entry.remarks.push(remark);
            (
                StatusCode::BAD_REQUEST,
                answer("ErrorResponse", "Error", &said.concat()),
            )
        }
    };
    let mut response = json(status, text);
    let xml = HeaderValue::from_static("text/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    entry.with(response)
}

/// The credentials of a role, of which the session token is an access token of this server.
fn assumed(
    demo: &DemoServer,
    keys: &KeyRing,
    given: &Parameters,
    entry: &mut Entry,
) -> Result<String, StsError> {
    let of = |name: &str| given.require(name, SECTION).map_err(invalid);
    let no = |name: &str, rule: &str| {
        let value = quoted(given.get(name).unwrap_or_default(), 80);
        invalid(OAuthError::request(
            format!("`{name}` is {value}, but has to be {rule}"),
            SECTION,
        ))
    };
    if of("Action")? != ACTION {
        let (_, refusal) = no("Action", ACTION);
        return Err(("InvalidAction", refusal));
    }
    let (role, session) = (of("RoleArn")?, of("RoleSessionName")?);
    let role =
        parts(role).ok_or_else(|| no("RoleArn", "like arn:aws:iam::123456789012:role/demo"))?;
    if session.len() < 2 || session.len() > 64 || !session.bytes().all(is_of_a_name) {
        return Err(no("RoleSessionName", "2 to 64 letters, digits and _+=,.@-"));
    }
    let seconds: Option<u64> = given.get("DurationSeconds").unwrap_or("3600").parse().ok();
    let seconds = seconds.filter(|seconds| (900..=43_200).contains(seconds));
    let seconds = seconds.ok_or_else(|| no("DurationSeconds", "from 900 to 43200"))?;
    let token = of("WebIdentityToken")?;
    let mut audiences = vec![
        AUDIENCE.to_owned(),
        demo.settings().issuer.as_str().to_owned(),
    ];
    audiences.extend(subject::audiences(demo));
    let found = subject::subject(demo, keys, token, &audiences, ErrorCode::InvalidGrant);
    let (sub, audience) =
        found.map_err(
            |refusal| match refusal.remark.section == Reason::Expired.section() {
                true => ("ExpiredTokenException", refusal),
                false => ("InvalidIdentityToken", refusal),
            },
        )?;
    let until = demo.now().saturating_add(Span::from_seconds(seconds));
    let user = [
        element(
            "Arn",
            &format!("arn:aws:sts::{}:assumed-role/{}/{session}", role.0, role.1),
        ),
        element(
            "AssumedRoleId",
            &format!("AROA{}:{session}", capitals().map_err(invalid)?),
        ),
    ];
    let said = [
        element("SubjectFromWebIdentityToken", &sub),
        element("Audience", &audience),
        element("Provider", &issuer_of(token).unwrap_or_default()),
        format!("<AssumedRoleUser>{}</AssumedRoleUser>", user.concat()),
        credentials(demo, keys, &sub, until, entry).map_err(invalid)?,
    ];
    Ok(answer(
        &format!("{ACTION}Response"),
        &format!("{ACTION}Result"),
        &said.concat(),
    ))
}

fn credentials(
    demo: &DemoServer,
    keys: &KeyRing,
    sub: &str,
    until: Timestamp,
    entry: &mut Entry,
) -> Result<String, OAuthError> {
    let (client, now) = (subject::client(demo)?, demo.now());
    let (scope, family) = (Scope::default(), random()?);
    let contents = Contents {
        subject: Some(sub),
        until: Some(until),
        ..Contents::of_client(&client, &scope, &[], &family)
    };
    let tokens = make(demo, keys, &contents, now)?;
    tokens.faults.iter().for_each(|fault| entry.fault(*fault));
    let (token, lifetime) = tokens.access_token();
    let expires = now.saturating_add(Span::from_seconds(lifetime)).seconds();
    let expires = rfc3339(Timestamp::from_seconds(expires)).unwrap_or_default();
    let secret = random()? + &random()?;
    let said = [
        element("AccessKeyId", &format!("ASIA{}", capitals()?)),
        element("SecretAccessKey", secret.get(..40).unwrap_or_default()),
        element("SessionToken", &token),
        element("Expiration", &expires),
    ];
    Ok(format!("<Credentials>{}</Credentials>", said.concat()))
}

/// The account and the name of a role.
fn parts(arn: &str) -> Option<(&str, &str)> {
    let (account, path) = arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")?;
    let name = path.rsplit('/').next()?;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    (is_account && !name.is_empty() && name.bytes().all(is_of_a_name)).then_some((account, name))
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

/// Sixteen random capitals and digits.
fn capitals() -> Result<String, OAuthError> {
    let random = uuid()?.replace('-', "").to_ascii_uppercase();
    Ok(random.get(..16).unwrap_or_default().to_owned())
}

fn invalid(refusal: OAuthError) -> StsError {
    ("ValidationError", refusal)
}

/// An answer with an identifier of the request, which is in another place where it is an error.
fn answer(outer: &str, inner: &str, text: &str) -> String {
    let id = element("RequestId", &uuid().unwrap_or_default());
    let id = match inner {
        "Error" => id,
        _ => format!("<ResponseMetadata>{id}</ResponseMetadata>"),
    };
    format!("<{outer} xmlns=\"{NAMESPACE}\"><{inner}>{text}</{inner}>{id}</{outer}>")
}

/// An element with a text, whose control characters XML cannot have.
fn element(name: &str, text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            c if c.is_control() => safe.push('\u{FFFD}'),
            c => safe.push(c),
        }
    }
    format!("<{name}>{safe}</{name}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_role_is_taken_from_its_arn() {
        let role = "arn:aws:iam::123456789012:role/teams/shop/deploy";
        assert_eq!(parts(role), Some(("123456789012", "deploy")));
        for other in [
            "",
            "deploy",
            "arn:aws:iam::12345678901:role/deploy",
            "arn:aws:iam::123456789012:user/deploy",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role/a b",
        ] {
            assert_eq!(parts(other), None, "{other}");
        }
    }

    #[test]
    fn a_text_does_not_end_its_element() {
        assert_eq!(
            element("A", "</A>&\u{1b}"),
            "<A>&lt;/A&gt;&amp;\u{FFFD}</A>"
        );
    }
}
