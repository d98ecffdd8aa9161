use super::*;
use crate::token::compact::decode_segment;
use crate::token::key_fault::KeyReason;

#[test]
fn rsa_keys_that_can_be_broken_are_weak() {
    let found = crate::token::pem::find(crate::token::pem::samples::RSA_SPKI, None);
    let Material::Rsa { public, .. } = &found.unwrap().unwrap().keys[0].material else {
        panic!()
    };
    let good = &public.n[..];
    let message = |n: &[u8], e: &[u8]| check_rsa(n, e).unwrap_err().message;
    assert!(check_rsa(good, &[3]).is_ok());
    assert!(check_rsa(good, &[1, 0, 0, 0, 1]).is_ok());
    assert_eq!(
        message(&good[1..], &[3]),
        "the RSA key has 2040 bits, and at least 2048 are needed"
    );
    assert_eq!(
        message(&good.repeat(5), &[3]),
        "the RSA key has 10240 bits, and at most 8192 are supported"
    );
    assert_eq!(message(good, &[2]), "the exponent of the RSA key is even");
    assert_eq!(
        message(good, &[1]),
        "the exponent of the RSA key is 1, which signs nothing"
    );
    assert_eq!(
        message(good, &[2, 0, 0, 0, 1]),
        "the exponent of the RSA key has more than 33 bits"
    );
    assert_eq!(
        message(&[&good[..255], &[2]].concat(), &[3]),
        "the modulus of the RSA key is even"
    );
    assert_eq!(
        check_rsa(&good[1..], &[3]).unwrap_err().reason,
        KeyReason::Weak
    );
    assert_eq!(
        check_rsa(&good.repeat(5), &[3]).unwrap_err().reason,
        KeyReason::Rejected
    );
}

#[test]
fn a_modulus_that_is_a_power_of_65537_has_the_roca_fingerprint() {
    let mut power = vec![1];
    for _ in 0..128 {
        // To multiply by 65537 is to add the number to itself, two bytes further on.
        let mut carry = 0;
        let (high, low) = (
            [&[0, 0], &power[..]].concat(),
            [&power[..], &[0, 0]].concat(),
        );
        power = low
            .iter()
            .zip(&high)
            .rev()
            .map(|(a, b)| {
                let sum = u16::from(*a) + u16::from(*b) + carry;
                carry = sum >> 8;
                sum.to_le_bytes()[0]
            })
            .collect();
        power.reverse();
    }
    assert_eq!(
        check_rsa(&power, &[3]).unwrap_err().message,
        "the RSA key was made by a chip whose keys can be factored (ROCA, CVE-2017-15361)"
    );
    *power.last_mut().unwrap() ^= 2;
    assert!(check_rsa(&power, &[3]).is_ok());
}

#[test]
fn an_ed25519_key_of_small_order_is_refused_however_it_is_written() {
    let wide = |low: u8, rest: u8, last: u8| [&[low][..], &[rest; 30], &[last]].concat();
    let order_8 = |text: &str| decode_segment(text, "x").unwrap();
    for mut point in [
        wide(0, 0, 0),
        wide(1, 0, 0),
        wide(0xec, 0xff, 0x7f),
        wide(0xed, 0xff, 0x7f),
        wide(0xee, 0xff, 0x7f),
        order_8("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU"),
        order_8("xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o"),
    ] {
        for sign_of_x in [0, 0x80] {
            point[31] |= sign_of_x;
            let fault = check_ed25519(&point).unwrap_err();
            assert_eq!(fault.reason, KeyReason::Weak);
            assert_eq!(
                fault.message,
                "the Ed25519 key is a point of small order: one signature by it fits many messages"
            );
        }
        for place in [0, 15, 30] {
            let mut other = point.clone();
            other[place] ^= 4;
            assert!(check_ed25519(&other).is_ok(), "{other:02x?}");
        }
    }
    assert!(check_ed25519(&[]).is_ok());
}
