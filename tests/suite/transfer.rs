//! Export, import and backups: a round trip loses nothing, what was cut short or changed is refused, and a store beyond repair is made anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use footnote::model::claim::{ClaimId, Revision};
use footnote::model::score::Score;
use footnote::policy::cards::{CardKind, CardState};
use footnote::policy::decide::Verb;
use footnote::policy::doubt::Doubt;
use footnote::policy::layers::{ChannelLayer, ServerLayer, Tuning};
use footnote::policy::place::{ChannelId, GuildId, MemberKey, MessageId, Moment, UserId};
use footnote::policy::reason::Reason;
use footnote::policy::settings::{Mode, Pause};
use footnote::policy::shadow::Shadow;
use footnote::policy::wishes::Wishes;
use footnote::store::Store;
use footnote::store::backup::{Backups, write_whole};
use footnote::store::cards::Card;
use footnote::store::changes::Changed;
use footnote::store::claims::Kept;
use footnote::store::record::{Answer, State};
use footnote::store::suggestions::Suggestion;
use footnote::store::transfer::{ImportError, Imported, Standing};
use serde_json::json;

use crate::gateway::{SHORT, home};
use crate::support::bot::Home;
use crate::support::dice::Dice;
use crate::support::fake::Fake;

const NOW: Moment = Moment(1_800_000_000_000);

/// A store with something of each kind in it.
fn full(folder: &Path) -> Store {
    let store = Store::open(folder, NOW).unwrap();
    store.member_secret().unwrap();
    let claim = ClaimId::new("a-claim").unwrap();
    let revision = Revision::new("0123456789abcdef").unwrap();
    let text = "+++\n\"quoted\" \\ ü\n+++\n".to_owned();
    let aliases = [("ship".to_owned(), vec!["titanic".to_owned()])].into();
    store.set_current(&claim, Some(&revision)).unwrap();
    store.keep_claim(&claim, &revision, &Kept { pack: "pack".to_owned(), text, aliases }).unwrap();
    for (id, state) in [
        (1, State::Intent),
        (2, State::Sent(MessageId(20))),
        (3, State::Leaving(MessageId(30))),
        (4, State::Removed),
        (5, State::Failed),
        (u64::MAX, State::GivenUp),
    ] {
        let answer = Answer {
            state,
            guild: (id != 2).then_some(GuildId(7)),
            channel: ChannelId(8),
            parent: (id == 3).then_some(ChannelId(6)),
            claim: claim.clone(),
            revision: revision.clone(),
            nonce: format!("f{id}"),
            at: NOW,
        };
        store.record_intent(MessageId(id), &answer).unwrap();
    }
    let card = Card {
        kind: CardKind::Suggestion,
        guild: GuildId(7),
        channel: ChannelId(8),
        parent: None,
        claim: claim.clone(),
        revision,
        review: ChannelId(9),
        card: Some(MessageId(20)),
        edited: Moment(0),
        drawn: 0,
        at: NOW,
        state: CardState::Open,
    };
    store.record_card(MessageId(2), &card).unwrap();
    let shadow = Shadow {
        guild: Some(GuildId(7)),
        channel: ChannelId(8),
        message: MessageId(3),
        claim: Some(claim.clone()),
        verb: Verb::Reply,
        reason: Reason::Watch,
        score: Score::MAX,
        threshold: Score::ZERO,
        at: NOW,
    };
    store.record_shadow(GuildId(7), &shadow).unwrap();
    let both = (&claim, "01234567");
    store.record_feedback(GuildId(7), both, NOW, |counts| counts.helpful += 1).unwrap();
    store.record_doubt(GuildId(7), &claim, Some(Doubt::new(50, NOW))).unwrap();
    let suggestion = Suggestion { wording: "words".to_owned(), source: None };
    assert!(store.record_suggestion(NOW, &suggestion).unwrap());
    let change = Changed { at: NOW, by: Some(UserId(5)), what: "A change.".to_owned() };
    store.record_change(GuildId(7), &change).unwrap();
    store.record_pause(GuildId(7), Pause::Until(NOW)).unwrap();
    let tuning = Tuning {
        threshold: Score::new(810),
        muted: BTreeSet::from([claim.clone()]),
        ..Tuning::default()
    };
    let server = ServerLayer { tuning: tuning.clone(), budget_day: Some(3), ..Default::default() };
    store.record_server(GuildId(7), &server).unwrap();
    let channel = ChannelLayer { mode: Some(Mode::Watch), tuning };
    store.record_channel(GuildId(7), ChannelId(8), &channel).unwrap();
    let wishes = Wishes { quiet_everywhere: true, not_on: [claim].into(), ..Wishes::default() };
    store.record_wishes(MemberKey(u64::MAX), &wishes).unwrap();
    store.note_rest(None, MemberKey(4), NOW).unwrap();
    store.flush().unwrap();
    store
}

