//! What only the whole of a configuration shows: that its parts fit together.

use crate::cli::failure::Failure;
use crate::demo::config::Config;
use crate::demo::workload::Platform;
use crate::text::escape;

/// Checks what users, clients, issuers and the workload say of each other.
pub(super) fn check(
    config: &Config,
    platform: Option<&Platform>,
    tls: bool,
) -> Result<(), Failure> {
    // Both can be the `sub` of a token (RFC 9068 section 5).
    let both = |name: &&str| config.clients.iter().any(|client| client.id == *name);
    let mut users = config.users.iter().map(|user| user.name.as_str());
    if let Some(name) = users.find(both) {
        let name = escape::shorten(name, 60);
        return Err(
            Failure::usage(format!("`{name}` is the name of a user and of a client"))
                .hint("tokens of the one would pass for those of the other: give one another name"),
        );
    }
    let of_issuers = config.trusted_issuers.iter();
    let of_issuers = of_issuers.filter_map(|issuer| Some(("[[issuer]]", issuer.client.as_ref()?)));
    let of_workload = config.workload.client.iter().map(|id| ("[workload]", id));
    for (table, id) in of_issuers.chain(of_workload) {
        if !config.clients.iter().any(|client| client.id == *id) {
            let id = escape::shorten(id, 60);
            let known: Vec<&str> = config.clients.iter().map(|c| c.id.as_str()).collect();
            let known = escape::shorten(&known.join(", "), 200);
            return Err(Failure::usage(format!(
                "there is no client `{id}`, which `{table}` names"
            ))
            .hint(format!("there is {known}")));
        }
    }
    let mut bound = config
        .clients
        .iter()
        .filter(|client| client.binds_to_certificate);
    if let Some(client) = bound.next().filter(|_| !tls) {
        let id = escape::shorten(&client.id, 60);
        return Err(Failure::usage(format!(
            "the tokens of `{id}` are bound to its certificate, and there is no TLS"
        ))
        .hint("`--tls self-signed` speaks it"));
    }
    let Some(platform) = platform else {
        return Ok(());
    };
    match platform.misfit(&config.workload.claims) {
        None => Ok(()),
        Some(name) => Err(Failure::usage(format!(
            "the claim `{}` of `[workload.claims]` has another type than {} gives it",
            escape::shorten(name, 60),
            platform.name
        ))
        .hint("`jott serve-demo --as PLATFORM -- sh -c 'jott fetch --ci --audience x | jott decode'` shows them")),
    }
}
