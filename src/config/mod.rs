//! `config.toml` and the environment become a [`Config`], or a list of everything that is wrong. The only reader of the environment. Knows no surface and no clock.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use toml::de::{DeTable, DeValue};
use tracing_subscriber::EnvFilter;

use crate::model::code;
use crate::model::diagnostic::{Code, Levels, Severity};
use crate::model::score::Score;
use crate::policy::place::ChannelId;
use crate::policy::settings::{Mode, OnEdit, Settings};

/// All settings, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the response files.
    pub responses: PathBuf,
    /// How changes in that folder are noticed.
    pub watching: Watching,
    /// The folder of the store.
    pub store: PathBuf,
    /// How many daily backups of it are kept.
    pub backups: usize,
    /// A Discord-compatible server instead of Discord, without a slash at its end.
    pub api_url: Option<String>,
    /// The mode of each channel that is named.
    pub channels: BTreeMap<ChannelId, Mode>,
    /// What holds in every channel, beside its mode.
    pub policy: Settings,
    /// How grave findings about response files are taken, where that differs from the rules.
    pub lint: Levels,
    /// How a line of the log looks.
    pub log_format: LogFormat,
    /// How much is logged.
    pub log_level: String,
    /// The bot's token; none where none was given.
    pub token: Option<SecretString>,
}

impl Default for Config {
    /// As `config.toml` ships, without a token.
    fn default() -> Self {
        Self {
            responses: PathBuf::from("responses"),
            watching: Watching::default(),
            store: PathBuf::from("data/store"),
            backups: 7,
            api_url: None,
            channels: BTreeMap::new(),
            policy: Settings::default(),
            lint: Levels::default(),
            log_format: LogFormat::Human,
            log_level: "info".to_owned(),
            token: None,
        }
    }
}

/// How changes in the folder of the response files are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watching {
    /// The system reports them.
    #[default]
    Events,
    /// Somebody looks, again and again.
    Poll,
    /// Not at all: claims change with a restart.
    Off,
}

impl Watching {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Events, Self::Poll, Self::Off];

    /// The word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Poll => "poll",
            Self::Off => "off",
        }
    }
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Human, Self::Json];

    /// The word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
        }
    }
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub Vec<Problem>);

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File and line, or the name of a variable.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// The way out.
    pub hint: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            let newline = if at == 0 { "" } else { "\n" };
            write!(f, "{newline}{}: {}\n  hint: {}", problem.place, problem.what, problem.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Where the settings are looked for when nobody says where.
pub const DEFAULT_FILE: &str = "config.toml";

/// Reads the file and the environment. Without `file` the default one is read where it is there.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    load_with(file, |_| true)
}

/// The levels of `[lint]` alone: checking files asks for no other setting, so no variable for another can spoil it.
///
/// # Errors
/// Everything that is wrong with the file, at once.
pub fn load_levels(file: Option<&Path>) -> Result<Levels, ConfigError> {
    load_with(file, |name| name.starts_with("FOOTNOTE_LINT__")).map(|config| config.lint)
}

fn load_with(file: Option<&Path>, is_wanted: impl Fn(&str) -> bool) -> Result<Config, ConfigError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            String::new()
        }
        Err(error) => {
            return Err(ConfigError(vec![Problem {
                place: name,
                what: format!("the settings cannot be read: {error}"),
                hint: "give the path of a readable file with --config".to_owned(),
            }]));
        }
    };
    let variables: Vec<_> = std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(key, _)| is_wanted(key))
        .collect();
    parse(&name, &text, &variables)
}

/// Reads settings from a text and some variables. The file of a token is the only one it opens.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn parse(
    name: &str,
    text: &str,
    variables: &[(String, String)],
) -> Result<Config, ConfigError> {
    let mut reading = Reading { config: Config::default(), problems: Vec::new() };
    reading.file(name, text);
    reading.environment(variables);
    reading.token(variables);
    if reading.problems.is_empty() {
        Ok(reading.config)
    } else {
        Err(ConfigError(reading.problems))
    }
}

