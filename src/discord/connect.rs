//! The connection itself: on which thread, and that it ends. Knows no event and no address.

use std::convert::Infallible;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serenity::Client;
use serenity::all::{ConnectionStage, ShardManager};
use serenity::cache::Settings;
use serenity::client::ClientBuilder;
use tokio::sync::oneshot;
use tracing::info;

use crate::discord::gateway::Gateway;
use crate::discord::wires::Wires;
use crate::discord::{Fatal, words};
use crate::ops::health::Health;

/// How often we look whether the connection stands.
const LOOK: Duration = Duration::from_secs(1);

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
    pub(super) fn start(
        wires: Wires,
        gateway: Gateway,
        health: Arc<Health>,
    ) -> Result<Self, Fatal> {
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
                let result = runtime.block_on(connect(wires, gateway, health, give_shards));
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

    /// Discord has closed the connection, and the library does not know: there is nobody to say
    /// goodbye to.
    pub(super) fn is_lost(&mut self) {
        self.is_over = true;
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

/// Looks how the connection is, because nobody tells us when it is lost.
async fn watch(shards: &ShardManager, health: &Health) -> Infallible {
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tick.tick().await;
        let stands = {
            let runners = shards.runners.lock().await;
            !runners.is_empty()
                && runners.values().all(|one| one.stage == ConnectionStage::Connected)
        };
        if health.connected(stands) {
            if stands {
                info!("the connection stands");
            } else {
                info!("the connection is gone, and is made again");
            }
        }
    }
}

async fn connect(
    wires: Wires,
    gateway: Gateway,
    health: Arc<Health>,
    give_shards: oneshot::Sender<Arc<ShardManager>>,
) -> Result<(), Fatal> {
    let mut cache = Settings::default();
    // Messages are heard, decided about and let go.
    cache.max_messages = 0;
    let built = ClientBuilder::new_with_http(wires.gateway_http, wires.intents)
        .cache_settings(cache)
        .event_handler(gateway)
        .await;
    let mut client: Client = built.map_err(|error| Fatal(words::of(&error)))?;
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
    let shards = Arc::clone(&client.shard_manager);
    tokio::select! {
        ended = client.start_autosharded() => ended.map_err(|error| Fatal(words::of(&error))),
        never = watch(&shards, &health) => match never {},
    }
}
