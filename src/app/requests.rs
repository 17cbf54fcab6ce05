//! What people press and ask for. Knows neither how buttons are written into a message nor how commands look.

use std::time::Duration;

use tracing::{error, info};

use crate::app::App;
use crate::app::event::{Action, Answer, Ask, Asked, Button, Does, Pressed, Remove, Request, Tag};
use crate::model::claim::Claim;
use crate::policy::permission::Permissions;
use crate::policy::place::{GuildId, MessageId, Moment, UserId};
use crate::policy::settings::Pause;
use crate::reply::limits::CONTENT;
use crate::reply::page::pages;
use crate::reply::{ButtonKind, compact, wording};
use crate::store::record::State;

impl App {
    /// A press of a button.
    pub(super) fn press(&self, pressed: &Pressed) -> Vec<Action> {
        let request = &pressed.request;
        let Some(tag) = &pressed.tag else { return vec![say(request, wording::OUTDATED)] };
        match tag.does {
            Does::Open(ButtonKind::NotSaid) | Does::Turn(ButtonKind::NotSaid, _) => {
                self.take_away(pressed, tag)
            }
            Does::Open(kind) => vec![self.show(request, tag, kind, 0, false)],
            Does::Turn(kind, page) => vec![self.show(request, tag, kind, page, true)],
        }
    }

    /// A use of a command.
    pub(super) fn ask(&self, asked: &Asked, now: Moment) -> Vec<Action> {
        let request = &asked.request;
        match &asked.ask {
            Ask::Show(name) => vec![self.show_named(request, name)],
            Ask::Unknown => vec![say(request, wording::UNKNOWN_COMMAND)],
            Ask::Pause(_) | Ask::Resume | Ask::UnclearDuration => {
                vec![say(request, &self.moderate(request, &asked.ask, now))]
            }
        }
    }

    /// Takes a reply away for the author of the message or a moderator. What is said is recorded
    /// before it is said: a restart in between takes the reply away.
    fn take_away(&self, pressed: &Pressed, tag: &Tag) -> Vec<Action> {
        let request = &pressed.request;
        let may =
            request.by == tag.author || request.permissions.allows(Permissions::MANAGE_MESSAGES);
        if !may {
            return vec![say(request, wording::NOT_YOURS)];
        }
        info!(id = %tag.message, reply = %pressed.under, "taken away on request");
        // The outcome of the post may not be known yet: whoever is faster, the reply goes.
        self.memory().withdraw(tag.message);
        let state = State::Leaving(pressed.under);
        if let Err(error) = self.store.record_state(tag.message, state) {
            self.report(tag.message, &error);
        }
        let remove =
            Remove { channel: request.channel, reply: pressed.under, message: tag.message };
        vec![say(request, wording::TAKEN_AWAY), Action::Remove(remove)]
    }

    fn show_named(&self, request: &Request, name: &str) -> Action {
        let engine = self.live.load();
        match engine.catalog.claim(name) {
            Some(claim) => {
                let tag = Tag {
                    does: Does::Open(ButtonKind::Full),
                    message: MessageId(0),
                    author: UserId(0),
                    claim: claim.id.clone(),
                    revision: claim.revision.start().to_owned(),
                };
                paged(request, claim, &tag, ButtonKind::Full, 0, false)
            }
            None => say(request, wording::NO_SUCH_CLAIM),
        }
    }

    fn show(
        &self,
        request: &Request,
        tag: &Tag,
        kind: ButtonKind,
        page: u8,
        replaces: bool,
    ) -> Action {
        let engine = self.live.load();
        match engine.catalog.claim(tag.claim.as_str()) {
            Some(claim) => paged(request, claim, tag, kind, page, replaces),
            None => say(request, wording::CLAIM_GONE),
        }
    }

    /// The moderators' commands. Discord hides them from others; here it is checked again, since
    /// a server can change who sees them.
    fn moderate(&self, request: &Request, ask: &Ask, now: Moment) -> String {
        let Some(guild) = request.guild else { return wording::SERVER_ONLY.to_owned() };
        if !request.permissions.allows(Permissions::MANAGE_GUILD) {
            return wording::NOT_ALLOWED.to_owned();
        }
        match ask {
            Ask::Pause(length) => {
                let pause = length.map_or(Pause::Indefinite, |length| until(now, length));
                self.set_pause(guild, pause, now)
            }
            Ask::Resume => self.set_pause(guild, Pause::None, now),
            Ask::UnclearDuration => wording::UNCLEAR_DURATION.to_owned(),
            Ask::Show(_) | Ask::Unknown => wording::UNKNOWN_COMMAND.to_owned(),
        }
    }

