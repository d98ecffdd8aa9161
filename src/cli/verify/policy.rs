//! The flags of `jott verify` as a policy.

use crate::cli::any_algorithm::AnyAlgorithm;
use crate::cli::args::VerifyArgs;
use crate::cli::assignment::{Assignment, Value};
use crate::cli::failure::Failure;
use crate::cli::text_input;
use crate::text::escape;
use crate::text::time::Span;
use crate::token::MAX_LEEWAY;
use crate::token::name::Name;
use crate::token::pattern::Pattern;
use crate::token::policy::{Expectation, Expected, KeyBinding, LeafPolicy, Policy};

/// The flags as a policy.
pub(super) fn policy(args: &VerifyArgs) -> Result<Policy, Failure> {
    let leeway = span(args.leeway.as_deref())?.unwrap_or_default();
    if leeway > MAX_LEEWAY {
        return Err(Failure::usage(format!(
            "a leeway of {leeway} is more than a difference between clocks"
        ))
        .hint("`--leeway` goes up to 10m; `--at TIME` judges a token as of another time"));
    }
    let claims = args.claims.iter().map(|text| expectation(text));
    text_input::no_token_as_name("--get", &args.get)?;
    text_input::no_token_as_name("--require", &args.require)?;
    Ok(Policy {
        algorithms: AnyAlgorithm::signatures(&args.alg),
        issuers: args.iss.clone(),
        audiences: args.aud.clone(),
        any_audience: args.any_aud,
        subject: args.sub.clone(),
        typ: args.typ.clone(),
        claims: claims.collect::<Result<_, Failure>>()?,
        require: args
            .require
            .iter()
            .chain(&args.get)
            .map(|name| Name::parse(name))
            .collect(),
        leeway,
        max_age: span(args.max_age.as_deref())?,
        allow_no_exp: args.allow_no_exp,
        allow_padding: args.allow_padding,
        payload: None,
        leaf: LeafPolicy {
            purposes: args.leaf_eku.clone(),
            names: args.leaf_san.clone(),
        },
        signature: args.signature.clone(),
        key_binding: KeyBinding {
            required: args.require_kb,
            audience: args.kb_aud.clone(),
            nonce: args.kb_nonce.clone(),
        },
    })
}

/// `NAME~=PATTERN`, or what `issue` takes for a claim.
fn expectation(text: &str) -> Result<Expectation, Failure> {
    let pattern = text
        .split_once('=')
        .and_then(|(name, pattern)| Some((name.strip_suffix('~')?, pattern)));
    let (name, value) = match pattern {
        Some(("", _)) => {
            let shown = escape::shorten(text, 60);
            return Err(Failure::usage(format!("`--claim {shown}` names nothing"))
                .hint("write --claim 'NAME~=PATTERN', in which `*` stands for any text"));
        }
        Some((name, pattern)) => (name.to_owned(), Expected::Pattern(Pattern::new(pattern))),
        None => match Assignment::parse("--claim", text)? {
            Assignment {
                name,
                value: Value::Text(text),
            } => (name, Expected::Text(text)),
            Assignment {
                name,
                value: Value::Json(json),
            } => (name, Expected::Json(json.into_text().into_owned())),
        },
    };
    Ok(Expectation {
        name: Name::parse(&name),
        value,
    })
}

fn span(text: Option<&str>) -> Result<Option<Span>, Failure> {
    Ok(text.map(Span::parse).transpose()?)
}
