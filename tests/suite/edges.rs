//! The real bot against the fake Discord: what its own edges promise beside the conversations of `gateway`.

use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::support::acts::counted;
use crate::support::bot::Home;
use crate::support::fake::{Fake, POST_MESSAGE};
use crate::support::faults::Applied;
use footnote::policy::place::{ChannelId, GuildId, UserId};

const REGISTER: &str = "POST /applications/{application_id}/commands";
const LIST_COMMANDS: &str = "GET /applications/{application_id}/commands";
pub(crate) const SAID: &str = "napoleon was unusually short for a man of his time";

const CLAIM: &str = "\
+++
claim = \"Napoleon was unusually short for a man of his time.\"
verdict = \"false\"
evidence = \"consensus\"
reason = \"The record says otherwise.\"
action = \"reply\"
phrasings = [\"napoleon was unusually short for a man of his time\"]
near_misses = [\"napoleon was of average height for a man of his time\"]
published = 2026-11-22
reviewed = 2026-11-22

[[source]]
key = \"book\"
kind = \"secondary\"
author = \"A. Author\"
title = \"A Book\"

[[source.quote]]
text = \"He stood at five feet and six inches.\"
checked = \"excerpt-read\"
+++
The record says otherwise.[^book]

## Details
At length, the record says otherwise.[^book]
";

/// What most of these tests begin with.
pub(crate) struct Scene {
    pub(crate) discord: Fake,
    pub(crate) home: Home,
    pub(crate) guild: GuildId,
    pub(crate) channel: ChannelId,
    pub(crate) member: UserId,
    pub(crate) moderator: UserId,
}

impl Scene {
    /// A server with one channel in mode reply; `settings` stand below that in config.toml.
    pub(crate) fn new(settings: &str) -> Self {
        let discord = Fake::start();
        let guild = discord.guild("history");
        let channel = discord.channel(guild, "debate");
        let member = discord.member(guild, "ann");
        let moderator = discord.moderator(guild, "mod");
        // The one quotation here is nobody's, so no lock knows it.
        let home = Home::new(&format!(
            "[channels]\n\"{channel}\" = \"reply\"\n{settings}\n[lint]\nquote-not-locked = \"off\"\n"
        ));
        home.write("responses/tests/napoleon-short.md", CLAIM);
        // A claim whose quotations are not locked takes no part.
        let lock = Command::new(env!("CARGO_BIN_EXE_footnote"))
            .arg("lock")
            .current_dir(home.path())
            .output();
        assert!(lock.is_ok_and(|lock| lock.status.success()), "the quotations are locked");
        Self { discord, home, guild, channel, member, moderator }
    }

    /// How many messages of the server the bot says to have left alone, or answered, for this reason.
    pub(crate) async fn counted(&self, reason: &str) -> usize {
        let path = "footnote-mod status";
        let status = self.discord.command(self.channel, self.moderator, path, json!({})).await;
        counted(status.content(), |one| one == reason)
    }
}

#[tokio::test]
async fn whoever_stops_it_while_it_connects_does_not_wait() {
    let scene = Scene::new("");
    // The first request of ours, and the first of the library's.
    for route in ["GET /gateway/bot", "GET /gateway"] {
        let gate = scene.discord.hold(route, Applied::Yes);
        let bot = scene.discord.launch(&scene.home);
        gate.reached(&scene.discord.hub).await;
        // Whatever starts it gives it ten seconds before it kills.
        let ended = tokio::time::timeout(Duration::from_secs(8), bot.terminate()).await;
        assert_eq!(ended.ok().and_then(|status| status.code()), Some(0), "{route}");
        gate.release();
    }
}

#[tokio::test]
async fn requests_are_answered_while_an_answer_hangs() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::Yes);
    scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    let options = json!({ "id": "napoleon-short" });
    let shown = scene.discord.command(scene.channel, scene.member, "footnote show", options).await;
    assert!(shown.is_ephemeral, "{shown:?}");
    assert!(shown.content().contains("At length"), "{shown:?}");
    gate.release();
    scene.discord.next_message_from_bot(scene.channel).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_end() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    bot.ask_to_stop();
    assert_eq!(bot.exit().await.code(), Some(0));
    gate.abandoned(&scene.discord.hub).await;
    // Left behind, and not given up because of its own length.
    assert!(bot.stderr().contains("still in flight"), "{}", bot.stderr());
}

#[tokio::test]
async fn a_request_whose_answer_never_comes_is_given_up_and_made_again() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    gate.abandoned(&scene.discord.hub).await;
    scene.discord.next_message_from_bot(scene.channel).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    let tries = scene.discord.requests(POST_MESSAGE);
    assert_eq!(tries.len(), 2);
    assert_eq!(tries[0].body["nonce"], tries[1].body["nonce"]);
    assert_eq!(scene.discord.messages_of_bot(scene.channel).len(), 1);
}

