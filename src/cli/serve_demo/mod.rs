//! `jott serve-demo`: turns flags into settings, runs a server, and reports on it.

mod advice;
mod command;
mod control_token;
mod health;
mod inherited;
mod job;
mod log;
mod ready_line;
mod runtime;
mod settings;
mod signals;
mod start;
mod tls;
mod unused_faults;
mod whole;

use std::net::{SocketAddr, TcpListener};
use std::pin::pin;

use tokio::sync::Notify;

use crate::cli::args::{KeyArgs, ServeDemoArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key_choice;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::cli::world;
use crate::demo::config::Config;
use crate::demo::{self, DemoServer, Events, KeyChoice, Tls};
use crate::keys::Source;
use crate::token::algorithm::Algorithm;
use crate::token::issue::SigningKey;
use command::Command;
use inherited::Inherited;
use job::Job;
use log::Log;
use settings::Plan;
use signals::Signals;
use tls::ServerTls;

/// Where it listens by default.
const LISTEN: &str = "127.0.0.1:8000";
/// Where it listens for a command that it runs.
const ANY_PORT: &str = "127.0.0.1:0";

pub(super) fn run(args: &ServeDemoArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    if args.print_config {
        ui.result(Config::example().as_bytes())?;
        return Ok(Exit::Done);
    }
    if let Some(url) = &args.check {
        return health::check(url, ui);
    }
    let usual = if args.command.is_empty() {
        LISTEN
    } else {
        ANY_PORT
    };
    let address = settings::address(args.listen.as_deref().unwrap_or(usual), args.allow_remote)?;
    let control = control_token::control(args, ui)?;
    let mut notes = Vec::new();
    let plan = Plan::read(args, control, &mut |words| notes.push(words.to_owned()))?;
    let key = key(args, ui)?;
    if args.platform.is_some() && key.choice.is_shared() {
        return Err(Failure::usage(
            "`--as` gives tokens that others check by a public key, and this key is a secret",
        )
        .hint("without `--key` a key pair is made"));
    }
    let tls = (args.tls.as_deref())
        .map(|text| {
            plan.tls(text, address.ip(), &mut |words| {
                notes.push(words.to_owned());
            })
        })
        .transpose()?;
    let inherited = Inherited::of(args);
    inherited.close();
    let (listener, address) = bind(address)?;
    if !address.ip().is_loopback() {
        let words =
            "other machines can reach this server: its users and clients are known to everybody";
        notes.push(words.to_owned());
    }
    let settings = plan.at(address, tls.is_some())?;
    let runtime = runtime::start()?;
    let in_runtime = runtime.enter();
    // A program that reads the ready line may end the server right away.
    let signals = Signals::new()
        .map_err(|e| Failure::new(Exit::System, "signals cannot be waited for").cause(e))?;
    drop(in_runtime);
    let (demo, events) = DemoServer::new(settings.clone(), &key.choice, world::now);
    let facts = start::Facts::new(&settings, &demo, address, &key)
        .with_authority(tls.as_ref().and_then(ServerTls::authority_file));
    if args.json {
        ready_line::write(facts.json(), world::stdout())?;
    }
    let log = if ui.quiet {
        Log::quiet()
    } else {
        let notes: String = notes.iter().map(|words| ui.note_line(words)).collect();
        let text = notes + &facts.text(ui.err);
        Log::start(text, world::stderr(), ui.err)?
    };
    // Whoever brings a certificate has it for the name of the issuer.
    let is_certified = tls
        .as_ref()
        .is_some_and(|tls| tls.authority_file().is_none());
    let server = match is_certified {
        true => settings.issuer.clone(),
        false => settings.issuer.seen_at(address, settings.tls),
    };
    let job = settings.workload.clone();
    let job = job.map(|workload| Job::new(workload, server)).transpose()?;
    let commanded = (!args.command.is_empty()).then(|| {
        let command = Command::new(&args.command, &facts, &inherited);
        (command, job)
    });
    let is_commanded = commanded.is_some();
    let service = Service {
        listener,
        tls: tls.as_ref().map(|tls| tls.tls.clone()),
        demo: demo.clone(),
        events,
        key: key.choice,
        signals,
    };
    let result = runtime.block_on(attend(service, commanded, &log));
    match log.end() {
        true => {
            if is_commanded && result.is_ok() {
                unused_faults::warn(&demo, ui);
            }
            result
        }
        // The message would wait for the same reader, so only the status is left.
        false => result.map_err(|failure| Failure::silent(failure.exit)),
    }
}

/// A key, and the SOURCE that others can read it from, if it is shared and can be read again.
struct ChosenKey {
    choice: KeyChoice,
    source: Option<String>,
}

fn key(args: &ServeDemoArgs, ui: &mut Ui<'_, '_>) -> Result<ChosenKey, Failure> {
    let asked = args.alg;
    let KeyArgs {
        key: texts,
        reading,
    } = &args.key;
    let text = match texts.as_slice() {
        [] => {
            let algorithm = asked.unwrap_or(Algorithm::RS256);
            if algorithm.hash_len().is_some() {
                let name = algorithm.name();
                return Err(
                    Failure::usage(format!("{name} needs a secret that others have too"))
                        .hint("`--key env:NAME` names one; without `--key` a key pair is made"),
                );
            }
            return Ok(ChosenKey {
                choice: KeyChoice::Fresh(algorithm),
                source: None,
            });
        }
        [text] => text,
        _ => {
            return Err(Failure::usage(
                "the server signs with one key: give one `--key`",
            ));
        }
    };
    let place = key_choice::place(text, ui)?;
    place.must_sign()?;
    let mut passphrase = PassphrasePlace::of(reading, ui)?;
    let loaded = key_choice::load_one(place, reading, &mut passphrase, ui)?;
    let mut keys = loaded.keys.keys;
    keys.retain(|key| key.may_sign() && asked.is_none_or(|algorithm| key.allows(algorithm)));
    if keys.len() > 1 {
        let failure = Failure::new(Exit::NoKey, "there are several keys that can sign");
        return Err(failure.hint("give the one to sign with, by itself"));
    }
    let key = keys.pop().ok_or_else(|| {
        let message = match asked {
            Some(algorithm) => format!("there is no key that can sign with {}", algorithm.name()),
            None => "there is no key that can sign".to_owned(),
        };
        Failure::new(Exit::NoKey, message)
            .hint("the server signs tokens: it needs a private key or a secret")
    })?;
    let algorithm = asked.map_or_else(|| key.signing_algorithm(), Ok)?;
    // A weak key is refused before anything listens.
    SigningKey::new(&key, algorithm, reading.allow_weak_key)?;
    let shared = key.is_secret();
    let once = Source::parse(text).is_ok_and(|source| inherited::descriptor(&source).is_some());
    Ok(ChosenKey {
        choice: KeyChoice::Given {
            key: Box::new(key),
            algorithm,
            allow_weak: reading.allow_weak_key,
        },
        source: text.to_str().filter(|_| shared && !once).map(str::to_owned),
    })
}

fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|e| {
        Failure::new(
            Exit::System,
            format!("the server cannot listen on {address}"),
        )
        .cause(e)
        .hint("`--listen 127.0.0.1:0` takes any port that is free")
    })
}

