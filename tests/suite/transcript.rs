//! docs/first-answer.md: somebody who has README alone brings the bot from nothing to its first answer. The commands are README's own, and what stands there is what happened; `UPDATE_CASES=1` writes it anew.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use footnote::policy::place::{ChannelId, UserId};

use crate::support::bot::{Bot, Home, program};
use crate::support::fake::{Fake, TOKEN};
use crate::support::world::Message;

/// The number in README where a channel's stands.
const ID: &str = "123456789012345678";
const PAGE: &str = "docs/first-answer.md";
const OPEN: &str = "<!-- Written by a test from here on. -->\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of commands that README gives for running on a server.
fn commands(readme: &str) -> Vec<String> {
    let (_, section) = readme.split_once("## Run it on a server").expect("README has the section");
    let block = section.split("```console").nth(1).expect("the section has commands");
    let block = block.split("```").next().unwrap();
    block.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

struct Terminal {
    discord: Fake,
    home: Home,
    channel: ChannelId,
    shown: String,
}

impl Terminal {
    /// A fresh clone: nothing but what stands in the repository.
    fn open() -> Self {
        let discord = Fake::start();
        let guild = discord.guild("history");
        let channel = discord.channel(guild, "debate");
        let home = Home::new("");
        fs::remove_file(home.path().join("config.toml")).unwrap();
        for name in ["config.toml", "responses"] {
            symlink(root().join(name), home.path().join(name)).unwrap();
        }
        Self { discord, home, channel, shown: String::new() }
    }

    /// Types README's commands, with a mode. Beside them stands only where the fake Discord is.
    fn types(&mut self, commands: &[String], mode: &str) -> Bot {
        let mut script = String::new();
        for line in commands {
            let line = line.replace("=watch", &format!("={mode}"));
            writeln!(self.shown, "$ {line}").unwrap();
            let line = line.replace('…', TOKEN).replace(ID, &self.channel.to_string());
            let line = line.replace("cargo run --", "exec \"$PROGRAM\"");
            writeln!(script, "{line}").unwrap();
        }
        assert!(script.contains(TOKEN) && script.contains("exec"), "README's commands: {script}");
        let mut command = Command::new("sh");
        command
            .args(["-ec", &script])
            .current_dir(self.home.path())
            .env_clear()
            .env("PROGRAM", program())
            .env("FOOTNOTE_DISCORD__API_URL", self.discord.url())
            // Any port: other bots of these tests have that of the settings.
            .env("FOOTNOTE_OPS__LISTEN", "127.0.0.1:0");
        self.discord.launch_command(command)
    }

    fn says(&mut self, member: UserId, text: &str) {
        self.discord.say(self.channel, member, text);
        writeln!(self.shown, "\n  #debate   ann: {text}\n").unwrap();
    }

    fn answered(&mut self, reply: &Message) {
        writeln!(self.shown, "\n  #debate   footnote, in reply to ann:").unwrap();
        for line in reply.content.lines() {
            writeln!(self.shown, "{}", format!("            {line}").trim_end()).unwrap();
        }
        let rows = reply.components.iter().filter_map(|row| row["components"].as_array());
        let labels: Vec<_> = rows.flatten().filter_map(|button| button["label"].as_str()).collect();
        writeln!(self.shown, "            [{}]\n", labels.join("] [")).unwrap();
    }

    /// The log so far, without what differs from time to time.
    fn logged(&mut self, bot: &Bot, from: usize) -> usize {
        let log = bot.stderr();
        for line in log.lines().skip(from) {
            let line = line.split_once(' ').map_or(line, |(_, behind_the_time)| behind_the_time);
            let words = line.trim_start().split(' ').map(|word| {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                match name {
                    "id" | "reply" | "score" | "path" | "claims" => format!("{name}=…"),
                    "channel" => format!("{name}={ID}"),
                    "address" => format!("{name}=127.0.0.1:9464"),
                    _ if value.is_empty() => word.to_owned(),
                    _ => format!("{name}={value}"),
                }
            });
            // The library's own lines, and those of another task, come whenever they come.
            let line = words.collect::<Vec<_>>().join(" ");
            if !["serenity::", "backup", "a new session"].iter().any(|one| line.contains(one)) {
                writeln!(self.shown, "{line}").unwrap();
            }
        }
        log.lines().count()
    }

    async fn stops(&mut self, bot: Bot, from: usize) {
        bot.ask_to_stop();
        assert_eq!(bot.exit().await.code(), Some(0));
        writeln!(self.shown, "^C").unwrap();
        self.logged(&bot, from);
    }
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is time that is measured, and a variable asked for"
)]
async fn with_readme_alone_there_is_a_first_answer_within_five_minutes() {
    let begun = Instant::now();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let commands = commands(&readme);
    let said = readme.split("Type `").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    let mut terminal = Terminal::open();
    let guild = terminal.discord.hub.with(|state| state.world.guild_of(terminal.channel)).unwrap();
    let ann = terminal.discord.member(guild, "ann");

    // As README says: it reads first, and the log shows what it would have done.
    let bot = terminal.types(&commands, "watch");
    bot.says("the connection stands").await;
    // The last of its commands.
    bot.says("Find sourced context").await;
    let seen = terminal.logged(&bot, 0);
    terminal.says(ann, said);
    bot.says("reason=\"watch\"").await;
    let seen = terminal.logged(&bot, seen);
    terminal.stops(bot, seen).await;
    assert!(terminal.discord.all_messages_of_bot().is_empty(), "it reads and says nothing");

    writeln!(terminal.shown).unwrap();
    let bot = terminal.types(&commands, "reply");
    bot.says("the connection stands").await;
    let seen = terminal.logged(&bot, 0);
    terminal.says(ann, said);
    let reply = terminal.discord.next_message_from_bot(terminal.channel).await;
    bot.says("answered").await;
    let seen = terminal.logged(&bot, seen);
    terminal.answered(&reply);
    terminal.stops(bot, seen).await;
    let taken = begun.elapsed();
    println!("from nothing to a first answer, without building: {taken:?}");
    assert!(taken < Duration::from_secs(300), "{taken:?}");

    let page = root().join(PAGE);
    let written = fs::read_to_string(&page).unwrap_or_default();
    let head = written.split(OPEN).next().unwrap_or_default();
    let now = format!("{head}{OPEN}\n```console\n{}```\n", terminal.shown);
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&page, &now).unwrap();
    }
    assert!(
        written == now || std::env::var_os("UPDATE_CASES").is_some(),
        "{PAGE} is stale: UPDATE_CASES=1 writes it\n{now}"
    );
}
