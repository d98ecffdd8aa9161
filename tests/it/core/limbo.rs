//! Chains of certificates as x509-limbo judges them: `tests/vectors/x509-limbo`, or the file that `LIMBO` names.

use std::env;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jott::text::time::{Timestamp, parse_time};
use jott::token::chain::Roots;
use jott::token::keyset::VerifyingKeys;
use jott::token::policy::Policy;
use jott::token::verify;
use serde_json::Value;

const KEPT: &str = include_str!("../../vectors/x509-limbo/cases.jsonl");

/// What is refused here and good there, and why.
const STRICTER: &[(&str, &[&str])] = &[
    (
        "a certificate authority signs no tokens",
        &[
            "pathlen::validation-ignores-pathlen-in-leaf",
            "rfc5280::ca-as-leaf",
        ],
    ),
    (
        "webpki makes no exception for an authority that certifies itself anew",
        &[
            "pathlen::self-issued-certs-pathlen",
            "rfc5280::nc::permitted-self-issued",
        ],
    ),
    (
        "webpki does not compare names of these kinds, and refuses where an authority limits them",
        &[
            "rfc5280::nc::permitted-dn-match",
            "rfc5280::nc::nc-permits-email-exact",
            "rfc5280::nc::nc-permits-email-domain",
            "rfc5280::nc::nc-permits-email-literal-asterisk-exact-match",
            "rfc5280::nc::nc-permits-email-literal-double-asterisk",
            "rfc5280::nc::nc-permits-email-literal-mid-asterisk",
        ],
    ),
];

/// What is taken here and bad there, and why.
const LAXER: &[(&str, &[&str])] = &[
    (
        "a root is trusted as it is, if it is an authority: of the rest only its limits for names count (RFC 5280 section 6.1.1 (d))",
        &[
            "crl::issuer-missing-crlsign",
            "rfc5280::aki::cross-signed-root-missing-aki",
            "rfc5280::ski::root-missing-ski",
            "rfc5280::validity::expired-root",
            "rfc5280::unknown-critical-extension-root",
            "rfc5280::root-non-critical-basic-constraints",
            "webpki::aki::root-with-aki-missing-keyidentifier",
            "webpki::aki::root-with-aki-authoritycertissuer",
            "webpki::aki::root-with-aki-authoritycertserialnumber",
            "webpki::aki::root-with-aki-all-fields",
            "webpki::aki::root-with-aki-ski-mismatch",
            "webpki::eku::root-has-eku",
            "webpki::forbidden-rsa-not-divisible-by-8-in-root",
        ],
    ),
    (
        "it binds those who make certificates and lists, and says nothing of a path (RFC 5280 section 4, not 6)",
        &[
            "crl::crlnumber-missing",
            "crl::crlnumber-critical",
            "rfc5280::aki::critical-aki",
            "rfc5280::aki::leaf-missing-aki",
            "rfc5280::aki::intermediate-missing-aki",
            "rfc5280::nc::permitted-dns-match-noncritical",
            "rfc5280::nc::invalid-dnsname-leading-period",
            "rfc5280::nc::not-allowed-in-ee-noncritical",
            "rfc5280::nc::not-allowed-in-ee-critical",
            "rfc5280::san::noncritical-with-empty-subject",
            "rfc5280::san::underscore-dns",
            "rfc5280::serial::too-long",
            "rfc5280::serial::zero",
            "rfc5280::ski::critical-ski",
            "rfc5280::ski::intermediate-missing-ski",
            "rfc5280::ca-empty-subject",
            "rfc5280::leaf-ku-keycertsign",
            "webpki::nc::intermediate-permitted-excluded-subtrees-both-null",
            "webpki::nc::intermediate-permitted-excluded-subtrees-both-empty-sequences",
        ],
    ),
    (
        "webpki does not judge policies; where they are critical it refuses",
        &["rfc5280::pc::ica-noncritical-pc"],
    ),
    (
        "it is a rule for the certificates of web sites",
        &[
            "webpki::cn::ipv4-hex-mismatch",
            "webpki::cn::ipv4-leading-zeros-mismatch",
            "webpki::cn::ipv6-uppercase-mismatch",
            "webpki::cn::ipv6-uncompressed-mismatch",
            "webpki::cn::ipv6-non-rfc5952-mismatch",
            "webpki::cn::punycode-not-in-san",
            "webpki::cn::utf8-vs-punycode-mismatch",
            "webpki::cn::not-in-san",
            "webpki::cn::case-mismatch",
            "webpki::eku::ee-anyeku",
            "webpki::eku::ee-critical-eku",
            "webpki::eku::ee-without-eku",
            "webpki::san::public-suffix-multi-label-wildcard-san",
            "webpki::san::public-suffix-private-namespace-wildcard-san",
            "webpki::san::san-critical-with-nonempty-subject",
            "webpki::malformed-aia",
            "webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf",
        ],
    ),
];

