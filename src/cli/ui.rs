//! What a command says: a result, notes, warnings, failures.

use std::io::{self, Write as _};

use crate::cli::advice::Running;
use crate::cli::args::Global;
use crate::cli::failure::Failure;
use crate::cli::paint::Paint;
use crate::cli::sentence::said;
use crate::cli::world::{self, World};
use crate::text::escape;

/// The streams of a run as a command uses them: a place for the result, and notes.
pub(super) struct Ui<'w, 'a> {
    /// The command.
    pub(super) running: Running,
    /// The world.
    pub(super) world: &'w mut World<'a>,
    /// Colour of standard output.
    pub(super) out: Paint,
    /// Colour of standard error.
    pub(super) err: Paint,
    /// `--quiet`
    pub(super) quiet: bool,
    /// `--verbose`
    pub(super) verbose: bool,
}

impl<'w, 'a> Ui<'w, 'a> {
    /// What a command has of a world, with these flags.
    pub(super) fn new(global: &Global, running: Running, world: &'w mut World<'a>) -> Self {
        let terminals = world.terminals;
        let decide = |is_terminal: bool| {
            let env = |name: &str| world.variable(name);
            let columns = terminals.columns.filter(|_| is_terminal);
            Paint::decide(global.color, env, is_terminal).in_columns(columns, env)
        };
        Ui {
            running,
            out: decide(terminals.stdout),
            err: decide(terminals.stderr),
            quiet: global.quiet,
            verbose: global.verbose,
            world,
        }
    }

    /// Writes a result, in pieces of whole lines that a pipe takes at once: a signal that ends the
    /// program leaves no half of a line.
    pub(super) fn result(&mut self, text: &[u8]) -> Result<(), Failure> {
        self.write(text).map_err(|error| Failure::output(&error))
    }

    /// The same, for a caller that explains the failure itself.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        const PIPE_BUF: usize = 4096;
        let out = &mut self.world.stdout;
        let mut rest = text;
        while !rest.is_empty() {
            let most = rest.get(..PIPE_BUF).unwrap_or(rest);
            let line_end = |text: &[u8]| {
                text.iter()
                    .rposition(|b| *b == b'\n')
                    .map(|at| at.saturating_add(1))
            };
            let first_line = || {
                rest.iter()
                    .position(|b| *b == b'\n')
                    .map(|at| at.saturating_add(1))
            };
            let end = line_end(most).or_else(first_line).unwrap_or(rest.len());
            let (piece, more) = rest.split_at(end);
            out.write_all(piece)?;
            out.flush()?;
            rest = more;
        }
        Ok(())
    }

    /// Writes whole lines at once, for a command that looks after signals itself.
    pub(super) fn whole_lines(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let out = &mut self.world.stdout;
        out.write_all(lines)
            .and_then(|()| out.flush())
            .map_err(|e| Failure::output(&e))
    }

    /// Says something beside the result, unless it is to be quiet.
    pub(super) fn note(&mut self, text: &str) {
        if !self.quiet {
            let line = self.note_line(text);
            self.aside(&line);
        }
    }

    /// A note as it is written.
    pub(super) fn note_line(&self, text: &str) -> String {
        said("note:", self.err.dim("note:"), text, self.err)
    }

    /// Says what should not be overlooked, and what to do about it.
    pub(super) fn warn(&mut self, text: &str, hint: Option<&str>) {
        let err = self.err;
        let mut lines = said("warning:", err.yellow("warning:"), text, err);
        if let Some(hint) = hint {
            lines.push_str(&said("hint:", err.cyan("hint:"), hint, err));
        }
        self.aside(&lines);
    }

    /// Says what only `--verbose` asks for.
    pub(super) fn detail(&mut self, text: &str) {
        if self.verbose {
            self.note(text);
        }
    }

    /// Says what went wrong.
    pub(super) fn fail(&mut self, failure: &Failure) {
        let lines = failure.lines(self.err, self.running);
        self.aside(&lines);
    }

    /// Writes lines to standard error. If that fails, nobody can be told.
    pub(super) fn aside(&mut self, lines: &str) {
        let _ = self.world.stderr.write_all(lines.as_bytes());
    }
}
/// Passes on, from any thread, a line that another program says to a person.
pub(super) fn say_aside(line: &str) {
    // If that fails, nobody can be told.
    _ = writeln!(world::stderr(), "{}", escape::terminal(line));
}
