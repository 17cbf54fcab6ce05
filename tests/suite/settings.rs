//! What moderators set and members ask for: it holds at once, over restarts, and for what is in flight.

use footnote::app::event::{Action, Heard, Incoming, Posted, Seen};
use footnote::model::claim::ClaimId;
use footnote::policy::layers::ChannelLayer;
use footnote::policy::place::{ChannelId, GuildId, MessageId};
use footnote::policy::reason::Reason;
use footnote::policy::settings::{Mode, Pause};

use crate::scenario::{AUTHOR, FAT, GUILD, HORNS, OFF, OTHER, REPLY, STRANGER, Server, post};

#[test]
fn a_mode_that_moderators_set_holds_at_once_and_over_a_restart() {
    let mut server = Server::new();
    server.app().change_channel(GUILD, OFF, |layer| layer.mode = Some(Mode::Reply)).unwrap();
    server.app().change_channel(GUILD, REPLY, |layer| layer.mode = Some(Mode::Off)).unwrap();
    // A moderator of another server cannot reach this one.
    let stranger = GuildId(2);
    server.app().change_channel(stranger, OTHER, |layer| layer.mode = Some(Mode::Off)).unwrap();
    for _ in 0..2 {
        assert_eq!(server.says(REPLY, HORNS), vec![]);
        assert_eq!(server.app().settings(Some(GUILD), OFF, None).mode, Mode::Reply);
        let thread = ChannelId(99);
        assert_eq!(server.app().settings(Some(GUILD), thread, Some(OFF)).mode, Mode::Reply);
        assert_eq!(server.app().settings(Some(GUILD), OTHER, None).mode, Mode::Reply);
        let layers = server.app().channel_layers(GUILD);
        assert_eq!(layers.len(), 2, "{layers:?}");
        server.restart();
    }
    post(&server.says(OFF, HORNS));
    server.app().forget_server(GUILD).unwrap();
    server.restart();
    assert_eq!(server.app().settings(Some(GUILD), OFF, None).mode, Mode::Off);
    assert_eq!(server.app().channel_layer(stranger, OTHER), ChannelLayer::of_mode(Mode::Off));
}

#[test]
fn what_is_set_for_a_server_holds_in_its_channels() {
    let mut server = Server::new();
    server.app().change_server(GUILD, |layer| layer.budget_day = Some(0)).unwrap();
    server.restart();
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!(server.count(Reason::Budget), 1);
    server.app().change_server(GUILD, |layer| layer.budget_day = None).unwrap();
    post(&server.says(REPLY, HORNS));
}

#[test]
fn an_answer_in_flight_that_settings_forbid_meanwhile_does_not_go_out_or_goes() {
    type Change = fn(&Server);
    let changes: [Change; 6] = [
        |server| {
            let off = |layer: &mut ChannelLayer| layer.mode = Some(Mode::Watch);
            server.app().change_channel(GUILD, REPLY, off).unwrap();
        },
        |server| {
            let mute = |layer: &mut ChannelLayer| {
                layer.tuning.muted.insert(ClaimId::new("viking-horns").unwrap());
            };
            server.app().change_channel(GUILD, REPLY, mute).unwrap();
        },
        |server| {
            server.app().change_server(GUILD, |layer| layer.tuning.sensitive = Some(true)).unwrap();
        },
        |server| {
            server.app().change_pause(GUILD, Pause::Indefinite).unwrap();
        },
        |server| {
            server.app().change_wishes(AUTHOR, |wishes| wishes.quiet_everywhere = true).unwrap();
        },
        |server| {
            let not_this = ClaimId::new("viking-horns").unwrap();
            server.app().change_wishes(AUTHOR, |wishes| wishes.not_on = [not_this].into()).unwrap();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut server = Server::new();
        let post = server.posts();
        assert!(server.app().confirm(&post, server.now), "{number}");
        change(&server);
        assert!(!server.app().confirm(&post, server.now), "{number}");
        // The request was out already: the reply goes again.
        let actions = server.ends(&post, Posted::Stands(MessageId(1)));
        assert!(matches!(actions.as_slice(), [Action::Remove(_)]), "{number}: {actions:?}");
    }
}

#[test]
fn who_asked_for_quiet_is_not_read_there_or_anywhere() {
    let mut server = Server::new();
    server.app().change_wishes(AUTHOR, |wishes| wishes.quiet_in = [GUILD].into()).unwrap();
    server.restart();
    assert_eq!(server.says(REPLY, HORNS), vec![]);
    assert_eq!((server.count(Reason::OptedOut), server.metrics.read.value()), (1, 0));
    let elsewhere = Heard { guild: Some(GuildId(2)), ..server.written(REPLY, HORNS) };
    post(&server.on(Incoming::Message(elsewhere)));
    // Somebody else's wishes are theirs.
    let other = Heard { author: STRANGER, ..server.written(OTHER, HORNS) };
    post(&server.on(Incoming::Message(other)));

    let wishes = server.app().change_wishes(AUTHOR, |wishes| wishes.quiet_in.clear()).unwrap();
    assert!(wishes.is_empty());
    server.restart();
    assert!(server.app().wishes(AUTHOR).is_empty());
}

#[test]
fn a_member_rests_over_a_restart_and_is_forgotten_on_request() {
    let mut server = Server::new();
    server.posts();
    server.restart();
    assert_eq!(server.says(OTHER, FAT), vec![]);
    assert_eq!(server.count(Reason::CooldownMember), 1);
    assert_eq!((server.app().rests_of(AUTHOR), server.app().rests_of(STRANGER)), (1, 0));

    server.app().change_wishes(AUTHOR, |wishes| wishes.quiet_everywhere = true).unwrap();
    server.app().forget_member(AUTHOR).unwrap();
    for _ in 0..2 {
        assert!(server.app().wishes(AUTHOR).is_empty());
        assert_eq!(server.app().rests_of(AUTHOR), 0);
        server.restart();
    }
    post(&server.says(OTHER, FAT));
}

#[test]
fn what_a_crash_left_open_is_not_posted_into_a_pause() {
    let mut server = Server::new();
    let message = server.posts().message;
    server.app().change_pause(GUILD, Pause::Indefinite).unwrap();
    server.restart();
    server.on(Incoming::Ready);
    let seen = Seen::Page { author: Some(AUTHOR), reply: None };
    let again = post(&server.sees(message, seen));
    assert!(!server.app().confirm(&again, server.now));
    server.app().change_pause(GUILD, Pause::None).unwrap();
    assert!(server.app().confirm(&again, server.now), "the pause alone kept it back");
}
