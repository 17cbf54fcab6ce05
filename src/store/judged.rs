//! Each field of each record, and whom or what it names: nothing ties a member to a claim but their own "not on this claim". A new kind, tree, key or field fails here until somebody has judged it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::cards::{CARDS_KEPT, Card};
use super::changes::{CHANGES_KEPT, Changed};
use super::claims::Kept;
use super::feedback::FEEDBACK_KEPT;
use super::kinds::Kind;
use super::members::RESTS_KEPT;
use super::record::{Answer, State};
use super::shadows::SHADOWS_KEPT;
use super::suggestions::{SUGGESTIONS_KEPT, Suggestion};
use super::{ANSWERS_KEPT, Store};
use crate::model::claim::{ClaimId, Revision};
use crate::model::score::Score;
use crate::policy::cards::{CardKind, CardState};
use crate::policy::decide::Verb;
use crate::policy::doubt::{Doubt, MOST, STEP, STEP_LASTS};
use crate::policy::hours::QuietHours;
use crate::policy::layers::{ChannelLayer, ServerLayer, Tuning};
use crate::policy::place::{ChannelId, GuildId, MemberKey, MessageId, Moment, RoleId, UserId};
use crate::policy::reason::Reason;
use crate::policy::settings::{Mode, Pause, Style};
use crate::policy::shadow::Shadow;
use crate::policy::wishes::Wishes;
use std::time::Duration;

const NOW: Moment = Moment(1_800_000_000_000);

/// What a part of a key or a field of a value names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    /// A member, be it as a hash.
    Member,
    /// A claim, or a file or revision of one.
    Claim,
    /// A server, a channel, a role: many people.
    Place,
    /// A message or a request; who wrote it Discord knows, and the store does not.
    Message,
    /// Nobody and nothing: a time, a number, a word of settings.
    Nothing,
}
use Names::{Claim, Member, Message, Nothing, Place};

/// The parts of a kind's key and the fields of its value. Without a `_`: a new kind is to be judged.
fn judged(kind: Kind) -> (&'static [Names], Vec<(&'static str, Names)>) {
    const TUNING: [(&str, Names); 14] = [
        ("tuning.threshold", Nothing),
        ("tuning.cooldown_claim", Nothing),
        ("tuning.cooldown_channel", Nothing),
        ("tuning.cooldown_member", Nothing),
        ("tuning.muted[]", Claim),
        ("tuning.exempt_roles[]", Place),
        ("tuning.sensitive", Nothing),
        ("tuning.muted_topics[]", Claim),
        ("tuning.muted_packs[]", Claim),
        ("tuning.exempt", Nothing),
        ("tuning.quiet_hours[]", Nothing),
        ("tuning.style", Nothing),
        ("tuning.delay", Nothing),
        ("tuning.review_channel", Place),
    ];
    const SERVER: [(&str, Names); 2] = [("budget_hour", Nothing), ("budget_day", Nothing)];
    const CHANNEL: [(&str, Names); 1] = [("mode", Nothing)];
    let (key, fields): (&[Names], &[(&str, Names)]) = match kind {
        Kind::MemberKey => (&[], &[("", Nothing)]),
        Kind::Claim => {
            (&[Claim, Claim], &[("pack", Claim), ("text", Claim), ("aliases.ship[]", Claim)])
        }
        Kind::Current => (&[Claim], &[("", Claim)]),
        Kind::Answer => (
            &[Message],
            &[
                ("state", Nothing),
                ("state.sent", Message),
                ("state.leaving", Message),
                ("guild", Place),
                ("channel", Place),
                ("parent", Place),
                ("claim", Claim),
                ("revision", Claim),
                // Made of the message's number.
                ("nonce", Message),
                ("at", Nothing),
            ],
        ),
        Kind::Pause => (&[Place], &[("", Nothing), ("until", Nothing)]),
        Kind::Server => (&[Place], &SERVER),
        Kind::Channel => (&[Place, Place], &CHANNEL),
        Kind::Wishes => (
            &[Member],
            &[("quiet_everywhere", Nothing), ("quiet_in[]", Place), ("not_on[]", Claim)],
        ),
        Kind::Rest => (&[Place, Member], &[("", Nothing)]),
        Kind::Card => (
            &[Message],
            &[
                ("alert", Nothing),
                ("guild", Place),
                ("channel", Place),
                ("parent", Place),
                ("claim", Claim),
                ("revision", Claim),
                ("review", Place),
                ("card", Message),
                ("edited", Nothing),
                ("drawn", Nothing),
                ("at", Nothing),
                ("state", Nothing),
            ],
        ),
        Kind::Shadow => (
            &[Message],
            &[
                ("guild", Place),
                ("channel", Place),
                ("claim", Claim),
                ("verb", Nothing),
                ("reason", Nothing),
                ("score", Nothing),
                ("threshold", Nothing),
                ("at", Nothing),
            ],
        ),
        Kind::Feedback => (
            &[Place, Claim, Claim],
            &[
                ("counts.helpful", Nothing),
                ("counts.not_helpful", Nothing),
                ("counts.not_said", Nothing),
                ("counts.wrong_match", Nothing),
                ("counts.let_post", Nothing),
                ("counts.let_be", Nothing),
                ("at", Nothing),
            ],
        ),
        Kind::Doubt => (&[Place, Claim], &[("raised", Nothing), ("at", Nothing)]),
        // Typed into a form for authors; by nobody that is kept.
        Kind::Suggestion => (&[Nothing, Nothing], &[("wording", Claim), ("source", Nothing)]),
        // A moderator who changed a setting. The words are ours; where they name a claim, nobody is named:
        // `every_change_stands_in_the_log_and_no_name_beside_a_claim` holds that.
        Kind::Changed => (&[Place, Nothing], &[("by", Member), ("what", Nothing)]),
    };
    let tuning = if matches!(kind, Kind::Server | Kind::Channel) { &TUNING[..] } else { &[] };
    (key, fields.iter().chain(tuning).copied().collect())
}

