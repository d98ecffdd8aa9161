//! What people copy together with a token: quotes, `Bearer`, the name of a header, the key beside a token of
//! VAPID, white space; and the prefix that GitHub puts before a JWT.

/// A text without such additions, and the names of those that were removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stripped<'a> {
    /// What is left.
    pub token: &'a str,
    /// Where the token begins in the text, in bytes.
    pub start: usize,
    /// What was removed, from the outside in, as words for a note: `` `Bearer` ``, `quotes`; each
    /// once, even if it was there several times.
    pub taken: Vec<&'static str>,
}

const SCHEMES: &[(&str, &str)] = &[
    ("authorization:", "`Authorization:`"),
    ("bearer", "`Bearer`"),
    ("dpop", "`DPoP`"),
];

/// Removes white space, a byte order mark, quotes, `Authorization:`, `Bearer`, `DPoP`, what `vapid` has
/// beside its token, and the prefix of GitHub's app tokens from the outside of a text. The inside
/// stays as it is.
#[must_use]
pub fn strip(text: &str) -> Stripped<'_> {
    let mut token = text;
    let mut taken = Vec::new();
    let take = |what: &'static str, taken: &mut Vec<&'static str>| {
        if !taken.contains(&what) {
            taken.push(what);
        }
    };
    if is_bare(text.as_bytes()) {
        return Stripped::within(text, token, taken);
    }
    loop {
        let before = token.len();
        token = token.trim();
        if let Some(rest) = token.strip_prefix('\u{feff}') {
            token = rest;
            take("a byte order mark", &mut taken);
        }
        for (scheme, name) in SCHEMES {
            if let Some(rest) = strip_scheme(token, scheme) {
                token = rest;
                take(name, &mut taken);
            }
        }
        if let Some(inside) = of_vapid(token) {
            token = inside;
            take("`vapid` and its `k`", &mut taken);
        }
        if let Some(rest) = strip_app(token) {
            token = rest;
            take("GitHub's `ghs_` with the app's number", &mut taken);
        }
        for quote in ['"', '\'', '`'] {
            let inside = token
                .strip_prefix(quote)
                .and_then(|t| t.strip_suffix(quote));
            if let Some(inside) = inside {
                token = inside;
                take("quotes", &mut taken);
            }
        }
        if token.len() == before {
            return Stripped::within(text, token, taken);
        }
    }
}

impl<'a> Stripped<'a> {
    /// A token that borrows from a text.
    fn within(text: &str, token: &'a str, taken: Vec<&'static str>) -> Self {
        Stripped {
            token,
            start: token.as_ptr().addr().saturating_sub(text.as_ptr().addr()),
            taken,
        }
    }
}

/// Whether a text begins and ends as a token does, so that nothing was added.
fn is_bare(text: &[u8]) -> bool {
    let ends_bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    text.starts_with(b"ey") && text.last().is_some_and(ends_bare)
}

/// Strips what stands before the JWT in a token of a GitHub app: `ghs_APPID_JWT`.
fn strip_app(text: &str) -> Option<&str> {
    let (app, token) = text.strip_prefix("ghs_")?.split_once('_')?;
    let is_number = !app.is_empty() && app.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && token.starts_with("ey")).then_some(token)
}

/// The JWT in the credentials of a server that sends push messages, which have it as `t`, and its key as
/// `k` (RFC 8292 section 3).
fn of_vapid(text: &str) -> Option<&str> {
    let parameters = strip_scheme(text, "vapid")?.split(',');
    let mut of_token = parameters.filter_map(|one| one.trim().strip_prefix("t="));
    let token = of_token.next()?;
    of_token.next().is_none().then_some(token)
}

/// Strips a scheme in any case, which must end in white space, a colon or the text's end
/// (RFC 9110 section 11.1: schemes are case-insensitive).
fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    let rest = text.get(scheme.len()..)?;
    let ends = scheme.ends_with(':') || rest.is_empty() || rest.starts_with(char::is_whitespace);
    (head.eq_ignore_ascii_case(scheme) && ends).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_from_a_bare_token() {
        assert_eq!(strip("a.b.c").taken, Vec::<&str>::new());
        assert_eq!(strip("  a.b.c\r\n").token, "a.b.c");
        assert_eq!(strip("  a.b.c\r\n").start, 2);
        assert_eq!(strip("eyJ.b.c").start, 0);
        assert!(strip("  a.b.c\r\n").taken.is_empty());
    }

    #[test]
    fn a_copied_header_is_taken_off_layer_by_layer() {
        let stripped = strip("'authorization: BEARER \"a.b.c\"'\n");
        assert_eq!(stripped.token, "a.b.c");
        assert_eq!(stripped.start, 24);
        assert_eq!(stripped.taken, ["quotes", "`Authorization:`", "`Bearer`"]);
    }

    #[test]
    fn what_is_there_many_times_is_named_once() {
        let layers = "\u{feff} Bearer authorization: DPoP ";
        let quotes = "'".repeat(20_000);
        let text = format!("{quotes}{}a.b.c{quotes}", layers.repeat(20_000));
        assert_eq!(strip(&text).token, "a.b.c");
        assert_eq!(strip(&text).taken.len(), 5);
        let marks = format!("{}a.b.c", "\u{feff}".repeat(100_000));
        assert_eq!(strip(&marks).token, "a.b.c");
        assert_eq!(strip(&marks).taken, ["a byte order mark"]);
    }

    #[test]
    fn a_token_of_vapid_is_taken_from_beside_its_key() {
        for text in [
            "vapid t=eyJ.b.c, k=BAA",
            "Authorization: vapid t=eyJ.b.c,k=BAA\r\n",
            "Vapid k=BAA , t=eyJ.b.c",
            "vapid t=eyJ.b.c",
        ] {
            assert_eq!(strip(text).token, "eyJ.b.c", "{text}");
        }
        assert_eq!(strip("vapid t=eyJ.b.c, k=BAA").start, 8);
        assert_eq!(
            strip("vapid t=eyJ.b.c, k=BAA").taken,
            ["`vapid` and its `k`"]
        );
        // Which of two is meant nobody knows.
        for text in [
            "vapid t=a.b.c, t=d.e.f",
            "vapid k=BAA",
            "vapid",
            "vapidt=a.b.c",
        ] {
            assert_eq!(strip(text).token, text);
        }
    }

    #[test]
    fn a_github_app_token_is_the_jwt_in_it() {
        for text in [
            "ghs_123456_eyJ.b.c",
            "Bearer ghs_123456_eyJ.b.c",
            "'ghs_1_eyJ.b.c'",
        ] {
            assert_eq!(strip(text).token, "eyJ.b.c", "{text}");
        }
        for text in [
            "ghs_16C7e42F292c69",
            "ghs_1_abc",
            "ghs__eyJ.b.c",
            "ghs_x_eyJ.b.c",
            "gho_1_eyJ.b.c",
        ] {
            assert_eq!(strip(text).token, text);
        }
    }

    #[test]
    fn a_scheme_without_a_token_leaves_nothing() {
        assert_eq!(strip("Bearer").token, "");
        assert_eq!(strip("Bearer").start, 6);
        assert_eq!(strip("Bearer ").token, "");
        assert_eq!(strip("bearera.b.c").token, "bearera.b.c");
    }

    #[test]
    fn lone_quotes_are_left() {
        assert_eq!(strip("\"").token, "\"");
        assert_eq!(strip("\"a.b.c").token, "\"a.b.c");
    }
}
