//! The real bot before a Discord that calls itself discord.com: what goes through the library's own limiter.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::edges::{SAID, Scene};
use crate::support::bot::Bot;
use crate::support::fake::POST_MESSAGE;
use crate::support::faults::Fault;

const GATEWAY: &str = "GET /gateway/bot";

async fn connected() -> (Scene, Bot) {
    let scene = Scene::new("");
    let way = scene.discord.door().way(scene.home.path());
    let bot = scene.discord.spawn_bot_with(&scene.home, &way).await;
    (scene, bot)
}

/// A limit is waited out, and the answer comes once.
#[expect(clippy::disallowed_methods, reason = "it is the wait that is measured")]
async fn is_waited_out(global: bool) {
    let (scene, bot) = connected().await;
    scene.discord.fail(POST_MESSAGE, Fault::RateLimit { retry_after: 1.0, global });
    let begun = Instant::now();
    let said = scene.discord.say(scene.channel, scene.member, SAID);
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    assert!(begun.elapsed() >= Duration::from_millis(990), "{:?}", begun.elapsed());
    assert_eq!(reply.reference, Some(said));
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 2);
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert_eq!(scene.discord.messages_of_bot(scene.channel).len(), 1);
}

#[tokio::test]
async fn a_limit_of_a_channel_is_waited_out_and_the_answer_comes_once() {
    is_waited_out(false).await;
}

#[tokio::test]
async fn a_limit_of_everything_is_waited_out_and_the_answer_comes_once() {
    is_waited_out(true).await;
}

#[tokio::test]
async fn where_the_wait_is_long_nobody_knocks_meanwhile() {
    let (scene, bot) = connected().await;
    let other = scene.discord.channel(scene.guild, "other");
    let path = "footnote-mod mode";
    scene.discord.command(other, scene.moderator, path, json!({ "mode": "reply" })).await;
    scene.discord.fail(POST_MESSAGE, Fault::RateLimit { retry_after: 60.0, global: true });
    scene.discord.say(scene.channel, scene.member, SAID);
    bot.says("Discord asks us to wait").await;
    for place in [scene.channel, other] {
        scene.discord.say(place, scene.moderator, SAID);
        scene.discord.caught_up(place, scene.moderator).await;
    }
    // Not only held back by the library: nothing was to be said there in the first place.
    assert_eq!(scene.counted("no-permission").await, 2);
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 1);
    bot.kill().await;
}

/// Cloudflare's refusals are HTML and say nothing that the limiter could wait for.
#[tokio::test]
async fn a_limit_without_words_is_tried_again_slowly_with_the_same_nonce() {
    let (scene, bot) = connected().await;
    let body = "<html><body>error code: 1015</body></html>";
    scene.discord.fail(POST_MESSAGE, Fault::Raw { status: 429, content_type: "text/html", body });
    scene.discord.say(scene.channel, scene.member, SAID);
    scene.discord.next_message_from_bot(scene.channel).await;
    let tries = scene.discord.requests(POST_MESSAGE);
    assert_eq!(tries.len(), 2);
    assert_eq!(tries[0].body["nonce"], tries[1].body["nonce"]);
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_start_before_the_network_waits_for_it() {
    let scene = Scene::new("");
    for _ in 0..2 {
        let broken = Fault::Error { status: 503, code: 0, message: "503: Service Unavailable" };
        scene.discord.fail(GATEWAY, broken);
    }
    let way = scene.discord.door().way(scene.home.path());
    let bot = scene.discord.spawn_bot_with(&scene.home, &way).await;
    for line in ["does not answer yet", "again_in=1s", "again_in=2s"] {
        assert!(bot.stderr().contains(line), "{line}: {}", bot.stderr());
    }
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_start_that_waits_can_be_stopped() {
    let scene = Scene::new("");
    let mut way = scene.discord.door().way(scene.home.path());
    // Port 1 of this machine: nobody listens there.
    way.push(("FOOTNOTE_DISCORD__RESOLVE", "127.0.0.1:1".to_owned()));
    let bot = scene.discord.launch_with(&scene.home, &way);
    bot.says("does not answer yet").await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert!(scene.discord.requests(GATEWAY).is_empty());
}
