//! Actions become requests, and requests become outcomes. Knows neither why something is said nor in what order.
//!
//! What is retried: taking away and looking, because doing it twice does no harm; posting only with
//! the same nonce and only within the minute in which Discord surely remembers it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serenity::all::{
    ButtonStyle, ChannelId, ChannelType, CreateActionRow, CreateAllowedMentions,
    CreateAutocompleteResponse, CreateButton, CreateInteractionResponse,
    CreateInteractionResponseMessage, CreateMessage, CreateSelectMenu, CreateSelectMenuKind,
    EditMessage, Http, InteractionId, InteractionResponseFlags, Message, MessageFlags, MessageId,
    MessagePagination, MessageReference, MessageReferenceKind, Nonce,
};
use tracing::{debug, warn};

use crate::app::App;
use crate::app::delivery::REPEATED;
use crate::app::event::{
    Action, Answer, Button, Card, Completion, Correct, Current, Fetch, FormRow, Handle, LookFor,
    Performed, Post, Posted, Recheck, Redraw, Remove, Review, Seen, StepButton, Wait,
};
use crate::discord::commands::suggest;
use crate::discord::failure::Failure;
use crate::discord::gate::{Gate, limited};
use crate::discord::{buttons, convert, now, steps};
use crate::ops::tasks::Tasks;
use crate::policy::place;
use crate::reply::link;

/// Discord forgets a request for an answer after three seconds.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);

/// Two such requests and an answer fit into those three seconds.
const FETCHED_WITHIN: Duration = Duration::from_secs(1);

/// So long lies between two corrections.
const APART: Duration = Duration::from_secs(1);

/// How often what does no harm is tried.
const TRIES: u32 = 4;

/// Performs an action; nothing comes back where it was left open for the next start.
pub(super) type Perform =
    Arc<dyn Fn(Action) -> Pin<Box<dyn Future<Output = Option<Performed>> + Send>> + Send + Sync>;

/// Sends requests.
#[derive(Clone)]
pub(super) struct Sender {
    http: Arc<Http>,
    app: Arc<App>,
    gate: Gate,
    tasks: Tasks,
}

impl Sender {
    pub(super) fn new(http: Arc<Http>, app: Arc<App>, gate: Gate, tasks: Tasks) -> Self {
        Self { http, app, gate, tasks }
    }

    /// The sender as a function, which is all that lanes know of it.
    pub(super) fn perform(self) -> Perform {
        Arc::new(move |action| {
            let sender = self.clone();
            Box::pin(async move {
                match action {
                    Action::Post(post) => Some(sender.post(&post).await),
                    Action::Remove(remove) => Some(sender.remove(&remove).await),
                    Action::LookFor(search) => sender.look_for(&search).await,
                    Action::Recheck(recheck) => sender.recheck(&recheck).await,
                    Action::Answer(answer) => Some(sender.answer(&answer).await),
                    Action::Complete(completion) => Some(sender.complete(&completion).await),
                    Action::Fetch(fetch) => Some(sender.fetch(fetch).await),
                    Action::Form(handle) => {
                        let form = CreateInteractionResponse::Modal(suggest::form());
                        Some(sender.respond(&handle, &form).await)
                    }
                    Action::Correct(correct) => Box::pin(sender.correct(correct)).await,
                    Action::Wait(wait) => sender.wait(wait).await,
                    Action::Card(card) => Some(Box::pin(sender.card(&card)).await),
                    Action::Redraw(redraw) => Some(Box::pin(sender.redraw(&redraw)).await),
                    Action::Review(review) => Some(sender.review(review).await),
                }
            })
        })
    }

    async fn post(&self, post: &Post) -> Performed {
        let outcome = self.post_within_a_minute(post).await;
        Performed::Posted { message: post.message, outcome }
    }

    async fn post_within_a_minute(&self, post: &Post) -> Posted {
        let message = create(post);
        // Whether a request may have arrived: from then on silence proves nothing.
        let mut may_stand = false;
        for attempt in 0.. {
            if !self.app.confirm(post, now()) {
                return if may_stand { Posted::Unclear } else { Posted::Withheld };
            }
            let sent = self.http.send_message(ChannelId::new(post.channel.0), Vec::new(), &message);
            let failure = match self.gate.post(post.channel, sent).await {
                Ok(sent) => return Posted::Stands(place::MessageId(sent.id.get())),
                Err(failure) => failure,
            };
            debug!(id = %post.message, %failure, "an attempt to answer");
            match failure {
                Failure::Status { status: 429, .. } => {}
                Failure::Status { status: 500.., .. } | Failure::Unclear => may_stand = true,
                Failure::KeptBack if may_stand => return Posted::Unclear,
                // What is refused now says nothing of an earlier try: that one is looked for.
                Failure::TriggerGone | Failure::Status { .. } if may_stand => break,
                Failure::TriggerGone => return Posted::TriggerGone,
                Failure::KeptBack => return Posted::Withheld,
                Failure::Status { .. } => return Posted::Refused,
            }
            let wait = backoff(attempt);
            let is_late = now().plus(wait).since(post.decided) >= REPEATED;
            if is_late || self.tasks.is_stopping() {
                break;
            }
            tokio::time::sleep(wait).await;
        }
        if may_stand { Posted::Unclear } else { Posted::Refused }
    }

