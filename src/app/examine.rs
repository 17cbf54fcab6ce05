//! What we see in a message that somebody asks about. Knows not how the message came here.

use crate::app::App;
use crate::app::conversation::{CONSIDERED, consider};
use crate::app::event::{Action, Does, Heard, Request, Tag};
use crate::app::pages::{opener, poster, standard};
use crate::app::requests::{offer, say};
use crate::app::search::WORTH_SHOWING;
use crate::model::explanation::Candidate;
use crate::policy::admit::admit;
use crate::policy::cooldown::History;
use crate::policy::decide::{Considered, Decision, Verb, decide};
use crate::policy::place::{MessageId, Moment};
use crate::reply::compact::compact;
use crate::reply::page::plain_pages;
use crate::reply::why::why;
use crate::reply::{ButtonKind, limits, wording, wording_moderators as said};
use crate::store::record::{Answer, State};

/// The most responses that are offered beside the best.
const OTHERS: usize = 2;

impl App {
    /// Context for a message, for whoever asks alone. Nothing is computed of one whose author asked
    /// to be left alone.
    pub(super) fn find_for(&self, request: &Request, heard: Heard, now: Moment) -> Action {
        let (message, author) = (heard.message, heard.author);
        let (situation, _, text) = self.place(heard);
        let Ok(admitted) = text.asked_about(&situation) else {
            return say(request, wording::OPTED_OUT);
        };
        let engine = self.live.load();
        let candidates = engine.matcher.find(&admitted.read(&self.metrics), CONSIDERED);
        let considered = consider(&engine, &candidates);
        let mut likely =
            considered.iter().filter(|one| one.candidate.score.thousandths() >= WORTH_SHOWING);
        let Some(best) = likely.next() else { return say(request, wording::NOTHING_KNOWN) };
        let reply = compact(best.claim);
        let head = wording::about(best.candidate.score, &best.claim.claim);
        let content = limits::joined(&head, &reply.content).unwrap_or(reply.content);
        let tag = Tag {
            does: Does::Open(ButtonKind::Full),
            message,
            author,
            claim: reply.claim,
            revision: reply.revision.start().to_owned(),
        };
        let kinds = [ButtonKind::Quotes, ButtonKind::Full].into_iter();
        let mut buttons: Vec<_> = kinds.filter_map(|kind| standard(&tag, kind)).collect();
        if self.may_post(request, best.claim, now).is_ok() {
            buttons.push(poster(&tag));
        }
        buttons.extend(likely.take(OTHERS).map(|one| opener(one.claim)));
        offer(request, &content, buttons)
    }

    /// Why a message is or is not answered, in words, for a moderator.
    pub(super) fn explain(&self, request: &Request, found: Option<Heard>, now: Moment) -> Action {
        let Some(heard) = found else { return say(request, said::MESSAGE_NOT_SEEN) };
        let message = heard.message;
        let (situation, settings, text) = self.place(heard);
        let admission = admit(&situation, &settings, now);
        let Ok(admitted) = text.asked_about(&situation) else {
            return say(request, wording::OPTED_OUT);
        };
        let engine = self.live.load();
        let candidates = engine.matcher.find(&admitted.read(&self.metrics), CONSIDERED);
        let considered: Vec<Considered<'_>> = consider(&engine, &candidates);
        let decision = match admission {
            Err(reason) => Decision { candidate: first(&candidates), ..Decision::silent(reason) },
            // What was said lately explains other messages; this one is explained by itself.
            Ok(()) => decide(&considered, &situation, &settings, &History::default(), now),
        };
        let mut lines = vec![said::WHY.to_owned()];
        lines.extend(self.became_of(message));
        if decision.verb == Verb::Reply {
            lines.push(said::BY_ITSELF.to_owned());
        }
        if admitted.original().trim().is_empty() {
            lines.push(said::NO_TEXT.to_owned());
        }
        let words = plain_pages(&why(&decision, &candidates, admitted.original()));
        lines.extend(words.iter().flat_map(|page| page.lines()).map(str::to_owned));
        say(request, &limits::fitted(&lines))
    }

    /// What became of a message, where that is known.
    fn became_of(&self, message: MessageId) -> Option<String> {
        match self.store.answer(message) {
            Ok(Some(Answer { state, guild, channel, claim, at, .. })) => Some(match state {
                State::Sent(reply) => said::answered(&claim, guild, channel, reply, at),
                State::Leaving(_) | State::Removed => said::taken_away(&claim, at),
                // A request has another number than any message.
                State::Intent | State::Shown => said::under_way(&claim, at),
                State::Failed | State::GivenUp => said::not_posted(&claim, at),
            }),
            Ok(None) => self.memory().tally.lately(message).map(said::at_the_time),
            Err(error) => {
                self.report(message, &error);
                None
            }
        }
    }
}

fn first(candidates: &[Candidate]) -> Option<usize> {
    (!candidates.is_empty()).then_some(0)
}
