//! What to do about a fault, in words: the one place that turns an [`Advice`] into a sentence, and
//! knows which flags and sources the running command has.

use crate::cli::args::KeyCommand;
use crate::cli::command_line::Command;
use crate::keys::BadSource;
use crate::text::escape;
use crate::text::time;
use crate::token::advice::{Advice, NearMiss, SourceForm, Spelling};
use crate::token::name::Name;
use crate::token::policy::{Expectation, Expected};

/// The command that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// None yet: the command line could not be read.
    Nothing,
    /// `jott issue`
    Issue,
    /// `jott decode`
    Decode,
    /// `jott verify`
    Verify,
    /// `jott serve-demo`
    ServeDemo,
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

impl From<&Command> for Running {
    fn from(command: &Command) -> Self {
        match command {
            Command::Issue(_) => Running::Issue,
            Command::Decode(_) => Running::Decode,
            Command::Verify(_) => Running::Verify,
            Command::ServeDemo(_) => Running::ServeDemo,
            Command::Key(key) => match key.command {
                KeyCommand::Generate(_) => Running::KeyGenerate,
                KeyCommand::Add(_) => Running::KeyAdd,
                KeyCommand::List(_) => Running::KeyList,
                KeyCommand::Show(_) => Running::KeyShow,
                KeyCommand::Rename(_) => Running::KeyRename,
                KeyCommand::Remove(_) => Running::KeyRemove,
            },
            Command::Completions(_) => Running::Completions,
        }
    }
}

impl Running {
    /// The flag that takes the place of a key; none where the key is an entry of the keyring.
    pub(super) fn key_flag(self) -> Option<&'static str> {
        match self {
            Running::Issue | Running::Verify | Running::ServeDemo | Running::KeyShow => {
                Some("--key")
            }
            Running::KeyAdd => Some("--from"),
            Running::Nothing
            | Running::Decode
            | Running::KeyGenerate
            | Running::KeyList
            | Running::KeyRename
            | Running::KeyRemove
            | Running::Completions => None,
        }
    }

    /// Whether keys of others do: those from the network are public.
    fn takes_public_keys(self) -> bool {
        matches!(self, Running::Verify | Running::KeyAdd | Running::KeyShow)
    }

    /// The forms of a place that the command takes.
    fn source_forms(self) -> &'static str {
        match self.takes_public_keys() {
            true => {
                "start it with env:, keyring:, file: (or /, ./, ../), fd:, https: or issuer:, or write stdin or prompt"
            }
            false => {
                "start it with env:, keyring:, file: (or /, ./, ../) or fd:, or write stdin or prompt"
            }
        }
    }
}

/// The places of a passphrase.
pub(super) const PASSPHRASE_FORMS: &str =
    "write env:NAME, keyring:NAME, file:PATH (or /, ./, ../), fd:N, stdin or prompt";

