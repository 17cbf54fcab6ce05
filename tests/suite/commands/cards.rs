//! Cards in the moderators' channel, with the real bot: what they say, who decides, and that a reply is posted once.

use footnote::policy::place::{ChannelId, MessageId};
use serde_json::{Value, json};

use super::{MATHS, PLOT, SHORT, Stage, WEATHER, labels};
use crate::support::bot::Bot;
use crate::support::fake::POST_MESSAGE;
use crate::support::faults::Applied;
use crate::support::interactions::Answered;
use crate::support::world::{Message, OverwriteOf, permission};

const CALLBACK: &str = "POST /interactions/{id}/{token}/callback";
const POST: &str = "Post";
const NOT_NOW: &str = "Not this time";
const WRONG: &str = "Wrong match";
const MUTE: &str = "Mute claim here";

/// A server whose moderators are asked first.
struct Court {
    stage: Stage,
    /// Where they are asked.
    bench: ChannelId,
}

impl Court {
    async fn open() -> (Self, Bot) {
        let stage = Stage::set("cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n");
        let bench = stage.discord.channel(stage.guild, "bench");
        let bot = stage.discord.spawn_bot(&stage.home).await;
        let to = json!({ "where": bench.to_string() });
        stage.moderates(stage.debate, "settings moderators", to).await;
        let set = stage.moderates(stage.debate, "mode", json!({ "mode": "suggest" })).await;
        assert!(!set.content().contains("No moderators' channel"), "{set:?}");
        (Self { stage, bench }, bot)
    }

    /// Ann says something, and moderators are asked.
    async fn asked(&self, text: &str) -> (MessageId, Message) {
        let said = self.stage.discord.say(self.stage.debate, self.stage.ann, text);
        (said, self.stage.discord.next_message_from_bot(self.bench).await)
    }

    async fn presses(&self, card: &Message, button: &str) -> Answered {
        self.stage.discord.press(card.id, button, self.stage.moderator).await
    }

    /// Waits until the card says this.
    async fn says(&self, card: MessageId, words: &str) -> Message {
        let found = |state: &mut crate::support::hub::State| {
            let message = state.world.messages.get(&card)?;
            message.content.contains(words).then(|| message.clone())
        };
        self.stage.discord.hub.until(&format!("a card that says {words:?}"), found).await
    }

    fn replies(&self) -> Vec<Message> {
        self.stage.discord.messages_of_bot(self.stage.debate)
    }
}

fn buttons(message: &Message) -> Vec<&str> {
    let rows = message.components.iter().filter_map(|row| row["components"].as_array());
    rows.flatten().filter_map(|button| button["label"].as_str()).collect()
}

