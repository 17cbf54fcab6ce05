//! What running needs beside answering: counters, tracked tasks, logs. Knows neither claims nor Discord.

pub mod metrics;
pub mod tasks;
pub mod telemetry;
