//! Opinions and their figures with the real bot.

use serde_json::json;

use super::{FULL, NOT_SAID, SHORT, Stage, labels};

#[tokio::test]
async fn figures_are_by_claim_and_revision_and_say_what_is_doubted() {
    let (stage, bot) = Stage::open().await;
    let none = stage.moderates(stage.debate, "stats", json!({})).await;
    assert!(none.content().contains("Nothing was answered"), "{none:?}");
    stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    let full = stage.discord.press(reply.id, FULL, stage.bob).await;
    assert!(labels(&full).contains(&"Helpful") && labels(&full).contains(&"Not helpful"));
    let page = full.message.unwrap();
    let thanks = stage.discord.press(page, "Not helpful", stage.bob).await;
    assert!(thanks.is_ephemeral && thanks.content().contains("without your name"), "{thanks:?}");
    let again = stage.discord.press(page, "Helpful", stage.bob).await;
    assert!(again.content().contains("already"), "{again:?}");

    let taken = stage.discord.press(reply.id, NOT_SAID, stage.moderator).await;
    assert!(labels(&taken).contains(&"Wrong match"), "{taken:?}");
    stage.discord.gone(reply.id).await;
    let wrong = stage.discord.press(taken.message.unwrap(), "Wrong match", stage.moderator).await;
    assert!(wrong.content().contains("match better"), "{wrong:?}");
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    let stats = stage.moderates(stage.debate, "stats", json!({})).await;
    let line = stats.content().lines().find(|line| line.starts_with("- `napoleon-short` ("));
    let line = line.unwrap_or_else(|| panic!("{stats:?}"));
    assert!(line.ends_with("taken away 1 · wrong match 1 · not helpful 1"), "{line}");
    assert!(stats.content().contains("- `napoleon-short`: 50 of 1000 more"), "{stats:?}");
    assert!(stats.content().contains("**Since the start"), "{stats:?}");
    let table = stage.moderates(stage.debate, "settings show", json!({})).await;
    assert!(table.content().contains("have to match better: `napoleon-short`"), "{table:?}");

    let trust = json!({ "claim": "napoleon-short" });
    stage.moderates(stage.debate, "settings trust", trust).await;
    let stats = stage.moderates(stage.debate, "stats", json!({})).await;
    assert!(!stats.content().contains("more, wearing off"), "{stats:?}");
    let log = stage.moderates(stage.debate, "settings log", json!({})).await;
    assert!(log.content().contains("Wrong match: `napoleon-short`"), "{log:?}");
    assert!(!log.content().contains(&format!("<@{}>", stage.moderator)), "{log:?}");
    stage.ends(bot).await;
}
