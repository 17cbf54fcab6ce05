//! What authors of response files see: each folder of `tests/cases` is checked by the real binary,
//! and its words are compared with `expected.txt` beside it.
//!
//! `UPDATE_CASES=1 cargo test` writes what is printed now; look at the difference before committing it.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use footnote::cli::report::{Format, render};
use footnote::content::parse::{Identity, parse};
use footnote::lint::rule;
use footnote::model::claim::{ClaimId, Revision};
use footnote::model::code;
use footnote::model::diagnostic::Severity;
use footnote::model::phrasing::Aliases;
use footnote::model::span::Files;
use proptest::prelude::{any, proptest};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// What the binary prints and its exit code, run inside `folder`.
fn footnote(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

/// The names of all cases, each with the arguments of its `check`.
fn all_cases() -> Vec<(String, Vec<String>)> {
    let mut names: Vec<String> = fs::read_dir(cases())
        .expect("there are cases")
        .map(|entry| entry.expect("a case").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let arguments = |name: &String| {
        let written = fs::read_to_string(cases().join(name).join("args")).unwrap_or_default();
        let mut arguments: Vec<String> = written.split_whitespace().map(str::to_owned).collect();
        if arguments.first().is_none_or(|first| first.starts_with("--")) {
            arguments.insert(0, ".".to_owned());
        }
        arguments.insert(0, "check".to_owned());
        arguments
    };
    names.into_iter().map(|name| (name.clone(), arguments(&name))).collect()
}

fn run(name: &str, arguments: &[String], more: &[&str]) -> (String, String, i32) {
    let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
    all.extend(more);
    footnote(&cases().join(name), &all)
}

#[test]
fn every_case_is_reported_as_expected() {
    let mut wrong = String::new();
    for (name, arguments) in all_cases() {
        let (out, err, exit) = run(&name, &arguments, &[]);
        let found = without_scores(&format!("{out}{err}exit code {exit}\n"));
        let path = cases().join(&name).join("expected.txt");
        if env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
            fs::write(&path, &found).expect("the expectation is written");
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected {
            write!(wrong, "== {name}, expected:\n{expected}\n-- found:\n{found}\n")
                .expect("a string");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Scores move whenever matching is tuned, which changes nothing that these cases are about.
fn without_scores(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split(" with ").enumerate() {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if at > 0 {
            out.push_str(" with ");
            out.push_str(if digits > 0 { "N" } else { "" });
        }
        out.push_str(part.get(if at > 0 { digits } else { 0 }..).unwrap_or(""));
    }
    out
}

/// The codes of one case's findings, by the JSON output.
fn codes(name: &str, arguments: &[String]) -> Vec<(String, String)> {
    let (out, _, _) = run(name, arguments, &["--format", "json"]);
    out.lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("a JSON object");
            let text = |key: &str| value[key].as_str().expect("a string").to_owned();
            assert!(value["line"].as_u64() >= Some(1) && value["column"].as_u64() >= Some(1));
            assert!(!text("message").ends_with('.'), "{line}");
            (text("code"), text("severity"))
        })
        .collect()
}

#[test]
fn every_rule_has_a_case_and_every_finding_a_rule() {
    let mut seen = BTreeSet::new();
    for (name, arguments) in all_cases() {
        for (code, severity) in codes(&name, &arguments) {
            let rule = rule::rule(&code).unwrap_or_else(|| panic!("{name}: no rule `{code}`"));
            // The one rule with a milder case: a phrasing twice in one file harms nobody.
            let milder = rule.code == code::PHRASING_DUPLICATE;
            assert!(rule.level.word() == severity || milder, "{name}: {code} is {severity}");
            seen.insert(code);
        }
    }
    // These need a file that a clone cannot hold; they have tests of their own below.
    let elsewhere = [code::UNREADABLE, code::FILE_TOO_LARGE];
    let without: Vec<_> = code::ALL
        .iter()
        .filter(|code| !seen.contains(code.0) && !elsewhere.contains(code))
        .collect();
    assert!(without.is_empty(), "no case in tests/cases shows {without:?}");
}

/// `silent` in a case lists rules that stay silent there, each with what is there that is just right.
#[test]
fn every_rule_has_a_case_where_it_stays_silent() {
    let mut silent = BTreeSet::new();
    for (name, arguments) in all_cases() {
        let listed = fs::read_to_string(cases().join(&name).join("silent")).unwrap_or_default();
        if listed.is_empty() {
            continue;
        }
        let found = codes(&name, &arguments);
        for line in listed.lines() {
            let (code, why) = line.split_once(": ").expect("a code and what is right");
            assert!(rule::rule(code).is_some() && !why.is_empty(), "{name}: {line}");
            let fires = found.iter().any(|(found, _)| found == code);
            assert!(!fires, "{name}: {code} fires, although {why}");
            silent.insert(code.to_owned());
        }
    }
    let without: Vec<_> = code::ALL.iter().filter(|code| !silent.contains(code.0)).collect();
    assert!(without.is_empty(), "no case in tests/cases keeps {without:?} silent");
}

#[test]
fn levels_of_the_settings_hold() {
    let folder = copy("hard-to-read");
    let run = |arguments: &[&str]| {
        let (out, err, exit) = footnote(folder.path(), arguments);
        (out.lines().map(str::to_owned).collect::<Vec<_>>(), err, exit)
    };
    for (level, count, exit) in [("off", 0, 0), ("hint", 1, 0), ("warning", 1, 1), ("error", 1, 1)]
    {
        let settings = format!("[lint]\nhard-to-read = \"{level}\"\n");
        fs::write(folder.path().join("config.toml"), &settings).expect("written");
        let arguments = ["check", ".", "--format", "json", "--deny", "warnings"];
        let (out, err, found) = run(&arguments);
        assert_eq!((out.len(), found), (count, exit), "{level}: {out:?} {err}");
        fs::remove_file(folder.path().join("config.toml")).expect("removed");
        fs::write(folder.path().join("other.toml"), &settings).expect("written");
        let (named, _, found) = run(&[&arguments[..], &["--config", "other.toml"]].concat());
        assert_eq!((named, found), (out, exit), "{level}");
    }
    fs::write(folder.path().join("config.toml"), "[lint]\nhard = \"off\"\n").expect("written");
    let (out, err, exit) = run(&["check", "."]);
    assert!(out.is_empty() && err.contains("config.toml:2: there is no rule `hard`"), "{err}");
    assert_eq!(exit, 2);
}

#[test]
fn the_good_case_is_silent_in_every_format() {
    let folder = cases().join("good");
    for format in ["human", "json", "github"] {
        let (out, err, exit) =
            footnote(&folder, &["check", ".", "--deny", "warnings", "--format", format]);
        let both = format!("{out}{err}");
        assert_eq!(
            both,
            "2 claims, 4 phrasings, 6 near misses, 2 quotations: 0 errors, 0 warnings\n"
        );
        assert_eq!(exit, 0);
        assert_eq!(out.is_empty(), format != "human", "{format}: prose among the findings");
    }
}

#[test]
fn all_faults_of_one_file_are_reported_at_once() {
    let (_, arguments) =
        all_cases().into_iter().find(|(name, _)| name == "all-at-once").expect("the case");
    let found = codes("all-at-once", &arguments);
    let count = |code: &str| found.iter().filter(|(found, _)| found == code).count();
    assert_eq!((count("unknown-field"), count("bad-date"), found.len()), (5, 3, 8), "{found:?}");
}

#[test]
fn what_cannot_be_read_is_one_sentence_and_code_2() {
    for arguments in [
        ["check", "no-such-folder"].as_slice(),
        &["check", "good/hosts.toml/x"],
        &["check", "good/example/README.md"],
        &["lock", "--responses", "no-such-folder"],
        &["lock", "--responses", "good/hosts.toml"],
        &["check", "--explain", "no-such-rule"],
    ] {
        let (out, err, exit) = footnote(&cases(), arguments);
        assert_eq!((out.as_str(), err.lines().count(), exit), ("", 1, 2), "{arguments:?}: {err}");
        assert!(err.starts_with("error: ") && err.contains('`'), "{err}");
    }
}

#[test]
fn usage_errors_are_code_2() {
    for arguments in [
        ["check", "--format", "xml"].as_slice(),
        &["check", "--deny", "hints"],
        &["check", "--today", "tomorrow"],
        &["check", "--explain", "bad-toml", "good"],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(footnote(&cases(), arguments).2, 2, "{arguments:?}");
    }
}

#[test]
fn rules_explain_themselves() {
    for rule in rule::all() {
        let (out, _, exit) = footnote(&cases(), &["check", "--explain", rule.code.0]);
        assert_eq!(exit, 0);
        assert!(out.contains(rule.why), "{out}");
    }
}

/// A copy of a case that a test may change.
fn copy(name: &str) -> tempfile::TempDir {
    let target = tempfile::tempdir().expect("a folder");
    copy_folder(&cases().join(name), target.path());
    target
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a copy");
        }
    }
}

#[test]
fn paths_narrow_what_is_reported_and_not_what_is_read() {
    let folder = copy("good");
    let broken = folder.path().join("example/bridge-in-a-week.md");
    let text = fs::read_to_string(&broken).expect("the file");
    fs::write(&broken, text.replace("verdict =", "verdikt =")).expect("written");
    for (inside, path, count, exit) in [
        ("", ".", 1, 1),
        ("", "example", 1, 1),
        ("", "example/", 1, 1),
        ("", "./example", 1, 1),
        ("", "example/bridge-in-a-week.md", 1, 1),
        ("", "example/lake-froze.md", 0, 0),
        ("", "hosts.toml", 0, 0),
        ("example", ".", 1, 1),
        ("example", "..", 1, 1),
        ("example", "lake-froze.md", 0, 0),
        ("example", "../example/bridge-in-a-week.md", 1, 1),
    ] {
        let (out, err, found) =
            footnote(&folder.path().join(inside), &["check", path, "--format", "json"]);
        assert_eq!((out.lines().count(), found), (count, exit), "{path} in `{inside}`: {out}{err}");
    }
    // One finding is said once, however often its file is named.
    let (out, _, _) =
        footnote(folder.path(), &["check", ".", "example", "example", "--format", "json"]);
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[test]
fn lock_is_stable_prints_what_changed_and_leaves_broken_claims_alone() {
    let folder = copy("good");
    let path = folder.path();
    let lock = || fs::read_to_string(path.join("quotes.lock")).expect("the lock");
    let run = || footnote(path, &["lock", "--responses", "."]);
    let before = lock();

    let (out, _, exit) = run();
    assert_eq!((out.as_str(), exit), ("quotes.lock: 2 quotations, as it was\n", 0));
    assert_eq!(lock(), before);

    let claim = path.join("example/lake-froze.md");
    let text = fs::read_to_string(&claim).expect("the claim");
    fs::write(&claim, text.replace("a thin skin", "a thick skin")).expect("written");
    let (out, _, exit) = run();
    assert!(out.starts_with("changed: lake-froze [diary]\n  - ") && exit == 0, "{out}");
    assert_ne!(lock(), before);
    assert_eq!(footnote(path, &["check", "."]).2, 0);

    fs::write(&claim, text.replace("claim =", "claim")).expect("written");
    let changed = lock();
    let (out, _, exit) = run();
    assert!(out.contains("`lake-froze`") && exit == 1, "{out}");
    assert_eq!(lock(), changed);
    let left: Vec<_> = fs::read_dir(path)
        .expect("the folder")
        .filter(|entry| {
            let name = entry.as_ref().expect("an entry").file_name();
            name.to_string_lossy().starts_with('.')
        })
        .collect();
    assert!(left.is_empty(), "temporary files stay behind: {left:?}");
}

#[test]
fn what_is_no_file_or_too_large_is_reported_and_the_rest_read() {
    let folder = copy("good");
    fs::write(folder.path().join("example/large.md"), "x".repeat(300 * 1024)).expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", folder.path().join("example/dangling.md"))
        .expect("a link");
    let (out, _, exit) = footnote(folder.path(), &["check", ".", "--format", "json"]);
    assert!(out.contains("\"file-too-large\""), "{out}");
    #[cfg(unix)]
    assert!(out.contains("\"unreadable\""), "{out}");
    assert_eq!((out.lines().count(), exit), (if cfg!(unix) { 2 } else { 1 }, 1));
}

/// A thousand claims lock four thousand quotations, which is more than one claim may ever hold.
#[test]
fn what_all_claims_share_may_be_larger_than_one_of_them() {
    let folder = copy("good");
    let lock = folder.path().join("quotes.lock");
    let locked = fs::read_to_string(&lock).expect("a lock");
    fs::write(&lock, format!("{locked}{}", "# nobody\n".repeat(60_000))).expect("written");
    let (out, err, exit) = footnote(folder.path(), &["check", "."]);
    assert_eq!(exit, 0, "{out}{err}");
}

fn identity() -> Identity {
    Identity {
        id: ClaimId::new("lake-froze"),
        pack: "example".to_owned(),
        revision: Revision::new("0123456789abcdef").expect("a revision"),
    }
}

fn good() -> (Vec<u8>, Aliases) {
    let mut aliases = Aliases::default();
    aliases.add("ulmen", vec!["lake ulmen".to_owned()]);
    (fs::read(cases().join("good/example/lake-froze.md")).expect("the claim"), aliases)
}

/// Whatever the bytes: no panic, spans that can be shown, and no claim without its reasons.
fn check_parsed(bytes: &[u8], aliases: &Aliases) {
    let text = String::from_utf8_lossy(bytes);
    let mut files = Files::default();
    let file = files.add("example/lake-froze.md", text.as_ref());
    let parsed = parse(&text, file, identity(), aliases);
    for found in &parsed.diagnostics {
        assert!(render(found, &files, Format::Human, false).contains(found.code.0));
        assert!(text.get(found.span.start..found.span.end).is_some(), "{found:?}\n{text}");
    }
    let has_error = parsed.diagnostics.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(parsed.claim.is_none(), has_error, "{:?}\n{text}", parsed.diagnostics);
}

#[test]
fn a_file_cut_anywhere_is_read_without_panic() {
    let (bytes, aliases) = good();
    for length in 0..bytes.len() {
        check_parsed(&bytes[..length], &aliases);
    }
    // Every line left out, and every line alone below the first.
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    for left_out in 0..lines.len() {
        let rest: Vec<&[u8]> = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != left_out)
            .map(|(_, line)| *line)
            .collect();
        check_parsed(&rest.concat(), &aliases);
    }
}

/// Bytes that mean something to TOML or Markdown break more than any others.
const MARKS: &[u8] = b"\"'[]{}=#+\n\r|^*_`<>!-\\.,:~ \0";

proptest! {
    #[test]
    fn mangled_files_are_read_without_panic(
        edits in proptest::collection::vec((any::<usize>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let (mut bytes, aliases) = good();
        for (at, byte, what) in edits {
            let at = at % bytes.len().max(1);
            let byte = if byte < 128 { MARKS[usize::from(byte) % MARKS.len()] } else { byte };
            match what {
                0 => bytes.insert(at, byte),
                1 => drop(bytes.splice(at..(at + 1).min(bytes.len()), [byte])),
                2 => bytes.truncate(at.max(1)),
                _ => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
            }
        }
        check_parsed(&bytes, &aliases);
    }

    #[test]
    fn any_markdown_is_read_without_panic(body in "\\PC*|([*_`>#+^~|\\[\\]()!<-]|\n| |a|\\[\\^diary\\]|\\[\\^x\\]){0,60}") {
        let (bytes, aliases) = good();
        let text = String::from_utf8_lossy(&bytes);
        let front = text.split_inclusive("+++\n").take(2).collect::<String>();
        check_parsed(format!("{front}{body}").as_bytes(), &aliases);
    }
}
