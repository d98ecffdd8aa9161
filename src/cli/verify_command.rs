//! The command that would verify a token that was only shown. It works as it is printed.
//!
//! Its words come from the token, so each is a plain word for a shell, and it only says where an issuer keeps
//! its keys: whether to trust that issuer is for the reader to decide.

use std::ffi::OsStr;

use crate::keys::Source;
use crate::text::escape;
use crate::token::algorithm::Algorithm;
use crate::token::decode::{Payload, TokenForm, Unverified, decode};
use crate::token::json::Json;
use crate::token::profile::{Profile, issuer as issuer_name};

/// Nothing longer is printed into a command.
const LONGEST: usize = 200;

/// Says what was not checked of a token, and what checks it; nothing of an encrypted one, which has no
/// signature.
pub(super) fn advice(token: &Unverified<'_>) -> Option<String> {
    if matches!(token.form, TokenForm::Jwe) {
        let inner = decode(token.opened.as_ref()?.nested.as_deref()?).ok()?;
        if is_unsigned(&inner) {
            return Some(
                "the token inside is not signed: whoever encrypted it can have written anything"
                    .to_owned(),
            );
        }
        let form = in_json(&inner);
        return Some(format!(
            "the signature of the token inside was not checked: `jott verify --decrypt-key SOURCE --key SOURCE{form}` checks it, with the key that opens it and the one of its issuer"
        ));
    }
    if is_unsigned(token) {
        return Some(
            "there is no signature to check: anyone can write a token like this".to_owned(),
        );
    }
    let unchecked = "the signature was not checked: anyone can write a token like this";
    let alg = token.header.get("alg").and_then(Json::as_str);
    let Some(algorithm) = alg.and_then(|alg| Algorithm::parse(&alg)) else {
        return Some(unchecked.to_owned());
    };
    let checker = match algorithm.hash_len() {
        Some(_) => Checker::Secret,
        None => Checker::of(token),
    };
    Some(format!("{unchecked}; {}", checker.words(token)))
}

/// Whether a token says that nobody signed it (RFC 7518 section 3.6).
fn is_unsigned(token: &Unverified<'_>) -> bool {
    let alg = token.header.get("alg").and_then(Json::as_str);
    alg.is_some_and(|alg| alg.eq_ignore_ascii_case("none"))
}

/// Who can check a token, and with what.
enum Checker {
    /// Who has the secret.
    Secret,
    /// Who has the public key, from a place that the token does not name.
    PublicKey,
    /// Whoever asks for the keys at a place.
    Place(String),
    /// Who may ask the cluster for them.
    Cluster,
    /// Microsoft Graph alone.
    Graph,
    /// Whoever takes the key out of the header, as the protocol has it.
    OwnKey,
}

impl Checker {
    fn of(token: &Unverified<'_>) -> Checker {
        let is_credential = token
            .header
            .get("typ")
            .and_then(Json::as_str)
            .is_some_and(|typ| typ.to_ascii_lowercase().ends_with("+sd-jwt"));
        if is_credential || matches!(token.form, TokenForm::SdJwt { .. }) {
            // Its keys are elsewhere than those of an authorization server.
            return Checker::PublicKey;
        }
        if Profile::has_own_key(token) {
            return Checker::OwnKey;
        }
        if let Some(place) = load_balancer(token) {
            return Checker::Place(place);
        }
        let iss = token.claims().and_then(|claims| claims.get("iss"));
        let Some(iss) = iss.and_then(Json::as_str) else {
            return Checker::PublicKey;
        };
        let host = issuer_name::host(&iss);
        match issuer_name::issuer(&iss) {
            Some("Kubernetes") => Checker::Cluster,
            Some("Microsoft Entra") if token.header.get("nonce").is_some() => Checker::Graph,
            Some("Cloudflare Access") => {
                let host = host.unwrap_or_default();
                match iss == format!("https://{host}") {
                    true => {
                        Checker::Place(format!(" --key {iss}/cdn-cgi/access/certs --iss {iss}"))
                    }
                    false => Checker::PublicKey,
                }
            }
            _ if host.is_some_and(is_in_a_cluster) => Checker::PublicKey,
            _ => issuer(&iss).map_or(Checker::PublicKey, Checker::Place),
        }
    }