/// A value as it was given.
enum Given {
    Text(String),
    Number(i64),
    Other(&'static str),
}

/// Puts a value into the settings; the error is what was expected.
type Set = fn(&mut Config, &Given) -> Result<(), String>;

/// All settings but the channels, whose names are numbers.
const SETTINGS: [(&str, &str, Set); 14] = [
    ("responses", "path", |config, given| text(given).map(|it| config.responses = it.into())),
    ("responses", "watch", |config, given| watching(given).map(|it| config.watching = it)),
    ("store", "path", |config, given| text(given).map(|it| config.store = it.into())),
    ("store", "backups", |config, given| backups(given).map(|it| config.backups = it)),
    ("discord", "api_url", |config, given| api_url(given).map(|it| config.api_url = it)),
    ("policy", "threshold", |config, given| {
        threshold(given).map(|it| config.policy.threshold = it)
    }),
    ("policy", "cooldown_claim", |config, given| {
        seconds(given).map(|it| config.policy.cooldown_claim = it)
    }),
    ("policy", "cooldown_channel", |config, given| {
        seconds(given).map(|it| config.policy.cooldown_channel = it)
    }),
    ("policy", "cooldown_member", |config, given| {
        seconds(given).map(|it| config.policy.cooldown_member = it)
    }),
    ("policy", "budget_hour", |config, given| {
        count(given).map(|it| config.policy.budget_hour = it)
    }),
    ("policy", "budget_day", |config, given| count(given).map(|it| config.policy.budget_day = it)),
    ("policy", "on_edit", |config, given| on_edit(given).map(|it| config.policy.on_edit = it)),
    ("log", "format", |config, given| log_format(given).map(|it| config.log_format = it)),
    ("log", "level", |config, given| log_level(given).map(|it| config.log_level = it)),
];

/// The section whose keys are channels.
const CHANNELS: &str = "channels";

/// The section whose keys are rules of `check`.
const LINT: &str = "lint";

/// What the names of variables that override settings begin with.
const PREFIX: &str = "FOOTNOTE_";

struct Reading {
    config: Config,
    problems: Vec<Problem>,
}

impl Reading {
    fn file(&mut self, name: &str, text: &str) {
        let at = |offset: usize| format!("{name}:{}", line_of(text, offset));
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let offset = error.span().map_or(0, |span| span.start);
                self.problem(
                    at(offset),
                    error.message().to_owned(),
                    "TOML puts texts in quotes, and each section in brackets on a line of its own",
                );
                return;
            }
        };
        for (section, keys) in table.get_ref() {
            let place = at(section.span().start);
            let DeValue::Table(keys) = keys.get_ref() else {
                let what = format!("`{}` stands outside of any section", section.get_ref());
                self.problem(place, what, &sections_hint());
                continue;
            };
            if keys.is_empty() && !is_section(section.get_ref()) {
                self.unknown_section(place, section.get_ref());
            }
            for (key, value) in keys {
                let given = match value.get_ref() {
                    DeValue::String(text) => Given::Text(text.to_string()),
                    DeValue::Integer(number) => number
                        .as_str()
                        .replace('_', "")
                        .parse()
                        .map_or(Given::Other("a number out of range"), Given::Number),
                    DeValue::Float(_) => Given::Other("a number with a point"),
                    DeValue::Boolean(_) => Given::Other("true or false"),
                    DeValue::Datetime(_) => Given::Other("a date"),
                    DeValue::Array(_) => Given::Other("a list"),
                    DeValue::Table(_) => Given::Other("a table"),
                };
                self.set(at(key.span().start), section.get_ref(), key.get_ref(), &given);
            }
        }
    }

    fn environment(&mut self, variables: &[(String, String)]) {
        let mut ours: Vec<_> = variables
            .iter()
            .filter_map(|(name, value)| Some((name, name.strip_prefix(PREFIX)?, value)))
            .collect();
        ours.sort();
        for (name, rest, value) in ours {
            let Some((section, key)) = rest.split_once("__") else {
                let hint = "settings are overridden as FOOTNOTE_SECTION__KEY";
                self.problem(name.clone(), "no setting of that name".to_owned(), hint);
                continue;
            };
            let given = Given::Text(value.clone());
            self.set(name.clone(), &section.to_lowercase(), &key.to_lowercase(), &given);
        }
        // The word that Rust programs share; ours overrides it.
        let is_ours = |name: &str| name == "FOOTNOTE_LOG__LEVEL";
        if !variables.iter().any(|(name, _)| is_ours(name))
            && let Some((name, value)) = variables.iter().find(|(name, _)| name == "RUST_LOG")
        {
            self.set(name.clone(), "log", "level", &Given::Text(value.clone()));
        }
    }

    fn token(&mut self, variables: &[(String, String)]) {
        let value = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        let token = match (value("DISCORD_TOKEN"), value("DISCORD_TOKEN_FILE")) {
            (Some(_), Some(_)) => {
                let what = "both DISCORD_TOKEN and DISCORD_TOKEN_FILE are set".to_owned();
                self.problem("DISCORD_TOKEN".to_owned(), what, "unset one of the two");
                return;
            }
            (Some(token), None) => token.to_owned(),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(token) => token.trim().to_owned(),
                Err(error) => {
                    let what = format!("the file `{path}` cannot be read: {error}");
                    let hint = "name a file that holds the token and nothing else";
                    self.problem("DISCORD_TOKEN_FILE".to_owned(), what, hint);
                    return;
                }
            },
            (None, None) => return,
        };
        if token.is_empty() || token.contains(char::is_whitespace) {
            // The value itself is never shown, not even a wrong one.
            let what = "this does not look like a token: it is empty or has spaces".to_owned();
            let hint = "copy the token from the Bot page of the developer portal, without \"Bot \"";
            self.problem("DISCORD_TOKEN".to_owned(), what, hint);
            return;
        }
        self.config.token = Some(token.into());
    }

    fn set(&mut self, place: String, section: &str, key: &str, given: &Given) {
        if section == CHANNELS {
            match channel(key, given) {
                Ok((channel, mode)) => {
                    self.config.channels.insert(channel, mode);
                }
                Err((what, hint)) => self.problem(place, what, &hint),
            }
            return;
        }
        if section == LINT {
            match level(key, given) {
                Ok((code, level)) => drop(self.config.lint.0.insert(code, level)),
                Err((what, hint)) => self.problem(place, what, &hint),
            }
            return;
        }
        if key == "token" || key == "discord_token" {
            let what = "a token does not belong into the settings".to_owned();
            let hint = "put it into the variable DISCORD_TOKEN, or into a file named by \
                 DISCORD_TOKEN_FILE, and make a new one if this file was ever shared";
            self.problem(place, what, hint);
            return;
        }
        let known =
            SETTINGS.iter().find(|(in_section, name, _)| *in_section == section && *name == key);
        match known {
            Some((_, _, set)) => {
                if let Err(expected) = set(&mut self.config, given) {
                    let what = format!("`{section}.{key}` is {}", given.shown());
                    self.problem(place, what, &expected);
                }
            }
            None if is_section(section) => {
                let names =
                    SETTINGS.iter().filter(|(of, _, _)| *of == section).map(|(_, key, _)| *key);
                let hint = format!("[{section}] knows {}", listed(names));
                self.problem(place, format!("unknown key `{key}`"), &hint);
            }
            None => self.unknown_section(place, section),
        }
    }

    fn unknown_section(&mut self, place: String, section: &str) {
        self.problem(place, format!("unknown section [{section}]"), &sections_hint());
    }

    fn problem(&mut self, place: String, what: String, hint: &str) {
        self.problems.push(Problem { place, what, hint: hint.to_owned() });
    }
}

