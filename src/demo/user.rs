//! Resource owners.

use serde_json::{Map, Value};

use crate::demo::secret::Secret;

/// Somebody who can log in.
#[derive(Clone, Debug)]
pub struct User {
    /// The name that they log in with, and their `sub`.
    pub name: String,
    /// Their password.
    pub password: Secret,
    /// Their claims: those of OpenID Connect Core 1.0 section 5.1 are given if a scope asks for
    /// them, and all others always.
    pub claims: Map<String, Value>,
    /// Whether everybody knows the user and the password.
    pub is_built_in: bool,
}

/// Which scope a standard claim belongs to (OpenID Connect Core 1.0 section 5.4).
const BY_SCOPE: &[(&str, &[&str])] = &[
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
];

/// The scope that a claim needs; `None` if it is not a standard claim, and needs none.
pub(super) fn scope_of(claim: &str) -> Option<&'static str> {
    BY_SCOPE
        .iter()
        .find(|(_, claims)| claims.contains(&claim))
        .map(|(scope, _)| *scope)
}

impl User {
    /// A user without claims.
    #[must_use]
    pub fn new(name: &str, password: Secret) -> User {
        User {
            name: name.to_owned(),
            password,
            claims: Map::new(),
            is_built_in: false,
        }
    }

    /// The claims that belong to no scope.
    pub(super) fn own_claims(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.claims
            .iter()
            .filter(|(name, _)| scope_of(name).is_none())
    }
}
