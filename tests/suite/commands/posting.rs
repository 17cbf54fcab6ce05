//! "Post here": what one person saw, for all, by the rules of the place.

use footnote::policy::place::MessageId;
use serde_json::json;

use crate::gateway::LIST_MESSAGES;

use super::{FIND, FULL, PLOT, POST_HERE, SHORT, Stage, labels};
use crate::support::fake::POST_MESSAGE;
use crate::support::faults::Applied;
use crate::support::interactions::Answered;
use crate::support::world::{OverwriteOf, permission};

const DELETE_MESSAGE: &str = "DELETE /channels/{channel_id}/messages/{message_id}";

impl Stage {
    async fn shown(
        &self,
        by: footnote::policy::place::UserId,
        channel: footnote::policy::place::ChannelId,
    ) -> Answered {
        self.asks(by, channel, "footnote show", json!({ "id": "napoleon-short" })).await
    }

    fn standing(&self) -> Vec<MessageId> {
        self.discord.all_messages_of_bot().iter().map(|message| message.id).collect()
    }
}

#[tokio::test]
async fn who_may_have_something_posted_is_a_rule_of_the_place() {
    let (stage, bot) = Stage::open().await;
    for (by, channel, offered) in [
        (stage.ann, stage.debate, true),
        (stage.ann, stage.lounge, false),
        (stage.moderator, stage.lounge, true),
    ] {
        let shown = stage.shown(by, channel).await;
        assert_eq!(labels(&shown).contains(&POST_HERE), offered, "{by} in {channel}: {shown:?}");
    }
    let direct = stage.discord.direct(stage.ann);
    let shown = stage.shown(stage.ann, direct).await;
    assert!(!labels(&shown).contains(&POST_HERE), "{shown:?}");

    // What the button says is checked when it is pressed: the channel may have been switched off.
    let shown = stage.shown(stage.ann, stage.debate).await;
    stage.moderates(stage.debate, "mode", json!({ "mode": "off" })).await;
    let refused = stage.discord.press(shown.message.unwrap(), POST_HERE, stage.ann).await;
    assert!(refused.is_ephemeral && refused.content().contains("only moderators"), "{refused:?}");
    let shown = stage.shown(stage.moderator, stage.debate).await;
    stage.moderates(stage.debate, "pause", json!({})).await;
    let refused = stage.discord.press(shown.message.unwrap(), POST_HERE, stage.moderator).await;
    assert!(refused.is_ephemeral && refused.content().contains("paused"), "{refused:?}");
    assert_eq!(stage.standing(), []);
    stage.ends(bot).await;
}

#[tokio::test]
async fn what_was_posted_is_read_by_all_and_taken_away_by_who_posted_it() {
    let (stage, bot) = Stage::open().await;
    let shown = stage.shown(stage.ann, stage.debate).await;
    let posted = stage.discord.press(shown.message.unwrap(), POST_HERE, stage.ann).await;
    assert!(!posted.is_ephemeral, "{posted:?}");
    let message = posted.message.unwrap();
    assert_eq!(stage.standing(), [message]);
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    let full = stage.discord.press(message, FULL, stage.bob).await;
    assert!(full.is_ephemeral && full.content().contains("Paragraph 1."), "{full:?}");
    // It stands already.
    assert!(!labels(&full).contains(&POST_HERE), "{full:?}");
    let refused = stage.discord.press(message, "Take it away", stage.bob).await;
    assert!(refused.is_ephemeral && refused.content().contains("Only who had this"), "{refused:?}");
    assert_eq!(stage.standing(), [message]);
    stage.discord.press(message, "Take it away", stage.ann).await;
    stage.discord.gone(message).await;
    stage.ends(bot).await;
}

/// Taking back is promised only where a restart takes it up again.
#[tokio::test]
async fn what_was_posted_limits_and_what_was_taken_back_goes_also_after_a_kill() {
    let (stage, bot) = Stage::open().await;
    let shown = stage.shown(stage.ann, stage.debate).await;
    let posted = stage.discord.press(shown.message.unwrap(), POST_HERE, stage.ann).await;
    let message = posted.message.unwrap();
    let gate = stage.discord.hold(DELETE_MESSAGE, Applied::No);
    stage.discord.press(message, "Take it away", stage.ann).await;
    gate.reached(&stage.discord.hub).await;
    bot.kill().await;
    gate.abandoned(&stage.discord.hub).await;
    assert_eq!(stage.standing(), [message]);

    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.discord.gone(message).await;
    // It stood, so it is not said again so soon.
    let shown = stage.shown(stage.bob, stage.debate).await.message.unwrap();
    let again = stage.discord.press(shown, POST_HERE, stage.bob).await;
    assert!(again.is_ephemeral && again.content().contains("a short while ago"), "{again:?}");
    stage.ends(bot).await;
}

/// Nothing but Discord knows the number of what it shows for a request: it is not looked for.
#[tokio::test]
async fn what_was_posted_from_a_search_stands_through_a_restart() {
    let (stage, bot) = Stage::open().await;
    let shown = stage.shown(stage.ann, stage.debate).await;
    let posted = stage.discord.press(shown.message.unwrap(), POST_HERE, stage.ann).await;
    let message = posted.message.unwrap();
    bot.kill().await;
    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.silent(stage.lounge).await;
    assert_eq!(stage.standing(), [message]);
    let shown = stage.shown(stage.bob, stage.debate).await.message.unwrap();
    let again = stage.discord.press(shown, POST_HERE, stage.bob).await;
    assert!(again.is_ephemeral && again.content().contains("a short while ago"), "{again:?}");
    stage.ends(bot).await;
    assert!(stage.discord.requests(LIST_MESSAGES).is_empty());
}

