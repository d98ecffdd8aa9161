use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CustomExtension, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyIdMethod, KeyPair,
    KeyUsagePurpose, NameConstraints, RevokedCertParams, SanType, SerialNumber, date_time_ymd,
};

use super::*;
use crate::text::time::{Timestamp, parse_time};
use crate::token::algorithm::Algorithm;
use crate::token::claims::Members;
use crate::token::content::{Reading, read};
use crate::token::issue::{SigningKey, issue};
use crate::token::json::JsonText;
use crate::token::keyset::VerifyingKeys;
use crate::token::policy::{LeafPolicy, Policy};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{CheckName, Outcome};
use crate::token::verify::{Refused, Verified};
use crate::token::warning::Warning;

const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";

/// An authority.
type Authority = CertifiedIssuer<'static, KeyPair>;

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2090, 1, 1);
    params
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn root() -> Authority {
    CertifiedIssuer::self_signed(authority_params("Root"), KeyPair::generate().unwrap()).unwrap()
}

fn below(params: CertificateParams, above: &Authority) -> Authority {
    CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), above).unwrap()
}

/// A signer with its chain.
struct Signer {
    key: KeyPair,
    chain: Vec<Vec<u8>>,
}

fn signer(params: &CertificateParams, above: &[&Authority]) -> Signer {
    let key = KeyPair::generate().unwrap();
    let leaf = params.signed_by(&key, above[0]).unwrap();
    let above = above.iter().map(|authority| authority.der().to_vec());
    Signer {
        chain: [leaf.der().to_vec()].into_iter().chain(above).collect(),
        key,
    }
}

impl Signer {
    fn token(&self, header: impl FnOnce(&mut Members<'_>)) -> String {
        let pkcs8 = self.key.serialize_der();
        let key = read(&pkcs8, &Reading::default()).unwrap().keys.remove(0);
        let chain: Vec<String> = self.chain.iter().map(|der| STANDARD.encode(der)).collect();
        let mut members = Members::new();
        members.set_text("alg", "ES256");
        members.set("x5c", JsonText::of_texts(&chain));
        header(&mut members);
        let mut claims = Members::new();
        claims.set_text("sub", "alice");
        let signing = SigningKey::new(&key, Algorithm::ES256, false).unwrap();
        issue(&claims, &members, &signing).unwrap()
    }
}

fn trusting(roots: &[&Authority]) -> Roots {
    let pem: String = roots.iter().map(|root| root.pem()).collect();
    Roots::read("roots:./root.pem", pem.as_bytes()).unwrap()
}

fn time(text: &str) -> Timestamp {
    parse_time(text, Timestamp::from_seconds(0)).unwrap()
}

struct Verification {
    keys: VerifyingKeys,
    policy: Policy,
    now: Timestamp,
}

impl Verification {
    fn new(roots: Roots) -> Self {
        Verification {
            keys: VerifyingKeys::default().trusting(vec![roots]),
            policy: Policy {
                allow_no_exp: true,
                ..Policy::default()
            },
            now: time("2026-11-27T00:00:00Z"),
        }
    }

    fn asking(mut self, purposes: &[&str], names: &[&str]) -> Self {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        self.policy.leaf = LeafPolicy {
            purposes: owned(purposes),
            names: owned(names),
        };
        self
    }

    fn at(mut self, text: &str) -> Self {
        self.now = time(text);
        self
    }

    fn verify(&self, token: &str) -> Result<Verified, Refused> {
        crate::token::verify(token, &self.keys, &self.policy, self.now)
    }

    fn details(&self, token: &str) -> Vec<String> {
        let verified = self.verify(token).unwrap();
        let checks = verified.report().checks.iter();
        let checks = checks.filter(|check| {
            matches!(
                check.name,
                CheckName::Chain | CheckName::Leaf | CheckName::Signature
            )
        });
        checks.map(|check| check.detail.clone().unwrap()).collect()
    }

    /// The one refusal, and the check that it fails.
    fn failed(&self, token: &str) -> (CheckName, Refusal) {
        let mut refused = self.verify(token).unwrap_err();
        let checks = refused.report.checks.iter();
        let failed: Vec<CheckName> = checks
            .filter(|check| check.outcome == Outcome::Fail)
            .map(|check| check.name)
            .collect();
        assert_eq!(
            (failed.len(), refused.refusals.len()),
            (1, 1),
            "{:?}",
            refused.refusals
        );
        (failed[0], refused.refusals.remove(0))
    }

