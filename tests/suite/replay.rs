//! `footnote replay` by running it over chat logs that nobody wrote: its figures are those of `match`, rests hold at the messages' own times, and what is broken is said and costs nothing else.
//!
//! `FOOTNOTE_TEST_MESSAGES` asks for a longer log, and `FOOTNOTE_TEST_KEEP=1` keeps it and says where,
//! for whoever measures.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use footnote::content::load::load;
use footnote::model::claim::{Claim, ClaimAction};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::dice::{Dice, setting};

/// As README has it: what a shipped claim answers.
const SAID: &str = "stalin literally tried to join the axis in 1940";
const CLAIM: &str = "ussr-agreed-to-join-axis";
const CHATTER: [&str; 6] = [
    "it has been raining since the morning",
    "lol",
    "",
    "did anybody read the new book about the Hanse?",
    "> quoted words\nand what I think of them",
    "the 1940s were a strange time for architecture, look at https://example.com/x",
];

fn responses() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("responses")
}

fn footnote(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .args(arguments)
        .arg("--responses")
        .arg(responses())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A command that ends early closes the pipe, which is its right.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// What is replayed: its object, what it says beside it, and how it ended.
fn replay(folder: &Path, arguments: &[&str]) -> (Value, String, i32) {
    let arguments = [&["replay", "--format", "json"], arguments].concat();
    let output = footnote(folder, &arguments, "");
    let err = String::from_utf8(output.stderr).unwrap();
    let object =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {err}"));
    (object, err, output.status.code().unwrap())
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// A time so many seconds after the evening of 1 January 2020.
fn time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Months of 28 days are enough to be different times in order.
    let (years, days) = (days / 336, days % 336);
    let (year, month, day) = (2020 + years, 1 + days / 28, 1 + days % 28);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.5+00:00")
}

fn message(id: u64, seconds: u64, author: u64, content: &str) -> Value {
    json!({
        "id": id.to_string(), "type": "Default", "timestamp": time(seconds),
        "timestampEdited": null, "callEndedTimestamp": null, "isPinned": false, "content": content,
        "author": {
            "id": author.to_string(), "name": "somebody", "discriminator": "0000",
            "nickname": "somebody", "color": null, "isBot": false, "roles": [],
            "avatarUrl": "https://cdn.discordapp.com/embed/avatars/0.png",
        },
        "attachments": [], "embeds": [], "stickers": [], "reactions": [], "mentions": [],
        "inlineEmojis": [],
    })
}

/// A chat log of one channel of server 7.
fn export(folder: &Path, channel: u64, name: &str, messages: &[Value]) -> String {
    let log = json!({
        "guild": {"id": "7", "name": "A server", "iconUrl": "https://cdn.discordapp.com/x.png"},
        "channel": {"id": channel.to_string(), "type": "GuildTextChat", "categoryId": "1",
                    "category": "Text", "name": name, "topic": null},
        "dateRange": {"after": null, "before": null},
        "exportedAt": "2026-11-30T12:00:00+00:00",
        "messages": messages,
        "messageCount": messages.len(),
    });
    // serde_json sorts keys, so that the head comes first here as it does in real ones.
    let path = folder.join(format!("{channel}.json"));
    fs::write(&path, log.to_string()).unwrap();
    path.display().to_string()
}

/// What people might have written: chatter, and what claims' files hold of assertions and near misses.
fn texts(count: u64) -> Vec<String> {
    let loaded = load(&responses()).unwrap();
    let aliases = loaded.catalog.aliases();
    let sentences = |claim: &Claim| {
        let first = claim.phrasings.iter().filter_map(|phrasing| phrasing.variants.first());
        first.map(|variant| variant.sentence(aliases, 0)).collect::<Vec<String>>()
    };
    let claims = loaded.catalog.claims();
    let misses = claims.iter().flat_map(|claim| claim.near_misses.clone());
    let about: Vec<String> = claims.iter().flat_map(sentences).chain(misses).collect();
    // A short log would have none of the rare kind.
    let alerts = claims.iter().filter(|claim| claim.action == ClaimAction::Alert);
    let alerts: Vec<String> = alerts.flat_map(sentences).take(5).collect();
    let mut dice = Dice::new(1);
    let mut one = || {
        if dice.happens(40) {
            dice.pick(&about).unwrap().clone()
        } else {
            (*dice.pick(&CHATTER).unwrap()).to_owned()
        }
    };
    let rest = count.saturating_sub(alerts.len() as u64);
    let rest: Vec<String> = (0..rest).map(|_| one()).collect();
    alerts.into_iter().chain(rest).collect()
}

#[test]
fn without_rests_the_figures_are_those_of_match() {
    let count = setting("FOOTNOTE_TEST_MESSAGES", 300);
    let folder = TempDir::new().unwrap();
    let texts = texts(count);
    // Two hours apart and each by another member: nothing that was said before matters.
    let messages: Vec<Value> =
        (1..).zip(&texts).map(|(at, text)| message(at, at * 2 * HOUR, 100 + at, text)).collect();
    let log = export(folder.path(), 5, "history", &messages);
    let config = "[policy]\ncooldown_claim = 0\ncooldown_channel = 0\ncooldown_member = 0\n\
                  budget_hour = 1000000\nbudget_day = 1000000\n";
    fs::write(folder.path().join("config.toml"), config).unwrap();
    let (object, err, code) = replay(folder.path(), &[&log]);
    assert_eq!((err.as_str(), code), ("", 0));

    let lines: Vec<String> = texts.iter().map(|text| json!({ "text": text }).to_string()).collect();
    let arguments = ["match", "--input", "jsonl", "--format", "jsonl"];
    let matched = footnote(folder.path(), &arguments, &(lines.join("\n") + "\n"));
    let mut said: BTreeMap<String, u64> = BTreeMap::new();
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    let mut claims: BTreeMap<String, u64> = BTreeMap::new();
    for line in String::from_utf8(matched.stdout).unwrap().lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let word = |key: &str| answer[key].as_str().unwrap().to_owned();
        let is_said = word("decision") != "silent";
        *said.entry(word("decision")).or_default() += 1;
        let reason = if is_said { "watch".to_owned() } else { word("reason") };
        *reasons.entry(reason).or_default() += 1;
        if is_said && word("decision") != "alert" {
            *claims.entry(word("claim")).or_default() += 1;
        }
    }
    for verb in ["reply", "suggest", "alert"] {
        assert!(said[verb] > 0, "the texts have no {verb}: {said:?}");
        assert_eq!(object["said"][verb], said[verb], "{verb}");
    }
    assert_eq!(object["reasons"], json!(reasons));
    let of_claim = |one: &Value| {
        let count = |verb: &str| one["said"][verb].as_u64().unwrap();
        (one["claim"].as_str().unwrap().to_owned(), count("reply") + count("suggest"))
    };
    let counted = object["claims"].as_array().unwrap().iter().map(of_claim);
    assert_eq!(counted.collect::<BTreeMap<_, _>>(), claims);
    assert_eq!(object["messages"], count);
    let parts = object["periods"].as_array().unwrap();
    let replies = parts.iter().map(|part| part["said"]["reply"].as_u64().unwrap());
    assert_eq!(replies.sum::<u64>(), said["reply"]);
    if setting("FOOTNOTE_TEST_KEEP", 0) == 1 {
        println!("kept: {}", folder.keep().display());
    }
}

