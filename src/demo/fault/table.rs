//! The faults: a row for each, with what it does, what a client has to rely on, and where it acts.

use crate::demo::endpoint::Endpoint;

/// At which step of an answer a fault acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The answer as a whole.
    Answer,
    /// The content of a token, and how it is signed.
    Token,
    /// The other members of an answer with tokens.
    TokenAnswer,
    /// A refresh token that is exchanged.
    Refresh,
    /// The resource owner's decision.
    Consent,
    /// What goes back to the client with the browser.
    Redirect,
    /// The metadata of the authorization server.
    Metadata,
    /// The metadata of a resource.
    ResourceMetadata,
    /// The key set.
    Jwks,
    /// How the resource server asks for a token.
    Challenge,
    /// Who has logged in.
    UserInfo,
    /// A call of a tool.
    Tool,
    /// A client that registers itself.
    Registration,
    /// Whether a proof of possession needs a nonce of the server.
    Nonce,
    /// The key that signs.
    Rotation,
}

/// The argument that follows the name of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// `:MS`, a number of milliseconds.
    Milliseconds,
    /// `:CODE`, the status of an answer.
    Status,
    /// `:DUR`, with a `-` before it for the past.
    Skew,
    /// `:N`, which fetch is the first good one.
    Fetches,
    /// `:DUR`, how long something lasts.
    Period,
    /// `:TOOL`, the name of a tool.
    Tool,
}

impl Argument {
    /// One that can be written, to be shown.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Argument::None => "",
            Argument::Milliseconds => ":500",
            Argument::Status => ":503",
            Argument::Skew => ":-5m",
            Argument::Fetches => ":3",
            Argument::Period => ":30s",
            Argument::Tool => ":write_note",
        }
    }

    /// What is written, for a person.
    #[must_use]
    pub fn placeholder(self) -> &'static str {
        match self {
            Argument::None => "",
            Argument::Milliseconds => ":MS",
            Argument::Status => ":CODE",
            Argument::Skew | Argument::Period => ":DUR",
            Argument::Fetches => ":N",
            Argument::Tool => ":TOOL",
        }
    }
}

pub(super) struct FaultRow {
    pub(super) name: &'static str,
    pub(super) argument: Argument,
    pub(super) stage: Stage,
    pub(super) about: &'static str,
    pub(super) section: &'static str,
    pub(super) check: Option<&'static str>,
}

macro_rules! faults {
    ($($variant:ident = $name:literal, $argument:ident, $stage:ident, $section:literal, $check:expr, $about:literal;)*) => {
        /// A fault that can be switched on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = $about] $variant,)*
        }

        /// What is less like a name is not meant by it: any two words have some letters in common.
const LEAST_LIKENESS: f64 = 0.7;

impl Fault {
            /// Every fault, in the order of the documentation.
            pub const ALL: &'static [Fault] = &[$(Fault::$variant),*];

            pub(super) const fn row(self) -> FaultRow {
                match self {
                    $(Fault::$variant => FaultRow {
                        name: $name,
                        argument: Argument::$argument,
                        stage: Stage::$stage,
                        about: $about,
                        section: $section,
                        check: $check,
                    },)*
                }
            }
        }
    };
}

