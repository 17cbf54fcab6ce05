//! Time of the processor that this thread has used. Knows Linux only.

use std::fs;
use std::time::Duration;

/// So long a way is measured at least: below, the kernel's own bookkeeping shows.
const LEAST: Duration = Duration::from_millis(1500);

/// Time of the processor that the calling thread has used so far.
pub fn used() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

/// What `what` costs by itself, run as often as it takes to know.
pub fn cost(mut what: impl FnMut()) -> Duration {
    let mut rounds = 0;
    let start = used();
    loop {
        what();
        rounds += 1;
        let spent = used().saturating_sub(start);
        if spent >= LEAST {
            return spent / rounds;
        }
    }
}

/// What the processor calls itself, and how many there are.
pub fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let names: Vec<&str> = cpu
        .lines()
        .filter(|line| line.starts_with("model name"))
        .filter_map(|line| line.split_once(": "))
        .map(|(_, name)| name)
        .collect();
    format!("{} × {}", names.len(), names.first().unwrap_or(&"unknown"))
}
