//! The time of a batch, which may run for days.

use std::time::Instant;

use crate::cli::ui::Ui;
use crate::text::time::Timestamp;

/// A time that runs, or stands still if the caller wants that.
pub(super) struct Clock {
    begun: Timestamp,
    since: Option<Instant>,
}

impl Clock {
    pub(super) fn of(fixed: Option<Timestamp>, ui: &Ui<'_, '_>) -> Self {
        Clock {
            begun: fixed.unwrap_or_else(|| ui.world.now()),
            since: fixed.is_none().then(Instant::now),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        let elapsed = self.since.map_or(0, |since| since.elapsed().as_nanos());
        let elapsed = i128::try_from(elapsed).unwrap_or(i128::MAX);
        Timestamp::from_nanos(self.begun.nanos().saturating_add(elapsed))
    }
}
