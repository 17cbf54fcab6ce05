//! `footnote run`: wires settings, store, app and Discord together. Knows how the parts fit, and nothing of what they do.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tracing::{error, info, warn};

use crate::app::App;
use crate::app::reload;
use crate::app::rules::Rules;
use crate::cli::current::keep_current;
use crate::cli::store::door;
use crate::cli::{Exit, Failure};
use crate::config::{self, Config};
use crate::discord::overheard::{self, Ear};
use crate::discord::{self, Access, now};
use crate::ops::export::Exporter;
use crate::ops::health::Health;
use crate::ops::metrics::Metrics;
use crate::ops::tasks::Tasks;
use crate::ops::telemetry::Library;
use crate::ops::{listener, telemetry};
use crate::store::Store;
use crate::store::backup::{Backups, LOOKED_FOR, Restored};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The settings; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Runs the bot until it is told to stop.
///
/// # Errors
/// What is wrong with the settings, before there are logs.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config =
        config::load(args.config.as_deref()).map_err(|error| Failure::Said(error.to_string()))?;
    let ear = Ear::default();
    let library = Library { ear: Some(ear.layer()), quotes: overheard::quotes };
    telemetry::start(&config.log_level, config.log_format, library).map_err(Failure::Said)?;
    let metrics = Arc::new(Metrics::default());
    telemetry::count_panics(Arc::clone(&metrics));
    match serve(config, metrics, ear) {
        Ok(()) => Ok(Exit::Done),
        Err(message) => {
            // Once there are logs it is said there, in their form.
            error!("{message}");
            Ok(Exit::Incomplete)
        }
    }
}

fn serve(config: Config, metrics: Arc<Metrics>, ear: Ear) -> Result<(), String> {
    let Some(token) = config.token.clone() else {
        return Err(
            "there is no token: put it into DISCORD_TOKEN, or its file's path into DISCORD_TOKEN_FILE".to_owned(),
        );
    };
    let backups = Backups::beside(&config.store, config.backups);
    let app = open(&config, &backups, metrics)?;
    door::open(&config.store, Arc::clone(&app));
    let health = Arc::new(Health::default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("the system gives no threads: {error}"))?;
    let tasks = Tasks::new(runtime.handle().clone());
    let access = Access {
        token,
        api_url: config.api_url,
        stand_in: config.stand_in,
        message_content: config.message_content,
        delicate: config.delicate.clone(),
    };
    let ended = runtime.block_on(async {
        tasks.spawn(stop_on_signal(tasks.clone()));
        tasks.spawn(back_up_daily(Arc::clone(&app), backups, tasks.clone()));
        if let Some(address) = config.listen {
            show(address, &app, Arc::clone(&health), &tasks).await?;
        }
        let ended = discord::run(access, Arc::clone(&app), health, ear, tasks.clone()).await;
        ended.map_err(|fatal| fatal.to_string())
    });
    // What hangs beyond the deadline is left behind.
    runtime.shutdown_background();
    app.flush().map_err(|error| error.to_string())?;
    ended?;
    info!("stopped");
    Ok(())
}

/// Shows health and metrics. Where the address cannot be had, the bot runs on without: what it is
/// there for is answering.
async fn show(
    address: SocketAddr,
    app: &Arc<App>,
    health: Arc<Health>,
    tasks: &Tasks,
) -> Result<(), String> {
    let (socket, address) = match listener::listen(address).await {
        Ok(listening) => listening,
        Err(error) => {
            warn!(%address, %error, "health and metrics cannot be shown: give another [ops] listen, or \"off\"");
            return Ok(());
        }
    };
    let live = Arc::clone(app.live());
    let claims = Box::new(move || live.load().catalog.published().count());
    let exporter = Arc::new(Exporter::new(app.shared_metrics(), Arc::clone(&health), claims)?);
    info!(%address, "health and metrics are shown");
    tasks.spawn(listener::serve(socket, exporter, health, tasks.clone()));
    Ok(())
}

fn open(config: &Config, backups: &Backups, metrics: Arc<Metrics>) -> Result<Arc<App>, String> {
    let opened = Store::open_or_restore(&config.store, backups, now());
    let Restored { store, from } = opened.map_err(|error| error.at(&config.store).to_string())?;
    if let Some(backup) = from {
        error!(backup = %backup.display(), "the store was beyond repair: it was made anew from a backup, and what came after that is lost");
    }
    let started = reload::start(&config.responses, &config.lint, Some(&store));
    let (engine, problems) = started.map_err(|error| {
        format!("{error}: give the folder of the response files as [responses] path")
    })?;
    let rules = Rules { modes: config.channels.clone(), everywhere: config.policy.clone() };
    let claims = engine.catalog.published().count();
    let app = App::open(store, engine, rules, metrics, now());
    let app = app.map_err(|error| error.at(&config.store).to_string())?;
    let app = app.linking_to(config.site_url.clone());
    info!(claims, channels = app.switched_on(), "ready to connect");
    reload::report(app.live(), problems);
    let live = Arc::clone(app.live());
    let (folder, levels) = (config.responses.clone(), config.lint.clone());
    let store = Some(app.store().clone());
    if let Err(error) = keep_current(folder, config.watching, levels, live, store) {
        warn!("{error}: changed files wait for a restart; [responses] watch = \"poll\" may help");
    }
    Ok(Arc::new(app))
}

/// Makes a backup a day. Its hours are those of the clock, not of our start: who restarts often has
/// one a day too.
async fn back_up_daily(app: Arc<App>, backups: Backups, tasks: Tasks) {
    let mut tick = tokio::time::interval(LOOKED_FOR);
    loop {
        tokio::select! {
            () = tasks.stopped() => return,
            _ = tick.tick() => {}
        }
        let (app, backups) = (Arc::clone(&app), backups.clone());
        // The disk is waited for elsewhere than where answers are made.
        let made = tokio::task::spawn_blocking(move || backups.make(app.store(), now())).await;
        match made {
            Ok(Ok(Some(path))) => info!(path = %path.display(), "today's backup is made"),
            Ok(Ok(None)) | Err(_) => {}
            Ok(Err(error)) => {
                warn!(%error, "today's backup cannot be made; it is tried again in an hour");
            }
        }
    }
}

/// Waits for the first request to stop, whichever it is.
async fn stop_on_signal(tasks: Tasks) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        error!("signals cannot be heard: the bot stops only by being killed, which loses nothing");
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
        () = tasks.stopped() => {}
    }
    tasks.stop();
}
