//! `jott decode --get`: one value of a token.

use std::io::{self, Write as _};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::view::{self, unprintable};
use crate::text::escape;
use crate::token::decode::{Payload, Unverified};
use crate::token::json::{Json, Kind};
use crate::token::name::{Duplicate, Name};

pub(super) fn get(
    name: &str,
    as_json: bool,
    token: &Unverified<'_>,
    out: &mut Printer<'_, '_, '_>,
) -> io::Result<Exit> {
    let shown = escape::shorten(name, 60);
    let name = Name::parse(name);
    let disclosed = token.disclosed_claims();
    let (disclosed, undisclosed) = match &disclosed {
        Some(Ok(claims)) => (Some(claims.json()), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let find = |claims| name.find(token.header.json(), claims);
    // The digests themselves are in the claims as they were signed.
    let found = match find(disclosed) {
        Ok(None) => find(token.claims()),
        found => found,
    };
    let failure = match found {
        Ok(Some(value)) => match as_json || value.kind() != Kind::String {
            true => {
                view::write_json_value(value, out)?;
                return Ok(Exit::Done);
            }
            false => match value.as_str().filter(|text| escape::is_plain(text)) {
                Some(text) => {
                    writeln!(out, "{text}")?;
                    return Ok(Exit::Done);
                }
                None => unprintable(&shown),
            },
        },
        Ok(None) => {
            let absent = absent(&name, &shown, token, disclosed.or(token.claims()));
            match undisclosed.filter(|_| !matches!(name, Name::Header(_))) {
                None => absent,
                Some(why) => absent.cause(format!("nothing is disclosed: {}", why.message)),
            }
        }
        Err(Duplicate) => Failure::new(Exit::NotAToken, format!("the token has `{shown}` twice")),
    };
    out.ui.fail(&failure);
    Ok(failure.exit)
}

fn absent(name: &Name, shown: &str, token: &Unverified<'_>, claims: Option<Json<'_>>) -> Failure {
    let failure = Failure::new(Exit::Refused, format!("the token has no `{shown}`"));
    let (object, what) = match name {
        Name::Header(_) => (Some(token.header.json()), "the header"),
        Name::Claim(_) | Name::Pointer(_) => (claims, "it"),
    };
    match object {
        Some(object) => {
            let names: Vec<String> = object
                .members()
                .take(12)
                .map(|(n, _)| escape::shorten(&n, 30))
                .collect();
            let in_header = matches!(name, Name::Claim(claim) if token.header.get(claim).is_some());
            if in_header {
                failure.hint(format!("the header has it: `--get header.{shown}`"))
            } else if names.is_empty() {
                failure
            } else {
                failure.hint(format!("{what} has {}", names.join(", ")))
            }
        }
        None if matches!(token.payload, Payload::Sealed) => {
            failure.hint("it is encrypted: `--key SOURCE` opens it")
        }
        None => failure.hint("its payload is not a JSON object"),
    }
}
