//! What would have been said where footnote only watches, counted for people. Knows no text, no author, no store and no layout: what was decided goes in, one [`Report`] comes out, whoever shows it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::claim::ClaimId;
use crate::model::date::Date;
use crate::model::score::Score;
use crate::policy::decide::Verb;
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::policy::reason::Reason;

/// A message about which something would have been said, or would have but for what was said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel or thread.
    pub channel: ChannelId,
    /// The message.
    pub message: MessageId,
    /// With what claim; none for an alert, which is counted by no claim.
    pub claim: Option<ClaimId>,
    /// What would have been done: reply, suggest or alert.
    pub verb: Verb,
    /// [`Reason::Watch`], or what would have held it back.
    pub reason: Reason,
    /// The score.
    pub score: Score,
    /// The least score at which it is spoken up about.
    pub threshold: Score,
    /// When the message was written.
    pub at: Moment,
}

impl Shadow {
    /// Whether something would have been said.
    pub fn is_said(&self) -> bool {
        self.reason == Reason::Watch
    }

    /// How far above the threshold, in thousandths.
    pub fn margin(&self) -> u16 {
        self.score.thousandths().saturating_sub(self.threshold.thousandths())
    }
}

/// How often something would have been said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// In the channel.
    pub replies: u64,
    /// As a question to moderators.
    pub suggestions: u64,
    /// As a card that tells moderators of a message that may touch their rules.
    pub alerts: u64,
}

impl Said {
    /// All of it.
    pub fn all(self) -> u64 {
        self.replies + self.suggestions + self.alerts
    }

    fn add(&mut self, verb: Verb) {
        match verb {
            Verb::Reply => self.replies += 1,
            Verb::Suggest => self.suggestions += 1,
            Verb::Alert => self.alerts += 1,
            Verb::Silent => {}
        }
    }
}

/// The parts in which time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Days, in UTC.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// The longest spans that are counted in days, weeks and months: beyond, a chart has more bars than a
/// telephone is wide.
const IN_DAYS: Duration = days(14);
const IN_WEEKS: Duration = days(26 * 7);
const IN_MONTHS: Duration = days(15 * 366);

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 3600)
}

impl Period {
    /// Fit for a span of time.
    pub fn of(span: Duration) -> Self {
        match span {
            short if short <= IN_DAYS => Self::Day,
            middle if middle <= IN_WEEKS => Self::Week,
            long if long <= IN_MONTHS => Self::Month,
            _ => Self::Year,
        }
    }

    /// The word for one of them.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The first day of the part in which a day lies; days since 1970.
    fn begins(self, day: u64) -> Option<Date> {
        let date = date(day)?;
        match self {
            Self::Day => Some(date),
            // The first day of 1970 was a Thursday, three days after a Monday.
            Self::Week => self::date(day.saturating_sub((day + 3) % 7)),
            Self::Month => Date::new(date.year(), date.month(), 1),
            Self::Year => Date::new(date.year(), 1, 1),
        }
    }
}

const SECONDS_OF_A_DAY: u64 = 24 * 3600;

fn date(day: u64) -> Option<Date> {
    Date::from_unix_seconds(day * SECONDS_OF_A_DAY)
}

fn day(at: Moment) -> u64 {
    at.0 / 1000 / SECONDS_OF_A_DAY
}

/// What would have been said, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// In all.
    pub said: Said,
    /// By channel, the most first.
    pub channels: Vec<(ChannelId, Said)>,
    /// By claim, the most first; without alerts.
    pub claims: Vec<(ClaimId, Said)>,
    /// What would have held more back, in order of precedence.
    pub held: Vec<(Reason, u64)>,
    /// What is least sure, the least first; without alerts, of which no score is shown.
    pub doubtful: Vec<Shadow>,
    /// In which parts time is counted.
    pub period: Period,
    /// By part of time, without a gap.
    pub periods: Vec<(Date, Said)>,
}

