//! REST and its faults, the limits, interactions.

use std::sync::Arc;

use serde_json::{Value, json};
use serenity::all::{
    CreateActionRow, CreateButton, CreateInteractionResponse, CreateInteractionResponseFollowup,
    CreateInteractionResponseMessage, EditInteractionResponse, EditMessage, GetMessages, HttpError,
    Nonce,
};

use super::client::{READING, http, refusal, replying, room, silent, text};
use crate::support::fake::{Fake, POST_MESSAGE};
use crate::support::faults::{Applied, Fault};
use crate::support::hub::{Outcome, Request};
use crate::support::world::{ChannelKind, OverwriteOf, permission};
use crate::support::{contract, routes};
use footnote::policy::place::ChannelId;

#[tokio::test]
async fn a_wrong_token_is_refused() {
    let discord = Fake::start();
    let result = http(&discord, "Bot MTIz.wrong.token").get_current_user().await;
    assert_eq!(refusal(result), (401, 0));
}

#[tokio::test]
async fn the_same_nonce_makes_one_message() {
    let (discord, client, _, channel, _) = room(READING).await;
    let once = || text("once").nonce(Nonce::String("7".to_owned())).enforce_nonce(true);
    let first = client.send(channel, once()).await.unwrap();
    let second = client.send(channel, once()).await.unwrap();
    assert_eq!(first.id, second.id);
    assert_eq!(discord.messages_of_bot(channel).len(), 1);
    let unforced = text("twice").nonce(Nonce::String("7".to_owned()));
    client.send(channel, unforced).await.unwrap();
    assert_eq!(discord.messages_of_bot(channel).len(), 2);
}

