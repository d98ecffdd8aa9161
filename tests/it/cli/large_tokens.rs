//! Hostile tokens that are large: what they take is in proportion to their size.

use std::fs;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const MIB: usize = 1 << 20;

/// Runs `decode` on a text in so little memory; the status, and how much it printed.
fn decode(args: &[&str], text: &[u8], kib: usize) -> (Option<i32>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text");
    fs::write(&path, text).unwrap();
    let script = format!("ulimit -v {kib} && exec \"$0\" decode \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_jott")])
        .args(args)
        .env_clear()
        .stdin(fs::File::open(&path).unwrap())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), output.stdout.len())
}

fn token(payload: &[u8]) -> Vec<u8> {
    let payload = URL_SAFE_NO_PAD.encode(payload);
    format!("eyJhbGciOiJFUzI1NiJ9.{payload}.c2ln").into_bytes()
}

/// An object of so many bytes with as many members as go into it.
fn members(size: usize, distinct: bool) -> Vec<u8> {
    let mut text = b"{\"a\":0".to_vec();
    for number in 0.. {
        let name = if distinct { number } else { 0 };
        text.extend_from_slice(format!(",\"{name:x}\":0").as_bytes());
        if text.len() >= size {
            break;
        }
    }
    text.push(b'}');
    text
}

/// What the program takes for itself, in KiB of address space: the least in which it decodes a small
/// token, and a MiB for the buffers of a larger one.
fn itself() -> usize {
    let small = token(b"{}");
    let mut limits = (16..256).map(|mib| mib << 10);
    let least = limits.find(|kib| decode(&[], &small, *kib).0 == Some(0));
    least.unwrap() + (1 << 10)
}

#[test]
fn a_hostile_token_takes_four_times_its_size_at_most() {
    let itself = itself();
    let bare = token(b"{}");
    let tildes = [&bare[..], &b"~".repeat(4 * MIB)].concat();
    let disclosed = URL_SAFE_NO_PAD.encode("[\"salt\",\"a\",0]");
    let disclosures = [
        &bare[..],
        b"~",
        &format!("{disclosed}~").repeat(MIB / 8).into_bytes(),
    ];
    let broken_header = [&b"eyJhbGci.e30.c2ln"[..], &b"~".repeat(4 * MIB)].concat();
    for (name, text, status) in [
        ("tildes", tildes, 0),
        ("disclosures", disclosures.concat(), 0),
        ("a header that is none", broken_header, 4),
        ("control characters", token(&vec![0; 2 * MIB]), 4),
        (
            "a claim that is escaped",
            token(format!("{{\"a\":\"{}\"}}", "\u{85}".repeat(MIB)).as_bytes()),
            0,
        ),
        ("members", token(&members(MIB / 2, false)), 0),
        ("names", token(&members(MIB / 2, true)), 0),
    ] {
        let most = 4 * text.len();
        for args in [&[][..], &["--json"]] {
            let (code, printed) = decode(args, &text, itself + most / 1024);
            assert_eq!(code, Some(status), "{name} {args:?}");
            assert!(printed < most, "{name} {args:?}: {printed} bytes");
        }
    }
}

#[test]
fn lines_of_hostile_tokens_take_no_more_than_one_chunk_does() {
    let line = [&token(b"{}")[..], &b"~".repeat(MIB - 100), b"\n"].concat();
    let text = line.repeat(16);
    let (code, printed) = decode(&["--batch", "--jobs", "2"], &text, itself() + 32 * 1024);
    assert_eq!(code, Some(0));
    assert!(printed < 2 * text.len());
}
