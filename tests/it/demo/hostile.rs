//! What nobody should send: no 5xx, no panic, no secret in the log, and the next request is served.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::browser::{Browser, request};
use super::http::{Answer, encode, query, send};
use super::server::Server;

#[track_caller]
fn still_serves(server: &Server) {
    assert_eq!(server.get("/healthz").status, 200);
}

/// RFC 9110 section 15.5.
#[test]
fn unknown_paths_and_methods_are_answered_in_kind() {
    let server = Server::start();
    let nested = format!("/{}", "a/".repeat(5000));
    for path in [
        "/nothing",
        "/token/",
        "//token",
        "/%00",
        "/%ff",
        "/../etc/passwd",
        "/TOKEN",
        &nested,
    ] {
        assert_eq!(server.get(path).status, 404, "{path:.40}");
    }
    for method in ["PUT", "PATCH", "DELETE", "TRACE", "FOO", "PROPFIND"] {
        for path in ["/", "/token", "/authorize", "/protected", "/healthz"] {
            assert_eq!(
                server.request(method, path).send().status,
                405,
                "{method} {path}"
            );
        }
        assert_eq!(server.request(method, "/nothing").send().status, 404);
    }
    assert_eq!(server.request("OPTIONS", "*").send().status, 404);
    still_serves(&server);
}

/// RFC 9110 section 15.5.14.
#[test]
fn a_body_of_ten_megabytes_is_too_large() {
    let server = Server::start();
    let huge = vec![b'a'; 10 << 20];
    let form = "application/x-www-form-urlencoded";
    for path in [
        "/token",
        "/introspect",
        "/login",
        "/consent",
        "/items",
        "/nothing",
    ] {
        // Where the server closes before the body is through, the answer may be lost.
        if let Some(answer) = send(
            server.port,
            &server.request("POST", path).body(form, &huge).bytes(),
        ) {
            assert_eq!(answer.status, 413, "{path}");
        }
    }
    let declared = server
        .request("POST", "/token")
        .header("Content-Length", "10485760");
    assert_eq!(declared.send().status, 413);
    let overflowing = server
        .request("POST", "/token")
        .header("Content-Length", "99999999999999999999");
    assert_eq!(overflowing.send().status, 400);
    still_serves(&server);
}

#[test]
fn a_chunked_body_is_bounded_too() {
    let server = Server::start();
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        server.port
    );
    let chunk = format!("4000\r\n{}\r\n", "a".repeat(0x4000)).repeat(20);
    if let Some(answer) = send(server.port, format!("{head}{chunk}0\r\n\r\n").as_bytes()) {
        assert_eq!(answer.status, 413);
    }
    let good = "grant_type=password&username=alice&password=wonderland";
    let good = format!("{head}{:x}\r\n{good}\r\n0\r\n\r\n", good.len());
    assert_eq!(send(server.port, good.as_bytes()).unwrap().status, 200);
    still_serves(&server);
}

/// RFC 9110 section 15.5.15, RFC 6585 section 5.
#[test]
fn a_state_of_a_megabyte_and_a_flood_of_headers_are_too_large() {
    let server = Server::start();
    let state = "x".repeat(1 << 20);
    let target = format!("/authorize?{}", request(&[("state", &state)]));
    if let Some(answer) = send(server.port, &server.request("GET", &target).bytes()) {
        assert!([414, 431].contains(&answer.status), "{answer:?}");
    }
    let mut many = server.request("GET", "/healthz");
    for n in 0..5000 {
        many = many.header(&format!("X-{n}"), "x");
    }
    if let Some(answer) = send(server.port, &many.bytes()) {
        assert_eq!(answer.status, 431);
    }
    let long = server
        .request("GET", "/healthz")
        .header("X", &"x".repeat(1 << 20));
    if let Some(answer) = send(server.port, &long.bytes()) {
        assert_eq!(answer.status, 431);
    }
    still_serves(&server);
}

/// A state that fits comes back byte for byte, through log-in and consent.
#[test]
fn a_state_of_ten_kilobytes_comes_back() {
    let server = Server::start();
    let state = "%=&+ é\u{1F600}".repeat(500);
    let answer = Browser::new(&server).allow(&request(&[("state", &state)]));
    assert_eq!(answer.back("state"), Some(state));
}