impl Given {
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{text}\""),
            Self::Number(number) => number.to_string(),
            Self::Other(what) => (*what).to_owned(),
        }
    }

    /// The number, also where a variable gave it as text.
    fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Other(_) => None,
        }
    }
}

fn is_section(name: &str) -> bool {
    name == CHANNELS || name == LINT || SETTINGS.iter().any(|(section, _, _)| *section == name)
}

fn sections_hint() -> String {
    let mut names: Vec<_> = SETTINGS.iter().map(|(section, _, _)| *section).collect();
    names.extend([CHANNELS, LINT]);
    names.sort_unstable();
    names.dedup();
    format!("the sections are {}", listed(names.into_iter()))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn text(given: &Given) -> Result<String, String> {
    match given {
        Given::Text(text) if !text.trim().is_empty() => Ok(text.clone()),
        Given::Text(_) | Given::Number(_) | Given::Other(_) => {
            Err("expected a path in quotes".to_owned())
        }
    }
}

fn threshold(given: &Given) -> Result<Score, String> {
    let number = given.number().and_then(|number| u16::try_from(number).ok());
    number.and_then(Score::new).ok_or_else(|| "expected a whole number from 0 to 1000".to_owned())
}

fn seconds(given: &Given) -> Result<Duration, String> {
    let number = given.number().and_then(|number| u32::try_from(number).ok());
    number
        .map(|seconds| Duration::from_secs(seconds.into()))
        .ok_or_else(|| "expected a whole number of seconds, 0 or more".to_owned())
}

fn count(given: &Given) -> Result<u32, String> {
    let number = given.number().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| "expected a whole number, 0 or more".to_owned())
}