    async fn remove(&self, remove: &Remove) -> Performed {
        let Remove { channel, reply, message } = *remove;
        let gone = self
            .patiently(|| async {
                let (id, reply) = (ChannelId::new(channel.0), MessageId::new(reply.0));
                let deleted = self.http.delete_message(id, reply, None);
                match self.gate.tend(Some(channel), deleted).await {
                    // Somebody was faster.
                    Err(Failure::Status { status: 404, .. }) => Ok(()),
                    other => other,
                }
            })
            .await
            .is_ok();
        Performed::Removed { message, gone }
    }

    async fn look_for(&self, search: &LookFor) -> Option<Performed> {
        let LookFor { channel, message } = *search;
        // From just before the message on, so that the page also says whether it is still there.
        let before = MessageId::new(message.0.saturating_sub(1).max(1));
        let us = self.http.get_current_user();
        let us = self.gate.tend(None, us).await.ok().map(|user| user.id);
        let page = self
            .patiently(|| async {
                let after = Some(MessagePagination::After(before));
                let page = self.http.get_messages(ChannelId::new(channel.0), after, Some(100));
                self.gate.tend(Some(channel), page).await
            })
            .await;
        let seen = match (us, page) {
            (Some(us), Ok(page)) => {
                let trigger = page.iter().find(|one| one.id.get() == message.0);
                let reply = page.iter().find(|one| one.author.id == us && answers(one, message));
                Seen::Page {
                    author: trigger.map(|one| place::UserId(one.author.id.get())),
                    reply: reply.map(|one| place::MessageId(one.id.get())),
                }
            }
            // Not seen because we are leaving: the next start looks again.
            _ if self.tasks.is_stopping() => return None,
            _ => Seen::Nothing,
        };
        Some(Performed::Looked { message, seen })
    }

    async fn recheck(&self, recheck: &Recheck) -> Option<Performed> {
        let (channel, message) = (recheck.channel.0, recheck.message);
        let found = self
            .patiently(|| async {
                let id = MessageId::new(message.0);
                let message = self.http.get_message(ChannelId::new(channel), id);
                self.gate.tend(Some(recheck.channel), message).await
            })
            .await;
        let current = match found {
            Ok(found) => Current::Written(Box::new(convert::looked_up(recheck, found))),
            // The message, or its whole channel.
            Err(Failure::Status { status: 404, .. }) => Current::Gone,
            // Not seen because we are leaving: the next start looks again.
            Err(_) if self.tasks.is_stopping() => return None,
            Err(failure) => {
                debug!(id = %message, %failure, "a message cannot be looked at again");
                Current::Unclear
            }
        };
        Some(Performed::Rechecked { message, current })
    }

    /// Corrects a reply. One after another with a pause between: nobody waits for it, and others want
    /// to be answered. Its buttons stay.
    async fn correct(&self, correct: Correct) -> Option<Performed> {
        tokio::select! {
            () = tokio::time::sleep(APART) => {}
            () = self.tasks.stopped() => return None,
        }
        let edit = EditMessage::new().content(&correct.content).allowed_mentions(nobody());
        let Correct { channel, message, reply, revision, .. } = correct;
        let done = self
            .patiently(|| async {
                let (id, reply) = (ChannelId::new(channel.0), reply.0.max(1).into());
                let edited = self.http.edit_message(id, reply, &edit, Vec::new());
                self.gate.tend(Some(channel), edited).await
            })
            .await;
        if let Err(failure) = &done {
            debug!(id = %message, %failure, "a reply could not be corrected");
        }
        Some(Performed::Corrected { message, revision, done: done.is_ok() })
    }

    /// Waits until it is time; nothing comes of it where we are leaving.
    async fn wait(&self, wait: Wait) -> Option<Performed> {
        let left = wait.until.since(now());
        tokio::select! {
            () = tokio::time::sleep(left) => Some(Performed::Waited { message: wait.message }),
            () = self.tasks.stopped() => None,
        }
    }

