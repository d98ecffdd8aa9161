//! The disclosures that a token is presented with, by their digests.

use std::collections::HashMap;
use std::sync::Arc;

use crate::text::escape;
use crate::token::compact::Malformed;
use crate::token::json::Json;
use crate::token::sd_jwt::disclosure::{Content, content, digest_of, hash_of, json_of};

/// How many disclosures a token may have.
const MOST: usize = 10_000;

/// A disclosure of the token.
pub(super) struct Given {
    /// Where it stands among the others, from 1.
    pub(super) number: usize,
    json: String,
}

impl Given {
    pub(super) fn parsed(&self) -> Option<Content<'_>> {
        let parsed = Json::parse_str(&self.json);
        content(parsed.ok()?.value)
    }

    /// In a few words.
    pub(super) fn words(&self) -> String {
        let number = self.number;
        match self.parsed() {
            Some(Content::Claim(name, _)) => {
                format!("disclosure {number} (`{}`)", escape::shorten(&name, 40))
            }
            Some(Content::Element(_)) => format!("disclosure {number} (an element of an array)"),
            None => format!("disclosure {number}"),
        }
    }

    pub(super) fn unreferenced(&self) -> Malformed {
        Malformed::new(format!(
            "{} belongs to no digest in the token or in another disclosure",
            self.words()
        ))
    }
}

/// Reads the disclosures of a payload; none may be there twice.
pub(super) fn by_digest(
    payload: Json<'_>,
    disclosures: &[&str],
) -> Result<HashMap<String, Arc<Given>>, Malformed> {
    if disclosures.len() > MOST {
        return Err(Malformed::new(format!(
            "the token has more than {MOST} disclosures"
        )));
    }
    let hash = hash_of(payload)?;
    let mut by_digest = HashMap::with_capacity(disclosures.len());
    for (segment, number) in disclosures.iter().zip(1..) {
        let json = json_of(segment).map_err(|why| {
            let why = why.message;
            Malformed::new(format!("disclosure {number} cannot be read: {why}"))
        })?;
        let given = Arc::new(Given { number, json });
        if let Some(first) = by_digest.insert(digest_of(hash, segment), given) {
            return Err(Malformed::new(format!(
                "{} occurs again as disclosure {number}",
                first.words()
            )));
        }
    }
    Ok(by_digest)
}
