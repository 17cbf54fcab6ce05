//! Cards at the level of the app: time, restarts and lost outcomes, which no real clock gives a test.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::time::Duration;

use footnote::app::event::{
    Action, Card, Current, Heard, Incoming, Performed, Post, Posted, Redraw, Review, Tag,
};
use footnote::app::unread::Unread;
use footnote::policy::permission::Permissions;
use footnote::policy::place::{ChannelId, MessageId, Moment, UserId};
use footnote::policy::settings::{Mode, Pause};
use footnote::store::record::State;

use crate::scenario::{FAT, GUILD, HORNS, OTHER, REPLY, STRANGER, Server, answer};

pub(crate) const BENCH: ChannelId = ChannelId(90);
pub(crate) const CARD: MessageId = MessageId(7000);
pub(crate) const MODERATOR: Permissions = Permissions::MANAGE_MESSAGES;
const HOUR: Duration = Duration::from_secs(3600);

/// A server whose moderators are asked first.
pub(crate) fn court() -> Server {
    let server = Server::new();
    server.app().change_server(GUILD, |layer| layer.tuning.review_channel = Some(BENCH)).unwrap();
    for channel in [REPLY, OTHER] {
        let suggest = |layer: &mut footnote::policy::layers::ChannelLayer| {
            layer.mode = Some(Mode::Suggest);
        };
        server.app().change_channel(GUILD, channel, suggest).unwrap();
    }
    server
}

pub(crate) fn card(actions: &[Action]) -> Card {
    match actions {
        [Action::Card(card)] => card.clone(),
        other => panic!("expected one card, not {other:?}"),
    }
}

pub(crate) fn redraw(actions: &[Action]) -> Redraw {
    match actions {
        [Action::Redraw(redraw)] => redraw.clone(),
        other => panic!("expected a card drawn anew, not {other:?}"),
    }
}

pub(crate) fn button(card: &Card, label: &str) -> Tag {
    card.buttons.iter().find(|button| button.label == label).unwrap().tag.clone()
}

fn carded(server: &Server, card: &Card, outcome: Posted) -> Vec<Action> {
    server.on(Incoming::Performed(Performed::Carded { message: card.message, outcome }))
}

/// A card that stands.
pub(crate) fn asked(server: &mut Server) -> Card {
    let card = card(&server.says(REPLY, HORNS));
    assert_eq!(carded(server, &card, Posted::Stands(CARD)), []);
    card
}

fn review(actions: &[Action]) -> Review {
    match actions {
        [Action::Review(review)] => (**review).clone(),
        other => panic!("expected a look at the message, not {other:?}"),
    }
}

fn written(server: &mut Server, card: &Card, edited: Option<Moment>, text: &str) -> Current {
    let heard = server.written(REPLY, text);
    let heard = Heard { message: card.message, edited, text: Unread::new(text), ..heard };
    Current::Written(Box::new(heard))
}

/// A moderator presses Post, and the message is as it was.
pub(crate) fn posts(server: &mut Server, card: &Card) -> Vec<Action> {
    let tag = button(card, "Post");
    let actions = server.presses(STRANGER, MODERATOR, CARD, &tag);
    let review = review(&actions);
    let current = written(server, card, None, HORNS);
    server.on(Incoming::Performed(Performed::Reviewed { review: Box::new(review), current }))
}

pub(crate) fn post(actions: &[Action]) -> Post {
    match actions {
        [Action::Answer(_), Action::Post(post)] => post.clone(),
        other => panic!("expected an answer and a post, not {other:?}"),
    }
}

#[test]
fn a_member_is_asked_about_once_an_hour_and_the_store_does_not_know_whom() {
    let mut server = court();
    asked(&mut server);
    assert_eq!(server.says(OTHER, FAT), [], "the same member, another claim and channel");
    let stranger = Heard { author: STRANGER, ..server.written(OTHER, FAT) };
    card(&server.on(Incoming::Message(stranger)));
    server.wait(HOUR);
    card(&server.says(OTHER, HORNS));
    // What the store knows of it: no author, no hash of one, no count.
    let mut export = Vec::new();
    server.app().store().export(&mut export, server.now).unwrap();
    let export = String::from_utf8(export).unwrap();
    let cards: Vec<&str> = export.lines().filter(|line| line.contains("\"card\"")).collect();
    assert_eq!(cards.len(), 3, "{export}");
    assert!(!export.contains("\"rest\""), "{export}");
    let fields = "alert guild channel claim revision review card edited drawn at state";
    for line in cards {
        let value = line.split("\"value\":").nth(1).unwrap();
        for name in value.split('"').skip(1).step_by(2) {
            let known = fields.split(' ').any(|field| field == name)
                || ["viking-horns", "napoleon-short", "aaaaaaaa", "open"].contains(&name);
            assert!(known, "{name} in {line}");
        }
    }
}

