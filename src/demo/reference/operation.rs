//! An operation: its path, its handler and its description, in one value.

use axum::routing::{MethodFilter, MethodRouter};

use crate::demo::base_url::BaseUrl;
use crate::demo::demo_server::DemoServer;
use crate::demo::error::ErrorCode;
use crate::demo::reference::field::{Field, ObjectSchema, text};

/// What programs may ask of the server: the router and the reference are made from these.
pub(in crate::demo) struct Operation {
    pub(in crate::demo) method: Method,
    pub(in crate::demo) path: Path,
    /// The handler, for the method.
    pub(in crate::demo) handler: fn(MethodFilter) -> MethodRouter<DemoServer>,
    pub(in crate::demo) tag: Tag,
    /// Whether it exists only with OpenID Connect.
    pub(in crate::demo) openid: bool,
    /// Whether scripts of other origins may call it.
    pub(in crate::demo) open: bool,
    pub(in crate::demo) security: Security,
    /// What it does, in a few words, and in a few sentences.
    pub(in crate::demo) summary: &'static str,
    pub(in crate::demo) description: &'static str,
    /// Where it is specified, if it is.
    pub(in crate::demo) section: &'static str,
    pub(in crate::demo) request: RequestContent,
    /// Its answers, without those that follow from its security and request.
    pub(in crate::demo) responses: &'static [OperationResponse],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// Where an operation is.
#[derive(Clone, Copy)]
pub(in crate::demo) enum Path {
    /// Below the issuer.
    Below(&'static str),
    /// Between the host and the path of the issuer (RFC 8414 section 3.1), and the part after that path (RFC
    /// 9728 section 3.1).
    WellKnown(&'static str, &'static str),
}

/// What an operation belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Tag {
    AuthorizationServer,
    ResourceServer,
    Metadata,
}

/// Who may call.
#[derive(Clone, Copy)]
pub(in crate::demo) enum Security {
    Anybody,
    /// Callers with an access token that has these scopes.
    Token(&'static [&'static str]),
    /// A client that has registered itself, with the token for that.
    RegistrationToken,
    /// A client that names itself, and authenticates itself if it has a secret.
    Client,
    /// A client that proves who it is.
    ClientWithSecret,
    /// As each grant says.
    ByGrant,
}