/// What there is to serve.
struct Service {
    listener: TcpListener,
    tls: Option<Tls>,
    demo: DemoServer,
    events: Events,
    key: KeyChoice,
    signals: Signals,
}

/// Serves, writes the log, and waits for its end: a signal, or the end of the command.
async fn attend(
    service: Service,
    command: Option<(Command, Option<Job>)>,
    log: &Log,
) -> Result<Exit, Failure> {
    let Service {
        listener,
        tls,
        demo,
        mut events,
        key,
        mut signals,
    } = service;
    let stop = Notify::new();
    let mut prepared = pin!(demo.prepare(key));
    let mut has_key = false;
    let mut serving = pin!(demo::serve(listener, demo.clone(), tls, stop.notified()));
    // A job waits for the key, since its environment has signed tokens; other commands do not wait.
    let (mut running, mut waiting) = match command {
        None => (None, None),
        Some((command, None)) => (Some(command.start()?), None),
        Some((command, Some(job))) => (None, Some((command, job))),
    };
    // Its files stay as long as it runs.
    let mut job = None;
    let mut exit = Exit::Done;
    let mut happened = Vec::new();
    loop {
        tokio::select! {
            result = &mut prepared, if !has_key => {
                result?;
                has_key = true;
                if let Some((command, waits)) = waiting.take() {
                    running = Some(waits.begin(command, &demo).await?);
                    job = Some(waits);
                }
            }
            1.. = events.recv_many(&mut happened, 64) => {
                log.tell(&happened);
                happened.clear();
            }
            () = signals.next() => if let Some(running) = &mut running {
                running.stop();
            } else {
                waiting = None;
                stop.notify_one();
            },
            status = command::ended(&mut running) => {
                exit = status?;
                running = None;
                stop.notify_one();
            }
            result = &mut serving => {
                result.map_err(|e| Failure::new(Exit::System, "the server stopped").cause(e))?;
                break;
            }
        }
    }
    while let Ok(event) = events.try_recv() {
        log.tell(&[event]);
    }
    drop(job);
    Ok(exit)
}
