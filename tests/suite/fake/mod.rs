//! The fake Discord against serenity itself: it is honest enough to fail a bot that is wrong.
//! Here its gateway; `rest` has the rest.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests fail loudly, and tests have tasks of their own"
)]

mod client;
mod rest;

use std::time::Duration;

use serde_json::json;
use serenity::all::{Event, GatewayError};

use self::client::{Client, PLAIN, READING, replying, room, text};
use crate::support::fake::Fake;
use crate::support::hub::DEADLINE;

#[tokio::test]
async fn a_message_comes_and_is_answered() {
    let (discord, mut client, guild, channel, member) = room(READING).await;
    assert_eq!(discord.hub.with(|state| state.gateway.intents()), Some(READING.bits()));
    let pick = |event: &Event| match event {
        Event::GuildCreate(event) => Some(event.guild.clone()),
        _ => None,
    };
    let (_, seen) = client.next(pick).await;
    assert_eq!((seen.id.get(), seen.channels.len()), (guild.0, 1));
    assert_eq!(seen.owner_id.get(), discord.owner(guild).0);

    let said = discord.say(channel, member, "a claim");
    let heard = client.message().await;
    assert_eq!((heard.id.get(), &*heard.content), (said.0, "a claim"));
    assert_eq!(heard.guild_id.map(serenity::all::GuildId::get), Some(guild.0));

    client.send(channel, replying(channel, said)).await.unwrap();
    let answer = discord.next_message_from_bot(channel).await;
    assert_eq!((answer.reference, &*answer.content), (Some(said), "an answer"));
    // The bot hears itself, as it does on Discord.
    assert_eq!(client.message().await.author.id.get(), discord.bot().0);

    discord.edit(said, "another claim");
    let pick = |event: &Event| match event {
        Event::MessageUpdate(event) => event.content.clone(),
        _ => None,
    };
    assert_eq!(client.next(pick).await.1, "another claim");
    discord.delete(said);
    let pick = |event: &Event| match event {
        Event::MessageDelete(event) => Some(event.message_id.get()),
        _ => None,
    };
    assert_eq!(client.next(pick).await.1, said.0);
    discord.finish();
}

#[tokio::test]
async fn without_the_intent_content_is_blank_unless_it_concerns_the_bot() {
    let (discord, mut client, _, channel, member) = room(PLAIN).await;
    discord.post(channel, member, |message| {
        message.content = "a secret".to_owned();
        message.embeds = vec![json!({ "type": "rich", "title": "hidden" })];
    });
    let heard = client.message().await;
    assert!(heard.content.is_empty() && heard.embeds.is_empty(), "{heard:?}");
    discord.say(channel, member, &format!("<@{}> hello", discord.bot()));
    assert!(client.message().await.content.ends_with("hello"));
    client.send(channel, text("my own")).await.unwrap();
    assert_eq!(client.message().await.content, "my own");
    let own = discord.next_message_from_bot(channel).await.id;
    discord.reply(own, member, "and you");
    assert_eq!(client.message().await.content, "and you");
    discord.say(discord.direct(member), member, "in private");
    assert_eq!(client.message().await.content, "in private");
}

#[tokio::test]
async fn what_a_dead_line_missed_is_replayed_and_not_twice() {
    let (discord, mut client, _, channel, member) = room(READING).await;
    discord.say(channel, member, "before");
    assert_eq!(client.message().await.content, "before");
    discord.drop_connection();
    discord.say(channel, member, "meanwhile");
    discord.resumed(1).await;
    assert_eq!(client.message().await.content, "meanwhile");
    discord.reconnect();
    discord.resumed(2).await;
    discord.raw_frame("{ not json");
    discord.event("SOMETHING_NEW", &json!({ "id": "1" }));
    discord.say(channel, member, "after");
    assert_eq!(client.message().await.content, "after");
    let closing = 4000;
    discord.close(closing, "Unknown error.");
    discord.resumed(3).await;
    discord.invalid_session(true);
    discord.resumed(4).await;
    discord.say(channel, member, "at last");
    assert_eq!(client.message().await.content, "at last");
}

/// The one test that spends serenity's five seconds between two sessions, on both occasions at once.
#[tokio::test]
async fn a_lost_session_is_begun_anew() {
    let lose = async |zombie: bool| {
        let discord = Fake::start();
        discord.set_heartbeat(Duration::from_millis(50));
        let guild = discord.guild("history");
        let channel = discord.channel(guild, "general");
        let member = discord.member(guild, "ann");
        let mut client = Client::connect(&discord, READING).await;
        discord.heartbeats(2).await;
        if zombie {
            discord.acknowledge_heartbeats(false);
        } else {
            discord.invalid_session(false);
            discord.say(channel, member, "never heard");
        }
        discord.identified(2).await;
        discord.acknowledge_heartbeats(true);
        discord.say(channel, member, "heard");
        assert_eq!(client.message().await.content, "heard");
    };
    tokio::join!(lose(false), lose(true));
}

#[tokio::test]
async fn a_privileged_intent_that_is_switched_off_stops_the_bot() {
    let discord = Fake::start();
    discord.allow_privileged(0);
    let mut client = Client::connect(&discord, READING).await;
    let ended = tokio::time::timeout(DEADLINE, &mut client.running).await.expect("it ends");
    let error = ended.expect("it does not panic").expect_err("it fails");
    let expected = GatewayError::DisallowedGatewayIntents;
    assert_eq!(error.to_string(), serenity::Error::Gateway(expected).to_string());
}
