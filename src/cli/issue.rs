//! `jott issue`: flags to header and claims, then a signature.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;

use crate::cli::args::IssueArgs;
use crate::cli::assignment::{Assignment, Value};
use crate::cli::batch;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue_fault::Faults;
use crate::cli::key_choice;
use crate::cli::operand::Operand;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::random;
use crate::cli::signing_key;
use crate::cli::ui::Ui;
use crate::cli::{text_input, view};
use crate::keys::named_file::{self, Unread};
use crate::keys::{Say, Source, read_bounded};
use crate::text::escape;
use crate::text::time::{self, Span, Timestamp};
use crate::token::claims::{Members, Registered, numeric_date};
use crate::token::decode::{Payload, decode};
use crate::token::issue::{SigningKey, issue};
use crate::token::json::{Json, JsonText, Kind, NotObject, Object};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::pasted::strip;

/// How long a token lives unless told otherwise.
const LIFETIME: Span = Span::from_seconds(30 * 60);

/// A file of claims is no larger.
const MAX_CLAIMS_BYTES: u64 = 16 << 20;

/// Claims that speak of one token only, and are not taken over to another.
const OF_ONE_TOKEN: &[&str] = &["exp", "iat", "nbf", "jti"];

/// Header parameters that belong to a key or change how the token is read.
const OF_ONE_KEY: &[&str] = &[
    "alg", "kid", "crit", "b64", "zip", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256",
];

/// Header parameters that `--header` does not set.
const NOT_SETTABLE: &[&str] = &["alg", "crit", "b64", "zip"];

pub(super) fn run(args: &IssueArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let asked = Asked::read(args, ui.world.now)?;
    let faults = Faults::read(&args.faults)?;
    if args.key.key.len() > 1 {
        return Err(Failure::usage(
            "a token is signed with one key: give one `--key`",
        ));
    }
    let places = key_choice::places(&args.key, ui).map_err(|failure| {
        // Elsewhere `-k` is the ID of a key.
        let is_id = |text: &&OsString| {
            let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            (1..=24).contains(&text.len())
                && text.as_encoded_bytes().iter().all(word)
                && !Path::new(text).exists()
                && Source::parse(text).is_err()
        };
        match args.key.key.iter().any(|text| is_id(&text)) {
            true => failure.hint("the ID of a key is `--kid ID`"),
            false => failure,
        }
    })?;
    for place in &places {
        place.must_sign()?;
    }
    let mut passphrase = PassphrasePlace::of(&args.key.reading, ui)?;
    let from = input(args.from.as_ref(), "the token of --from", ui)?;
    let claims_file = input(args.claims_file.as_ref(), "the claims", ui)?;
    let lines = args.batch.then(|| batch::Input::of(&[], ui)).transpose()?;
    let from = from.map(read_from).transpose()?;
    let claims_file = claims_file
        .map(|input| read_claims(input, &mut |words| ui.note(words)))
        .transpose()?;
    let sources = key_choice::load(places, &args.key.reading, &mut passphrase, ui)?;
    let source = sources
        .first()
        .ok_or_else(|| KeyFault::rejected("there is no key"))?;
    let algorithm = args.alg;
    let key = signing_key::pick(&source.keys, args.kid.as_deref(), algorithm)?;
    let algorithm = algorithm.unwrap_or_else(|| key.default_algorithm());
    let order = Order {
        args,
        asked,
        without: args.without.iter().map(String::as_str).collect(),
        from,
        key,
        signing: SigningKey::new(key, algorithm, args.key.reading.allow_weak_key)?,
    };
    if let Some(lines) = lines {
        return batch::issue(&order, lines, ui);
    }
    let mut header = order.header();
    let times = order.times(ui.world.now);
    let mut claims = order.all_claims(claims_file.as_ref(), &times)?;
    for name in &args.without {
        if claims.get(name).is_none() {
            let name = escape::shorten(name, 60);
            ui.note(&format!("there is no claim `{name}` to leave out"));
        }
    }
    order.leave_out(&mut claims);
    for note in oddities(&claims) {
        ui.note(&note);
    }
    let rest = faults.spoil(&mut header, &mut claims, ui.world.now, ui);
    let token = issue(&claims, &header, &order.signing)?;
    let token = rest
        .into_iter()
        .fold(token, |token, rest| rest.finish(token));
    if !ui.quiet
        && !ui.world.stdin.is_taken()
        && let Some(note) = ignored(args, &(ui.world.peek)())
    {
        ui.note(note);
    }
    let out = if args.json {
        view::issued_json(&token, &header, &claims)
    } else {
        format!("{token}\n")
    };
    ui.result(out.as_bytes())?;
    Ok(Exit::Done)
}