/// The advice as a sentence for whoever typed the running command.
#[expect(clippy::too_many_lines, reason = "a table: one row for each advice")]
pub(super) fn sentence(advice: &Advice, running: Running) -> String {
    let key = running.key_flag();
    match advice {
        Advice::Words(words) => words.clone(),
        Advice::NameKey => match key {
            Some(flag) => format!(
                "`{flag} SOURCE` names the place of a key: env:NAME, ./key.pem, keyring:NAME"
            ),
            None => "`jott key list` shows which keys there are".into(),
        },
        Advice::NameOtherKey => {
            let flag = key.unwrap_or("--key");
            format!("name another place: `{flag} env:NAME`, `{flag} ./key.pem`, `{flag} stdin`")
        }
        Advice::WriteSource => running.source_forms().into(),
        Advice::WriteForm(form) => source_form(*form).into(),
        Advice::WriteUrl => {
            "write https://HOST/PATH; whoever may read a JWK Set needs no password for it".into()
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
            "keys are JWK, JWKS, PEM or DER (PKCS#1, PKCS#8, SEC1, SPKI, X.509), or secrets of 32 bytes and more".into()
        }
        Advice::ReadRaw => "`--key-encoding raw` takes every byte as it is".into(),
        Advice::NameEncoding => "`--key-encoding` takes utf8, raw, base64, base64url or hex".into(),
        Advice::NamePassphrase => "`--passphrase env:NAME` names a variable that has it".into(),
        Advice::NameOtherPassphrase => {
            "name another place: `--passphrase env:NAME`, `--passphrase ./file`".into()
        }
        Advice::PutPassphrase => format!("put the passphrase there, or {PASSPHRASE_FORMS}"),
        Advice::MakeKey => "`jott key generate` makes a good one".into(),
        Advice::MakeRsaKey => {
            "`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem` makes a good one".into()
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
                words.push_str("; `--allow-weak-key` takes this one all the same");
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
        Advice::GetNewToken => "get a new one; `--at TIME` judges a token as of then".into(),
        Advice::GetWellFormed => {
            "`jott decode` shows what can be read of it; ask its issuer for a new token".into()
        }
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
        Advice::CheckUnencoded => {
            "`--signature-only --payload FILE` checks a detached signature over such a payload".into()
        }
        Advice::EndWithLineBreak => "it does match with a line break at the end of the payload, which `$(…)` or an editor may have taken off".into(),
        Advice::EndWithoutLineBreak => "it does match without the line break at the end of the payload, which an editor may have added".into(),
        Advice::CheckAttached => {
            "leave `--payload` out: the signature is checked over what is in the token".into()
        }
        Advice::VerifyInner => "the signature of the outer token is good: verify the payload as a token of its own".into(),
        Advice::VerifyIssued => "the part before the first `~` can be verified by itself; `jott decode` shows the disclosures".into(),
        Advice::DecodeHeader => {
            "`jott decode` shows what its header says; only its recipient can open it".into()
        }
        Advice::Sign => "anyone can write such a token: its issuer has to sign it".into(),
        Advice::NameAlgorithm(Some(meant)) => format!(
            "JOSE calls it {}, and names are compared exactly: whoever makes the token has to write that (RFC 7515 section 4.1.1)",
            meant.name()
        ),
        Advice::NameAlgorithm(None) => {
            "names are compared exactly; `jott verify --help` lists those that are known".into()
        }
        Advice::UnderstandExtensions => {
            "only a verifier that knows these extensions may accept it (RFC 7515 section 4.1.11)".into()
        }
        Advice::WriteInHexadecimal => "a secret that has it by chance can be given in hexadecimal, with `--key-encoding hex`: `base64 -d secret.txt | xxd -p` where its bytes are meant, `tr -d '\\n' < secret.txt | xxd -p` where its text is".into(),
        Advice::CountSeconds => {
            "a NumericDate counts seconds since 1970 (RFC 7519 section 2)".into()
        }
        Advice::NameAudience => "name yours with `--aud`: this issuer signs tokens for others too; `--any-aud` looks no further".into(),
        Advice::AcceptIssuer => "an issuer's keys are good for its own tokens; `--iss` accepts those of another".into(),
        Advice::NameAddressOfSet { label } => format!(
            "{label} may sign for it too where its own keys are named by the address of their set: `--key https://…`"
        ),
        Advice::Compare(near) => near_miss(near),
        Advice::TakeSetOfIssuer { keys } if keys.is_empty() => {
            "is this the key set of the token's issuer?".into()
        }
        Advice::TakeSetOfIssuer { keys } => format!(
            "the set has {}: is it that of the token's issuer, and up to date?",
            keys.join(", ")
        ),
        Advice::FetchAnew { age, also } => {
            let age = age.as_nanos().try_into().unwrap_or(i128::MAX);
            let age = time::span_words(age);
            let anew = format!("`--no-cache` fetches the keys anew: these are {age} old");
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

fn near_miss(near: &NearMiss) -> String {
    let shown = |name: &Name| escape::shorten(&name.to_string(), 60);
    match near {
        NearMiss::NotAString(kind, ask) => format!("it is {kind}, not a string: {}", claim(ask)),
        NearMiss::IsAString(kind, ask) => format!("it is a string, not {kind}: {}", claim(ask)),
        NearMiss::InArray(None) => "it is an array that has it".into(),
        NearMiss::InArray(Some(ask)) => {
            format!("it is an array that has it: {} is met by that", claim(ask))
        }
        NearMiss::Spelling(differ) => {
            let by = match differ {
                Spelling::Slash => "a slash at the end",
                Spelling::Space => "white space around them",
                Spelling::Case => "upper and lower case",
                Spelling::Scheme => {
                    "`api://` in front, which tokens of Microsoft Entra have in version 1 and not in version 2"
                }
            };
            format!("they differ by {by}, and values are compared exactly")
        }
        NearMiss::IsPattern(ask) => format!(
            "`*` stands for itself there: {} takes it for any text",
            claim(ask)
        ),
        NearMiss::HasWords(each) => {
            let each: Vec<String> = each.iter().map(claim).collect();
            format!("it has each of these words: {}", each.join(" "))
        }
        NearMiss::NumericIds(ask) => format!(
            "GitHub puts numeric ids behind the names of owner and repository: {} takes any ids; those of the token in their place keep out whoever gets the names later",
            claim(ask)
        ),
        NearMiss::NoNumericIds => "the token has the names of owner and repository without numeric ids: GitHub puts these into the tokens of repositories made since July 2026, and of those that ask for it".into(),
        NearMiss::Elsewhere(place, None) => format!("it stands in `{}`", shown(place)),
        NearMiss::Elsewhere(place, Some(ask)) => {
            format!("it stands in `{}`: {} asks for that", shown(place), claim(ask))
        }
        NearMiss::NameElsewhere(place) => format!("the token has `{}`", shown(place)),
    }
}

/// How to ask for a claim, ready to be pasted into a shell.
fn claim(asked: &Expectation) -> String {
    let text = asked.to_string();
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b);
    match matches!(asked.value, Expected::Text(_)) && text.bytes().all(is_word) {
        true => format!("`--claim {text}`"),
        false => format!("`--claim '{text}'`"),
    }
}

fn source_form(form: SourceForm) -> &'static str {
    match form {
        SourceForm::Variable => "write env:NAME; the value stays in the environment",
        SourceForm::Entry => "write keyring:NAME, such as keyring:default",
        SourceForm::File => "write file:PATH",
        SourceForm::Descriptor => "write fd:N, such as fd:3 with 3< key.pem",
        SourceForm::Issuer => "write issuer:https://…",
    }
}

/// Why a text names no place of a key, where this flag has it.
pub(super) fn bad_source(bad: BadSource, flag: &str) -> String {
    match bad {
        BadSource::NoForm => format!("`{flag}` takes the place of a key, not the key itself"),
        BadSource::NameOfFile => {
            format!("`{flag}` takes the place of a key, and this has no form of one")
        }
        BadSource::Url(why) => format!("the URL in `{flag}` {why}"),
        BadSource::Unfit(form) => match form {
            SourceForm::Variable => "`env:` is followed by the name of a variable, nothing else",
            SourceForm::Entry => "`keyring:` names no entry",
            SourceForm::File => "`file:` names no file",
            SourceForm::Descriptor => "`fd:` is followed by the number of an open file descriptor",
            SourceForm::Issuer => "`issuer:` names no address",
        }
        .into(),
    }
}
