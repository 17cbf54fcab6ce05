//! Discord's `OpenAPI` document as a judge of requests, and of the fake's own answers.
//! It is not ours to commit: where it is not at hand the checks are left out, and that is said once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Names the document; without it the places beside the checkout are searched.
const VARIABLE: &str = "DISCORD_OPENAPI";
/// How much of a validator's message is shown: it repeats the whole body otherwise.
const SHOWN: usize = 300;

static DOCUMENT: LazyLock<Option<Document>> = LazyLock::new(Document::load);

/// Whether the checks run at all.
pub(crate) fn is_at_hand() -> bool {
    DOCUMENT.is_some()
}

/// What the document says against a request; also that it has no such route.
pub(crate) fn check_request(method: &str, path: &str, body: &Value) -> Vec<String> {
    let Some(document) = DOCUMENT.as_ref() else { return Vec::new() };
    let Some((template, operation)) = document.operation(method, path) else {
        return vec!["Discord has no such route".to_owned()];
    };
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    match (schema.is_null(), body.is_null()) {
        (true, false) => vec!["takes no body".to_owned()],
        (false, true) if operation["requestBody"]["required"] == true => {
            vec!["needs a body".to_owned()]
        }
        (_, true) => Vec::new(),
        (false, false) => {
            let mut found = document.validate(&format!("{method} {template}"), schema, body);
            document.unknown_fields(body, &[schema], "", &mut found);
            found
        }
    }
}

/// What the document says against an answer of the fake's.
pub(crate) fn check_answer(method: &str, path: &str, status: u16, body: &Value) -> Vec<String> {
    let Some(document) = DOCUMENT.as_ref() else { return Vec::new() };
    let Some((template, operation)) = document.operation(method, path) else {
        return vec!["Discord has no such route".to_owned()];
    };
    let responses = &operation["responses"];
    let exact = status.to_string();
    let response = match responses.get(&exact) {
        Some(response) => response,
        None if (400..500).contains(&status) => &responses["4XX"],
        None => return vec![format!("{method} {template} never answers {status}")],
    };
    // Common answers are references into the components.
    let response = document.resolve(response);
    let schema = &response["content"]["application/json"]["schema"];
    if schema.is_null() {
        return if body.is_null() { Vec::new() } else { vec![format!("{status} has no body")] };
    }
    document.validate(&format!("{method} {template} -> {status}"), schema, body)
}

struct Document {
    root: Value,
    /// Built when first needed, for each takes a noticeable part of a second in a debug build.
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Document {
    fn load() -> Option<Self> {
        let Some(path) = find() else {
            // Not `eprintln!`, which the test harness would keep to itself while all is well.
            let _nobody_listens = writeln!(
                std::io::stderr(),
                "note: no openapi.json of Discord's at hand ({VARIABLE} or ../shared/discord/): \
                 request bodies are checked against our own limits only"
            );
            return None;
        };
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut root: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        patch(&mut root);
        Some(Self { root, validators: Mutex::default() })
    }

    /// The operation of a route, and the template it stands under; literal segments win over placeholders.
    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let given: Vec<&str> = path.split('/').collect();
        let placeholders = |template: &str| template.matches('{').count();
        let (template, item) = self.root["paths"]
            .as_object()?
            .iter()
            .filter(|(_, item)| item.get(method.to_lowercase()).is_some())
            .filter(|(template, _)| {
                let parts: Vec<&str> = template.split('/').collect();
                parts.len() == given.len()
                    && parts.iter().zip(&given).all(|(part, given)| fits(part, given))
            })
            .min_by_key(|(template, _)| placeholders(template))?;
        Some((template, &item[method.to_lowercase()]))
    }

    fn validate(&self, name: &str, schema: &Value, body: &Value) -> Vec<String> {
        let validator = {
            let mut known = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
            let built =
                known.entry(name.to_owned()).or_insert_with(|| Arc::new(self.build(schema)));
            Arc::clone(built)
        };
        validator
            .iter_errors(body)
            .map(|error| {
                let text: String = error.to_string().chars().take(SHOWN).collect();
                format!("at {:?}: {text}", error.instance_path().to_string())
            })
            .collect()
    }

