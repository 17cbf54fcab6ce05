//! Where a message can stand, and what the bot may do there.

use footnote::policy::place::ChannelId;
use serde_json::json;

use super::{SHORT, Stage};
use crate::support::fake::POST_MESSAGE;
use crate::support::world::{ChannelKind, OverwriteOf, permission};

impl Stage {
    /// Switched on by the moderators, as a server does it.
    async fn opens(&self, channel: ChannelId) {
        self.moderates(channel, "mode", json!({ "mode": "reply" })).await;
    }

    async fn answered_in(&self, channel: ChannelId) {
        let said = self.discord.say(channel, self.ann, SHORT);
        let reply = self.discord.next_message_from_bot(channel).await;
        assert_eq!(reply.reference, Some(said));
    }

    /// Quiet, counted, and told: by the permission's name and the channel.
    async fn lacks(&self, channel: ChannelId, name: &str) {
        let before = self.discord.requests(POST_MESSAGE).len();
        self.discord.say(channel, self.ann, SHORT);
        self.silent(channel).await;
        assert_eq!(self.discord.requests(POST_MESSAGE).len(), before, "it does not even try");
        let status = self.moderates(self.lounge, "status", json!({})).await;
        let line = status.content().lines().find(|line| line.contains(&format!("<#{channel}>")));
        let line = line.unwrap_or_else(|| panic!("{status:?}"));
        assert!(line.contains(&format!("missing: {name}")), "{line}");
        assert!(status.content().contains("no-permission 1"), "{status:?}");
    }
}

#[tokio::test]
async fn messages_are_answered_wherever_members_write() {
    let (stage, bot) = Stage::open_with("cooldown_member = 0\n").await;
    let discord = &stage.discord;
    let of_kind = |name, kind| discord.channel_of_kind(stage.guild, name, kind);
    let news = of_kind("news", ChannelKind::Announcement);
    let voice = of_kind("voice", ChannelKind::Voice);
    let forum = of_kind("forum", ChannelKind::Forum);
    for channel in [news, voice] {
        stage.opens(channel).await;
        stage.answered_in(channel).await;
    }
    let settings = json!({ "mode": "reply", "channel": forum.to_string() });
    stage.moderates(stage.lounge, "mode", settings).await;
    for (parent, kind) in [
        (forum, ChannelKind::PublicThread),
        (news, ChannelKind::AnnouncementThread),
        (stage.debate, ChannelKind::PrivateThread),
    ] {
        let thread = discord.thread_of_kind(parent, "a thread", kind);
        stage.answered_in(thread).await;
    }
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_thread_that_was_switched_off_by_itself_stays_quiet() {
    let (stage, bot) = Stage::open().await;
    let thread = stage.discord.thread(stage.debate, "quiet please");
    stage.moderates(thread, "mode", json!({ "mode": "off" })).await;
    stage.discord.say(thread, stage.ann, SHORT);
    stage.silent(thread).await;
    stage.answered_in(stage.debate).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn without_the_permission_to_write_it_is_quiet_and_says_so() {
    let (stage, bot) = Stage::open().await;
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(stage.debate, us, 0, permission::SEND_MESSAGES);
    stage.lacks(stage.debate, "Send Messages").await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn without_the_history_there_is_no_replying() {
    let (stage, bot) = Stage::open().await;
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(stage.debate, us, 0, permission::READ_MESSAGE_HISTORY);
    stage.lacks(stage.debate, "Read Message History").await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_thread_has_a_permission_of_its_own() {
    let (stage, bot) = Stage::open().await;
    let us = OverwriteOf::Member(stage.discord.bot());
    let thread = stage.discord.thread(stage.debate, "about height");
    stage.discord.overwrite(stage.debate, us, 0, permission::SEND_MESSAGES_IN_THREADS);
    stage.lacks(thread, "Send Messages in Threads").await;
    // In the channel itself it may write.
    stage.answered_in(stage.debate).await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_locked_thread_is_left_alone() {
    let (stage, bot) = Stage::open().await;
    let thread = stage.discord.thread(stage.debate, "closed");
    stage.discord.lock(thread);
    stage.lacks(thread, "Manage Threads").await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn the_text_of_a_voice_channel_needs_its_door() {
    let (stage, bot) = Stage::open().await;
    let voice = stage.discord.channel_of_kind(stage.guild, "voice", ChannelKind::Voice);
    stage.opens(voice).await;
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(voice, us, 0, permission::CONNECT);
    stage.lacks(voice, "Send Messages, Read Message History, Connect").await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn a_timeout_is_respected() {
    let (stage, bot) = Stage::open().await;
    stage.discord.time_out(stage.guild, stage.discord.bot());
    stage.lacks(stage.debate, "Send Messages").await;
    stage.ends(bot).await;
}

#[tokio::test]
async fn content_is_read_where_embeds_are_off() {
    let (stage, bot) = Stage::open().await;
    let us = OverwriteOf::Member(stage.discord.bot());
    stage.discord.overwrite(stage.debate, us, 0, permission::EMBED_LINKS);
    stage.discord.say(stage.debate, stage.ann, SHORT);
    let reply = stage.discord.next_message_from_bot(stage.debate).await;
    assert!(reply.content.contains("The record says otherwise"), "{reply:?}");
    assert!(reply.content.contains("A Book"), "{reply:?}");
    stage.ends(bot).await;
}