#[tokio::test]
async fn context_that_was_posted_goes_at_the_next_start_where_its_message_went_meanwhile() {
    let (stage, bot) = Stage::open().await;
    let question = "was napoleon unusually short for a man of his time?";
    let said = stage.discord.say(stage.debate, stage.ann, question);
    let found = stage.discord.message_command(stage.bob, FIND, said).await.message.unwrap();
    stage.discord.press(found, POST_HERE, stage.bob).await;
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    stage.ends(bot).await;
    stage.discord.delete(said);
    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.discord.gone(reply.id).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn members_are_held_to_the_same_rests() {
    let (stage, bot) = Stage::open().await;
    let shown = stage.shown(stage.ann, stage.debate).await.message.unwrap();
    stage.discord.press(shown, POST_HERE, stage.ann).await;
    let again = stage.discord.press(shown, POST_HERE, stage.ann).await;
    assert!(again.is_ephemeral && again.content().contains("a short while ago"), "{again:?}");
    // And what was posted is not said again unasked.
    stage.discord.say(stage.debate, stage.bob, SHORT);
    stage.decided().await;
    assert_eq!(stage.standing().len(), 1);
    stage.ends(bot).await;
}

#[tokio::test]
async fn context_is_posted_below_its_message_once_and_goes_with_it() {
    let (stage, bot) = Stage::open().await;
    let question = "was napoleon unusually short for a man of his time?";
    let said = stage.discord.say(stage.debate, stage.ann, question);
    stage.silent(stage.debate).await;
    let found = stage.discord.message_command(stage.bob, FIND, said).await.message.unwrap();
    let pressed = stage.discord.press(found, POST_HERE, stage.bob).await;
    assert_eq!(pressed.kind, 7, "in place of what was seen: {pressed:?}");
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(reply.reference, Some(said));
    // Nobody is answered twice.
    let found = stage.discord.message_command(stage.moderator, FIND, said).await.message.unwrap();
    let again = stage.discord.press(found, POST_HERE, stage.moderator).await;
    assert!(again.content().contains("answered before"), "{again:?}");
    assert_eq!(stage.discord.requests(POST_MESSAGE).len(), 1);
    stage.discord.delete(said);
    stage.discord.gone(reply.id).await;

    // Moderators know what they do, also where nothing is said by itself.
    let said = stage.discord.say(stage.lounge, stage.ann, question);
    let found = stage.discord.message_command(stage.moderator, FIND, said).await.message.unwrap();
    stage.discord.press(found, POST_HERE, stage.moderator).await;
    let reply = stage.discord.next_message_from_bot(stage.lounge).await;
    assert_eq!(reply.reference, Some(said));
    stage.ends(bot).await;
}

#[tokio::test]
async fn who_asked_to_be_left_alone_meanwhile_is() {
    let (stage, bot) = Stage::open().await;
    let question = "was napoleon unusually short for a man of his time?";
    let said = stage.discord.say(stage.debate, stage.ann, question);
    let found = stage.discord.message_command(stage.bob, FIND, said).await.message.unwrap();
    stage.asks(stage.ann, stage.lounge, "footnote quiet", json!({})).await;
    let refused = stage.discord.press(found, POST_HERE, stage.bob).await;
    assert!(refused.content().contains("leave them alone"), "{refused:?}");
    assert_eq!(stage.standing(), []);
    stage.ends(bot).await;
}

#[tokio::test]
async fn what_touches_the_rules_of_a_server_is_never_posted() {
    let (stage, bot) = Stage::open().await;
    let said = stage.discord.say(stage.debate, stage.ann, PLOT);
    stage.silent(stage.debate).await;
    let found = stage.discord.message_command(stage.moderator, FIND, said).await;
    assert!(found.content().contains("The record says otherwise"), "{found:?}");
    assert!(!labels(&found).contains(&POST_HERE), "{found:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn where_the_bot_may_not_write_nothing_is_posted() {
    let (stage, bot) = Stage::open().await;
    let shown = stage.shown(stage.moderator, stage.debate).await.message.unwrap();
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(stage.debate, us, 0, permission::SEND_MESSAGES);
    let refused = stage.discord.press(shown, POST_HERE, stage.moderator).await;
    assert!(refused.is_ephemeral && refused.content().contains("may not write"), "{refused:?}");
    assert_eq!(stage.standing(), []);
    stage.ends(bot).await;
}

/// Installed by a member for themselves, in a server that has not: everything for them alone.
#[tokio::test]
async fn in_a_server_that_has_not_installed_it_nothing_is_ever_posted() {
    let stage = Stage::set("");
    let elsewhere = stage.discord.guild("elsewhere");
    let channel = stage.discord.channel(elsewhere, "hall");
    let boss = stage.discord.moderator(elsewhere, "boss");
    stage.discord.foreign(elsewhere);
    let bot = stage.discord.spawn_bot(&stage.home).await;
    let said = stage.discord.say(channel, boss, SHORT);
    let found = stage.discord.message_command(boss, FIND, said).await;
    assert!(found.is_ephemeral && found.content().contains("The record"), "{found:?}");
    assert!(!labels(&found).contains(&POST_HERE), "{found:?}");
    let shown = stage.shown(boss, channel).await;
    assert!(!labels(&shown).contains(&POST_HERE), "{shown:?}");
    // Nor can anything be set there.
    let path = "footnote-mod mode";
    let refused = stage.asks(boss, channel, path, json!({ "mode": "reply" })).await;
    assert!(refused.content().contains("only in a server"), "{refused:?}");
    assert_eq!(stage.standing(), []);
    stage.ends(bot).await;
}
