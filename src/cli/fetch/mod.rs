//! `jott fetch`: gets a token, keeps it, and refreshes it.
//!
//! Many processes may want one token at once. The one that finds it expired takes its lock, looks again, and
//! is the only one to ask the server; the answer is stored before it is given to anybody.

mod browser;
mod callback;
mod ci;
mod client;
mod flow;
mod grant_error;
mod id_token;
mod kept;
mod large_text;
mod output;
mod proof_key;
mod redirect_uri;
mod reply;
mod request;
mod server;
mod session;

use zeroize::Zeroizing;

use crate::cli::args::FetchArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::flow::GrantResponse;
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::kept::Kept;
use crate::cli::fetch::proof_key::ProofKey;
use crate::cli::fetch::request::Request;
pub(super) use crate::cli::fetch::request::saved;
use crate::cli::fetch::session::Session;
use crate::cli::proof_request;
use crate::cli::ui::Ui;
use crate::cli::world;
use crate::keys::token_store::{TokenPlace, TokenStore};
use crate::keys::{keyring, unbroken};
use crate::oauth::endpoint;
use crate::text::escape;
use crate::text::time::Span;

/// How long a token has to stay valid, unless told otherwise: a task that begins with it should end.
const MIN_VALID: Span = Span::from_seconds(60);

pub(super) fn run(args: &FetchArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    if let [method, url] = args.proof.as_slice() {
        proof_request::check("--proof", method, url)?;
        args.nonce
            .as_deref()
            .map_or(Ok(()), proof_request::check_nonce)?;
    }
    if args.list {
        return list(args, ui);
    }
    if args.ci {
        let [audience] = args.audience.as_slice() else {
            return Err(Failure::usage(
                "such a token is for one audience: give one `--audience`",
            ));
        };
        let (token, platform) = ci::token(audience, ui)?;
        ui.detail(&format!("the token is from {platform}"));
        return output::give(args, &Kept::of_job(&token), ui);
    }
    let request = Request::of(args, ui)?;
    request.issuer()?;
    request.is_whole()?;
    let name = request.name();
    if args.forget {
        return forget(args, &request, ui);
    }
    let min_valid = match &args.min_valid {
        Some(text) => Span::parse(text)?,
        None => MIN_VALID,
    };
    let saved = request.clone();
    let save = args.save.as_deref();
    let save = save
        .map(|name| saved.place(name, args.force, ui))
        .transpose()?;
    let store = store(args, &name, ui);
    let kept = store.read(&name, &mut |words| ui.note(words))?;
    let kept = kept.as_deref().and_then(|text| Kept::read(text));
    let now = ui.world.now();
    let good = kept.filter(|kept| !args.fresh && kept.is_good_for(min_valid, now));
    let kept = match good {
        Some(kept) => {
            ui.detail(&format!("the token was kept: it {}", kept.expiry(now)));
            kept
        }
        None => renew(args, request, &store, min_valid, ui)?,
    };
    let gives_key = args.json || !args.proof.is_empty() || !args.command.is_empty();
    if kept.dpop_key.is_some() && store.place() == TokenPlace::Nowhere && !gives_key {
        ui.note("the key of the token is lost with this run: only `--json`, `--proof` and a COMMAND get it");
    }
    if let (Some(name), Some(Some(path))) = (&args.save, save) {
        saved.save(name, &path, ui)?;
    }
    output::give(args, &kept, ui)
}

/// Gets a new token, as the only process that does.
fn renew(
    args: &FetchArgs,
    request: Request,
    store: &TokenStore<'_>,
    min_valid: Span,
    ui: &mut Ui<'_, '_>,
) -> Result<Kept, Failure> {
    let name = request.name();
    let _lock = store.lock(&name, &mut |words| ui.note(words))?;
    let found = store.read(&name, &mut |words| ui.note(words))?;
    let kept = found.as_deref().and_then(|text| Kept::read(text));
    if found.is_some() && kept.is_none() {
        ui.note(
            "what is kept of this token is damaged, or of another version of jott: it is not used",
        );
    }
    // Somebody else got one while the lock was waited for.
    let now = world::now();
    if let Some(kept) = &kept
        && !args.fresh
        && kept.is_good_for(min_valid, now)
    {
        ui.detail("the token was got by another process meanwhile");
        return Ok(kept.clone());
    }
    let mut session = Session::begin(args, request, ui)?;
    session.client.proof_key = kept.as_ref().and_then(Kept::proof_key);
    if let Some(before) = kept.filter(|kept| !args.fresh && kept.refresh_token.is_some())
        && let Some(kept) = refresh(&mut session, store, &before)?
    {
        session.ui.detail("the token was refreshed");
        return Ok(kept);
    }
    let kept = log_in(&mut session, store)?;
    let grant = session.request.grant.name();
    session
        .ui
        .detail(&format!("the token is new, by `--grant {grant}`"));
    Ok(kept)
}

