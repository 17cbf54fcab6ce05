//! Discord in a storm of cards: it takes cards, drawings and replies, and loses some. Nobody decides twice, and nothing is posted unread.

use footnote::app::event::{
    Action, Button, Card, Current, Does, Performed, Post, Posted, Review, Ruling, Seen,
};
use footnote::policy::place::MessageId;

use super::{BENCH, Standing, Storm, TEXTS};
use crate::support::dice::Dice;
use crate::support::process::{NONCE, Process, World, done};

impl Storm {
    /// What Discord does with a card.
    pub(super) fn takes_card(&mut self, card: &Card) -> MessageId {
        assert!(!self.is_paused, "a card while paused");
        let known = self.card_of.get(&card.message);
        assert_eq!(known, None, "{} has a second card", card.message);
        assert_eq!(card.channel, BENCH);
        let id = self.process.id();
        let (about, content, buttons) = (card.message, card.content.clone(), card.buttons.clone());
        self.cards.insert(id, Standing { about, content, buttons });
        self.card_of.insert(card.message, id);
        id
    }

    /// A card looks otherwise from now on.
    pub(super) fn draws(&mut self, card: MessageId, content: &str, buttons: &[Button]) {
        let Some(standing) = self.cards.get_mut(&card) else { return };
        content.clone_into(&mut standing.content);
        standing.buttons = buttons.to_vec();
        self.stale.remove(&card);
        if let Some((_, by)) = content.split_once("decided by <@") {
            let by = by.split('>').next().unwrap().to_owned();
            let before = self.deciders.entry(card).or_insert_with(|| by.clone());
            assert_eq!(*before, by, "{card} was decided twice");
        }
    }

    pub(super) fn looks(&mut self, review: Box<Review>) -> Performed {
        let message = review.target.message;
        if self.dice.happens(5) {
            return Performed::Reviewed { review, current: Current::Unclear };
        }
        let said = &self.said[&message];
        if said.is_gone {
            return Performed::Reviewed { review, current: Current::Gone };
        }
        let tag = review.pressed.tag.as_ref().unwrap();
        assert!(matches!(tag.does, Does::Decide(Ruling::Post, _)));
        self.looked.insert(message, said.text.clone());
        let current = Current::Written(Box::new(self.heard(message)));
        Performed::Reviewed { review, current }
    }
}

impl World for Storm {
    fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn takes(&mut self, post: &Post) -> Option<MessageId> {
        assert!(!self.is_paused, "posted while paused");
        if self.said[&post.message].is_gone {
            return None;
        }
        if let Some(known) = self.replies.get(&post.message) {
            let age = self.process.now.since(known.made_at());
            assert!(age < NONCE, "{} is answered twice", post.message);
            return Some(*known);
        }
        let looked = self.looked.get(&post.message);
        let asserts = looked.is_some_and(|text| TEXTS[..2].iter().any(|one| text.starts_with(one)));
        assert!(asserts, "posted below {looked:?}, which no moderator let be answered");
        let id = self.process.id();
        self.replies.insert(post.message, id);
        self.posted += 1;
        Some(id)
    }

    fn performs(&mut self, action: Action) -> Performed {
        match action {
            Action::Card(card) => {
                let message = card.message;
                let outcome = if self.process.app().confirm_card(message, self.process.now) {
                    match self.dice.below(20) {
                        0 => Posted::Unclear,
                        1 => {
                            self.takes_card(&card);
                            Posted::Unclear
                        }
                        2 => Posted::Refused,
                        _ => Posted::Stands(self.takes_card(&card)),
                    }
                } else {
                    Posted::Withheld
                };
                Performed::Carded { message, outcome }
            }
            Action::Redraw(redraw) => {
                let done = !self.dice.happens(5);
                if done {
                    self.draws(redraw.card, &redraw.content, &redraw.buttons);
                } else {
                    self.stale.insert(redraw.card);
                }
                Performed::Redrawn { done }
            }
            Action::Answer(answer) => {
                let card = self.presses.remove(&answer.handle.id);
                let done = !self.dice.happens(5);
                if let Some(card) = card.filter(|_| answer.replaces) {
                    if done {
                        self.draws(card, &answer.content, &answer.buttons);
                    } else {
                        self.stale.insert(card);
                    }
                }
                Performed::Answered { done }
            }
            Action::Review(review) => self.looks(review),
            Action::Post(post) => self.posts(&post),
            Action::LookFor(search) => {
                let said = &self.said[&search.message];
                let author = (!said.is_gone).then_some(said.author);
                let reply = self.replies.get(&search.message).copied();
                Performed::Looked { message: search.message, seen: Seen::Page { author, reply } }
            }
            Action::Recheck(recheck) => {
                let message = recheck.message;
                let current = if self.said[&message].is_gone {
                    Current::Gone
                } else {
                    Current::Written(Box::new(self.heard(message)))
                };
                Performed::Rechecked { message, current }
            }
            other => done(other),
        }
    }
}
