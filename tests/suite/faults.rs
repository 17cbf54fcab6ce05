//! The real bot against a Discord that fails: each fault ends in what docs/faults.md says.

use std::time::Duration;

use footnote::ops::listener::ask;
use serde_json::json;

use crate::edges::{SAID, Scene};
use crate::operation::{ANYWHERE, shown_at};
use crate::support::bot::Bot;
use crate::support::fake::POST_MESSAGE;
use crate::support::faults::{Applied, Fault};
use crate::support::world::OverwriteOf;

const DELETE_MESSAGE: &str = "DELETE /channels/{channel_id}/messages/{message_id}";
const REGISTER: &str = "POST /applications/{application_id}/commands";
const CALLBACK: &str = "POST /interactions/{id}/{token}/callback";

/// Nothing rests, so that each message of a test may be answered.
const RESTLESS: &str = "[policy]\ncooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";

async fn connected(settings: &str) -> (Scene, Bot) {
    let scene = Scene::new(settings);
    let bot = scene.discord.spawn_bot(&scene.home).await;
    (scene, bot)
}

impl Scene {
    /// Somebody says what the bot answers, and it does.
    async fn is_answered(&self) {
        let said = self.discord.say(self.channel, self.member, SAID);
        let reply = self.discord.next_message_from_bot(self.channel).await;
        assert_eq!(reply.reference, Some(said));
    }

    /// Somebody says what the bot would answer, and no request comes of it.
    async fn is_silent(&self) {
        let before = self.discord.requests(POST_MESSAGE).len();
        self.discord.say(self.channel, self.member, SAID);
        self.discord.caught_up(self.channel, self.moderator).await;
        assert_eq!(self.discord.requests(POST_MESSAGE).len(), before);
    }
}

/// The one sentence that says what to do, and the exit code that no restart mends.
async fn ends_with_words(bot: &Bot, words: &str) {
    assert_eq!(bot.exit().await.code(), Some(2));
    let stderr = bot.stderr();
    assert_eq!(stderr.lines().filter(|line| line.contains(words)).count(), 1, "{stderr}");
    assert!(!stderr.contains("panic"), "{stderr}");
}

#[tokio::test]
async fn a_token_that_is_replaced_while_running_ends_the_bot_with_words() {
    let (scene, bot) = connected("").await;
    scene.discord.close(4004, "Authentication failed.");
    ends_with_words(&bot, "copy the current one from the Bot page").await;
}

#[tokio::test]
async fn an_intent_that_is_taken_away_while_running_ends_the_bot_with_words() {
    let (scene, bot) = connected("").await;
    scene.discord.close(4014, "Disallowed intent(s).");
    ends_with_words(&bot, "switch it on under Privileged Gateway Intents").await;
}

#[tokio::test]
async fn intents_that_discord_does_not_know_end_the_bot_with_words() {
    let (scene, bot) = connected("").await;
    scene.discord.close(4013, "Invalid intent(s).");
    ends_with_words(&bot, "update footnote").await;
}

/// After these the library would neither connect again nor say so; whatever is logged, it is heard.
#[tokio::test]
async fn a_closing_after_which_the_library_is_deaf_ends_the_bot_with_words() {
    for (code, reason, words) in [
        (4003, "Not authenticated.", "does not know this session any more"),
        (4010, "Invalid shard.", "refuses the part of the servers"),
        (4011, "Sharding required.", "wants this bot divided otherwise"),
        (4012, "Invalid API version.", "does not speak the version of its gateway"),
    ] {
        let (scene, bot) = connected("[log]\nlevel = \"footnote=error\"\n").await;
        scene.is_answered().await;
        scene.discord.close(code, reason);
        ends_with_words(&bot, words).await;
    }
}

/// Discord may say so at once, before there is a session.
#[tokio::test]
async fn a_session_that_is_refused_for_good_ends_the_bot_with_words() {
    for (code, words) in [
        (4004, "copy the current one from the Bot page"),
        (4010, "refuses the part of the servers"),
        (4011, "wants this bot divided otherwise"),
        (4012, "does not speak the version of its gateway"),
        (4013, "update footnote"),
        (4014, "switch it on under Privileged Gateway Intents"),
    ] {
        let scene = Scene::new("");
        scene.discord.hub.with(|state| state.gateway.refuses = Some(code));
        let bot = scene.discord.launch(&scene.home);
        ends_with_words(&bot, words).await;
        assert_eq!(scene.discord.hub.with(|state| state.gateway.identifies), 0);
    }
}

#[tokio::test]
async fn a_request_that_is_refused_with_401_is_the_last_one() {
    let (scene, bot) = connected("").await;
    scene.discord.set_token("MTIz.another.token");
    scene.discord.say(scene.channel, scene.member, SAID);
    ends_with_words(&bot, "copy the current one from the Bot page").await;
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 1);
}

