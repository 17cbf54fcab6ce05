//! The real bot against the fake Discord: what members, moderators and operators live through.

use footnote::policy::place::{ChannelId, GuildId, MessageId, UserId};
use serde_json::json;

use crate::support::bot::{Bot, Home};
use crate::support::fake::{Fake, POST_MESSAGE};
use crate::support::faults::{Applied, Fault};
use crate::support::world::{Message, OverwriteOf, permission};

/// What asserts each of the two claims below, beyond doubt.
pub(crate) const SHORT: &str = "napoleon was unusually short for a man of his time";
pub(crate) const MATHS: &str = "einstein failed mathematics at school";
/// Nothing rests from an answer.
const NO_RESTS: &str = "cooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n";
/// Asserts nothing.
pub(crate) const WEATHER: &str = "it has been raining here since the morning";
/// The button that takes a reply away.
pub(crate) const NOT_SAID: &str = "Not what I said";
pub(crate) const LIST_MESSAGES: &str = "GET /channels/{channel_id}/messages";

/// A folder with two claims of our own, so that edits of the shipped ones cannot break these tests.
pub(crate) fn home() -> Home {
    let home = Home::new("");
    let claim = |claim: &str, phrasing: &str, near_miss: &str| {
        format!(
            "+++\n\
             claim = \"{claim}\"\n\
             verdict = \"false\"\n\
             evidence = \"consensus\"\n\
             reason = \"The record says otherwise.\"\n\
             action = \"reply\"\n\
             phrasings = [\"{phrasing}\"]\n\
             near_misses = [\"{near_miss}\"]\n\
             published = 2026-11-22\n\
             reviewed = 2026-11-22\n\
             \n\
             [[source]]\n\
             key = \"book\"\n\
             kind = \"secondary\"\n\
             author = \"A. Author\"\n\
             title = \"A Book\"\n\
             +++\n\
             The record says otherwise.[^book]\n"
        )
    };
    let short = claim(
        "Napoleon was unusually short for a man of his time.",
        SHORT,
        "napoleon was of average height for a man of his time",
    );
    let maths =
        claim("Einstein failed mathematics at school.", MATHS, "einstein excelled in maths");
    home.write("responses/tests/napoleon-short.md", &short);
    home.write("responses/tests/einstein-maths.md", &maths);
    home
}

/// A server with a channel in mode reply, and a bot in it.
struct Scene {
    discord: Fake,
    home: Home,
    guild: GuildId,
    /// In mode reply.
    channel: ChannelId,
    /// In mode reply too.
    other: ChannelId,
    member: UserId,
    moderator: UserId,
}

impl Scene {
    async fn open() -> (Self, Bot) {
        Self::open_with("").await
    }

    /// With settings of the section `[policy]`.
    async fn open_with(policy: &str) -> (Self, Bot) {
        let discord = Fake::start();
        let guild = discord.guild("history");
        let channel = discord.channel(guild, "debate");
        let member = discord.member(guild, "ann");
        let moderator = discord.moderator(guild, "mod");
        let other = discord.channel(guild, "other");
        let home = home();
        let config = format!(
            "[policy]\n{policy}[channels]\n\"{channel}\" = \"reply\"\n\"{other}\" = \"reply\"\n"
        );
        home.write("config.toml", &config);
        let bot = discord.spawn_bot(&home).await;
        (Self { discord, home, guild, channel, other, member, moderator }, bot)
    }

    async fn moderate(&self, channel: ChannelId, subcommand: &str, options: serde_json::Value) {
        let path = format!("footnote-mod {subcommand}");
        let answer = self.discord.command(channel, self.moderator, &path, options).await;
        assert!(answer.is_ephemeral, "{path}: {answer:?}");
    }

    /// Somebody says what the bot answers, and it answers.
    async fn answered(&self) -> (MessageId, Message) {
        let said = self.discord.say(self.channel, self.member, SHORT);
        let reply = self.discord.next_message_from_bot(self.channel).await;
        assert_eq!(reply.reference, Some(said));
        (said, reply)
    }

    /// The bot ends in good order, and of all it said this many messages stand, in whatever channel.
    async fn ends_with(&self, bot: Bot, count: usize) {
        self.discord.caught_up(self.channel, self.moderator).await;
        assert_eq!(bot.terminate().await.code(), Some(0));
        let standing = self.discord.all_messages_of_bot();
        assert_eq!(standing.len(), count, "{standing:#?}");
    }
}

