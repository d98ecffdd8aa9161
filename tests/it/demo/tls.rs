//! TLS: with a certificate for one run, and with one's own; as curl, ureq, openid-client, Python and
//! OpenSSL take it.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use serde_json::Value;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::http::send;
use super::server::Server;
use crate::peer;
use crate::support::jott;

fn server(more: &[&str]) -> Server {
    Server::with(&[&["--alg", "ES256", "--tls", "self-signed"], more].concat())
}

fn authority(server: &Server) -> String {
    server.ready["ca_file"].as_str().unwrap().to_owned()
}

/// What curl prints, and its status.
fn curl(server: &Server, url: &str, args: &[&str]) -> (String, Option<i32>) {
    let mut command = peer::tool("curl");
    command.args(["-qs", "--noproxy", "*", "--cacert", &authority(server)]);
    let output = peer::output(command.args(args).arg(url), &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    (said, output.status.code())
}

/// Whoever trusts the authority gets at the server, by each name of this machine and in both versions.
#[test]
fn a_client_that_trusts_the_authority_of_the_run_is_served() {
    let server = server(&[]);
    assert_eq!(
        server.issuer(),
        format!("https://127.0.0.1:{}", server.port)
    );
    let form = "grant_type=password&username=alice&password=wonderland";
    let (answer, _) = curl(&server, &(server.issuer() + "/token"), &["-d", form]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let bearer = format!(
        "Authorization: Bearer {}",
        answer["access_token"].as_str().unwrap()
    );
    for host in ["127.0.0.1", "localhost"] {
        for version in ["--tls-max 1.2", "--tlsv1.3"] {
            let url = format!("https://{host}:{}/protected", server.port);
            let mut args: Vec<&str> = version.split(' ').collect();
            args.extend(["-H", &bearer]);
            let greeting = r#"{"message":"Hello, alice! This is a protected route."}"#;
            assert_eq!(curl(&server, &url, &args), (greeting.to_owned(), Some(0)));
        }
    }
    // OpenSSL's strictest reading of RFC 5280, which Python takes from 3.13 on.
    let mut openssl = peer::tool("openssl");
    openssl.args([
        "s_client",
        "-verify_return_error",
        "-x509_strict",
        "-verify_ip",
        "::1",
    ]);
    openssl.args(["-connect", &format!("127.0.0.1:{}", server.port)]);
    let said = peer::run(openssl.args(["-CAfile", &authority(&server)]), &[]);
    assert!(said.contains("Verification: OK"), "{said}");
}

/// What it does not trust it refuses, and the log says what is to be done.
#[test]
fn a_client_that_does_not_trust_the_authority_is_told_of() {
    let server = server(&[]);
    let mut other = peer::tool("curl");
    let output = peer::output(other.args(["-qs", &server.issuer()]), &[]);
    assert_eq!(output.status.code(), Some(60));
    let reason = "\n- - - - -; the client does not trust the certificate of this server, and says UnknownCA: give it the certificate of the authority (RFC 8446 section 6.2)\n";
    server.log_with(reason);
}

/// The file is there for others to read, and is gone with the server.
#[test]
fn the_file_of_the_authority_goes_with_the_server() {
    let run = jott([
        "serve-demo", "-q", "--tls", "self-signed", "--", "/bin/sh", "-c",
        "echo $JOTT_CA_FILE $SSL_CERT_FILE $NODE_EXTRA_CA_CERTS $REQUESTS_CA_BUNDLE $JOTT_ISSUER; cat $JOTT_CA_FILE; ls -l $JOTT_CA_FILE",
    ])
    .env("PATH", "/usr/bin:/bin")
    .run();
    let lines: Vec<&str> = run.stdout.lines().collect();
    let words: Vec<&str> = lines[0].split(' ').collect();
    assert_eq!(words[1..4], [words[0]; 3]);
    assert!(words[4].starts_with("https://127.0.0.1:"), "{words:?}");
    assert_eq!(lines[1], "-----BEGIN CERTIFICATE-----");
    assert!(
        lines
            .iter()
            .all(|line| line.len() <= 64 || line.contains(words[0]))
    );
    assert!(
        lines.last().unwrap().starts_with("-rw-r--r-- "),
        "{lines:?}"
    );
    assert!(!Path::new(words[0]).exists());
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

/// jott itself, curl, Python and Node.js find the authority in their variables.
#[test]
fn a_command_trusts_the_server_without_being_told() {
    let script = r#"
        TOKEN=$(curl -sf -u "$JOTT_CLIENT_ID:$JOTT_CLIENT_SECRET" -d grant_type=client_credentials "$JOTT_TOKEN_ENDPOINT" |
            sed 's/.*"access_token":"\([^"]*\).*/\1/')
        "$JOTT" verify --no-cache --aud "$JOTT_ISSUER" --typ at+jwt --get sub "$TOKEN"
        "$PYTHON" -c 'import os, requests; print(requests.get(os.environ["JOTT_JWKS_URI"]).status_code)'
        python3 -c 'import os, urllib.request; print(urllib.request.urlopen(os.environ["JOTT_JWKS_URI"]).status)'
        node -e 'fetch(process.env.JOTT_JWKS_URI).then((answer) => console.log(answer.status))'"#;
    let args = [
        "serve-demo",
        "-q",
        "--tls",
        "self-signed",
        "--",
        "/bin/sh",
        "-c",
        script,
    ];
    let python = peer::script("with_authlib.py");
    let run = jott(args)
        .env("PATH", &std::env::var("PATH").unwrap())
        .env("JOTT", env!("CARGO_BIN_EXE_jott"))
        .env("PYTHON", python.get_program().to_str().unwrap())
        .run();
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("demo-service\n200\n200\n200\n", "")
    );
}

/// ureq, which trusts one file: the metadata names https, and cookies are for https alone.
#[test]
fn everything_that_the_server_says_of_itself_is_https() {
    let server = server(&[]);
    let pem = fs::read(authority(&server)).unwrap();
    let roots = RootCerts::new_with_certs(&[Certificate::from_pem(&pem).unwrap()]);
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(
            Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        );
    let agent = ureq::Agent::config_builder()
        .tls_config(tls.build())
        .proxy(None)
        .build()
        .new_agent();
    let get = |path: &str| agent.get(server.issuer() + path).call().unwrap();
    let metadata = get("/.well-known/openid-configuration")
        .body_mut()
        .read_to_string()
        .unwrap();
    assert!(
        metadata.contains("https://127.0.0.1") && !metadata.contains("http://"),
        "{metadata}"
    );
    let playground = format!("https://localhost:{}/playground", server.port);
    for uri in [&format!("{}/playground", server.issuer()), &playground] {
        let request = format!(
            "/authorize?response_type=code&client_id=demo-app&code_challenge_method=S256&code_challenge={}&redirect_uri={uri}",
            "a".repeat(43)
        );
        let answer = get(&request);
        let cookie = answer
            .headers()
            .get("set-cookie")
            .unwrap()
            .to_str()
            .unwrap();
        assert!(
            cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"),
            "{cookie}"
        );
    }
    let resource = agent
        .get(format!(
            "https://localhost:{}/.well-known/oauth-protected-resource",
            server.port
        ))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    assert!(
        resource.contains(&format!(
            "\"resource\":\"https://localhost:{}\"",
            server.port
        )),
        "{resource}"
    );
}

#[test]
fn a_request_without_tls_is_told_so() {
    let server = server(&[]);
    let answer = server.get("/protected");
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        "this port speaks TLS: the URL of the server begins with https\n"
    );
    server.log_with("\n- - - 400 -; the client speaks plain HTTP, but this port is TLS: its URL begins with https:// (RFC 9110 section 4.2.2)\n");
    // Bytes that begin as a handshake, and go on as none.
    assert!(send(server.port, &[22; 600]).is_none());
    server.log_with(
        "\n- - - - -; what the client sent is not a TLS handshake (RFC 8446 section 4)\n",
    );
    // An old version, another protocol, and somebody who only knocks.
    let old = "1603010005010000010301";
    let old: Vec<u8> = (0..old.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&old[at..at + 2], 16).unwrap())
        .collect();
    assert!(send(server.port, &old).is_none());
    drop(TcpStream::connect(("127.0.0.1", server.port)).unwrap());
    let mut openssl = peer::tool("openssl");
    openssl.args([
        "s_client",
        "-alpn",
        "h2",
        "-connect",
        &format!("127.0.0.1:{}", server.port),
    ]);
    peer::output(&mut openssl, &[]);
    server.log_with("\n- - - - -; the client offers other protocols under TLS, but not HTTP/1.1 (RFC 7301 section 3.2)\n");
    assert_eq!(
        curl(&server, &(server.issuer() + "/healthz"), &[]).1,
        Some(0)
    );
}