    /// Takes effect first, so that nothing slips out while it is written down, and is written down
    /// before it is acknowledged.
    fn set_pause(&self, guild: GuildId, pause: Pause, now: Moment) -> String {
        let was_paused = {
            let mut memory = self.memory();
            let was_paused = memory.pause(Some(guild)).holds(now);
            if pause == Pause::None {
                memory.pauses.remove(&guild);
            } else {
                memory.pauses.insert(guild, pause);
                memory.withdraw_all(guild);
            }
            was_paused
        };
        info!(%guild, ?pause, "pause set");
        let said = match pause {
            Pause::None if was_paused => wording::RESUMED.to_owned(),
            Pause::None => wording::NOT_PAUSED.to_owned(),
            Pause::Until(end) => wording::paused_until(end),
            Pause::Indefinite => wording::PAUSED.to_owned(),
        };
        match self.store.record_pause(guild, pause) {
            Ok(()) => said,
            Err(error) => {
                self.metrics.unrecorded.add();
                error!(%guild, %error, "a pause could not be written down");
                wording::NOT_KEPT.to_owned()
            }
        }
    }
}

fn until(now: Moment, length: Duration) -> Pause {
    if length > wording::LONGEST_PAUSE { Pause::Indefinite } else { Pause::Until(now.plus(length)) }
}

/// An answer of plain words, to the requester alone.
fn say(request: &Request, content: &str) -> Action {
    Action::Answer(Answer {
        handle: request.handle.clone(),
        replaces: false,
        content: content.to_owned(),
        buttons: Vec::new(),
    })
}

/// One page of what a button shows, with buttons to its neighbours. The page asked for may be one
/// of an older revision: the nearest that exists is shown.
fn paged(
    request: &Request,
    claim: &Claim,
    tag: &Tag,
    kind: ButtonKind,
    page: u8,
    replaces: bool,
) -> Action {
    let mut pages = pages(claim, kind);
    if !claim.revision.as_str().starts_with(&tag.revision) {
        pages = revised(pages);
    }
    pages.truncate(usize::from(u8::MAX));
    let last = pages.len().saturating_sub(1);
    let page = usize::from(page).min(last);
    let mut content = pages.get(page).cloned().unwrap_or_default();
    let mut buttons = Vec::new();
    if last > 0 {
        content = joined(&content, &wording::page_of(page, pages.len())).unwrap_or(content);
        let turn = |to: Option<usize>, label, stay: Does| {
            let to = to.filter(|to| *to <= last).and_then(|to| u8::try_from(to).ok());
            let does = to.map_or(stay, |to| Does::Turn(kind, to));
            Button { tag: Tag { does, ..tag.clone() }, label, enabled: to.is_some() }
        };
        // A button that leads nowhere still needs an id of its own: Discord refuses two alike.
        buttons.push(turn(page.checked_sub(1), wording::PREVIOUS, Does::Open(kind)));
        buttons.push(turn(page.checked_add(1), wording::NEXT, Does::Open(kind)));
    }
    let other = if kind == ButtonKind::Full { ButtonKind::Quotes } else { ButtonKind::Full };
    buttons.extend(compact::buttons().into_iter().filter(|button| button.kind == other).map(
        |button| Button {
            tag: Tag { does: Does::Open(other), ..tag.clone() },
            label: button.label,
            enabled: true,
        },
    ));
    let handle = request.handle.clone();
    Action::Answer(Answer { handle, replaces, content, buttons })
}

/// Pages that say that they are not of the revision which was posted: each, or where one has no
/// room for that, a page before them.
fn revised(pages: Vec<String>) -> Vec<String> {
    let noted: Option<Vec<_>> = pages.iter().map(|page| joined(wording::REVISED, page)).collect();
    noted.unwrap_or_else(|| {
        let mut pages = pages;
        pages.insert(0, wording::REVISED.to_owned());
        pages
    })
}

/// Two texts below one another, where both fit.
fn joined(above: &str, below: &str) -> Option<String> {
    let both = format!("{above}\n{below}");
    (both.chars().count() <= CONTENT).then_some(both)
}
