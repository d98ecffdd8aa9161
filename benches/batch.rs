//! How much a batch costs beside the bare cryptography of aws-lc-rs over the same messages: whole
//! processes with one job against the primitive in this one, in windows that take turns, by the
//! least CPU time of each. And two jobs beside two processes, by the clock on the wall.
//!
//! ```sh
//! cargo build --release && cargo bench --bench batch
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a measurement that fails has nothing to say"
)]

mod measure;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Instant;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RsaKeyPair,
};
use aws_lc_rs::{hmac, rsa};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nix::sys::resource::UsageWho;

use crate::measure::{claims, cpu, each, jott, least, ratio};

const SECRET: &[u8] = b"a-string-secret-at-least-256-bits-long";

/// Whether a signature of a message is good.
type Check = Box<dyn Fn(&[u8], &[u8]) -> bool>;

/// The length of a signature of a message.
type Sign = Box<dyn Fn(&[u8]) -> usize>;

/// A primitive, ready for one key.
struct Bare {
    name: &'static str,
    key_file: Vec<u8>,
    /// So many tokens that to start the program is less than a hundredth of the work.
    count: usize,
    check: Check,
    sign: Sign,
}

fn hmac_bare() -> Bare {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    let signing = key.clone();
    Bare {
        name: "HS256",
        key_file: SECRET.to_vec(),
        count: 200_000,
        check: Box::new(move |m, s| hmac::verify(&key, m, s).is_ok()),
        sign: Box::new(move |m| hmac::sign(&signing, m).as_ref().len()),
    }
}

fn rsa_bare(
    name: &'static str,
    encoding: &'static dyn aws::RsaEncoding,
    parameters: &'static aws::RsaParameters,
) -> Bare {
    use aws_lc_rs::encoding::AsDer as _;
    use aws_lc_rs::signature::KeyPair as _;
    let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let key_file = der.as_ref().to_vec();
    let pair = RsaKeyPair::from_pkcs8(&key_file).unwrap();
    let public = ParsedPublicKey::new(parameters, pair.public_key().as_ref()).unwrap();
    Bare {
        name,
        key_file,
        count: 4_000,
        check: Box::new(move |m, s| public.verify_sig(m, s).is_ok()),
        sign: Box::new(move |m| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &SystemRandom::new(), m, &mut signature)
                .unwrap();
            signature.len()
        }),
    }
}

fn ecdsa_bare(
    name: &'static str,
    count: usize,
    signing: &'static aws::EcdsaSigningAlgorithm,
    checking: &'static aws::EcdsaVerificationAlgorithm,
) -> Bare {
    use aws_lc_rs::signature::KeyPair as _;
    let pair = EcdsaKeyPair::generate(signing).unwrap();
    let key_file = pair.to_pkcs8v1().unwrap().as_ref().to_vec();
    let public = ParsedPublicKey::new(checking, pair.public_key().as_ref()).unwrap();
    Bare {
        name,
        key_file,
        count,
        check: Box::new(move |m, s| public.verify_sig(m, s).is_ok()),
        sign: Box::new(move |m| pair.sign(&SystemRandom::new(), m).unwrap().as_ref().len()),
    }
}

fn ed25519_bare() -> Bare {
    use aws_lc_rs::signature::KeyPair as _;
    let pair = Ed25519KeyPair::generate().unwrap();
    let key_file = pair.to_pkcs8v1().unwrap().as_ref().to_vec();
    let public = ParsedPublicKey::new(&aws::ED25519, pair.public_key().as_ref()).unwrap();
    Bare {
        name: "EdDSA",
        key_file,
        count: 30_000,
        check: Box::new(move |m, s| public.verify_sig(m, s).is_ok()),
        sign: Box::new(move |m| pair.sign(m).as_ref().len()),
    }
}

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

fn start(args: &[&str], key: &Path, stdin: Stdio, stdout: Stdio) -> Child {
    jott()
        .args(args)
        .arg("--key")
        .arg(key)
        .stderr(Stdio::null())
        .stdin(stdin)
        .stdout(stdout)
        .spawn()
        .unwrap()
}

fn end(mut child: Child) {
    assert!(child.wait().unwrap().success());
}

/// A key, claims, and tokens made of them.
struct Batch<'b> {
    bare: &'b Bare,
    key: PathBuf,
    claims: PathBuf,
    tokens: PathBuf,
    text: String,
}

