//! The real bot under load, killed at random moments: nothing acknowledged is lost, nothing is answered twice, and no reply outlives its message for longer than it takes to look again.
//!
//! `FOOTNOTE_TEST_KILLS` asks for more kills, `FOOTNOTE_TEST_SEED` for other ones.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::future::pending;
use std::time::Duration;

use footnote::policy::place::{ChannelId, MessageId, UserId};
use serde_json::json;

use crate::gateway::{LIST_MESSAGES, MATHS, NOT_SAID, SHORT, WEATHER, home};
use crate::support::bot::{Bot, Home};
use crate::support::dice::{Dice, setting};
use crate::support::fake::{Fake, POST_MESSAGE};
use crate::support::faults::{Applied, Fault};
use crate::support::hub::{Outcome, State};

/// Kills in a run of CI.
const KILLS: u64 = 30;
/// The longest a process lives after its last event was sent: it answers within some milliseconds.
const MOMENT: Duration = Duration::from_millis(40);
/// What is changed afterwards is among this many: the bot looks again at 500 answers at most.
const RECENT: usize = 40;

/// What the last run said of what the one before it had left open.
const TAKEN_UP: [&str; 4] = ["found standing", "tried again", "given up", "is gone"];

struct Town {
    discord: Fake,
    home: Home,
    dice: Dice,
    channels: Vec<ChannelId>,
    members: Vec<UserId>,
    /// All that people wrote and is not deleted, oldest first.
    written: Vec<MessageId>,
    /// A channel of another server, which its moderator pauses and resumes.
    hall: ChannelId,
    moderator: UserId,
    /// What was last said to be done there; none where the kill came before the answer.
    paused: Option<bool>,
    /// Replies of which was said that they go.
    promised: BTreeSet<MessageId>,
    taken_up: [usize; 4],
}

impl Town {
    fn build(seed: u64) -> Self {
        let discord = Fake::start();
        let guild = discord.guild("history");
        let channels: Vec<_> = (0..6).map(|n| discord.channel(guild, &format!("c{n}"))).collect();
        let members = (0..5).map(|n| discord.member(guild, &format!("m{n}"))).collect();
        let hall_guild = discord.guild("hall");
        let hall = discord.channel(hall_guild, "hall");
        let moderator = discord.moderator(hall_guild, "mod");
        let home = home();
        let mut config =
            "[policy]\ncooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n\
                          budget_hour = 1000000\nbudget_day = 1000000\n[channels]\n"
                .to_owned();
        for channel in channels.iter().chain([&hall]) {
            writeln!(config, "\"{channel}\" = \"reply\"").expect("a string takes all");
        }
        home.write("config.toml", &config);
        Self {
            discord,
            home,
            dice: Dice::new(seed),
            channels,
            members,
            written: Vec::new(),
            hall,
            moderator,
            paused: Some(false),
            promised: BTreeSet::new(),
            taken_up: [0; 4],
        }
    }

    fn says(&mut self, text: &str) -> Option<()> {
        let channel = *self.dice.pick(&self.channels)?;
        let member = *self.dice.pick(&self.members)?;
        self.written.push(self.discord.say(channel, member, text));
        Some(())
    }

    /// Something that was written lately.
    fn recent(&mut self) -> Option<usize> {
        let count = self.written.len().min(RECENT);
        let back = self.dice.below(count as u64);
        self.written.len().checked_sub(1 + usize::try_from(back).ok()?)
    }

    /// Somebody takes something back, or changes it into what is answered.
    fn changes_something(&mut self) -> Option<()> {
        let at = self.recent()?;
        match self.dice.below(4) {
            0 => self.discord.delete(self.written.remove(at)),
            1 => {
                let mut gone = vec![self.written.remove(at)];
                if let Some(other) = self.recent() {
                    let channel = self.discord.message(gone[0])?.channel;
                    if self.discord.message(self.written[other])?.channel == channel {
                        gone.push(self.written.remove(other));
                    }
                }
                self.discord.delete_bulk(&gone);
            }
            2 => self.discord.edit(self.written[at], WEATHER),
            _ => self.discord.edit(self.written[at], SHORT),
        }
        Some(())
    }

    fn acts(&mut self) {
        // At the very beginning there is nothing to change.
        let _ = match self.dice.below(10) {
            0..=3 => self.says(SHORT),
            4..=6 => self.says(MATHS),
            7 => self.says(WEATHER),
            _ => self.changes_something(),
        };
    }

