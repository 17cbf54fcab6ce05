//! Folders damaged as disks and crashes damage them: whatever happens, opening ends, and what opens can be read.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use super::open::Attempts;
use super::record::{Answer, State};
use super::{Store, StoreError};
use crate::model::claim::{ClaimId, Revision};
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::policy::settings::Pause;

const NOW: Moment = Moment(1_800_000_000_000);

/// Short, since some of these folders make sled hang.
const IMPATIENT: Attempts = Attempts {
    hang: Duration::from_secs(3),
    lock_tries: 20,
    lock_pause: Duration::from_millis(50),
};

fn answer(at: u64) -> Answer {
    Answer {
        state: State::Sent(MessageId(at)),
        guild: Some(GuildId(7)),
        channel: ChannelId(8),
        parent: None,
        claim: ClaimId::new("a-claim").expect("an id"),
        revision: Revision::new("0123456789abcdef").expect("a revision"),
        nonce: format!("f{at}"),
        at: NOW,
    }
}

/// Two lives of a store, so that there is a snapshot which is older than the file.
fn lived_in(path: &Path, count: u64) {
    for life in 0..2 {
        let store = Store::open(path, NOW).expect("opens");
        for id in life * count..(life + 1) * count {
            let key = super::keys::id_key(id);
            store.answers.insert(key, answer(id).encode().expect("encodes")).expect("w");
        }
        store.record_pause(GuildId(1), Pause::Indefinite).expect("w");
    }
}

fn with_prefix(path: &Path, prefix: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(path).expect("r").map(|entry| entry.expect("r").path());
    entries
        .filter(|path| path.file_name().is_some_and(|it| it.to_string_lossy().starts_with(prefix)))
        .collect()
}

#[test]
fn a_file_cut_short_below_its_snapshot_opens_nearly_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    lived_in(&path, 4000);
    assert!(!with_prefix(&path, "snap.").is_empty(), "there is a snapshot");
    let db = fs::OpenOptions::new().write(true).open(path.join("db")).expect("opens");
    let length = db.metadata().expect("r").len();
    db.set_len(length - 100_000).expect("w");
    drop(db);
    let store = Store::open_within(&path, NOW, IMPATIENT).expect("is mended");
    let (answers, unreadable) = store.answers().expect("r");
    assert_eq!(unreadable, 0);
    assert!(answers.len() > 4000, "{} of 8000 are left", answers.len());
    assert!(answers.iter().all(|(id, found)| *found == answer(id.0)), "and each is whole");
}

#[test]
fn a_snapshot_that_was_being_written_is_no_damage() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    lived_in(&path, 50);
    fs::write(path.join("snap.00000000000FFFFF.generating"), "").expect("w");
    // The door of a killed bot lies there as well, and cannot be copied.
    let _door = std::os::unix::net::UnixListener::bind(path.join("door")).expect("binds");
    let store = Store::open_within(&path, NOW, IMPATIENT).expect("is mended");
    assert_eq!(store.answers().expect("r").0.len(), 100);
    assert_eq!(store.pauses().expect("r"), [(GuildId(1), Pause::Indefinite)]);
}

/// The n-th throw of a small deterministic die.
fn throw(round: u64, n: u64) -> u64 {
    let mut x = (round * 1000 + n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

#[test]
fn a_fuzzed_folder_opens_or_says_why_not_and_shows_only_what_was_written() {
    let whole = tempfile::tempdir().expect("a folder");
    lived_in(&whole.path().join("store"), 200);
    let mut opened = 0;
    for round in 0..30 {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store");
        super::open::copy(&whole.path().join("store"), &path, |_| true).expect("copies");
        let files: Vec<_> =
            ["db", "snap.", "conf"].iter().flat_map(|prefix| with_prefix(&path, prefix)).collect();
        let file = &files[usize::try_from(throw(round, 0)).expect("64 bits") % files.len()];
        let mut bytes = fs::read(file).expect("r");
        for n in 0..=round % 4 {
            let at = usize::try_from(throw(round, n + 1)).expect("64 bits") % bytes.len().max(1);
            match throw(round, n + 10) % 3 {
                0 => bytes.truncate(at),
                _ if bytes.is_empty() => {}
                1 => bytes[at] ^= 1 << (throw(round, n + 20) % 8),
                _ => {
                    let end = bytes.len().min(at + 64);
                    bytes[at..end].fill(0);
                }
            }
        }
        fs::write(file, bytes).expect("w");
        let result = catch_unwind(AssertUnwindSafe(|| {
            let store = Store::open_within(&path, NOW, IMPATIENT)?;
            store.stats()?;
            Ok::<_, StoreError>((store.answers()?, store.pauses()))
        }));
        let shown = file.file_name().map(|name| name.to_string_lossy().into_owned());
        match result.unwrap_or_else(|_| panic!("round {round}: {shown:?} made it panic")) {
            Ok(((answers, _), _)) => {
                opened += 1;
                assert!(answers.iter().all(|(id, found)| *found == answer(id.0)), "{round}");
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(opened > 10, "{opened} of 30 opened");
}
