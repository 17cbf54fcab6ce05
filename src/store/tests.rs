//! The store, opened for real in temporary folders.

use std::time::Duration;

use proptest::collection::btree_set;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::layer::{
    decode_channel, decode_server, decode_wishes, encode_channel, encode_server, encode_wishes,
};
use super::members::RESTS_KEPT;
use super::open::Attempts;
use super::record::{Answer, State, decode_pause, encode_pause};
use super::schema::{SCHEMA_KEY, Step, migrate_by};
use super::{ANSWERS_KEPT, Recorded, Store, StoreError};
use crate::model::claim::{ClaimId, Revision};
use crate::model::score::Score;
use crate::policy::hours::QuietHours;
use crate::policy::layers::{ChannelLayer, ServerLayer, Tuning};
use crate::policy::place::{ChannelId, GuildId, MemberKey, MessageId, Moment, RoleId};
use crate::policy::settings::{Mode, Pause, Style};
use crate::policy::wishes::Wishes;

const NOW: Moment = Moment(1_800_000_000_000);

fn answer(at: Moment) -> Answer {
    Answer {
        state: State::Intent,
        guild: Some(GuildId(7)),
        channel: ChannelId(8),
        parent: Some(ChannelId(5)),
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
fn settings_and_wishes_are_there_after_a_reopen_and_empty_ones_are_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let server = ServerLayer { budget_day: Some(3), ..ServerLayer::default() };
    let channel = ChannelLayer::of_mode(Mode::Off);
    let wishes = Wishes { quiet_in: [GuildId(7)].into(), ..Wishes::default() };
    let rest = (Some(GuildId(7)), MemberKey(5), NOW);
    {
        let store = Store::open(&path, NOW).expect("opens");
        store.record_server(GuildId(7), &server).expect("w");
        store.record_channel(GuildId(7), ChannelId(8), &channel).expect("w");
        store.record_wishes(MemberKey(u64::MAX), &wishes).expect("w");
        store.note_rest(rest.0, rest.1, rest.2).expect("w");
        store.note_rest(None, MemberKey(6), NOW.minus(RESTS_KEPT)).expect("w");
        for guild in [GuildId(6), GuildId(70)] {
            store.record_server(guild, &server).expect("w");
            store.record_channel(guild, ChannelId(9), &channel).expect("w");
            store.record_pause(guild, Pause::Indefinite).expect("w");
        }
        store.record_server(GuildId(6), &ServerLayer::default()).expect("w");
        store.record_channel(GuildId(6), ChannelId(9), &ChannelLayer::default()).expect("w");
        store.record_pause(GuildId(6), Pause::None).expect("w");
        store.record_wishes(MemberKey(1), &wishes).expect("w");
        store.record_wishes(MemberKey(1), &Wishes::default()).expect("w");
        store.forget_server(GuildId(70)).expect("w");
    }
    let store = Store::open(&path, NOW).expect("opens again");
    assert_eq!(store.servers().expect("r"), vec![(GuildId(7), server)]);
    assert_eq!(store.channels().expect("r"), vec![(GuildId(7), ChannelId(8), channel)]);
    assert_eq!(store.wishes().expect("r"), vec![(MemberKey(u64::MAX), wishes)]);
    assert_eq!(store.pauses().expect("r"), vec![]);
    assert_eq!(store.rests().expect("r"), vec![rest], "the one that is over was forgotten");
    store.forget_rests(&[(rest.0, rest.1)]).expect("w");
    assert_eq!(store.rests().expect("r"), vec![]);
}

/// Written to the letter as schema 1 wrote it.
#[test]
fn a_store_of_the_first_schema_still_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let db = sled::open(folder.path()).expect("opens");
        db.insert("schema", &1u32.to_be_bytes()).expect("w");
        db.insert("member-key", &[7u8; 32]).expect("w");
        let answers = db.open_tree("answers").expect("opens");
        let value =
            b"\x01{\"state\":{\"sent\":10},\"guild\":7,\"channel\":8,\"claim\":\"a-claim\",\
            \"revision\":\"0123456789abcdef\",\"nonce\":\"f9\",\"at\":1800000000000}";
        answers.insert(9u64.to_be_bytes(), value.as_slice()).expect("w");
        let servers = db.open_tree("servers").expect("opens");
        servers.insert(b"p\0\0\0\0\0\0\0\x07", b"\x01\"indefinite\"").expect("w");
        db.flush().expect("w");
    }
    let store = Store::open(folder.path(), NOW).expect("opens");
    let kept = Answer { state: State::Sent(MessageId(10)), parent: None, ..answer(NOW) };
    assert_eq!(store.answers().expect("r"), (vec![(MessageId(9), kept)], 0));
    assert_eq!(store.pauses().expect("r"), vec![(GuildId(7), Pause::Indefinite)]);
    assert_eq!(store.member_secret().expect("r").0, [7; 32]);
}