fn exported(store: &Store) -> Vec<u8> {
    let mut export = Vec::new();
    store.export(&mut export, NOW).unwrap();
    export
}

fn new(folder: &tempfile::TempDir, name: &str) -> Store {
    Store::open(&folder.path().join(name), NOW).unwrap()
}

#[test]
fn a_round_trip_loses_nothing_and_a_second_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = full(&folder.path().join("one"));
    let export = exported(&store);
    let lines = String::from_utf8(export.clone()).unwrap();
    assert_eq!(lines.lines().count(), 1 + 20 + 1, "{lines}");
    assert!(store.stats().unwrap().iter().all(|count| count.records > 0), "one of each kind");

    let other = new(&folder, "two");
    let first = other.import(&export, Standing::Idle).unwrap();
    assert_eq!(first, Imported { written: 20, known: 0 });
    assert_eq!(exported(&other), export);
    let again = other.import(&export, Standing::InUse).unwrap();
    assert_eq!(again, Imported { written: 0, known: 20 });
    assert_eq!(exported(&other), export);
    drop(other);
    let other = new(&folder, "two");
    assert_eq!(exported(&other), export, "over a restart");
    assert_eq!(other.answers().unwrap(), store.answers().unwrap());
    assert_eq!(other.wishes().unwrap(), store.wishes().unwrap());
}

#[test]
fn an_answer_that_is_there_knows_more_than_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let store = full(&folder.path().join("one"));
    let export = exported(&store);
    store.record_state(MessageId(1), State::Sent(MessageId(10))).unwrap();
    store.record_pause(GuildId(7), Pause::Indefinite).unwrap();
    let imported = store.import(&export, Standing::InUse).unwrap();
    assert_eq!(imported, Imported { written: 1, known: 19 });
    let state = store.answer(MessageId(1)).unwrap().map(|answer| answer.state);
    assert_eq!(state, Some(State::Sent(MessageId(10))));
    assert_eq!(store.pauses().unwrap(), [(GuildId(7), Pause::Until(NOW))]);
}

#[test]
fn members_of_another_store_are_not_mixed_with_ours() {
    let folder = tempfile::tempdir().unwrap();
    let export = exported(&full(&folder.path().join("one")));
    let other = full(&folder.path().join("two"));
    let before = exported(&other);
    for standing in [Standing::Idle, Standing::InUse] {
        let refused = other.import(&export, standing);
        assert!(matches!(refused, Err(ImportError::AnotherKey)), "{refused:?}");
    }
    assert_eq!(exported(&other), before);
    // Without members there is nothing to mix; but a running bot goes on with the key it has.
    let fresh = new(&folder, "three");
    fresh.member_secret().unwrap();
    let refused = fresh.import(&export, Standing::InUse);
    assert!(matches!(refused, Err(ImportError::AnotherKey)), "{refused:?}");
    fresh.import(&export, Standing::Idle).unwrap();
    assert_eq!(exported(&fresh), export);
}

#[test]
fn whatever_was_changed_or_cut_off_is_refused_and_nothing_of_it_is_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let export = exported(&full(&folder.path().join("one")));
    let target = new(&folder, "two");
    let nothing = exported(&target);
    let mut dice = Dice::new(11);
    let length = export.len() as u64;
    for round in 0..400 {
        let mut broken = export.clone();
        let at = usize::try_from(dice.below(length)).unwrap();
        match round % 4 {
            0 => broken.truncate(at),
            1 => broken[at] ^= 1 << dice.below(8),
            2 => broken.insert(at, b'0' + u8::try_from(dice.below(10)).unwrap()),
            _ => drop(broken.remove(at)),
        }
        if broken == export {
            continue;
        }
        let refused = target.import(&broken, Standing::Idle);
        assert!(refused.is_err(), "round {round} at {at}: {refused:?}");
    }
    for no_export in [b"".as_slice(), b"\n", b"{}\n", b"\n\n\n", b"{\"records\":0}\n"] {
        assert!(target.import(no_export, Standing::Idle).is_err());
    }
    assert_eq!(exported(&target), nothing);
}

