//! Decides anew about messages in the order of time, so that rests and budgets hold as they would have. Knows no text: what was found in it is enough.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cli::judge::Judge;
use crate::cli::replay::judging::{Asserted, said_by};
use crate::policy::cooldown::{History, Past};
use crate::policy::decide::{Considered, Verb, decide, remember, would};
use crate::policy::place::Moment;
use crate::policy::reason::Reason;
use crate::policy::shadow::Shadow;

/// How often what is too old to matter is forgotten.
const PRUNED_EVERY: Duration = Duration::from_secs(24 * 3600);

/// What would have been done about these messages, in whatever order they come; further reasons to be
/// silent are added to `reasons`.
pub(super) fn rerun(
    judge: &Judge,
    mut asserted: Vec<Asserted>,
    reasons: &mut BTreeMap<Reason, u64>,
) -> Vec<Shadow> {
    asserted.sort_by_key(|one| (one.at, one.id));
    let mut history = History::default();
    let mut pruned = Moment::default();
    let mut shadows = Vec::new();
    for one in asserted {
        if one.at.since(pruned) >= PRUNED_EVERY {
            history.prune(one.at);
            pruned = one.at;
        }
        let situation = said_by(&one.place, one.id, one.author);
        let considered: Vec<Considered<'_>> = one
            .candidates
            .iter()
            .filter_map(|candidate| Some(Considered { candidate, claim: judge.claim(candidate)? }))
            .collect();
        let settings = &one.place.settings;
        let decision = decide(&considered, &situation, settings, &history, one.at);
        *reasons.entry(decision.reason).or_default() += 1;
        let Some(chosen) = decision.candidate.and_then(|at| considered.get(at)) else { continue };
        let past = Past {
            guild: one.place.guild,
            channel: one.place.channel,
            message: one.id,
            claim: chosen.claim.id.clone(),
            member: Some(situation.member),
            at: one.at,
        };
        remember(&mut history, &decision, chosen.claim, &past);
        let verb = would(chosen.claim.action);
        shadows.push(Shadow {
            guild: one.place.guild,
            channel: one.place.channel,
            message: one.id,
            claim: (verb != Verb::Alert).then(|| chosen.claim.id.clone()),
            verb,
            reason: decision.reason,
            score: chosen.candidate.score,
            threshold: settings.threshold_of(chosen.claim, one.at),
            at: one.at,
        });
    }
    shadows
}
