//! What to do about a text that is not the token it should be.

/// What to do about the text of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenAdvice {
    /// Give the token: there is nothing.
    Give,
    /// Copy it again, to its end: it may lack a part.
    CopyToEnd,
    /// Copy it whole: dots replace its end.
    CopyBehindDots,
    /// Copy it whole: it does not have the shape of a token.
    CopyShape,
    /// Copy it whole: it does not begin as a token does.
    CopyBeginning,
    /// Copy it as its issuer sent it: some of its padding is lost.
    CopyPadding,
    /// Do not trust it if it was edited or cut: a token has one spelling.
    Distrust,
    /// Copy it whole: a part of it was left out.
    CopyLeftOut,
    /// Take off the padding at its end, which was not signed.
    TakeOffPadding,
    /// Take off the dot behind it.
    TakeOffDot,
    /// Undo the base64 around it.
    TakeOutOfBase64,
    /// Take off what follows the third segment.
    TakeOffRest,
    /// Take out this character, or replace it.
    Correct(char),
    /// Undo the percent-encoding.
    PercentDecode,
    /// Give it once: it stands there several times.
    GiveOnce {
        /// How many times.
        count: usize,
    },
    /// Give one of several.
    GiveOne,
    /// Look for the tokens in the text.
    FindInText,
    /// Begin an SD-JWT with its signed token (RFC 9901 section 4).
    BeginWithIssued,
    /// Ask the issuer about a token that only it can read.
    AskIssuer,
    /// Ask the application that wrote it: nobody else has its secret.
    AskApplication,
    /// Read the content of a session; the application that wrote it checks it.
    ReadSession,
    /// Undo the base64 around XML.
    ReadXml,
    /// Check a CWT with a library for COSE.
    CheckCwt,
    /// Do not show the password in it to others.
    KeepPassword,
    /// Give a key in its own place: this is the place of a token.
    GiveAsKey,
    /// Sign the claims.
    SignClaims,
    /// Give the value that belongs there: the variable has none.
    FillPlaceholder,
    /// Look for what a token looks like.
    LookForShape,
    /// Undo the base64 around it twice.
    TakeOutOfBase64Twice,
    /// Undo the hexadecimal.
    TakeOutOfHexadecimal,
    /// Check a signed PASETO with a library for that.
    CheckPaseto,
    /// Open an encrypted PASETO with a library for that, and the key.
    OpenPaseto,
    /// Use the characters of a token only.
    UseItsCharacters,
    /// Write text of one byte a character, not UTF-16.
    LeaveUtf16,
    /// Say whether each line has a token, or join the lines of one.
    ChooseLines,
}
