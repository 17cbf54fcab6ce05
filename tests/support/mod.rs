//! A Discord for tests, on one loopback port: REST under `/api/v10`, the gateway at `/`.
//!
//! `fake` is what a test holds, with `scenery` (servers, members), `acts` (commands, buttons) and `bot`
//! (the real binary as a child); `hub` has the one state and the one way to wait; `world` is the state's content, `wire` renders it as
//! JSON; `gateway`, `rest`, `routes`, `interactions` and `chat` are the server; `faults` spoils answers on
//! demand; `contract` (Discord's `OpenAPI` document) and `limits` (what it lacks, and our own rules) judge
//! what a bot sends; `tls` is a door at which the fake calls itself discord.com. Storms need none of it:
//! they have `process` (an app that is killed, and a world that loses things), `rests` and `corrected`. `drawn` draws messages for the documents.
//!
//! ```text
//! let discord = Fake::start();
//! let guild = discord.guild("history");
//! let (channel, ann) = (discord.channel(guild, "debate"), discord.member(guild, "ann"));
//! let bot = discord.spawn_bot(&home).await;
//! let said = discord.say(channel, ann, "…");
//! let reply = discord.next_message_from_bot(channel).await;
//! discord.press(reply.id, "Not what I said", ann).await;
//! discord.gone(reply.id).await;
//! assert_eq!(bot.terminate().await.code(), Some(0));
//! ```
//!
//! Nothing here sleeps: whatever a test waits for is an event, with a deadline that only failures spend.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test's support fails loudly, and has a clock and tasks of its own"
)]

pub(crate) mod acts;
pub(crate) mod bot;
pub(crate) mod browser;
pub(crate) mod chat;
pub(crate) mod contract;
pub(crate) mod corrected;
pub(crate) mod dice;
pub(crate) mod drawn;
pub(crate) mod fake;
pub(crate) mod faults;
pub(crate) mod gateway;
pub(crate) mod hub;
pub(crate) mod interactions;
mod limits;
mod line;
pub(crate) mod process;
mod rest;
pub(crate) mod rests;
pub(crate) mod routes;
mod scenery;
pub(crate) mod tls;
mod wire;
pub(crate) mod world;