/// RFC 9112 section 6.1: a way to smuggle requests.
#[test]
fn a_body_of_two_lengths_ends_the_connection_or_is_refused() {
    let server = Server::start();
    let both = |first: &str, second: &str| {
        let form = "grant_type=password&username=alice&password=wonderland";
        let head = format!(
            "POST /token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             {first}\r\n{second}\r\n\r\n{:x}\r\n{form}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
            server.port,
            form.len()
        );
        send(server.port, head.as_bytes()).unwrap()
    };
    let (length, chunked) = ("Content-Length: 5", "Transfer-Encoding: chunked");
    for answer in [both(length, chunked), both(chunked, length)] {
        assert_eq!((answer.status, answer.header("connection")), (200, "close"));
    }
    assert!(!server.whole_log().contains("smuggled"));
    assert_eq!(both(length, "Content-Length: 6").status, 400);
    assert_eq!(both(chunked, "Transfer-Encoding: identity").status, 400);
    still_serves(&server);
}

/// RFC 9110 section 10.1.1.
#[test]
fn expect_continue_is_continued() {
    let server = Server::start();
    let form = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", "wonderland"),
    ];
    let request = server
        .request("POST", "/token")
        .header("Expect", "100-continue")
        .form(&form);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let bytes = request.bytes();
    let body = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    stream.write_all(&bytes[..body]).unwrap();
    let mut first = [0; 25];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&bytes[body..]).unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert_eq!(Answer::parse(&rest).unwrap().status, 200);
    let odd = server
        .request("POST", "/token")
        .header("Expect", "the-unexpected")
        .form(&form);
    assert!(odd.send().status < 500);
}

/// RFC 9112 section 3.2.2: the target wins over Host, and both have to be names of this server.
#[test]
fn an_absolute_target_has_to_be_this_server() {
    let server = Server::start();
    let own = format!("http://127.0.0.1:{}/healthz", server.port);
    assert_eq!(server.get(&own).status, 200);
    assert_eq!(server.get("http://evil.example/healthz").status, 421);
    let target = server.request("GET", &own).header("Host", "evil.example");
    assert_eq!(target.send().status, 421);
    let connect = send(
        server.port,
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    );
    assert!(connect.is_none_or(|answer| (400..500).contains(&answer.status)));
    server.log_with("\nCONNECT evil.example:443 - 421 ");
    still_serves(&server);
}

/// A page of another site may lead its own name here (DNS rebinding); RFC 9110 section 15.5.20.
#[test]
fn a_host_that_is_not_this_server_is_misdirected() {
    let server = Server::with(&["--alg", "ES256", "--issuer", "http://auth.test:1234"]);
    let with = |host: &str| {
        server
            .request("GET", "/protected")
            .header("Host", host)
            .send()
    };
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "[::2]",
        "auth.test.",
        "xauth.test",
    ] {
        let answer = with(host);
        assert_eq!((answer.status, answer.body.as_str()), (421, ""), "{host}");
    }
    for host in [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1:1",
        "127.1.2.3",
        "[::1]:80",
        "auth.test",
        "AUTH.test:9",
    ] {
        assert_eq!(with(host).status, 401, "{host}");
    }
    for host in [
        "",
        " ",
        "a b",
        "user@localhost",
        "localhost:x",
        "http://localhost",
        "[::1",
        "é",
    ] {
        assert!([400, 421].contains(&with(host).status), "{host}");
    }
    server.log_with("`evil.example` is not a name of this server");
}

/// RFC 9112 section 3.2.
#[test]
fn a_request_has_one_host() {
    let server = Server::start();
    assert_eq!(
        server
            .request("GET", "/healthz")
            .without_host()
            .send()
            .status,
        400
    );
    let bytes =
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(send(server.port, bytes).unwrap().status, 400);
    // RFC 9112 section 3.2 demands it of HTTP/1.1; here it is what keeps foreign names out.
    for bytes in [
        "GET /healthz HTTP/1.0\r\n\r\n",
        "GET http://evil.example/healthz HTTP/1.0\r\n\r\n",
        "GET http://localhost/healthz HTTP/1.0\r\n\r\n",
    ] {
        let old = send(server.port, bytes.as_bytes()).unwrap();
        assert_eq!(old.status, 400, "{bytes}");
    }
    let old = send(
        server.port,
        b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n",
    );
    assert_eq!(old.unwrap().status, 200);
    let old = send(
        server.port,
        b"GET /healthz HTTP/1.0\r\nHost: evil.example\r\n\r\n",
    );
    assert_eq!(old.unwrap().status, 421);
    let reason = "there is no Host header (RFC 9112 section 3.2)\n";
    assert_eq!(server.whole_log().matches(reason).count(), 4);
}

