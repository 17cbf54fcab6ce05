//! How far something is that takes long. Knows not what.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on stderr for what takes longer than a second; where stderr is no terminal there is none.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many steps.
    pub fn new(what: &str, count: usize) -> Self {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    /// So many steps more are done.
    pub fn add(&self, count: usize) {
        if self.0.is_hidden() && self.0.elapsed().as_secs() >= 1 {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.0.inc(u64::try_from(count).unwrap_or(0));
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
