//! Responses that were loaded and indexed, and what would be done about a message. Knows no store and no Discord: it must run beside a running bot.

use std::path::Path;
use std::sync::Arc;

use crate::app::engine::Engine;
use crate::content::load::{LoadError, load};
use crate::model::catalog::Catalog;
use crate::model::claim::Claim;
use crate::model::diagnostic::Severity;
use crate::model::explanation::Candidate;
use crate::policy::cooldown::History;
use crate::policy::decide::{CONSIDERED, Considered, Decision, decide};
use crate::policy::place::{
    AuthorKind, ChannelId, GuildId, MemberKey, MessageId, Moment, Situation, UserId,
};
use crate::policy::settings::{Mode, Settings};
use crate::text;

/// Claims ready to be found.
#[derive(Debug)]
pub struct Judge {
    engine: Arc<Engine>,
}

/// What was found and what is done about it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The candidates, best first.
    pub candidates: Vec<Candidate>,
    /// What is done.
    pub decision: Decision,
}

impl Judged {
    /// The candidate that the decision is about.
    pub fn decided(&self) -> Option<&Candidate> {
        self.candidates.get(self.decision.candidate.unwrap_or(0))
    }
}

impl Judge {
    /// Indexes a catalog.
    pub fn new(catalog: Catalog) -> Self {
        Self::of(Arc::new(Engine::build(catalog)))
    }

    /// Judges by a snapshot that somebody else may replace.
    pub fn of(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// The snapshot it judges by.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Loads a responses folder; the second part says in one line what was left out because of errors.
    pub fn load(folder: &Path) -> Result<(Self, Option<String>), LoadError> {
        let loaded = load(folder)?;
        let errors =
            loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error).count();
        let plural = if errors == 1 { "error" } else { "errors" };
        let shown = folder.display();
        let problems = (errors > 0).then(|| {
            format!(
                "{errors} {plural} in `{shown}`, the files concerned are left out: run `footnote check {shown}`"
            )
        });
        Ok((Self::new(loaded.catalog), problems))
    }

    /// All claims.
    pub fn catalog(&self) -> &Catalog {
        &self.engine.catalog
    }

    /// The claims that a text may be about, best first.
    pub fn find(&self, message: &str, top: usize) -> Vec<Candidate> {
        self.engine.matcher.find(&text::read(message), top)
    }

    /// The claim of a candidate.
    pub fn claim(&self, candidate: &Candidate) -> Option<&Claim> {
        self.engine.catalog.claim(candidate.claim.as_str())
    }

    /// What is done about an admitted message; at least `top` candidates are looked for.
    pub fn judge(
        &self,
        message: &str,
        top: usize,
        situation: &Situation,
        settings: &Settings,
        history: &History,
        now: Moment,
    ) -> Judged {
        let mut candidates = self.find(message, top.max(CONSIDERED));
        // A candidate without a claim would shift the indices of a decision.
        candidates.retain(|candidate| self.claim(candidate).is_some());
        let considered: Vec<Considered<'_>> = candidates
            .iter()
            // However many are shown, the decision looks at the same ones as in a channel.
            .take(CONSIDERED)
            .filter_map(|candidate| Some(Considered { candidate, claim: self.claim(candidate)? }))
            .collect();
        let decision = decide(&considered, situation, settings, history, now);
        Judged { candidates, decision }
    }

    /// What is done about a message in a channel of which nothing is known: mode reply, default
    /// settings, no history, and a moderators' channel.
    pub fn judge_alone(&self, message: &str, top: usize) -> Judged {
        let history = History::default();
        self.judge(message, top, &somewhere(MessageId(1)), &in_reply_mode(), &history, Moment(0))
    }
}

/// A message by a member in a channel where footnote may answer.
pub fn somewhere(message: MessageId) -> Situation {
    Situation {
        guild: Some(GuildId(1)),
        channel: ChannelId(1),
        message,
        author: UserId(1),
        author_kind: AuthorKind::Member,
        member: MemberKey(1),
        roles: Vec::new(),
        opted_out: false,
        permitted: true,
        overloaded: false,
    }
}

/// The settings as shipped, in a channel that answers.
pub fn in_reply_mode() -> Settings {
    Settings { mode: Mode::Reply, has_review_channel: true, ..Settings::default() }
}
