//! The exit statuses: part of the contract with scripts.

use std::process::ExitCode;

use crate::token::refusal::{Reason, Refusal};

/// How a run of `jott` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; for `verify`, every token is valid.
    Done,
    /// Refused, or what was asked for is not there.
    Refused,
    /// The command line is wrong.
    Usage,
    /// There is no usable key.
    NoKey,
    /// The input is not a token, or the claims are not a JSON object.
    NotAToken,
    /// A system error.
    System,
    /// The token is good but has expired.
    Expired,
    /// The status of the command that `serve-demo` ran.
    Command(u8),
}

impl Exit {
    /// Every status, with its words in the help and the man pages.
    pub const ALL: &'static [(Exit, &'static str)] = &[
        (Exit::Done, "done; for verify, the token is valid"),
        (
            Exit::Refused,
            "refused; also --get or --find of something that is not there",
        ),
        (Exit::Usage, "the command line is wrong"),
        (
            Exit::NoKey,
            "no usable key: none found, unreadable, of the wrong kind, too weak",
        ),
        (
            Exit::NotAToken,
            "the input is not a token, or the claims are not a JSON object",
        ),
        (
            Exit::System,
            "a system error: output, network, a service that does not answer",
        ),
        (
            Exit::Expired,
            "the token is good but has expired; for decode --expires-after, it has or will have by then",
        ),
    ];

    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::NoKey => 3,
            Exit::NotAToken => 4,
            Exit::System => 5,
            Exit::Expired => 6,
            Exit::Command(status) => status,
        }
    }

    /// The status of a single refusal of this kind.
    #[must_use]
    pub fn of_reason(reason: Reason) -> Exit {
        match reason {
            Reason::System => Exit::System,
            Reason::KeyMissing | Reason::KeyRejected | Reason::KeyWeak => Exit::NoKey,
            Reason::Malformed => Exit::NotAToken,
            Reason::Expired => Exit::Expired,
            _ => Exit::Refused,
        }
    }

    /// The status of one token: with several reasons, the first of 5, 3, 4 and 1 that applies; 6 if
    /// the only reason is expiry.
    #[must_use]
    pub fn of_refusals(refusals: &[Refusal]) -> Exit {
        [
            Exit::System,
            Exit::NoKey,
            Exit::NotAToken,
            Exit::Refused,
            Exit::Expired,
        ]
        .into_iter()
        .find(|exit| refusals.iter().any(|r| Exit::of_reason(r.reason) == *exit))
        .unwrap_or(Exit::Done)
    }

    /// The status of several tokens: done if all are done, and a shared status if all failures
    /// agree.
    #[must_use]
    pub fn of_several(exits: impl IntoIterator<Item = Exit>) -> Exit {
        exits
            .into_iter()
            .fold(Exit::Done, |all, one| match (all, one) {
                (all, Exit::Done) => all,
                (Exit::Done, one) => one,
                (all, one) if all == one => all,
                _ => Exit::Refused,
            })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_their_places_in_the_table() {
        for (place, (exit, _)) in Exit::ALL.iter().enumerate() {
            assert_eq!(usize::from(exit.code()), place);
        }
    }

    #[test]
    fn tokens_that_fail_alike_keep_their_status() {
        use Exit::{Done, Expired, NotAToken, Refused};
        assert_eq!(Exit::of_several([Done, Expired, Expired]), Expired);
        assert_eq!(Exit::of_several([Done, Expired, NotAToken]), Refused);
        assert_eq!(Exit::of_several([NotAToken, Done]), NotAToken);
        assert_eq!(Exit::of_several([]), Done);
    }
}
