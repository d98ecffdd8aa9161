//! A fault that is asked for: which, where, for whom, and how often.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::demo::endpoint::Endpoint;
use crate::demo::fault::table::{Argument, Fault};
use crate::demo::mcp::tool::Tool;
use crate::text::escape;
use crate::text::time::Span;

/// The longest delay of an answer.
const LONGEST_DELAY: u64 = 60_000;
/// The highest number of times that a fault may act.
const MOST: u64 = 1_000_000;

/// Which of the tokens of an answer a fault is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// The access token.
    Access,
    /// The ID token.
    Id,
}

/// A fault that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The fault.
    pub fault: Fault,
    /// The argument after its name: milliseconds, a status, seconds, a number of fetches, or the place of a
    /// tool among all.
    pub argument: i64,
    /// Where it acts, if it acts at one endpoint only.
    pub endpoint: Option<Endpoint>,
    /// The client that it is for; without one, it is for all.
    pub client: Option<String>,
    /// The user that it is for; without one, it is for all.
    pub user: Option<String>,
    /// The token that it is for; without one, it is for both.
    pub token: Option<TokenUse>,
    /// How often it acts; without a number, until it is removed.
    pub count: Option<u64>,
    /// By how many milliseconds the answer is delayed, in addition to the fault.
    pub delay: u64,
    /// How likely it is to act, from 0 to 1.
    pub probability: f64,
    /// The seed of the random numbers: with the same seed, the same requests are hit.
    pub seed: u64,
}

/// The keys that a rule may have beside its fault.
const KEYS: &[&str] = &[
    "endpoint",
    "client",
    "user",
    "token",
    "count",
    "delay",
    "probability",
    "seed",
];

/// Why a text is not a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// There is no fault with this name, which is shortened; the given fault, if any, is like it.
    NoSuchFault(String, Option<Fault>),
    /// The argument of this fault is wrong; the sentence says what belongs there.
    Argument(Fault, String),
    /// Another part of the rule is wrong, as the sentence says.
    Rest(String),
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleError::NoSuchFault(name, Some(near)) => {
                let near = near.name();
                write!(f, "there is no fault `{name}`; did you mean `{near}`?")
            }
            RuleError::NoSuchFault(name, None) => write!(f, "there is no fault `{name}`"),
            RuleError::Argument(_, why) | RuleError::Rest(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for RuleError {}

impl From<&str> for RuleError {
    fn from(why: &str) -> RuleError {
        RuleError::Rest(why.to_owned())
    }
}

impl From<String> for RuleError {
    fn from(why: String) -> RuleError {
        RuleError::Rest(why)
    }
}

/// A rule as JSON has it. Numbers may be strings, as the command line has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    fault: String,
    endpoint: Option<String>,
    client: Option<String>,
    user: Option<String>,
    token: Option<String>,
    count: Option<Value>,
    delay: Option<Value>,
    probability: Option<Value>,
    seed: Option<Value>,
}

