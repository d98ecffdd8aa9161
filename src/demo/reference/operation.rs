//! An operation: a place, what answers there, and what is said of it, in one value.

use axum::routing::{MethodFilter, MethodRouter};

use crate::demo::base_url::BaseUrl;
use crate::demo::error::ErrorCode;
use crate::demo::reference::field::{Field, Shape, text};
use crate::demo::service::Demo;

/// What programs may ask of the server: the router and the reference are made of these.
pub(in crate::demo) struct Operation {
    pub(in crate::demo) method: Method,
    pub(in crate::demo) place: Place,
    /// The handler, for the method.
    pub(in crate::demo) handler: fn(MethodFilter) -> MethodRouter<Demo>,
    pub(in crate::demo) part: Part,
    /// Whether it is only there where there is OpenID Connect.
    pub(in crate::demo) openid: bool,
    /// Whether scripts of other origins may call it.
    pub(in crate::demo) open: bool,
    pub(in crate::demo) caller: Caller,
    /// What it does, in a few words, and in a few sentences.
    pub(in crate::demo) title: &'static str,
    pub(in crate::demo) about: &'static str,
    /// Where it is specified, if it is.
    pub(in crate::demo) section: &'static str,
    pub(in crate::demo) takes: Takes,
    /// Its answers, but for those that follow from who calls it and how.
    pub(in crate::demo) answers: &'static [Answer],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Method {
    Get,
    Post,
}

/// Where an operation is.
#[derive(Clone, Copy)]
pub(in crate::demo) enum Place {
    /// Below the issuer.
    Below(&'static str),
    /// Between the host and the path of the issuer (RFC 8414 section 3.1), and what comes behind that
    /// path (RFC 9728 section 3.1).
    WellKnown(&'static str, &'static str),
}

/// What an operation is a part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Part {
    AuthorizationServer,
    ResourceServer,
    Metadata,
}

/// Who may call.
#[derive(Clone, Copy)]
pub(in crate::demo) enum Caller {
    Anybody,
    /// Who has an access token of these scopes.
    Token(&'static [&'static str]),
    /// A client that says who it is, and proves it if it has a secret.
    Client,
    /// A client that proves who it is.
    ClientWithSecret,
    /// As each grant says.
    ByGrant,
}

