use super::*;

#[test]
fn no_proxy_means_hosts_and_what_is_below_them() {
    let meant = |entry, url| is_meant(entry, &Address::parse(url).unwrap());
    for entry in [
        "*",
        "a.test",
        ".test",
        "*.test",
        " K.A.test ",
        "k.a.test:443",
        "test",
    ] {
        assert!(meant(entry, "https://k.a.test/"), "{entry}");
    }
    for entry in [
        "",
        "b.test",
        "aa.test",
        ".a.test:8443",
        "est",
        "a.test.",
        "k",
    ] {
        assert!(!meant(entry, "https://k.a.test/"), "{entry}");
    }
}
