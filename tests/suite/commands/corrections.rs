//! A corrected or retired response, with the real bot: replies that stand get the correction, or go.

use serde_json::json;

use super::{FULL, MATHS, SHORT, Stage, response};
use crate::support::bot::Bot;
use crate::support::hub::State;
use crate::support::world::Message;

const EDIT: &str = "PATCH /channels/{channel_id}/messages/{message_id}";
const CLAIM: &str = "Napoleon was unusually short for a man of his time.";
const NO_RESTS: &str = "cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";

impl Stage {
    /// The file with other fields before its sources.
    fn rewrites(&self, field: &str, text: &str) {
        let file = response(CLAIM, SHORT, "reply");
        let file = file.replacen("\n[[source]]", &format!("{field}\n[[source]]"), 1);
        let file = file.replace("The record says otherwise.[^book]", &format!("{text}[^book]"));
        self.home.write("responses/tests/napoleon-short.md", &file);
    }

    fn corrects(&self) {
        let correction = "\n[[correction]]\ndate = 2026-11-24\n\
                          what = \"The height was given in *French* inches.\"\n";
        self.rewrites(correction, "The record, read again, says otherwise.");
    }

    /// An answer that stands, and of which the bot knows.
    async fn answered(&self, bot: &Bot) -> Message {
        self.discord.say(self.debate, self.ann, SHORT);
        bot.says("answered id=").await;
        self.discord.next_message_from_bot(self.debate).await
    }

    async fn reads(&self, reply: &Message, words: &str) -> Message {
        let id = reply.id;
        let found = |state: &mut State| {
            let message = state.world.messages.get(&id)?;
            message.content.contains(words).then(|| message.clone())
        };
        self.discord.hub.until(&format!("a reply that says {words:?}"), found).await
    }
}

#[tokio::test]
async fn a_reply_that_stands_gets_the_correction_once() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let reply = stage.answered(&bot).await;
    stage.discord.say(stage.debate, stage.bob, MATHS);
    let other = stage.discord.next_message_from_bot(stage.debate).await;
    stage.ends(bot).await;
    stage.corrects();
    let bot = stage.discord.spawn_bot(&stage.home).await;
    let corrected = stage.reads(&reply, "**Corrected 2026-11-24:**").await;
    // To the letter: nothing in it becomes markdown.
    for words in [r"given in \*French\* inches", "The record, read again, says otherwise."] {
        assert!(corrected.content.contains(words), "{words}: {}", corrected.content);
    }
    bot.says("the reply is corrected").await;
    assert_eq!(corrected.components, reply.components, "its buttons stay");
    let full = stage.discord.press(reply.id, FULL, stage.bob).await;
    assert!(full.content().contains("read again"), "what stands is what is shown: {full:?}");
    stage.ends(bot).await;

    // Another start finds nothing to do, and what was not corrected stays as it was. By the time that
    // an answer has waited two seconds, a correction would have been made.
    let bot = stage.discord.spawn_bot(&stage.home).await;
    let wait = json!({ "value": "2s" });
    stage.moderates(stage.debate, "settings delay", wait).await;
    let carl = stage.discord.member(stage.guild, "carl");
    let said = stage.discord.say(stage.debate, carl, MATHS);
    let answer = stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(answer.reference, Some(said));
    stage.ends(bot).await;
    assert_eq!(stage.discord.requests(EDIT).len(), 1);
    assert_eq!(stage.discord.message(other.id).unwrap().content, other.content);
}

#[tokio::test]
async fn a_correction_is_made_while_the_bot_runs_and_a_rewording_is_none() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let reply = stage.answered(&bot).await;
    stage.rewrites("", "The record says otherwise, in other words.");
    bot.says("files were read").await;
    // By the time that an answer has waited four seconds, the bot has looked for corrections (every
    // two seconds) and would have made one (a second later).
    stage.moderates(stage.debate, "settings delay", json!({ "value": "4s" })).await;
    stage.discord.say(stage.debate, stage.bob, MATHS);
    stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(stage.discord.requests(EDIT).len(), 0);
    stage.corrects();
    stage.reads(&reply, "**Corrected 2026-11-24:**").await;
    stage.ends(bot).await;
    assert_eq!(stage.discord.requests(EDIT).len(), 1, "the rewording changed no reply");
}

#[tokio::test]
async fn a_reply_of_a_retired_response_goes() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let reply = stage.answered(&bot).await;
    stage.rewrites("status = \"retired\"\n", "The record says otherwise.");
    stage.discord.gone(reply.id).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn nothing_is_corrected_while_the_server_is_paused() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    // A server beside it, whose older reply comes later in the look.
    let other = stage.discord.guild("elsewhere");
    let hall = stage.discord.channel(other, "hall");
    let boss = stage.discord.moderator(other, "boss");
    stage.asks(boss, hall, "footnote-mod mode", json!({ "mode": "reply" })).await;
    stage.discord.say(hall, boss, SHORT);
    let beside = stage.discord.next_message_from_bot(hall).await;
    let reply = stage.answered(&bot).await;
    // The outcome of what is under way is recorded at the end.
    stage.ends(bot).await;
    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.moderates(stage.debate, "pause", json!({})).await;
    stage.ends(bot).await;
    stage.corrects();
    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.reads(&beside, "**Corrected 2026-11-24:**").await;
    assert_eq!(stage.discord.message(reply.id).unwrap().content, reply.content);
    stage.moderates(stage.debate, "resume", json!({})).await;
    stage.ends(bot).await;
    // The next look finds it.
    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.reads(&reply, "**Corrected 2026-11-24:**").await;
    stage.ends(bot).await;
}
