//! What the real bot costs: time to start, memory with many servers, time of the processor a message. The bounds are for any machine and a build for tests; docs/figures.md has what was measured.
//!
//! `FOOTNOTE_TEST_SERVERS` and `FOOTNOTE_TEST_MESSAGES` ask for more, `FOOTNOTE_TEST_PROGRAM` for
//! another build of the program.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use footnote::policy::place::UserId;

use crate::support::bot::{Bot, Home};
use crate::support::dice::setting;
use crate::support::fake::Fake;

const SERVERS: u64 = 100;
const MESSAGES: u64 = 100;
/// Of each server.
const CHANNELS: usize = 10;
const MEMBERS: usize = 20;
/// As README has it: what the shipped claims answer.
const SAID: &str = "stalin literally tried to join the axis in 1940";

/// With the shipped claims, and nothing that rests.
fn settings(channel: impl std::fmt::Display) -> String {
    let responses = Path::new(env!("CARGO_MANIFEST_DIR")).join("responses");
    format!(
        "[responses]\npath = \"{}\"\n[channels]\n\"{channel}\" = \"reply\"\n[policy]\n\
         cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n\
         budget_hour = 1000000\nbudget_day = 1000000\n",
        responses.display()
    )
}

/// KiB, as the system counts them.
fn memory(bot: &Bot, what: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", bot.process())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).expect("it is counted");
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// The time that all its threads have spent on a processor.
fn processor(bot: &Bot) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{}/stat", bot.process())).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let times = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap());
    // Linux shows hundredths of a second.
    Duration::from_millis(times.sum::<u64>() * 10)
}

/// From the start of the process until it says that it is ready.
#[expect(clippy::disallowed_methods, reason = "it is time that is measured")]
async fn started(discord: &Fake, home: &Home) -> (Bot, Duration) {
    let begun = Instant::now();
    let bot = discord.launch(home);
    bot.says("the connection stands").await;
    (bot, begun.elapsed())
}

/// A claim that something costs at most so much, and what it does cost.
#[expect(clippy::print_stdout, reason = "what was measured is for whoever reads the output")]
fn costs<T: PartialOrd + Copy + std::fmt::Debug>(what: &str, measured: T, most: T) {
    println!("{what}: {measured:?}");
    assert!(measured <= most, "{what}: {measured:?}, more than {most:?}");
}

#[tokio::test]
async fn a_start_and_many_servers_cost_little() {
    let servers = setting("FOOTNOTE_TEST_SERVERS", SERVERS);
    let discord = Fake::start();
    let guild = discord.guild("history");
    let channel = discord.channel(guild, "debate");
    let home = Home::new(&settings(channel));
    let (bot, cold) = started(&discord, &home).await;
    costs("start with one server, until ready", cold, Duration::from_secs(50));
    let alone = memory(&bot, "VmRSS:");
    // The index of 3,422 phrasings and 3,971 near misses in a build for tests took 248 MiB.
    costs("resident KiB with one server", alone, 320 * 1024);
    assert_eq!(bot.terminate().await.code(), Some(0));

    for server in 1..servers {
        let guild = discord.guild(&format!("server {server}"));
        for channel in 0..CHANNELS {
            discord.channel(guild, &format!("channel-{channel}"));
        }
        for member in 0..MEMBERS {
            discord.member(guild, &format!("member {member}"));
        }
    }
    let moderator = discord.moderator(guild, "mod");
    let (bot, start) = started(&discord, &home).await;
    costs("start with all servers, until ready", start, Duration::from_secs(50));
    // The servers come after the session: the marker comes after the last of them.
    discord.caught_up(channel, moderator).await;
    let all = memory(&bot, "VmRSS:");
    println!("servers: {servers}, each with {CHANNELS} channels and {MEMBERS} members");
    // A server's share is about 0.1 MiB in the release build; what a debug build gives back of its start, some
    // 20 MiB by now, differs by a few MiB from run to run.
    costs("resident KiB with all servers", all, alone + servers * 200 + 16 * 1024);
    println!("most resident KiB meanwhile: {}", memory(&bot, "VmHWM:"));
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_message_costs_little_time_of_the_processor() {
    let messages = setting("FOOTNOTE_TEST_MESSAGES", MESSAGES);
    let discord = Fake::start();
    let guild = discord.guild("history");
    let channel = discord.channel(guild, "debate");
    let moderator = discord.moderator(guild, "mod");
    let members: Vec<UserId> =
        (0..10).map(|member| discord.member(guild, &format!("m{member}"))).collect();
    let home = Home::new(&settings(channel));
    let bot = discord.spawn_bot(&home).await;
    discord.caught_up(channel, moderator).await;
    for (what, text, most) in [
        ("a message that is read and not answered", "it has been raining since the morning", 50),
        ("a message that is answered, from frame to request and its outcome", SAID, 200),
    ] {
        let before = processor(&bot);
        let answered = text == SAID;
        for _ in 0..messages / 10 {
            // Ten at once: a lane sheds what comes faster than it can be read.
            for member in &members {
                discord.say(channel, *member, text);
            }
            for _ in members.iter().filter(|_| answered) {
                discord.next_message_from_bot(channel).await;
            }
            if !answered {
                discord.caught_up(channel, moderator).await;
            }
        }
        let spent = processor(&bot).checked_sub(before).unwrap();
        let each = spent / u32::try_from(messages / 10 * 10).unwrap();
        costs(what, each, Duration::from_millis(most));
    }
    assert_eq!(bot.terminate().await.code(), Some(0));
}
