//! Decides whether a message may be read, and what is done about what it says. Knows neither Discord's types, nor the store, nor the clock: ids, history and `now` are arguments.

pub mod admit;
pub mod cards;
pub mod cooldown;
pub mod decide;
pub mod delicate;
pub mod doubt;
pub mod hours;
pub mod layers;
pub mod permission;
pub mod place;
pub mod reason;
pub mod refusal;
pub mod settings;
pub mod shadow;
pub mod wishes;