impl Rule {
    /// A rule for a fault alone, which acts wherever it usually does.
    fn of(name: &str) -> Result<Rule, RuleError> {
        let (plain, argument) = match name.split_once(':') {
            Some((plain, argument)) => (plain, Some(argument)),
            None => (name, None),
        };
        let fault = Fault::named(plain).ok_or_else(|| {
            RuleError::NoSuchFault(escape::shorten(plain, 40), Fault::nearest(plain, |_| true))
        })?;
        let wrong = |why: String| RuleError::Argument(fault, why);
        let example = || format!("{plain}{}", fault.argument().example());
        let argument = match (fault.argument(), argument) {
            (Argument::None, None) => 0,
            (Argument::None, Some(_)) => {
                return Err(wrong(format!("nothing follows the name {plain}")));
            }
            (Argument::Milliseconds, Some(text)) => delay(text)
                .and_then(|delay| i64::try_from(delay).ok())
                .ok_or_else(|| {
                    wrong(format!(
                        "a delay of up to a minute is written like {}, in milliseconds, or {plain}:8s",
                        example()
                    ))
                })?,
            (Argument::Status, Some(text)) => whole(text, 200..=599).ok_or_else(|| {
                let example = example();
                wrong(format!(
                    "a status from 200 to 599 is written like {example}"
                ))
            })?,
            (Argument::Fetches, text) => whole(text.unwrap_or("3"), 2..=MOST)
                .ok_or_else(|| wrong(format!("a fetch from 2 on is written like {}", example())))?,
            (Argument::Skew, Some(text)) => skew(text).ok_or_else(|| {
                wrong(format!(
                    "a length of time is written like {plain}:5m, or {}",
                    example()
                ))
            })?,
            (Argument::Tool, Some(text)) => {
                Tool::named(text).map(Tool::place).ok_or_else(|| {
                    let names: Vec<&str> = Tool::ALL.iter().map(|tool| tool.name()).collect();
                    wrong(format!("a tool is one of {}", names.join(", ")))
                })?
            }
            (Argument::Period, Some(text)) => skew(text)
                .filter(|seconds| *seconds > 0)
                .ok_or_else(|| wrong(format!("a length of time is written like {}", example())))?,
            (expected, None) => {
                let placeholder = expected.placeholder();
                return Err(wrong(format!("{plain} is written {plain}{placeholder}")));
            }
        };
        Ok(Rule {
            fault,
            argument,
            endpoint: None,
            client: None,
            user: None,
            token: None,
            count: (fault == Fault::JwksLate).then(|| argument.unsigned_abs().saturating_sub(1)),
            delay: 0,
            probability: 1.0,
            seed: 0,
        })
    }

