//! How much a batch of encrypted tokens costs beside the bare cryptography of aws-lc-rs over the same bytes:
//! whole processes with one job against the primitives in this one, which take turns, by the least CPU time
//! of each. `decode` prints what is inside; `verify` judges the signed token (HS256) inside.
//!
//! ```sh
//! cargo build --release && cargo bench --bench jwe
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::unreachable,
    reason = "a measurement that fails has nothing to say"
)]

mod measure;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, UnparsedPublicKey};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nix::sys::resource::UsageWho;

use crate::measure::{claims, cpu, each, jott, least, ratio};

const SECRET: &[u8] = b"a-string-secret-at-least-256-bits-long";

/// The parts of an encrypted token, decoded.
struct Parts {
    header: Vec<u8>,
    encrypted_key: Vec<u8>,
    iv: [u8; 12],
    sealed: Vec<u8>,
    /// The point of the sender's key, where there is one.
    point: Vec<u8>,
}

/// The key of a content, got by a primitive.
type ContentKey = Box<dyn Fn(&Parts) -> LessSafeKey>;

/// An algorithm with its key.
struct Bare {
    name: &'static str,
    key_file: Vec<u8>,
    count: usize,
    key: Option<LessSafeKey>,
    content_key: ContentKey,
}

fn gcm(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap())
}

fn dir() -> Bare {
    let key = [7; 32];
    Bare {
        name: "dir",
        key_file: key.to_vec(),
        count: 100_000,
        key: Some(gcm(&key)),
        content_key: Box::new(move |_| gcm(&key)),
    }
}