    fn refusal(&self, token: &str) -> Refusal {
        self.failed(token).1
    }

    fn bad_chain(&self, token: &str) -> String {
        let (check, refusal) = self.failed(token);
        assert_eq!(refusal.reason.code(), "bad_chain", "{}", refusal.message);
        assert_eq!(check, CheckName::Chain);
        refusal.message
    }

    fn wrong_leaf(&self, token: &str) -> String {
        let (check, refusal) = self.failed(token);
        assert_eq!(refusal.reason.code(), "wrong_leaf", "{}", refusal.message);
        assert_eq!(check, CheckName::Leaf);
        refusal.message
    }
}

#[test]
fn a_chain_that_leads_to_a_root_gives_the_key_of_its_first_certificate() {
    let root = root();
    let middle = below(authority_params("Middle"), &root);
    let judge = Verification::new(trusting(&[&root]));
    let direct = signer(&params("signer"), &[&root]);
    assert_eq!(
        judge.details(&direct.token(|_| ())),
        [
            "1 certificate, up to `CN=Root`",
            "`CN=signer`",
            "an EC public key (P-256) of the certificate"
        ]
    );
    let mut through = signer(&params("signer"), &[&middle, &root]);
    let chain = "2 certificates, up to `CN=Root`";
    assert_eq!(judge.details(&through.token(|_| ()))[0], chain);
    // A root that is left out is no hole.
    through.chain.pop();
    assert_eq!(judge.details(&through.token(|_| ()))[0], chain);
    let verified = judge.verify(&through.token(|_| ())).unwrap();
    assert!(
        verified
            .report()
            .warnings
            .iter()
            .all(|warning| warning.code != "header_key")
    );
    assert_eq!(verified.report().key.as_deref(), Some("roots:./root.pem"));
}

#[test]
fn a_path_is_found_in_any_order_and_another_than_that_of_the_rfc_is_told() {
    let root = root();
    let upper = below(authority_params("Upper"), &root);
    let lower = below(authority_params("Lower"), &upper);
    let judge = Verification::new(trusting(&[&root]));
    let codes = |chain: &[&Authority]| {
        let token = signer(&params("signer"), chain).token(|_| ());
        let verified = judge.verify(&token).unwrap();
        let decoded = crate::token::decode::decode(&token).unwrap();
        let decoded = decoded.warnings(judge.now);
        let of_order = |all: &[Warning]| {
            let mut all = all.iter();
            let found = all.find(|warning| warning.code == "x5c_order");
            found.map(|warning| warning.message.clone())
        };
        let found = of_order(&verified.report().warnings);
        assert_eq!(found, of_order(&decoded));
        found
    };
    assert_eq!(codes(&[&lower, &upper]), None);
    assert_eq!(codes(&[&lower, &upper, &root]), None);
    let told = |number| {
        Some(format!(
            "`x5c` is not in its order (RFC 7515 section 4.1.6), and other verifiers may refuse it: certificate {number} did not issue the one before"
        ))
    };
    assert_eq!(codes(&[&lower, &root, &upper]), told(3));
    // One that is in no path.
    assert_eq!(codes(&[&lower, &upper, &lower]), told(4));
    let mut turned = signer(&params("signer"), &[&lower, &upper]);
    turned.chain.swap(1, 2);
    assert!(judge.verify(&turned.token(|_| ())).is_ok());
    assert_eq!(out_of_order(&turned.chain).map(|it| it.message), told(2));
    assert_eq!(out_of_order(&[vec![1], vec![2]]), None);
}

#[test]
fn a_signature_of_another_key_than_that_of_the_certificate_is_refused() {
    let root = root();
    let judge = Verification::new(trusting(&[&root]));
    let mut forger = signer(&params("forger"), &[&self::root()]);
    forger.chain = signer(&params("signer"), &[&root]).chain;
    assert_eq!(
        judge.refusal(&forger.token(|_| ())).reason.code(),
        "bad_signature"
    );
}

#[test]
fn a_chain_that_leads_elsewhere_or_has_a_hole_says_where_it_ends() {
    let (root, other) = (root(), self::root());
    let middle = below(authority_params("Middle"), &root);
    let judge = Verification::new(trusting(&[&root]));
    let mut holed = signer(&params("signer"), &[&middle]);
    holed.chain.pop();
    assert_eq!(
        judge.bad_chain(&holed.token(|_| ())),
        "a certificate is missing from the chain: `CN=signer` is issued by `CN=Middle`, which is neither in `x5c` nor in roots:./root.pem"
    );
    // An authority of the same name is another one.
    let message = judge.bad_chain(&signer(&params("signer"), &[&other]).token(|_| ()));
    assert_eq!(
        message,
        "certificate 2 of 2 (`CN=Root`) has the name of one in roots:./root.pem, and is not that one"
    );
    // So it is where that other one is not in the chain.
    let mut alone = signer(&params("signer"), &[&other]);
    alone.chain.pop();
    assert_eq!(
        judge.bad_chain(&alone.token(|_| ())),
        "certificate 1 of 1 (`CN=signer`) is not signed by `CN=Root`, which it names as its issuer"
    );
    let mut named = authority_params("Other root");
    named.not_before = date_time_ymd(2021, 1, 1);
    let named = CertifiedIssuer::self_signed(named, KeyPair::generate().unwrap()).unwrap();
    assert_eq!(
        judge.bad_chain(&signer(&params("signer"), &[&named]).token(|_| ())),
        "the chain ends at `CN=Other root`, which is not in roots:./root.pem"
    );
}

#[test]
fn a_certificate_that_is_not_for_this_is_refused() {
    let root = root();
    let judge = || Verification::new(trusting(&[&root]));
    let token = |params: &CertificateParams| signer(params, &[&root]).token(|_| ());
    assert_eq!(
        judge().bad_chain(&token(&authority_params("authority"))),
        "certificate 1 of 2 (`CN=authority`) is that of a certificate authority, which signs certificates, not tokens"
    );
    let mut usage = params("signer");
    usage.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
    assert_eq!(
        judge().wrong_leaf(&token(&usage)),
        "the certificate of `CN=signer` is not for signatures: its key usage does not have `digitalSignature`"
    );
    usage.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    assert!(judge().verify(&token(&usage)).is_ok());
    let mut critical = params("signer");
    let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    extension.set_criticality(true);
    critical.custom_extensions = vec![extension];
    assert_eq!(
        judge().bad_chain(&token(&critical)),
        "certificate 1 of 2 (`CN=signer`) has a critical extension that is not known (1.2.3.4)"
    );
    // It is the same above the first certificate.
    let mut odd = authority_params("Odd");
    let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 5], vec![5, 0]);
    extension.set_criticality(true);
    odd.custom_extensions = vec![extension];
    let odd = below(odd, &root);
    assert_eq!(
        judge().bad_chain(&signer(&params("signer"), &[&odd]).token(|_| ())),
        "certificate 2 of 2 (`CN=Odd`) has a critical extension that is not known (1.2.3.5)"
    );
}

