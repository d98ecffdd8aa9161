//! The loopback address to which a browser comes back from a log-in (RFC 8252 section 7.3).
//!
//! Anybody on this machine can send something there. A request without the right `state` is answered and
//! ignored, and the log-in is waited for as before.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use aws_lc_rs::constant_time;
use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::redirect_uri::{RedirectUri, USUAL};
use crate::cli::ui::Ui;
use crate::keys::UnseenLine;
use crate::oauth::form;
use crate::oauth::token_answer::ErrorAnswer;
use crate::text::escape;

/// How long a person has to log in.
const TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// How long one request may take: a browser sends it at once.
const REQUEST: Duration = Duration::from_secs(2);

/// For so long nothing else is looked at.
const MOMENT: Duration = Duration::from_millis(20);

/// The first line of a request is no longer.
const MOST_BYTES: u64 = 16 << 10;

/// What an answer must be to count.
pub(super) struct Callback<'a> {
    pub(super) state: &'a str,
    pub(super) issuer: &'a str,
    /// Whether the server promises to name itself (RFC 9207 section 3).
    pub(super) names_issuer: bool,
}

/// A port of this machine that a browser can come back to.
pub(super) struct Listener {
    socket: TcpListener,
    place: RedirectUri,
    pub(super) port: u16,
}

impl Listener {
    pub(super) fn open(redirect_uri: Option<&str>) -> Result<Listener, Failure> {
        let place = RedirectUri::parse(redirect_uri.unwrap_or(USUAL))?;
        let failed = |e: std::io::Error| match place.port {
            Some(port) => Failure::new(
                Exit::System,
                format!("port {port} of this machine cannot be listened on"),
            )
            .cause(e)
            .hint("end what listens there, or give another `--redirect-uri` that the server knows"),
            None => {
                Failure::new(Exit::System, "no port of this machine can be listened on").cause(e)
            }
        };
        let listener = TcpListener::bind((place.ip, place.port.unwrap_or(0))).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(Listener {
            socket: listener,
            place,
            port,
        })
    }

    pub(super) fn redirect_uri(&self) -> String {
        let RedirectUri { host, path, .. } = &self.place;
        format!("http://{host}:{}{path}", self.port)
    }

    /// Waits for the code, which a browser brings, or a person who pastes where it ended.
    pub(super) fn wait(
        self,
        expected: &Callback<'_>,
        mut pasted: Option<UnseenLine>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Zeroizing<String>, GrantError> {
        let begun = Instant::now();
        let mut wait_a_moment = || {
            if let Some(pasted) = &mut pasted {
                return pasted.wait(MOMENT);
            }
            std::thread::sleep(MOMENT);
            None
        };
        loop {
            if begun.elapsed() > TIMEOUT {
                return Err(Failure::new(Exit::Refused, "nobody logged in within 10 minutes")
                    .hint("`--no-browser` prints the address; `--grant device` needs no browser on this machine")
                    .into());
            }
            let judged = match self.socket.accept() {
                Ok((stream, _)) => answer(&stream, &self.place.path, expected),
                // Whatever it is, the next one may be the browser.
                Err(_) => wait_a_moment().and_then(|line| {
                    let place = self.redirect_uri();
                    let judged = query_of(&line, &place).and_then(|query| judge(query, expected));
                    if judged.is_none() {
                        let begins = format!("{place}?");
                        ui.aside(&format!("this is not the last address of this log-in, which begins with {begins}; paste that one\n"));
                    }
                    judged
                }),
            };
            if let Some(result) = judged {
                return result;
            }
        }
    }
}

/// What follows the question mark in an address to which the browser was sent, which it may show without
/// its scheme.
fn query_of<'a>(line: &'a str, place: &str) -> Option<&'a str> {
    let bare = |text: &'a str| text.strip_prefix("http://").unwrap_or(text);
    let place = place.strip_prefix("http://").unwrap_or(place);
    let rest = bare(line).strip_prefix(place)?;
    // A browser writes a slash where there is no path.
    let query = rest.strip_prefix('/').unwrap_or(rest).strip_prefix('?')?;
    query.split('#').next()
}

/// Reads a request and answers it; `None` where it is not the one that is waited for.
fn answer(
    stream: &TcpStream,
    path: &str,
    expected: &Callback<'_>,
) -> Option<Result<Zeroizing<String>, GrantError>> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(REQUEST)).ok()?;
    stream.set_write_timeout(Some(REQUEST)).ok()?;
    let mut line = Zeroizing::new(String::new());
    let read = BufReader::new(stream.take(MOST_BYTES)).read_line(&mut line);
    let target = read.ok().and_then(|_| target(&line));
    let path = if path.is_empty() { "/" } else { path };
    let Some(query) = target.and_then(|target| target.strip_prefix(path)?.strip_prefix('?')) else {
        say(
            stream,
            404,
            "Nothing is here",
            "This address waits for a log-in.",
        );
        return None;
    };
    let judged = judge(query, expected);
    let (status, title, words) = match &judged {
        None => (
            400,
            "That is not the answer",
            "It does not belong to the log-in that is waited for.",
        ),
        Some(Ok(_)) => (
            200,
            "You are logged in",
            "You can close this page and go back to the terminal.",
        ),
        Some(Err(_)) => (
            200,
            "You are not logged in",
            "The terminal says why. You can close this page.",
        ),
    };
    say(stream, status, title, words);
    judged
}

