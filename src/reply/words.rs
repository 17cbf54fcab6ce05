//! Every word that people read about verdicts, evidence, reasons and buttons. Knows no layout and no claim's text.

use crate::model::claim::{Claim, Evidence, Verdict};
use crate::model::explanation::Assertion;
use crate::model::score::Score;
use crate::model::source::{Checked, SourceKind};
use crate::policy::decide::Verb;
use crate::policy::permission::Permissions;
use crate::policy::reason::Reason;
use crate::reply::ButtonKind;

/// The verdict as the first words of a reply. They speak of the record, never of the person who
/// wrote, and none for an open or confirmed question sounds like a rebuttal.
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::False => "Not what the record shows",
        Verdict::Misleading => "The record gives a different picture",
        Verdict::MissingContext => "Missing context",
        Verdict::Unproven => "The record does not settle this",
        Verdict::Disputed => "Historians disagree about this",
        Verdict::MostlyTrue => "Right in substance, with a detail to add",
        Verdict::True => "The record supports this",
    }
}

/// The state of scholarship as a sentence without its full stop.
pub const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Consensus => "those who study the record agree",
        Evidence::Majority => "most who study the record agree",
        Evidence::Contested => "those who study the record disagree",
        Evidence::Insufficient => "the record is thin",
    }
}

/// What must be said beside the verdict, so that an open question never looks closed.
pub fn standing(claim: &Claim) -> Option<&'static str> {
    let disputed = !claim.response.disputed.is_empty();
    let says_so = match claim.verdict {
        Verdict::Disputed => claim.evidence != Evidence::Insufficient,
        Verdict::Unproven => claim.evidence == Evidence::Insufficient && !disputed,
        Verdict::False
        | Verdict::Misleading
        | Verdict::MissingContext
        | Verdict::MostlyTrue
        | Verdict::True => false,
    };
    match claim.evidence {
        _ if says_so => None,
        Evidence::Contested => Some("historians disagree about this"),
        Evidence::Insufficient if disputed => Some("the record is thin, and part is disputed"),
        Evidence::Insufficient => Some("the record is thin"),
        Evidence::Consensus | Evidence::Majority => disputed.then_some("part is disputed"),
    }
}

/// The label of a button; at most [`crate::reply::limits::BUTTON_LABEL`] characters.
pub const fn button(kind: ButtonKind) -> &'static str {
    match kind {
        ButtonKind::Quotes => "Quotes and sources",
        ButtonKind::Full => "Full context",
        ButtonKind::NotSaid => "Not what I said",
    }
}

/// Why a message was or was not answered, as one sentence for people.
pub const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Overload => "Too many messages came at once, so this one was not read.",
        Reason::Own => "footnote wrote this message itself.",
        Reason::Bot => "A bot wrote this message; footnote answers people only.",
        Reason::Webhook => "A webhook wrote this message; footnote answers people only.",
        Reason::System => "Discord itself wrote this message.",
        Reason::Off => "footnote is switched off in this channel and reads nothing here.",
        Reason::Paused => "footnote is paused in this server, or these are its quiet hours.",
        Reason::Sensitive => "This channel is marked as one where nobody should be corrected.",
        Reason::Exempt => {
            "The author has a role that footnote leaves alone, or the channel is left alone."
        }
        Reason::OptedOut => "The author asked footnote to leave their messages alone.",
        Reason::NoPermission => "footnote may not post a reply in this channel.",
        Reason::NoCandidate => "Nothing in the message resembles a claim that footnote knows.",
        Reason::BelowThreshold => {
            "The message resembles the claim, but not closely enough to speak up."
        }
        Reason::Denied => "The message speaks against the claim, so there is nothing to add.",
        Reason::Asked => "The message asks about the claim and does not assert it.",
        Reason::Quoted => "The message repeats somebody else's words.",
        Reason::Reported => "The message tells what others say and does not assert it itself.",
        Reason::Imagined => "The message speaks of a game, a story or what might have been.",
        Reason::Ambiguous => "Two claims fit the same words equally well, so neither was chosen.",
        Reason::Muted => "Moderators muted this claim here.",
        Reason::CommandOnly => "This claim is answered only when somebody asks for it.",
        Reason::AlreadyAnswered => "This message was answered before.",
        Reason::CooldownClaim => "This claim was answered in this channel a short while ago.",
        Reason::CooldownChannel => "footnote spoke in this channel a moment ago.",
        Reason::CooldownMember => "footnote answered this member a moment ago.",
        Reason::Budget => "footnote has said enough in this server for now.",
        Reason::NoReviewChannel => {
            "This would go to the moderators, and no channel is set for them."
        }
        Reason::Watch => "footnote would have spoken, but only watches this channel.",
        Reason::Asserted => "The message asserts the claim.",
    }
}