#[test]
fn the_time_of_the_verifier_is_that_of_the_chain() {
    let root = root();
    let mut params = params("signer");
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2026, 2, 1);
    let token = signer(&params, &[&root]).token(|_| ());
    let judge = |at| Verification::new(trusting(&[&root])).at(at);
    assert!(judge("2026-01-15T00:00:00Z").verify(&token).is_ok());
    assert_eq!(
        judge("2026-02-02T00:00:00Z").bad_chain(&token),
        "certificate 1 of 2 (`CN=signer`) expired 2026-02-01 00:00:00 UTC"
    );
    assert_eq!(
        judge("2025-12-31T00:00:00Z").bad_chain(&token),
        "certificate 1 of 2 (`CN=signer`) is not valid before 2026-01-01 00:00:00 UTC"
    );
    let mut old = authority_params("Old\u{1b}[2J\n");
    old.not_after = date_time_ymd(2025, 1, 1);
    let old = below(old, &root);
    let token = signer(&self::params("signer"), &[&old, &root]).token(|_| ());
    assert_eq!(
        judge("2026-01-15T00:00:00Z").bad_chain(&token),
        "certificate 2 of 3 (`CN=Old\\u001b[2J\\n`) expired 2025-01-01 00:00:00 UTC"
    );
    let mut far = self::params("signer");
    far.not_before = date_time_ymd(2060, 1, 1);
    assert_eq!(
        judge("2026-01-15T00:00:00Z").bad_chain(&signer(&far, &[&root]).token(|_| ())),
        "certificate 1 of 2 (`CN=signer`) is not valid before 2060-01-01 00:00:00 UTC"
    );
    assert!(judge("1960-01-01T00:00:00Z").verify(&token).is_err());
}

