//! A reply's life: edits and deletions of the message that it answers.

use std::time::Duration;

use super::{MATHS, SHORT, Stage, WEATHER};
use crate::support::fake::POST_MESSAGE;
use crate::support::world::id_at;

const NO_RESTS: &str = "cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";

#[tokio::test]
async fn a_message_that_becomes_an_assertion_is_answered_once() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    let said = stage.discord.say(stage.debate, stage.ann, WEATHER);
    stage.silent(stage.debate).await;
    stage.discord.edit(said, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(reply.reference, Some(said));
    stage.discord.edit(said, &format!("{SHORT}!"));
    stage.caught_up(stage.debate).await;
    stage.ends(bot).await;
    assert_eq!(stage.discord.requests(POST_MESSAGE).len(), 1);
}

#[tokio::test]
async fn nobody_is_answered_where_the_talk_has_gone_on() {
    let (stage, bot) = Stage::open().await;
    let old = id_at(Duration::from_secs(601));
    let said = stage.discord.post(stage.debate, stage.ann, |message| {
        message.id = footnote::policy::place::MessageId(old);
        WEATHER.clone_into(&mut message.content);
    });
    stage.discord.edit(said, SHORT);
    stage.caught_up(stage.debate).await;
    stage.silent(stage.debate).await;
    stage.ends(bot).await;
}

/// Discord reports an edit, too, where it only adds a preview; the text comes along as it was.
#[tokio::test]
async fn a_preview_is_no_edit() {
    let (stage, bot) = Stage::open_with("on_edit = \"remove\"\n").await;
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    let first = stage.discord.next_message_from_bot(stage.debate).await;
    stage.discord.preview(said);
    stage.caught_up(stage.debate).await;
    // Nor is one that comes after an edit, with that edit's time.
    let said = stage.discord.say(stage.lounge, stage.bob, WEATHER);
    stage.moderates(stage.lounge, "mode", serde_json::json!({ "mode": "reply" })).await;
    stage.discord.edit(said, MATHS);
    let second = stage.discord.next_message_from_bot(stage.lounge).await;
    stage.discord.preview(said);
    stage.caught_up(stage.lounge).await;
    stage.ends(bot).await;
    // What was under way has ended with the bot.
    assert!([first.id, second.id].iter().all(|id| stage.discord.message(*id).is_some()));
    assert_eq!(stage.discord.requests(POST_MESSAGE).len(), 2);
}

#[tokio::test]
async fn where_it_is_so_set_any_edit_takes_the_reply_along() {
    let (stage, bot) = Stage::open_with("on_edit = \"remove\"\n").await;
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    stage.discord.edit(said, &format!("{SHORT}!"));
    stage.discord.gone(reply.id).await;
    stage.ends(bot).await;
}

/// Every new session looks at what was answered, and hears again of the edit that was answered.
#[tokio::test]
async fn an_edit_that_was_answered_is_not_held_against_the_reply_after_a_restart() {
    let (stage, bot) = Stage::open_with("on_edit = \"remove\"\n").await;
    let said = stage.discord.say(stage.debate, stage.ann, WEATHER);
    stage.discord.edit(said, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.discord.request("GET /channels/{channel_id}/messages/{message_id}", 1).await;
    stage.discord.preview(said);
    stage.caught_up(stage.debate).await;
    stage.ends(bot).await;
    assert!(stage.discord.message(reply.id).is_some());
}

#[tokio::test]
async fn a_second_edit_is_an_edit_too() {
    let (stage, bot) = Stage::open().await;
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    stage.discord.edit(said, &format!("{SHORT}!"));
    stage.discord.edit(said, WEATHER);
    stage.discord.gone(reply.id).await;
    stage.ends(bot).await;
}
