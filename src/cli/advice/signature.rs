//! What is found about a signature that does not match, in words.

use crate::text::count::counted;
use crate::text::escape;
use crate::token::advice::{
    Diagnosis, Difference, KeyName, SecretReading, SignatureForm, SignedText,
};
use crate::token::encoding::Encoding;

pub(super) fn sentence(diagnosis: &Diagnosis) -> String {
    let named = |text: &str| escape::middle(text, escape::NAME).into_owned();
    match diagnosis {
        Diagnosis::Matches(differences) => matches(differences),
        Diagnosis::OtherKey {
            source,
            name,
            is_only,
        } => {
            let which = if *is_only { "the" } else { "another" };
            let words = format!("it does match {which} key of {source}");
            match name {
                Some(KeyName::Kid(kid)) => format!("{words}: its `kid` is `{}`", named(kid)),
                Some(KeyName::Thumbprint(own)) => format!("{words}: its thumbprint is `{own}`"),
                None => words,
            }
        }
        Diagnosis::BareHash => "this key signed the bare hash, without the name of the hash before it (RFC 8017 section 9.2): tell the program that signs which hash it gets".into(),
        Diagnosis::OtherText => "this key made it, but over another text: the header or the claims were changed after it was made".into(),
        Diagnosis::OtherPss {
            made,
            salt,
            hash,
            has_sha1_mask,
            says,
        } => {
            let salt = counted(*salt, "byte");
            let header = says.map_or_else(String::new, |says| {
                format!("; and the header says {}", says.name())
            });
            let made = made.name();
            match has_sha1_mask {
                false => format!(
                    "it does match as {made} with a salt of {salt}, and that of {made} has {hash}, as many as its hash (RFC 7518 section 3.5): OpenSSL takes `-sigopt rsa_pss_saltlen:digest`{header}"
                ),
                true => format!(
                    "it does match as {made} with a mask of SHA-1 and a salt of {salt}, and {made} has one hash for both, and a salt as long as it (RFC 7518 section 3.5){header}"
                ),
            }
        }
        Diagnosis::LengthOf(other) => format!(
            "it is as long as one of {}, which this secret did not make",
            other.name()
        ),
        Diagnosis::TakenOut => "it was removed from the token: ask for a whole token".into(),
        Diagnosis::OtherModulus { bits, key } => {
            format!("a key of {bits} bits made it, and this is {key}: it is another key")
        }
        Diagnosis::OtherCurve { made, key } => format!(
            "it is as long as one on {}, and the key is on {}: it is another key",
            made.name(),
            key.name()
        ),
        Diagnosis::TooShort => "the end of the token is missing: copy it again, to its end".into(),
        Diagnosis::TooLong => "something follows the token that does not belong to it, or it was signed with another key".into(),
        Diagnosis::OtherName { kid, source, own } => {
            let has = match own {
                KeyName::Kid(own) => format!("is `{}`", named(own)),
                KeyName::Thumbprint(own) => format!("has the thumbprint `{own}`"),
            };
            format!(
                "the token names the key `{}`, and the one from {source} {has}: its issuer may sign with another key by now",
                named(kid)
            )
        }
        Diagnosis::HasNonce => "the header has a `nonce`: Microsoft signs tokens for its own services, such as Graph, over a hash of it, and only they can check those".into(),
    }
}

/// The use of the key comes first, in the same clause.
fn matches(differences: &[Difference]) -> String {
    let mut sentence = "it does match".to_owned();
    let mut joint = ", but ";
    for difference in differences {
        match difference {
            Difference::Secret(reading) => {
                sentence.push_str(" when the secret is read ");
                sentence.push_str(secret(*reading));
            }
            Difference::Algorithm { made, says } => {
                let (made, says) = (made.name(), says.name());
                sentence.push_str(&format!(
                    " as {made}: its issuer signed with {made} and wrote {says} into the header"
                ));
            }
            Difference::Written(form) => {
                sentence.push_str(joint);
                sentence.push_str(written(*form));
            }
            Difference::Text(over) => {
                sentence.push_str(joint);
                sentence.push_str(&text(*over));
            }
        }
        joint = "; and it ";
    }
    sentence
}