#[tokio::test]
async fn a_card_says_all_it_takes_to_decide_and_posting_is_one_press() {
    let (court, bot) = Court::open().await;
    let (said, card) = court.asked(SHORT).await;
    let stage = &court.stage;
    for expected in [
        &*format!("https://discord.com/channels/{}/{}/{said}", stage.guild, stage.debate),
        "Napoleon was unusually short for a man of his time.",
        "`napoleon-short`",
        "almost certainly about it",
        "unusually short",
        "> The record says otherwise.",
        "A Book",
    ] {
        assert!(card.content.contains(expected), "{expected}: {}", card.content);
    }
    assert_eq!(buttons(&card), [POST, NOT_NOW, WRONG, MUTE]);
    assert!(court.replies().is_empty(), "nothing is said before somebody decides");

    let decided = court.presses(&card, POST).await;
    assert_eq!(decided.kind, 7, "the card itself changes: {decided:?}");
    assert!(labels(&decided).is_empty(), "{decided:?}");
    let by = format!("decided by <@{}>", stage.moderator);
    let card = court.says(card.id, &by).await;
    assert!(card.content.contains("**Post it**") && !card.content.contains("unusually"));
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(reply.reference, Some(said));
    // It is an answer like any other: it goes with its message.
    stage.discord.delete(said);
    stage.discord.gone(reply.id).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn what_moderators_decide_against_is_not_said() {
    let (court, bot) = Court::open().await;
    let stage = &court.stage;
    let (_, card) = court.asked(SHORT).await;
    let refused = stage.discord.press(card.id, POST, stage.bob).await;
    assert!(refused.is_ephemeral && refused.content().contains("Manage Messages"), "{refused:?}");
    let decided = court.presses(&card, NOT_NOW).await;
    assert!(decided.content().contains("**Not this time**, decided by <@"), "{decided:?}");

    // Whoever may delete messages may decide; settings need more.
    let said = stage.discord.say(stage.debate, stage.bob, MATHS);
    let card = stage.discord.next_message_from_bot(court.bench).await;
    let keeper = stage.discord.role(stage.guild, "keeper", permission::MANAGE_MESSAGES);
    let carl = stage.discord.member(stage.guild, "carl");
    stage.discord.grant(stage.guild, carl, keeper);
    let refused = stage.discord.press(card.id, MUTE, carl).await;
    assert!(refused.content().contains("Manage Server"), "{refused:?}");
    let decided = court.presses(&card, MUTE).await;
    assert!(decided.content().contains("**Claim muted there**"), "{decided:?}");
    let table = stage.moderates(stage.debate, "settings show", json!({})).await;
    assert!(table.content().contains("muted claims: `einstein-maths`"), "{table:?}");
    assert!(stage.discord.message(said).is_some());
    let dora = stage.discord.member(stage.guild, "dora");
    stage.discord.say(stage.debate, dora, MATHS);
    stage.decided().await;
    assert_eq!(stage.discord.messages_of_bot(court.bench).len(), 2, "muted: no third card");
    assert!(court.replies().is_empty());
    stage.ends(bot).await;
}

#[tokio::test]
async fn of_two_who_press_at_once_one_decides() {
    let (court, bot) = Court::open().await;
    let stage = &court.stage;
    let second = stage.discord.moderator(stage.guild, "second");
    let mut members = vec![stage.ann, stage.bob];
    members.extend((0..4).map(|at| stage.discord.member(stage.guild, &format!("m{at}"))));
    for (at, member) in members.into_iter().enumerate() {
        // The claims alternate, for the same one rests in its channel.
        let channel = stage.discord.channel(stage.guild, &format!("room{at}"));
        let here = json!({ "mode": "suggest", "channel": channel.to_string() });
        stage.moderates(stage.debate, "mode", here).await;
        let said = stage.discord.say(channel, member, SHORT);
        let card = stage.discord.next_message_from_bot(court.bench).await;
        let other = if at % 2 == 0 { POST } else { NOT_NOW };
        let (one, two) = tokio::join!(
            stage.discord.press(card.id, POST, stage.moderator),
            stage.discord.press(card.id, other, second),
        );
        if other == POST {
            // Whoever is second changes nothing about it.
            stage.discord.next_message_from_bot(channel).await;
        }
        stage.discord.caught_up(channel, stage.moderator).await;
        let posted = stage.discord.requests(POST_MESSAGE);
        let to_it = |request: &&crate::support::hub::Request| {
            request.body["message_reference"]["message_id"] == said.to_string()
        };
        let times = posted.iter().filter(to_it).count();
        assert!(times <= 1, "posted {times} times: {one:?} {two:?}");
    }
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_post_that_was_decided_is_made_once_however_the_process_dies() {
    let (court, mut bot) = Court::open().await;
    let stage = &court.stage;
    for (at, (route, applied)) in
        [(POST_MESSAGE, Applied::Yes), (POST_MESSAGE, Applied::No), (CALLBACK, Applied::No)]
            .into_iter()
            .enumerate()
    {
        let channel = stage.discord.channel(stage.guild, &format!("room{at}"));
        let here = json!({ "mode": "suggest", "channel": channel.to_string() });
        stage.moderates(stage.debate, "mode", here).await;
        let member = stage.discord.member(stage.guild, &format!("m{at}"));
        let said = stage.discord.say(channel, member, SHORT);
        let card = stage.discord.next_message_from_bot(court.bench).await;
        stage.discord.settle(channel, member).await;
        let gate = stage.discord.hold(route, applied);
        let press = stage.discord.press(card.id, POST, stage.moderator);
        tokio::select! {
            _ = press => { gate.reached(&stage.discord.hub).await; }
            _ = gate.reached(&stage.discord.hub) => {}
        }
        bot.kill().await;
        gate.abandoned(&stage.discord.hub).await;
        bot = stage.discord.spawn_bot(&stage.home).await;
        stage.discord.settle(channel, member).await;
        if route == CALLBACK {
            // The card looks as before, and decides nothing any more.
            let again = court.presses(&card, POST).await;
            assert!(again.content().contains("**Post it**"), "{again:?}");
        }
        stage.discord.next_message_from_bot(channel).await;
        stage.ends(bot).await;
        let replies = stage.discord.messages_of_bot(channel);
        assert_eq!(replies.len(), 1, "{replies:?}");
        assert!(replies.iter().all(|reply| reply.reference == Some(said)));
        let nonces: Vec<Value> = stage
            .discord
            .requests(POST_MESSAGE)
            .iter()
            .filter(|request| request.body["message_reference"]["message_id"] == said.to_string())
            .map(|request| request.body["nonce"].clone())
            .collect();
        assert!(nonces.windows(2).all(|pair| pair[0] == pair[1]), "{nonces:?}");
        bot = stage.discord.spawn_bot(&stage.home).await;
    }
    stage.ends(bot).await;
}

#[tokio::test]
async fn cards_survive_a_restart() {
    let (court, bot) = Court::open().await;
    let (said, card) = court.asked(SHORT).await;
    court.stage.ends(bot).await;
    let bot = court.stage.discord.spawn_bot(&court.stage.home).await;
    court.presses(&card, POST).await;
    let reply = court.stage.discord.next_message_from_bot(court.stage.debate).await;
    assert_eq!(reply.reference, Some(said));
    court.stage.ends(bot).await;
}

#[tokio::test]
async fn nothing_is_posted_below_a_message_that_is_gone_or_was_changed() {
    let (court, bot) = Court::open().await;
    let stage = &court.stage;
    // Heard of.
    let (said, card) = court.asked(SHORT).await;
    stage.discord.delete(said);
    let gone = court.says(card.id, "gone").await;
    assert!(buttons(&gone).is_empty());
    for trace in ["napoleon", "unusually", &said.to_string()] {
        assert!(!gone.content.to_lowercase().contains(trace), "{trace}: {}", gone.content);
    }
    // Not heard of: looked at before the post.
    let said = stage.discord.say(stage.debate, stage.bob, MATHS);
    let card = stage.discord.next_message_from_bot(court.bench).await;
    stage.discord.lose_message(said);
    let decided = court.presses(&card, POST).await;
    assert!(decided.content().contains("is gone") && labels(&decided).is_empty(), "{decided:?}");

    let carl = stage.discord.member(stage.guild, "carl");
    let said = stage.discord.say(stage.lounge, carl, WEATHER);
    assert!(stage.discord.message(said).is_some());
    let here = json!({ "mode": "suggest", "channel": stage.lounge.to_string() });
    stage.moderates(stage.debate, "mode", here).await;
    let said = stage.discord.say(stage.lounge, carl, SHORT);
    let card = stage.discord.next_message_from_bot(court.bench).await;
    // It says the same, but not what the moderator read.
    stage.discord.edit_silently(said, &format!("{SHORT}, and a tyrant"));
    let again = court.presses(&card, POST).await;
    assert!(again.content().contains("was changed") && !labels(&again).is_empty(), "{again:?}");
    stage.discord.edit_silently(said, WEATHER);
    let decided = court.presses(&card, POST).await;
    assert!(decided.content().contains("no longer says this"), "{decided:?}");
    stage.ends(bot).await;
    assert!(stage.discord.messages_of_bot(stage.lounge).is_empty());
    assert!(court.replies().is_empty());
}

#[tokio::test]
async fn an_edit_that_is_heard_of_draws_the_card_anew() {
    let (court, bot) = Court::open().await;
    let (said, card) = court.asked(SHORT).await;
    court.stage.discord.edit(said, &format!("{SHORT}, mark my words"));
    let drawn = court.says(card.id, "was changed").await;
    assert_eq!(buttons(&drawn), [POST, NOT_NOW, WRONG, MUTE]);
    court.presses(&card, POST).await;
    let reply = court.stage.discord.next_message_from_bot(court.stage.debate).await;
    assert_eq!(reply.reference, Some(said));
    court.stage.ends(bot).await;
}

#[tokio::test]
async fn an_alert_is_neutral_and_asks_for_nothing() {
    let (court, bot) = Court::open().await;
    let (said, card) = court.asked(PLOT).await;
    assert!(card.content.contains("may touch a topic of your rules"), "{}", card.content);
    assert!(card.content.contains(&format!("/{said}")), "{}", card.content);
    for word in ["famine", "newspapers", "of 1000", "record says", "<@"] {
        assert!(!card.content.contains(word), "{word}: {}", card.content);
    }
    assert!(card.components.is_empty());
    // In mode reply as well: nobody is debated with.
    let stage = &court.stage;
    stage.moderates(stage.debate, "mode", json!({ "mode": "reply" })).await;
    stage.discord.say(stage.debate, stage.bob, PLOT);
    stage.discord.next_message_from_bot(court.bench).await;
    // Once a member and hour.
    stage.discord.say(stage.debate, stage.bob, PLOT);
    stage.decided().await;
    assert_eq!(stage.discord.messages_of_bot(court.bench).len(), 2);
    assert!(court.replies().is_empty());
    stage.discord.delete(said);
    let gone = court.says(card.id, "gone").await;
    assert!(!gone.content.contains(&said.to_string()), "{}", gone.content);
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_card_whose_reply_was_refused_says_so() {
    let (court, bot) = Court::open().await;
    let (_, card) = court.asked(SHORT).await;
    let us = OverwriteOf::Member(court.stage.discord.bot());
    court.stage.discord.overwrite(court.stage.debate, us, 0, permission::SEND_MESSAGES);
    court.presses(&card, POST).await;
    let said = court.says(card.id, "It was not posted").await;
    assert!(said.content.contains("decided by <@"), "{}", said.content);
    court.stage.ends(bot).await;
}

#[tokio::test]
async fn without_a_moderators_channel_nobody_is_asked_and_it_is_said() {
    let (stage, bot) = Stage::open().await;
    let set = stage.moderates(stage.debate, "mode", json!({ "mode": "suggest" })).await;
    assert!(set.content().contains("No moderators' channel is set"), "{set:?}");
    stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.silent(stage.debate).await;
    let status = stage.moderates(stage.debate, "status", json!({})).await;
    assert!(status.content().contains("no-review-channel 1"), "{status:?}");
    stage.ends(bot).await;
}
