//! What is shared by threads: keys, policies, and what is made ready of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jott::text::time::Timestamp;
use jott::token::algorithm::Algorithm;
use jott::token::claims::Members;
use jott::token::engine::Verifier;
use jott::token::external::ExternalSigner;
use jott::token::generate::generate;
use jott::token::issue::{SigningKey, TokenSigner, issue};
use jott::token::key::Key;
use jott::token::key_fault::KeyFault;
use jott::token::keyset::{KeySource, VerifyingKeys};
use jott::token::policy::Policy;
use jott::token::verify::{ReadyKeys, Refused, Signed, TokenVerifier, Verified};

const fn shared<T: Send + Sync>() {}
const fn movable<T: Send>() {}

const _: () = {
    shared::<Key>();
    shared::<KeyFault>();
    shared::<KeySource>();
    shared::<Members<'static>>();
    shared::<Policy>();
    shared::<ReadyKeys>();
    shared::<Refused>();
    shared::<Signed>();
    shared::<SigningKey>();
    shared::<Verified>();
    shared::<Verifier>();
    shared::<VerifyingKeys>();
    movable::<TokenVerifier<'static>>();
};

/// A key that is asked for by each of several threads at once.
fn in_threads<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(&work)).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, T>| thread.join().unwrap();
        threads.into_iter().map(join).collect()
    })
}

fn header(algorithm: Algorithm) -> Members<'static> {
    let mut header = Members::new();
    header.set_text("alg", algorithm.name());
    header
}

fn claims() -> Members<'static> {
    let mut claims = Members::new();
    claims.set_text("sub", "alice");
    claims
}

#[test]
fn one_key_signs_and_checks_on_several_threads() {
    for algorithm in Algorithm::ALL {
        let key = generate(*algorithm, None).unwrap();
        let signing = SigningKey::new(&key, *algorithm, false).unwrap();
        let header = header(*algorithm);
        let ready = ReadyKeys::new(VerifyingKeys::of("test", key.into()));
        let mut policy = Policy::default();
        policy.allow_no_exp = true;
        let tokens = in_threads(|| {
            let mut signer = TokenSigner::new(&header, &signing);
            [
                issue(&claims(), &header, &signing).unwrap(),
                signer.issue(&claims()).unwrap(),
            ]
        });
        let now = Timestamp::from_seconds(0);
        let accepted = in_threads(|| {
            let mut all = tokens.iter().flatten();
            all.all(|token| ready.verify(token, &policy, now).is_ok())
        });
        assert_eq!(accepted, [true; 4], "{}", algorithm.name());
    }
}

/// What signs elsewhere: here it is told how often.
struct Counting(SigningKey, AtomicUsize);

impl ExternalSigner for Counting {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        assert_eq!(algorithm, self.0.algorithm());
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.sign(message)
    }
}

#[test]
fn a_key_may_sign_elsewhere() {
    let algorithm = Algorithm::ES256;
    let key = generate(algorithm, None).unwrap();
    let signing = SigningKey::new(&key, algorithm, false).unwrap();
    let counting = Arc::new(Counting(signing, AtomicUsize::new(0)));
    let public = key.public().unwrap().with_signer(counting.clone()).unwrap();
    let elsewhere = SigningKey::new(&public, algorithm, false).unwrap();
    let token = issue(&claims(), &header(algorithm), &elsewhere).unwrap();
    assert_eq!(counting.1.load(Ordering::Relaxed), 1);
    let (signing_input, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let verifier = key.verifier(algorithm, false).unwrap();
    assert!(verifier.accepts(signing_input.as_bytes(), &signature));
}