fn secret(reading: SecretReading) -> &'static str {
    match reading {
        SecretReading::As(Encoding::Raw) => "as it stands: `--key-encoding raw`",
        SecretReading::As(Encoding::Utf8) => "as text: `--key-encoding utf8`",
        SecretReading::As(Encoding::Base64) => "as base64: `--key-encoding base64`",
        SecretReading::As(Encoding::Base64url) => "as base64url: `--key-encoding base64url`",
        SecretReading::As(Encoding::Hex) => "as hex: `--key-encoding hex`",
        SecretReading::BehindBase64Mark => {
            "as base64 after its `base64:`, as Laravel does: without that, `--key-encoding base64`"
        }
        SecretReading::BehindHexMark => "as hex after its `0x`: without that, `--key-encoding hex`",
        SecretReading::HexWithoutColons => {
            "as hex without its colons: without them, `--key-encoding hex`"
        }
        SecretReading::Base64Twice => "as base64 of base64",
        SecretReading::Base64OfHex => "as base64 of hex",
        SecretReading::Lenient => {
            "as lenient base64 decoders do, which drop what is not base64 and what is left over at the end: the secret is not base64, but its user takes it for that"
        }
        SecretReading::LenientOfBoth => {
            "as lenient base64 decoders do, which take both alphabets and drop what is in neither: the secret is not base64, but its user takes it for that"
        }
        SecretReading::WithLineBreak => "with its last line break",
        SecretReading::WithoutLineBreak => "without its last line break",
        SecretReading::WithAnotherLineBreak => "with a line break after it",
        SecretReading::WithLineBreaks => "with line breaks for its `\\n`",
        SecretReading::WithoutQuotes => "without its quotes",
        SecretReading::WithoutSpace => "without the white space around it",
        SecretReading::WithoutMark => "without its byte order mark",
        SecretReading::BehindName => "without the `NAME=` of a .env file before it",
        SecretReading::Utf16 => "as UTF-16, as .NET's `Encoding.Unicode` writes it",
        SecretReading::Latin1 => "as ISO 8859-1, with a byte for each character",
        SecretReading::TextOfK => {
            "as the text of `k` itself, which should be the base64url of it (RFC 7518 section 6.4.1): `jq -r .k key.json` takes it out"
        }
    }
}

fn written(form: SignatureForm) -> &'static str {
    match form {
        SignatureForm::Hex => "is written in hex: a token has the base64url of its bytes",
        SignatureForm::HexInside => {
            "is the base64url of its hex digits: a token has the base64url of its bytes"
        }
        SignatureForm::Base64Inside => {
            "is the base64url of its base64: a token has that of its bytes"
        }
        SignatureForm::Der => {
            "is written in DER: a token has r and s side by side (RFC 7518 section 3.4)"
        }
        SignatureForm::Zeros => {
            "has too many or too few zero bytes in front: it has a fixed length (RFC 7518 sections 3.3 to 3.5)"
        }
    }
}

fn text(over: SignedText) -> String {
    match over {
        SignedText::Hash => "was made over a hash of the text, which was then hashed once more",
        SignedText::HexOfHash => {
            "was made over the hex digits of a hash of the text, which were then hashed once more"
        }
        SignedText::LineBreak => {
            "was made over the text and a line break after it: `printf %s` writes none"
        }
        SignedText::Lines(width) => {
            return format!(
                "was made over segments with a line break after each {width} characters, which were taken out later: `base64 -w0` makes none"
            );
        }
        SignedText::Padded => {
            "was made over segments with their padding (`=`), which was signed and is missing now, as AWS load balancers do: take the token as it was sent, and `--allow-padding`"
        }
        SignedText::Unpadded => {
            "was made over segments without padding (`=`), which was put there later"
        }
        SignedText::HashedNonce => {
            "was made over a hash of the header's `nonce`, as Microsoft makes those for its own services, such as Graph: only they can check it, so ask for a token for your own API"
        }
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::algorithm::Algorithm;

    #[test]
    fn differences_are_said_one_behind_the_other() {
        let said = |differences: &[Difference]| matches(differences);
        assert_eq!(
            said(&[
                Difference::Written(SignatureForm::Hex),
                Difference::Text(SignedText::LineBreak),
            ]),
            "it does match, but is written in hex: a token has the base64url of its bytes; and it was made over the text and a line break after it: `printf %s` writes none"
        );
        assert_eq!(
            said(&[
                Difference::Secret(SecretReading::As(Encoding::Base64)),
                Difference::Written(SignatureForm::Hex),
            ]),
            "it does match when the secret is read as base64: `--key-encoding base64`; and it is written in hex: a token has the base64url of its bytes"
        );
        assert_eq!(
            said(&[Difference::Algorithm {
                made: Algorithm::HS512,
                says: Algorithm::HS256,
            }]),
            "it does match as HS512: its issuer signed with HS512 and wrote HS256 into the header"
        );
    }

    #[test]
    fn names_of_others_are_made_safe() {
        let other = Diagnosis::OtherName {
            kid: "new\u{1b}".into(),
            source: "./key".into(),
            own: KeyName::Kid("old".into()),
        };
        assert_eq!(
            sentence(&other),
            "the token names the key `new\\u001b`, and the one from ./key is `old`: its issuer may sign with another key by now"
        );
    }
}
