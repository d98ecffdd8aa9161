//! What `decode` shows of a token to people.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use crate::cli::columns::wrapped;
use crate::cli::decoded::life;
use crate::cli::decoded::table::{Each, Label, Notes, Row, Value, section, write_safe};
use crate::cli::decoded::tree;
use crate::cli::glossary;
use crate::cli::paint::Paint;
use crate::cli::view::warning_line;
use crate::text::count::counted;
use crate::text::time::{self, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claim_time::{ClaimTime, Unit};
use crate::token::compact::shown_segment;
use crate::token::decode::{
    Disclosed, Disclosures, OpenedWith, Payload, TokenForm, Unverified, UnverifiedSignature, decode,
};
use crate::token::json::{Json, Kind, NotObject, Object};
use crate::token::profile::Profile;
use crate::token::warning::Warning;

/// How many members are put in front of the others.
const MOST_FIRST: usize = 100;

/// How to show a token.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Look {
    /// The time of day.
    pub(in crate::cli) now: Timestamp,
    /// Whether times are also shown as numbers, and the source for the kind of token is named.
    pub(in crate::cli) closely: bool,
    /// The look of the output stream.
    pub(in crate::cli) paint: Paint,
}

/// `decode` for people: the kind of token, its content, and at the end what it does not prove.
pub(in crate::cli) fn write_lines(
    token: &Unverified<'_>,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    let view = View { token, look };
    let paint = look.paint;
    view.write_title(out)?;
    view.write_headers(out)?;
    if let Some(opened) = &token.opened
        && let Some(nested) = opened.nested.as_deref()
        && let Ok(inner) = decode(nested)
    {
        let title = paint.bold("Token inside");
        writeln!(out, "\n{title}  {}\n", opened_words(token, opened))?;
        write_lines(&inner, look, out)?;
        let seen = |warning: &Warning| warning.code == "nested";
        return write_warnings(
            token.header_warnings().iter().filter(|w| !seen(w)),
            paint,
            out,
        );
    }
    match &token.payload {
        Payload::Claims(claims) => {
            writeln!(out)?;
            section("Claims", paint, &|each| view.claim_rows(claims, each), out)?;
        }
        Payload::Other(bytes, why) => {
            writeln!(out, "\n{}", paint.bold("Payload"))?;
            write_payload(bytes, *why, out)?;
        }
        Payload::Sealed => {}
    }
    if let TokenForm::SdJwt { disclosures, .. } = &token.form {
        writeln!(out)?;
        let rows = |each: &mut Each<'_>| view.disclosed_rows(disclosures, each);
        section("Disclosed", paint, &rows, out)?;
    }
    if let Some(Ok(proof)) = token.key_binding() {
        writeln!(out)?;
        let view = View {
            token: &proof,
            look,
        };
        let rows = |each: &mut Each<'_>| view.proof_rows(each);
        section("Proof of the holder's key, not checked", paint, &rows, out)?;
    }
    writeln!(out)?;
    view.write_life(out)?;
    view.write_signatures(out)?;
    write_warnings(&token.warnings(look.now), paint, out)
}

fn write_warnings<'w>(
    warnings: impl IntoIterator<Item = &'w Warning>,
    paint: Paint,
    out: &mut impl Write,
) -> io::Result<()> {
    warnings
        .into_iter()
        .try_for_each(|warning| out.write_all(warning_line(warning, paint).as_bytes()))
}

struct View<'a> {
    token: &'a Unverified<'a>,
    look: Look,
}

