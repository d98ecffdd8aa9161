//! The messages of a server: at its start, and for each request.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::json_line;
use crate::cli::paint::Paint;
use crate::cli::serve_demo::ChosenKey;
use crate::cli::serve_demo::advice;
use crate::demo::{DemoServer, Event, Settings, path};
use crate::text::escape;

/// The client whose credentials a command gets.
const SERVICE: &str = "demo-service";

/// The variable that names the place of the key that checks the tokens.
pub(super) const KEY_SOURCE: &str = "JOTT_KEY_SOURCE";

/// The variables that name the authorities to trust: ours, and those that OpenSSL, Node.js and Python's
/// requests read.
const AUTHORITIES: [&str; 4] = [
    "JOTT_CA_FILE",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
];

/// What other programs have to know about a server.
pub(super) struct Facts {
    settings: Settings,
    address: SocketAddr,
    endpoints: Map<String, Value>,
    /// Where a command finds the key that checks the tokens, if it can.
    key_source: Option<String>,
    /// The certificate of the authority that clients have to trust, if it was made for this run.
    authority: Option<PathBuf>,
}

impl Facts {
    pub(super) fn new(
        settings: &Settings,
        demo: &DemoServer,
        address: SocketAddr,
        key: &ChosenKey,
    ) -> Facts {
        let published = || format!("issuer:{}", settings.issuer.as_str());
        Facts {
            settings: settings.clone(),
            authority: None,
            address,
            endpoints: demo.endpoints(),
            key_source: match key.choice.is_shared() {
                true => key.source.clone(),
                false => Some(published()),
            },
        }
    }

    /// With the file of an authority.
    pub(super) fn with_authority(self, authority: Option<PathBuf>) -> Facts {
        Facts { authority, ..self }
    }

    fn endpoint(&self, name: &str) -> Option<&str> {
        self.endpoints.get(name).and_then(Value::as_str)
    }