    /// Reads `NAME[,KEY=VALUE]…`, as a command line and a configuration have it.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn parse(text: &str) -> Result<Rule, RuleError> {
        let mut parts = text.split(',');
        let mut members = Map::new();
        members.insert("fault".to_owned(), parts.next().unwrap_or_default().into());
        for part in parts {
            let (key, value) = part.split_once('=').ok_or_else(|| {
                format!(
                    "`{}` is not a key and a value with `=` between, like count=2",
                    escape::shorten(part, 40)
                )
            })?;
            if !KEYS.contains(&key) || members.contains_key(key) {
                return Err(RuleError::Rest(format!(
                    "`{}` is unknown, or given twice",
                    escape::shorten(key, 40)
                )));
            }
            members.insert(key.to_owned(), value.into());
        }
        Rule::read(Value::Object(members))
    }

    /// Reads a rule as JSON has it.
    ///
    /// # Errors
    /// What is wrong, in a sentence.
    pub fn read(value: Value) -> Result<Rule, RuleError> {
        if !value.is_object() {
            return Err("that is not a fault, which is an object".into());
        }
        let given: Given = serde_json::from_value(value).map_err(|error| {
            let words = escape::shorten(&error.to_string(), 200);
            format!("that is not a fault: {words}")
        })?;
        let mut rule = Rule::of(&given.fault)?;
        if let Some(text) = given.endpoint {
            let endpoint = Endpoint::parse(&text);
            let can = rule.fault.endpoints();
            rule.endpoint = endpoint.filter(|endpoint| can.contains(endpoint));
            if rule.endpoint.is_none() {
                let names: Vec<&str> = can.iter().map(|one| one.name()).collect();
                return Err(format!(
                    "{} does not act at `{}`; it can act at {}",
                    rule.fault.name(),
                    escape::shorten(&text, 40),
                    names.join(", ")
                )
                .into());
            }
        }
        rule.client = given.client;
        rule.user = given.user;
        rule.token = match given.token.as_deref() {
            None => None,
            Some("access_token") => Some(TokenUse::Access),
            Some("id_token") => Some(TokenUse::Id),
            Some(_) => return Err("`token` is access_token or id_token".into()),
        };
        if let Some(value) = given.count {
            let count = number(&value, 1..=MOST).ok_or("`count` is a number from 1 on")?;
            rule.count = Some(count);
        }
        if let Some(value) = given.delay {
            rule.delay = match value.as_str() {
                Some(text) => delay(text),
                None => number(&value, 0..=LONGEST_DELAY),
            }
            .ok_or("`delay` is up to a minute: a number of milliseconds, or like `8s`")?;
        }
        if let Some(value) = given.probability {
            let text = value.as_str().and_then(|text| text.parse().ok());
            rule.probability = (value.as_f64().or(text))
                .filter(|probability| (0.0..=1.0).contains(probability))
                .ok_or("`probability` is a number from 0 to 1")?;
        }
        if let Some(value) = given.seed {
            rule.seed = number(&value, 0..=u64::MAX).ok_or("`seed` is a whole number")?;
        }
        Ok(rule)
    }

    /// The only endpoint at which it acts, by its name.
    #[must_use]
    pub fn place(&self) -> Option<&'static str> {
        self.endpoint.map(Endpoint::name)
    }

    /// The name of the fault, with its argument.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.fault.name();
        match self.fault.argument() {
            Argument::None => name.to_owned(),
            Argument::Tool => {
                let mut tools = Tool::ALL.iter();
                let tool = tools.find(|tool| tool.is_at(self.argument));
                format!("{name}:{}", tool.map_or("", |tool| tool.name()))
            }
            Argument::Skew | Argument::Period => {
                let sign = if self.argument < 0 { "-" } else { "" };
                let span = Span::from_seconds(self.argument.unsigned_abs());
                format!("{name}:{sign}{span}")
            }
            _ => format!("{name}:{}", self.argument),
        }
    }

    /// The rule as JSON has it.
    #[must_use]
    pub fn json(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("fault", self.name().into());
        if let Some(endpoint) = self.endpoint {
            set("endpoint", endpoint.name().into());
        }
        if let Some(client) = &self.client {
            set("client", client.as_str().into());
        }
        if let Some(user) = &self.user {
            set("user", user.as_str().into());
        }
        if let Some(token) = self.token {
            let name = match token {
                TokenUse::Access => "access_token",
                TokenUse::Id => "id_token",
            };
            set("token", name.into());
        }
        if let Some(count) = self.count {
            set("count", count.into());
        }
        if self.delay > 0 {
            set("delay", self.delay.into());
        }
        if self.probability < 1.0 {
            set("probability", json!(self.probability));
            set("seed", self.seed.into());
        }
        members
    }
}

fn whole(text: &str, range: std::ops::RangeInclusive<u64>) -> Option<i64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = text
        .parse()
        .ok()
        .filter(|number| digits && range.contains(number));
    number.and_then(|number| i64::try_from(number).ok())
}

fn number(value: &Value, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
    let text = value.as_str().and_then(|text| text.parse().ok());
    value
        .as_u64()
        .or(text)
        .filter(|number| range.contains(number))
}

/// The milliseconds of a delay: so many, or a length of time.
fn delay(text: &str) -> Option<u64> {
    let count = text.strip_suffix("ms").unwrap_or(text);
    let delay = match count.bytes().all(|b| b.is_ascii_digit()) {
        true => count.parse().ok(),
        false => Span::parse(text).ok()?.seconds().checked_mul(1000),
    };
    delay.filter(|delay| *delay <= LONGEST_DELAY)
}

