//! `jott issue --fault`: tokens that are broken on purpose, as `jott serve-demo` makes them.

use crate::cli::failure::Failure;
use crate::cli::fault_flag;
use crate::cli::ui::Ui;
use crate::demo::fault::{Fault, Rule, Spoiled, Stage, spoil};
use crate::text::time::Timestamp;
use crate::token::algorithm::Algorithm;
use crate::token::claims::Members;
use crate::token::issue::SigningKey;
use crate::token::key::Key;

/// Faults of a token, in the order in which they were given.
pub(super) struct Faults(Vec<Rule>);

impl Faults {
    /// Reads the flags.
    pub(super) fn read(texts: &[String]) -> Result<Faults, Failure> {
        let rules = texts.iter().map(|text| {
            let rule = Rule::parse(text)
                .map_err(|error| fault_flag::refused(text, &error, is_of_tokens))?;
            let name = rule.fault.name();
            if !is_of_tokens(rule.fault) {
                let argument = rule.fault.argument().placeholder();
                return Err(Failure::usage(format!(
                    "`--fault`: {name} is a fault of a server, and not of a token"
                ))
                .hint(format!(
                    "`jott serve-demo --fault {name}{argument}` makes it"
                )));
            }
            match text.contains(',') {
                true => Err(Failure::usage(format!(
                    "`--fault`: there is one token, so {name} stands alone"
                ))
                .hint(format!("`--fault {}`", rule.name()))),
                false => Ok(rule),
            }
        });
        Ok(Faults(rules.collect::<Result<_, _>>()?))
    }

    /// Changes the header and claims, and tells what to do after signing.
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

    /// The key with the algorithm that the header names, if a fault has changed that and the key
    /// fits it.
    pub(super) fn other_key(
        &self,
        header: &Members<'_>,
        key: &Key,
        allow_weak: bool,
    ) -> Option<SigningKey> {
        let is_changed = self.0.iter().any(|rule| rule.fault == Fault::WrongAlg);
        let named = header.get("alg").filter(|_| is_changed)?.as_str()?;
        let algorithm = Algorithm::parse(&named).filter(|other| key.allows(*other))?;
        SigningKey::new(key, algorithm, allow_weak).ok()
    }
}

pub(in crate::cli) fn is_of_tokens(fault: Fault) -> bool {
    fault.stage() == Stage::Token
}
