//! Encrypts a signed token, or claims alone, to a recipient or several.

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue::finish_claims;
use crate::cli::issue::json::issued_json;
use crate::cli::issue::order::Content;
use crate::cli::issue::sealer::{Sealer, called, first, fitting, pick};
use crate::cli::ui::Ui;
use crate::token::claims::Members;
use crate::token::decode::decode;
use crate::token::json::Object;
use crate::token::jwe::{ContentEncryption, KeyManagement, Recipient, RecipientAsked};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

/// Which algorithms and which key are asked for.
pub(super) struct Asked {
    pub(super) managements: Vec<KeyManagement>,
    pub(super) encryption: Option<ContentEncryption>,
    /// What picks a key of a set.
    pub(super) by: By,
}

/// What picks the key of a recipient from a set.
pub(super) enum By {
    /// `--kid`, if it is given: there is no other key that it could be of.
    Kid(Option<String>),
    /// Its place in the set: `--kid` is of the key that signs.
    Place,
}

/// The recipients, whose keys were loaded.
pub(in crate::cli) struct Sealing {
    sources: Vec<KeySource>,
    asked: Asked,
}

impl Sealing {
    /// Takes the keys. Those that cannot be encrypted to are refused before anything is signed.
    pub(super) fn of(
        sources: Vec<KeySource>,
        asked: Asked,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Self, Failure> {
        let sealing = Sealing { sources, asked };
        let sealer = sealing.recipient()?;
        sealing.check_asked(&sealer)?;
        sealing.note_first(ui)?;
        Ok(sealing)
    }

    /// The recipients, each with a key of its source that is for encryption; other keys of a set may be for
    /// signatures.
    pub(in crate::cli) fn recipient(&self) -> Result<Sealer<'_>, KeyFault> {
        let of = |key| self.recipient_of(key);
        match self.sources.as_slice() {
            [only] => {
                let (key, recipient) = match &self.asked.by {
                    By::Kid(kid) => pick(only, kid.as_deref(), of)?,
                    By::Place => first(only, of)?,
                };
                Ok(Sealer::One { key, recipient })
            }
            several => {
                let all = several.iter().map(|source| first(source, of));
                let all = all.map(|found| found.map(|(_, recipient)| recipient));
                Ok(Sealer::Several(all.collect::<Result<_, _>>()?))
            }
        }
    }

    /// The recipient that a key makes, with what is asked for.
    fn recipient_of<'s>(&self, key: &'s Key) -> Result<Recipient<'s>, KeyFault> {
        let Asked {
            managements,
            encryption,
            ..
        } = &self.asked;
        if let [_] = self.sources.as_slice() {
            let asked = RecipientAsked {
                algorithm: managements.first().copied(),
                encryption: *encryption,
            };
            return Recipient::new(key, asked);
        }
        let encryption = encryption.unwrap_or(ContentEncryption::A256Gcm);
        Recipient::among(key, managements, encryption)
    }

    /// Says which key is taken of a set that has several, where nothing picks one.
    fn note_first(&self, ui: &mut Ui<'_, '_>) -> Result<(), KeyFault> {
        if let By::Kid(_) = self.asked.by {
            return Ok(());
        }
        for source in self.sources.iter().filter(|source| source.is_set) {
            let all = called(&fitting(source, |key| self.recipient_of(key))?);
            if let [first, _, ..] = all.as_slice() {
                let label = &source.label;
                ui.note(&format!(
                    "the set from {label} has several keys that can be encrypted to: the first is taken, {first}"
                ));
            }
        }
        Ok(())
    }

    /// Refuses an algorithm that was asked for and that no recipient takes.
    fn check_asked(&self, sealer: &Sealer<'_>) -> Result<(), Failure> {
        let Sealer::Several(recipients) = sealer else {
            return Ok(());
        };
        let is_unused = |alg: &&KeyManagement| !recipients.iter().any(|r| r.algorithm() == **alg);
        match self.asked.managements.iter().find(is_unused) {
            None => Ok(()),
            Some(alg) => Err(Failure::usage(format!(
                "{} was asked for, and no recipient takes it",
                alg.name()
            ))
            .hint(
                "each takes the first of the algorithms that its key is for: leave this one out",
            )),
        }
    }

    /// Encrypts claims that nobody signs.
    pub(super) fn seal_claims(
        &self,
        content: &Content<'_>,
        given: Option<&Object>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Exit, Failure> {
        let sealer = self.recipient()?;
        let times = content.times(ui.world.now());
        let mut claims = content.all_claims(given, &times)?;
        finish_claims(content, &mut claims, ui);
        let token = sealer.claims(content, &claims)?;
        self.note_unsigned(ui)?;
        print(token, &claims, content, ui)
    }

    /// Says what nobody vouches for.
    pub(in crate::cli) fn note_unsigned(&self, ui: &mut Ui<'_, '_>) -> Result<(), KeyFault> {
        // A secret is one that the recipient shares with the sender alone.
        let is_shared = matches!(self.recipient()?, Sealer::One { key, .. } if key.is_secret());
        if !is_shared {
            ui.note("the claims are encrypted and not signed: nothing says who made the token, and `--key SOURCE` would");
        }
        Ok(())
    }

    /// Encrypts a token that was signed.
    pub(super) fn seal_token(
        &self,
        token: &str,
        claims: &Members<'_>,
        content: &Content<'_>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Exit, Failure> {
        let token = self.recipient()?.token(token)?;
        print(token, claims, content, ui)
    }
}

fn print(
    token: String,
    claims: &Members<'_>,
    content: &Content<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    if !content.args.json {
        ui.result(format!("{}\n", content.written(token)).as_bytes())?;
        return Ok(Exit::Done);
    }
    let header = header_of(&token)?;
    let mut members = Members::new();
    members.extend(&header);
    let line = issued_json(&content.written(token), &members, claims);
    ui.result(line.as_bytes())?;
    Ok(Exit::Done)
}

/// The header of a token that was made here.
pub(in crate::cli) fn header_of(token: &str) -> Result<Object, Failure> {
    Ok(decode(token)?.header)
}
