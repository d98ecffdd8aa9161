//! Tells clients that somebody logs out: a token is posted to the address of each client (OpenID Connect
//! Back-Channel Logout 1.0). It goes only to this machine: no other is called because a client says so.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::demo::client::Client;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::OAuthError;
use crate::demo::event::{Event, Remark};
use crate::demo::key_ring::KeyRing;
use crate::demo::redact::quoted;
use crate::demo::secret::random;
use crate::text::time::Span;
use crate::text::url::HttpUrl;
use crate::token::claims::Members;
use crate::token::json::JsonText;

const SECTION: &str = "OpenID Connect Back-Channel Logout 1.0 section 2.5";

/// How long a token is valid (section 2.4 advises two minutes at most).
const LIFETIME: Span = Span::from_seconds(120);
/// How long a client may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The claim that says what has happened (section 2.4).
const EVENT: &str = "{\"http://schemas.openid.net/event/backchannel-logout\":{}}";

/// A log-in that has ended.
pub(super) struct Ended {
    pub(super) sub: String,
    /// The name of the session, which ID tokens have as `sid`.
    pub(super) sid: String,
    /// The clients that have got a code in it.
    pub(super) clients: Vec<String>,
}

/// Tells every client of a log-in that it has ended, each by itself.
pub(super) fn tell(demo: &DemoServer, ended: &Ended) {
    for id in &ended.clients {
        let Some(client) = demo.client(id) else {
            continue;
        };
        let Some(uri) = client.backchannel_logout_uri.clone() else {
            continue;
        };
        let (demo, sub, sid) = (demo.clone(), ended.sub.clone(), ended.sid.clone());
        tokio::spawn(async move {
            let keys = demo.keys().await;
            let token = token(&demo, &keys, &client, &sub, &sid);
            let told = move || {
                let mut answer = None;
                let text = match token {
                    Err(refusal) => refusal.remark.text,
                    Ok(token) => {
                        let what = match post(&uri, &format!("logout_token={token}")) {
                            Ok((status, rest)) => {
                                answer = Some(rest);
                                format!("answered {status}")
                            }
                            Err(error) => format!("gave no answer: {error}"),
                        };
                        let place = quoted(&uri, 100);
                        format!(
                            "{} was told of the log-out at {place}, and {what}",
                            client.id
                        )
                    }
                };
                demo.tell(Event {
                    asked: None,
                    status: None,
                    remarks: vec![Remark::new(text, SECTION)],
                });
                if let Some(answer) = answer {
                    read_to_the_end(answer);
                }
            };
            // Others are served meanwhile; where there is no thread, nobody is told.
            let _ = thread::Builder::new().spawn(told);
        });
    }
}

/// The token for a client (section 2.4).
fn token(
    demo: &DemoServer,
    keys: &KeyRing,
    client: &Client,
    sub: &str,
    sid: &str,
) -> Result<String, OAuthError> {
    let now = demo.now();
    let mut header = keys.header(true, None);
    header.set_text("typ", "logout+jwt");
    let mut claims = Members::new();
    claims.set_text("iss", demo.settings().issuer.as_str());
    claims.set_text("sub", sub);
    claims.set_text("aud", &client.id);
    claims.set("iat", now.seconds());
    claims.set("exp", now.saturating_add(LIFETIME).seconds());
    claims.set_text("jti", &random()?);
    claims.set_text("sid", sid);
    if let Ok(event) = crate::token::json::Json::parse_str(EVENT) {
        claims.set("events", JsonText::from(event.value).into_owned());
    }
    keys.sign(&header, &claims)
}

/// Posts a form, and gives the status of the answer, with the connection from which the rest is to be read.
fn post(uri: &str, form: &str) -> io::Result<(u16, TcpStream)> {
    let url = HttpUrl::split(uri).ok_or_else(|| io::Error::other("that is not an http URL"))?;
    // The name means this machine, whatever a resolver says.
    let host = match url.host {
        "localhost" => "127.0.0.1",
        other => other.trim_matches(['[', ']']),
    };
    let address: IpAddr = host.parse().map_err(io::Error::other)?;
    let address = SocketAddr::new(address, url.port.unwrap_or(80));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let target = match url.rest.starts_with('/') {
        true => url.rest.to_owned(),
        false => format!("/{}", url.rest),
    };
    let request = format!(
        "POST {target} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        url.authority,
        form.len(),
    );
    stream.write_all(request.as_bytes())?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let status = std::str::from_utf8(&head)
        .ok()
        .and_then(|line| line.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok());
    match status {
        Some(status) => Ok((status, stream)),
        None => Err(io::Error::other("its answer is not HTTP")),
    }
}

/// Reads what is left of an answer: a connection that is closed before all has come is reset under a client that
/// still writes (RFC 9112 section 9.6).
fn read_to_the_end(mut answer: TcpStream) {
    let begun = Instant::now();
    let mut buffer = [0; 1024];
    while begun.elapsed() < TIMEOUT {
        match answer.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
