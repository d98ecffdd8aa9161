//! `--control-token`: who may control the server from another machine.

use crate::cli::advice::forms_on_this_machine;
use crate::cli::args::ServeDemoArgs;
use crate::cli::failure::Failure;
use crate::cli::key_choice::ContentPlace;
use crate::cli::ui::Ui;
use crate::demo::{Control, Secret, config};
use crate::keys::{Local, Source};

/// Who may control the server.
pub(super) fn control(args: &ServeDemoArgs, ui: &mut Ui<'_, '_>) -> Result<Control, Failure> {
    let Some(text) = &args.control_token else {
        return Ok(match args.no_control {
            true => Control::Off,
            false => Control::ThisMachine,
        });
    };
    let wrong = |why: &str| {
        let forms = forms_on_this_machine(|form| form.prefix != "prompt");
        Failure::usage(format!("`--control-token` {why}")).hint(forms)
    };
    let source = Source::parse(text)
        .map_err(|_| wrong("takes the place of the token, not the token itself"))?;
    let place = match source {
        Source::Local(Local::Prompt) | Source::Remote(_) => {
            return Err(wrong("is read from this machine, and not asked for"));
        }
        Source::Local(local) => ContentPlace::of(local),
        Source::Stdin(name) => ContentPlace::stdin(name, "the control token", ui)?,
    };
    let content = place.content(ui)?;
    let token = std::str::from_utf8(content.bytes.trim_ascii_end())
        .map_err(|_| wrong("names something that is not text"))?;
    config::check_name(token)
        .map_err(|why| wrong(&format!("names something that is no token: {why}")))?;
    Ok(Control::Token(Secret::new(token)))
}
