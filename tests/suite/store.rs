//! The store under `kill -9`: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use footnote::model::claim::{ClaimId, Revision};
use footnote::policy::place::{ChannelId, GuildId, MessageId, Moment};
use footnote::policy::settings::Pause;
use footnote::store::record::{Answer, State};
use footnote::store::{Recorded, Store};

/// Name the store, the first id, and how many acknowledgements are wanted, for the process that
/// writes; the test that is that process does nothing without them.
const FOLDER: &str = "FOOTNOTE_TEST_STORE";
const FIRST: &str = "FOOTNOTE_TEST_FIRST";
const WANTED: &str = "FOOTNOTE_TEST_WANTED";

const NOW: Moment = Moment(1_800_000_000_000);

/// How many writes are acknowledged before each kill; the last one is of another kind each time.
const ROUNDS: [usize; 3] = [13, 11, 30];

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for wanted in ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::the_process_that_writes", "--nocapture"])
            .env(FOLDER, folder.path())
            // Other ids in each round: what was lost must not be written again.
            .env(FIRST, (1000 * wanted).to_string())
            .env(WANTED, wanted.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let acks = lines.filter_map(|line| {
            let (kind, id) = line.strip_prefix("ack ")?.split_once(' ')?;
            Some((kind.to_owned(), id.parse::<u64>().ok()?))
        });
        // The process waits after its last acknowledgement, so nothing later can save that write.
        acknowledged.extend(acks.take(wanted).collect::<Vec<_>>());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(acknowledged.len(), ROUNDS.iter().sum::<usize>());

    let store = Store::open(folder.path(), NOW).unwrap();
    let pauses = store.pauses().unwrap();
    for (kind, id) in acknowledged {
        let state = store.answer(MessageId(id)).unwrap().map(|answer| answer.state);
        match kind.as_str() {
            "intent" => assert!(state.is_some(), "{id}"),
            "sent" => assert_eq!(state, Some(State::Sent(MessageId(id))), "{id}"),
            _ => assert!(pauses.contains(&(GuildId(id), Pause::Indefinite)), "{id}"),
        }
    }
}

/// Started by the test above as a process of its own: writes and acknowledges, then waits for the kill.
#[test]
#[expect(clippy::disallowed_methods, reason = "how a process is told that it is the child")]
fn the_process_that_writes() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let wanted: usize = std::env::var(WANTED).unwrap().parse().unwrap();
    let store = Store::open(Path::new(&folder), NOW).unwrap();
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let writes = (first..).flat_map(|id| ["intent", "sent", "pause"].map(|kind| (kind, id)));
    for (kind, id) in writes.take(wanted) {
        let message = MessageId(id);
        match kind {
            "intent" => {
                let answer = Answer {
                    state: State::Intent,
                    guild: Some(GuildId(id)),
                    channel: ChannelId(1),
                    parent: None,
                    claim: ClaimId::new("a").unwrap(),
                    revision: Revision::new("01234567").unwrap(),
                    nonce: format!("f{id}"),
                    at: NOW,
                };
                assert_eq!(store.record_intent(message, &answer).unwrap(), Recorded::New);
            }
            "sent" => assert!(store.record_state(message, State::Sent(message)).unwrap()),
            _ => store.record_pause(GuildId(id), Pause::Indefinite).unwrap(),
        }
        // Straight to the pipe: the harness would keep a line of its own.
        writeln!(std::io::stdout(), "ack {kind} {id}").unwrap();
    }
    loop {
        std::thread::park();
    }
}