#[test]
fn what_is_asked_of_the_certificate_it_must_have() {
    let root = root();
    let mut params = params("signer");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
    params.subject_alt_names = vec![
        SanType::DnsName("signer.example".try_into().unwrap()),
        SanType::DnsName("*.eu.example".try_into().unwrap()),
        SanType::URI("spiffe://example/build".try_into().unwrap()),
        SanType::Rfc822Name("ci@example.com".try_into().unwrap()),
        SanType::IpAddress("192.0.2.1".parse().unwrap()),
    ];
    let token = signer(&params, &[&root]).token(|_| ());
    let judge = |purposes: &[&str], names: &[&str]| {
        Verification::new(trusting(&[&root])).asking(purposes, names)
    };
    assert_eq!(
        judge(&[CODE_SIGNING], &["signer.example"]).details(&token)[1],
        "`CN=signer`, for 1.3.6.1.5.5.7.3.3, of signer.example"
    );
    assert_eq!(
        judge(&["1.3.6.1.5.5.7.3.1"], &[]).wrong_leaf(&token),
        "the certificate of `CN=signer` is for 1.3.6.1.5.5.7.3.3, but 1.3.6.1.5.5.7.3.1 was asked for"
    );
    for name in [
        "a.eu.example",
        "spiffe://example/build",
        "ci@example.com",
        "192.0.2.1",
    ] {
        assert!(judge(&[], &[name]).verify(&token).is_ok(), "{name}");
        assert!(
            judge(&[], &["other", name]).verify(&token).is_ok(),
            "{name}"
        );
    }
    for name in [
        "example",
        "a.b.eu.example",
        "spiffe://example/",
        "example.com",
        "192.0.2.2",
        "",
        "CN=signer",
    ] {
        assert_eq!(
            judge(&[], &[name]).wrong_leaf(&token),
            format!(
                "the certificate of `CN=signer` is for signer.example, *.eu.example, spiffe://example/build, ci@example.com, but {name} was asked for"
            )
        );
    }
    let plain = signer(&self::params("signer"), &[&root]).token(|_| ());
    assert_eq!(
        judge(&[CODE_SIGNING], &[]).wrong_leaf(&plain),
        "the certificate of `CN=signer` names no purpose, but 1.3.6.1.5.5.7.3.3 was asked for"
    );
    let mut narrow = authority_params("Narrow");
    narrow.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let narrow = below(narrow, &root);
    let token = signer(&params, &[&narrow]).token(|_| ());
    assert_eq!(
        judge(&[CODE_SIGNING], &[]).bad_chain(&token),
        "certificate 2 of 2 (`CN=Narrow`) is not for the purpose that was asked for"
    );
}

#[test]
fn a_thumbprint_is_that_of_the_first_certificate() {
    let root = root();
    let judge = Verification::new(trusting(&[&root]));
    let signer = signer(&params("signer"), &[&root]);
    let (sha1, sha256) = (
        thumbprint_sha1(&signer.chain[0]),
        thumbprint_sha256(&signer.chain[0]),
    );
    let both = signer.token(|header| {
        header.set_text("x5t", &sha1);
        header.set_text("x5t#S256", &sha256);
    });
    assert_eq!(
        judge.details(&both)[1],
        "`CN=signer`, `x5t` is its own, `x5t#S256` is its own"
    );
    let of_root = thumbprint_sha256(root.der());
    let other = signer.token(|header| header.set_text("x5t#S256", &of_root));
    assert_eq!(
        judge.wrong_leaf(&other),
        "the header's `x5t#S256` does not belong to the first certificate in `x5c`"
    );
}

