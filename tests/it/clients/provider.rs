//! Tokens of an OpenID provider, checked with the keys that it publishes.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::peer::script;
use crate::support::jott;

/// A provider that serves until this is dropped.
struct Provider {
    process: Child,
    issuer: String,
    token: String,
}

impl Provider {
    fn start() -> Provider {
        let mut process = script("provider.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // The library has things to say too.
        let line = lines.map(Result::unwrap).find(|line| line.starts_with('{'));
        let said: Value = serde_json::from_str(&line.expect("the provider did not start")).unwrap();
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        Provider {
            issuer: text("issuer"),
            token: text("token"),
            process,
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_token_of_a_real_provider_is_good_by_its_metadata() {
    let provider = Provider::start();
    let key = format!("issuer:{}", provider.issuer);
    let status = |token: &str, flags: &[&str]| {
        let args = ["verify", "-q", "--key", &key, token];
        jott(args.iter().chain(flags)).run().status
    };
    let token = &provider.token;
    assert_eq!(status(token, &["--aud", "api", "--typ", "at+jwt"]), Some(0));
    assert_eq!(status(token, &["--aud", "web"]), Some(1));
    assert_eq!(status(token, &[]), Some(1), "it is for somebody");
    let slash = format!("issuer:{}/", provider.issuer);
    let run = jott(["verify", "-q", "--key", &slash, "--aud", "api", token]).run();
    assert_eq!(run.status, Some(3));
    assert!(run.stderr.contains("slash at the end"), "{}", run.stderr);
    // The signature of another one.
    let other = Provider::start();
    let (signed, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = other.token.rsplit_once('.').unwrap();
    assert_eq!(
        status(&format!("{signed}.{signature}"), &["--aud", "api"]),
        Some(1)
    );
}
