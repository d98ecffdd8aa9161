//! What to do about a fault, in words: the one place that turns an [`Advice`] into a sentence, and
//! knows which flags and sources the running command has.

mod claims;
mod foreign;
mod place;
mod signature;
mod token;

use crate::cli::source_forms;
use crate::keys::{BadSource, Gives, Source, SourceForm};
use crate::text::time;
use crate::token::advice::{Advice, Pick};
use crate::token::algorithm::Algorithm;

/// The command that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// None yet: the command line could not be read.
    Nothing,
    /// `jott issue`
    Issue,
    /// The same, about the key of a recipient.
    Sealing,
    /// `jott decode`
    Decode,
    /// `jott verify`
    Verify,
    /// The same, about a key that opens encrypted tokens.
    Opening,
    /// `jott serve-demo`
    ServeDemo,
    /// `jott fetch`
    Fetch,
    /// `jott doctor`
    Doctor,
    /// `jott key generate`
    KeyGenerate,
    /// `jott key add`
    KeyAdd,
    /// `jott key list`
    KeyList,
    /// `jott key show`
    KeyShow,
    /// `jott key rename`
    KeyRename,
    /// `jott key remove`
    KeyRemove,
    /// `jott completions`
    Completions,
}

impl Running {
    /// The flag that names the place of a key; none where the key is an entry of the keyring.
    pub(super) fn key_flag(self) -> Option<&'static str> {
        match self {
            Running::Issue
            | Running::Decode
            | Running::Verify
            | Running::ServeDemo
            | Running::KeyShow => Some("--key"),
            Running::Sealing => Some("--encrypt-to"),
            Running::Opening => Some("--decrypt-key"),
            Running::KeyAdd => Some("--from"),
            Running::Nothing
            | Running::Doctor
            | Running::Fetch
            | Running::KeyGenerate
            | Running::KeyList
            | Running::KeyRename
            | Running::KeyRemove
            | Running::Completions => None,
        }
    }

    /// What comes from the places that the command takes.
    fn gives(self) -> &'static [Gives] {
        match self {
            Running::Verify => source_forms::VERIFYING_KEY,
            Running::KeyAdd | Running::KeyShow | Running::Sealing => source_forms::ANY_KEY,
            Running::Decode | Running::Opening => source_forms::CONTENT,
            _ => source_forms::SIGNING_KEY,
        }
    }

    /// Whether public keys of others are accepted: keys from the network are public.
    fn takes_public_keys(self) -> bool {
        self.gives().contains(&Gives::PublicKeys)
    }

    /// The forms of a place that the command takes.
    fn source_forms(self) -> String {
        let (words, prefixes): (Vec<_>, Vec<_>) =
            source_forms::forms(self.gives()).partition(|form| form.placeholder.is_empty());
        let prefixes = prefixes
            .into_iter()
            .map(|form| format!("{}{}", form.prefix, other_beginnings(form)));
        let words = words.into_iter().map(SourceForm::pattern);
        format!(
            "start it with {}, or write {}; a key that `jott key list` names is `keyring:NAME`",
            one_of(prefixes),
            one_of(words)
        )
    }
}

/// The places of a passphrase.
pub(super) fn passphrase_forms() -> String {
    forms_on_this_machine(|_| true)
}

/// The forms of places on this machine that may be used for a purpose.
pub(super) fn forms_on_this_machine(may_be: impl Fn(&SourceForm) -> bool) -> String {
    let all = Source::ALL.iter();
    let local = all.filter(|form| form.gives == Gives::Content && may_be(form));
    let forms = local.map(|form| format!("{}{}", form.pattern(), other_beginnings(form)));
    format!("write {}", one_of(forms))
}

/// The other beginnings of a form, in brackets.
fn other_beginnings(form: &SourceForm) -> String {
    match form.beginnings {
        [] => String::new(),
        several => format!(" (or {})", several.join(", ")),
    }
}

/// Some words in a row, with `or` before the last.
pub(super) fn one_of(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [several @ .., last] if !several.is_empty() => format!("{} or {last}", several.join(", ")),
        words => words.concat(),
    }
}

