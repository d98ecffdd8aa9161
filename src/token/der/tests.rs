use aws_lc_rs::encoding::AsRawBytes;
use aws_lc_rs::signature::PqdsaKeyPair;

use super::{find as find_with, *};
use crate::token::algorithm::Algorithm;
use crate::token::content::{Reading, read as read_content};
use crate::token::der::algorithm_identifier::{PSS, pss_algorithms, pss_by_label};
use crate::token::der::private_parts::{ml_dsa_seed, restricted_pkcs8};
use crate::token::der::tlv::encoded;
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::pem::samples;

/// The DER inside a PEM sample.
fn der(sample: &str) -> Vec<u8> {
    let body: String = sample
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    Encoding::Base64.undo(body.as_bytes()).unwrap().to_vec()
}

fn find(der: &[u8]) -> Option<Result<Material, KeyFault>> {
    find_with(der, None).map(|found| found.map(|found| found.material))
}

fn key(der: &[u8]) -> Key {
    Key::from(find(der).unwrap().unwrap())
}

fn refusal(der: &[u8]) -> String {
    find(der).unwrap().err().unwrap().message
}

#[test]
fn every_structure_of_a_key_gives_the_same_key() {
    let spki = key(&der(samples::EC_SPKI));
    for sample in [
        samples::EC_SEC1,
        samples::EC_SEC1_BARE,
        samples::EC_PKCS8,
        samples::EC_SPKI_COMPRESSED,
        samples::EC_CERTIFICATE,
    ] {
        assert_eq!(key(&der(sample)).thumbprint(), spki.thumbprint());
    }
    let (pkcs8, spki) = (der(samples::RSA_PKCS8), der(samples::RSA_SPKI));
    // The traditional structures stand inside: behind 26 and 24 bytes with a key of 2048 bits.
    let (pkcs1, public) = (&pkcs8[26..], &spki[24..]);
    for (der, is_private) in [
        (&pkcs8[..], true),
        (&spki, false),
        (pkcs1, true),
        (public, false),
    ] {
        assert_eq!(key(der).thumbprint(), key(&spki).thumbprint());
        assert_eq!(key(der).has_private(), is_private);
    }
    let (private, public) = (
        key(&der(samples::ED25519)),
        key(&der(samples::ED25519_SPKI)),
    );
    assert_eq!(private.thumbprint(), public.thumbprint());
    assert!(private.has_private() && !public.has_private());
}

#[test]
fn pkcs8_v2_is_read_as_aws_lc_and_as_ring_write_it() {
    let v1 = der(samples::ED25519);
    let seed = &v1[16..];
    let public = &der(samples::ED25519_SPKI)[12..];
    let v2 = |field: &[u8]| {
        let len = 46 + field.len();
        let head = [
            0x30,
            u8::try_from(len).unwrap(),
            2,
            1,
            1,
            0x30,
            5,
            6,
            3,
            0x2b,
            0x65,
            0x70,
            4,
            34,
            4,
            32,
        ];
        [&head, seed, field].concat()
    };
    let implicit = [&[0x81, 33, 0], public].concat();
    let explicit = [&[0xa1, 35, 3, 33, 0], public].concat();
    for field in [&implicit, &explicit] {
        assert_eq!(key(&v2(field)).thumbprint(), key(&v1).thumbprint());
    }
    let foreign = [&[0x81, 33, 0], seed].concat();
    assert_eq!(
        refusal(&v2(&foreign)),
        "the public half of the key does not belong to its private half"
    );
}

#[test]
fn an_ed25519_key_is_read_in_the_structure_of_an_ec_key_as_gnutls_and_sshpk_write_it() {
    let pkcs8 = der(samples::ED25519);
    let seed = &pkcs8[16..];
    let public = &der(samples::ED25519_SPKI)[12..];
    let sec1 = |kind: u8, public: &[u8]| {
        let head = [0x30, 81, 2, 1, 1, 4, 32];
        let middle = [0xa0, 5, 6, 3, 0x2b, 0x65, kind, 0xa1, 35, 3, 33, 0];
        [&head, seed, &middle, public].concat()
    };
    assert_eq!(
        key(&sec1(0x70, public)).thumbprint(),
        key(&pkcs8).thumbprint()
    );
    assert!(key(&sec1(0x70, public)).has_private());
    for (der, message) in [
        (
            sec1(0x70, seed),
            "the public half of the key does not belong to its private half",
        ),
        (
            sec1(0x71, public),
            "the content is an Ed448 key, which is not supported",
        ),
        (
            sec1(0x6e, public),
            "the public half of the key does not belong to its private half",
        ),
    ] {
        assert_eq!(refusal(&der), message);
    }
}

