//! How the bot is, for whoever asks: a machine that restarts it, or a person. Knows neither Discord nor the network.

use std::sync::atomic::{AtomicBool, Ordering};

/// How the bot is.
#[derive(Debug, Default)]
pub struct Health {
    connected: AtomicBool,
    stopping: AtomicBool,
}

impl Health {
    /// Whether the connection stands, from now on; says whether that is new.
    pub fn connected(&self, stands: bool) -> bool {
        self.connected.swap(stands, Ordering::AcqRel) != stands
    }

    /// The bot is ending.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether the connection stands.
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Acquire)
    }

    /// Why messages are not answered now; none where they are.
    pub fn unready(&self) -> Option<&'static str> {
        if self.stopping.load(Ordering::Acquire) {
            Some("stopping")
        } else if self.is_connected() {
            None
        } else {
            Some("not connected to Discord")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn ready_is_connected_and_not_stopping() {
        let health = Health::default();
        assert_eq!(health.unready(), Some("not connected to Discord"));
        assert!(health.connected(true));
        assert!(!health.connected(true), "that is not new");
        assert_eq!(health.unready(), None);
        health.connected(false);
        assert!(health.unready().is_some());
        health.connected(true);
        health.stop();
        assert_eq!(health.unready(), Some("stopping"));
    }
}
