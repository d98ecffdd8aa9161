use super::*;
use crate::token::encoding::Encoding;
use crate::token::pem::samples;

#[test]
fn every_sample_begins_as_a_key_and_so_do_its_cuts() {
    for sample in samples::ALL {
        if *sample == samples::EC_PARAMETERS {
            continue;
        }
        let lines = sample.lines().filter(|line| !line.contains('-'));
        let der = Encoding::Base64.undo(lines.collect::<String>().as_bytes());
        let der = der.unwrap();
        for len in 20..der.len() {
            assert!(is_key(&der[..len]), "{len} bytes of {sample}");
        }
    }
}

#[test]
fn open_lengths_are_those_of_ber() {
    let nss = [
        0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1,
    ];
    assert!(is_key(&nss) && is_pkcs12(&nss));
    assert!(is_pkcs7(&[&[0x30, 0x80], &nss[7..]].concat()));
    assert!(!is_pkcs12(&nss[..12]));
    // Another tag or version, another kind of content, and none that has a name.
    for (at, byte) in [(2, 4), (4, 2), (5, 0x31), (7, 4), (16, 2)] {
        let mut other = nss;
        other[at] = byte;
        assert!(!is_pkcs12(&other), "{at}");
    }
    for (at, byte) in [(7, 4), (16, 2)] {
        let mut other = nss;
        other[at] = byte;
        assert!(!is_pkcs7(&[&[0x30, 0x80], &other[7..]].concat()), "{at}");
    }
}

/// Whether a SEQUENCE of so many bytes begins as a key does, of which these are there.
fn begins(len: u8, inside: &[&[u8]]) -> bool {
    let head: &[u8] = match len {
        0..0x80 => &[SEQUENCE, len],
        0x80.. => &[SEQUENCE, 0x81, len],
    };
    is_key(&[head, &inside.concat()].concat())
}

#[test]
fn numbers_have_the_lengths_and_signs_of_those_of_a_key() {
    let (short, long) = (&[0x7f; 32][..], &[0x7f; 33][..]);
    for (len, inside, is_one) in [
        // ECPrivateKey.
        (0x90, [&[2, 1, 1, 4, 32][..], short, &[]], true),
        (0x90, [&[2, 1, 1, 5, 32], short, &[]], false),
        // RSAPrivateKey.
        (0xff, [&[2, 1, 0, 2, 32], short, &[]], true),
        (0xff, [&[2, 1, 0, 2, 31], short, &[]], false),
        (0xff, [&[2, 1, 0, 2, 32], &[0x80], &[]], false),
        (0xff, [&[2, 1, 0, 4, 32], short, &[]], false),
        // RSAPublicKey.
        (0xff, [&[2, 33], long, &[2, 1]], true),
        (0xff, [&[2, 33], long, &[2, 9]], true),
        (0xff, [&[2, 33], long, &[2, 10]], false),
        (0xff, [&[2, 33], long, &[4, 1]], false),
        (0xff, [&[2, 32], short, &[2, 1]], false),
        (0xff, [&[2, 33], &[0x80; 33], &[2, 1]], false),
        // The same, cut off inside the modulus.
        (0x87, [&[2, 0x81, 0x80], &[], &[]], true),
        (0x87, [&[2, 0x81, 0x80], &[0], &[]], true),
        (0x87, [&[2, 0x81, 0x80], &[1], &[]], false),
        (0x85, [&[2, 0x81, 0x80], &[0], &[]], false),
        (0x90, [&[2, 0x81, 0x80], &[0], &[]], true),
        (0x91, [&[2, 0x81, 0x80], &[0], &[]], false),
        (0x86, [&[2, 0x7f], &[0], &[]], false),
    ] {
        assert_eq!(begins(len, &inside), is_one, "{len:#x} {inside:x?}");
    }
}

#[test]
fn names_are_those_of_keys_and_what_stands_before_them_is_short() {
    const NAMED: &[u8] = &[0x30, 5, 6, 3, 0x2b, 0x65, 0x70];
    for (oid, is_known) in [
        (&[0x2b, 0x65, 0x70][..], true),
        (&[0x55, 4, 3], true),
        (&[0x55, 5, 3], false),
        (&[0x2a, 0x86, 0x48, 1, 2], true),
        (&[0x2a, 0x86, 0x48, 1], false),
        (&[0x2a, 3, 4, 5, 6], false),
    ] {
        let len = u8::try_from(oid.len()).unwrap();
        let algorithm = [&[0x30, len + 2, 6, len], oid].concat();
        assert_eq!(begins(0x20, &[&algorithm]), is_known, "{oid:x?}");
    }
    assert!(begins(0x30, &[&[0x30, 0x2e, 2, 21], &[1; 21], NAMED]));
    assert!(!begins(0x30, &[&[0x30, 0x2e, 2, 22], &[1; 22], NAMED]));
    assert!(begins(0x30, &[&[0x30, 0x2e, 0xa0, 3, 2, 1, 2]]));
    assert!(!begins(0x30, &[&[0x30, 0x2e, 0xa0, 3, 2, 1, 5, 5, 0]]));
}

#[test]
fn elements_that_do_not_fit_into_each_other_are_no_key() {
    // `openssl pkey -pubout` of an Ed25519 key, whose algorithm claims more than there is.
    let mut spki = vec![0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
    assert!(is_key(&spki));
    spki[3] = 0x2a;
    assert!(!is_key(&spki));
    assert!(!is_key(&[0x30; 64]));
    assert!(!is_key(b"0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!0!"));
    assert!(!is_key(&[]));
}
