//! Files change under a running engine: whatever happens to them, one whole snapshot answers, made of
//! the last good form of each claim.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
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
                for noun in NOUNS {
                    let is_there = engine.catalog.claim(&format!("{noun}-in-a-week")).is_some();
                    let answer = answering(&engine, noun);
                    assert_eq!(answer.is_some(), is_there, "half of {noun} is applied");
                    answers += usize::from(answer.is_some());
                }
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

/// A folder with all claims in one version, and what answers from it.
fn folder_of(home: &Path) -> (World, Live) {
    let mut world = World {
        folder: home.join("responses"),
        exists: false,
        aliases_good: true,
        on_disk: [OnDisk::Absent; NOUNS.len()],
        expected: [None; NOUNS.len()],
        seed: 1,
    };
    world.operate(0);
    let (engine, problems) = start(&world.folder, &Levels::default(), None).expect("the folder");
    assert_eq!(problems, []);
    (world, Live::new(engine))
}

/// Making the index is what costs, and most edits do not need another.
#[test]
fn the_index_is_kept_exactly_where_the_same_is_heard() {
    let home = tempfile::tempdir().expect("a folder");
    let (mut world, live) = folder_of(home.path());
    let good = claim(NOUNS[0], 1);
    let texts = good
        .replace(
            "The diary names",
            "The windmill of tolmach was built in one week. The diary names",
        )
        .replace("title = \"An", "author = \"The Granary\"\ntitle = \"An")
        .replace("reviewed = 2026-01-10", "reviewed = 2026-02-10\ntopics = [\"brewery\"]");
    for (what, text, is_kept) in [
        ("a reason", good.clone(), true),
        ("texts, sources and dates", texts, true),
        ("a near miss", good.replace("was the chapel", "when was the chapel"), false),
        ("a phrasing", good.replace("the chapel of", "this chapel of"), false),
        ("an action", good.replace("\"reply\"", "\"suggest\""), false),
        ("a draft", good.replace("action =", "status = \"draft\"\naction ="), false),
        ("published", good, false),
    ] {
        let before = live.snapshot();
        world.write(0, &text, OnDisk::Good(1), false);
        assert!(reload(&live, &world.folder, &Levels::default(), None), "{what}");
        let after = live.snapshot();
        assert_eq!(Arc::ptr_eq(&before.matcher, &after.matcher), is_kept, "{what}");
        let anew = Engine::build(after.catalog.clone());
        for noun in NOUNS {
            let message = text::read(&format!("the {noun} of tolmach was built in one week"));
            let found = after.matcher.find(&message, 3);
            assert_eq!(found, anew.matcher.find(&message, 3), "{what}, {noun}");
        }
    }
    let before = live.snapshot();
    world.mend_aliases(7);
    assert!(reload(&live, &world.folder, &Levels::default(), None));
    assert!(!Arc::ptr_eq(&before.matcher, &live.snapshot().matcher), "names");
}

/// So many files are exchanged by one `git checkout`.
const FILES: usize = 1000;

/// A claim of many, that all are about other things.
fn one_of_many(number: usize, version: usize) -> String {
    let noun: String =
        format!("{number:03}").bytes().map(|b| char::from(b - b'0' + b'b')).collect();
    claim(&format!("{noun}ovar"), version)
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    let identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"];
    git.arg("-C").arg(folder).args(identity).args(arguments);
    let ran = git.output().expect("git is there: the claims are kept with it");
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// The versions of all claims that are there.
fn versions(engine: &Engine) -> BTreeSet<&str> {
    engine.catalog.published().map(|claim| claim.reason.as_str()).collect()
}

#[test]
fn a_checkout_of_a_thousand_files_is_survived() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("responses");
    fs::create_dir_all(folder.join("example")).expect("a folder");
    git(home.path(), &["init", "-q"]);
    fs::write(folder.join("aliases.toml"), aliases(0)).expect("written");
    for version in [1, 2] {
        for number in 0..FILES {
            let path = folder.join(format!("example/number-{number}.md"));
            fs::write(path, one_of_many(number, version)).expect("written");
        }
        git(home.path(), &["add", "."]);
        git(home.path(), &["commit", "-q", "-m", "all"]);
    }
    let (engine, problems) = start(&folder, &Levels::default(), None).expect("the folder");
    assert_eq!((problems.as_slice(), engine.catalog.published().count()), (&[][..], FILES));
    let live = Live::new(engine);
    let (signal, changes) = sync_channel(1);
    let notice = move || {
        let _ = signal.try_send(());
    };
    let mut watch = Watch::start(&folder, Mode::Events, notice).expect("a watch");
    let message = text::read("the bbbovar of tolmach was built in one week");

    let stop = AtomicBool::new(false);
    let answers = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut answers = 0_usize;
            while !stop.load(Ordering::Acquire) {
                let engine = live.snapshot();
                let found = engine.matcher.find(&message, 3);
                let claims = found.iter().map(|one| engine.catalog.claim(one.claim.as_str()));
                assert!(claims.into_iter().all(|claim| claim.is_some()), "found and not there");
                answers += found.len();
            }
            answers
        });
        git(home.path(), &["checkout", "-q", "HEAD~1"]);
        let before = BTreeSet::from(["Version 1."]);
        while versions(&live.snapshot()) != before
            || live.snapshot().catalog.published().count() != FILES
        {
            let signal = changes.recv_timeout(Duration::from_secs(60));
            if signal.is_err() {
                stop.store(true, Ordering::Release);
            }
            assert!(signal.is_ok(), "no change is noticed: {:?}", live.problems().first());
            watch.renew();
            reload(&live, &folder, &Levels::default(), None);
        }
        stop.store(true, Ordering::Release);
        asking.join().expect("nobody panicked")
    });
    assert_eq!(*live.problems(), []);
    assert!(answers > 0, "nobody was answered");
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
