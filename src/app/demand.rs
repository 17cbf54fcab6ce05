//! What people want responses to: typed into a form, kept for authors. Knows no form, and keeps nobody.

use tracing::info;

use crate::app::App;
use crate::app::ask::Suggested;
use crate::app::event::Request;
use crate::policy::place::Moment;
use crate::reply::cut::clip;
use crate::reply::limits::{SUGGESTED, SUGGESTED_SOURCE};
use crate::reply::{wording, wording_members as said};
use crate::store::suggestions::Suggestion;

/// One suggestion of a member within this time: whoever has more can tell an author directly.
const RESTS: std::time::Duration = std::time::Duration::from_secs(600);

/// Of more members than these it is not known when they last suggested something.
const REMEMBERED: usize = 10_000;

impl App {
    /// Keeps a suggestion for authors. Who made it is known in memory only, to let them rest.
    pub(super) fn suggested(
        &self,
        request: &Request,
        suggested: &Suggested,
        now: Moment,
    ) -> &'static str {
        let wording = tidy(&suggested.wording, SUGGESTED);
        if wording.is_empty() {
            return said::SUGGESTED_NOTHING;
        }
        let source = suggested.source.as_deref().map(|source| tidy(source, SUGGESTED_SOURCE));
        let source = source.filter(|source| !source.is_empty());
        {
            let mut memory = self.memory();
            let last = memory.suggested.get(&request.by).copied();
            if last.is_some_and(|at| now.since(at) < RESTS) {
                return said::SUGGESTED_TOO_SOON;
            }
            memory.suggested.retain(|_, at| now.since(*at) < RESTS);
            if memory.suggested.len() >= REMEMBERED {
                return said::SUGGESTED_ENOUGH;
            }
            memory.suggested.insert(request.by, now);
        }
        match self.store.record_suggestion(now, &Suggestion { wording, source }) {
            Ok(true) => {
                info!("a suggestion for authors");
                said::SUGGESTED
            }
            Ok(false) => said::SUGGESTED_ENOUGH,
            Err(error) => {
                let _reported = self.kept(Err(error));
                wording::NOT_KEPT
            }
        }
    }
}

/// One line without what no author wants to see: control characters, and words that turn a line around.
fn tidy(typed: &str, limit: usize) -> String {
    let is_plain = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let words: Vec<String> = typed
        .split_whitespace()
        .map(|word| word.chars().filter(|c| is_plain(*c)).collect())
        .collect();
    clip(words.join(" ").trim(), limit)
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn what_is_kept_is_one_plain_line() {
        for (typed, expected) in [
            ("  the  moon\n\n is cheese ", "the moon is cheese"),
            ("a\u{1b}[31mred\u{202e}dlrow", "a[31mreddlrow"),
            ("\u{200b}\u{feff}", ""),
            ("0123456789", "0123456789"),
        ] {
            assert_eq!(tidy(typed, 20), expected, "{typed:?}");
        }
        assert!(tidy(&"word ".repeat(100), 20).chars().count() <= 20);
    }
}