/// What all tokens of a run have in common.
pub(super) struct Order<'a> {
    pub(super) args: &'a IssueArgs,
    asked: Asked,
    without: HashSet<&'a str>,
    from: Option<From>,
    key: &'a Key,
    /// The key, made ready.
    pub(super) signing: SigningKey,
}

/// The flags that have to be read before they can be used.
struct Asked {
    claims: Vec<Assignment>,
    header: Vec<Assignment>,
    exp: Option<When>,
    iat: Option<When>,
    nbf: Option<Timestamp>,
}

/// A time, or that there is to be none.
#[derive(Clone, Copy)]
enum When {
    At(Timestamp),
    Never,
}

impl Asked {
    fn read(args: &IssueArgs, now: Timestamp) -> Result<Self, Failure> {
        let time = |text: &str, without: &str| {
            time::parse_time(text, now).map_err(|error| match text {
                "never" | "none" => Failure::usage(error.message).hint(without),
                _ => error.into(),
            })
        };
        let when = |text: &Option<String>, none: &str, without| -> Result<Option<When>, Failure> {
            match text.as_deref() {
                None => Ok(None),
                Some(text) if text == none => Ok(Some(When::Never)),
                Some(text) => Ok(Some(When::At(time(text, without)?))),
            }
        };
        let nbf = args
            .nbf
            .as_deref()
            .map(|text| time(text, "without `--nbf` there is no `nbf`"))
            .transpose()?;
        let header = assignments("--header", &args.header)?;
        let refused = header
            .iter()
            .find(|a| NOT_SETTABLE.contains(&a.name.as_str()));
        if let Some(Assignment { name, .. }) = refused {
            let failure = Failure::usage(format!("`--header` does not set `{name}`"));
            return Err(match name.as_str() {
                "alg" => failure.hint("`--alg` does, among the algorithms of the key"),
                _ => failure
                    .hint("it changes how a token is read, and jott makes none that others refuse"),
            });
        }
        let claims = assignments("--claim", &args.claims)?;
        for Assignment { name, .. } in &claims {
            refuse_pointer("--claim", name)?;
        }
        for name in &args.without {
            refuse_pointer("--without", name)?;
        }
        Ok(Asked {
            claims,
            header,
            exp: when(&args.exp, "never", "`--exp never` leaves `exp` out")?,
            iat: when(&args.iat, "none", "`--iat none` leaves `iat` out")?,
            nbf,
        })
    }
}

/// Elsewhere `/address/city` is a value within another and `header.kid` one of the header. Here either
/// would be a claim of that very name, which hardly anybody wants.
fn refuse_pointer(flag: &str, name: &str) -> Result<(), Failure> {
    let shown = escape::shorten(name, 60);
    let failure = || {
        Failure::usage(format!(
            "`{flag} {shown}` would be a claim of that very name"
        ))
    };
    if let Some(parameter) = name.strip_prefix("header.") {
        return Err(failure().hint(match flag {
            "--claim" => format!(
                "`--header {}=TEXT` sets a parameter of the header",
                escape::shorten(parameter, 60)
            ),
            _ => "`--kid none` and `--typ none` leave parameters of the header out".to_owned(),
        }));
    }
    let Some(path) = name.strip_prefix('/') else {
        return Ok(());
    };
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    };
    let parts: Vec<&str> = path.split('/').collect();
    let hint = match parts.as_slice() {
        [only] if plain(only) => format!("`{flag} {only}` names the claim"),
        [first, ..] if plain(first) && flag == "--without" => {
            format!("a claim is left out whole: `--without {first}`")
        }
        [first, inner @ ..] if parts.iter().all(|part| plain(part)) && inner.len() <= 8 => {
            let inner = inner
                .iter()
                .rev()
                .fold("\"TEXT\"".to_owned(), |value, name| {
                    format!("{{\"{name}\":{value}}}")
                });
            format!("a value within another is `--claim '{first}:={inner}'`")
        }
        _ => "a value within another is `--claim 'NAME:=JSON'`".to_owned(),
    };
    let failure = failure().hint(hint);
    Err(match flag {
        "--claim" => failure.hint("`--claims FILE` takes a name as it is, whatever it begins with"),
        _ => failure,
    })
}

