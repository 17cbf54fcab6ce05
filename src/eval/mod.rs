//! Measures how well claims are found and how rarely footnote speaks when it should not. Pure: knows neither files on disk nor how a message is matched.

pub mod adjudication;
pub mod baseline;
pub mod decision;
pub mod ranking;
pub mod reliability;
pub mod resample;
pub mod rows;
pub mod store;
pub mod training;
pub mod typos;