/// A number of seconds, perhaps a negative one.
fn skew(text: &str) -> Option<i64> {
    let (ago, span) = match text.strip_prefix('-') {
        Some(span) => (true, span),
        None => (false, text),
    };
    let seconds = i64::try_from(Span::parse(span).ok()?.seconds()).ok()?;
    Some(if ago {
        seconds.saturating_neg()
    } else {
        seconds
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_written_on_a_line_and_in_json_alike() {
        let line = "status:503,endpoint=token,client=app,user=alice,count=2,delay=10,probability=0.5,seed=7";
        let object = json!({
            "fault": "status:503", "endpoint": "/token", "client": "app", "user": "alice", "count": 2,
            "delay": 10, "probability": 0.5, "seed": 7,
        });
        let rule = Rule::parse(line).unwrap();
        assert_eq!(rule, Rule::read(object).unwrap());
        assert_eq!(rule, Rule::read(Value::Object(rule.json())).unwrap());
        assert_eq!((rule.argument, rule.count, rule.delay), (503, Some(2), 10));
    }

    #[test]
    fn a_delay_is_a_number_of_milliseconds_or_a_length_of_time() {
        for (text, delay) in [
            ("500", 500),
            ("500ms", 500),
            ("8s", 8_000),
            ("1m", 60_000),
            ("0s", 0),
        ] {
            let rule = Rule::parse(&format!("slow:{text}")).unwrap();
            assert_eq!(rule.argument, delay, "{text}");
            assert_eq!(rule.name(), format!("slow:{delay}"));
            let more = Rule::parse(&format!("expired,delay={text}")).unwrap();
            assert_eq!(i64::try_from(more.delay), Ok(delay), "{text}");
            let json = Rule::read(json!({"fault": "expired", "delay": text})).unwrap();
            assert_eq!(json, more);
        }
        for text in [
            "",
            "ms",
            "s",
            "8",
            "61s",
            "1m1s",
            "60001ms",
            "-1s",
            "1.5s",
            "8S",
            "99999999999999w",
        ] {
            let is_number = text == "8";
            assert_eq!(
                Rule::parse(&format!("slow:{text}")).is_ok(),
                is_number,
                "{text}"
            );
            assert_eq!(
                Rule::parse(&format!("expired,delay={text}")).is_ok(),
                is_number,
                "{text}"
            );
        }
    }

    #[test]
    fn every_fault_can_be_asked_for_and_says_what_it_does() {
        for fault in Fault::ALL {
            let name = format!("{}{}", fault.name(), fault.argument().example());
            assert_eq!(Rule::parse(&name).unwrap().name(), name);
            assert!(!fault.about().is_empty() && !fault.section().is_empty());
            let twins = Fault::ALL
                .iter()
                .filter(|other| other.name() == fault.name());
            assert_eq!(twins.count(), 1, "{name}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "there is no fault ``"),
            ("expird", "did you mean `expired`?"),
            ("expired:1", "nothing follows the name"),
            ("slow", "slow:MS"),
            ("slow:x", "like slow:500"),
            ("slow:-1", "like slow:500"),
            ("slow:60001", "like slow:500"),
            ("status:99", "like status:503"),
            ("clock-skew:5", "like clock-skew:5m"),
            ("expired,count=0", "`count`"),
            ("expired,count", "like count=2"),
            ("expired,counts=1", "`counts` is unknown"),
            ("expired,count=1,count=2", "given twice"),
            ("jwks-rotating", "jwks-rotating:DUR"),
            ("jwks-rotating:0s", "like jwks-rotating:30s"),
            ("jwks-rotating:-5s", "like jwks-rotating:30s"),
            ("expired,endpoint=nowhere", "it can act at token"),
            ("jwks-empty,endpoint=token", "it can act at jwks"),
            ("expired,probability=2", "`probability`"),
            ("expired,token=x", "`token`"),
        ] {
            let error = Rule::parse(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn the_fault_that_is_meant_is_named() {
        for (typed, meant) in [
            ("expird", "expired"),
            ("not_yet_valid", "not-yet-valid"),
            ("aud", "missing-aud"),
            ("wrong-audience", "wrong-aud"),
            ("invalid-signature", "bad-signature"),
            ("none", "alg-none"),
            ("alg_none", "alg-none"),
            ("rotated", "jwks-rotated"),
            ("empty-jwks", "jwks-empty"),
            ("token-expired", "expired"),
        ] {
            let near = Fault::nearest(typed, |_| true).map(Fault::name);
            assert_eq!(near, Some(meant), "{typed}");
        }
        for typed in ["list", "help", "?", ""] {
            assert_eq!(Fault::nearest(typed, |_| true), None, "{typed}");
        }
    }
}
