//! Answers that wait: what cancels them, and what does not.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::time::Duration;

use footnote::app::event::{Action, Heard, Incoming, Performed, Post};
use footnote::policy::place::{AuthorKind, MessageId};
use footnote::policy::settings::{Mode, Pause};
use footnote::store::record::State;

use crate::scenario::{AUTHOR, FAT, GUILD, HORNS, OTHER, REPLY, STRANGER, Server, post};

const DELAY: Duration = Duration::from_secs(60);

fn patient() -> Server {
    let server = Server::new();
    server.app().change_server(GUILD, |layer| layer.tuning.delay = Some(DELAY)).unwrap();
    server
}

fn waits(server: &Server, actions: &[Action]) -> MessageId {
    match actions {
        [Action::Wait(wait)] => {
            assert_eq!(wait.until, server.now.plus(DELAY));
            wait.message
        }
        other => panic!("expected an answer that waits, not {other:?}"),
    }
}

fn begins(server: &mut Server) -> MessageId {
    let actions = server.says(REPLY, HORNS);
    waits(server, &actions)
}

/// The time is over.
fn is_due(server: &mut Server, message: MessageId) -> Vec<Action> {
    server.wait(DELAY);
    server.on(Incoming::Performed(Performed::Waited { message }))
}

fn posted(actions: &[Action], message: MessageId) -> Post {
    let post = post(actions);
    assert_eq!(post.message, message);
    post
}

#[test]
fn an_answer_that_waited_is_an_answer_like_any_other() {
    let mut server = patient();
    let message = begins(&mut server);
    assert_eq!(server.says(REPLY, FAT), [], "the channel rests as if it had been said");
    let actions = is_due(&mut server, message);
    let post = posted(&actions, message);
    assert_eq!(post.decided, server.now, "the minute in which it is tried again begins now");
    assert!(server.app().confirm(&post, server.now));
    assert_eq!(server.on(Incoming::Performed(Performed::Waited { message })), [], "once");
    assert_eq!(server.state(message), Some(State::Intent));
}

#[test]
fn what_takes_the_message_back_cancels_it_and_nothing_rests() {
    for change in ["deleted", "edited", "answered", "answered by a bot"] {
        let mut server = patient();
        let message = begins(&mut server);
        server.wait(Duration::from_secs(5));
        match change {
            "deleted" => assert_eq!(server.deletes(&[message]), []),
            "edited" => assert_eq!(server.edits(message, server.now, "it rains"), []),
            answered => {
                let kind = match answered {
                    "answered" => AuthorKind::Member,
                    _ => AuthorKind::Bot,
                };
                let reply = server.written(REPLY, "no they did not");
                let replies_to = Some(message);
                let reply = Heard { replies_to, author: STRANGER, author_kind: kind, ..reply };
                assert_eq!(server.on(Incoming::Message(reply)), []);
            }
        }
        assert_eq!(is_due(&mut server, message), [], "{change}");
        let other = Heard { author: STRANGER, ..server.written(REPLY, HORNS) };
        let actions = server.on(Incoming::Message(other));
        waits(&server, &actions);
    }
}

#[test]
fn an_edit_that_still_asserts_begins_to_wait_anew() {
    let mut server = patient();
    let message = begins(&mut server);
    server.wait(Duration::from_secs(5));
    let actions = server.edits(message, server.now, &format!("{HORNS} indeed"));
    assert_eq!(waits(&server, &actions), message);
    posted(&is_due(&mut server, message), message);
}

#[test]
fn what_is_no_answer_of_somebody_else_cancels_nothing() {
    let mut server = patient();
    let message = begins(&mut server);
    // The author goes on; somebody replies to another message; somebody writes without replying.
    for (author, replies_to) in
        [(AUTHOR, Some(message)), (STRANGER, Some(MessageId(9))), (STRANGER, None)]
    {
        let heard = Heard { author, replies_to, ..server.written(REPLY, "and so on") };
        assert_eq!(server.on(Incoming::Message(heard)), []);
    }
    posted(&is_due(&mut server, message), message);
}

#[test]
fn what_holds_when_it_is_due_counts() {
    let changes: [fn(&Server); 4] = [
        |server| {
            let off = |layer: &mut footnote::policy::layers::ChannelLayer| {
                layer.mode = Some(Mode::Watch);
            };
            server.app().change_channel(GUILD, REPLY, off).unwrap();
        },
        |server| {
            server.app().change_wishes(AUTHOR, |wishes| wishes.quiet_everywhere = true).unwrap();
        },
        |server| {
            server.app().change_server(GUILD, |layer| layer.tuning.exempt = Some(true)).unwrap();
        },
        |server| {
            server.app().change_server(GUILD, |layer| layer.tuning.sensitive = Some(true)).unwrap();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut server = patient();
        let message = begins(&mut server);
        change(&server);
        assert_eq!(is_due(&mut server, message), [], "{number}");
    }
    // A pause has the last word before the request, as always.
    let mut server = patient();
    let message = begins(&mut server);
    server.app().change_pause(GUILD, Pause::Indefinite).unwrap();
    let post = posted(&is_due(&mut server, message), message);
    assert!(!server.app().confirm(&post, server.now));
}

#[test]
fn a_restart_forgets_what_waits() {
    let mut server = patient();
    let message = begins(&mut server);
    server.restart();
    assert_eq!(is_due(&mut server, message), []);
    assert_eq!(server.state(message), None);
    let actions = server.says(OTHER, HORNS);
    waits(&server, &actions);
}
