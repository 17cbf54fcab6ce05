//! What would have been said, as one page that stands alone: its style is in it, it asks nobody for anything, and no message's text is on it. Knows neither where the counts come from nor where the page goes.

use std::collections::BTreeMap;

use crate::model::claim::ClaimId;
use crate::model::date::Date;
use crate::page::chart::chart;
use crate::page::html::Html;
use crate::page::looks::REPORT_STYLE;
use crate::policy::place::{ChannelId, Moment};
use crate::policy::reason::Reason;
use crate::policy::shadow::{Report, Said, Shadow};
use crate::reply::wording_moderators::link;
use crate::reply::words;

/// A channel of those that were read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The name of its server.
    pub server: String,
    /// How many messages it has.
    pub messages: u64,
    /// Whether its name asks for quiet, so that nothing of it was read.
    pub is_quiet: bool,
}

/// What a report stands on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// When the first and the last message was written.
    pub span: Option<(Moment, Moment)>,
    /// The channels that were read.
    pub channels: &'a BTreeMap<ChannelId, Named>,
    /// What the claims say.
    pub claims: &'a BTreeMap<ClaimId, String>,
    /// How often each reason was given.
    pub reasons: &'a BTreeMap<Reason, u64>,
}

/// The browser itself refuses whatever is not in the page.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const TITLE: &str = "What footnote would have said";

/// What the figures cannot know, and who reads them should.
const LIMITS: [&str; 4] = [
    "It is as if footnote had watched every channel with the settings it was given. What moderators set in Discord, and who asked to be left alone, it does not know.",
    "Of a changed message the log has the last words only, and deleted messages are not in it.",
    "Rests and budgets are counted as if each answer had been posted when its message was written.",
    "Alerts are counted by channel alone, without claims, links or scores.",
];

/// The page.
pub fn page(report: &Report, ground: &Ground<'_>) -> String {
    let mut html = Html::default();
    html.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], |html| {
            html.open("meta", &[("charset", "utf-8")]);
            html.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
            html.open("meta", &[("name", "viewport"), ("content", "width=device-width")]);
            html.open("meta", &[("name", "referrer"), ("content", "no-referrer")]);
            html.words("title", &[], TITLE);
            html.words("style", &[], REPORT_STYLE);
        });
        html.element("body", &[], |html| {
            html.element("main", &[], |html| body(report, ground, html));
        });
    });
    html.document()
}

fn body(report: &Report, ground: &Ground<'_>, html: &mut Html) {
    html.words("h1", &[], TITLE);
    html.words("p", &[("class", "span")], &span(ground));
    let messages: u64 = ground.channels.values().map(|one| one.messages).sum();
    let Said { replies, suggestions, alerts } = report.said;
    html.element("dl", &[("class", "tiles")], |html| {
        for (count, what) in [
            (messages, "messages"),
            (replies, "replies in the channel"),
            (suggestions, "suggestions to moderators"),
            (alerts, "alerts to moderators"),
        ] {
            html.element("div", &[], |html| {
                html.words("dt", &[], what);
                html.words("dd", &[], &grouped(count));
            });
        }
    });
    section(&format!("By {}", report.period.word()), html, |html| {
        chart(report.period, &report.periods, html);
    });
    section("By channel", html, |html| channels(report, ground, html));
    section("By claim", html, |html| claims(report, ground, html));
    section("Least sure", html, |html| doubtful(report, ground, html));
    section("Why, or why not", html, |html| reasons(ground, html));
    section("What these figures do not know", html, |html| {
        html.element("ul", &[], |html| {
            for limit in LIMITS {
                html.words("li", &[], limit);
            }
        });
    });
}

fn section(title: &str, html: &mut Html, inside: impl FnOnce(&mut Html)) {
    html.element("section", &[], |html| {
        html.words("h2", &[], title);
        inside(html);
    });
}

