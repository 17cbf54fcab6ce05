//! Chance that can be repeated: the same seed gives the same throws. Knows not what is decided by them.

use std::time::Duration;

/// A stream of numbers (xorshift64*), good enough to choose what a test does next.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // The one state it cannot leave is 0.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn throw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0 up to and without `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.throw() >> 11) % end.max(1)
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(crate) fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A span shorter than `longest`.
    pub(crate) fn within(&mut self, longest: Duration) -> Duration {
        let micros = u64::try_from(longest.as_micros()).expect("a short span");
        Duration::from_micros(self.below(micros))
    }

    /// One of some; none of none.
    pub(crate) fn pick<'a, T>(&mut self, some: &'a [T]) -> Option<&'a T> {
        let at = self.below(some.len() as u64);
        some.get(usize::try_from(at).expect("an index"))
    }
}

/// A number that the environment may change: how long a long test is, and where its chance begins.
#[expect(clippy::disallowed_methods, reason = "how a longer run of a test is asked for")]
pub(crate) fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(given) => given.parse().unwrap_or_else(|_| panic!("{name} is no number: {given}")),
        Err(_) => otherwise,
    }
}