#[tokio::test]
async fn messages_are_found_changed_and_deleted() {
    let (discord, client, _, channel, member) = room(READING).await;
    let said: Vec<_> = (0..4).map(|n| discord.say(channel, member, &n.to_string())).collect();
    let mut own = client.send(channel, replying(channel, said[0])).await.unwrap();
    let place = serenity::all::ChannelId::from(channel.0);
    let list = async |query: GetMessages| {
        let page = place.messages(&client.http, query).await.unwrap();
        page.into_iter().map(|message| message.content).collect::<Vec<_>>()
    };
    // Always the newest first, and behind `after` those that follow it.
    assert_eq!(list(GetMessages::new().limit(2)).await, ["an answer", "3"]);
    assert_eq!(list(GetMessages::new().after(said[0].0).limit(2)).await, ["2", "1"]);
    assert_eq!(list(GetMessages::new().before(said[2].0)).await, ["1", "0"]);
    assert_eq!(list(GetMessages::new().around(said[1].0).limit(3)).await, ["2", "1", "0"]);

    let change = EditMessage::new().content("changed").allowed_mentions(silent());
    own.edit(&client.http, change).await.unwrap();
    let seen = discord.next_message_from_bot(channel).await;
    assert_eq!((&*seen.content, seen.reference), ("changed", Some(said[0])));
    own.delete(&client.http).await.unwrap();
    discord.gone(seen.id).await;
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_as_discord_does() {
    let (discord, client, guild, channel, member) = room(READING).await;
    let said = discord.say(channel, member, "soon gone");
    let secret = discord.channel(guild, "secret");
    let bot = OverwriteOf::Member(discord.bot());
    discord.overwrite(secret, bot, 0, permission::VIEW_CHANNEL);
    let quiet = discord.channel(guild, "quiet");
    discord.overwrite(quiet, bot, 0, permission::SEND_MESSAGES);

    assert_eq!(refusal(client.send(secret, text("x")).await), (403, 50001));
    assert_eq!(refusal(client.send(quiet, text("x")).await), (403, 50013));
    let of_others = client.http.delete_message(channel.0.into(), said.0.into(), None).await;
    assert_eq!(refusal(of_others), (403, 50013));
    discord.delete(said);
    let gone = client.http.get_message(channel.0.into(), said.0.into()).await;
    assert_eq!(refusal(gone), (404, 10008));
    assert_eq!(refusal(client.send(channel, replying(channel, said)).await), (400, 50035));
    assert_eq!(refusal(client.send(ChannelId(1), text("x")).await), (404, 10003));
    assert!(discord.messages_of_bot(channel).is_empty());
}

#[tokio::test]
async fn a_body_beyond_a_limit_is_refused_and_fails_the_test() {
    let (discord, client, guild, channel, _) = room(READING).await;
    // Below serenity's builders, which refuse some of this by themselves.
    let refused = async |body: Value, complaint: &str| {
        let sent = client.http.send_message(channel.0.into(), Vec::new(), &body).await;
        assert_eq!(refusal(sent), (400, 50035), "{body}");
        let found = discord.take_violations().join("\n");
        assert!(found.contains(complaint), "{complaint:?} is not in {found:?}");
    };
    let quiet = json!({ "parse": [], "replied_user": false });
    let long = json!({ "content": "x".repeat(2001), "allowed_mentions": quiet });
    refused(long, "2001 characters").await;
    refused(json!({ "content": "", "allowed_mentions": quiet }), "empty").await;
    refused(json!({ "content": "ping @everyone" }), "allowed_mentions").await;
    if contract::is_at_hand() {
        let typo = json!({ "content": "x", "allowed_mentions": quiet, "nonces": "1" });
        refused(typo, "no field /nonces").await;
        let embed = json!({ "title": "t".repeat(257) });
        refused(json!({ "embeds": [embed], "allowed_mentions": quiet }), "/embeds/0").await;
    }
    let result = client.http.get_guild_prune_count(guild.0.into(), 7).await;
    assert_eq!(refusal(result), (404, 0));
    assert!(discord.take_violations().join("\n").contains("does not serve"));
}

#[tokio::test]
#[should_panic(expected = "Discord would not have taken this")]
async fn a_violation_left_over_fails_the_test() {
    let (discord, client, _, channel, _) = room(READING).await;
    let _refused = client.send(channel, text("")).await;
    discord.finish();
}

#[tokio::test]
#[should_panic(expected = "no request met what was armed")]
async fn a_fault_that_met_nothing_fails_the_test() {
    let discord = Fake::start();
    discord.fail(POST_MESSAGE, Fault::Cut(Applied::No));
    discord.finish();
}

#[tokio::test]
async fn faults_come_when_they_are_armed_and_once() {
    let (discord, client, _, channel, _) = room(READING).await;
    discord.fail(POST_MESSAGE, Fault::Error { status: 500, code: 0, message: "oops" });
    discord.fail(POST_MESSAGE, Fault::RateLimit { retry_after: 0.5, global: false });
    let page = "<html>502</html>";
    discord.fail(POST_MESSAGE, Fault::Raw { status: 502, content_type: "text/html", body: page });
    assert_eq!(refusal(client.send(channel, text("x")).await).0, 500);
    assert_eq!(refusal(client.send(channel, text("x")).await).0, 429);
    assert!(client.send(channel, text("x")).await.is_err());
    assert!(discord.messages_of_bot(channel).is_empty());

    discord.fail(POST_MESSAGE, Fault::Cut(Applied::No));
    let cut = client.send(channel, text("not there")).await;
    assert!(matches!(cut, Err(serenity::Error::Http(HttpError::Request(_)))), "{cut:?}");
    discord.fail(POST_MESSAGE, Fault::Cut(Applied::Yes));
    client.send(channel, text("there")).await.unwrap_err();
    let seen = discord.messages_of_bot(channel);
    assert_eq!(seen.iter().map(|m| &*m.content).collect::<Vec<_>>(), ["there"]);
    let outcomes: Vec<_> = discord.requests(POST_MESSAGE).iter().map(|r| r.outcome).collect();
    let answered = Outcome::Answered;
    let expected = [answered(500), answered(429), answered(502), Outcome::Cut, Outcome::Cut];
    assert_eq!(outcomes, expected);
    client.send(channel, text("as ever")).await.unwrap();
}

#[tokio::test]
async fn a_gate_holds_a_request_before_or_after_it_is_done() {
    let (discord, client, _, channel, _) = room(READING).await;
    let client = Arc::new(client);
    let send = || {
        let client = Arc::clone(&client);
        tokio::spawn(async move { client.send(channel, text("x")).await })
    };
    let count = || discord.messages_of_bot(channel).len();

    let gate = discord.hold(POST_MESSAGE, Applied::Yes);
    let sending = send();
    gate.reached(&discord.hub).await;
    assert_eq!(count(), 1);
    gate.release();
    sending.await.unwrap().unwrap();

    let gate = discord.hold(POST_MESSAGE, Applied::No);
    let sending = send();
    gate.reached(&discord.hub).await;
    assert_eq!(count(), 1);
    gate.release();
    sending.await.unwrap().unwrap();
    assert_eq!(count(), 2);

    // A client that gives up while it waits: nothing comes of it afterwards.
    let gate = discord.hold(POST_MESSAGE, Applied::No);
    let sending = send();
    gate.reached(&discord.hub).await;
    sending.abort();
    gate.abandoned(&discord.hub).await;
    gate.release();
    assert_eq!(count(), 2);
}

#[tokio::test]
async fn commands_and_buttons_get_their_answers() {
    let (discord, mut client, _, channel, member) = room(READING).await;
    let option = json!({ "type": 3, "name": "text", "description": "d", "autocomplete": true });
    let sub = json!({ "type": 1, "name": "search", "description": "d", "options": [option] });
    let definitions = json!([
        { "name": "footnote", "description": "d", "options": [sub], "default_member_permissions": "32" },
        { "name": "Find", "type": 3 },
    ]);
    client.http.create_global_commands(&definitions).await.unwrap();

    let data = || CreateInteractionResponseMessage::new().allowed_mentions(silent());
    let bot = async {
        let (context, interaction) = client.interaction().await;
        let command = interaction.command().unwrap();
        assert_eq!(command.data.options[0].name, "search");
        let buttons = vec![CreateButton::new("v1:x").label("Not what I said")];
        let rows = vec![CreateActionRow::Buttons(buttons)];
        let answer = data().content("found").components(rows);
        command
            .create_response(&context, CreateInteractionResponse::Message(answer))
            .await
            .unwrap();
        let again = CreateInteractionResponse::Message(data().content("again"));
        assert_eq!(refusal(command.create_response(&context, again).await), (400, 40060));

        let (context, interaction) = client.interaction().await;
        let press = interaction.message_component().unwrap();
        assert_eq!((&*press.data.custom_id, &*press.message.content), ("v1:x", "found"));
        press.create_response(&context, CreateInteractionResponse::Acknowledge).await.unwrap();
        press.delete_response(&context).await.unwrap();

        // Put off, then given: the test sees the whole.
        let (context, interaction) = client.interaction().await;
        let command = interaction.command().unwrap();
        assert_eq!(command.data.resolved.messages.len(), 1);
        let later = CreateInteractionResponse::Defer(data().ephemeral(true));
        command.create_response(&context, later).await.unwrap();
        let given = EditInteractionResponse::new().content("late").allowed_mentions(silent());
        command.edit_response(&context, given).await.unwrap();
        assert_eq!(command.get_response(&context).await.unwrap().content, "late");
        let more = CreateInteractionResponseFollowup::new().content("more").ephemeral(true);
        command.create_followup(&context, more.allowed_mentions(silent())).await.unwrap();

        let (context, interaction) = client.interaction().await;
        let typing = interaction.autocomplete().unwrap();
        let choices = serenity::all::CreateAutocompleteResponse::new().add_string_choice("a", "b");
        let choices = CreateInteractionResponse::Autocomplete(choices);
        typing.create_response(&context, choices).await.unwrap();

        let (context, interaction) = client.interaction().await;
        let form = interaction.modal_submit().unwrap();
        assert_eq!((&*form.data.custom_id, form.data.components.len()), ("v1:form", 1));
        let thanks = CreateInteractionResponse::Message(data().content("thanks").ephemeral(true));
        form.create_response(&context, thanks).await.unwrap();
    };
    let test = async {
        let path = "footnote search";
        let answer = discord.command(channel, member, path, json!({ "text": "x" })).await;
        assert_eq!((answer.kind, answer.content(), answer.is_ephemeral), (4, "found", false));
        let reply = discord.next_message_from_bot(channel).await;
        assert_eq!(answer.message, Some(reply.id));
        let pressed = discord.press(reply.id, "Not what I said", member).await;
        assert_eq!(pressed.kind, 6);
        discord.gone(reply.id).await;

        let said = discord.say(channel, member, "x");
        let late = discord.message_command(member, "Find", said).await;
        assert_eq!((late.kind, late.content(), late.is_ephemeral), (5, "late", true));
        assert!(discord.messages_of_bot(channel).is_empty(), "nobody else sees it");
        let options = json!({ "text": "x" });
        let typed = discord.autocomplete(channel, member, path, options, "text").await;
        assert_eq!(typed.data["choices"][0]["value"], "b");
        let sent = discord.submit(channel, member, "v1:form", &json!({ "why": "x" })).await;
        assert_eq!((sent.content(), sent.is_ephemeral), ("thanks", true));
    };
    tokio::join!(bot, test);
    client.shards.shutdown_all().await;
}

/// The fake's own answers against Discord's document, one request after the other.
#[tokio::test]
async fn the_fake_answers_as_discord_does() {
    let discord = Fake::start();
    let guild = discord.guild("history");
    let text = discord.channel(guild, "general");
    let member = discord.member(guild, "ann");
    let thread = discord.thread(text, "a thread");
    let forum = discord.channel_of_kind(guild, "posts", ChannelKind::Forum);
    let direct = discord.direct(member);
    let said = discord.say(text, member, "hello");
    let bot = discord.bot();
    let mentions = json!({ "parse": [], "replied_user": false });
    let embed = json!({ "title": "t", "fields": [{ "name": "n", "value": "v" }] });
    let button = json!({ "type": 2, "style": 2, "label": "l", "custom_id": "c" });
    let reply = json!({
        "content": "x", "embeds": [embed], "nonce": "1", "allowed_mentions": mentions,
        "components": [{ "type": 1, "components": [button] }],
        "message_reference": { "message_id": said.to_string() },
    });
    let command = json!({ "name": "a", "description": "d" });
    let none = Value::Null;
    for (method, path, body) in [
        ("GET", "/gateway".to_owned(), &none),
        ("GET", "/gateway/bot".to_owned(), &none),
        ("GET", "/users/@me".to_owned(), &none),
        ("POST", "/users/@me/channels".to_owned(), &json!({ "recipient_id": member.to_string() })),
        ("GET", "/applications/@me".to_owned(), &none),
        ("GET", "/oauth2/applications/@me".to_owned(), &none),
        ("GET", format!("/guilds/{guild}"), &none),
        ("GET", format!("/guilds/{guild}/roles"), &none),
        ("GET", format!("/guilds/{guild}/channels"), &none),
        ("GET", format!("/guilds/{guild}/members/{bot}"), &none),
        ("GET", format!("/guilds/{guild}/members/1"), &none),
        ("GET", format!("/channels/{text}"), &none),
        ("GET", format!("/channels/{thread}"), &none),
        ("GET", format!("/channels/{forum}"), &none),
        ("GET", format!("/channels/{direct}"), &none),
        ("GET", "/channels/1".to_owned(), &none),
        ("POST", format!("/channels/{text}/typing"), &none),
        ("POST", format!("/channels/{text}/messages"), &reply),
        ("GET", format!("/channels/{text}/messages"), &none),
        ("GET", format!("/channels/{text}/messages/{said}"), &none),
        ("DELETE", format!("/channels/{text}/messages/{said}"), &none),
        ("POST", format!("/applications/{bot}/commands"), &command),
        ("PUT", format!("/applications/{bot}/commands"), &json!([command])),
        ("GET", format!("/applications/{bot}/commands"), &none),
        ("PUT", format!("/applications/{bot}/guilds/{guild}/commands"), &json!([command])),
    ] {
        let request = Request {
            method: method.to_owned(),
            path,
            query: String::new(),
            headers: std::collections::BTreeMap::new(),
            body: body.clone(),
            outcome: Outcome::Pending,
        };
        let answer = discord.hub.with(|state| routes::answer(state, &request));
        let body = answer.body.unwrap_or(Value::Null);
        let found = contract::check_answer(method, &request.path, answer.status, &body);
        assert!(found.is_empty(), "{method} {}: {found:#?}\n{body:#}", request.path);
    }
}
