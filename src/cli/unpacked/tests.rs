use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use std::io;

use super::*;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(text: &[u8]) -> Vec<u8> {
    compress_to_vec(text, CompressionLevel::Fastest)
}

/// A stream that gives so many bytes at a time.
struct Slowly<'t>(&'t [u8], usize);

impl Read for Slowly<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let most = room.len().min(self.1);
        self.0.read(&mut room[..most])
    }
}

/// What comes out, and what ends it before its end.
fn unpacked(bytes: &[u8], step: usize) -> (Vec<u8>, Option<String>) {
    let mut unpacked = Unpacked::new(Slowly(bytes, step));
    let mut text = Vec::new();
    let mut room = vec![0; 4096];
    loop {
        match unpacked.read(&mut room) {
            Ok(0) => return (text, None),
            Ok(read) => text.extend_from_slice(&room[..read]),
            Err(fault) => {
                assert_eq!(unpacked.read(&mut room).ok(), Some(0));
                return (text, Some(fault.to_string()));
            }
        }
    }
}

/// Lines of no pattern that either format sees through.
fn text() -> Vec<u8> {
    let lines = (0..4_000_u64).map(|n| format!("{:x}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    lines.collect::<String>().into_bytes()
}

#[test]
fn text_is_left_as_it_is() {
    for text in [
        "",
        "x",
        "(",
        "(\u{b5}",
        "\u{1f}",
        "P*M",
        "eyJ.e30.x\n",
        "(\u{b5}/",
    ] {
        for step in [1, 2, 100] {
            assert_eq!(unpacked(text.as_bytes(), step), (text.into(), None));
        }
    }
    assert_eq!(unpacked(&[0x1F, 0x8B], 1), (vec![0x1F, 0x8B], None));
}

#[test]
fn members_of_both_formats_follow_one_another() {
    let text = text();
    let (first, rest) = text.split_at(1000);
    let skipped = b"\x53\x2A\x4D\x18\x03\0\0\0abc";
    let tape = [gzip(&text), vec![0; 700]].concat();
    for bytes in [
        gzip(&text),
        zstandard(&text),
        [gzip(first), gzip(rest)].concat(),
        [zstandard(first), zstandard(b""), zstandard(rest)].concat(),
        [gzip(first), zstandard(rest)].concat(),
        [
            skipped.to_vec(),
            zstandard(first),
            skipped.to_vec(),
            zstandard(rest),
        ]
        .concat(),
        tape,
    ] {
        for step in [1, 1000, 1 << 20] {
            let (there, fault) = unpacked(&bytes, step);
            assert!(there == text, "{step} {}", there.len());
            assert_eq!(fault, None);
        }
    }
}

#[test]
fn what_comes_before_a_fault_is_read() {
    let text = text();
    for (bytes, name) in [(gzip(&text), "gzip"), (zstandard(&text), "Zstandard")] {
        for len in [4, 5, 12, bytes.len() / 2, bytes.len() - 1] {
            let (there, fault) = unpacked(&bytes[..len], 1000);
            assert!(text.starts_with(&there));
            assert!(len < bytes.len() - 1 || there.len() > text.len() / 2);
            assert_eq!(fault, Some(format!("it is {name}, and its end is missing")));
        }
        let mut damaged = bytes.clone();
        let last = damaged.len() - 3;
        damaged[last] ^= 1;
        let (_, fault) = unpacked(&damaged, 1000);
        assert_eq!(fault, Some(format!("it is {name}, and damaged")));
        let (there, fault) = unpacked(&[&bytes, &b"text\n"[..]].concat(), 1000);
        assert!(there == text);
        let followed = format!("it is {name}, and something else follows behind it");
        assert_eq!(fault, Some(followed));
    }
}

#[test]
fn no_byte_that_changes_is_passed_over() {
    let text: Vec<u8> = text().into_iter().take(3000).collect();
    for bytes in [gzip(&text), zstandard(&text)] {
        for at in (10..bytes.len()).step_by(7) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            let (there, fault) = unpacked(&damaged, 1 << 20);
            assert!(fault.is_some() || there == text, "{at}");
        }
    }
}

#[test]
fn what_becomes_much_too_long_is_not_read_to_its_end() {
    let long = vec![b'\n'; 20 << 20];
    for (bytes, name) in [(gzip(&long), "gzip"), (zstandard(&long), "Zstandard")] {
        let bytes = bytes.repeat(20);
        let (there, fault) = unpacked(&bytes, 1000);
        let message = format!("it is {name}, and becomes more than 200 times as long");
        assert_eq!(fault, Some(message));
        assert!(there.len() < 400 << 20);
    }
}
