//! The fields of requests and answers, as the reference describes them: names, types and meanings.

use serde_json::{Map, Value};

use crate::demo::reference::examples::Examples;
use crate::demo::reference::openapi::Schema;

/// A parameter of a request, or a member of an object.
#[derive(Clone, Copy)]
pub(in crate::demo) struct Field {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) description: &'static str,
    pub(in crate::demo) of_type: FieldType,
    pub(in crate::demo) required: bool,
    example: Option<fn(&Examples<'_>) -> String>,
}

/// What a value may be.
#[derive(Clone, Copy)]
pub(in crate::demo) enum FieldType {
    Text,
    /// A text of so many characters, at least and at most.
    Bounded(usize, usize),
    /// One of these.
    Word(&'static [&'static str]),
    Integer,
    /// What names a request of JSON-RPC.
    TextOrInteger,
    Boolean,
    Texts,
    /// One text, or several (RFC 7519 section 4.1.3).
    TextOrTexts,
    /// Several objects.
    Each(&'static ObjectSchema),
}

/// An object, by the name that it has in the document.
pub(in crate::demo) struct ObjectSchema {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) description: &'static str,
    pub(in crate::demo) properties: &'static [Field],
    /// Whether there may be other members.
    pub(in crate::demo) open: bool,
}

/// A field that may be left out.
pub(in crate::demo) const fn field(
    name: &'static str,
    of_type: FieldType,
    description: &'static str,
) -> Field {
    Field {
        name,
        description,
        of_type,
        required: false,
        example: None,
    }
}

/// A text that may be left out.
pub(in crate::demo) const fn text(name: &'static str, description: &'static str) -> Field {
    field(name, FieldType::Text, description)
}

impl Field {
    /// Makes it required.
    pub(in crate::demo) const fn required(self) -> Field {
        Field {
            required: true,
            ..self
        }
    }

    /// Adds an example, which may use known users and clients.
    pub(in crate::demo) const fn example(self, example: fn(&Examples<'_>) -> String) -> Field {
        Field {
            example: Some(example),
            ..self
        }
    }

    /// The example as a text, the way a form has it.
    pub(in crate::demo) fn example_text(&self, examples: &Examples<'_>) -> Option<String> {
        match (self.example, self.of_type) {
            (Some(example), _) => Some(example(examples)),
            (None, FieldType::Word([only])) => Some((*only).to_owned()),
            (None, _) => None,
        }
    }

    pub(super) fn example_value(&self, examples: &Examples<'_>) -> Option<Value> {
        if let FieldType::Each(schema) = self.of_type {
            return Some(Value::from(vec![example(schema.properties, examples)]));
        }
        let text = self.example_text(examples)?;
        Some(match self.of_type {
            FieldType::Integer => text.parse::<i64>().map_or(Value::Null, Value::from),
            FieldType::Boolean => Value::from(text == "true"),
            FieldType::Texts => text.split(' ').map(Value::from).collect(),
            _ => Value::from(text),
        })
    }

    pub(super) fn schema(&self) -> Schema {
        let texts = || Schema::list(Schema::of("string"));
        let schema = match self.of_type {
            // A parameter without a value counts as left out (RFC 6749 section 3.1).
            FieldType::Text => Schema {
                min_length: self.required.then_some(1),
                ..Schema::of("string")
            },
            FieldType::Bounded(least, most) => Schema {
                min_length: Some(least),
                max_length: Some(most),
                ..Schema::of("string")
            },
            FieldType::Word(words) => Schema {
                values: Some(words),
                ..Schema::of("string")
            },
            FieldType::Integer => Schema::of("integer"),
            FieldType::TextOrInteger => {
                Schema::one_of([Schema::of("string"), Schema::of("integer")])
            }
            FieldType::Boolean => Schema::of("boolean"),
            FieldType::Texts => texts(),
            FieldType::TextOrTexts => Schema::one_of([Schema::of("string"), texts()]),
            FieldType::Each(schema) => Schema::list(schema.reference()),
        };
        Schema {
            description: Some(self.description),
            ..schema
        }
    }

    /// What a value may be, in words.
    pub(in crate::demo) fn type_in_words(&self) -> String {
        match self.of_type {
            FieldType::Text => "text".to_owned(),
            FieldType::Bounded(least, most) => format!("text of {least} to {most} characters"),
            FieldType::Word(words) => words.join(" or "),
            FieldType::Integer => "integer".to_owned(),
            FieldType::TextOrInteger => "text or integer".to_owned(),
            FieldType::Boolean => "true or false".to_owned(),
            FieldType::Texts => "list of texts".to_owned(),
            FieldType::TextOrTexts => "text, or list of texts".to_owned(),
            FieldType::Each(schema) => format!("list of {}", schema.name),
        }
    }
}

impl ObjectSchema {
    pub(super) fn reference(&self) -> Schema {
        Schema::named(self.name)
    }

    pub(super) fn schema(&self) -> Schema {
        Schema {
            description: Some(self.description),
            additional_properties: (!self.open).then_some(false),
            ..object(self.properties)
        }
    }

    /// The schemas of its members, and its own.
    pub(super) fn with_members(&'static self) -> impl Iterator<Item = &'static ObjectSchema> {
        let inner = self
            .properties
            .iter()
            .filter_map(|member| match member.of_type {
                FieldType::Each(schema) => Some(schema),
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

/// An object made of the examples of some fields.
pub(in crate::demo) fn example<'f>(
    fields: impl IntoIterator<Item = &'f Field>,
    examples: &Examples<'_>,
) -> Value {
    let members = fields
        .into_iter()
        .filter_map(|field| Some((field.name.to_owned(), field.example_value(examples)?)));
    Value::Object(members.collect::<Map<_, _>>())
}