/// What is sent along.
#[derive(Clone, Copy)]
pub(in crate::demo) enum RequestContent {
    Nothing,
    Query(&'static [Field]),
    Form(&'static [Field]),
    Json(&'static ObjectSchema),
    /// The form of one of the grants.
    Grant,
}

/// An answer.
#[derive(Clone, Copy)]
pub(in crate::demo) struct OperationResponse {
    pub(in crate::demo) status: u16,
    pub(in crate::demo) description: &'static str,
    /// One of these; nothing, if there are none.
    pub(in crate::demo) contents: &'static [Content],
    /// A header that belongs to it, and what it says.
    pub(in crate::demo) header: Option<Header>,
}

/// The name of a header, and what it says.
pub(in crate::demo) type Header = (&'static str, &'static str);

#[derive(Clone, Copy)]
pub(in crate::demo) enum Content {
    Json(&'static ObjectSchema),
    /// One of these errors.
    Error(&'static [ErrorCode]),
    Page,
}

/// How clients name themselves in a form, unless they use a header (RFC 6749 section 2.3.1).
pub(in crate::demo) const CLIENT_ID: Field = text(
    "client_id",
    "the client, unless it is named in the Authorization header",
);
pub(in crate::demo) const CLIENT_SECRET: Field = text("client_secret", "its secret, if it has one");

/// RFC 6749 section 5.2, RFC 6750 section 3.
pub(super) const ERROR: ObjectSchema = ObjectSchema {
    name: "Error",
    description: "why a request is refused; the log of the server says more",
    properties: &[
        text("error", "the code of the RFC").required(),
        text("error_description", "the same in words, for people").required(),
    ],
    open: false,
};

pub(in crate::demo) const MESSAGE: ObjectSchema = ObjectSchema {
    name: "Message",
    description: "a sentence",
    properties: &[text("message", "the sentence")
        .required()
        .example(|_| "an access token is needed".to_owned())],
    open: false,
};

const MALFORMED: OperationResponse = OperationResponse::new(
    400,
    "the request is malformed",
    &[Content::Error(&[ErrorCode::InvalidRequest])],
);
const NO_TOKEN: OperationResponse = OperationResponse::new(
    401,
    "there is no access token, or it is malformed, expired, revoked or for somebody else",
    &[
        Content::Error(&[ErrorCode::InvalidToken]),
        Content::Json(&MESSAGE),
    ],
)
.with(CHALLENGE);
const NO_SCOPE: OperationResponse = OperationResponse::new(
    403,
    "the access token lacks the scope",
    &[Content::Error(&[ErrorCode::InsufficientScope])],
)
.with(CHALLENGE);
const MALFORMED_OR_NO_CLIENT: OperationResponse = OperationResponse::new(
    400,
    "the request is malformed, or the client could not be authenticated",
    &[Content::Error(&[
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidClient,
    ])],
);
const NO_CLIENT: OperationResponse = OperationResponse::new(
    401,
    "the client could not be authenticated by its Authorization header",
    &[Content::Error(&[ErrorCode::InvalidClient])],
)
.with(CHALLENGE);
const TOO_SLOW: OperationResponse = OperationResponse::new(
    408,
    "the body did not come in time",
    &[Content::Error(&[ErrorCode::InvalidRequest])],
);
const TOO_LARGE: OperationResponse = OperationResponse::new(
    413,
    "the body is too large",
    &[Content::Error(&[ErrorCode::InvalidRequest])],
);
const MISDIRECTED: OperationResponse =
    OperationResponse::new(421, "the Host is not a name of this server", &[]);

const CHALLENGE: Header = (
    "WWW-Authenticate",
    "what is asked for (RFC 9110 section 11.6.1)",
);

impl OperationResponse {
    pub(in crate::demo) const fn new(
        status: u16,
        description: &'static str,
        contents: &'static [Content],
    ) -> OperationResponse {
        OperationResponse {
            status,
            description,
            contents,
            header: None,
        }
    }

    pub(in crate::demo) const fn with(self, header: Header) -> OperationResponse {
        OperationResponse {
            header: Some(header),
            ..self
        }
    }
}

impl Method {
    pub(in crate::demo) fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }

    pub(in crate::demo) fn filter(self) -> MethodFilter {
        match self {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        }
    }
}

impl Tag {
    pub(in crate::demo) const ALL: &'static [Tag] =
        &[Tag::ResourceServer, Tag::AuthorizationServer, Tag::Metadata];

    pub(in crate::demo) fn name(self) -> &'static str {
        match self {
            Tag::AuthorizationServer => "authorization server",
            Tag::ResourceServer => "resource server",
            Tag::Metadata => "metadata",
        }
    }

    pub(in crate::demo) fn description(self) -> &'static str {
        match self {
            Tag::AuthorizationServer => {
                "It lets resource owners log in and consent, and gives tokens to clients."
            }
            Tag::ResourceServer => {
                "It holds the data of resource owners, for clients with a token."
            }
            Tag::Metadata => "What clients can find out themselves: the endpoints, and the keys.",
        }
    }
}

impl Operation {
    /// Its path, from the host or below the issuer.
    pub(in crate::demo) fn path(&self, issuer: &BaseUrl) -> String {
        match self.path {
            Path::Below(path) => path.to_owned(),
            Path::WellKnown(name, part) => format!("{}{part}", issuer.well_known(name)),
        }
    }

    /// Its path from the host on.
    pub(in crate::demo) fn whole_path(&self, issuer: &BaseUrl) -> String {
        match (self.path, issuer.path()) {
            (Path::WellKnown(..), _) | (_, "") => self.path(issuer),
            (Path::Below("/"), root) => root.to_owned(),
            (Path::Below(path), root) => format!("{root}{path}"),
        }
    }

    /// Whether its path begins below the issuer.
    pub(in crate::demo) fn is_below(&self) -> bool {
        matches!(self.path, Path::Below(_))
    }

    /// The fields by which the client of a form says who it is.
    pub(in crate::demo) fn client_fields(&self) -> Vec<Field> {
        match self.security {
            Security::Client => vec![
                CLIENT_ID.example(|examples| examples.app.to_owned()),
                CLIENT_SECRET,
            ],
            Security::ClientWithSecret => vec![
                CLIENT_ID.example(|examples| examples.service.to_owned()),
                CLIENT_SECRET.example(|examples| examples.secret.to_owned()),
            ],
            Security::Anybody
            | Security::Token(_)
            | Security::RegistrationToken
            | Security::ByGrant => Vec::new(),
        }
    }

    /// The schemas of its requests and answers, members before their objects.
    pub(super) fn schemas(&'static self) -> impl Iterator<Item = &'static ObjectSchema> {
        let taken = match self.request {
            RequestContent::Json(schema) => Some(schema),
            _ => None,
        };
        let contents = self
            .all_responses()
            .into_iter()
            .flat_map(|answer| answer.contents);
        let given = contents.filter_map(|content| match content {
            Content::Json(schema) => Some(*schema),
            Content::Error(_) => Some(&ERROR),
            Content::Page => None,
        });
        taken
            .into_iter()
            .chain(given)
            .flat_map(ObjectSchema::with_members)
    }

    /// All its answers.
    pub(in crate::demo) fn all_responses(&self) -> Vec<OperationResponse> {
        let by_caller: &[OperationResponse] = match self.security {
            Security::Anybody => &[],
            Security::Token([]) | Security::RegistrationToken => &[NO_TOKEN],
            Security::Token(_) => &[NO_TOKEN, NO_SCOPE],
            Security::Client | Security::ClientWithSecret | Security::ByGrant => {
                &[NO_CLIENT, MALFORMED_OR_NO_CLIENT]
            }
        };
        let by_method: &[OperationResponse] = match self.method {
            Method::Get => &[],
            Method::Post | Method::Put | Method::Delete => &[TOO_SLOW, TOO_LARGE],
        };
        let mut answers = self.responses.to_vec();
        let more = [by_caller, &[MALFORMED, MISDIRECTED], by_method].concat();
        for answer in more {
            if answers.iter().all(|known| known.status != answer.status) {
                answers.push(answer);
            }
        }
        answers.sort_by_key(|answer| answer.status);
        answers
    }
}
