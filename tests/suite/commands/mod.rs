//! The real bot's commands, buttons, edits and places against the fake Discord.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod abuse;
mod cards;
mod corrections;
mod feedback;
mod life;
mod members;
mod moderators;
mod places;
mod posting;
mod report;
mod settings;
mod setup;
mod suggest;

use std::fmt::Write;

use footnote::policy::place::{ChannelId, GuildId, UserId};
use serde_json::Value;

use crate::support::acts::counted;
use crate::support::bot::{Bot, Home};
use crate::support::fake::Fake;
use crate::support::interactions::Answered;

/// What asserts each of the claims below, beyond doubt.
const SHORT: &str = "napoleon was unusually short for a man of his time";
const MATHS: &str = "einstein failed mathematics at school";
const WALL: &str = "the great wall is visible from the moon with the naked eye";
/// Touches a claim that is for moderators alone.
const PLOT: &str = "the famine was invented by foreign newspapers";
/// Asserts nothing.
const WEATHER: &str = "it has been raining here since the morning";

const FIND: &str = "Find sourced context";
const POST_HERE: &str = "Post here";
const FULL: &str = "Full context";
const NOT_SAID: &str = "Not what I said";

/// A server with a bot in it.
struct Stage {
    discord: Fake,
    home: Home,
    guild: GuildId,
    /// In mode reply.
    debate: ChannelId,
    /// Not switched on.
    lounge: ChannelId,
    ann: UserId,
    bob: UserId,
    moderator: UserId,
}

impl Stage {
    async fn open() -> (Self, Bot) {
        Self::open_with("").await
    }

    /// With settings of the section `[policy]`.
    async fn open_with(policy: &str) -> (Self, Bot) {
        let stage = Self::set(policy);
        let bot = stage.discord.spawn_bot(&stage.home).await;
        (stage, bot)
    }

    /// Everything but a running bot.
    fn set(policy: &str) -> Self {
        let discord = Fake::start();
        let guild = discord.guild("history");
        let debate = discord.channel(guild, "debate");
        let lounge = discord.channel(guild, "lounge");
        let (ann, bob) = (discord.member(guild, "ann"), discord.member(guild, "bob"));
        let moderator = discord.moderator(guild, "mod");
        let home = Home::new(&format!("[channels]\n\"{debate}\" = \"reply\"\n[policy]\n{policy}"));
        for (id, claim, phrasing, action) in [
            (
                "napoleon-short",
                "Napoleon was unusually short for a man of his time.",
                SHORT,
                "reply",
            ),
            ("einstein-maths", "Einstein failed mathematics at school.", MATHS, "reply"),
            ("wall-from-moon", "The Great Wall can be seen from the Moon.", WALL, "command"),
            ("famine-invented", "The famine was invented by foreign newspapers.", PLOT, "alert"),
        ] {
            let file = response(claim, phrasing, action);
            home.write(&format!("responses/tests/{id}.md"), &file);
        }
        Self { discord, home, guild, debate, lounge, ann, bob, moderator }
    }

    /// A command's answer, which is for the member alone.
    async fn asks(&self, by: UserId, channel: ChannelId, path: &str, options: Value) -> Answered {
        let answer = self.discord.command(channel, by, path, options).await;
        assert!(answer.is_ephemeral, "{path}: {answer:?}");
        assert!(!answer.content().is_empty(), "{path}: {answer:?}");
        answer
    }

    async fn moderates(&self, channel: ChannelId, path: &str, options: Value) -> Answered {
        self.asks(self.moderator, channel, &format!("footnote-mod {path}"), options).await
    }

    /// Nothing of the bot's stands in the channel, after everything said was decided about.
    async fn silent(&self, channel: ChannelId) {
        self.decided().await;
        assert_eq!(self.discord.messages_of_bot(channel).len(), 0);
    }

    /// A barrier: waits until the bot has decided about every message of this server that it was
    /// told of, and until what it decided to say stands. Commands do not wait in a channel's lane, so that one was answered proves nothing;
    /// what the bot itself counts does.
    async fn decided(&self) {
        let (guild, bot) = (self.guild.to_string(), self.discord.bot().to_string());
        for _ in 0..1000 {
            let told = self.discord.hub.with(|state| state.gateway.told("MESSAGE_CREATE"));
            let ours = told.iter().filter(|data| data["guild_id"] == guild);
            let (said, heard): (Vec<_>, Vec<_>) =
                ours.partition(|data| data["author"]["id"] == bot);
            let status = self.moderates(self.lounge, "status", serde_json::json!({})).await;
            let hooked = heard.iter().filter(|data| !data["webhook_id"].is_null()).count();
            let read_hooked = counted(status.content(), |reason| reason == "webhook");
            let asserted = counted(status.content(), |reason| reason == "asserted");
            let decided = counted(status.content(), |reason| reason != "own");
            if decided >= heard.len() && read_hooked >= hooked && said.len() >= asserted {
                return;
            }
        }
        panic!("not every message was decided about");
    }

    /// A barrier for what is no new message: edits in the channel, too, were decided about. A lane
    /// keeps its order, and a webhook's message is counted under a reason of its own.
    async fn caught_up(&self, channel: ChannelId) {
        self.discord.say_by_webhook(channel, "news", WEATHER);
        self.decided().await;
    }

    async fn ends(&self, bot: Bot) {
        assert_eq!(bot.terminate().await.code(), Some(0));
    }
}

/// A file of our own, so that edits of the shipped ones cannot break these tests. Its full text
/// takes several pages.
fn response(claim: &str, phrasing: &str, action: &str) -> String {
    let mut details = String::new();
    for paragraph in 1..=30 {
        let words = "The record says otherwise, at length and with care, in more than one place.";
        write!(details, "Paragraph {paragraph}. {words} {words}[^book]\n\n").unwrap();
    }
    format!(
        "+++\n\
         claim = \"{claim}\"\n\
         verdict = \"false\"\n\
         evidence = \"consensus\"\n\
         reason = \"The record says otherwise.\"\n\
         action = \"{action}\"\n\
         topics = [\"height-and-marks\"]\n\
         phrasings = [\"{phrasing}\"]\n\
         near_misses = [\"the records of that time are kept in an archive\"]\n\
         published = 2026-11-22\n\
         reviewed = 2026-11-22\n\
         \n\
         [[source]]\n\
         key = \"book\"\n\
         kind = \"secondary\"\n\
         author = \"A. Author\"\n\
         title = \"A Book\"\n\
         \n\
         [[source.quote]]\n\
         text = \"He stood at five feet and six inches.\"\n\
         checked = \"excerpt-read\"\n\
         +++\n\
         The record says otherwise.[^book]\n\
         \n\
         ## Details\n\
         {details}"
    )
}

/// The labels of an answer's buttons.
fn labels(answer: &Answered) -> Vec<&str> {
    labels_of(&answer.data)
}

/// The labels of a message's buttons.
fn labels_of(message: &Value) -> Vec<&str> {
    let rows = message["components"].as_array().into_iter().flatten();
    let buttons = rows.filter_map(|row| row["components"].as_array()).flatten();
    buttons.filter_map(|button| button["label"].as_str()).collect()
}
