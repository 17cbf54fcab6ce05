//! What operators see of the real bot: health, metrics, logs, and what `doctor` says.

#![expect(clippy::expect_used, reason = "a test that cannot run its program should stop")]

use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Output};

use footnote::ops::listener::ask;
use serde_json::Value;

use crate::edges::{SAID, Scene};
use crate::support::bot::Bot;
use crate::support::fake::TOKEN;
use crate::support::faults::Applied;
use crate::support::world::{OverwriteOf, permission};

pub(crate) const ANYWHERE: &str = "127.0.0.1:0";

impl Scene {
    /// A bot that shows how it is; connected or not.
    fn launch_shown(&self) -> Bot {
        let shown = [("FOOTNOTE_OPS__LISTEN", ANYWHERE.to_owned())];
        self.discord.launch_with(&self.home, &shown)
    }

    fn doctor(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_footnote"))
            .arg("doctor")
            .args(arguments)
            .current_dir(self.home.path())
            .env_clear()
            .env("DISCORD_TOKEN", TOKEN)
            .env("FOOTNOTE_DISCORD__API_URL", self.discord.url())
            .envs(variables.iter().copied())
            .output()
            .expect("the binary was built with this test")
    }
}

/// Where a bot that was asked to shows how it is.
pub(crate) async fn shown_at(bot: &Bot) -> SocketAddr {
    let line = bot.says("health and metrics are shown").await;
    let address = line.split("address=").nth(1).expect("the address stands in the line");
    address.split_whitespace().next().unwrap_or_default().parse().expect("an address")
}

/// What was said, without colours, and the exit code. It never holds the token.
fn said(output: &Output) -> (String, Option<i32>) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).expect("it speaks UTF-8");
    assert!(!text.contains(TOKEN), "{text}");
    (text, output.status.code())
}

