//! What an operator reads where the connection cannot go on: one sentence each, with the way out. Knows no event.

use serenity::all::GatewayError;

use crate::discord::failure::Failure;

pub(super) const WRONG_TOKEN: &str = "Discord refuses the token: copy the current one from the Bot page of the developer portal into DISCORD_TOKEN, without \"Bot \"";

pub(super) const TOO_MANY_SESSIONS: &str = "Discord ended hundreds of sessions within a day: look for a second bot with the same token or for a broken network, then start again";

const NO_CONTENT_INTENT: &str = "Discord refuses the Message Content intent: switch it on under Privileged Gateway Intents on the Bot page of the developer portal, or set [discord] message_content = false to run with commands and mentions alone, and start again";

const WRONG_INTENTS: &str = "Discord does not know the intents of this version: update footnote";

/// Close code 4011: it was in fewer servers when it started.
pub(super) const TOO_LARGE: &str =
    "Discord wants this bot divided otherwise, as it does when servers were added: start again";

/// Close code 4010.
pub(super) const WRONG_SHARD: &str = "Discord refuses the part of the servers that this bot asked for: start again, and report it where that does not help";

/// Close code 4012.
pub(super) const WRONG_VERSION: &str = "Discord does not speak the version of its gateway any more that this footnote knows: update footnote";

/// Close code 4003.
pub(super) const UNKNOWN_SESSION: &str =
    "Discord does not know this session any more and asks for none: start again";

/// What a day's limit of sessions means for somebody who wants to start now.
pub(super) fn no_sessions_left(milliseconds: u64) -> String {
    let minutes = milliseconds / 60_000 + 1;
    format!(
        "Discord allows no new session for {minutes} minutes, for too many were begun today: wait that long, and look in the log for why the bot restarted so often"
    )
}

/// Why a running connection ended.
pub(super) fn of(error: &serenity::Error) -> String {
    match error {
        serenity::Error::Gateway(
            GatewayError::InvalidAuthentication | GatewayError::NoAuthentication,
        ) => WRONG_TOKEN.to_owned(),
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => {
            NO_CONTENT_INTENT.to_owned()
        }
        serenity::Error::Gateway(GatewayError::InvalidGatewayIntents) => WRONG_INTENTS.to_owned(),
        serenity::Error::Gateway(
            GatewayError::InvalidShardData | GatewayError::OverloadedShard,
        ) => TOO_LARGE.to_owned(),
        other => match Failure::of(other) {
            Failure::Status { status: 401, .. } => WRONG_TOKEN.to_owned(),
            failure => format!(
                "the connection to Discord ended ({failure}): check the network and https://discordstatus.com, and start again"
            ),
        },
    }
}
