//! Members, moderators, authors and crashes in a storm. Knows not what must hold.

use std::time::Duration;

use footnote::app::event::{Action, Deleted, Incoming, Pressed};
use footnote::policy::permission::Permissions;
use footnote::policy::place::{GuildId, MessageId, UserId};
use footnote::policy::settings::{Mode, Pause};

use super::{CLAIMS, Said, Storm, TEXTS, WEATHER, channel};
use crate::support::process::{World, request};

impl Storm {
    /// Somebody writes.
    pub(super) fn says(&mut self) {
        let message = self.process.id();
        let asserts = self.dice.happens(25);
        let text = if asserts { self.dice.below(4) } else { WEATHER as u64 };
        let text = usize::try_from(text).unwrap();
        let channel = usize::try_from(self.dice.below(self.channels as u64)).unwrap();
        let author = 1 + self.dice.below(self.servers * 2);
        let said = Said { channel, author, text, edited: None, is_gone: false, is_unread: false };
        self.said.insert(message, said);
        let heard = self.heard(message, said);
        self.process.on(Incoming::Message(heard));
        if self.dice.happens(3) {
            // A resumed connection says it again.
            let heard = self.heard(message, said);
            self.process.on(Incoming::Message(heard));
        }
    }

    /// A message that matters: mostly one that was answered lately.
    pub(super) fn some_message(&mut self) -> Option<MessageId> {
        if self.dice.happens(60) {
            let recent = &self.order[self.order.len().saturating_sub(100)..];
            let reply = *self.dice.pick(recent)?;
            return Some(self.replies[&reply].to);
        }
        let back = usize::try_from(self.dice.below(50)).unwrap();
        self.said.keys().rev().nth(back).copied()
    }

    /// A message is changed or deleted; whether the app hears of it.
    pub(super) fn changes(&mut self, is_heard: bool) {
        let Some(message) = self.some_message() else { return };
        let mut said = self.said[&message];
        if said.is_gone {
            return;
        }
        if self.dice.happens(50) {
            said.is_gone = true;
            self.said.insert(message, said);
            if is_heard {
                let deleted = Deleted { channel: channel(said.channel), messages: vec![message] };
                self.process.on(Incoming::Deleted(deleted));
            }
        } else {
            said.text = usize::try_from(self.dice.below(TEXTS.len() as u64)).unwrap();
            said.edited = Some(self.process.now);
            said.is_unread |= !self.is_readable(&said);
            self.said.insert(message, said);
            if is_heard {
                let heard = self.heard(message, said);
                self.process.on(Incoming::Edited(heard));
            }
        }
    }

    pub(super) fn is_readable(&self, said: &Said) -> bool {
        let mode = self.modes.get(&said.channel).copied().unwrap_or(Mode::Reply);
        let is_quiet = self.quiet.contains(&said.author);
        mode == Mode::Reply && !is_quiet && !self.paused.contains(&self.guild(said.channel))
    }

    /// The author says that it is not what was said.
    pub(super) fn presses(&mut self) {
        let recent = &self.order[self.order.len().saturating_sub(50)..];
        let Some(under) = self.dice.pick(recent).copied() else { return };
        let reply = self.replies[&under].clone();
        if !reply.stands {
            return;
        }
        let place = self.place(reply.channel);
        let request = request(place, reply.author, Permissions(0), 1);
        self.process.on(Incoming::Pressed(Pressed { request, under, tag: reply.not_said }));
        self.promised.insert(under);
    }

    /// A moderator or a member asks for something, and it is done when they are told so.
    pub(super) fn settles(&mut self) {
        match self.dice.below(4) {
            0 => {
                let at = usize::try_from(self.dice.below(self.channels as u64)).unwrap();
                let mode = if self.dice.happens(40) { Mode::Off } else { Mode::Reply };
                let guild = GuildId(self.guild(at));
                self.process
                    .app()
                    .change_channel(guild, channel(at), |it| it.mode = Some(mode))
                    .unwrap();
                self.modes.insert(at, mode);
            }
            1 => {
                let guild = 1 + self.dice.below(self.servers);
                let stop = self.dice.happens(30);
                let pause = if stop { Pause::Indefinite } else { Pause::None };
                self.process.app().change_pause(GuildId(guild), pause).unwrap();
                if stop {
                    self.late = self.process.pending.iter().find_map(|action| match action {
                        Action::Correct(correct) => Some(correct.message),
                        _ => None,
                    });
                    self.paused.insert(guild)
                } else {
                    self.paused.remove(&guild)
                };
            }
            2 => {
                let member = 1 + self.dice.below(self.servers * 2);
                let quiet = self.dice.happens(30);
                let wish = |it: &mut footnote::policy::wishes::Wishes| it.quiet_everywhere = quiet;
                self.process.app().change_wishes(UserId(member), wish).unwrap();
                if quiet {
                    self.quiet.insert(member)
                } else {
                    self.quiet.remove(&member)
                };
            }
            _ => self.process.app().prune(self.process.now).unwrap(),
        }
    }

    /// Authors correct a claim, and the running bot takes it up.
    pub(super) fn corrects(&mut self) {
        let at = usize::try_from(self.dice.below(CLAIMS.len() as u64)).unwrap();
        self.corrected[at] += 1;
        self.files.claim(CLAIMS[at], TEXTS[at], self.corrected[at]);
        let app = self.process.app();
        app.live().replace(self.files.engine(app.store()));
        self.looks(Incoming::News);
    }

    pub(super) fn looks(&mut self, why: Incoming) {
        self.corrections.looks();
        self.process.on(why);
    }

    /// The process ends somewhere: of what was under way some was sent.
    pub(super) fn restarts(&mut self) {
        for action in std::mem::take(&mut self.process.pending) {
            match action {
                Action::Post(post) => self.sends_half(&post),
                Action::Correct(correct) if self.dice.happens(50) => {
                    self.corrections.changed(&correct, false);
                }
                _ => {}
            }
        }
        for _ in 0..self.dice.below(6) {
            self.process.waits(self.dice.within(Duration::from_secs(40)));
            self.changes(false);
        }
        self.corrections.looks();
        self.process.restart();
    }
}