#[test]
fn a_file_is_written_whole_or_not_at_all_and_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export");
    write_whole(&file, |out| Ok(out.write_all(b"first")?)).unwrap();
    let failed = write_whole(&file, |out| {
        out.write_all(b"half")?;
        Err(std::io::Error::other("the disk is full").into())
    });
    assert!(failed.is_err());
    assert_eq!(fs::read(&file).unwrap(), b"first");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half is left");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_backup_a_day_and_the_newest_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = full(&path);
    let backups = Backups::beside(&path, 3);
    let day = |number: u64| Moment(NOW.0 + number * 24 * 3600 * 1000);
    for number in 0..5 {
        assert!(backups.make(&store, day(number)).unwrap().is_some(), "{number}");
        assert!(backups.make(&store, day(number)).unwrap().is_none(), "once a day");
    }
    fs::write(backups.folder.join("notes.txt"), "mine").unwrap();
    let names: Vec<_> = backups
        .all()
        .unwrap()
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let kept = ["2027-01-17", "2027-01-18", "2027-01-19"];
    assert_eq!(names, kept.map(|day| format!("footnote-{day}.jsonl")));
    assert!(backups.folder.join("notes.txt").exists(), "what is not ours stays");
    let none = Backups { folder: folder.path().join("none"), kept: 0 };
    assert!(none.make(&store, NOW).unwrap().is_none() && !none.folder.exists());
}

#[test]
fn a_store_beyond_repair_is_made_anew_from_the_newest_whole_backup() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let backups = Backups::beside(&path, 7);
    let export = {
        let store = full(&path);
        backups.make(&store, NOW).unwrap().unwrap();
        exported(&store)
    };
    fs::write(backups.folder.join("footnote-2099-01-01.jsonl"), &export[..export.len() / 2])
        .unwrap();
    // What no removal of snapshots mends: the configuration of the folder itself.
    fs::write(path.join("conf"), "not a configuration").unwrap();
    let restored = Store::open_or_restore(&path, &backups, NOW).unwrap();
    assert_eq!(restored.from, backups.all().unwrap().first().cloned());
    assert_eq!(exported(&restored.store), export);
}

/// Runs `footnote store …` beside whatever runs there.
pub(crate) fn store_command(home: &Home, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .arg("store")
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[tokio::test]
async fn export_import_and_stats_work_beside_a_running_bot_and_without_one() {
    let discord = Fake::start();
    let guild = discord.guild("history");
    let channel = discord.channel(guild, "debate");
    let (member, moderator) = (discord.member(guild, "ann"), discord.moderator(guild, "mod"));
    let home = home();
    home.write("config.toml", &format!("[channels]\n\"{channel}\" = \"reply\"\n"));

    let (_, error, code) = store_command(&home, &["stats"]);
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("there is no store at `data/store`"), "{error}");

    let bot = discord.spawn_bot(&home).await;
    discord.say(channel, member, SHORT);
    discord.next_message_from_bot(channel).await;
    discord.command(channel, moderator, "footnote-mod pause", json!({})).await;
    let (shown, error, code) = store_command(&home, &["export", "paused.jsonl"]);
    assert_eq!((shown.as_str(), code), ("paused.jsonl is written.\n", Some(0)), "{error}");
    let export = fs::read_to_string(home.path().join("paused.jsonl")).unwrap();
    assert!(export.contains("\"kind\":\"pause\"") && export.contains("\"kind\":\"answer\""));
    assert!(!export.contains(&member.to_string()), "no member by name or number");

    // Taken in, it holds at once.
    discord.command(channel, moderator, "footnote-mod resume", json!({})).await;
    let (shown, error, code) = store_command(&home, &["import", "paused.jsonl"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(shown.starts_with("1 records taken in"), "{shown}");
    let answer = discord.command(channel, moderator, "footnote-mod resume", json!({})).await;
    let (shown, _, _) = store_command(&home, &["stats"]);
    assert!(shown.contains("answer             1\n"), "{shown}");
    assert!(shown.contains("pause              0\n"), "{shown}");
    let nothing_to_do = discord.command(channel, moderator, "footnote-mod resume", json!({})).await;
    assert_ne!(answer.content(), nothing_to_do.content(), "it was paused");

    home.write("broken.jsonl", export.get(..export.len() - 10).unwrap());
    let (_, error, code) = store_command(&home, &["import", "broken.jsonl"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("not whole"), "{error}");
    bot.kill().await;

    // The door of the killed bot leads nowhere: the folder itself is opened.
    let (shown, error, code) = store_command(&home, &["import", "paused.jsonl"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(shown.starts_with("1 records taken in"), "{shown}");
    let bot = discord.spawn_bot(&home).await;
    let (shown, error, _) = store_command(&home, &["stats"]);
    assert!(shown.contains("pause              1\n"), "{shown}{error}");
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert_eq!(fs::read_dir(home.path().join("data/store-backups")).unwrap().count(), 1);
}
