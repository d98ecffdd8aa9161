//! The description of a platform where jobs or workloads run.

use std::mem;

use serde_json::{Map, Value};

/// Makes the subject of tokens from their claims.
pub type Subject = fn(&Map<String, Value>) -> String;

/// Says for whom tokens are, by what they say.
pub type Audience = fn(&Map<String, Value>) -> String;

/// A platform that gives its jobs or workloads tokens.
#[derive(Debug)]
pub struct Platform {
    /// Its name, as `--as` has it.
    pub name: &'static str,
    /// For how many seconds a token is valid.
    pub lifetime: u64,
    /// How many seconds before its issue a token is already valid, if it says so.
    pub early: Option<u64>,
    /// Whether the header of a token has a `typ`.
    pub has_typ: bool,
    /// Whether a token has a `jti`.
    pub has_jti: bool,
    /// Whether the audience is always a list, even of one.
    pub lists_audience: bool,
    /// The claims of a token, without times, issuer, audience and subject; given claims decide on those that
    /// follow from them.
    pub claims: fn(&Map<String, Value>) -> Map<String, Value>,
    /// Makes the subject of a token from its claims.
    pub subject: Subject,
    /// For whom tokens are where nobody says it, by what they say; the issuer, if the place has none.
    pub audience: Option<Audience>,
    /// The environment variables of a program there.
    pub variables: &'static [(&'static str, Variable)],
    /// The variables with the address for asking for a token, and with the credential.
    pub request: Option<[&'static str; 2]>,
    /// The variables that have a token.
    pub tokens: &'static [TokenVariable],
    /// Whether there is a variable for each audience, named after it.
    pub names_by_audience: bool,
    /// The variables that name a file with a token.
    pub files: &'static [&'static str],
    /// The variable that names a file with the keys.
    pub bundle: Option<&'static str>,
    /// The program that prints tokens.
    pub program: Option<&'static str>,
}

/// The value of a variable.
#[derive(Debug)]
pub enum Variable {
    /// This text.
    Text(&'static str),
    /// A claim of the tokens.
    Claim(&'static str),
    /// The URL of a path below the issuer.
    Below(&'static str),
    /// The credential for asking for tokens.
    Secret,
    /// The client that gets tokens in exchange for those of the workload.
    Client,
}

/// A variable that has a token.
#[derive(Debug)]
pub struct TokenVariable {
    /// Its name.
    pub name: &'static str,
    /// Makes its subject, if it is not the usual one.
    pub subject: Option<Subject>,
}

impl Platform {
    /// The platform of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Platform> {
        super::PLATFORMS.iter().find(|one| one.name == name)
    }

    /// The first of these claims that has another type than the tokens of the platform have it in: their subject and
    /// the variables are made from them.
    #[must_use]
    pub fn misfit<'a>(&self, given: &'a Map<String, Value>) -> Option<&'a str> {
        let mut usual = (self.claims)(&Map::new());
        usual.insert("sub".to_owned(), Value::String(String::new()));
        let fits = |name: &str, value: &Value| {
            let usual = usual.get(name).map(mem::discriminant);
            usual.is_none_or(|usual| usual == mem::discriminant(value))
        };
        let mut all = given.iter();
        let (name, _) = all.find(|(name, value)| !fits(name, value))?;
        Some(name)
    }

    /// Every variable by which a program may recognize the platform.
    pub fn all_variables(&self) -> impl Iterator<Item = &'static str> {
        let tokens = self.tokens.iter().map(|token| token.name);
        let plain = self.variables.iter().map(|(name, _)| *name);
        let request = self.request.iter().flatten().copied();
        let files = self.files.iter().chain(&self.bundle).copied();
        plain.chain(tokens).chain(request).chain(files)
    }
}
