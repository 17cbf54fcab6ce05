//! All the bot can hear and do, as plain values. Knows neither Discord's types nor the store's.

use std::fmt;

use crate::app::ask::{Asked, Pick, Step, Target};
use crate::app::unread::Unread;
use crate::model::claim::{ClaimId, Revision};
use crate::policy::permission::Permissions;
use crate::policy::place::{
    AuthorKind, ChannelId, GuildId, MessageId, Moment, RoleId, Surroundings, UserId,
};
use crate::reply::ButtonKind;

/// Something happened.
#[derive(Debug)]
pub enum Incoming {
    /// The connection stands, for the first time or again.
    Ready,
    /// Somebody wrote.
    Message(Heard),
    /// Somebody changed what they wrote, or Discord added a preview to it.
    Edited(Heard),
    /// Messages are gone.
    Deleted(Deleted),
    /// Somebody pressed a button.
    Pressed(Pressed),
    /// Somebody used a command.
    Asked(Asked),
    /// What is known of places: what they stand in, and what their names say.
    Places(Vec<(ChannelId, Surroundings)>),
    /// Other claims answer than before.
    News,
    /// An hour has passed: what waited too long waits no more.
    Hour,
    /// An action of ours came to an end.
    Performed(Performed),
}

/// A message as it was heard. Its text cannot be looked at before it is admitted.
#[derive(Debug)]
pub struct Heard {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel or thread.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// The message.
    pub message: MessageId,
    /// Who wrote it.
    pub author: UserId,
    /// What kind of author that is.
    pub author_kind: AuthorKind,
    /// The author's roles.
    pub roles: Vec<RoleId>,
    /// Whether we may do here what an answer needs.
    pub permitted: bool,
    /// Whether the lane was full when the message came.
    pub overloaded: bool,
    /// When it was last changed, where it was.
    pub edited: Option<Moment>,
    /// The message that it replies to, where it does.
    pub replies_to: Option<MessageId>,
    /// What was written.
    pub text: Unread,
}

/// Messages of one channel that are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The channel.
    pub channel: ChannelId,
    /// The messages.
    pub messages: Vec<MessageId>,
}

/// Who pressed or asked, where, and how they are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// Who.
    pub by: UserId,
    /// What they may do in this channel, as Discord said with the request.
    pub permissions: Permissions,
    /// Whether the server has installed us; not where only the requester has.
    pub installed: bool,
    /// Whether we may do here what an answer in the channel needs.
    pub permitted: bool,
    /// How they are answered.
    pub handle: Handle,
}

/// What Discord wants to see with the answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// The request's number.
    pub id: u64,
    /// The request's secret.
    pub token: Token,
}

/// A secret of a request: whoever has it can answer in our name. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A press of a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// By whom and where.
    pub request: Request,
    /// The message that the button stands under.
    pub under: MessageId,
    /// What the button carries; none where it is from another version.
    pub tag: Option<Tag>,
}

/// What a button carries, so that it works without our remembering anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// What it does.
    pub does: Does,
    /// The message that was answered; 0 where there was none.
    pub message: MessageId,
    /// Its author; 0 where there was none.
    pub author: UserId,
    /// The claim.
    pub claim: ClaimId,
    /// The first digits of the revision that was shown.
    pub revision: String,
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Does {
    /// What buttons under a reply do.
    Open(ButtonKind),
    /// Turns to a page of what another button opened.
    Turn(ButtonKind, u8),
    /// Shows everybody in the channel what only the presser saw.
    PostHere,
    /// Takes away what somebody had posted, who is the author carried.
    TakeBack,
    /// Never answers the presser with this claim again.
    NeverOn,
    /// Says that the message was no match; for moderators.
    WrongMatch,
    /// Says whether a response helped.
    Rate(bool),
    /// Decides about a card, as it was drawn the so-manieth time.
    Decide(Ruling, u8),
}

