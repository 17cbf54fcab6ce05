//! What commands ask for, as plain values. Knows neither how they are typed nor what is answered.

use std::time::Duration;

use crate::app::event::{Heard, Request};
use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::hours::QuietHours;
use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, MessageId, RoleId, UserId};
use crate::policy::settings::{Mode, Style};

/// A use of a command.
#[derive(Debug)]
pub struct Asked {
    /// By whom and where.
    pub request: Request,
    /// What for.
    pub ask: Ask,
}

/// What a command asks for.
#[derive(Debug)]
pub enum Ask {
    /// The response of this name.
    Show(String),
    /// Responses about these words, or the one of this name.
    Search(String),
    /// What somebody who has typed this may be typing.
    Complete(String),
    /// To be left alone, or not any more.
    Quiet(Quiet),
    /// What is kept about people.
    Privacy,
    /// What is kept about the requester.
    MyData,
    /// To have that erased.
    ForgetMe,
    /// A form for what has no response yet.
    Suggest,
    /// What was typed into it.
    Suggested(Suggested),
    /// Context for a message.
    Find(Heard),
    /// Another mode for a channel.
    Mode(ChannelId, Mode),
    /// Silence in this server, for a time or until further notice.
    Pause(Option<Duration>),
    /// An end to the silence.
    Resume,
    /// A pause whose length cannot be read.
    UnclearDuration,
    /// How things stand in this server.
    Status(Survey),
    /// What we see in a message, and why it was or was not answered.
    Why(Pointed),
    /// The settings of a channel.
    Settings(ChannelId, Option<ChannelId>),
    /// A step of the guided setup.
    Setup(Setup),
    /// Figures by claim, revision and reason.
    Stats,
    /// What would have been said where footnote only watches.
    Report,
    /// What moderators changed lately.
    Changes,
    /// Another setting, for a channel or for the whole server.
    Set(Option<ChannelId>, Change),
    /// A command that this version does not know.
    Unknown,
}

/// What somebody wants a response to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// What people say.
    pub wording: String,
    /// Where it can be read about.
    pub source: Option<String>,
}

/// A wish about being read and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Whether it is about all servers, and not only this one.
    pub everywhere: bool,
    /// Whether the requester wants to be left alone.
    pub quiet: bool,
}

/// How things stand in a server, as the connection sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Whether we can read what people write without being mentioned.
    pub reads_content: bool,
    /// The channels and threads where messages are written.
    pub places: Vec<Place>,
}

/// A channel or thread of a server, and what we lack there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The channel.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// What an answer needs there and we have not.
    pub missing: Permissions,
    /// Whether everybody in the server sees it.
    pub is_open: bool,
}

/// A step of the guided setup, with how things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The step.
    pub step: Step,
    /// Whether it takes the place of the step before.
    pub replaces: bool,
    /// How things stand.
    pub survey: Survey,
}

/// A step of the guided setup: all that was chosen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing yet.
    Begin,
    /// Where to work.
    Work(ChannelId),
    /// And where moderators are asked.
    Review(ChannelId, ChannelId),
    /// And in which mode to begin.
    Mode(ChannelId, ChannelId, Mode),
}

/// Which channel is to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The one where to work.
    Work,
    /// The one where moderators are asked, to a channel where to work.
    Review(ChannelId),
}

/// What a link or number points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    /// A message of this server in a channel that the requester sees.
    At(Target),
    /// One that the requester may not see, or of another server.
    Hidden,
    /// Nothing that can be read.
    Unclear,
}

/// A message to be looked at, with what is known of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The channel.
    pub channel: ChannelId,
    /// The channel that a thread belongs to.
    pub parent: Option<ChannelId>,
    /// Whether we may do there what an answer needs.
    pub permitted: bool,
    /// The message.
    pub message: MessageId,
    /// Ourselves, who may have written it.
    pub us: UserId,
}

/// A change of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The least score to speak at; none for what would hold otherwise.
    Threshold(Option<Score>),
    /// The time between two answers; none for what would hold otherwise.
    Cooldown(Cooldown, Option<Duration>),
    /// Whether a claim is answered.
    Mute(ClaimId, bool),
    /// That a claim has to match no better any more.
    Trust(ClaimId),
    /// Whether a role's members are left alone.
    Exempt(RoleId, bool),
    /// Whether this is a place where nobody should be corrected.
    Sensitive(bool),
    /// The most answers in a server; none for what would hold otherwise.
    Budget(Span, Option<u32>),
    /// Whether the claims of a topic or pack are answered.
    MuteTopic(String, bool),
    /// Whether the place itself is left alone.
    ExemptPlace(bool),
    /// When nothing is read; none for what would hold otherwise.
    QuietHours(Option<QuietHours>),
    /// Hours that cannot be read.
    UnclearHours,
    /// How much is posted.
    Style(Style),
    /// How long an answer waits; none for what would hold otherwise.
    Delay(Option<Duration>),
    /// Where moderators are asked and told; none for nowhere.
    Review(Option<ChannelId>),
    /// A value that cannot be read.
    Unclear,
}

/// In which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

/// Between which answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cooldown {
    /// To one claim in a channel.
    Claim,
    /// In a channel.
    Channel,
    /// To one member.
    Member,
}
