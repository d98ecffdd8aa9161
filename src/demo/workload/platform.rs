//! What there is to know of a place where jobs or workloads run.

use serde_json::{Map, Value};

/// Says whom tokens are about, by what they say.
pub type Subject = fn(&Map<String, Value>) -> String;

/// Says for whom tokens are, by what they say.
pub type Audience = fn(&Map<String, Value>) -> String;

/// A place where jobs or workloads run that have tokens of their own.
#[derive(Debug)]
pub struct Platform {
    /// Its name, as `--as` has it.
    pub name: &'static str,
    /// For how many seconds a token is good.
    pub lifetime: u64,
    /// How many seconds before it is made a token is good already, if it says so.
    pub early: Option<u64>,
    /// Whether a token has a number of its own.
    pub has_jti: bool,
    /// Whether the audience is a list, were it of one.
    pub lists_audience: bool,
    /// What a token says, but for when, by whom, for whom and about whom; what is given of it decides on
    /// what follows from that.
    pub claims: fn(&Map<String, Value>) -> Map<String, Value>,
    /// Whom a token is about, by what it says.
    pub subject: Subject,
    /// For whom tokens are where nobody says it, by what they say; the issuer, if the place has none.
    pub audience: Option<Audience>,
    /// What a program finds in its environment there.
    pub variables: &'static [(&'static str, Variable)],
    /// The variables that have where a token can be asked for, and with what.
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
    /// What tokens are asked for with.
    Secret,
    /// The client that gets tokens for those of the workload.
    Client,
}

/// A variable that has a token.
#[derive(Debug)]
pub struct TokenVariable {
    /// Its name.
    pub name: &'static str,
    /// Whom the token is about, if another way is used to say it.
    pub subject: Option<Subject>,
}

impl Platform {
    /// The place of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Platform> {
        super::PLATFORMS.iter().find(|one| one.name == name)
    }

    /// Every variable by which a program may take itself to be there.
    pub fn all_variables(&self) -> impl Iterator<Item = &'static str> {
        let tokens = self.tokens.iter().map(|token| token.name);
        let plain = self.variables.iter().map(|(name, _)| *name);
        let request = self.request.iter().flatten().copied();
        let files = self.files.iter().chain(&self.bundle).copied();
        plain.chain(tokens).chain(request).chain(files)
    }
}
