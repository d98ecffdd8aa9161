//! `jott key generate`

use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::args::GenerateArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line;
use crate::cli::key::{check_name, file, keep};
use crate::cli::key_choice::DEFAULT_NAME;
use crate::cli::ui::Ui;
use crate::text::escape;
use crate::token::generate::generate;
use crate::token::key::Key;

/// Where a new key goes.
enum Destination<'a> {
    Keyring(&'a str),
    File(&'a Path),
    Stdout,
}

impl<'a> Destination<'a> {
    /// Refuses a place that may not be written to, before a key is made.
    fn of(args: &'a GenerateArgs, ui: &Ui<'_, '_>) -> Result<Self, Failure> {
        check_name(&args.name)?;
        match args.out.as_deref() {
            None => Ok(Destination::Keyring(&args.name)),
            Some(path) if path == "-" => {
                if ui.world.terminals.stdout && !args.force {
                    let message =
                        "standard output is a terminal, where a private key stays to be read";
                    return Err(Failure::new(Exit::Refused, message).hint(
                        "`--force` prints it anyway, `jott key generate --out - | …` hands it on",
                    ));
                }
                Ok(Destination::Stdout)
            }
            Some(path) => {
                file::check(path, args.force)?;
                Ok(Destination::File(path))
            }
        }
    }
}

pub(super) fn run(args: &GenerateArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let place = Destination::of(args, ui)?;
    let algorithm = args.alg;
    let key = generate(algorithm, args.bits).map_err(|fault| Failure {
        exit: Exit::Usage,
        ..Failure::from(fault)
    })?;
    let shown = match place {
        Destination::Stdout => {
            let line = json_line::line_of(content(&key, Path::new("")).trim_end());
            ui.result(line.as_bytes())?;
            return Ok(Exit::Done);
        }
        Destination::File(path) => {
            let text = Zeroizing::new(format!("{}\n", content(&key, path).trim_end()));
            file::write(path, text.as_bytes(), args.force)?;
            source_of(path)
        }
        Destination::Keyring(name) => {
            keep(name, &content(&key, Path::new("")), args.force, ui)?;
            format!("keyring:{name}")
        }
    };
    let has = match key.public_jwk() {
        Some(jwk) => {
            ui.result(json_line::line_of(&jwk).as_bytes())
                .map_err(|failure| failure.hint(format!("{shown} has the key nevertheless")))?;
            "has the private key".to_owned()
        }
        None => format!("is {}", key.kind_words()),
    };
    let sign = match place {
        Destination::Keyring(DEFAULT_NAME) => "jott issue".to_owned(),
        _ => format!("jott issue --key {shown}"),
    };
    let words = format!("{shown} {has}: `{sign}` signs with it");
    match place {
        // A user who names a file knows where the key is.
        Destination::File(_) if !key.is_secret() => ui.detail(&words),
        _ => ui.note(&words),
    }
    Ok(Exit::Done)
}

/// A path in a form that `--key` takes.
fn source_of(path: &Path) -> String {
    let is_source = path.is_absolute() || path.starts_with(".") || path.starts_with("..");
    let before = if is_source { "" } else { "./" };
    escape::shorten(&format!("{before}{}", path.display()), 120)
}

/// The key as it is kept: a secret as its text, another as a private JWK, or as PEM in a file
/// whose name says so.
fn content(key: &Key, path: &Path) -> Zeroizing<String> {
    let is_pem = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("pem"));
    let pem = is_pem.then(|| key.private_pem()).flatten();
    pem.or_else(|| key.secret_text())
        .or_else(|| key.whole_jwk().ok())
        .unwrap_or_default()
}
