//! `footnote doctor`: what is wrong with a set-up, and what to do. Knows what is looked at and prints it; what things mean is theirs to say.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::app::reload;
use crate::cli::store::set_modes;
use crate::cli::{Exit, Failure};
use crate::config::{self, Config};
use crate::discord::checkup::{self, Finding, State};
use crate::discord::{Access, now};
use crate::model::diagnostic::Levels;
use crate::ops::listener;
use crate::policy::place::ChannelId;
use crate::policy::settings::Mode;
use crate::store::{Store, StoreError};

/// What `doctor` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The settings; `config.toml` in the working directory where it is left out
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Asks nothing of Discord
    #[arg(long)]
    pub offline: bool,
    /// Only asks the bot that runs with these settings whether it is ready: for containers
    #[arg(long, conflicts_with = "offline")]
    pub health: bool,
}

/// Looks at everything and says what it saw.
///
/// # Errors
/// Where the settings cannot be read: nothing else can be looked at then.
pub fn run(args: &Args, out: &mut impl Write) -> Result<Exit, Failure> {
    let config =
        config::load(args.config.as_deref()).map_err(|error| Failure::Said(error.to_string()))?;
    if args.health {
        return health(&config, out);
    }
    let mut found = vec![Finding::fine("settings", "all can be read")];
    found.push(files(&config.responses, &config.lint));
    found.push(store(&config.store));
    let (on, note) = switched_on(&config);
    found.push(channels(&config, &on));
    found.extend(note);
    if args.offline {
        found.push(Finding::note("discord", "not asked", ""));
    } else {
        found.extend(discord(config, &on)?);
    }
    for finding in &found {
        write(finding, out)?;
    }
    let wrong = found.iter().filter(|finding| finding.state == State::Wrong).count();
    match wrong {
        0 => writeln!(out, "\nNothing is wrong.")?,
        1 => writeln!(out, "\nOne thing is wrong.")?,
        more => writeln!(out, "\n{more} things are wrong.")?,
    }
    Ok(if wrong == 0 { Exit::Done } else { Exit::Findings })
}

/// Asks the running bot.
fn health(config: &Config, out: &mut impl Write) -> Result<Exit, Failure> {
    let Some(address) = config.listen else {
        return Err(Failure::Said(
            "the bot shows its health nowhere: give [ops] listen an address".to_owned(),
        ));
    };
    let (is_well, says) = listener::ask(near(address), "/readyz")
        .unwrap_or_else(|error| (false, format!("no bot answers at {address}: {error}")));
    writeln!(out, "{says}")?;
    Ok(if is_well { Exit::Done } else { Exit::Findings })
}

/// Who listens everywhere is asked from here.
fn near(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        ip if !ip.is_unspecified() => address,
        IpAddr::V4(_) | IpAddr::V6(_) => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
        }
    }
}

/// Reads the files as a start would.
fn files(folder: &Path, levels: &Levels) -> Finding {
    let (engine, problems) = match reload::start(folder, levels, None) {
        Ok(read) => read,
        Err(error) => {
            let hint = "give the folder of the response files as [responses] path";
            return Finding::wrong("files", error.to_string(), hint);
        }
    };
    let published = engine.catalog.published().count();
    let shown = folder.display();
    match (published, problems.len()) {
        (0, _) => Finding::wrong(
            "files",
            format!("no claim of `{shown}` can be used"),
            format!("`footnote check {shown}` says why"),
        ),
        (_, 0) => Finding::fine("files", format!("{published} claims")),
        (_, errors) => Finding::wrong(
            "files",
            format!("{published} claims, and {errors} errors; what has an error takes no part"),
            format!("`footnote check {shown}` says where"),
        ),
    }
}

/// Looks at the store as a start would, and makes none where there is none yet.
fn store(path: &Path) -> Finding {
    let shown = path.display();
    if !path.exists() {
        return Finding::fine("store", format!("`{shown}` will be made at the first start"));
    }
    match Store::open(path, now()) {
        Ok(store) => match store.answers() {
            Ok((answers, 0)) => {
                Finding::fine("store", format!("opens, and remembers {} answers", answers.len()))
            }
            Ok((_, unreadable)) => Finding::note(
                "store",
                format!("{unreadable} of its answers cannot be read"),
                "they are left alone; the bot runs without them",
            ),
            Err(error) => broken(&error.at(path)),
        },
        Err(StoreError::InUse(_)) => Finding::note(
            "store",
            "a running bot has it open, so it was not looked into",
            "stop the bot first if the store is what you doubt",
        ),
        Err(error) => broken(&error),
    }
}

/// What went wrong, and the way out that stands behind it.
fn broken(error: &StoreError) -> Finding {
    let said = error.to_string();
    let (what, hint) = said.rsplit_once("; ").unwrap_or((&said, ""));
    Finding::wrong("store", what, hint)
}

/// The channels that are on. What moderators have set goes before the settings, as for a running
/// bot; where the store cannot say it, that is said.
fn switched_on(config: &Config) -> (Vec<ChannelId>, Option<Finding>) {
    let (set, note) = match set_modes(&config.store) {
        Ok(set) => (set, None),
        Err(error) => {
            let what = format!("what moderators have set is not known: {error}");
            (Vec::new(), Some(Finding::note("channels", what, "")))
        }
    };
    let mut modes = config.channels.clone();
    modes.extend(set);
    modes.retain(|_, mode| *mode != Mode::Off);
    (modes.into_keys().collect(), note)
}

fn channels(config: &Config, on: &[ChannelId]) -> Finding {
    let is_on =
        |channel: &&ChannelId| config.channels.get(channel).is_some_and(|mode| *mode != Mode::Off);
    let by_settings = on.iter().filter(is_on).count();
    match (by_settings, on.len().saturating_sub(by_settings)) {
        (0, 0) => Finding::note(
            "channels",
            "none is switched on",
            "name some under [channels], or switch one on with /footnote-mod mode; until then nothing is answered but commands",
        ),
        (count, 0) => Finding::fine("channels", format!("{count} are switched on in the settings")),
        (count, set) => Finding::fine(
            "channels",
            format!("{count} are switched on in the settings, {set} by moderators"),
        ),
    }
}

fn discord(config: Config, on: &[ChannelId]) -> Result<Vec<Finding>, Failure> {
    let Some(token) = config.token else {
        return Ok(vec![Finding::wrong(
            "token",
            "there is none",
            "put it into DISCORD_TOKEN, or its file's path into DISCORD_TOKEN_FILE",
        )]);
    };
    let access = Access {
        token,
        api_url: config.api_url,
        stand_in: config.stand_in,
        message_content: config.message_content,
        delicate: config.delicate.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Said(format!("the system gives no threads: {error}")))?;
    Ok(runtime.block_on(checkup::look(&access, on)))
}

fn write(finding: &Finding, out: &mut impl Write) -> Result<(), Failure> {
    let state = match finding.state {
        State::Fine => "ok",
        State::Note => "note",
        State::Wrong => "WRONG",
    };
    writeln!(out, "{state:<6} {:<12} {}", finding.subject, finding.what)?;
    if !finding.hint.is_empty() {
        writeln!(out, "{:<6} {:<12} → {}", "", "", finding.hint)?;
    }
    Ok(())
}