#[test]
#[allow(clippy::print_stdout)] // the numbers, for `run`
fn chains_are_judged_as_x509_limbo_does_but_for_what_is_known() {
    let named = env::var("LIMBO").ok();
    let made = named.map(|file| fs::read_to_string(file).unwrap());
    let text = made.as_deref().unwrap_or(KEPT);
    let known = |list: &[(&str, &[&str])], id: &str| {
        let mut all = list.iter().flat_map(|(_, ids)| ids.iter());
        all.any(|known| id == *known)
    };
    let (mut agreed, mut stricter, mut laxer) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let (good, taken) = (case["good"].as_bool().unwrap(), is_taken(&case));
        let count = match (good, taken) {
            (true, false) => &mut stricter,
            (false, true) => &mut laxer,
            _ => &mut agreed,
        };
        *count += 1;
        if (known(STRICTER, id), known(LAXER, id)) != (good && !taken, taken && !good) {
            wrong.push((id.to_owned(), good, taken));
        }
    }
    println!("agreed: {agreed}, stricter: {stricter}, laxer: {laxer}");
    assert_eq!(wrong, []);
    assert!(agreed > 90, "the cases were not found");
}

/// Whether a token with the chain is refused for its signature alone, since there is no key to sign it with.
fn is_taken(case: &Value) -> bool {
    let texts = |name: &str| -> Vec<String> {
        let list = case[name].as_array().into_iter().flatten();
        list.map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let pem =
        |one: &String| format!("-----BEGIN CERTIFICATE-----\n{one}\n-----END CERTIFICATE-----\n");
    let roots: String = texts("roots").iter().map(pem).collect();
    let Ok(mut roots) = Roots::read("roots:./root.pem", roots.as_bytes()) else {
        return false;
    };
    for list in texts("lists") {
        roots.revoke(&STANDARD.decode(list).unwrap()).unwrap();
    }
    let keys = VerifyingKeys::default().trusting(vec![roots]);
    let mut policy = Policy::default();
    policy.allow_no_exp = true;
    policy.leaf.names = texts("names");
    policy.leaf.purposes = texts("purposes");
    let at = case["at"].as_str().unwrap_or("2026-07-01T00:00:00Z");
    let at = parse_time(at, Timestamp::from_seconds(0)).unwrap();
    // The algorithm has to be one of the key.
    let algorithms = ["ES256", "RS256", "ES384", "ES512", "EdDSA"];
    let reasons = algorithms.iter().map(|alg| {
        let header = format!(r#"{{"alg":"{alg}","x5c":{}}}"#, case["chain"]);
        let segments = [header.as_bytes(), b"{}", &[1; 64]];
        let token = segments.map(|segment| URL_SAFE_NO_PAD.encode(segment));
        let refused = verify(&token.join("."), &keys, &policy, at).unwrap_err();
        let reasons = refused.refusals.iter().map(|r| r.reason.code());
        reasons.collect::<Vec<_>>()
    });
    let mut reasons = reasons.filter(|reasons| *reasons != ["alg_refused"]);
    reasons
        .next()
        .is_some_and(|reasons| reasons == ["bad_signature"])
}
