//! A JWS as JSON: the general form, with any number of signatures over one payload, and the flattened
//! one (RFC 7515 section 7.2).

use std::borrow::Cow;
use std::ops::Range;

use crate::token::compact::{Jws, Malformed, decode_header, decode_segment};
use crate::token::header_parts::{HeaderParts, object_of, read_json, text_of};
use crate::token::json::{Json, Kind, Object};

/// How many signatures a token may have.
const MOST_SIGNATURES: usize = 100;

/// A JWS that was taken apart, its parts still encoded.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// The payload; empty if it is detached (RFC 7515 appendix F).
    pub(crate) payload: Cow<'a, str>,
    /// At least one.
    pub(crate) signatures: Vec<Signature<'a>>,
}

/// The parameters of an unprotected header that make a token an SD-JWT (RFC 9901 section 8.1). The
/// digests in the payload and the proof cover them.
pub(crate) const OF_SD_JWT: [&str; 2] = ["disclosures", "kb_jwt"];

/// One of its signatures.
#[derive(Debug)]
pub(crate) struct Signature<'a> {
    /// The protected header; empty if there is none.
    protected: Cow<'a, str>,
    /// The unprotected header.
    header: Option<Json<'a>>,
    pub(crate) segment: Cow<'a, str>,
}

/// Whether a text is a JWS in one of its JSON forms.
pub(crate) fn is_one(text: &str) -> bool {
    if !text.starts_with('{') {
        return false;
    }
    let Ok(parsed) = Json::parse_str(text) else {
        return false;
    };
    let token = parsed.value;
    let has = |object: Json<'_>, name: &str, kind: Kind| {
        object.get(name).is_some_and(|value| value.kind() == kind)
    };
    let is_signature = |object: Json<'_>| {
        let has_header =
            has(object, "protected", Kind::String) || has(object, "header", Kind::Object);
        has(object, "signature", Kind::String) && has_header
    };
    let first = token
        .get("signatures")
        .and_then(|list| list.elements().next());
    let payload = token.get("payload");
    first.map_or_else(|| is_signature(token), is_signature)
        && payload.is_none_or(|payload| payload.kind() == Kind::String)
}

impl<'a> Message<'a> {
    /// Takes a text apart.
    pub(crate) fn read(text: &'a str) -> Result<Self, Malformed> {
        let token = read_json(text)?;
        let signatures = match token.get("signatures") {
            None => vec![Signature::read(token)?],
            Some(list) if list.kind() == Kind::Array => {
                let of_one = ["protected", "header", "signature"];
                if of_one.iter().any(|name| token.get(name).is_some()) {
                    return Err(Malformed::new(
                        "the token has `signatures`, and also the members of a single signature (RFC 7515 section 7.2.2)",
                    ));
                }
                let all = list.elements().take(MOST_SIGNATURES.saturating_add(1));
                all.map(Signature::read).collect::<Result<Vec<_>, _>>()?
            }
            Some(other) => {
                return Err(Malformed::new(format!(
                    "`signatures` of the token is {}, not an array",
                    other.kind()
                )));
            }
        };
        if signatures.is_empty() || signatures.len() > MOST_SIGNATURES {
            return Err(Malformed::new(format!(
                "the token must have 1 to {MOST_SIGNATURES} `signatures`"
            )));
        }
        let message = Message {
            payload: text_of(token, "payload")?.unwrap_or_default(),
            signatures,
        };
        let unencoded = |signature: &Signature<'_>| signature.is_unencoded();
        let mut all = message.signatures.iter().map(unencoded);
        let first = all.next().unwrap_or_default();
        match all.all(|one| one == first) {
            true => Ok(message),
            false => Err(Malformed::new(
                "the signatures of the token differ in `b64`, which must be the same for all (RFC 7797 section 3)",
            )),
        }
    }