#[tokio::test]
async fn a_claim_is_answered_with_a_quiet_reply() {
    let (scene, bot) = Scene::open().await;
    let (said, reply) = scene.answered().await;
    let body = &reply.request;
    assert_eq!(body["message_reference"]["message_id"], said.to_string());
    assert_eq!(body["allowed_mentions"]["parse"], json!([]));
    assert_eq!(body["allowed_mentions"]["replied_user"], false);
    assert_eq!(body["enforce_nonce"], true);
    assert!(!body["nonce"].is_null(), "{body:#}");
    assert!(reply.content.contains("The record says otherwise"), "{}", reply.content);
    assert!(!reply.content.contains("[^"), "no raw footnotes: {}", reply.content);
    let buttons = reply.components[0]["components"].as_array().unwrap();
    assert_eq!(buttons.len(), 3, "{buttons:#?}");
    assert!(buttons.iter().any(|button| button["label"] == NOT_SAID));
    scene.ends_with(bot, 1).await;
}

/// The button that leads to a site stands behind the others, and is the one that carries nothing of ours.
#[tokio::test]
async fn a_reply_leads_to_the_page_of_its_claim() {
    let discord = Fake::start();
    let guild = discord.guild("history");
    let channel = discord.channel(guild, "debate");
    let member = discord.member(guild, "ann");
    let home = home();
    home.write("config.toml", &format!("[channels]\n\"{channel}\" = \"reply\"\n"));
    let site = [("FOOTNOTE_RESPONSES__SITE_URL", "https://example.org/claims/".to_owned())];
    let bot = discord.spawn_bot_with(&home, &site).await;
    discord.say(channel, member, SHORT);
    let reply = discord.next_message_from_bot(channel).await;
    let expected = json!({
        "type": 2,
        "style": 5,
        "label": "Open as a page",
        "url": "https://example.org/claims/claims/napoleon-short.html",
    });
    let buttons = reply.request["components"][0]["components"].as_array().unwrap();
    assert_eq!(buttons.len(), 4, "{buttons:#?}");
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(buttons[3][name], *value, "{buttons:#?}");
    }
    // What somebody has posted leads there too.
    let other = discord.channel(guild, "lounge");
    let moderator = discord.moderator(guild, "mod");
    let asked = json!({ "id": "einstein-maths" });
    let shown = discord.command(other, moderator, "footnote show", asked).await;
    let posted = discord.press(shown.message.unwrap(), "Post here", moderator).await;
    let said = posted.data.to_string();
    assert!(said.contains("https://example.org/claims/claims/einstein-maths.html"), "{said}");
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn only_members_in_watched_channels_are_answered() {
    let (scene, bot) = Scene::open().await;
    let (discord, channel) = (&scene.discord, scene.channel);
    let unwatched = discord.channel(scene.guild, "lounge");
    discord.say(unwatched, scene.member, SHORT);
    let machine = discord.other_bot(scene.guild, "machine");
    discord.say(channel, machine, SHORT);
    discord.say_by_webhook(channel, "news", SHORT);
    discord.post(channel, scene.member, |message| {
        SHORT.clone_into(&mut message.content);
        message.kind = 7; // somebody joined
    });
    discord.say(channel, scene.member, WEATHER);
    // The lane is in order: had any of these been answered, that answer would come before this one.
    scene.answered().await;
    discord.caught_up(unwatched, scene.moderator).await;
    scene.ends_with(bot, 1).await;
}

#[tokio::test]
async fn where_it_may_not_write_it_does_not_try() {
    let (scene, bot) = Scene::open().await;
    let everyone = OverwriteOf::Member(scene.discord.bot());
    scene.discord.overwrite(scene.channel, everyone, 0, permission::SEND_MESSAGES);
    scene.discord.say(scene.channel, scene.member, SHORT);
    scene.ends_with(bot, 0).await;
    assert!(scene.discord.requests(POST_MESSAGE).is_empty());
}

#[tokio::test]
async fn a_thread_inherits_the_mode() {
    let (scene, bot) = Scene::open().await;
    let thread = scene.discord.thread(scene.channel, "about height");
    let said = scene.discord.say(thread, scene.member, SHORT);
    let reply = scene.discord.next_message_from_bot(thread).await;
    assert_eq!(reply.reference, Some(said));
    scene.ends_with(bot, 1).await;
}

