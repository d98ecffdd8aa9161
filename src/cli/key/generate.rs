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
use crate::token::algorithm::Algorithm;
use crate::token::generate::generate;
use crate::token::key::Key;

pub(super) fn run(args: &GenerateArgs, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    check_name(&args.name)?;
    let algorithm = Algorithm::parse(&args.alg).unwrap_or(Algorithm::ES256);
    let key = generate(algorithm, args.bits).map_err(|fault| Failure {
        exit: Exit::Usage,
        ..Failure::from(fault)
    })?;
    let place = if let Some(path) = &args.out {
        let text = content(&key, path);
        file::write(
            path,
            format!("{}\n", text.trim_end()).as_bytes(),
            args.force,
        )?;
        escape::shorten(&path.to_string_lossy(), 120)
    } else {
        keep(&args.name, &content(&key, Path::new("")), args.force)?;
        format!("keyring:{}", args.name)
    };
    match key.public_jwk() {
        Some(jwk) => talk.result(json_line::line_of(&jwk).as_bytes())?,
        None => talk.note(&format!("{place} is {}", key.kind_words())),
    }
    talk.detail(&format!(
        "{place} has the key: `jott issue --key {place}` signs with it"
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
