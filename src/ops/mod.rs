//! What running needs beside answering: counters and who shows them, health, tracked tasks, logs. Knows neither claims nor Discord.

pub mod export;
pub mod health;
pub mod listener;
pub mod metrics;
pub mod tasks;
pub mod telemetry;
