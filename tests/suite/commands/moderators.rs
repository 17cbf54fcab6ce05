//! What moderators can ask and set.

use footnote::policy::place::{ChannelId, MessageId};
use footnote::policy::settings::DEFAULT_THRESHOLD;
use serde_json::{Value, json};

use super::{FIND, MATHS, SHORT, Stage, WEATHER};
use crate::support::fake::POST_MESSAGE;
use crate::support::world::{OverwriteOf, permission};

const REGISTER: &str = "POST /applications/{application_id}/commands";
const NO_RESTS: &str = "cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";

impl Stage {
    async fn why(&self, channel: ChannelId, message: &str) -> String {
        let options = json!({ "message": message });
        self.moderates(channel, "why", options).await.content().to_owned()
    }

    fn link(&self, channel: ChannelId, message: MessageId) -> String {
        format!("https://discord.com/channels/{}/{channel}/{message}", self.guild)
    }

    async fn sets(&self, channel: ChannelId, path: &str, options: Value) {
        let answer = self.moderates(channel, &format!("settings {path}"), options).await;
        let set = answer.content().starts_with("In ");
        assert!(set, "{path}: {answer:?}");
    }

    async fn answers(&self, author: footnote::policy::place::UserId, text: &str) {
        let said = self.discord.say(self.debate, author, text);
        let reply = self.discord.next_message_from_bot(self.debate).await;
        assert_eq!(reply.reference, Some(said));
    }

    /// What is said is not answered.
    async fn ignores(&self, author: footnote::policy::place::UserId, text: &str) {
        let before = self.discord.messages_of_bot(self.debate).len();
        self.discord.say(self.debate, author, text);
        self.decided().await;
        assert_eq!(self.discord.messages_of_bot(self.debate).len(), before, "{text}");
    }
}