/// A store in which every kind has every field. No struct is filled up with defaults: a new field of
/// one does not compile before it stands here.
fn full(folder: &Path) -> Store {
    let store = Store::open(folder, NOW).expect("opens");
    store.member_secret().expect("w");
    let claim = ClaimId::new("a-claim").expect("an id");
    let revision = Revision::new("0123456789abcdef").expect("a revision");
    let aliases = [("ship".to_owned(), vec!["titanic".to_owned()])].into();
    let kept = Kept { pack: "pack".to_owned(), text: "text".to_owned(), aliases };
    store.keep_claim(&claim, &revision, &kept).expect("w");
    store.set_current(&claim, Some(&revision)).expect("w");
    let states = [
        State::Intent,
        State::Shown,
        State::Sent(MessageId(20)),
        State::Leaving(MessageId(30)),
        State::Removed,
        State::Failed,
        State::GivenUp,
    ];
    for (id, state) in (1..).zip(states) {
        let answer = Answer {
            state,
            guild: Some(GuildId(7)),
            channel: ChannelId(8),
            parent: Some(ChannelId(6)),
            claim: claim.clone(),
            revision: revision.clone(),
            nonce: format!("f{id}"),
            at: NOW,
        };
        store.record_intent(MessageId(id), &answer).expect("w");
    }
    let tuning = Tuning {
        threshold: Score::new(810),
        cooldown_claim: Some(Duration::from_secs(1)),
        cooldown_channel: Some(Duration::from_secs(1)),
        cooldown_member: Some(Duration::from_secs(1)),
        muted: [claim.clone()].into(),
        exempt_roles: [RoleId(9)].into(),
        sensitive: Some(true),
        muted_topics: ["a-topic".to_owned()].into(),
        muted_packs: ["a-pack".to_owned()].into(),
        exempt: Some(true),
        quiet_hours: QuietHours::new(1, 2),
        style: Some(Style::Full),
        delay: Some(Duration::from_secs(1)),
        review_channel: Some(ChannelId(8)),
    };
    let server = ServerLayer { tuning: tuning.clone(), budget_hour: Some(1), budget_day: Some(1) };
    let card = Card {
        kind: CardKind::Alert,
        guild: GuildId(7),
        channel: ChannelId(8),
        parent: Some(ChannelId(6)),
        claim: claim.clone(),
        revision,
        review: ChannelId(9),
        card: Some(MessageId(21)),
        edited: NOW,
        drawn: 1,
        at: NOW,
        state: CardState::Open,
    };
    store.record_card(MessageId(1), &card).expect("w");
    let shadow = Shadow {
        guild: Some(GuildId(7)),
        channel: ChannelId(8),
        message: MessageId(1),
        claim: Some(claim.clone()),
        verb: Verb::Reply,
        reason: Reason::Watch,
        score: Score::MAX,
        threshold: Score::ZERO,
        at: NOW,
    };
    store.record_shadow(GuildId(7), &shadow).expect("w");
    let both = (&claim, "01234567");
    store.record_feedback(GuildId(7), both, NOW, |counts| counts.helpful += 1).expect("w");
    store.record_doubt(GuildId(7), &claim, Some(Doubt::new(50, NOW))).expect("w");
    let source = Some("a book".to_owned());
    let suggestion = Suggestion { wording: "words".to_owned(), source };
    assert!(store.record_suggestion(NOW, &suggestion).expect("w"));
    let change = Changed { at: NOW, by: Some(UserId(5)), what: "words".to_owned() };
    store.record_change(GuildId(7), &change).expect("w");
    store.record_server(GuildId(7), &server).expect("w");
    let channel = ChannelLayer { mode: Some(Mode::Watch), tuning };
    store.record_channel(GuildId(7), ChannelId(8), &channel).expect("w");
    store.record_pause(GuildId(7), Pause::Until(NOW)).expect("w");
    store.record_pause(GuildId(8), Pause::Indefinite).expect("w");
    let wishes =
        Wishes { quiet_everywhere: true, quiet_in: [GuildId(7)].into(), not_on: [claim].into() };
    store.record_wishes(MemberKey(5), &wishes).expect("w");
    store.note_rest(Some(GuildId(7)), MemberKey(6), NOW).expect("w");
    store
}

