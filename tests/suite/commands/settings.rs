//! What moderators set, with the real bot: that it holds, that it is inherited, that it is shown, and that it stands in the log.

use footnote::policy::place::ChannelId;
use serde_json::{Value, json};

use super::{MATHS, SHORT, Stage};
use crate::support::world::ChannelKind;

const NO_RESTS: &str = "cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";

impl Stage {
    async fn setting(&self, path: &str, options: Value) -> String {
        let answer = self.moderates(self.debate, &format!("settings {path}"), options).await;
        answer.content().to_owned()
    }

    async fn table(&self, channel: ChannelId) -> String {
        let options = json!({ "channel": channel.to_string() });
        self.setting("show", options).await
    }

    /// Whether an assertion in a channel is answered.
    async fn is_answered(&self, channel: ChannelId, text: &str) -> bool {
        let before = self.discord.messages_of_bot(channel).len();
        self.discord.say(channel, self.ann, text);
        self.decided().await;
        self.discord.messages_of_bot(channel).len() > before
    }
}

#[tokio::test]
async fn channels_and_threads_inherit_from_their_category() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let category = stage.discord.channel_of_kind(stage.guild, "rooms", ChannelKind::Category);
    let room = stage.discord.channel_in(category, "a-room");
    let thread = stage.discord.thread(room, "a thread");
    assert!(!stage.is_answered(room, SHORT).await);
    let set = json!({ "mode": "reply", "channel": category.to_string() });
    stage.moderates(stage.debate, "mode", set).await;
    let threshold = json!({ "value": 600, "channel": category.to_string() });
    stage.setting("threshold", threshold).await;
    for channel in [room, thread] {
        assert!(stage.is_answered(channel, SHORT).await);
        let table = stage.table(channel).await;
        for row in ["mode: **reply**", "threshold: **600**"] {
            let expected = format!("{row} (set in <#{category}>)");
            assert!(table.contains(&expected), "{expected}: {table}");
        }
    }
    // What is nearer wins.
    let off = json!({ "mode": "off", "channel": room.to_string() });
    stage.moderates(stage.debate, "mode", off).await;
    assert!(!stage.is_answered(room, MATHS).await);
    assert!(!stage.is_answered(thread, MATHS).await);
    stage.ends(bot).await;

    // Over a restart: what a channel stands in is learned again before anything is read.
    let bot = stage.discord.spawn_bot(&stage.home).await;
    let other = stage.discord.channel_in(category, "another-room");
    assert!(stage.is_answered(other, SHORT).await);
    stage.ends(bot).await;
}

#[tokio::test]
async fn places_of_grief_help_and_minors_are_quiet_by_their_names() {
    let (stage, bot) = Stage::open_with(&format!("{NO_RESTS}sensitive_words = \"grove\"\n")).await;
    let memorial = stage.discord.channel(stage.guild, "in-memoriam");
    let opened = json!({ "mode": "reply", "channel": memorial.to_string() });
    let opened = stage.moderates(stage.debate, "mode", opened).await;
    assert!(opened.content().contains("By its name"), "{opened:?}");
    let thread = stage.discord.thread(stage.debate, "grief support");
    // A word that the operator added.
    let grove = stage.discord.thread(stage.debate, "the grove");
    for channel in [memorial, thread, grove] {
        assert!(!stage.is_answered(channel, SHORT).await);
        let table = stage.table(channel).await;
        assert!(table.contains("nobody is corrected here: **yes** (by its name)"), "{table}");
    }
    for channel in [memorial, thread, grove] {
        let mistaken = json!({ "on": false, "channel": channel.to_string() });
        stage.setting("sensitive", mistaken).await;
        assert!(stage.is_answered(channel, SHORT).await);
    }
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_budget_is_the_servers() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    stage.setting("budget", json!({ "span": "hour", "value": 1 })).await;
    let table = stage.table(stage.debate).await;
    let expected = "most answers in this server: **1 an hour, 60 a day** (set for this server)";
    assert!(table.contains(expected), "{table}");
    assert!(stage.is_answered(stage.debate, SHORT).await);
    assert!(!stage.is_answered(stage.debate, MATHS).await);
    stage.setting("budget", json!({ "span": "hour" })).await;
    assert!(stage.is_answered(stage.debate, MATHS).await);
    stage.ends(bot).await;
}

#[tokio::test]
async fn topics_and_packs_are_muted_like_claims() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let unknown = stage.setting("topic", json!({ "name": "no-such-topic" })).await;
    assert!(unknown.contains("no topic or pack of that name"), "{unknown}");
    for (name, row) in [("height-and-marks", "muted topics"), ("tests", "muted packs")] {
        stage.setting("topic", json!({ "name": name })).await;
        let table = stage.table(stage.debate).await;
        assert!(table.contains(&format!("{row}: `{name}`")), "{table}");
        assert!(!stage.is_answered(stage.debate, SHORT).await, "{name}");
        stage.setting("topic", json!({ "name": name, "on": false })).await;
        assert!(stage.is_answered(stage.debate, SHORT).await, "{name}");
    }
    stage.ends(bot).await;
}

