//! `footnote run`: wires settings, store, app and Discord together. Knows how the parts fit, and nothing of what they do.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::{error, info, warn};

use crate::app::App;
use crate::app::engine::Engine;
use crate::app::reload::adopt;
use crate::app::rules::Rules;
use crate::cli::{Exit, Failure};
use crate::config::{self, Config};
use crate::content;
use crate::content::load::Loaded;
use crate::discord::{self, Access, now};
use crate::model::diagnostic::Severity;
use crate::ops::metrics::Metrics;
use crate::ops::tasks::Tasks;
use crate::ops::telemetry;
use crate::store::Store;

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
    telemetry::start(&config.log_level, config.log_format).map_err(Failure::Said)?;
    match serve(config) {
        Ok(()) => Ok(Exit::Done),
        Err(message) => {
            // Once there are logs it is said there, in their form.
            error!("{message}");
            Ok(Exit::Incomplete)
        }
    }
}

fn serve(config: Config) -> Result<(), String> {
    let Some(token) = config.token.clone() else {
        return Err(
            "there is no token: put it into DISCORD_TOKEN, or its file's path into DISCORD_TOKEN_FILE".to_owned(),
        );
    };
    let app = open(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("the system gives no threads: {error}"))?;
    let tasks = Tasks::new(runtime.handle().clone());
    let access = Access { token, api_url: config.api_url };
    let ended = runtime.block_on(async {
        tasks.spawn(stop_on_signal(tasks.clone()));
        discord::run(access, Arc::clone(&app), tasks.clone()).await
    });
    // What hangs beyond the deadline is left behind.
    runtime.shutdown_background();
    app.flush().map_err(|error| error.to_string())?;
    ended.map_err(|fatal| fatal.to_string())?;
    info!("stopped");
    Ok(())
}

fn open(config: &Config) -> Result<Arc<App>, String> {
    let loaded = load(&config.responses)?;
    let store = Store::open(&config.store, now()).map_err(|error| error.to_string())?;
    let adopted = adopt(&store, &loaded).map_err(|error| error.to_string())?;
    for claim in &adopted.held_back {
        warn!(claim = claim.as_str(), "answers as it was before its file had an error");
    }
    let rules = Rules { modes: config.channels.clone(), everywhere: config.policy.clone() };
    let engine = Engine::from(adopted);
    info!(
        claims = engine.catalog.published().count(),
        channels = rules.modes.len(),
        "ready to connect"
    );
    let app = App::open(store, engine, rules, Arc::new(Metrics::default()), now());
    app.map(Arc::new).map_err(|error| error.to_string())
}

/// The response files of a folder. One with an error is said; the others take part.
fn load(folder: &Path) -> Result<Loaded, String> {
    let loaded = content::load::load(folder).map_err(|error| {
        format!("{error}: give the folder of the response files as [responses] path")
    })?;
    for found in loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        let line = loaded.files.place(found.span).line;
        let place = format!("{}:{line}", loaded.files.path(found.span.file));
        warn!(%place, code = found.code.0, "{}; `footnote check` says more", found.message);
    }
    Ok(loaded)
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
