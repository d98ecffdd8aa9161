//! What is found of a signature that does not match.

use crate::token::algorithm::{Algorithm, Curve};
use crate::token::encoding::Encoding;

/// What is found of a signature that does not match.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// It matches with all of these differences.
    Matches(Vec<Difference>),
    /// It matches another key.
    OtherKey {
        /// The source of that key.
        source: String,
        /// What the key is called; `None` for a secret without a name.
        name: Option<KeyName>,
        /// Whether that source has no other key.
        is_only: bool,
    },
    /// The key signed the bare hash, without the name of the hash (RFC 8017 section 9.2).
    BareHash,
    /// The key signed another text.
    OtherText,
    /// It matches as RSASSA-PSS with other parameters than RFC 7518 section 3.5 asks for.
    OtherPss {
        /// The algorithm that it would be, but for the parameters.
        made: Algorithm,
        /// How many bytes its salt has.
        salt: usize,
        /// How many bytes the hash of the algorithm has.
        hash: usize,
        /// Whether its mask is made with SHA-1.
        has_sha1_mask: bool,
        /// The algorithm in the header, if it is another one.
        says: Option<Algorithm>,
    },
    /// It is as long as a signature of this algorithm.
    LengthOf(Algorithm),
    /// It was removed from the token.
    TakenOut,
    /// It is as long as a signature of an RSA key of another size.
    OtherModulus {
        /// The bits of that key.
        bits: usize,
        /// The key at hand, in words.
        key: String,
    },
    /// It is as long as a signature on another curve.
    OtherCurve {
        /// That curve.
        made: Curve,
        /// The curve of the key.
        key: Curve,
    },
    /// Its end is missing.
    TooShort,
    /// Something follows it, or another key made it.
    TooLong,
    /// The token names another key than the one at hand.
    OtherName {
        /// The `kid` of the token.
        kid: String,
        /// The source of the key at hand.
        source: String,
        /// What that key is called.
        own: KeyName,
    },
    /// The header has a `nonce`, as in tokens of Microsoft that only its services can check.
    HasNonce,
}

/// What a key is called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyName {
    /// Its `kid`.
    Kid(String),
    /// Its RFC 7638 thumbprint.
    Thumbprint(String),
}

/// How a signature differs from what RFC 7515 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The secret is read in this way.
    Secret(SecretReading),
    /// It was made with another algorithm than the header says.
    Algorithm {
        /// The one that made it.
        made: Algorithm,
        /// The one that the header says.
        says: Algorithm,
    },
    /// It is written in this form.
    Written(SignatureForm),
    /// It was made over this text.
    Text(SignedText),
}

/// How the content of a secret may have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretReading {
    /// In this encoding.
    As(Encoding),
    /// Base64 after the `base64:` that Laravel writes.
    BehindBase64Mark,
    /// Hexadecimal after `0x`.
    BehindHexMark,
    /// Hexadecimal without its colons.
    HexWithoutColons,
    /// Base64 of base64.
    Base64Twice,
    /// Base64 of hexadecimal.
    Base64OfHex,
    /// As lenient decoders of base64 do.
    Lenient,
    /// As lenient decoders of base64 that take both alphabets do.
    LenientOfBoth,
    /// With its last line break.
    WithLineBreak,
    /// Without its last line break.
    WithoutLineBreak,
    /// With a line break after it.
    WithAnotherLineBreak,
    /// With line breaks for each backslash and `n`.
    WithLineBreaks,
    /// Without its quotes.
    WithoutQuotes,
    /// Without the white space around it.
    WithoutSpace,
    /// Without its byte order mark.
    WithoutMark,
    /// What follows the `NAME=` before it, without quotes.
    BehindName,
    /// As UTF-16, least byte first.
    Utf16,
    /// A byte for each character (ISO 8859-1).
    Latin1,
    /// As the text of `k` in the JWK.
    TextOfK,
}

/// How a signature may be written instead of in base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureForm {
    /// In hexadecimal.
    Hex,
    /// In base64url of hexadecimal.
    HexInside,
    /// In base64url of base64.
    Base64Inside,
    /// In DER (RFC 3279 section 2.2.3), not r and s side by side (RFC 7518 section 3.4).
    Der,
    /// With too many or too few zero bytes in front.
    Zeros,
}

/// What may have been signed instead of the text of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedText {
    /// A hash of it.
    Hash,
    /// The hexadecimal digits of a hash of it.
    HexOfHash,
    /// It and a line break.
    LineBreak,
    /// Segments in lines of so many characters.
    Lines(usize),
    /// Segments with padding, which is missing now.
    Padded,
    /// Segments without padding, which was put there later.
    Unpadded,
    /// The header with a hash of its `nonce`.
    HashedNonce,
}