impl View<'_> {
    fn write_title(&self, out: &mut impl Write) -> io::Result<()> {
        let Profile { title, source, .. } = Profile::of(self.token);
        let paint = self.look.paint;
        match self.look.closely {
            true => writeln!(out, "{}\n{}\n", paint.bold(&title), paint.dim(source)),
            false => writeln!(out, "{}\n", paint.bold(&title)),
        }
    }

    /// The header, or those of all signatures or recipients of a token in a JSON form.
    fn write_headers(&self, out: &mut impl Write) -> io::Result<()> {
        let paint = self.look.paint;
        if self.token.recipients.len() > 1 {
            for (recipient, number) in self.token.recipients.iter().zip(1_usize..) {
                let gap = if number == 1 { "" } else { "\n" };
                let title = format!("{gap}Header for recipient {number}");
                let rows = |each: &mut Each<'_>| self.header_rows(&recipient.header, &[], each);
                section(&title, paint, &rows, out)?;
            }
            return Ok(());
        }
        let [first, others @ ..] = self.token.signatures.as_slice() else {
            let rows = |each: &mut Each<'_>| self.header_rows(&self.token.header, &[], each);
            return section("Header", paint, &rows, out);
        };
        for (signature, number) in [first].into_iter().chain(others).zip(1_usize..) {
            let title = match (others, number) {
                ([], _) => "Header".to_owned(),
                (_, 1) => "Header of signature 1".to_owned(),
                _ => format!("\nHeader of signature {number}"),
            };
            let UnverifiedSignature {
                header, unsigned, ..
            } = signature;
            let rows = |each: &mut Each<'_>| self.header_rows(header, unsigned, each);
            section(&title, paint, &rows, out)?;
        }
        Ok(())
    }

    fn write_signatures(&self, out: &mut impl Write) -> io::Result<()> {
        let paint = self.look.paint;
        match self.token.signatures.as_slice() {
            [] | [_] => {
                const TITLE: &str = "Signature  ";
                write!(out, "{}", paint.bold(TITLE.trim_end()))?;
                let words = signature_words(self.token);
                let mut gap = "  ".to_owned();
                wrapped(&words, TITLE.len(), paint.columns())
                    .into_iter()
                    .try_for_each(|line| {
                        writeln!(out, "{gap}{line}")?;
                        gap = " ".repeat(TITLE.len());
                        Ok(())
                    })
            }
            several => several
                .iter()
                .zip(1_usize..)
                .try_for_each(|(signature, number)| {
                    let title = paint.bold(&format!("Signature {number}"));
                    let words = held(signature.signature_bytes);
                    writeln!(out, "{title}  {words}")
                }),
        }
    }

    fn write_life(&self, out: &mut impl Write) -> io::Result<()> {
        const INDENT: usize = 11;
        let paint = self.look.paint;
        let (Payload::Claims(claims), Some(columns)) = (&self.token.payload, paint.columns())
        else {
            return Ok(());
        };
        match life::bar(claims, self.look.now, columns.saturating_sub(INDENT), paint) {
            Some(bar) => {
                let gap = if bar.starts_with('\n') { "" } else { "   " };
                writeln!(out, "{}{gap}{bar}", paint.bold("Lifetime"))
            }
            None => Ok(()),
        }
    }

    fn header_rows(
        &self,
        header: &Object,
        unsigned: &[String],
        each: &mut Each<'_>,
    ) -> io::Result<()> {
        let rank =
            |name: &str, _: Json<'_>| ["alg", "enc", "typ", "kid"].iter().position(|n| *n == name);
        let unsigned: HashSet<&str> = unsigned.iter().map(String::as_str).collect();
        in_order(header, &rank, &mut |name, value| {
            let mut notes = Notes::explaining(self.header_note(name, value));
            if unsigned.contains(name) {
                notes.says.push("not signed".to_owned());
            }
            self.noted(name, value, notes, each)
        })
    }

    fn header_note(&self, name: &str, value: Json<'_>) -> Option<&'static str> {
        let sealed = matches!(self.token.form, TokenForm::Jwe);
        match (name, value.as_str().as_deref()) {
            ("alg", Some(alg)) if sealed => glossary::encryption(alg),
            ("alg", Some(alg)) => Algorithm::parse(alg).map(Algorithm::description),
            ("enc", Some(enc)) => glossary::encryption(enc),
            ("typ", Some(typ)) => glossary::media_type(typ),
            _ => glossary::header(name),
        }
    }

    fn claim_rows(&self, claims: &Object, each: &mut Each<'_>) -> io::Result<()> {
        in_order(claims, &claim_rank, &mut |name, value| {
            self.member(name, value, glossary::claim(name), each)
        })
    }

    /// The rows of a proof of the holder's key: its header and its claims.
    fn proof_rows(&self, each: &mut Each<'_>) -> io::Result<()> {
        self.header_rows(&self.token.header, &[], each)?;
        let Payload::Claims(claims) = &self.token.payload else {
            return Ok(());
        };
        in_order(claims, &claim_rank, &mut |name, value| {
            let note = match name {
                // Of the verifier's request, and not of a log-in.
                "nonce" => Some("against replay"),
                _ => glossary::claim(name),
            };
            self.member(name, value, note, each)
        })
    }

    fn disclosed_rows(&self, all: &Disclosures<'_>, each: &mut Each<'_>) -> io::Result<()> {
        for disclosure in all.iter() {
            match disclosure.content() {
                Disclosed::Claim(name, value) => {
                    self.member(&name, value, glossary::claim(&name), each)
                }
                Disclosed::Element(value) => {
                    self.member("[…]", value, Some("element of an array"), each)
                }
                Disclosed::Nothing => each(&Row {
                    label: Label {
                        name: "?",
                        ..Label::default()
                    },
                    value: Value::Words("not a disclosure".to_owned()),
                    notes: Notes::default(),
                }),
            }?;
        }
        Ok(())
    }

    fn member(
        &self,
        name: &str,
        value: Json<'_>,
        note: Option<&'static str>,
        each: &mut Each<'_>,
    ) -> io::Result<()> {
        self.noted(name, value, Notes::explaining(note), each)
    }

    fn noted(
        &self,
        name: &str,
        value: Json<'_>,
        notes: Notes,
        each: &mut Each<'_>,
    ) -> io::Result<()> {
        let time = |name: &str, value: Json<'_>| self.time(name, value);
        tree::rows(name, value, notes, &time, each)
    }

    /// The row of a member that is a time, without its label.
    fn time(&self, name: &str, value: Json<'_>) -> Option<Row<'static>> {
        let ClaimTime { at, unit } = ClaimTime::of(name, value)?;
        let relative = time::relative(at, self.look.now);
        let unit = (unit != Unit::Seconds).then(|| format!("read as {}", unit.name()));
        let human = time::human(at);
        let number = (self.look.closely && human.is_some()).then(|| value.text().to_owned());
        Some(Row {
            label: Label::default(),
            value: Value::Words(human.unwrap_or_else(|| value.text().to_owned())),
            notes: Notes {
                explains: None,
                says: [Some(relative), unit, number]
                    .into_iter()
                    .flatten()
                    .collect(),
            },
        })
    }
}

/// The rank of a claim: first issuer, subject and audience, then times, then IDs, and then the others in the
/// token's order.
fn claim_rank(name: &str, value: Json<'_>) -> Option<usize> {
    const FIRST: [&str; 6] = ["iss", "sub", "aud", "iat", "nbf", "exp"];
    let first = FIRST.iter().position(|n| *n == name);
    let time = || ClaimTime::of(name, value).map(|_| FIRST.len());
    let id = || (name == "jti").then_some(FIRST.len().saturating_add(1));
    first.or_else(time).or_else(id)
}

/// Takes the members of an object, those with a rank first.
fn in_order(
    object: &Object,
    rank: &dyn Fn(&str, Json<'_>) -> Option<usize>,
    each: &mut dyn FnMut(&str, Json<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let ranked = object
        .members()
        .filter_map(|(name, value)| Some((rank(&name, value)?, name, value)));
    let mut first: Vec<(usize, Cow<'_, str>, Json<'_>)> = ranked.take(MOST_FIRST).collect();
    first.sort_by_key(|(rank, ..)| *rank);
    first
        .iter()
        .try_for_each(|(_, name, value)| each(name, *value))?;
    let mut left = first.len();
    for (name, value) in object.members() {
        if left > 0 && rank(&name, value).is_some() {
            left = left.saturating_sub(1);
        } else {
            each(&name, value)?;
        }
    }
    Ok(())
}

fn write_payload(bytes: &[u8], why: NotObject, out: &mut impl Write) -> io::Result<()> {
    let what = match why {
        NotObject::NotJson(_) if bytes.is_empty() => "empty",
        NotObject::NotJson(e) => &format!("not JSON: {e}"),
        NotObject::Kind(Kind::String) => "a JSON string",
        NotObject::Kind(_) => "JSON, but no object",
    };
    writeln!(out, "  {}, {what}", counted(bytes.len(), "byte"))?;
    // Bytes with control characters are not text, and would take six times the room as text.
    let is_text = |text: &&str| !text.bytes().any(|b| b < b' ' && !b.is_ascii_whitespace());
    match std::str::from_utf8(bytes).ok().filter(is_text) {
        Some("") => Ok(()),
        Some(text) => {
            out.write_all(b"  ")?;
            write_safe(text, out)?;
            writeln!(out)
        }
        None => writeln!(out, "  {} (base64url)", shown_segment(bytes)),
    }
}

/// With which key a token was opened, and as which of its recipients.
fn opened_words(token: &Unverified<'_>, opened: &OpenedWith) -> String {
    let key = &opened.key;
    let place = token.recipients.iter().position(|one| one.opened);
    match place.filter(|_| token.recipients.len() > 1) {
        None => format!("opened with {key}"),
        Some(place) => format!(
            "opened with {key}, for recipient {}",
            place.saturating_add(1)
        ),
    }
}

/// What an encrypted token has in place of a signature.
fn encrypted_words(token: &Unverified<'_>) -> String {
    let Some(opened) = &token.opened else {
        let who = match token.recipients.len() {
            0 | 1 => "only its recipient",
            _ => "only its recipients",
        };
        return format!("none: the token is encrypted, and {who} can open it");
    };
    let maker = match opened.is_shared {
        true => "somebody who has that secret",
        false => "anybody who has the public key that belongs to it",
    };
    format!("none: {}, and made by {maker}", opened_words(token, opened))
}

fn signature_words(token: &Unverified<'_>) -> String {
    let held = match token.form {
        TokenForm::Jwe => return encrypted_words(token),
        TokenForm::Start => return "unknown: this is no whole token".to_owned(),
        _ => held(token.signature_bytes),
    };
    if matches!(token.signature_bytes, None | Some(0)) {
        return held;
    }
    match token.key_binding() {
        Some(Ok(_)) => format!("{held}; followed by a proof of the holder's key"),
        _ => held,
    }
}

/// What there is of a signature.
fn held(bytes: Option<usize>) -> String {
    match bytes {
        None => "unreadable: not base64url".to_owned(),
        Some(0) => "none".to_owned(),
        Some(bytes) => format!("{}, not checked", counted(bytes, "byte")),
    }
}
