//! Faults that a client has to survive, switched on by name.

mod rule;
mod set;
mod table;
mod token;

pub use rule::{Rule, RuleError, TokenUse};
pub use table::{Argument, Fault, Stage};
pub use token::{Spoiled, spoil, wrong_algorithm};

pub(super) use set::{Active, Faults, Taken};