#[test]
fn what_is_no_http_is_no_harm() {
    let server = Server::start();
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0\0\0\0",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n X: y\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ] {
        if let Some(answer) = ending(server.port, bytes) {
            assert!(answer.status < 500, "{bytes:?} {answer:?}");
        }
    }
    still_serves(&server);
}

/// A client may close its half of the connection and still wait for the answer.
#[test]
fn a_half_closed_connection_is_answered() {
    let server = Server::start();
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream
        .write_all(&server.request("GET", "/protected").bytes())
        .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(Answer::parse(&answer).unwrap().status, 401);
}

/// RFC 9112 section 8: an incomplete body is no request.
#[test]
fn a_body_that_ends_too_early_is_a_bad_request() {
    let server = Server::start();
    let bytes = server
        .request("POST", "/token")
        .form(&[("grant_type", "password")])
        .bytes();
    assert_eq!(
        ending(server.port, &bytes[..bytes.len() - 1])
            .unwrap()
            .status,
        400
    );
}

/// Sends bytes and says that there are no more.
fn ending(port: u16, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    Answer::parse(&answer)
}

/// What is no request has a line in the log too, with none of its bytes in it.
#[test]
fn what_cannot_be_read_is_told_in_the_log() {
    let malformed = |what: &str| {
        format!("- - - 400 -; the head of the request is malformed: {what} (RFC 9112 section 2.2)")
    };
    let too_large = "- - - 431 -; the head of the request is larger than 32 KiB, or has over 100 headers (RFC 6585 section 5)";
    let ended = "- - - - -; the connection ended in the middle of a request (RFC 9112 section 8)";
    let get = |headers: &str| format!("GET /sesame HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
    let cases = [
        (
            "\x17\x03sesame\x1b[31m\r\n\r\n".to_owned(),
            malformed("invalid HTTP method parsed"),
        ),
        (
            "GET /sesame HTTP/9.9\r\n\r\n".to_owned(),
            malformed("invalid HTTP version parsed"),
        ),
        (
            "GET /<sesame\x7f> HTTP/1.1\r\n\r\n".to_owned(),
            malformed("invalid URI"),
        ),
        (
            get("sesame\x1b: x\r\n"),
            malformed("invalid HTTP header parsed"),
        ),
        (
            get("Content-Length: sesame\r\n"),
            malformed("invalid content-length parsed"),
        ),
        (get(&"Sesame: x\r\n".repeat(101)), too_large.to_owned()),
        (
            get(&format!("Sesame: {}\r\n", "x".repeat(64 << 10))),
            too_large.to_owned(),
        ),
        (
            format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(66_000)),
            too_large.to_owned(),
        ),
        (
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
            "- - - - -; the client speaks HTTP/2, but the server only HTTP/1.1 (RFC 9113 section 3.4)"
                .to_owned(),
        ),
        (
            "GET /sesame HTTP/1.1\r\nHost: local".to_owned(),
            ended.to_owned(),
        ),
    ];
    for (bytes, line) in cases {
        let server = Server::start();
        let status = line.split(' ').nth(3).unwrap().parse::<u16>().ok();
        let answer = ending(server.port, bytes.as_bytes());
        assert_eq!(answer.map(|answer| answer.status), status, "{line}");
        let log = server.log_with(&format!("\n{line}\n"));
        assert!(!log.to_lowercase().contains("sesame"), "{log}");
        let after = server.whole_log();
        let lines = after.lines().filter(|line| line.starts_with("- "));
        assert_eq!(lines.count(), 1, "{after}");
    }
}

/// Who connects and says nothing, or goes away between two requests, has asked for nothing.
#[test]
fn connections_without_a_request_are_not_told_of() {
    let server = Server::start();
    drop(TcpStream::connect(("127.0.0.1", server.port)).unwrap());
    ending(server.port, b"");
    let mut kept = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    kept.write_all(b"GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    server.log_with("GET /first");
    drop(kept);
    let before = server.log();
    let log = server.whole_log();
    let lines: Vec<&str> = log[before.len()..].lines().collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
}

/// Good requests with bytes of theirs changed, taken away, doubled: always an answer in kind, or none.
#[test]
fn mangled_requests_are_no_harm() {
    let server = Server::start();
    let token = server.alice_token("items:write");
    let good = [
        server
            .service_request("/token", &[("grant_type", "client_credentials")])
            .bytes(),
        server
            .request("POST", "/token")
            .form(&super::browser::redemption("code"))
            .bytes(),
        server
            .service_request("/introspect", &[("token", &token)])
            .bytes(),
        server
            .service_request("/revoke", &[("token", &token[1..])])
            .bytes(),
        server
            .request("GET", &format!("/authorize?{}", request(&[])))
            .bytes(),
        server
            .request("POST", "/login")
            .form(&[("request", &request(&[])), ("csrf", "x")])
            .bytes(),
        server
            .request("POST", "/items")
            .bearer(&token)
            .body("application/json", "{\"name\":\"x\"}")
            .bytes(),
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..3000 {
        let mut bytes = good[random(good.len())].clone();
        for _ in 0..=random(4) {
            let (at, byte) = (random(bytes.len()), u8::try_from(random(256)).unwrap());
            let end = (at + random(20)).min(bytes.len());
            match random(4) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.drain(at..end)),
                _ => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
            }
        }
        if let Some(answer) = ending(server.port, &bytes) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(answer.status < 500, "{answer:?} to {text}");
        }
    }
    still_serves(&server);
}