/// Where a client begins a handshake and does not go on, others are served.
#[test]
fn a_handshake_that_does_not_go_on_keeps_nobody_waiting() {
    let server = server(&[]);
    let mut slow: Vec<TcpStream> = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.write_all(&[22, 3, 1, 2, 0, 1]).unwrap();
        slow.push(stream);
    }
    assert_eq!(
        curl(&server, &(server.issuer() + "/healthz"), &[]).1,
        Some(0)
    );
    drop(slow);
}

/// A connection that a fault breaks is broken under TLS, too.
#[test]
fn faults_of_connections_act_under_tls() {
    let server = server(&[
        "--fault",
        "reset,endpoint=jwks",
        "--fault",
        "truncated-body,endpoint=metadata",
    ]);
    let ask = |path: &str| curl(&server, &(server.issuer() + path), &[]);
    assert!(matches!(ask("/jwks.json"), (_, Some(35 | 52 | 55 | 56))));
    let (part, status) = ask("/.well-known/openid-configuration");
    assert!(part.starts_with("{\"") && !part.ends_with('}'), "{part}");
    assert!(matches!(status, Some(18 | 56)), "{status:?}");
}

/// openid-client takes no http issuer unless it is told to; here it needs not be.
#[test]
fn openid_client_goes_through_its_flows() {
    for flow in [
        "discovery",
        "client_credentials",
        "code",
        "form_post",
        "refresh",
        "introspection",
        "revocation",
    ] {
        let server = Server::with(&["--tls", "self-signed"]);
        let mut library = peer::script("with_openid_client.mjs");
        library
            .args([&server.issuer(), flow])
            .env("NODE_EXTRA_CA_CERTS", authority(&server));
        peer::run(library.env("NO_PROXY", "127.0.0.1"), &[]);
    }
}

