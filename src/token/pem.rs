//! Keys in PEM (RFC 7468).
//!
//! Blocks are found here and not by a crate, so that what is decoded is wiped, that a block which
//! is cut off is not skipped, and that one on a single line is read, as the variables of CI
//! systems hold it.

use zeroize::Zeroizing;

use crate::token::advice::{Advice, Foreign};
use crate::token::algorithm::Curve;
use crate::token::content::Keys;
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::key_fault::{KeyFault, KeyReason};
use crate::token::passphrase::{self, Passphrase};
use crate::token::{der, ssh};

/// Reads text that holds a PEM block; `None` for any other text.
pub(super) fn find(text: &str, passphrase: Option<&Passphrase>) -> Option<Result<Keys, KeyFault>> {
    is_marked(text.as_bytes()).then(|| read(text, passphrase))
}

/// Whether the text has the mark of a block, misspelt perhaps: no secret has one.
fn is_marked(text: &[u8]) -> bool {
    text.starts_with(b"-----BEGIN ")
        || (0..text.len()).any(|at| {
            text.split_at_checked(at)
                .is_some_and(|(before, here)| is_mark(before, here))
        })
}

/// Whether the mark of a block stands here: BEGIN or END behind dashes, or behind what a word
/// processor has made of them, or BEGIN before one of the labels of a key, with or without dashes.
pub(super) fn is_mark(before: &[u8], here: &[u8]) -> bool {
    /// As far as dashes are looked for: white space behind them means nothing.
    const NEAR: usize = 32;
    let is_word = |word: &[u8]| {
        let start = here.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let begins = is_word(b"BEGIN");
    if !begins && !is_word(b"END") {
        return false;
    }
    let near = before.get(before.len().saturating_sub(NEAR)..);
    let near = near.unwrap_or(before).trim_ascii_end();
    let hyphens = near.iter().rev().take_while(|b| **b == b'-').count();
    if hyphens >= 4 {
        return true;
    }
    // Of END alone, fewer bytes would be found among random ones.
    let Some(label) = here.get(5..).filter(|_| begins) else {
        return false;
    };
    let other_dash = near.last().is_some_and(|b| *b >= 0x80);
    let first = label.trim_ascii_start().first();
    let in_capitals = here.starts_with(b"BEGIN") && first.is_some_and(u8::is_ascii_uppercase);
    in_capitals && (hyphens >= 2 || other_dash) || is_label(label)
}

/// Whether text begins with the label of a key, whatever stands between its words.
fn is_label(text: &[u8]) -> bool {
    /// Longer than any label, with its spaces written as `%20`.
    const LONGEST: usize = 80;
    /// What may stand before what the block holds: of `X509 CRL` and `SSH2`, the letters.
    const BEFORE: &[&str] = &[
        "RSA",
        "PSS",
        "EC",
        "ED",
        "DSA",
        "OPENSSH",
        "SSH",
        "PGP",
        "TSS",
        "NATS",
        "USER",
        "ENCRYPTED",
        "TRUSTED",
        "NEW",
        "ANY",
        "X",
    ];
    const HELD: &[&str] = &[
        "PUBLICKEY",
        "PRIVATEKEY",
        "SECRETKEY",
        "CERTIFICATE",
        "PKCS",
        "CRL",
        "NKEYSEED",
        "USERJWT",
        "PARAMETERS",
    ];
    let text = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    let is_text = |b: &&u8| b.is_ascii_graphic() || b.is_ascii_whitespace();
    let letters = text
        .iter()
        .take_while(is_text)
        .filter(|b| b.is_ascii_alphabetic());
    let letters: String = letters
        .map(|b| char::from(b.to_ascii_uppercase()))
        .collect();
    let mut rest = letters.as_str();
    while let Some(shorter) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        if HELD.iter().any(|held| rest.starts_with(held)) {
            break;
        }
        rest = shorter;
    }
    HELD.iter().any(|held| rest.starts_with(held))
}

/// A block between its BEGIN and END lines.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
    kind: BlockKind,
}

/// What a block holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Private,
    Public,
    Certificate,
    Other,
}

