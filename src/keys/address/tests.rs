use super::*;

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

#[test]
fn what_can_be_read_in_two_ways_is_no_address() {
    for text in [
        "",
        "https://",
        "https:///keys",
        "ftp://a.test/",
        "file:///etc/passwd",
        "/keys",
        "a.test",
        "https://user@a.test/",
        "https://user:secret@a.test/",
        "https://a.test:80:90/",
        "https://a.test:99999/",
        "https://a.test\\@b.test/",
        "https://a.test/ keys",
        "https://a.test/\r\nHost: b.test",
        "https://[::1/",
        "https://[::1]x/",
        "https://a.test:/",
        "https://a.test:+80/",
        "https://a%2etest/",
        "https://\u{e4}.test/",
    ] {
        assert!(Address::parse(text).is_err(), "{text:?}");
    }
    assert!(Address::parse(&format!("https://a.test/{}", "k".repeat(4096))).is_err());
}

#[test]
fn only_this_machine_is_loopback() {
    for host in [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1",
        "127.9.9.9:80",
        "[::1]",
        "[0:0::1]:8",
    ] {
        assert!(address(&format!("http://{host}/k")).is_loopback(), "{host}");
    }
    for host in [
        "a.test",
        "localhost.a.test",
        "127.0.0.1.a.test",
        "127.1",
        "0x7f.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "[::]",
        "[::ffff:127.0.0.1]",
    ] {
        assert!(
            !address(&format!("http://{host}/k")).is_loopback(),
            "{host}"
        );
    }
}

#[test]
fn a_location_is_seen_from_where_it_was_said() {
    let here = address("https://a.test:8443/x/keys?q=1");
    for (location, there) in [
        ("https://b.test/k", "https://b.test/k"),
        ("//b.test/k", "https://b.test/k"),
        ("/k?z", "https://a.test:8443/k?z"),
        ("k", "https://a.test:8443/x/k"),
        (
            "k?u=https://b.test",
            "https://a.test:8443/x/k?u=https://b.test",
        ),
    ] {
        assert_eq!(here.join(location), Ok(address(there)), "{location}");
    }
    assert!(here.join("https://u:p@a.test/").is_err());
    assert!(here.join("//u:p@a.test/").is_err());
    assert!(here.join("javascript://a.test/").is_err());
    assert!(here.join("https:/k").is_err());
}

/// The examples of RFC 3986 section 5.4, but for those of other schemes.
#[test]
fn relative_references_are_those_of_the_rfc() {
    let here = address("http://a/b/c/d;p?q");
    for (reference, there) in [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g/"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"),
        ("g#s", "http://a/b/c/g"),
        ("g?y#s", "http://a/b/c/g?y"),
        (";x", "http://a/b/c/;x"),
        ("g;x", "http://a/b/c/g;x"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../", "http://a/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"),
        ("g/../h", "http://a/b/c/h"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/../x", "http://a/b/c/g"),
        ("g/h:i", "http://a/b/c/g/h:i"),
        ("./g:h", "http://a/b/c/g:h"),
        ("http://a/x/../y", "http://a/y"),
    ] {
        assert_eq!(here.join(reference), Ok(address(there)), "{reference}");
    }
    assert!(here.join("g:h").is_err());
}

#[test]
fn the_same_host_has_the_same_scheme_and_port() {
    let here = address("https://a.test/keys");
    for other in ["https://a.test:443/x", "https://A.TEST/"] {
        assert!(here.is_beside(&address(other)), "{other}");
    }
    for other in [
        "http://a.test/",
        "https://a.test:8443/",
        "https://b.a.test/",
    ] {
        assert!(!here.is_beside(&address(other)), "{other}");
    }
}

#[test]
fn the_query_is_not_shown() {
    let secret = address("https://a.test/k?token=hunter2");
    assert_eq!(secret.shown(), "https://a.test/k");
}
