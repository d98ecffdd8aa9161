//! Writes a result that may be large: it goes out while it is made, and is never whole in memory.

use std::io::{self, Write};

use crate::cli::failure::Failure;
use crate::cli::ui::Ui;

/// How much is kept until it goes out.
const BUFFER: usize = 64 << 10;

/// Standard output with a buffer; only whole lines go out, if there are any.
pub(super) struct Printer<'t, 'w, 'a> {
    /// For notes beside the result.
    pub(super) ui: &'t mut Ui<'w, 'a>,
    buffer: Vec<u8>,
    /// Whether nobody wants the result.
    silent: bool,
}

impl<'t, 'w, 'a> Printer<'t, 'w, 'a> {
    pub(super) fn new(ui: &'t mut Ui<'w, 'a>, silent: bool) -> Self {
        Printer {
            ui,
            buffer: Vec::new(),
            silent,
        }
    }

    /// Writes the rest.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.flush().map_err(|error| Failure::output(&error))
    }

    /// Lets something be appended to the buffer, which is one copy less.
    pub(super) fn append(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        fill(&mut self.buffer);
        if self.buffer.len() >= BUFFER {
            let last_line = self.buffer.iter().rposition(|byte| *byte == b'\n');
            let end = last_line.map_or(self.buffer.len(), |last| last.saturating_add(1));
            self.write_out(end)?;
        }
        Ok(())
    }

    fn write_out(&mut self, end: usize) -> io::Result<()> {
        self.ui.write(self.buffer.get(..end).unwrap_or_default())?;
        self.buffer.drain(..end);
        Ok(())
    }
}

impl Write for Printer<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.append(|buffer| buffer.extend_from_slice(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_out(self.buffer.len())
    }
}