/// Slow heads and slow bodies are given up after 10 seconds, and meanwhile others are served.
#[test]
fn slow_clients_are_given_up_and_keep_nobody_waiting() {
    let server = Server::start();
    let body = server
        .request("POST", "/token")
        .header("Content-Length", "100")
        .bytes();
    let dripping = [b"GET /healthz HTTP/1.1\r\nHost: ".to_vec(), body];
    let idle = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    thread::scope(|scope| {
        for start in &dripping {
            scope.spawn(|| {
                let started = Instant::now();
                let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
                stream.write_all(start).unwrap();
                stream
                    .set_read_timeout(Some(Duration::from_millis(500)))
                    .unwrap();
                let mut answer = Vec::new();
                loop {
                    let mut buffer = [0; 1024];
                    match stream.read(&mut buffer) {
                        Ok(0) => break,
                        Ok(count) => answer.extend_from_slice(&buffer[..count]),
                        Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {
                            if stream.write_all(b"x").is_err() {
                                break;
                            }
                        }
                        Err(_) => break,
                    }
                    assert!(
                        started.elapsed() < Duration::from_secs(20),
                        "it is still open"
                    );
                }
                assert!(started.elapsed() > Duration::from_secs(8));
                let status = Answer::parse(&answer).map(|answer| answer.status);
                assert!([None, Some(408)].contains(&status), "{status:?}");
            });
        }
        for _ in 0..5 {
            still_serves(&server);
            thread::sleep(Duration::from_millis(200));
        }
    });
    server.log_with("POST /token - 408 ");
    server.log_with(
        "\n- - - - -; the head of the request did not come in 10 seconds (RFC 9110 section 15.5.9)\n",
    );
    // One that has asked for nothing is closed without a word.
    assert_eq!((&idle).read(&mut [0; 1]).unwrap(), 0);
    assert_eq!(server.log().matches("\n- ").count(), 1);
}

/// Those that have been idle for the longest are given up for a new one, be they silent from the start, in the middle of
/// a head, or between two requests. Who has a request is not given up.
#[test]
fn ten_thousand_idle_connections_keep_nobody_waiting() {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, most.min(16_384), most).unwrap();
    let server = Server::start();
    let asking = format!(
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n",
        server.port
    );
    let connect = || TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let body = "grant_type=magic";
    let request = server
        .request("POST", "/token")
        .form(&[("grant_type", "magic")]);
    let request = request.bytes();
    let mut slow = None;
    let mut open = Vec::new();
    for number in 0..10_000 {
        let mut stream = connect();
        let part = [0, 20, asking.len()][number % 3];
        stream.write_all(&asking.as_bytes()[..part]).unwrap();
        open.push(stream);
        if number % 1000 == 0 {
            let asked = Instant::now();
            still_serves(&server);
            assert!(asked.elapsed() < Duration::from_secs(2), "{number}");
        }
        // The rest is more than there is room for.
        if number == 9_000 {
            let slow = slow.insert(connect());
            slow.write_all(&request[..request.len() - body.len()])
                .unwrap();
        }
    }
    let mut slow = slow.unwrap();
    slow.write_all(body.as_bytes()).unwrap();
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).unwrap();
    Answer::parse(&answer)
        .unwrap()
        .is_error(400, "unsupported_grant_type");
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak: u32 = peak
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    // Without a connection it is 20 MiB or so of a program that was not optimized.
    assert!(peak < 64 << 10, "{peak} KiB");
}

