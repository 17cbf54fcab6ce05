//! What became of an address, and how one tells a page that is there from one that only says so. Asks nobody.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// It answers.
    Fine,
    /// It leads elsewhere for good.
    Moved {
        /// The new address.
        to: String,
    },
    /// The server says that there is nothing: 404 or 410.
    Gone {
        /// Which of them.
        status: u16,
    },
    /// The server says that all is well, and the page that nothing is there.
    LooksGone {
        /// What gave it away.
        why: String,
    },
    /// The certificate does not vouch for the host.
    Certificate {
        /// What is wrong with it.
        why: String,
    },
    /// No answer in time.
    Timeout,
    /// No connection, or one that broke off.
    Unreachable {
        /// What happened.
        why: String,
    },
    /// The server fails: 5xx, or 429 to the last.
    Failing {
        /// The last status.
        status: u16,
    },
    /// It leads on and on, or nowhere.
    Redirects {
        /// In which way.
        why: String,
    },
    /// The server does not let programs look: 401, 403 and the like. People may see a page.
    Refused {
        /// The status.
        status: u16,
    },
}

impl Outcome {
    /// The word for programs, and the sentence for people.
    pub(super) fn words(&self) -> (&'static str, String) {
        match self {
            Self::Fine => ("fine", "answers".to_owned()),
            Self::Moved { to } => ("moved", format!("moved for good to {to}")),
            Self::Gone { status } => ("gone", format!("is gone ({status})")),
            Self::LooksGone { why } => ("looks-gone", format!("looks gone: {why}")),
            Self::Certificate { why } => {
                ("certificate", format!("has no certificate to trust: {why}"))
            }
            Self::Timeout => ("timeout", "does not answer in time".to_owned()),
            Self::Unreachable { why } => ("unreachable", format!("cannot be reached: {why}")),
            Self::Failing { status } => ("failing", format!("fails ({status})")),
            Self::Redirects { why } => ("redirects", why.clone()),
            Self::Refused { status } => {
                ("refused", format!("does not let programs look ({status}): open it by hand"))
            }
        }
    }

    /// Whether somebody has to do something about it.
    pub(super) const fn is_finding(&self) -> bool {
        !matches!(self, Self::Fine | Self::Refused { .. })
    }

    /// Whether it would be the same in an hour: what may pass is not remembered.
    pub(super) const fn is_settled(&self) -> bool {
        !matches!(self, Self::Timeout | Self::Unreachable { .. } | Self::Failing { .. })
    }

    /// Whether readers get nothing there, so that an archived copy would help.
    pub(super) const fn is_lost(&self) -> bool {
        self.is_finding() && !matches!(self, Self::Moved { .. })
    }
}

/// The first wait before another try; it doubles each time.
const BACKOFF: Duration = Duration::from_secs(1);

/// How long to wait before another try, `tried` of them behind us (from 0): as long as the server asks,
/// or longer each time, and never longer than `longest`.
pub(super) fn wait(tried: u32, asked: Option<Duration>, longest: Duration) -> Duration {
    let own = BACKOFF.saturating_mul(2_u32.saturating_pow(tried));
    asked.unwrap_or(own).min(longest)
}

/// What titles and headings of pages say where nothing is there, in lower case.
const NOT_THERE: [&str; 10] = [
    "not found",
    "404 error",
    "error 404",
    "no longer available",
    "no longer exists",
    "does not exist",
    "doesn't exist",
    "cannot be found",
    "could not be found",
    "page unavailable",
];

/// A page with more words than this has something to say, and may speak of things that were not found.
const FEW_WORDS: usize = 60;

/// What gives a page away that is there and says that nothing is.
pub(super) fn gives_away(page: &str) -> Option<String> {
    let page = page.to_lowercase();
    for tag in ["title", "h1"] {
        let said = inside(&page, tag).map(words_of).unwrap_or_default();
        if said == "404" || said.starts_with("404 ") || speaks_of_nothing(&said) {
            return Some(format!("its <{tag}> says `{said}`"));
        }
    }
    let said = words_of(inside(&page, "body").unwrap_or(&page));
    let is_short = said.split(' ').count() <= FEW_WORDS;
    (is_short && speaks_of_nothing(&said))
        .then(|| "all it says is that nothing is there".to_owned())
}

fn speaks_of_nothing(said: &str) -> bool {
    NOT_THERE.iter().any(|words| said.contains(words))
}

/// What stands in the first element of this name; `page` is in lower case.
fn inside<'a>(page: &'a str, tag: &str) -> Option<&'a str> {
    let open = format!("<{tag}");
    let (_, rest) = page
        .match_indices(&open)
        .map(|(at, _)| page.split_at(at + open.len()))
        // `<titlepage` is another element.
        .find(|(_, rest)| rest.starts_with(['>', ' ', '\n', '\t', '\r']))?;
    let (_, rest) = rest.split_once('>')?;
    Some(rest.split(&format!("</{tag}")).next().unwrap_or(rest))
}

/// What a reader sees of some HTML, about: tags are spaces, and scripts and styles are nothing.
fn words_of(html: &str) -> String {
    let mut seen = String::new();
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once('<') {
        seen.push_str(before);
        seen.push(' ');
        let hidden = ["script", "style"].into_iter().find(|tag| behind.starts_with(tag));
        let behind = match hidden {
            Some(tag) => behind.split_once(&format!("</{tag}")).map_or("", |(_, rest)| rest),
            None => behind,
        };
        rest = behind.split_once('>').map_or("", |(_, rest)| rest);
    }
    seen.push_str(rest);
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{gives_away, wait};

    #[test]
    fn waits_grow_or_are_the_servers_and_have_an_end() {
        let (seconds, longest) = (Duration::from_secs, Duration::from_secs(60));
        for (tried, asked, expected) in [
            (0, None, 1),
            (1, None, 2),
            (3, None, 8),
            (30, None, 60),
            (u32::MAX, None, 60),
            (0, Some(7), 7),
            (5, Some(0), 0),
            (0, Some(86_400), 60),
        ] {
            assert_eq!(wait(tried, asked.map(seconds), longest), seconds(expected), "{tried}");
        }
    }

    #[test]
    fn pages_that_say_that_nothing_is_there_are_told_from_those_that_have_something_to_say() {
        let long = "The letter was not found among the papers. ".repeat(20);
        for (page, gone) in [
            ("<html><head><TITLE>Page Not Found</TITLE></head><body>x</body>", true),
            ("<title>404</title>", true),
            ("<title>404 | The Archive</title>", true),
            ("<title>The Archive</title><h1 class=a>This page does not exist</h1>", true),
            ("<title>The Archive</title><body><p>The page could<br>not be found.</body>", true),
            ("<title>4040 men at Marathon</title><body>They fought.</body>", false),
            (
                "<titlepage>not found</titlepage><title>Annals</title><body>Year by year</body>",
                false,
            ),
            ("<title>A</title><body><script>say('not found')</script>A page</body>", false),
            ("", false),
            ("<", false),
            (&format!("<title>Papers</title><body>{long}</body>"), false),
        ] {
            assert_eq!(gives_away(page).is_some(), gone, "{page}");
        }
    }
}