/// What was done about a message, in words.
pub const fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Reply => "Answered in the channel",
        Verb::Suggest => "Suggested to the moderators",
        Verb::Alert => "Shown to the moderators",
        Verb::Silent => "Silent",
    }
}

/// What a message does with a claim, in words that follow "the message".
pub const fn assertion(assertion: Assertion) -> &'static str {
    match assertion {
        Assertion::Asserted => "asserts it",
        Assertion::Denied => "denies it",
        Assertion::Asked => "asks about it",
        Assertion::Quoted => "repeats somebody's words",
        Assertion::Reported => "says that others say so",
        Assertion::Imagined => "speaks of a game, a story or what might have been",
    }
}

/// How sure a score is, in words.
pub const fn score(score: Score) -> &'static str {
    match score.thousandths() {
        900.. => "almost certainly about it",
        700..900 => "probably about it",
        400..700 => "perhaps about it",
        100..400 => "probably not about it",
        _ => "hardly about it",
    }
}

/// A permission by the name that Discord's clients give it.
pub fn permission(one: Permissions) -> String {
    let name = match one {
        Permissions::VIEW_CHANNEL => "View Channel",
        Permissions::SEND_MESSAGES => "Send Messages",
        Permissions::SEND_MESSAGES_IN_THREADS => "Send Messages in Threads",
        Permissions::READ_MESSAGE_HISTORY => "Read Message History",
        Permissions::CONNECT => "Connect",
        Permissions::MANAGE_THREADS => "Manage Threads (the thread is locked)",
        Permissions(bits) => return format!("permission {bits}"),
    };
    name.to_owned()
}

/// How a quotation was compared with its original, in words.
pub const fn checked(checked: Checked) -> &'static str {
    match checked {
        Checked::ExcerptRead => "read in an excerpt of a public copy",
        Checked::PageRead => "read on the whole page of a public copy",
    }
}

/// What kind of source it is, in words.
pub const fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Primary => "primary source",
        SourceKind::Secondary => "secondary source",
        SourceKind::Tertiary => "reference work",
    }
}

/// The English name of a language tag's language, where it is one that the sources of history often have.
pub fn language(tag: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 26] = [
        ("ar", "Arabic"),
        ("cs", "Czech"),
        ("de", "German"),
        ("el", "Greek"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fi", "Finnish"),
        ("fr", "French"),
        ("grc", "Ancient Greek"),
        ("he", "Hebrew"),
        ("hu", "Hungarian"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("la", "Latin"),
        ("nl", "Dutch"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ro", "Romanian"),
        ("ru", "Russian"),
        ("sr", "Serbian"),
        ("sv", "Swedish"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("yi", "Yiddish"),
        ("zh", "Chinese"),
    ];
    let primary = tag.split('-').next().unwrap_or(tag);
    NAMES.iter().find(|(code, _)| code.eq_ignore_ascii_case(primary)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::{button, language, permission, reason, verdict};
    use crate::model::claim::Verdict;
    use crate::policy::permission::PlaceKind;
    use crate::policy::reason::Reason;
    use crate::reply::{ButtonKind, limits};

    #[test]
    fn every_reason_is_one_sentence_of_its_own() {
        for (at, one) in Reason::ALL.into_iter().enumerate() {
            let sentence = reason(one);
            assert!(sentence.ends_with('.'), "{sentence}");
            assert_eq!(sentence.matches(['.', '!', '?']).count(), 1, "{sentence}");
            assert!(!sentence.contains('@'));
            let same = Reason::ALL.into_iter().position(|other| reason(other) == sentence);
            assert_eq!(same, Some(at), "{sentence}");
        }
    }

    #[test]
    fn no_open_or_confirmed_question_sounds_like_a_rebuttal() {
        for open in [Verdict::Disputed, Verdict::MostlyTrue, Verdict::True] {
            let words = verdict(open).to_lowercase();
            for rebuttal in ["not", "false", "wrong", "myth", "missing", "mislead", "actually"] {
                assert!(!words.contains(rebuttal), "{words}");
            }
        }
    }

    #[test]
    fn every_permission_that_we_may_lack_has_its_name() {
        for kind in [
            PlaceKind::Text,
            PlaceKind::Voice,
            PlaceKind::Thread { locked: false },
            PlaceKind::Thread { locked: true },
        ] {
            for one in kind.needed().each() {
                assert!(!permission(one).starts_with("permission"), "{one:?}");
            }
        }
    }

    #[test]
    fn labels_fit_their_buttons() {
        for kind in ButtonKind::ALL {
            assert!(limits::length(button(kind)) <= limits::BUTTON_LABEL);
        }
    }

    #[test]
    fn languages_are_named_by_their_first_subtag() {
        for (tag, name) in [("de", Some("German")), ("PT-br", Some("Portuguese")), ("xx", None)] {
            assert_eq!(language(tag), name, "{tag}");
        }
    }
}
