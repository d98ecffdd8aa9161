//! The browser in which a log-in goes on.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::ui::Ui;
use crate::keys::UnseenLine;
use crate::text::escape;

/// Opens an address where a browser can be expected, and prints it in any case. `port` is where the log-in
/// comes back to this machine. If the browser may be on another machine, a person can paste the address where
/// it ended; that line is the result.
pub(super) fn show(
    url: &str,
    port: u16,
    is_wanted: bool,
    ui: &mut Ui<'_, '_>,
) -> Option<UnseenLine> {
    let any_is_set = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| ui.world.variable(name));
        values.any(|value| !value.is_empty())
    };
    let is_windows_below = any_is_set(&["WSL_DISTRO_NAME", "WSL_INTEROP"]);
    let has_screen = any_is_set(&["DISPLAY", "WAYLAND_DISPLAY"]);
    let is_remote = any_is_set(&["SSH_CONNECTION", "SSH_TTY"]) && !has_screen;
    // On these, a program needs no variable to find the screen.
    let has_desktop = cfg!(any(windows, target_os = "macos"));
    let can_open = !is_remote && (has_screen || has_desktop || is_windows_below);
    let named = ui
        .world
        .variable("BROWSER")
        .filter(|named| !named.is_empty());
    let is_opened = match named.filter(|_| is_wanted) {
        Some(named) => {
            let failure = open_one_of(&named, url);
            if let Some(failure) = &failure {
                ui.note(failure);
            }
            failure.is_none()
        }
        None => is_wanted && can_open && open::commands(url).iter_mut().any(|c| start(c).is_ok()),
    };
    // The browser of Windows may not reach the way back.
    let may_paste = ui.world.terminals.stderr && (!is_opened || is_windows_below);
    let pasted = may_paste.then(UnseenLine::begin).flatten();
    let words = match (is_opened, &pasted) {
        (true, _) => "the log-in goes on in the browser; if none opens:",
        (false, Some(_)) => "open this in a browser to log in:",
        (false, None) => "open this in a browser on this machine to log in:",
    };
    let mut words = format!("{words}\n\n  {}\n\n", escape::terminal(url));
    if is_remote && !is_opened {
        words.push_str(&format!(
            "the log-in comes back to port {port} of this machine: `ssh -L {port}:127.0.0.1:{port} …` from the machine\n\
             with the browser leads there, and `--grant device` needs no way back\n\n"
        ));
    }
    if pasted.is_some() {
        words.push_str(
            "if the browser is on another machine, it cannot load the last page of the log-in: copy the address\n\
             of that page, paste it here and press Enter (it is not shown)\n\n",
        );
    }
    ui.aside(&words);
    pasted
}

/// Starts the first that can be started of the commands in `BROWSER`, which colons separate, with the
/// address in the place of `%s` or at the end; else says why there is none.
fn open_one_of(named: &str, url: &str) -> Option<String> {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let mut failure = None;
    for name in named
        .split(separator)
        .filter(|name| !name.trim().is_empty())
    {
        match start(&mut command(name, url)) {
            Ok(()) => return None,
            Err(e) => {
                let shown = escape::shorten(name, 80);
                failure.get_or_insert(format!(
                    "the browser `{shown}` of BROWSER cannot be started: {e}"
                ));
            }
        }
    }
    failure
}

/// A name may be that of a program, or a command with arguments.
fn command(name: &str, url: &str) -> Command {
    let mut words = name.split_whitespace();
    let program = words.next().filter(|_| !Path::new(name).is_file());
    let mut command = Command::new(program.unwrap_or(name));
    let words: Vec<String> = match program {
        Some(_) => words.map(|word| word.replace("%s", url)).collect(),
        None => Vec::new(),
    };
    let has_url = words.iter().any(|word| word.contains(url));
    command.args(words);
    if !has_url {
        command.arg(url);
    }
    command
}

/// The output of a browser does not belong on this terminal.
fn start(command: &mut Command) -> std::io::Result<()> {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_other_programs_read_it() {
        let words = |name| {
            let command = command(name, "http://a.test/");
            let program = [command.get_program()]
                .into_iter()
                .chain(command.get_args());
            let words: Vec<_> = program.map(|word| word.to_string_lossy()).collect();
            words.join("|")
        };
        assert_eq!(words("firefox"), "firefox|http://a.test/");
        assert_eq!(words("firefox -P work"), "firefox|-P|work|http://a.test/");
        assert_eq!(words("w3m --url=%s -x"), "w3m|--url=http://a.test/|-x");
        assert_eq!(
            open_one_of("/nowhere/one:/nowhere/two", "x")
                .unwrap()
                .split(" cannot")
                .next(),
            Some("the browser `/nowhere/one` of BROWSER")
        );
    }
}
