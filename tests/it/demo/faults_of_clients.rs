//! What clients that others wrote make of each fault: their scripts and what they said are in
//! `tests/clients/faults`, and a page for people is made of it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::server::Server;
use crate::peer;

/// Compares a file with what it should be, or rewrites it.
#[track_caller]
fn is_written(path: &Path, text: &str) {
    if env::var_os("BLESS").is_some() {
        fs::write(path, text).unwrap();
    } else {
        let found = fs::read_to_string(path).unwrap_or_default();
        let lines = |one: &str, other: &str, sign: char| -> String {
            let differs = |line: &&str| !other.lines().any(|same| same == *line);
            let lines = one.lines().filter(differs);
            let lines: Vec<String> = lines.map(|line| format!("{sign} {line}")).collect();
            lines.join("\n")
        };
        let (gone, new) = (lines(&found, text, '-'), lines(text, &found, '+'));
        let path = path.display();
        assert!(found == text, "{path}: BLESS=1 writes\n{gone}\n{new}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A client, and which faults it is asked about.
struct Client {
    name: &'static str,
    script: &'static str,
    kind: Kind,
    /// How it is used, in the words of the page.
    about: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// It logs somebody in, and looks at the ID token.
    OpenId,
    /// It gets tokens, and looks into none.
    OAuth,
    /// It judges access tokens that others bring.
    Api,
}

const CLIENTS: &[Client] = &[
    Client {
        name: "openid-client",
        script: "with_openid_client.mjs",
        kind: Kind::OpenId,
        about: "a log-in with PKCE, `state` and `nonce`, and no check that is off by default",
    },
    Client {
        name: "oauth4webapi",
        script: "with_oauth4webapi.mjs",
        kind: Kind::OpenId,
        about: "the same from the metadata of the API on, with every check that it offers",
    },
    Client {
        name: "Authlib",
        script: "with_authlib.py",
        kind: Kind::OpenId,
        about: "its client for Flask, with PKCE",
    },
    Client {
        name: "mod_auth_openidc",
        script: "with_mod_auth_openidc.py",
        kind: Kind::OpenId,
        about: "before a page of Apache, with PKCE; Debian's package",
    },
    Client {
        name: "requests-oauthlib",
        script: "with_requests_oauthlib.py",
        kind: Kind::OAuth,
        about: "a session with PKCE, which knows no ID tokens and no metadata",
    },
    Client {
        name: "PyJWT",
        script: "with_pyjwt.py",
        kind: Kind::Api,
        about: "`PyJWKClient` and `decode` with the algorithm, the audience and the issuer; it judges \
                an access token as an API does",
    },
];

/// What is worth knowing of those that see nothing wrong: the client, the faults, and a sentence.
const NOTES: &[(&str, &[&str], &str)] = &[
    (
        "requests-oauthlib",
        &["redirect"],
        "follows a 307 from the token endpoint, and posts the code with its verifier again to wherever \
         that leads (RFC 9700 section 4.11.2 wants 303 or nothing)",
    ),
    (
        "Authlib",
        &["redirect"],
        "does the same, and takes what it then gets for a token until that is used",
    ),
    (
        "mod_auth_openidc",
        &["redirect"],
        "does the same, with the secret of the client in it",
    ),
    (
        "requests-oauthlib",
        &["wrong-response-iss", "no-response-iss", "near-response-iss"],
        "does not look at `iss` of the authorization response: an application with more than one \
         authorization server has to compare it itself (RFC 9207 section 2.4)",
    ),
    (
        "Authlib",
        &["wrong-response-iss", "no-response-iss", "near-response-iss"],
        "does not look at it either",
    ),
    (
        "mod_auth_openidc",
        &["no-response-iss"],
        "compares `iss` where it is there, and does not miss it where the metadata promises it",
    ),
    (
        "openid-client",
        &["bad-signature", "wrong-kid"],
        "does not check the signature of an ID token that comes straight from the token endpoint, as \
         OpenID Connect Core 1.0 section 3.1.3.7 allows where there is TLS; `enableNonRepudiationChecks` \
         has it checked",
    ),
    (
        "mod_auth_openidc",
        &["not-yet-valid"],
        "does not look at `nbf` of an ID token",
    ),
    (
        "PyJWT",
        &["wrong-typ", "missing-sub", "missing-iat"],
        "demands no claim and no type unless told: `options={\"require\": […]}` for claims, and a look at \
         `typ` by hand, without which an ID token for the same audience is as good as an access token \
         (RFC 9068 section 4)",
    ),
    (
        "openid-client",
        &["wrong-at-hash", "clock-skew:1h"],
        "looks neither at `at_hash`, which is optional here, nor for an `iat` that lies in the future",
    ),
    (
        "oauth4webapi",
        &["wrong-at-hash", "clock-skew:1h"],
        "is as openid-client, which is made of it",
    ),
    (
        "openid-client",
        &["no-scope", "other-scope", "metadata-no-pkce"],
        "takes another scope than it asked for without a word, and so do Authlib, oauth4webapi and \
         mod_auth_openidc; none of them refuses to go on where the metadata does not speak of PKCE",
    ),
];

impl Client {
    /// The rules that it meets, each with an argument that any client can wait for.
    fn rules(&self, faults: &[Value]) -> Vec<Value> {
        let mut rules = Vec::new();
        for fault in faults {
            let names = |member: &str| -> Vec<&str> {
                let list = fault[member].as_array().unwrap();
                list.iter().map(|name| name.as_str().unwrap()).collect()
            };
            let (acts, can) = (names("acts_at"), names("can_act_at"));
            let mut rule = json!({"fault": asked_for(fault)});
            if acts.len() > 1 && acts.contains(&"token") && acts.contains(&"jwks") {
                // Any answer: where it matters most to this client.
                rule["endpoint"] = match self.kind {
                    Kind::Api => json!("jwks"),
                    _ => json!("token"),
                };
            }
            let is_of_tokens = acts == ["token"] && can.contains(&"protected");
            let name = fault["name"].as_str().unwrap();
            if self.kind == Kind::OpenId && is_of_tokens && name != "lying-expires-in" {
                rule["token"] = json!("id_token");
            }
            // Only a browser brings something twice, and there is none here; nor does anybody call a tool.
            if ["callback-twice", "insufficient-scope-for-tool"].contains(&name) {
                continue;
            }
            let is_met = match self.kind {
                Kind::Api => {
                    let is_of_id_tokens = ["wrong-nonce", "wrong-at-hash"].contains(&name);
                    can != ["token"] && !is_of_id_tokens
                }
                _ => true,
            };
            if is_met {
                rules.push(rule);
            }
        }
        rules
    }

    fn file(&self) -> PathBuf {
        let folder = root().join("tests/clients/faults");
        folder.join(self.script).with_extension("tsv")
    }

    /// What it is known to make of each fault, after its version.
    fn known(&self) -> Known {
        let text = fs::read_to_string(self.file()).unwrap_or_default();
        let mut lines = text.lines().filter_map(|line| line.split_once('\t'));
        let version = lines.next().map_or("", |(_, version)| version).to_owned();
        let lines = lines.map(|(fault, outcome)| (fault.to_owned(), outcome.to_owned()));
        Known {
            version,
            outcomes: lines.collect(),
        }
    }
}

struct Known {
    version: String,
    outcomes: Vec<(String, String)>,
}

impl Known {
    fn of(&self, fault: &str) -> &str {
        let found = self.outcomes.iter().find(|(name, _)| name == fault);
        found.map_or("not met", |(_, outcome)| outcome)
    }
}

/// The name of a fault with an argument.
fn asked_for(fault: &Value) -> String {
    let argument = match fault["argument"].as_str().unwrap() {
        "" => "",
        ":MS" => ":300",
        ":CODE" => ":503",
        ":DUR" => ":1h",
        ":N" => ":3",
        ":TOOL" => ":whoami",
        other => panic!("what is written for {other}?"),
    };
    format!("{}{argument}", fault["name"].as_str().unwrap())
}

fn all_faults(server: &Server) -> Vec<Value> {
    let listed = server.get("/_control/faults").json();
    listed["faults"].as_array().unwrap().clone()
}

/// A client against every fault, in a process of its own.
#[track_caller]
fn says_what_is_written(name: &str) {
    let client = CLIENTS.iter().find(|client| client.name == name).unwrap();
    let server = Server::with(&["--auto-login"]);
    let rules = client.rules(&all_faults(&server));
    let lines: Vec<String> = rules.iter().map(Value::to_string).collect();
    let mut script = peer::script(&format!("faults/{}", client.script));
    script.arg(server.issuer()).env("NO_PROXY", "127.0.0.1");
    // The order of a set in a message of Python's.
    script.env("PYTHONHASHSEED", "0");
    let said = peer::run(&mut script, lines.join("\n").as_bytes());
    assert_eq!(said.lines().count(), rules.len() + 1, "{said}");
    is_written(&client.file(), &said);
}

#[test]
fn openid_client_makes_of_each_fault_what_is_written() {
    says_what_is_written("openid-client");
}

#[test]
fn oauth4webapi_makes_of_each_fault_what_is_written() {
    says_what_is_written("oauth4webapi");
}

#[test]
fn authlib_makes_of_each_fault_what_is_written() {
    says_what_is_written("Authlib");
}

#[test]
fn mod_auth_openidc_makes_of_each_fault_what_is_written() {
    says_what_is_written("mod_auth_openidc");
}

#[test]
fn requests_oauthlib_makes_of_each_fault_what_is_written() {
    says_what_is_written("requests-oauthlib");
}

#[test]
fn pyjwt_makes_of_each_fault_what_is_written() {
    says_what_is_written("PyJWT");
}

/// A word for a table.
fn cell(outcome: &str) -> &'static str {
    if outcome == "not met" {
        "–"
    } else if outcome.starts_with("refused") || outcome.starts_with("tries again") {
        "refuses"
    } else if outcome.starts_with("posts what") {
        "**follows**"
    } else {
        "**takes**"
    }
}

/// Text within a table.
fn quoted(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

#[test]
fn the_page_of_faults_and_clients_is_made_of_what_they_said() {
    let server = Server::start();
    let faults = all_faults(&server);
    let known: Vec<(&Client, Known)> = CLIENTS.iter().map(|one| (one, one.known())).collect();
    let mut page = String::from(PREFACE);
    for (client, known) in &known {
        let (name, version) = (client.name, &known.version);
        let _ = writeln!(page, "- {name} {version}: {}", client.about);
    }
    let names: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
    let rule = "|---".repeat(names.len());
    let _ = write!(
        page,
        "\n{TABLE}\n| fault | {} |\n|---{rule}|\n",
        names.join(" | ")
    );
    for fault in &faults {
        let asked = asked_for(fault);
        let cells: Vec<&str> = known.iter().map(|(_, one)| cell(one.of(&asked))).collect();
        let _ = writeln!(page, "| `{asked}` | {} |", cells.join(" | "));
    }
    page.push_str(WORTH_KNOWING);
    for (name, faults, sentence) in NOTES {
        let (_, known) = known.iter().find(|(one, _)| one.name == *name).unwrap();
        for fault in *faults {
            let outcome = known.of(fault);
            let takes = outcome.starts_with("accepted") || outcome.starts_with("posts");
            assert!(takes, "{name} makes of {fault}: {outcome}");
        }
        let faults: Vec<String> = faults.iter().map(|fault| format!("`{fault}`")).collect();
        let _ = writeln!(
            page,
            "- {}: {name} {} {sentence}.",
            faults.join(", "),
            known.version
        );
    }
    for (client, known) in &known {
        let _ = write!(
            page,
            "\n## What {} {} says\n\n| fault | |\n|---|---|\n",
            client.name, known.version
        );
        for (fault, outcome) in known.outcomes.iter().filter(|(_, one)| one != "not met") {
            let _ = writeln!(page, "| `{fault}` | {} |", quoted(outcome));
        }
    }
    is_written(&root().join("man/clients-and-faults.md"), &page);
}

const PREFACE: &str = "\
# What clients make of faults

Each fault of `jott serve-demo` was switched on for these clients, one at a time, while they did what their documentation
has them do: discovery, a log-in with a code, userinfo, a call of the API, a refresh. The tests run all of it anew, and
this page is made of what they find.

";

const TABLE: &str = "\
*refuses*: the client ends with an error, or hands on that of the API. *takes*: it sees nothing wrong, and whoever uses the
client has to. *follows*: it posts what it sent once more, to where a redirect leads. –: it asks for nothing that the fault
is in. Faults of tokens are in the ID token where the client looks at one, and faults of an answer in that of the token
endpoint, or for PyJWT of the key set. No client tries again after 503 by itself.
";

const WORTH_KNOWING: &str = "
## What is taken and worth knowing

None of this is a fault of the client in every use: much is left to the application by the specifications or by the
client's documentation. It is what a test of your application has to cover.

";
