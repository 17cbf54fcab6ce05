//! The store under `kill -9`: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use footnote::model::claim::{ClaimId, Revision};
use footnote::policy::place::{ChannelId, GuildId, MessageId, Moment};
use footnote::policy::settings::Pause;
use footnote::store::record::{Answer, State};
use footnote::store::{Recorded, Store};

/// Names the store for the process that writes; the test that is that process does nothing without it.
const FOLDER: &str = "FOOTNOTE_TEST_STORE";

const NOW: Moment = Moment(1_800_000_000_000);

/// How many acknowledgements are waited for before the kill, in each round.
const ROUNDS: [usize; 3] = [1, 7, 40];

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for wanted in ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::the_process_that_writes", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acks =
            lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("ack ")?.parse().ok());
        acknowledged.extend(acks.take(wanted).collect::<Vec<u64>>());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(acknowledged.len(), ROUNDS.iter().sum::<usize>());

    let store = Store::open(folder.path(), NOW).unwrap();
    for id in acknowledged {
        let answer = store.answer(MessageId(id)).unwrap();
        assert_eq!(answer.map(|answer| answer.state), Some(State::Sent(MessageId(id))), "{id}");
        assert!(store.pauses().unwrap().contains(&(GuildId(id), Pause::Indefinite)), "{id}");
    }
}

/// Started by the test above as a process of its own: writes and acknowledges until it is killed.
#[test]
#[expect(clippy::disallowed_methods, reason = "how a process is told that it is the child")]
fn the_process_that_writes() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let store = Store::open(Path::new(&folder), NOW).unwrap();
    let first = store.answers().unwrap().0.last().map_or(1, |(id, _)| id.0 + 1);
    for id in first.. {
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
        assert_eq!(store.record_intent(MessageId(id), &answer).unwrap(), Recorded::New);
        assert!(store.record_state(MessageId(id), State::Sent(MessageId(id))).unwrap());
        store.record_pause(GuildId(id), Pause::Indefinite).unwrap();
        // Straight to the pipe: the harness would keep a line of its own.
        writeln!(std::io::stdout(), "ack {id}").unwrap();
    }
}