// Name, argument, stage, section, check of a conformance suite, sentence.
faults! {
    Expired = "expired", None, Token, "RFC 7519 section 4.1.4", None,
        "tokens expired an hour ago";
    NotYetValid = "not-yet-valid", None, Token, "RFC 7519 section 4.1.5", None,
        "tokens become valid only in an hour";
    WrongAud = "wrong-aud", None, Token, "RFC 7519 section 4.1.3", Some("oidcc-client-test-invalid-aud"),
        "tokens are for somebody else";
    WrongIss = "wrong-iss", None, Token, "RFC 7519 section 4.1.1", Some("oidcc-client-test-invalid-iss"),
        "tokens name another issuer";
    WrongTyp = "wrong-typ", None, Token, "RFC 8725 section 3.11", None,
        "tokens are of an unknown type";
    WrongKid = "wrong-kid", None, Token, "RFC 7515 section 4.1.4", None,
        "tokens name a key that does not exist";
    BadSignature = "bad-signature", None, Token, "RFC 7515 section 5.2", Some("oidcc-client-test-invalid-sig-rs256"),
        "the signature of tokens is wrong";
    AlgNone = "alg-none", None, Token, "RFC 8725 section 3.2", Some("oidcc-client-test-idtoken-sig-none"),
        "tokens are not signed";
    NoKid = "no-kid", None, Token, "RFC 7515 section 4.1.4", Some("oidcc-client-test-kid-absent-single-jwks"),
        "tokens do not name their key";
    WrongAlg = "wrong-alg", None, Token, "RFC 8725 section 3.1", None,
        "tokens are signed by the right key, but with an algorithm that it is not for";
    WrongNonce = "wrong-nonce", None, Token, "OpenID Connect Core 1.0 section 3.1.3.7", Some("oidcc-client-test-nonce-invalid"),
        "the ID token has another `nonce` than the request";
    WrongAtHash = "wrong-at-hash", None, Token, "OpenID Connect Core 1.0 section 3.1.3.8", Some("oidcc-client-test-invalid-athash"),
        "`at_hash` of the ID token is of another access token";
    MissingSub = "missing-sub", None, Token, "OpenID Connect Core 1.0 section 2", Some("oidcc-client-test-missing-sub"),
        "tokens have no `sub`";
    MissingAud = "missing-aud", None, Token, "OpenID Connect Core 1.0 section 2", Some("oidcc-client-test-missing-aud"),
        "tokens have no `aud`";
    MissingIat = "missing-iat", None, Token, "OpenID Connect Core 1.0 section 2", Some("oidcc-client-test-missing-iat"),
        "tokens have no `iat`";
    ClockSkew = "clock-skew", Skew, Token, "RFC 7519 section 4.1.4", None,
        "tokens are made by a clock that is wrong by this much";
    NoExpiresIn = "no-expires-in", None, TokenAnswer, "RFC 6749 section 5.1", None,
        "the answer does not say how long the token lives";
    StringExpiresIn = "string-expires-in", None, TokenAnswer, "RFC 6749 section 5.1", None,
        "`expires_in` is a string";
    NegativeExpiresIn = "negative-expires-in", None, TokenAnswer, "RFC 6749 section 5.1", None,
        "`expires_in` is a number below zero";
    LyingExpiresIn = "lying-expires-in", None, Token, "RFC 6749 section 5.1", None,
        "`expires_in` is 3600, but the token lives for 5 seconds";
    NoAccessToken = "no-access-token", None, TokenAnswer, "RFC 6749 section 5.1", None,
        "the answer has no access token";
    NoTokenType = "no-token-type", None, TokenAnswer, "RFC 6749 section 5.1", None,
        "the answer does not say of which type the token is";
    DuplicateMembers = "duplicate-members", None, TokenAnswer, "RFC 8259 section 4", None,
        "the answer has two access tokens by the same name, the first of them wrong";
    NoScope = "no-scope", None, TokenAnswer, "RFC 6749 section 5.1", None,
        "the answer does not say the scope, though it may be another than was asked for";
    OtherScope = "other-scope", None, TokenAnswer, "RFC 6749 section 3.3", None,
        "the answer has another scope than was asked for";
    RefreshRefused = "refresh-refused", None, Refresh, "RFC 6749 section 5.2", None,
        "a refresh token is refused with `invalid_grant`";
    NoRotation = "no-rotation", None, Refresh, "RFC 6749 section 6", None,
        "a refresh brings no new refresh token, and the old one stays valid";
    SiblingRevoked = "sibling-revoked", None, Refresh, "RFC 9700 section 4.14.2", None,
        "a refresh is refused and its whole family revoked, as if another process had used the token";
    InvalidJson = "invalid-json", None, Answer, "RFC 8259 section 2", None,
        "the body lacks its last character";
    HtmlBody = "html-body", None, Answer, "RFC 6749 section 5.1", None,
        "the answer is a page of HTML";
    WrongContentType = "wrong-content-type", None, Answer, "RFC 6749 section 5.1", None,
        "the answer says that it is `text/plain`";
    TruncatedBody = "truncated-body", None, Answer, "RFC 9112 section 8", None,
        "the body stops in the middle, and the connection ends";
    Slow = "slow", Milliseconds, Answer, "RFC 9110 section 15.5.9", None,
        "the answer comes later by this many milliseconds, or by a time like `8s`";
    Reset = "reset", None, Answer, "RFC 9293 section 3.5.2", None,
        "the connection is reset instead of an answer";
    Status = "status", Status, Answer, "RFC 9110 section 15", None,
        "the answer is this status, with `Retry-After` for 429 and 503";
    Redirect = "redirect", None, Answer, "RFC 9700 section 4.11", None,
        "the answer leads to another place with 307, where no secret may follow";
    JwksEmpty = "jwks-empty", None, Jwks, "RFC 7517 section 5.1", None,
        "the key set has no keys";
    JwksRotated = "jwks-rotated", None, Jwks, "OpenID Connect Core 1.0 section 10.1.1", None,
        "the key set has another key than tokens are signed with";
    JwksLate = "jwks-late", Fetches, Jwks, "OpenID Connect Core 1.0 section 10.1.1", Some("oidcc-client-test-signing-key-rotation-just-before-signing"),
        "the key set has the key of the tokens only from this fetch on, by default the third";
    JwksRotating = "jwks-rotating", Period, Rotation, "OpenID Connect Core 1.0 section 10.1.1", Some("oidcc-client-test-signing-key-rotation"),
        "tokens are signed with a new key each time this period has passed; the key set has the previous keys, too";
    Jwks500 = "jwks-500", None, Jwks, "RFC 9110 section 15.6.1", None,
        "the key set cannot be fetched: 500";
    ConsentDenied = "consent-denied", None, Consent, "RFC 6749 section 4.1.2.1", None,
        "the resource owner's yes becomes a no: `access_denied`";
    WrongResponseIss = "wrong-response-iss", None, Redirect, "RFC 9207 section 2.4", Some("auth/iss-wrong-issuer"),
        "`iss` of the authorization response is another issuer";
    NoResponseIss = "no-response-iss", None, Redirect, "RFC 9207 section 2.4", Some("auth/iss-supported-missing"),
        "the authorization response has no `iss`, which the metadata promises";
    NearResponseIss = "near-response-iss", None, Redirect, "RFC 9207 section 2.4", Some("auth/iss-normalized"),
        "`iss` of the authorization response is the issuer after normalization only: it ends with a slash";
    WrongState = "wrong-state", None, Redirect, "RFC 6749 section 10.12", None,
        "`state` of the authorization response is not that of the request";
    CallbackTwice = "callback-twice", None, Redirect, "RFC 6749 section 4.1.2", None,
        "the browser brings the answer to the client twice, the second time a second later";
    MetadataWrongIssuer = "metadata-wrong-issuer", None, Metadata, "RFC 8414 section 3.3", Some("oidcc-client-test-discovery-issuer-mismatch"),
        "the metadata is of another issuer";
    MetadataOpenidOnly = "metadata-openid-only", None, Metadata, "RFC 8414 section 3", None,
        "the metadata is only under the path of OpenID Connect";
    MetadataNone = "metadata-none", None, Metadata, "RFC 8414 section 3", None,
        "there is no metadata";
    MetadataNoPkce = "metadata-no-pkce", None, Metadata, "RFC 9700 section 2.1.1", Some("auth/pkce-no-s256-support"),
        "the metadata does not say that there is PKCE";
    MetadataNoIss = "metadata-no-iss", None, Metadata, "RFC 9207 section 3", Some("auth/iss-not-advertised"),
        "the metadata does not say that authorization responses have `iss`";
    ResourceMetadataWrongResource = "resource-metadata-wrong-resource", None, ResourceMetadata, "RFC 9728 section 3.3", Some("auth/resource-mismatch"),
        "the metadata of a resource is of another resource";
    ResourceMetadataOtherServer = "resource-metadata-other-server", None, ResourceMetadata, "RFC 9728 section 7.6", Some("auth/authorization-server-migration"),
        "the metadata of a resource names another authorization server";
    ResourceMetadataNone = "resource-metadata-none", None, ResourceMetadata, "RFC 9728 section 3", None,
        "there is no metadata of a resource";
    InsufficientScope = "insufficient-scope", None, Challenge, "RFC 6750 section 3.1", Some("auth/scope-step-up"),
        "the resource server wants another scope: 403 with `insufficient_scope`";
    InsufficientScopeForTool = "insufficient-scope-for-tool", Tool, Tool, "RFC 6750 section 3.1", Some("auth/scope-retry-limit"),
        "a tool of `/mcp`, and no other, wants both scopes, whatever the token has: 403 with `insufficient_scope`";
    InsufficientAuthentication = "insufficient-authentication", None, Challenge, "RFC 9470 section 3", None,
        "the resource server wants a log-in by two factors within five minutes: 401 with `insufficient_user_authentication` for any other";
    NoChallenge = "no-challenge", None, Challenge, "RFC 9110 section 11.6.1", None,
        "the resource server refuses every token with a 401 that has no `WWW-Authenticate`";
    SeveralChallenges = "several-challenges", None, Challenge, "RFC 9110 section 11.6.1", None,
        "the resource server refuses every token with a 401 that has several challenges in one header";
    DpopNonce = "dpop-nonce", None, Nonce, "RFC 9449 section 8", Some("auth/dpop-nonce"),
        "a request is refused until its proof of possession has the nonce that the refusal gives: `use_dpop_nonce`";
    RegistrationRefused = "registration-refused", None, Registration, "RFC 7591 section 3.2.2", None,
        "no client may register itself: 403 with `access_denied`";
    RegistrationRedirectRefused = "registration-redirect-refused", None, Registration, "RFC 7591 section 3.2.2", None,
        "a registration is refused for its redirect URIs: `invalid_redirect_uri`";
    RegistrationMethodRefused = "registration-method-refused", None, Registration, "RFC 7591 section 3.2.2", None,
        "a registration is refused for the way in which the client authenticates itself: `invalid_client_metadata`";
    RegistrationOtherMethod = "registration-other-method", None, Registration, "RFC 7591 section 3.2.1", None,
        "a client is registered to authenticate itself in another way than it asked for";
    UserinfoWrongSub = "userinfo-wrong-sub", None, UserInfo, "OpenID Connect Core 1.0 section 5.3.2", Some("oidcc-client-test-userinfo-invalid-sub"),
        "`/userinfo` tells of somebody else than the ID token";
}