    /// Lets a bot live for a while under load, and kills it.
    async fn lives_and_dies(&mut self) {
        let is_early = self.dice.happens(10);
        let bot = if is_early {
            self.discord.launch(&self.home)
        } else {
            self.discord.spawn_bot(&self.home).await
        };
        for _ in 0..self.dice.below(25) {
            self.acts();
            if self.dice.happens(50) {
                // The bot may run between two of them.
                tokio::task::yield_now().await;
            }
        }
        // Some die in the middle of a request of which Discord has heard, or not.
        let gate = if !is_early && self.dice.happens(40) {
            let applied = if self.dice.happens(50) { Applied::Yes } else { Applied::No };
            let gate = self.discord.hold(POST_MESSAGE, applied);
            self.says(SHORT);
            gate.reached(&self.discord.hub).await;
            Some(gate)
        } else {
            None
        };
        self.acts();
        let moment = self.dice.within(MOMENT);
        // The moment of the kill is what chance decides here: nothing is waited for.
        if is_early {
            let _the_moment_came = tokio::time::timeout(moment * 5, pending::<()>()).await;
        } else {
            self.asks_something(moment).await;
        }
        bot.kill().await;
        if let Some(gate) = gate {
            gate.abandoned(&self.discord.hub).await;
        }
        self.count(&bot);
        self.nothing_twice();
        // What nobody hears of.
        for _ in 0..self.dice.below(4) {
            self.changes_something();
        }
    }

    /// A request whose answer is an acknowledgement, where it comes before the moment of the kill.
    async fn asks_something(&mut self, moment: Duration) {
        match self.dice.below(3) {
            0 => {
                let pause = self.dice.happens(50);
                self.paused = None;
                let path = if pause { "footnote-mod pause" } else { "footnote-mod resume" };
                let asked = self.discord.command(self.hall, self.moderator, path, json!({}));
                if let Ok(answer) = tokio::time::timeout(moment, asked).await {
                    assert!(answer.is_ephemeral, "{answer:?}");
                    self.paused = Some(pause);
                }
            }
            1 => {
                let standing = self.discord.all_messages_of_bot();
                let recent = &standing[standing.len().saturating_sub(RECENT)..];
                let Some(reply) = self.dice.pick(recent) else { return };
                let Some(author) = reply.reference.and_then(|said| self.discord.message(said))
                else {
                    return;
                };
                let pressed = self.discord.press_if_there(reply.id, NOT_SAID, author.author);
                if let Ok(Some(answer)) = tokio::time::timeout(moment, pressed).await {
                    assert!(answer.is_ephemeral, "{answer:?}");
                    self.promised.insert(reply.id);
                }
            }
            _ => {
                let _the_moment_came = tokio::time::timeout(moment, pending::<()>()).await;
            }
        }
    }

    fn count(&mut self, bot: &Bot) {
        let log = bot.stderr();
        for (count, word) in self.taken_up.iter_mut().zip(TAKEN_UP) {
            *count += log.matches(word).count();
        }
    }

    /// However often it was killed: Discord made one reply to a message, or none.
    fn nothing_twice(&self) {
        let mut answered = BTreeSet::new();
        for (to, reply) in self.posted() {
            assert!(answered.insert(to), "{to} was answered again, with {reply}");
        }
    }

    fn posted(&self) -> Vec<(MessageId, MessageId)> {
        self.discord.hub.with(|state| state.posted.clone())
    }

    /// Waits until each reply that stands stands rightly, and says how many do.
    async fn reconciled(&self) -> usize {
        let promised = self.promised.clone();
        let found = |state: &mut State| {
            let bot = state.world.bot;
            let replies: Vec<_> = state
                .world
                .messages
                .values()
                .filter(|message| message.author == bot && !message.is_ephemeral())
                .collect();
            let right = replies.iter().all(|reply| {
                let said = reply.reference.and_then(|said| state.world.messages.get(&said));
                !promised.contains(&reply.id) && said.is_some_and(|said| said.content != WEATHER)
            });
            right.then_some(replies.len())
        };
        self.discord.hub.until("all replies to be right", found).await
    }
}