/// Gets new tokens for a refresh token; nothing where the log-in has to begin anew. The server may have
/// forgotten the old refresh token as soon as it has answered: until the new one is kept, nothing ends
/// this but a second signal.
fn refresh(
    session: &mut Session<'_, '_, '_>,
    store: &TokenStore<'_>,
    before: &Kept,
) -> Result<Option<Kept>, Failure> {
    let Some(refresh_token) = before.refresh_token.clone().map(Zeroizing::new) else {
        return Ok(None);
    };
    let _unbroken = unbroken();
    let answer = match flow::refresh(session, &refresh_token) {
        Ok(answer) => answer,
        Err(GrantError::Server(error)) if error.code == "invalid_grant" => {
            let needs_a_person = flow::needs_a_person(session);
            if needs_a_person && !session.ui.world.terminals.stderr {
                let failure = Failure::from(GrantError::Server(error));
                return Err(Failure {
                    hints: Vec::new(),
                    ..failure
                }
                .hint("the log-in is over: run `jott fetch` at a terminal to log in again"));
            }
            session
                .ui
                .note("the refresh token is not good any more: the log-in begins anew");
            return Ok(None);
        }
        Err(refused) => return Err(refused.into()),
    };
    let id_token = answer.id_token.clone();
    let mut is_kept = true;
    let mut kept = Kept::of(&session.request, answer, Some(before), world::now());
    kept.dpop_key.clone_from(&before.dpop_key);
    if let Some(id_token) = &id_token {
        // Its check may ask for keys: what the server has given goes first, without what is not checked.
        if kept.refresh_token != before.refresh_token {
            let unchecked = before.with_refresh_token(kept.refresh_token.clone());
            is_kept = keep(&unchecked, session, store);
        }
        id_token::check(id_token, None, false, session)?;
    }
    if is_kept {
        keep(&kept, session, store);
    }
    Ok(Some(kept))
}

/// Gets tokens in the way that is asked for, whatever was kept.
fn log_in(session: &mut Session<'_, '_, '_>, store: &TokenStore<'_>) -> Result<Kept, Failure> {
    let GrantResponse { answer, nonce } = flow::run(session)?;
    if let Some(id_token) = &answer.id_token {
        id_token::check(id_token, nonce.as_deref(), true, session)?;
    }
    let mut kept = Kept::of(&session.request, answer, None, world::now());
    let proof_key = session.client.proof_key.as_ref();
    let jwk = proof_key.map(ProofKey::jwk).transpose()?;
    kept.dpop_key = jwk.map(|jwk| (*jwk).clone());
    let is_first_file =
        store.place() == TokenPlace::Files && !store.has_file(&session.request.name());
    if keep(&kept, session, store) && is_first_file {
        session
            .ui
            .note("the tokens are kept in a file that only you can read");
    }
    Ok(kept)
}

/// Stores tokens before anybody sees them, while they could still be lost; tells whether that worked. If it
/// did not, the tokens are valid all the same, and the caller gets them.
fn keep(kept: &Kept, session: &mut Session<'_, '_, '_>, store: &TokenStore<'_>) -> bool {
    let name = session.request.name();
    let written = store.write(&name, &kept.text(), &mut |words| session.ui.note(words));
    let Err(fault) = written else { return true };
    let lost = match kept.refresh_token.is_some() {
        true => "the tokens, and with them the refresh token, are not kept",
        false => "the token is not kept",
    };
    let hint = match store.place() {
        TokenPlace::Files => {
            "the next run begins anew; XDG_STATE_HOME names another folder for tokens"
        }
        _ => {
            "the next run begins anew; `--store file` keeps tokens in a file that only you can read"
        }
    };
    session
        .ui
        .warn(&format!("{lost}: {}", fault.message), Some(hint));
    false
}

/// Where tokens are kept: the place that was named now or before, or the keyring if there is one.
fn store<'a>(args: &FetchArgs, name: &str, ui: &mut Ui<'_, 'a>) -> TokenStore<'a> {
    let files = TokenStore::new(TokenPlace::Files, ui.world.env);
    let place = match args.store {
        Some(place) => place,
        None if files.has_file(name) => TokenPlace::Files,
        None => match keyring::probe(&mut |words| ui.note(words)) {
            Ok(()) => TokenPlace::Keyring,
            Err(fault) => {
                ui.note(&format!("{}: the token is not kept; `--store file` keeps it in a file that only you can read", fault.message));
                TokenPlace::Nowhere
            }
        },
    };
    TokenStore::new(place, ui.world.env)
}

