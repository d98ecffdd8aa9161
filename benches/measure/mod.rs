//! Two pieces of work beside each other, by CPU time.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

const ROUNDS: usize = 15;

/// The CPU time that a piece of work takes, of this process or of its children.
pub(crate) fn cpu(who: UsageWho, work: &dyn Fn()) -> Duration {
    let spent = || {
        let usage = getrusage(who).unwrap();
        (usage.user_time() + usage.system_time()).num_microseconds()
    };
    let before = spent();
    work();
    Duration::from_micros(u64::try_from(spent() - before).unwrap())
}

/// The least of several measurements of each of two pieces of work, which take turns.
pub(crate) fn least(
    mut a: impl FnMut() -> Duration,
    mut b: impl FnMut() -> Duration,
) -> (Duration, Duration) {
    let rounds = (0..ROUNDS).map(|_| (a(), b()));
    rounds.fold((Duration::MAX, Duration::MAX), |(x, y), (a, b)| {
        (x.min(a), y.min(b))
    })
}

/// The program that was built.
pub(crate) fn jott() -> Command {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let program = Path::new(&target).join("release/jott");
    assert!(program.exists(), "cargo build --release makes it");
    Command::new(program)
}

/// Claims as access tokens have them, 246 bytes with the times.
pub(crate) fn claims(count: usize) -> String {
    let line = |n: usize| {
        format!(
            "{{\"iss\":\"https://issuer.example.com/tenant\",\"sub\":\"user-{n:08}\",\"aud\":[\"api\",\"web\"],\
             \"scope\":\"openid profile items:read\",\"name\":\"Alice Example\",\"email\":\"alice{n:06}@example.com\",\
             \"jti\":\"{n:024x}\"}}"
        )
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// How many times as long the first took.
pub(crate) fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// Nanoseconds for each of many.
pub(crate) fn each(total: Duration, count: usize) -> f64 {
    total.as_secs_f64() * 1e9 / f64::from(u32::try_from(count).unwrap())
}