fn assignments(flag: &str, texts: &[String]) -> Result<Vec<Assignment>, Failure> {
    let mut all: Vec<Assignment> = Vec::new();
    let mut names = HashSet::new();
    for text in texts {
        let one = Assignment::parse(flag, text)?;
        if one.name.ends_with('~') && matches!(one.value, Value::Text(_)) {
            let shown = escape::shorten(text, 60);
            return Err(Failure::usage(format!(
                "`{flag} {shown}` is a pattern, and a token has values"
            ))
            .hint(format!(
                "`{flag} NAME=TEXT` sets a value; `jott verify` has patterns"
            )));
        }
        if !names.insert(one.name.clone()) {
            let name = escape::shorten(&one.name, 60);
            return Err(Failure::usage(format!("`{flag} {name}` is given twice"))
                .hint(format!("an array is {flag} '{name}:=[\"a\",\"b\"]'")));
        }
        all.push(one);
    }
    Ok(all)
}

/// What a token given with `--from` says.
struct From {
    header: Object,
    claims: Object,
}

fn input<'o, 'a>(
    operand: Option<&'o OsString>,
    purpose: &'static str,
    ui: &mut Ui<'_, 'a>,
) -> Result<Option<Operand<'o, 'a>>, Failure> {
    let operand = operand.map(|operand| Operand::of(operand, purpose, ui));
    operand.transpose()
}

fn read_from(input: Operand<'_, '_>) -> Result<From, Failure> {
    let (bytes, file) = match input {
        Operand::Stdin(reader) => (text_input::read_token(reader)?, None),
        Operand::Given(operand) => (operand.as_encoded_bytes().to_vec(), Some(operand)),
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(Exit::NotAToken, "the token of `--from` is not UTF-8")
            .hint("give it as text, `--from -` reads it from a pipe")
    })?;
    let bare = strip(&text).token;
    let token =
        decode(bare).map_err(|malformed| match file.filter(|f| Path::new(f).is_file()) {
            Some(file) => {
                let name = escape::shorten(&file.to_string_lossy(), 60);
                Failure::new(Exit::NotAToken, malformed.message)
                    .hint(format!("there is a file of that name: `--from - < {name}`"))
            }
            None => Failure::from(malformed),
        })?;
    let Payload::Claims(claims) = token.payload else {
        return Err(Failure::new(
            Exit::NotAToken,
            "the token of `--from` has no claims: its payload is not a JSON object",
        )
        .hint("`--claims FILE` takes claims from a file"));
    };
    refuse_duplicate("the token of `--from`", &claims)?;
    refuse_duplicate("the header of the token of `--from`", &token.header)?;
    Ok(From {
        header: token.header,
        claims,
    })
}

fn read_claims(input: Operand<'_, '_>, say: Say<'_>) -> Result<Object, Failure> {
    let (bytes, what) = match input {
        Operand::Stdin(reader) => {
            let mut bytes = Vec::new();
            let read = read_bounded(reader, MAX_CLAIMS_BYTES, &mut bytes);
            if !read.map_err(|e| Failure::input(&e))? {
                return Err(too_large("standard input"));
            }
            (bytes, "standard input".to_owned())
        }
        Operand::Given(file) => {
            let what = escape::shorten(&file.to_string_lossy(), 120);
            let read = named_file::read(Path::new(file), &what, MAX_CLAIMS_BYTES, say);
            let mut bytes = read.map_err(|why| unread_claims(&what, &why))?.bytes;
            (std::mem::take(&mut *bytes), what)
        }
    };
    let bare = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&bytes)
        .to_vec();
    let object =
        Object::parse_or_return(bare).map_err(|(bytes, why)| not_claims(&what, &bytes, why))?;
    refuse_duplicate(&what, &object)?;
    Ok(object)
}

fn too_large(what: &str) -> Failure {
    Failure::new(
        Exit::NotAToken,
        format!("the claims in {what} are larger than 16 MiB"),
    )
}

fn unread_claims(what: &str, why: &Unread) -> Failure {
    let failure = Failure::unread(format_args!("the claims in {what}"), why);
    match why {
        Unread::TooLarge(_) => too_large(what),
        Unread::Silent(_) => {
            failure.hint("`… | jott issue --claims -` waits for a pipe as long as it takes")
        }
        Unread::System(_) if what.starts_with('{') => {
            failure.hint("JSON comes from a pipe, `… | jott issue --claims -`, and one claim from `--claim NAME=TEXT`")
        }
        Unread::Folder | Unread::System(_) => failure,
    }
}

