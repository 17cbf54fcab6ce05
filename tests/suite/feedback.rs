//! What people think of answers, at the level of the app: what moves a threshold, by how much, for how long, and what moves none.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::time::Duration;

use footnote::app::event::{Action, Answer, Does, Heard, Incoming, Tag};
use footnote::model::claim::ClaimId;
use footnote::model::score::Score;
use footnote::policy::doubt::{MOST, STEP, STEP_LASTS};
use footnote::policy::permission::Permissions;
use footnote::policy::place::{MessageId, UserId};
use footnote::reply::ButtonKind;
use footnote::store::feedback::Feedback;

use crate::cards::{CARD, MODERATOR, asked, button, card, court};
use crate::scenario::{AUTHOR, GUILD, HORNS, REPLY, STRANGER, Server, answer, tag};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Asserts the claim in other words than its phrasing's, so that its score leaves room above.
const LOOSE: &str = "vikings wore horned helmets in battle, as every painting of them shows";

fn claim() -> ClaimId {
    ClaimId::new("viking-horns").unwrap()
}

/// Everybody's opinions of the claim, over all revisions.
fn opinions(server: &Server) -> Vec<Feedback> {
    let all = server.app().store().feedback(GUILD).unwrap();
    all.into_iter().filter(|(id, _, _)| *id == claim()).map(|(_, _, counts)| counts).collect()
}

fn left(server: &Server) -> u16 {
    let settings = server.app().settings(Some(GUILD), REPLY, None);
    settings.doubts.get(&claim()).map_or(0, |doubt| doubt.left(server.now))
}

fn labelled(answer: &Answer, label: &str) -> Option<Tag> {
    answer.buttons.iter().find(|button| button.label == label).map(|button| button.tag.clone())
}

/// Somebody else says it, so that no member rests.
fn says(server: &mut Server, author: u64, text: &str) -> Vec<Action> {
    let heard = Heard { author: UserId(author), ..server.written(REPLY, text) };
    server.on(Incoming::Message(heard))
}

#[test]
fn a_wrong_match_asks_for_a_better_one_here_and_wears_off() {
    let mut server = court();
    let first = card(&says(&mut server, 100, LOOSE));
    let (_, score) = first.content.split_once(" (").unwrap();
    let score: u16 = score.split_once(" of 1000").unwrap().0.parse().unwrap();
    // Just enough, and not with a step more.
    let barely = Score::new(score - STEP / 2).unwrap();
    server.app().change_server(GUILD, |layer| layer.tuning.threshold = Some(barely)).unwrap();
    server.wait(DAY);
    let second = card(&says(&mut server, 101, LOOSE));
    server.presses(STRANGER, MODERATOR, CARD, &button(&second, "Wrong match"));
    assert_eq!(left(&server), STEP);
    server.wait(DAY);
    assert_eq!(says(&mut server, 102, LOOSE), [], "not enough any more");
    server.restart();
    assert_eq!(says(&mut server, 103, LOOSE), [], "over a restart");
    let elsewhere = footnote::policy::place::GuildId(2);
    let settings = server.app().settings(Some(elsewhere), REPLY, None);
    assert!(settings.doubts.is_empty(), "another server has its own opinion");
    server.wait(STEP_LASTS);
    card(&says(&mut server, 104, LOOSE));
    assert_eq!(opinions(&server), [Feedback { wrong_match: 1, ..Feedback::default() }]);
}

#[test]
fn it_counts_once_a_message_is_capped_and_can_be_taken_back() {
    let mut server = court();
    for author in 0..8 {
        let card = card(&says(&mut server, 100 + author, HORNS));
        let wrong = button(&card, "Wrong match");
        for by in [60, 61] {
            server.presses(UserId(by), MODERATOR, CARD, &wrong);
        }
        let times = u16::try_from(author + 1).unwrap();
        let (least, most) = ((STEP * times).min(MOST), MOST);
        assert!((least.saturating_sub(40)..=most).contains(&left(&server)), "{}", left(&server));
        server.wait(DAY);
    }
    assert!(left(&server) <= MOST);
    assert_eq!(opinions(&server)[0].wrong_match, 8, "of sixteen presses");
    let change = footnote::app::ask::Change::Trust(claim());
    let said = server.asks(Permissions::MANAGE_GUILD, footnote::app::ask::Ask::Set(None, change));
    assert!(said.contains("no better than anywhere else"), "{said}");
    assert_eq!(left(&server), 0);
    server.restart();
    assert_eq!(left(&server), 0);
}

