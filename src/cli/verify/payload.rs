//! The payload that is not in the token: `jott verify --payload`.

use std::ffi::OsStr;
use std::path::Path;

use crate::cli::failure::Failure;
use crate::cli::operand::Operand;
use crate::cli::ui::Ui;
use crate::keys::named_file::{self, Unread};
use crate::keys::read_bounded;
use crate::text::escape;

/// No payload of a detached token is longer.
const MAX_PAYLOAD_BYTES: u64 = 64 << 20;

/// The bytes of a file, or of standard input, as they are.
pub(super) fn payload(file: &OsStr, ui: &mut Ui<'_, '_>) -> Result<Vec<u8>, Failure> {
    if let Operand::Stdin(reader) = Operand::of(file, "the payload", ui)? {
        let mut bytes = Vec::new();
        let read = read_bounded(reader, MAX_PAYLOAD_BYTES, &mut bytes);
        return match read.map_err(|error| Failure::input(&error))? {
            true => Ok(bytes),
            false => Err(Failure::unread(
                "the payload in standard input",
                &Unread::TooLarge(MAX_PAYLOAD_BYTES),
            )),
        };
    }
    let shown = escape::shorten(&file.to_string_lossy(), 120);
    let say = &mut |text: &str| ui.note(text);
    match named_file::read(Path::new(file), &shown, MAX_PAYLOAD_BYTES, say) {
        Ok(mut read) => Ok(std::mem::take(&mut *read.bytes)),
        Err(why) => Err(Failure::unread(
            format_args!("the payload in {shown}"),
            &why,
        )),
    }
}
