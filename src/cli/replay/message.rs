//! One message of a chat log: what of it is needed, or why it is none. Knows no file.

use std::borrow::Cow;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::policy::place::{AuthorKind, MessageId, Moment, RoleId, UserId};

/// What of a message is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told<'a> {
    /// Its id.
    pub(super) id: MessageId,
    /// When it was written.
    pub(super) at: Moment,
    /// Who wrote it.
    pub(super) author: UserId,
    /// What kind of author that is.
    pub(super) kind: AuthorKind,
    /// The author's roles, where the export has them.
    pub(super) roles: Vec<RoleId>,
    /// What was written.
    pub(super) content: Cow<'a, str>,
}

/// A message as it stands in the file; what else stands there is not ours to judge.
#[derive(Deserialize)]
struct InFile<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    content: Cow<'a, str>,
    #[serde(borrow)]
    author: Author<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Author<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    is_bot: bool,
    #[serde(borrow, default)]
    roles: Vec<Role<'a>>,
}

#[derive(Deserialize)]
struct Role<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

/// What people write themselves; every other type is the platform's. The file does not tell webhooks
/// from bots, and no export is needed to: neither is read.
const WRITTEN: [&str; 2] = ["Default", "Reply"];

/// Reads one message.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(json: &str) -> Result<Told<'_>, String> {
    // serde would take a list for the object with its fields in order.
    if !json.starts_with('{') {
        return Err("this is no object".to_owned());
    }
    let found: InFile<'_> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let kind = if found.author.is_bot {
        AuthorKind::Bot
    } else if WRITTEN.contains(&found.kind.as_ref()) {
        AuthorKind::Member
    } else {
        AuthorKind::System
    };
    let roles = found.author.roles.iter().map(|role| number("the id of a role", &role.id));
    Ok(Told {
        id: MessageId(number("`id`", &found.id)?),
        at: moment(&found.timestamp)?,
        author: UserId(number("the author's `id`", &found.author.id)?),
        kind,
        roles: roles.map(|id| id.map(RoleId)).collect::<Result<_, _>>()?,
        content: found.content,
    })
}

/// An id, which the file has in quotes.
pub(super) fn number(what: &str, text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{what} is no number: {text:.40?}"))
}

fn moment(text: &str) -> Result<Moment, String> {
    let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        format!("`timestamp` is no time as in 2026-11-24T18:00:00+00:00: {text:.40?}")
    })?;
    let milliseconds = at.unix_timestamp_nanos() / 1_000_000;
    let at = Moment(u64::try_from(milliseconds).unwrap_or(0));
    // Discord's ids count from its first day, and so do all its messages.
    if at < MessageId(0).made_at() || at > MessageId(u64::MAX).made_at() {
        return Err(format!("`timestamp` is outside of Discord's time: {text:.40?}"));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::policy::place::{AuthorKind, Moment, RoleId};

    fn message(change: impl Fn(&mut serde_json::Value)) -> String {
        let mut value = serde_json::json!({
            "id": "866674314627121232", "type": "Default",
            "timestamp": "2021-07-19T13:34:18.049+02:00", "timestampEdited": null,
            "callEndedTimestamp": null, "isPinned": false, "content": "é \"x\"",
            "author": {"id": "1", "name": "n", "discriminator": "0000", "isBot": false,
                       "roles": [{"id": "5", "name": "r", "color": null, "position": 1}]},
            "attachments": [], "embeds": [{"title": "x"}], "reactions": [], "mentions": [],
        });
        change(&mut value);
        value.to_string()
    }

    #[test]
    fn a_message_is_told_by_what_it_says_of_itself() {
        let json = message(|_| {});
        let told = parse(&json).unwrap();
        assert_eq!(
            (told.id.0, told.author.0, told.content.as_ref()),
            (866_674_314_627_121_232, 1, "é \"x\"")
        );
        assert_eq!(told.at, Moment(1_626_694_458_049));
        assert_eq!(told.roles, [RoleId(5)]);
        for (kind, is_bot, expected) in [
            ("Default", false, AuthorKind::Member),
            ("Reply", false, AuthorKind::Member),
            ("Reply", true, AuthorKind::Bot),
            ("GuildMemberJoin", false, AuthorKind::System),
            ("46", false, AuthorKind::System),
            ("20", true, AuthorKind::Bot),
        ] {
            let json = message(|value| {
                value["type"] = kind.into();
                value["author"]["isBot"] = is_bot.into();
                value["author"].as_object_mut().unwrap().remove("roles");
            });
            assert_eq!(parse(&json).unwrap().kind, expected, "{kind} {is_bot}");
        }
    }

    #[test]
    fn what_is_no_message_says_why() {
        for (path, value, expected) in [
            ("/id", "x".into(), "`id` is no number: \"x\""),
            ("/id", 7.into(), "invalid type: integer `7`"),
            ("/content", serde_json::Value::Null, "invalid type: null"),
            ("/timestamp", "yesterday".into(), "`timestamp` is no time"),
            ("/timestamp", "1999-01-01T00:00:00Z".into(), "outside of Discord's time"),
            ("/timestamp", "9999-01-01T00:00:00Z".into(), "outside of Discord's time"),
            ("/author/id", "-1".into(), "the author's `id` is no number"),
            ("/author/roles/0/id", "".into(), "the id of a role"),
            ("/author", serde_json::json!({}), "missing field `id`"),
        ] {
            let json = message(|message| *message.pointer_mut(path).unwrap() = value.clone());
            let error = parse(&json).unwrap_err();
            assert!(error.contains(expected), "{path}: {error}");
        }
        assert_eq!(parse("[\"1\"]").unwrap_err(), "this is no object");
    }
}