#[test]
fn a_setting_that_nobody_knows_is_an_error_and_not_overlooked() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), NOW).expect("opens");
    store
        .servers
        .insert(b"c\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x08", b"\x01{\"hush\":true}".as_slice())
        .expect("w");
    assert!(matches!(store.channels(), Err(StoreError::Unreadable(_))));
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
    assert!(matches!(refused, StoreError::Newer { found: 3, known: 1, .. }), "{refused:?}");
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
        parent in any::<Option<u64>>(),
        (channel, at) in any::<(u64, u64)>(),
        claim in "[a-z0-9]{1,12}(-[a-z0-9]{1,9}){0,2}",
        revision in "[0-9a-f]{8,64}",
        nonce in "[ -~]{0,25}",
    ) {
        let answer = Answer {
            state,
            guild: guild.map(GuildId),
            channel: ChannelId(channel),
            parent: parent.map(ChannelId),
            claim: ClaimId::new(&claim).expect("an id"),
            revision: Revision::new(&revision).expect("a revision"),
            nonce,
            at: Moment(at),
        };
        let bytes = answer.encode().expect("encodes");
        assert_eq!(Answer::decode(&bytes).expect("decodes"), answer);
    }

    #[test]
    fn settings_and_wishes_come_back_as_they_went(
        tuning in tuning(),
        mode in proptest::option::of(proptest::sample::select(Mode::ALL.to_vec())),
        (budget_hour, budget_day) in any::<(Option<u32>, Option<u32>)>(),
        quiet_everywhere in any::<bool>(),
        quiet_in in btree_set(any::<u64>().prop_map(GuildId), 0..3),
    ) {
        let wishes = Wishes { quiet_everywhere, quiet_in, not_on: tuning.muted.clone() };
        let bytes = encode_wishes(&wishes).expect("encodes");
        assert_eq!(decode_wishes(&bytes).expect("decodes"), wishes);
        let server = ServerLayer { tuning: tuning.clone(), budget_hour, budget_day };
        let bytes = encode_server(&server).expect("encodes");
        assert_eq!(decode_server(&bytes).expect("decodes"), server);
        let channel = ChannelLayer { mode, tuning };
        let bytes = encode_channel(&channel).expect("encodes");
        assert_eq!(decode_channel(&bytes).expect("decodes"), channel);
    }

    #[test]
    fn pauses_come_back_as_they_went(end in any::<Option<u64>>()) {
        let pause = end.map_or(Pause::Indefinite, |end| Pause::Until(Moment(end)));
        let bytes = encode_pause(pause).expect("encodes").expect("has something to keep");
        assert_eq!(decode_pause(&bytes).expect("decodes"), pause);
    }
}

fn tuning() -> impl Strategy<Value = Tuning> {
    let seconds = || proptest::option::of(any::<u64>().prop_map(Duration::from_secs));
    let claim = "[a-z0-9]{1,9}".prop_map(|id| ClaimId::new(&id).expect("an id"));
    (
        proptest::option::of((0..=1000u16).prop_map(|score| Score::new(score).expect("a score"))),
        (seconds(), seconds(), seconds()),
        btree_set(claim, 0..3),
        btree_set(any::<u64>().prop_map(RoleId), 0..3),
        any::<(Option<bool>, Option<u64>, Option<bool>)>(),
        (btree_set("[a-z-]{1,9}", 0..3), btree_set("[a-z-]{1,9}", 0..3)),
        proptest::option::of((0..1440u16, 0..1440u16)),
        (proptest::option::of(proptest::sample::select(Style::ALL.to_vec())), seconds()),
    )
        .prop_map(|(threshold, cooldowns, muted, exempt_roles, said, others, hours, how)| {
            Tuning {
                threshold,
                cooldown_claim: cooldowns.0,
                cooldown_channel: cooldowns.1,
                cooldown_member: cooldowns.2,
                muted,
                exempt_roles,
                sensitive: said.0,
                review_channel: said.1.map(ChannelId),
                exempt: said.2,
                muted_topics: others.0,
                muted_packs: others.1,
                quiet_hours: hours.and_then(|(from, to)| QuietHours::new(from, to)),
                style: how.0,
                delay: how.1,
            }
        })
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
