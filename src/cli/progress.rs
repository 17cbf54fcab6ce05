//! A bar on stderr for what takes longer than a second. Knows not what is being done.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Counted things, of which so many are done.
const OF_THINGS: &str = "{msg} {wide_bar} {pos}/{len} {eta}";

/// Bytes, of which so many were read.
const OF_BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes} {eta}";

/// A bar that is seen after a second; where stderr is no terminal there is none.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Of so many things.
    pub(super) fn new(what: &str, count: usize) -> Self {
        Self::with(OF_THINGS, what, u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Of so many bytes.
    pub(super) fn of_bytes(what: &str, bytes: u64) -> Self {
        Self::with(OF_BYTES, what, bytes)
    }

    fn with(template: &str, what: &str, length: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    /// So many more are done.
    pub(super) fn add(&self, count: usize) {
        self.appear();
        self.0.inc(u64::try_from(count).unwrap_or(0));
    }

    /// So many are done in all.
    pub(super) fn reach(&self, position: u64) {
        self.appear();
        self.0.set_position(position);
    }

    fn appear(&self) {
        if self.0.is_hidden() && self.0.elapsed().as_secs() >= 1 {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// All is done, and the bar goes.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
