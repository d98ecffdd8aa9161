//! The flags of `jott issue` that need parsing.

use std::collections::HashSet;

use crate::cli::args::IssueArgs;
use crate::cli::assignment::{Assignment, Value};
use crate::cli::failure::Failure;
use crate::text::escape;
use crate::text::time::{Moment, Timestamp};

/// Header parameters that change how a token is read.
const NOT_SETTABLE: &[&str] = &["crit", "b64", "zip"];

/// Header parameters that an encryption sets itself (RFC 7516 section 4.1, RFC 7518 sections 4.6 to 4.8).
pub(super) const OF_ENCRYPTION: &[&str] = &["enc", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"];

/// The parsed flags.
pub(super) struct Asked {
    pub(super) claims: Vec<Assignment>,
    pub(super) header: Vec<Assignment>,
    pub(super) exp: Option<When>,
    pub(super) iat: Option<When>,
    pub(super) nbf: Option<Moment>,
}

/// A time, or no time at all. A distance is counted from where a token is made: until then claims or a key may be
/// waited for.
#[derive(Clone, Copy)]
pub(super) enum When {
    At(Moment),
    Never,
}

impl Asked {
    pub(super) fn read(args: &IssueArgs, now: Timestamp) -> Result<Self, Failure> {
        let time = |text: &str, without: &str| {
            Moment::parse(text, now).map_err(|error| match text {
                "never" | "none" => Failure::usage(error.message).hint(without),
                _ => error.into(),
            })
        };
        let when = |text: &Option<String>, none: &str, without| -> Result<Option<When>, Failure> {
            match text.as_deref() {
                None => Ok(None),
                Some(text) if text == none => Ok(Some(When::Never)),
                Some(text) => Ok(Some(When::At(time(text, without)?))),
            }
        };
        let nbf = args
            .nbf
            .as_deref()
            .map(|text| time(text, "without `--nbf` there is no `nbf`"))
            .transpose()?;
        let header = assignments("--header", &args.header)?;
        for Assignment { name, .. } in &header {
            refuse_parameter(name, args)?;
        }
        let claims = assignments("--claim", &args.claims)?;
        for Assignment { name, .. } in &claims {
            refuse_pointer("--claim", name)?;
        }
        for name in &args.without {
            refuse_pointer("--without", name)?;
        }
        Ok(Asked {
            claims,
            header,
            exp: when(&args.exp, "never", "`--exp never` leaves `exp` out")?,
            iat: when(&args.iat, "none", "`--iat none` leaves `iat` out")?,
            nbf,
        })
    }
}

/// Refuses parameters of the header that are not for `--header` to set.
fn refuse_parameter(name: &str, args: &IssueArgs) -> Result<(), Failure> {
    let is_encrypted = !args.encrypt_to.is_empty();
    let hint = match name {
        "alg" => "`--alg` does, among the algorithms of the key",
        "cty" if is_encrypted && !args.key.key.is_empty() => {
            "with `--encrypt-to` it says `JWT`, since a signed token is inside (RFC 7519 section 5.2)"
        }
        "enc" if is_encrypted => "`--enc` does, among those that the key is for",
        "apu" | "apv" if is_encrypted => {
            "it changes the key that is agreed on (RFC 7518 section 4.6.2), and jott writes none"
        }
        _ if is_encrypted && OF_ENCRYPTION.contains(&name) => {
            "the encryption does, where it needs it"
        }
        _ if NOT_SETTABLE.contains(&name) => {
            "it changes how a token is read, and jott makes none that others refuse"
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(format!("`--header` does not set `{name}`")).hint(hint))
}

/// Elsewhere `/address/city` is a nested value, and `header.kid` is a value of the header. Here
/// both would be claims with exactly these names, which hardly anybody wants.
fn refuse_pointer(flag: &str, name: &str) -> Result<(), Failure> {
    let shown = escape::shorten(name, 60);
    let failure = || {
        Failure::usage(format!(
            "`{flag} {shown}` would be a claim of that very name"
        ))
    };
    if let Some(parameter) = name.strip_prefix("header.") {
        return Err(failure().hint(match flag {
            "--claim" => format!(
                "`--header {}=TEXT` sets a parameter of the header",
                escape::shorten(parameter, 60)
            ),
            _ => "`--kid none` and `--typ none` leave parameters of the header out".to_owned(),
        }));
    }
    let Some(path) = name.strip_prefix('/') else {
        return Ok(());
    };
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    let parts: Vec<&str> = path.split('/').collect();
    let hint = match parts.as_slice() {
        [only] if plain(only) => format!("`{flag} {only}` names the claim"),
        [first, ..] if plain(first) && flag == "--without" => {
            format!("a claim is left out whole: `--without {first}`")
        }
        [first, inner @ ..] if parts.iter().all(|part| plain(part)) && inner.len() <= 8 => {
            let inner = inner
                .iter()
                .rev()
                .fold("\"TEXT\"".to_owned(), |value, name| {
                    format!("{{\"{name}\":{value}}}")
                });
            format!("a value within another is `--claim '{first}:={inner}'`")
        }
        _ => "a value within another is `--claim 'NAME:=JSON'`".to_owned(),
    };
    let failure = failure().hint(hint);
    Err(match flag {
        "--claim" => failure.hint("`--claims FILE` takes a name as it is, whatever it begins with"),
        _ => failure,
    })
}

pub(super) fn assignments(flag: &str, texts: &[String]) -> Result<Vec<Assignment>, Failure> {
    let mut all: Vec<Assignment> = Vec::new();
    let mut names = HashSet::new();
    for text in texts {
        let one = Assignment::parse(flag, text)?;
        if one.name.ends_with('~') && matches!(one.value, Value::Text(_)) {
            let shown = escape::shorten(text, 60);
            return Err(Failure::usage(format!(
                "`{flag} {shown}` is a pattern, and a token has values"
            ))
            .hint(format!(
                "`{flag} NAME=TEXT` sets a value; `jott verify` has patterns"
            )));
        }
        if !names.insert(one.name.clone()) {
            let name = escape::shorten(&one.name, 60);
            return Err(Failure::usage(format!("`{flag} {name}` is given twice"))
                .hint(format!("an array is {flag} '{name}:=[\"a\",\"b\"]'")));
        }
        all.push(one);
    }
    Ok(all)
}
