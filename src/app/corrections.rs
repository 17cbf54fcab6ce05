//! What was corrected or retired since it was posted: replies of the last days get the correction, or go. Knows neither files nor requests.
//!
//! Bounded in age and number, one at a time. The revision beside an answer says what stands there, so
//! that each correction is made once, across crashes too.

use std::sync::Arc;
use std::time::Duration;

use tracing::info;

use crate::app::App;
use crate::app::event::{Action, Correct};
use crate::model::claim::{Claim, Correction, Revision, Status};
use crate::policy::place::{MessageId, Moment};
use crate::reply::posted::corrected;
use crate::store::record::{Answer, State};

/// Older replies are not corrected: nobody reads there any more, and the button shows what stands now.
const CORRECTED_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// More replies than these are not corrected or taken away at once, the newest first.
const AT_MOST: usize = 200;

impl App {
    /// Whether other claims answer than when corrections were last looked for; before the first
    /// connection nobody has looked.
    pub fn has_news(&self) -> bool {
        let live = self.live.snapshot();
        self.memory().looked_through.as_ref().is_some_and(|seen| !Arc::ptr_eq(seen, &live))
    }

    /// Looks through the replies of the last days for what was corrected or retired since.
    pub(super) fn look_for_corrections(&self, now: Moment) -> Vec<Action> {
        let engine = self.live.snapshot();
        self.memory().looked_through = Some(Arc::clone(&engine));
        let Ok((mut answers, _)) = self.store.answers() else { return Vec::new() };
        answers.retain(|(_, answer)| now.since(answer.at) <= CORRECTED_FOR);
        answers.sort_by_key(|(_, answer)| std::cmp::Reverse(answer.at));
        let mut actions = Vec::new();
        let mut corrections = Vec::new();
        for (message, answer) in answers {
            let State::Sent(reply) = answer.state else { continue };
            if actions.len() + corrections.len() >= AT_MOST {
                break;
            }
            // Nothing of ours moves while a server has stopped us; a later look finds it.
            if answer.guild.is_some_and(|guild| self.pause_of(guild).holds(now)) {
                continue;
            }
            match engine.catalog.claim(answer.claim.as_str()) {
                Some(claim) if claim.status == Status::Retired => {
                    info!(id = %message, claim = claim.id.as_str(), "retired, so the reply goes");
                    actions.extend(self.leave(answer.channel, message, reply));
                }
                Some(claim) if claim.revision != answer.revision => {
                    corrections.extend(self.correction(claim, message, &answer, reply));
                }
                Some(_) | None => {}
            }
        }
        {
            let mut memory = self.memory();
            // What is under way is looked at again here, since only its outcome is recorded.
            memory.corrections = corrections.into();
        }
        actions.extend(self.next_correction(now));
        actions
    }

    /// A reply was corrected, or not; then the next one.
    pub(super) fn conclude_correction(
        &self,
        message: MessageId,
        revision: &Revision,
        done: bool,
        now: Moment,
    ) -> Vec<Action> {
        if done {
            self.metrics.corrected.add();
            if let Err(error) = self.store.record_revision(message, revision) {
                self.report(message, &error);
            }
            info!(id = %message, "the reply is corrected");
        }
        self.memory().is_correcting = false;
        self.next_correction(now)
    }

    fn next_correction(&self, now: Moment) -> Vec<Action> {
        loop {
            let next = {
                let mut memory = self.memory();
                if memory.is_correcting {
                    return Vec::new();
                }
                let next = memory.corrections.pop_front();
                memory.is_correcting = next.is_some();
                next
            };
            let Some(next) = next else { return Vec::new() };
            // Two looks may have found the same, a reply may have gone since, and a server may have
            // stopped us: a look after its pause finds what is left out now.
            let answer = self.store.answer(next.message).ok().flatten();
            let is_due = answer.is_some_and(|answer| {
                answer.state == State::Sent(next.reply)
                    && answer.revision != next.revision
                    && !answer.guild.is_some_and(|guild| self.pause_of(guild).holds(now))
            });
            if is_due {
                return vec![Action::Correct(next)];
            }
            self.memory().is_correcting = false;
        }
    }

    /// What is to stand there now, where the file names a correction that the reply does not have.
    fn correction(
        &self,
        claim: &Claim,
        message: MessageId,
        answer: &Answer,
        reply: MessageId,
    ) -> Option<Correct> {
        let then = self.claim_of_revision(&claim.id, answer.revision.as_str())?;
        let new: Vec<&Correction> =
            claim.corrections.iter().filter(|one| !then.corrections.contains(one)).collect();
        let newest = new.last()?;
        let style = self.settings(answer.guild, answer.channel, answer.parent).style;
        Some(Correct {
            channel: answer.channel,
            message,
            reply,
            content: corrected(claim, style, newest),
            revision: claim.revision.clone(),
        })
    }
}
