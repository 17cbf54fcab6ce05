//! What README.md and its siblings say, held against the program: the picture, the commands, the example, the links.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot go on should stop"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const DOCUMENTS: [&str; 5] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "PRIVACY.md"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn footnote(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_footnote"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The text between each `open` and the next `close` behind it.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).map(|rest| rest.split(close).next().unwrap()).collect()
}

/// Words only: where a drawing breaks its lines does not matter.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Drops everything between `open` and `close`.
fn without(text: &str, open: char, close: char) -> String {
    let mut inside = false;
    text.chars()
        .filter(|c| {
            let was_inside = inside;
            inside = if *c == open { true } else { inside && *c != close };
            !was_inside && !inside
        })
        .collect()
}

/// Lines of commands in `console` blocks.
fn commands(document: &str) -> Vec<&str> {
    let blocks = between(document, "```console\n", "```");
    blocks.into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_picture_shows_what_chat_says() {
    let picture = document("docs/exchange.svg");
    let drawn: Vec<String> = between(&picture, "<text", "</text>")
        .into_iter()
        .map(|text| without(&text[text.find('>').unwrap() + 1..], '<', '>'))
        .collect();
    let message = drawn[1].clone();
    let drawn = words(&drawn.join(" "));

    let output = footnote(&root(), &["chat"], &format!("{message}\n"));
    let said = String::from_utf8(output.stdout).unwrap();
    let (content, buttons) = said.trim_end().rsplit_once('\n').unwrap();
    // Addresses hide behind the titles in Discord.
    let content: String =
        content.lines().skip(2).map(|line| without(line, '<', '>') + " ").collect();
    let content = words(&content).replace(" ,", ",");
    assert!(content.len() > 300, "chat does not answer `{message}`: {said}");
    assert!(drawn.contains(&content), "drawn: {drawn}\nsaid: {content}");
    for button in between(buttons, "[ ", " ]") {
        assert!(drawn.contains(button), "{button}");
    }
}

#[test]
fn readme_begins_with_the_chat_and_the_tests() {
    let readme = document("README.md");
    assert_eq!(commands(&readme)[..2], ["cargo run -- chat", "cargo test"]);
    assert!(document(".ci/run").lines().any(|line| line.starts_with("cargo test")));
}

#[test]
fn every_command_that_is_printed_exists() {
    let mut seen = 0;
    for name in DOCUMENTS {
        let text = document(name);
        for line in commands(&text) {
            let Some((_, ours)) = line.split_once(" run ") else { continue };
            let Some((_, ours)) = ours.split_once("-- ") else { continue };
            // "eval decide --half ..." has its flags in the help of `eval decide`.
            let named = ours.split(' ').take_while(|word| !word.starts_with(['-', '"']));
            let asked: Vec<&str> = named.chain(["--help"]).collect();
            let output = footnote(&root(), &asked, "");
            assert!(output.status.success(), "{name}: {line}");
            let help = String::from_utf8(output.stdout).unwrap();
            for flag in ours.split(' ').filter(|word| word.starts_with("--")) {
                assert!(help.contains(flag), "{name}: {line}: {flag}");
            }
            seen += 1;
        }
    }
    assert!(seen > 5, "no commands were found");
}

#[test]
fn the_example_for_authors_is_whole() {
    let text = document("CONTRIBUTING.md");
    let example = between(&text, "```markdown\n", "```")[0];
    let folder = tempfile::TempDir::new().unwrap();
    let responses = folder.path().join("responses");
    fs::create_dir_all(responses.join("lakes")).unwrap();
    for list in ["aliases.toml", "hosts.toml"] {
        fs::copy(root().join("responses").join(list), responses.join(list)).unwrap();
    }
    fs::write(responses.join("lakes/lake-froze.md"), example).unwrap();
    for arguments in [&["lock"][..], &["check", "responses", "--deny", "warnings"]] {
        let output = footnote(folder.path(), arguments, "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let mut seen = 0;
    for name in DOCUMENTS {
        for target in between(&document(name), "](", ")") {
            if !target.contains("://") {
                seen += 1;
                assert!(root().join(target).exists(), "{name}: {target}");
            }
        }
    }
    assert!(seen > 5, "no links were found");
}