#[test]
fn an_authority_may_certify_its_own_new_key_but_within_its_bounds() {
    let root = root();
    let renewed = below(authority_params("Root"), &root);
    let judge = Verification::new(trusting(&[&root]));
    let good = signer(&params("signer"), &[&renewed]).token(|_| ());
    assert!(judge.verify(&good).is_ok());
    let bounded = || {
        let mut params = authority_params("Short");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.use_authority_key_identifier_extension = true;
        params
    };
    let short = below(bounded(), &root);
    let renewed = below(bounded(), &short);
    let bad = signer(&params("signer"), &[&renewed, &short]).token(|_| ());
    assert_eq!(
        judge.bad_chain(&bad),
        "a certificate of the chain is not signed by the one that it names as its issuer, or an authority certified its own new key beyond the bounds on its path or its names: that is no exception here, as it is in RFC 5280 section 6.1"
    );
}

#[test]
fn an_authority_keeps_within_its_bounds() {
    let root = root();
    let mut short = authority_params("Short");
    short.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let short = below(short, &root);
    let mut deeper = authority_params("Deeper");
    // It names the key of its issuer, as an authority that certified a new key of its own does too.
    deeper.use_authority_key_identifier_extension = true;
    let deeper = below(deeper, &short);
    let judge = Verification::new(trusting(&[&root]));
    assert!(
        judge
            .verify(&signer(&params("signer"), &[&short]).token(|_| ()))
            .is_ok()
    );
    assert_eq!(
        judge.bad_chain(&signer(&params("signer"), &[&deeper, &short]).token(|_| ())),
        "the chain is longer than certificate 3 of 3 (`CN=Short`) allows"
    );
    let no_authority = below(params("no authority"), &root);
    assert_eq!(
        judge.bad_chain(&signer(&params("signer"), &[&no_authority]).token(|_| ())),
        "certificate 2 of 2 (`CN=no authority`) signs another one, which it may not: it is not that of a certificate authority, or its key usage does not have `keyCertSign`"
    );
    // RFC 5280 section 6.1.4 (n).
    let mut lists_only = authority_params("Lists only");
    lists_only.key_usages = vec![KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    let lists_only = below(lists_only, &root);
    assert_eq!(
        judge.bad_chain(&signer(&params("signer"), &[&lists_only]).token(|_| ())),
        "certificate 2 of 2 (`CN=Lists only`) signs another one, which it may not: it is not that of a certificate authority, or its key usage does not have `keyCertSign`"
    );
    let mut unlimited = authority_params("Unlimited");
    unlimited.key_usages = Vec::new();
    let unlimited = below(unlimited, &root);
    assert!(
        judge
            .verify(&signer(&params("signer"), &[&unlimited]).token(|_| ()))
            .is_ok()
    );
}

#[test]
fn a_certificate_that_no_path_may_have_is_named() {
    let root = root();
    let judge = Verification::new(trusting(&[&root]));
    let said = |signer: &Signer| judge.bad_chain(&signer.token(|_| ()));
    let mut limited = authority_params("Limited");
    limited.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("example".to_owned())],
        excluded_subtrees: Vec::new(),
    });
    let mut named = params("signer");
    named.subject_alt_names = vec![SanType::DnsName("signer.test".try_into().unwrap())];
    assert_eq!(
        said(&signer(&named, &[&below(limited, &root)])),
        "a certificate of the chain has a name that certificate 2 of 2 (`CN=Limited`) may not certify"
    );
    let mut turned = params("signer");
    turned.not_after = date_time_ymd(2019, 1, 1);
    assert_eq!(
        said(&signer(&turned, &[&root])),
        "certificate 1 of 2 (`CN=signer`) ends before it begins"
    );
    // What nobody makes any more: other bytes in place of the version, and of ecdsa-with-SHA256.
    let changed = |from: &[u8], to: &[u8]| {
        let mut signer = signer(&params("signer"), &[&root]);
        let der = &mut signer.chain[0];
        for at in 0..der.len() {
            if der[at..].starts_with(from) {
                der[at..][..to.len()].copy_from_slice(to);
            }
        }
        said(&signer)
    };
    assert_eq!(
        changed(&[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1]),
        "certificate 1 of 2 (`CN=signer`) is not of version 3 of X.509"
    );
    assert_eq!(
        changed(
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1]
        ),
        "certificate 1 of 2 (`CN=signer`) is signed by an algorithm that is not accepted, such as one with SHA-1"
    );
}

