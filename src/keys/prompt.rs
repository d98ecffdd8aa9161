//! Asking for a key at the terminal, which is `/dev/tty` and not standard input.

use zeroize::Zeroizing;

use crate::token::key_fault::{KeyFault, KeyReason};

/// Whether there is a terminal to ask at.
#[must_use]
pub fn has_terminal() -> bool {
    let path = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };
    std::fs::File::open(path).is_ok()
}

/// Asks for a secret without echo. Ctrl-C restores the terminal and ends the program.
///
/// # Errors
/// [`KeyFault`]: missing where there is no terminal or nothing was typed.
pub fn secret(prompt: &str) -> Result<Zeroizing<String>, KeyFault> {
    let missing = |message: &str| KeyFault::new(KeyReason::Missing, message);
    if !has_terminal() {
        return Err(missing("there is no terminal to ask for the key at")
            .hint("name another place: `--key env:NAME`, `--key ./key.pem`, `--key stdin`"));
    }
    match rpassword::prompt_password(prompt).map(Zeroizing::new) {
        Ok(typed) if typed.is_empty() => Err(missing("no key was typed")),
        Ok(typed) => Ok(typed),
        Err(_) => Err(missing("no key was typed")),
    }
}

/// Asks for a new secret, twice, since nobody sees what is typed.
///
/// # Errors
/// [`KeyFault`], as [`secret`], or where the two differ.
pub fn secret_twice() -> Result<Zeroizing<String>, KeyFault> {
    let first = secret("secret: ")?;
    let second = secret("again: ")?;
    match *first == *second {
        true => Ok(first),
        false => Err(KeyFault::rejected("the two secrets that were typed differ")),
    }
}
