//! What everybody can ask: search, show, quiet, privacy, my-data, forget-me, and context for a message.

use serde_json::json;

use super::{FIND, FULL, MATHS, NOT_SAID, SHORT, Stage, WALL, WEATHER, labels};
use crate::support::fake::POST_MESSAGE;

#[tokio::test]
async fn a_search_completes_what_is_typed_and_shows_what_is_chosen() {
    let (stage, bot) = Stage::open().await;
    let (channel, ann) = (stage.lounge, stage.ann);
    for (typed, expected) in [
        ("napo", &["napoleon-short"][..]),
        ("Einstéin SCHOOL", &["einstein-maths"]),
        ("height", &["einstein-maths", "famine-invented", "napoleon-short", "wall-from-moon"]),
        ("quite unrelated", &[]),
    ] {
        let query = json!({ "query": typed });
        let offered =
            stage.discord.autocomplete(channel, ann, "footnote search", query, "query").await;
        let choices = offered.data["choices"].as_array().cloned().unwrap_or_default();
        let values: Vec<_> = choices.iter().filter_map(|one| one["value"].as_str()).collect();
        assert_eq!(values, expected, "{typed}");
    }
    let chosen = json!({ "query": "napoleon-short" });
    let shown = stage.asks(ann, channel, "footnote search", chosen).await;
    assert!(shown.content().contains("Paragraph 1."), "{shown:?}");
    // Whoever pastes what they read, misspelled, is answered too.
    let typed = json!({ "query": "napolean was unusualy short for a man of his time" });
    let shown = stage.asks(ann, channel, "footnote search", typed).await;
    assert!(shown.content().contains("Napoleon was unusually short"), "{shown:?}");
    let several = stage.asks(ann, channel, "footnote search", json!({ "query": "height" })).await;
    assert_eq!(labels(&several).len(), 4, "{several:?}");
    let opened = "Einstein failed mathematics at school.";
    let opened = stage.discord.press(several.message.unwrap(), opened, ann).await;
    assert!(opened.is_ephemeral && opened.content().contains("Paragraph 1."), "{opened:?}");
    let none = stage.asks(ann, channel, "footnote search", json!({ "query": "zeppelins" })).await;
    assert!(none.content().contains("no response about that"), "{none:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn pages_are_turned_without_a_memory_of_them() {
    let (stage, bot) = Stage::open().await;
    let show = json!({ "id": "napoleon-short" });
    let first = stage.asks(stage.ann, stage.lounge, "footnote show", show).await;
    let message = first.message.unwrap();
    assert!(first.content().contains("page 1 of 3"), "{first:?}");
    assert_eq!(first.content().matches("of 3").count(), 1, "said once: {first:?}");
    let second = stage.discord.press(message, "Next", stage.ann).await;
    assert_eq!(second.kind, 7, "in place of the first: {second:?}");
    assert!(second.content().contains("page 2 of 3"), "{second:?}");
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    let third = stage.discord.press(message, "Next", stage.ann).await;
    assert!(third.content().contains("page 3 of 3"), "{third:?}");
    let back = stage.discord.press(message, "Previous", stage.ann).await;
    assert!(back.content().contains("page 2 of 3"), "{back:?}");
    // The other button opens beside it.
    let quotes = stage.discord.press(message, "Quotes and sources", stage.ann).await;
    assert_eq!((quotes.kind, quotes.is_ephemeral), (4, true), "{quotes:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn who_wants_to_be_left_alone_here_is_and_comes_back() {
    let (stage, bot) = Stage::open().await;
    let quiet = stage.asks(stage.ann, stage.debate, "footnote quiet", json!({})).await;
    assert!(quiet.content().contains("in this server"), "{quiet:?}");
    let said = stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.silent(stage.debate).await;
    // Neither a member nor a moderator can have it looked at.
    for by in [stage.bob, stage.moderator] {
        let found = stage.discord.message_command(by, FIND, said).await;
        assert!(found.content().contains("asked footnote to leave them alone"), "{found:?}");
        assert!(!found.content().contains("apoleon"), "{found:?}");
    }
    let link = json!({ "message": said.to_string() });
    let why = stage.moderates(stage.debate, "why", link).await;
    assert!(why.content().contains("asked footnote to leave them alone"), "{why:?}");
    assert!(!why.content().contains("apoleon"), "{why:?}");
    stage.ends(bot).await;

    // It was kept before it was acknowledged.
    let bot = stage.discord.spawn_bot(&stage.home).await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.silent(stage.debate).await;
    stage.asks(stage.ann, stage.debate, "footnote quiet", json!({ "quiet": false })).await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.discord.next_message_from_bot(stage.debate).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn who_wants_to_be_left_alone_everywhere_is_in_every_server() {
    let (stage, bot) = Stage::open().await;
    let everywhere = json!({ "where": "everywhere" });
    stage.asks(stage.ann, stage.lounge, "footnote quiet", everywhere).await;
    let here = json!({ "quiet": false });
    let still = stage.asks(stage.ann, stage.debate, "footnote quiet", here).await;
    assert!(still.content().contains("still holds"), "{still:?}");
    stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.silent(stage.debate).await;
    let back = json!({ "where": "everywhere", "quiet": false });
    stage.asks(stage.ann, stage.debate, "footnote quiet", back).await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.discord.next_message_from_bot(stage.debate).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn everybody_sees_what_is_kept_of_them_and_has_it_erased() {
    let (stage, bot) = Stage::open().await;
    let (channel, ann) = (stage.debate, stage.ann);
    let nothing = stage.asks(ann, channel, "footnote my-data", json!({})).await;
    assert!(nothing.content().contains("keeps nothing about you"), "{nothing:?}");

    stage.discord.say(channel, ann, SHORT);
    let reply = stage.discord.next_message_from_bot(channel).await;
    let thanks = stage.discord.press(reply.id, NOT_SAID, ann).await;
    stage.discord.press(thanks.message.unwrap(), "Never answer me on this", ann).await;
    stage.asks(ann, channel, "footnote quiet", json!({})).await;
    let kept = stage.asks(ann, channel, "footnote my-data", json!({})).await;
    let in_here = format!("left alone in the server {}", stage.guild);
    for expected in ["`napoleon-short`", "within the last day", in_here.as_str()] {
        assert!(kept.content().contains(expected), "{expected}: {kept:?}");
    }
    // What is kept of one is nobody else's to see.
    let other = stage.asks(stage.bob, channel, "footnote my-data", json!({})).await;
    assert!(other.content().contains("keeps nothing about you"), "{other:?}");

    stage.asks(ann, channel, "footnote forget-me", json!({})).await;
    stage.ends(bot).await;
    let bot = stage.discord.spawn_bot(&stage.home).await;
    let nothing = stage.asks(ann, channel, "footnote my-data", json!({})).await;
    assert!(nothing.content().contains("keeps nothing about you"), "{nothing:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_member_is_not_answered_again_on_what_they_did_not_say() {
    let (stage, bot) = Stage::open_with(NO_RESTS).await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    let thanks = stage.discord.press(reply.id, NOT_SAID, stage.ann).await;
    stage.discord.press(thanks.message.unwrap(), "Never answer me on this", stage.ann).await;
    stage.discord.gone(reply.id).await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    stage.silent(stage.debate).await;
    // On other claims they are, and others are on this one.
    stage.discord.say(stage.debate, stage.ann, MATHS);
    stage.discord.next_message_from_bot(stage.debate).await;
    stage.discord.say(stage.debate, stage.bob, SHORT);
    stage.discord.next_message_from_bot(stage.debate).await;
    stage.ends(bot).await;
}

const NO_RESTS: &str = "cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";

#[tokio::test]
async fn privacy_says_what_is_read_and_kept_also_in_direct_messages() {
    let (stage, bot) = Stage::open().await;
    let direct = stage.discord.direct(stage.ann);
    for channel in [stage.lounge, direct] {
        let privacy = stage.asks(stage.ann, channel, "footnote privacy", json!({})).await;
        for expected in ["30 days", "/footnote quiet", "/footnote my-data", "/footnote forget-me"] {
            assert!(privacy.content().contains(expected), "{expected}: {privacy:?}");
        }
    }
    // There is no "here" in a direct message.
    let quiet = stage.asks(stage.ann, direct, "footnote quiet", json!({})).await;
    assert!(quiet.content().contains("in any"), "{quiet:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn context_for_a_message_is_for_whoever_asks_alone() {
    let (stage, bot) = Stage::open().await;
    // A question, where nothing is switched on: the bot says nothing by itself.
    let said = stage.discord.say(
        stage.lounge,
        stage.ann,
        "was napoleon unusually short for a man of his time?",
    );
    stage.silent(stage.lounge).await;
    let found = stage.discord.message_command(stage.bob, FIND, said).await;
    assert!(found.is_ephemeral, "{found:?}");
    assert!(found.content().contains("The record says otherwise"), "{found:?}");
    assert!(labels(&found).contains(&FULL), "{found:?}");
    let full = stage.discord.press(found.message.unwrap(), FULL, stage.bob).await;
    assert!(full.is_ephemeral && full.content().contains("Paragraph 1."), "{full:?}");

    // A claim that is answered only when somebody asks is, when somebody asks.
    let said = stage.discord.say(stage.lounge, stage.ann, WALL);
    let found = stage.discord.message_command(stage.bob, FIND, said).await;
    assert!(found.content().contains("The record says otherwise"), "{found:?}");
    let said = stage.discord.say(stage.lounge, stage.ann, WEATHER);
    let found = stage.discord.message_command(stage.bob, FIND, said).await;
    assert!(found.content().contains("no response to what this message says"), "{found:?}");
    stage.silent(stage.lounge).await;
    assert!(stage.discord.requests(POST_MESSAGE).is_empty());
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_mention_is_a_message_like_any_other() {
    let (stage, bot) = Stage::open().await;
    let mention = |text: &str| format!("<@{}> {text}", stage.discord.bot());
    stage.discord.say(stage.lounge, stage.ann, &mention(SHORT));
    stage.silent(stage.lounge).await;
    stage.discord.say(stage.debate, stage.ann, &mention(SHORT));
    stage.discord.next_message_from_bot(stage.debate).await;
    // The same claim rests, mention or not.
    stage.discord.say(stage.debate, stage.bob, &mention(SHORT));
    stage.decided().await;
    assert_eq!(stage.discord.messages_of_bot(stage.debate).len(), 1);
    stage.ends(bot).await;
}