#[test]
fn every_choice_of_an_ml_dsa_private_key_is_read_and_no_other_length() {
    let seed_alone = der(samples::ML_DSA_SEED);
    let (head, seed) = (&seed_alone[2..18], ml_dsa_seed(&seed_alone).unwrap());
    let wrapped = |choice: &[u8]| {
        let key = encoded(OctetString, choice).unwrap();
        encoded(Sequence, &[head, &key].concat()).unwrap()
    };
    let pair = PqdsaKeyPair::from_seed(MlDsa::V44.signing(), seed).unwrap();
    let own = pair.private_key().as_raw_bytes().unwrap();
    let seed_of = |len: usize| encoded(SEED, &seed.repeat(2)[..len]).unwrap();
    let octets = |bytes: &[u8]| encoded(OctetString, bytes).unwrap();
    let both = |seed: &[u8], expanded: &[u8]| {
        encoded(
            Sequence,
            &[octets(seed), octets(expanded)]
                .map(|part| part.to_vec())
                .concat(),
        )
        .unwrap()
    };
    assert_eq!(*wrapped(&seed_of(32)), seed_alone);
    let (own, thumbprint) = (own.as_ref(), key(&seed_alone).thumbprint());
    for choice in [seed_of(32), octets(own), both(seed, own)] {
        let key = key(&wrapped(&choice));
        assert_eq!(key.thumbprint(), thumbprint);
    }
    for choice in [
        seed_of(0),
        seed_of(31),
        seed_of(33),
        octets(&[]),
        octets(seed),
        octets(&own[1..]),
        octets(&[own, &[0]].concat()),
        both(&[], own),
        both(seed, &[]),
        both(seed, &own[1..]),
        both(own, seed),
        encoded(Sequence, &[]).unwrap(),
    ] {
        assert!(find(&wrapped(&choice)).unwrap().is_err());
    }
}

#[test]
fn an_ml_dsa_public_key_has_one_length_only() {
    let oid = encoded(Tag::ObjectIdentifier, &der(samples::ML_DSA_SEED)[9..18]).unwrap();
    let algorithm = encoded(Sequence, &oid).unwrap();
    for len in [0, 1, 1311, 1313, 1952] {
        let bits = encoded(BitString, &vec![0; len + 1]).unwrap();
        let spki = encoded(Sequence, &[&**algorithm, &bits].concat()).unwrap();
        assert_eq!(
            refusal(&spki),
            "an ML-DSA-44 public key has 1312 bytes, and this one has another length"
        );
    }
}

#[test]
fn structures_that_are_no_usable_key_are_refused_by_name() {
    let pkcs12 = [0x30, 5, 2, 1, 3, 0x30, 0];
    let pkcs7 = [
        0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 0,
    ];
    let unknown_kind = [0x30, 9, 0x30, 4, 6, 2, 0x2a, 3, 3, 1, 0];
    for (der, message) in [
        (
            &der(samples::EC_REQUEST)[..],
            "the content is a certificate request, not a certificate",
        ),
        (
            &der(samples::EC_ENCRYPTED),
            "the private key is encrypted, and its passphrase is not given",
        ),
        (
            &der(samples::EC_EXPLICIT),
            "the EC key spells out its curve instead of naming it",
        ),
        (
            &der(samples::EC_P224),
            "the EC key is on P-224, which no algorithm of a JWT uses",
        ),
        (
            &pkcs12,
            "the content is a PKCS#12 file, in which keys are encrypted",
        ),
        (&pkcs7, "the content is a PKCS#7 message, not a key"),
        (
            &unknown_kind,
            "the content is a key of a kind that is not supported (OID 1.2.3)",
        ),
    ] {
        assert_eq!(refusal(der), message);
    }
}

#[test]
fn kinds_and_curves_that_no_algorithm_takes_are_named() {
    let spki = |kind: &str, curve: Option<&str>| {
        let oid = |dotted: &str| {
            let oid = der::asn1::ObjectIdentifier::new(dotted).unwrap();
            encoded(Tag::ObjectIdentifier, oid.as_bytes())
                .unwrap()
                .to_vec()
        };
        let names = [Some(oid(kind)), curve.map(oid)].into_iter().flatten();
        let algorithm = encoded(Sequence, &names.collect::<Vec<_>>().concat()).unwrap();
        let key = encoded(BitString, &[0, 4]).unwrap();
        encoded(Sequence, &[&**algorithm, &key].concat()).unwrap()
    };
    let agrees = "a Diffie-Hellman key, which agrees on secrets and does not sign";
    for (kind, what) in [
        (
            "1.3.101.111",
            "an X448 key, which agrees on secrets and does not sign",
        ),
        (
            "1.3.132.1.12",
            "an EC key for ECDH alone (id-ecDH, RFC 5480 section 2.1.2), which is not read in this form",
        ),
        (
            "1.3.132.1.13",
            "an EC key for ECMQV alone (id-ecMQV, RFC 5480 section 2.1.2), which no algorithm of a JWT takes",
        ),
        ("1.3.101.113", "an Ed448 key, which is not supported"),
        (
            "1.2.840.10040.4.1",
            "a DSA key, which no algorithm of a JWT takes",
        ),
        ("1.2.840.113549.1.3.1", agrees),
        ("1.2.840.10046.2.1", agrees),
    ] {
        assert_eq!(
            refusal(&spki(kind, None)),
            format!("the content is {what}"),
            "{kind}"
        );
    }
    for (curve, name) in [
        ("1.2.840.10045.3.1.1", "P-192"),
        ("1.3.132.0.33", "P-224"),
        ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
        ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
        ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
        ("1.3.132.0.6", "a curve with the OID 1.3.132.0.6"),
    ] {
        assert_eq!(
            refusal(&spki("1.2.840.10045.2.1", Some(curve))),
            format!("the EC key is on {name}, which no algorithm of a JWT uses")
        );
    }
}

