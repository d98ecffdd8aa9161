//! The keys that encrypted tokens are opened with, as a command line names them.

use std::ffi::OsString;

use crate::cli::any_algorithm::AnyAlgorithm;
use crate::cli::args::ReadingArgs;
use crate::cli::failure::Failure;
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::token::jwe::DecryptionKeys;
use crate::token::jwe::derivation::Derivation;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

/// Where the keys are, and how they are used.
pub(super) struct Decryption<'a> {
    places: Vec<KeyPlace<'a>>,
    derivation: Option<Derivation>,
    algorithms: Vec<AnyAlgorithm>,
    most_inflated: Option<u32>,
}

impl<'a> Decryption<'a> {
    /// Reads the flags; nothing, where no key is named.
    pub(super) fn read(
        (flag, named): (&str, &[OsString]),
        derivation: Option<&str>,
        algorithms: &[AnyAlgorithm],
        ui: &mut Ui<'_, 'a>,
    ) -> Result<Option<Self>, Failure> {
        if named.is_empty() {
            return Ok(None);
        }
        let places = named.iter();
        let places = places.map(|text| key_choice::place_of(flag, text, ui));
        Ok(Some(Decryption {
            places: places.collect::<Result<_, _>>()?,
            derivation: derivation.map(derivation_of).transpose()?,
            algorithms: algorithms.to_vec(),
            most_inflated: None,
        }))
    }

    /// Lets a compressed content inflate to this many bytes.
    pub(super) fn inflate_up_to(mut self, most: Option<u32>) -> Self {
        self.most_inflated = most;
        self
    }

    /// Loads them.
    pub(super) fn load(
        self,
        reading: &ReadingArgs,
        passphrase: &mut PassphrasePlace<'_>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<DecryptionKeys, KeyFault> {
        let mut sources = Vec::new();
        for place in self.places {
            place.must_open()?;
            sources.push(load(
                place,
                self.derivation.as_ref(),
                reading,
                passphrase,
                ui,
            )?);
        }
        let keys = DecryptionKeys::new(sources).only(
            AnyAlgorithm::managements(&self.algorithms),
            AnyAlgorithm::contents(&self.algorithms),
        );
        Ok(match self.most_inflated {
            Some(most) => keys.inflate_up_to(usize::try_from(most).unwrap_or(usize::MAX)),
            None => keys,
        })
    }
}

/// Loads the keys of a place for encryption; the algorithm says how long a secret must be.
pub(super) fn load(
    place: KeyPlace<'_>,
    derivation: Option<&Derivation>,
    reading: &ReadingArgs,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<KeySource, KeyFault> {
    let reading = ReadingArgs {
        allow_weak_key: true,
        ..reading.clone()
    };
    let mut source = key_choice::load_one(place, &reading, passphrase, ui)?.keys;
    if let Some(derivation) = derivation {
        let derived = source.keys.iter().flat_map(|key| derivation.keys(key));
        source.keys = derived.collect();
        source.is_set = false;
        if source.keys.is_empty() {
            let message = format!("{} holds no secret to derive keys from", source.label);
            return Err(KeyFault::rejected(message));
        }
    }
    Ok(source)
}

/// `--key-derivation`
pub(super) fn derivation_of(text: &str) -> Result<Derivation, Failure> {
    Derivation::parse(text).ok_or_else(|| {
        Failure::usage("`--key-derivation` takes nextauth:COOKIE_NAME").hint(
            "such as nextauth:authjs.session-token, or nextauth:next-auth.session-token before version 5; over https the name begins with __Secure-",
        )
    })
}
