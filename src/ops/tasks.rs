//! Tracked tasks: each is known, told to stop, and waited for until a deadline. Knows not what they do. The only file that spawns.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// All tasks of a running bot; clones share them.
#[derive(Debug, Clone)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    handle: Handle,
}

impl Tasks {
    /// Tasks that run on the runtime behind `handle`, whichever thread spawns them.
    pub fn new(handle: Handle) -> Self {
        Self { tracker: TaskTracker::new(), stop: CancellationToken::new(), handle }
    }

    /// Starts a task.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tracker.spawn_on(task, &self.handle)
    }

    /// Tells all tasks to stop taking in work.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Whether they were told.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Resolves when they are told.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Waits for what is in flight; whether all ended within `deadline`.
    pub async fn join(&self, deadline: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(deadline, self.tracker.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Tasks;

    #[tokio::test]
    async fn what_stops_is_joined_and_what_hangs_is_left_at_the_deadline() {
        let tasks = Tasks::new(tokio::runtime::Handle::current());
        let (one, two) = (tasks.clone(), tasks.clone());
        tasks.spawn(async move { one.stopped().await });
        tasks.stop();
        assert!(two.is_stopping());
        assert!(tasks.join(Duration::from_secs(10)).await);

        tasks.spawn(std::future::pending::<()>());
        assert!(!tasks.join(Duration::ZERO).await);
    }
}
