//! Every sentence about what people think of answers, and the figures that moderators read of it. Knows not how it is counted.

use crate::model::claim::ClaimId;

/// The label of a button.
pub const HELPFUL: &str = "Helpful";
/// The label of a button.
pub const NOT_HELPFUL: &str = "Not helpful";
/// The label of a button for moderators.
pub const WRONG_MATCH: &str = "Wrong match";

/// To somebody who said whether a response helped.
pub const RATED: &str =
    "Thank you. It is counted for those who write the responses, without your name.";

/// To somebody who said so before.
pub const RATED_BEFORE: &str = "Thank you; your opinion on this is counted already.";

/// To a moderator who said that a message was no match.
pub const WRONG_MATCH_KEPT: &str = "Noted: in this server the claim has to match better from now on. That wears off within weeks; \
     `/footnote-mod stats` shows it, and `/footnote-mod settings trust` takes it back at once.";

/// To somebody who does not moderate.
pub const NOT_YOURS: &str = "Only moderators can say that a message was no match.";

/// Above the figures.
pub const STATS: &str = "**footnote in this server, by claim**";

/// Where there are no figures.
pub const NO_STATS: &str =
    "Nothing was answered, suggested or judged in this server within the last 30 days.";

/// After what "wrong match" did was taken back.
pub fn trusted(claim: &ClaimId) -> String {
    format!("`{claim}` has to match no better than anywhere else.")
}

/// After a "wrong match".
pub fn raised(claim: &ClaimId, by: u16) -> String {
    format!("Wrong match: `{claim}` has to match by {by} of 1000 more, which wears off.")
}

/// What is known of the answers with a revision of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Replies that stand.
    pub standing: usize,
    /// Replies that were taken away.
    pub taken_away: usize,
    /// Those who said so.
    pub helpful: u32,
    /// Those who said so.
    pub not_helpful: u32,
    /// Authors who said so.
    pub not_said: u32,
    /// Moderators who said so.
    pub wrong_match: u32,
    /// Suggestions that were posted.
    pub let_post: u32,
    /// Suggestions that were not.
    pub let_be: u32,
}

/// A line of figures; what is nought is left out.
pub fn figures(claim: &ClaimId, revision: &str, figures: &Figures) -> String {
    let Figures { standing, taken_away, helpful, not_helpful, not_said, wrong_match, .. } = figures;
    let Figures { let_post, let_be, .. } = figures;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let parts: Vec<String> = [
        ("standing", count(*standing)),
        ("taken away", count(*taken_away)),
        ("not what I said", *not_said),
        ("wrong match", *wrong_match),
        ("helpful", *helpful),
        ("not helpful", *not_helpful),
        ("cards posted", *let_post),
        ("cards let be", *let_be),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(name, count)| format!("{name} {count}"))
    .collect();
    format!("- `{claim}` ({revision}): {}", parts.join(" · "))
}

/// Above the claims that have to match better.
pub const DOUBTED: &str = "**Have to match better since \"Wrong match\"**";

/// One of them.
pub fn doubted(claim: &ClaimId, by: u16) -> String {
    format!(
        "- `{claim}`: {by} of 1000 more, wearing off; `/footnote-mod settings trust` takes it back"
    )
}
