//! The command line by running it: what programs and people build on.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot go on should stop"
)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with two claims that nobody ever made.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(TempDir::new().unwrap());
        let claim = |id: &str, action: &str, phrasing: &str, near_miss: &str| {
            folder.file(
                &format!("responses/invented/{id}.md"),
                &format!(
                    "+++\n\
                     claim = \"An invented claim about {id}.\"\n\
                     verdict = \"false\"\n\
                     evidence = \"consensus\"\n\
                     reason = \"It was invented for a test.\"\n\
                     action = \"{action}\"\n\
                     topics = [\"invented\"]\n\
                     phrasings = [\"{phrasing}\"]\n\
                     near_misses = [\"{near_miss}\"]\n\
                     published = 2026-11-22\n\
                     reviewed = 2026-11-22\n\n\
                     [[source]]\n\
                     key = \"book\"\n\
                     kind = \"secondary\"\n\
                     author = \"Nobody\"\n\
                     title = \"An Invented Book\"\n\
                     +++\n\
                     The record shows something else about {id}.[^book]\n\n\
                     ## Details\n\n\
                     More about it.[^book]\n"
                ),
            );
        };
        claim(
            "zorblax-walnut-treaty",
            "reply",
            "emperor zorblax signed the walnut treaty",
            "zorblax never signed the walnut treaty",
        );
        claim(
            "quendor-glass-bridges",
            "suggest",
            "the bridges of quendor were built of glass",
            "were the bridges of quendor built of glass?",
        );
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_footnote"));
        command.args(arguments).current_dir(self.0.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self.command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || {
            // A command that ends early closes the pipe, which is its right.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Ran::new(&output)
    }
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    fn objects(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

const TREATY: &str = "Emperor Zorblax signed the Walnut Treaty";

#[test]
fn one_message_is_answered_as_the_contract_says() {
    let folder = Folder::new();
    let ran = folder.run(&["match", "--format", "jsonl", TREATY], b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let keys = [
        r#"{"id":1,"decision":"reply","reason":"asserted","claim":"zorblax-walnut-treaty","score":"#,
        r#","assertion":"asserted","span":[0,40],"candidates":[{"claim":"zorblax-walnut-treaty","score":"#,
        r#","assertion":"asserted","phrasing":"emperor zorblax signed the walnut treaty"}]}"#,
    ];
    let mut rest = ran.out.as_str();
    for key in keys {
        let at = rest.find(key).unwrap_or_else(|| panic!("{key}\n{}", ran.out));
        assert!(rest[..at].bytes().all(|byte| byte.is_ascii_digit()), "{}", ran.out);
        rest = &rest[at + key.len()..];
    }
    assert_eq!(rest, "\n");
}

#[test]
fn silence_without_a_candidate_has_nulls() {
    let ran = Folder::new().run(&["match", "--format", "jsonl", "--", "hello there"], b"");
    assert_eq!(
        ran.out,
        "{\"id\":1,\"decision\":\"silent\",\"reason\":\"no-candidate\",\"claim\":null,\"score\":0,\
         \"assertion\":null,\"span\":null,\"candidates\":[]}\n"
    );
    assert_eq!(ran.code, 0);
}

#[test]
fn a_suggestion_has_a_moderators_channel_and_a_denial_its_candidate() {
    let folder = Folder::new();
    let lines = "The bridges of Quendor were built of glass\nNo, emperor Zorblax did not sign the walnut treaty\n";
    let ran = folder.run(&["match", "--format", "jsonl"], lines.as_bytes());
    let objects = ran.objects();
    assert_eq!(objects[0]["decision"], "suggest", "{}", ran.out);
    assert_eq!(objects[1]["decision"], "silent", "{}", ran.out);
    assert_eq!(objects[1]["claim"], "zorblax-walnut-treaty", "{}", ran.out);
}

#[test]
fn every_line_is_a_message_blank_ones_too() {
    let folder = Folder::new();
    let input = format!("\n{TREATY}\r\n\nlast without end");
    let ran = folder.run(&["match", "--format", "jsonl"], input.as_bytes());
    let ids: Vec<Value> = ran.objects().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(ran.objects()[1]["span"], serde_json::json!([0, 40]));
    let ran = folder.run(&["match"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
}

#[test]
fn spans_are_bytes_of_the_text_given() {
    let folder = Folder::new();
    for before in ["", "héllo 👩‍👩‍👧 — ", "𝔘𝔫𝔦 日本 \u{200b}", "> \n**", "\u{202e}"]
    {
        let text = format!("{before}{TREATY}, ünd so");
        let line = serde_json::json!({ "id": "x", "text": text }).to_string();
        let ran = folder.run(&["match", "--input", "jsonl", "--format", "jsonl"], line.as_bytes());
        let object = &ran.objects()[0];
        if before.starts_with('>') {
            continue;
        }
        let span: Vec<usize> = object["span"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| usize::try_from(at.as_u64().unwrap()).unwrap())
            .collect();
        let words = text.get(span[0]..span[1]).expect("on characters");
        assert!(words.contains("Zorblax signed"), "{words}");
    }
}

#[test]
fn ids_come_back_to_the_letter_and_faults_stand_in_their_place() {
    let folder = Folder::new();
    let input = b"{\"id\": {\"b\":[1.0, null], \"a\":\"\\u00e9\"}, \"text\": \"hi\"}\n\
        not json\n\
        {\"text\": \"hi\"}\n\
        {\"id\": 5}\n\
        \n\
        [1, \"hi\"]\n\
        {\"id\": null, \"text\": \"hi\"}\n\
        {\"id\": \"\xff\", \"text\": \"hi\"}\n\
        {\"id\": 123456789012345678901234567890, \"text\": \"hi\"}\n";
    let ran = folder.run(&["match", "--input", "jsonl", "--format", "jsonl"], input);
    assert_eq!(ran.code, 2, "{}", ran.out);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 9);
    for (at, id) in [
        (0, r#"{"b":[1.0, null], "a":"\u00e9"}"#),
        (2, "3"),
        (6, "null"),
        (8, "123456789012345678901234567890"),
    ] {
        assert!(lines[at].starts_with(&format!("{{\"id\":{id},\"decision\"")), "{}", lines[at]);
    }
    for at in [1, 3, 4, 5, 7] {
        assert!(lines[at].starts_with("{\"id\":null,\"error\":\""), "{}", lines[at]);
        let object: Value = serde_json::from_str(lines[at]).unwrap();
        assert_eq!(object.as_object().unwrap().len(), 2);
    }
}

#[test]
fn text_together_with_input_is_a_usage_error() {
    let folder = Folder::new();
    for arguments in [
        &["match", "--input", "jsonl", "text"][..],
        &["match", "--input", "text", "text"],
        &["match", "--format", "xml", "text"],
        &["match", "one", "two"],
        &["match", "--top", "-1", "text"],
        &["unknown"],
    ] {
        let ran = folder.run(arguments, b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
    let ran = folder.run(&["match", "--responses", "nowhere", "text"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("nowhere"), "{}", ran.err);
}

#[test]
fn the_number_of_candidates_changes_no_decision() {
    let folder = Folder::new();
    let one = |top: &str| {
        let ran = folder.run(&["match", "--format", "jsonl", "--top", top, TREATY], b"");
        ran.objects().remove(0)
    };
    let (none, many) = (one("0"), one("50"));
    assert_eq!(none["candidates"], serde_json::json!([]));
    for key in ["decision", "reason", "claim", "score", "assertion", "span"] {
        assert_eq!(none[key], many[key], "{key}");
    }
}

#[test]
fn explanations_are_words() {
    let folder = Folder::new();
    let ran = folder.run(&["match", "--explain", TREATY], b"");
    for words in ["reply (asserted)", "Closest phrasing: “emperor zorblax", "“Zorblax”"] {
        assert!(ran.out.contains(words), "{}", ran.out);
    }
    let ran = folder.run(&["match", "--explain", "--format", "jsonl", TREATY], b"");
    assert!(ran.objects()[0]["why"].as_str().unwrap().contains("asserts"), "{}", ran.out);
}

#[test]
fn broken_files_are_named_and_the_rest_answers() {
    let folder = Folder::new();
    folder.file("responses/invented/broken.md", "+++\nclaim = 7\n+++\n");
    let ran = folder.run(&["match", TREATY], b"");
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("reply"), "{}", ran.out);
    assert!(ran.err.contains("run `footnote check responses`"), "{}", ran.err);
}

#[test]
fn a_program_can_ask_and_wait_for_each_answer() {
    let folder = Folder::new();
    let mut child = folder.command(&["match", "--format", "jsonl"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for count in 1..=3 {
        writeln!(stdin, "{TREATY}").unwrap();
        stdin.flush().unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("{{\"id\":{count},")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let folder = Folder::new();
    let mut child = folder.command(&["match", "--format", "jsonl"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    drop(child.stdout.take());
    // More than pipes and buffers hold, so that the command must notice.
    let _ = stdin.write_all("words\n".repeat(50_000).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_line_without_end_is_refused_and_the_next_one_answered() {
    let folder = Folder::new();
    let mut input = vec![b'a'; 3 << 20];
    input.push(b'\n');
    input.extend_from_slice(TREATY.as_bytes());
    let ran = folder.run(&["match", "--format", "jsonl"], &input);
    let objects = ran.objects();
    assert_eq!(ran.code, 2);
    assert!(objects[0]["error"].as_str().unwrap().contains("longer than"), "{}", objects[0]);
    assert_eq!(objects[1]["id"], 2);
    assert_eq!(objects[1]["decision"], "reply");
}

#[test]
fn a_channel_in_a_pipe_is_the_same_every_time() {
    let folder = Folder::new();
    let lines = format!(
        "{TREATY}\n/press 1\n{TREATY}\n/reset\n/bla\n/mode suggest\n{TREATY}\n/mode off\nhi\n/why\n/quit\nnever\n"
    );
    let ran = folder.run(&["chat"], lines.as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, folder.run(&["chat"], lines.as_bytes()).out);
    insta::assert_snapshot!(ran.out, @r"
    ╭─ you: Emperor Zorblax signed the Walnut Treaty
    footnote  APP
      Not what the record shows
      The record shows something else about zorblax-walnut-treaty.[1]
      [1] Nobody, An Invented Book
      [ Quotes and sources ]  [ Full context ]  [ Not what I said ]
    footnote  APP
      Quotes and sources
      Claim: An invented claim about zorblax-walnut-treaty.

      [1] Nobody, An Invented Book
      secondary source; named only, no words are quoted from it
      only you can see this
    · silent: cooldown-claim. This claim was answered in this channel a short while ago. /reset forgets what was said
    forgotten: no cooldown holds
    there is no /bla; /help lists what there is
    mode suggest: moderators are asked first
    in the moderators' channel
    footnote  APP
      you: Emperor Zorblax signed the Walnut Treaty
      zorblax-walnut-treaty may answer this. Post it?
      │ Not what the record shows
      │ The record shows something else about zorblax-walnut-treaty.[1]
      │ [1] Nobody, An Invented Book
      [ Post ]  [ Not now ]
    mode off: nothing is read
    · silent: off; /mode reply switches it on
    Silent: footnote is switched off in this channel and reads nothing here.
    ");
}

#[test]
fn buttons_and_deletion_take_a_reply_away() {
    let folder = Folder::new();
    let lines =
        format!("{TREATY}\n/press 2\n/press 3\n/press 1\n/reset\n{TREATY}\n/delete\n/press 1\n");
    let ran = folder.run(&["chat"], lines.as_bytes());
    for words in ["Full context", "the reply is gone", "the reply went with it"] {
        assert!(ran.out.contains(words), "{words}\n{}", ran.out);
    }
    assert_eq!(ran.out.matches("there is no reply with buttons").count(), 2, "{}", ran.out);
}

/// A public store of three claims and as many queries, one of which is about nothing.
fn store(folder: &Folder) -> [String; 3] {
    [
        folder.file(
            "claims.tsv",
            "Z_one\tEmperor Zorblax signed the walnut treaty.\tZorblax and the Walnuts\n\
             A_two\tThe bridges of Quendor were built of glass.\n\
             M_three\tThe lighthouse of Farnook burned for ninety years.\tFarnook\n",
        ),
        folder.file(
            "queries.tsv",
            "q1\temperor zorblax signed the walnut treaty lol\n\
             q2\tthe bridges of quendor were built of glass\n\
             q3\thm\n",
        ),
        folder.file("qrels.tsv", "q1\tZ_one\nq2\tA_two\nq3\tM_three\n"),
    ]
}

#[test]
fn a_run_lists_every_query() {
    let folder = Folder::new();
    let [claims, queries, qrels] = store(&folder);
    let ran = folder.run(&["eval", "rank", "--claims", &claims, "--queries", &queries], b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines: Vec<Vec<&str>> = ran.out.lines().map(|line| line.split(' ').collect()).collect();
    for line in &lines {
        assert!(line.len() == 6 && line[1] == "Q0" && line[5] == "footnote", "{line:?}");
    }
    let first = |query: &str| lines.iter().find(|line| line[0] == query && line[3] == "1").unwrap();
    assert_eq!(first("q1")[2], "Z_one");
    assert_eq!(first("q2")[2], "A_two");
    // Nothing was found: the tie at 0 begins with the first id.
    assert_eq!(first("q3")[2..5], ["A_two", "1", "0.000000"]);

    let run = folder.file("run.trec", &ran.out);
    let measured = folder.run(
        &[
            "eval",
            "rank",
            "--claims",
            &claims,
            "--queries",
            &queries,
            "--qrels",
            &qrels,
            "--format",
            "json",
            "--against",
            &run,
        ],
        b"",
    );
    let object: Value = serde_json::from_str(&measured.out).unwrap();
    assert_eq!(object["queries"], 3);
    let map = object["map_at_5"]["value"].as_f64().unwrap();
    assert!((map - 2.0 / 3.0).abs() < 1e-9, "{map}");
    assert_eq!(object["gain"]["map_at_5"]["value"], 0.0);
}

#[test]
fn decisions_are_counted_by_kind_and_by_file() {
    let folder = Folder::new();
    let messages = folder.file(
        "messages.tsv",
        "zorblax-walnut-treaty\tplain\temperor zorblax signed the walnut treaty\n\
         quendor-glass-bridges|other\tplain\tthe bridges of quendor were built of glass\n\
         zorblax-walnut-treaty\tlong\tnothing of it\n\
         -\tdebunk:zorblax-walnut-treaty\tzorblax never signed the walnut treaty\n\
         -\tunrelated\thello\\nthere\n",
    );
    let negatives = folder.file("calm.txt", "hello\n\nthere\n");
    let arguments = [
        "eval",
        "decide",
        "--responses",
        "responses",
        "--messages",
        &messages,
        "--negatives",
        &negatives,
        "--format",
        "json",
    ];
    let ran = folder.run(&arguments, b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let object: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(object["all"]["right"], 2, "{}", ran.out);
    assert_eq!(object["all"]["missed"], 1);
    assert_eq!(object["all"]["false"], 0);
    assert_eq!(object["kinds"]["debunk"]["quiet"], 1);
    assert_eq!(object["negatives"][0]["messages"], 3);
    assert_eq!(object["negatives"][0]["file"], "calm");

    let count = |half: &str| {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--half", half]);
        let object: Value = serde_json::from_str(&folder.run(&arguments, b"").out).unwrap();
        object["all"]["messages"].as_u64().unwrap()
    };
    assert_eq!(count("tune") + count("check"), 5);
    let table = folder.run(&arguments[..6], b"").out;
    assert!(table.contains("precision") && table.contains("unrelated"), "{table}");
}

#[test]
fn a_public_store_is_decided_at_two_rates() {
    let folder = Folder::new();
    let [claims, queries, qrels] = store(&folder);
    let negatives = folder.file("calm.txt", &"hello\n".repeat(20));
    let ran = folder.run(
        &[
            "eval",
            "decide",
            "--claims",
            &claims,
            "--queries",
            &queries,
            "--qrels",
            &qrels,
            "--negatives",
            &negatives,
            "--format",
            "json",
        ],
        b"",
    );
    let object: Value = serde_json::from_str(&ran.out).unwrap();
    let rates: Vec<&Value> =
        object["rates"].as_array().unwrap().iter().map(|rate| &rate["per_ten_thousand"]).collect();
    assert_eq!(rates, [1, 10]);
    let right = object["rates"][0]["right"]["value"].as_f64().unwrap();
    assert!((right - 2.0 / 3.0).abs() < 1e-9, "{}", ran.out);
    assert_eq!(object["rates"][0]["threshold"], 0);
}

#[test]
fn an_answer_is_judged_once() {
    let folder = Folder::new();
    let [claims, queries, qrels] = store(&folder);
    let says_it = "emperor zorblax signed the walnut treaty lol";
    let negatives = folder.file("calm.txt", &format!("hello\n{says_it}\n"));
    let decide = |verdicts: &str| {
        let verdicts = folder.file("judged.tsv", verdicts);
        let files = ["--claims", &claims, "--queries", &queries, "--qrels", &qrels];
        let judged = ["--negatives", &negatives, "--adjudications", &verdicts, "--format", "json"];
        folder.run(&[&["eval", "decide"][..], &files, &judged].concat(), b"")
    };
    let false_replies = |out: &str| {
        let object: Value = serde_json::from_str(out).unwrap();
        object["negatives"][0]["false_replies"].as_u64().unwrap()
    };
    let ran = decide("# nothing yet\n");
    assert_eq!(false_replies(&ran.out), 1);
    assert!(
        ran.err.contains("not judged: fdb4a3836d46aa9b Z_one") && ran.err.contains(says_it),
        "{}",
        ran.err
    );
    for (verdict, left) in [("right", 0), ("false", 1)] {
        let ran = decide(&format!("fdb4a3836d46aa9b\tZ_one\t{verdict}\tit says so\n"));
        assert_eq!((false_replies(&ran.out), ran.err.as_str()), (left, ""), "{verdict}");
    }
}

#[test]
fn the_usual_ways_rank_as_well() {
    let folder = Folder::new();
    let [claims, queries, qrels] = store(&folder);
    let files = ["--claims", &claims, "--queries", &queries, "--qrels", &qrels];
    for (by, typos) in [("bm25", "0"), ("bm25-trigrams", "0"), ("bm25-trigrams", "1")] {
        let how = ["--by", by, "--typos", typos];
        let ran = folder.run(&[&["eval", "rank"][..], &files, &how].concat(), b"");
        let first = |query: &str, claim: &str| {
            let line = format!("{query} Q0 {claim} 1 ");
            ran.out.lines().any(|at| at.starts_with(&line) && at.ends_with(&format!(" {by}")))
        };
        assert!(first("q1", "Z_one") && first("q2", "A_two"), "{by}: {}", ran.out);
    }
}

#[test]
fn faults_in_labelled_files_are_all_named() {
    let folder = Folder::new();
    let claims = folder.file("claims.tsv", "a\tb\nbroken\n");
    let queries = folder.file("queries.tsv", "q\tr\nq\ts\n");
    let ran = folder.run(&["eval", "rank", "--claims", &claims, "--queries", &queries], b"");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let told: Vec<&str> = ran.err.lines().collect();
    assert_eq!(told.len(), 2, "{}", ran.err);
    assert!(told[0].contains("claims.tsv:2: ") && told[1].contains("queries.tsv:2: "));
    for arguments in [
        &["eval", "decide"][..],
        &["eval", "decide", "--messages", "f"],
        &["eval", "decide", "--claims", "f"],
        &["eval", "rank", "--claims", "f", "--queries", "f", "--format", "json"],
        &["eval", "decide", "--claims", "f", "--queries", "f", "--qrels", "f", "--half", "tune"],
    ] {
        assert_eq!(folder.run(arguments, b"").code, 2, "{arguments:?}");
    }
}

/// Neither `match` nor `chat` may touch the store or want a token: they run beside a running bot.
#[test]
fn nothing_is_written_beside_the_responses() {
    let folder = Folder::new();
    folder.run(&["match", TREATY], b"");
    folder.run(&["chat"], TREATY.as_bytes());
    let names: Vec<String> = fs::read_dir(Path::new(folder.0.path()))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["responses"]);
}
