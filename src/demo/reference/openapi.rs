//! The objects of OpenAPI 3.1 that the reference is made of, by their names in OpenAPI Specification
//! 3.1.0 section 4.8, as they are sent.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A map that keeps its order, which readers follow.
pub(super) struct Map<T>(pub(super) Vec<(String, T)>);

#[derive(serde::Serialize)]
pub(super) struct OpenApi {
    pub(super) openapi: &'static str,
    pub(super) info: Info,
    pub(super) servers: Vec<Server>,
    pub(super) tags: Vec<Tag>,
    pub(super) paths: Map<PathItem>,
    pub(super) components: Components,
}

#[derive(serde::Serialize)]
pub(super) struct Info {
    pub(super) title: &'static str,
    pub(super) version: &'static str,
    pub(super) description: &'static str,
}

#[derive(serde::Serialize)]
pub(super) struct Server {
    pub(super) url: String,
}

#[derive(serde::Serialize)]
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Components {
    pub(super) schemas: Map<Schema>,
    pub(super) security_schemes: Map<SecurityScheme>,
}

#[derive(serde::Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(super) enum SecurityScheme {
    #[serde(rename = "oauth2")]
    OAuth2 {
        description: &'static str,
        flows: Map<Flow>,
    },
    #[serde(rename_all = "camelCase")]
    Http {
        scheme: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        bearer_format: Option<&'static str>,
        description: &'static str,
    },
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Flow {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authorization_url: Option<String>,
    pub(super) token_url: String,
    pub(super) scopes: Map<String>,
}

/// By method, in lower case; `servers` stands beside the methods.
#[derive(serde::Serialize)]
pub(super) struct PathItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) servers: Option<[Server; 1]>,
    #[serde(flatten)]
    pub(super) operations: Map<Operation>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation {
    pub(super) tags: [&'static str; 1],
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    #[serde(rename = "operationId")]
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) external_docs: Option<ExternalDocs>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_body: Option<RequestBody>,
    pub(super) responses: Map<Response>,
    /// Each one alone is enough: a scheme with its scopes, or nothing at all.
    pub(super) security: Vec<Map<&'static [&'static str]>>,
}

#[derive(serde::Serialize)]
pub(super) struct ExternalDocs {
    pub(super) url: String,
    pub(super) description: &'static str,
}

#[derive(serde::Serialize)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    #[serde(rename = "in")]
    pub(super) location: &'static str,
    pub(super) description: &'static str,
    pub(super) required: bool,
    pub(super) schema: Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<Value>,
}

#[derive(serde::Serialize)]
pub(super) struct RequestBody {
    pub(super) content: Map<MediaType>,
    pub(super) required: bool,
}

#[derive(serde::Serialize)]
pub(super) struct Response {
    pub(super) description: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) headers: Map<Header>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) content: Map<MediaType>,
}

#[derive(serde::Serialize)]
pub(super) struct Header {
    pub(super) schema: Schema,
    pub(super) description: &'static str,
}

#[derive(serde::Serialize)]
pub(super) struct MediaType {
    pub(super) schema: Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) examples: Map<Example>,
}

#[derive(serde::Serialize)]
pub(super) struct Example {
    pub(super) summary: &'static str,
    pub(super) value: Value,
}

/// A JSON Schema, as far as the reference needs it.
#[derive(Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub(super) values: Option<&'static [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) one_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) required: Vec<&'static str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) properties: Map<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additional_properties: Option<bool>,
}

impl Schema {
    /// Of a value of a type of JSON Schema.
    pub(super) fn of(kind: &'static str) -> Schema {
        Schema {
            kind: Some(kind),
            ..Schema::default()
        }
    }

    /// Of a list.
    pub(super) fn list(items: Schema) -> Schema {
        Schema {
            items: Some(Box::new(items)),
            ..Schema::of("array")
        }
    }

    /// For a value of several types.
    pub(super) fn one_of(schemas: impl IntoIterator<Item = Schema>) -> Schema {
        Schema {
            one_of: schemas.into_iter().collect(),
            ..Schema::default()
        }
    }

    /// A reference to the schema with this name.
    pub(super) fn named(name: &str) -> Schema {
        Schema {
            reference: Some(format!("#/components/schemas/{name}")),
            ..Schema::default()
        }
    }
}

impl<T> Map<T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Map<T> {
    fn default() -> Map<T> {
        Map(Vec::new())
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(members: I) -> Map<T> {
        let members = members.into_iter();
        Map(members.map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
