//! Files of claims that are corrected while a bot runs, and the replies that must follow them: each once, bounded, none while a server is paused. Knows neither processes nor requests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use footnote::app::engine::Engine;
use footnote::app::event::Correct;
use footnote::app::shelf::keep;
use footnote::content::load::load;
use footnote::policy::place::{MessageId, Moment};
use footnote::store::Store;

/// Replies are corrected for seven days, and one that was found on the last of them may wait its turn
/// for some hours more.
const CORRECTED_FOR: Duration = Duration::from_secs(7 * 24 * 3600 + 12 * 3600);

/// The most replies that are corrected between two looks: those that a look finds, and one that was on its
/// way before it.
const AT_ONCE: u64 = 200 + 1;

/// The files.
#[derive(Debug, Clone)]
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn write(folder: &Path, claims: &[(&str, &str)]) -> Self {
        let files = Self(folder.join("responses"));
        fs::create_dir_all(files.0.join("storm")).expect("a folder");
        for (id, phrasing) in claims {
            files.claim(id, phrasing, 0);
        }
        files
    }

    /// A claim that was corrected so often.
    pub(crate) fn claim(&self, id: &str, phrasing: &str, corrections: u64) {
        let mut all = String::new();
        for number in 1..=corrections {
            let what =
                format!("\n[[correction]]\ndate = 2026-11-24\nwhat = \"Correction {number}.\"\n");
            all.write_str(&what).expect("a string");
        }
        let text = format!(
            "+++\nclaim = \"{phrasing}\"\nverdict = \"false\"\nevidence = \"consensus\"\n\
             reason = \"It is not so.\"\naction = \"reply\"\ntopics = [\"storm\"]\n\
             phrasings = [\"{phrasing}\"]\nnear_misses = [\"the archive of {id} is open\"]\n\
             published = 2026-11-22\nreviewed = 2026-11-22\n{all}\n[[source]]\nkey = \"book\"\n\
             kind = \"secondary\"\nauthor = \"A. Author\"\ntitle = \"A Book\"\n+++\n\
             It is not so.[^book]\n\n## Details\n\nIn detail it is not so either.[^book]\n"
        );
        fs::write(self.0.join(format!("storm/{id}.md")), text).expect("can be written");
    }

    /// What answers, kept in the store as a running bot does.
    pub(crate) fn engine(&self, store: &Store) -> Engine {
        let loaded = load(&self.0).expect("can be read");
        keep(store, &loaded.catalog, &loaded);
        Engine::build(loaded.catalog)
    }
}

/// What became of corrections.
#[derive(Debug, Default)]
pub(crate) struct Corrections {
    /// The revision that each reply shows, by its first digits.
    shows: BTreeMap<MessageId, String>,
    /// Replies whose last correction stands, and of which the process never heard so.
    unheard: BTreeSet<MessageId>,
    since_look: u64,
    pub(crate) made: u64,
}

impl Corrections {
    /// A reply was posted.
    pub(crate) fn posted(&mut self, reply: MessageId, revision: &str) {
        self.shows.insert(reply, revision.to_owned());
    }

    /// The process looks for what is to be corrected.
    pub(crate) fn looks(&mut self) {
        self.since_look = 0;
    }

    /// The process wants a reply corrected.
    pub(crate) fn asked(&mut self, correct: &Correct, made: Moment, now: Moment) {
        assert!(now.since(made) <= CORRECTED_FOR, "{} is too old to be corrected", correct.reply);
        self.since_look += 1;
        assert!(self.since_look <= AT_ONCE, "more than {AT_ONCE} at once");
        assert!(correct.content.starts_with("**Corrected "), "{}", correct.content);
        if self.shows.get(&correct.reply).is_some_and(|shows| shows == correct.revision.start()) {
            assert!(self.unheard.contains(&correct.reply), "{} is corrected twice", correct.reply);
        }
    }

    /// Discord changes the reply; whether the process hears of it.
    pub(crate) fn changed(&mut self, correct: &Correct, is_heard: bool) {
        self.made += 1;
        self.shows.insert(correct.reply, correct.revision.start().to_owned());
        if is_heard {
            self.unheard.remove(&correct.reply);
        } else {
            self.unheard.insert(correct.reply);
        }
    }

    /// Which revision a reply shows.
    pub(crate) fn shown(&self, reply: MessageId) -> Option<&str> {
        self.shows.get(&reply).map(String::as_str)
    }
}