#[test]
fn a_chain_may_have_ten_certificates_and_its_path_six_authorities() {
    let root = root();
    let judge = Verification::new(trusting(&[&root]));
    let mut authorities = vec![root];
    for number in 1..=7 {
        let params = authority_params(&format!("Authority {number}"));
        authorities.push(below(params, authorities.last().unwrap()));
    }
    let token = |count: usize| {
        let above: Vec<&Authority> = authorities[..=count].iter().rev().collect();
        let mut signer = signer(&params("signer"), &above);
        let root = signer.chain.last().unwrap().clone();
        signer.chain.resize(10, root);
        signer.token(|_| ())
    };
    assert_eq!(
        judge.details(&token(6))[0],
        "7 certificates, up to `CN=Root`"
    );
    assert_eq!(
        judge.bad_chain(&token(7)),
        "there are too many certificates, or too many paths between them"
    );
}

#[test]
fn a_root_that_is_no_authority_stands_for_itself_alone() {
    let alone =
        CertifiedIssuer::self_signed(params("alone"), KeyPair::generate().unwrap()).unwrap();
    let judge = Verification::new(trusting(&[&alone]));
    let own = Signer {
        chain: vec![alone.der().to_vec()],
        key: KeyPair::try_from(alone.key().serialize_der()).unwrap(),
    };
    assert_eq!(
        judge.details(&own.token(|_| ()))[0],
        "1 certificate, up to `CN=alone`"
    );
    let mut below_it = signer(&params("other"), &[&alone]);
    below_it.chain.pop();
    assert_eq!(
        judge.bad_chain(&below_it.token(|_| ())),
        "`CN=alone` in roots:./root.pem signs another one, which it may not: it is not that of a certificate authority, or its key usage does not have `keyCertSign`"
    );
    // A file with a whole chain does not let the signer at its end make more of itself.
    assert_eq!(
        judge.bad_chain(&signer(&params("other"), &[&alone]).token(|_| ())),
        "certificate 2 of 2 (`CN=alone`) signs another one, which it may not: it is not that of a certificate authority, or its key usage does not have `keyCertSign`"
    );
}

#[test]
fn a_list_revokes_and_a_list_of_nobody_says_nothing() {
    let root = root();
    let middle = below(authority_params("Middle"), &root);
    let list = |issuer: &Authority, revoked: &[u8]| {
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2027, 1, 1),
            crl_number: SerialNumber::from_slice(&[1]),
            issuing_distribution_point: None,
            revoked_certs: vec![RevokedCertParams {
                serial_number: SerialNumber::from_slice(revoked),
                revocation_time: date_time_ymd(2026, 1, 1),
                reason_code: None,
                invalidity_date: None,
            }],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(issuer).unwrap().pem().unwrap()
    };
    let mut params = params("signer");
    params.serial_number = Some(SerialNumber::from_slice(&[7]));
    let token = signer(&params, &[&middle]).token(|_| ());
    let judge = |lists: &[String]| {
        let mut roots = trusting(&[&root]);
        for list in lists {
            roots.revoke(list.as_bytes()).unwrap();
        }
        Verification::new(roots)
    };
    assert_eq!(
        judge(&[list(&middle, &[8])]).details(&token)[0],
        "2 certificates, up to `CN=Root`, not revoked"
    );
    assert_eq!(
        judge(&[list(&middle, &[7])]).bad_chain(&token),
        "certificate 1 of 2 (`CN=signer`) was revoked"
    );
    assert_eq!(
        judge(&[list(&root, &[7])]).bad_chain(&token),
        "none of the revocation lists is from the issuer of the signer's certificate"
    );
    // Nor a revoked authority.
    let mut known = authority_params("Known");
    known.serial_number = Some(SerialNumber::from_slice(&[9]));
    let known = below(known, &root);
    let below_known = signer(&self::params("signer"), &[&known]).token(|_| ());
    assert_eq!(
        judge(&[list(&known, &[8]), list(&root, &[9])]).bad_chain(&below_known),
        "certificate 2 of 2 (`CN=Known`) was revoked"
    );
    let of_its_name = below(authority_params("Middle"), &root);
    assert_eq!(
        judge(&[list(&of_its_name, &[8])]).bad_chain(&token),
        "a revocation list is not signed by the issuer of the certificates"
    );
    assert_eq!(
        judge(&[list(&middle, &[8])])
            .at("2028-01-01T00:00:00Z")
            .bad_chain(&token),
        "a revocation list is out of date"
    );
    let mut roots = trusting(&[&root]);
    assert!(roots.revoke(root.pem().as_bytes()).is_err());
    assert!(roots.revoke(b"no list").is_err());
}

