//! What is found of a signature that does not match.

use crate::token::algorithm::{Algorithm, Curve};
use crate::token::encoding::Encoding;

/// What is found of a signature that does not match.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// It does match where all of this is otherwise.
    Matches(Vec<Difference>),
    /// It does match another key.
    OtherKey {
        /// The source of that key.
        source: String,
        /// What the key is called; of a secret without a name nothing is said.
        name: Option<KeyName>,
    },
    /// It is one of the key over the bare hash, without the name of the hash (RFC 8017 section 9.2).
    BareHash,
    /// It is one of the key over another text.
    OtherText,
    /// It does match as RSASSA-PSS with other parameters than RFC 7518 section 3.5 asks for.
    OtherPss {
        /// The algorithm that it is of otherwise.
        made: Algorithm,
        /// How many bytes its salt has.
        salt: usize,
        /// How many bytes the hash of the algorithm has.
        hash: usize,
        /// Whether its mask is made with SHA-1.
        has_sha1_mask: bool,
        /// What the header says, if that is another algorithm.
        says: Option<Algorithm>,
    },
    /// It is as long as one of this algorithm.
    LengthOf(Algorithm),
    /// It was taken out of the token.
    TakenOut,
    /// It is as long as one of an RSA key of another size.
    OtherModulus {
        /// The bits of that key.
        bits: usize,
        /// What key there is, in words.
        key: String,
    },
    /// It is as long as one on another curve.
    OtherCurve {
        /// That curve.
        made: Curve,
        /// The curve of the key.
        key: Curve,
    },
    /// Its end is missing.
    TooShort,
    /// Something stands behind it, or it is of another key.
    TooLong,
    /// The token names another key than the one that there is.
    OtherName {
        /// The `kid` of the token.
        kid: String,
        /// The source of the key that there is.
        source: String,
        /// What that key is called.
        own: KeyName,
    },
    /// The header has a `nonce`, as Microsoft makes tokens that only its services can check.
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

/// In what a signature differs from what RFC 7515 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The secret is read so.
    Secret(SecretReading),
    /// Another algorithm made it than the header says.
    Algorithm {
        /// The one that made it.
        made: Algorithm,
        /// The one that the header says.
        says: Algorithm,
    },
    /// It is written so.
    Written(SignatureForm),
    /// It was made over this text.
    Text(SignedText),
}

/// What the content of a secret may have been read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretReading {
    /// In this encoding.
    As(Encoding),
    /// Base64 behind the mark that Laravel writes.
    BehindBase64Mark,
    /// Hexadecimal behind `0x`.
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
    /// With a line break behind it.
    WithAnotherLineBreak,
    /// With line breaks for each backslash and `n`.
    WithLineBreaks,
    /// Without its quotes.
    WithoutQuotes,
    /// Without the white space around it.
    WithoutSpace,
    /// Without its byte order mark.
    WithoutMark,
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
    /// With more or fewer zero bytes in front than its length leaves.
    Zeros,
}

/// What a signature may be made over instead of the text of the token.
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