/// What is sent along.
#[derive(Clone, Copy)]
pub(in crate::demo) enum Takes {
    Nothing,
    Query(&'static [Field]),
    Form(&'static [Field]),
    Json(&'static Shape),
    /// The form of one of the grants.
    Grant,
}

/// An answer.
#[derive(Clone, Copy)]
pub(in crate::demo) struct Answer {
    pub(in crate::demo) status: u16,
    pub(in crate::demo) about: &'static str,
    /// One of these; nothing, if there are none.
    pub(in crate::demo) bodies: &'static [Body],
    /// A header that belongs to it, and what it says.
    pub(in crate::demo) header: Option<Header>,
}

/// The name of a header, and what it says.
pub(in crate::demo) type Header = (&'static str, &'static str);

#[derive(Clone, Copy)]
pub(in crate::demo) enum Body {
    Json(&'static Shape),
    /// One of these errors.
    Error(&'static [ErrorCode]),
    Page,
}

/// What programs say of themselves in a form, unless they do so in a header (RFC 6749 section 2.3.1).
pub(in crate::demo) const CLIENT_ID: Field = text(
    "client_id",
    "the client, unless it is named in the Authorization header",
);
pub(in crate::demo) const CLIENT_SECRET: Field = text("client_secret", "its secret, if it has one");

/// RFC 6749 section 5.2, RFC 6750 section 3.
pub(super) const ERROR: Shape = Shape {
    name: "Error",
    about: "why a request is refused; the log of the server says more",
    members: &[
        text("error", "the code of the RFC").required(),
        text("error_description", "the same in words, for people").required(),
    ],
    open: false,
};

pub(in crate::demo) const MESSAGE: Shape = Shape {
    name: "Message",
    about: "a sentence",
    members: &[text("message", "the sentence")
        .required()
        .such_as(|_| "an access token is needed".to_owned())],
    open: false,
};

const MALFORMED: Answer = Answer::new(
    400,
    "the request is malformed",
    &[Body::Error(&[ErrorCode::InvalidRequest])],
);
const NO_TOKEN: Answer = Answer::new(
    401,
    "there is no access token, or it is malformed, expired, revoked or for somebody else",
    &[
        Body::Error(&[ErrorCode::InvalidToken]),
        Body::Json(&MESSAGE),
    ],
)
.with(CHALLENGE);
const NO_SCOPE: Answer = Answer::new(
    403,
    "the access token lacks the scope",
    &[Body::Error(&[ErrorCode::InsufficientScope])],
)
.with(CHALLENGE);
const NO_CLIENT: Answer = Answer::new(
    401,
    "the client could not be authenticated",
    &[Body::Error(&[ErrorCode::InvalidClient])],
)
.with(CHALLENGE);
const TOO_SLOW: Answer = Answer::new(
    408,
    "the body did not come in time",
    &[Body::Error(&[ErrorCode::InvalidRequest])],
);
const TOO_LARGE: Answer = Answer::new(
    413,
    "the body is too large",
    &[Body::Error(&[ErrorCode::InvalidRequest])],
);
const MISDIRECTED: Answer = Answer::new(421, "the Host is not a name of this server", &[]);

const CHALLENGE: Header = (
    "WWW-Authenticate",
    "what is asked for (RFC 9110 section 11.6.1)",
);

impl Answer {
    pub(in crate::demo) const fn new(
        status: u16,
        about: &'static str,
        bodies: &'static [Body],
    ) -> Answer {
        Answer {
            status,
            about,
            bodies,
            header: None,
        }
    }

    pub(in crate::demo) const fn with(self, header: Header) -> Answer {
        Answer {
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
        }
    }

    pub(in crate::demo) fn filter(self) -> MethodFilter {
        match self {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        }
    }
}

impl Part {
    pub(in crate::demo) const ALL: &'static [Part] = &[
        Part::ResourceServer,
        Part::AuthorizationServer,
        Part::Metadata,
    ];

    pub(in crate::demo) fn name(self) -> &'static str {
        match self {
            Part::AuthorizationServer => "authorization server",
            Part::ResourceServer => "resource server",
            Part::Metadata => "metadata",
        }
    }

    pub(in crate::demo) fn about(self) -> &'static str {
        match self {
            Part::AuthorizationServer => {
                "It lets resource owners log in and consent, and gives tokens to clients."
            }
            Part::ResourceServer => {
                "It has what belongs to resource owners, for whoever has a token."
            }
            Part::Metadata => {
                "What clients can find out by themselves: where things are, and keys."
            }
        }
    }
}

impl Operation {
    /// Its path, from the host or below the issuer.
    pub(in crate::demo) fn path(&self, issuer: &BaseUrl) -> String {
        match self.place {
            Place::Below(path) => path.to_owned(),
            Place::WellKnown(name, part) => format!("{}{part}", issuer.well_known(name)),
        }
    }

    /// Its path from the host on.
    pub(in crate::demo) fn whole_path(&self, issuer: &BaseUrl) -> String {
        match (self.place, issuer.path()) {
            (Place::WellKnown(..), _) | (_, "") => self.path(issuer),
            (Place::Below("/"), root) => root.to_owned(),
            (Place::Below(path), root) => format!("{root}{path}"),
        }
    }

    /// Whether its path begins below the issuer.
    pub(in crate::demo) fn is_below(&self) -> bool {
        matches!(self.place, Place::Below(_))
    }

    /// The fields by which the client of a form says who it is.
    pub(in crate::demo) fn client_fields(&self) -> Vec<Field> {
        match self.caller {
            Caller::Client => vec![
                CLIENT_ID.such_as(|known| known.app.to_owned()),
                CLIENT_SECRET,
            ],
            Caller::ClientWithSecret => vec![
                CLIENT_ID.such_as(|known| known.service.to_owned()),
                CLIENT_SECRET.such_as(|known| known.secret.to_owned()),
            ],
            Caller::Anybody | Caller::Token(_) | Caller::ByGrant => Vec::new(),
        }
    }

    /// The shapes of what it takes and gives, those of members before their own.
    pub(super) fn shapes(&'static self) -> impl Iterator<Item = &'static Shape> {
        let taken = match self.takes {
            Takes::Json(shape) => Some(shape),
            _ => None,
        };
        let bodies = self
            .all_answers()
            .into_iter()
            .flat_map(|answer| answer.bodies);
        let given = bodies.filter_map(|body| match body {
            Body::Json(shape) => Some(*shape),
            Body::Error(_) => Some(&ERROR),
            Body::Page => None,
        });
        taken.into_iter().chain(given).flat_map(Shape::with_members)
    }

    /// All its answers.
    pub(in crate::demo) fn all_answers(&self) -> Vec<Answer> {
        let by_caller: &[Answer] = match self.caller {
            Caller::Anybody => &[],
            Caller::Token([]) => &[NO_TOKEN],
            Caller::Token(_) => &[NO_TOKEN, NO_SCOPE],
            Caller::Client | Caller::ClientWithSecret | Caller::ByGrant => &[NO_CLIENT],
        };
        let by_method: &[Answer] = match self.method {
            Method::Get => &[],
            Method::Post => &[TOO_SLOW, TOO_LARGE],
        };
        let mut answers = self.answers.to_vec();
        let more = [&[MALFORMED, MISDIRECTED], by_caller, by_method].concat();
        for answer in more {
            if answers.iter().all(|known| known.status != answer.status) {
                answers.push(answer);
            }
        }
        answers.sort_by_key(|answer| answer.status);
        answers
    }
}
