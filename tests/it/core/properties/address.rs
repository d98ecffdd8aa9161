//! An address that is read leads where it says, and so does one that stands in an answer from there; what is shown of
//! it has no secret and nothing that a terminal obeys. The input is an address, a line break, and what an answer names.

use jott::demo::{BaseUrl, RedirectUri};
use jott::keys::{Address, Issuer};
use jott::text::escape;

pub(crate) fn holds(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let (url, named) = input.split_once('\n').unwrap_or((input, ""));
    let _ = RedirectUri::parse(url);
    if let Ok(base) = BaseUrl::parse(url) {
        assert!(escape::is_plain(base.as_str()) && BaseUrl::parse(base.as_str()).is_ok());
    }
    if let Ok(issuer) = Issuer::parse(url)
        && let Ok(places) = issuer.metadata_places()
    {
        assert!(places.iter().all(|place| place.is_beside(issuer.address())));
    }
    let Ok(address) = Address::parse(url) else {
        return;
    };
    is_shown_safely(&address);
    for allow_plain in [false, true] {
        if let Ok(there) = address.named(named, allow_plain) {
            is_shown_safely(&there);
            assert!(!there.is_loopback() || address.is_loopback(), "{input}");
            assert!(!there.is_plain() || address.is_plain() || address.is_loopback(), "{input}");
        }
    }
    if let Ok(there) = address.join(named) {
        is_shown_safely(&there);
        let (path, _) = named.split_once(['?', '#']).unwrap_or((named, ""));
        if !path.starts_with("//") && !path.split('/').next().unwrap_or_default().contains(':') {
            assert!(there.is_beside(&address), "{input}");
        }
    }
}

fn is_shown_safely(address: &Address) {
    let shown = address.shown();
    assert!(escape::is_plain(&shown) && !shown.contains(['?', '#']), "{shown:?}");
    let host = shown.split('/').nth(2).unwrap();
    assert!(!host.contains('@'), "{shown:?}");
}
