//! The flags of `jott issue --encrypt-to`: where the keys of the recipients are, and how they are encrypted to.

use crate::cli::advice::Running;
use crate::cli::any_algorithm::AnyAlgorithm;
use crate::cli::args::{IssueArgs, ReadingArgs};
use crate::cli::decryption;
use crate::cli::failure::Failure;
use crate::cli::issue::only_one;
use crate::cli::issue::sealing::{Asked, By, Sealing};
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::token::jwe::MOST_RECIPIENTS;
use crate::token::jwe::derivation::Derivation;
use crate::token::key_fault::KeyFault;
use crate::token::serialization::Serialization;

/// Where the keys of the recipients are, and which algorithms are asked for.
pub(super) struct Encryption<'a> {
    places: Vec<KeyPlace<'a>>,
    derivation: Option<Derivation>,
    asked: Asked,
}

impl<'a> Encryption<'a> {
    /// Reads the flags; `None` if nothing is encrypted.
    pub(super) fn read(args: &IssueArgs, ui: &mut Ui<'_, 'a>) -> Result<Option<Self>, Failure> {
        let managements = AnyAlgorithm::managements(&args.alg);
        if args.encrypt_to.is_empty() {
            let contents = AnyAlgorithm::contents(&args.alg);
            let names = managements.iter().map(|alg| alg.name());
            let mut names = names.chain(contents.iter().map(|enc| enc.name()));
            return match names.next() {
                Some(name) => Err(Failure::usage(format!(
                    "{name} encrypts, and nothing is encrypted"
                ))
                .hint("`--encrypt-to SOURCE` names the key of the recipient")),
                None => Ok(None),
            };
        }
        if let [content, ..] = AnyAlgorithm::contents(&args.alg).as_slice() {
            let name = content.name();
            return Err(
                Failure::usage(format!("`--alg` takes no content encryption: {name}"))
                    .hint(format!("`--enc {name}`")),
            );
        }
        match args.encrypt_to.as_slice() {
            [_, _, ..] => check_several(args)?,
            _ => drop(only_one(&managements)?),
        }
        if let ([], [signs, ..]) = (
            args.key.key.as_slice(),
            AnyAlgorithm::signatures(&args.alg).as_slice(),
        ) {
            let name = signs.name();
            return Err(
                Failure::usage(format!("{name} signs, and nothing is signed")).hint(
                    "`--key SOURCE` names the key that signs what is encrypted; to encrypt, `--alg` takes RSA-OAEP-256, ECDH-ES, A256KW and others",
                ),
            );
        }
        let places = args.encrypt_to.iter();
        let places = places.map(|text| key_choice::place_of("--encrypt-to", text, ui));
        Ok(Some(Encryption {
            places: places.collect::<Result<_, _>>().map_err(of_recipient)?,
            derivation: args
                .key_derivation
                .as_deref()
                .map(decryption::derivation_of)
                .transpose()?,
            asked: Asked {
                managements,
                encryption: args.enc,
                by: match (args.key.key.as_slice(), args.encrypt_to.as_slice()) {
                    ([], [_]) => By::Kid(args.kid.clone()),
                    _ => By::Place,
                },
            },
        }))
    }

    /// Loads the keys.
    pub(super) fn load(
        self,
        reading: &ReadingArgs,
        passphrase: &mut PassphrasePlace<'_>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Sealing, Failure> {
        let derivation = self.derivation.as_ref();
        let sources = self.places.into_iter();
        let sources =
            sources.map(|place| decryption::load(place, derivation, reading, passphrase, ui));
        let sources = sources
            .collect::<Result<_, KeyFault>>()
            .map_err(of_recipient)?;
        Sealing::of(sources, self.asked, ui)
    }
}

/// The failure of the key of a recipient, in the words for its flag.
fn of_recipient(failure: impl Into<Failure>) -> Failure {
    failure.into().in_words_for(Running::Sealing)
}

/// Refuses flags that are for one recipient where there are several.
fn check_several(args: &IssueArgs) -> Result<(), Failure> {
    let managements = AnyAlgorithm::managements(&args.alg);
    if let Some(direct) = managements.iter().find(|alg| alg.is_direct()) {
        let name = direct.name();
        return Err(Failure::usage(format!(
            "{name} is for one recipient only: it fixes the key of the content, and each recipient would have another one"
        ))
        .hint("RSA-OAEP-256, ECDH-ES+A256KW, A256KW and others let several get one key"));
    }
    if args.encrypt_to.len() > MOST_RECIPIENTS {
        return Err(Failure::usage(format!(
            "a token has at most {MOST_RECIPIENTS} recipients"
        )));
    }
    let message = if matches!(
        args.serialization,
        Some(Serialization::Compact | Serialization::Flattened)
    ) {
        "a token for several recipients is in the general JSON form alone (RFC 7516 section 7.2)"
    } else if args.key_derivation.is_some() {
        "`--key-derivation` is how one application derives its key, and there are several recipients"
    } else if args.kid.is_some() && args.key.key.is_empty() {
        "`--kid` would name one key, and there are several recipients: each has the `kid` of its JWK"
    } else {
        return Ok(());
    };
    Err(Failure::usage(message).hint("give `--encrypt-to` once, or leave the other flag out"))
}