    /// A validator over the schema and those it refers to: a fraction of the whole document, and of its cost.
    fn build(&self, schema: &Value) -> Validator {
        let (mut needed, mut open) = (BTreeSet::new(), vec![schema]);
        while let Some(next) = open.pop() {
            match next {
                Value::Object(fields) => {
                    if let Some(reference) = fields.get("$ref").and_then(Value::as_str)
                        && needed.insert(reference.to_owned())
                    {
                        open.extend(self.at(reference));
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        let mut schemas = Map::new();
        for reference in &needed {
            let name = reference.trim_start_matches("#/components/schemas/");
            schemas.insert(name.to_owned(), self.at(reference).cloned().unwrap_or_default());
        }
        let mut root = schema.clone();
        root["components"] = json!({ "schemas": schemas });
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .build(&root)
            .unwrap_or_else(|error| panic!("Discord's document does not compile: {error}"))
    }

    fn at(&self, reference: &str) -> Option<&Value> {
        self.root.pointer(reference.trim_start_matches('#'))
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|target| self.at(target));
        target.unwrap_or(value)
    }

    /// Fields that none of the schemas knows: Discord ignores them silently, so a typo would never show.
    fn unknown_fields(&self, value: &Value, schemas: &[&Value], at: &str, found: &mut Vec<String>) {
        let schemas = self.alternatives(schemas);
        match value {
            Value::Object(fields) => {
                let takes_any = |schema: &&Value| {
                    schema.get("additionalProperties").is_some_and(|more| *more != false)
                };
                if schemas.iter().any(takes_any) {
                    return;
                }
                let objects: Vec<&Value> =
                    schemas.iter().copied().filter(|s| s.get("properties").is_some()).collect();
                // Of several kinds of object, those that fit the value's `type` count.
                let same_type = |schema: &&&Value| {
                    let kinds = schema["properties"]["type"]["enum"].as_array();
                    kinds.is_none_or(|kinds| fields.get("type").is_none_or(|t| kinds.contains(t)))
                };
                let objects: Vec<&Value> = objects.iter().filter(same_type).copied().collect();
                if objects.is_empty() {
                    return;
                }
                for (name, inner) in fields {
                    let known: Vec<&Value> =
                        objects.iter().filter_map(|s| s["properties"].get(name)).collect();
                    let at = format!("{at}/{name}");
                    if known.is_empty() {
                        found.push(format!("Discord knows no field {at}"));
                    } else {
                        self.unknown_fields(inner, &known, &at, found);
                    }
                }
            }
            Value::Array(items) => {
                let of: Vec<&Value> = schemas.iter().filter_map(|s| s.get("items")).collect();
                for (number, item) in items.iter().enumerate() {
                    self.unknown_fields(item, &of, &format!("{at}/{number}"), found);
                }
            }
            _ => {}
        }
    }

    /// The schemas with references followed and unions opened.
    fn alternatives<'a>(&'a self, schemas: &[&'a Value]) -> Vec<&'a Value> {
        let (mut flat, mut open) = (Vec::new(), schemas.to_vec());
        while let Some(next) = open.pop() {
            let next = self.resolve(next);
            for union in ["oneOf", "anyOf", "allOf"] {
                open.extend(next.get(union).and_then(Value::as_array).into_iter().flatten());
            }
            flat.push(next);
        }
        flat
    }
}

/// Whether a segment fits its place; ids are numbers, so that `@me` never passes for one.
fn fits(part: &str, given: &str) -> bool {
    if !part.starts_with('{') {
        return part == given;
    }
    let is_number = given.bytes().all(|byte| byte.is_ascii_digit());
    !given.is_empty() && (is_number || !part.ends_with("_id}"))
}

/// Where the document is wrong about what Discord takes (platform.md, section 3).
fn patch(root: &mut Value) {
    let Some(schemas) = root["components"]["schemas"].as_object_mut() else { return };
    // It gives the errors of single fields numbers; Discord gives them words, and so does its reference.
    if let Some(inner) = schemas["InnerErrors"].pointer_mut("/properties/_errors/items") {
        let text = json!({ "type": "string" });
        *inner = json!({ "type": "object", "properties": { "code": text, "message": text } });
    }
    for schema in schemas.values_mut() {
        let Some(permissions) = schema.pointer_mut("/properties/default_member_permissions") else {
            continue;
        };
        // It says integer; Discord takes and gives the bit field as a string.
        *permissions = json!({ "type": ["string", "integer", "null"] });
    }
}

fn find() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test's own switch, not a setting of the bot")]
    if let Ok(named) = std::env::var(VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["../shared/discord/openapi.json", "../../shared/discord/openapi.json"]
        .into_iter()
        .map(|path| checkout.join(path))
        .find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: &str = "/channels/1/messages";

    #[track_caller]
    fn complains(body: &Value, expected: &str) {
        if !is_at_hand() {
            return;
        }
        let found = check_request("POST", MESSAGES, body).join("; ");
        assert!(found.contains(expected), "{expected:?} is not in {found:?}");
    }

    #[test]
    fn the_document_is_heeded() {
        let fine = json!({
            "content": "x", "nonce": "1", "enforce_nonce": true,
            "allowed_mentions": { "parse": [], "replied_user": false },
            "message_reference": { "message_id": "1", "fail_if_not_exists": true },
        });
        assert_eq!(check_request("POST", MESSAGES, &fine), Vec::<String>::new());
        complains(&json!({ "content": 7 }), "at \"/content\"");
        complains(&json!({ "embeds": [{ "title": "t".repeat(257) }] }), "at \"/embeds/0");
    }

    #[test]
    fn fields_that_discord_does_not_know_are_caught() {
        complains(&json!({ "contents": "x" }), "no field /contents");
        complains(
            &json!({ "allowed_mentions": { "parsed": [] } }),
            "no field /allowed_mentions/parsed",
        );
        let button = json!({ "type": 2, "style": 2, "label": "a", "custom_id": "c", "lable": "b" });
        let row = json!({ "components": [{ "type": 1, "components": [button] }] });
        complains(&row, "no field /components/0/components/0/lable");
    }

    #[test]
    fn routes_are_told_apart() {
        if !is_at_hand() {
            return;
        }
        let none = vec!["Discord has no such route".to_owned()];
        assert_eq!(check_request("POST", "/channels/@me/messages", &json!({})), none);
        assert_eq!(check_request("GET", "/users/@me", &Value::Null), Vec::<String>::new());
        let found = check_request("GET", "/webhooks/1/token/messages/@original", &Value::Null);
        assert_eq!(found, Vec::<String>::new());
    }
}
