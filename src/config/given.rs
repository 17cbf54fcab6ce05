//! What a value may be: each reader takes it as it was given, and otherwise says what was expected. Knows no key and no file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Watching};
use crate::model::code;
use crate::model::diagnostic::{Code, Severity};
use crate::model::score::Score;
use crate::policy::delicate::Delicate;
use crate::policy::hours::QuietHours;
use crate::policy::place::ChannelId;
use crate::policy::settings::{LONGEST_DELAY, Mode, OnEdit, Style};

/// A value as it was given.
pub(super) enum Given {
    Text(String),
    Number(i64),
    Flag(bool),
    Other(&'static str),
}

impl Given {
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{text}\""),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Other(what) => (*what).to_owned(),
        }
    }

    /// The number, also where a variable gave it as text.
    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Flag(_) | Self::Other(_) => None,
        }
    }
}

pub(super) fn text(given: &Given) -> Result<String, String> {
    match given {
        Given::Text(text) if !text.trim().is_empty() => Ok(text.clone()),
        Given::Text(_) | Given::Number(_) | Given::Flag(_) | Given::Other(_) => {
            Err("expected a path in quotes".to_owned())
        }
    }
}

/// A path, or nothing where the text is empty.
pub(super) fn optional(given: &Given) -> Result<Option<PathBuf>, String> {
    match given {
        Given::Text(text) if text.trim().is_empty() => Ok(None),
        given => text(given).map(|path| Some(path.into())),
    }
}

pub(super) fn flag(given: &Given) -> Result<bool, String> {
    match given {
        Given::Flag(flag) => Ok(*flag),
        Given::Text(text) => text.trim().parse().map_err(|_| String::new()),
        Given::Number(_) | Given::Other(_) => Err(String::new()),
    }
    .map_err(|_| "expected true or false, without quotes".to_owned())
}

/// An address to listen at.
pub(super) fn listen(given: &Given) -> Result<Option<SocketAddr>, String> {
    let word = if let Given::Text(text) = given { text.trim() } else { "" };
    if word == "off" {
        return Ok(None);
    }
    word.parse().map(Some).map_err(|_| {
        "expected an address with a port, as \"127.0.0.1:9464\", or \"off\"".to_owned()
    })
}

/// An address on this machine; the token is sent there.
pub(super) fn loopback(given: &Given) -> Result<Option<SocketAddr>, String> {
    let word = if let Given::Text(text) = given { text.trim() } else { "?" };
    if word.is_empty() {
        return Ok(None);
    }
    let address = word.parse::<SocketAddr>().ok();
    address.filter(|address| address.ip().is_loopback() && address.port() != 0).map(Some).ok_or_else(
        || "expected an address of this machine with a port, as \"127.0.0.1:8443\"; it is for tests alone".to_owned(),
    )
}

pub(super) fn threshold(given: &Given) -> Result<Score, String> {
    let number = given.number().and_then(|number| u16::try_from(number).ok());
    number.and_then(Score::new).ok_or_else(|| "expected a whole number from 0 to 1000".to_owned())
}

/// Seconds, not more than can be remembered.
pub(super) fn seconds(given: &Given, longest: Duration) -> Result<Duration, String> {
    let number = given.number().and_then(|number| u64::try_from(number).ok());
    number.map(Duration::from_secs).filter(|span| *span <= longest).ok_or_else(|| {
        let most = longest.as_secs();
        format!("expected a whole number of seconds from 0 to {most}: longer nothing is remembered")
    })
}

pub(super) fn count(given: &Given) -> Result<u32, String> {
    let number = given.number().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| "expected a whole number, 0 or more".to_owned())
}

pub(super) fn backups(given: &Given) -> Result<usize, String> {
    let number = given.number().and_then(|number| u8::try_from(number).ok());
    number.map(usize::from).ok_or_else(|| "expected a whole number, 0 to 255".to_owned())
}

pub(super) fn on_edit(given: &Given) -> Result<OnEdit, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    OnEdit::ALL.into_iter().find(|one| one.word() == word).ok_or_else(|| {
        format!("expected one of {}", listed(OnEdit::ALL.into_iter().map(OnEdit::word)))
    })
}