/// Both places that one may have used.
fn stores<'a>(args: &FetchArgs, ui: &mut Ui<'_, 'a>) -> Vec<TokenStore<'a>> {
    let places = if let Some(place) = args.store {
        vec![place]
    } else {
        let probed = keyring::probe(&mut |words| ui.note(words));
        if let Err(fault) = &probed {
            ui.note(&format!(
                "{}: tokens in files alone are looked at",
                fault.message
            ));
        }
        let keyring = probed.is_ok().then_some(TokenPlace::Keyring);
        keyring.into_iter().chain([TokenPlace::Files]).collect()
    };
    places
        .into_iter()
        .map(|place| TokenStore::new(place, ui.world.env))
        .collect()
}

/// `--list`
fn list(args: &FetchArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let mut lines = String::new();
    let saved = request::saved_entries(ui.world.env);
    for store in stores(args, ui) {
        for (entry, text) in store.list(&mut |words| ui.note(words))? {
            let Some(kept) = Kept::read(&text) else {
                continue;
            };
            let state = kept.expiry(ui.world.now());
            let refresh = if kept.refresh_token.is_some() {
                ", with a refresh token"
            } else {
                ""
            };
            let names = saved.iter().filter(|(_, of)| *of == entry);
            let names: Vec<String> = names
                .map(|(name, _)| format!(", saved as {name}"))
                .collect();
            lines.push_str(&format!(
                "{}  {}  {}  {state}{refresh}{}\n",
                escape::shorten(&kept.issuer, 120),
                escape::shorten(&kept.client, 60),
                escape::shorten(
                    if kept.scope.is_empty() {
                        "-"
                    } else {
                        &kept.scope
                    },
                    80
                ),
                names.concat(),
            ));
        }
    }
    if lines.is_empty() {
        let names: Vec<&str> = saved.iter().map(|(name, _)| name.as_str()).collect();
        ui.note(&match names.as_slice() {
            [] => "no tokens are kept: `jott fetch --issuer URL --client ID --save NAME` gets one, and `jott fetch NAME` the next".to_owned(),
            [name] => format!("no tokens are kept: `jott fetch {name}` gets one as it is saved"),
            names => format!(
                "no tokens are kept: `jott fetch NAME` gets one of what is saved ({})",
                escape::shorten(&names.join(", "), 200)
            ),
        });
    }
    ui.result(lines.as_bytes())?;
    Ok(Exit::Done)
}

/// `--forget`, and with `--revoke` the server is told.
fn forget(args: &FetchArgs, request: &Request, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let name = request.name();
    let (mut is_forgotten, mut is_revoked) = (false, false);
    for store in stores(args, ui) {
        let _lock = store.lock(&name, &mut |words| ui.note(words))?;
        let kept = store.read(&name, &mut |words| ui.note(words))?;
        let kept = kept.as_deref().and_then(|text| Kept::read(text));
        if let Some(kept) = kept.filter(|_| args.revoke) {
            is_revoked |= revoke(args, request.clone(), &kept, ui)?;
        }
        is_forgotten |= store.remove(&name, &mut |words| ui.note(words))?;
    }
    match is_forgotten {
        true => {
            ui.note(match (args.revoke, is_revoked) {
                (_, true) => "the token is forgotten here, and revoked by its server",
                (true, false) => "the token is forgotten here",
                (false, false) => {
                    "the token is forgotten here, and good until it expires: `--revoke` tells its server"
                }
            });
            Ok(Exit::Done)
        }
        false => Err(
            Failure::new(Exit::Refused, "there is no such token to forget")
                .hint("`jott fetch --list` lists what is kept"),
        ),
    }
}

/// Revokes what is kept (RFC 7009): the refresh token, or the access token where there is none. Tells whether
/// the server can do that.
fn revoke(
    args: &FetchArgs,
    request: Request,
    kept: &Kept,
    ui: &mut Ui<'_, '_>,
) -> Result<bool, Failure> {
    let session = Session::begin(args, request, ui)?;
    let Some(address) = session
        .server
        .endpoint(endpoint::REVOCATION, &session.network)?
    else {
        session
            .ui
            .note("the server has no `revocation_endpoint`: the token is good until it expires");
        return Ok(false);
    };
    let token = kept.refresh_token.as_ref().unwrap_or(&kept.access_token);
    let form = vec![("token", Zeroizing::new(token.clone()))];
    let probe = session.post(&address, &form)?;
    match probe.status {
        200 => Ok(true),
        status => Err(Failure::new(
            Exit::Refused,
            format!("{} answered {status}", address.shown()),
        )
        .hint("without `--revoke` the token is forgotten here alone")),
    }
}
