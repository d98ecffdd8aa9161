//! Tags, lengths and values of DER (X.690): a structure is taken apart one level at a time, so nothing
//! here recurses or allocates by what a length field claims.

use der::Tag::{self, BitString, ContextSpecific, Integer, Sequence};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader, TagNumber, Tagged};
use zeroize::Zeroizing;

use crate::token::key_fault::KeyFault;
use crate::token::material::without_zeros;

/// An element of a SEQUENCE: its tag and its content.
pub(in crate::token) type Element<'a> = (Tag, &'a [u8]);

/// The first structure of content that has more after it, as a TRUSTED CERTIFICATE does.
pub(in crate::token) fn first(content: &[u8]) -> &[u8] {
    SliceReader::new(content)
        .and_then(|mut reader| reader.tlv_bytes())
        .unwrap_or(content)
}

pub(in crate::token) fn damaged() -> KeyFault {
    KeyFault::rejected("the key is cut off or damaged: its DER is incomplete")
}

/// The bytes as one element.
pub(in crate::token) fn element(der: &[u8]) -> Result<Element<'_>, KeyFault> {
    let any = AnyRef::from_der(der).map_err(|_| damaged())?;
    Ok((any.tag(), any.value()))
}

/// The elements of the bytes, which are one SEQUENCE.
pub(in crate::token) fn sequence(der: &[u8]) -> Option<Vec<Element<'_>>> {
    match element(der) {
        Ok((Sequence, content)) => elements(content),
        _ => None,
    }
}

/// The elements of the bytes, unless there are more than any structure here has.
pub(in crate::token) fn elements(content: &[u8]) -> Option<Vec<Element<'_>>> {
    elements_up_to(content, 16)
}

/// The same, of no more elements than so many.
pub(in crate::token) fn elements_up_to(content: &[u8], most: usize) -> Option<Vec<Element<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() && elements.len() < most {
        let any = AnyRef::decode(&mut reader).ok()?;
        elements.push((any.tag(), any.value()));
    }
    reader.is_finished().then_some(elements)
}

/// The content of the element that is tagged `[number]`.
pub(in crate::token) fn tagged<'a>(elements: &[Element<'a>], wanted: u32) -> Option<&'a [u8]> {
    elements.iter().find_map(|(tag, content)| match tag {
        ContextSpecific { number, .. } if *number == TagNumber(wanted) => Some(*content),
        _ => None,
    })
}

/// The number in the content of an INTEGER that is not negative, without leading zeros.
pub(in crate::token) fn unsigned(integer: &[u8]) -> Result<&[u8], KeyFault> {
    match integer {
        [0..=0x7f, ..] => Ok(without_zeros(integer)),
        _ => Err(damaged()),
    }
}

/// The bytes in the content of a BIT STRING.
pub(super) fn whole_bytes(bits: &[u8]) -> Result<&[u8], KeyFault> {
    match bits {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(damaged()),
    }
}

/// The bytes of an explicitly tagged BIT STRING.
pub(super) fn bit_string(der: &[u8]) -> Result<&[u8], KeyFault> {
    match element(der)? {
        (BitString, bits) => whole_bytes(bits),
        _ => Err(damaged()),
    }
}

pub(super) fn unsigned_all<'a>(parts: &[Element<'a>]) -> Result<Vec<&'a [u8]>, KeyFault> {
    let one = |(tag, number): &Element<'a>| match tag {
        Integer => unsigned(number),
        _ => Err(damaged()),
    };
    parts.iter().map(one).collect()
}

pub(super) fn encoded(tag: Tag, content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let der = AnyRef::new(tag, content).ok()?.to_der().ok()?;
    Some(Zeroizing::new(der))
}

/// An object identifier as it is written, its numbers with dots between them.
pub(in crate::token) fn dotted(oid: &[u8]) -> Result<String, KeyFault> {
    let oid = ObjectIdentifier::from_bytes(oid).map_err(|_| damaged())?;
    Ok(oid.to_string())
}
