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

/// The bar and the words beside it, as much as there is room for in so many columns, or below; `None` if the token does not say both
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
    let (short, whole) = if over < 0 {
        (
            format!("begins {}", time::relative(begin, now)),
            format!(", for {length}"),
        )
    } else if over >= life {
        (
            format!("ended {}", time::relative(end, now)),
            format!(", after {length}"),
        )
    } else {
        let left = time::span_words(life.saturating_sub(over));
        (format!("{left} left"), format!(" of {length}"))
    };
    let words = format!("{short}{whole}");
    let words = if width(&words) > room { short } else { words };
    if width(&words) > room {
        return Some(format!("\n  {words}"));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::ColorChoice;

    #[test]
    fn what_does_not_fit_beside_its_name_is_said_shorter_or_below() {
        let claims = Object::parse(br#"{"iat":0,"exp":3600}"#.to_vec()).unwrap();
        let said = |now, room| {
            let paint = Paint::decide(ColorChoice::Never, |_| None, false);
            bar(&claims, Timestamp::from_seconds(now), room, paint).unwrap()
        };
        for (now, room, words) in [
            (
                601,
                70,
                "─────━━━━━━━━━━━━━━━━━━━━━━━━━  49 minutes 59 seconds left of 1 hour",
            ),
            (601, 40, "49 minutes 59 seconds left of 1 hour"),
            (601, 29, "49 minutes 59 seconds left"),
            (
                4271,
                60,
                "─────────────  ended 11 minutes 11 seconds ago, after 1 hour",
            ),
            (4271, 42, "ended 11 minutes 11 seconds ago"),
            (4271, 29, "\n  ended 11 minutes 11 seconds ago"),
            (-671, 29, "\n  begins in 11 minutes 11 seconds"),
        ] {
            assert_eq!(said(now, room), words, "at {now}");
        }
    }
}
