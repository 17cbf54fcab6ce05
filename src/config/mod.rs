//! `config.toml` and the environment become a [`Config`], or a list of everything that is wrong. The only reader of the environment. Knows no surface and no clock.

pub mod given;
mod known;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::de::{DeTable, DeValue};

use crate::config::given::{Given, channel, level, listed, site};
use crate::config::known::SETTINGS;
use crate::model::diagnostic::Levels;
use crate::policy::delicate::Delicate;
use crate::policy::place::ChannelId;
use crate::policy::settings::{Mode, Settings};

/// All settings, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the response files.
    pub responses: PathBuf,
    /// How changes in that folder are noticed.
    pub watching: Watching,
    /// Where the site that `footnote site` writes stands, without a slash at its end.
    pub site_url: Option<String>,
    /// The folder of the store.
    pub store: PathBuf,
    /// How many daily backups of it are kept.
    pub backups: usize,
    /// A Discord-compatible server instead of Discord, without a slash at its end.
    pub api_url: Option<String>,
    /// A stand-in for Discord on this machine, for tests.
    pub stand_in: Option<StandIn>,
    /// Whether we ask for what messages say.
    pub message_content: bool,
    /// Where health and metrics are shown; none where nowhere.
    pub listen: Option<SocketAddr>,
    /// The mode of each channel that is named.
    pub channels: BTreeMap<ChannelId, Mode>,
    /// What holds in every channel, beside its mode.
    pub policy: Settings,
    /// In whose places nobody is corrected, by their names.
    pub delicate: Delicate,
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
            site_url: None,
            store: PathBuf::from("data/store"),
            backups: 7,
            api_url: None,
            stand_in: None,
            message_content: true,
            listen: Some(LISTEN),
            channels: BTreeMap::new(),
            policy: Settings::default(),
            delicate: Delicate::default(),
            lint: Levels::default(),
            log_format: LogFormat::Human,
            log_level: "info".to_owned(),
            token: None,
        }
    }
}

/// A stand-in for Discord: it calls itself discord.com and runs on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// The certificate that vouches for it, as PEM.
    pub ca: String,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Where health and metrics are shown unless somebody says otherwise: to this machine alone.
const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9464);

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

/// The address of the site alone: writing it asks for no other setting.
///
/// # Errors
/// Everything that is wrong with the file, at once.
pub fn load_site_url(file: Option<&Path>) -> Result<Option<String>, ConfigError> {
    load_with(file, |name| name == "FOOTNOTE_RESPONSES__SITE_URL").map(|config| config.site_url)
}

/// The address of a site as somebody gave it; none where it is empty.
///
/// # Errors
/// What was expected.
pub fn site_url(text: &str) -> Result<Option<String>, String> {
    site(&Given::Text(text.to_owned()))
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

/// Reads settings from a text and some variables. It opens only the files of a token and of a certificate.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn parse(
    name: &str,
    text: &str,
    variables: &[(String, String)],
) -> Result<Config, ConfigError> {
    let mut reading =
        Reading { config: Config::default(), ca_file: None, resolve: None, problems: Vec::new() };
    reading.file(name, text);
    reading.environment(variables);
    reading.token(variables);
    reading.stand_in();
    if reading.problems.is_empty() {
        Ok(reading.config)
    } else {
        Err(ConfigError(reading.problems))
    }
}

/// The section whose keys are channels.
const CHANNELS: &str = "channels";

/// The section whose keys are rules of `check`.
const LINT: &str = "lint";

/// What the names of variables that override settings begin with.
const PREFIX: &str = "FOOTNOTE_";

struct Reading {
    config: Config,
    ca_file: Option<PathBuf>,
    resolve: Option<SocketAddr>,
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
                    DeValue::Boolean(flag) => Given::Flag(*flag),
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
            let hint = "copy the token from the Bot page of the developer portal, without \"Bot \"";
            // The value itself is never shown, not even a wrong one.
            let (place, what) = match value("DISCORD_TOKEN_FILE") {
                Some(path) => (
                    "DISCORD_TOKEN_FILE",
                    format!("the file `{path}` holds no token: it is empty or has spaces"),
                ),
                None => {
                    ("DISCORD_TOKEN", "this does not look like a token: it has spaces".to_owned())
                }
            };
            self.problem(place.to_owned(), what, hint);
            return;
        }
        self.config.token = Some(token.into());
    }

    /// A stand-in needs both its settings, and no other server beside it.
    fn stand_in(&mut self) {
        let fault = match (self.resolve, self.ca_file.take()) {
            (None, None) => return,
            (Some(_), Some(_)) if self.config.api_url.is_some() => (
                "`discord.resolve` and `discord.api_url` name two servers",
                "leave one of them out",
            ),
            (Some(address), Some(path)) => match std::fs::read_to_string(&path) {
                Ok(ca) => {
                    self.config.stand_in = Some(StandIn { ca, address });
                    return;
                }
                Err(error) => {
                    let what = format!("the file `{}` cannot be read: {error}", path.display());
                    let hint = "name a file with the certificate of the stand-in, as PEM";
                    self.problem("discord.ca_file".to_owned(), what, hint);
                    return;
                }
            },
            (Some(_), None) => (
                "`discord.resolve` has no `discord.ca_file`",
                "name the file of the certificate that vouches for the stand-in",
            ),
            (None, Some(_)) => (
                "`discord.ca_file` has no `discord.resolve`",
                "a certificate of your own is trusted for a server on this machine alone: name its address",
            ),
        };
        self.problem("discord.resolve".to_owned(), fault.0.to_owned(), fault.1);
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
                if let Err(expected) = set(self, given) {
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

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
