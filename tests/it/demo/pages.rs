//! Log-in and consent: rows A9 to A11.

use super::browser::{Browser, field, request};
use super::http::Answer;
use super::server::Server;

/// RFC 9700 section 4.16 (no frames) and section 4.2.4 (no referrer), RFC 6749 section 10.13.
#[track_caller]
fn is_guarded(page: &Answer) {
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'"));
    assert!(policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("form-action"));
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.headers("access-control-allow-origin").is_empty());
    for inline in ["<style", "style=", "onclick", "onload"] {
        assert!(!page.body.contains(inline), "{inline} in {page:?}");
    }
    for script in page.body.split("<script").skip(1) {
        assert!(script.starts_with(" type=\"module\" src=\"./"), "{page:?}");
        assert!(script.contains("\"></script>"), "{page:?}");
    }
}

#[test]
fn pages_cannot_be_framed_cached_or_filled_with_foreign_things() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let login = browser.get(&format!("/authorize?{}", request(&[])));
    is_guarded(&login);
    is_guarded(&browser.log_in(&request(&[])));
    is_guarded(&server.get("/authorize"));
    is_guarded(&server.get("/playground"));
    is_guarded(&browser.get("/end_session"));
    is_guarded(&server.get("/end_session"));
    is_guarded(&start_page(&server, "/"));
    let style = server.get("/style.css");
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
}

/// What a browser sees of the root.
fn start_page(server: &Server, path: &str) -> Answer {
    let request = server.request("GET", path);
    request.header("Accept", "text/html").send()
}

/// Every file that a page names is there, wherever the server is, and nothing of another host.
#[test]
fn what_a_page_loads_is_there() {
    for path in ["", "/auth", "/a/b"] {
        let listen = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listen.local_addr().unwrap().port();
        drop(listen);
        let address = format!("127.0.0.1:{port}");
        let issuer = format!("http://{address}{path}");
        let args = ["--alg", "ES256", "--listen", &address, "--issuer", &issuer];
        let server = Server::with(&args);
        let root = if path.is_empty() { "/" } else { path };
        let pages = [
            (root.to_owned(), start_page(&server, root)),
            (
                format!("{path}/playground"),
                server.get(&format!("{path}/playground")),
            ),
            (format!("{path}/docs"), server.get(&format!("{path}/docs"))),
            (
                format!("{path}/end_session"),
                server.get(&format!("{path}/end_session")),
            ),
        ];
        for (at, page) in pages {
            let base = at.rsplit_once('/').unwrap().0;
            let links = page
                .body
                .split(" src=\"")
                .chain(page.body.split(" href=\""))
                .skip(1);
            for link in links.filter_map(|rest| rest.split('"').next()) {
                let target = match link.strip_prefix('.') {
                    Some(below) => format!("{base}{below}"),
                    None => link.to_owned(),
                };
                if !target.starts_with('/') {
                    continue;
                }
                let target = target.split('#').next().unwrap();
                let answer = start_page(&server, target);
                assert!(
                    [200, 401].contains(&answer.status),
                    "{at}: {link} {answer:?}"
                );
            }
        }
    }
}

/// Passwords and secrets that are somebody's own are nowhere on a page.
#[test]
fn only_what_everybody_knows_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let client = "[[client]]\nid = \"demo-service\"\nsecret = \"service-of-mine\"\n";
    std::fs::write(file.path(), client).unwrap();
    let config = file.path().to_str().unwrap();
    let args = [
        "--alg",
        "ES256",
        "--user",
        "alice:alice-of-mine",
        "--config",
        config,
    ];
    let server = Server::with(&args);
    let login = server.get(&format!("/authorize?{}", request(&[])));
    for page in [start_page(&server, "/"), server.get("/playground"), login] {
        assert!(!page.body.contains("of-mine") && !page.body.contains("wonderland"));
        assert!(!page.body.contains("demo-service-secret"));
    }
    assert!(start_page(&server, "/").body.contains("builder"));
}