/// Reads the key among the blocks: the private one, else the public one, else that of the first
/// certificate. A note says that the others are skipped.
fn read(text: &str, passphrase: Option<&Passphrase>) -> Result<Keys, KeyFault> {
    let blocks = blocks(text)?;
    let private = one_of(&blocks, BlockKind::Private)?;
    let public = one_of(&blocks, BlockKind::Public)?;
    let certificates = || {
        blocks
            .iter()
            .filter(|block| block.kind == BlockKind::Certificate)
    };
    let parameters = private.and_then(|_| blocks.iter().find(|b| b.label == "EC PARAMETERS"));
    let curve = match parameters {
        Some(block) => Some(der::curve(&block.contents()?)?),
        None => None,
    };
    let private = private
        .map(|block| block.read(curve, passphrase))
        .transpose()?;
    let public = public.map(|block| block.read(None, None)).transpose()?;
    let Keys {
        mut notes,
        keys,
        is_set,
    } = match (private, public, certificates().next()) {
        (Some(Keys { keys: private, .. }), Some(Keys { keys: public, .. }), _)
            if !same(&private, &public) =>
        {
            return Err(two("a private key and the public half of another"));
        }
        (Some(mut found), _, certificate) | (None, Some(mut found), certificate) => {
            if certificate.is_some() {
                let note = "the certificates beside the key are not looked at";
                found.notes.push(note.into());
            }
            found
        }
        (None, None, Some(certificate)) => {
            let mut found = certificate.read(None, None)?;
            let count = certificates().count();
            if count > 1 {
                found
                    .notes
                    .push(format!("the first of {count} certificates is used"));
            }
            found
        }
        (None, None, None) => {
            return Err(blocks.iter().find_map(Block::unfit).unwrap_or_else(unknown));
        }
    };
    let others = blocks.iter().filter(|block| {
        block.kind == BlockKind::Other && parameters.is_none_or(|used| !std::ptr::eq(*block, used))
    });
    notes.extend(others.map(|block| format!("{} beside the key is skipped", block.named())));
    Ok(Keys {
        keys,
        is_set,
        notes,
    })
}

fn same(private: &[Key], public: &[Key]) -> bool {
    private
        .iter()
        .map(Key::thumbprint)
        .eq(public.iter().map(Key::thumbprint))
}

/// The only block of a kind.
fn one_of<'a>(blocks: &'a [Block], kind: BlockKind) -> Result<Option<&'a Block<'a>>, KeyFault> {
    let mut found = blocks.iter().filter(|block| block.kind == kind);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(two(match kind {
            BlockKind::Private => "two private keys",
            _ => "two public keys",
        })),
        (only, None) => Ok(only),
    }
}

fn two(what: &str) -> KeyFault {
    KeyFault::rejected(format!("the content holds {what}, and one key is wanted"))
        .hint(Advice::LeaveOne)
}

fn unknown() -> KeyFault {
    KeyFault::rejected("the PEM block is of a kind that is not known")
}

/// The blocks in their order. What stands before and between them is no part of them (RFC 7468
/// section 2).
fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyFault> {
    let cut = || KeyFault::rejected("the PEM block is cut off: its END line is missing");
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once("-----BEGIN ") {
        let (label, begun) = begun.split_once("-----").ok_or_else(cut)?;
        let (body, ended) = begun.split_once("-----END ").ok_or_else(cut)?;
        let (end, after) = ended.split_once("-----").ok_or_else(cut)?;
        if body.contains("-----BEGIN ") {
            return Err(cut());
        }
        if label != end {
            let message = "the BEGIN and END lines of the PEM block name different things";
            return Err(KeyFault::rejected(message));
        }
        blocks.push(Block::new(label, body));
        rest = after;
    }
    if blocks.is_empty() {
        let message = "the PEM block is damaged: it has no proper BEGIN line";
        return Err(KeyFault::rejected(message).hint(Advice::CopyKey));
    }
    Ok(blocks)
}

impl<'a> Block<'a> {
    fn new(label: &'a str, body: &'a str) -> Self {
        let mut block = Block {
            label,
            body,
            kind: BlockKind::Other,
        };
        let ends = [
            ("PRIVATE KEY", BlockKind::Private),
            ("PUBLIC KEY", BlockKind::Public),
            ("CERTIFICATE", BlockKind::Certificate),
        ];
        block.kind = match ends.into_iter().find(|(end, _)| label.ends_with(end)) {
            Some((_, kind)) => kind,
            None if block.unfit().is_some() => BlockKind::Other,
            None => block.kind_inside(),
        };
        block
    }

    /// What a block holds whose label does not say it.
    fn kind_inside(&self) -> BlockKind {
        match self.read(None, None) {
            Ok(Keys { keys, .. }) if keys.iter().any(Key::has_private) => BlockKind::Private,
            Ok(_) => BlockKind::Public,
            Err(fault) if fault.reason == KeyReason::Encrypted => BlockKind::Private,
            Err(_) => BlockKind::Other,
        }
    }

