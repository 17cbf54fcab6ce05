//! What Discord refuses and its `OpenAPI` document does not say, and what this project forbids itself.
//! Source: Discord's API reference (message and command limits); platform.md, section 3.

use serde_json::Value;

use super::hub::Request;

const CONTENT: usize = 2000;
const EMBEDS: usize = 6000;
const COMMAND: usize = 8000;
const NAME: usize = 32;

/// What is wrong with the request, in words.
pub(crate) fn check(request: &Request) -> Vec<String> {
    let mut found = Vec::new();
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    let body = &request.body;
    match (&*request.method, &*segments) {
        ("POST", ["channels", _, "messages"] | ["webhooks", _, _]) => {
            message(body, true, &mut found);
        }
        ("PATCH", ["channels", _, "messages", _] | ["webhooks", _, _, "messages", _]) => {
            message(body, false, &mut found);
        }
        ("POST", ["interactions", .., "callback"]) => match body["type"].as_u64() {
            Some(4) => message(&body["data"], true, &mut found),
            Some(7) => message(&body["data"], false, &mut found),
            _ => {}
        },
        ("POST", ["channels", _, "messages", "bulk-delete"]) => {
            let count = body["messages"].as_array().map_or(0, Vec::len);
            if !(2..=100).contains(&count) {
                found.push(format!("bulk-delete takes 2 to 100 messages, not {count}"));
            }
        }
        ("PUT", ["applications", .., "commands"]) => {
            let all: Vec<&Value> = body.as_array().into_iter().flatten().collect();
            for (at, each) in all.iter().enumerate() {
                command(each, &mut found);
                let same =
                    |other: &&&Value| other["name"] == each["name"] && kind(other) == kind(each);
                if all.iter().take(at).any(|other| same(&other)) {
                    found.push(format!("command {} is there twice", each["name"]));
                }
            }
        }
        ("POST", ["applications", .., "commands"]) => command(body, &mut found),
        _ => {}
    }
    found
}

fn message(body: &Value, is_new: bool, found: &mut Vec<String>) {
    let content = body["content"].as_str().unwrap_or_default();
    let length = content.chars().count();
    if length > CONTENT {
        found.push(format!("content has {length} characters; bots may send {CONTENT}"));
    }
    let filled = |field: &str| body[field].as_array().is_some_and(|list| !list.is_empty());
    let carries = ["embeds", "components", "sticker_ids", "attachments"];
    let is_empty = content.trim().is_empty() && !carries.into_iter().any(filled);
    if is_new && is_empty && body["poll"].is_null() {
        found.push("the message is empty".to_owned());
    }
    let embeds = body["embeds"].as_array().into_iter().flatten();
    let total: usize = embeds.map(embed_length).sum();
    if total > EMBEDS {
        found.push(format!("the embeds have {total} characters together; at most {EMBEDS}"));
    }
    let mut ids = Vec::new();
    custom_ids(&body["components"], &mut ids);
    ids.sort_unstable();
    if let Some([id, _]) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        found.push(format!("custom_id {id} is there twice"));
    }
    // Ours: an edit without content cannot ping, everything else says that it does not.
    if is_new || body.get("content").is_some() {
        let mentions = &body["allowed_mentions"];
        let pings_nobody = mentions["parse"].as_array().is_some_and(Vec::is_empty)
            && mentions["replied_user"] == false
            && ["users", "roles"]
                .iter()
                .all(|list| mentions[list].as_array().is_none_or(Vec::is_empty));
        if !pings_nobody {
            found.push(format!(
                "allowed_mentions must be {{parse: [], replied_user: false}}, not {mentions}"
            ));
        }
    }
}

/// What Discord counts of an embed: title, description, names and values, footer, author.
fn embed_length(embed: &Value) -> usize {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let fields = embed["fields"].as_array().into_iter().flatten();
    length(&embed["title"])
        + length(&embed["description"])
        + length(&embed["footer"]["text"])
        + length(&embed["author"]["name"])
        + fields.map(|field| length(&field["name"]) + length(&field["value"])).sum::<usize>()
}

fn custom_ids<'a>(components: &'a Value, ids: &mut Vec<&'a str>) {
    for component in components.as_array().into_iter().flatten() {
        ids.extend(component["custom_id"].as_str());
        custom_ids(&component["components"], ids);
    }
}

fn kind(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(1)
}

fn command(body: &Value, found: &mut Vec<String>) {
    let is_chat = kind(body) == 1;
    let name = body["name"].as_str().unwrap_or_default();
    if is_chat {
        named(name, found);
        described(name, body, found);
        options(name, &body["options"], found);
    } else if !body["description"].as_str().unwrap_or_default().is_empty() {
        found.push(format!("command {name:?} of the context menu has a description"));
    }
    let total = command_length(body);
    if total > COMMAND {
        found.push(format!("command {name:?} has {total} characters in all; at most {COMMAND}"));
    }
}

