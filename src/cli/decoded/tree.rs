//! A member of a token as rows of a table: nested objects and arrays are a small tree.

use std::io;

use crate::cli::decoded::table::{Each, Label, Notes, Row, Value, width_of};
use crate::token::json::{Json, Kind};

/// Deeper levels are shown as JSON.
const DEEPEST: usize = 4;

/// Makes rows of a member; the first row has the notes. `times` gives the notes of a member that is
/// a time.
pub(super) fn rows(
    name: &str,
    value: Json<'_>,
    notes: Notes,
    times: &dyn Fn(&str, Json<'_>) -> Option<Row<'static>>,
    each: &mut Each<'_>,
) -> io::Result<()> {
    Tree { times }.member(
        Label {
            depth: 0,
            lead: "",
            name,
        },
        value,
        notes,
        each,
    )
}

struct Tree<'a> {
    times: &'a dyn Fn(&str, Json<'_>) -> Option<Row<'static>>,
}

impl Tree<'_> {
    fn member(
        &self,
        label: Label<'_>,
        value: Json<'_>,
        notes: Notes,
        each: &mut Each<'_>,
    ) -> io::Result<()> {
        // A value after a dash is indented as if it were a level deeper.
        let level = if label.lead.is_empty() { 1 } else { 2 };
        let below = label.depth.saturating_add(level);
        let is_leaf = !is_nested(value) || label.depth >= DEEPEST;
        if is_leaf {
            if let Some(time) = (self.times)(label.name, value) {
                return each(&Row { label, ..time });
            }
            return each(&Row {
                label,
                value: Value::Json(value),
                notes,
            });
        }
        if value.kind() == Kind::Object {
            each(&Row {
                label,
                value: Value::Nothing,
                notes,
            })?;
            return self.members("", below, value, each);
        }
        if value.elements().any(is_nested) {
            each(&Row {
                label,
                value: Value::Nothing,
                notes,
            })?;
            return value
                .elements()
                .try_for_each(|element| self.element(below, element, each));
        }
        let widest = value.elements().map(width_of).max().unwrap_or_default();
        let further = Label {
            lead: "",
            name: "",
            ..label
        };
        let mut first = Some((label, notes));
        value.elements().try_for_each(|element| {
            let (label, notes) = first.take().unwrap_or((further, Notes::default()));
            each(&Row {
                label,
                value: Value::Item(element, widest),
                notes,
            })
        })
    }

    /// The members of an object, the first one after `lead`.
    fn members(
        &self,
        lead: &'static str,
        depth: usize,
        object: Json<'_>,
        each: &mut Each<'_>,
    ) -> io::Result<()> {
        for (n, (name, value)) in object.members().enumerate() {
            let lead = match (lead, n) {
                ("", _) => "",
                (lead, 0) => lead,
                _ => "  ",
            };
            let label = Label {
                depth,
                lead,
                name: &name,
            };
            self.member(label, value, Notes::default(), each)?;
        }
        Ok(())
    }

    fn element(&self, depth: usize, value: Json<'_>, each: &mut Each<'_>) -> io::Result<()> {
        match is_nested(value) && value.kind() == Kind::Object && depth < DEEPEST {
            true => self.members("- ", depth, value, each),
            false => each(&Row {
                label: Label {
                    depth,
                    lead: "-",
                    name: "",
                },
                value: Value::Json(value),
                notes: Notes::default(),
            }),
        }
    }
}

/// Whether something is in it.
fn is_nested(value: Json<'_>) -> bool {
    value.members().next().is_some() || value.elements().next().is_some()
}
