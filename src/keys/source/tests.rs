use super::*;

fn parse(text: &str) -> Result<Source, BadSource> {
    Source::parse(OsStr::new(text))
}

#[test]
fn every_form_is_read() {
    assert_eq!(
        parse("env:A_B"),
        Ok(Source::Local(Local::Env("A_B".into())))
    );
    assert_eq!(
        parse("keyring:ci"),
        Ok(Source::Local(Local::Keyring("ci".into())))
    );
    assert_eq!(
        parse("file:k.pem"),
        Ok(Source::Local(Local::File("k.pem".into())))
    );
    assert_eq!(parse("/k"), Ok(Source::Local(Local::File("/k".into()))));
    assert_eq!(parse("./k"), Ok(Source::Local(Local::File("./k".into()))));
    assert_eq!(parse("../k"), Ok(Source::Local(Local::File("../k".into()))));
    assert_eq!(parse("fd:3"), Ok(Source::Local(Local::Fd(3))));
    assert_eq!(parse("stdin"), Ok(Source::Stdin(Stdin::Name)));
    assert_eq!(parse("fd:0"), Ok(Source::Stdin(Stdin::Descriptor)));
    assert_eq!(parse("prompt"), Ok(Source::Local(Local::Prompt)));
    assert_eq!(
        parse("https://a.test/k"),
        Ok(Source::Remote(Remote::Url(
            Address::parse("https://a.test/k").unwrap()
        )))
    );
    assert_eq!(
        parse("issuer:https://a.test"),
        Ok(Source::Remote(Remote::Issuer(Box::new(
            Issuer::parse("https://a.test").unwrap()
        ))))
    );
}

#[test]
fn what_may_be_a_key_is_not_repeated() {
    for text in [
        "hunter2",
        "",
        "-",
        "env:",
        "env:A=hunter2",
        "fd:hunter2",
        "fd:+3",
        "issuer:hunter2",
        "https://u:hunter2@a.test/k",
        "issuer:https://hunter2@a.test",
        "issuer:https://a.test/?hunter2",
        "https://a.test:hunter2/k",
        "hunter2:x",
    ] {
        let bad = parse(text).unwrap_err();
        assert!(!format!("{bad:?}").contains("hunter2"), "{bad:?}");
    }
}

#[test]
fn labels_leave_out_what_may_be_secret() {
    assert_eq!(parse("env:A_B").unwrap().label(), "env:A_B");
    assert_eq!(parse("env:it is a secret").unwrap().label(), "env:…");
    assert_eq!(
        parse("https://a.test/k?t=1#f").unwrap().label(),
        "https://a.test/k"
    );
    assert_eq!(parse("https://a.test").unwrap().label(), "https://a.test");
    assert_eq!(parse("fd:0").unwrap().label(), "fd:0");
}