fn options(path: &str, list: &Value, found: &mut Vec<String>) {
    let mut is_optional_before = false;
    for option in list.as_array().into_iter().flatten() {
        let name = option["name"].as_str().unwrap_or_default();
        let path = format!("{path} {name}");
        named(name, found);
        described(&path, option, found);
        options(&path, &option["options"], found);
        let is_required = option["required"] == true;
        if is_required && is_optional_before {
            found.push(format!("option {path:?} is required but stands behind an optional one"));
        }
        // Subcommands and their groups are neither.
        is_optional_before |= !is_required && !matches!(option["type"].as_u64(), Some(1 | 2));
    }
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case; combining marks of those two scripts
/// are refused here, for no name of ours has them.
fn named(name: &str, found: &mut Vec<String>) {
    let length = name.chars().count();
    let fits = (1..=NAME).contains(&length)
        && name.chars().all(|c| c.is_alphanumeric() || "-_'".contains(c))
        && name.to_lowercase() == name;
    if !fits {
        found.push(format!("{name:?} is no name of a slash command or option"));
    }
}

fn described(path: &str, body: &Value, found: &mut Vec<String>) {
    let length = body["description"].as_str().map_or(0, |text| text.chars().count());
    if !(1..=100).contains(&length) {
        found.push(format!("{path:?} has a description of {length} characters, not of 1 to 100"));
    }
}

/// What Discord counts of a command: names, descriptions and values, options within options too.
fn command_length(body: &Value) -> usize {
    let length = |field: &str| body[field].as_str().map_or(0, |text| text.chars().count());
    let inner = [&body["options"], &body["choices"]];
    let lists = inner.into_iter().filter_map(Value::as_array).flatten();
    length("name")
        + length("description")
        + length("value")
        + lists.map(command_length).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::support::hub::Outcome;

    fn complaints(method: &str, path: &str, body: Value) -> String {
        check(&Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers: BTreeMap::new(),
            body,
            outcome: Outcome::Pending,
        })
        .join("; ")
    }

    fn posted(mut body: Value) -> String {
        if body.get("allowed_mentions").is_none() {
            body["allowed_mentions"] = json!({ "parse": [], "replied_user": false });
        }
        complaints("POST", "/channels/1/messages", body)
    }

    fn registered(command: &Value) -> String {
        complaints("PUT", "/applications/1/commands", json!([command]))
    }

    #[track_caller]
    fn check_says(found: &str, expected: &str) {
        assert!(found.contains(expected), "{expected:?} is not in {found:?}");
    }

    #[test]
    fn a_plain_message_is_fine() {
        assert_eq!(posted(json!({ "content": "x".repeat(2000) })), "");
    }

    #[test]
    fn too_long_a_content_is_caught() {
        check_says(&posted(json!({ "content": "é".repeat(2001) })), "2001 characters");
    }

    #[test]
    fn an_empty_message_is_caught() {
        check_says(&posted(json!({ "content": " \n", "embeds": [] })), "empty");
        let data = json!({ "type": 4, "data": { "flags": 64 } });
        check_says(&complaints("POST", "/interactions/1/t/callback", data), "empty");
    }

    #[test]
    fn embeds_are_counted_together() {
        let embed = json!({ "title": "t".repeat(200), "description": "d".repeat(2801) });
        check_says(&posted(json!({ "embeds": [embed, embed] })), "6002 characters");
    }

    #[test]
    fn the_same_custom_id_twice_is_caught() {
        let button = json!({ "type": 2, "style": 2, "label": "a", "custom_id": "same" });
        let row = json!({ "type": 1, "components": [button, button] });
        check_says(&posted(json!({ "content": "x", "components": [row] })), "same is there twice");
    }

    #[test]
    fn a_message_that_could_ping_is_caught() {
        for mentions in [
            json!(null),
            json!({ "parse": [] }),
            json!({ "parse": ["users"], "replied_user": false }),
            json!({ "parse": [], "users": ["1"], "replied_user": false }),
            json!({ "parse": [], "replied_user": true }),
        ] {
            let body = json!({ "content": "x", "allowed_mentions": mentions });
            check_says(&posted(body), "allowed_mentions");
        }
        let edit = json!({ "content": "x" });
        check_says(&complaints("PATCH", "/channels/1/messages/2", edit), "allowed_mentions");
        assert_eq!(complaints("PATCH", "/channels/1/messages/2", json!({ "flags": 4 })), "");
    }

    #[test]
    fn names_of_commands_and_options_are_checked() {
        let command = |name: &str| registered(&json!({ "name": name, "description": "d" }));
        assert_eq!(command("footnote-mod"), "");
        for bad in ["Footnote", "two words", "", &"x".repeat(33)] {
            check_says(&command(bad), "no name");
        }
        let options = json!([{ "type": 3, "name": "Text", "description": "d" }]);
        let body = json!({ "name": "a", "description": "d", "options": options });
        check_says(&registered(&body), "no name");
        let menu = json!({ "type": 3, "name": "Find sourced context" });
        assert_eq!(registered(&menu), "");
    }

    #[test]
    fn a_missing_description_is_caught() {
        check_says(&registered(&json!({ "name": "a" })), "description of 0");
        let options = json!([{ "type": 1, "name": "sub" }]);
        let body = json!({ "name": "a", "description": "d", "options": options });
        check_says(&registered(&body), "\"a sub\" has a description of 0");
        let menu = json!({ "type": 3, "name": "Find", "description": "d" });
        check_says(&registered(&menu), "context menu has a description");
    }

    #[test]
    fn required_options_come_first_and_commands_once() {
        let option =
            |required| json!({ "type": 3, "name": "o", "description": "d", "required": required });
        let options = json!([option(false), option(true)]);
        let body = json!({ "name": "a", "description": "d", "options": options });
        check_says(&registered(&body), "stands behind an optional one");
        let same = json!({ "name": "a", "description": "d" });
        check_says(&complaints("PUT", "/applications/1/commands", json!([same, same])), "twice");
    }

    #[test]
    fn bulk_deletion_has_its_bounds() {
        let body = json!({ "messages": ["1"] });
        check_says(&complaints("POST", "/channels/1/messages/bulk-delete", body), "2 to 100");
    }
}
