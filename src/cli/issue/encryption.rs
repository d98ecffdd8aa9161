//! `jott issue --encrypt-to`: encrypts a signed token, or claims alone, to a recipient.

use crate::cli::any_algorithm::AnyAlgorithm;
use crate::cli::args::{IssueArgs, ReadingArgs};
use crate::cli::decryption;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue::order::Content;
use crate::cli::issue::{finish_claims, only_one};
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::cli::view;
use crate::token::claims::Members;
use crate::token::compact::decode_header;
use crate::token::json::Object;
use crate::token::jwe::derivation::Derivation;
use crate::token::jwe::{Recipient, RecipientAsked};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

/// Where the key of the recipient is, and which algorithms are asked for.
pub(super) struct Encryption<'a> {
    place: KeyPlace<'a>,
    derivation: Option<Derivation>,
    asked: RecipientAsked,
}

impl<'a> Encryption<'a> {
    /// Reads the flags; `None` if nothing is encrypted.
    pub(super) fn read(args: &IssueArgs, ui: &mut Ui<'_, 'a>) -> Result<Option<Self>, Failure> {
        let managements = AnyAlgorithm::managements(&args.alg);
        let Some(text) = &args.encrypt_to else {
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
        };
        if let [content, ..] = AnyAlgorithm::contents(&args.alg).as_slice() {
            let name = content.name();
            return Err(
                Failure::usage(format!("`--alg` takes no content encryption: {name}"))
                    .hint(format!("`--enc {name}`")),
            );
        }
        Ok(Some(Encryption {
            place: key_choice::place_of("--encrypt-to", text, ui)?,
            derivation: args
                .key_derivation
                .as_deref()
                .map(decryption::derivation_of)
                .transpose()?,
            asked: RecipientAsked {
                algorithm: only_one(&managements)?,
                encryption: args.enc,
            },
        }))
    }

    /// Loads the key.
    pub(super) fn load(
        self,
        reading: &ReadingArgs,
        passphrase: &mut PassphrasePlace<'_>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Sealing, KeyFault> {
        let derivation = self.derivation.as_ref();
        let source = decryption::load(self.place, derivation, reading, passphrase, ui)?;
        let sealing = Sealing {
            source,
            asked: self.asked,
        };
        // A key that cannot be encrypted to is refused before anything is signed.
        sealing.recipient()?;
        Ok(sealing)
    }
}

/// A recipient, whose key was loaded.
pub(in crate::cli) struct Sealing {
    source: KeySource,
    asked: RecipientAsked,
}

impl Sealing {
    /// The first key that is for encryption; other keys of a set may be for signatures.
    pub(in crate::cli) fn recipient(&self) -> Result<Sealer<'_>, KeyFault> {
        let mut fault = None;
        for key in &self.source.keys {
            match Recipient::new(key, self.asked) {
                Ok(recipient) => return Ok(Sealer { key, recipient }),
                Err(why) => fault = fault.or(Some(why)),
            }
        }
        let none = || KeyFault::rejected(format!("{} holds no key", self.source.label));
        Err(match fault {
            Some(fault) if !self.source.is_set => fault,
            Some(_) => KeyFault::rejected(format!(
                "the set from {} has no key to encrypt to",
                self.source.label
            )),
            None => none(),
        })
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
        if !self.recipient()?.key.is_secret() {
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

/// A recipient, ready to be encrypted to.
pub(in crate::cli) struct Sealer<'s> {
    key: &'s Key,
    recipient: Recipient<'s>,
}

impl Sealer<'_> {
    /// Encrypts claims; gives the token in the compact form.
    pub(in crate::cli) fn claims(
        &self,
        content: &Content<'_>,
        claims: &Members<'_>,
    ) -> Result<String, KeyFault> {
        let header = content.complete(self.recipient.header(), self.key.kid.as_deref());
        self.recipient.encrypt(claims.text().as_bytes(), header)
    }

    /// Encrypts a token that was signed (RFC 7519 section 5.2).
    pub(in crate::cli) fn token(&self, token: &str) -> Result<String, KeyFault> {
        let mut header = self.recipient.header();
        header.set_text("cty", "JWT");
        if let Some(kid) = &self.key.kid {
            header.set_text("kid", kid);
        }
        self.recipient.encrypt(token.as_bytes(), header)
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
    let line = view::issued_json(&content.written(token), &members, claims);
    ui.result(line.as_bytes())?;
    Ok(Exit::Done)
}

/// The header of a token that was made here.
pub(in crate::cli) fn header_of(token: &str) -> Result<Object, Failure> {
    Ok(decode_header(token.split('.').next().unwrap_or_default())?)
}
