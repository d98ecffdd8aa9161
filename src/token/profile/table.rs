//! The known kinds of token, each with its conditions and their source. The first row that fits
//! counts, so more specific rows stand above more general ones.

use crate::token::profile::protocol::{ID_JAG, Protocol};

/// A kind of token.
pub(super) struct KnownKind {
    /// What it is called.
    pub(super) title: &'static str,
    /// Whether any provider may issue such tokens; its name is then put in front.
    pub(super) is_anyones: bool,
    /// Such a token meets all of these conditions.
    pub(super) when: &'static [When],
    /// Where that is written.
    pub(super) source: &'static str,
}

/// What is asked about a token.
pub(super) enum When {
    /// It follows this protocol, or says so.
    Protocol(Protocol),
    /// `iss` is of this provider.
    Issuer(&'static str),
    /// It is followed by disclosures.
    SdJwt,
    /// A header parameter is text that starts so.
    HeaderStarts(&'static str, &'static str),
    /// It has this claim.
    Has(&'static str),
    /// It has one of these claims at least.
    HasOneOf(&'static [&'static str]),
    /// It has this claim, and that is an object.
    HasObject(&'static str),
    /// It has claims, but not this one.
    Lacks(&'static str),
    /// A claim is this text, or an array that has it.
    Is(&'static str, &'static str),
    /// A claim is text that starts so.
    Starts(&'static str, &'static str),
    /// A claim is text that has this in it.
    Holds(&'static str, &'static str),
    /// A claim is a number, or text of digits alone.
    Digits(&'static str),
    /// It has these claims, each once, and no others.
    Only(&'static [&'static str]),
}

use When::{
    Digits, Has, HasObject, HasOneOf, HeaderStarts, Holds, Is, Issuer, Lacks, Only, SdJwt, Starts,
};

const fn of(title: &'static str, when: &'static [When], source: &'static str) -> KnownKind {
    KnownKind {
        title,
        is_anyones: false,
        when,
        source,
    }
}

/// The same with the provider's name in front where `iss` is one.
const fn any(title: &'static str, when: &'static [When], source: &'static str) -> KnownKind {
    KnownKind {
        is_anyones: true,
        ..of(title, when, source)
    }
}

const ENTRA: &str = "learn.microsoft.com, access token claims reference";
const ENTRA_ID: &str = "learn.microsoft.com, ID token claims reference";
const ENTRA_ACCESS: When = HasOneOf(&["appid", "azp", "scp", "appidacr", "azpacr"]);
const GITLAB: &str = "docs.gitlab.com, OpenID Connect (OIDC) authentication using ID tokens";
const KEYCLOAK: &str = "keycloak.org, TokenUtil: the claim `typ`";
const COGNITO: &str = "docs.aws.amazon.com, Amazon Cognito: the claim `token_use`";
const KUBERNETES: &str = "kubernetes.io, Managing Service Accounts";

/// The table.
pub(super) const ROWS: &[KnownKind] = &[
    // Protocols that are known by `typ`, or by the members that they must have.
    of(
        "DPoP proof",
        &[When::Protocol(Protocol::DpopProof)],
        "RFC 9449 section 4.2",
    ),
    of(
        "Logout token",
        &[When::Protocol(Protocol::LogoutToken)],
        "OpenID Connect Back-Channel Logout 1.0 section 2.4",
    ),
    of(
        "Security event token",
        &[When::Protocol(Protocol::SecurityEvent)],
        "RFC 8417 section 2",
    ),
    of(
        "Proof that the holder of an SD-JWT has the key",
        &[When::Protocol(Protocol::KeyBinding)],
        "RFC 9901 section 4.3",
    ),
    of(
        "SD-JWT VC (verifiable credential)",
        &[When::Protocol(Protocol::SdJwtVc)],
        "draft-ietf-oauth-sd-jwt-vc section 3.2.1",
    ),
    of(
        "Introspection response",
        &[When::Protocol(Protocol::Introspection)],
        "RFC 9701 section 5",
    ),
    of(
        "Authorization request (JAR)",
        &[When::Protocol(Protocol::AuthorizationRequest)],
        "RFC 9101 section 4",
    ),
    of(
        "Grant for another authorization server (ID-JAG)",
        &[When::Protocol(Protocol::IdentityAssertionGrant)],
        ID_JAG,
    ),
    of(
        "OpenID4VCI proof of a key",
        &[When::Protocol(Protocol::CredentialProof)],
        "OpenID for Verifiable Credential Issuance 1.0 appendix F.1",
    ),
    of(
        "Client attestation",
        &[When::Protocol(Protocol::ClientAttestation)],
        "draft-ietf-oauth-attestation-based-client-auth section 5",
    ),
    of(
        "Entity statement (OpenID Federation)",
        &[When::Protocol(Protocol::EntityStatement)],
        "OpenID Federation 1.0 section 3",
    ),
    of(
        "Status list token",
        &[When::Protocol(Protocol::StatusList)],
        "draft-ietf-oauth-status-list section 5.1",
    ),
    of(
        "PASSporT (caller identity)",
        &[When::Protocol(Protocol::Passport)],
        "RFC 8225 section 4",
    ),
    of(
        "Verifiable credential (JWT)",
        &[HasObject("vc")],
        "W3C Verifiable Credentials Data Model 1.1 section 6.3.1",
    ),
    of(
        "Verifiable presentation (JWT)",
        &[HasObject("vp")],
        "W3C Verifiable Credentials Data Model 1.1 section 6.3.1",
    ),
    // Tokens that a client or an application signs itself.
    of(
        "Apple client secret",
        &[
            Is("aud", "https://appleid.apple.com"),
            Has("sub"),
            Has("iss"),
        ],
        "developer.apple.com, Creating a client secret",
    ),
    of(
        "App Store Connect API token",
        &[Is("aud", "appstoreconnect-v1")],
        "developer.apple.com, Generating tokens for API requests",
    ),
    of(
        "Google service account assertion",
        &[
            Has("iss"),
            HasOneOf(&["scope", "target_audience"]),
            Starts("aud", "https://oauth2.googleapis.com/token"),
        ],
        "developers.google.com, OAuth 2.0 for server to server applications",
    ),
    of(
        "Google service account assertion",
        &[
            Has("iss"),
            HasOneOf(&["scope", "target_audience"]),
            Starts("aud", "https://www.googleapis.com/oauth2/v4/token"),
        ],
        "developers.google.com, OAuth 2.0 for server to server applications",
    ),
    of(
        "Google service account token, signed by the account itself",
        &[
            Holds("iss", ".gserviceaccount.com"),
            Holds("sub", ".gserviceaccount.com"),
        ],
        "google.aip.dev/auth/4111",
    ),
    of(
        "Firebase custom token",
        &[Starts("aud", "https://identitytoolkit.googleapis.com/")],
        "firebase.google.com, Create custom tokens",
    ),
    of(
        "Snowflake key-pair token",
        &[Holds("iss", ".SHA256:"), Has("sub")],
        "docs.snowflake.com, Authenticating with key-pair authentication",
    ),
    of(
        "VAPID token of Web Push",
        &[Only(&["aud", "exp", "sub"]), Starts("sub", "mailto:")],
        "RFC 8292 section 2",
    ),
    of(
        "VAPID token of Web Push",
        &[
            Only(&["aud", "exp", "sub"]),
            Starts("aud", "https://fcm.googleapis.com"),
        ],
        "RFC 8292 section 2",
    ),
    of(
        "GitHub App token",
        &[
            Only(&["iat", "exp", "iss"]),
            HeaderStarts("alg", "RS256"),
            Starts("iss", "Iv"),
        ],
        "docs.github.com, Generating a JSON Web Token for a GitHub App",
    ),
    of(
        "GitHub App token",
        &[
            Only(&["iat", "exp", "iss"]),
            HeaderStarts("alg", "RS256"),
            Digits("iss"),
        ],
        "docs.github.com, Generating a JSON Web Token for a GitHub App",
    ),
    of(
        "Twilio access token",
        &[HeaderStarts("cty", "twilio-fpa")],
        "twilio.com, Access Tokens",
    ),
    of(
        "Client assertion",
        &[When::Protocol(Protocol::ClientAssertion)],
        "RFC 7523 section 3",
    ),
    // Identity of jobs, workloads and machines.
    of(
        "GitHub Actions OIDC token",
        &[Issuer("GitHub Actions")],
        "docs.github.com, OpenID Connect reference",
    ),
    of(
        "GitHub Actions OIDC token (GitHub Enterprise Server)",
        &[
            Has("repository"),
            Has("job_workflow_ref"),
            Has("runner_environment"),
        ],
        "docs.github.com, OpenID Connect reference",
    ),
    of(
        "GitLab job token (CI/CD ID token)",
        &[
            Has("project_path"),
            Has("namespace_path"),
            HasOneOf(&["job_id", "pipeline_id"]),
        ],
        GITLAB,
    ),
    any(
        "OIDC token",
        &[Issuer("CircleCI")],
        "circleci.com, OpenID Connect tokens",
    ),
    any(
        "OIDC token",
        &[Issuer("Buildkite")],
        "buildkite.com, OIDC in Buildkite Pipelines",
    ),
    any(
        "workload identity token",
        &[Issuer("HCP Terraform")],
        "developer.hashicorp.com, Workload identity tokens",
    ),
    any(
        "OIDC token",
        &[Issuer("Bitbucket Pipelines")],
        "support.atlassian.com, OpenID Connect in Bitbucket Pipelines",
    ),
    of(
        "Kubernetes service account token",
        &[HasObject("kubernetes.io")],
        KUBERNETES,
    ),
    of(
        "Kubernetes service account token (legacy, from a Secret)",
        &[Is("iss", "kubernetes/serviceaccount")],
        KUBERNETES,
    ),
    of(
        "SPIFFE identity (JWT-SVID)",
        &[Starts("sub", "spiffe://"), Has("aud"), Has("exp")],
        "SPIFFE JWT-SVID section 3",
    ),
    of(
        "Google Compute Engine identity token",
        &[Issuer("Google"), HasObject("google")],
        "cloud.google.com, Verify the identity of a VM",
    ),
    of(
        "AWS load balancer token of a user",
        &[HeaderStarts("signer", "arn:aws:elasticloadbalancing:")],
        "docs.aws.amazon.com, Authenticate users using an Application Load Balancer",
    ),
    of(
        "Google Identity-Aware Proxy token",
        &[Is("iss", "https://cloud.google.com/iap")],
        "cloud.google.com, Identity-Aware Proxy: signed headers",
    ),
    any(
        "token",
        &[Issuer("Cloudflare Access")],
        "developers.cloudflare.com, Application token",
    ),
    // Identity providers.
    of(
        "Entra access token v1",
        &[Issuer("Microsoft Entra"), Is("ver", "1.0"), ENTRA_ACCESS],
        ENTRA,
    ),
    of(
        "Entra access token v2",
        &[Issuer("Microsoft Entra"), Is("ver", "2.0"), ENTRA_ACCESS],
        ENTRA,
    ),
    of(
        "Entra ID token v1",
        &[Issuer("Microsoft Entra"), Is("ver", "1.0")],
        ENTRA_ID,
    ),
    of(
        "Entra ID token v2",
        &[Issuer("Microsoft Entra"), Is("ver", "2.0")],
        ENTRA_ID,
    ),
    of(
        "Keycloak access token",
        &[Issuer("Keycloak"), Is("typ", "Bearer")],
        KEYCLOAK,
    ),
    of(
        "Keycloak access token (DPoP)",
        &[Issuer("Keycloak"), Is("typ", "DPoP")],
        KEYCLOAK,
    ),
    of(
        "Keycloak ID token",
        &[Issuer("Keycloak"), Is("typ", "ID")],
        KEYCLOAK,
    ),
    of(
        "Keycloak refresh token",
        &[Issuer("Keycloak"), Is("typ", "Refresh")],
        KEYCLOAK,
    ),
    of(
        "Keycloak offline token",
        &[Issuer("Keycloak"), Is("typ", "Offline")],
        KEYCLOAK,
    ),
    of(
        "Cognito access token",
        &[Issuer("Amazon Cognito"), Is("token_use", "access")],
        COGNITO,
    ),
    of(
        "Cognito ID token",
        &[Issuer("Amazon Cognito"), Is("token_use", "id")],
        COGNITO,
    ),
    of(
        "Firebase ID token",
        &[Issuer("Firebase")],
        "firebase.google.com, Verify ID tokens",
    ),
    of(
        "Google ID token",
        &[Issuer("Google"), Has("azp")],
        "developers.google.com, OpenID Connect: an ID token's payload",
    ),
    of(
        "Google ID token",
        &[Issuer("Google"), Has("sub")],
        "developers.google.com, OpenID Connect: an ID token's payload",
    ),
    of(
        "Apple ID token",
        &[Issuer("Apple")],
        "developer.apple.com, Authenticating users with Sign in with Apple",
    ),
    of(
        "Okta access token",
        &[Issuer("Okta"), Has("cid")],
        "developer.okta.com, Access token claims",
    ),
    of(
        "Okta ID token",
        &[Issuer("Okta"), Has("idp")],
        "developer.okta.com, ID token claims",
    ),
    of(
        "Auth0 access token",
        &[Issuer("Auth0"), HasOneOf(&["gty", "permissions"])],
        "auth0.com, Access token profiles",
    ),
    of(
        "Supabase API key",
        &[Is("iss", "supabase"), Has("role"), Has("ref")],
        "supabase.com, Understanding API keys",
    ),
    of(
        "Docker registry token",
        &[Has("access"), Lacks("scope"), Has("aud"), Has("jti")],
        "distribution.github.io, Token authentication implementation",
    ),
    // Tokens of any provider.
    any(
        "access token (RFC 9068)",
        &[When::Protocol(Protocol::AccessToken)],
        "RFC 9068 section 2",
    ),
    any(
        "ID token",
        &[
            Has("iss"),
            Has("sub"),
            Has("aud"),
            HasOneOf(&["nonce", "at_hash", "c_hash", "s_hash"]),
        ],
        "OpenID Connect Core 1.0 section 2",
    ),
    any(
        "access token",
        &[Has("iss"), HasOneOf(&["scope", "scp"])],
        "RFC 8693 section 4.2, RFC 9068 section 2.2.3",
    ),
    any(
        "ID token",
        &[
            Has("iss"),
            Has("sub"),
            Has("aud"),
            HasOneOf(&["auth_time", "acr", "amr"]),
        ],
        "OpenID Connect Core 1.0 section 2",
    ),
    any(
        "access token",
        &[Has("iss"), Has("client_id")],
        "RFC 8693 section 4.3",
    ),
    of("SD-JWT", &[SdJwt], "RFC 9901 section 4"),
];
