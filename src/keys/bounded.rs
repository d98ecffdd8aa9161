//! Reads no more of a stream than is wanted: its writer may never stop.

use std::io::{self, Read};

/// Appends a stream to a buffer; gives whether it had at most `most` bytes. From a longer stream,
/// one byte more is read.
///
/// # Errors
/// Those of the stream.
pub fn read_bounded(reader: impl Read, most: u64, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let read = reader.take(most.saturating_add(1)).read_to_end(bytes)?;
    Ok(u64::try_from(read).is_ok_and(|read| read <= most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_may_have_as_many_bytes_as_is_said_and_no_more() {
        for (len, fits) in [(0, true), (3, true), (4, false), (5, false)] {
            let mut bytes = vec![b'0'];
            let text = vec![b'x'; len];
            assert_eq!(read_bounded(text.as_slice(), 3, &mut bytes).unwrap(), fits);
            assert_eq!(bytes.len(), 1 + len.min(4));
        }
        let mut bytes = Vec::new();
        assert!(!read_bounded(io::repeat(0), 7, &mut bytes).unwrap());
    }
}
