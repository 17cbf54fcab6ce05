//! `footnote links` against a server on this machine that misbehaves in every way that servers do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod server;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use self::server::{Server, babbler, closed};
use crate::support::fake::Fake;

/// A folder with one claim whose sources have these addresses; some with lines of their own.
fn folder(addresses: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("responses/lakes")).unwrap();
    let mut file = "+++\nclaim = \"The lake froze over in 1702.\"\nverdict = \"false\"\n\
        evidence = \"consensus\"\nreason = \"The diary has open water.\"\naction = \"reply\"\n\
        phrasings = [\"the lake froze over in 1702\"]\nnear_misses = [\"did it freeze?\"]\n\
        published = 2026-01-10\nreviewed = 2026-01-10\n"
        .to_owned();
    for (number, (url, more)) in addresses.iter().enumerate() {
        let _ = write!(
            file,
            "\n[[source]]\nkey = \"s{number}\"\nkind = \"primary\"\ntitle = \"Source {number}\"\n\
             url = \"{url}\"\nlink_reason = \"a test\"\n{more}"
        );
    }
    file.push_str("+++\nThe diary has open water.[^s0]\n");
    fs::write(folder.path().join("responses/lakes/froze.md"), file).unwrap();
    folder
}

/// Nothing waits for long, and nobody is asked for copies unless a test says so.
const QUICK: [&str; 6] = ["--pause", "0", "--longest-wait", "0", "--timeout", "1"];

fn command(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footnote"));
    command.arg("links").args(arguments).current_dir(folder.path());
    // Whatever stands between this machine and the web, nothing stands between it and itself.
    command.env("NO_PROXY", "127.0.0.0/8");
    if !arguments.contains(&"--archive-api") {
        command.args(["--archive-api", "off"]);
    }
    command
}