/// The target of a request with GET.
fn target(line: &str) -> Option<&str> {
    line.strip_prefix("GET ")?.split(' ').next()
}

/// What the answer says; `None` where it is not that of the request.
fn judge(query: &str, expected: &Callback<'_>) -> Option<Result<Zeroizing<String>, GrantError>> {
    let parameters = form::parse(query.as_bytes()).ok()?;
    let one = |name: &str| {
        let mut found = parameters
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value.as_str());
        let first = found.next();
        first.filter(|_| found.next().is_none())
    };
    let state = one("state")?;
    constant_time::verify_slices_are_equal(state.as_bytes(), expected.state.as_bytes()).ok()?;
    // RFC 9207 section 2.4: the answer of another server is not to be used.
    let iss = one("iss");
    if iss.is_some_and(|iss| iss != expected.issuer) || iss.is_none() && expected.names_issuer {
        let found = iss.map_or("none".to_owned(), |iss| {
            format!("`{}`", escape::shorten(iss, 120))
        });
        return Some(Err(Failure::new(
            Exit::Refused,
            "the answer of the log-in is that of another server (RFC 9207)",
        )
        .cause(format!(
            "`iss` is {found}, where `{}` was asked",
            escape::shorten(expected.issuer, 120)
        ))
        .into()));
    }
    if let Some(code) = one("error") {
        let description = one("error_description").map(|said| escape::shorten(said, 200));
        let code = escape::shorten(code, 60);
        return Some(Err(GrantError::Server(ErrorAnswer { code, description })));
    }
    match one("code") {
        Some(code) => Some(Ok(Zeroizing::new(code.to_owned()))),
        None => Some(Err(Failure::new(
            Exit::Refused,
            "the answer of the log-in has no code",
        )
        .into())),
    }
}

/// A page of a few words. Nothing of the request is in it.
fn say(mut stream: &TcpStream, status: u16, title: &str, words: &str) {
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title}</title><body style=\"font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem\">\
         <h1>{title}</h1><p>{words}</p>"
    );
    let len = page.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Connection: close\r\n\r\n"
    );
    // A client that has gone does not read it.
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(page.as_bytes()));
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = std::io::copy(&mut stream.take(MOST_BYTES), &mut std::io::sink());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_pasted_as_browsers_show_it() {
        let place = "http://127.0.0.1:8400/callback";
        for (line, query) in [
            ("http://127.0.0.1:8400/callback?code=c", Some("code=c")),
            ("127.0.0.1:8400/callback?code=c#_=_", Some("code=c")),
            ("http://127.0.0.1:8400/callback", None),
            ("http://127.0.0.1:84001/callback?code=c", None),
            ("https://127.0.0.1:8400/callback?code=c", None),
            ("https://issuer.example/authorize?state=s", None),
            ("code=c", None),
            ("", None),
        ] {
            assert_eq!(query_of(line, place), query, "{line}");
        }
        let without_path = query_of("http://127.0.0.1:8400/?code=c", "http://127.0.0.1:8400");
        assert_eq!(without_path, Some("code=c"));
    }

    fn judged(query: &str, names_issuer: bool) -> Option<Result<String, String>> {
        let expected = Callback {
            state: "s",
            issuer: "https://a.test",
            names_issuer,
        };
        judge(query, &expected).map(|result| match result {
            Ok(code) => Ok(code.to_string()),
            Err(refused) => Err(Failure::from(refused).message.unwrap_or_default()),
        })
    }

    #[test]
    fn only_the_answer_to_the_request_counts() {
        for query in [
            "",
            "code=c",
            "code=c&state=x",
            "state=s&state=s&code=c",
            "%zz&state=s",
        ] {
            assert_eq!(judged(query, false), None, "{query}");
        }
        assert_eq!(judged("code=c&state=s", false), Some(Ok("c".into())));
        assert_eq!(
            judged("state=s&code=c&iss=https%3A%2F%2Fa.test", true),
            Some(Ok("c".into()))
        );
        let other = "the answer of the log-in is that of another server (RFC 9207)";
        for (query, names_issuer) in [
            ("code=c&state=s", true),
            ("code=c&state=s&iss=https://b.test", false),
            ("code=c&state=s&iss=https://a.test/", true),
            ("error=access_denied&state=s&iss=https://b.test", true),
        ] {
            assert_eq!(
                judged(query, names_issuer),
                Some(Err(other.into())),
                "{query}"
            );
        }
        assert_eq!(
            judged("state=s", false),
            Some(Err("the answer of the log-in has no code".into()))
        );
        assert_eq!(
            judged("error=access_denied&state=s", false),
            Some(Err("the server refused: access_denied".into()))
        );
        assert_eq!(
            judged("code=a&code=b&state=s", false),
            Some(Err("the answer of the log-in has no code".into()))
        );
    }
}