/// The paths of all values in a piece of JSON.
fn paths(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                paths(&format!("{path}{dot}{name}"), value, found);
            }
        }
        Value::Array(values) => {
            for value in values {
                paths(&format!("{path}[]"), value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.insert(path.to_owned());
        }
    }
}

/// By kind, how many parts its keys have and which fields its values.
fn written(store: &Store) -> BTreeMap<String, (usize, BTreeSet<String>)> {
    let mut export = Vec::new();
    store.export(&mut export, NOW).expect("r");
    let mut kinds: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    for line in String::from_utf8(export).expect("UTF-8").lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let Some(kind) = line.get("kind").and_then(Value::as_str) else { continue };
        let (parts, fields) = kinds.entry(kind.to_owned()).or_default();
        *parts = line.get("key").and_then(Value::as_array).map_or(0, Vec::len);
        paths("", line.get("value").unwrap_or(&Value::Null), fields);
    }
    kinds
}

#[test]
fn no_record_ties_a_member_to_a_claim_but_their_own_wish() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = full(folder.path());
    let mut written = written(&store);
    let mut ties = Vec::new();
    for kind in Kind::ALL {
        let (key, fields) = judged(kind);
        let (parts, found) = written.remove(kind.word()).unwrap_or_default();
        assert_eq!(parts, key.len(), "the key of `{}`", kind.word());
        let known: BTreeSet<_> = fields.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(found, known, "the fields of `{}`, and those that were judged", kind.word());
        let names = || key.iter().copied().chain(fields.iter().map(|(_, names)| *names));
        let members = key.iter().chain(fields.iter().map(|(_, names)| names));
        let members = members.filter(|names| **names == Member).count();
        assert!(members <= 1, "`{}` ties members to one another", kind.word());
        if members == 1 {
            let claims = fields.iter().filter(|(_, names)| *names == Claim);
            ties.extend(claims.map(|(path, _)| (kind, *path)));
            assert!(!names().any(|names| names == Message), "`{}`: whose message", kind.word());
        }
    }
    assert!(written.is_empty(), "exported and not judged: {written:?}");
    assert_eq!(ties, [(Kind::Wishes, "not_on[]")]);
}

/// How long records of a kind are kept, where that is a number.
fn kept(kind: Kind) -> Option<Duration> {
    match kind {
        Kind::Answer => Some(ANSWERS_KEPT),
        Kind::Card => Some(CARDS_KEPT),
        Kind::Shadow => Some(SHADOWS_KEPT),
        Kind::Changed => Some(CHANGES_KEPT),
        Kind::Feedback => Some(FEEDBACK_KEPT),
        Kind::Suggestion => Some(SUGGESTIONS_KEPT),
        Kind::Rest => Some(RESTS_KEPT),
        Kind::Doubt => Some(STEP_LASTS * u32::from(MOST / STEP)),
        Kind::MemberKey
        | Kind::Claim
        | Kind::Current
        | Kind::Pause
        | Kind::Server
        | Kind::Channel
        | Kind::Wishes => None,
    }
}

