//! Where keys may be asked for.

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose};

use super::server::{Authority, Proxy, Server, ok, raw, redirect, reply};
use super::{X, bare, entry, one, quietly, refused, token};
use crate::support::jott;

#[test]
fn plain_http_stays_on_this_machine() {
    let server = Server::start(|_| ok(one()));
    let run =
        |key: &str, flag: &str| jott(["verify", "-q", "--key", key, &token("a", &[]), flag]).run();
    let plain = run("http://keys.test/set?hunter2", "--no-cache");
    assert_eq!(plain.status, Some(3));
    assert_eq!(
        plain.stderr,
        "error: http://keys.test/set is plain http: anybody between could replace the keys\n\
         hint: use https; `--allow-http` accepts plain http\n"
    );
    assert_eq!(run("issuer:http://keys.test", "--no-cache").status, Some(3));
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{}/set", server.port);
        assert_eq!(run(&url, "--no-cache").status, Some(0), "{host}");
    }
    // Asked for, it goes as far as the name.
    let proxy = Proxy::start(Some(server.port));
    let run = jott([
        "verify",
        "-q",
        "--allow-http",
        "--key",
        "http://keys.test/set",
        &token("a", &[]),
    ])
    .env("HTTP_PROXY", &format!("http://127.0.0.1:{}", proxy.port))
    .run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_password_in_a_url_is_a_wrong_command_line() {
    for key in [
        "https://u:hunter2@a.test/k",
        "issuer:https://hunter2@a.test",
    ] {
        let run = quietly(key, "x").run();
        assert_eq!(run.status, Some(2));
        assert_eq!(
            run.stderr,
            "error: the URL in `--key` has a user name in it\n\
             hint: write https://HOST/PATH; a JWK Set is public, and needs no password\n"
        );
    }
}

#[test]
fn redirects_stay_with_the_host() {
    let server = Server::start(|path| match path {
        "/once" => redirect("/keys"),
        "/twice" => redirect("once"),
        "/thrice" => redirect("/twice"),
        "/four" => redirect("/thrice"),
        "/folder/up" => redirect("../keys"),
        "/folder/query" => redirect("?again"),
        "/folder/query?again" => redirect("./colon:/../../keys"),
        "/loop" => redirect("/loop"),
        "/host" => redirect("https://other.test:8443/keys?hunter2"),
        "/user" => redirect("http://user@127.0.0.1/keys"),
        "/file" => redirect("file:///etc/passwd"),
        "/port" => redirect("http://127.0.0.1:1/keys"),
        "/none" => reply(302, &[], ""),
        "/odd" => redirect("http://[::1"),
        "/keys" => ok(one()),
        _ => reply(404, &[], ""),
    });
    for path in ["/once", "/twice", "/thrice", "/folder/up", "/folder/query"] {
        assert_eq!(
            refused(&server, &server.url(path)),
            (0, String::new()),
            "{path}"
        );
    }
    for (path, said) in [
        ("/four", "redirects more than 3 times\n"),
        ("/loop", "redirects more than 3 times\n"),
        (
            "/host",
            "redirects to https://other.test:8443, which is not the host that was asked\n\
             hint: name that address itself if its keys are to be trusted\n",
        ),
        (
            "/port",
            "redirects to http://127.0.0.1:1, which is not the host that was asked\n\
             hint: name that address itself if its keys are to be trusted\n",
        ),
        (
            "/user",
            "redirects to an address that has a user name in it\n",
        ),
        ("/file", "redirects to an address that is not a URL\n"),
        ("/none", "redirects to nowhere\n"),
        ("/odd", "redirects to an address that is not a URL\n"),
    ] {
        let said = format!("error: http://127.0.0.1:PORT{path} {said}");
        assert_eq!(refused(&server, &server.url(path)), (3, said));
    }
}