/// A part of each day, in UTC.
pub(super) fn quiet_hours(given: &Given) -> Result<QuietHours, String> {
    let word = if let Given::Text(text) = given { text.trim() } else { "?" };
    if word.is_empty() {
        return Ok(QuietHours::NEVER);
    }
    let hours = word.split_once('-').and_then(|(from, to)| QuietHours::parse(from, to, 0));
    // Hours that begin when they end would be none, which is said otherwise.
    hours.filter(|hours| !hours.is_never()).ok_or_else(|| {
        "expected two times of the day in UTC, as \"22:00-06:30\", or \"\" for none".to_owned()
    })
}

/// Words with commas between them.
pub(super) fn sensitive_words(given: &Given) -> Result<Delicate, String> {
    let words = if let Given::Text(text) = given { Delicate::with(text) } else { None };
    words.ok_or_else(|| {
        "expected single words with commas between them, as \"grove, elders\", or \"\"".to_owned()
    })
}

pub(super) fn style(given: &Given) -> Result<Style, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    Style::parse(word).ok_or_else(|| {
        format!("expected one of {}", listed(Style::ALL.into_iter().map(Style::word)))
    })
}

/// Seconds that an answer waits.
pub(super) fn delay(given: &Given) -> Result<Duration, String> {
    let number = given.number().and_then(|number| u64::try_from(number).ok());
    number.map(Duration::from_secs).filter(|wait| *wait <= LONGEST_DELAY).ok_or_else(|| {
        let most = LONGEST_DELAY.as_secs();
        format!(
            "expected a whole number of seconds from 0 to {most}: later nobody reads there any more"
        )
    })
}

pub(super) fn watching(given: &Given) -> Result<Watching, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    Watching::ALL.into_iter().find(|way| way.word() == word).ok_or_else(|| {
        format!("expected one of {}", listed(Watching::ALL.map(Watching::word).into_iter()))
    })
}

pub(super) fn log_format(given: &Given) -> Result<LogFormat, String> {
    let word = if let Given::Text(text) = given { text.as_str() } else { "" };
    LogFormat::ALL.into_iter().find(|format| format.word() == word).ok_or_else(|| {
        format!("expected one of {}", listed(LogFormat::ALL.into_iter().map(LogFormat::word)))
    })
}

pub(super) fn log_level(given: &Given) -> Result<String, String> {
    let Given::Text(text) = given else { return Err("expected a text in quotes".to_owned()) };
    EnvFilter::builder().parse(text).map(|_| text.clone()).map_err(|_| {
        "expected `error`, `warn`, `info` or `debug`, or directives as RUST_LOG takes them"
            .to_owned()
    })
}

/// An address that the token may be sent to: encrypted, or not leaving this machine.
pub(super) fn api_url(given: &Given) -> Result<Option<String>, String> {
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

/// The longest address of a site: with the path of a claim's page it must fit a button's address, of
/// which Discord takes 512 characters.
pub const SITE_URL: usize = 450;

/// Where the claims stand as a site.
pub(super) fn site(given: &Given) -> Result<Option<String>, String> {
    let expected = format!(
        "expected an address as \"https://example.org/claims\", without `?` and `#`, of at most {SITE_URL} characters"
    );
    let Given::Text(text) = given else { return Err(expected) };
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>\"'\\`|()@?#".contains(c);
    let is_web = |scheme: &&str| *scheme == "https" || *scheme == "http";
    let rest = text.split_once("://").filter(|(scheme, _)| is_web(scheme)).map(|(_, rest)| rest);
    let is_fine = rest.is_some_and(|rest| !host_of(rest).is_empty())
        && text.len() <= SITE_URL
        && text.chars().all(is_plain);
    if is_fine { Ok(Some(text.to_owned())) } else { Err(expected) }
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

pub(super) fn channel(key: &str, given: &Given) -> Result<(ChannelId, Mode), (String, String)> {
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
pub(super) fn level(
    key: &str,
    given: &Given,
) -> Result<(Code, Option<Severity>), (String, String)> {
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

pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
