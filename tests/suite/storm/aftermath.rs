//! What must hold once the storm is over. Knows not what happened in it.

use std::time::Duration;

use footnote::app::event::Incoming;
use footnote::policy::place::GuildId;
use footnote::store::record::State;

use super::{CLAIMS, Reply, Storm, budgets, channel, everywhere};
use crate::support::process::World;
use crate::support::rests::{Given, kept};

impl Storm {
    /// The storm is over, and the process starts once more: whatever was missed is found.
    pub(super) fn settles_down(&mut self) {
        self.drains();
        self.restarts();
        self.drains();
        // What could not be taken away at the first try is, at one of the next starts.
        for _ in 0..8 {
            self.corrections.looks();
            self.process.restart();
            self.drains();
        }
        for (id, reply) in self.replies.iter().filter(|(_, reply)| reply.stands) {
            let said = self.said[&reply.to];
            assert!(!said.is_gone, "{id} stands, and {} is gone", reply.to);
            assert!(!self.promised.contains(id), "{id} stands, and was promised to go");
            let claim = CLAIMS.get(said.text).copied();
            let is_right = claim == Some(reply.claim.as_str()) || said.is_unread;
            assert!(is_right, "{id} of {} stands under other words: {claim:?}", reply.claim);
        }
    }

    /// What stands shows the claim as it is now, as long as it is corrected at all.
    pub(super) fn every_correction_has_arrived(&mut self) {
        // A look finds so many at once; the next one finds the next.
        loop {
            let before = self.corrections.made;
            self.looks(Incoming::Hour);
            self.drains();
            if self.corrections.made == before {
                break;
            }
        }
        let engine = self.process.app().live().snapshot();
        let mut seen = 0;
        for (id, reply) in self.replies.iter().filter(|(_, reply)| reply.stands) {
            let age = self.process.now.since(reply.decided);
            let is_paused = self.paused.contains(&self.guild(reply.channel));
            let answer = self.process.app().store().answer(reply.to).unwrap();
            let is_known = answer.is_some_and(|answer| answer.state == State::Sent(*id));
            if age <= Duration::from_secs(7 * 24 * 3600) && !is_paused && is_known {
                let revision = engine.catalog.claim(reply.claim.as_str()).unwrap().revision.start();
                assert_eq!(self.corrections.shown(*id), Some(revision), "{id} is not corrected");
                seen += 1;
            }
        }
        assert!(seen > 0, "or the storm has shown no correction");
    }

    /// By the times of the decisions, over all restarts.
    pub(super) fn no_rest_and_no_budget_was_exceeded(&self) {
        let given = |reply: &Reply| Given {
            guild: GuildId(self.guild(reply.channel)),
            channel: channel(reply.channel),
            claim: reply.claim.clone(),
            author: reply.author,
            decided: reply.decided,
        };
        let given: Vec<Given> = self.replies.values().map(given).collect();
        kept(&given, &everywhere(), budgets);
    }
}