#[test]
fn https_is_believed_by_the_certificate_alone() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let token = token("a", &[]);
    let run = |server: &Server, path: &str| {
        let key = format!("https://127.0.0.1:{}{path}", server.port);
        let run = quietly(&key, &token)
            .env("SSL_CERT_FILE", &ours.pem())
            .run();
        (run.status.unwrap(), bare(&run.stderr, server))
    };
    let answer = |path: &str| match path {
        "/down" => redirect("http://127.0.0.1/keys"),
        _ => ok(one()),
    };
    let serve = |authority: &Authority, name: &str, has_expired| {
        Server::start_tls(authority.server(&[name], has_expired), answer)
    };
    let odd = |change: fn(&mut CertificateParams)| {
        Server::start_tls(ours.odd_server(&["127.0.0.1"], change), answer)
    };
    let good = serve(&ours, "127.0.0.1", false);
    assert_eq!(run(&good, "/keys"), (0, String::new()));
    assert_eq!(
        run(&good, "/down"),
        (
            3,
            "error: https://127.0.0.1:PORT/down redirects to http://127.0.0.1, which is not the host that was asked\n\
             hint: name that address itself if its keys are to be trusted\n"
                .to_owned()
        )
    );
    let cannot = "error: https://127.0.0.1:PORT/keys cannot be trusted:";
    for (server, said) in [
        (
            serve(&theirs, "127.0.0.1", false),
            "its certificate is from an authority that is not known here\n\
             hint: on Linux `SSL_CERT_FILE=ca.pem` names the authorities to trust\n",
        ),
        (
            serve(&ours, "keys.test", false),
            "its certificate is for another host\n",
        ),
        (
            serve(&ours, "127.0.0.1", true),
            "its certificate has expired\n",
        ),
        (
            odd(|params| params.not_before = rcgen::date_time_ymd(2999, 1, 1)),
            "its certificate is not valid yet\n\
             hint: is the clock of this machine right? `date -u` shows it\n",
        ),
        (
            odd(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "its certificate is not for a server\n",
        ),
        (
            Server::start_tls(ours.itself(), answer),
            "its certificate is that of an authority, and is self-signed\n\
             hint: a server needs a certificate of its own, which says CA:FALSE\n",
        ),
    ] {
        assert_eq!(run(&server, "/keys"), (5, format!("{cannot} {said}")));
        assert_eq!(server.requests(), [""; 0]);
    }
    let plain = raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", false);
    let run = quietly(&format!("https://127.0.0.1:{plain}/keys"), &token).run();
    assert_eq!(run.status, Some(5));
    assert_eq!(
        run.stderr,
        format!(
            "error: https://127.0.0.1:{plain}/keys cannot be asked: the server there does not speak TLS\n\
             hint: is it plain http? On this machine http:// is enough\n"
        )
    );
}

#[test]
fn a_proxy_is_asked_for_what_is_elsewhere() {
    let authority = Authority::new("test");
    let server = Server::start_tls(authority.server(&["keys.test"], false), |_| ok(one()));
    let token = token("a", &[]);
    let run = |proxy: &Proxy, scheme: &str, more: (&str, &str)| {
        let url = format!("{scheme}://user:hunter2@127.0.0.1:{}", proxy.port);
        let run = quietly("https://keys.test/set", &token)
            .env("SSL_CERT_FILE", &authority.pem())
            .env("HTTPS_PROXY", &url)
            .env(more.0, more.1)
            .run();
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        (run.status.unwrap(), run.stderr)
    };
    let nothing = ("NOTHING", "");

    let proxy = Proxy::start(Some(server.port));
    assert_eq!(run(&proxy, "http", nothing), (0, String::new()));
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with("CONNECT keys.test:443 HTTP/1.1\r\n"),
        "{heads:?}"
    );
    assert!(
        heads[0].contains("Proxy-Authorization: Basic dXNlcjpodW50ZXIy\r\n"),
        "{heads:?}"
    );

    // The name has no address here, so that going there by itself fails.
    assert_eq!(run(&proxy, "http", ("NO_PROXY", "a.test, .keys.test")).0, 5);
    assert_eq!(proxy.heads().len(), 1);

    let closed = Proxy::start(None);
    assert_eq!(
        run(&closed, "http", nothing),
        (
            5,
            "error: the proxy did not connect to https://keys.test/set: proxy server responded 407/407\n\
             hint: HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names it; NO_PROXY names hosts to go to without it\n".to_owned()
        )
    );
    assert_eq!(
        run(&closed, "socks5", nothing),
        (
            5,
            "error: HTTPS_PROXY does not name a proxy that can be used\n\
             hint: it has the form http://HOST:PORT or https://HOST:PORT\n"
                .to_owned()
        )
    );

    // What is on this machine does not leave it.
    let here = Server::start(|_| ok(one()));
    let run = quietly(&here.url("/keys"), &token)
        .env("ALL_PROXY", &format!("http://127.0.0.1:{}", closed.port))
        .run();
    assert_eq!(run.status, Some(0), "{}", run.stderr);
}

#[test]
fn the_address_of_keys_may_come_from_the_environment() {
    let server = Server::start(|_| ok(one()));
    let run = jott(["verify", "-q", &token("a", &[])])
        .env("JOTT_KEY_SOURCE", &server.url("/keys"))
        .run();
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn nothing_in_a_token_is_fetched() {
    let server = Server::start(|_| ok(one()));
    let url = server.url("/evil");
    let evil = token(
        "a",
        &[
            "--iss",
            &url,
            "--header",
            &format!("jku={url}"),
            "--header",
            &format!("x5u={url}"),
        ],
    );
    let run = jott(["verify", "-q", "--key", "env:K", &evil])
        .env(
            "K",
            &entry("z").replace(X, "Xx4_L89E6RsyvDTzN9wuN3cDwgifPkXMgFJv_HMIxdk"),
        )
        .run();
    assert_eq!(run.status, Some(1), "{run:?}");
    assert_eq!(server.requests(), [""; 0]);
}
