//! Responses as requesters leaf through them, and what they find by searching. Knows no message.

use crate::app::App;
use crate::app::event::{Action, Answer, Button, Does, Request, Tag};
use crate::app::feedback::ratings;
use crate::app::requests::{offer, say};
use crate::model::claim::{Claim, Status};
use crate::policy::place::{MessageId, Moment, UserId};
use crate::reply::cut::clip;
use crate::reply::limits;
use crate::reply::page::pages;
use crate::reply::{ButtonKind, compact, wording};

/// The most responses that a search shows: as many as buttons fit into a row.
const FOUND: usize = 5;

impl App {
    /// The response of this name. Drafts and retired ones take no part.
    pub(super) fn show_named(&self, request: &Request, name: &str, now: Moment) -> Action {
        let engine = self.live.load();
        let claim = engine.catalog.claim(name).filter(|one| one.status == Status::Published);
        match claim {
            Some(claim) => self.opened(request, claim, now),
            None => say(request, wording::NO_SUCH_CLAIM),
        }
    }

    /// The one response about what somebody typed, or a choice of several.
    pub(super) fn search(&self, request: &Request, typed: &str, now: Moment) -> Action {
        let engine = self.live.load();
        let named = engine.catalog.claim(typed).filter(|one| one.status == Status::Published);
        let found = named.map_or_else(|| engine.recognise(typed, FOUND), |one| vec![one]);
        match found.as_slice() {
            [] => say(request, wording::NOTHING_FOUND),
            [claim] => self.opened(request, claim, now),
            several => {
                let mut lines = vec![wording::SEVERAL_FOUND.to_owned()];
                let numbered = several.iter().enumerate();
                lines.extend(numbered.map(|(at, claim)| wording::found(at + 1, &claim.claim)));
                let buttons = several.iter().map(|claim| opener(claim));
                offer(request, &limits::fitted(&lines), buttons.collect())
            }
        }
    }

    /// What a button shows: its first page, or another one in place of what is seen.
    pub(super) fn show(
        &self,
        request: &Request,
        tag: &Tag,
        kind: ButtonKind,
        turn: Option<u8>,
        now: Moment,
    ) -> Action {
        // What was posted is shown as it was, or as it was corrected since; where nobody knows that any
        // more, as it is now.
        let tag = &self.as_it_stands(tag);
        if let Some(claim) = self.claim_of_revision(&tag.claim, &tag.revision) {
            return self.paged(request, &claim, tag, kind, turn, now);
        }
        let engine = self.live.load();
        match engine.catalog.claim(tag.claim.as_str()) {
            Some(claim) => self.paged(request, claim, tag, kind, turn, now),
            None => say(request, wording::CLAIM_GONE),
        }
    }

    /// What a button carries, with the revision that stands above it: a corrected reply keeps its buttons.
    fn as_it_stands(&self, tag: &Tag) -> Tag {
        let answer = self.store.answer(tag.message).ok().flatten();
        let answer = answer.filter(|answer| answer.claim == tag.claim);
        let standing = answer.map(|answer| answer.revision.start().to_owned());
        let corrections = |start: &str| {
            self.claim_of_revision(&tag.claim, start).map(|claim| claim.corrections.len())
        };
        let corrected = standing
            .filter(|standing| *standing != tag.revision)
            .filter(|standing| corrections(standing) > corrections(&tag.revision));
        Tag { revision: corrected.unwrap_or_else(|| tag.revision.clone()), ..tag.clone() }
    }

    /// The first page of a response that belongs to no message.
    fn opened(&self, request: &Request, claim: &Claim, now: Moment) -> Action {
        self.paged(request, claim, &tag(claim), ButtonKind::Full, None, now)
    }

    /// One page of what a button shows, with buttons to its neighbours. The page asked for may be
    /// one of an older revision: the nearest that exists is shown.
    fn paged(
        &self,
        request: &Request,
        claim: &Claim,
        tag: &Tag,
        kind: ButtonKind,
        turn: Option<u8>,
        now: Moment,
    ) -> Action {
        let mut pages = pages(claim, kind);
        if !claim.revision.as_str().starts_with(&tag.revision) {
            pages = revised(pages);
        }
        pages.truncate(usize::from(u8::MAX));
        let last = pages.len().saturating_sub(1);
        let page = usize::from(turn.unwrap_or(0)).min(last);
        let content = pages.get(page).cloned().unwrap_or_default();
        let mut buttons = turners(tag, kind, page, last);
        let other = if kind == ButtonKind::Full { ButtonKind::Quotes } else { ButtonKind::Full };
        buttons.extend(standard(tag, other));
        // Under a posted reply it stands already.
        if tag.message == MessageId(0) && self.may_post(request, claim, now).is_ok() {
            buttons.push(poster(tag));
        }
        buttons.extend(ratings(request, tag));
        let handle = request.handle.clone();
        let (replaces, form) = (turn.is_some(), Vec::new());
        Action::Answer(Answer { handle, replaces, public: false, content, buttons, form })
    }
}

/// What buttons carry that belong to no message.
pub(super) fn tag(claim: &Claim) -> Tag {
    Tag {
        does: Does::Open(ButtonKind::Full),
        message: MessageId(0),
        author: UserId(0),
        claim: claim.id.clone(),
        revision: claim.revision.start().to_owned(),
    }
}

/// The button that opens what every reply has a button for.
pub(super) fn standard(tag: &Tag, kind: ButtonKind) -> Option<Button> {
    let button = compact::buttons().into_iter().find(|button| button.kind == kind)?;
    let tag = Tag { does: Does::Open(kind), ..tag.clone() };
    Some(Button { tag, label: button.label.to_owned(), enabled: true })
}

/// The button that opens a response among several.
pub(super) fn opener(claim: &Claim) -> Button {
    let label = clip(&claim.claim, limits::BUTTON_LABEL);
    Button { tag: tag(claim), label, enabled: true }
}

/// The button that shows everybody what only the requester sees.
pub(super) fn poster(tag: &Tag) -> Button {
    let tag = Tag { does: Does::PostHere, ..tag.clone() };
    Button { tag, label: wording::POST_HERE.to_owned(), enabled: true }
}

/// The buttons to the pages before and after.
fn turners(tag: &Tag, kind: ButtonKind, page: usize, last: usize) -> Vec<Button> {
    if last == 0 {
        return Vec::new();
    }
    let turn = |to: Option<usize>, label: &str, stay: Does| {
        let to = to.filter(|to| *to <= last).and_then(|to| u8::try_from(to).ok());
        let does = to.map_or(stay, |to| Does::Turn(kind, to));
        Button { tag: Tag { does, ..tag.clone() }, label: label.to_owned(), enabled: to.is_some() }
    };
    // A button that leads nowhere still needs an id of its own: Discord refuses two alike.
    vec![
        turn(page.checked_sub(1), wording::PREVIOUS, Does::Open(kind)),
        turn(page.checked_add(1), wording::NEXT, Does::Open(kind)),
    ]
}

/// Pages that say that they are not of the revision which was posted: each, or where one has no
/// room for that, a page before them.
fn revised(pages: Vec<String>) -> Vec<String> {
    let noted: Option<Vec<_>> =
        pages.iter().map(|page| limits::joined(wording::REVISED, page)).collect();
    noted.unwrap_or_else(|| {
        let mut pages = pages;
        pages.insert(0, wording::REVISED.to_owned());
        pages
    })
}
