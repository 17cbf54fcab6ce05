//! `footnote schema`: what editors need to complete and check response files, made of the table of fields that the parser reads by. Knows no editor but VS Code's form of snippets.

mod snippets;

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::cli::{Exit, Failure};
use crate::content::schema::{CLAIM, Field, Kind, Schema};

/// Arguments of `footnote schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is described
    #[arg(value_enum, value_name = "WHAT", default_value_t = What::Claim)]
    what: What,
}

/// What can be described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// The front matter of a claim's file, as JSON Schema
    Claim,
    /// aliases.toml, as JSON Schema
    Aliases,
    /// hosts.toml, as JSON Schema
    Hosts,
    /// The fields of a claim's file as VS Code's snippets
    Snippets,
}

/// The dialect that the editors' TOML extensions read.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// What `content::front` takes for a name.
const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Prints it.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    out.write_all(text(args.what).as_bytes())?;
    Ok(Exit::Done)
}

/// The whole file.
pub fn text(what: What) -> String {
    let value = match what {
        What::Claim => with_head("Front matter of a response file", table(&CLAIM)),
        What::Aliases => with_head("Names for the same thing", aliases()),
        What::Hosts => with_head("Hosts that may be linked", hosts()),
        What::Snippets => snippets::all(),
    };
    format!("{value:#}\n")
}

fn with_head(title: &str, schema: Value) -> Value {
    let mut whole = json!({ "$schema": DIALECT, "title": title });
    if let (Some(whole), Value::Object(schema)) = (whole.as_object_mut(), schema) {
        whole.extend(schema);
    }
    whole
}

fn table(schema: &Schema) -> Value {
    let properties: Map<String, Value> =
        schema.fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let required: Vec<&str> =
        schema.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(field: &Field) -> Value {
    let mut value = match field.kind {
        Kind::Text => words(),
        Kind::Word(words) => json!({ "enum": words() }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Thousandths => json!({ "type": "integer", "minimum": 0, "maximum": 1000 }),
        Kind::Time => json!({ "type": "string", "pattern": "^[0-9]+[smhd]$" }),
        Kind::Texts => {
            json!({ "type": "array", "items": words(), "minItems": usize::from(field.required) })
        }
        Kind::Table(inner) => table(inner),
        Kind::Tables(inner) => {
            json!({ "type": "array", "items": table(inner), "minItems": usize::from(field.required) })
        }
    };
    if let Some(value) = value.as_object_mut() {
        value.insert("description".to_owned(), field.what.into());
    }
    value
}

/// A string with something in it.
fn words() -> Value {
    json!({ "type": "string", "pattern": "\\S" })
}

fn aliases() -> Value {
    json!({
        "type": "object",
        "propertyNames": { "pattern": KEBAB },
        "additionalProperties": {
            "type": "array", "items": words(), "minItems": 1, "uniqueItems": true,
            "description": "names that can stand for each other, which `{name}` means in a phrasing",
        },
    })
}

fn hosts() -> Value {
    json!({
        "type": "object",
        "properties": {
            "hosts": {
                "type": "object",
                "additionalProperties": {
                    "type": "string", "pattern": "\\S",
                    "description": "why it may be linked: archive, university, government, publisher …",
                },
            },
        },
        "additionalProperties": false,
    })
}
