//! A token with the identity of a job or workload.

use aws_lc_rs::rand;

use crate::demo::demo_server::DemoServer;
use crate::demo::endpoint::Endpoint;
use crate::demo::error::OAuthError;
use crate::demo::fault::{Fault, Stage};
use crate::demo::signing::ServerKeys;
use crate::demo::workload::{Subject, Workload};
use crate::text::time::Span;
use crate::token::claims::Members;
use crate::token::json::JsonText;

/// A token for an audience, once there is a key. Its subject is that of the workload, or is made by another
/// function.
///
/// # Errors
/// Why there is none, in a sentence.
pub async fn identity_token(
    demo: &DemoServer,
    workload: &Workload,
    audience: &str,
    subject: Option<Subject>,
) -> Result<String, String> {
    let keys = demo.keys().await;
    make(demo, &keys, workload, audience, subject)
        .map(|(token, _)| token)
        .map_err(|refusal| refusal.remark.text)
}

/// Makes a token for an audience, with the faults that have acted. Its subject is that of the workload, or is
/// made by another function.
pub(super) fn make(
    demo: &DemoServer,
    keys: &ServerKeys,
    workload: &Workload,
    audience: &str,
    subject: Option<Subject>,
) -> Result<(String, Vec<Fault>), OAuthError> {
    let platform = workload.platform;
    let own = workload.claims();
    let now = demo.now();
    let subject = subject.unwrap_or(platform.subject);
    let mut claims = Members::new();
    claims.set_text("iss", demo.settings().issuer.as_str());
    claims.set_text("sub", &subject(&own));
    match platform.lists_audience {
        true => claims.set("aud", JsonText::of_texts(&[audience])),
        false => claims.set_text("aud", audience),
    }
    let expires = now.saturating_add(Span::from_seconds(platform.lifetime));
    claims.set("exp", expires.seconds());
    claims.set("iat", now.seconds());
    if let Some(early) = platform.early {
        let early = i64::try_from(early).unwrap_or_default();
        claims.set("nbf", now.seconds().saturating_sub(early));
    }
    if platform.has_jti {
        claims.set_text("jti", &uuid()?);
    }
    for (name, value) in &own {
        claims.set(name.clone(), value);
    }
    let taken = demo
        .faults()
        .take(Stage::Token, Endpoint::Token, None, None);
    let token = match platform.has_typ {
        true => keys.id_token(claims, &taken, now)?,
        false => keys.of_type(None, claims, &taken, now)?,
    };
    Ok((token, taken.iter().map(|taken| taken.fault).collect()))
}

/// A random UUID (RFC 9562 section 5.4).
pub(super) fn uuid() -> Result<String, OAuthError> {
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes)
        .map_err(|_| OAuthError::server_error("the system gives no random bytes"))?;
    let number = u128::from_be_bytes(bytes);
    let number = (number & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default().to_owned();
    Ok([
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32),
    ]
    .join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_uuid_says_that_it_is_one() {
        let uuid = uuid().unwrap();
        let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(&uuid[14..15], "4", "{uuid}");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}
