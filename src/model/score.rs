//! The score of a candidate. Knows nothing of how it is computed.

use std::fmt;

/// The estimated chance, in thousandths (0 to 1000), that a message is *about* a claim, whatever it says of it.
/// It ranks, and knows nothing of assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u16);

impl Score {
    /// No evidence at all.
    pub const ZERO: Self = Self(0);
    /// Certainty.
    pub const MAX: Self = Self(1000);

    /// A score from thousandths; `None` above 1000.
    pub const fn new(thousandths: u16) -> Option<Self> {
        if thousandths <= 1000 { Some(Self(thousandths)) } else { None }
    }

    /// A score from a probability; what lies outside 0 to 1 is clamped.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=1000 just before"
    )]
    pub fn from_probability(p: f32) -> Self {
        Self((p.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// Thousandths, 0 to 1000.
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// This score raised by `step` thousandths, at most 1000.
    #[must_use]
    pub const fn raised_by(self, step: u16) -> Self {
        let sum = self.0.saturating_add(step);
        if sum > 1000 { Self::MAX } else { Self(sum) }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
