//! What is read of a certificate beside what its path is judged by (RFC 5280 section 4.1).

use der::Tag::{self, BitString, Boolean, ContextSpecific, Integer, Sequence};
use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Encode as _, TagNumber};

use crate::text::escape;
use crate::token::der::tlv::{
    Element, dotted, element, elements, elements_up_to, sequence, tagged,
};

/// So many extensions, or names in one of them, are looked at.
const MOST: usize = 1000;

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];

/// A certificate that was taken apart.
pub(super) struct Certificate<'a> {
    /// The names, as they stand there.
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    /// What its issuer signed, without its tag and length.
    body: &'a [u8],
    /// The algorithm of that signature, as it stands there, and the signature.
    pub(super) signed_by: &'a [u8],
    pub(super) signature: &'a [u8],
    /// From when to when it is valid, in seconds since 1970.
    pub(super) validity: Option<(u64, u64)>,
    /// Whether it says its version, as all but the first do.
    has_version: bool,
    extensions: Vec<Extension<'a>>,
}

struct Extension<'a> {
    oid: &'a [u8],
    is_critical: bool,
    /// In DER.
    value: &'a [u8],
}

/// A name that a certificate is for (RFC 5280 section 4.2.1.6).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AltName<'a> {
    Email(&'a str),
    Dns(&'a str),
    Uri(&'a str),
    /// An IP address or another kind.
    Other,
}

impl<'a> AltName<'a> {
    /// As it is written, where it is text.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self {
            AltName::Email(text) | AltName::Dns(text) | AltName::Uri(text) => Some(text),
            AltName::Other => None,
        }
    }
}

impl<'a> Certificate<'a> {
    /// Takes one in DER apart; `None` of what is none.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let parts = sequence(der)?;
        let [
            (Sequence, body),
            (Sequence, signed_by),
            (BitString, [0, signature @ ..]),
        ] = parts.as_slice()
        else {
            return None;
        };
        let fields = elements(body)?;
        let (has_version, fields) = match fields.as_slice() {
            [(ContextSpecific { .. }, _), fields @ ..] => (true, fields),
            fields => (false, fields),
        };
        let [
            (Integer, _),
            (Sequence, _),
            (Sequence, issuer),
            (Sequence, validity),
            (Sequence, subject),
            (Sequence, _),
            rest @ ..,
        ] = fields
        else {
            return None;
        };
        let extensions = match tagged(rest, 3) {
            None => Vec::new(),
            Some(list) => match element(list).ok()? {
                (Sequence, list) => elements_up_to(list, MOST)?,
                _ => return None,
            },
        };
        let extensions = extensions.into_iter().map(extension);
        Some(Certificate {
            issuer,
            subject,
            body,
            signed_by,
            signature,
            validity: times(validity),
            has_version,
            extensions: extensions.collect::<Option<_>>()?,
        })
    }

    fn extension(&self, oid: &[u8]) -> Option<&'a [u8]> {
        let mut all = self.extensions.iter();
        all.find(|known| known.oid == oid).map(|known| known.value)
    }

    /// What its issuer signed.
    pub(super) fn to_be_signed(&self) -> Option<Vec<u8>> {
        AnyRef::new(Sequence, self.body).ok()?.to_der().ok()
    }

    /// The first critical extension that path validation does not know, as it is written.
    pub(super) fn unknown_extension(&self) -> Option<String> {
        const KNOWN: [&[u8]; 5] = [
            BASIC_CONSTRAINTS,
            NAME_CONSTRAINTS,
            KEY_USAGE,
            SUBJECT_ALT_NAME,
            EXTENDED_KEY_USAGE,
        ];
        let mut all = self.extensions.iter();
        let unknown = all.find(|one| one.is_critical && !KNOWN.contains(&one.oid))?;
        dotted(unknown.oid).ok()
    }

    /// Whether it bounds the names of those below it (RFC 5280 section 4.2.1.10).
    pub(super) fn bounds_names(&self) -> bool {
        self.extension(NAME_CONSTRAINTS).is_some()
    }

    /// How many authorities it allows below it (RFC 5280 section 4.2.1.9).
    pub(super) fn longest_path(&self) -> Option<usize> {
        let (_, content) = element(self.extension(BASIC_CONSTRAINTS)?).ok()?;
        match elements(content)?.as_slice() {
            [_, (Integer, [most])] => Some(usize::from(*most)),
            _ => None,
        }
    }

    /// Whether an authority made it for a new key of its own: it names another key as that of its issuer (RFC
    /// 5280 sections 4.2.1.1 and 4.2.1.2).
    pub(super) fn is_renewal(&self) -> bool {
        let of_issuer = self.extension(AUTHORITY_KEY_IDENTIFIER).and_then(sequence);
        let of_issuer = of_issuer.as_deref().and_then(|parts| tagged(parts, 0));
        let own = self.extension(SUBJECT_KEY_IDENTIFIER).map(element);
        let own = own.and_then(Result::ok).map(|(_, id)| id);
        self.subject == self.issuer && of_issuer.is_some() && of_issuer != own
    }

    /// Whether it may be used to check signatures of what is no certificate.
    pub(super) fn may_sign(&self) -> bool {
        /// `digitalSignature` and `nonRepudiation`, the first two bits.
        const SIGNING: u8 = 0xc0;
        self.may(SIGNING)
    }

    /// Whether it is that of an authority, and may be used to check signatures of certificates (RFC 5280
    /// sections 4.2.1.3 and 4.2.1.9). One of version 1 does not say.
    pub(super) fn is_of_authority(&self) -> bool {
        /// `keyCertSign`, the sixth bit.
        const CERTIFYING: u8 = 0x04;
        let is_marked = match self.extension(BASIC_CONSTRAINTS).map(element) {
            None => !self.has_version,
            Some(Ok((Sequence, content))) => elements(content)
                .is_some_and(|parts| matches!(parts.as_slice(), [(Boolean, [0xff]), ..])),
            Some(_) => false,
        };
        is_marked && self.may(CERTIFYING)
    }

    /// Whether its key usage has one of these bits (RFC 5280 section 4.2.1.3): a certificate without the
    /// extension may be used for anything.
    fn may(&self, bits: u8) -> bool {
        match self.extension(KEY_USAGE).map(element) {
            None => true,
            Some(Ok((BitString, [_, first, ..]))) => first & bits != 0,
            Some(_) => false,
        }
    }

    /// What it is for, as object identifiers; `None` without the extension, which is for anything.
    pub(super) fn purposes(&self) -> Option<Vec<String>> {
        let value = self.extension(EXTENDED_KEY_USAGE)?;
        let list = match element(value) {
            Ok((Sequence, list)) => elements_up_to(list, MOST).unwrap_or_default(),
            _ => Vec::new(),
        };
        Some(
            list.into_iter()
                .filter_map(|(_, oid)| dotted(oid).ok())
                .collect(),
        )
    }

    /// The names that it is for.
    pub(super) fn alt_names(&self) -> Vec<AltName<'a>> {
        let list = match self.extension(SUBJECT_ALT_NAME).map(element) {
            Some(Ok((Sequence, list))) => elements_up_to(list, MOST).unwrap_or_default(),
            _ => Vec::new(),
        };
        list.into_iter().map(alt_name).collect()
    }
}

