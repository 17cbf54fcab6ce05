//! The gate before the text of a message: what was not admitted cannot be read, because nothing hands it out. Knows not what is read out of it.
//!
//! **Invariant:** this is the only file of the running bot that calls [`crate::text::read`] on a message.

use std::fmt;

use crate::ops::metrics::Metrics;
use crate::policy::admit::admit;
use crate::policy::place::{Moment, Situation};
use crate::policy::reason::Reason;
use crate::policy::settings::Settings;
use crate::text::{Text, read};

/// What somebody wrote, sealed.
pub struct Unread(String);

/// What somebody wrote and we may read.
pub struct Admitted(String);

impl Unread {
    /// Seals a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Opens the seal where the message may be read; otherwise the text is dropped here.
    ///
    /// # Errors
    /// The first reason why it may not.
    pub fn admit(
        self,
        situation: &Situation,
        settings: &Settings,
        now: Moment,
    ) -> Result<Admitted, Reason> {
        admit(situation, settings, now).map(|()| Admitted(self.0))
    }
}

impl Unread {
    /// Opens the seal because somebody asks about this very message, wherever it stands. Who asked to be
    /// left alone is left alone here too.
    ///
    /// # Errors
    /// [`Reason::OptedOut`].
    pub fn asked_about(self, situation: &Situation) -> Result<Admitted, Reason> {
        if situation.opted_out { Err(Reason::OptedOut) } else { Ok(Admitted(self.0)) }
    }

    /// Reads what was typed to us, into a command or by authors into a file: nobody's message.
    pub fn addressed(&self) -> Text {
        read(&self.0)
    }
}

impl Admitted {
    /// The text itself, to show people their own words.
    pub fn original(&self) -> &str {
        &self.0
    }

    /// Reads the text, which is counted.
    pub fn read(&self, metrics: &Metrics) -> Text {
        metrics.read.add();
        read(&self.0)
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unread(…)")
    }
}

impl fmt::Debug for Admitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Admitted(…)")
    }
}
