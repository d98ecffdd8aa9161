//! Keys in text: PEM (RFC 7468), and the other texts that hold keys, which are refused by name.
//!
//! Blocks are found here and not by a crate, so that what is decoded is wiped, that a block which
//! is cut off is not passed over, and that one on a single line is read, as the variables of CI
//! systems hold it.

use zeroize::Zeroizing;

use crate::token::algorithm::Curve;
use crate::token::content::Keys;
use crate::token::der;
use crate::token::encoding::Encoding;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::passphrase::{self, Passphrase};

/// Reads text that holds a PEM block or an SSH key; `None` for any other text.
pub(super) fn find(text: &str, passphrase: Option<&Passphrase>) -> Option<Result<Keys, KeyFault>> {
    if is_marked(text) && !text.contains(SSH2) {
        Some(read(text, passphrase))
    } else {
        ssh_key(text).map(Err)
    }
}

/// The mark of a block that looks like PEM and is not (RFC 4716 section 3.2).
const SSH2: &str = "---- BEGIN SSH2 ";

/// Whether the text has the mark of a block, misspelt perhaps: no secret has one.
fn is_marked(text: &str) -> bool {
    if text.starts_with("-----BEGIN ") {
        return true;
    }
    if text.matches('-').count() < 4 {
        return false;
    }
    let squeezed = squeezed(text);
    squeezed.contains("----BEGIN") || squeezed.contains("----END")
}

/// The text without its white space, in capitals.
pub(super) fn squeezed(text: &str) -> Zeroizing<String> {
    let mut squeezed = Zeroizing::new(String::with_capacity(text.len()));
    squeezed.extend(text.chars().filter(|c| !c.is_whitespace()));
    squeezed.make_ascii_uppercase();
    squeezed
}

/// The fault of a key in a format of SSH. Lines of OpenSSH are known by the kind of their key, as a
/// word or in base64 (RFC 4253 section 6.6).
fn ssh_key(text: &str) -> Option<KeyFault> {
    const OPENSSH: &[&str] = &[
        "ssh-rsa",
        "ssh-dss",
        "ssh-ed25519",
        "ecdsa-sha2-",
        "sk-ssh-ed25519@",
        "sk-ecdsa-sha2-",
        "AAAAB3NzaC1",
        "AAAAC3NzaC1",
        "AAAAE2VjZHNhLXNoYTIt",
        "AAAAGnNrLXNzaC1",
        "AAAAInNrLWVjZHNhLXNoYTIt",
    ];
    let fault = |message: &str, hint: &str| Some(KeyFault::rejected(message).hint(hint));
    let is_openssh = |word: &str| OPENSSH.iter().any(|start| word.starts_with(start));
    if text.starts_with("PuTTY-User-Key-File-") {
        fault(
            "the content is a PuTTY key",
            "`puttygen key.ppk -O private-openssh -o key.pem` makes an OpenSSH key of it",
        )
    } else if text.contains(SSH2) {
        fault(
            "the content is an SSH2 key",
            "`ssh-keygen -i -f key > key.pub` makes an OpenSSH key of it",
        )
    } else if text.split_whitespace().any(is_openssh) {
        fault(
            "the content is an SSH public key",
            "`ssh-keygen -e -m pkcs8 -f key.pub > key.pem` converts RSA and ECDSA keys",
        )
    } else {
        None
    }
}

/// A block between its BEGIN and END lines.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

