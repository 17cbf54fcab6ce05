//! Discord in a storm: it takes requests, loses some, and forgets to say so of others. What was acknowledged holds for everything that goes out.

use footnote::app::event::{Action, Current, Does, Performed, Post, Seen, Tag};
use footnote::policy::place::{MessageId, UserId};
use footnote::policy::settings::Mode;
use footnote::reply::ButtonKind;

use super::{Reply, Storm};
use crate::support::dice::Dice;
use crate::support::process::{NONCE, Process, World, done};

impl World for Storm {
    fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn takes(&mut self, post: &Post) -> Option<MessageId> {
        let said = self.said[&post.message];
        if said.is_gone {
            return None;
        }
        let now = self.process.now;
        if let Some(known) = self.answered.get(&post.message) {
            let age = now.since(self.replies[known].made);
            assert!(age < NONCE, "{} is answered twice", post.message);
            return Some(*known);
        }
        let tags: Vec<&Tag> = post.buttons.iter().map(|button| &button.tag).collect();
        let not_said = tags.iter().find(|tag| tag.does == Does::Open(ButtonKind::NotSaid));
        let id = self.process.id();
        // What was acknowledged holds for everything that goes out from then on.
        let mode = self.modes.get(&said.channel).copied().unwrap_or(Mode::Reply);
        assert_eq!(mode, Mode::Reply, "posted where it was switched off");
        assert!(!self.paused.contains(&self.guild(said.channel)), "posted while paused");
        assert!(!self.quiet.contains(&said.author), "posted to who asked for quiet");
        let reply = Reply {
            to: post.message,
            claim: tags[0].claim.clone(),
            author: UserId(said.author),
            channel: said.channel,
            decided: post.decided,
            made: now,
            stands: true,
            not_said: not_said.copied().cloned(),
        };
        self.corrections.posted(id, &tags[0].revision);
        self.replies.insert(id, reply);
        self.answered.insert(post.message, id);
        self.order.push(id);
        Some(id)
    }

    fn performs(&mut self, action: Action) -> Performed {
        match action {
            Action::Post(post) => self.posts(&post),
            Action::Remove(remove) => {
                let gone = !self.dice.happens(2);
                if gone && let Some(reply) = self.replies.get_mut(&remove.reply) {
                    reply.stands = false;
                }
                Performed::Removed { message: remove.message, gone }
            }
            Action::LookFor(search) => {
                let said = self.said[&search.message];
                let author = (!said.is_gone).then_some(UserId(said.author));
                let reply = self.answered.get(&search.message).copied();
                let reply = reply.filter(|reply| self.replies[reply].stands);
                Performed::Looked { message: search.message, seen: Seen::Page { author, reply } }
            }
            Action::Recheck(recheck) => {
                let mut said = self.said[&recheck.message];
                said.is_unread |= said.edited.is_some() && !self.is_readable(&said);
                self.said.insert(recheck.message, said);
                let current = if said.is_gone {
                    Current::Gone
                } else {
                    Current::Written(Box::new(self.heard(recheck.message, said)))
                };
                Performed::Rechecked { message: recheck.message, current }
            }
            Action::Correct(correct) => {
                let reply = &self.replies[&correct.reply];
                let is_paused = self.paused.contains(&self.guild(reply.channel));
                let is_late = self.late == Some(correct.message);
                assert!(!is_paused || is_late, "corrected while paused");
                self.corrections.asked(&correct, reply.decided, self.process.now);
                let under_way = |one: &Action| matches!(one, Action::Correct(_));
                assert!(!self.process.pending.iter().any(under_way), "two at a time");
                let (arrives, is_heard) = (!self.dice.happens(5), !self.dice.happens(5));
                if arrives {
                    self.corrections.changed(&correct, is_heard);
                }
                let done = arrives && is_heard;
                let (message, revision) = (correct.message, correct.revision);
                Performed::Corrected { message, revision, done }
            }
            other => done(other),
        }
    }
}