#[tokio::test]
async fn killed_at_any_moment_it_answers_once_and_keeps_what_it_acknowledged() {
    let kills = setting("FOOTNOTE_TEST_KILLS", KILLS);
    let seed = setting("FOOTNOTE_TEST_SEED", 3);
    let mut town = Town::build(seed);
    for round in 0..kills {
        town.lives_and_dies().await;
        if round % 10 == 9 {
            // A whole life in between: the next kill meets what was put in order.
            let bot = town.discord.spawn_bot(&town.home).await;
            town.reconciled().await;
            bot.kill().await;
            town.count(&bot);
        }
    }

    let bot = town.discord.spawn_bot(&town.home).await;
    let standing = town.reconciled().await;
    match town.paused {
        Some(true) => {
            let said = town.discord.say(town.hall, town.moderator, SHORT);
            town.discord.caught_up(town.hall, town.moderator).await;
            let path = "footnote-mod resume";
            town.discord.command(town.hall, town.moderator, path, json!({})).await;
            assert!(town.posted().iter().all(|(to, _)| *to != said), "paused, and answered");
        }
        Some(false) => {
            let said = town.discord.say(town.hall, town.moderator, SHORT);
            let reply = town.discord.next_message_from_bot(town.hall).await;
            assert_eq!(reply.reference, Some(said), "resumed, and silent");
        }
        None => {}
    }
    // Whatever stands is known: it goes with its message.
    let all = std::mem::take(&mut town.written);
    for said in all {
        town.discord.delete(said);
    }
    let left = |state: &mut State| {
        let (bot, hall) = (state.world.bot, town.hall);
        let mut all = state.world.messages.values();
        (!all.any(|m| m.author == bot && m.channel != hall && !m.is_ephemeral())).then_some(())
    };
    town.discord.hub.until("every reply to go with its message", left).await;
    bot.ask_to_stop();
    assert_eq!(bot.exit().await.code(), Some(0));
    town.count(&bot);
    town.nothing_twice();

    // Or the test has shown nothing.
    let posted = town.posted().len();
    println!(
        "seed {seed}: {kills} kills, {posted} replies, {standing} stood at the end; taken up:"
    );
    println!("  {:?}", TAKEN_UP.iter().zip(town.taken_up).collect::<Vec<_>>());
    assert!(posted as u64 > kills, "{posted} replies");
    assert!(town.taken_up.iter().all(|count| *count > 0), "{:?}", town.taken_up);
}

/// The request was sent and then its sender was killed; Discord does it only when the next process
/// has looked, found nothing, and sent it again.
#[tokio::test]
async fn a_request_that_outlives_its_killed_sender_is_not_done_twice() {
    let mut town = Town::build(1);
    let bot = town.discord.spawn_bot(&town.home).await;
    let gate = town.discord.delay(POST_MESSAGE);
    town.says(SHORT);
    gate.reached(&town.discord.hub).await;
    bot.kill().await;
    gate.abandoned(&town.discord.hub).await;

    let bot = town.discord.spawn_bot(&town.home).await;
    let repeated = |state: &mut State| (!state.posted.is_empty()).then_some(());
    town.discord.hub.until("the second try", repeated).await;
    gate.release();
    let done = |state: &mut State| (state.done_late == 1).then_some(());
    town.discord.hub.until("the first try to be done", done).await;
    assert_eq!(town.posted().len(), 1, "{:?}", town.posted());
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// The first try was done and its answer lost; before the second the message is deleted, and the
/// refusal of the second says nothing of the first.
#[tokio::test]
async fn a_reply_whose_outcome_was_lost_goes_once_its_second_try_was_refused() {
    let mut town = Town::build(1);
    let bot = town.discord.spawn_bot(&town.home).await;
    town.discord.fail(POST_MESSAGE, Fault::Cut(Applied::Yes));
    town.discord.fail(
        POST_MESSAGE,
        Fault::Error { status: 403, code: 50013, message: "Missing Permissions" },
    );
    town.says(SHORT);
    town.discord.request(POST_MESSAGE, 2).await;
    // Found standing, it is known: it goes with its message.
    let found = |state: &mut State| {
        let mut found = state.requests.iter().filter(|request| request.is(LIST_MESSAGES));
        found.next_back().is_some_and(|it| it.outcome == Outcome::Answered(200)).then_some(())
    };
    town.discord.hub.until("the first try to be looked for", found).await;
    let said = town.written.remove(0);
    let (_, reply) = town.posted()[0];
    town.discord.delete(said);
    town.discord.gone(reply).await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}