#[tokio::test]
async fn without_the_content_intent_commands_and_mentions_work() {
    let scene = Scene::new("[discord]\nmessage_content = false\n");
    scene.discord.allow_privileged(0);
    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.is_silent().await;
    let mention = format!("<@{}> {SAID}", scene.discord.bot());
    scene.discord.say(scene.channel, scene.member, &mention);
    scene.discord.next_message_from_bot(scene.channel).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn where_no_session_is_left_none_is_begun() {
    let scene = Scene::new("");
    scene.discord.hub.with(|state| state.gateway.starts_left = 0);
    let bot = scene.discord.launch(&scene.home);
    ends_with_words(&bot, "Discord allows no new session for 1441 minutes").await;
    assert_eq!(scene.discord.hub.with(|state| state.gateway.identifies), 0);
}

#[tokio::test]
async fn asked_to_reconnect_it_resumes_and_answers() {
    let (scene, bot) = connected("").await;
    scene.discord.reconnect();
    scene.discord.resumed(1).await;
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn an_invalid_session_that_may_be_resumed_is_resumed() {
    let (scene, bot) = connected("").await;
    scene.discord.invalid_session(true);
    scene.discord.resumed(1).await;
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn an_error_of_the_gateways_is_resumed_and_nothing_said_twice() {
    // 4007 is an invalid sequence: the library asks for everything once more.
    for code in [4000, 4001, 4002, 4005, 4007, 4008] {
        let (scene, bot) = connected(RESTLESS).await;
        scene.is_answered().await;
        scene.discord.close(code, "An error.");
        scene.discord.resumed(1).await;
        scene.is_answered().await;
        scene.discord.caught_up(scene.channel, scene.moderator).await;
        assert_eq!(bot.terminate().await.code(), Some(0));
        assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 2, "{code}");
    }
}

#[tokio::test]
async fn a_session_that_timed_out_is_begun_anew() {
    let (scene, bot) = connected("").await;
    scene.discord.close(4009, "Session timed out.");
    scene.discord.identified(2).await;
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_zombie_connection_is_noticed_and_made_anew() {
    let scene = Scene::new("");
    scene.discord.set_heartbeat(Duration::from_millis(300));
    scene.discord.acknowledge_heartbeats(false);
    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.heartbeats(1).await;
    scene.discord.identified(2).await;
    scene.discord.acknowledge_heartbeats(true);
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn events_that_nobody_knows_and_broken_ones_are_passed_over() {
    let (scene, bot) = connected("").await;
    scene.discord.event("SOMETHING_NEW", &json!({ "what": 1 }));
    scene.discord.event("MESSAGE_CREATE", &json!({ "id": "no number" }));
    scene.discord.event("GUILD_CREATE", &json!({ "id": scene.guild.to_string() }));
    scene.discord.event("MESSAGE_DELETE", &json!([]));
    scene.is_answered().await;
    assert_eq!(scene.discord.hub.with(|state| state.gateway.identifies), 1);
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_frame_that_is_no_json_is_passed_over() {
    let (scene, bot) = connected("").await;
    scene.discord.raw_frame("{\"op\": 0, \"t\": \"MESSA");
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn an_opcode_that_nobody_knows_is_passed_over() {
    let (scene, bot) = connected("").await;
    scene.discord.raw_frame("{\"op\": 77, \"d\": null, \"s\": null, \"t\": null}");
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn thrown_out_and_invited_again_it_answers_and_a_pause_still_holds() {
    let (scene, bot) = connected("").await;
    let moderate = async |what: &str| {
        let path = format!("footnote-mod {what}");
        scene.discord.command(scene.channel, scene.moderator, &path, json!({})).await;
    };
    moderate("pause").await;
    scene.discord.leave(scene.guild, false);
    scene.discord.rejoin(scene.guild);
    scene.is_silent().await;
    moderate("resume").await;
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn an_answer_on_its_way_into_a_server_that_was_left_is_dropped_and_joining_forgives() {
    let (scene, bot) = connected(RESTLESS).await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    scene.discord.leave(scene.guild, false);
    gate.release();
    bot.says("Discord refused the answer").await;
    scene.discord.rejoin(scene.guild);
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn after_an_outage_of_a_server_it_answers_there() {
    let (scene, bot) = connected("").await;
    scene.discord.leave(scene.guild, true);
    scene.discord.rejoin(scene.guild);
    scene.is_answered().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_place_that_refuses_is_asked_once_and_again_when_it_changes() {
    for (status, code, message) in [
        (403, 50013, "Missing Permissions"),
        (403, 50001, "Missing Access"),
        (404, 10003, "Unknown Channel"),
    ] {
        let (scene, bot) = connected(RESTLESS).await;
        scene.discord.fail(POST_MESSAGE, Fault::Error { status, code, message });
        scene.discord.say(scene.channel, scene.member, SAID);
        bot.says("Discord refused the answer").await;
        scene.is_silent().await;
        scene.is_silent().await;
        assert_eq!(scene.counted("no-permission").await, 2, "not even read");
        let us = scene.discord.bot();
        scene.discord.overwrite(scene.channel, OverwriteOf::Member(us), 0, 0);
        scene.is_answered().await;
        assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 2);
        assert_eq!(bot.terminate().await.code(), Some(0));
    }
}

#[tokio::test]
async fn a_message_that_is_gone_before_its_answer_gets_none() {
    let (scene, bot) = connected("").await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    let said = scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    scene.discord.lose_message(said);
    gate.release();
    bot.says("withheld").await;
    // And the channel does not rest from what was not said.
    let said = scene.discord.say(scene.channel, scene.moderator, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    assert_eq!(reply.reference, Some(said));
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 2);
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_channel_that_is_gone_before_its_answer_is_asked_once() {
    let (scene, bot) = connected("").await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    scene.discord.say(scene.channel, scene.member, SAID);
    gate.reached(&scene.discord.hub).await;
    scene.discord.lose_channel(scene.channel);
    gate.release();
    bot.says("Discord refused the answer").await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 1);
}

#[tokio::test]
async fn a_reply_that_a_moderator_was_faster_to_delete_counts_as_gone() {
    let (scene, bot) = connected("").await;
    let said = scene.discord.say(scene.channel, scene.member, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    bot.says("answered").await;
    scene.discord.lose_message(reply.id);
    scene.discord.delete(said);
    bot.says("reply taken away").await;
    assert_eq!(scene.discord.requests(DELETE_MESSAGE).len(), 1);
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_deletion_that_fails_is_tried_until_the_reply_is_gone() {
    let (scene, bot) = connected("").await;
    let said = scene.discord.say(scene.channel, scene.member, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    let broken = Fault::Error { status: 503, code: 0, message: "503: Service Unavailable" };
    scene.discord.fail(DELETE_MESSAGE, broken);
    scene.discord.fail(DELETE_MESSAGE, Fault::Cut(Applied::No));
    scene.discord.delete(said);
    scene.discord.gone(reply.id).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_page_of_html_where_json_should_be_is_a_failure_like_any_other() {
    let (scene, bot) = connected("").await;
    let body = "<html><body>Bad gateway</body></html>";
    scene.discord.fail(POST_MESSAGE, Fault::Raw { status: 502, content_type: "text/html", body });
    scene.is_answered().await;
    let tries = scene.discord.requests(POST_MESSAGE);
    assert_eq!(tries.len(), 2);
    assert_eq!(tries[0].body["nonce"], tries[1].body["nonce"]);
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_command_that_discord_has_forgotten_costs_that_answer_alone() {
    let scene = Scene::new("");
    let shown = [("FOOTNOTE_OPS__LISTEN", ANYWHERE.to_owned())];
    let bot = scene.discord.spawn_bot_with(&scene.home, &shown).await;
    let address = shown_at(&bot).await;
    let gone = Fault::Error { status: 404, code: 10062, message: "Unknown interaction" };
    // The fake still waits for an answer of its own, so the test goes on beside it.
    scene.discord.fail(CALLBACK, gone);
    let options = json!({ "id": "napoleon-short" });
    tokio::select! {
        _ = scene.discord.command(scene.channel, scene.member, "footnote show", options) => {}
        _ = bot.says("a request could not be answered") => {}
    }
    scene.is_answered().await;
    let (_, metrics) = ask(address, "/metrics").unwrap();
    assert!(metrics.contains("footnote_interactions_unanswered_total 1"), "{metrics}");
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn commands_that_cannot_be_registered_do_not_keep_it_from_answering() {
    let scene = Scene::new("");
    for _ in 0..2 {
        let broken = Fault::Error { status: 500, code: 0, message: "500: Internal Server Error" };
        scene.discord.fail(REGISTER, broken);
    }
    let bot = scene.discord.spawn_bot(&scene.home).await;
    bot.says("could not be registered").await;
    scene.discord.request(REGISTER, 2).await;
    scene.discord.say(scene.channel, scene.member, SAID);
    scene.discord.next_message_from_bot(scene.channel).await;
    // Of three commands two are missing, and come with the next connection.
    scene.discord.invalid_session(false);
    scene.discord.request(REGISTER, 5).await;
    scene.discord.settle(scene.channel, scene.member).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_gateway_at_another_server_is_refused() {
    let scene = Scene::new("");
    scene.discord.hub.with(|state| "wss://gateway.example".clone_into(&mut state.gateway.url));
    let bot = scene.discord.launch(&scene.home);
    ends_with_words(&bot, "the token is not sent there").await;
}
