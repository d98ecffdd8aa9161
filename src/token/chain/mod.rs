//! The certificates that a token brings in `x5c` (RFC 7515 section 4.1.6): whether they lead to one of
//! the roots that a verifier trusts, and whether the first of them may sign tokens.
//!
//! Nothing is fetched: only the certificates in the token and the roots count. rustls-webpki builds and
//! checks the path (RFC 5280 section 6).

mod certificate;
mod culprit;
mod fault;
mod leaf;
mod order;
mod roots;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::token::advice::Advice;
use crate::token::chain::certificate::Certificate;
use crate::token::compact::Malformed;
use crate::token::der;
use crate::token::json::{Json, Object};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::pem;

pub use leaf::{thumbprint_sha1, thumbprint_sha256};
pub use order::out_of_order;
pub(in crate::token) use order::out_of_order_in;
pub use roots::Roots;

/// How many certificates a token may have.
const MOST_CERTIFICATES: usize = 10;

/// The certificates of a file: PEM blocks, or one in DER.
///
/// # Errors
/// [`KeyFault`] where there is none, or one is damaged.
pub fn certificates(content: &[u8]) -> Result<Vec<Vec<u8>>, KeyFault> {
    let found: Vec<Zeroizing<Vec<u8>>> = match pem::is_in(content) {
        true => pem::certificates(&String::from_utf8_lossy(content))?,
        false => vec![Zeroizing::new(content.to_vec())],
    };
    let none =
        || KeyFault::rejected("there is no certificate in it").hint(Advice::GiveCertificates);
    if found.is_empty() {
        return Err(none());
    }
    let whole = found.iter().map(|der| match Certificate::read(der) {
        Some(_) => Ok(der.to_vec()),
        None => Err(none()),
    });
    whole.collect()
}

/// The key of a certificate in DER.
///
/// # Errors
/// [`KeyFault`] where no algorithm takes it.
pub fn key_of(certificate: &[u8]) -> Result<Key, KeyFault> {
    der::key_of_certificate(certificate).map(Key::from)
}

/// The certificates that a header has, in DER; `None` where it has no `x5c`.
fn brought(header: &Object) -> Result<Option<Vec<Vec<u8>>>, Malformed> {
    let Some(x5c) = header.get("x5c") else {
        return Ok(None);
    };
    let count = x5c.elements().take(MOST_CERTIFICATES.saturating_add(1));
    let count = count.count();
    if count == 0 {
        let message = "the header's `x5c` is not a list of certificates";
        return Err(Malformed::new(message));
    }
    if count > MOST_CERTIFICATES {
        let message = format!("the header's `x5c` has more than {MOST_CERTIFICATES} certificates");
        return Err(Malformed::new(message));
    }
    let read = |one: Json<'_>| {
        let der = one.as_str().and_then(|text| STANDARD.decode(&*text).ok());
        der.ok_or_else(|| {
            Malformed::new(
                "a certificate of the header's `x5c` is not base64 (RFC 7515 section 4.1.6)",
            )
        })
    };
    x5c.elements().map(read).collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests;
