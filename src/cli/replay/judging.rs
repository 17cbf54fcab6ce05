//! Judges messages of chat logs one by one, as if nothing had been said before, on all processors. Knows no file; what was said before is `rerun`'s.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::value::RawValue;

use crate::cli::judge::Judge;
use crate::cli::replay::message::{Told, parse};
use crate::model::explanation::{Candidate, Explanation};
use crate::policy::admit::admit;
use crate::policy::cooldown::History;
use crate::policy::decide::CONSIDERED;
use crate::policy::place::{
    AuthorKind, ChannelId, GuildId, MemberKey, MessageId, Moment, Situation, UserId,
};
use crate::policy::reason::Reason;
use crate::policy::settings::Settings;

/// How many messages go to a processor at once: enough that handing them over costs nothing, and few
/// enough to be no burden on the memory.
pub(super) const BATCH: usize = 256;

/// How many faulty messages are named; the others are counted.
const NAMED: usize = 10;

/// A channel of a chat log, and what holds there.
#[derive(Debug)]
pub(super) struct Place {
    /// The server; none for direct messages.
    pub(super) guild: Option<GuildId>,
    /// The channel or thread.
    pub(super) channel: ChannelId,
    /// What holds there: mode watch.
    pub(super) settings: Settings,
}

/// Some messages that follow each other in a file.
#[derive(Debug)]
pub(super) struct Batch {
    /// Which file.
    pub(super) file: usize,
    /// The first one's number in the file, from 1.
    pub(super) first: u64,
    /// Where they stand.
    pub(super) place: Arc<Place>,
    /// As they stand there.
    pub(super) messages: Vec<Box<RawValue>>,
}

/// A message about which something would be said, had nothing been said before.
#[derive(Debug)]
pub(super) struct Asserted {
    /// Where it stands.
    pub(super) place: Arc<Place>,
    /// Which one.
    pub(super) id: MessageId,
    /// When it was written.
    pub(super) at: Moment,
    /// By whom.
    pub(super) author: UserId,
    /// The candidates, best first, without their explanations.
    pub(super) candidates: Vec<Candidate>,
}

/// What was found in messages. However they are dealt out, the sum is the same.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How often each reason was given to be silent, whatever was said before.
    pub(super) reasons: BTreeMap<Reason, u64>,
    /// How many messages each channel has.
    pub(super) channels: BTreeMap<ChannelId, u64>,
    /// The others.
    pub(super) asserted: Vec<Asserted>,
    /// How many messages could not be used.
    pub(super) faulty: u64,
    /// What is wrong with the first of them, by file and number.
    pub(super) faults: BTreeMap<(usize, u64), String>,
    /// When the first and the last message was written.
    pub(super) span: Option<(Moment, Moment)>,
}

impl Found {
    fn note(&mut self, at: Moment, channel: ChannelId) {
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        *self.channels.entry(channel).or_default() += 1;
    }

    fn fault(&mut self, file: usize, number: u64, what: String) {
        self.faulty += 1;
        self.faults.insert((file, number), what);
        if self.faults.len() > NAMED {
            self.faults.pop_last();
        }
    }

    fn add(&mut self, other: Self) {
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        for (channel, count) in other.channels {
            *self.channels.entry(channel).or_default() += count;
        }
        self.asserted.extend(other.asserted);
        let faulty = self.faulty + other.faulty;
        for ((file, number), what) in other.faults {
            self.fault(file, number, what);
        }
        self.faulty = faulty;
        self.span = match (self.span, other.span) {
            (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
            (one, other) => one.or(other),
        };
    }
}

/// Judges all that `feed` sends.
pub(super) fn judge_all<T>(judge: &Judge, feed: impl FnOnce(SyncSender<Batch>) -> T) -> (T, Found) {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    // Two for each: one at work, one waiting. Whoever reads faster waits.
    let (sender, batches) = sync_channel(workers * 2);
    let batches = Mutex::new(batches);
    thread::scope(|scope| {
        let handles: Vec<_> =
            (0..workers).map(|_| scope.spawn(|| judge_some(judge, &batches))).collect();
        let fed = feed(sender);
        let mut found = Found::default();
        for handle in handles {
            // A panic is a fault of ours, and goes on as one.
            found.add(handle.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        (fed, found)
    })
}

fn judge_some(judge: &Judge, batches: &Mutex<Receiver<Batch>>) -> Found {
    let mut found = Found::default();
    loop {
        let next = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = next else { return found };
        for (raw, number) in batch.messages.iter().zip(batch.first..) {
            match parse(raw.get()) {
                Ok(told) => judge_one(judge, &batch.place, &told, &mut found),
                Err(what) => found.fault(batch.file, number, what),
            }
        }
    }
}

fn judge_one(judge: &Judge, place: &Arc<Place>, told: &Told<'_>, found: &mut Found) {
    found.note(told.at, place.channel);
    let situation = situation(place, told);
    let reason = if let Err(reason) = admit(&situation, &place.settings, told.at) {
        reason
    } else {
        let history = History::default();
        let settings = &place.settings;
        let judged = judge.judge(&told.content, 0, &situation, settings, &history, told.at);
        // From here on it depends on what was said before.
        if judged.decision.reason > Reason::CommandOnly {
            let asserted = Asserted {
                place: Arc::clone(place),
                id: told.id,
                at: told.at,
                author: told.author,
                candidates: judged.candidates.into_iter().take(CONSIDERED).map(bare).collect(),
            };
            found.asserted.push(asserted);
            return;
        }
        judged.decision.reason
    };
    *found.reasons.entry(reason).or_default() += 1;
}

/// What a decision looks at, and nothing that only people read.
fn bare(candidate: Candidate) -> Candidate {
    Candidate { phrasing: String::new(), explanation: Explanation::default(), ..candidate }
}

fn situation(place: &Place, told: &Told<'_>) -> Situation {
    Situation {
        author_kind: told.kind,
        roles: told.roles.clone(),
        ..said_by(place, told.id, told.author)
    }
}

/// A member's message, as far as what was said before is concerned.
pub(super) fn said_by(place: &Place, message: MessageId, author: UserId) -> Situation {
    Situation {
        guild: place.guild,
        channel: place.channel,
        message,
        author,
        author_kind: AuthorKind::Member,
        // Nothing of this is kept, so that the member needs no other name.
        member: MemberKey(author.0),
        roles: Vec::new(),
        opted_out: false,
        permitted: true,
        overloaded: false,
    }
}