#[tokio::test]
async fn not_what_i_said_is_for_the_author() {
    let (scene, bot) = Scene::open().await;
    let (_, reply) = scene.answered().await;
    let stranger = scene.discord.member(scene.guild, "stranger");
    let refused = scene.discord.press(reply.id, NOT_SAID, stranger).await;
    assert!(refused.is_ephemeral && refused.content().contains("Only the author"), "{refused:?}");
    assert!(scene.discord.message(reply.id).is_some());
    scene.discord.press(reply.id, NOT_SAID, scene.member).await;
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
}

#[tokio::test]
async fn not_what_i_said_is_for_moderators_too() {
    let (scene, bot) = Scene::open().await;
    let (_, reply) = scene.answered().await;
    scene.discord.press(reply.id, NOT_SAID, scene.moderator).await;
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
}

#[tokio::test]
async fn the_reply_goes_with_its_cause() {
    let (scene, bot) = Scene::open().await;
    let (said, reply) = scene.answered().await;
    scene.discord.delete(said);
    scene.discord.gone(reply.id).await;

    // Somebody else and somewhere else: neither rests from the first answer.
    let other = scene.other;
    let said = scene.discord.say(other, scene.moderator, MATHS);
    let reply = scene.discord.next_message_from_bot(other).await;
    let more = scene.discord.say(other, scene.member, WEATHER);
    scene.discord.delete_bulk(&[said, more]);
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
}

#[tokio::test]
async fn a_deletion_that_overtakes_the_reply_takes_it_along() {
    let (scene, bot) = Scene::open().await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::Yes);
    let said = scene.discord.say(scene.channel, scene.member, SHORT);
    gate.reached(&scene.discord.hub).await;
    let reply = scene.discord.next_message_from_bot(scene.channel).await;
    scene.discord.delete(said);
    // The deletion was thought about before the outcome of the post comes.
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    gate.release();
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
}

#[tokio::test]
async fn an_edit_that_takes_the_claim_back_takes_the_reply_along() {
    let (scene, bot) = Scene::open().await;
    let (said, reply) = scene.answered().await;
    scene.discord.edit(said, WEATHER);
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
}

#[tokio::test]
async fn an_edit_that_keeps_the_claim_keeps_the_one_reply() {
    let (scene, bot) = Scene::open().await;
    let (said, _) = scene.answered().await;
    scene.discord.edit(said, &format!("{SHORT}!"));
    scene.ends_with(bot, 1).await;
}

#[tokio::test]
async fn a_pause_holds_at_once_and_over_a_restart() {
    let (scene, bot) = Scene::open().await;
    scene.moderate(scene.channel, "pause", json!({})).await;
    scene.discord.say(scene.channel, scene.member, SHORT);
    scene.ends_with(bot, 0).await;

    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.say(scene.channel, scene.member, SHORT);
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    assert!(scene.discord.messages_of_bot(scene.channel).is_empty());
    scene.moderate(scene.channel, "resume", json!({})).await;
    scene.answered().await;
    scene.ends_with(bot, 1).await;
}

#[tokio::test]
async fn a_message_heard_twice_is_answered_once() {
    // Or the rest after the first answer would keep the second back.
    let (scene, bot) = Scene::open_with(NO_RESTS).await;
    let (said, _) = scene.answered().await;
    scene.discord.drop_connection();
    scene.discord.repeat(said);
    scene.discord.resumed(1).await;
    scene.discord.repeat(said);
    scene.ends_with(bot, 1).await;
    // Not even asked for: Discord forgets nonces after some minutes.
    assert_eq!(scene.discord.requests(POST_MESSAGE).len(), 1);
}

#[tokio::test]
async fn what_was_said_during_a_dead_line_is_answered_after_it() {
    let (scene, bot) = Scene::open().await;
    scene.discord.drop_connection();
    scene.answered().await;
    scene.ends_with(bot, 1).await;
}

/// Killed between the request and its answer: Discord has the reply, the bot does not know.
#[tokio::test]
async fn a_reply_that_was_posted_before_the_kill_is_adopted() {
    let (scene, bot) = Scene::open().await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::Yes);
    let said = scene.discord.say(scene.channel, scene.member, SHORT);
    gate.reached(&scene.discord.hub).await;
    bot.kill().await;
    gate.abandoned(&scene.discord.hub).await;
    let reply = scene.discord.next_message_from_bot(scene.channel).await;

    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.request(LIST_MESSAGES, 1).await;
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    assert_eq!(scene.discord.messages_of_bot(scene.channel).len(), 1);
    // Adopted and not merely left: it still goes with its cause, even where the adoption is under way.
    scene.discord.delete(said);
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
}