/// What moderators can decide about a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ruling {
    /// The reply is posted.
    Post,
    /// Not this time.
    NotNow,
    /// The message does not say this.
    WrongMatch,
    /// The claim is not answered there any more.
    Mute,
}

impl Ruling {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 4] = [Self::Post, Self::NotNow, Self::WrongMatch, Self::Mute];
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Post an answer, at most once.
    Post(Post),
    /// Take a reply away.
    Remove(Remove),
    /// Look whether an answer stands.
    LookFor(LookFor),
    /// Look at a message that was answered, as it is now.
    Recheck(Recheck),
    /// Answer a request, to the requester alone unless it says otherwise.
    Answer(Answer),
    /// Offer what somebody may be typing.
    Complete(Completion),
    /// Fetch a message that somebody asks about.
    Fetch(Fetch),
    /// Show moderators a card.
    Card(Card),
    /// Draw a card anew.
    Redraw(Redraw),
    /// Show the form for suggestions to authors.
    Form(Handle),
    /// Correct a reply.
    Correct(Correct),
    /// Say when it is time for an answer that waits.
    Wait(Wait),
    /// Look at the message of a card before something is posted below it.
    Review(Box<Review>),
}

/// An answer to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The channel.
    pub channel: ChannelId,
    /// The message that is answered.
    pub message: MessageId,
    /// What is said.
    pub content: String,
    /// The buttons below.
    pub buttons: Vec<Button>,
    /// The claim's page on a site, where there is one.
    pub page: Option<String>,
    /// What makes a repeated request the same request for Discord.
    pub nonce: String,
    /// When it was decided: what bounds all repeating.
    pub decided: Moment,
}

/// A button with what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it carries.
    pub tag: Tag,
    /// What it says.
    pub label: String,
    /// Whether it can be pressed.
    pub enabled: bool,
}

/// A reply to be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remove {
    /// The channel.
    pub channel: ChannelId,
    /// The reply.
    pub reply: MessageId,
    /// The message it answers.
    pub message: MessageId,
}

/// An answer that may or may not stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookFor {
    /// The channel.
    pub channel: ChannelId,
    /// The message it would answer.
    pub message: MessageId,
}

/// A message that was answered and may have changed or gone unheard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recheck {
    /// The server; none in direct messages.
    pub guild: Option<GuildId>,
    /// The channel or thread.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// The message.
    pub message: MessageId,
}

/// What a requester gets to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whose request.
    pub handle: Handle,
    /// Whether it replaces what the requester sees already.
    pub replaces: bool,
    /// Whether everybody in the channel sees it.
    pub public: bool,
    /// The text.
    pub content: String,
    /// The buttons below.
    pub buttons: Vec<Button>,
    /// What is to be chosen below, by steps.
    pub form: Vec<FormRow>,
}

/// A row of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormRow {
    /// A channel is chosen; with what stands in the empty select.
    Pick(Pick, String),
    /// A step is taken.
    Buttons(Vec<StepButton>),
    /// A page on the web is opened, by its address.
    Page(String),
}

/// A button that leads to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepButton {
    /// Where it leads.
    pub step: Step,
    /// What it says.
    pub label: String,
}

/// What somebody may be typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Whose request.
    pub handle: Handle,
    /// What is offered, the best first.
    pub choices: Vec<Choice>,
}

/// One thing that somebody may be typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What it stands for.
    pub value: String,
}

/// A message to be fetched, since somebody asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Who asks.
    pub request: Request,
    /// The message and its place.
    pub target: Target,
}

/// A reply whose claim was corrected since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correct {
    /// The channel.
    pub channel: ChannelId,
    /// The message that it answers.
    pub message: MessageId,
    /// The reply.
    pub reply: MessageId,
    /// What it is to say.
    pub content: String,
    /// The revision that it is made from.
    pub revision: Revision,
}

/// An answer that waits, in case that somebody else gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The message that it answers.
    pub message: MessageId,
    /// Until when.
    pub until: Moment,
}

