//! How keys, certificates and related structures begin in DER, and in BER, where a length may be
//! open (X.690 sections 8.1 and 10.1).
//!
//! The checks are so strict that fewer than one in 2^42 random texts pass. What follows may be
//! missing.

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0]`, as a certificate has it around its version (RFC 5280 section 4.1).
const VERSION: u8 = 0xa0;

/// The beginning of an element: its tag, its length if that is not open, and what follows.
#[derive(Clone, Copy)]
struct Head<'a> {
    tag: u8,
    len: Option<usize>,
    after: &'a [u8],
}

impl<'a> Head<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[tag, first], rest) = bytes.split_first_chunk()?;
        let (len, after) = match first {
            0x80 => (None, rest),
            0..0x80 => (Some(usize::from(first)), rest),
            0x81..=0x84 => {
                let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let len = digits
                    .iter()
                    .fold(0, |len: usize, digit| len << 8 | usize::from(*digit));
                // The shortest form, as DER wants it and BER has it in practice.
                let spare = if digits.len() == 1 { 0x80 } else { 1 };
                if digits.first().is_none_or(|digit| *digit < spare) {
                    return None;
                }
                (Some(len), after)
            }
            _ => return None,
        };
        Some(Head { tag, len, after })
    }

    /// The first element inside, unless it is longer than this one.
    fn inner(self) -> Option<Self> {
        self.fitting(Head::read(self.after)?)
    }

    fn fitting(self, inner: Head<'a>) -> Option<Self> {
        let fits = match (self.len, inner.len) {
            (Some(room), Some(len)) => len < room,
            _ => true,
        };
        fits.then_some(inner)
    }

    /// The content, if it is all there.
    fn content(self) -> Option<&'a [u8]> {
        self.after.get(..self.len?)
    }

    /// The element after this one.
    fn next(self) -> Option<Self> {
        Head::read(self.after.get(self.len?..)?)
    }
}

/// Whether bytes begin as a key, a certificate, or something else that holds them.
pub(in crate::token) fn is_key(bytes: &[u8]) -> bool {
    if bytes.first() != Some(&SEQUENCE) {
        return false;
    }
    let Some((outer, inner)) = Head::read(bytes).and_then(|outer| Some((outer, outer.inner()?)))
    else {
        return false;
    };
    match inner.tag {
        INTEGER => is_numbers(outer, inner) || is_named(outer, inner),
        // PKCS#7 (RFC 5652 section 3). An algorithm alone begins in the same way, and is not a key.
        OBJECT_IDENTIFIER => inner.after.starts_with(PKCS7),
        SEQUENCE => is_named(outer, inner),
        _ => false,
    }
}

/// Whether bytes begin as PKCS#12 does, with its version and the type of what it holds (RFC 7292
/// section 4).
pub(in crate::token) fn is_pkcs12(bytes: &[u8]) -> bool {
    let version = Head::read(bytes).and_then(Head::inner);
    version.is_some_and(|version| {
        version.tag == INTEGER
            && version.content() == Some(&[3])
            && version.next().is_some_and(|held| {
                held.tag == SEQUENCE
                    && held.inner().is_some_and(|oid| {
                        oid.tag == OBJECT_IDENTIFIER && oid.after.starts_with(PKCS7)
                    })
            })
    })
}

/// Whether bytes begin as PKCS#7 does.
pub(in crate::token) fn is_pkcs7(bytes: &[u8]) -> bool {
    let kind = Head::read(bytes).and_then(Head::inner);
    kind.is_some_and(|kind| kind.tag == OBJECT_IDENTIFIER && kind.after.starts_with(PKCS7))
}

/// 1.2.840.113549.1.7.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];

/// The keys that name no algorithm: `ECPrivateKey` (RFC 5915 section 3), `RSAPrivateKey` and
/// `RSAPublicKey` (RFC 8017 appendix A.1), and the traditional key of DSA, which begins as an RSA
/// key does.
fn is_numbers<'a>(outer: Head<'a>, first: Head<'a>) -> bool {
    let second = first.next().and_then(|second| outer.fitting(second));
    match (first.content(), second) {
        (Some([1]), Some(key)) if key.tag == OCTET_STRING => {
            matches!(key.len, Some(20 | 24 | 28..=33 | 40 | 48 | 49 | 64..=66))
        }
        (Some([0 | 1]), Some(modulus)) if modulus.tag == INTEGER => {
            modulus.len >= Some(32) && modulus.after.first().is_none_or(|b| *b < 0x80)
        }
        (Some(modulus), Some(exponent)) => {
            modulus.len() > 32
                && modulus.first().is_some_and(|b| *b < 0x80)
                && exponent.tag == INTEGER
                && matches!(exponent.len, Some(1..=9))
        }
        // Cut off inside the modulus, whose highest bit follows a zero byte, and which leaves room
        // for a short exponent.
        (None, None) => {
            let room = outer.len.zip(first.len).map(|(all, own)| all.abs_diff(own));
            first.len > Some(0x7f)
                && first.after.first().is_none_or(|b| *b == 0)
                && matches!(room, Some(6..=16))
        }
        _ => false,
    }
}

/// Whether the innermost first element, after numbers such as a version, is the name of an
/// algorithm or of an attribute.
fn is_named<'a>(mut outer: Head<'a>, mut head: Head<'a>) -> bool {
    /// No key, certificate, request or revocation list is nested deeper.
    const DEEPEST: usize = 8;
    for _ in 0..DEEPEST {
        let next = match head.tag {
            // The version of a certificate; a long serial number follows it.
            VERSION if matches!(head.after, [INTEGER, 1, 0..=2, ..]) => return true,
            SEQUENCE | SET | VERSION => {
                outer = head;
                head.inner()
            }
            // A serial number has 20 bytes at most (RFC 5280 section 4.1.2.2).
            INTEGER if head.len <= Some(21) => head.next().and_then(|next| outer.fitting(next)),
            OBJECT_IDENTIFIER => return head.content().is_some_and(is_known),
            _ => None,
        };
        match next {
            Some(next) => head = next,
            None => return false,
        }
    }
    false
}

/// Whether an object identifier is from an arc that names keys, their algorithms or their owners.
fn is_known(oid: &[u8]) -> bool {
    const ARCS: &[&[u8]] = &[
        &[0x2a, 0x86, 0x48],       // 1.2.840: RSA, EC, DSA, and how they are encrypted
        &[0x60, 0x86, 0x48],       // 2.16.840: NIST
        &[0x2b, 0x81, 0x04, 0x00], // 1.3.132.0: curves of SEC 2
        &[0x2b, 0x24, 0x03, 0x03], // 1.3.36.3.3: Brainpool
        &[0x2b, 0x06, 0x01],       // 1.3.6.1: PKIX, enterprises
        &[0x2b, 0x0e, 0x03, 0x02], // 1.3.14.3.2: OIW
        &[0x2b, 0xce, 0x0f],       // 1.3.9999: Open Quantum Safe
        &[0x2a, 0x81, 0x1c],       // 1.2.156: SM2
        &[0x2a, 0x85, 0x03],       // 1.2.643: GOST
        &[0x09, 0x92, 0x26],       // 0.9.2342: the components of a domain in a name
    ];
    // 1.3.101: Edwards curves; 2.5.4 and 2.5.29: what names and extensions are made of.
    let is_short = matches!(oid, [0x2b, 0x65, _] | [0x55, 4 | 29, _]);
    is_short || oid.len() >= 5 && ARCS.iter().any(|arc| oid.starts_with(arc))
}

#[cfg(test)]
mod tests;
