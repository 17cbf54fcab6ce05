//! The ways that are compared, each from the raw message to the best phrasing and whether it is good enough. Knows no file.

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use crate::clock::{cost, used};
use crate::drawn::Messages;
use crate::eval::rows::StoredClaim;
use crate::eval::store::PublicStore;
use crate::matching::Matcher;
use crate::text;

/// One way of finding the claim that a message makes.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// All of footnote: reading, index, alignment, score, assertion.
    Footnote,
    /// Of that the reading alone.
    Reading,
    /// tantivy's BM25 over an index in memory.
    Bm25,
    /// rapidfuzz's batch comparison over all phrasings.
    Rapidfuzz,
    /// strsim's normalised distance over all phrasings.
    Strsim,
}

/// What a way cost: building, and one message.
type Cost = Option<(Duration, Duration)>;

/// The bar above which a scan calls a phrasing found; any will do, it costs the same.
const GOOD: f64 = 0.6;

impl Way {
    /// All of them, ours first.
    pub const ALL: [Self; 5] =
        [Self::Footnote, Self::Reading, Self::Bm25, Self::Rapidfuzz, Self::Strsim];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Footnote => "footnote",
            Self::Reading => "reading",
            Self::Bm25 => "bm25",
            Self::Rapidfuzz => "rapidfuzz",
            Self::Strsim => "strsim",
        }
    }

    /// Builds what it needs and lets it answer every message; none where it was not compiled in.
    pub fn measure(self, store: &[StoredClaim], messages: &Messages) -> Result<Cost, Box<dyn Error>> {
        let phrasings: Vec<String> = store
            .iter()
            .flat_map(|one| std::iter::once(&one.text).chain(&one.title))
            .map(|text| text.to_lowercase())
            .collect();
        let start = used();
        Ok(match self {
            Self::Footnote => {
                let public = PublicStore::build(store.to_vec());
                let matcher = Matcher::build(&public.catalog);
                let build = used().saturating_sub(start);
                Some((build, each(messages, |message| {
                    let found = matcher.find(&text::read(message), 1);
                    found.first().is_some_and(|one| one.score.thousandths() > 500)
                })))
            }
            Self::Reading => Some((
                Duration::ZERO,
                each(messages, |message| text::read(message).tokens.len() > 3),
            )),
            Self::Strsim => Some((
                Duration::ZERO,
                each(messages, |message| {
                    let message = message.to_lowercase();
                    let alike = phrasings.iter().map(|phrasing| {
                        strsim::normalized_damerau_levenshtein(&message, phrasing)
                    });
                    alike.fold(0.0, f64::max) > GOOD
                }),
            )),
            #[cfg(feature = "rivals")]
            Self::Rapidfuzz => Some((
                Duration::ZERO,
                each(messages, |message| crate::rivals::rapidfuzz(message, &phrasings, GOOD)),
            )),
            #[cfg(feature = "rivals")]
            Self::Bm25 => {
                let index = crate::rivals::Bm25::build(&phrasings)?;
                let build = used().saturating_sub(start);
                Some((build, each(messages, |message| index.best(message) > 20.0)))
            }
            #[cfg(not(feature = "rivals"))]
            Self::Rapidfuzz | Self::Bm25 => None,
        })
    }
}

/// What one message costs on average.
fn each(messages: &Messages, answer: impl Fn(&str) -> bool) -> Duration {
    let all = cost(|| {
        for message in &messages.texts {
            black_box(answer(black_box(message)));
        }
    });
    all / u32::try_from(messages.len().max(1)).unwrap_or(u32::MAX)
}
