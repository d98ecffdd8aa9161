//! `--control-token`: who may control the server from another machine.

use crate::cli::args::ServeDemoArgs;
use crate::cli::content_place::{ContentPlace, unfit_token};
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::demo::{Control, Secret, config};

/// Who may control the server.
pub(super) fn control(args: &ServeDemoArgs, ui: &mut Ui<'_, '_>) -> Result<Control, Failure> {
    let Some(text) = &args.control_token else {
        return Ok(match args.no_control {
            true => Control::Off,
            false => Control::ThisMachine,
        });
    };
    let place = ContentPlace::of_token("--control-token", text, "the control token", ui)?;
    let wrong = |why: &str| unfit_token("--control-token", why);
    let content = place.content(ui)?;
    let token = std::str::from_utf8(content.bytes.trim_ascii_end())
        .map_err(|_| wrong("names something that is not text"))?;
    config::check_name(token)
        .map_err(|why| wrong(&format!("names something that is no token: {why}")))?;
    Ok(Control::Token(Secret::new(token)))
}
