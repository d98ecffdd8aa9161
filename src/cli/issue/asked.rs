//! The flags of `jott issue` that need parsing.

use std::collections::HashSet;

use crate::cli::args::IssueArgs;
use crate::cli::assignment::{Assignment, Value};
use crate::cli::failure::Failure;
use crate::text::escape;
use crate::text::time::{Moment, Timestamp};

/// Header parameters that `--header` does not set.
const NOT_SETTABLE: &[&str] = &["alg", "crit", "b64", "zip"];

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
        let refused = header
            .iter()
            .find(|a| NOT_SETTABLE.contains(&a.name.as_str()));
        if let Some(Assignment { name, .. }) = refused {
            let failure = Failure::usage(format!("`--header` does not set `{name}`"));
            return Err(match name.as_str() {
                "alg" => failure.hint("`--alg` does, among the algorithms of the key"),
                _ => failure
                    .hint("it changes how a token is read, and jott makes none that others refuse"),
            });
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