    /// The ready line: one JSON object.
    pub(super) fn json(&self) -> String {
        #[derive(Serialize)]
        struct Ready<'a> {
            issuer: &'a str,
            listen: SocketAddr,
            pid: u32,
            clients: Vec<&'a str>,
            users: Vec<&'a str>,
            endpoints: &'a Map<String, Value>,
            #[serde(skip_serializing_if = "Option::is_none")]
            ca_file: Option<Cow<'a, str>>,
        }
        let clients: Vec<&str> = self
            .settings
            .clients
            .iter()
            .map(|c| c.id.as_str())
            .collect();
        let users: Vec<&str> = self
            .settings
            .users
            .iter()
            .map(|u| u.name.as_str())
            .collect();
        json_line::line(&Ready {
            issuer: self.settings.issuer.as_str(),
            listen: self.address,
            pid: std::process::id(),
            clients,
            users,
            endpoints: &self.endpoints,
            ca_file: (self.authority.as_ref()).map(|path| path.to_string_lossy()),
        })
    }

    /// The text for a person: the address, the users and clients, and three commands to paste. It
    /// shows only passwords and secrets that everybody knows.
    pub(super) fn text(&self, paint: Paint) -> String {
        let users = self.settings.users.iter().map(|user| {
            let name = escape::terminal(&user.name);
            match user.is_built_in {
                true => format!("{name} (password {})", user.password.expose()),
                false => name.into_owned(),
            }
        });
        let clients = self.settings.clients.iter().map(|client| {
            let id = escape::terminal(&client.id);
            match &client.secret {
                None if client.keys.is_some() => format!("{id} (keys)"),
                None => format!("{id} (public)"),
                Some(secret) if client.is_built_in => {
                    format!("{id} (secret {})", secret.expose())
                }
                Some(_) => id.into_owned(),
            }
        });
        let issuer = self.settings.issuer.as_str();
        let scheme = if self.settings.tls { "https" } else { "http" };
        let mut text = format!("Listening on {scheme}://{}\n", self.address);
        let mut line = |name: &str, value: &str| {
            text.push_str(&format!(
                "  {}  {value}\n",
                paint.dim(&format!("{name:<7}"))
            ));
        };
        line("issuer", issuer);
        if let Some(path) = &self.authority {
            line("CA file", &escape::terminal(&path.to_string_lossy()));
        }
        line("users", &users.collect::<Vec<_>>().join(", "));
        line("clients", &clients.collect::<Vec<_>>().join(", "));
        let pages = [path::PLAYGROUND, path::DOCS].map(|path| self.settings.pages().join(path));
        line("look at", &pages.join(", "));
        text.push_str(&format!("\n{}\n", self.commands().join("\n")));
        text.push('\n');
        text
    }

    /// Three commands to paste, one after the other.
    fn commands(&self) -> [String; 3] {
        let user = self.settings.users.iter().find(|user| user.is_built_in);
        let (name, password) = match user {
            Some(user) => (user.name.as_str(), user.password.expose()),
            None => ("NAME", "PASSWORD"),
        };
        let trust = self.authority.as_ref().map_or_else(String::new, |path| {
            format!("--cacert {} ", quoted(&path.to_string_lossy()))
        });
        let token = quoted(self.endpoint("token_endpoint").unwrap_or_default());
        let protected = quoted(&self.settings.issuer.join("/protected"));
        [
            format!(
                "TOKEN=$(curl -s {trust}-d grant_type=password -d username={name} -d password={password} {token} | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')"
            ),
            format!("curl {trust}-H \"Authorization: Bearer $TOKEN\" {protected}"),
            "jott decode \"$TOKEN\"".to_owned(),
        ]
    }

    /// The environment variables of a command.
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![("JOTT_ISSUER", self.settings.issuer.as_str().to_owned())];
        let source = self.key_source.iter().cloned();
        variables.extend(source.map(|source| (KEY_SOURCE, source)));
        let endpoints = [
            ("JOTT_TOKEN_ENDPOINT", "token_endpoint"),
            ("JOTT_JWKS_URI", "jwks_uri"),
        ];
        let authority = (self.authority.iter()).flat_map(|path| {
            AUTHORITIES.map(|variable| (variable, path.to_string_lossy().into_owned()))
        });
        variables.extend(authority);
        for (variable, name) in endpoints {
            if let Some(url) = self.endpoint(name) {
                variables.push((variable, url.to_owned()));
            }
        }
        let service = self
            .settings
            .clients
            .iter()
            .find(|client| client.id == SERVICE);
        if let Some(client) = service {
            variables.push(("JOTT_CLIENT_ID", client.id.clone()));
            let secret = client
                .secret
                .iter()
                .map(|secret| secret.expose().to_owned());
            variables.extend(secret.map(|secret| ("JOTT_CLIENT_SECRET", secret)));
        }
        variables
    }
}

/// A URL or a path as a word of a shell: some take brackets for a pattern.
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/%@+,=".contains(&b);
    match word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Adds a line to the log: the request, the client, the status, the duration, and the reason. A
/// dash stands for an unknown value.
pub(super) fn push_event(lines: &mut String, event: &Event, paint: Paint) -> fmt::Result {
    let asked = event.asked.as_ref();
    let words = asked.map(|asked| {
        let client = asked.client.as_deref().unwrap_or("-");
        [
            (asked.method.as_str(), 20),
            (&asked.path, 100),
            (client, 60),
        ]
    });
    for (word, most) in words.unwrap_or([("-", 1); 3]) {
        write!(lines, "{} ", escape::short(word, most))?;
    }
    match event.status {
        None => lines.push('-'),
        Some(status @ 400..) => lines.push_str(&paint.red(&status.to_string())),
        Some(status) => write!(lines, "{status}")?,
    }
    match asked {
        None => lines.push_str(" -"),
        Some(asked) => write!(lines, " {:.1}ms", asked.took.as_secs_f64() * 1000.0)?,
    }
    for remark in &event.remarks {
        let section = paint.dim(&format!("({})", remark.section));
        write!(lines, "; {}", escape::terminal(&remark.text))?;
        if let Some(advice) = &remark.advice {
            write!(lines, "; {}", escape::terminal(&advice::sentence(advice)))?;
        }
        write!(lines, " {section}")?;
    }
    lines.push('\n');
    Ok(())
}
