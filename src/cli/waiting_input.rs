//! What waits on standard input while nobody reads it. It is looked at, and left there for the next
//! reader, such as the loop of a shell.

/// How many bytes are enough to tell what it is.
#[cfg(target_os = "linux")]
const ENOUGH: usize = 256;

/// The first bytes that are there already; none of a terminal or a device, and nothing is waited for.
#[cfg(target_os = "linux")]
pub(super) fn peek() -> Vec<u8> {
    use rustix::fs::{FileType, fstat, tell};

    let stdin = rustix::stdio::stdin();
    let mut start = vec![0; ENOUGH];
    let kind = fstat(stdin).map(|stat| FileType::from_raw_mode(stat.st_mode));
    let read = match kind {
        Ok(FileType::RegularFile) => {
            tell(stdin).and_then(|at| rustix::io::pread(stdin, &mut start, at))
        }
        Ok(FileType::Fifo) => copied(&mut start),
        _ => return Vec::new(),
    };
    start.truncate(read.unwrap_or_default());
    start
}

/// The start of a pipe, which stays in it.
#[cfg(target_os = "linux")]
fn copied(start: &mut [u8]) -> rustix::io::Result<usize> {
    use rustix::pipe::{SpliceFlags, pipe, tee};

    let (reader, writer) = pipe()?;
    tee(
        rustix::stdio::stdin(),
        &writer,
        start.len(),
        SpliceFlags::NONBLOCK,
    )?;
    drop(writer);
    rustix::io::read(reader, start)
}

/// Other systems do not let a pipe be looked at.
#[cfg(not(target_os = "linux"))]
pub(super) fn peek() -> Vec<u8> {
    Vec::new()
}