    /// The block by its label, if that is one.
    fn named(&self) -> String {
        let is_label = self.label.len() <= 40
            && self
                .label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" .-".contains(&b));
        match is_label {
            true => format!("the block `{}`", self.label),
            false => "a block without a proper label".to_owned(),
        }
    }

    /// Reads the key by its structure, whatever kind of key the label promises.
    fn read(
        &self,
        curve: Option<Curve>,
        passphrase: Option<&Passphrase>,
    ) -> Result<Keys, KeyFault> {
        if let Some(fault) = self.unfit() {
            return Err(fault);
        }
        let contents = self.contents()?;
        if self.label == "OPENSSH PRIVATE KEY" {
            return ssh::private(&contents).map(|key| Keys::from(Key::from(key)));
        }
        let trusted = self.label == "TRUSTED CERTIFICATE";
        let der = if trusted {
            der::first(&contents)
        } else {
            &contents
        };
        let mut found = der::read(der, curve, passphrase)?;
        if self.label.starts_with("RSA-PSS ") {
            found.material = found.material.restricted(der::pss_by_label());
        }
        Ok(Keys::from(found))
    }

    /// The fault of a block that holds something else, or is encrypted in the way of its own.
    fn unfit(&self) -> Option<KeyFault> {
        let traditional = self.body.contains("Proc-Type:") && self.body.contains("ENCRYPTED");
        Some(match self.label {
            _ if traditional => passphrase::traditional(self.body),
            "DSA PRIVATE KEY" => {
                KeyFault::rejected("the content is a DSA key, which no algorithm of a JWT takes")
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => der::request(),
            "X509 CRL" => der::revocations(),
            "PKCS7" | "CMS" => der::pkcs7(),
            // certtool and gpgsm write it so, and openssl reads the DER in it only.
            "PKCS12" => der::pkcs12().hint(Advice::Convert(Foreign::Pkcs12InPem)),
            "EC PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "DSA PARAMETERS" => {
                KeyFault::rejected("the content is parameters to make keys with, and no key")
            }
            label if label.starts_with("PGP ") => {
                KeyFault::rejected("the content is of PGP, and no key for a JWT")
            }
            _ => return None,
        })
    }

    /// What the base64 stands for. `\n` and `\r` may stand for line breaks, as they do in JSON.
    fn contents(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let contents = match self.body.contains('\\') {
            true => Encoding::Base64.undo(&without_escapes(self.body)),
            false => Encoding::Base64.undo(self.body.as_bytes()),
        };
        contents.ok_or_else(|| {
            KeyFault::rejected("the PEM block is damaged: what it holds is not base64")
        })
    }
}

fn without_escapes(body: &str) -> Zeroizing<Vec<u8>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut escaped = false;
    for byte in body.bytes() {
        let escape = byte == b'\\' && !escaped;
        if !escape && !escaped {
            digits.push(byte);
        }
        escaped = escape;
    }
    digits
}

/// What `openssl` made for the tests; the EC samples on P-256 are of one key.
#[cfg(test)]
pub(super) mod samples {
    pub(crate) const EC_PARAMETERS: &str = "\
-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
";

    pub(crate) const EC_SEC1: &str = "\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIEOM7BM3MlztCMh0tl1+Lo9OTQwiwLspXVlLDkH1FhDaoAoGCCqGSM49
AwEHoUQDQgAE5Q3v3J7eilpTzpISLUgZDJLSkxmrHLvazWPAFNY64we/m1qJNC2Q
kiJYExFMbogFXm6b2zJJUHODi6Gn0cNhjA==
-----END EC PRIVATE KEY-----
";

    pub(crate) const EC_SEC1_BARE: &str = "\
-----BEGIN EC PRIVATE KEY-----
MDECAQEEIEOM7BM3MlztCMh0tl1+Lo9OTQwiwLspXVlLDkH1FhDaoAoGCCqGSM49
AwEH
-----END EC PRIVATE KEY-----
";

    pub(crate) const EC_PKCS8: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQ4zsEzcyXO0IyHS2
XX4uj05NDCLAuyldWUsOQfUWENqhRANCAATlDe/cnt6KWlPOkhItSBkMktKTGasc
u9rNY8AU1jrjB7+bWok0LZCSIlgTEUxuiAVebpvbMklQc4OLoafRw2GM
-----END PRIVATE KEY-----
";

    pub(crate) const EC_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5Q3v3J7eilpTzpISLUgZDJLSkxmr
HLvazWPAFNY64we/m1qJNC2QkiJYExFMbogFXm6b2zJJUHODi6Gn0cNhjA==
-----END PUBLIC KEY-----
";

    pub(crate) const EC_SPKI_COMPRESSED: &str = "\
-----BEGIN PUBLIC KEY-----
MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgAC5Q3v3J7eilpTzpISLUgZDJLSkxmr
HLvazWPAFNY64wc=
-----END PUBLIC KEY-----
";