    /// What follows the signed token in the compact form of the same SD-JWT: its disclosures and the proof of
    /// the holder's key, each after a tilde (RFC 9901 section 8.1).
    pub(crate) fn presented(&self) -> Result<Option<String>, Malformed> {
        let [first, others @ ..] = self.signatures.as_slice() else {
            return Ok(None);
        };
        let find = |signature: &Signature<'a>, name: &str| {
            signature.header.and_then(|header| header.get(name))
        };
        for name in OF_SD_JWT {
            if others.iter().any(|other| find(other, name).is_some()) {
                return Err(Malformed::new(format!(
                    "`{name}` is in the header of a signature that is not the first (RFC 9901 section 8.3)"
                )));
            }
        }
        let [disclosures, proof] = OF_SD_JWT.map(|name| find(first, name));
        if disclosures.or(proof).is_none() {
            return Ok(None);
        }
        let is_array = disclosures.is_none_or(|list| list.kind() == Kind::Array);
        let mut parts: Vec<Json<'a>> = disclosures.into_iter().flat_map(Json::elements).collect();
        // Without a proof, nothing follows the last tilde.
        let nothing = Json::parse_str("\"\"").ok().map(|empty| empty.value);
        parts.extend(proof.or(nothing));
        let mut text = String::new();
        for part in parts {
            let part = part.as_str().filter(|part| is_array && !part.contains('~'));
            text.push('~');
            text.push_str(&part.ok_or_else(|| {
                Malformed::new("`disclosures` of the token is not an array of disclosures, or `kb_jwt` is not a token")
            })?);
        }
        Ok(Some(text))
    }

    /// The payload, in bytes: base64url, or text as it is (RFC 7797 section 3).
    pub(crate) fn payload_bytes(&self) -> Result<Vec<u8>, Malformed> {
        match self.signatures.first().is_some_and(Signature::is_unencoded) {
            true => Ok(self.payload.as_bytes().to_vec()),
            false => decode_segment(&self.payload, "payload"),
        }
    }
}

impl<'a> Signature<'a> {
    fn read(json: Json<'a>) -> Result<Self, Malformed> {
        if json.kind() != Kind::Object {
            return Err(Malformed::new(format!(
                "one of the token's `signatures` is {}, not an object",
                json.kind()
            )));
        }
        let signature = text_of(json, "signature")?;
        Ok(Signature {
            protected: text_of(json, "protected")?.unwrap_or_default(),
            header: object_of(json, "header")?,
            segment: signature
                .ok_or_else(|| Malformed::new("a signature of the token is missing"))?,
        })
    }

    /// Its parts as those of a token in the compact form, which has no unprotected header.
    pub(crate) fn compact<'t>(&self, payload: &str, text: &'t mut String) -> Jws<'t> {
        *text = format!("{}.{payload}.{}", self.protected, self.segment);
        let header = self.protected.len();
        let start = header.saturating_add(1);
        let end = start.saturating_add(payload.len());
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        Jws {
            header: part(0..header),
            payload: part(start..end),
            signature: part(end.saturating_add(1)..text.len()),
            signing_input: part(0..end),
        }
    }

    /// The protected header.
    pub(crate) fn protected(&self) -> Result<Option<Object>, Malformed> {
        match self.protected.is_empty() {
            true => Ok(None),
            false => decode_header(&self.protected).map(Some),
        }
    }

    /// Whether it is over a payload that is not encoded (RFC 7797).
    fn is_unencoded(&self) -> bool {
        let protected = self.protected().ok().flatten();
        protected.is_some_and(|header| header.get("b64").is_some_and(|b64| b64.text() == "false"))
    }

    /// The unprotected header.
    pub(crate) fn unprotected(&self) -> Option<Json<'a>> {
        self.header
    }
}

/// Both headers as one, without what makes an SD-JWT of the token; no name stands in both (RFC 7515 section 4).
pub(crate) fn joined(
    protected: Option<&Object>,
    unprotected: Option<Json<'_>>,
) -> Result<Object, Malformed> {
    let parts = HeaderParts {
        protected,
        unprotected: [unprotected, None],
    };
    parts.check_names()?;
    parts.joined_without(&OF_SD_JWT)
}

#[cfg(test)]
mod tests;