#[test]
fn a_message_has_one_card_however_often_it_comes() {
    let mut server = court();
    let heard = server.written(REPLY, HORNS);
    let message = heard.message;
    card(&server.on(Incoming::Message(heard)));
    // Longer than anything rests, and the process is another.
    server.wait(HOUR * 13);
    server.restart();
    let again = Heard { message, ..server.written(REPLY, HORNS) };
    assert_eq!(server.on(Incoming::Message(again)), []);
}

#[test]
fn a_card_waits_a_day_and_no_longer() {
    let mut server = court();
    let card = asked(&mut server);
    server.wait(HOUR * 23);
    assert_eq!(server.on(Incoming::Hour), []);
    server.wait(HOUR);
    let closed = redraw(&server.on(Incoming::Hour));
    assert_eq!((closed.channel, closed.card), (BENCH, CARD));
    assert!(closed.content.contains("Nobody decided in time") && closed.buttons.is_empty());
    let tag = button(&card, "Post");
    let late = answer(&server.presses(STRANGER, MODERATOR, CARD, &tag));
    assert!(late.replaces && late.content.contains("Nobody decided in time"), "{late:?}");

    // Also where it was stopped in between.
    let mut server = court();
    asked(&mut server);
    server.wait(HOUR * 24);
    server.restart();
    let closed = redraw(&server.on(Incoming::Ready));
    assert!(closed.content.contains("Nobody decided in time"), "{closed:?}");
}

#[test]
fn two_who_press_at_once_post_once() {
    let mut server = court();
    let card = asked(&mut server);
    let tag = button(&card, "Post");
    // Both looks are under way before either is back.
    let reviews: Vec<Review> =
        (0..2).map(|at| review(&server.presses(UserId(60 + at), MODERATOR, CARD, &tag))).collect();
    let mut posted = 0;
    for review in reviews {
        let current = written(&mut server, &card, None, HORNS);
        let actions = server
            .on(Incoming::Performed(Performed::Reviewed { review: Box::new(review), current }));
        posted += actions.iter().filter(|action| matches!(action, Action::Post(_))).count();
    }
    assert_eq!(posted, 1);
    assert_eq!(server.state(card.message), Some(State::Intent));
}

#[test]
fn after_a_crash_a_decided_post_is_looked_for_and_made_whatever_the_mode() {
    let mut server = court();
    let card = asked(&mut server);
    let actions = posts(&mut server, &card);
    let first = post(&actions);
    server.restart();
    let tag = button(&card, "Post");
    let again = answer(&server.presses(STRANGER, MODERATOR, CARD, &tag));
    assert!(again.content.contains("**Post it**"), "{again:?}");
    let seen = footnote::app::event::Seen::Page { author: Some(UserId(50)), reply: None };
    let repeated = server.sees(card.message, seen);
    let [Action::Post(second)] = repeated.as_slice() else { panic!("{repeated:?}") };
    assert_eq!(second, &first);
    assert!(
        server.app().confirm(second, server.now),
        "the mode is suggest, and moderators decided"
    );
}

#[test]
fn a_button_of_an_earlier_drawing_posts_nothing() {
    let mut server = court();
    let card = asked(&mut server);
    let edited = server.now.plus(Duration::from_secs(9));
    server.wait(Duration::from_secs(9));
    let longer = format!("{HORNS} always");
    let drawn = redraw(&server.edits(card.message, edited, &longer));
    assert!(drawn.content.contains("was changed"), "{drawn:?}");
    for (buttons, is_posted) in [(&card.buttons, false), (&drawn.buttons, true)] {
        let tag = buttons.first().unwrap().tag.clone();
        let review = review(&server.presses(STRANGER, MODERATOR, CARD, &tag));
        let current = written(&mut server, &card, Some(edited), &longer);
        let actions = server
            .on(Incoming::Performed(Performed::Reviewed { review: Box::new(review), current }));
        let posted = actions.iter().any(|action| matches!(action, Action::Post(_)));
        // The stale press drew it anew once more, so that only the newest drawing counts.
        if is_posted {
            assert!(!posted, "{actions:?}");
            let fresh = answer(&actions).buttons.first().unwrap().tag.clone();
            let review = crate::cards::review(&server.presses(STRANGER, MODERATOR, CARD, &fresh));
            let current = written(&mut server, &card, Some(edited), &longer);
            post(&server.on(Incoming::Performed(Performed::Reviewed {
                review: Box::new(review),
                current,
            })));
        } else {
            assert!(!posted, "{actions:?}");
        }
    }
}