    pub(crate) const EC_CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUTFhk8hcTnGfXlw0pwr6+W6NikZ8wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAeFw0yNjExMjMxNDQ3NTdaFw0yNjEyMjMxNDQ3NTdaMAwx
CjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATlDe/cnt6KWlPO
khItSBkMktKTGascu9rNY8AU1jrjB7+bWok0LZCSIlgTEUxuiAVebpvbMklQc4OL
oafRw2GMo1MwUTAdBgNVHQ4EFgQUc+W87Tdopy5gUWRLK0pCeBRnYjowHwYDVR0j
BBgwFoAUc+W87Tdopy5gUWRLK0pCeBRnYjowDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAk0uKqt4IyhS8NnKGUVj44HbDpBRmgkg+o2D5LwPlo+MC
IQCbKfLNZ9YYRvn6P4/doh3YSXUkLBsMrzTMIDrhQWqecA==
-----END CERTIFICATE-----
";

    pub(crate) const EC_TRUSTED_CERTIFICATE: &str = "\
-----BEGIN TRUSTED CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUTFhk8hcTnGfXlw0pwr6+W6NikZ8wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAeFw0yNjExMjMxNDQ3NTdaFw0yNjEyMjMxNDQ3NTdaMAwx
CjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATlDe/cnt6KWlPO
khItSBkMktKTGascu9rNY8AU1jrjB7+bWok0LZCSIlgTEUxuiAVebpvbMklQc4OL
oafRw2GMo1MwUTAdBgNVHQ4EFgQUc+W87Tdopy5gUWRLK0pCeBRnYjowHwYDVR0j
BBgwFoAUc+W87Tdopy5gUWRLK0pCeBRnYjowDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAk0uKqt4IyhS8NnKGUVj44HbDpBRmgkg+o2D5LwPlo+MC
IQCbKfLNZ9YYRvn6P4/doh3YSXUkLBsMrzTMIDrhQWqecDAMMAoGCCsGAQUFBwMB
-----END TRUSTED CERTIFICATE-----
";

    pub(crate) const EC_REQUEST: &str = "\
-----BEGIN CERTIFICATE REQUEST-----
MIHGMG4CAQAwDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BOUN79ye3opaU86SEi1IGQyS0pMZqxy72s1jwBTWOuMHv5taiTQtkJIiWBMRTG6I
BV5um9sySVBzg4uhp9HDYYygADAKBggqhkjOPQQDAgNIADBFAiBXBxWg3JFC67DR
W/igceUeSvc1T37J2D1afY8czk3OtwIhAIopEpzHEYcqH39i9bAU2ZUjwhm6a9ex
Jb7eK4urE/H/
-----END CERTIFICATE REQUEST-----
";

    pub(crate) const EC_ENCRYPTED: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgvplP2EhF7hAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEODu4vtQL1ntXDbjohfCUfIEgZB4
d7ynz7bOnyfLij9/hJmKnhO69mSl+zL7W0Amv4YBvsqjJAC4nTCe2JbT6OK/uNKO
eB2Tw3edVl2r7dqHkq01mcCNiv7hrDn66qNnN0+m4DAY2AeOKMhsWEIsug0az0/T
7uBKtvOnIz7DES1+0q9VEQgvkS0hGnnEfgfTaVul/MRNDD6bhrB3w6aY4qP2gWU=
-----END ENCRYPTED PRIVATE KEY-----
";

    pub(crate) const EC_EXPLICIT: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA
AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////
///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd
NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5
RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA
//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABOUN79ye3opaU86SEi1IGQyS
0pMZqxy72s1jwBTWOuMHv5taiTQtkJIiWBMRTG6IBV5um9sySVBzg4uhp9HDYYw=
-----END PUBLIC KEY-----
";

    pub(crate) const EC_P224: &str = "\
-----BEGIN PUBLIC KEY-----
ME4wEAYHKoZIzj0CAQYFK4EEACEDOgAEtyHVVJ9ZE5gvHl146BUO7GdZDvGzH1iy
wJqPXe0M9kZGNcaEEH4EISCZS286IPnGq1/gN1Gnv90=
-----END PUBLIC KEY-----
";

    pub(crate) const ED25519: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEICxIhv+3q9oMMgQ/UzrGS2BZzZlvUdp/G8CjjQxbJdj6
-----END PRIVATE KEY-----
";

    pub(crate) const ED25519_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA6mOcrL4x0dALwVpLGWZ4N+cRfgIwgDARCHPCJh6a7Wg=
-----END PUBLIC KEY-----
";