#[test]
fn whether_a_server_is_up_is_asked_over_tls_too() {
    let server = server(&[]);
    let run = jott(["serve-demo", "--check", &server.issuer()]).run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

/// A certificate of one's own, and its key, in a folder.
fn own(names: &[&str]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names)
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("cert.pem"), certificate.pem()).unwrap();
    fs::write(path("key.pem"), key.serialize_pem()).unwrap();
    let both = format!(
        "{},{}",
        path("cert.pem").display(),
        path("key.pem").display()
    );
    (folder, both)
}

#[test]
fn a_certificate_of_ones_own_is_served() {
    let (folder, both) = own(&["auth.test"]);
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--tls",
        &both,
        "--issuer",
        "https://auth.test",
    ]);
    assert_eq!(server.ready.get("ca_file"), None);
    let mut curl = peer::tool("curl");
    curl.args(["-qs", "--noproxy", "*", "--cacert"])
        .arg(folder.path().join("cert.pem"));
    curl.args(["--resolve", &format!("auth.test:{}:127.0.0.1", server.port)]);
    let said = peer::run(
        curl.arg(format!("https://auth.test:{}/healthz", server.port)),
        &[],
    );
    assert_eq!(said, r#"{"status":"ok"}"#);
    assert!(!server.log().contains("note:"), "{}", server.log());
    // For another name it is served as well: that clients will refuse it is said.
    let other = Server::with(&["--alg", "ES256", "--tls", &both]);
    let note = "cert.pem is not for 127.0.0.1, and clients will refuse it: `--issuer` names the server as the certificate does\n";
    other.log_with(note);
}

/// What is said of a certificate and a key that will not do.
#[track_caller]
fn refused(given: &str, status: i32, said: &str) {
    let run = jott(["serve-demo", "--listen", "127.0.0.1:0", "--tls", given]).run();
    assert_eq!(
        (run.status, run.stdout.as_str(), run.stderr.as_str()),
        (Some(status), "", said)
    );
}