#[test]
fn rests_and_budgets_hold_at_the_messages_own_times_whatever_the_order_of_files() {
    let folder = TempDir::new().unwrap();
    // The claim rests twelve hours in a channel, a channel two minutes, a member ten.
    let first = [
        message(1, 0, 1, SAID),
        message(2, MINUTE, 2, SAID),
        message(3, 13 * HOUR, 3, SAID),
        message(4, 26 * HOUR + 9 * MINUTE, 4, SAID),
    ];
    let second = [message(5, 13 * HOUR + 5 * MINUTE, 3, SAID), message(6, 26 * HOUR, 4, SAID)];
    let one = export(folder.path(), 5, "history", &first);
    let other = export(folder.path(), 6, "debate", &second);
    let expected = json!({"cooldown-claim": 1, "cooldown-member": 2, "watch": 3});
    let (forth, _, _) = replay(folder.path(), &[&one, &other]);
    assert_eq!(forth["reasons"], expected);
    assert_eq!(forth["said"], json!({"reply": 3, "suggest": 0, "alert": 0}));
    let (back, _, _) = replay(folder.path(), &[&other, &one]);
    assert_eq!(back, forth);
    // Backwards, as some people export.
    let backwards: Vec<Value> = first.iter().rev().cloned().collect();
    export(folder.path(), 5, "history", &backwards);
    assert_eq!(replay(folder.path(), &[&one, &other]).0, forth);

    fs::write(folder.path().join("less.toml"), "[policy]\nbudget_day = 1\n").unwrap();
    let (less, _, _) = replay(folder.path(), &[&one, &other, "--config", "less.toml"]);
    let expected = json!({"budget": 2, "cooldown-claim": 1, "watch": 2, "cooldown-member": 1});
    assert_eq!(less["reasons"], expected, "fewer were answered, so that fewer rest");
}