    fn words(&self, token: &Unverified<'_>) -> String {
        let mut flags = in_json(token).to_owned();
        if let Payload::Other(bytes, _) = &token.payload {
            flags.push_str(" --signature-only");
            if bytes.is_empty() {
                flags.push_str(" --payload FILE");
            }
        }
        if let Payload::Claims(claims) = &token.payload
            && claims.get("exp").is_none()
        {
            flags.push_str(" --allow-no-exp");
        }
        if token.padded {
            flags.push_str(" --allow-padding");
        }
        match self {
            Checker::Secret => format!("`jott verify{flags}` checks it, with the secret that it was signed with"),
            Checker::PublicKey => format!("`jott verify{flags}` checks it, with the public key of its issuer (`--key`)"),
            Checker::Place(place) => {
                if let Payload::Claims(claims) = &token.payload {
                    flags.push_str(&audience(claims.get("aud")));
                }
                format!("`jott verify{place}{flags}` checks it")
            }
            Checker::Cluster => format!(
                "`kubectl get --raw /openid/v1/jwks > jwks.json` gets the keys of the cluster, and \
                 `jott verify --key ./jwks.json{flags}` checks it"
            ),
            Checker::OwnKey => format!(
                "it brings its key: `jott decode --get header.jwk > proof.jwk` takes that out, and \
                 `jott verify --key ./proof.jwk{flags}` checks the token with it"
            ),
            Checker::Graph => {
                "only Microsoft Graph can check it: the `nonce` in its header was another when it was signed"
                    .to_owned()
            }
        }
    }
}

/// The flag that a token in a JSON form is judged with, since it has to be asked for.
fn in_json(token: &Unverified<'_>) -> &'static str {
    match token.signatures.is_empty() {
        true => "",
        false => " --signature any",
    }
}

/// The flags that find the keys of an issuer, if they can be found by its name.
fn issuer(iss: &str) -> Option<String> {
    let Ok(Source::Remote(source)) = Source::parse(OsStr::new(&format!("issuer:{iss}"))) else {
        return None;
    };
    // Metadata has its place by the path of an issuer, which has no more than that (RFC 8414 section 2).
    if iss.len() > LONGEST || iss.contains(['?', '#']) {
        return None;
    }
    let word = shell_word(&format!("issuer:{iss}"))?;
    let http = match source.is_plain_elsewhere() {
        true => " --allow-http",
        false => "",
    };
    Some(format!(" --key {word}{http}"))
}

/// The flags that find the key of an AWS load balancer, which signs what it says of another issuer's user:
/// the header's `signer` says in which region it is.
fn load_balancer(token: &Unverified<'_>) -> Option<String> {
    let signer = token.header.get("signer").and_then(Json::as_str)?;
    let kid = token.header.get("kid").and_then(Json::as_str)?;
    let rest = signer.strip_prefix("arn:aws:elasticloadbalancing:")?;
    let region = rest.split(':').next()?;
    let is_kid = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let is_safe = issuer_name::is_region(region) && kid.len() <= LONGEST && kid.bytes().all(is_kid);
    is_safe.then(|| format!(" --key https://public-keys.auth.elb.{region}.amazonaws.com/{kid}"))
}

/// The flag for the audience, without which the keys of an issuer prove nothing: it signs tokens for others
/// too.
fn audience(aud: Option<Json<'_>>) -> String {
    let Some(aud) = aud else {
        return String::new();
    };
    let first = aud.one_or_many().next().and_then(Json::as_str);
    let word = first.as_deref().and_then(shell_word);
    match word {
        Some(word) if word.starts_with('-') => format!(" --aud={word}"),
        Some(word) => format!(" --aud {word}"),
        None => " --any-aud".to_owned(),
    }
}

/// A name that only machines of a cluster can look up: `NAME.NAMESPACE.svc`, with the cluster's domain or
/// without, or a name alone.
fn is_in_a_cluster(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    match labels.as_slice() {
        [only] => !only.eq_ignore_ascii_case("localhost"),
        [_, _, "svc", ..] | [.., "cluster", "local"] => true,
        _ => false,
    }
}

/// A text as one word of a shell, quoted where that is needed; nothing where quotes are not enough.
fn shell_word(text: &str) -> Option<String> {
    let is_bare = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&b);
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if text.bytes().all(is_bare) {
        return Some(text.to_owned());
    }
    let is_quotable = escape::is_plain(text) && !text.contains(['\'', '`', '\\', '"', '$', '!']);
    is_quotable.then(|| format!("'{text}'"))
}