    /// Shows a card. Repeated with the same nonce within seconds, so that it stands once.
    async fn card(&self, card: &Card) -> Performed {
        let message = card.message;
        let request = CreateMessage::new()
            .content(&card.content)
            .allowed_mentions(nobody())
            .flags(MessageFlags::SUPPRESS_EMBEDS)
            .components(rows(&card.buttons))
            .nonce(Nonce::String(card.nonce.clone()))
            .enforce_nonce(true);
        let sent = self
            .patiently(|| async {
                if !self.app.confirm_card(message, now()) {
                    return Err(Failure::KeptBack);
                }
                let sent =
                    self.http.send_message(ChannelId::new(card.channel.0), Vec::new(), &request);
                self.gate.post(card.channel, sent).await
            })
            .await;
        let outcome = match sent {
            Ok(sent) => Posted::Stands(place::MessageId(sent.id.get())),
            Err(Failure::KeptBack) => Posted::Withheld,
            Err(Failure::Status { status: 429 | 500.., .. } | Failure::Unclear) => Posted::Unclear,
            Err(Failure::Status { .. } | Failure::TriggerGone) => Posted::Refused,
        };
        Performed::Carded { message, outcome }
    }

    /// Draws a card anew. Where that fails its buttons say so when they are pressed.
    async fn redraw(&self, redraw: &Redraw) -> Performed {
        let edit = EditMessage::new()
            .content(&redraw.content)
            .allowed_mentions(nobody())
            .components(rows(&redraw.buttons));
        let (channel, card) = (ChannelId::new(redraw.channel.0), redraw.card.0.max(1).into());
        let done = self
            .patiently(|| async {
                let edited = self.http.edit_message(channel, card, &edit, Vec::new());
                self.gate.tend(Some(redraw.channel), edited).await
            })
            .await;
        if let Err(failure) = &done {
            debug!(card = redraw.card.0, %failure, "a card could not be drawn anew");
        }
        Performed::Redrawn { done: done.is_ok() }
    }

    /// Looks at the message of a card. A moderator waits, so it is tried once.
    async fn review(&self, review: Box<Review>) -> Performed {
        let target = &review.target;
        let (channel, message) = (ChannelId::new(target.channel.0), target.message.0.max(1).into());
        let asked = self.http.get_message(channel, message);
        let current = match limited(self.app.metrics(), FETCHED_WITHIN, asked).await {
            Ok(found) => Current::Written(Box::new(convert::looked_up(target, found))),
            Err(Failure::Status { status: 404, .. }) => Current::Gone,
            Err(failure) => {
                debug!(id = %target.message, %failure, "the message of a card cannot be seen");
                Current::Unclear
            }
        };
        Performed::Reviewed { review, current }
    }

    async fn answer(&self, answer: &Answer) -> Performed {
        self.respond(&answer.handle, &respond(answer)).await
    }

    async fn complete(&self, completion: &Completion) -> Performed {
        let choices =
            completion.choices.iter().fold(CreateAutocompleteResponse::new(), |choices, choice| {
                choices.add_string_choice(&choice.name, &choice.value)
            });
        let response = CreateInteractionResponse::Autocomplete(choices);
        self.respond(&completion.handle, &response).await
    }

    async fn respond(&self, handle: &Handle, response: &CreateInteractionResponse) -> Performed {
        let id = InteractionId::new(handle.id.max(1));
        let token = handle.token.0.as_str();
        let sent = self.http.create_interaction_response(id, token, response, Vec::new());
        let sent = limited(self.app.metrics(), ANSWERED_WITHIN, sent).await;
        if let Err(failure) = &sent {
            warn!(request = handle.id, %failure, "a request could not be answered");
        }
        Performed::Answered { done: sent.is_ok() }
    }

    /// Fetches a message, and with it the roles of its author, which do not come with it. Somebody
    /// waits for the answer, so it is tried once.
    async fn fetch(&self, fetch: Fetch) -> Performed {
        let Fetch { request, target } = fetch;
        let (channel, message) = (ChannelId::new(target.channel.0), target.message.0.max(1).into());
        let metrics = self.app.metrics();
        let asked = self.http.get_message(channel, message);
        let fetched = limited(metrics, FETCHED_WITHIN, asked).await;
        let message = match fetched {
            Ok(message) => message,
            Err(failure) => {
                debug!(request = request.handle.id, %failure, "a message could not be fetched");
                return Performed::Fetched { request, found: None };
            }
        };
        let roles = match request.guild {
            Some(guild) if message.webhook_id.is_none() => {
                let member = self.http.get_member(guild.0.into(), message.author.id);
                let member = limited(metrics, FETCHED_WITHIN, member).await.ok();
                member.map(|one| one.roles.iter().map(|role| place::RoleId(role.get())).collect())
            }
            _ => None,
        };
        let found = convert::fetched(message, request.guild, &target, roles.unwrap_or_default());
        Performed::Fetched { request, found: Some(found) }
    }