    pub(crate) const X25519_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VuAyEAuQu0DcrvgorebnBeayuM8PIw0Jc/5UrbFbfdRynobgc=
-----END PUBLIC KEY-----
";

    pub(crate) const RSA_PKCS8: &str = "\
-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCQi1oTvdZyyCNK
sEK8ejY2hVtMPnbeQhrgz9VsvkjDTorrhM0D9gEpTZmFGELUZv4RL8dsIuBX+NJ0
LgRaRgJnvO8e6b8rN0HdbVahETPhgmxRVdim1carpkDwtYn1ZL5NbprPjaHG1i2k
vX4xw0ss1tyifXIimOjzD1Q+G6kd3kzvxW5Y4X8s+8i7Xzo34Nfog6ZkHRv9Bh7l
D9JbUw07tXh/w4M8y1IAMCf/T9lJQFEChIN6MMSVib9glj3qTYyIhGiyt5Ix5EiY
B4oYg84iqTtLCbVuAjFvXK5sHbLOeVXPBH1SlBnt3nYMrzPeksHa/3Lp/CQAM5vX
olicLI6xAgMBAAECggEADFxCRmxmLXgUXoNunYf04VoribxQtWZhPoa/STaHad4q
ToQTdQqBJGtMnL9Lnba19LnJe6OK3DL8qi8yM5cHhx/2scXK0XL++KSsMwdR0K+y
vAzTg0bGH7EOnhbkFn44MM5rwiJqKmLv0cXbh/1bjRjNkr6X90Hsr7ZInawHXPSf
6N1tCSN1SaFXmxZRzOwdVcsnvbeZkYGiqBpafDTlfpHRCJYKFEFBpSVtjj69wAVg
JJNRebXy4zmptYrFDwQxXGjh4S7x1bB159tvSFjMvfpQDqWQYmSOAxpKSvyF9/hj
RleOYWSSmpj4fPbdNf3sUqyHftk6iPYYcnNtBUXq/QKBgQDA2iBPJyO8bgG5cERv
tDRs12fc21T9FVOanq3eHT++L6+RKhlY7VmpZzFkuTtreXYO0NzDu2IDJI5Vrq7e
NqZaXVhitqnjrOlyTo/DG3Wi5PrkyJ5nNc8k6H3mNA5nuDodRrS6lERZRhV1g33h
goQ0LHJPK13nSG6apHj0RI7ORQKBgQC/39Gv1fuLuIqdEDRGJYgdL/FWfvqypqPn
N69MDCFSv6Ht2TIicKNCghVgW6lJogNrS+N5CC8Z0s18Kbjvl0ZK0czTRAqHbEm1
wo93m3fvncnV4KOmYhcknZrZkInDLc0lyxdqidPqTrTdaUfhI0hKHgQvNFAVrQpQ
9zxfhn9rfQKBgGc2lqImPW8EpTGdD1OFa6Vw56qBTIwi1Nrk4AMHPm1IUjtr/6Lj
bOBIVVwl8tJDcFbfm7e52uv5rZ/X3MkbEI8+dCZowqYSjeJaf4CZeq0SxeCaKoTs
fI+xSmhhJfCG3bt7cxCEd8wbwTJijIWb96uAujD68cftsRxcuEtrQc7NAoGAX4Ob
blynC7ahye33F7Q3PdBP4y7yvVwW21LtAH5JWFfs0+n6+wn3O3RmD8GRVAZCjXcJ
lYZta/10LQrX9OzpIPWvcLu+Qgu15bUklfXejnmNr9pTnM/XlXKfUw6QhYiXRukC
jxZtV4Y2osF19q0Jn1ux2Y3BEAlDyWpJs4PQikECgYB39k/rZ2BoArgZ9TM80zoU
oRxn7Besxa7kS2aayrc0QXjCj6A8ySBRPvLjhkzyPF7N3+sL6N/ZS0z77fvxgI1Q
jAVeXi89ukF1AFhK12UVjpkEviTRKsh9he/eL9wRKHbEYdOb9kta9MmPM+n1qtID
fPpJx0usTQ4zMAxJl8PBFw==
-----END PRIVATE KEY-----
";

    pub(crate) const RSA_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkItaE73WcsgjSrBCvHo2
NoVbTD523kIa4M/VbL5Iw06K64TNA/YBKU2ZhRhC1Gb+ES/HbCLgV/jSdC4EWkYC
Z7zvHum/KzdB3W1WoREz4YJsUVXYptXGq6ZA8LWJ9WS+TW6az42hxtYtpL1+McNL
LNbcon1yIpjo8w9UPhupHd5M78VuWOF/LPvIu186N+DX6IOmZB0b/QYe5Q/SW1MN
O7V4f8ODPMtSADAn/0/ZSUBRAoSDejDElYm/YJY96k2MiIRosreSMeRImAeKGIPO
Iqk7Swm1bgIxb1yubB2yznlVzwR9UpQZ7d52DK8z3pLB2v9y6fwkADOb16JYnCyO
sQIDAQAB
-----END PUBLIC KEY-----
";

