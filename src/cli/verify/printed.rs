//! What `jott verify` prints of a verdict.

use std::borrow::Cow;

use crate::cli::args::VerifyArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::report;
use crate::cli::ui::Ui;
use crate::cli::verdict::{Accepted, Verdict};
use crate::cli::verdict_json::verdict_json;
use crate::cli::view::{self, unprintable};
use crate::text::escape;
use crate::token::decode;
use crate::token::json::Object;
use crate::token::name::Name;
use crate::token::profile::Profile;

/// What kind of token this is, by what it says of itself, if that is more than a token of any kind.
pub(super) fn kind(token: &str) -> Option<Cow<'static, str>> {
    let unverified = decode(token).ok()?;
    Profile::told_apart(&unverified).map(|profile| profile.title)
}

/// Which of the tokens a report is about.
#[derive(Clone, Copy)]
pub(super) struct Heading<'a> {
    pub(super) number: usize,
    pub(super) of: usize,
    pub(super) kind: Option<&'a str>,
}

/// Prints a verdict.
pub(super) fn print(
    args: &VerifyArgs,
    verdict: &Verdict,
    heading: Heading<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<(), Failure> {
    for note in notes_of(verdict) {
        ui.note(note);
    }
    match (&args.get, verdict) {
        (Some(name), Ok(accepted)) => get(name, args.json, accepted, ui),
        _ if ui.quiet => Ok(()),
        (Some(_), Err(_)) => {
            let text = match args.json {
                true => verdict_json(verdict),
                false => report::report(verdict, heading.kind, ui.verbose, ui.err),
            };
            ui.aside(&text);
            Ok(())
        }
        (None, _) if args.json => ui.result(verdict_json(verdict).as_bytes()),
        (None, _) => {
            let Heading { number, of, kind } = heading;
            let text = report::report(verdict, kind, ui.verbose, ui.out);
            let gap = if number == 1 { "" } else { "\n" };
            let heading = match of {
                1 => String::new(),
                _ => format!(
                    "{gap}{}\n\n",
                    ui.out.bold(&format!("Token {number} of {of}"))
                ),
            };
            ui.result(format!("{heading}{text}").as_bytes())
        }
    }
}

fn notes_of(verdict: &Verdict) -> &[String] {
    match verdict {
        Ok(accepted) => &accepted.report().notes,
        Err(refused) => &refused.report.notes,
    }
}

fn get(name: &str, as_json: bool, accepted: &Accepted, ui: &mut Ui<'_, '_>) -> Result<(), Failure> {
    let shown = escape::shorten(name, 60);
    let header = accepted.report().header.as_ref();
    let claims = accepted.claims().map(Object::json);
    let found = header.map(|h| Name::parse(name).find(h.json(), claims));
    let Some(Ok(Some(value))) = found else {
        // `--get` implies `--require`, and names given twice were refused.
        return Err(Failure::new(
            Exit::Refused,
            format!("the token has no `{shown}`"),
        ));
    };
    let text = if as_json {
        Some(view::json_value(value))
    } else {
        view::bare_value(value)
    };
    ui.result(text.ok_or_else(|| unprintable(&shown))?.as_bytes())
}
