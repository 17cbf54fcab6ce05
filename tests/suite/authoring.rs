//! What authors work with: a claim begun with `new`, diagnostics on save, and what editors are told of the fields.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::{env, fs};

use footnote::cli::schema::{What, text};
use footnote::content::load::load;
use footnote::content::parse::{Identity, parse};
use footnote::content::schema::{CLAIM, CORRECTION, QUOTE, SOURCE};
use footnote::model::claim::{ClaimId, Revision};
use footnote::model::phrasing::Aliases;
use footnote::model::span::Files;
use serde_json::{Map, Value};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn footnote(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footnote"));
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    footnote(folder, arguments).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn begun(arguments: &[&str]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("responses/lakes")).unwrap();
    let mut all = vec!["new", "lakes/lake-froze"];
    all.extend(arguments);
    let ran = run(folder.path(), &all);
    assert!(ran.status.success(), "{}", words(&ran.stderr));
    let path = folder.path().join("responses/lakes/lake-froze.md");
    (folder, path)
}

#[test]
fn a_claim_that_is_begun_lacks_nothing_but_what_is_marked() {
    let whole = [
        "--claim",
        "The lake froze over in 1702.",
        "--verdict",
        "false",
        "--evidence",
        "consensus",
        "--reason",
        "Nobody \"saw\" it; it's in no diary \\ register.",
        "--action",
        "reply",
        "--phrasing",
        "the lake froze over in 1702",
        "--near-miss",
        "did the lake freeze over in 1702?",
    ];
    for (arguments, marks) in [(&[][..], 20), (&whole[..], 10)] {
        let (folder, path) = begun(arguments);
        let ran = run(folder.path(), &["check", "--format", "json"]);
        let found: Vec<Value> =
            words(&ran.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for found in &found {
            assert_eq!(
                found["code"],
                "todo-left",
                "{found}\n{}",
                fs::read_to_string(&path).unwrap()
            );
        }
        assert!(found.len() >= marks, "{} marks", found.len());
        assert_eq!(ran.status.code(), Some(1));
        let text = fs::read_to_string(&path).unwrap();
        for value in arguments.chunks(2).map(|pair| pair[1]).filter(|value| !value.contains('"')) {
            assert!(text.contains(value), "{value}\n{text}");
        }
    }
}

#[test]
fn what_stands_there_is_never_written_over() {
    let (folder, path) = begun(&[]);
    fs::write(&path, "mine").unwrap();
    let ran = run(folder.path(), &["new", "lakes/lake-froze"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(words(&ran.stderr).contains("exists already"), "{}", words(&ran.stderr));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_name_that_is_none_comes_with_one_that_is() {
    let (folder, _) = begun(&[]);
    for (arguments, expected) in [
        (&["new", "lakes/The Lake_Froze!"][..], "`the-lake-froze` would be one"),
        (&["new", "../lake"], "is no name"),
        (&["new", "lake-thawed"], "there are lakes"),
        (
            &["new", "lake-thawed", "--pack", "lakes", "--verdict", "wrong"],
            "possible values: false",
        ),
    ] {
        let ran = run(folder.path(), arguments);
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        assert!(words(&ran.stderr).contains(expected), "{}", words(&ran.stderr));
    }
    // Of a claim that can be read the id is known in every pack.
    let example = fs::read_to_string(root().join("tests/cases/draft/example/lake-froze.md"));
    fs::write(
        folder.path().join("responses/lakes/lake-froze.md"),
        example.unwrap().replace("{ulmen}", "lake ulmen"),
    )
    .unwrap();
    let ran = run(folder.path(), &["new", "rivers/lake-froze"]);
    assert!(words(&ran.stderr).contains("in the pack `lakes` already"), "{}", words(&ran.stderr));
}

#[test]
fn a_claim_is_tried_on_messages_and_told_what_to_add() {
    let folder = TempDir::new().unwrap();
    let claim = fs::read_to_string(root().join("tests/cases/draft/example/lake-froze.md")).unwrap();
    let claim = claim.replace("{ulmen}", "lake ulmen");
    fs::create_dir_all(folder.path().join("responses/lakes")).unwrap();
    fs::write(folder.path().join("responses/lakes/lake-froze.md"), claim).unwrap();
    let messages = "did lake ulmen freeze over in the summer of 1702, or not?\n\
                    nice weather today\n\n\
                    lake ulmen froze over in the summer of 1702\n\
                    + They skated on Ulmen's ice that summer.\n\
                    - lake ulmen froze over in summer 1702\n";
    fs::write(folder.path().join("messages"), messages).unwrap();
    let ran = run(folder.path(), &["try", "lake-froze", "messages"]);
    let out = words(&ran.stdout);
    assert_eq!(ran.status.code(), Some(1), "{out}{}", words(&ran.stderr));
    // Scores move whenever matching is tuned.
    let scoreless: Vec<String> = out
        .lines()
        .map(|line| {
            let rest = line.trim_start_matches(['!', ' ']).trim_start_matches(char::is_numeric);
            if rest.starts_with("  ") { format!("{}{rest}", &line[..1]) } else { line.to_owned() }
        })
        .collect();
    let expected = [
        "!  lake ulmen froze over in summer 1702",
        "   lake ulmen froze over in the summer of 1702",
        "!  They skated on Ulmen's ice that summer.",
        "   did lake ulmen freeze over in the summer of 1702, or not?  (The message asks about the claim and does not assert it.)",
        "   nice weather today",
        "to `phrasings`, where it asserts the claim standing alone:",
        "  \"they skated on ulmen's ice that summer\",  # catches 1 more",
        "to `near_misses`, which then stay silent or say so:",
        "  \"lake ulmen froze over in summer 1702\",  # is caught",
        "  \"did lake ulmen freeze over in the summer of 1702, or not?\",  # asked",
        "5 messages: 2 caught, 2 not as marked",
    ];
    let shown: Vec<&String> = scoreless.iter().filter(|l| !l.ends_with("is needed:")).collect();
    assert_eq!(shown, expected, "{out}");

    for (arguments, expected) in [
        (["try", "lake-thawed", "messages"], "is called `lake-thawed`"),
        (["try", "lake-froze", "nowhere"], "`nowhere` cannot be read"),
    ] {
        let ran = run(folder.path(), &arguments);
        assert_eq!(ran.status.code(), Some(2));
        assert!(words(&ran.stderr).contains(expected), "{}", words(&ran.stderr));
    }
}

/// Ends the child with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_is_saved_is_checked_again() {
    let (folder, path) = begun(&["--claim", "The lake froze over in 1702."]);
    // Beside it a claim with a finding that only trying it brings, which stays though it is not tried again.
    let beside = fs::read_to_string(root().join("tests/cases/draft/example/lake-froze.md"));
    let beside = beside.unwrap().replace("{ulmen}", "lake ulmen");
    fs::write(folder.path().join("responses/lakes/a-pond.md"), beside).unwrap();
    let child = footnote(folder.path(), &["check", "--watch", "--format", "human"]).spawn();
    let mut running = Running(child.unwrap());
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut round = || -> Vec<String> {
        let mut seen = Vec::new();
        for line in lines.by_ref() {
            let ends = line.starts_with("2 claims, ");
            seen.push(line);
            if ends {
                break;
            }
        }
        seen
    };
    let first = round();
    assert_eq!(first.first().map(String::as_str), Some("checking …"));
    assert!(!first.iter().any(|line| line.contains("bad-toml")), "{first:?}");

    let whole = fs::read_to_string(&path).unwrap();
    // As editors save: another file takes the name.
    let save = |text: &str| {
        let beside = folder.path().join("saved");
        fs::write(&beside, text).unwrap();
        fs::rename(&beside, &path).unwrap();
    };
    save(&whole.replace("status = \"draft\"", "status = \"draught\""));
    let second = round();
    assert!(second.iter().any(|line| line.contains("`status` cannot be `draught`")), "{second:?}");
    assert!(second.iter().any(|line| line.contains("phrasing-unanswered")), "{second:?}");

    save(&whole);
    let third = round();
    assert_eq!(third, first);
}

#[test]
fn a_finding_is_one_line_where_an_editor_asks() {
    let (folder, _) = begun(&[]);
    let ran = run(folder.path(), &["check", "--format", "short"]);
    let out = words(&ran.stdout);
    assert!(
        out.starts_with("responses/lakes/lake-froze.md:2:10: error[todo-left]: something is still to be written; "),
        "{out}"
    );
    assert!(out.lines().all(|line| line.contains("error[todo-left]: ")), "{out}");
    let task = fs::read_to_string(root().join(".vscode/tasks.json")).unwrap();
    assert!(task.contains("check --watch --format short"));
}

/// What a clone's editors read is what the program prints.
#[test]
fn the_committed_schemas_are_current() {
    for (name, what) in [
        ("docs/schema/claim.json", What::Claim),
        ("docs/schema/aliases.json", What::Aliases),
        ("docs/schema/hosts.json", What::Hosts),
        (".vscode/footnote.code-snippets", What::Snippets),
    ] {
        let path = root().join(name);
        if env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
            fs::write(&path, text(what)).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text(what), "{name} is stale: UPDATE_CASES=1 writes it");
    }
}

/// TOML as JSON, dates as the strings that editors make of them.
fn json(toml: toml::Value) -> Value {
    match toml {
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
    }
}

fn front_matter(text: &str) -> Value {
    json(toml::from_str(text.split("+++\n").nth(1).unwrap()).unwrap())
}

fn schema(what: What) -> (Value, jsonschema::Validator) {
    let schema: Value = serde_json::from_str(&text(what)).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    (schema, validator)
}

#[test]
fn every_shipped_file_is_what_the_schema_says() {
    let loaded = load(&root().join("responses")).unwrap();
    let mut seen = 0;
    for (_, file) in loaded.files.iter() {
        let (value, what) =
            if Path::new(&file.path).extension().is_some_and(|ending| ending == "md") {
                (front_matter(&file.text), What::Claim)
            } else if file.path.ends_with("aliases.toml") {
                (json(toml::from_str(&file.text).unwrap()), What::Aliases)
            } else if file.path.ends_with("hosts.toml") {
                (json(toml::from_str(&file.text).unwrap()), What::Hosts)
            } else {
                continue;
            };
        let (_, validator) = schema(what);
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.path);
        seen += 1;
    }
    assert!(seen > 50, "{seen} files");
}

#[test]
fn the_schema_refuses_what_the_parser_refuses() {
    let (_, validator) = schema(What::Claim);
    let whole = fs::read_to_string(root().join("tests/cases/draft/example/lake-froze.md")).unwrap();
    assert!(validator.is_valid(&front_matter(&whole)));
    for (written, instead) in [
        ("verdict = \"misleading\"", "verdict = \"wrong\""),
        ("verdict = \"misleading\"\n", ""),
        ("status = \"draft\"", "state = \"draft\""),
        ("status = \"draft\"", "threshold = 1001"),
        ("status = \"draft\"", "cooldown = \"soon\""),
        ("reason = \"A thin sheet of ice is recorded for one night in spring.\"", "reason = \" \""),
        ("key = \"diary\"\n", ""),
        ("checked = \"excerpt-read\"", "checked = \"remembered\""),
    ] {
        let broken = whole.replacen(written, instead, 1);
        assert_ne!(broken, whole, "{written}");
        assert!(!validator.is_valid(&front_matter(&broken)), "{instead}");
        assert!(!found(&broken).is_empty(), "{instead}");
    }
}

/// The codes of what the parser finds in a text.
fn found(text: &str) -> Vec<&'static str> {
    let mut files = Files::default();
    let file = files.add("a.md", text);
    let identity = Identity {
        id: ClaimId::new("lake-froze"),
        pack: "lakes".to_owned(),
        revision: Revision::new("0123456789").unwrap(),
    };
    let mut aliases = Aliases::default();
    aliases.add("ulmen", vec!["lake ulmen".to_owned()]);
    parse(text, file, identity, &aliases).diagnostics.into_iter().map(|d| d.code.0).collect()
}