/// A card for moderators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The moderators' channel.
    pub channel: ChannelId,
    /// The message that it is about.
    pub message: MessageId,
    /// What it says.
    pub content: String,
    /// The buttons below.
    pub buttons: Vec<Button>,
    /// What makes a repeated request the same request for Discord.
    pub nonce: String,
}

/// A card as it is to look now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redraw {
    /// The moderators' channel.
    pub channel: ChannelId,
    /// The card's own message.
    pub card: MessageId,
    /// What it says now.
    pub content: String,
    /// The buttons below.
    pub buttons: Vec<Button>,
}

/// A moderator wants a reply posted: its message is looked at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// By whom and where.
    pub pressed: Pressed,
    /// The message and its place.
    pub target: Recheck,
}

/// How an action ended.
#[derive(Debug)]
pub enum Performed {
    /// An answer was to be posted.
    Posted {
        /// The message it answers.
        message: MessageId,
        /// How that ended.
        outcome: Posted,
    },
    /// A reply was to be taken away.
    Removed {
        /// The message it answers.
        message: MessageId,
        /// Whether it is gone.
        gone: bool,
    },
    /// An answer was looked for.
    Looked {
        /// The message it would answer.
        message: MessageId,
        /// What was seen.
        seen: Seen,
    },
    /// A message that was answered was looked at.
    Rechecked {
        /// The message.
        message: MessageId,
        /// What it is now.
        current: Current,
    },
    /// A request was to be answered.
    Answered {
        /// Whether it was.
        done: bool,
    },
    /// A message was to be fetched.
    Fetched {
        /// Who asks.
        request: Request,
        /// The message; none where it is gone or may not be seen.
        found: Option<Heard>,
    },
    /// A reply was to be corrected.
    Corrected {
        /// The message that it answers.
        message: MessageId,
        /// The revision that it was made from.
        revision: Revision,
        /// Whether it was.
        done: bool,
    },
    /// It is time for an answer that waited.
    Waited {
        /// The message that it answers.
        message: MessageId,
    },
    /// A card was to be shown.
    Carded {
        /// The message that it is about.
        message: MessageId,
        /// How that ended.
        outcome: Posted,
    },
    /// A card was to be drawn anew.
    Redrawn {
        /// Whether it was.
        done: bool,
    },
    /// The message of a card was looked at.
    Reviewed {
        /// For whom.
        review: Box<Review>,
        /// What it is now.
        current: Current,
    },
}

/// A message that was answered, as it is now.
#[derive(Debug)]
pub enum Current {
    /// It is gone.
    Gone,
    /// It stands like this.
    Written(Box<Heard>),
    /// It could not be looked at.
    Unclear,
}

/// How posting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It stands as this message.
    Stands(MessageId),
    /// The message it answers is gone.
    TriggerGone,
    /// Discord refused it.
    Refused,
    /// We kept it back at the last moment; no request went out.
    Withheld,
    /// A request went out and nobody knows what became of it.
    Unclear,
}

/// What was seen where an answer would stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The page of messages from the answered one on.
    Page {
        /// The author of the answered message; none where it is gone.
        author: Option<UserId>,
        /// Our reply to it.
        reply: Option<MessageId>,
    },
    /// Nothing could be seen.
    Nothing,
}

impl Action {
    /// The channel in whose order it is performed; none for what waits for nobody and lets nobody
    /// wait: answers to requests, and looks at what stands.
    pub const fn channel(&self) -> Option<ChannelId> {
        match self {
            Self::Post(post) => Some(post.channel),
            Self::Remove(remove) => Some(remove.channel),
            Self::LookFor(search) => Some(search.channel),
            Self::Card(card) => Some(card.channel),
            Self::Redraw(redraw) => Some(redraw.channel),
            Self::Correct(correct) => Some(correct.channel),
            Self::Recheck(_)
            | Self::Answer(_)
            | Self::Complete(_)
            | Self::Fetch(_)
            | Self::Wait(_)
            | Self::Form(_)
            | Self::Review(_) => None,
        }
    }
}