fn not_claims(what: &str, bytes: &[u8], why: NotObject) -> Failure {
    let failure = Failure::new(
        Exit::NotAToken,
        format!("{what} does not hold claims: a JSON object"),
    );
    match why {
        NotObject::Kind(kind) => failure.cause(format!("it holds {kind}")),
        NotObject::NotJson(_) if bytes.is_empty() => failure.cause("it is empty"),
        NotObject::NotJson(_) if text_input::is_utf16(bytes) => {
            failure.cause("it is UTF-16 text").hint("write it as UTF-8")
        }
        NotObject::NotJson(e) => {
            let before = bytes.get(..e.offset).unwrap_or(bytes);
            let lines = before.split(|b| *b == b'\n');
            let (line, column) = lines.fold((0_usize, 0), |(n, _), l| {
                (n.saturating_add(1), l.len().saturating_add(1))
            });
            failure.cause(format!("{} at line {line}, column {column}", e.problem()))
        }
    }
}

fn refuse_duplicate(what: &str, object: &Object) -> Result<(), Failure> {
    match object.duplicate() {
        Some(name) => Err(Failure::new(
            Exit::NotAToken,
            format!("{what} has `{}` twice", escape::shorten(name, 60)),
        )
        .hint("a token that says two things is refused by careful readers: keep one")),
        None => Ok(()),
    }
}

impl Order<'_> {
    /// The header.
    pub(super) fn header(&self) -> Members<'_> {
        let mut header = Members::new();
        header.set_text("alg", self.signing.algorithm().name());
        header.set_text("typ", "JWT");
        if let Some(from) = &self.from {
            header.extend_without(&from.header, OF_ONE_KEY);
        }
        let thumbprint = || (!self.key.is_secret()).then(|| self.key.thumbprint());
        if let Some(kid) = self.key.kid.clone().or_else(thumbprint) {
            header.set_text("kid", &kid);
        }
        set_all(&mut header, &self.asked.header);
        for (name, value) in [("typ", &self.args.typ), ("kid", &self.args.kid)] {
            match value.as_deref() {
                Some("none") => header.remove(name),
                Some(value) => header.set_text(name, value),
                None => {}
            }
        }
        header
    }

    /// The times of tokens that are issued at one.
    pub(super) fn times(&self, now: Timestamp) -> Times {
        Times::of(&self.asked, now)
    }

    /// The claims of a token with its times, on the ground of those that are given.
    pub(super) fn claims<'c>(
        &'c self,
        given: Option<&'c Object>,
        times: &'c Times,
    ) -> Result<Members<'c>, Failure> {
        let mut claims = self.all_claims(given, times)?;
        self.leave_out(&mut claims);
        Ok(claims)
    }

    fn leave_out(&self, claims: &mut Members<'_>) {
        if !self.without.is_empty() {
            claims.retain(|name| !self.without.contains(name));
        }
    }

    /// The same, before those are left out that are not wanted.
    fn all_claims<'c>(
        &'c self,
        given: Option<&'c Object>,
        times: &'c Times,
    ) -> Result<Members<'c>, Failure> {
        let args = self.args;
        let mut claims = Members::new();
        if let Some(from) = &self.from {
            claims.extend_without(&from.claims, OF_ONE_TOKEN);
        }
        if let Some(given) = given {
            claims.extend(given);
        }
        set_all(&mut claims, &self.asked.claims);
        for (name, value) in [("iss", &args.iss), ("sub", &args.sub)] {
            if let Some(value) = value {
                claims.set_text(name, value);
            }
        }
        match args.aud.as_slice() {
            [] => {}
            [one] => claims.set_text("aud", one),
            several => claims.set("aud", JsonText::of_texts(several)),
        }
        times.set(&mut claims);
        match args.jti.as_deref() {
            None => {}
            Some("") => claims.set_text("jti", &random::uuid()?),
            Some(id) => claims.set_text("jti", id),
        }
        Ok(claims)
    }
}