#[tokio::test]
async fn an_exempt_place_is_left_alone() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let thread = stage.discord.thread(stage.debate, "only among us");
    stage.setting("exempt", json!({ "channel": thread.to_string() })).await;
    assert!(!stage.is_answered(thread, SHORT).await);
    assert!(stage.is_answered(stage.debate, SHORT).await);
    let table = stage.table(thread).await;
    assert!(table.contains("left alone: **yes** (set here)"), "{table}");
    stage.setting("exempt", json!({ "channel": thread.to_string(), "on": false })).await;
    assert!(stage.is_answered(thread, SHORT).await);
    stage.ends(bot).await;
}

#[tokio::test]
async fn in_quiet_hours_nothing_is_read() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    // An hour before and after now, by the clock of Discord's ids.
    let now = stage.discord.say(stage.lounge, stage.ann, SHORT).made_at().0 / 60_000 % 1440;
    let clock = |minute: u64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let (from, to) = (clock(now + 1440 - 60), clock(now + 60));
    let hours = json!({ "from": clock(now + 60), "to": clock(now + 180), "zone": 2 });
    let set = stage.setting("quiet-hours", hours).await;
    assert!(set.contains(&format!("{from} to {to} UTC")), "{set}");
    assert!(!stage.is_answered(stage.debate, SHORT).await);
    let unclear = stage.setting("quiet-hours", json!({ "from": "noon" })).await;
    assert!(unclear.contains("as in `22:00`"), "{unclear}");
    let never = json!({ "from": "0:00", "to": "0:00", "channel": stage.debate.to_string() });
    stage.setting("quiet-hours", never).await;
    assert!(stage.is_answered(stage.debate, SHORT).await);
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_reply_in_full_is_the_whole_response_as_far_as_it_fits() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    stage.setting("style", json!({ "value": "full" })).await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert!(reply.content.contains("Paragraph 1."), "{}", reply.content);
    stage.setting("style", json!({ "value": "compact" })).await;
    stage.discord.say(stage.debate, stage.bob, MATHS);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert!(!reply.content.contains("Paragraph 1."), "{}", reply.content);
    stage.ends(bot).await;
}

#[tokio::test]
async fn an_answer_waits_and_then_comes() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let set = stage.setting("delay", json!({ "value": "1s" })).await;
    assert!(set.contains("waits 1 second"), "{set}");
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(reply.reference, Some(said));
    let waited = reply.id.made_at().since(said.made_at());
    assert!(waited >= std::time::Duration::from_secs(1), "{waited:?}");
    let too_long = stage.setting("delay", json!({ "value": "11m" })).await;
    assert!(too_long.contains("at most 10 minutes"), "{too_long}");
    // A reply by somebody else comes in time: told by Discord as what it replies to.
    stage.setting("delay", json!({ "value": "2m" })).await;
    let said = stage.discord.say(stage.debate, stage.bob, MATHS);
    stage.discord.reply(said, stage.ann, "no, he did not");
    bot.says("somebody else answered").await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn every_change_stands_in_the_log_and_no_name_beside_a_claim() {
    let (stage, bot) = Stage::open().await;
    let none = stage.setting("log", json!({})).await;
    assert!(none.contains("changed nothing"), "{none}");
    stage.setting("threshold", json!({ "value": 700 })).await;
    stage.setting("mute", json!({ "claim": "napoleon-short" })).await;
    stage.moderates(stage.debate, "mode", json!({ "mode": "watch" })).await;
    stage.moderates(stage.debate, "pause", json!({ "duration": "2h" })).await;
    stage.moderates(stage.debate, "resume", json!({})).await;
    // What was refused changed nothing.
    stage.setting("mute", json!({ "claim": "no-such-claim" })).await;
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    let log = stage.setting("log", json!({})).await;
    let by = format!("<@{}>: ", stage.moderator);
    let lines: Vec<&str> = log.lines().skip(1).collect();
    let expected = [
        (true, "reads and answers again"),
        (true, "Paused until"),
        (true, "in mode **watch**"),
        (false, "`napoleon-short` is not answered any more"),
        (true, "The threshold is 700"),
    ];
    assert_eq!(lines.len(), expected.len(), "{log}");
    for (line, (is_named, words)) in lines.iter().zip(expected) {
        assert!(line.contains(words), "{words}: {line}");
        assert_eq!(line.contains(&by), is_named, "{line}");
    }
    let data = stage.asks(stage.moderator, stage.debate, "footnote my-data", json!({})).await;
    assert!(data.content().contains("changed settings as a moderator"), "{data:?}");
    stage.asks(stage.moderator, stage.debate, "footnote forget-me", json!({})).await;
    let log = stage.setting("log", json!({})).await;
    assert!(!log.contains(&by) && log.contains("The threshold is 700"), "{log}");
    stage.ends(bot).await;
}
