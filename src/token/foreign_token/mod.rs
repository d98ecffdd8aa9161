//! Tokens, sessions and cookies of other kinds that people take for a JWT, by how they begin or are put
//! together.

mod cookie;
mod encoded;
mod json;

use crate::token::advice::{Advice, TokenAdvice};
use crate::token::foreign_token::cookie::cookie;
use crate::token::foreign_token::encoded::{is_saml, of_bytes, undone};
use crate::token::foreign_token::json::json;

/// Beginnings of well-known tokens that only their issuer can read.
const OPAQUE: &[(&str, &str)] = &[
    ("gho_", "a GitHub OAuth token"),
    ("ghp_", "a GitHub personal access token"),
    ("ghs_", "a GitHub app token"),
    ("ghu_", "a GitHub user token"),
    ("ghr_", "a GitHub refresh token"),
    ("github_pat_", "a GitHub personal access token"),
    ("glpat-", "a GitLab personal access token"),
    ("gldt-", "a GitLab deploy token"),
    ("glrt-", "a GitLab runner token"),
    ("glcbt-", "a GitLab CI job token"),
    ("ya29.", "a Google access token"),
    ("1//", "a Google refresh token"),
    ("AIza", "a Google API key"),
    ("GOCSPX-", "a Google client secret"),
    ("xoxb-", "a Slack bot token"),
    ("xoxp-", "a Slack user token"),
    ("xoxe-", "a Slack refresh token"),
    ("xoxe.", "a Slack token"),
    ("xapp-", "a Slack app token"),
    ("npm_", "an npm token"),
    ("pypi-", "a PyPI token"),
    ("dckr_pat_", "a Docker access token"),
    ("dop_v1_", "a DigitalOcean token"),
    ("shpat_", "a Shopify access token"),
    ("glsa_", "a Grafana token"),
    ("sb_publishable_", "a Supabase key"),
    ("sb_secret_", "a Supabase key"),
    ("ory_at_", "an Ory access token"),
    ("ory_rt_", "an Ory refresh token"),
    ("ory_st_", "an Ory session token"),
    ("sha256~", "an OpenShift token"),
    ("hvs.", "a Vault token"),
    ("hvb.", "a Vault batch token"),
    ("hf_", "a Hugging Face token"),
    ("sk_live_", "a Stripe key"),
    ("sk_test_", "a Stripe key"),
    ("rk_live_", "a Stripe key"),
    ("rk_test_", "a Stripe key"),
    ("whsec_", "a secret for webhooks"),
    ("IQoJ", "an AWS session token"),
    ("FwoG", "an AWS session token"),
];

/// What is no JWT, and what to do about it.
pub(super) struct Foreign {
    /// What it is, for a sentence.
    pub(super) what: String,
    pub(super) hint: Option<Advice>,
}

fn foreign(what: impl Into<String>, hint: TokenAdvice) -> Foreign {
    Foreign {
        what: what.into(),
        hint: Some(Advice::Token(hint)),
    }
}

/// Says what a text is that may be of another kind; also behind the name of a cookie.
pub(super) fn find(text: &str) -> Option<Foreign> {
    if text.starts_with(['{', '[']) {
        return Some(json(text));
    }
    if text.starts_with("-----BEGIN ") {
        let what = "a key or a certificate in PEM, and not a token";
        return Some(foreign(what, TokenAdvice::GiveAsKey));
    }
    if text.starts_with('<') && is_saml(text) {
        return Some(foreign(
            "a SAML message, and not a JWT",
            TokenAdvice::AskIssuer,
        ));
    }
    let named = text.split_once('=').filter(|(name, _)| is_name(name));
    scheme(text)
        .or_else(|| of_word(text))
        .or_else(|| of_word(named?.1))
}

/// What a known beginning says of an opaque token.
fn opaque(text: &str) -> Option<&'static str> {
    let known = OPAQUE.iter().find(|(prefix, _)| text.starts_with(prefix));
    known.map(|(_, what)| *what)
}

fn is_name(text: &str) -> bool {
    let is_of_name = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
    !text.is_empty() && text.len() <= 64 && text.bytes().all(is_of_name)
}

/// Credentials of `Authorization` that are no token (RFC 7617, RFC 4559).
fn scheme(text: &str) -> Option<Foreign> {
    let (scheme, rest) = text.split_once(' ')?;
    let content = undone(rest.trim())?;
    if scheme.eq_ignore_ascii_case("basic") && content.contains(&b':') {
        let what = "a name and a password (`Basic`, RFC 7617), and no token";
        return Some(foreign(what, TokenAdvice::KeepPassword));
    }
    let is_negotiate = ["negotiate", "ntlm", "kerberos"]
        .iter()
        .any(|name| scheme.eq_ignore_ascii_case(name));
    (is_negotiate && !rest.is_empty())
        .then(|| of_bytes(&content))
        .flatten()
}

fn of_word(text: &str) -> Option<Foreign> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    if let Some(what) = opaque(text) {
        return Some(foreign(
            format!("{what}, not a JWT: only its issuer can read it"),
            TokenAdvice::AskIssuer,
        ));
    }
    let found = paseto(text).or_else(|| cookie(text)).or_else(|| {
        let encoded = (!text.contains('.')).then(|| undone(text))??;
        of_bytes(&encoded)
    })?;
    Some(Foreign {
        what: format!("{}, and not a JWT", found.what),
        ..found
    })
}

/// A PASETO: a version, a purpose and base64url between dots, and maybe a footer.
fn paseto(text: &str) -> Option<Foreign> {
    let mut parts = text.splitn(3, '.');
    let (version, purpose) = (parts.next()?, parts.next()?);
    parts.next()?;
    if !matches!(version, "v1" | "v2" | "v3" | "v4") {
        return None;
    }
    let (how, hint) = match purpose {
        "public" => ("signed", TokenAdvice::CheckPaseto),
        "local" => ("encrypted with a shared key", TokenAdvice::OpenPaseto),
        _ => return None,
    };
    let what = format!("a PASETO, {how} (`{version}.{purpose}`)");
    Some(foreign(what, hint))
}

#[cfg(test)]
mod tests;
