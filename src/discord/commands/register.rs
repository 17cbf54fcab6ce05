//! Discord's list of our commands is made equal to ours. Knows not what they do.

use serde_json::Value;
use serenity::all::{Command as Registered, CreateCommand, Http};
use tracing::{info, warn};

use crate::discord::commands::Command;
use crate::discord::failure::Failure;

/// Makes Discord's list of our commands equal to ours. Sends only what differs, so that it can be
/// done at each connection.
pub(in crate::discord) async fn register(http: &Http) {
    let known = match http.get_global_commands().await {
        Ok(known) => known,
        Err(error) => {
            warn!(error = %Failure::of(&error), "the commands could not be compared");
            return;
        }
    };
    for command in Command::ALL {
        let Some(definition) = lean(&command.definition()) else { continue };
        let is_known = known
            .iter()
            .find(|one| one.name == command.name())
            .is_some_and(|one| is_same(&definition, one));
        if is_known {
            continue;
        }
        // Discord replaces the command of this name.
        match http.create_global_command(&definition).await {
            Ok(_) => info!(command = command.name(), "registered"),
            Err(error) => {
                let error = Failure::of(&error);
                warn!(command = command.name(), %error, "could not be registered");
            }
        }
    }
    for stale in known {
        if Command::ALL.into_iter().all(|command| command.name() != stale.name)
            && let Err(error) = http.delete_global_command(stale.id).await
        {
            warn!(command = stale.name, error = %Failure::of(&error), "could not be removed");
        }
    }
}

/// A definition without what says nothing: serenity fills every field that an option of any kind
/// could have.
fn lean(definition: &CreateCommand) -> Option<Value> {
    let mut definition = serde_json::to_value(definition).ok()?;
    thin(&mut definition);
    Some(definition)
}

fn thin(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(thin);
            map.retain(|_, value| !is_nothing(value));
        }
        Value::Array(list) => list.iter_mut().for_each(thin),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_same(ours: &Value, known: &Registered) -> bool {
    serde_json::to_value(known).is_ok_and(|known| says(ours, &known))
}

/// Whether what Discord knows says everything that we say. It may say more, and leaves out what is
/// empty or not so.
fn says(ours: &Value, known: &Value) -> bool {
    match (ours, known) {
        (Value::Object(ours), Value::Object(known)) => ours.iter().all(|(key, value)| {
            known.get(key).map_or_else(|| is_nothing(value), |known| says(value, known))
        }),
        (Value::Array(ours), Value::Array(known)) => {
            ours.len() == known.len() && ours.iter().zip(known).all(|(a, b)| says(a, b))
        }
        (ours, known) => ours == known || (is_nothing(ours) && is_nothing(known)),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_same, lean, says};
    use crate::discord::commands::Command;

    #[test]
    fn a_definition_that_discord_gives_back_is_the_same() {
        for command in Command::ALL {
            let definition = lean(&command.definition()).expect("is JSON");
            let mut given_back = definition.clone();
            let more = json!({ "id": "1", "application_id": "2", "version": "3" });
            let fields = given_back.as_object_mut().expect("an object");
            fields.extend(more.as_object().expect("an object").clone());
            // Commands in a menu have none, and Discord gives it back empty.
            fields.entry("description").or_insert(json!(""));
            let known = serde_json::from_value(given_back.clone()).expect("a command");
            assert!(is_same(&definition, &known), "{}", command.name());

            given_back["contexts"] = json!([1]);
            let known = serde_json::from_value(given_back).expect("a command");
            assert!(!is_same(&definition, &known), "{}", command.name());
        }
    }

    #[test]
    fn left_out_is_the_same_as_nothing() {
        for (ours, known, same) in [
            (json!({"a": 1, "b": false}), json!({"a": 1}), true),
            (json!({"a": []}), json!({"a": null}), true),
            (json!({"a": 1}), json!({"a": 1, "c": 2}), true),
            (json!({"a": 1}), json!({}), false),
            (json!([1, 2]), json!([1]), false),
            (json!([{"a": 1}]), json!([{"a": 2}]), false),
        ] {
            assert_eq!(says(&ours, &known), same, "{ours} {known}");
        }
    }
}
