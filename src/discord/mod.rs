//! The edge to Discord: gateway events become [`crate::app::event::Incoming`], [`crate::app::event::Action`]s become requests. The only folder that names serenity; knows neither sled, files nor matching.

pub mod buttons;
pub mod checkup;
mod commands;
mod connect;
mod convert;
mod failure;
mod gate;
mod gateway;
mod lanes;
pub mod overheard;
mod send;
mod steps;
mod topology;
mod wires;
mod words;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use tracing::{info, warn};

use crate::app::App;
use crate::app::event::Incoming;
use crate::config::StandIn;
use crate::discord::connect::Connection;
use crate::discord::gate::Gate;
use crate::discord::gateway::Gateway;
use crate::discord::lanes::Lanes;
use crate::discord::overheard::Ear;
use crate::discord::send::Sender;
use crate::discord::wires::Wires;
use crate::ops::health::Health;
use crate::ops::tasks::Tasks;
use crate::policy::delicate::Delicate;
use crate::policy::place::Moment;

/// How long what is in flight may take to end when the bot is stopped. Docker kills after ten
/// seconds, and the store wants to be written after us.
const GRACE: Duration = Duration::from_secs(8);

/// How often it is asked whether files changed what answers.
const NEWS: Duration = Duration::from_secs(2);

/// How often what is too old is forgotten.
const TIDY: Duration = Duration::from_secs(3600);

/// What the connection needs to know.
#[derive(Debug, Clone)]
pub struct Access {
    /// The bot's token.
    pub token: SecretString,
    /// A Discord-compatible server instead of Discord.
    pub api_url: Option<String>,
    /// A stand-in for Discord on this machine.
    pub stand_in: Option<StandIn>,
    /// Whether we ask for what messages say.
    pub message_content: bool,
    /// In whose places nobody is corrected, by their names.
    pub delicate: Delicate,
}

/// Why the bot cannot run on: one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fatal(pub String);

/// The time. Everything below takes it as an argument.
#[expect(clippy::disallowed_methods, reason = "the edge that reads the clock")]
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Runs until `tasks` are told to stop, or Discord ends it for good.
///
/// # Errors
/// Where Discord cannot be reached or refuses us.
pub async fn run(
    access: Access,
    app: Arc<App>,
    health: Arc<Health>,
    ear: Ear,
    tasks: Tasks,
) -> Result<(), Fatal> {
    let gate = Gate::new(app.shared_metrics());
    let wires = tokio::select! {
        wires = Wires::preflight(&access, &gate) => wires?,
        // Nothing was begun: there is nobody to say goodbye to.
        () = tasks.stopped() => return Ok(()),
    };
    let http = Arc::clone(&wires.http);
    let sender = Sender::new(Arc::clone(&http), Arc::clone(&app), gate.clone(), tasks.clone());
    let lanes = Lanes::new(Arc::clone(&app), sender.perform(), tasks.clone(), now);
    tidy_hourly(Arc::clone(&app), lanes.clone(), &tasks);
    listen_for_news(Arc::clone(&app), lanes.clone(), &tasks);

    let gateway = Gateway::new(
        lanes.clone(),
        http,
        gate.clone(),
        Arc::clone(&health),
        tasks.clone(),
        &access,
    );
    let mut connection = Connection::start(wires, gateway, Arc::clone(&health))?;
    let ended = tokio::select! {
        ended = connection.ended() => ended,
        fatal = gate.ended() => Err(fatal),
        fatal = ear.heard() => {
            connection.is_lost();
            Err(fatal)
        }
        () = tasks.stopped() => Ok(()),
    };
    info!("stopping");
    health.stop();
    tasks.stop();
    lanes.close();
    let (all_ended, ()) = tokio::join!(tasks.join(GRACE), connection.close(GRACE));
    if !all_ended {
        warn!("some answers were still in flight: the next start looks for them");
    }
    ended
}

/// Tells when other claims answer than before.
fn listen_for_news(app: Arc<App>, lanes: Lanes, tasks: &Tasks) {
    let stop = tasks.clone();
    tasks.spawn(async move {
        let mut tick = tokio::time::interval(NEWS);
        // At the start the connection's standing tells.
        tick.tick().await;
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                _ = tick.tick() => {}
            }
            if app.has_news() {
                lanes.push(Incoming::News);
            }
        }
    });
}

/// Forgets what is too old, from time to time.
fn tidy_hourly(app: Arc<App>, lanes: Lanes, tasks: &Tasks) {
    let stop = tasks.clone();
    tasks.spawn(async move {
        let mut tick = tokio::time::interval(TIDY);
        loop {
            tokio::select! {
                () = stop.stopped() => return,
                _ = tick.tick() => {}
            }
            if let Err(error) = app.prune(now()) {
                warn!(%error, "what is too old could not be forgotten");
            }
            lanes.push(Incoming::Hour);
        }
    });
}
