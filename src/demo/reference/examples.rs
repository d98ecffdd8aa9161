//! The users and clients in examples: those that everybody knows, with their passwords and secrets.

/// The users and clients in examples. Where no secret is public, a word in capitals says what
/// belongs there.
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
