//! Figures of a server by claim, revision and reason, for its moderators. Knows no person: there are none in what it counts.

use std::collections::BTreeMap;

use crate::app::App;
use crate::model::claim::ClaimId;
use crate::policy::place::{GuildId, Moment};
use crate::reply::limits;
use crate::reply::wording_feedback::{self as words, Figures};
use crate::reply::wording_moderators as said;
use crate::store::record::State;

/// The most claims with their revisions that are listed: those with most to tell first.
const LISTED: usize = 15;

impl App {
    /// What became of answers and suggestions, which claims are doubted, and why nothing was said.
    pub(super) fn stats(&self, guild: GuildId, now: Moment) -> String {
        let figures = self.figures(guild);
        let mut lines = Vec::new();
        if figures.is_empty() {
            lines.push(words::NO_STATS.to_owned());
        } else {
            lines.push(words::STATS.to_owned());
            let mut all: Vec<_> = figures.iter().collect();
            all.sort_by_key(|(_, one)| std::cmp::Reverse(weight(one)));
            let shown = all.into_iter().take(LISTED);
            lines
                .extend(shown.map(|((claim, revision), one)| words::figures(claim, revision, one)));
        }
        let (since, counts, doubts) = {
            let memory = self.memory();
            (memory.tally.since, memory.tally.of(guild), memory.layers.doubts(guild))
        };
        let doubted: Vec<String> = doubts
            .iter()
            .map(|(claim, doubt)| (claim, doubt.left(now)))
            .filter(|(_, left)| *left > 0)
            .map(|(claim, left)| words::doubted(claim, left))
            .collect();
        if !doubted.is_empty() {
            lines.push(words::DOUBTED.to_owned());
            lines.extend(doubted);
        }
        lines.push(said::counted(since, &counts));
        limits::fitted(&lines)
    }

    fn figures(&self, guild: GuildId) -> BTreeMap<(ClaimId, String), Figures> {
        let mut figures: BTreeMap<(ClaimId, String), Figures> = BTreeMap::new();
        let (answers, _) = self.store.answers().unwrap_or_default();
        for (_, answer) in answers.into_iter().filter(|(_, one)| one.guild == Some(guild)) {
            let key = (answer.claim, answer.revision.start().to_owned());
            let one = figures.entry(key).or_default();
            match answer.state {
                State::Sent(_) => one.standing += 1,
                State::Leaving(_) | State::Removed => one.taken_away += 1,
                State::Intent | State::Shown | State::Failed | State::GivenUp => {}
            }
        }
        for (claim, revision, counts) in self.store.feedback(guild).unwrap_or_default() {
            let one = figures.entry((claim, revision)).or_default();
            one.helpful = counts.helpful;
            one.not_helpful = counts.not_helpful;
            one.not_said = counts.not_said;
            one.wrong_match = counts.wrong_match;
            one.let_post = counts.let_post;
            one.let_be = counts.let_be;
        }
        figures.retain(|_, one| weight(one) > 0);
        figures
    }
}

fn weight(one: &Figures) -> u64 {
    let opinions =
        [one.helpful, one.not_helpful, one.not_said, one.wrong_match, one.let_post, one.let_be];
    let counted = opinions.into_iter().map(u64::from).sum::<u64>();
    let answers = one.standing.saturating_add(one.taken_away);
    counted.saturating_add(u64::try_from(answers).unwrap_or(u64::MAX))
}