#[test]
fn what_holds_keys_or_looks_like_them_is_named_also_in_ber() {
    // PKCS#12 and PKCS#7 with open lengths, as NSS writes them.
    let pkcs12 = [
        0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1,
    ];
    assert_eq!(
        refusal(&pkcs12),
        "the content is a PKCS#12 file, in which keys are encrypted"
    );
    assert_eq!(
        refusal(&[&[0x30, 0x80], &pkcs12[7..]].concat()),
        "the content is a PKCS#7 message, not a key"
    );
    let message = |der: &[u8]| read(der, None, None).err().unwrap().message;
    assert_eq!(
        message(&[0x30, 8, 6, 6, 0x67, 0x81, 5, 0x0a, 1, 3]),
        "the content is a key of a TPM (TSS2), which nothing else can use"
    );
    assert_eq!(
        message(&[0x30, 4, 6, 2, 0x2a, 3]),
        "the content is DER, but not a known kind of key"
    );
}

#[test]
fn a_curve_stands_before_the_key_or_in_it_and_is_one() {
    let (parameters, sec1) = (der(samples::EC_PARAMETERS), der(samples::EC_SEC1));
    assert_eq!(
        key(&[&parameters[..], &sec1].concat()).thumbprint(),
        key(&sec1).thumbprint()
    );
    let two = read(&sec1, Some(Curve::P384), None).err().unwrap();
    assert_eq!(two.message, "the EC key names two curves, P-256 and P-384");
}

#[test]
fn a_private_key_is_read_again_as_it_was_written() {
    let x25519 = r#"{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08","d":"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}"#;
    let x25519 = read_content(x25519.as_bytes(), &Reading::default()).unwrap();
    let pss = restricted_pkcs8(&pss_by_label(), &der(samples::RSA_PKCS8)).unwrap();
    for (one, words) in [
        (
            &x25519.keys[0],
            ["an X25519 private key", "an X25519 public key"],
        ),
        (
            &key(&pss),
            [
                "an RSA-PSS private key of 2048 bits",
                "an RSA-PSS public key of 2048 bits",
            ],
        ),
    ] {
        let (private, public) = (one.private_pem().unwrap(), one.public_pem().unwrap());
        let again = [key(&der(&private)), key(&der(&public))];
        assert_eq!(again.each_ref().map(Key::kind_words), words);
        for key in &again {
            assert_eq!(key.thumbprint(), one.thumbprint());
            assert_eq!(key.public_pem().unwrap(), public);
        }
        assert_eq!(again[0].private_pem().unwrap(), private);
    }
}

