//! How a diagnosis looks: document by document and line by line, and what to do. What a server says is
//! made safe for a terminal here.

use serde::Serialize;

use crate::cli::advice::{Running, sentence};
use crate::cli::json_line;
use crate::cli::paint::Paint;
use crate::cli::report;
use crate::cli::verdict::Verdict;
use crate::cli::verdict_json::verdict_value;
use crate::doctor::{Diagnosis, Finding, Outcome, Part, Remedy};
use crate::text::count::counted;
use crate::text::escape;

/// For people; `all_sections` are also those of what is as it should be.
pub(super) fn report(
    diagnosis: &Diagnosis,
    verdict: Option<&Verdict>,
    all_sections: bool,
    paint: Paint,
) -> String {
    let mut out = headline(diagnosis, paint);
    for part in &diagnosis.parts {
        push_part(&mut out, part, all_sections, paint);
    }
    let mut hints: Vec<String> = diagnosis
        .findings()
        .filter_map(|finding| finding.remedy.as_ref())
        .map(words)
        .collect();
    hints.dedup();
    if let Some(verdict) = verdict {
        out.push_str(&format!("\n{}  ", paint.bold("token")));
        out.push_str(&report::report(verdict, None, all_sections, paint));
    }
    if !hints.is_empty() {
        out.push('\n');
    }
    for hint in hints {
        out.push_str(&format!(
            "{} {}\n",
            paint.cyan("hint:"),
            escape::terminal(&hint)
        ));
    }
    out
}

/// The whole diagnosis on one line.
fn headline(diagnosis: &Diagnosis, paint: Paint) -> String {
    let of = |outcome| {
        diagnosis
            .findings()
            .filter(move |finding| finding.outcome == outcome)
    };
    let failures: Vec<_> = of(Outcome::Fail)
        .map(|finding| escape::terminal(&finding.detail))
        .collect();
    let warnings = of(Outcome::Warn).count();
    match (failures.is_empty(), warnings) {
        (false, _) => format!("{} {}\n", paint.red("does not work:"), failures.join("; ")),
        (true, 0) => format!("{}\n", paint.green("works")),
        (true, _) => format!(
            "{}, with {}\n",
            paint.green("works"),
            counted(warnings, "warning")
        ),
    }
}

fn push_part(out: &mut String, part: &Part, all_sections: bool, paint: Paint) {
    let place = escape::terminal(&part.place);
    out.push_str(&format!("\n{}  {place}\n\n", paint.bold(part.title)));
    for finding in &part.findings {
        let word = finding.outcome.code();
        let word = match finding.outcome {
            Outcome::Pass => paint.green(word),
            Outcome::Note => paint.dim(word),
            Outcome::Warn => paint.yellow(word),
            Outcome::Fail => paint.red(word),
        };
        let detail = escape::terminal(&finding.detail);
        out.push_str(&format!("  {word}   {:<10}  {detail}", finding.name));
        if all_sections || matches!(finding.outcome, Outcome::Warn | Outcome::Fail) {
            let section = format!("({})", finding.section);
            out.push_str(&format!(" {}", paint.dim(&section)));
        }
        out.push('\n');
    }
}

fn words(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Words(words) => words.to_string(),
        Remedy::Advice(advice) => sentence(advice, Running::Doctor),
    }
}

/// `doctor --json`
pub(super) fn json(diagnosis: &Diagnosis, verdict: Option<&Verdict>) -> String {
    #[derive(Serialize)]
    struct DiagnosisJson<'a> {
        works: bool,
        reached: bool,
        documents: Vec<PartJson<'a>>,
        token: Option<Box<serde_json::value::RawValue>>,
    }
    #[derive(Serialize)]
    struct PartJson<'a> {
        document: &'a str,
        url: &'a str,
        checks: Vec<FindingJson<'a>>,
    }
    let failed = |finding: &Finding| finding.outcome == Outcome::Fail;
    let documents = diagnosis.parts.iter().map(|part| PartJson {
        document: part.title,
        url: &part.place,
        checks: part.findings.iter().map(finding_json).collect(),
    });
    json_line::line(&DiagnosisJson {
        works: !diagnosis.findings().any(failed) && verdict.is_none_or(Result::is_ok),
        reached: diagnosis.is_reached,
        documents: documents.collect(),
        token: verdict.map(verdict_value),
    })
}

#[derive(Serialize)]
struct FindingJson<'a> {
    check: &'a str,
    result: &'a str,
    detail: &'a str,
    section: &'a str,
    hint: Option<String>,
}

fn finding_json(finding: &Finding) -> FindingJson<'_> {
    FindingJson {
        check: finding.name,
        result: finding.outcome.code(),
        detail: &finding.detail,
        section: finding.section,
        hint: finding.remedy.as_ref().map(words),
    }
}
