//! The one table of settings: where each stands, and how it is read. Knows not where a value comes from.

use crate::config::Reading;
use crate::config::given::{
    Given, api_url, backups, count, delay, flag, listen, log_format, log_level, loopback, on_edit,
    optional, quiet_hours, seconds, sensitive_words, site, style, text, threshold, watching,
};
use crate::policy::cooldown::{KEPT, MEMBERS_KEPT};

/// Puts a value into the settings; the error is what was expected.
pub(super) type Set = fn(&mut Reading, &Given) -> Result<(), String>;

/// All settings but the channels, whose names are numbers.
pub(super) const SETTINGS: [(&str, &str, Set); 23] = [
    ("responses", "path", |it, given| text(given).map(|path| it.config.responses = path.into())),
    ("responses", "watch", |it, given| watching(given).map(|way| it.config.watching = way)),
    ("responses", "site_url", |it, given| site(given).map(|url| it.config.site_url = url)),
    ("store", "path", |it, given| text(given).map(|path| it.config.store = path.into())),
    ("store", "backups", |it, given| backups(given).map(|kept| it.config.backups = kept)),
    ("discord", "message_content", |it, given| {
        flag(given).map(|asked| it.config.message_content = asked)
    }),
    ("discord", "api_url", |it, given| api_url(given).map(|url| it.config.api_url = url)),
    ("discord", "resolve", |it, given| loopback(given).map(|address| it.resolve = address)),
    ("discord", "ca_file", |it, given| optional(given).map(|path| it.ca_file = path)),
    ("policy", "threshold", |it, given| {
        threshold(given).map(|score| it.config.policy.threshold = score)
    }),
    ("policy", "cooldown_claim", |it, given| {
        seconds(given, KEPT).map(|span| it.config.policy.cooldown_claim = span)
    }),
    ("policy", "cooldown_channel", |it, given| {
        seconds(given, KEPT).map(|span| it.config.policy.cooldown_channel = span)
    }),
    ("policy", "cooldown_member", |it, given| {
        seconds(given, MEMBERS_KEPT).map(|span| it.config.policy.cooldown_member = span)
    }),
    ("policy", "budget_hour", |it, given| {
        count(given).map(|most| it.config.policy.budget_hour = most)
    }),
    ("policy", "budget_day", |it, given| {
        count(given).map(|most| it.config.policy.budget_day = most)
    }),
    ("policy", "on_edit", |it, given| on_edit(given).map(|does| it.config.policy.on_edit = does)),
    ("policy", "quiet_hours", |it, given| {
        quiet_hours(given).map(|hours| it.config.policy.quiet_hours = hours)
    }),
    ("policy", "style", |it, given| style(given).map(|style| it.config.policy.style = style)),
    ("policy", "delay", |it, given| delay(given).map(|wait| it.config.policy.delay = wait)),
    ("policy", "sensitive_words", |it, given| {
        sensitive_words(given).map(|words| it.config.delicate = words)
    }),
    ("ops", "listen", |it, given| listen(given).map(|address| it.config.listen = address)),
    ("log", "format", |it, given| log_format(given).map(|format| it.config.log_format = format)),
    ("log", "level", |it, given| log_level(given).map(|level| it.config.log_level = level)),
];
