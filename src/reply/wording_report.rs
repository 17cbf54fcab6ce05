//! What moderators read of what would have been said: one message with a table, a small chart and links. Knows neither where the counts come from nor any message's text.

use crate::model::date::Date;
use crate::policy::place::{ChannelId, Moment};
use crate::policy::reason::Reason;
use crate::policy::shadow::{Period, Report, Said, Shadow};
use crate::reply::limits;
use crate::reply::wording_moderators::{at, link};

/// How many of those that are least sure are named: a link is long, and a message is not.
pub const DOUBTFUL: usize = 5;

/// The most channels, and the most claims, that are named.
const LISTED: usize = 6;

/// The most characters of a bar.
const BAR: u64 = 20;

/// Where it cannot be read.
pub const UNREADABLE: &str =
    "The report cannot be read from the store right now. The log of the bot says why.";

/// Where nothing would have been said.
const NOTHING: &str = "Nothing would have been said within the last 30 days in the channels that are only watched. \
     `/footnote-mod mode` with `watch` lets footnote watch a channel and say nothing.";

/// The report, within one message. `span` is from the first of it until now.
pub fn report(report: &Report, span: Option<(Moment, Moment)>) -> String {
    let Some((first, _)) = span else { return NOTHING.to_owned() };
    let mut lines = vec![
        format!(
            "**What footnote would have said** where it only watches, since {}",
            at(first, 'D')
        ),
        said(report.said),
    ];
    if !report.held.is_empty() {
        lines.push(held(&report.held));
    }
    if report.said.all() > 0 {
        lines.push(chart(report.period, &report.periods));
    }
    list("By channel", &report.channels, |id: &ChannelId| format!("<#{id}>"), &mut lines);
    if !report.doubtful.is_empty() {
        lines.push("**Least sure: look at these first**".to_owned());
        lines.extend(report.doubtful.iter().map(doubtful));
    }
    list("By claim", &report.claims, |id| format!("`{id}`"), &mut lines);
    limits::fitted(&lines)
}

fn said(said: Said) -> String {
    let parts = [
        (said.replies, "reply", "replies"),
        (said.suggestions, "suggestion to you", "suggestions to you"),
        (said.alerts, "alert to you", "alerts to you"),
    ];
    let named: Vec<String> = parts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    if named.is_empty() { "nothing".to_owned() } else { named.join(", ") }
}

fn held(held: &[(Reason, u64)]) -> String {
    let counts: Vec<String> =
        held.iter().map(|(reason, count)| format!("{} {count}", reason.word())).collect();
    format!("-# Held back by what was said before: {}", counts.join(" · "))
}

fn list<K>(
    title: &str,
    counted: &[(K, Said)],
    name: impl Fn(&K) -> String,
    lines: &mut Vec<String>,
) {
    if counted.is_empty() {
        return;
    }
    lines.push(format!("**{title}**"));
    let shown = counted.iter().take(LISTED);
    lines.extend(shown.map(|(key, counts)| format!("- {}: {}", name(key), said(*counts))));
    if counted.len() > LISTED {
        lines.push(format!("- and {} more", counted.len() - LISTED));
    }
}

/// Bars of blocks, in one piece: half of it would not be drawn as one.
fn chart(period: Period, periods: &[(Date, Said)]) -> String {
    let most = periods.iter().map(|(_, said)| said.all()).max().unwrap_or(0).max(1);
    let rows = periods.iter().map(|(date, said)| {
        let all = said.all();
        // What is there is seen, however small.
        let length = (all * BAR).div_ceil(most);
        let bar = "█".repeat(usize::try_from(length).unwrap_or(0));
        format!("{date} {bar} {all}\n")
    });
    let rows: String = rows.collect();
    format!("```\nby {}\n{rows}```", period.word())
}

fn doubtful(one: &Shadow) -> String {
    let claim = one.claim.as_ref().map_or_else(String::new, |claim| format!("`{claim}` "));
    let (score, threshold) = (one.score, one.threshold);
    let address = link(one.guild, one.channel, one.message);
    format!("- {score} where {threshold} is enough: {claim}{address}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{DOUBTFUL, NOTHING, report};
    use crate::model::claim::{ClaimId, MAX_ID_LENGTH};
    use crate::model::score::Score;
    use crate::policy::decide::Verb;
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
    use crate::policy::reason::Reason;
    use crate::policy::shadow::{Report, Shadow};
    use crate::reply::limits;

    /// A Monday.
    const START: Moment = Moment(1_795_996_800_000);

    fn shadow(number: u64, reason: Reason) -> Shadow {
        Shadow {
            guild: Some(GuildId(u64::MAX)),
            channel: ChannelId(u64::MAX - number),
            message: MessageId(u64::MAX - number),
            claim: ClaimId::new(&format!("{number:0>MAX_ID_LENGTH$}")),
            verb: if number % 5 == 4 { Verb::Suggest } else { Verb::Reply },
            reason,
            score: Score::MAX,
            threshold: Score::MAX,
            at: START.plus(Duration::from_secs(number % 120 * 6 * 3600)),
        }
    }

    #[test]
    fn a_report_says_how_often_where_about_what_and_how_surely() {
        let shadows = [
            shadow(0, Reason::Watch),
            shadow(4, Reason::Watch),
            shadow(5, Reason::Watch),
            shadow(6, Reason::CooldownClaim),
        ];
        let span = Some((START, shadows[3].at));
        let said = report(&Report::build(&shadows, span, DOUBTFUL), span);
        let head = "**What footnote would have said** where it only watches, since <t:1795996800:D>\n\
                    2 replies, 1 suggestion to you\n\
                    -# Held back by what was said before: cooldown-claim 1\n\
                    ```\nby day\n2026-11-30 ██████████ 1\n2026-12-01 ████████████████████ 2\n```\n\
                    **By channel**\n";
        assert!(said.starts_with(head), "{said}");
        let first = format!("- <#{}>: 1 reply\n", u64::MAX);
        assert!(said.contains(&first), "{said}");
        assert_eq!(said.matches("- 1000 where 1000 is enough: `").count(), 3, "{said}");
        let address = format!("https://discord.com/channels/{0}/{0}/{0}\n", u64::MAX);
        assert!(said.contains(&address), "{said}");
        assert_eq!(report(&Report::build(&[], None, DOUBTFUL), None), NOTHING);
    }

    #[test]
    fn whatever_there_is_fits_into_a_message_and_the_chart_stays_whole() {
        for count in [1, 7, 60, 120, 2000] {
            let shadows: Vec<Shadow> = (0..count).map(|one| shadow(one, Reason::Watch)).collect();
            let span = Some((START, START.plus(Duration::from_secs(30 * 86_400))));
            let said = report(&Report::build(&shadows, span, DOUBTFUL), span);
            assert!(limits::length(&said) <= limits::CONTENT, "{count}");
            assert_eq!(said.matches("```").count(), 2, "{said}");
            assert_eq!(said.matches("https://").count(), DOUBTFUL.min(shadows.len()), "{said}");
        }
    }
}
