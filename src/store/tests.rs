//! The store, opened for real in temporary folders.

use std::time::Duration;

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::open::Attempts;
use super::record::{Answer, State, decode_pause, encode_pause};
use super::{ANSWERS_KEPT, Recorded, SCHEMA_KEY, Step, Store, StoreError, migrate_by};
use crate::model::claim::{ClaimId, Revision};
use crate::policy::place::{ChannelId, GuildId, MessageId, Moment};
use crate::policy::settings::Pause;

const NOW: Moment = Moment(1_800_000_000_000);

fn answer(at: Moment) -> Answer {
    Answer {
        state: State::Intent,
        guild: Some(GuildId(7)),
        channel: ChannelId(8),
        claim: ClaimId::new("a-claim").expect("an id"),
        revision: Revision::new("0123456789abcdef").expect("a revision"),
        nonce: "f9".to_owned(),
        at,
    }
}

#[test]
fn what_was_recorded_is_there_after_a_reopen() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let secret = {
        let store = Store::open(&path, NOW).expect("opens");
        assert_eq!(store.record_intent(MessageId(9), &answer(NOW)).expect("w"), Recorded::New);
        assert_eq!(store.record_intent(MessageId(9), &answer(NOW)).expect("w"), Recorded::Already);
        assert!(store.record_state(MessageId(9), State::Sent(MessageId(10))).expect("w"));
        assert!(!store.record_state(MessageId(1), State::Failed).expect("w"), "no such answer");
        store.record_pause(GuildId(7), Pause::Indefinite).expect("w");
        store.record_pause(GuildId(6), Pause::Until(NOW)).expect("w");
        store.record_pause(GuildId(6), Pause::None).expect("w");
        store.member_secret().expect("w")
    };
    let store = Store::open(&path, NOW).expect("opens again");
    let kept = Answer { state: State::Sent(MessageId(10)), ..answer(NOW) };
    assert_eq!(store.answers().expect("r"), (vec![(MessageId(9), kept)], 0));
    assert_eq!(store.pauses().expect("r"), vec![(GuildId(7), Pause::Indefinite)]);
    assert_eq!(store.member_secret().expect("r"), secret);
}

#[test]
fn answers_expire_and_pauses_do_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), NOW).expect("opens");
    store.record_pause(GuildId(7), Pause::Indefinite).expect("w");
    store.record_intent(MessageId(1), &answer(NOW)).expect("w");
    store.record_intent(MessageId(2), &answer(NOW.plus(Duration::from_secs(1)))).expect("w");
    assert_eq!(store.prune(NOW.plus(ANSWERS_KEPT)).expect("w"), 0);
    let later = NOW.plus(ANSWERS_KEPT).plus(Duration::from_millis(1));
    assert_eq!(store.prune(later).expect("w"), 1);
    assert_eq!(store.answer(MessageId(1)).expect("r"), None);
    assert!(store.answer(MessageId(2)).expect("r").is_some());
    assert_eq!(store.pauses().expect("r").len(), 1);
}

#[test]
fn a_second_opener_gets_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let _held = Store::open(folder.path(), NOW).expect("opens");
    let once = Attempts { lock_tries: 1, ..Attempts::default() };
    let refused = Store::open_within(folder.path(), NOW, once).expect_err("is held");
    assert!(matches!(refused, StoreError::InUse(_)), "{refused:?}");
    assert!(refused.to_string().contains("open in another process"), "{refused}");
}

#[test]
fn a_newer_schema_is_refused_and_an_older_one_is_migrated() {
    let db = sled::Config::new().temporary(true).open().expect("opens");
    let steps: [Step; 2] = [
        |db| {
            db.insert("one", "done")?;
            Ok(())
        },
        |db| {
            db.insert("two", "done")?;
            Ok(())
        },
    ];
    db.insert(SCHEMA_KEY, &2u32.to_be_bytes()).expect("w");
    migrate_by(&db, &steps, 3).expect("migrates");
    assert!(!db.contains_key("one").expect("r"), "a step that was taken before");
    assert!(db.contains_key("two").expect("r"));
    assert_eq!(db.get(SCHEMA_KEY).expect("r").as_deref(), Some(3u32.to_be_bytes().as_slice()));

    let refused = migrate_by(&db, &[], 1).expect_err("is newer");
    assert!(matches!(refused, StoreError::Newer { found: 3, known: 1 }), "{refused:?}");
}

#[test]
fn a_value_of_a_newer_version_is_an_error_and_hides_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), NOW).expect("opens");
    store.record_intent(MessageId(1), &answer(NOW)).expect("w");
    store.answers.insert(2u64.to_be_bytes(), vec![99, b'{', b'}']).expect("w");
    assert!(matches!(store.answer(MessageId(2)), Err(StoreError::Unreadable(_))));
    let (answers, unreadable) = store.answers().expect("r");
    assert_eq!((answers.len(), unreadable), (1, 1));
}

#[test]
fn a_damaged_snapshot_is_kept_aside_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    {
        let store = Store::open(&path, NOW).expect("opens");
        for id in 0..50 {
            store.record_intent(MessageId(id), &answer(NOW)).expect("w");
        }
    }
    // What a crash in the middle of writing a snapshot leaves behind.
    std::fs::write(path.join("snap.00000000000FFFFF.generating"), "").expect("w");
    for entry in std::fs::read_dir(&path).expect("r") {
        let file = entry.expect("r").path();
        if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snap.")) {
            std::fs::write(file, "not a snapshot").expect("w");
        }
    }
    let store = Store::open(&path, NOW).expect("is mended");
    assert_eq!(store.answers().expect("r").0.len(), 50);
    let kept = folder.path().join(format!("store.corrupt-{}", NOW.0));
    assert!(kept.is_dir(), "the damaged one is kept");
}

proptest! {
    #[test]
    fn answers_come_back_as_they_went(
        state in state(),
        guild in any::<Option<u64>>(),
        (channel, at) in any::<(u64, u64)>(),
        claim in "[a-z0-9]{1,12}(-[a-z0-9]{1,9}){0,2}",
        revision in "[0-9a-f]{8,64}",
        nonce in "[ -~]{0,25}",
    ) {
        let answer = Answer {
            state,
            guild: guild.map(GuildId),
            channel: ChannelId(channel),
            claim: ClaimId::new(&claim).expect("an id"),
            revision: Revision::new(&revision).expect("a revision"),
            nonce,
            at: Moment(at),
        };
        let bytes = answer.encode().expect("encodes");
        assert_eq!(Answer::decode(&bytes).expect("decodes"), answer);
    }

    #[test]
    fn pauses_come_back_as_they_went(end in any::<Option<u64>>()) {
        let pause = end.map_or(Pause::Indefinite, |end| Pause::Until(Moment(end)));
        let bytes = encode_pause(pause).expect("encodes").expect("has something to keep");
        assert_eq!(decode_pause(&bytes).expect("decodes"), pause);
    }
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::Intent),
        any::<u64>().prop_map(|id| State::Sent(MessageId(id))),
        any::<u64>().prop_map(|id| State::Leaving(MessageId(id))),
        Just(State::Removed),
        Just(State::Failed),
        Just(State::GivenUp),
    ]
}
