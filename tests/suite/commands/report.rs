//! The report of what would have been said, with the real bot: counted over a restart, with links, and no text of anybody.

use std::fs;

use serde_json::json;

use super::{MATHS, PLOT, SHORT, Stage, WALL, WEATHER};
use crate::transfer::store_command;

#[tokio::test]
async fn days_of_watching_make_a_report_with_links_and_no_text() {
    let (stage, bot) = Stage::open().await;
    let report = async || {
        let answer = stage.moderates(stage.debate, "report", json!({})).await;
        answer.content().to_owned()
    };
    assert!(report().await.starts_with("Nothing would have been said"));
    stage.moderates(stage.lounge, "mode", json!({ "mode": "watch" })).await;
    let cards = json!({ "where": stage.debate.to_string() });
    stage.moderates(stage.lounge, "settings moderators", cards).await;

    let said = stage.discord.say(stage.lounge, stage.ann, SHORT);
    for (who, text) in
        [(stage.bob, SHORT), (stage.bob, PLOT), (stage.bob, WALL), (stage.ann, WEATHER)]
    {
        stage.discord.say(stage.lounge, who, text);
    }
    stage.silent(stage.lounge).await;
    // What is answered is no shadow.
    stage.discord.say(stage.debate, stage.bob, MATHS);
    stage.discord.next_message_from_bot(stage.debate).await;
    let expected = [
        "**What footnote would have said** where it only watches, since <t:".to_owned(),
        "\n1 reply, 1 alert to you\n-# Held back by what was said before: cooldown-claim 1\n```\nby day\n".to_owned(),
        " ████████████████████ 2\n```\n".to_owned(),
        format!("- <#{}>: 1 reply, 1 alert to you\n", stage.lounge),
        format!(
            " where {} is enough: `napoleon-short` https://discord.com/channels/{}/{}/{said}\n",
            footnote::policy::settings::DEFAULT_THRESHOLD, stage.guild, stage.lounge
        ),
        "**By claim**\n- `napoleon-short`: 1 reply".to_owned(),
    ];
    let first = report().await;
    for part in &expected {
        assert!(first.contains(part), "{part}\n{first}");
    }
    assert!(!first.contains("famine"), "an alert is counted by no claim: {first}");

    stage.discord.delete(said);
    stage.caught_up(stage.lounge).await;
    let after = report().await;
    assert!(after.contains("\n1 alert to you\n") && !after.contains("https://"), "{after}");
    stage.ends(bot).await;

    let bot = stage.discord.spawn_bot(&stage.home).await;
    assert_eq!(report().await, after, "over a restart");
    let (shown, error, code) = store_command(&stage.home, &["export", "all.jsonl"]);
    assert_eq!(code, Some(0), "{shown}{error}");
    let export = fs::read_to_string(stage.home.path().join("all.jsonl")).unwrap();
    let shadows: Vec<_> = export.lines().filter(|line| line.contains("\"shadow\"")).collect();
    assert_eq!(shadows.len(), 2, "{shadows:#?}");
    for line in shadows {
        for kept in ["famine", "unusually", &stage.ann.to_string(), &stage.bob.to_string()] {
            assert!(!line.contains(kept), "{kept}: {line}");
        }
    }
    stage.ends(bot).await;
}