impl Report {
    /// Counts. `span` is the time that was watched, from its first to its last moment; without it that
    /// of the shadows. At most `doubtful` of those that are least sure are named.
    pub fn build(shadows: &[Shadow], span: Option<(Moment, Moment)>, doubtful: usize) -> Self {
        let mut said = Said::default();
        let mut channels: BTreeMap<ChannelId, Said> = BTreeMap::new();
        let mut claims: BTreeMap<ClaimId, Said> = BTreeMap::new();
        let mut held: BTreeMap<Reason, u64> = BTreeMap::new();
        let (first, last) = span.or_else(|| span_of(shadows)).unwrap_or_default();
        let period = Period::of(last.since(first));
        let mut periods: BTreeMap<Date, Said> = BTreeMap::new();
        if !shadows.is_empty() || span.is_some() {
            let all = (day(first)..=day(last)).filter_map(|day| period.begins(day));
            periods.extend(all.map(|date| (date, Said::default())));
        }
        for one in shadows {
            if !one.is_said() {
                *held.entry(one.reason).or_default() += 1;
                continue;
            }
            said.add(one.verb);
            channels.entry(one.channel).or_default().add(one.verb);
            if let Some(claim) = &one.claim {
                claims.entry(claim.clone()).or_default().add(one.verb);
            }
            if let Some(date) = period.begins(day(one.at)) {
                periods.entry(date).or_default().add(one.verb);
            }
        }
        let mut unsure: Vec<&Shadow> =
            shadows.iter().filter(|one| one.is_said() && one.claim.is_some()).collect();
        unsure.sort_by_key(|one| (one.margin(), one.at, one.message));
        Self {
            said,
            channels: most_first(channels),
            claims: most_first(claims),
            held: held.into_iter().collect(),
            doubtful: unsure.into_iter().take(doubtful).cloned().collect(),
            period,
            periods: periods.into_iter().collect(),
        }
    }
}

fn span_of(shadows: &[Shadow]) -> Option<(Moment, Moment)> {
    let times = || shadows.iter().map(|one| one.at);
    Some((times().min()?, times().max()?))
}

/// Of equals the one whose name comes first.
fn most_first<K: Ord>(counted: BTreeMap<K, Said>) -> Vec<(K, Said)> {
    let mut all: Vec<_> = counted.into_iter().collect();
    all.sort_by_key(|(_, said)| std::cmp::Reverse(said.all()));
    all
}

#[cfg(test)]
mod tests {
    use super::{Period, Report, Said, Shadow, days};
    use crate::model::claim::ClaimId;
    use crate::model::score::Score;
    use crate::policy::decide::Verb;
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
    use crate::policy::reason::Reason;

    /// A Monday.
    const START: Moment = Moment(1_795_996_800_000);

    fn shadow(message: u64, claim: Option<&str>, verb: Verb, score: u16) -> Shadow {
        Shadow {
            guild: Some(GuildId(1)),
            channel: ChannelId(10 + message % 2),
            message: MessageId(message),
            claim: claim.map(|id| ClaimId::new(id).expect("an id")),
            verb,
            reason: Reason::Watch,
            score: Score::new(score).expect("a score"),
            threshold: Score::new(500).expect("a score"),
            at: START.plus(days(message)),
        }
    }

    #[test]
    fn what_would_have_been_said_is_counted_and_what_was_held_back_apart() {
        let held = Shadow { reason: Reason::Budget, ..shadow(4, Some("horns"), Verb::Reply, 501) };
        let shadows = [
            shadow(1, Some("horns"), Verb::Reply, 900),
            shadow(2, Some("horns"), Verb::Reply, 510),
            shadow(3, Some("tower"), Verb::Suggest, 505),
            held,
            shadow(5, None, Verb::Alert, 500),
        ];
        let report = Report::build(&shadows, None, 2);
        assert_eq!(report.said, Said { replies: 2, suggestions: 1, alerts: 1 });
        assert_eq!(report.said.all(), 4);
        let claims: Vec<_> =
            report.claims.iter().map(|(id, said)| (id.as_str(), said.all())).collect();
        assert_eq!(claims, [("horns", 2), ("tower", 1)], "an alert is counted by no claim");
        let channels: Vec<_> =
            report.channels.iter().map(|(id, said)| (id.0, said.all())).collect();
        assert_eq!(channels, [(11, 3), (10, 1)]);
        assert_eq!(report.held, [(Reason::Budget, 1)]);
        let doubtful: Vec<u64> = report.doubtful.iter().map(|one| one.message.0).collect();
        assert_eq!(doubtful, [3, 2], "the least sure first, no alert, and nothing held back");
    }

    #[test]
    fn time_has_no_gap_and_parts_that_fit_its_length() {
        let shadows = [shadow(0, Some("horns"), Verb::Reply, 900)];
        for (length, period, parts, last) in [
            (0, Period::Day, 1, "2026-11-30"),
            (14, Period::Day, 15, "2026-12-14"),
            (15, Period::Week, 3, "2026-12-14"),
            (182, Period::Week, 27, "2027-05-31"),
            (183, Period::Month, 8, "2027-06-01"),
            (15 * 366 + 1, Period::Year, 16, "2041-01-01"),
        ] {
            let span = Some((START, START.plus(days(length))));
            let report = Report::build(&shadows, span, 0);
            assert_eq!((report.period, report.periods.len()), (period, parts), "{length}");
            let (date, said) = report.periods.last().expect("a part");
            assert_eq!(date.to_string(), last, "{length}");
            assert_eq!(said.all(), u64::from(length == 0), "{length}");
            assert_eq!(report.periods.iter().map(|(_, said)| said.all()).sum::<u64>(), 1);
        }
        assert_eq!(Report::build(&[], None, 1).periods, []);
    }
}
