//! `jott doctor`: why an issuer does not work, and whether it would take a token.

mod report;
mod token;

use crate::cli::args::DoctorArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::doctor::{self, Diagnosis, Outcome};
use crate::keys::remote::{Caching, Network};
use crate::keys::{Address, Issuer};
use crate::text::escape;
use crate::text::url::with_scheme;

const ISSUER: &str = "the issuer is what stands in `iss` of its tokens, like https://issuer.example; `--mcp` takes the URL of a resource";
const RESOURCE: &str = "the resource is what clients call, like https://mcp.example/mcp";

/// What is looked at.
enum Asked {
    Issuer(Issuer),
    Resource(Address),
}

pub(super) fn run(args: &DoctorArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let asked = match args.mcp {
        true => Asked::Resource(read(&args.url, resource, RESOURCE)?),
        false => Asked::Issuer(read(&args.url, Issuer::parse, ISSUER)?),
    };
    let token = args.token.as_deref();
    let token = token.map(|source| token::read(source, ui)).transpose()?;
    let mut diagnosis = {
        let network = Network {
            env: ui.world.env,
            now: ui.world.now(),
            allow_http: args.allow_http,
            caching: Caching::Off,
        };
        match &asked {
            Asked::Resource(address) => doctor::of_resource(address, &network),
            Asked::Issuer(issuer) => doctor::of_issuer(issuer, &network),
        }
    };
    let issuers = std::mem::take(&mut diagnosis.issuers);
    let verdict = token.and_then(|token| token::judge(token, issuers, &args.aud, ui.world.now()));
    let is_refused = verdict.as_ref().is_some_and(Result::is_err);
    let text = match args.json {
        true => report::json(&diagnosis, verdict.as_ref()),
        false => report::report(&diagnosis, verdict.as_ref(), ui.verbose, ui.out),
    };
    if !ui.quiet || args.json {
        ui.result(text.as_bytes())?;
    }
    Ok(exit(&diagnosis, is_refused))
}

fn exit(diagnosis: &Diagnosis, is_refused: bool) -> Exit {
    let mut outcomes = diagnosis.findings().map(|finding| finding.outcome);
    match diagnosis.is_reached {
        false => Exit::System,
        true if is_refused || outcomes.any(|outcome| outcome == Outcome::Fail) => Exit::Refused,
        true => Exit::Done,
    }
}

/// The URL of a resource, which may have a query (RFC 9728 section 1.2).
fn resource(url: &str) -> Result<Address, &'static str> {
    match url.contains('#') {
        true => Err("has a fragment, which no resource has"),
        false => Address::parse(url),
    }
}

/// The URL as it is given; people leave out its scheme.
fn read<T>(
    url: &str,
    parse: fn(&str) -> Result<T, &'static str>,
    example: &str,
) -> Result<T, Failure> {
    parse(url).map_err(|why| {
        let shown = escape::shorten(url.split(['?', '#']).next().unwrap_or_default(), 120);
        let shown = if shown.contains('@') || shown.is_empty() {
            "the URL"
        } else {
            &shown
        };
        let bare = with_scheme(url);
        let failure = Failure::usage(format!("{shown} {why}"));
        match url.contains("://") || parse(&bare).is_err() {
            true => failure.hint(example),
            false => failure.hint(format!("did you mean {}?", with_scheme(shown))),
        }
    })
}
