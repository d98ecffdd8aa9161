//! Asks for a key at the terminal, which is `/dev/tty` and not standard input.

use std::io::{self, Write as _};

use zeroize::Zeroizing;

use crate::token::advice::Advice;
use crate::token::key_fault::{KeyFault, KeyReason};

/// Whether there is a terminal to ask at.
#[must_use]
pub fn has_terminal() -> bool {
    let path = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };
    std::fs::File::open(path).is_ok()
}

/// Asks for a secret without echo. Ctrl-C, and every other signal that ends the program, leaves the
/// terminal as it was.
///
/// # Errors
/// [`KeyFault`]: `Missing` where there is no terminal or nothing was typed.
pub fn secret(prompt: &str) -> Result<Zeroizing<String>, KeyFault> {
    ask(prompt, "key", Advice::NameOtherKey)
}

/// Asks for something by its name, as [`secret`] asks for a key.
///
/// # Errors
/// [`KeyFault`], as [`secret`].
pub fn named_secret(what: &str) -> Result<Zeroizing<String>, KeyFault> {
    ask(&format!("{what}: "), what, Advice::NameOtherKey)
}

/// Asks for the passphrase of a key, as [`secret`] asks for a key.
///
/// # Errors
/// [`KeyFault`], as [`secret`].
pub fn passphrase() -> Result<Zeroizing<String>, KeyFault> {
    ask("passphrase: ", "passphrase", Advice::NameOtherPassphrase)
}

fn ask(prompt: &str, what: &str, elsewhere: Advice) -> Result<Zeroizing<String>, KeyFault> {
    let missing = |message: String| KeyFault::new(KeyReason::Missing, message);
    if !has_terminal() {
        let message = format!("there is no terminal to ask for the {what} at");
        return Err(missing(message).hint(elsewhere));
    }
    let typed = restoring(|| rpassword::prompt_password(prompt).map(Zeroizing::new));
    match typed {
        Ok(typed) if !typed.is_empty() => Ok(typed),
        Ok(_) => Err(missing(format!("no {what} was typed"))),
        Err(_) => {
            end_line();
            Err(missing(format!("no {what} was typed")))
        }
    }
}

/// Ends the line of a prompt that got no answer, as Ctrl-D gives none.
fn end_line() {
    let path = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
    let terminal = std::fs::OpenOptions::new().write(true).open(path);
    let _ = terminal.and_then(|mut terminal| terminal.write_all(b"\n"));
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

/// Runs a prompt; a signal that ends the program meanwhile restores the terminal first.
#[cfg(unix)]
fn restoring<T>(prompt: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    use signal_hook::consts::SIGINT;
    use signal_hook::low_level::emulate_default_handler;

    use crate::keys::ending;

    let terminal = std::fs::File::open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let restored = ending::undoing(move || {
        let _ = tcsetattr(&terminal, OptionalActions::Now, &before);
    });
    let typed = prompt();
    drop(restored);
    if typed
        .as_ref()
        .is_err_and(|e| e.kind() == io::ErrorKind::Interrupted)
    {
        // Ctrl-C: the prompt has raised the signal, and the thread that watches for it may be late.
        let _ = emulate_default_handler(SIGINT);
    }
    typed
}

#[cfg(not(unix))]
fn restoring<T>(prompt: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    prompt()
}