/// The endpoints that programs call, not browsers.
const OF_PROGRAMS: &[Endpoint] = &[
    Endpoint::Token,
    Endpoint::Introspect,
    Endpoint::Revoke,
    Endpoint::Register,
    Endpoint::UserInfo,
    Endpoint::Jwks,
    Endpoint::Metadata,
    Endpoint::ResourceMetadata,
    Endpoint::Protected,
    Endpoint::Items,
    Endpoint::Mcp,
];
const OF_TOKENS: &[Endpoint] = &[
    Endpoint::Token,
    Endpoint::Introspect,
    Endpoint::UserInfo,
    Endpoint::Protected,
    Endpoint::Items,
    Endpoint::Mcp,
];
const OF_RESOURCES: &[Endpoint] = &[
    Endpoint::UserInfo,
    Endpoint::Protected,
    Endpoint::Items,
    Endpoint::Mcp,
];
const OF_POSSESSION: &[Endpoint] = &[
    Endpoint::Token,
    Endpoint::UserInfo,
    Endpoint::Protected,
    Endpoint::Items,
    Endpoint::Mcp,
];

impl Fault {
    /// Its name, without an argument.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The argument that follows its name.
    #[must_use]
    pub const fn argument(self) -> Argument {
        self.row().argument
    }

    /// At which step it acts.
    #[must_use]
    pub const fn stage(self) -> Stage {
        self.row().stage
    }

