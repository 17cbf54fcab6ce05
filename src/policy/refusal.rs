//! How often Discord has refused, where, and whether another request may go out. Knows neither requests nor the clock: `now` is an argument.
//!
//! Discord bans an address for 10,000 answers of 401, 403 or 429 within ten minutes. We stop at a
//! twentieth of that, and a place that refuses is left alone long before.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::policy::place::{ChannelId, Moment};

/// Discord's limit is 10,000 for all bots at one address; this leaves room for nineteen others.
pub const REFUSALS: u32 = 500;
/// The span in which Discord counts refusals.
pub const REFUSALS_WITHIN: Duration = Duration::from_secs(600);

/// Discord takes the token away after 1,000 new sessions in a day; a healthy bot needs a handful.
pub const SESSIONS: u32 = 300;
/// The span in which Discord counts sessions.
pub const SESSIONS_WITHIN: Duration = Duration::from_secs(24 * 3600);

/// How long a place rests after its first refusal: long enough to stop, short enough that a
/// permission given back is noticed while somebody still looks.
const FIRST_REST: Duration = Duration::from_secs(60);
/// Each further refusal doubles the rest, up to this: some twenty requests a day.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// More places than this are not remembered; the one whose rest ends first is forgotten.
const PLACES: usize = 4096;

/// Each span is counted in this many parts: the oldest is dropped as a whole, late rather than early.
const PARTS: u32 = 10;

/// How often something happened lately.
#[derive(Debug, Clone)]
pub struct Window {
    part: Duration,
    counts: VecDeque<(u64, u32)>,
}

impl Window {
    /// Counts over a span.
    pub fn over(span: Duration) -> Self {
        Self { part: span / PARTS, counts: VecDeque::new() }
    }

    /// Once more.
    pub fn add(&mut self, now: Moment) {
        let part = self.part_of(now);
        match self.counts.back_mut() {
            // A clock that was set back counts where it stood.
            Some((newest, count)) if *newest >= part => *count = count.saturating_add(1),
            Some(_) | None => self.counts.push_back((part, 1)),
        }
        self.counts.retain(|(at, _)| at.saturating_add(u64::from(PARTS)) >= part);
    }

    /// How often within the span before `now`; rather too many than too few.
    pub fn count(&self, now: Moment) -> u32 {
        let part = self.part_of(now);
        let recent = self.counts.iter().filter(|(at, _)| at + u64::from(PARTS) >= part);
        recent.fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    fn part_of(&self, now: Moment) -> u64 {
        let part = u64::try_from(self.part.as_millis()).unwrap_or(u64::MAX).max(1);
        now.0 / part
    }
}

/// Why a request may not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// This place refused lately.
    Place,
    /// Too much was refused everywhere.
    Everywhere,
}

#[derive(Debug, Clone, Copy)]
struct Rest {
    until: Moment,
    length: Duration,
}

/// What was refused.
#[derive(Debug, Clone)]
pub struct Refusals {
    recent: Window,
    everywhere_until: Moment,
    places: BTreeMap<ChannelId, Rest>,
}

impl Default for Refusals {
    fn default() -> Self {
        Self {
            recent: Window::over(REFUSALS_WITHIN),
            everywhere_until: Moment(0),
            places: BTreeMap::new(),
        }
    }
}

