//! Encrypted tokens of every algorithm go both ways between jott and other libraries and tools.

use std::fs;
use std::path::Path;

use jott::token::jwe::{ContentEncryption, KeyManagement};
use tempfile::TempDir;

use crate::peer::{output, run, script, tool};

/// Runs a script that says what went wrong, and in its last line how much it tried.
fn tried(name: &str, most_expected: usize) {
    let output = output(script(name).arg(env!("CARGO_BIN_EXE_jott")), &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{stderr}");
    let tried: usize = said
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{said}{stderr}"));
    assert!(tried >= most_expected, "{tried}");
}

#[test]
fn tokens_are_encrypted_and_opened_by_jwcrypto_and_joserfc() {
    tried("encrypted.py", 1000);
}

#[test]
fn tokens_and_cookies_are_encrypted_and_opened_by_jose_next_auth_and_auth_core() {
    tried("encrypted.mjs", 700);
}

/// What latchset's jose knows as Debian has it: for RSA that is only what is refused here.
const LATCHSET: &[&str] = &[
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW",
    "ECDH-ES+A256KW",
    "A128KW",
    "A192KW",
    "A256KW",
    "A128GCMKW",
    "A192GCMKW",
    "A256GCMKW",
    "dir",
];

#[test]
fn tokens_are_encrypted_and_opened_by_the_tool_jose() {
    let folder = TempDir::new().unwrap();
    for alg in KeyManagement::ALL.iter().map(|alg| alg.name()) {
        if !LATCHSET.contains(&alg) {
            continue;
        }
        for enc in ContentEncryption::ALL {
            exchange(folder.path(), alg, *enc);
        }
    }
}

fn exchange(folder: &Path, alg: &str, encryption: ContentEncryption) {
    let enc = encryption.name();
    let (private, public) = (folder.join("private.jwk"), folder.join("public.jwk"));
    let template = match alg {
        "dir" => format!(r#"{{"kty":"oct","bytes":{}}}"#, encryption.key_len()),
        alg => format!(r#"{{"alg":"{alg}"}}"#),
    };
    let made = run(tool("jose").args(["jwk", "gen", "-i", &template]), &[]);
    // What it is for is said where it is used.
    let mut key: serde_json::Value = serde_json::from_str(&made).unwrap();
    let members = key.as_object_mut().unwrap();
    members.remove("alg");
    members.remove("key_ops");
    let is_shared = members.get("kty").unwrap() == "oct";
    fs::write(&private, key.to_string()).unwrap();
    let of_public = match is_shared {
        true => key.to_string(),
        false => run(tool("jose").args(["jwk", "pub", "-i"]).arg(&private), &[]),
    };
    fs::write(&public, of_public).unwrap();
    let jott = |args: &[&str], key: &Path, stdin: &[u8]| {
        let mut jott = tool(env!("CARGO_BIN_EXE_jott"));
        run(jott.args(args).arg(key), stdin)
    };
    let name = format!("{alg} {enc}");
    let args = [
        "issue",
        "-q",
        "-a",
        alg,
        "--enc",
        enc,
        "--sub",
        &name,
        "--encrypt-to",
    ];
    let token = jott(&args, &public, &[]);
    let opened = run(
        tool("jose")
            .args(["jwe", "dec", "-i", "-", "-k"])
            .arg(&private),
        token.trim().as_bytes(),
    );
    assert!(opened.contains(&name), "jott to jose, {name}");
    let header = format!(r#"{{"protected":{{"alg":"{alg}","enc":"{enc}"}}}}"#);
    let claims = format!(r#"{{"sub":"{name}"}}"#);
    for form in [&[][..], &["-c"]] {
        let mut jose = tool("jose");
        jose.args(["jwe", "enc", "-i", &header, "-I", "-", "-k"])
            .arg(&public);
        let token = run(jose.args(form), claims.as_bytes());
        let shown = jott(
            &["decode", "--get", "sub", "--key"],
            &private,
            token.as_bytes(),
        );
        assert_eq!(shown.trim(), name, "jose to jott {form:?}");
    }
}
