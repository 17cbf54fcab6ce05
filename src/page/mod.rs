//! Claims and replies as pages of HTML, for those who write them and those who read them. Knows neither files nor a server: values in, text out.

pub mod article;
mod chart;
pub mod chat;
pub mod contents;
pub mod feed;
pub mod frame;
pub mod html;
pub mod looks;
pub mod method;
pub mod prose;
pub mod report;
pub mod review;
pub mod sheet;
pub mod site;