    pub(crate) const RSA_PSS_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIDALBgkqhkiG9w0BAQoDggEPADCCAQoCggEBAMbaPcwQDyuzwwvegBVDDX3X
9543FT5Ekp3xhwGC9eHeWSt1YQX+p7kk6JJz3SRVKt58+2bV63zhriN/5kJz00OE
UT18qIzAaGOBSN4VagrQf7VUYPEmZJnn9jCG5gYPcowQc2FgXS8Q2T6J/myTtuMD
18WN1VMfpH0r252o8LIsKOzXfMA142MDxw29B01A0Nnvkzfh/KlrsRJg898YXiq4
E2TpnUkcPk7E0ApOpeGbJZ9hyaK+mhyR/ApicHkGaJNb+j3/H2d31O2kDXq0zOSS
J8YFpLqcUYj+CCtWMP33w2srOcYRk+QAWmNr3iG/b7xgZUXRz4jL1F4ARchJpFEC
AwEAAQ==
-----END PUBLIC KEY-----
";

    pub(crate) const EC_ENCRYPTED_TRADITIONAL: &str = "\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,87167609659901D22B1FE45440998794

s45RBgeZzIi68OrPOVoQT5b6swp3IEtBQXFoiK0Un5Tl9BBOGrDIb27UFwOcPa17
jefrzcqTEdg9LBxX+4M4NtPW3vcotIyGGYC6//sohJy8QUijZ1stIrzd7gAq5Wkn
+sUlOaGI3nkcM4Lro4mpjy55dDry85DTmdwbwTL9ERQ=
-----END EC PRIVATE KEY-----
";

    /// RFC 9881 appendix C.1.1.
    pub(crate) const ML_DSA_SEED: &str = "\
-----BEGIN PRIVATE KEY-----
MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ
GhscHR4f
-----END PRIVATE KEY-----
";

    pub(crate) const ALL: &[&str] = &[
        EC_PARAMETERS,
        EC_SEC1,
        EC_SEC1_BARE,
        EC_PKCS8,
        EC_SPKI,
        EC_SPKI_COMPRESSED,
        EC_CERTIFICATE,
        EC_TRUSTED_CERTIFICATE,
        EC_REQUEST,
        EC_ENCRYPTED,
        EC_EXPLICIT,
        EC_P224,
        ED25519,
        ED25519_SPKI,
        X25519_SPKI,
        ML_DSA_SEED,
        RSA_PKCS8,
        RSA_SPKI,
        RSA_PSS_SPKI,
    ];
}

#[cfg(test)]
mod tests {
    use super::samples::*;
    use super::{find as find_with, *};

    fn find(text: &str) -> Option<Result<Keys, KeyFault>> {
        find_with(text, None)
    }

    fn keys(text: &str) -> Keys {
        find(text).unwrap().unwrap()
    }

    fn thumbprint(text: &str) -> String {
        keys(text).keys[0].thumbprint()
    }

    fn refusal(text: &str) -> String {
        find(text).unwrap().err().unwrap().message
    }

    #[test]
    fn every_kind_of_block_is_read() {
        let parameters_first = [EC_PARAMETERS, EC_SEC1].concat();
        for text in [
            &parameters_first,
            EC_SEC1,
            EC_SEC1_BARE,
            EC_PKCS8,
            EC_SPKI,
            EC_SPKI_COMPRESSED,
            EC_CERTIFICATE,
            EC_TRUSTED_CERTIFICATE,
        ] {
            assert_eq!(thumbprint(text), thumbprint(EC_SPKI));
            assert_eq!(
                keys(text).keys[0].has_private(),
                text.contains("PRIVATE KEY")
            );
        }
        assert_eq!(thumbprint(RSA_PKCS8), thumbprint(RSA_SPKI));
        assert_eq!(thumbprint(ED25519), thumbprint(ED25519_SPKI));
    }

    #[test]
    fn a_block_on_one_line_is_read() {
        let lines: Vec<&str> = EC_PKCS8.lines().collect();
        for line_break in ["", " ", "\t", "\r\n", r"\n", r"\r\n"] {
            assert_eq!(thumbprint(&lines.join(line_break)), thumbprint(EC_SPKI));
        }
        assert_eq!(thumbprint(&format!("{EC_PKCS8:?}")), thumbprint(EC_SPKI));
    }