#[tokio::test]
async fn it_is_alive_before_it_is_ready_and_counts_what_it_does() {
    let scene = Scene::new("");
    let gate = scene.discord.hold("GET /gateway/bot", Applied::No);
    let bot = scene.launch_shown();
    let address = shown_at(&bot).await;
    gate.reached(&scene.discord.hub).await;
    assert_eq!(ask(address, "/healthz").unwrap(), (true, "alive".to_owned()));
    let unready = (false, "not ready: not connected to Discord".to_owned());
    assert_eq!(ask(address, "/readyz").unwrap(), unready);
    gate.release();
    scene.discord.connected().await;

    scene.discord.say(scene.channel, scene.member, SAID);
    scene.discord.next_message_from_bot(scene.channel).await;
    bot.says("answered").await;
    // Its own message comes back to it after that.
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    assert_eq!(ask(address, "/readyz").unwrap(), (true, "ready".to_owned()));
    let (is_well, text) = ask(address, "/metrics").unwrap();
    assert!(is_well, "{text}");
    for line in [
        "footnote_messages_total{reason=\"asserted\"} 1",
        "footnote_messages_total{reason=\"own\"} 1",
        "footnote_answers_posted_total 1",
        "footnote_connected 1",
        "footnote_claims 1",
        "footnote_panics_total 0",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(text.contains("footnote_request_seconds_count"), "{text}");
    assert!(!text.contains("unusually"), "{text}");
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert!(ask(address, "/healthz").is_err());
}

#[tokio::test]
async fn while_the_connection_is_gone_it_is_alive_and_not_ready() {
    let scene = Scene::new("");
    let bot = scene.launch_shown();
    let address = shown_at(&bot).await;
    scene.discord.connected().await;
    bot.says("the connection stands").await;
    // The library notices, rests five seconds, and fails to begin a new session.
    scene.discord.hub.with(|state| state.gateway.is_down = true);
    scene.discord.drop_connection();
    bot.says("the connection is gone").await;
    assert!(!ask(address, "/readyz").unwrap().0);
    assert!(ask(address, "/healthz").unwrap().0);
    scene.discord.hub.with(|state| state.gateway.is_down = false);
    scene.discord.identified(2).await;
    scene.discord.settle(scene.channel, scene.member).await;
    assert!(ask(address, "/readyz").unwrap().0);
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn health_is_shown_to_nobody_where_it_is_off() {
    let scene = Scene::new("[ops]\nlisten = \"off\"\n");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.settle(scene.channel, scene.member).await;
    assert!(!bot.stderr().contains("health"), "{}", bot.stderr());
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_port_that_somebody_has_costs_health_and_not_the_bot() {
    let scene = Scene::new("");
    let taken = TcpListener::bind(ANYWHERE).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let variables = [("FOOTNOTE_OPS__LISTEN", address)];
    let bot = scene.discord.spawn_bot_with(&scene.home, &variables).await;
    assert!(bot.stderr().contains("give another [ops] listen"), "{}", bot.stderr());
    scene.discord.say(scene.channel, scene.member, SAID);
    scene.discord.next_message_from_bot(scene.channel).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_message_has_one_id_through_all_stages_of_the_log() {
    let scene = Scene::new("[log]\nlevel = \"debug\"\n");
    let bot = scene.discord.spawn_bot(&scene.home).await;
    let id = scene.discord.say(scene.channel, scene.member, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    scene.discord.delete(id);
    scene.discord.gone(reply.id).await;
    bot.ask_to_stop();
    assert_eq!(bot.exit().await.code(), Some(0));
    let stderr = bot.stderr();
    for stage in ["decided", "answered", "reply taken away"] {
        let line =
            stderr.lines().find(|line| line.contains(stage) && line.contains(&format!("id={id}")));
        assert!(line.is_some(), "{stage}\n{stderr}");
    }
}

#[tokio::test]
async fn below_info_only_footnote_itself_is_logged_whatever_rust_log_says() {
    let scene = Scene::new("[log]\nformat = \"json\"\n");
    let loud = "trace,serenity=trace,tungstenite=trace,tokio_tungstenite=trace,hyper=trace";
    let variables = [("RUST_LOG", loud.to_owned())];
    let bot = scene.discord.spawn_bot_with(&scene.home, &variables).await;
    scene.discord.say(scene.channel, scene.member, SAID);
    scene.discord.next_message_from_bot(scene.channel).await;
    scene.discord.settle(scene.channel, scene.member).await;
    bot.ask_to_stop();
    assert_eq!(bot.exit().await.code(), Some(0));
    let stderr = bot.stderr();
    let mut ours_below = 0;
    let mut theirs = 0;
    for line in stderr.lines() {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        let (level, target) = (&line["level"], line["target"].as_str().unwrap_or_default());
        let is_below = level == "DEBUG" || level == "TRACE";
        if target.starts_with("footnote") {
            ours_below += usize::from(is_below);
        } else {
            theirs += 1;
            assert!(!is_below, "{line}");
        }
    }
    assert!(ours_below > 0, "the level was heard: {stderr}");
    assert!(theirs > 0, "the library says something at INFO: {stderr}");
    assert!(!stderr.contains("unusually"), "{stderr}");
}

#[test]
fn the_doctor_finds_nothing_wrong_where_nothing_is() {
    let scene = Scene::new("");
    let (text, code) = said(&scene.doctor(&[], &[]));
    assert_eq!(code, Some(0), "{text}");
    for part in [
        "ok     settings",
        "ok     files        1 claims",
        "ok     store",
        "ok     clock        right",
        "ok     token        Discord knows it as `footnote`",
        "ok     intents",
        "#debate: all there",
        "Nothing is wrong.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let asked = scene.discord.hub.with(|state| state.requests.len());
    assert!(asked <= 6, "{asked} requests");
    assert!(!scene.home.path().join("data").exists(), "it makes no store");
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    type Break = fn(&Scene);
    let cases: [(Break, &str, &str); 5] = [
        (
            |scene| scene.discord.set_token("another"),
            "WRONG  token        Discord refuses it",
            "copy the current one",
        ),
        (
            |scene| scene.discord.allow_privileged(0),
            "WRONG  intents      Message Content is switched off",
            "switch it on under Privileged Gateway Intents",
        ),
        (
            |scene| {
                let us = OverwriteOf::Member(scene.discord.bot());
                let denied = permission::SEND_MESSAGES | permission::READ_MESSAGE_HISTORY;
                scene.discord.overwrite(scene.channel, us, 0, denied);
            },
            "missing Read Message History, Send Messages",
            "give them to the bot's role",
        ),
        (
            |scene| {
                let us = OverwriteOf::Member(scene.discord.bot());
                scene.discord.overwrite(scene.channel, us, 0, permission::VIEW_CHANNEL);
            },
            "not to be seen",
            "View Channel",
        ),
        (
            |scene| {
                scene.discord.lose_channel(scene.channel);
            },
            "there is none of that number",
            "invite the bot",
        ),
    ];
    for (spoil, what, hint) in cases {
        let scene = Scene::new("");
        spoil(&scene);
        let (text, code) = said(&scene.doctor(&[], &[]));
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains(what) && text.contains(hint), "{what}\n{text}");
        assert!(text.contains("One thing is wrong."), "{text}");
    }
}

#[test]
fn the_doctor_looks_into_threads() {
    let scene = Scene::new("");
    let thread = scene.discord.thread(scene.channel, "about height");
    let variables = [(format!("FOOTNOTE_CHANNELS__{thread}"), "reply")];
    let variables: Vec<_> = variables.iter().map(|(name, mode)| (name.as_str(), *mode)).collect();
    let (text, code) = said(&scene.doctor(&[], &variables));
    assert_eq!(code, Some(0), "{text}");
    let us = OverwriteOf::Member(scene.discord.bot());
    scene.discord.overwrite(scene.channel, us, 0, permission::SEND_MESSAGES_IN_THREADS);
    let (text, code) = said(&scene.doctor(&[], &variables));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("#about height: missing Send Messages in Threads"), "{text}");
}

#[test]
fn the_doctor_works_without_network_and_without_a_token() {
    let scene = Scene::new("");
    let (text, code) = said(&scene.doctor(&["--offline"], &[]));
    assert_eq!(code, Some(0), "{text}");
    assert!(scene.discord.hub.with(|state| state.requests.is_empty()));
    let nowhere = [("FOOTNOTE_DISCORD__API_URL", "http://127.0.0.1:1")];
    let (text, code) = said(&scene.doctor(&[], &nowhere));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("WRONG  discord      it does not answer"), "{text}");
    assert!(text.contains("ok     files"), "what needs no network is looked at: {text}");
    let (text, code) = said(&scene.doctor(&[], &[("DISCORD_TOKEN", "")]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("WRONG  token        there is none"), "{text}");
}

#[test]
fn the_doctor_cannot_look_at_settings_that_cannot_be_read() {
    let scene = Scene::new("[policy]\nthreshold = 9999\n");
    let (text, code) = said(&scene.doctor(&[], &[]));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("hint: "), "{text}");
}

#[test]
fn the_doctor_sees_files_that_cannot_be_used() {
    let scene = Scene::new("");
    scene.home.write("responses/tests/napoleon-short.md", "nothing");
    let (text, code) = said(&scene.doctor(&["--offline"], &[]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("WRONG  files") && text.contains("footnote check"), "{text}");
}

/// A channel that the settings do not name, and moderators have switched on; and the other way round.
#[tokio::test]
async fn the_doctor_knows_what_moderators_have_switched_on_beside_a_running_bot_and_without_one() {
    let scene = Scene::new("");
    let other = scene.discord.channel(scene.guild, "other");
    let us = OverwriteOf::Member(scene.discord.bot());
    let bot = scene.discord.spawn_bot(&scene.home).await;
    for (channel, mode) in [(other, "reply"), (scene.channel, "off")] {
        let options = serde_json::json!({ "mode": mode });
        let path = "footnote-mod mode";
        scene.discord.command(channel, scene.moderator, path, options).await;
    }
    scene.discord.overwrite(other, us, 0, permission::SEND_MESSAGES);
    let missing = format!("channel {other}, #other: missing Send Messages");
    let (beside, code) = said(&scene.doctor(&[], &[]));
    assert_eq!(code, Some(1), "{beside}");
    assert_eq!(bot.terminate().await.code(), Some(0));
    let (without, code) = said(&scene.doctor(&[], &[]));
    assert_eq!(code, Some(1), "{without}");
    for text in [beside, without] {
        assert!(text.contains("0 are switched on in the settings, 1 by moderators"), "{text}");
        assert!(text.contains(&missing), "{text}");
        assert!(!text.contains(&format!("channel {}", scene.channel)), "it is off: {text}");
    }
    let bot = scene.discord.spawn_bot(&scene.home).await;
    assert!(bot.says("ready to connect").await.contains("channels=1"));
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// What cannot be opened is named, with the way out, by `run` and by `doctor`.
#[tokio::test]
async fn a_store_that_cannot_be_opened_is_named_with_a_way_out() {
    let scene = Scene::new("");
    // A file where the folder should be: nobody can write there, whoever they are.
    scene.home.write("data", "no folder");
    let bot = scene.discord.launch(&scene.home);
    assert_eq!(bot.exit().await.code(), Some(2));
    let (doctor, code) = said(&scene.doctor(&["--offline"], &[]));
    assert_eq!(code, Some(0), "there is none yet: {doctor}");
    scene.home.write("store", "no folder");
    let path = [("FOOTNOTE_STORE__PATH", "store")];
    let (doctor, code) = said(&scene.doctor(&["--offline"], &path));
    assert_eq!(code, Some(1), "{doctor}");
    for (text, path) in [(bot.stderr(), "`data/store`"), (doctor, "`store`")] {
        for expected in ["cannot be opened", path, "or give another [store] path"] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }
    assert!(scene.discord.requests("GET /gateway/bot").is_empty());
}

#[tokio::test]
async fn the_doctor_leaves_a_running_bot_alone_and_asks_it_how_it_is() {
    let scene = Scene::new("");
    let bot = scene.launch_shown();
    let address = shown_at(&bot).await.to_string();
    scene.discord.connected().await;
    bot.says("the connection stands").await;
    let listen = [("FOOTNOTE_OPS__LISTEN", address.as_str())];
    let (text, code) = said(&scene.doctor(&[], &listen));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("note   store        a running bot has it open"), "{text}");
    assert_eq!(said(&scene.doctor(&["--health"], &listen)), ("ready\n".to_owned(), Some(0)));
    assert_eq!(bot.terminate().await.code(), Some(0));
    let (text, code) = said(&scene.doctor(&["--health"], &listen));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("no bot answers"), "{text}");
    let (text, code) = said(&scene.doctor(&["--health"], &[("FOOTNOTE_OPS__LISTEN", "off")]));
    assert_eq!(code, Some(2), "{text}");
}
