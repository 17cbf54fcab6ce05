//! Why a message was or was not answered. Knows no wording: `reply::wording` has the sentences.

use crate::model::explanation::Assertion;

/// Why, in order of precedence: of several the first counts. Each is also a metric label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The channel's lane was full.
    Overload,
    /// We wrote it.
    Own,
    /// A bot wrote it.
    Bot,
    /// A webhook wrote it.
    Webhook,
    /// The platform wrote it.
    System,
    /// The channel is not watched.
    Off,
    /// The server has paused us.
    Paused,
    /// The channel is one where nobody should be corrected.
    Sensitive,
    /// The author or channel is exempt.
    Exempt,
    /// The author asked to be left alone.
    OptedOut,
    /// We may not answer here.
    NoPermission,
    /// Nothing we know was recognised.
    NoCandidate,
    /// Not sure enough.
    BelowThreshold,
    /// The message denies the claim.
    Denied,
    /// The message asks about it.
    Asked,
    /// The message repeats somebody's words.
    Quoted,
    /// The message says that somebody says so.
    Reported,
    /// A game, a story, or what might have been.
    Imagined,
    /// Two claims fit equally well.
    Ambiguous,
    /// The claim is muted here.
    Muted,
    /// The claim is answered only when somebody asks.
    CommandOnly,
    /// This message was answered before.
    AlreadyAnswered,
    /// The claim was answered here lately.
    CooldownClaim,
    /// Something was answered here lately.
    CooldownChannel,
    /// This member was answered lately.
    CooldownMember,
    /// Enough was said for now.
    Budget,
    /// A suggestion or alert has nowhere to go.
    NoReviewChannel,
    /// The channel is only watched.
    Watch,
    /// The message asserts the claim.
    Asserted,
}

impl Reason {
    /// All reasons, in order of precedence.
    pub const ALL: [Self; 29] = [
        Self::Overload,
        Self::Own,
        Self::Bot,
        Self::Webhook,
        Self::System,
        Self::Off,
        Self::Paused,
        Self::Sensitive,
        Self::Exempt,
        Self::OptedOut,
        Self::NoPermission,
        Self::NoCandidate,
        Self::BelowThreshold,
        Self::Denied,
        Self::Asked,
        Self::Quoted,
        Self::Reported,
        Self::Imagined,
        Self::Ambiguous,
        Self::Muted,
        Self::CommandOnly,
        Self::AlreadyAnswered,
        Self::CooldownClaim,
        Self::CooldownChannel,
        Self::CooldownMember,
        Self::Budget,
        Self::NoReviewChannel,
        Self::Watch,
        Self::Asserted,
    ];

    /// The name in JSON, metrics and logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overload => "overload",
            Self::Own => "own",
            Self::Bot => "bot",
            Self::Webhook => "webhook",
            Self::System => "system",
            Self::Off => "off",
            Self::Paused => "paused",
            Self::Sensitive => "sensitive",
            Self::Exempt => "exempt",
            Self::OptedOut => "opted-out",
            Self::NoPermission => "no-permission",
            Self::NoCandidate => "no-candidate",
            Self::BelowThreshold => "below-threshold",
            Self::Denied => "denied",
            Self::Asked => "asked",
            Self::Quoted => "quoted",
            Self::Reported => "reported",
            Self::Imagined => "imagined",
            Self::Ambiguous => "ambiguous",
            Self::Muted => "muted",
            Self::CommandOnly => "command-only",
            Self::AlreadyAnswered => "already-answered",
            Self::CooldownClaim => "cooldown-claim",
            Self::CooldownChannel => "cooldown-channel",
            Self::CooldownMember => "cooldown-member",
            Self::Budget => "budget",
            Self::NoReviewChannel => "no-review-channel",
            Self::Watch => "watch",
            Self::Asserted => "asserted",
        }
    }
}

impl From<Assertion> for Reason {
    fn from(assertion: Assertion) -> Self {
        match assertion {
            Assertion::Asserted => Self::Asserted,
            Assertion::Denied => Self::Denied,
            Assertion::Asked => Self::Asked,
            Assertion::Quoted => Self::Quoted,
            Assertion::Reported => Self::Reported,
            Assertion::Imagined => Self::Imagined,
        }
    }
}
