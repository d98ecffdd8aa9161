//! The tools, by name.

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Tool {
    /// Tells who is asking.
    Whoami,
    /// Writes a note.
    WriteNote,
}

impl Tool {
    /// All of them, in the order of `tools/list`.
    pub(in crate::demo) const ALL: &'static [Tool] = &[Tool::Whoami, Tool::WriteNote];

    pub(in crate::demo) fn name(self) -> &'static str {
        match self {
            Tool::Whoami => "whoami",
            Tool::WriteNote => "write_note",
        }
    }

    /// The tool of a name.
    pub(in crate::demo) fn named(name: &str) -> Option<Tool> {
        Tool::ALL.iter().copied().find(|tool| tool.name() == name)
    }

    /// Its place among all, as a fault has it.
    pub(in crate::demo) fn place(self) -> i64 {
        match self {
            Tool::Whoami => 0,
            Tool::WriteNote => 1,
        }
    }

    /// Whether that is its place.
    pub(in crate::demo) fn is_at(self, place: i64) -> bool {
        self.place() == place
    }

    /// What a token needs to call it.
    pub(in crate::demo) fn scope(self) -> &'static str {
        match self {
            Tool::Whoami => "mcp:read",
            Tool::WriteNote => "mcp:write",
        }
    }
}