/// The playground is a client like others: demo-app, and one of its redirect URIs.
#[test]
fn the_playground_can_be_come_back_to() {
    let server = Server::start();
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let uri = format!("http://{host}:{}/playground", server.port);
        let answer = Browser::new(&server).allow(&request(&[("redirect_uri", &uri)]));
        assert!(answer.header("location").starts_with(&uri), "{answer:?}");
    }
    let server = Server::with(&["--alg", "ES256", "--public-url", "https://auth.example/x"]);
    let of = |uri| request(&[("redirect_uri", uri)]);
    let authorize = |uri| server.get(&format!("/authorize?{}", of(uri)));
    assert_eq!(authorize("https://auth.example/x/playground").status, 200);
    assert_eq!(authorize("https://auth.example/playground").status, 400);
    assert_eq!(authorize("http://127.0.0.1:9/playground").status, 400);
}

#[test]
fn the_consent_page_says_who_asks_for_what_and_where_the_answer_goes() {
    let server = Server::start();
    let page =
        Browser::new(&server).log_in(&request(&[("redirect_uri", "http://localhost:9/callback")]));
    for text in [
        "demo-app",
        "alice",
        "items:read",
        "read your items",
        "localhost",
    ] {
        assert!(page.body.contains(text), "{text} in {page:?}");
    }
}

/// A client's name is its own to choose, and stays text.
#[test]
fn the_name_of_a_client_is_escaped() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let client = "[[client]]\nid = \"x\"\nname = \"<script>alert(1)</script>\"\nredirect_uris = [\"http://127.0.0.1/callback\"]\n";
    std::fs::write(file.path(), client).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    let page = server.get(&format!("/authorize?{}", request(&[("client_id", "x")])));
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    is_guarded(&page);
}

/// A cookie is for HTTP alone, not for other sites' forms, and named after the port.
#[test]
fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let server = Server::start();
    let page = server.get(&format!("/authorize?{}", request(&[])));
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with(&format!("jott_session_{}=", server.port)));
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let secure = Server::with(&["--alg", "ES256", "--public-url", "https://auth.example"]);
    let page = secure.get(&format!("/authorize?{}", request(&[])));
    assert!(page.header("set-cookie").ends_with("; Secure"));
}

/// Session fixation: what was known before the log-in is worth nothing after it.
#[test]
fn the_session_has_a_new_name_after_the_log_in() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    browser.get(&format!("/authorize?{}", request(&[])));
    let before = browser.cookie.clone();
    let page = browser.log_in(&request(&[]));
    assert_ne!(browser.cookie, before);
    let mut thief = Browser::new(&server);
    thief.cookie = before;
    let answer = thief.fill(&page, "/consent", &[("decision", "allow")]);
    assert_eq!(answer.status, 403);
    let mut again = Browser::new(&server);
    again.cookie = browser.cookie.clone();
    again.log_in(&request(&[("prompt", "login")]));
    let old = browser.get(&format!("/authorize?{}", request(&[])));
    assert!(
        old.body.contains("Log in"),
        "the session before the second log-in is over"
    );
}

#[test]
fn a_wrong_password_can_be_tried_again() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let page = browser.get(&format!("/authorize?{}", request(&[])));
    let wrong = browser.fill(
        &page,
        "/login",
        &[("username", "alice"), ("password", "wrong")],
    );
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("no user of this name and password"));
    assert!(wrong.body.contains("value=\"alice\""));
    let right = [("username", "alice"), ("password", "wonderland")];
    assert_eq!(browser.fill(&wrong, "/login", &right).status, 303);
}