impl<'b> Batch<'b> {
    fn make(bare: &'b Bare, files: &Files) -> Self {
        let mut batch = Batch {
            bare,
            key: files.put("key", &bare.key_file),
            claims: files.put("claims", claims(bare.count).as_bytes()),
            tokens: files.folder.path().join("tokens"),
            text: String::new(),
        };
        let tokens = File::create(&batch.tokens).unwrap();
        end(batch.issue(tokens.into()));
        // With an RSA key, the one of many bytes, signing takes much longer than checking.
        let times = if bare.key_file.len() > 1_000 { 5 } else { 1 };
        batch.text = fs::read_to_string(&batch.tokens).unwrap().repeat(times);
        fs::write(&batch.tokens, &batch.text).unwrap();
        batch
    }

    fn issue(&self, stdout: Stdio) -> Child {
        let alg = self.bare.name;
        let args = [
            "issue", "--batch", "--jobs", "1", "--alg", alg, "--exp", "1d",
        ];
        start(&args, &self.key, open(&self.claims), stdout)
    }

    fn verify(&self, jobs: &str, stdin: Stdio) -> Child {
        let args = ["verify", "--batch", "--jobs", jobs, "--alg", self.bare.name];
        start(&args, &self.key, stdin, Stdio::null())
    }

    /// Prints the least CPU time of a child and of the primitive, for one token.
    fn row(&self, what: &str, count: usize, child: impl Fn(), primitive: impl Fn()) {
        let (ours, theirs) = least(
            || cpu(UsageWho::RUSAGE_CHILDREN, &child),
            || cpu(UsageWho::RUSAGE_SELF, &primitive),
        );
        println!(
            "{:<6} {what:<16} {:>8.0} ns   bare {:>8.0} ns   ratio {:.3}",
            self.bare.name,
            each(ours, count),
            each(theirs, count),
            ratio(ours, theirs)
        );
    }

    fn measure(&self, files: &Files) {
        let signature = |token: &str| URL_SAFE_NO_PAD.decode(token.rsplit_once('.').unwrap().1);
        let messages: Vec<(&[u8], Vec<u8>)> = self
            .text
            .lines()
            .map(|token| {
                let signature = signature(token).unwrap();
                (token.rsplit_once('.').unwrap().0.as_bytes(), signature)
            })
            .collect();
        let check = || assert!(messages.iter().all(|(m, s)| (self.bare.check)(m, s)));
        let issued = messages.get(..self.bare.count).unwrap();
        let sign = || assert!(issued.iter().all(|(m, _)| (self.bare.sign)(m) > 0));
        let by_file = || end(self.verify("1", open(&self.tokens)));
        let by_pipe = || {
            let mut child = self.verify("1", Stdio::piped());
            let mut pipe = child.stdin.take().unwrap();
            pipe.write_all(self.text.as_bytes()).unwrap();
            drop(pipe);
            end(child);
        };
        self.row("verify, a file", messages.len(), by_file, check);
        self.row("verify, a pipe", messages.len(), by_pipe, check);
        self.row(
            "issue, a file",
            issued.len(),
            || end(self.issue(Stdio::null())),
            sign,
        );
        self.two_jobs(files);
    }

    fn two_jobs(&self, files: &Files) {
        let twice = files.put("twice", self.text.repeat(2).as_bytes());
        let timed = |work: &dyn Fn()| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        };
        let together = || end(self.verify("2", open(&twice)));
        let apart = || {
            let both = [(); 2].map(|()| self.verify("1", open(&self.tokens)));
            both.into_iter().for_each(end);
        };
        let (jobs, processes) = least(|| timed(&together), || timed(&apart));
        let rate = ratio(processes, jobs);
        println!(
            "{:<6} two jobs at {rate:.3} of the rate of two processes",
            self.bare.name
        );
    }
}

fn open(path: &Path) -> Stdio {
    File::open(path).unwrap().into()
}

fn main() {
    let files = Files {
        folder: tempfile::tempdir().unwrap(),
    };
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    for name in ["HS256", "RS256", "PS256", "ES256", "ES384", "EdDSA"] {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            Batch::make(&bare(name), &files).measure(&files);
        }
    }
}

fn bare(name: &'static str) -> Bare {
    match name {
        "HS256" => hmac_bare(),
        "RS256" => rsa_bare(
            name,
            &aws::RSA_PKCS1_SHA256,
            &aws::RSA_PKCS1_2048_8192_SHA256,
        ),
        "PS256" => rsa_bare(name, &aws::RSA_PSS_SHA256, &aws::RSA_PSS_2048_8192_SHA256),
        "ES256" => ecdsa_bare(
            name,
            16_000,
            &aws::ECDSA_P256_SHA256_FIXED_SIGNING,
            &aws::ECDSA_P256_SHA256_FIXED,
        ),
        "ES384" => ecdsa_bare(
            name,
            4_000,
            &aws::ECDSA_P384_SHA384_FIXED_SIGNING,
            &aws::ECDSA_P384_SHA384_FIXED,
        ),
        _ => ed25519_bare(),
    }
}
