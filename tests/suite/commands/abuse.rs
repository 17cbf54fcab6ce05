//! Misuse with the real bot, as far as no other test has it: see docs/abuse.md.

use serde_json::json;

use super::{FIND, FULL, NOT_SAID, PLOT, POST_HERE, SHORT, Stage, labels};

#[tokio::test]
async fn who_was_answered_on_anothers_wish_takes_it_away() {
    let (stage, bot) = Stage::open().await;
    let question = "was napoleon unusually short for a man of his time?";
    let said = stage.discord.say(stage.debate, stage.ann, question);
    let found = stage.discord.message_command(stage.bob, FIND, said).await.message.unwrap();
    stage.discord.press(found, POST_HERE, stage.bob).await;
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    // Neither who had it posted nor a passer-by; the one below whose words it stands does.
    let refused = stage.discord.press(reply.id, NOT_SAID, stage.bob).await;
    assert!(refused.content().contains("Only the author"), "{refused:?}");
    let thanks = stage.discord.press(reply.id, NOT_SAID, stage.ann).await;
    assert!(labels(&thanks).contains(&"Never answer me on this"), "{thanks:?}");
    stage.discord.gone(reply.id).await;
    // And it is not posted again.
    let found = stage.discord.message_command(stage.bob, FIND, said).await.message.unwrap();
    let again = stage.discord.press(found, POST_HERE, stage.bob).await;
    assert!(again.is_ephemeral, "{again:?}");
    stage.decided().await;
    assert!(stage.discord.messages_of_bot(stage.debate).is_empty());
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_crowd_that_presses_changes_nothing() {
    let (stage, bot) = Stage::open_with("cooldown_claim = 0\ncooldown_channel = 0\n").await;
    stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    for at in 0..6 {
        let member = stage.discord.member(stage.guild, &format!("m{at}"));
        let page = stage.discord.press(reply.id, FULL, member).await.message.unwrap();
        stage.discord.press(page, "Not helpful", member).await;
        stage.discord.press(reply.id, NOT_SAID, member).await;
    }
    assert!(stage.discord.message(reply.id).is_some(), "it stands");
    let table = stage.moderates(stage.debate, "settings show", json!({})).await;
    assert!(table.content().contains("have to match better: none"), "{table:?}");
    let said = stage.discord.say(stage.debate, stage.bob, SHORT);
    let next = stage.discord.next_message_from_bot(stage.debate).await;
    assert_eq!(next.reference, Some(said));
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_flood_makes_no_more_cards_than_can_be_read() {
    let (stage, bot) = Stage::open().await;
    let bench = stage.discord.channel(stage.guild, "bench");
    let to = json!({ "where": bench.to_string() });
    stage.moderates(stage.debate, "settings moderators", to).await;
    for at in 0..26 {
        let member = stage.discord.member(stage.guild, &format!("m{at}"));
        stage.discord.say(stage.debate, member, PLOT);
        if at % 10 == 9 {
            // More than a lane holds would be shed, which is another defence.
            stage.decided().await;
        }
    }
    stage.decided().await;
    assert_eq!(stage.discord.messages_of_bot(bench).len(), 20);
    let status = stage.moderates(stage.debate, "status", json!({})).await;
    assert!(status.content().contains("budget 6"), "{status:?}");
    stage.ends(bot).await;
}