#[test]
fn what_x5c_holds_is_looked_at_before_any_work() {
    let root = root();
    let judge = Verification::new(trusting(&[&root]));
    let signer = signer(&params("signer"), &[&root]);
    let message = |value: &str| {
        let parsed = Json::parse_str(value).unwrap().value;
        let token = signer.token(|header| header.set("x5c", JsonText::from(parsed).into_owned()));
        let (check, refusal) = judge.failed(&token);
        let is_form = refusal.reason == Reason::Malformed;
        assert_eq!(check == CheckName::Format, is_form, "{value}");
        refusal.message
    };
    let one = format!("\"{}\"", STANDARD.encode(&signer.chain[0]));
    let twenty = vec![one.as_str(); 20].join(",");
    for (value, expected) in [
        ("[]", "the header's `x5c` is not a list of certificates"),
        ("\"AA\"", "the header's `x5c` is a string, not an array"),
        (
            "[1]",
            "a certificate of the header's `x5c` is a number, not a string",
        ),
        (
            "[\"_-8\"]",
            "a certificate of the header's `x5c` is not base64 (RFC 7515 section 4.1.6)",
        ),
        (
            "[\"AAAA\"]",
            "certificate 1 of 1 is damaged, or has a form that is not accepted",
        ),
        (
            &format!("[{twenty}]"),
            "the header's `x5c` has more than 10 certificates",
        ),
    ] {
        assert_eq!(message(value), expected, "{value}");
    }
    let mut cut = signer.chain[0].clone();
    while !cut.is_empty() {
        cut.pop();
        let value = format!("[\"{}\"]", STANDARD.encode(&cut));
        assert!(message(&value).contains("damaged") || cut.is_empty());
    }
}

#[test]
fn without_x5c_only_other_keys_check_a_token() {
    let root = root();
    let signer = signer(&params("signer"), &[&root]);
    let judge = Verification::new(trusting(&[&root]));
    let token = signer.token(|header| header.remove("x5c"));
    let refusal = judge.refusal(&token);
    assert_eq!(refusal.reason.code(), "key_not_found");
    assert_eq!(
        refusal.message,
        "the token brings no certificates (`x5c`), which would have to lead to a root"
    );
    // The roots are the only place where its key could come from.
    let refused = judge.verify(&token).unwrap_err();
    assert_eq!(refused.report.key.as_deref(), Some("roots:./root.pem"));
    let beside = |judge: Verification| Verification {
        keys: VerifyingKeys::of("its key", public_again(&signer))
            .trusting(vec![trusting(&[&root])]),
        ..judge
    };
    assert!(
        beside(Verification::new(trusting(&[&root])))
            .verify(&token)
            .is_ok()
    );
    // What is asked of a certificate, a key without one does not have.
    let asking = Verification::new(trusting(&[&root])).asking(&[CODE_SIGNING], &[]);
    assert_eq!(
        beside(asking).refusal(&token).reason.code(),
        "key_not_found"
    );
}

fn public_again(signer: &Signer) -> crate::token::content::Keys {
    read(&signer.chain[0], &Reading::default()).unwrap()
}

#[test]
fn roots_are_certificates() {
    let root = root();
    assert!(Roots::read("x", root.der()).is_ok());
    for content in [
        "",
        "no certificate",
        KeyPair::generate().unwrap().serialize_pem().as_str(),
    ] {
        let fault = Roots::read("x", content.as_bytes()).unwrap_err();
        assert_eq!(fault.message, "there is no certificate in it");
    }
}