    /// What it does, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    /// The section that a client relies on.
    #[must_use]
    pub const fn section(self) -> &'static str {
        self.row().section
    }

    /// The test of the OpenID Foundation's plans for clients (`oidcc-…`) or of the MCP suite
    /// (`auth/…`) that it stands for.
    #[must_use]
    pub const fn check(self) -> Option<&'static str> {
        self.row().check
    }

    /// Whether it concerns members that only ID tokens have.
    #[must_use]
    pub const fn is_of_id_tokens(self) -> bool {
        matches!(self, Fault::WrongNonce | Fault::WrongAtHash)
    }

    /// The fault of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Fault> {
        Fault::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// The fault of a kind whose name is most like this one, if any is.
    #[must_use]
    pub fn nearest(name: &str, is_of_kind: impl Fn(Fault) -> bool) -> Option<Fault> {
        // The user may mean a fault whose words stand in another order; words that many faults
        // share say little.
        let says_little = |word: &str| ["bad", "invalid", "missing", "no", "wrong"].contains(&word);
        let words: Vec<&str> = name.split(['-', '_', ' ']).collect();
        let likeness = |fault: &Fault| {
            let own: Vec<&str> = fault.name().split('-').collect();
            let shared = own
                .iter()
                .filter(|word| words.contains(*word) && !says_little(word));
            let part = |number: usize| f64::from(u32::try_from(number).unwrap_or_default());
            let shared = match shared.count() {
                0 => 0.0,
                shared => 0.5 + part(shared) / part(own.len()) / 2.0,
            };
            strsim::jaro_winkler(name, fault.name()) + shared
        };
        let kind = Fault::ALL.iter().filter(|fault| is_of_kind(**fault));
        let nearest = kind.map(|fault| (likeness(fault), *fault));
        let nearest = nearest.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (nearest.0 > LEAST_LIKENESS).then_some(nearest.1)
    }

    /// Where it can act.
    #[must_use]
    pub fn endpoints(self) -> &'static [Endpoint] {
        match self.stage() {
            Stage::Answer => OF_PROGRAMS,
            Stage::Token => OF_TOKENS,
            Stage::TokenAnswer | Stage::Refresh => &[Endpoint::Token],
            Stage::Consent | Stage::Redirect => &[Endpoint::Authorize],
            Stage::Metadata => &[Endpoint::Metadata],
            Stage::ResourceMetadata => &[Endpoint::ResourceMetadata],
            Stage::Jwks => &[Endpoint::Jwks],
            Stage::Challenge => OF_RESOURCES,
            Stage::UserInfo => &[Endpoint::UserInfo],
            Stage::Tool => &[Endpoint::Mcp],
            Stage::Registration => &[Endpoint::Register],
            Stage::Nonce => OF_POSSESSION,
            Stage::Rotation => &[Endpoint::Token, Endpoint::Jwks],
        }
    }

    /// Where it acts unless an endpoint is named: a token is made wrong once, where it is made.
    #[must_use]
    pub fn usual_endpoints(self) -> &'static [Endpoint] {
        match self.stage() {
            Stage::Token => &[Endpoint::Token],
            _ => self.endpoints(),
        }
    }
}