#[test]
fn what_is_no_certificate_with_its_key_is_refused_before_anything_listens() {
    let (folder, _) = own(&["auth.test"]);
    let (others, _) = own(&["auth.test"]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let other = others.path().join("key.pem").to_str().unwrap().to_owned();
    let with = |name: &str, label: &str, body: &str| {
        let end = if label.starts_with("CUT") {
            ""
        } else {
            "-----END"
        };
        let label = label.trim_start_matches("CUT ");
        let end = end.replace("END", &format!("END {label}-----"));
        fs::write(
            path(name),
            format!("-----BEGIN {label}-----\n{body}\n{end}\n"),
        )
        .unwrap();
        path(name)
    };
    let (bad, cut) = (
        with("bad.pem", "CERTIFICATE", "AAAA"),
        with("cut.pem", "CUT CERTIFICATE", "MIIB"),
    );
    let (odd, locked) = (
        with("odd.pem", "PRIVATE KEY", "AAAA"),
        with("locked.pem", "ENCRYPTED PRIVATE KEY", "AAAA"),
    );
    let form = "hint: `--tls self-signed` makes a certificate for this run, `--tls CERT,KEY` takes the PEM files of one's own\n";
    for given in ["on", "", &cert, &format!("{cert},")] {
        refused(
            given,
            2,
            &format!("error: `--tls {given}` is not a way to speak TLS\n{form}"),
        );
    }
    refused(
        &format!("{cert},{other}"),
        3,
        &format!(
            "error: {other} is not the key of {cert}\nhint: the certificate of the server comes first in its file, those above it after it\n"
        ),
    );
    refused(
        &format!("{key},{key}"),
        3,
        &format!("error: there is no certificate in {key}\n{form}"),
    );
    refused(
        &format!("{cert},{cert}"),
        3,
        &format!("error: there is no private key in {cert}\n{form}"),
    );
    refused(
        &format!("{cut},{key}"),
        3,
        &format!("error: {cut} cannot be read as PEM\ncause: a block does not end\n"),
    );
    refused(
        &format!("{bad},{key}"),
        3,
        &format!("error: the certificate in {bad} cannot be read\n"),
    );
    refused(
        &format!("{cert},{locked}"),
        3,
        &format!(
            "error: the key in {locked} is encrypted\nhint: `openssl pkey` opens it: TLS needs it as it is\n"
        ),
    );
    refused(
        &format!("{cert},{odd}"),
        3,
        &format!(
            "error: {cert} and {odd} cannot be used for TLS\ncause: unexpected error: failed to parse private key as RSA, ECDSA, or EdDSA\n"
        ),
    );
    let none = path("none.pem");
    refused(
        &format!("{cert},{none}"),
        5,
        &format!("error: {none} cannot be read\ncause: No such file or directory (os error 2)\n"),
    );
    let place = folder.path().display();
    refused(
        &format!("{cert},{place}"),
        5,
        &format!(
            "error: {place} cannot be read\ncause: it is a folder\nhint: name the file in it\n"
        ),
    );
}

#[test]
fn tls_for_an_issuer_that_is_plain_http_is_refused() {
    let run = jott([
        "serve-demo",
        "--tls",
        "self-signed",
        "--issuer",
        "http://auth.test",
    ])
    .run();
    let said = "error: the issuer begins with http://, and `--tls` serves https\nhint: write `--issuer` with https://, or leave out `--tls`\n";
    assert_eq!((run.status, run.stderr.as_str()), (Some(2), said));
}

#[test]
fn an_authority_whose_file_cannot_be_written_is_said() {
    let run = jott([
        "serve-demo",
        "--listen",
        "127.0.0.1:0",
        "--tls",
        "self-signed",
    ])
    .env("TMPDIR", "/nowhere")
    .run();
    let said = "error: the file of the certificate authority cannot be written\n";
    assert_eq!(run.status, Some(5));
    assert!(run.stderr.starts_with(said), "{}", run.stderr);
    assert!(
        run.stderr
            .ends_with("hint: TMPDIR names a folder that can be written to\n"),
        "{}",
        run.stderr
    );
}