#[test]
fn what_the_bot_would_not_read_is_not_read_here() {
    let folder = TempDir::new().unwrap();
    let of = |change: fn(&mut Value)| {
        let mut one = message(1, 0, 1, SAID);
        change(&mut one);
        one
    };
    let messages = [
        of(|one| one["author"]["isBot"] = true.into()),
        of(|one| one["type"] = "ChannelPinnedMessage".into()),
    ];
    let log = export(folder.path(), 5, "history", &messages);
    let quiet = export(folder.path(), 6, "grief-support", &[message(3, 0, 1, SAID)]);
    let (object, err, code) = replay(folder.path(), &[&log, &quiet]);
    assert_eq!((err.as_str(), code), ("", 0));
    assert_eq!(object["reasons"], json!({"bot": 1, "system": 1, "sensitive": 1}));
    assert_eq!(object["channels"][1]["left_alone"], true);
}

#[test]
fn what_is_broken_is_said_and_costs_nothing_else() {
    let folder = TempDir::new().unwrap();
    let bad = json!({"id": 7, "type": "Default"});
    let log = export(folder.path(), 5, "history", &[message(1, 0, 1, SAID), bad]);
    let cut =
        export(folder.path(), 6, "debate", &[message(3, HOUR, 2, SAID), message(4, HOUR, 3, SAID)]);
    let text = fs::read_to_string(&cut).unwrap();
    // The end of the second message is missing, as where a disk was full.
    fs::write(&cut, &text[..text.rfind("\"timestamp\"").unwrap()]).unwrap();
    fs::write(folder.path().join("empty.json"), "").unwrap();
    let files = [log.as_str(), cut.as_str(), "empty.json", "nowhere.json"];
    let (object, err, code) = replay(folder.path(), &files);
    assert_eq!(code, 2);
    assert_eq!((&object["messages"], &object["faulty"]), (&json!(2), &json!(1)));
    assert_eq!(object["said"]["reply"], 2);
    for expected in [
        "5.json: message 2 cannot be used: invalid type: integer `7`, expected",
        "6.json: byte ",
        "the file ends in the middle, so it was cut off or is still being written; the 1 messages before that are counted",
        "empty.json: byte 0, line 1, column 0: the file ends in the middle",
        "nowhere.json: No such file",
    ] {
        assert!(err.contains(expected), "{expected}\n{err}");
    }
    assert_eq!(err.lines().count(), 4, "{err}");
    let table = footnote(folder.path(), &["replay", &log], "");
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(
        table.starts_with("1 messages, 2020-01-01 to 2020-01-01\n\nwould have replied"),
        "{table}"
    );
    assert!(table.contains(&format!("  {CLAIM}  https://discord.com/channels/7/5/1\n")), "{table}");
}

#[test]
fn the_page_is_whole_and_holds_no_text_of_a_message() {
    let folder = TempDir::new().unwrap();
    let log = export(folder.path(), 5, "history <&>", &[message(1, 0, 1, SAID)]);
    let out = footnote(folder.path(), &["replay", &log, "--html", "report.html"], "");
    assert!(out.status.success());
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(
        page.contains("https://discord.com/channels/7/5/1")
            && page.contains("#history &lt;&amp;&gt;")
    );
    let table = String::from_utf8(out.stdout).unwrap();
    for text in [&page, &table] {
        assert!(!text.contains("literally") && !text.contains("somebody"), "{text}");
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing half written is left: {names:?}");
    let nowhere = footnote(folder.path(), &["replay", &log, "--html", "no/report.html"], "");
    let err = String::from_utf8(nowhere.stderr).unwrap();
    assert_eq!(
        err,
        "error: `no/report.html` cannot be written: No such file or directory (os error 2)\n"
    );
    assert_eq!(nowhere.status.code(), Some(2));
}