    #[test]
    fn text_around_a_block_is_no_part_of_it() {
        let text = format!("Bag Attributes\n  friendlyName: ssh-rsa\n{EC_PKCS8}\n# the end\n");
        assert_eq!(thumbprint(&text), thumbprint(EC_SPKI));
    }

    #[test]
    fn a_private_key_goes_before_its_certificate_and_its_public_half() {
        for text in [
            [EC_CERTIFICATE, EC_PKCS8].concat(),
            [EC_PKCS8, EC_SPKI].concat(),
            [EC_SPKI, EC_PARAMETERS, EC_SEC1, EC_CERTIFICATE].concat(),
        ] {
            let keys = keys(&text);
            assert!(keys.keys[0].has_private());
            assert_eq!(keys.keys.len(), 1);
            assert_eq!(keys.notes.len(), usize::from(text.contains("CERTIFICATE")));
        }
    }

    #[test]
    fn the_first_certificate_of_a_chain_is_used_with_a_note() {
        let keys = keys(&[EC_CERTIFICATE, EC_TRUSTED_CERTIFICATE].concat());
        assert_eq!(keys.notes, ["the first of 2 certificates is used"]);
        assert!(!keys.is_set);
    }

    #[test]
    fn two_keys_are_refused() {
        assert_eq!(
            refusal(&[EC_PKCS8, RSA_PKCS8].concat()),
            "the content holds two private keys, and one key is wanted"
        );
        assert_eq!(
            refusal(&[EC_SPKI, RSA_SPKI].concat()),
            "the content holds two public keys, and one key is wanted"
        );
        assert_eq!(
            refusal(&[EC_PKCS8, RSA_SPKI].concat()),
            "the content holds a private key and the public half of another, and one key is wanted"
        );
    }

    #[test]
    fn blocks_that_are_no_key_are_refused_by_name() {
        let block = |label: &str| format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
        for (text, message) in [
            (
                EC_ENCRYPTED_TRADITIONAL,
                "the private key is encrypted in the traditional way of PEM (`Proc-Type`)",
            ),
            (
                EC_REQUEST,
                "the content is a certificate request, and no certificate",
            ),
            (
                EC_PARAMETERS,
                "the content is parameters to make keys with, and no key",
            ),
            (
                &block("DH PARAMETERS"),
                "the content is parameters to make keys with, and no key",
            ),
            (
                &block("OPENSSH PRIVATE KEY"),
                "the SSH key is cut off or damaged",
            ),
            (
                &block("DSA PRIVATE KEY"),
                "the content is a DSA key, which no algorithm of a JWT takes",
            ),
            (
                &block("X509 CRL"),
                "the content is a certificate revocation list, which holds no key",
            ),
            (
                &block("PKCS7"),
                "the content is a PKCS#7 message, and no key",
            ),
            (
                &[TPM, EC_SPKI].concat(),
                "the content is a key of a TPM (TSS2), which nothing else can use",
            ),
            (
                &block("PKCS12"),
                "the content is a PKCS#12 file, in which keys are encrypted",
            ),
            (
                &block("PGP PUBLIC KEY BLOCK"),
                "the content is of PGP, and no key for a JWT",
            ),
            (
                &block("HUNTER2"),
                "the PEM block is of a kind that is not known",
            ),
        ] {
            assert_eq!(refusal(text), message);
        }
    }

    /// A key in the form of `tpm2-openssl`, of zeros.
    const TPM: &str = "\
-----BEGIN TSS2 PRIVATE KEY-----
MBYGBmeBBQoBAwIEQAAAAQQCAAAEAgAA
-----END TSS2 PRIVATE KEY-----
";

    #[test]
    fn an_encrypted_key_is_not_passed_over_for_the_certificate_beside_it() {
        assert_eq!(
            refusal(&[EC_CERTIFICATE, EC_ENCRYPTED].concat()),
            "the private key is encrypted, and its passphrase is not given"
        );
    }