fn span(ground: &Ground<'_>) -> String {
    let day = |at: Moment| Date::from_unix_seconds(at.0 / 1000);
    let dates = ground.span.and_then(|(first, last)| Some((day(first)?, day(last)?)));
    let servers: Vec<&str> = {
        let mut names: Vec<&str> =
            ground.channels.values().map(|one| one.server.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    match dates {
        Some((first, last)) => format!("{}, {first} to {last}", servers.join(", ")),
        None => "There are no messages.".to_owned(),
    }
}

/// A table that can be moved sideways by itself, also with keys, where a screen is narrow.
fn table(label: &str, heads: &[&str], html: &mut Html, rows: impl FnOnce(&mut Html)) {
    let wide = [("class", "wide"), ("role", "region"), ("aria-label", label), ("tabindex", "0")];
    html.element("div", &wide, |html| {
        html.element("table", &[], |html| {
            html.element("tr", &[], |html| {
                for (at, head) in heads.iter().enumerate() {
                    let class = if at == 0 { "" } else { "number" };
                    html.words("th", &[("scope", "col"), ("class", class)], head);
                }
            });
            rows(html);
        });
    });
}

fn numbers(counts: &[u64], html: &mut Html) {
    for count in counts {
        html.words("td", &[("class", "number")], &grouped(*count));
    }
}

fn channels(report: &Report, ground: &Ground<'_>, html: &mut Html) {
    let heads = ["channel", "messages", "replies", "suggestions", "alerts"];
    table("By channel", &heads, html, |html| {
        let said: BTreeMap<ChannelId, Said> = report.channels.iter().copied().collect();
        let silent = ground.channels.keys().filter(|id| !said.contains_key(id));
        for id in report.channels.iter().map(|(id, _)| id).chain(silent) {
            let named = ground.channels.get(id).cloned().unwrap_or_default();
            let Said { replies, suggestions, alerts } = said.get(id).copied().unwrap_or_default();
            html.element("tr", &[], |html| {
                html.element("th", &[("scope", "row")], |html| {
                    html.text(&called(*id, ground));
                    if named.is_quiet {
                        html.words("small", &[], "left alone, since its name asks for quiet");
                    }
                });
                numbers(&[named.messages, replies, suggestions, alerts], html);
            });
        }
    });
}

fn called(id: ChannelId, ground: &Ground<'_>) -> String {
    match ground.channels.get(&id) {
        Some(named) if !named.name.is_empty() => format!("#{}", named.name),
        _ => id.to_string(),
    }
}

fn claims(report: &Report, ground: &Ground<'_>, html: &mut Html) {
    if report.claims.is_empty() {
        html.words("p", &[], "None.");
        return;
    }
    table("By claim", &["claim", "replies", "suggestions"], html, |html| {
        for (id, said) in &report.claims {
            html.element("tr", &[], |html| {
                html.element("th", &[("scope", "row")], |html| {
                    html.text(ground.claims.get(id).map_or("", String::as_str));
                    html.words("small", &[], id.as_str());
                });
                numbers(&[said.replies, said.suggestions], html);
            });
        }
    });
}

fn doubtful(report: &Report, ground: &Ground<'_>, html: &mut Html) {
    if report.doubtful.is_empty() {
        html.words("p", &[], "None.");
        return;
    }
    let note =
        "Of what would have been said, what scored nearest its threshold. Look at these first.";
    html.words("p", &[], note);
    table("Least sure", &["message", "score", "threshold"], html, |html| {
        for one in &report.doubtful {
            html.element("tr", &[], |html| {
                html.element("th", &[("scope", "row")], |html| message(one, ground, html));
                let score = u64::from(one.score.thousandths());
                numbers(&[score, u64::from(one.threshold.thousandths())], html);
            });
        }
    });
}

fn message(one: &Shadow, ground: &Ground<'_>, html: &mut Html) {
    let address = link(one.guild, one.channel, one.message);
    let day = Date::from_unix_seconds(one.at.0 / 1000);
    let words = format!(
        "{}, {}",
        called(one.channel, ground),
        day.map_or_else(String::new, |day| day.to_string())
    );
    html.words("a", &[("href", &address), ("rel", "noreferrer")], &words);
    html.words("small", &[], one.claim.as_ref().map_or("", ClaimId::as_str));
}

fn reasons(ground: &Ground<'_>, html: &mut Html) {
    table("Why, or why not", &["reason", "messages"], html, |html| {
        for (reason, count) in ground.reasons {
            html.element("tr", &[], |html| {
                html.element("th", &[("scope", "row")], |html| {
                    html.text(reason.word());
                    html.words("small", &[], words::reason(*reason));
                });
                numbers(&[*count], html);
            });
        }
    });
}

/// A number with its thousands apart.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Ground, Named, grouped, page};
    use crate::model::claim::ClaimId;
    use crate::model::score::Score;
    use crate::page::looks::REPORT_STYLE;
    use crate::policy::decide::Verb;
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
    use crate::policy::reason::Reason;
    use crate::policy::shadow::{Report, Shadow};

    #[test]
    fn a_page_asks_nobody_for_anything_and_names_mean_nothing() {
        let at = Moment(1_795_996_800_000);
        let claim = ClaimId::new("horns").unwrap();
        let shadow = Shadow {
            guild: Some(GuildId(1)),
            channel: ChannelId(2),
            message: MessageId(3),
            claim: Some(claim.clone()),
            verb: Verb::Reply,
            reason: Reason::Watch,
            score: Score::new(510).unwrap(),
            threshold: Score::new(500).unwrap(),
            at,
        };
        let report = Report::build(&[shadow], Some((at, at)), 5);
        let evil = "</main><script src=//x>".to_owned();
        let named =
            Named { name: evil.clone(), server: evil.clone(), messages: 1234, is_quiet: true };
        let html = page(
            &report,
            &Ground {
                span: Some((at, at)),
                channels: &BTreeMap::from([(ChannelId(2), named)]),
                claims: &BTreeMap::from([(claim, evil)]),
                reasons: &BTreeMap::from([(Reason::Watch, 1)]),
            },
        );
        assert!(!html.contains("<script") && html.matches("</main>").count() == 1, "{html}");
        assert_eq!(html.matches("&lt;/main&gt;&lt;script src=//x&gt;").count(), 4, "{html}");
        assert_eq!(html.matches("://").count(), 1, "only the message's own link");
        assert!(html.contains("href=\"https://discord.com/channels/1/2/3\""));
        assert!(html.contains("2026-11-30 to 2026-11-30") && html.contains("1,234"));
        assert!(html.contains("<th scope=\"row\">watch<small>footnote would have spoken"));
    }

    #[test]
    fn the_style_holds_nothing_that_a_page_would_write_otherwise() {
        assert!(!REPORT_STYLE.contains(['<', '>', '&', '"', '\'']));
        assert!(!REPORT_STYLE.contains("url("));
    }

    #[test]
    fn thousands_stand_apart() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count), text);
        }
    }
}
