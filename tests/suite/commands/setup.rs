//! The guided first run with the real bot: a few presses to a working channel, and what is missing is said with its place.

use footnote::policy::place::ChannelId;
use serde_json::json;

use super::{SHORT, Stage, labels};
use crate::support::interactions::Answered;
use crate::support::world::{OverwriteOf, permission};

const SUGGEST: &str = "Ask us first (suggest)";

impl Stage {
    /// From the command to the third step.
    async fn chooses(&self, work: ChannelId, review: ChannelId) -> Answered {
        let first = self.moderates(self.lounge, "setup", json!({})).await;
        assert!(first.content().contains("step 1 of 3"), "{first:?}");
        let message = first.message.unwrap();
        let second = self.discord.choose(message, work, self.moderator).await;
        assert_eq!(second.kind, 7, "in place of the step before: {second:?}");
        assert!(second.is_ephemeral && second.content().contains("Step 2 of 3"), "{second:?}");
        self.discord.choose(message, review, self.moderator).await
    }

    /// A channel that only moderators see.
    fn bench(&self) -> ChannelId {
        let bench = self.discord.channel(self.guild, "bench");
        let everyone = OverwriteOf::Role(footnote::policy::place::RoleId(self.guild.0));
        self.discord.overwrite(bench, everyone, 0, permission::VIEW_CHANNEL);
        for ours in [self.moderator, self.discord.bot()] {
            self.discord.overwrite(bench, OverwriteOf::Member(ours), permission::VIEW_CHANNEL, 0);
        }
        bench
    }
}

#[tokio::test]
async fn three_presses_lead_to_a_working_channel_in_suggest_mode() {
    let (stage, bot) = Stage::open().await;
    let bench = stage.bench();
    let third = stage.chooses(stage.lounge, bench).await;
    assert!(
        third.content().contains("Step 3 of 3") && !third.content().contains("⚠️"),
        "{third:?}"
    );
    let done = stage.discord.press(third.message.unwrap(), SUGGEST, stage.moderator).await;
    for expected in [
        "footnote is set up",
        &format!("<#{}> and its threads are in mode **suggest**", stage.lounge),
        &format!("go to <#{bench}>"),
        "every permission",
    ] {
        assert!(done.content().contains(expected), "{expected}: {done:?}");
    }
    let said = stage.discord.say(stage.lounge, stage.ann, SHORT);
    let card = stage.discord.next_message_from_bot(bench).await;
    assert!(card.content.contains(&said.to_string()), "{}", card.content);
    let log = stage.moderates(stage.lounge, "settings log", json!({})).await;
    assert!(log.content().contains("mode **suggest**"), "{log:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn what_is_missing_is_said_with_its_place_until_it_is_there() {
    let (stage, bot) = Stage::open().await;
    let bench = stage.bench();
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(stage.lounge, us, 0, permission::READ_MESSAGE_HISTORY);
    stage.discord.overwrite(bench, us, permission::VIEW_CHANNEL, permission::SEND_MESSAGES);
    let third = stage.chooses(stage.lounge, bench).await;
    let done = stage.discord.press(third.message.unwrap(), SUGGEST, stage.moderator).await;
    for answer in [&third, &done] {
        for expected in [
            format!("In <#{}> footnote lacks **Read Message History**", stage.lounge),
            format!("In <#{bench}> footnote lacks **Send Messages**"),
        ] {
            assert!(answer.content().contains(&expected), "{expected}: {answer:?}");
        }
    }
    stage.discord.overwrite(stage.lounge, us, permission::READ_MESSAGE_HISTORY, 0);
    stage.discord.overwrite(bench, us, permission::VIEW_CHANNEL | permission::SEND_MESSAGES, 0);
    // The bot is told of it before the press, on the same line.
    let again = stage.discord.press(done.message.unwrap(), "Check again", stage.moderator).await;
    assert!(again.content().contains("every permission"), "{again:?}");
    assert!(labels(&again).is_empty(), "{again:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_channel_that_everybody_sees_is_a_bad_place_to_ask() {
    let (stage, bot) = Stage::open().await;
    let same = stage.chooses(stage.lounge, stage.lounge).await;
    assert!(same.content().contains("everybody would see"), "{same:?}");
    let open = stage.discord.choose(same.message.unwrap(), stage.debate, stage.moderator).await;
    assert!(open.content().contains(&format!("Everybody can see <#{}>", stage.debate)), "{open:?}");
    let again = stage.discord.press(open.message.unwrap(), "Begin again", stage.moderator).await;
    assert!(again.content().contains("step 1 of 3"), "{again:?}");
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_step_is_checked_like_the_command() {
    let (stage, bot) = Stage::open().await;
    let bench = stage.bench();
    let third = stage.chooses(stage.lounge, bench).await;
    // Whoever lost the permission meanwhile, or whoever got hold of the message.
    let refused = stage.discord.press(third.message.unwrap(), SUGGEST, stage.ann).await;
    assert!(refused.content().contains("Manage Server"), "{refused:?}");
    let table = json!({ "channel": stage.lounge.to_string() });
    let table = stage.moderates(stage.lounge, "settings show", table).await;
    assert!(table.content().contains("mode: **off**"), "{table:?}");
    stage.ends(bot).await;
}
