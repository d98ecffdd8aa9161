//! What is wrong with a fault that was asked for, in the words of the flag.

use crate::cli::failure::Failure;
use crate::demo::fault::{Fault, RuleError};

/// Where all faults are listed.
const LIST: &str = "`jott help faults` lists them";

/// The failure of `--fault` with this text for a command that makes some faults.
pub(super) fn refused(text: &str, error: &RuleError, makes: impl Fn(Fault) -> bool) -> Failure {
    match error {
        RuleError::NoSuchFault(name, _) => {
            let failure = Failure::usage(format!("`--fault`: there is no fault `{name}`"));
            failure.hint(match Fault::nearest(name, makes) {
                Some(near) => format!("did you mean `{}`? {LIST}", near.name()),
                None => LIST.to_owned(),
            })
        }
        RuleError::Argument(fault, why) => {
            let (name, example) = (fault.name(), fault.argument().example());
            Failure::usage(format!("`--fault`: {why}"))
                .hint(format!("`--fault {name}{example}`: {}", fault.about()))
        }
        RuleError::Rest(why) => {
            // It was read: only what follows it is wrong.
            let fault = text.split(',').next().unwrap_or_default();
            Failure::usage(format!("`--fault`: {why}")).hint(format!(
                "`--fault {fault},count=2` acts twice; beside count there are endpoint, client, user, token, delay, probability and seed"
            ))
        }
    }
}