#[test]
fn the_schema_has_the_fields_that_the_parser_knows_and_no_others() {
    let (schema, _) = schema(What::Claim);
    let below = |value: &Value, path: &str| -> Map<String, Value> {
        value.pointer(path).unwrap().as_object().unwrap().clone()
    };
    let claim = below(&schema, "/properties");
    let source = below(&schema, "/properties/source/items/properties");
    let quote = below(&schema, "/properties/source/items/properties/quote/items/properties");
    let correction = below(&schema, "/properties/correction/items/properties");
    assert!(claim.len() > 15 && source.len() > 10 && quote.len() > 3 && correction.len() > 2);
    let mut names: BTreeSet<String> = BTreeSet::new();
    for fields in [&claim, &source, &quote, &correction] {
        names.extend(fields.keys().cloned());
    }
    for table in [CLAIM, SOURCE, QUOTE, CORRECTION] {
        names.extend(table.fields.iter().map(|field| field.name.to_owned()));
    }
    // Each name at each place: the parser knows it there just where the schema does.
    for (heading, fields) in [
        ("", &claim),
        ("[[source]]\n", &source),
        ("[[source]]\n[[source.quote]]\n", &quote),
        ("[[correction]]\n", &correction),
    ] {
        for name in &names {
            let text = format!("+++\n{heading}{name} = false\n+++\nText.\n");
            let refused =
                found(&text).iter().any(|code| ["unknown-field", "misplaced-field"].contains(code));
            assert_eq!(!refused, fields.contains_key(name), "{heading}{name}");
        }
    }
}
