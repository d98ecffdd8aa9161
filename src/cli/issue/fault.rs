//! `jott issue --fault`: tokens that are broken on purpose, as `jott serve-demo` makes them.

use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::demo::fault::{Fault, Rule, Spoiled, Stage, spoil};
use crate::text::time::Timestamp;
use crate::token::claims::Members;

/// Faults of a token, in the order in which they were given.
pub(super) struct Faults(Vec<Rule>);

impl Faults {
    /// Reads the flags.
    pub(super) fn read(texts: &[String]) -> Result<Faults, Failure> {
        let rules = texts.iter().map(|text| {
            let rule = Rule::parse(text).map_err(|why| wrong(&why))?;
            let name = rule.fault.name();
            if rule.fault.stage() != Stage::Token {
                let argument = rule.fault.argument().placeholder();
                return Err(Failure::usage(format!(
                    "`--fault`: {name} is a fault of a server, and not of a token"
                ))
                .hint(format!(
                    "`jott serve-demo --fault {name}{argument}` makes it"
                )));
            }
            match text.contains(',') {
                true => Err(wrong(&format!(
                    "there is one token, so {name} stands alone"
                ))),
                false => Ok(rule),
            }
        });
        Ok(Faults(rules.collect::<Result<_, _>>()?))
    }

    /// Changes what is to be signed, and tells what is left to do afterwards.
    pub(super) fn spoil(
        &self,
        header: &mut Members<'_>,
        claims: &mut Members<'_>,
        now: Timestamp,
        ui: &mut Ui<'_, '_>,
    ) -> Vec<Spoiled> {
        let spoil = |rule: &Rule| {
            let Rule {
                fault, argument, ..
            } = rule;
            let (about, section) = (fault.about(), fault.section());
            ui.note(&format!(
                "THIS TOKEN IS BROKEN ON PURPOSE: {about} ({section})"
            ));
            spoil(*fault, *argument, header, claims, now)
        };
        self.0.iter().map(spoil).collect()
    }
}

fn wrong(why: &str) -> Failure {
    let of_tokens = Fault::ALL
        .iter()
        .filter(|fault| fault.stage() == Stage::Token);
    let names =
        of_tokens.map(|fault| format!("{}{}", fault.name(), fault.argument().placeholder()));
    let names = names.collect::<Vec<_>>().join(", ");
    Failure::usage(format!("`--fault`: {why}")).hint(format!("a token can be {names}"))
}
