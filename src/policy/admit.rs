//! Whether a message may be read at all. Knows who, where and when, never what was written.

use crate::policy::place::{AuthorKind, Moment, Situation};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Settings};

/// `Ok` where the message may be read; otherwise the first reason why not, in order of precedence.
pub fn admit(situation: &Situation, settings: &Settings, now: Moment) -> Result<(), Reason> {
    if situation.overloaded {
        return Err(Reason::Overload);
    }
    match situation.author_kind {
        AuthorKind::Own => return Err(Reason::Own),
        AuthorKind::Bot => return Err(Reason::Bot),
        AuthorKind::Webhook => return Err(Reason::Webhook),
        AuthorKind::System => return Err(Reason::System),
        AuthorKind::Member => {}
    }
    if settings.mode == Mode::Off {
        return Err(Reason::Off);
    }
    if settings.pause.holds(now) || settings.quiet_hours.hold(now) {
        return Err(Reason::Paused);
    }
    if settings.sensitive {
        return Err(Reason::Sensitive);
    }
    if settings.exempt || situation.roles.iter().any(|role| settings.exempt_roles.contains(role)) {
        return Err(Reason::Exempt);
    }
    if situation.opted_out {
        return Err(Reason::OptedOut);
    }
    if !situation.permitted {
        return Err(Reason::NoPermission);
    }
    Ok(())
}
