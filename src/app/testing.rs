//! An app as a crash left it, for tests of what stands around it.

use std::path::Path;
use std::sync::Arc;

use crate::app::App;
use crate::app::engine::Engine;
use crate::app::rules::Rules;
use crate::model::claim::{ClaimId, Revision};
use crate::ops::metrics::Metrics;
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::store::Store;
use crate::store::record::{Answer, State};

/// An app without claims whose store has an open intent for each of `open`.
pub(crate) fn interrupted(
    folder: &Path,
    guild: GuildId,
    channel: ChannelId,
    open: &[u64],
    now: Moment,
) -> App {
    let store = Store::open(folder, now).expect("opens");
    for id in open {
        let answer = Answer {
            state: State::Intent,
            guild: Some(guild),
            channel,
            parent: None,
            claim: ClaimId::new("a").expect("an id"),
            revision: Revision::new("01234567").expect("a revision"),
            nonce: format!("f{id}"),
            at: now,
        };
        store.record_intent(MessageId(*id), &answer).expect("is recorded");
    }
    let metrics = Arc::new(Metrics::default());
    App::open(store, Engine::default(), Rules::default(), metrics, now).expect("opens")
}