#[tokio::test]
async fn a_pause_overtakes_an_answer_on_its_way() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::Yes);
    scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    let path = "footnote-mod pause";
    let options = json!({ "duration": "2h" });
    let paused = scene.discord.command(scene.channel, scene.moderator, path, options).await;
    assert!(paused.content().starts_with("Paused until <t:"), "{paused:?}");
    gate.release();
    scene.discord.gone(reply.id).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// A message that is gone without our having heard of it: Discord is asked to refuse, and no reply
/// to nothing is left standing.
#[tokio::test]
async fn a_message_that_is_gone_unheard_gets_no_reply() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    let said = scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    scene.discord.hub.with(|state| state.world.messages.remove(&said));
    gate.release();
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert!(scene.discord.messages_of_bot(scene.channel).is_empty());
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 1, "not asked for again");
}

#[tokio::test]
async fn commands_are_registered_once_and_compared_ever_after() {
    let scene = Scene::new("");
    for connection in 1..=2 {
        let bot = scene.discord.spawn_bot(&scene.home).await;
        scene.discord.request(LIST_COMMANDS, connection).await;
        scene.discord.settle(scene.channel, scene.member).await;
        assert_eq!(bot.terminate().await.code(), Some(0));
        assert_eq!(scene.discord.requests(REGISTER).len(), 3, "connection {connection}");
    }
}

#[tokio::test]
async fn a_new_session_repeats_nothing() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.say(scene.channel, scene.member, SAID);
    scene.discord.next_message_from_bot(scene.channel).await;
    scene.discord.invalid_session(false);
    scene.discord.identified(2).await;
    scene.discord.request(LIST_COMMANDS, 2).await;
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert_eq!(scene.discord.requests(REGISTER).len(), 3);
    assert_eq!(scene.discord.messages_of_bot(scene.channel).len(), 1);
}

#[tokio::test]
async fn buttons_show_what_stands_behind_them_also_after_a_restart() {
    let scene = Scene::new("");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.say(scene.channel, scene.member, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    let stranger = scene.discord.member(scene.guild, "stranger");
    let full = scene.discord.press(reply.id, "Full context", stranger).await;
    assert!(full.is_ephemeral && full.content().contains("At length"), "{full:?}");
    assert_eq!(bot.terminate().await.code(), Some(0));

    scene.home.write("responses/tests/napoleon-short.md", &CLAIM.replace("At length", "At last"));
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let quotes = scene.discord.press(reply.id, "Quotes and sources", stranger).await;
    assert!(quotes.content().contains("five feet and six inches"), "{quotes:?}");
    // As it was when it was posted.
    let full = scene.discord.press(reply.id, "Full context", stranger).await;
    assert!(full.content().contains("At length"), "{full:?}");
    assert!(!full.content().contains("was revised"), "{full:?}");
    assert_eq!(bot.terminate().await.code(), Some(0));

    // Where nobody knows that any more, as it is now.
    std::fs::remove_dir_all(scene.home.path().join("data")).unwrap();
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let full = scene.discord.press(reply.id, "Full context", stranger).await;
    assert!(full.content().contains("At last"), "{full:?}");
    assert!(full.content().contains("was revised"), "{full:?}");
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// The fake fails every test whose bot prints the token or a request's token; here it may print
/// all that it ever does.
#[tokio::test]
async fn at_no_level_do_logs_hold_secrets_or_what_people_write() {
    let scene = Scene::new("[log]\nlevel = \"trace\"\n");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.say(scene.channel, scene.member, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    scene.discord.press(reply.id, "Full context", scene.member).await;
    bot.ask_to_stop();
    assert_eq!(bot.exit().await.code(), Some(0));
    let stderr = bot.stderr();
    assert!(stderr.contains("decided"), "there are logs: {stderr}");
    assert!(!stderr.contains("unusually"), "{stderr}");
}

#[tokio::test]
async fn wrong_settings_and_a_missing_token_are_exit_code_two() {
    let scene = Scene::new("[policy]\nthreshold = 9999\n");
    let bot = scene.discord.launch(&scene.home);
    assert_eq!(bot.exit().await.code(), Some(2));
    let stderr = bot.stderr();
    assert!(stderr.contains("config.toml:4: `policy.threshold` is 9999"), "{stderr}");
    assert!(stderr.contains("hint: "), "{stderr}");
    assert!(scene.discord.requests("GET /gateway/bot").is_empty());

    let scene = Scene::new("");
    let bot = scene.discord.launch_with(&scene.home, &[("DISCORD_TOKEN", String::new())]);
    assert_eq!(bot.exit().await.code(), Some(2));
    assert!(bot.stderr().contains("there is no token: put it into"), "{}", bot.stderr());
    assert!(scene.discord.requests("GET /gateway/bot").is_empty());
}

#[tokio::test]
async fn a_second_bot_on_one_store_is_refused() {
    let scene = Scene::new("");
    let first = scene.discord.spawn_bot(&scene.home).await;
    let second = scene.discord.launch(&scene.home);
    assert_eq!(second.exit().await.code(), Some(2));
    assert!(second.stderr().contains("open in another process"), "{}", second.stderr());
    assert_eq!(first.terminate().await.code(), Some(0));
}