impl Refusals {
    /// Whether a request may go out.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_ask(&self, place: Option<ChannelId>, now: Moment) -> Result<(), Barred> {
        if now < self.everywhere_until || self.recent.count(now) >= REFUSALS {
            return Err(Barred::Everywhere);
        }
        match place.and_then(|place| self.places.get(&place)) {
            Some(rest) if now < rest.until => Err(Barred::Place),
            Some(_) | None => Ok(()),
        }
    }

    /// Discord refused. The place rests: a minute, then twice as long each time, up to an hour.
    pub fn refuse(&mut self, place: Option<ChannelId>, now: Moment) {
        self.recent.add(now);
        let Some(place) = place else { return };
        let before = self.places.get(&place).map(|rest| rest.length * 2);
        let length = before.unwrap_or(FIRST_REST).min(LONGEST_REST);
        self.rest(place, Rest { until: now.plus(length), length });
    }

    /// Discord asked for a wait, at one place or everywhere. That is no fault of the place.
    pub fn limit(&mut self, place: Option<ChannelId>, wait: Duration, now: Moment) {
        self.recent.add(now);
        let until = now.plus(wait);
        match place {
            Some(place) => {
                let before = self.places.get(&place);
                let length = before.map_or(FIRST_REST / 2, |rest| rest.length);
                let until = before.map_or(until, |rest| rest.until.max(until));
                self.rest(place, Rest { until, length });
            }
            None => self.everywhere_until = self.everywhere_until.max(until),
        }
    }

    /// The place took a request, or something about it changed: it may be asked again.
    pub fn forgive(&mut self, place: ChannelId) {
        self.places.remove(&place);
    }

    /// How much was refused lately.
    pub fn recent(&self, now: Moment) -> u32 {
        self.recent.count(now)
    }

    fn rest(&mut self, place: ChannelId, rest: Rest) {
        self.places.insert(place, rest);
        if self.places.len() > PLACES
            && let Some(first) =
                self.places.iter().min_by_key(|(_, rest)| rest.until).map(|(place, _)| *place)
        {
            self.places.remove(&first);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use super::{Barred, PLACES, REFUSALS, Refusals, Window};
    use crate::policy::place::{ChannelId, Moment};

    const START: Moment = Moment(1_800_000_000_000);
    const HERE: Option<ChannelId> = Some(ChannelId(1));

    fn after(seconds: u64) -> Moment {
        START.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_place_that_refuses_rests_longer_each_time() {
        let mut refusals = Refusals::default();
        let mut at = 0;
        for rest in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            assert_eq!(refusals.may_ask(HERE, after(at)), Ok(()), "after {at} s");
            refusals.refuse(HERE, after(at));
            assert_eq!(refusals.may_ask(HERE, after(at + rest - 1)), Err(Barred::Place));
            assert_eq!(refusals.may_ask(Some(ChannelId(2)), after(at)), Ok(()), "others do not");
            at += rest;
        }
    }

    #[test]
    fn a_place_that_took_a_request_starts_afresh() {
        let mut refusals = Refusals::default();
        refusals.refuse(HERE, after(0));
        refusals.refuse(HERE, after(60));
        refusals.forgive(ChannelId(1));
        assert_eq!(refusals.may_ask(HERE, after(60)), Ok(()));
        refusals.refuse(HERE, after(61));
        assert_eq!(refusals.may_ask(HERE, after(121)), Ok(()), "a minute again");
    }

    #[test]
    fn a_limit_holds_where_it_was_said_and_as_long() {
        let mut refusals = Refusals::default();
        refusals.limit(HERE, Duration::from_secs(30), after(0));
        assert_eq!(refusals.may_ask(HERE, after(29)), Err(Barred::Place));
        assert_eq!(refusals.may_ask(HERE, after(30)), Ok(()));
        assert_eq!(refusals.may_ask(None, after(0)), Ok(()));
        refusals.limit(HERE, Duration::ZERO, after(1));
        assert_eq!(refusals.may_ask(HERE, after(29)), Err(Barred::Place), "nor does it end early");
        refusals.limit(None, Duration::from_secs(5), after(40));
        assert_eq!(refusals.may_ask(HERE, after(44)), Err(Barred::Everywhere));
        assert_eq!(refusals.may_ask(HERE, after(45)), Ok(()));
    }

    /// Five thousand channels that refuse everything, each asked every ten seconds for two hours.
    #[test]
    fn however_much_refuses_discord_sees_a_twentieth_of_its_limit() {
        let mut refusals = Refusals::default();
        let mut lately: VecDeque<u64> = VecDeque::new();
        let mut asked = 0;
        for second in (0..7200).step_by(10) {
            for channel in 0..5_000 {
                let place = Some(ChannelId(channel));
                if refusals.may_ask(place, after(second)).is_ok() {
                    refusals.refuse(place, after(second));
                    lately.retain(|then| then + 600 > second);
                    lately.push_back(second);
                    asked += 1;
                    assert!(lately.len() <= REFUSALS as usize, "after {second} s");
                }
            }
        }
        assert!(asked > 1_000, "it does try again: {asked}");
        assert!(refusals.places.len() <= PLACES);
    }

    #[test]
    fn a_clock_that_is_set_back_loses_no_count() {
        let mut window = Window::over(Duration::from_secs(600));
        window.add(after(3600));
        window.add(after(0));
        assert_eq!(window.count(after(3600)), 2);
    }
}
