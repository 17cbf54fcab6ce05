//! The one table of what holds in a place, and which layer says so. Knows not how layers win.

use std::collections::BTreeSet;

use crate::policy::place::ChannelId;
use crate::policy::settings::Settings;
use crate::reply::wording_moderators::{hours, time};

/// Which layer a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Moderators set it for this place.
    Here,
    /// Moderators set it for the channel that a thread belongs to.
    Parent(ChannelId),
    /// Moderators set it for the server.
    Server,
    /// It is the configuration's.
    Configuration,
    /// The place's name says so.
    Name,
    /// Nobody says anything.
    Nobody,
}

impl Origin {
    fn words(self) -> String {
        match self {
            Self::Here => "set here".to_owned(),
            Self::Parent(channel) => format!("set in <#{channel}>"),
            Self::Server => "set for this server".to_owned(),
            Self::Configuration => "as configured".to_owned(),
            Self::Name => "by its name".to_owned(),
            Self::Nobody => "nobody has set it".to_owned(),
        }
    }
}

/// Which layer each setting of a place comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origins {
    /// The mode.
    pub mode: Origin,
    /// The threshold.
    pub threshold: Origin,
    /// The rest between answers to one claim.
    pub of_claim: Origin,
    /// The rest between answers.
    pub of_channel: Origin,
    /// The rest between answers to one member.
    pub of_member: Origin,
    /// The budgets.
    pub budgets: Origin,
    /// Whether nobody is corrected.
    pub sensitive: Origin,
    /// Whether the place is left alone.
    pub exempt: Origin,
    /// The quiet hours.
    pub quiet_hours: Origin,
    /// The style.
    pub style: Origin,
    /// The wait.
    pub delay: Origin,
    /// The moderators' channel.
    pub review: Origin,
}

/// What holds in a channel: one line a setting, with its layer.
pub fn table(channel: ChannelId, settings: &Settings, origins: &Origins) -> Vec<String> {
    let row = |name: &str, value: &str, origin: Origin| {
        format!("- {name}: **{value}** ({})", origin.words())
    };
    let list = |items: Vec<String>| {
        if items.is_empty() { "none".to_owned() } else { items.join(", ") }
    };
    let muted = settings.muted.iter().map(|claim| format!("`{claim}`")).collect();
    let exempt = settings.exempt_roles.iter().map(|role| format!("<@&{role}>")).collect();
    let asked = settings
        .review_channel
        .map_or_else(|| "none".to_owned(), |channel| format!("<#{channel}>"));
    let doubted = settings.doubts.keys().map(|claim| format!("`{claim}`")).collect();
    let plain = |names: &BTreeSet<String>| names.iter().map(|name| format!("`{name}`")).collect();
    let yes = |is| if is { "yes" } else { "no" };
    let budgets = format!("{} an hour, {} a day", settings.budget_hour, settings.budget_day);
    let delay = if settings.delay.is_zero() { "none".to_owned() } else { time(settings.delay) };
    vec![
        format!("**What holds in <#{channel}>**"),
        row("mode", settings.mode.word(), origins.mode),
        row("threshold", &settings.threshold.to_string(), origins.threshold),
        row("rest between answers to one claim", &time(settings.cooldown_claim), origins.of_claim),
        row("rest between answers", &time(settings.cooldown_channel), origins.of_channel),
        row(
            "rest between answers to one member",
            &time(settings.cooldown_member),
            origins.of_member,
        ),
        row("most answers in this server", &budgets, origins.budgets),
        row("wait before an answer", &delay, origins.delay),
        row("style of replies", settings.style.word(), origins.style),
        row("quiet hours", &hours(settings.quiet_hours), origins.quiet_hours),
        row("nobody is corrected here", yes(settings.sensitive), origins.sensitive),
        row("left alone", yes(settings.exempt), origins.exempt),
        row("moderators' channel", &asked, origins.review),
        format!("- muted claims: {}", list(muted)),
        format!("- claims that have to match better: {}", list(doubted)),
        format!("- muted topics: {}", list(plain(&settings.muted_topics))),
        format!("- muted packs: {}", list(plain(&settings.muted_packs))),
        format!("- exempt roles: {}", list(exempt)),
    ]
}
