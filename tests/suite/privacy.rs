//! What is kept and logged about people, proven on the export and on whole logs of the real bot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use footnote::policy::place::{ChannelId, GuildId, MessageId, UserId};
use serde_json::json;

use crate::gateway::{MATHS, NOT_SAID, SHORT, home};
use crate::support::bot::{Bot, Home};
use crate::support::dice::{Dice, setting};
use crate::support::fake::{Fake, POST_MESSAGE, TOKEN};
use crate::support::faults::Fault;
use crate::transfer::store_command;

/// Messages in a run of CI.
const MESSAGES: u64 = 300;

const RESTLESS: &str = "[policy]\ncooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n\
                        budget_hour = 1000000\nbudget_day = 1000000\n";

/// The lines of an export that speak of members.
fn of_members(home: &Home) -> BTreeSet<String> {
    let (shown, error, code) = store_command(home, &["export", "all.jsonl"]);
    assert_eq!(code, Some(0), "{shown}{error}");
    let export = fs::read_to_string(home.path().join("all.jsonl")).unwrap();
    let speaks =
        |line: &&str| line.contains("\"kind\":\"wishes\"") || line.contains("\"kind\":\"rest\"");
    export.lines().filter(speaks).map(str::to_owned).collect()
}

#[tokio::test]
async fn my_data_shows_and_forget_me_takes_out_all_that_the_export_has_of_a_member() {
    let discord = Fake::start();
    let guild = discord.guild("history");
    let (debate, other) = (discord.channel(guild, "debate"), discord.channel(guild, "other"));
    let (ann, bob) = (discord.member(guild, "ann"), discord.member(guild, "bob"));
    let home = home();
    home.write(
        "config.toml",
        &format!("[channels]\n\"{debate}\" = \"reply\"\n\"{other}\" = \"reply\"\n"),
    );
    let bot = discord.spawn_bot(&home).await;
    let my_data = async |who: UserId| {
        let answer = discord.command(debate, who, "footnote my-data", json!({})).await;
        answer.content().to_owned()
    };
    assert!(of_members(&home).is_empty());
    assert!(my_data(ann).await.contains("keeps nothing about you"));

    for (who, channel, text) in [(ann, debate, SHORT), (bob, other, MATHS)] {
        discord.say(channel, who, text);
        let reply = discord.next_message_from_bot(channel).await;
        let thanks = discord.press(reply.id, NOT_SAID, who).await;
        discord.press(thanks.message.unwrap(), "Never answer me on this", who).await;
        discord.command(channel, who, "footnote quiet", json!({})).await;
    }
    let before = of_members(&home);
    assert_eq!(before.len(), 4, "wishes and a rest of each: {before:#?}");
    let shown = my_data(ann).await;

    discord.command(debate, ann, "footnote forget-me", json!({})).await;
    let after = of_members(&home);
    assert!(after.is_subset(&before), "forgetting adds nothing: {after:#?}");
    let gone: Vec<_> = before.difference(&after).cloned().collect();
    // What went is what was shown, no more and no less.
    let [rest, wishes] = gone.as_slice() else { panic!("{gone:#?}") };
    assert!(
        rest.contains("\"kind\":\"rest\"") && shown.contains("within the last day"),
        "{gone:?}"
    );
    assert!(wishes.contains("napoleon-short") && shown.contains("`napoleon-short`"), "{gone:?}");
    assert!(wishes.contains(&guild.to_string()) && shown.contains(&guild.to_string()), "{gone:?}");
    assert!(!wishes.contains("einstein-maths") && !shown.contains("einstein-maths"), "{shown}");
    assert!(my_data(ann).await.contains("keeps nothing about you"));
    assert!(my_data(bob).await.contains("`einstein-maths`"), "the other one's stays");

    // Neither is anybody's number anywhere, nor does a restart bring anything back.
    bot.kill().await;
    let bot = discord.spawn_bot(&home).await;
    assert_eq!(of_members(&home), after);
    assert!(my_data(ann).await.contains("keeps nothing about you"));
    let export = fs::read_to_string(home.path().join("all.jsonl")).unwrap();
    for who in [ann, bob] {
        assert!(!export.contains(&who.to_string()), "{export}");
    }
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// A place where people say, change, type and press a great deal, no two texts alike.
struct Fair {
    discord: Fake,
    home: Home,
    dice: Dice,
    guild: GuildId,
    channels: Vec<ChannelId>,
    members: Vec<UserId>,
    moderator: UserId,
    said: Vec<MessageId>,
    texts: Vec<String>,
}

impl Fair {
    fn build(seed: u64) -> Self {
        let discord = Fake::start();
        let guild = discord.guild("history");
        let channels: Vec<_> = (0..5).map(|n| discord.channel(guild, &format!("c{n}"))).collect();
        let members = (0..5).map(|n| discord.member(guild, &format!("m{n}"))).collect();
        let moderator = discord.moderator(guild, "mod");
        let home = home();
        let mut config = format!("{RESTLESS}[channels]\n");
        for channel in &channels {
            writeln!(config, "\"{channel}\" = \"reply\"").unwrap();
        }
        home.write("config.toml", &config);
        let (said, texts) = (Vec::new(), Vec::new());
        Self {
            discord,
            home,
            dice: Dice::new(seed),
            guild,
            channels,
            members,
            moderator,
            said,
            texts,
        }
    }

    async fn bot(&self) -> Bot {
        self.discord.spawn_bot_with(&self.home, &[("RUST_LOG", "trace".to_owned())]).await
    }

    /// A text with a word that stands in no other and in no file.
    fn text(&mut self) -> String {
        let word = format!("zwq{}x", self.texts.len());
        let text = match self.dice.below(3) {
            0 => format!("{SHORT}. {word}"),
            1 => format!("{MATHS}. {word}"),
            _ => format!("it has been raining, {word}, since the morning"),
        };
        self.texts.push(word);
        text
    }

    async fn acts(&mut self) {
        let channel = *self.dice.pick(&self.channels).unwrap();
        let member = *self.dice.pick(&self.members).unwrap();
        let recent = self.said.len().saturating_sub(10);
        let last = self.dice.pick(self.said.get(recent..).unwrap_or_default()).copied();
        let last = last.filter(|said| self.discord.message(*said).is_some());
        match (self.dice.below(16), last) {
            (0, Some(said)) => {
                let text = self.text();
                self.discord.edit(said, &text);
            }
            (1, Some(said)) => self.discord.delete(said),
            (2, Some(said)) => {
                self.discord.message_command(member, "Find sourced context", said).await;
            }
            (3, Some(said)) => {
                let at = self.discord.message(said).unwrap().channel;
                let link = format!("https://discord.com/channels/{}/{at}/{said}", self.guild);
                let message = json!({ "message": link });
                let path = "footnote-mod why";
                self.discord.command(channel, self.moderator, path, message).await;
            }
            (4, _) => {
                let query = json!({ "query": self.text() });
                self.discord.command(channel, member, "footnote search", query).await;
            }
            (5, _) => {
                let standing = self.discord.all_messages_of_bot();
                if let Some(reply) = self.dice.pick(&standing) {
                    self.discord.press_if_there(reply.id, "Full context", member).await;
                }
            }
            (6, _) => {
                let fault = Fault::Error { status: 500, code: 0, message: "Internal" };
                self.discord.fail(POST_MESSAGE, fault);
                let said = self.discord.say(channel, member, SHORT);
                self.said.push(said);
            }
            _ => {
                let text = self.text();
                let said = self.discord.say(channel, member, &text);
                self.said.push(said);
            }
        }
    }

    /// The bot ends, and its whole log is looked through.
    async fn ends(&self, bot: Bot) -> usize {
        self.discord.settle(*self.channels.first().unwrap(), self.moderator).await;
        bot.ask_to_stop();
        assert_eq!(bot.exit().await.code(), Some(0));
        let log = bot.stderr();
        assert!(log.contains("DEBUG") && log.contains("decided"), "everything is logged: {log}");
        assert!(!log.contains(TOKEN), "the token is logged");
        for text in self.texts.iter().map(String::as_str).chain([SHORT, MATHS, "raining"]) {
            let line = log.lines().find(|line| line.contains(text));
            assert_eq!(line, None, "what somebody wrote is logged");
        }
        log.lines().count()
    }
}

#[tokio::test]
async fn a_storm_at_trace_leaves_no_text_and_no_token_in_the_whole_log() {
    let messages = setting("FOOTNOTE_TEST_MESSAGES", MESSAGES);
    let seed = setting("FOOTNOTE_TEST_SEED", 7);
    let mut fair = Fair::build(seed);
    let mut bot = fair.bot().await;
    let mut lines = 0;
    for at in 0..messages {
        fair.acts().await;
        match at * 8 / messages {
            _ if at * 8 % messages >= 8 => {}
            1 => fair.discord.drop_connection(),
            3 => {
                let broken =
                    format!("{{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"d\":{{\"content\":\"{SHORT}\"");
                fair.discord.raw_frame(&broken);
                fair.discord.raw_frame(&format!("{{\"op\":\"{SHORT}\"}}"));
            }
            5 => {
                lines += fair.ends(bot).await;
                bot = fair.bot().await;
            }
            6 => fair.discord.event("NOBODY_KNOWS_THIS", &json!({ "content": SHORT })),
            _ => {}
        }
    }
    lines += fair.ends(bot).await;
    let posted = fair.discord.hub.with(|state| state.posted.len());
    println!("seed {seed}: {messages} acts, {posted} replies, {lines} lines of log");
    assert!(posted as u64 * 10 > messages && lines as u64 > messages, "or it has shown nothing");
}