#[test]
fn what_authors_say_takes_the_reply_away_and_moves_no_threshold() {
    let mut server = Server::new();
    let (post, reply) = server.answers();
    let not_said = tag(&post, ButtonKind::NotSaid);
    let thanks = answer(&server.presses(AUTHOR, Permissions::NONE, reply, &not_said));
    assert!(labelled(&thanks, "Wrong match").is_none(), "{thanks:?}");
    let never = labelled(&thanks, "Never answer me on this").unwrap();
    assert_eq!(never.does, Does::NeverOn);
    assert_eq!(left(&server), 0);
    assert_eq!(opinions(&server), [Feedback { not_said: 1, ..Feedback::default() }]);
    // The button's words in other hands.
    let forged = Tag { does: Does::WrongMatch, ..not_said };
    let refused = answer(&server.presses(AUTHOR, Permissions::NONE, reply, &forged));
    assert!(refused.content.contains("Only moderators"), "{refused:?}");
    assert_eq!(left(&server), 0);
}

#[test]
fn a_moderator_who_takes_a_reply_away_can_say_why_once() {
    let mut server = Server::new();
    let (post, reply) = server.answers();
    let not_said = tag(&post, ButtonKind::NotSaid);
    let thanks = answer(&server.presses(STRANGER, MODERATOR, reply, &not_said));
    assert_eq!(left(&server), 0, "taking away says nothing of the match");
    let wrong = labelled(&thanks, "Wrong match").unwrap();
    for _ in 0..3 {
        server.presses(STRANGER, MODERATOR, MessageId(1), &wrong);
    }
    assert_eq!(left(&server), STEP);
    assert_eq!(opinions(&server), [Feedback { wrong_match: 1, ..Feedback::default() }]);
}

#[test]
fn whether_it_helped_is_counted_once_a_member_and_moves_nothing() {
    let mut server = Server::new();
    let (post, reply) = server.answers();
    let full = tag(&post, ButtonKind::Full);
    let page = answer(&server.presses(STRANGER, Permissions::NONE, reply, &full));
    let (helpful, not) =
        (labelled(&page, "Helpful").unwrap(), labelled(&page, "Not helpful").unwrap());
    for (by, tag) in [(60, &helpful), (60, &helpful), (60, &not), (61, &not), (62, &helpful)] {
        server.presses(UserId(by), Permissions::NONE, reply, tag);
    }
    let expected = Feedback { helpful: 2, not_helpful: 1, ..Feedback::default() };
    assert_eq!(opinions(&server), [expected]);
    assert_eq!(left(&server), 0);
    // A page that belongs to no message asks nobody.
    let request = crate::scenario::request(STRANGER, Permissions::NONE);
    let ask = footnote::app::ask::Ask::Show("viking-horns".to_owned());
    let shown = server.on(Incoming::Asked(footnote::app::ask::Asked { request, ask }));
    assert!(labelled(&answer(&shown), "Helpful").is_none(), "{shown:?}");
}

#[test]
fn cards_are_counted_as_they_were_decided() {
    let mut server = court();
    let declined = asked(&mut server);
    for by in [60, 61] {
        server.presses(UserId(by), MODERATOR, CARD, &button(&declined, "Not this time"));
    }
    assert_eq!(opinions(&server), [Feedback { let_be: 1, ..Feedback::default() }]);
    server.wait(DAY);
    let card = asked(&mut server);
    crate::cards::posts(&mut server, &card);
    assert_eq!(opinions(&server)[0].let_post, 1);
}
