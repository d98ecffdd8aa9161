//! A clock that nobody has set, as of a machine that begins with 1970.

use crate::cli::ui::Ui;
use crate::text::time::Timestamp;

/// When RFC 7519 came out, in May 2015: no JSON Web Token was judged before.
const FIRST_TOKENS: Timestamp = Timestamp::from_seconds(1_430_438_400);

/// Says that the clock is wrong where it can be no other way: by it, what has long expired is valid.
pub(super) fn warn_if_not_set(ui: &mut Ui<'_, '_>) {
    if ui.world.now() < FIRST_TOKENS {
        ui.warn(
            "the clock of this machine is not set: it is before 2015",
            Some("set it: by this clock, tokens that have expired are valid, and new ones are from the future"),
        );
    }
}
