//! The fields of a claim's file as VS Code's snippets: TOML inside Markdown is completed by no extension, and by these without any. Knows their syntax, and no field by name.

use serde_json::{Map, Value, json};

use crate::content::schema::{CLAIM, Field, Kind, Schema};

/// All fields, each as one snippet.
pub(super) fn all() -> Value {
    let mut out = Map::new();
    table(&CLAIM, "", &mut out);
    Value::Object(out)
}

/// The fields of a table whose headings begin with `within`.
fn table(schema: &Schema, within: &str, out: &mut Map<String, Value>) {
    for field in schema.fields {
        let name = format!("{within}{}", field.name);
        let body = match field.kind {
            Kind::Tables(inner) => {
                let mut lines = vec![format!("[[{name}]]")];
                let required = inner.fields.iter().filter(|field| field.required);
                lines.extend((1..).zip(required).map(|(stop, field)| line(field, stop)));
                lines
            }
            _ => vec![line(field, 1)],
        };
        let snippet = json!({
            "scope": "markdown", "prefix": field.name, "body": body, "description": field.what,
        });
        out.insert(name.clone(), snippet);
        if let Kind::Tables(inner) = field.kind {
            table(inner, &format!("{name}."), out);
        }
    }
}

/// A field with a place to type in, or to choose.
fn line(field: &Field, stop: usize) -> String {
    let name = field.name;
    match field.kind {
        Kind::Text | Kind::Time => format!("{name} = \"${stop}\""),
        Kind::Word(words) => format!("{name} = \"${{{stop}|{}|}}\"", words().join(",")),
        Kind::Date => format!("{name} = $CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE"),
        Kind::Thousandths => format!("{name} = ${stop}"),
        Kind::Texts | Kind::Tables(_) => format!("{name} = [\"${stop}\"]"),
        Kind::Table(inner) => {
            let fields = (stop..).zip(inner.fields).map(|(stop, field)| line(field, stop));
            format!("{name} = {{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}