/// Reads the key among the blocks: the private one, else the public one, else that of the first
/// certificate.
fn read(text: &str, passphrase: Option<&Passphrase>) -> Result<Keys, KeyFault> {
    let blocks = blocks(text)?;
    let private = one_of(&blocks, "PRIVATE KEY")?;
    let public = one_of(&blocks, "PUBLIC KEY")?;
    let certificates = || blocks.iter().filter(|block| block.is("CERTIFICATE"));
    let curve = match blocks.iter().find(|block| block.label == "EC PARAMETERS") {
        Some(block) if private.is_some() => Some(der::curve(&block.contents()?)?),
        _ => None,
    };
    let private = private
        .map(|block| block.read(curve, passphrase))
        .transpose()?;
    let public = public.map(|block| block.read(None, None)).transpose()?;
    let mut notes = Vec::new();
    let key = match (private, public, certificates().next()) {
        (Some(private), Some(public), _) if private.thumbprint() != public.thumbprint() => {
            return Err(two("a private key and the public half of another"));
        }
        (Some(key), _, certificate) | (None, Some(key), certificate) => {
            if certificate.is_some() {
                notes.push("the certificates beside the key are not looked at".into());
            }
            key
        }
        (None, None, Some(certificate)) => {
            let count = certificates().count();
            if count > 1 {
                notes.push(format!("the first of {count} certificates is used"));
            }
            certificate.read(None, None)?
        }
        (None, None, None) => {
            return Err(blocks.iter().find_map(Block::unfit).unwrap_or_else(unknown));
        }
    };
    Ok(Keys {
        notes,
        ..Keys::from(key)
    })
}

/// The only block of a kind.
fn one_of<'a>(blocks: &'a [Block], kind: &str) -> Result<Option<&'a Block<'a>>, KeyFault> {
    let mut found = blocks.iter().filter(|block| block.is(kind));
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(two(&format!("two {}s", kind.to_ascii_lowercase()))),
        (only, None) => Ok(only),
    }
}

fn two(what: &str) -> KeyFault {
    KeyFault::rejected(format!("the content holds {what}, and one key is wanted"))
        .hint("leave one of them in the file")
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
        blocks.push(Block { label, body });
        rest = after;
    }
    if blocks.is_empty() {
        return Err(KeyFault::rejected(
            "the PEM block is damaged: it has no proper BEGIN line",
        ));
    }
    Ok(blocks)
}

impl Block<'_> {
    fn is(&self, kind: &str) -> bool {
        self.label.ends_with(kind)
    }

    /// Reads the key by its structure, whatever kind of key the label promises.
    fn read(&self, curve: Option<Curve>, passphrase: Option<&Passphrase>) -> Result<Key, KeyFault> {
        if let Some(fault) = self.unfit() {
            return Err(fault);
        }
        let contents = self.contents()?;
        let trusted = self.label == "TRUSTED CERTIFICATE";
        let der = if trusted {
            der::first(&contents)
        } else {
            &contents
        };
        der::read(der, curve, passphrase).map(Key::from)
    }

    /// The fault of a block that holds something else, or is encrypted in the way of its own.
    fn unfit(&self) -> Option<KeyFault> {
        let traditional = self.body.contains("Proc-Type:") && self.body.contains("ENCRYPTED");
        Some(match self.label {
            _ if traditional => passphrase::traditional(),
            "OPENSSH PRIVATE KEY" => KeyFault::rejected("the content is an OpenSSH private key")
                .hint(
                    "`ssh-keygen -p -m pkcs8 -f copy-of-key` converts RSA and ECDSA keys in place",
                ),
            "DSA PRIVATE KEY" => {
                KeyFault::rejected("the content is a DSA key, which no algorithm of a JWT takes")
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => der::request(),
            "X509 CRL" => der::revocations(),
            "PKCS7" | "CMS" => der::pkcs7(),
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
                "the content is an OpenSSH private key",
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
    fn keys_of_ssh_are_refused_by_name() {
        for (text, message) in [
            (
                "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB me@host",
                "the content is an SSH public key",
            ),
            (
                "no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI",
                "the content is an SSH public key",
            ),
            (
                "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlz",
                "the content is an SSH public key",
            ),
            (
                "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZ",
                "the content is an SSH public key",
            ),
            (
                "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoq",
                "the content is an SSH public key",
            ),
            (
                "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA",
                "the content is an SSH2 key",
            ),
            (
                "PuTTY-User-Key-File-3: ssh-ed25519\n",
                "the content is a PuTTY key",
            ),
        ] {
            assert_eq!(refusal(text), message);
        }
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
