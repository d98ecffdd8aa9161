//! A key that is derived from a password (RFC 7518 section 4.8).

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::compact::{Malformed, encode_segment};
use crate::token::header_parts::{HeaderParts, lacking};
use crate::token::json::{Json, Kind, quote};
use crate::token::jwe::{KeyManagement, NoRandom, random};
use crate::token::passphrase::MOST_ROUNDS;

/// No salt is shorter (RFC 7518 section 4.8.1.1).
const SHORTEST_SALT: usize = 8;

/// The rounds for a new token: libraries open it with their defaults (for jose in JavaScript it is
/// the maximum).
const ROUNDS: u32 = 10_000;

/// The key that the header describes. The token says how much work that is, so the rounds are
/// limited to those that are left.
pub(super) fn derive(
    alg: KeyManagement,
    hash: pbkdf2::Algorithm,
    len: usize,
    password: &[u8],
    header: &HeaderParts<'_>,
    left: &mut u32,
) -> Result<Zeroizing<Vec<u8>>, Malformed> {
    let salt = header.needed_bytes("p2s")?;
    if salt.len() < SHORTEST_SALT {
        return Err(Malformed::new(format!(
            "the header's `p2s` has {}, and at least {SHORTEST_SALT} are needed",
            counted(salt.len(), "byte")
        )));
    }
    let rounds = rounds(header.get("p2c").ok_or_else(|| lacking("p2c"))?, *left)?;
    *left = left.saturating_sub(rounds.get());
    Ok(derived(alg, hash, len, password, &salt, rounds))
}

fn rounds(p2c: Json<'_>, left: u32) -> Result<NonZeroU32, Malformed> {
    let digits = p2c.text();
    let is_count = p2c.kind() == Kind::Number && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_count {
        return Err(Malformed::new(
            "the header's `p2c` is not a whole number of rounds",
        ));
    }
    // A number with too many digits is too large in any case.
    let rounds = digits.parse().unwrap_or(u32::MAX);
    if rounds > MOST_ROUNDS {
        return Err(Malformed::new(format!(
            "the header's `p2c` asks for more than {MOST_ROUNDS} rounds of PBKDF2"
        )));
    }
    if rounds > left {
        return Err(Malformed::new(format!(
            "the token asks for more than {MOST_ROUNDS} rounds of PBKDF2 in all, over its recipients and the keys that are tried"
        )));
    }
    NonZeroU32::new(rounds)
        .ok_or_else(|| Malformed::new("the header's `p2c` asks for no round of PBKDF2"))
}

/// Parameters of a header, each with its value as JSON text.
type Made = [(&'static str, String); 2];

/// The key for a new token, and the parameters by which its recipient derives it.
pub(super) fn begin(
    alg: KeyManagement,
    hash: pbkdf2::Algorithm,
    len: usize,
    password: &[u8],
) -> Result<(Zeroizing<Vec<u8>>, Made), NoRandom> {
    let salt = random(16)?;
    let rounds = NonZeroU32::new(ROUNDS).ok_or(NoRandom)?;
    let key = derived(alg, hash, len, password, &salt, rounds);
    let parameters = [
        ("p2s", quote(&encode_segment(&*salt))),
        ("p2c", ROUNDS.to_string()),
    ];
    Ok((key, parameters))
}

fn derived(
    alg: KeyManagement,
    hash: pbkdf2::Algorithm,
    len: usize,
    password: &[u8],
    salt: &[u8],
    rounds: NonZeroU32,
) -> Zeroizing<Vec<u8>> {
    let salt = [alg.name().as_bytes(), &[0], salt].concat();
    let mut key = Zeroizing::new(vec![0; len]);
    pbkdf2::derive(hash, rounds, &salt, password, &mut key);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_rounds_are_not_too_many() {
        let rounds = |p2c: &str, left| {
            let p2c = Json::parse_str(p2c).unwrap().value;
            rounds(p2c, left).map(NonZeroU32::get)
        };
        assert_eq!(rounds("10000000", MOST_ROUNDS), Ok(MOST_ROUNDS));
        assert_eq!(rounds("1000", 1000), Ok(1000));
        assert!(rounds("10000001", u32::MAX).is_err());
        assert!(rounds("1000", 999).is_err());
    }
}
