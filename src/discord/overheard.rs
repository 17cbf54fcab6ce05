//! What the library says to its log alone. Where it quotes people there, nobody is to read it; and it is heard that Discord closed the connection in a way after which the library neither connects again nor tells anybody. Knows neither the connection nor our own logs.
//!
//! serenity 0.12.5 ends with an error after the close codes 4004, 4013 and 4014. After 4003, 4010 and
//! 4011 it reads on from the closed socket and hears nothing more, and after 4012 it tries the same
//! again without end. It hands none of these on; `tests/suite/faults.rs` fails where another
//! version of it says this in other words.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::Context;
use tracing_subscriber::{Layer, Registry, filter};

use crate::discord::{Fatal, words};

/// The part of the library that is listened to.
const SPEAKER: &str = "serenity::gateway::shard";

/// Where the library quotes what it could not read, or names a request by the secret in its path, at
/// levels that operators see. What follows from it is logged by us.
const QUOTING: [&str; 3] = ["serenity::gateway::ws", "serenity::http", "serenity::model"];

/// What it says, and what that means for an operator.
const SAYINGS: [(&str, &str); 4] = [
    ("Sent no authentication.", words::UNKNOWN_SESSION),
    ("Sent invalid shard data.", words::WRONG_SHARD),
    ("Shard has too many guilds.", words::TOO_LARGE),
    ("Unknown unclean close 4012:", words::WRONG_VERSION),
];

/// Whether the library quotes there what passes through it.
pub fn quotes(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    QUOTING.iter().any(|one| target.starts_with(one))
        || (target == SPEAKER && *metadata.level() == Level::WARN)
}

/// An ear at the library's log. Clones share what was heard.
#[derive(Debug, Clone, Default)]
pub struct Ear(Arc<watch::Sender<Option<&'static str>>>);

impl Ear {
    /// What is to stand beside the logs, for it to hear them.
    pub fn layer(&self) -> Box<dyn Layer<Registry> + Send + Sync> {
        let of_interest = filter::filter_fn(|of| {
            of.is_event() && of.target() == SPEAKER && *of.level() <= LevelFilter::WARN
        })
        .with_max_level_hint(LevelFilter::WARN);
        self.clone().with_filter(of_interest).boxed()
    }

    /// Resolves where something was heard that ends the bot.
    pub(super) async fn heard(&self) -> Fatal {
        let mut heard = self.0.subscribe();
        match heard.wait_for(Option::is_some).await.map(|heard| *heard) {
            Ok(Some(why)) => Fatal(why.to_owned()),
            // The sender lives in `self`, so neither happens.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }
}

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut said = Said(None);
        event.record(&mut said);
        if let Some(why) = said.0 {
            self.0.send_replace(Some(why));
        }
    }
}

/// The meaning of a line, where it has one.
struct Said(Option<&'static str>);

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let line = format!("{value:?}");
            let known = SAYINGS.iter().find(|(saying, _)| line.contains(saying));
            self.0 = known.map(|(_, why)| *why);
        }
    }
}