fn ecdh_es() -> Bare {
    let pair = agreement::PrivateKey::generate(&ECDH_P256).unwrap();
    let der: aws_lc_rs::encoding::EcPrivateKeyRfc5915Der<'_> = pair.as_der().unwrap();
    Bare {
        name: "ECDH-ES",
        key_file: der.as_ref().to_vec(),
        count: 10_000,
        key: None,
        content_key: Box::new(move |parts| {
            let theirs = UnparsedPublicKey::new(&ECDH_P256, &parts.point);
            agreement::agree(&pair, theirs, (), |agreed| {
                // RFC 7518 section 4.6.2: a round, the agreed key, the algorithm, no parties, the length.
                let mut hash = digest::Context::new(&digest::SHA256);
                hash.update(&[0, 0, 0, 1]);
                hash.update(agreed);
                hash.update(&[0, 0, 0, 7]);
                hash.update(b"A256GCM");
                hash.update(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
                Ok(gcm(hash.finish().as_ref()))
            })
            .unwrap()
        }),
    }
}

fn rsa_oaep() -> Bare {
    let pair = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let key_file = der.as_ref().to_vec();
    let pair = OaepPrivateDecryptingKey::new(pair).unwrap();
    Bare {
        name: "RSA-OAEP-256",
        key_file,
        count: 2_000,
        key: None,
        content_key: Box::new(move |parts| {
            let mut key = vec![0; pair.min_output_size()];
            let sealed = &parts.encrypted_key;
            let key = pair.decrypt(&OAEP_SHA256_MGF1SHA256, sealed, &mut key, None);
            gcm(key.unwrap())
        }),
    }
}

fn decoded(segment: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(segment).unwrap()
}

fn parts(token: &str) -> Parts {
    let segments: Vec<&str> = token.split('.').collect();
    let [header, encrypted_key, iv, ciphertext, tag] = segments.as_slice() else {
        unreachable!("{token}");
    };
    let text: serde_json::Value = serde_json::from_slice(&decoded(header)).unwrap();
    let epk = text.get("epk");
    let coordinate = |name: &str| decoded(epk.unwrap().get(name).unwrap().as_str().unwrap());
    let point = epk.map(|_| [vec![4], coordinate("x"), coordinate("y")].concat());
    Parts {
        header: header.as_bytes().to_vec(),
        encrypted_key: decoded(encrypted_key),
        iv: decoded(iv).try_into().unwrap(),
        sealed: [decoded(ciphertext), decoded(tag)].concat(),
        point: point.unwrap_or_default(),
    }
}

impl Bare {
    /// Opens a token into a buffer; gives the length of its content.
    fn open(&self, parts: &Parts, buffer: &mut Vec<u8>) -> usize {
        buffer.clear();
        buffer.extend_from_slice(&parts.sealed);
        let nonce = Nonce::assume_unique_for_key(parts.iv);
        let aad = Aad::from(&parts.header);
        let opened = match &self.key {
            Some(key) => key.open_in_place(nonce, aad, buffer),
            None => (self.content_key)(parts).open_in_place(nonce, aad, buffer),
        };
        opened.unwrap().len()
    }
}

/// A batch with its files.
struct Batch {
    bare: Bare,
    folder: tempfile::TempDir,
}

impl Batch {
    fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn run(args: &[&str], input: &Path, output: Stdio) {
        let mut child = jott();
        child
            .args(args)
            .env("SIGNING", std::str::from_utf8(SECRET).unwrap());
        let stdin = File::open(input).unwrap();
        let status = child
            .stdin(stdin)
            .stdout(output)
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "{args:?}");
    }

    /// Makes tokens, prints what it takes to read them, and gives those of the most.
    fn measure(&self) {
        let key = self.put("key", &self.bare.key_file);
        let key = key.to_str().unwrap();
        let claims = self.put("claims", claims(self.bare.count).as_bytes());
        let make = [
            "issue",
            "--batch",
            "-q",
            "--exp",
            "1d",
            "-a",
            self.bare.name,
            "--enc",
            "A256GCM",
            "--encrypt-to",
            key,
        ];
        let signed = [&make[..], &["-k", "env:SIGNING"]].concat();
        let decode = ["decode", "--batch", "-q", "--jobs", "1", "-k", key];
        let verify = [
            "verify",
            "--batch",
            "-q",
            "--jobs",
            "1",
            "--decrypt-key",
            key,
            "-k",
            "env:SIGNING",
        ];
        for (what, made, read) in [
            ("decode", &make[..], &decode[..]),
            ("verify", &signed, &verify),
        ] {
            let path = self.folder.path().join("tokens");
            Batch::run(made, &claims, File::create(&path).unwrap().into());
            let text = fs::read_to_string(&path).unwrap();
            let all: Vec<Parts> = text.lines().map(parts).collect();
            let mac = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
            let mut signatures = Vec::new();
            let mut buffer = Vec::new();
            for parts in &all {
                let len = self.bare.open(parts, &mut buffer);
                let content = std::str::from_utf8(buffer.get(..len).unwrap()).unwrap();
                let signature = content.rsplit_once('.').filter(|_| what == "verify");
                signatures.push(signature.map(|(input, mac)| (input.len(), decoded(mac))));
            }
            let bare = || {
                let mut buffer = Vec::new();
                for (parts, signature) in all.iter().zip(&signatures) {
                    self.bare.open(parts, &mut buffer);
                    if let Some((len, signature)) = signature {
                        hmac::verify(&mac, buffer.get(..*len).unwrap(), signature).unwrap();
                    }
                }
            };
            let (ours, theirs) = least(
                || {
                    cpu(UsageWho::RUSAGE_CHILDREN, &|| {
                        Batch::run(read, &path, Stdio::null());
                    })
                },
                || cpu(UsageWho::RUSAGE_SELF, &bare),
            );
            println!(
                "{:<12} {what:<8} {:>8.0} ns   bare {:>8.0} ns   ratio {:.3}",
                self.bare.name,
                each(ours, all.len()),
                each(theirs, all.len()),
                ratio(ours, theirs)
            );
        }
    }
}

fn main() {
    for bare in [dir(), ecdh_es(), rsa_oaep()] {
        let folder = tempfile::tempdir().unwrap();
        Batch { bare, folder }.measure();
    }
}