#[test]
fn a_key_for_rsassa_pss_only_stays_one() {
    let spki = der(samples::RSA_PSS_SPKI);
    let key = key(&spki);
    assert_eq!(key.kind_words(), "an RSA-PSS public key of 2048 bits");
    assert_eq!(key.algorithms(), PSS);
    assert_eq!(key.default_algorithm(), Some(Algorithm::PS256));
    assert!(key.public_jwk().unwrap().contains(r#""alg":"PS256""#));
    assert_eq!(key.public_pem().unwrap(), samples::RSA_PSS_SPKI);
    assert!(key.verifier(Algorithm::RS256, false).is_err());
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1) with the last numbers of the names of two hashes
/// (RFC 4055 section 2.1).
fn pss_params(hash: u8, mask: u8, salt: u8) -> Vec<u8> {
    let sha2 = |last: u8| {
        let mut name = b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02".to_vec();
        name.extend([last, 5, 0]);
        name
    };
    let mgf1 = b"\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
    let hash = [&b"\xa0\x0f"[..], &sha2(hash)].concat();
    let mask = [&mgf1[..], &sha2(mask)].concat();
    [&hash[..], &mask, &[0xa2, 3, 2, 1, salt]].concat()
}

#[test]
fn the_parameters_of_rsassa_pss_name_its_algorithm() {
    let allowed = |params: &[u8]| pss_algorithms(&[(Sequence, params)]);
    for (params, algorithm) in [
        (pss_params(1, 1, 32), Algorithm::PS256),
        (pss_params(1, 1, 20), Algorithm::PS256),
        (pss_params(2, 2, 48), Algorithm::PS384),
        (pss_params(3, 3, 64), Algorithm::PS512),
    ] {
        assert_eq!(allowed(&params).unwrap(), [algorithm]);
    }
    for params in [
        pss_params(1, 2, 32),
        pss_params(1, 1, 33),
        pss_params(4, 4, 20),
        Vec::new(),
    ] {
        assert!(
            allowed(&params)
                .unwrap_err()
                .message
                .contains("that no algorithm of a JWT has")
        );
    }
}

#[test]
fn a_public_half_of_another_key_is_refused() {
    let mut sec1 = der(samples::EC_SEC1);
    let other = EC_GENERATOR;
    let start = sec1.len() - other.len();
    sec1[start..].copy_from_slice(&other);
    assert_eq!(
        refusal(&sec1),
        "the public half of the key does not belong to its private half"
    );
    *sec1.last_mut().unwrap() ^= 1;
    assert_eq!(refusal(&sec1), "the point of the EC key is not on P-256");
}

/// The base point of P-256 (SEC 2 section 2.4.2), uncompressed.
const EC_GENERATOR: [u8; 65] = [
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40,
    0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2,
    0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e,
    0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51,
    0xf5,
];

#[test]
fn a_private_key_of_zero_or_beyond_the_order_is_refused() {
    for filling in [0, 0xff] {
        let mut sec1 = der(samples::EC_SEC1_BARE);
        sec1[7..39].fill(filling);
        assert_eq!(refusal(&sec1), "the private key is not valid on P-256");
    }
}

#[test]
fn a_structure_inside_a_structure_is_not_followed() {
    // PKCS#8 in PKCS#8 in PKCS#8: a reader that followed it could be made to run out of stack.
    let mut der = der(samples::RSA_PKCS8);
    for _ in 0..3 {
        let algorithm = &[
            0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0,
        ];
        let wrap = |tag: u8, content: &[u8]| {
            let len = u16::try_from(content.len()).unwrap().to_be_bytes();
            [&[tag, 0x82, len[0], len[1]], content].concat()
        };
        der = wrap(0x30, &[&[2, 1, 0], &algorithm[..], &wrap(4, &der)].concat());
    }
    assert!(find(&der).unwrap().is_err());
}

#[test]
fn a_structure_has_sixteen_elements_at_most() {
    assert_eq!(elements(&[5, 0].repeat(16)).unwrap().len(), 16);
    assert!(elements(&[5, 0].repeat(17)).is_none());
}

#[test]
fn the_note_on_how_a_key_was_encrypted_stays_with_it() {
    let found = read(&der(samples::ED25519), None, None).unwrap();
    assert_eq!(found.note, None);
    let note = Some("weakly");
    assert_eq!(Keys::from(DerKey { note, ..found }).notes, ["weakly"]);
}

#[test]
fn huge_numbers_in_an_rsa_key_take_no_time() {
    let pkcs8 = der(samples::RSA_PKCS8);
    let parts = sequence(&pkcs8[26..]).unwrap();
    let numbers: Vec<&[u8]> = parts.iter().map(|(_, number)| *number).collect();
    let huge = vec![0x7f; 500_000];
    let started = std::time::Instant::now();
    for index in 1..9 {
        let mut numbers = numbers.clone();
        numbers[index] = &huge;
        let elements: Vec<Element> = numbers.iter().map(|number| (Integer, *number)).collect();
        assert!(pkcs1(&elements).is_err());
    }
    assert!(started.elapsed().as_secs() < 1);
}

#[test]
fn text_and_random_secrets_do_not_look_like_der() {
    assert!(find(b"0123456789abcdef0123456789abcdef").is_none());
    assert!(find(b"0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!").is_none());
    assert!(find(b"").is_none());
    assert!(find(&[0x30]).is_none());
    assert!(find(&[0x30; 64]).is_none());
}

#[test]
fn every_cut_and_every_changed_byte_is_survived() {
    for sample in samples::ALL {
        let whole = der(sample);
        for len in 0..first(&whole).len() {
            assert!(find(&whole[..len]).is_none_or(|found| found.is_err()));
            let _ = read(&whole[..len], None, None);
        }
        let step = if whole.len() > 600 { 17 } else { 1 };
        for index in (0..whole.len()).step_by(step) {
            for mask in [0x01, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[index] ^= mask;
                if let Ok(found) = read(&changed, None, None) {
                    let _ = Key::from(found.material).verifier(Algorithm::ES256, false);
                }
            }
        }
    }
}
