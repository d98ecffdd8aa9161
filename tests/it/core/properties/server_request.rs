//! Whatever comes down a connection, the demo server goes on: no request makes it panic, each that is whole has an answer
//! within seconds, and what it has to say for its log has no line break. The input is what the client sends; `PORT` in it
//! is the port, `ACCESS` an access token, and `LENGTH` the length of what stands behind the first empty line.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, mpsc};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jott::demo::config::Config;
use jott::demo::{BaseUrl, Control, DemoServer, Events, KeyChoice, Settings, serve};
use jott::{Algorithm, Timestamp};

/// The name of the thread in which it runs.
const NAME: &str = "demo server";

/// Whether that thread has panicked: tokio goes on with other connections, and so do the tests.
static HAS_PANICKED: AtomicBool = AtomicBool::new(false);

struct Server {
    address: SocketAddr,
    events: Mutex<Events>,
    access_token: Vec<u8>,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |about| {
        if thread::current().name() == Some(NAME) {
            HAS_PANICKED.store(true, Ordering::SeqCst);
        }
        before(about);
    }));
    let (send, receive) = mpsc::channel();
    let thread = thread::Builder::new().name(NAME.to_owned());
    thread.spawn(move || run(&send)).unwrap();
    let (address, events) = receive.recv().unwrap();
    Server {
        address,
        events: Mutex::new(events),
        access_token: access_token(address),
    }
});

fn access_token(address: SocketAddr) -> Vec<u8> {
    let form = "grant_type=password&username=alice&password=wonderland&client_id=demo-app\
        &scope=openid+profile+email+items:read+items:write+mcp:read+mcp:write";
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let answer = String::from_utf8(exchange(address, request.as_bytes())).unwrap();
    let (_, token) = answer.split_once("\"access_token\":\"").unwrap();
    token.split('"').next().unwrap().into()
}

fn run(started: &mpsc::Sender<(SocketAddr, Events)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = Config::built_in();
    let settings = Settings {
        issuer: BaseUrl::at(address, false),
        public_url: None,
        tls: false,
        remote: false,
        port: address.port(),
        users: config.users,
        clients: config.clients,
        trusted_issuers: config.trusted_issuers,
        scopes: config.scopes,
        lifetimes: config.lifetimes,
        faults: config.faults,
        dpop_nonces: config.dpop_nonces,
        workload: None,
        // The faults that it sets would act on the requests after it.
        control: Control::Off,
        auto_login: true,
        fetch_client_metadata: None,
        advise: |advice| format!("{advice:?}"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let key = || KeyChoice::Fresh(Algorithm::ES256);
        let (demo, events) = DemoServer::new(settings, &key(), now);
        demo.prepare(key()).await.unwrap();
        started.send((address, events)).unwrap();
        serve(listener, demo, None, std::future::pending()).await.unwrap();
    });
}

fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Timestamp::from_seconds(i64::try_from(seconds).unwrap())
}

pub(crate) fn holds(input: &[u8]) {
    let server = &*SERVER;
    let port = server.address.port().to_string();
    let sent = replace(input, b"PORT", port.as_bytes());
    let sent = replace(&sent, b"ACCESS", &server.access_token);
    let body = sent.windows(4).position(|part| part == b"\r\n\r\n").map_or(0, |at| sent.len() - at - 4);
    let sent = replace(&sent, b"LENGTH", body.to_string().as_bytes());
    let answer = exchange(server.address, &sent);
    assert!(!HAS_PANICKED.load(Ordering::SeqCst));
    if !answer.is_empty() {
        assert!(answer.starts_with(b"HTTP/1."), "{}", String::from_utf8_lossy(&answer));
        let status = std::str::from_utf8(&answer[9..12]).unwrap().parse::<u16>().unwrap();
        assert!((100..=599).contains(&status) && status != 500, "{}", String::from_utf8_lossy(&answer));
    }
    let mut events = server.events.lock().unwrap();
    while let Ok(event) = events.try_recv() {
        for remark in event.remarks {
            assert!(!remark.text.is_empty() && !remark.text.contains('\n'), "{:?}", remark.text);
        }
    }
}

/// Sends bytes, and gives all that comes back.
fn exchange(address: SocketAddr, sent: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    // It may have refused what came first, and closed.
    let _ = stream.write_all(sent);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("no answer: {error}"),
    }
    answer
}

fn replace(text: &[u8], word: &[u8], by: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(word.len()).position(|part| part == word) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(by);
        rest = &rest[at + word.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
