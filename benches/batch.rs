//! How much a batch costs beside the bare cryptography of aws-lc-rs over the same messages: whole
//! processes with one job against the primitive in this one, in windows that take turns, by the
//! least CPU time of each. And two jobs beside two processes, by the clock on the wall.
//!
//! ```sh
//! cargo build --release && cargo bench --bench batch
//! ```

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RsaKeyPair,
};
use aws_lc_rs::{hmac, rsa};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

const ROUNDS: usize = 15;
const SECRET: &[u8] = b"a-string-secret-at-least-256-bits-long";

/// A primitive, ready for one key.
struct Bare {
    name: &'static str,
    key_file: Vec<u8>,
    count: usize,
    check: Box<dyn Fn(&[u8], &[u8]) -> bool>,
    sign: Box<dyn Fn(&[u8]) -> usize>,
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
        count: 10_000,
        check: Box::new(move |m, s| public.verify_sig(m, s).is_ok()),
        sign: Box::new(move |m| pair.sign(m).as_ref().len()),
    }
}

/// The CPU time that a piece of work takes, of this process or of its children.
fn cpu(who: UsageWho, work: impl FnOnce()) -> Duration {
    let spent = || {
        let usage = getrusage(who).unwrap();
        (usage.user_time() + usage.system_time()).num_microseconds()
    };
    let before = spent();
    work();
    Duration::from_micros(u64::try_from(spent() - before).unwrap())
}

/// The least of several measurements of each of two pieces of work, which take turns.
fn least(mut a: impl FnMut() -> Duration, mut b: impl FnMut() -> Duration) -> (Duration, Duration) {
    let rounds = (0..ROUNDS).map(|_| (a(), b()));
    rounds.fold((Duration::MAX, Duration::MAX), |(x, y), (a, b)| {
        (x.min(a), y.min(b))
    })
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

fn jott() -> Command {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let program = Path::new(&target).join("release/jott");
    assert!(program.exists(), "cargo build --release makes it");
    Command::new(program)
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

/// Claims as access tokens have them, 246 bytes with the times.
fn claims(count: usize) -> String {
    let line = |n: usize| {
        format!(
            "{{\"iss\":\"https://issuer.example.com/tenant\",\"sub\":\"user-{n:08}\",\"aud\":[\"api\",\"web\"],\
             \"scope\":\"openid profile items:read\",\"name\":\"Alice Example\",\"email\":\"alice{n:06}@example.com\",\
             \"jti\":\"{n:024x}\"}}"
        )
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn each(total: Duration, count: usize) -> f64 {
    total.as_secs_f64() * 1e9 / f64::from(u32::try_from(count).unwrap())
}

fn measure(bare: &Bare, files: &Files) {
    let Bare { name, count, .. } = *bare;
    let key = files.put("key", &bare.key_file);
    let claims = files.put("claims", claims(count).as_bytes());
    let tokens = files.folder.path().join("tokens");
    let issue = [
        "issue", "--batch", "--jobs", "1", "--alg", name, "--exp", "1d",
    ];
    let verify = ["verify", "--batch", "--jobs", "1", "--alg", name];
    let open = |path: &Path| Stdio::from(File::open(path).unwrap());
    end(start(
        &issue,
        &key,
        open(&claims),
        File::create(&tokens).unwrap().into(),
    ));

    let text = fs::read_to_string(&tokens).unwrap();
    let messages: Vec<(&[u8], Vec<u8>)> = text
        .lines()
        .map(|token| {
            let (message, signature) = token.rsplit_once('.').unwrap();
            (
                message.as_bytes(),
                URL_SAFE_NO_PAD.decode(signature).unwrap(),
            )
        })
        .collect();
    assert_eq!(messages.len(), count);
    let check = || assert!(messages.iter().all(|(m, s)| (bare.check)(m, s)));
    let sign = || assert!(messages.iter().all(|(m, _)| (bare.sign)(m) > 0));

    let row = |what: &str, (ours, theirs): (Duration, Duration)| {
        println!(
            "{name:<6} {what:<22} {:>10.0} ns   bare {:>10.0} ns   ratio {:.3}",
            each(ours, count),
            each(theirs, count),
            ratio(ours, theirs)
        );
    };
    let by_file = || {
        cpu(UsageWho::RUSAGE_CHILDREN, || {
            end(start(&verify, &key, open(&tokens), Stdio::null()));
        })
    };
    let bare_check = || cpu(UsageWho::RUSAGE_SELF, check);
    row("verify, a file", least(by_file, bare_check));
    if name == "HS256" {
        let by_pipe = || {
            cpu(UsageWho::RUSAGE_CHILDREN, || {
                let mut child = start(&verify, &key, Stdio::piped(), Stdio::null());
                child
                    .stdin
                    .take()
                    .unwrap()
                    .write_all(text.as_bytes())
                    .unwrap();
                end(child);
            })
        };
        row("verify, a pipe", least(by_pipe, bare_check));
    }
    let issuing = || {
        cpu(UsageWho::RUSAGE_CHILDREN, || {
            end(start(&issue, &key, open(&claims), Stdio::null()));
        })
    };
    row(
        "issue, a file",
        least(issuing, || cpu(UsageWho::RUSAGE_SELF, sign)),
    );

    let timed = |work: &dyn Fn()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    let both = || {
        let two = [(); 2].map(|()| start(&verify, &key, open(&tokens), Stdio::null()));
        two.into_iter().for_each(end);
    };
    let twice = files.put("twice", text.repeat(2).as_bytes());
    let two_jobs = ["verify", "--batch", "--jobs", "2", "--alg", name];
    let together = || end(start(&two_jobs, &key, open(&twice), Stdio::null()));
    let (jobs, processes) = least(|| timed(&together), || timed(&both));
    println!(
        "{name:<6} two jobs at {:.3} of the rate of two processes",
        ratio(processes, jobs)
    );
}

fn main() {
    let files = Files {
        folder: tempfile::tempdir().unwrap(),
    };
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let all: [(&str, fn() -> Bare); 6] = [
        ("HS256", hmac_bare),
        ("RS256", || {
            rsa_bare(
                "RS256",
                &aws::RSA_PKCS1_SHA256,
                &aws::RSA_PKCS1_2048_8192_SHA256,
            )
        }),
        ("PS256", || {
            rsa_bare(
                "PS256",
                &aws::RSA_PSS_SHA256,
                &aws::RSA_PSS_2048_8192_SHA256,
            )
        }),
        ("ES256", || {
            ecdsa_bare(
                "ES256",
                8_000,
                &aws::ECDSA_P256_SHA256_FIXED_SIGNING,
                &aws::ECDSA_P256_SHA256_FIXED,
            )
        }),
        ("ES384", || {
            ecdsa_bare(
                "ES384",
                2_000,
                &aws::ECDSA_P384_SHA384_FIXED_SIGNING,
                &aws::ECDSA_P384_SHA384_FIXED,
            )
        }),
        ("EdDSA", ed25519_bare),
    ];
    for (name, bare) in all {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            measure(&bare(), &files);
        }
    }
}