    #[test]
    fn damaged_blocks_are_refused_by_what_is_damaged() {
        let cut = "the PEM block is cut off: its END line is missing";
        assert_eq!(refusal(&EC_PKCS8[..80]), cut);
        assert_eq!(
            refusal(&EC_PKCS8.replace("END PRIVATE KEY-----", "END PRIVATE KEY")),
            cut
        );
        assert_eq!(refusal(&[EC_PKCS8, &EC_SPKI[..60]].concat()), cut);
        assert_eq!(refusal(&[&EC_PKCS8[..60], EC_SPKI].concat()), cut);
        assert_eq!(
            refusal(&EC_PKCS8.replace("END PRIVATE", "END RSA PRIVATE")),
            "the BEGIN and END lines of the PEM block name different things"
        );
        assert_eq!(
            refusal(&EC_PKCS8.replace("\nM", "\n*")),
            "the PEM block is damaged: what it holds is not base64"
        );
        assert_eq!(
            refusal(&EC_PKCS8.replace("\nM", "\n")),
            "the key is cut off or damaged: its DER is not whole"
        );
        let no_begin = "the PEM block is damaged: it has no proper BEGIN line";
        assert_eq!(refusal(&EC_PKCS8[28..]), no_begin);
        assert_eq!(
            refusal(&EC_PKCS8.replace("-----BEGIN", "----- BEGIN")),
            no_begin
        );
        assert_eq!(refusal(&EC_PKCS8.to_lowercase()), no_begin);
    }

    #[test]
    fn a_mark_is_one_whatever_its_dashes() {
        for line in [
            "—–BEGIN PUBLIC KEY—–",
            "–––––BEGIN CERTIFICATE–––––",
            "−−−−−BEGIN EC PRIVATE KEY−−−−−",
            "--BEGIN HUNTER2--",
            "– BEGIN HUNTER2 –",
            "BEGIN PUBLIC KEY",
            "# begin rsa public key",
            "BEGIN X509 CRL",
            "%2D%2D%2D%2D%2DBEGIN%20TRUSTED%20CERTIFICATE%2D%2D%2D%2D%2D",
            "&#45;&#45;&#45;&#45;&#45;BEGIN&#32;PRIVATE&#32;KEY&#45;",
            "*****BEGIN_ENCRYPTED_PRIVATE_KEY*****",
            "-----END PUBLIC KEY-----",
        ] {
            let text = format!("key: {line}\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\n");
            assert!(refusal(&text).contains("no proper BEGIN line"), "{line}");
            assert_eq!(
                find(&text).unwrap().err().unwrap().hint,
                Some(Advice::CopyKey)
            );
        }
    }

    #[test]
    fn a_block_that_is_not_used_is_not_passed_over_without_a_word() {
        let block = |label: &str, body: &str| {
            format!("-----BEGIN {label}-----\n{body}-----END {label}-----\n")
        };
        let body = |sample: &str| {
            let lines = sample.lines().filter(|line| !line.contains('-'));
            lines.flat_map(|line| [line, "\n"]).collect::<String>()
        };
        // By its structure, a block of any label is the key that it is.
        for (label, sample, is_private) in [
            ("UNKNOWN", ED25519, true),
            ("UNKNOWN", ED25519_SPKI, false),
            ("RSA-PSS PRIVATE KEY", RSA_PKCS8, true),
        ] {
            let keys = keys(&block(label, &body(sample)));
            assert_eq!(keys.keys[0].has_private(), is_private, "{label}");
            let is_pss = keys.keys[0].kind_words().contains("RSA-PSS");
            assert_eq!(is_pss, label.contains("PSS"));
        }
        let unknown = block("STRANGE PRIVATE KEY BLOCK", "AAAA\n");
        assert_eq!(
            keys(&[&unknown, EC_SPKI].concat()).notes,
            ["the block `STRANGE PRIVATE KEY BLOCK` beside the key is skipped"]
        );
        let hostile = block("\u{1b}[31m", "AAAA\n");
        assert_eq!(
            keys(&[EC_SPKI, &hostile].concat()).notes,
            ["a block without a proper label beside the key is skipped"]
        );
        let parameters = block("DH PARAMETERS", "MAA=\n");
        assert_eq!(
            keys(&[EC_PARAMETERS, EC_SEC1, &parameters].concat()).notes,
            ["the block `DH PARAMETERS` beside the key is skipped"]
        );
        // A private key beside a public one is the key, or else a fault.
        assert_eq!(
            refusal(&[&block("UNKNOWN", &body(ED25519)), EC_SPKI].concat()),
            "the content holds a private key and the public half of another, and one key is wanted"
        );
        assert!(
            find(&[&block("FOO PRIVATE KEY", "AAAA\n"), EC_SPKI].concat())
                .unwrap()
                .is_err()
        );
    }

    #[test]
    fn a_secret_is_no_pem() {
        assert!(find("a secret -- of at least -- 32 bytes ----").is_none());
        assert!(find("").is_none());
    }

    #[test]
    fn every_cut_is_survived() {
        for sample in samples::ALL {
            for len in (0..sample.len()).step_by(3) {
                assert!(
                    find(&sample[..len]).is_none_or(|found| found.is_err())
                        || len + 2 > sample.trim_end().len()
                );
            }
        }
    }
}
