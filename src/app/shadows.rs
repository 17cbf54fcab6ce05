//! Keeps what would have been said where footnote only watches, and reports it to moderators. Knows no words and no text.

use crate::app::App;
use crate::policy::cards::{CardKind, PastCard};
use crate::policy::cooldown::{History, KEPT, Past};
use crate::policy::decide::{Considered, Verb, would};
use crate::policy::place::{GuildId, Moment, Situation};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Settings};
use crate::policy::shadow::{Report, Shadow};
use crate::reply::wording_report as words;
use crate::store::shadows::SHADOWS_KEPT;

/// What would have been said limits what would be said after it, also over a restart: otherwise a report
/// would count more than a bot that speaks would say. An alert's limits are an hour's, and forgotten.
pub(super) fn remember(history: &mut History, shadow: &Shadow, now: Moment) {
    let (Some(claim), guild, channel) = (&shadow.claim, shadow.guild, shadow.channel) else {
        return;
    };
    let (message, member, at) = (shadow.message, None, shadow.at);
    match shadow.verb {
        Verb::Reply if now.since(at) <= KEPT => {
            history.record(&Past { guild, channel, message, claim: claim.clone(), member, at });
        }
        Verb::Suggest => {
            let kind = CardKind::Suggestion;
            history.cards.record(PastCard { kind, guild, channel, claim, member, at });
        }
        Verb::Reply | Verb::Alert | Verb::Silent => {}
    }
}

impl App {
    /// Keeps a decision of mode watch, where something would have been said or was held back only by
    /// what was said before. That it could not be kept is counted, and costs nothing else.
    pub(super) fn cast_shadow(
        &self,
        situation: &Situation,
        settings: &Settings,
        reason: Reason,
        chosen: Option<Considered<'_>>,
        now: Moment,
    ) {
        let (Some(guild), Some(chosen)) = (situation.guild, chosen) else { return };
        if settings.mode != Mode::Watch || reason <= Reason::CommandOnly {
            return;
        }
        let verb = would(chosen.claim.action);
        let shadow = Shadow {
            guild: Some(guild),
            channel: situation.channel,
            message: situation.message,
            claim: (verb != Verb::Alert).then(|| chosen.claim.id.clone()),
            verb,
            reason,
            score: chosen.candidate.score,
            threshold: settings.threshold_of(chosen.claim, now),
            at: now,
        };
        if let Err(error) = self.store.record_shadow(guild, &shadow) {
            self.report(situation.message, &error);
        }
    }

    /// What would have been said in a server while it was only watched.
    pub(super) fn shadow_report(&self, guild: GuildId, now: Moment) -> String {
        let since = now.minus(SHADOWS_KEPT);
        let Ok(shadows) = self.store.shadows(guild, since) else {
            return words::UNREADABLE.to_owned();
        };
        let first = shadows.iter().map(|one| one.at).min();
        let span = first.map(|first| (first, now));
        words::report(&Report::build(&shadows, span, words::DOUBTFUL), span)
    }
}