/// The advice as a sentence for the user of the running command.
#[expect(clippy::too_many_lines, reason = "a table: one row for each advice")]
pub(super) fn sentence(advice: &Advice, running: Running) -> String {
    let key = running.key_flag();
    match advice {
        Advice::Token(advice) => token::sentence(*advice, running),
        Advice::File(advice) => place::file(*advice).into(),
        Advice::Network(advice) => place::network(*advice).into(),
        Advice::Keyring(advice) => place::keyring(advice, running),
        Advice::Convert(form) => foreign::command(*form).into(),
        Advice::EditJson(place, edit) => foreign::json(*place, edit),
        Advice::NameIssuer(_) | Advice::NameAddress { .. } | Advice::AskKubernetes
            if !running.takes_public_keys() =>
        {
            "name the private key or the secret that signs: the keys there are public".into()
        }
        Advice::NameIssuer(issuer) => {
            let issuer = issuer.as_deref().unwrap_or("URL");
            format!("name the issuer instead: issuer:{issuer}")
        }
        Advice::NameAddress { member, url } => {
            format!("name the address in `{member}` instead: {url}")
        }
        Advice::AskKubernetes => {
            "`kubectl get --raw /openid/v1/jwks > jwks.json` asks as you: then name ./jwks.json".into()
        }
        Advice::SaveKey => {
            "a set is {\"keys\":[…]}; a single key can be saved, and named as a file: ./key.json".into()
        }
        Advice::LeaveOne => "keep only one of them in the file".into(),
        Advice::LeaveKey => {
            "remove all but the key: it may be PEM, a JWK, or the base64 of its DER".into()
        }
        Advice::LeaveLine => "remove all but its line".into(),
        Advice::CopyKey => "the line is `-----BEGIN …-----`: copy the key again".into(),
        Advice::MoveToken => match running {
            Running::Issue | Running::Sealing => {
                let flag = key.unwrap_or("--key");
                format!("the token goes after `--from`, and the key after `{flag}`")
            }
            Running::Decode | Running::Verify | Running::Opening => {
                let flag = key.unwrap_or("--key");
                format!("the token goes last, and the key after `{flag}`")
            }
            _ => "`jott verify` checks a token: the token goes last, and the key after `--key`".into(),
        },
        Advice::ExportPrimes => {
            "export it with `p`, `q`, `dp`, `dq` and `qi`, or take the PEM it came from".into()
        }
        Advice::WidenNumbers => "the program that wrote it has to write every number of the key as wide as the curve; the PEM that the key came from can be read".into(),
        Advice::NameAlgorithmOfKey(meant) => format!(
            "JOSE calls it {}: correct it in the JWK, or leave `alg` out",
            meant.name()
        ),
        Advice::NameSomeKey => {
            let forms = suggested(|form| running.takes_public_keys() || form.gives != Gives::PublicKeys);
            let forms = forms.map(|form| format!("`-k {form}`")).collect::<Vec<_>>();
            let decode = match running {
                Running::Verify => "; `jott decode` of a token says which",
                _ => "",
            };
            format!("name one: {}; or set JOTT_SECRET{decode}", forms.join(", "))
        }
        Advice::NamePrivateKey => {
            let flag = match running {
                Running::Opening => "--decrypt-key",
                _ => "-k",
            };
            format!("name the private key that belongs to it: `{flag} ./private.pem`, `{flag} env:NAME`")
        }
        Advice::GivePrivateKey => "give the private key that it belongs to".into(),
        Advice::TakeSigningUse => {
            "take a key that is for them: its `use` is `sig`, or it has none".into()
        }
        Advice::TakeEncryptionUse => {
            "take a key that is for encryption: its `use` is `enc`, or it has neither `use` nor the `alg` of a signature".into()
        }
        Advice::TakeKeyManagement(allowed) => match allowed.as_slice() {
            [] => "take a key for encryption: RSA, EC, X25519 or a secret".into(),
            allowed => {
                let allowed: Vec<&str> = allowed.iter().map(|alg| alg.name()).collect();
                format!("it is for {}", allowed.join(", "))
            }
        },
        Advice::FitSecret(bytes) => format!(
            "where the text of the secret stands for {bytes} bytes, `--key-encoding base64url`, `base64` or `hex` says how"
        ),
        Advice::DeriveKey => {
            "a session cookie of NextAuth.js or Auth.js opens with a key that is derived from the secret: `--key-derivation nextauth:COOKIE_NAME`".into()
        }
        Advice::CheckDerivation => {
            "the name of the cookie is part of the key: give it as the browser has it, with `__Secure-` or `__Host-` where it begins so; the values of a cookie in parts (`.0`, `.1`) are joined first. With this secret, NextAuth.js 4 and Auth.js 5 were both tried".into()
        }
        Advice::LeaveDerivation => "`--key-derivation` is for those cookies: leave it out".into(),
        Advice::CorrectUse => {
            "correct one of them in the JWK: where a key is to encrypt, its `use` is `enc`".into()
        }
        Advice::TakeUnboundKey => {
            "take another key, or correct `alg` in the JWK or leave it out: it binds the key to one algorithm (RFC 7517 section 4.4)".into()
        }
        Advice::TakeKeyItself { set } => {
            let alone = "a key that is named alone is tried whatever its `kid`";
            match set.as_slice() {
                [] => alone.into(),
                set => format!("the set has {}; {alone}", set.join(", ")),
            }
        }
        Advice::EncryptAnew => {
            "ask its issuer to encrypt with RSA-OAEP-256 or ECDH-ES; the header can be read: `jott decode`".into()
        }
        Advice::AllowInflated => "`--max-inflated BYTES` allows more".into(),
        Advice::PresentWithProof => "its holder adds a proof behind the last tilde, for one verifier (`aud`) and one request (`nonce`); what an issuer hands out has none".into(),
        Advice::PresentAnew => "its holder has to present it again: the proof covers one choice of disclosures".into(),
        Advice::DecodeOpened => "`jott decode --key SOURCE` shows what is inside".into(),
        Advice::NameDecryptionKey => {
            "`--decrypt-key SOURCE` names the key that opens it; `jott decode` shows what its header says".into()
        }
        Advice::ChooseSignature => {
            "where signed JSON is expected, `--signature any` judges it by any good signature, `--signature 1` or `--signature kid:KID` by that one; `jott decode` shows it".into()
        }
        Advice::TakeOperation(operation) => {
            format!("take a key whose `key_ops` has `{operation}`, or that has none")
        }
        Advice::TakeAlgorithm(allowed) => {
            let allowed: Vec<&str> = allowed.iter().copied().map(Algorithm::name).collect();
            format!("it is for {}", allowed.join(", "))
        }
        Advice::TakeKey { keys, by } => {
            let keys = keys.join(", ");
            match by {
                Pick::Nothing => format!("it has {keys}"),
                Pick::Kid => format!("`--kid ID` picks one of {keys}"),
                Pick::Algorithm => format!("`--alg ALG` picks one of {keys}"),
                Pick::KidOrAlgorithm => {
                    format!("`--kid ID` or `--alg ALG` picks one of {keys}")
                }
                Pick::Leaving => format!("keep only one in the set: {keys}"),
            }
        }
        Advice::CheckEmptyPassphrase => {
            "is the place that is named for it empty?".into()
        }
        Advice::CheckPassphrase => {
            "is it that of another key, or does it end with white space?".into()
        }
        Advice::NameKey => match key {
            Some(flag) => {
                let forms = suggested(|form| form.gives == Gives::Content).collect::<Vec<_>>().join(", ");
                format!("`{flag} SOURCE` names the place of a key: {forms}")
            }
            None if running == Running::Fetch || running == Running::Doctor => {
                forms_on_this_machine(|form| !form.may_ask)
            }
            None => "`jott key list` shows which keys there are".into(),
        },
        Advice::NameOtherKey if running == Running::Fetch => {
            forms_on_this_machine(|form| !form.may_ask)
        }
        Advice::NameOtherKey => {
            let flag = key.unwrap_or("--key");
            let forms = suggested(|form| form.gives == Gives::Content && !form.may_ask);
            let forms = forms.map(|form| format!("`{flag} {form}`")).collect::<Vec<_>>();
            format!("name another place: {}", forms.join(", "))
        }
        Advice::WriteSource => running.source_forms(),
        Advice::WriteAs {
            prefix,
            placeholder,
            example,
        } => {
            let such_as = if example.is_empty() { "" } else { ", such as " };
            format!("write {prefix}{placeholder}{such_as}{example}")
        }
        Advice::WriteUrl => {
            "write https://HOST/PATH; a JWK Set is public, and needs no password".into()
        }
        Advice::MarkPath => "there is a file of that name here: begin it with `./`".into(),
        Advice::TryAgain => match running {
            Running::KeyGenerate => {
                "try again, or keep the key in a file: `--out ./key.pem`".into()
            }
            _ if key.is_some() => {
                "try again, or name another place of the key: env:NAME, ./key.pem".into()
            }
            _ => "try again".into(),
        },
        Advice::NamePlaceItself => {
            let flag = key.unwrap_or("--key");
            let variable = match running {
                Running::Decode | Running::Opening | Running::Sealing => "",
                _ => ", or JOTT_KEY_SOURCE for the variable",
            };
            format!("give the place itself: `{flag} SOURCE`{variable}; `--key-encoding raw` takes the text for a secret")
        }
        Advice::InstallKeyProgram => "install it there; `jott help key-protocol` says what such a program has to do".into(),
        Advice::AskKeyProgram => "`jott help key-protocol` says what such a program has to do".into(),
        Advice::SetVariable => {
            format!("set and export it, or name another place: {}", running.source_forms())
        }
        Advice::LoadVariables { name, line } => {
            let flag = key.unwrap_or("--key");
            let variable = name.as_deref().unwrap_or("NAME");
            let which = match name {
                Some(_) => String::new(),
                None => format!(", such as that of line {line}"),
            };
            format!("`set -a; . ./.env` loads it, and `{flag} env:{variable}` names the variable{which}")
        }
        Advice::KnownForms => {
            "keys are JWK, JWKS, PEM, DER (PKCS#1, PKCS#8, SEC1, SPKI, X.509) or OpenSSH, or secrets of 32 bytes and more".into()
        }
        Advice::ReadRaw => "`--key-encoding raw` takes every byte as it is".into(),
        Advice::NameEncoding => "`--key-encoding` takes utf8, raw, base64, base64url or hex".into(),
        Advice::NamePassphrase => "`--passphrase env:NAME` names a variable that has it".into(),
        Advice::NameOtherPassphrase => {
            "name another place: `--passphrase env:NAME`, `--passphrase ./file`".into()
        }
        Advice::PutPassphrase => format!("put the passphrase there, or {}", passphrase_forms()),
        Advice::MakeKey => "`jott key generate` makes a good one".into(),
        Advice::MakeRsaKey => {
            "`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem` makes a good one".into()
        }
        Advice::MakeUnrestrictedKey => {
            "`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem` makes one without a restriction".into()
        }
        Advice::MakeEcKey => {
            "`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem` makes one for ES256".into()
        }
        Advice::MakeSecret {
            bytes,
            may_be_allowed,
            fits_as_text,
        } => {
            let mut words = format!("`openssl rand -hex {bytes}` makes a good one");
            if *may_be_allowed {
                words.push_str("; `--allow-weak-key` accepts this one anyway");
            }
            if *fits_as_text {
                words.push_str("; where the text of `k` is the secret itself, as some libraries write it, `jq -r .k key.json` takes it out");
            }
            words
        }
        Advice::LeaveSize => "`--bits` is for RSA keys".into(),
        Advice::TakeSize(bits) => format!("`--bits {bits}`"),
        Advice::KeepAsPem => "`jott key show --private --pem` prints it as it is".into(),
        Advice::AllowLeeway(leeway) => {
            format!("clocks may differ: `--leeway {leeway}` would accept it")
        }
        Advice::GetNewToken => "get a new one; `--at TIME` checks a token as of then".into(),
        Advice::GetWellFormed => {
            "`jott decode` shows what can be read of it; ask its issuer for a new token".into()
        }
        Advice::ReadError(said) => format!("it says: {said}"),
        Advice::AllowNoExp => "`--allow-no-exp` accepts that".into(),
        Advice::AllowPadding => {
            let allow = match running {
                Running::Verify => "`--allow-padding` judges it as it stands",
                _ => "`jott verify --allow-padding` judges it as it stands",
            };
            format!("as AWS load balancers sign tokens, the padding is signed too: {allow}")
        }
        Advice::CheckSignatureOnly => {
            "`--signature-only` checks the signature over any payload".into()
        }
        Advice::CheckDetached => "its payload is empty: if it is detached (RFC 7515 appendix F), `--signature-only --payload FILE` checks it with the payload that was sent beside it".into(),
        Advice::GiveCertificates => {
            "certificates are PEM blocks (`-----BEGIN CERTIFICATE-----`), or one in DER".into()
        }
        Advice::GiveRevocations => {
            "revocation lists are PEM blocks (`-----BEGIN X509 CRL-----`), or one in DER".into()
        }
        Advice::BeginWithOwnCertificate => {
            "the file begins with the certificate of `--key`, and those above it follow".into()
        }
        Advice::NameKeyOfCertificate => {
            let (whose, flag) = match running {
                Running::Sealing => ("recipient", "--encrypt-to"),
                _ => ("signer", "--key"),
            };
            format!("the certificate or the key of the {whose} is a source of its own: `{flag} ./cert.pem`")
        }
        Advice::CheckUnencoded => {
            "`--signature-only --payload FILE` checks a detached signature over such a payload".into()
        }
        Advice::EndWithLineBreak => "it does match with a line break at the end of the payload, which `$(…)` or an editor may have taken off".into(),
        Advice::EndWithoutLineBreak => "it does match without the line break at the end of the payload, which an editor may have added".into(),
        Advice::CheckAttached => {
            "leave `--payload` out: the signature is checked over what is in the token".into()
        }
        Advice::VerifyInner => "the signature of the outer token is valid: verify the payload as a token of its own".into(),
        Advice::Sign => "anyone can write such a token: its issuer has to sign it".into(),
        Advice::NameAlgorithm(Some(meant)) => format!(
            "JOSE calls it {}, and names are compared exactly: its issuer has to write that (RFC 7515 section 4.1.1)",
            meant.name()
        ),
        Advice::NameAlgorithm(None) => {
            "names are compared exactly; `jott verify --help` lists those that are known".into()
        }
        Advice::CheckNats => {
            "it is a token of NATS, signed with Ed25519 by the nkey in its `iss`: `nsc` and the libraries of NATS check it".into()
        }
        Advice::UnderstandExtensions => {
            "only a verifier that knows these extensions may accept it (RFC 7515 section 4.1.11)".into()
        }
        Advice::WriteInHexadecimal => "a secret that has it by chance can be given in hexadecimal, with `--key-encoding hex`: `base64 -d secret.txt | xxd -p` where its bytes are meant, `tr -d '\\n' < secret.txt | xxd -p` where its text is".into(),
        Advice::WriteBase64url => {
            "write it in base64url (RFC 7515 section 2): `-` for `+`, `_` for `/`, and no `=`".into()
        }
        Advice::CountSeconds => {
            "a NumericDate counts seconds since 1970 (RFC 7519 section 2)".into()
        }
        Advice::NameAudience => "name yours with `--aud`: this issuer signs tokens for others too; `--any-aud` accepts any audience".into(),
        Advice::AcceptIssuer => "an issuer's keys are for its own tokens; `--iss` accepts those of another".into(),
        Advice::NameAddressOfSet { label } => format!(
            "if {label} may sign for this issuer too, name its keys by the address of their set: `--key https://…`"
        ),
        Advice::Compare(near) => claims::sentence(near),
        Advice::Signature(diagnosis) => signature::sentence(diagnosis),
        Advice::ReadFile {
            name,
            is_folder: true,
        } => format!("there is a folder of that name: `{} < {name}/FILE`", reader(running)),
        Advice::ReadFile {
            name,
            is_folder: false,
        } => format!("there is a file of that name: `{} < {name}`", reader(running)),
        Advice::TakeTokenOut { member } => format!(
            "`jq -r .{member}` takes the token out of it; `jott verify --find` checks every token in a text"
        ),
        Advice::RedirectFile { name } => {
            format!("a file is read from standard input: `{} < {name}`", reader(running))
        }
        Advice::TakeSetOfIssuer { keys } if keys.is_empty() => {
            "is this the key set of the token's issuer?".into()
        }
        Advice::TakeSetOfIssuer { keys } => format!(
            "the set has {}: is it that of the token's issuer, and up to date?",
            keys.join(", ")
        ),
        Advice::TakeKeysOfItsIssuer { named, own } => {
            format!("the token says that {named} issued it, and the keys are those of {own}")
        }
        Advice::FetchAnew { age, also } => {
            let age = age.as_nanos().try_into().unwrap_or(i128::MAX);
            let age = time::span_words(age);
            let anew = format!("`--no-cache` fetches the keys again: these are {age} old");
            match also.as_ref().map(|also| sentence(also, running)) {
                Some(before) if before.ends_with('?') => format!("{before} {anew}"),
                Some(before) => format!("{before}; {anew}"),
                None => anew,
            }
        }
        Advice::NameSet => {
            let flag = key.unwrap_or("--key");
            format!("`{flag} https://…` names the JWK Set of an issuer itself")
        }
        Advice::NameSetOrIssuer => {
            let flag = key.unwrap_or("--key");
            format!("name the URL of a JWK Set; `{flag} issuer:URL` finds that of an issuer")
        }
        Advice::CheckIssuer => {
            let flag = key.unwrap_or("--key");
            format!("is it the issuer, as `iss` has it in its tokens? `{flag} https://…` takes a JWK Set itself")
        }
        Advice::NameIssuerOfToken(issuer) => {
            format!("the token's `iss` is {issuer}: `--key issuer:{issuer}`")
        }
        Advice::NameIssuerExactly(issuer) => {
            let flag = key.unwrap_or("--key");
            format!("they differ by a slash at the end, and issuers are compared exactly: `{flag} issuer:{issuer}`")
        }
        Advice::FillIssuer(variable) => format!(
            "`{variable}` stands for what differs from token to token, such as the tenant: name the issuer as `iss` has it in the token"
        ),
        Advice::SaveSet => {
            let flag = key.unwrap_or("--key");
            format!("try again; a set that came another way can be a file: `{flag} ./jwks.json`")
        }
        Advice::TakePublicKey => "check it with the issuer's public key: `--key ./public.pem`, `--key issuer:URL`".into(),
        Advice::SuspectForgery => "a shared secret was used where a key pair is expected: the wrong key, or a forgery (RFC 8725 section 2.1)".into(),
    }
}

/// The suggested places among the forms that are wanted.
fn suggested(is_wanted: impl Fn(&SourceForm) -> bool) -> impl Iterator<Item = &'static str> {
    let wanted = Source::ALL.iter().filter(move |form| is_wanted(form));
    wanted.filter_map(|form| form.suggestion)
}

/// The command that reads a token in the same way as the running one.
fn reader(running: Running) -> &'static str {
    match running {
        Running::Verify => "jott verify",
        _ => "jott decode",
    }
}

/// Why the text that this flag has is not the place of a key.
pub(super) fn bad_source(bad: BadSource, flag: &str) -> String {
    match bad {
        BadSource::NoForm => format!("`{flag}` takes the place of a key, not the key itself"),
        BadSource::NameOfFile => {
            format!("`{flag}` takes the place of a key, and this has no form of one")
        }
        BadSource::Url(why) => format!("the URL in `{flag}` {why}"),
        BadSource::Unfit(form) => form.unfit.to_owned(),
    }
}
