//! Files change under a running engine: whatever happens to them, one whole snapshot answers, made of
//! the last good form of each claim.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use footnote::app::engine::{Engine, Live};
use footnote::app::reload::{reload, start};
use footnote::content::watch::{Mode, Watch};
use footnote::model::diagnostic::Levels;
use footnote::text;

const NOUNS: [&str; 5] = ["chapel", "windmill", "granary", "brewery", "tannery"];

/// Changed in the settings of a test, never in the code under test.
const OPERATIONS: usize = 1000;

fn claim(noun: &str, version: usize) -> String {
    format!(
        "+++\nclaim = \"The {noun} was built in one week.\"\nverdict = \"misleading\"\nevidence = \"consensus\"\n\
         reason = \"Version {version}.\"\naction = \"reply\"\nphrasings = [\"the {noun} of {{town}} was built in one week\"]\n\
         near_misses = [\"was the {noun} of tolmach built in one week?\"]\npublished = 2026-01-10\nreviewed = 2026-01-10\n\n\
         [[source]]\nkey = \"diary\"\nkind = \"primary\"\ntitle = \"An Invented Diary\"\n+++\nThe diary names three years.[^diary]\n"
    )
}

fn aliases(version: usize) -> String {
    format!("town = [\"tolmach\", \"tolmach am see\", \"tolmach the {version}th\"]\n")
}

/// What the folder holds of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnDisk {
    Absent,
    Good(usize),
    Bad,
}

/// The folder, and what should answer.
struct World {
    folder: PathBuf,
    exists: bool,
    aliases_good: bool,
    on_disk: [OnDisk; NOUNS.len()],
    expected: [Option<usize>; NOUNS.len()],
    seed: u64,
}

impl World {
    fn random(&mut self, below: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        usize::try_from(self.seed % u64::try_from(below).expect("small")).expect("small")
    }

    fn path(&self, at: usize) -> PathBuf {
        self.folder.join("example").join(format!("{}-in-a-week.md", NOUNS[at]))
    }

    fn write(&mut self, at: usize, text: &str, state: OnDisk, by_rename: bool) {
        fs::create_dir_all(self.folder.join("example")).expect("a folder");
        let path = self.path(at);
        if by_rename {
            let beside = path.with_extension("md~");
            fs::write(&beside, text).expect("written");
            fs::rename(&beside, &path).expect("renamed");
        } else {
            fs::write(&path, text).expect("written");
        }
        self.on_disk[at] = state;
    }

    fn mend_aliases(&mut self, version: usize) {
        fs::create_dir_all(&self.folder).expect("a folder");
        fs::write(self.folder.join("aliases.toml"), aliases(version)).expect("written");
        self.aliases_good = true;
    }

    /// One thing that authors, editors, or git do.
    fn operate(&mut self, step: usize) -> &'static str {
        let at = self.random(NOUNS.len());
        let good = claim(NOUNS[at], step);
        if !self.exists {
            // Everything comes back at once, as after a checkout.
            self.exists = true;
            self.mend_aliases(step);
            for (at, noun) in NOUNS.into_iter().enumerate() {
                self.write(at, &claim(noun, step), OnDisk::Good(step), false);
            }
            return "the folder comes back";
        }
        match self.random(12) {
            0..=2 => {
                self.write(at, &good, OnDisk::Good(step), false);
                "written in place"
            }
            3 | 4 => {
                self.write(at, &good, OnDisk::Good(step), true);
                "renamed over"
            }
            5 => {
                let broken = good.replace("verdict =", "verdikt =");
                self.write(at, &broken, OnDisk::Bad, false);
                "broken"
            }
            6 => {
                let half = good.len() / 3 + self.random(good.len() / 6);
                self.write(at, good.get(..half).expect("it is ASCII"), OnDisk::Bad, false);
                "half written"
            }
            7 => {
                let unkept = good.replace("the {noun}", "it").replace(
                    &format!("the {} of {{town}} was built in one week", NOUNS[at]),
                    "it was what it was",
                );
                self.write(at, &unkept, OnDisk::Bad, false);
                "a phrasing that finds nothing"
            }
            8 => {
                // Not there is as good as deleted.
                let _ = fs::remove_file(self.path(at));
                self.on_disk[at] = OnDisk::Absent;
                "deleted"
            }
            9 => {
                fs::remove_dir_all(&self.folder).expect("deleted");
                self.exists = false;
                self.on_disk = [OnDisk::Absent; NOUNS.len()];
                "the folder deleted"
            }
            10 => {
                fs::write(self.folder.join("aliases.toml"), "town = [\"tolmach\"")
                    .expect("written");
                self.aliases_good = false;
                "aliases broken"
            }
            _ => {
                self.mend_aliases(step);
                "aliases changed"
            }
        }
    }

    /// What should answer after the files are read as they are now.
    fn expect(&mut self) {
        // A file with a phrasing that finds nothing can be read; the others with errors cannot.
        let any = self.on_disk.iter().zip(0..).any(|(state, at)| match state {
            OnDisk::Good(_) => true,
            OnDisk::Bad => fs::read_to_string(self.path(at)).is_ok_and(|it| it.contains("it was")),
            OnDisk::Absent => false,
        });
        let was_empty = self.expected.iter().all(Option::is_none);
        if !self.exists || !self.aliases_good || (!any && !was_empty) {
            return;
        }
        for (state, expected) in self.on_disk.iter().zip(&mut self.expected) {
            match state {
                OnDisk::Absent => *expected = None,
                OnDisk::Good(version) => *expected = Some(*version),
                OnDisk::Bad => {}
            }
        }
    }
}

