//! Who examples speak of: users and clients that everybody knows, with their passwords and secrets.

use crate::demo::demo_server::{DemoServer, PLAYGROUND_CLIENT};
use crate::demo::grant::CLIENT_CREDENTIALS;
use crate::demo::router::PLAYGROUND;

/// Whom examples speak of. Where nobody is known to everybody, a word in capitals says what belongs
/// there.
pub(in crate::demo) struct Examples<'d> {
    pub(in crate::demo) issuer: &'d str,
    pub(in crate::demo) user: &'d str,
    pub(in crate::demo) password: &'d str,
    /// The client that the playground plays, and the playground.
    pub(in crate::demo) app: &'d str,
    pub(in crate::demo) redirect_uri: String,
    /// A client that asks for itself.
    pub(in crate::demo) service: &'d str,
    pub(in crate::demo) secret: &'d str,
}

impl<'d> Examples<'d> {
    pub(in crate::demo) fn of(demo: &'d DemoServer) -> Examples<'d> {
        let settings = demo.settings();
        let mut clients = settings.clients.iter().filter(|client| client.is_built_in);
        let service = clients.find(|client| client.may_use(CLIENT_CREDENTIALS));
        let (user, password) = demo.known_user().unwrap_or(("NAME", "PASSWORD"));
        Examples {
            issuer: settings.issuer.as_str(),
            user,
            password,
            app: PLAYGROUND_CLIENT,
            redirect_uri: settings.pages().join(PLAYGROUND),
            service: service.map_or("CLIENT", |client| &client.id),
            secret: service
                .and_then(|client| client.secret.as_ref())
                .map_or("SECRET", |secret| secret.expose()),
        }
    }
}