/// No secret of a request and no token of an answer is in the log.
#[test]
fn the_log_has_no_secrets() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let page = browser.get(&format!(
        "/authorize?{}",
        request(&[("nonce", "sesame-nonce")])
    ));
    browser.fill(
        &page,
        "/login",
        &[("username", "alice"), ("password", "sesame-password")],
    );
    server.post(
        "/token",
        &[
            ("grant_type", "password"),
            ("username", "sesame-name"),
            ("password", "sesame"),
        ],
    );
    server.service(
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", "sesame-code"),
        ],
    );
    server.service("/introspect", &[("token", "sesame-token")]);
    server.service("/revoke", &[("token", "eyJzZXNhbWUi.eyJzZXNhbWUi.sesame")]);
    server
        .request("POST", "/token")
        .basic("sesame-id", "sesame")
        .form(&[("grant_type", "password")])
        .send();
    server
        .request("GET", "/protected?access_token=sesame")
        .send();
    server.protected("sesame");
    server
        .request("GET", "/protected")
        .header("Authorization", "Sesame open")
        .send();
    let log = server.whole_log();
    assert!(!log.to_lowercase().contains("sesame"), "{log}");
    assert_eq!(
        log.lines()
            .filter(|line| line.starts_with("POST ") || line.starts_with("GET "))
            .count(),
        11
    );
}

/// Clients mix up their parameters: what is secret in its own place is so in every other.
#[test]
fn the_log_repeats_no_secret_that_is_sent_in_the_place_of_another() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let code = browser.allow(&request(&[])).back("code").unwrap();
    let cookie = browser.cookie.clone().unwrap();
    let (_, session) = cookie.split_once('=').unwrap();
    let other = super::browser::tokens(&server, &[]);
    let (access, refresh) = (other.text("access_token"), other.text("refresh_token"));
    let secrets = [
        code.as_str(),
        session,
        &access,
        &refresh,
        super::browser::VERIFIER,
        "wonderland",
        "builder",
        "demo-web-secret",
    ];
    let names = [
        "grant_type",
        "client_id",
        "scope",
        "resource",
        "audience",
        "redirect_uri",
        "post_logout_redirect_uri",
        "response_type",
        "response_mode",
        "prompt",
        "max_age",
        "code_challenge_method",
        "state",
        "nonce",
        "claims",
        "username",
        "token_type_hint",
        "login_hint",
        "id_token_hint",
    ];
    let grants = [
        (
            "password",
            ("username", "alice"),
            ("password", "wonderland"),
        ),
        (
            "authorization_code",
            ("code", code.as_str()),
            ("redirect_uri", "x"),
        ),
        ("refresh_token", ("refresh_token", &refresh), ("x", "x")),
    ];
    for secret in secrets {
        for name in names {
            for value in [
                secret.to_owned(),
                format!("https://a.example/{secret}?{secret}"),
            ] {
                let sent = (name, value.as_str());
                server.get(&format!("/authorize?{}", request(&[sent])));
                server.get(&format!(
                    "/end_session?client_id=demo-app&{}",
                    query(&[sent])
                ));
                for (grant, one, two) in grants {
                    let mut form = vec![("grant_type", grant), ("client_id", "demo-app"), one, two];
                    form.retain(|(n, _)| *n != name);
                    server.post("/token", &[form.as_slice(), &[sent]].concat());
                }
                server.service("/introspect", &[("token", "x"), sent]);
                server.service("/revoke", &[("token", "x"), sent]);
            }
        }
        let twice = format!("{0}=1&{0}=2", encode(secret));
        server.get(&format!("/authorize?{}&{twice}", request(&[])));
        server.get(&format!("/{secret}"));
        server.get(&format!("/callback/{secret}/x"));
        server.get(&format!("http://alice:{secret}@evil.example/"));
        server
            .request("CONNECT", &format!("alice:{secret}@evil.example:443"))
            .send();
        server.request("GET", "/").header("Host", secret).send();
        let origin = format!("https://{secret}.example");
        server
            .request("POST", "/login")
            .header("Origin", &origin)
            .form(&[])
            .send();
        server
            .request("GET", "/protected")
            .header("Authorization", &format!("{secret} x"))
            .send();
    }
    let log = server.whole_log();
    let (_, log) = log.split_once("jott decode \"$TOKEN\"").unwrap();
    for secret in secrets.iter().flat_map(|secret| secret.split('.')) {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// What a path has in it does not act on the terminal.
#[test]
fn a_path_cannot_write_on_the_terminal() {
    let server = Server::start();
    let target = "/a\u{9b}31m\u{202e}b";
    let _ = send(server.port, &server.request("GET", target).bytes());
    let log = server.whole_log();
    assert!(
        !log.contains('\u{9b}') && !log.contains('\u{202e}'),
        "{log}"
    );
}