    /// Tries what does no harm when done twice, until it is done or refused.
    async fn patiently<T, F>(&self, request: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        for attempt in 0..TRIES {
            match request().await {
                Err(Failure::Status { status: 429 | 500.., .. } | Failure::Unclear)
                    if attempt + 1 < TRIES && !self.tasks.is_stopping() =>
                {
                    tokio::time::sleep(backoff(attempt)).await;
                }
                other => return other,
            }
        }
        Err(Failure::Unclear)
    }
}

/// Half a second, doubled each time up to eight.
fn backoff(attempt: u32) -> Duration {
    Duration::from_millis(500 << attempt.min(4))
}

/// Whether a message replies to another.
fn answers(message: &Message, to: place::MessageId) -> bool {
    let reference = message.message_reference.as_ref();
    reference.and_then(|one| one.message_id).is_some_and(|id| id.get() == to.0)
}

/// The message of an answer. A reply to a message that is gone is refused by Discord rather than
/// posted into the void; nobody is pinged; links get no previews.
fn create(post: &Post) -> CreateMessage {
    let channel = ChannelId::new(post.channel.0);
    let reference = MessageReference::new(MessageReferenceKind::Default, channel)
        .message_id(MessageId::new(post.message.0))
        .fail_if_not_exists(true);
    CreateMessage::new()
        .content(&post.content)
        .reference_message(reference)
        .allowed_mentions(nobody())
        .flags(MessageFlags::SUPPRESS_EMBEDS)
        .components(rows_with_page(&post.buttons, post.page.as_deref()))
        .nonce(Nonce::String(post.nonce.clone()))
        .enforce_nonce(true)
}

fn respond(answer: &Answer) -> CreateInteractionResponse {
    let mut flags = InteractionResponseFlags::SUPPRESS_EMBEDS;
    flags.set(InteractionResponseFlags::EPHEMERAL, !answer.public);
    let message = CreateInteractionResponseMessage::new()
        .content(&answer.content)
        .allowed_mentions(nobody())
        .flags(flags)
        .components(rows(&answer.buttons).into_iter().chain(form(&answer.form)).collect());
    if answer.replaces {
        CreateInteractionResponse::UpdateMessage(message)
    } else {
        CreateInteractionResponse::Message(message)
    }
}

fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

/// Discord has five buttons a row.
fn rows(buttons: &[Button]) -> Vec<CreateActionRow> {
    rows_with_page(buttons, None)
}

/// The same, with a way to the claim's page behind the last one.
fn rows_with_page(buttons: &[Button], page: Option<&str>) -> Vec<CreateActionRow> {
    let ours = buttons.iter().map(create_button);
    let all: Vec<_> = ours.chain(page.map(create_link)).collect();
    all.chunks(5).map(|row| CreateActionRow::Buttons(row.to_vec())).collect()
}

fn create_link(page: &str) -> CreateButton {
    CreateButton::new_link(page).label(link::LABEL)
}

/// Channels where people write; a category is none of them.
const WRITTEN_IN: [ChannelType; 4] =
    [ChannelType::Text, ChannelType::News, ChannelType::Forum, ChannelType::Voice];

fn form(rows: &[FormRow]) -> Vec<CreateActionRow> {
    let row = |row: &FormRow| match row {
        FormRow::Pick(pick, label) => {
            let kind = CreateSelectMenuKind::Channel {
                channel_types: Some(WRITTEN_IN.to_vec()),
                default_channels: None,
            };
            let menu = CreateSelectMenu::new(steps::encode_pick(*pick), kind).placeholder(label);
            CreateActionRow::SelectMenu(menu)
        }
        FormRow::Page(page) => CreateActionRow::Buttons(vec![create_link(page)]),
        FormRow::Buttons(buttons) => {
            CreateActionRow::Buttons(buttons.iter().map(create_step).collect())
        }
    };
    rows.iter().map(row).collect()
}

fn create_step(button: &StepButton) -> CreateButton {
    CreateButton::new(steps::encode(button.step)).label(&button.label).style(ButtonStyle::Secondary)
}

fn create_button(button: &Button) -> CreateButton {
    CreateButton::new(buttons::encode(&button.tag))
        .label(&button.label)
        .style(ButtonStyle::Secondary)
        .disabled(!button.enabled)
}