fn backups(given: &Given) -> Result<usize, String> {
    let number = given.number().and_then(|number| u8::try_from(number).ok());
    number.map(usize::from).ok_or_else(|| "expected a whole number, 0 to 255".to_owned())
}

fn watching(given: &Given) -> Result<Watching, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    Watching::ALL.into_iter().find(|way| way.word() == word).ok_or_else(|| {
        format!("expected one of {}", listed(Watching::ALL.map(Watching::word).into_iter()))
    })
}

fn on_edit(given: &Given) -> Result<OnEdit, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    OnEdit::ALL.into_iter().find(|one| one.word() == word).ok_or_else(|| {
        format!("expected one of {}", listed(OnEdit::ALL.into_iter().map(OnEdit::word)))
    })
}

fn log_format(given: &Given) -> Result<LogFormat, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    LogFormat::ALL.into_iter().find(|format| format.word() == word).ok_or_else(|| {
        format!("expected one of {}", listed(LogFormat::ALL.into_iter().map(LogFormat::word)))
    })
}

fn log_level(given: &Given) -> Result<String, String> {
    let Given::Text(text) = given else { return Err("expected a text in quotes".to_owned()) };
    EnvFilter::builder().parse(text).map(|_| text.clone()).map_err(|_| {
        "expected `error`, `warn`, `info` or `debug`, or directives as RUST_LOG takes them"
            .to_owned()
    })
}

/// An address that the token may be sent to: encrypted, or not leaving this machine.
fn api_url(given: &Given) -> Result<Option<String>, String> {
    let expected = "expected https://host, or http:// to 127.0.0.1, [::1] or localhost; leave it \
         out for Discord itself";
    let Given::Text(text) = given else { return Err(expected.to_owned()) };
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let is_fine = match text.split_once("://") {
        Some(("https", rest)) => !host_of(rest).is_empty(),
        Some(("http", rest)) => is_loopback(host_of(rest)),
        Some(_) | None => false,
    };
    if is_fine && !text.contains(['@', '?', '#', ' ']) {
        Ok(Some(text.to_owned()))
    } else {
        Err(expected.to_owned())
    }
}

/// The host of what stands behind `://`, without its port.
pub fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.starts_with('[') {
        return authority.split_inclusive(']').next().unwrap_or(authority);
    }
    authority.split(':').next().unwrap_or(authority)
}

/// Whether a host never leaves this machine.
pub fn is_loopback(host: &str) -> bool {
    let is_v4 = host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    is_v4 || host == "[::1]" || host == "localhost"
}

fn channel(key: &str, given: &Given) -> Result<(ChannelId, Mode), (String, String)> {
    let id = key.parse::<u64>().ok().filter(|id| *id != 0).ok_or_else(|| {
        let hint = "switch on Developer Mode in Discord, then Copy Channel ID: a number in quotes";
        (format!("`{key}` is no channel"), hint.to_owned())
    })?;
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    let mode = Mode::parse(word).ok_or_else(|| {
        let modes = listed(Mode::ALL.into_iter().map(Mode::word));
        (format!("{} is no mode", given.shown()), format!("expected one of {modes}"))
    })?;
    Ok((ChannelId(id), mode))
}

/// A rule and the level it has here. Variables cannot have a `-` in their names: there `_` stands for it.
fn level(key: &str, given: &Given) -> Result<(Code, Option<Severity>), (String, String)> {
    let name = key.replace('_', "-");
    let code = code::ALL.iter().copied().find(|code| code.0 == name).ok_or_else(|| {
        let hint = "docs/rules.md names the rules, as in `hard-to-read = \"off\"`";
        (format!("there is no rule `{key}`"), hint.to_owned())
    })?;
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    if word == "off" {
        return Ok((code, None));
    }
    let level = Severity::ALL.into_iter().find(|level| level.word() == word).ok_or_else(|| {
        let levels = listed(Severity::ALL.into_iter().map(Severity::word).chain(["off"]));
        (format!("{} is no level", given.shown()), format!("expected one of {levels}"))
    })?;
    Ok((code, Some(level)))
}

#[cfg(test)]
mod tests;
