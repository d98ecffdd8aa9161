//! How much of a token's life is over, as a bar.

use crate::cli::columns::width;
use crate::cli::paint::Paint;
use crate::text::time::{self, Timestamp};
use crate::token::claims::{Registered, numeric_date};
use crate::token::json::{Json, Object};

/// The columns of a bar, if there is room.
const BAR: usize = 30;

/// The shortest bar that is drawn.
const LEAST: usize = 10;

/// The bar and the words beside it, within `room` columns; `None` if the token does not say both
/// when its life begins and when it ends.
pub(super) fn bar(claims: &Object, now: Timestamp, room: usize, paint: Paint) -> Option<String> {
    let registered = Registered::of(claims);
    let date = |value: Option<Json<'_>>| value.and_then(|value| numeric_date(value).ok());
    let begin = date(registered.nbf).or_else(|| date(registered.iat))?;
    let end = date(registered.exp)?;
    let (life, over) = (end.since(begin), now.since(begin));
    if life <= 0 {
        return None;
    }
    let length = time::span_words(life);
    let words = if over < 0 {
        format!("begins {}, for {length}", time::relative(begin, now))
    } else if over >= life {
        format!(
            "over since {}, after {length}",
            time::span_words(over.saturating_sub(life))
        )
    } else {
        format!(
            "{} of {length} left",
            time::span_words(life.saturating_sub(over))
        )
    };
    let columns = room
        .saturating_sub(width(&words))
        .saturating_sub(2)
        .min(BAR);
    if columns < LEAST {
        return Some(words);
    }
    let done = i128::try_from(columns)
        .ok()?
        .saturating_mul(over.clamp(0, life));
    let done = usize::try_from(done.checked_div(life)?).ok()?;
    let left = "━".repeat(columns.saturating_sub(done));
    let left = if over >= life {
        left
    } else {
        paint.green(&left)
    };
    Some(format!("{}{left}  {words}", paint.dim(&"─".repeat(done))))
}
