//! What stands on a card in the moderators' channel. Knows neither how it is decided nor who may decide.
//!
//! Whatever quotes the message or tells of its claim is gone from a card once the message is.

use crate::model::claim::Claim;
use crate::model::explanation::Candidate;
use crate::policy::cards::{CardKind, CardState};
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
use crate::policy::settings::Style;
use crate::reply::markdown::clean;
use crate::reply::page::plain_pages;
use crate::reply::posted::posted;
use crate::reply::wording_moderators::{at, link};
use crate::reply::{limits, why};

/// How many lines of the explanation a card has: the rest is in `/footnote-mod why`.
const REASONS: usize = 6;

/// The labels of the buttons under a suggestion.
pub const POST: &str = "Post";
/// Leaves it at that.
pub const NOT_NOW: &str = "Not this time";
/// The message does not say this.
pub const WRONG_MATCH: &str = "Wrong match";
/// Not answered in this channel any more.
pub const MUTE: &str = "Mute claim here";

/// To a presser without the permission to decide.
pub const NOT_YOURS: &str =
    "Deciding about this needs the permission Manage Messages in this channel.";

/// To a presser without the permission to mute.
pub const MUTE_NOT_YOURS: &str = "Muting a claim changes the settings, which needs Manage Server.";

/// Where the card is too old, or from another store.
pub const FORGOTTEN: &str = "footnote does not remember this card any more, so nothing was done.";

/// Where the message could not be looked at before posting below it.
pub const NOT_LOOKED_AT: &str =
    "The message could not be looked at just now, so nothing was posted. Please try again.";

/// What the message of a card is, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The server.
    pub guild: GuildId,
    /// The channel of the message.
    pub channel: ChannelId,
    /// The message.
    pub message: MessageId,
}

/// What the message says.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What was written.
    pub original: &'a str,
    /// When it was last changed, where it was.
    pub edited: Option<Moment>,
}

/// A suggestion: which message, which claim, how sure and why, and what would be posted.
pub fn suggestion(
    subject: Subject,
    claim: &Claim,
    candidate: &Candidate,
    words: Words<'_>,
    style: Style,
) -> String {
    let Words { original, edited } = words;
    let mut lines = vec![head(CardKind::Suggestion, subject)];
    lines.push(format!("**Claim** {} · `{}`", clean(&claim.claim), claim.id));
    let (score, sure) = (candidate.score, crate::reply::words::score(candidate.score));
    lines.push(format!("**How sure** {sure} ({score} of 1000)"));
    if let Some(edited) = edited {
        lines.push(format!(
            "-# The message was changed {}; this is how it reads now.",
            at(edited, 'R')
        ));
    }
    lines.push("**Why**".to_owned());
    lines.extend(reasons(candidate, original));
    lines.push("**What would be posted below it**".to_owned());
    lines.extend(posted(claim, style).content.lines().map(|line| format!("> {line}")));
    limits::fitted(&lines)
}

/// A neutral word about a message that may touch the rules of the server, with guidance and nothing else.
pub fn alert(subject: Subject) -> String {
    [
        &*head(CardKind::Alert, subject),
        "This message may touch a topic of your rules. Whether it does is for people to judge.",
        "-# Read it where it stands, with what was said around it: it may quote, ask or answer somebody. \
         footnote says nothing there, and keeps no count of anybody. If it breaks your rules, do what \
         your rules say; a debate in public seldom helps. This card needs no answer.",
    ]
    .join("\n")
}

/// A card that needs no decision any more, and who decided.
pub fn closed(
    kind: CardKind,
    subject: Subject,
    claim: &str,
    state: CardState,
    by: Option<UserId>,
    now: Moment,
) -> String {
    if state == CardState::Gone {
        let kind = kind_of(kind);
        return format!(
            "**{kind}** · <#{}>\nThe message is gone, or it no longer says this.",
            subject.channel
        );
    }
    let what = match state {
        CardState::Posted => "Post it",
        CardState::Declined => "Not this time",
        CardState::WrongMatch => "Wrong match",
        CardState::Muted => "Claim muted there",
        CardState::Expired => "Nobody decided in time",
        CardState::Open | CardState::Gone | CardState::Unshown => "Nothing to decide",
    };
    let by = by.map_or_else(String::new, |by| format!(", decided by <@{by}>"));
    format!("{} · `{claim}`\n**{what}**{by} {}.", head(kind, subject), at(now, 'R'))
}

/// Below a card whose reply was not posted after all.
pub fn not_posted(card: &str) -> String {
    format!(
        "{card}\nIt was not posted: the message is gone, footnote is paused, or Discord refused it."
    )
}

fn head(kind: CardKind, subject: Subject) -> String {
    let Subject { guild, channel, message } = subject;
    format!("**{}** · <#{channel}> · {}", kind_of(kind), link(Some(guild), channel, message))
}

const fn kind_of(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Suggestion => "Suggestion",
        CardKind::Alert => "For your attention",
    }
}

/// The first lines of the explanation, each as plain text.
fn reasons(candidate: &Candidate, original: &str) -> Vec<String> {
    let mut lines = Vec::new();
    why::about(candidate, original, &mut lines);
    // The first says claim and score, which stand above.
    let lines: Vec<String> = lines.into_iter().skip(1).take(REASONS).collect();
    let pages = plain_pages(&lines.join("\n"));
    pages.iter().flat_map(|page| page.lines()).map(|line| format!("- {}", line.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::{MUTE, NOT_NOW, POST, Subject, WRONG_MATCH, alert, closed};
    use crate::policy::cards::{CardKind, CardState};
    use crate::policy::place::{ChannelId, GuildId, MessageId, Moment, UserId};
    use crate::reply::limits;

    const SUBJECT: Subject =
        Subject { guild: GuildId(1), channel: ChannelId(2), message: MessageId(3) };

    #[test]
    fn a_closed_card_says_what_and_who_and_of_a_message_that_is_gone_nothing() {
        for state in CardState::ALL {
            let said =
                closed(CardKind::Suggestion, SUBJECT, "horns", state, Some(UserId(9)), Moment(0));
            let is_gone = state == CardState::Gone;
            assert_eq!(said.contains("/channels/1/2/3"), !is_gone, "{said}");
            assert_eq!(said.contains("horns"), !is_gone, "{said}");
            assert_eq!(said.contains("<@9>"), !is_gone, "{said}");
        }
    }

    #[test]
    fn an_alert_names_no_claim_and_calls_nobody_anything() {
        let said = alert(SUBJECT).to_lowercase();
        for word in ["claim", "denie", "denial", "false", "offender", "<@", "score"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
        assert!(said.contains("https://discord.com/channels/1/2/3"), "{said}");
    }

    #[test]
    fn labels_fit_their_buttons() {
        for label in [POST, NOT_NOW, WRONG_MATCH, MUTE] {
            assert!(limits::length(label) <= limits::BUTTON_LABEL);
        }
    }
}
