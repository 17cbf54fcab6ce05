//! What moderators' "wrong match" does to a claim's threshold in their server: a bounded step, capped, decaying. Knows no clock: `now` is an argument.

use std::time::Duration;

use crate::policy::place::Moment;

/// One "wrong match" asks for this much more, in thousandths: somewhat more than the noise of a score.
pub const STEP: u16 = 50;

/// However often it is said, no more than this is asked for: a claim is made careful, not mute. For
/// that there is muting.
pub const MOST: u16 = 200;

/// So long until a step is over: a wording of the day passes, and files are mended.
pub const STEP_LASTS: Duration = Duration::from_secs(14 * 24 * 3600);

/// How much more a claim has to match in a server, as moderators last left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubt {
    raised: u16,
    at: Moment,
}

impl Doubt {
    /// What was kept: raised by so much at that time; never above [`MOST`].
    pub const fn new(raised: u16, at: Moment) -> Self {
        Self { raised: if raised > MOST { MOST } else { raised }, at }
    }

    /// How much it was raised by, and when.
    pub const fn parts(self) -> (u16, Moment) {
        (self.raised, self.at)
    }

    /// What is left of it at `now`: it sinks evenly.
    pub fn left(self, now: Moment) -> u16 {
        let seconds = now.since(self.at).as_secs().saturating_mul(u64::from(STEP));
        let sunk = seconds / STEP_LASTS.as_secs().max(1);
        self.raised.saturating_sub(u16::try_from(sunk).unwrap_or(u16::MAX))
    }

    /// One more "wrong match".
    #[must_use]
    pub fn more(self, now: Moment) -> Self {
        Self::new(self.left(now).saturating_add(STEP), now)
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, MOST, STEP, STEP_LASTS};
    use crate::policy::place::Moment;

    const NOW: Moment = Moment(1_800_000_000_000);

    #[test]
    fn steps_add_up_to_the_most_and_sink_again() {
        let one = Doubt::default().more(NOW);
        assert_eq!(one.left(NOW), STEP);
        assert_eq!(one.left(NOW.plus(STEP_LASTS / 2)), STEP / 2);
        assert_eq!(one.left(NOW.plus(STEP_LASTS)), 0);
        assert_eq!(one.left(NOW.plus(STEP_LASTS * 1000)), 0);
        // A clock that was set back changes nothing.
        assert_eq!(one.left(NOW.minus(STEP_LASTS)), STEP);
        let many = (0..100).fold(Doubt::default(), |doubt, _| doubt.more(NOW));
        assert_eq!(many.left(NOW), MOST);
        assert_eq!(many.left(NOW.plus(STEP_LASTS)), MOST - STEP);
        assert_eq!(many.more(NOW.plus(STEP_LASTS)).left(NOW.plus(STEP_LASTS)), MOST);
        assert_eq!(Doubt::new(u16::MAX, NOW).left(NOW), MOST);
    }
}
