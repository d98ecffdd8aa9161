//! Content that was compressed before it was encrypted (RFC 7516 section 4.1.3). Its length tells
//! about its content, so nothing is compressed here.

use flate2::{Decompress, FlushDecompress, Status};

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::compact::Malformed;
use crate::token::header_parts::HeaderParts;

/// The size in bytes that a compressed content may inflate to, unless more is allowed.
pub const MOST_INFLATED: usize = 256 << 10;

/// Whether the content is compressed, in the only way that there is (RFC 7516 section 4.1.3).
pub(super) fn is_compressed(header: &HeaderParts<'_>) -> Result<bool, Malformed> {
    let Some(zip) = header.get("zip") else {
        return Ok(false);
    };
    if header
        .protected
        .is_none_or(|header| header.get("zip").is_none())
    {
        return Err(Malformed::new(
            "`zip` is not in the protected header, where it must be (RFC 7516 section 4.1.3)",
        ));
    }
    match zip.is("DEF") {
        true => Ok(true),
        false => Err(Malformed::new(format!(
            "the compression of the content is not known: `zip` is {}",
            escape::shorten(zip.text(), 40)
        ))),
    }
}

/// Undoes the compression (RFC 1951), up to `most` bytes.
pub(super) fn inflate(compressed: &[u8], most: usize) -> Result<Vec<u8>, Malformed> {
    /// The room that is made at once.
    const STEP: usize = 1 << 14;
    let damaged = || {
        Malformed::new(match is_zlib(compressed) {
            true => {
                "the content is compressed in the format of zlib (RFC 1950), and `zip` stands for DEFLATE alone (RFC 1951)"
            }
            false => "the content should be compressed (`zip`), but cannot be inflated",
        })
    };
    let mut decompress = Decompress::new(false);
    let mut content = Vec::new();
    loop {
        let taken = usize::try_from(decompress.total_in()).unwrap_or(usize::MAX);
        let rest = compressed.get(taken..).unwrap_or_default();
        let before = content.len();
        content.reserve(STEP);
        let status = decompress
            .decompress_vec(rest, &mut content, FlushDecompress::Finish)
            .map_err(|_| damaged())?;
        if content.len() > most {
            return Err(Malformed::new(format!(
                "the content is compressed, and has more than {most} bytes"
            ))
            .hint(Advice::AllowInflated));
        }
        let taken = usize::try_from(decompress.total_in()).unwrap_or(usize::MAX);
        match status {
            Status::StreamEnd if taken == compressed.len() => return Ok(content),
            Status::StreamEnd => return Err(damaged()),
            _ if content.len() == before && taken == compressed.len() => return Err(damaged()),
            _ => {}
        }
    }
}

/// Whether it begins as some libraries write it: DEFLATE, up to 32 KiB back, and a check (RFC 1950 section 2.2).
fn is_zlib(compressed: &[u8]) -> bool {
    let head = compressed
        .first_chunk()
        .map(|head| u16::from_be_bytes(*head));
    head.is_some_and(|head| head >> 8 == 0x78 && head % 31 == 0)
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};

    use super::*;

    fn deflated(content: &[u8]) -> Vec<u8> {
        compressed(content, false)
    }

    fn compressed(content: &[u8], is_zlib: bool) -> Vec<u8> {
        let mut compressed = Vec::with_capacity(1000);
        let mut compress = Compress::new(Compression::best(), is_zlib);
        let status = compress.compress_vec(content, &mut compressed, FlushCompress::Finish);
        assert_eq!(status.unwrap(), Status::StreamEnd);
        compressed
    }

    #[test]
    fn what_was_compressed_comes_out_up_to_a_bound() {
        let content = vec![b'a'; 1000];
        let compressed = deflated(&content);
        assert_eq!(inflate(&compressed, 1000).unwrap(), content);
        assert_eq!(
            inflate(&compressed, 999).unwrap_err().message,
            "the content is compressed, and has more than 999 bytes"
        );
        assert_eq!(inflate(&deflated(b""), 0).unwrap(), b"");
        // What is much longer than its compressed form, and than the room that is made at once.
        let content = vec![b'a'; MOST_INFLATED];
        assert_eq!(
            inflate(&deflated(&content), MOST_INFLATED).unwrap(),
            content
        );
        // The last of what was compressed stands for up to 258 bytes (RFC 1951 section 3.2.5), which may need the
        // next room.
        for len in (1 << 14) - 2..(1 << 14) + 260 {
            let content = vec![b'a'; len];
            assert_eq!(inflate(&deflated(&content), len).unwrap(), content);
        }
    }

    #[test]
    fn a_stream_that_is_cut_or_followed_by_something_is_damaged() {
        let compressed = deflated(b"some content");
        for len in 0..compressed.len() {
            assert!(inflate(&compressed[..len], 100).is_err());
        }
        assert!(inflate(&[&compressed[..], b"x"].concat(), 100).is_err());
        // The last two have one half each of what zlib begins with.
        for damaged in [&b"\xff\xff\xff"[..], b"\x78\x00\xff", b"\x00\x1f\xff"] {
            assert_eq!(
                inflate(damaged, 100).unwrap_err().message,
                "the content should be compressed (`zip`), but cannot be inflated"
            );
        }
        assert_eq!(
            inflate(&self::compressed(b"some content", true), 100)
                .unwrap_err()
                .message,
            "the content is compressed in the format of zlib (RFC 1950), and `zip` stands for DEFLATE alone (RFC 1951)"
        );
    }
}
