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
pub(super) struct Sealing {
    source: KeySource,
    asked: RecipientAsked,
}

impl Sealing {
    /// The first key that is for encryption; other keys of a set may be for signatures.
    fn recipient(&self) -> Result<(&Key, Recipient<'_>), KeyFault> {
        let mut fault = None;
        for key in &self.source.keys {
            match Recipient::new(key, self.asked) {
                Ok(recipient) => return Ok((key, recipient)),
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
        let (key, recipient) = self.recipient()?;
        let times = content.times(ui.world.now);
        let mut claims = content.all_claims(given, &times)?;
        finish_claims(content, &mut claims, ui);
        let header = content.complete(recipient.header(), key.kid.as_deref());
        let token = recipient.encrypt(claims.text().as_bytes(), header)?;
        if !key.is_secret() {
            ui.note("the claims are encrypted and not signed: nothing says who made the token, and `--key SOURCE` would");
        }
        print(&token, &claims, content.args.json, ui)
    }

    /// Encrypts a token that was signed (RFC 7519 section 5.2).
    pub(super) fn seal_token(
        &self,
        token: &str,
        claims: &Members<'_>,
        as_json: bool,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Exit, Failure> {
        let (key, recipient) = self.recipient()?;
        let mut header = recipient.header();
        header.set_text("cty", "JWT");
        if let Some(kid) = &key.kid {
            header.set_text("kid", kid);
        }
        let token = recipient.encrypt(token.as_bytes(), header)?;
        print(&token, claims, as_json, ui)
    }
}

fn print(
    token: &str,
    claims: &Members<'_>,
    as_json: bool,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    if !as_json {
        ui.result(format!("{token}\n").as_bytes())?;
        return Ok(Exit::Done);
    }
    let header = decode_header(token.split('.').next().unwrap_or_default())?;
    let mut members = Members::new();
    members.extend(&header);
    ui.result(view::issued_json(token, &members, claims).as_bytes())?;
    Ok(Exit::Done)
}
