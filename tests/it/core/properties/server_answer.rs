//! Whatever a server answers: what is said of it can be shown on a terminal, and the keys that are taken from it are
//! public. The input is all that comes back, from the line of the status on; `BASE` in it is where the server is.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use jott::Timestamp;
use jott::doctor::{self, Diagnosis, Remedy};
use jott::keys::remote::{self, Caching, Network};
use jott::keys::{Address, Issuer, Remote};
use jott::text::escape;

/// Where the server is, and what it answers to everything.
static SERVER: LazyLock<(SocketAddr, Arc<Mutex<Vec<u8>>>)> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(Mutex::new(Vec::new()));
    let given = Arc::clone(&answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = given.lock().unwrap().clone();
            // A client that has heard enough may be gone.
            let _ = give(stream, &answer);
        }
    });
    (address, answer)
});

fn give(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut head = Vec::new();
    let mut part = [0; 2048];
    // Nothing that is asked for here has a body.
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => return Ok(()),
            count => head.extend_from_slice(&part[..count]),
        }
    }
    stream.write_all(answer)
}

pub(crate) fn holds(input: &[u8]) {
    let (address, answer) = &*SERVER;
    let base = format!("http://{address}");
    let text = String::from_utf8_lossy(input);
    *answer.lock().unwrap() = match text {
        std::borrow::Cow::Borrowed(text) => text.replace("BASE", &base).into_bytes(),
        std::borrow::Cow::Owned(_) => input.to_vec(),
    };
    // What it names elsewhere is asked for here too, and the handshake of TLS fails.
    let env = |name: &str| (name == "https_proxy").then(|| OsString::from(&base));
    let network = Network {
        env: &env,
        now: Timestamp::from_seconds(1_800_000_000),
        allow_http: false,
        caching: Caching::Off,
    };
    let issuer = Issuer::parse(&base).unwrap();
    let place = Address::parse(&base).unwrap();
    for source in [Remote::Url(place.clone()), Remote::Issuer(Box::new(issuer.clone()))] {
        match remote::fetch(&source, &network) {
            Ok(found) => {
                assert!(found.keys.keys.iter().all(|key| !key.has_private() && !key.is_secret()));
                assert!(found.keys.notes.iter().all(|note| escape::is_plain(note)));
                assert!(found.issuer.is_none_or(|name| name == base));
            }
            Err(fault) => assert!(escape::is_plain(&fault.message), "{:?}", fault.message),
        }
    }
    match remote::metadata(&issuer, &network) {
        Ok(metadata) => assert_eq!(metadata.issuer, base),
        Err(fault) => assert!(escape::is_plain(&fault.message), "{:?}", fault.message),
    }
    is_shown_safely(&doctor::of_issuer(&issuer, &network));
    is_shown_safely(&doctor::of_resource(&place, &network));
}

fn is_shown_safely(diagnosis: &Diagnosis) {
    for part in &diagnosis.parts {
        assert!(escape::is_plain(&part.place), "{:?}", part.place);
    }
    for finding in diagnosis.findings() {
        assert!(escape::is_plain(&finding.detail), "{}: {:?}", finding.name, finding.detail);
        if let Some(Remedy::Words(words)) = &finding.remedy {
            assert!(escape::is_plain(words), "{}: {words:?}", finding.name);
        }
    }
    for keys in diagnosis.issuers.iter().filter_map(|(_, keys)| keys.as_ref()) {
        assert!(keys.keys.iter().all(|key| !key.has_private() && !key.is_secret()));
    }
}
