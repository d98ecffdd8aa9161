//! Replaces claims by digests, and makes the disclosures that belong to them.

use aws_lc_rs::digest::SHA256;
use aws_lc_rs::rand;

use crate::token::claims::Members;
use crate::token::compact::encode_segment;
use crate::token::json::{JsonText, quote};
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::sd_jwt::disclosure::digest_of;

/// Replaces claims by their digests (RFC 9901 section 4.2.4.1); gives the disclosures, in
/// base64url. A name that no claim has is ignored.
///
/// # Errors
/// [`KeyFault`] where the system gives no random numbers for their salts.
pub fn disclosable(claims: &mut Members<'_>, names: &[String]) -> Result<Vec<String>, KeyFault> {
    let mut disclosures = Vec::new();
    for name in names {
        let Some(value) = claims.get(name) else {
            continue;
        };
        let mut salt = [0; 16];
        rand::fill(&mut salt)
            .map_err(|_| KeyFault::new(KeyReason::System, "the system gives no random numbers"))?;
        let salt = quote(&encode_segment(salt));
        let json = format!("[{salt},{},{}]", quote(name), value.text());
        disclosures.push(encode_segment(json));
        claims.remove(name);
    }
    let digests = disclosures
        .iter()
        .map(|segment| digest_of(&SHA256, segment));
    let mut digests: Vec<String> = digests.collect();
    // Their order would reveal the order of the claims.
    digests.sort();
    if !digests.is_empty() {
        claims.set("_sd", JsonText::of_texts(&digests));
        claims.set_text("_sd_alg", "sha-256");
    }
    Ok(disclosures)
}
