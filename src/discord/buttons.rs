//! What a button carries, as the `custom_id` under Discord's messages. Knows no serenity and not what pressing does.
//!
//! `1:<action>:<message>:<author>:<claim>:<revision>`, the ids in hexadecimal. The action is one
//! letter, with a page behind it where a button turns to one, or two letters and the drawing of the card
//! where one decides. Buttons outlive versions of the bot:
//! a change of this form takes another first digit, and old ones are answered politely.

use crate::app::event::{Does, Ruling, Tag};
use crate::model::claim::ClaimId;
use crate::policy::place::{MessageId, UserId};
use crate::reply::ButtonKind;

const VERSION: &str = "1";

const POST_HERE: &str = "p";
const TAKE_BACK: &str = "t";
const NEVER_ON: &str = "o";
const WRONG_MATCH: &str = "w";
const HELPFUL: &str = "h";
const NOT_HELPFUL: &str = "u";
/// What decides about a card begins with it.
const CARD: char = 'c';

/// The `custom_id` of a button, within Discord's 100 characters whatever the ids.
pub fn encode(tag: &Tag) -> String {
    let action = match tag.does {
        Does::Open(kind) => letter(kind).to_string(),
        Does::Turn(kind, page) => format!("{}{page}", letter(kind)),
        Does::PostHere => POST_HERE.to_owned(),
        Does::TakeBack => TAKE_BACK.to_owned(),
        Does::NeverOn => NEVER_ON.to_owned(),
        Does::WrongMatch => WRONG_MATCH.to_owned(),
        Does::Rate(true) => HELPFUL.to_owned(),
        Does::Rate(false) => NOT_HELPFUL.to_owned(),
        Does::Decide(ruling, drawn) => format!("{CARD}{}{drawn}", ruling_letter(ruling)),
    };
    let Tag { message, author, claim, revision, .. } = tag;
    format!("{VERSION}:{action}:{:x}:{:x}:{claim}:{revision}", message.0, author.0)
}

/// What a `custom_id` says; none where it is of another version, or not ours.
pub fn decode(custom_id: &str) -> Option<Tag> {
    let mut parts = custom_id.split(':');
    let mut next = || parts.next();
    if next()? != VERSION {
        return None;
    }
    let does = action(next()?)?;
    let message = MessageId(u64::from_str_radix(next()?, 16).ok()?);
    let author = UserId(u64::from_str_radix(next()?, 16).ok()?);
    let claim = ClaimId::new(next()?)?;
    let revision = next()?;
    let is_revision = revision.len() == 8 && revision.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_revision || next().is_some() {
        return None;
    }
    Some(Tag { does, message, author, claim, revision: revision.to_owned() })
}

const fn letter(kind: ButtonKind) -> char {
    match kind {
        ButtonKind::Quotes => 'q',
        ButtonKind::Full => 'f',
        ButtonKind::NotSaid => 'n',
    }
}

const fn ruling_letter(ruling: Ruling) -> char {
    match ruling {
        Ruling::Post => 'p',
        Ruling::NotNow => 'n',
        Ruling::WrongMatch => 'w',
        Ruling::Mute => 'm',
    }
}

fn decision(text: &str) -> Option<Does> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let ruling = Ruling::ALL.into_iter().find(|ruling| ruling_letter(*ruling) == first)?;
    Some(Does::Decide(ruling, letters.as_str().parse().ok()?))
}

fn action(text: &str) -> Option<Does> {
    if let Some(behind) = text.strip_prefix(CARD) {
        return decision(behind);
    }
    match text {
        POST_HERE => return Some(Does::PostHere),
        TAKE_BACK => return Some(Does::TakeBack),
        NEVER_ON => return Some(Does::NeverOn),
        WRONG_MATCH => return Some(Does::WrongMatch),
        HELPFUL => return Some(Does::Rate(true)),
        NOT_HELPFUL => return Some(Does::Rate(false)),
        _ => {}
    }
    let mut letters = text.chars();
    let first = letters.next()?;
    let kind = ButtonKind::ALL.into_iter().find(|kind| letter(*kind) == first)?;
    match letters.as_str() {
        "" => Some(Does::Open(kind)),
        page => Some(Does::Turn(kind, page.parse().ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{decode, encode};
    use crate::app::event::{Does, Ruling, Tag};
    use crate::model::claim::{ClaimId, MAX_ID_LENGTH};
    use crate::policy::place::{MessageId, UserId};
    use crate::reply::ButtonKind;
    use crate::reply::limits::CUSTOM_ID;

    proptest! {
        #[test]
        fn what_is_written_is_read(
            kind in 0..ButtonKind::ALL.len() + 6 + Ruling::ALL.len(),
            page in any::<Option<u8>>(),
            (message, author) in any::<(u64, u64)>(),
            claim in "[a-z0-9]{1,20}(-[a-z0-9]{1,9}){0,2}",
            revision in "[0-9a-f]{8}",
        ) {
            let decide = |ruling| Does::Decide(ruling, page.unwrap_or(0));
            let mut others = vec![Does::PostHere, Does::TakeBack, Does::NeverOn, Does::WrongMatch];
            others.extend([true, false].map(Does::Rate));
            others.extend(Ruling::ALL.map(decide));
            let does = ButtonKind::ALL.get(kind).map_or_else(
                || others[kind - ButtonKind::ALL.len()],
                |kind| page.map_or(Does::Open(*kind), |page| Does::Turn(*kind, page)),
            );
            let claim = ClaimId::new(&claim).expect("an id");
            let tag =
                Tag { does, message: MessageId(message), author: UserId(author), claim, revision };
            let custom_id = encode(&tag);
            assert!(custom_id.len() <= CUSTOM_ID, "{custom_id}");
            assert_eq!(decode(&custom_id), Some(tag));
        }

        #[test]
        fn whatever_comes_is_read_or_refused(text in ".{0,100}") {
            let _ = decode(&text);
        }
    }

    #[test]
    fn the_longest_fits() {
        let tag = Tag {
            does: Does::Turn(ButtonKind::Quotes, u8::MAX),
            message: MessageId(u64::MAX),
            author: UserId(u64::MAX),
            claim: ClaimId::new(&"a".repeat(MAX_ID_LENGTH)).expect("an id"),
            revision: "0".repeat(8),
        };
        assert!(encode(&tag).len() <= CUSTOM_ID);
    }

    #[test]
    fn other_versions_and_other_bots_are_refused() {
        for text in [
            "",
            "1",
            "0:q:1:2:a:01234567",
            "2:q:1:2:a:01234567",
            "1:x:1:2:a:01234567",
            "1:c:1:2:a:01234567",
            "1:cx1:1:2:a:01234567",
            "1:cp256:1:2:a:01234567",
            "1:q256:1:2:a:01234567",
            "1:q:1:2:A:01234567",
            "1:q:g:2:a:01234567",
            "1:q:1:2:a:0123456",
            "1:q:1:2:a:01234567:",
            "vote:yes",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