/// RFC 6749 section 10.12.
#[test]
fn a_forged_form_grants_nothing() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let page = browser.log_in(&request(&[]));
    let own = format!("http://127.0.0.1:{}", server.port);
    let csrf = field(&page, "csrf");
    let text = field(&page, "request");
    let post = |origin: Option<&str>, site: Option<&str>, csrf: &str, cookie: bool| {
        let form = [
            ("request", text.as_str()),
            ("csrf", csrf),
            ("decision", "allow"),
        ];
        let mut request = match cookie {
            true => browser.request("POST", "/consent"),
            false => server.request("POST", "/consent"),
        };
        if let Some(origin) = origin {
            request = request.header("Origin", origin);
        }
        if let Some(site) = site {
            request = request.header("Sec-Fetch-Site", site);
        }
        request.form(&form).send()
    };
    let other_port = format!("http://127.0.0.1:{}", server.port.wrapping_add(1));
    for (origin, site, csrf, cookie) in [
        (Some(own.as_str()), None, "", true),
        (Some(own.as_str()), None, "wrong", true),
        (Some(own.as_str()), None, csrf.as_str(), false),
        (Some("null"), None, csrf.as_str(), true),
        (Some("https://evil.example"), None, csrf.as_str(), true),
        (Some(other_port.as_str()), None, csrf.as_str(), true),
        (None, Some("cross-site"), csrf.as_str(), true),
        (None, Some("same-site"), csrf.as_str(), true),
        (None, Some("none"), csrf.as_str(), true),
        (Some("null"), Some("same-origin"), csrf.as_str(), true),
    ] {
        let answer = post(origin, site, csrf, cookie);
        assert_eq!(answer.status, 403, "{origin:?} {site:?} {answer:?}");
        assert!(answer.headers("location").is_empty());
    }
    for (origin, site) in [
        (Some(own.as_str()), None),
        (None, None),
        (None, Some("same-origin")),
    ] {
        assert!(post(origin, site, &csrf, true).back("code").is_some());
    }
}

/// RFC 6749 section 10.12: a log-in cannot be forged either.
#[test]
fn a_forged_log_in_is_refused() {
    let server = Server::start();
    let text = request(&[]);
    let form = [
        ("request", text.as_str()),
        ("csrf", ""),
        ("username", "alice"),
        ("password", "wonderland"),
    ];
    let answer = server.post("/login", &form);
    assert_eq!(answer.status, 403);
    assert!(answer.headers("set-cookie").is_empty());
}

/// A GET grants nothing, and `/consent` does not show itself to those who have not logged in.
#[test]
fn showing_the_consent_page_grants_nothing() {
    let server = Server::start();
    let query = request(&[]);
    let answer = server.get(&format!("/consent?{query}&decision=allow"));
    assert_eq!(answer.status, 303);
    assert!(answer.header("location").starts_with("/authorize?"));
    let mut browser = Browser::new(&server);
    browser.log_in(&query);
    let answer = browser.get(&format!("/consent?{query}&decision=allow"));
    assert_eq!(answer.status, 200);
}

/// The way back after a log-in is the request itself, which is checked again.
#[test]
fn the_request_in_a_form_is_checked_again() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let page = browser.log_in(&request(&[]));
    let evil = request(&[("redirect_uri", "https://evil.example/")]);
    let csrf = field(&page, "csrf");
    let form = [
        ("request", evil.as_str()),
        ("csrf", &csrf),
        ("decision", "allow"),
    ];
    let answer = browser.request("POST", "/consent").form(&form).send();
    assert_eq!(answer.status, 400);
    assert!(answer.headers("location").is_empty());
}

/// Browsers send the cookies of one port to all others (RFC 6265 section 8.5).
#[test]
fn two_servers_on_one_host_keep_their_cookies_apart() {
    let (one, two) = (Server::start(), Server::start());
    let mut browser = Browser::new(&one);
    browser.log_in(&request(&[]));
    let mut other = Browser::new(&two);
    other.cookie = browser.cookie.clone();
    let page = other.get(&format!("/authorize?{}", request(&[])));
    assert!(page.body.contains("Log in"));
    let both = format!(
        "{}; {}",
        browser.cookie.as_deref().unwrap(),
        other.cookie.as_deref().unwrap()
    );
    browser.cookie = Some(both);
    let page = browser.get(&format!("/authorize?{}", request(&[])));
    assert!(page.body.contains("Allow access?"));
}
