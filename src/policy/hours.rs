//! Quiet hours: a part of each day in which nothing is read. Knows no clock; time zones are offsets that moderators give.

use crate::policy::place::Moment;

/// The minutes of a day.
pub const DAY: u16 = 24 * 60;

/// The part of each day from one minute to another, in UTC; over midnight where it begins later than it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuietHours {
    from: u16,
    to: u16,
}

impl QuietHours {
    /// No quiet hours at all.
    pub const NEVER: Self = Self { from: 0, to: 0 };

    /// From one minute of the day to another, in UTC; none where either is no minute of a day.
    pub const fn new(from: u16, to: u16) -> Option<Self> {
        if from < DAY && to < DAY { Some(Self { from, to }) } else { None }
    }

    /// What is typed: `HH:MM` or `HH` twice, in a zone so many minutes ahead of UTC.
    pub fn parse(from: &str, to: &str, ahead: i32) -> Option<Self> {
        Self::new(utc(minute(from)?, ahead)?, utc(minute(to)?, ahead)?)
    }

    /// The first minute and the one after the last, in UTC.
    pub const fn minutes(self) -> (u16, u16) {
        (self.from, self.to)
    }

    /// Whether there are none.
    pub const fn is_never(self) -> bool {
        self.from == self.to
    }

    /// Whether they hold at `now`.
    pub fn hold(self, now: Moment) -> bool {
        let minute = u16::try_from(now.0 / 60_000 % u64::from(DAY)).unwrap_or(0);
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

fn minute(typed: &str) -> Option<u16> {
    let (hours, minutes) = typed.trim().split_once(':').unwrap_or((typed.trim(), "0"));
    let number = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn utc(minute: u16, ahead: i32) -> Option<u16> {
    u16::try_from((i32::from(minute) - ahead).rem_euclid(i32::from(DAY))).ok()
}

#[cfg(test)]
mod tests {
    use super::QuietHours;
    use crate::policy::place::Moment;

    #[test]
    fn hours_are_typed_in_the_moderators_zone_and_kept_in_utc() {
        for (from, to, ahead, expected) in [
            ("22:00", "06:30", 0, Some((1320, 390))),
            ("22", "6", 60, Some((1260, 300))),
            ("0", "8", 120, Some((1320, 360))),
            ("23:59", "0:00", -300, Some((299, 300))),
            ("24:00", "6", 0, None),
            ("12:60", "6", 0, None),
            ("noon", "6", 0, None),
            ("+1", "6", 0, None),
            ("", "6", 0, None),
        ] {
            let parsed = QuietHours::parse(from, to, ahead).map(QuietHours::minutes);
            assert_eq!(parsed, expected, "{from} to {to}, {ahead} ahead");
        }
    }

    #[test]
    fn they_hold_over_midnight_and_not_a_minute_longer() {
        let at = |hours: u64, minutes: u64| Moment((hours * 60 + minutes) * 60_000);
        let night = QuietHours::new(1320, 360).expect("hours");
        for (moment, expected) in [
            (at(21, 59), false),
            (at(22, 0), true),
            (at(24, 0), true),
            (at(24 + 5, 59), true),
            (at(24 + 6, 0), false),
        ] {
            assert_eq!(night.hold(moment), expected, "{moment:?}");
        }
        let lunch = QuietHours::new(720, 780).expect("hours");
        assert!(lunch.hold(at(12, 30)) && !lunch.hold(at(13, 0)) && !lunch.hold(at(3, 0)));
        assert!(QuietHours::NEVER.is_never() && !QuietHours::NEVER.hold(at(0, 0)));
    }
}
