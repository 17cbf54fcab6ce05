//! Why a request failed, as far as it matters to us. Knows neither what was asked nor what follows.

use std::fmt;

use serenity::all::HttpError;

/// Discord's code for a message that is not there.
const UNKNOWN_MESSAGE: isize = 10008;

/// Discord's codes for a channel or a server that is not there.
const UNKNOWN_PLACE: [isize; 2] = [10003, 10004];

/// Why a request failed, without the address that it went to: that may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The message that a reply answers is gone.
    TriggerGone,
    /// Discord said no.
    Status {
        /// The status of HTTP.
        status: u16,
        /// Discord's own code; 0 where there was none.
        code: isize,
    },
    /// No answer, or none that can be read: it may have arrived.
    Unclear,
    /// It never went out, because so much was refused before.
    KeptBack,
}

impl Failure {
    /// Why a request of serenity's failed.
    pub(super) fn of(error: &serenity::Error) -> Self {
        let serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) = error else {
            return Self::Unclear;
        };
        let status = response.status_code.as_u16();
        let code = response.error.code;
        let is_reference =
            response.error.errors.iter().any(|one| one.path.contains("message_reference"));
        if status == 400 && (code == UNKNOWN_MESSAGE || is_reference) {
            return Self::TriggerGone;
        }
        Self::Status { status, code }
    }

    /// Whether the place itself refuses, so that asking there again is knocking on a closed door.
    pub(super) fn is_of_the_place(self) -> bool {
        match self {
            Self::Status { status: 403, .. } => true,
            Self::Status { status: 404, code } => UNKNOWN_PLACE.contains(&code),
            Self::Status { .. } | Self::TriggerGone | Self::Unclear | Self::KeptBack => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TriggerGone => f.write_str("the message is gone"),
            Self::Status { status, code } => write!(f, "HTTP {status}, code {code}"),
            Self::Unclear => f.write_str("no answer that can be read"),
            Self::KeptBack => f.write_str("kept back, so much was refused before"),
        }
    }
}