/// Which version of a claim answers to its phrasing.
fn answering(engine: &Engine, noun: &str) -> Option<usize> {
    let message = format!("the {noun} of tolmach was built in one week");
    let id = format!("{noun}-in-a-week");
    let found = engine.matcher.find(&text::read(&message), 3);
    let candidate = found.iter().find(|candidate| candidate.claim.as_str() == id)?;
    let claim = engine.catalog.claim(candidate.claim.as_str()).expect("found and in the catalog");
    let version = claim.reason.strip_prefix("Version ")?.strip_suffix('.')?;
    version.parse().ok()
}

#[test]
fn a_thousand_operations_leave_the_last_good_form_answering() {
    let home = tempfile::tempdir().expect("a folder");
    let mut world = World {
        folder: home.path().join("responses"),
        exists: false,
        aliases_good: true,
        on_disk: [OnDisk::Absent; NOUNS.len()],
        expected: [None; NOUNS.len()],
        seed: 0x9E37_79B9_7F4A_7C15,
    };
    world.operate(0);
    let levels = Levels::default();
    let (engine, problems) = start(&world.folder, &levels, None).expect("the folder is there");
    assert_eq!(problems, []);
    let live = Arc::new(Live::new(engine));
    world.expect();

    let stop = AtomicBool::new(false);
    let answers = std::thread::scope(|scope| {
        // Somebody asks all the while, and must always meet a whole snapshot.
        let asking = scope.spawn(|| {
            let mut answers = 0_usize;
            while !stop.load(Ordering::Acquire) {
                let engine = live.snapshot();
                answers += NOUNS.iter().filter_map(|noun| answering(&engine, noun)).count();
            }
            answers
        });
        let mut history = Vec::new();
        for step in 1..=OPERATIONS {
            history.push(world.operate(step));
            reload(&live, &world.folder, &levels, None);
            world.expect();
            let engine = live.snapshot();
            let found = NOUNS.map(|noun| answering(&engine, noun));
            if found != world.expected {
                stop.store(true, Ordering::Release);
                let last = &history[history.len().saturating_sub(6)..];
                assert_eq!(
                    found,
                    world.expected,
                    "step {step}, after {last:?}: {:?}",
                    live.problems()
                );
            }
            let is_well = world.exists
                && world.aliases_good
                && world.on_disk.iter().all(|state| matches!(state, OnDisk::Good(_)));
            assert!(!is_well || live.problems().is_empty(), "step {step}: {:?}", live.problems());
            let is_bad = !world.exists || world.on_disk.contains(&OnDisk::Bad);
            assert!(!is_bad || !live.problems().is_empty(), "step {step}: nobody is told");
        }
        stop.store(true, Ordering::Release);
        asking.join().expect("nobody panicked")
    });
    assert!(answers > OPERATIONS, "{answers} answers meanwhile");
}

/// Waits for the signal that something changed, and reads until `version` answers.
#[track_caller]
fn until(
    watch: &mut Watch,
    changes: &Receiver<()>,
    live: &Live,
    folder: &Path,
    version: Option<usize>,
) {
    while answering(&live.snapshot(), NOUNS[0]) != version {
        let signal = changes.recv_timeout(Duration::from_secs(30));
        assert!(
            signal.is_ok(),
            "no change is noticed before version {version:?}, of {watch:?}: {:?}",
            live.problems()
        );
        watch.renew();
        reload(live, folder, &Levels::default(), None);
    }
}

#[test]
fn changes_are_noticed_by_events_and_by_looking() {
    for mode in [Mode::Events, Mode::Poll(Duration::from_millis(50))] {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("responses");
        let path = folder.join("example/chapel-in-a-week.md");
        fs::create_dir_all(folder.join("example")).expect("a folder");
        fs::write(folder.join("aliases.toml"), aliases(0)).expect("written");
        fs::write(&path, claim(NOUNS[0], 0)).expect("written");
        let (engine, _) = start(&folder, &Levels::default(), None).expect("the folder is there");
        let live = Live::new(engine);
        let (signal, changes) = sync_channel(1);
        let notice = move || {
            let _ = signal.try_send(());
        };
        let mut watch = Watch::start(&folder, mode, notice).expect("a watch");
        let until = |watch: &mut Watch, version| until(watch, &changes, &live, &folder, version);

        fs::write(&path, claim(NOUNS[0], 1)).expect("written");
        until(&mut watch, Some(1));

        let beside = folder.join("example/.chapel.swp");
        fs::write(&beside, claim(NOUNS[0], 22)).expect("written");
        fs::rename(&beside, &path).expect("renamed");
        until(&mut watch, Some(22));

        // A folder that is replaced is another folder, and is watched all the same.
        fs::rename(&folder, home.path().join("old")).expect("moved away");
        fs::create_dir_all(folder.join("example")).expect("a folder");
        fs::write(folder.join("aliases.toml"), aliases(0)).expect("written");
        fs::write(&path, claim(NOUNS[0], 333)).expect("written");
        until(&mut watch, Some(333));
        fs::write(&path, claim(NOUNS[0], 4444)).expect("written");
        until(&mut watch, Some(4444));
    }
}
