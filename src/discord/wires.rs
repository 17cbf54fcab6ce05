//! How requests go out, and to which server: the only file that builds a client. Knows no request.
//!
//! There are three ways. Discord itself, through the library's limiter. `discord.api_url`, a server
//! that speaks Discord's language and limits for itself: the library knows no limiter there.
//! `discord.resolve` with `discord.ca_file`, a stand-in on this machine that calls itself
//! discord.com: all is as with Discord itself, the limiter too, which is what that is for.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use serenity::all::{BotGateway, GatewayIntents, Http, HttpBuilder, Ratelimiter};
use tracing::warn;

use crate::config::StandIn;
use crate::config::given::{host_of, is_loopback};
use crate::discord::failure::Failure;
use crate::discord::gate::{Gate, place_of};
use crate::discord::{Access, Fatal, words};

/// What we always hear: servers and their channels, and that there are messages in them.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES);

/// The first answer of a server takes longer than this only where nobody answers.
const PREFLIGHT: Duration = Duration::from_secs(10);

/// Where Discord does not answer at the start it is asked again after a second, and then more and
/// more rarely up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How requests go out.
pub(super) struct Wires {
    /// For our own requests.
    pub(super) http: Arc<Http>,
    /// For the connection: serenity wants one of its own.
    pub(super) gateway_http: Http,
    /// The address that the connection must have; none for Discord itself.
    pub(super) gateway_url: Option<String>,
    /// What we hear.
    pub(super) intents: GatewayIntents,
}

impl Wires {
    /// Makes sure that the server answers, before anything of serenity's could fall back to the
    /// real Discord: it does so silently where the first request fails. Where Discord itself does
    /// not answer we wait, as a machine may start before its network.
    pub(super) async fn preflight(access: &Access, gate: &Gate) -> Result<Self, Fatal> {
        let http = Arc::new(build(access, Some(gate))?);
        let bot = first_answer(access, &http).await?;
        let limit = bot.session_start_limit;
        if limit.remaining == 0 {
            return Err(Fatal(words::no_sessions_left(limit.reset_after)));
        }
        let home = match (&access.api_url, &access.stand_in) {
            (Some(api), _) => Some(api.clone()),
            (None, Some(stand_in)) => Some(format!("https://{}", stand_in.address)),
            (None, None) => None,
        };
        let gateway_url = home.map(|home| near(&home, &bot.url)).transpose()?;
        let mut intents = INTENTS;
        if access.message_content {
            intents |= GatewayIntents::MESSAGE_CONTENT;
        }
        Ok(Self { http, gateway_http: build(access, None)?, gateway_url, intents })
    }
}

/// Asks for the gateway until there is an answer that says something.
async fn first_answer(access: &Access, http: &Http) -> Result<BotGateway, Fatal> {
    let mut wait = Duration::from_secs(1);
    loop {
        let failure = match tokio::time::timeout(PREFLIGHT, http.get_bot_gateway()).await {
            Ok(Ok(gateway)) => return Ok(gateway),
            Ok(Err(error)) => Failure::of(&error),
            Err(_) => Failure::Unclear,
        };
        match (failure, &access.api_url) {
            (Failure::Status { status: 401, .. }, _) => {
                return Err(Fatal(words::WRONG_TOKEN.to_owned()));
            }
            (failure, Some(api)) => {
                return Err(Fatal(format!(
                    "the server `{api}` gives no gateway ({failure}): check [discord] api_url, or remove it to use Discord itself"
                )));
            }
            (failure, None) => {
                warn!(%failure, again_in = ?wait, "Discord does not answer yet: check the network and https://discordstatus.com if this goes on");
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// The gateway's address, where it belongs to the same server and is as safe.
fn near(api: &str, gateway: &str) -> Result<String, Fatal> {
    let parts = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        Some((scheme.to_owned(), host_of(rest).to_owned()))
    };
    let is_fine = match (parts(api), parts(gateway)) {
        (Some((_, home)), Some((scheme, host))) => match scheme.as_str() {
            "wss" => host == home,
            "ws" => is_loopback(&host) && is_loopback(&home),
            _ => false,
        },
        _ => false,
    };
    if is_fine {
        Ok(gateway.to_owned())
    } else {
        Err(Fatal(format!(
            "the server `{api}` names a gateway elsewhere (`{gateway}`): the token is not sent there; check [discord] api_url"
        )))
    }
}

/// A client. With a gate, what the library's limiter does is told to it.
pub(super) fn build(access: &Access, gate: Option<&Gate>) -> Result<Http, Fatal> {
    let token = access.token.expose_secret();
    let builder = HttpBuilder::new(token);
    if let Some(api) = &access.api_url {
        // serenity ignores the proxy unless its own limiter is off.
        return Ok(builder.proxy(api.as_str()).ratelimiter_disabled(true).build());
    }
    let client = client(access.stand_in.as_ref())?;
    let mut limiter = Ratelimiter::new(client.clone(), format!("Bot {token}"));
    if let Some(gate) = gate.cloned() {
        limiter.set_ratelimit_callback(Box::new(move |info| {
            gate.waits(place_of(&info.path), info.timeout, info.global);
        }));
    }
    Ok(builder.client(client).ratelimiter(limiter).build())
}

fn client(stand_in: Option<&StandIn>) -> Result<reqwest::Client, Fatal> {
    let failed = |error: reqwest::Error| {
        Fatal(format!("[discord] ca_file holds no certificate that can be used: {error}"))
    };
    let mut builder = reqwest::Client::builder().use_rustls_tls();
    if let Some(StandIn { ca, address }) = stand_in {
        let ca = reqwest::Certificate::from_pem(ca.as_bytes()).map_err(failed)?;
        builder = builder.add_root_certificate(ca).resolve("discord.com", *address).no_proxy();
    }
    builder.build().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn the_gateway_belongs_to_the_same_server() {
        for (api, gateway, good) in [
            ("http://127.0.0.1:80", "ws://127.0.0.1:81", true),
            ("http://localhost:80", "ws://127.0.0.1:80/", true),
            ("https://discord.example", "wss://discord.example/?v=10", true),
            ("https://discord.example", "wss://gateway.discord.gg", false),
            ("http://127.0.0.1:80", "wss://gateway.discord.gg", false),
            ("https://discord.example", "ws://discord.example", false),
            ("http://127.0.0.1:80", "nonsense", false),
        ] {
            assert_eq!(near(api, gateway).is_ok(), good, "{api} {gateway}");
        }
    }
}