/// The words in backticks.
fn marked(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The page that people are given lists what there is: each kind in one row, its fields, how long it is
/// kept, and how to erase what names somebody.
#[test]
fn the_privacy_page_lists_every_record_with_its_fields_and_its_time() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("PRIVACY.md"));
    let page = page.expect("PRIVACY.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split('|').map(str::trim).collect()).collect();
    let tuning = page.lines().find(|line| line.starts_with("`tuning` has"));
    let tuning = marked(tuning.expect("what `tuning` has"));
    let mut listed = Vec::new();
    for row in &rows {
        let [_, record, what, fields, how_long, erase, _] = row.as_slice() else {
            panic!("six columns: {row:?}");
        };
        let kinds: Vec<Kind> = marked(record).into_iter().filter_map(Kind::parse).collect();
        assert_eq!(kinds.len(), marked(record).len(), "{record}");
        let mut known = BTreeSet::new();
        for kind in &kinds {
            let (key, values) = judged(*kind);
            // The part of a path that a reader is told: `counts` of `counts.helpful`.
            let first = |path: &'static str| path.split(['.', '[']).next().unwrap_or(path);
            known.extend(values.iter().map(|(path, _)| first(path)).filter(|it| !it.is_empty()));
            for (path, _) in values.iter().filter(|(path, _)| path.starts_with("tuning.")) {
                let name = path.trim_start_matches("tuning.").trim_end_matches("[]");
                assert!(tuning.contains(name), "`{name}` of `tuning`");
            }
            if let Some(kept) = kept(*kind) {
                let days = kept.as_secs() / 86_400;
                let days = if days == 1 { "a day".to_owned() } else { format!("{days} days") };
                assert!(how_long.contains(&days), "`{}` {days}: {how_long}", kind.word());
            }
            let mut names = key.iter().copied().chain(values.iter().map(|(_, names)| *names));
            if names.any(|names| names == Member) {
                assert!(erase.contains("/footnote forget-me"), "`{}`: {erase}", kind.word());
                let is_hashed = key.contains(&Member);
                assert_eq!(what.contains("keyed hash"), is_hashed, "`{}`: {what}", kind.word());
            }
        }
        assert_eq!(marked(fields), known, "the fields of {record}");
        listed.extend(kinds);
    }
    listed.sort_unstable();
    assert_eq!(listed, Kind::ALL, "each kind in one row");
}

/// What is not exported was not judged above: so there is no tree, key or first byte beside the kinds'.
#[test]
fn nothing_lies_in_the_store_that_is_no_judged_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = full(folder.path());
    let trees: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.tree(&store).name()).collect();
    let all: BTreeSet<_> = store.db.tree_names().into_iter().collect();
    assert_eq!(all, trees, "trees, and those of the kinds");
    for name in all {
        let tree = store.db.open_tree(&name).expect("opens");
        for entry in &tree {
            let (key, _) = entry.expect("r");
            let of =
                |kind: &&Kind| kind.tree(&store).name() == name && key.starts_with(kind.prefix());
            let kinds = Kind::ALL.iter().filter(of).count();
            let is_schema = key == super::schema::SCHEMA_KEY;
            assert_eq!(kinds, usize::from(!is_schema), "{key:?} of {name:?}");
        }
    }

    // Those that this test did not think of writing.
    let mut keys = Vec::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store")).expect("r") {
        let text = fs::read_to_string(file.expect("r").path()).expect("UTF-8");
        let consts =
            text.lines().filter(|line| line.contains("const ") && !line.contains("\"const "));
        let is_key = |line: &&str| line.contains(": u8 = b'") || line.contains(": &[u8] = b\"");
        keys.extend(consts.filter(is_key).map(str::to_owned));
    }
    let with_a_key = Kind::ALL.iter().filter(|kind| !kind.prefix().is_empty()).count();
    assert_eq!(keys.len(), with_a_key + 1, "the kinds' and the schema's own: {keys:#?}");
}
