//! What applies in one place, already resolved and validated. Knows neither files nor who set it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::model::claim::{Claim, ClaimId};
use crate::model::score::Score;
use crate::policy::doubt::Doubt;
use crate::policy::hours::QuietHours;
use crate::policy::place::{ChannelId, Moment, RoleId};

/// What footnote may do in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Mode {
    /// Nothing is read.
    #[default]
    Off,
    /// Score and count, say nothing.
    Watch,
    /// Ask the moderators in their channel.
    Suggest,
    /// Answer.
    Reply,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 4] = [Self::Off, Self::Watch, Self::Suggest, Self::Reply];

    /// The word in settings and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Watch => "watch",
            Self::Suggest => "suggest",
            Self::Reply => "reply",
        }
    }

    /// The mode of this name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// Whether a server has stopped us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pause {
    /// Not stopped.
    #[default]
    None,
    /// Until a moment.
    Until(Moment),
    /// Until somebody resumes.
    Indefinite,
}

impl Pause {
    /// Whether it holds at `now`.
    pub fn holds(self, now: Moment) -> bool {
        match self {
            Self::None => false,
            Self::Until(end) => now < end,
            Self::Indefinite => true,
        }
    }
}

/// What becomes of an answer when its message is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnEdit {
    /// It goes where the message no longer asserts the claim.
    #[default]
    Recheck,
    /// It goes.
    Remove,
}

impl OnEdit {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Recheck, Self::Remove];

    /// The word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recheck => "recheck",
            Self::Remove => "remove",
        }
    }
}

/// How much of a response is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Style {
    /// A few lines; the rest stands behind buttons.
    #[default]
    Compact,
    /// As much of the whole response as fits into a message.
    Full,
}

impl Style {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Compact, Self::Full];

    /// The word in settings and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Full => "full",
        }
    }

    /// The style of this name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|style| style.word() == word)
    }
}

/// The longest wait before an answer: later the conversation is elsewhere.
pub const LONGEST_DELAY: Duration = Duration::from_secs(600);

/// The effective settings of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The channel's mode.
    pub mode: Mode,
    /// Whether the server has stopped us.
    pub pause: Pause,
    /// The least score to speak at: the channel's, or else the server's, or else the configuration's.
    pub threshold: Score,
    /// The least time between two answers to one claim in a channel, unless the claim says otherwise.
    pub cooldown_claim: Duration,
    /// The least time between two answers in a channel.
    pub cooldown_channel: Duration,
    /// The least time between two answers to one member in a server.
    pub cooldown_member: Duration,
    /// The most answers in a server in an hour.
    pub budget_hour: u32,
    /// The most answers in a server in a day.
    pub budget_day: u32,
    /// What becomes of an answer when its message is changed.
    pub on_edit: OnEdit,
    /// Claims not answered here.
    pub muted: BTreeSet<ClaimId>,
    /// Topics whose claims are not answered here.
    pub muted_topics: BTreeSet<String>,
    /// Packs whose claims are not answered here.
    pub muted_packs: BTreeSet<String>,
    /// Roles whose members are not answered.
    pub exempt_roles: BTreeSet<RoleId>,
    /// Whether the place itself is left alone.
    pub exempt: bool,
    /// When nothing is read.
    pub quiet_hours: QuietHours,
    /// How much is posted.
    pub style: Style,
    /// How long an answer waits, in case that somebody else gives one.
    pub delay: Duration,
    /// Whether this is a place where nobody should be corrected.
    pub sensitive: bool,
    /// How much more claims have to match here, since moderators said "wrong match".
    pub doubts: BTreeMap<ClaimId, Doubt>,
    /// Whether suggestions and alerts have a moderators' channel.
    pub has_review_channel: bool,
    /// Which one, where it is known.
    pub review_channel: Option<ChannelId>,
}

impl Settings {
    /// The least score at which a claim is spoken up about: the highest of its own and the place's,
    /// plus what moderators' corrections added.
    pub fn threshold_of(&self, claim: &Claim, now: Moment) -> Score {
        let raised = self.doubts.get(&claim.id).map_or(0, |doubt| doubt.left(now));
        self.threshold.max(claim.threshold.unwrap_or_default()).raised_by(raised)
    }

    /// Whether a claim is not answered here: itself, its pack, or one of its topics.
    pub fn mutes(&self, claim: &Claim) -> bool {
        self.muted.contains(&claim.id)
            || self.muted_packs.contains(&claim.pack)
            || claim.topics.iter().any(|topic| self.muted_topics.contains(topic))
    }
}

/// The default threshold, in thousandths. At it 6 of 42,902 public messages about history, politics, news and
/// nothing are answered with the pack, two of them rightly.
pub const DEFAULT_THRESHOLD: u16 = 500;

impl Default for Settings {
    /// As `config.toml` ships, for a channel that nobody has switched on.
    fn default() -> Self {
        Self {
            mode: Mode::Off,
            pause: Pause::None,
            threshold: Score::new(DEFAULT_THRESHOLD).unwrap_or(Score::MAX),
            // Half a day: long enough that one evening's argument gets one answer.
            cooldown_claim: Duration::from_secs(12 * 3600),
            // Two minutes: a bot that answers twice in a screenful is spam.
            cooldown_channel: Duration::from_secs(120),
            // Ten minutes: nobody is followed around.
            cooldown_member: Duration::from_secs(600),
            budget_hour: 12,
            budget_day: 60,
            on_edit: OnEdit::Recheck,
            muted: BTreeSet::new(),
            muted_topics: BTreeSet::new(),
            muted_packs: BTreeSet::new(),
            exempt_roles: BTreeSet::new(),
            exempt: false,
            quiet_hours: QuietHours::NEVER,
            style: Style::Compact,
            delay: Duration::ZERO,
            sensitive: false,
            doubts: BTreeMap::new(),
            has_review_channel: false,
            review_channel: None,
        }
    }
}
