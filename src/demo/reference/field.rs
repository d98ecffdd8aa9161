//! What requests and answers are made of, as a reference says it: names, kinds, and what is meant.

use serde_json::{Map, Value};

use crate::demo::reference::known::Known;
use crate::demo::reference::openapi::Schema;

/// A parameter of a request, or a member of an object.
#[derive(Clone, Copy)]
pub(in crate::demo) struct Field {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) about: &'static str,
    pub(in crate::demo) kind: Kind,
    pub(in crate::demo) required: bool,
    example: Option<fn(&Known<'_>) -> String>,
}

/// What a value may be.
#[derive(Clone, Copy)]
pub(in crate::demo) enum Kind {
    Text,
    /// A text of so many characters, at least and at most.
    Bounded(usize, usize),
    /// One of these.
    Word(&'static [&'static str]),
    Integer,
    Boolean,
    Texts,
    /// One text, or several (RFC 7519 section 4.1.3).
    TextOrTexts,
    /// Several objects.
    Each(&'static Shape),
}

/// An object, by the name that it has in the document.
pub(in crate::demo) struct Shape {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) about: &'static str,
    pub(in crate::demo) members: &'static [Field],
    /// Whether there may be other members.
    pub(in crate::demo) open: bool,
}

/// A field that may be left out.
pub(in crate::demo) const fn field(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        name,
        about,
        kind,
        required: false,
        example: None,
    }
}

/// A text that may be left out.
pub(in crate::demo) const fn text(name: &'static str, about: &'static str) -> Field {
    field(name, Kind::Text, about)
}

impl Field {
    /// As one that has to be there.
    pub(in crate::demo) const fn required(self) -> Field {
        Field {
            required: true,
            ..self
        }
    }

    /// With an example, which may be of somebody who is known.
    pub(in crate::demo) const fn such_as(self, example: fn(&Known<'_>) -> String) -> Field {
        Field {
            example: Some(example),
            ..self
        }
    }

    /// The example as a text, the way a form has it.
    pub(in crate::demo) fn example_text(&self, known: &Known<'_>) -> Option<String> {
        match (self.example, self.kind) {
            (Some(example), _) => Some(example(known)),
            (None, Kind::Word([only])) => Some((*only).to_owned()),
            (None, _) => None,
        }
    }

    pub(super) fn example(&self, known: &Known<'_>) -> Option<Value> {
        if let Kind::Each(shape) = self.kind {
            return Some(Value::from(vec![example(shape.members, known)]));
        }
        let text = self.example_text(known)?;
        Some(match self.kind {
            Kind::Integer => text.parse::<i64>().map_or(Value::Null, Value::from),
            Kind::Boolean => Value::from(text == "true"),
            Kind::Texts => text.split(' ').map(Value::from).collect(),
            _ => Value::from(text),
        })
    }

    pub(super) fn schema(&self) -> Schema {
        let texts = || Schema::list(Schema::of("string"));
        let schema = match self.kind {
            // A parameter without a value is one that was left out (RFC 6749 section 3.1).
            Kind::Text => Schema {
                min_length: self.required.then_some(1),
                ..Schema::of("string")
            },
            Kind::Bounded(least, most) => Schema {
                min_length: Some(least),
                max_length: Some(most),
                ..Schema::of("string")
            },
            Kind::Word(words) => Schema {
                values: Some(words),
                ..Schema::of("string")
            },
            Kind::Integer => Schema::of("integer"),
            Kind::Boolean => Schema::of("boolean"),
            Kind::Texts => texts(),
            Kind::TextOrTexts => Schema::one_of([Schema::of("string"), texts()]),
            Kind::Each(shape) => Schema::list(shape.reference()),
        };
        Schema {
            description: Some(self.about),
            ..schema
        }
    }

    /// What a value may be, in words.
    pub(in crate::demo) fn kind_in_words(&self) -> String {
        match self.kind {
            Kind::Text => "text".to_owned(),
            Kind::Bounded(least, most) => format!("text of {least} to {most} characters"),
            Kind::Word(words) => words.join(" or "),
            Kind::Integer => "integer".to_owned(),
            Kind::Boolean => "true or false".to_owned(),
            Kind::Texts => "list of texts".to_owned(),
            Kind::TextOrTexts => "text, or list of texts".to_owned(),
            Kind::Each(shape) => format!("list of {}", shape.name),
        }
    }
}

impl Shape {
    pub(super) fn reference(&self) -> Schema {
        Schema::named(self.name)
    }

    pub(super) fn schema(&self) -> Schema {
        Schema {
            description: Some(self.about),
            additional_properties: (!self.open).then_some(false),
            ..object(self.members)
        }
    }

    /// The shapes of its members, and its own.
    pub(super) fn with_members(&'static self) -> impl Iterator<Item = &'static Shape> {
        let inner = self.members.iter().filter_map(|member| match member.kind {
            Kind::Each(shape) => Some(shape),
            _ => None,
        });
        inner.chain([self])
    }
}

/// The schema of an object of some fields.
pub(super) fn object(fields: &[Field]) -> Schema {
    let required = fields.iter().filter(|field| field.required);
    let properties = fields.iter().map(|field| (field.name, field.schema()));
    Schema {
        required: required.map(|field| field.name).collect(),
        properties: properties.collect(),
        ..Schema::of("object")
    }
}

/// An object of the examples of some fields.
pub(in crate::demo) fn example<'f>(
    fields: impl IntoIterator<Item = &'f Field>,
    known: &Known<'_>,
) -> Value {
    let members = fields
        .into_iter()
        .filter_map(|field| Some((field.name.to_owned(), field.example(known)?)));
    Value::Object(members.collect::<Map<_, _>>())
}
