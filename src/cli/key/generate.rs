//! `jott key generate`

use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::args::GenerateArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line;
use crate::cli::key::{check_name, file, keep};
use crate::cli::run::Talk;
use crate::text::escape;
use crate::token::generate::generate;
use crate::token::key::Key;

/// Where a new key goes.
enum Place<'a> {
    Keyring(&'a str),
    File(&'a Path),
    Stdout,
}

impl<'a> Place<'a> {
    /// Refuses what may not be written to, before a key is made.
    fn of(args: &'a GenerateArgs, talk: &Talk<'_, '_>) -> Result<Self, Failure> {
        check_name(&args.name)?;
        match args.out.as_deref() {
            None => Ok(Place::Keyring(&args.name)),
            Some(path) if path == "-" => {
                if talk.world.terminals.stdout && !args.force {
                    let message =
                        "standard output is a terminal, where a private key stays to be read";
                    return Err(Failure::new(Exit::Refused, message)
                        .hint("`--force` prints it all the same, `jott key generate --out - | …` hands it on"));
                }
                Ok(Place::Stdout)
            }
            Some(path) => {
                file::check(path, args.force)?;
                Ok(Place::File(path))
            }
        }
    }
}

pub(super) fn run(args: &GenerateArgs, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    let place = Place::of(args, talk)?;
    let algorithm = args.alg;
    let key = generate(algorithm, args.bits).map_err(|fault| Failure {
        exit: Exit::Usage,
        ..Failure::from(fault)
    })?;
    let shown = match place {
        Place::Stdout => {
            let line = json_line::line_of(content(&key, Path::new("")).trim_end());
            talk.result(line.as_bytes())?;
            return Ok(Exit::Done);
        }
        Place::File(path) => {
            let text = Zeroizing::new(format!("{}\n", content(&key, path).trim_end()));
            file::write(path, text.as_bytes(), args.force)?;
            escape::shorten(&path.to_string_lossy(), 120)
        }
        Place::Keyring(name) => {
            keep(name, &content(&key, Path::new("")), args.force)?;
            format!("keyring:{name}")
        }
    };
    match key.public_jwk() {
        Some(jwk) => talk
            .result(json_line::line_of(&jwk).as_bytes())
            .map_err(|failure| failure.hint(format!("{shown} has the key all the same")))?,
        None => talk.note(&format!("{shown} is {}", key.kind_words())),
    }
    talk.detail(&format!(
        "{shown} has the key: `jott issue --key {shown}` signs with it"
    ));
    Ok(Exit::Done)
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