fn extension((tag, content): Element<'_>) -> Option<Extension<'_>> {
    if tag != Sequence {
        return None;
    }
    match elements(content)?.as_slice() {
        [
            (Tag::ObjectIdentifier, oid),
            between @ ..,
            (Tag::OctetString, value),
        ] => Some(Extension {
            oid,
            is_critical: matches!(between, [(Boolean, [0xff])]),
            value,
        }),
        _ => None,
    }
}

/// The two times of a validity (RFC 5280 section 4.1.2.5).
fn times(validity: &[u8]) -> Option<(u64, u64)> {
    let time = |(tag, content): &Element<'_>| {
        let any = AnyRef::new(*tag, content).ok()?;
        let time = match tag {
            Tag::UtcTime => any.decode_as::<UtcTime>().ok()?.to_unix_duration(),
            _ => any.decode_as::<GeneralizedTime>().ok()?.to_unix_duration(),
        };
        Some(time.as_secs())
    };
    match elements(validity)?.as_slice() {
        [from, to] => Some((time(from)?, time(to)?)),
        _ => None,
    }
}

fn alt_name((tag, content): Element<'_>) -> AltName<'_> {
    let ContextSpecific { number, .. } = tag else {
        return AltName::Other;
    };
    match (number, std::str::from_utf8(content)) {
        (TagNumber(1), Ok(text)) => AltName::Email(text),
        (TagNumber(2), Ok(text)) => AltName::Dns(text),
        (TagNumber(6), Ok(text)) => AltName::Uri(text),
        _ => AltName::Other,
    }
}

/// A name of a certificate in a few words: its common name, or else the last part of it.
pub(super) fn name_words(name: &[u8]) -> String {
    let mut last = None;
    for (_, set) in elements_up_to(name, MOST).unwrap_or_default() {
        let Some(part) = elements(set).and_then(|all| all.first().copied()) else {
            continue;
        };
        let Some(part) = elements(part.1) else {
            continue;
        };
        if let [(Tag::ObjectIdentifier, oid), (_, text)] = part.as_slice() {
            let text = escape::shorten(&String::from_utf8_lossy(text), 60);
            if *oid == COMMON_NAME {
                return format!("`CN={text}`");
            }
            last = Some(text);
        }
    }
    match last {
        Some(text) => format!("`{text}`"),
        None => "one without a name".to_owned(),
    }
}