/// What to say of standard input that nobody reads. A loop of a shell may have its lines there, so
/// it has to be something that is meant for a token, or the only thing that was given.
fn ignored(args: &IssueArgs, start: &[u8]) -> Option<&'static str> {
    let text = start.trim_ascii_start();
    let only = args.claims.is_empty()
        && args.claims_file.is_none()
        && args.from.is_none()
        && args.sub.is_none()
        && args.iss.is_none()
        && args.aud.is_empty()
        && args.jti.is_none();
    match text {
        [] => None,
        [b'{', ..] if args.claims_file.is_none() => Some(
            "standard input has JSON, and nothing reads it: `--claims -` takes claims from there, `--batch` from each line",
        ),
        [b'e', b'y', ..] if args.from.is_none() => {
            Some("standard input has a token, and nothing reads it: `--from -` starts from that")
        }
        [b'-', b'-', b'-', ..] => {
            Some("standard input has a key, and nothing reads it: `--key stdin` does")
        }
        _ if only => Some(
            "nothing reads what is on standard input: `--claims -` takes claims from there, `--key stdin` a key",
        ),
        _ => None,
    }
}

fn set_all<'a>(members: &mut Members<'a>, assignments: &'a [Assignment]) {
    for Assignment { name, value } in assignments {
        match value {
            Value::Text(text) => members.set_text(name, text),
            Value::Json(json) => members.set(name, json.json()),
        }
    }
}

/// The claims `iat`, `nbf` and `exp` of tokens that are issued at one time.
pub(super) struct Times([(&'static str, Time); 3]);

/// What becomes of such a claim.
enum Time {
    /// It is this, whatever is given.
    Asked(JsonText<'static>),
    /// It is this, unless one is given.
    Usual(JsonText<'static>),
    /// It is as it is given.
    Given,
    /// There is none.
    Never,
}

impl Time {
    fn of(asked: Option<When>, usual: Option<Timestamp>) -> Self {
        match (asked, usual) {
            (Some(When::At(t)), _) => Time::Asked(t.seconds().into()),
            (Some(When::Never), _) => Time::Never,
            (None, Some(t)) => Time::Usual(t.seconds().into()),
            (None, None) => Time::Given,
        }
    }
}

impl Times {
    /// `iat` is now and `exp` half an hour later, unless said otherwise; a token that has expired
    /// was issued before it did.
    fn of(asked: &Asked, now: Timestamp) -> Self {
        let iat = match asked.exp {
            Some(When::At(exp)) if exp < now => exp.saturating_sub(LIFETIME),
            _ => now,
        };
        let exp = now.saturating_add(LIFETIME);
        Times([
            ("iat", Time::of(asked.iat, Some(iat))),
            ("nbf", Time::of(asked.nbf.map(When::At), None)),
            ("exp", Time::of(asked.exp, Some(exp))),
        ])
    }

    fn set<'t>(&'t self, claims: &mut Members<'t>) {
        for (name, time) in &self.0 {
            match time {
                Time::Asked(number) => claims.set(*name, number.json()),
                Time::Usual(number) => claims.set_missing(name, number.json()),
                Time::Given => {}
                Time::Never => claims.remove(name),
            }
        }
    }
}

/// What verifiers will not like about the claims; somebody may want just that.
fn oddities(claims: &Members<'_>) -> Vec<String> {
    let Ok(object) = Object::parse(claims.text().into_bytes()) else {
        return Vec::new();
    };
    let registered = Registered::of(&object);
    let kind = |name: &str, value: Option<Json<'_>>, fits: fn(Json<'_>) -> bool, due: &str| {
        let value = value.filter(|v| !fits(*v))?;
        Some(format!(
            "`{name}` is {}, not {due}: verifiers refuse that",
            value.kind()
        ))
    };
    let string: fn(Json<'_>) -> bool = |v| v.kind() == Kind::String;
    let date: fn(Json<'_>) -> bool = |v| numeric_date(v).is_ok();
    let audience: fn(Json<'_>) -> bool = |v| {
        v.kind() == Kind::String
            || v.kind() == Kind::Array && v.elements().all(|e| e.kind() == Kind::String)
    };
    let due = "a number of seconds";
    [
        kind("iss", registered.iss, string, "a string"),
        kind("sub", registered.sub, string, "a string"),
        kind(
            "aud",
            registered.aud,
            audience,
            "a string or an array of strings",
        ),
        kind("exp", registered.exp, date, due),
        kind("nbf", registered.nbf, date, due),
        kind("iat", registered.iat, date, due),
        kind("jti", registered.jti, string, "a string"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
