//! How strong a log-in is (OpenID Connect Core 1.0 section 2, `acr`): a client can ask for one of
//! these classes, and so can a resource (RFC 9470).

/// A class of log-ins, the weaker before the stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Acr {
    /// By a password.
    Password,
    /// By a password and a code; here any six digits are a code.
    TwoFactors,
}

impl Acr {
    pub(super) const ALL: &'static [Acr] = &[Acr::Password, Acr::TwoFactors];

    /// As requests and tokens name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Acr::Password => "pwd",
            Acr::TwoFactors => "mfa",
        }
    }

    /// The first of these that is known.
    pub(super) fn first_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Acr> {
        let known = |name: &str| Acr::ALL.iter().copied().find(|one| one.name() == name);
        names.into_iter().find_map(known)
    }

    /// The class of a log-in with the right password, by the code that was given.
    pub(super) fn shown(code: Option<&str>) -> Acr {
        let is_code = |code: &str| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        match code.map(str::trim).is_some_and(is_code) {
            true => Acr::TwoFactors,
            false => Acr::Password,
        }
    }
}
