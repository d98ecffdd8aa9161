//! The faults that were asked for and met no request.

use crate::cli::ui::Ui;
use crate::demo::DemoServer;

/// Says which faults met no request: a test that passes without them shows nothing.
pub(super) fn warn(demo: &DemoServer, ui: &mut Ui<'_, '_>) {
    for rule in demo.unused_faults() {
        let place = rule.place().map(|place| format!(" at {place}"));
        let place = place.unwrap_or_default();
        ui.warn(
            &format!("the fault `{}`{place} has never acted: no request of the command met it", rule.name()),
            Some("`jott help faults` says where each acts; `endpoint=NAME` behind the fault names another place"),
        );
    }
}
