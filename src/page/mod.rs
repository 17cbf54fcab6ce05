//! Claims and replies as pages of HTML, for those who write them. Knows neither files nor a server: values in, text out.

mod chart;
pub mod chat;
pub mod html;
pub mod looks;
pub mod report;
pub mod sheet;