#[test]
fn a_card_that_is_gone_before_it_stands_is_not_shown_or_closed_at_once() {
    let mut server = court();
    let card = card(&server.says(REPLY, HORNS));
    assert!(server.app().confirm_card(card.message, server.now));
    assert_eq!(server.deletes(&[card.message]), [], "nobody knows yet where it stands");
    assert!(!server.app().confirm_card(card.message, server.now));
    // The request was under way.
    let closed = redraw(&carded(&server, &card, Posted::Stands(CARD)));
    assert!(closed.content.contains("gone"), "{closed:?}");

    let mut server = court();
    let card = crate::cards::card(&server.says(REPLY, HORNS));
    server.app().change_pause(GUILD, Pause::Indefinite).unwrap();
    assert!(!server.app().confirm_card(card.message, server.now));
    server.app().change_pause(GUILD, Pause::None).unwrap();
    assert!(server.app().confirm_card(card.message, server.now));
}

#[test]
fn a_card_of_which_nobody_knows_whether_it_stands_works_when_it_is_pressed() {
    let mut server = court();
    let card = card(&server.says(REPLY, HORNS));
    assert_eq!(carded(&server, &card, Posted::Unclear), []);
    server.restart();
    let declined =
        answer(&server.presses(STRANGER, MODERATOR, CARD, &button(&card, "Not this time")));
    assert!(declined.replaces && declined.content.contains("Not this time"), "{declined:?}");
}

#[test]
fn who_asked_to_be_left_alone_since_is_not_answered() {
    let mut server = court();
    let card = asked(&mut server);
    server.app().change_wishes(UserId(50), |wishes| wishes.quiet_everywhere = true).unwrap();
    let actions = posts(&mut server, &card);
    assert!(answer(&actions).content.contains("gone"), "{actions:?}");
    assert_eq!(server.state(card.message), None);
}

#[test]
fn nothing_is_posted_from_a_card_while_the_server_is_paused() {
    let mut server = court();
    let card = asked(&mut server);
    server.app().change_pause(GUILD, Pause::Indefinite).unwrap();
    let actions = posts(&mut server, &card);
    assert!(answer(&actions).content.contains("paused"), "{actions:?}");
    server.app().change_pause(GUILD, Pause::None).unwrap();
    post(&posts(&mut server, &card));
}

#[test]
fn after_a_start_the_messages_of_open_cards_are_looked_at_again() {
    let mut server = court();
    let card = asked(&mut server);
    server.restart();
    let actions = server.on(Incoming::Ready);
    let [Action::Recheck(recheck)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(recheck.message, card.message);
    let gone = Performed::Rechecked { message: card.message, current: Current::Gone };
    let closed = redraw(&server.on(Incoming::Performed(gone)));
    assert!(closed.content.contains("gone"), "{closed:?}");
}

#[test]
fn a_card_that_is_played_with_is_closed() {
    let mut server = court();
    let card = asked(&mut server);
    let mut drawn = 0;
    for at in 1..=300 {
        server.wait(Duration::from_secs(1));
        let edited = server.now;
        let actions = server.edits(card.message, edited, &format!("{HORNS} {at}"));
        let [Action::Redraw(redraw)] = actions.as_slice() else { break };
        if redraw.buttons.is_empty() {
            assert!(redraw.content.contains("gone"), "{redraw:?}");
            break;
        }
        drawn += 1;
    }
    assert_eq!(drawn, 255);
    assert_eq!(server.edits(card.message, server.now.plus(HOUR), HORNS), [], "once and for all");
}

#[test]
fn a_card_that_is_on_its_way_is_drawn_anew_once_it_stands() {
    let mut server = court();
    let card = card(&server.says(REPLY, HORNS));
    server.wait(Duration::from_secs(1));
    assert_eq!(server.edits(card.message, server.now, &format!("{HORNS} always")), []);
    let drawn = redraw(&carded(&server, &card, Posted::Stands(CARD)));
    assert_eq!(drawn.card, CARD);
    assert!(drawn.content.contains("was changed"), "{drawn:?}");
}