#[tokio::test]
async fn every_command_of_theirs_is_checked_again() {
    let (stage, bot) = Stage::open().await;
    let said = stage.discord.say(stage.lounge, stage.ann, SHORT);
    for (path, options) in [
        ("setup", json!({})),
        ("setup", json!({})),
        ("mode", json!({ "mode": "off" })),
        ("pause", json!({})),
        ("resume", json!({})),
        ("status", json!({})),
        ("why", json!({ "message": said.to_string() })),
        ("settings show", json!({})),
        ("settings threshold", json!({ "value": 1000 })),
        ("settings cooldown", json!({ "between": "claim", "value": "7d" })),
        ("settings mute", json!({ "claim": "napoleon-short" })),
        ("settings exempt", json!({ "role": stage.guild.to_string() })),
        ("settings sensitive", json!({})),
        ("settings moderators", json!({ "where": stage.lounge.to_string() })),
        ("settings budget", json!({ "span": "hour", "value": 0 })),
        ("settings topic", json!({ "name": "height-and-marks" })),
        ("settings exempt", json!({})),
        ("settings quiet-hours", json!({ "from": "0:00", "to": "23:59" })),
        ("settings style", json!({ "value": "full" })),
        ("settings delay", json!({ "value": "10m" })),
        ("settings log", json!({})),
        ("settings trust", json!({ "claim": "napoleon-short" })),
        ("stats", json!({})),
        ("report", json!({})),
    ] {
        let path = format!("footnote-mod {path}");
        let refused = stage.asks(stage.ann, stage.debate, &path, options).await;
        assert!(refused.content().contains("Manage Server"), "{path}: {refused:?}");
    }
    stage.answers(stage.ann, SHORT).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn commands_say_who_sees_them_and_where() {
    let (stage, bot) = Stage::open().await;
    stage.decided().await;
    stage.ends(bot).await;
    let registered = stage.discord.requests(REGISTER);
    let find = |name: &str| {
        let command = registered.iter().find(|one| one.body["name"] == name);
        command.unwrap_or_else(|| panic!("{name} among {registered:#?}")).body.clone()
    };
    for (name, kind) in [("footnote", 1), (FIND, 3)] {
        let command = find(name);
        assert_eq!(command["type"], kind, "{command:#}");
        assert_eq!(command["integration_types"], json!([0, 1]), "{command:#}");
        assert_eq!(command["contexts"], json!([0, 1, 2]), "{command:#}");
        assert!(command["default_member_permissions"].is_null(), "{command:#}");
    }
    let moderators = find("footnote-mod");
    assert_eq!(moderators["integration_types"], json!([0]), "{moderators:#}");
    assert_eq!(moderators["contexts"], json!([0]), "{moderators:#}");
    let manage_server = permission::MANAGE_GUILD.to_string();
    assert_eq!(moderators["default_member_permissions"], manage_server, "{moderators:#}");
}

#[tokio::test]
async fn a_mode_holds_at_once_and_over_a_restart() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let elsewhere = json!({ "mode": "reply", "channel": stage.lounge.to_string() });
    let set = stage.moderates(stage.debate, "mode", elsewhere).await;
    assert!(set.content().contains(&format!("<#{}>", stage.lounge)), "{set:?}");
    stage.moderates(stage.debate, "mode", json!({ "mode": "watch" })).await;
    stage.ignores(stage.ann, SHORT).await;
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.ignores(stage.ann, SHORT).await;
    stage.discord.say(stage.lounge, stage.ann, SHORT);
    stage.discord.next_message_from_bot(stage.lounge).await;
    let status = stage.moderates(stage.lounge, "status", json!({})).await;
    assert!(status.content().contains("watch 1"), "what it would have said counts: {status:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn status_tells_how_things_stand_here_and_nowhere_else() {
    let (stage, bot) = Stage::open().await;
    let other = stage.discord.guild("elsewhere");
    let hall = stage.discord.channel(other, "hall");
    let boss = stage.discord.moderator(other, "boss");
    stage.answers(stage.ann, SHORT).await;
    stage.discord.say(stage.debate, stage.bob, WEATHER);
    stage.decided().await;
    let status = stage.moderates(stage.debate, "status", json!({})).await;
    let reply = stage.discord.messages_of_bot(stage.debate)[0].id;
    for expected in [
        "Not paused",
        "Message Content intent: on",
        "4 published",
        &format!("<#{}>: reply", stage.debate),
        &stage.link(stage.debate, reply),
        "`napoleon-short`",
        "asserted 1",
        "no-candidate 1",
    ] {
        assert!(status.content().contains(expected), "{expected}: {status:?}");
    }
    assert!(!status.content().contains(&format!("<#{}>", stage.lounge)), "{status:?}");

    let status = stage.asks(boss, hall, "footnote-mod status", json!({})).await;
    assert!(status.content().contains("none is switched on"), "{status:?}");
    for others in ["napoleon", "asserted", &stage.debate.to_string()] {
        assert!(!status.content().contains(others), "{others}: {status:?}");
    }
    stage.moderates(stage.debate, "pause", json!({ "duration": "2h" })).await;
    let status = stage.moderates(stage.debate, "status", json!({})).await;
    assert!(status.content().contains("Paused until <t:"), "{status:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn status_names_the_files_that_have_an_error() {
    let (stage, bot) = Stage::open().await;
    let status = stage.moderates(stage.debate, "status", json!({})).await;
    assert!(!status.content().contains("error"), "{status:?}");
    stage.ends(bot).await;
    stage.home.write("responses/tests/napoleon-short.md", "+++\nclaim = \n+++\nbroken\n");
    let bot = stage.discord.spawn_bot(&stage.home).await;
    let status = stage.moderates(stage.debate, "status", json!({})).await;
    for said in
        ["**Files with an error**, which answer as they last were: `", "napoleon-short.md:2`"]
    {
        assert!(status.content().contains(said), "{said}: {status:?}");
    }
    stage.answers(stage.ann, SHORT).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn why_says_what_was_seen_in_a_message_and_what_became_of_it() {
    let (stage, bot) = Stage::open().await;
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    // From another channel, by its link.
    let why = stage.why(stage.lounge, &stage.link(stage.debate, said)).await;
    for expected in ["Answered", "napoleon", "unusually", &stage.link(stage.debate, reply.id)] {
        assert!(why.contains(expected), "{expected}: {why}");
    }
    let denied = format!("it is not true that {SHORT}");
    let denied = stage.discord.say(stage.debate, stage.bob, &denied);
    let why = stage.why(stage.debate, &denied.to_string()).await;
    assert!(why.contains("speaks against the claim"), "{why}");
    // One that was read and rested: the reason of then, which no later look could find.
    let again = stage.discord.say(stage.debate, stage.bob, SHORT);
    stage.decided().await;
    let why = stage.why(stage.debate, &again.to_string()).await;
    assert!(why.contains("When it was read: This claim was answered in this channel"), "{why}");
    let unread = stage.discord.say(stage.lounge, stage.bob, SHORT);
    let why = stage.why(stage.lounge, &unread.to_string()).await;
    assert!(why.contains("switched off in this channel"), "{why}");
    assert!(why.contains("unusually"), "what it would have seen: {why}");
    let own = stage.why(stage.debate, &reply.id.to_string()).await;
    assert!(own.contains("wrote this message itself"), "{own}");
    assert_eq!(stage.discord.requests(POST_MESSAGE).len(), 1);
    stage.ends(bot).await;
}

#[tokio::test]
async fn why_shows_no_moderator_what_they_may_not_see() {
    let (stage, bot) = Stage::open().await;
    let secret = stage.discord.channel(stage.guild, "secret");
    let everyone = OverwriteOf::Role(footnote::policy::place::RoleId(stage.guild.0));
    stage.discord.overwrite(secret, everyone, 0, permission::VIEW_CHANNEL);
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(secret, us, permission::VIEW_CHANNEL, 0);
    let hidden = stage.discord.say(secret, stage.ann, SHORT);
    let other = stage.discord.guild("elsewhere");
    let hall = stage.discord.channel(other, "hall");
    let carl = stage.discord.member(other, "carl");
    let foreign = stage.discord.say(hall, carl, SHORT);
    for message in [
        stage.link(secret, hidden),
        format!("{secret}-{hidden}"),
        format!("https://discord.com/channels/{other}/{hall}/{foreign}"),
        // A link that lies about its server.
        stage.link(hall, foreign),
        format!("{hall}-{foreign}"),
        "7".to_owned(),
    ] {
        let why = stage.why(stage.debate, &message).await;
        assert!(why.contains("cannot be looked at"), "{message}: {why}");
        assert!(!why.contains("unusually"), "{message}: {why}");
    }
    let unclear = stage.why(stage.debate, "that one up there").await;
    assert!(unclear.contains("link"), "{unclear}");

    // In the channel itself they see it.
    let moderator = OverwriteOf::Member(stage.moderator);
    stage.discord.overwrite(secret, moderator, permission::VIEW_CHANNEL, 0);
    let why = stage.why(stage.debate, &stage.link(secret, hidden)).await;
    assert!(why.contains("unusually"), "{why}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_threshold_and_a_rest_hold_where_they_are_set() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let debate = stage.debate.to_string();
    stage.sets(stage.lounge, "threshold", json!({ "value": 1000, "channel": debate })).await;
    stage.ignores(stage.ann, "napolean was unusualy short for a man of his tyme").await;
    let table = stage.moderates(stage.debate, "settings show", json!({})).await;
    assert!(table.content().contains("threshold: **1000** (set here)"), "{table:?}");
    stage.sets(stage.debate, "threshold", json!({ "channel": debate })).await;
    let rest = json!({ "between": "member", "value": "1h" });
    stage.sets(stage.debate, "cooldown", rest).await;
    let table = stage.moderates(stage.debate, "settings show", json!({})).await;
    let usual = format!("threshold: **{DEFAULT_THRESHOLD}** (as configured)");
    for expected in [
        &*usual,
        "to one member: **1 hour** (set for this server)",
        "mode: **reply** (as configured)",
    ] {
        assert!(table.content().contains(expected), "{expected}: {table:?}");
    }
    stage.answers(stage.ann, SHORT).await;
    stage.ignores(stage.ann, MATHS).await;
    stage.answers(stage.bob, MATHS).await;
    for (value, expected) in [("8d", "at most 1 day"), ("soon", "cannot be read")] {
        let options = json!({ "between": "member", "value": value });
        let refused = stage.moderates(stage.debate, "settings cooldown", options).await;
        assert!(refused.content().contains(expected), "{value}: {refused:?}");
    }
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_muted_claim_is_not_answered_until_it_is_unmuted() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let unknown = json!({ "claim": "no-such-claim" });
    let refused = stage.moderates(stage.debate, "settings mute", unknown).await;
    assert!(refused.content().contains("no response of that name"), "{refused:?}");
    stage.sets(stage.debate, "mute", json!({ "claim": "napoleon-short" })).await;
    stage.ignores(stage.ann, SHORT).await;
    stage.answers(stage.ann, MATHS).await;
    let table = stage.moderates(stage.debate, "settings show", json!({})).await;
    assert!(table.content().contains("muted claims: `napoleon-short`"), "{table:?}");
    stage.sets(stage.debate, "mute", json!({ "claim": "napoleon-short", "on": false })).await;
    stage.answers(stage.ann, SHORT).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn an_exempt_role_is_left_alone() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let teachers = stage.discord.role(stage.guild, "teachers", 0);
    stage.discord.grant(stage.guild, stage.ann, teachers);
    stage.sets(stage.debate, "exempt", json!({ "role": teachers.to_string() })).await;
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.silent(stage.debate).await;
    // The explanation knows the author's roles too, which do not come with a message.
    let why = stage.why(stage.debate, &said.to_string()).await;
    assert!(why.contains("role that footnote leaves alone"), "{why}");
    stage.answers(stage.bob, SHORT).await;
    let back = json!({ "role": teachers.to_string(), "on": false });
    stage.sets(stage.debate, "exempt", back).await;
    stage.answers(stage.ann, MATHS).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn in_a_sensitive_channel_nobody_is_corrected() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    stage.sets(stage.debate, "sensitive", json!({})).await;
    stage.ignores(stage.ann, SHORT).await;
    let thread = stage.discord.thread(stage.debate, "in memoriam");
    stage.discord.say(thread, stage.ann, SHORT);
    stage.silent(thread).await;
    stage.sets(stage.debate, "sensitive", json!({ "on": false })).await;
    stage.answers(stage.ann, SHORT).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_pause_stops_the_whole_server_at_once_and_a_clear_time_is_asked_for() {
    let (stage, bot) = Stage::open().await;
    let unclear = stage.moderates(stage.lounge, "pause", json!({ "duration": "a while" })).await;
    assert!(unclear.content().contains("as in `30m`"), "{unclear:?}");
    let none = stage.moderates(stage.lounge, "pause", json!({ "duration": "0m" })).await;
    assert!(none.content().contains("as in `30m`"), "{none:?}");
    stage.moderates(stage.lounge, "pause", json!({})).await;
    stage.ignores(stage.ann, SHORT).await;
    let resumed = stage.moderates(stage.lounge, "resume", json!({})).await;
    assert!(resumed.content().contains("again"), "{resumed:?}");
    stage.answers(stage.ann, SHORT).await;
    stage.ends(bot).await;
}
