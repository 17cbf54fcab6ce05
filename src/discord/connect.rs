//! The connection itself: which server, on which thread, and in words why it ended. Knows no event.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use secrecy::ExposeSecret;
use serenity::Client;
use serenity::all::{GatewayError, GatewayIntents, Http, HttpBuilder, ShardManager};
use serenity::cache::Settings;
use serenity::client::ClientBuilder;
use tokio::sync::oneshot;
use tracing::info;

use crate::config::{host_of, is_loopback};
use crate::discord::gateway::Gateway;
use crate::discord::lanes::Lanes;
use crate::discord::send::Failure;
use crate::discord::{Access, Fatal};
use crate::ops::tasks::Tasks;

/// What we hear: servers and their channels, messages in them, and what those say.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::MESSAGE_CONTENT);

/// The first answer of a server takes longer than this only where nobody answers.
const PREFLIGHT: Duration = Duration::from_secs(10);

/// Whether we ask to read what people write without being mentioned; Discord ends the connection
/// where that is refused.
pub(super) const fn reads_content() -> bool {
    INTENTS.contains(GatewayIntents::MESSAGE_CONTENT)
}

const WRONG_TOKEN: &str = "Discord refuses the token: copy the current one from the Bot page of the developer portal into DISCORD_TOKEN, without \"Bot \"";

/// How requests go out.
pub(super) struct Wires {
    /// For our own requests.
    pub(super) http: Arc<Http>,
    /// For the connection: serenity wants one of its own.
    gateway_http: Http,
    /// The address that the connection must have; none for Discord itself.
    gateway_url: Option<String>,
}

impl Wires {
    /// Makes sure that the server answers, before anything of serenity's could fall back to the
    /// real Discord: it does so silently where the first request fails.
    pub(super) async fn preflight(access: &Access) -> Result<Self, Fatal> {
        let http = Arc::new(build(access));
        let gateway_url = match &access.api_url {
            Some(api) => Some(gateway_of(api, &http).await?),
            None => None,
        };
        Ok(Self { http, gateway_http: build(access), gateway_url })
    }
}

async fn gateway_of(api: &str, http: &Http) -> Result<String, Fatal> {
    let failure = match tokio::time::timeout(PREFLIGHT, http.get_gateway()).await {
        Ok(Ok(gateway)) => return near(api, &gateway.url),
        Ok(Err(error)) => Failure::of(&error),
        Err(_) => Failure::Unclear,
    };
    Err(Fatal(match failure {
        Failure::Status { status: 401, .. } => WRONG_TOKEN.to_owned(),
        failure => format!(
            "the server `{api}` gives no gateway ({failure}): check [discord] api_url, or remove it to use Discord itself"
        ),
    }))
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

fn build(access: &Access) -> Http {
    let builder = HttpBuilder::new(access.token.expose_secret());
    match &access.api_url {
        // serenity ignores the proxy unless its own limiter is off.
        Some(api) => builder.proxy(api.as_str()).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

/// A running connection.
pub(super) struct Connection {
    shards: Option<oneshot::Receiver<Arc<ShardManager>>>,
    ended: oneshot::Receiver<Result<(), Fatal>>,
    is_over: bool,
}

impl Connection {
    /// Connects on a thread of its own. serenity starts a task for each event and keeps no order
    /// among them; on a runtime of one thread they run in the order in which they were started,
    /// and as ours only put the event into its lane, the order of the gateway is kept. It also
    /// means that no amount of matching delays a heartbeat.
    pub(super) fn start(wires: Wires, lanes: Lanes, tasks: Tasks) -> Result<Self, Fatal> {
        let (give_shards, shards) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let failed = |error: std::io::Error| {
            Fatal(format!("the system gives no thread ({error}): free some resources"))
        };
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        thread::Builder::new()
            .name("gateway".to_owned())
            .spawn(move || {
                let result = runtime.block_on(connect(wires, lanes, tasks, give_shards));
                // Nobody listens any more where the bot was stopped first.
                let _ = end.send(result);
            })
            .map_err(failed)?;
        Ok(Self { shards: Some(shards), ended, is_over: false })
    }

    /// Resolves when the connection ended for good.
    pub(super) async fn ended(&mut self) -> Result<(), Fatal> {
        let ended = (&mut self.ended).await;
        self.is_over = true;
        ended.unwrap_or_else(|_| {
            Err(Fatal(
                "the connection's thread panicked: restart, and report the place logged above"
                    .to_owned(),
            ))
        })
    }

    /// Says goodbye to Discord, within `deadline`. Where the connection is still being made there
    /// is nobody to say it to.
    pub(super) async fn close(mut self, deadline: Duration) {
        if self.is_over {
            return;
        }
        let goodbye = async {
            if let Some(mut shards) = self.shards.take()
                && let Ok(shards) = shards.try_recv()
            {
                shards.shutdown_all().await;
                let _ = (&mut self.ended).await;
            }
        };
        let _ = tokio::time::timeout(deadline, goodbye).await;
    }
}

async fn connect(
    wires: Wires,
    lanes: Lanes,
    tasks: Tasks,
    give_shards: oneshot::Sender<Arc<ShardManager>>,
) -> Result<(), Fatal> {
    let mut cache = Settings::default();
    // Messages are heard, decided about and let go.
    cache.max_messages = 0;
    let gateway = Gateway::new(lanes, wires.http, tasks);
    let built = ClientBuilder::new_with_http(wires.gateway_http, INTENTS)
        .cache_settings(cache)
        .event_handler(gateway)
        .await;
    let mut client: Client = built.map_err(|error| fatal(&error))?;
    if let Some(expected) = &wires.gateway_url {
        let actual = client.ws_url.lock().await.clone();
        if actual != *expected {
            return Err(Fatal(
                "the server stopped answering while the connection was made: try again, or check [discord] api_url".to_owned(),
            ));
        }
    }
    let _ = give_shards.send(Arc::clone(&client.shard_manager));
    info!("connecting");
    client.start_autosharded().await.map_err(|error| fatal(&error))
}

/// Why it ended, as a sentence that says what to do.
fn fatal(error: &serenity::Error) -> Fatal {
    let sentence = match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => WRONG_TOKEN.to_owned(),
        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents) => {
            "Discord refuses the Message Content intent: switch it on under Privileged Gateway Intents on the Bot page of the developer portal, and start again".to_owned()
        }
        serenity::Error::Gateway(GatewayError::InvalidGatewayIntents) => {
            "Discord does not know the intents of this version: update footnote".to_owned()
        }
        other => match Failure::of(other) {
            Failure::Status { status: 401, .. } => WRONG_TOKEN.to_owned(),
            failure => format!("the connection to Discord ended ({failure}): check the network and https://discordstatus.com, and start again"),
        },
    };
    Fatal(sentence)
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
