//! What a token is made from: another token, and a file of claims.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::operand::Operand;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::keys::named_file::{self, Unread};
use crate::keys::{Say, read_bounded};
use crate::text::escape;
use crate::token::decode::{Payload, TokenForm, decode};
use crate::token::json::{NotObject, Object};
use crate::token::pasted::strip;

/// The largest file of claims.
const MAX_CLAIMS_BYTES: u64 = 16 << 20;

/// The content of the token that `--from` gives.
pub(super) struct From {
    pub(super) header: Object,
    pub(super) claims: Object,
    /// Whether its claims were disclosed one by one: the claims are those, and its `typ` is of that form.
    pub(super) is_sd_jwt: bool,
}

pub(super) fn input<'o, 'a>(
    operand: Option<&'o OsString>,
    purpose: &'static str,
    ui: &mut Ui<'_, 'a>,
) -> Result<Option<Operand<'o, 'a>>, Failure> {
    let operand = operand.map(|operand| Operand::of(operand, purpose, ui));
    operand.transpose()
}

pub(super) fn read_from(input: Operand<'_, '_>, say: Say<'_>) -> Result<From, Failure> {
    let (bytes, file) = match input {
        Operand::Stdin(reader) => (text_input::read_token(reader)?, None),
        Operand::Given(operand) => (operand.as_encoded_bytes().to_vec(), Some(operand)),
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(Exit::NotAToken, "the token of `--from` is not UTF-8")
            .hint("give it as text, `--from -` reads it from a pipe")
    })?;
    let bare = strip(&text).token;
    let token =
        decode(bare).map_err(|malformed| match file.filter(|f| Path::new(f).is_file()) {
            Some(file) => {
                let name = escape::shorten(&file.to_string_lossy(), 60);
                Failure::new(Exit::NotAToken, malformed.message)
                    .hint(format!("there is a file of that name: `--from - < {name}`"))
            }
            None => Failure::from(malformed),
        })?;
    let disclosed = token.disclosed_claims().transpose();
    let is_sd_jwt = matches!(token.form, TokenForm::SdJwt { .. });
    let Payload::Claims(claims) = token.payload else {
        return Err(Failure::new(
            Exit::NotAToken,
            "the token of `--from` has no claims: its payload is not a JSON object",
        )
        .hint("`--claims FILE` takes claims from a file"));
    };
    let disclosed = disclosed.map_err(|why| {
        let message = "the disclosures of the token of `--from` do not belong to it";
        Failure::new(Exit::NotAToken, message).cause(why.message)
    })?;
    if disclosed.is_some() {
        say(
            "the token of `--from` is an SD-JWT: its disclosed claims are taken as any other, and its `typ` is not; `--sd NAME` discloses one by itself again",
        );
    }
    let claims = disclosed.unwrap_or(claims);
    refuse_duplicate("the token of `--from`", &claims)?;
    refuse_duplicate("the header of the token of `--from`", &token.header)?;
    Ok(From {
        header: token.header,
        claims,
        is_sd_jwt,
    })
}

pub(super) fn read_claims(input: Operand<'_, '_>, say: Say<'_>) -> Result<Object, Failure> {
    let (bytes, what) = match input {
        Operand::Stdin(reader) => {
            let mut bytes = Vec::new();
            let read = read_bounded(reader, MAX_CLAIMS_BYTES, &mut bytes);
            if !read.map_err(|e| Failure::input(&e))? {
                return Err(too_large("standard input"));
            }
            (bytes, "standard input".to_owned())
        }
        Operand::Given(file) => {
            let what = escape::shorten(&file.to_string_lossy(), 120);
            let read = named_file::read(Path::new(file), &what, MAX_CLAIMS_BYTES, say);
            let mut bytes = read.map_err(|why| unread_claims(&what, &why))?.bytes;
            (std::mem::take(&mut *bytes), what)
        }
    };
    let bare = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&bytes)
        .to_vec();
    let object =
        Object::parse_or_return(bare).map_err(|(bytes, why)| not_claims(&what, &bytes, why))?;
    refuse_duplicate(&what, &object)?;
    Ok(object)
}

fn too_large(what: &str) -> Failure {
    Failure::new(
        Exit::NotAToken,
        format!("the claims in {what} are larger than 16 MiB"),
    )
}

fn unread_claims(what: &str, why: &Unread) -> Failure {
    let failure = Failure::unread(format_args!("the claims in {what}"), why);
    match why {
        Unread::TooLarge(_) => too_large(what),
        Unread::Silent(_) => {
            failure.hint("`… | jott issue --claims -` waits for a pipe as long as it takes")
        }
        Unread::System(_) if what.starts_with('{') => {
            failure.hint("JSON comes from a pipe, `… | jott issue --claims -`, and one claim from `--claim NAME=TEXT`")
        }
        Unread::Folder | Unread::System(_) => failure,
    }
}

fn not_claims(what: &str, bytes: &[u8], why: NotObject) -> Failure {
    let failure = Failure::new(
        Exit::NotAToken,
        format!("{what} does not hold claims: a JSON object"),
    );
    match why {
        NotObject::Kind(kind) => failure.cause(format!("it holds {kind}")),
        NotObject::NotJson(_) if bytes.is_empty() => failure.cause("it is empty"),
        NotObject::NotJson(_) if text_input::is_utf16(bytes) => {
            failure.cause("it is UTF-16 text").hint("write it as UTF-8")
        }
        NotObject::NotJson(e) => {
            let before = bytes.get(..e.offset).unwrap_or(bytes);
            let lines = before.split(|b| *b == b'\n');
            let (line, column) = lines.fold((0_usize, 0), |(n, _), l| {
                (n.saturating_add(1), l.len().saturating_add(1))
            });
            failure.cause(format!("{} at line {line}, column {column}", e.problem()))
        }
    }
}

fn refuse_duplicate(what: &str, object: &Object) -> Result<(), Failure> {
    match object.duplicate() {
        Some(name) => Err(Failure::new(
            Exit::NotAToken,
            format!("{what} has `{}` twice", escape::shorten(name, 60)),
        )
        .hint("a token that says two things is refused by careful readers: keep one")),
        None => Ok(()),
    }
}