/// Killed between the intent and Discord's doing it: one reply at most, and any second try is the same one.
#[tokio::test]
async fn a_reply_that_was_not_posted_before_the_kill_comes_once_or_never() {
    let (scene, bot) = Scene::open().await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::No);
    scene.discord.say(scene.channel, scene.member, SHORT);
    gate.reached(&scene.discord.hub).await;
    bot.kill().await;
    gate.abandoned(&scene.discord.hub).await;
    assert!(scene.discord.messages_of_bot(scene.channel).is_empty());

    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.request(LIST_MESSAGES, 1).await;
    scene.discord.caught_up(scene.channel, scene.moderator).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert!(scene.discord.messages_of_bot(scene.channel).len() <= 1);
    let tries = scene.discord.requests(POST_MESSAGE);
    assert!(tries.iter().all(|again| again.body["nonce"] == tries[0].body["nonce"]), "{tries:#?}");
}

#[tokio::test]
async fn the_outcome_of_a_request_under_way_is_recorded_at_the_end() {
    let (scene, bot) = Scene::open().await;
    let gate = scene.discord.hold(POST_MESSAGE, Applied::Yes);
    let said = scene.discord.say(scene.channel, scene.member, SHORT);
    gate.reached(&scene.discord.hub).await;
    bot.ask_to_stop();
    gate.release();
    assert_eq!(bot.exit().await.code(), Some(0));
    let reply = scene.discord.next_message_from_bot(scene.channel).await;

    let bot = scene.discord.spawn_bot(&scene.home).await;
    scene.discord.delete(said);
    scene.discord.gone(reply.id).await;
    scene.ends_with(bot, 0).await;
    // It was known, and not only found again.
    assert!(scene.discord.requests(LIST_MESSAGES).is_empty());
}

#[tokio::test]
async fn an_error_of_the_servers_never_doubles_a_reply() {
    for fault in [
        Fault::Error { status: 500, code: 0, message: "500: Internal Server Error" },
        Fault::RateLimit { retry_after: 0.1, global: false },
        Fault::Cut(Applied::Yes),
    ] {
        let (scene, bot) = Scene::open().await;
        scene.discord.fail(POST_MESSAGE, fault);
        scene.discord.say(scene.channel, scene.member, SHORT);
        scene.discord.request(POST_MESSAGE, 2).await;
        scene.ends_with(bot, 1).await;
        let tries = scene.discord.requests(POST_MESSAGE);
        assert_eq!(tries.len(), 2);
        assert_eq!(tries[0].body["nonce"], tries[1].body["nonce"]);
    }
}

#[tokio::test]
async fn members_cannot_moderate() {
    let (scene, bot) = Scene::open().await;
    // As if the server had opened the command to everybody: the bot checks again.
    let path = "footnote-mod pause";
    let refused = scene.discord.command(scene.channel, scene.member, path, json!({})).await;
    assert!(refused.is_ephemeral, "{refused:?}");
    scene.answered().await;
    scene.ends_with(bot, 1).await;
}

#[tokio::test]
async fn an_intent_that_is_switched_off_is_one_sentence_and_exit_code_two() {
    let discord = Fake::start();
    discord.allow_privileged(0);
    let home = home();
    let bot = discord.launch(&home);
    assert_eq!(bot.exit().await.code(), Some(2));
    let stderr = bot.stderr();
    let says_so = |line: &&str| line.to_lowercase().contains("message content");
    assert_eq!(stderr.lines().filter(says_so).count(), 1, "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[tokio::test]
async fn a_wrong_token_is_exit_code_two_before_anything_is_said() {
    let discord = Fake::start();
    discord.set_token("MTIz.another.token");
    let home = home();
    let bot = discord.launch(&home);
    assert_eq!(bot.exit().await.code(), Some(2));
    assert!(bot.stderr().contains("copy the current one from the Bot page"), "{}", bot.stderr());
    let asked = discord.hub.with(|state| state.requests.len());
    assert_eq!(asked, 1, "where the gateway is, and nothing else");
}