fn links(folder: &TempDir, arguments: &[&str]) -> Output {
    command(folder, arguments).args(QUICK).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The objects of `--format json`, by their address.
fn found(output: &Output) -> BTreeMap<String, Value> {
    let lines = said(output);
    let objects = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    objects.map(|one| (one.get("url").unwrap().as_str().unwrap().to_owned(), one)).collect()
}

#[test]
fn each_way_to_misbehave_is_told_by_its_name() {
    let server = Server::start();
    let door = Fake::start().door();
    let strange = format!("https://{}/", door.address());
    let (babbler, closed) =
        (format!("http://{}/", babbler()), format!("http://{}/", closed([127, 0, 0, 1])));
    let rows: Vec<(String, &str, &str)> = [
        ("/fine", "fine", "answers"),
        ("/pdf", "fine", "answers"),
        ("/no-head", "fine", "answers"),
        ("/lying-head", "fine", "answers"),
        ("/failing-head", "fine", "answers"),
        ("/moved", "moved", "/fine"),
        ("/moved-twice", "moved", "/fine"),
        ("/elsewhere-today", "fine", "answers"),
        ("/elsewhere-today-then-moved", "fine", "answers"),
        ("/gone", "gone", "(404)"),
        ("/gone-too", "gone", "(410)"),
        ("/soft", "looks-gone", "its <title> says `404 - page not found`"),
        ("/home", "looks-gone", "first page of a site"),
        ("/loop", "redirects", "on and on"),
        ("/nowhere", "redirects", "nowhere (302"),
        ("/failing", "failing", "(503)"),
        ("/failing-twice", "fine", "answers"),
        ("/silent", "timeout", "in time"),
        ("/forbidden", "refused", "(403): open it by hand"),
        ("/breaks-off", "unreachable", "cannot be reached"),
        ("/endless", "fine", "answers"),
    ]
    .into_iter()
    .map(|(path, outcome, says)| (server.at(path), outcome, says))
    .chain([
        (strange, "certificate", "certificate"),
        (babbler, "unreachable", "cannot be reached"),
        (closed, "unreachable", "refused"),
    ])
    .collect();
    let addresses: Vec<_> = rows.iter().map(|(url, ..)| (url.as_str(), "")).collect();
    let folder = folder(&addresses);
    let output = links(&folder, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    let found = found(&output);
    assert_eq!(found.len(), rows.len());
    let told_wrongly: Vec<_> = rows
        .iter()
        .filter(|(url, outcome, says)| {
            let one = &found[url];
            one["outcome"] != *outcome || !one["message"].as_str().unwrap().contains(says)
        })
        .map(|(url, ..)| &found[url])
        .collect();
    assert!(told_wrongly.is_empty(), "{told_wrongly:#?}");
    assert_eq!(found[&server.at("/moved-twice")]["moved_to"], server.at("/fine"));
    let seen = &server.seen;
    // What is no page is not fetched, what fails is tried three times, and what is gone once.
    assert_eq!(seen.count(" /pdf"), 1);
    assert_eq!(seen.count("GET 127.0.0.1 /failing"), 3);
    assert_eq!(seen.count("GET 127.0.0.1 /gone"), 1);
    // Reasons of a line of its own: where it stands.
    let soft = &found[&server.at("/soft")];
    assert_eq!(soft["file"], "responses/lakes/froze.md");
    let text = fs::read_to_string(folder.path().join("responses/lakes/froze.md")).unwrap();
    let line = usize::try_from(soft["line"].as_u64().unwrap()).unwrap();
    assert!(text.lines().nth(line - 1).unwrap().contains("/soft"), "{soft:#}");
}

#[test]
fn a_second_run_asks_only_what_is_stale_or_may_have_passed() {
    let server = Server::start();
    let urls = ["/fine", "/gone", "/failing"].map(|path| server.at(path));
    let folder = folder(&urls.each_ref().map(|url| (url.as_str(), "")));
    let first = links(&folder, &[]);
    assert_eq!(first.status.code(), Some(1));
    assert!(said(&first).ends_with("3 addresses, 3 asked now: 1 failing, 1 fine, 1 gone\n"));
    server.seen.take();
    let second = links(&folder, &[]);
    assert_eq!(second.status.code(), Some(1), "what was found stays found");
    assert!(said(&second).ends_with("3 addresses, 1 asked now: 1 failing, 1 fine, 1 gone\n"));
    let asked = server.seen.take();
    assert!(asked.iter().all(|asked| asked.ends_with(" /failing")), "{asked:?}");
    // Found long ago, it is asked again.
    let cache = folder.path().join("data/links.json");
    let mut kept: Value = serde_json::from_slice(&fs::read(&cache).unwrap()).unwrap();
    kept["seen"][&urls[0]]["at"] = json!(1_000_000_000);
    fs::write(&cache, kept.to_string()).unwrap();
    links(&folder, &[]);
    assert_eq!(server.seen.count(" /gone"), 0);
    assert!(server.seen.count(" /fine") > 0);
    server.seen.take();
    links(&folder, &["--fresh", "0"]);
    assert!(server.seen.count(" /gone") > 0, "all are asked");
    // A cache that cannot be read costs nothing but time.
    fs::write(&cache, "{").unwrap();
    let again = links(&folder, &[]);
    assert!(complaint(&again).contains("is no cache of addresses"), "{}", complaint(&again));
    assert!(said(&again).contains("3 asked now"));
}

/// The page at one host is held until a long chain at another host was followed to its end: the second
/// address of the first host has all that time to be asked, and must not be.
#[test]
fn hosts_are_asked_side_by_side_and_each_for_one_address_at_a_time() {
    let server = Server::start();
    let port = server.address.port();
    let held = server.at("/waits-for-the-chain");
    let next = server.at("/x-next");
    let chain = format!("http://127.0.0.2:{port}/chain?8");
    let folder = folder(&[(&held, ""), (&next, ""), (&chain, "")]);
    let output = command(&folder, &["--pause", "0", "--timeout", "60"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let asked = server.seen.take();
    let at = |what: &str| asked.iter().position(|asked| asked.ends_with(what)).unwrap();
    let end = asked.iter().rposition(|asked| asked.ends_with("127.0.0.2 /chain")).unwrap();
    assert!(at("/waits-for-the-chain") < end && end < at("/x-next"), "{asked:#?}");
}

/// Two addresses at two hosts lead to a third one, which is held as above.
#[test]
fn who_is_led_to_a_host_waits_there_too() {
    let server = Server::start();
    let port = server.address.port();
    let [one, two] = [1, 2].map(|host| format!("http://127.0.0.{host}:{port}/to?127.0.0.3:{port}"));
    let chain = format!("http://127.0.0.4:{port}/chain?8");
    let folder = folder(&[(&one, ""), (&two, ""), (&chain, "")]);
    let output = command(&folder, &["--pause", "0", "--timeout", "60"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(server.seen.count("127.0.0.3 /waits-for-the-chain"), 4, "two, by HEAD and GET");
    assert_eq!(*server.seen.crowded.lock().unwrap(), [""; 0]);
}

#[test]
fn a_server_that_asks_for_time_gets_it_and_no_more_than_that() {
    let server = Server::start();
    let busy = server.at("/busy");
    let folder = folder(&[(&busy, "")]);
    // Our own waits would add up to many minutes; the server asks for none at all.
    let mut child = command(&folder, &["--pause", "0", "--tries", "10", "--longest-wait", "600"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let (done, ended) = channel();
    let stdout = child.stdout.take().unwrap();
    thread::spawn(move || {
        let text = std::io::read_to_string(stdout).unwrap();
        done.send((text, child.wait().unwrap())).unwrap();
    });
    let Ok((text, status)) = ended.recv_timeout(Duration::from_secs(60)) else {
        Command::new("kill").arg(id.to_string()).status().unwrap();
        panic!("it waits although the server asks for no wait");
    };
    assert_eq!(status.code(), Some(0), "{text}");
    assert_eq!(server.seen.count("GET 127.0.0.1 /busy"), 10);
}

#[test]
fn copies_are_proposed_for_what_is_lost_and_has_none() {
    let server = Server::start();
    let [gone, too, fine, kept] =
        ["/gone", "/gone-too", "/fine", "/soft"].map(|path| server.at(path));
    let archived = format!("archive = \"{}\"\n", server.at("/copy"));
    let folder = folder(&[(&gone, ""), (&too, ""), (&fine, ""), (&kept, &archived)]);
    let api = server.at("/archive");
    let output = links(&folder, &["--format", "json", "--archive-api", &api]);
    assert_eq!(output.status.code(), Some(1));
    let found_first = found(&output);
    let copy = "https://web.archive.org/web/20200101000000/http://example.org/gone";
    assert_eq!(found_first[&gone]["copy"], copy);
    for other in [&too, &fine, &kept, &server.at("/copy")] {
        assert_eq!(found_first[other]["copy"], Value::Null, "{other}");
    }
    assert_eq!(server.seen.count("GET 127.0.0.1 /archive"), 2, "only the two that have none");
    let human = said(&links(&folder, &["--archive-api", &api]));
    assert!(human.contains(&format!("  archived copy: archive = \"{copy}\"\n")), "{human}");
    // An archive that does not answer spoils nothing.
    let broken = server.at("/archive-broken");
    let output = links(&folder, &["--fresh", "0", "--archive-api", &broken]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("archived copies are not proposed"));
    assert!(said(&output).contains("is gone (404)"));
}

#[test]
fn exit_codes_tell_findings_from_what_could_not_be_done() {
    let server = Server::start();
    let fine = folder(&[(&server.at("/fine"), ""), (&server.at("/forbidden"), "")]);
    let output = links(&fine, &[]);
    assert_eq!(output.status.code(), Some(0), "what programs may not see is no finding");
    assert!(said(&output).contains("open it by hand"), "{}", said(&output));
    let moved = folder(&[(&server.at("/moved"), "")]);
    assert_eq!(links(&moved, &[]).status.code(), Some(1));
    let away: Vec<_> =
        [[127, 0, 0, 1], [127, 0, 0, 2]].map(|host| format!("http://{}/", closed(host))).into();
    let offline = folder(&[(&away[0], ""), (&away[1], "")]);
    let output = links(&offline, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint(&output).contains("is this machine on the network?"));
    assert!(!offline.path().join("data/links.json").exists());
    let nothing = TempDir::new().unwrap();
    assert_eq!(links(&nothing, &[]).status.code(), Some(2));
    assert_eq!(links(&fine, &["--format", "xml"]).status.code(), Some(2));
}
