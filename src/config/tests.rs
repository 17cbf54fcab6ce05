//! Settings as people give them.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::{Config, LogFormat, parse};
use crate::model::score::Score;
use crate::policy::cooldown::{KEPT, MEMBERS_KEPT};
use crate::policy::place::ChannelId;
use crate::policy::settings::{LONGEST_DELAY, Mode, Style};

const SHIPPED: &str = include_str!("../../config.toml");

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The problems of a text and some variables, as they are shown.
fn problems(text: &str, pairs: &[(&str, &str)]) -> String {
    match parse("config.toml", text, &variables(pairs)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_ships_works_and_says_what_the_program_does_without_it() {
    let shipped = parse("config.toml", SHIPPED, &[]).expect("works as shipped");
    assert_eq!(format!("{shipped:?}"), format!("{:?}", Config::default()));
}

#[test]
fn what_ships_names_every_setting() {
    for (section, key, _) in super::SETTINGS {
        let named = SHIPPED.lines().map(|line| line.trim_start_matches(['#', ' ']));
        assert!(SHIPPED.contains(&format!("[{section}]")), "[{section}]");
        assert!(
            named.clone().any(|line| line.starts_with(&format!("{key} = "))),
            "{section}.{key}"
        );
    }
}

#[test]
fn files_and_variables_are_read_and_variables_win() {
    let text = r#"
        [responses]
        path = "claims"
        [discord]
        api_url = "http://127.0.0.1:9/"
        [channels]
        "11" = "reply"
        12 = "watch"
        [policy]
        threshold = 800
        cooldown_claim = 1_000
        [log]
        format = "json"
    "#;
    let variables = variables(&[
        ("FOOTNOTE_POLICY__THRESHOLD", "900"),
        ("FOOTNOTE_CHANNELS__13", "suggest"),
        ("FOOTNOTE_STORE__PATH", "elsewhere"),
        ("RUST_LOG", "footnote=debug"),
        ("DISCORD_TOKEN", " secret\n"),
        ("HOME", "/root"),
    ]);
    let config = parse("config.toml", text, &variables).expect("is right");
    assert_eq!(config.responses.to_str(), Some("claims"));
    assert_eq!(config.store.to_str(), Some("elsewhere"));
    assert_eq!(config.api_url.as_deref(), Some("http://127.0.0.1:9"));
    assert_eq!(Some(config.policy.threshold), Score::new(900));
    assert_eq!(config.policy.cooldown_claim, Duration::from_secs(1000));
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.log_level, "footnote=debug");
    let modes: Vec<_> = config.channels.iter().map(|(id, mode)| (*id, *mode)).collect();
    let expected = [
        (ChannelId(11), Mode::Reply),
        (ChannelId(12), Mode::Watch),
        (ChannelId(13), Mode::Suggest),
    ];
    assert_eq!(modes, expected);
    assert_eq!(config.token.as_ref().map(ExposeSecret::expose_secret), Some("secret"));
    assert!(!format!("{config:?}").contains("secret"), "the token is never shown");
}

#[test]
fn everything_wrong_is_said_at_once_with_its_line_and_a_hint() {
    let text = "\
[policy]
treshold = 1
budget_day = -1
threshold = 1001
[channels]
general = \"reply\"
\"5\" = \"loud\"
[foo]
[discord]
token = \"abc\"
";
    let shown = problems(text, &[("FOOTNOTE_LOG__FORMAT", "xml"), ("FOOTNOTE_X", "1")]);
    for expected in [
        "config.toml:2: unknown key `treshold`\n  hint: [policy] knows `threshold`",
        "config.toml:3: `policy.budget_day` is -1\n  hint: expected a whole number",
        "config.toml:4: `policy.threshold` is 1001\n  hint: expected a whole number from 0 to 1000",
        "config.toml:6: `general` is no channel\n  hint: ",
        "config.toml:7: \"loud\" is no mode\n  hint: expected one of `off`",
        "config.toml:8: unknown section [foo]\n  hint: the sections are `channels`",
        "config.toml:10: a token does not belong into the settings\n  hint: ",
        "FOOTNOTE_LOG__FORMAT: `log.format` is \"xml\"\n  hint: expected one of `human`, `json`",
        "FOOTNOTE_X: no setting of that name\n  hint: ",
    ] {
        assert!(shown.contains(expected), "{expected}\nis not in\n{shown}");
    }
    assert!(!shown.contains("abc"), "not even a wrong token is shown");
}

#[test]
fn what_is_no_toml_says_where() {
    let shown = problems("[log]\nlevel = info\n", &[]);
    assert!(shown.starts_with("config.toml:2: "), "{shown}");
    let shown = problems("level = \"info\"\n", &[]);
    assert!(shown.contains("outside of any section"), "{shown}");
}

#[test]
fn tokens_come_from_one_place_and_look_like_tokens() {
    for (pairs, wrong) in [
        (vec![("DISCORD_TOKEN", "a"), ("DISCORD_TOKEN_FILE", "b")], true),
        (vec![("DISCORD_TOKEN", "a b")], true),
        (vec![("DISCORD_TOKEN_FILE", "/does/not/exist")], true),
        (vec![("DISCORD_TOKEN", "")], false),
        (vec![], false),
    ] {
        assert_eq!(!problems("", &pairs).is_empty(), wrong, "{pairs:?}");
    }
}

/// The variable that is wrong is the one that is blamed.
#[test]
fn a_file_without_a_token_is_named_and_not_the_variable_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    for content in ["", " \n", "two words"] {
        std::fs::write(&file, content).expect("can be written");
        let path = file.to_str().expect("UTF-8");
        let found = problems("", &[("DISCORD_TOKEN_FILE", path)]);
        assert!(found.starts_with("DISCORD_TOKEN_FILE: "), "{found}");
        assert!(found.contains(path) && found.contains("hint: copy the token"), "{found}");
        assert!(!found.contains("two words"), "{found}");
    }
    let found = problems("", &[("DISCORD_TOKEN", "a b")]);
    assert!(found.starts_with("DISCORD_TOKEN: "), "{found}");
}

/// What a cooldown promises is remembered as long as that: longer ones are refused.
#[test]
fn no_cooldown_is_longer_than_what_it_rests_on_is_remembered() {
    for (key, longest) in [("claim", KEPT), ("channel", KEPT), ("member", MEMBERS_KEPT)] {
        let with = |span: Duration| format!("[policy]\ncooldown_{key} = {}\n", span.as_secs());
        assert_eq!(problems(&with(longest), &[]), "", "{key}");
        let found = problems(&with(longest + Duration::from_secs(1)), &[]);
        assert!(found.contains(&format!("from 0 to {}", longest.as_secs())), "{key}: {found}");
    }
}

#[test]
fn how_much_is_logged_is_checked() {
    for (level, good) in [("info", true), ("footnote=debug", true), ("a=b=c", false)] {
        let text = format!("[log]\nlevel = \"{level}\"");
        assert_eq!(problems(&text, &[]).is_empty(), good, "{level}");
    }
}

#[test]
fn the_token_is_sent_to_encrypted_or_local_servers_only() {
    for (url, good) in [
        ("https://discord.example", true),
        ("https://discord.example:8443", true),
        ("http://127.0.0.1:8080", true),
        ("http://localhost", true),
        ("http://[::1]:80/", true),
        ("", true),
        ("http://discord.example", false),
        ("http://127.0.0.1.example", false),
        ("http://127.0.0.1@example", false),
        ("https://", false),
        ("ftp://127.0.0.1", false),
        ("127.0.0.1", false),
    ] {
        let text = format!("[discord]\napi_url = \"{url}\"");
        assert_eq!(problems(&text, &[]).is_empty(), good, "{url}");
    }
}

#[test]
fn a_site_has_an_address_that_fits_a_button() {
    let longest = format!("https://{}", "a".repeat(442));
    for (url, kept) in [
        ("https://example.org/claims/", Some("https://example.org/claims")),
        ("", None),
        (longest.as_str(), Some(longest.as_str())),
    ] {
        let text = format!("[responses]\nsite_url = \"{url}\"");
        let config = parse("config.toml", &text, &[]).expect("is fine");
        assert_eq!(config.site_url.as_deref(), kept, "{url}");
    }
    for url in ["example.org", "https://", "https://a.b/?c", "https://a.b/#c", "https://a@b.c"] {
        let found = problems(&format!("[responses]\nsite_url = \"{url}\""), &[]);
        assert!(found.starts_with("config.toml:2: `responses.site_url` is"), "{url}: {found}");
    }
    let found = problems("", &[("FOOTNOTE_RESPONSES__SITE_URL", &format!("{longest}a"))]);
    assert!(found.contains("of at most 450 characters"), "{found}");
}

#[test]
fn a_stand_in_is_on_this_machine_and_has_its_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, "a certificate").expect("can be written");
    let ca = ("FOOTNOTE_DISCORD__CA_FILE", file.to_str().expect("UTF-8"));
    let config =
        parse("config.toml", "[discord]\nresolve = \"127.0.0.1:8443\"\n", &variables(&[ca]))
            .expect("is fine");
    let stand_in = config.stand_in.expect("is there");
    assert_eq!((stand_in.ca.as_str(), stand_in.address.port()), ("a certificate", 8443));

    for (resolve, others, expected) in [
        ("10.0.0.1:8443", vec![ca], "`discord.resolve` is \"10.0.0.1:8443\""),
        ("discord.example:443", vec![ca], "expected an address of this machine"),
        ("127.0.0.1", vec![ca], "expected an address of this machine"),
        ("127.0.0.1:0", vec![ca], "expected an address of this machine"),
        ("[::1]:8443", vec![], "has no `discord.ca_file`"),
        ("", vec![ca], "`discord.ca_file` has no `discord.resolve`"),
        ("[::1]:8443", vec![("FOOTNOTE_DISCORD__CA_FILE", "nowhere.pem")], "cannot be read"),
        (
            "[::1]:8443",
            vec![ca, ("FOOTNOTE_DISCORD__API_URL", "http://127.0.0.1:1")],
            "name two servers",
        ),
    ] {
        let mut pairs = others;
        pairs.push(("FOOTNOTE_DISCORD__RESOLVE", resolve));
        let found = problems("", &pairs);
        assert!(found.contains(expected), "{resolve}: {expected}\n{found}");
    }
}

#[test]
fn listening_is_an_address_or_off_and_flags_are_words() {
    let read = |text| parse("config.toml", text, &[]).expect("is fine");
    assert_eq!(read("[ops]\nlisten = \"off\"").listen, None);
    let everywhere = read("[ops]\nlisten = \"0.0.0.0:1\"").listen.expect("an address");
    assert!(everywhere.ip().is_unspecified());
    assert!(!read("[discord]\nmessage_content = false").message_content);
    for (text, expected) in [
        ("[ops]\nlisten = \"9464\"", "expected an address with a port"),
        ("[ops]\nlisten = true", "`ops.listen` is true"),
        ("[discord]\nmessage_content = \"maybe\"", "expected true or false"),
        ("[discord]\nmessage_content = 1", "expected true or false"),
    ] {
        let found = problems(text, &[]);
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn what_moderators_can_say_of_their_server_can_be_said_for_all() {
    let text = "[policy]\nquiet_hours = \"22:00-6:30\"\nstyle = \"full\"\ndelay = 600\n";
    let policy = parse("config.toml", text, &[]).expect("is right").policy;
    assert_eq!(policy.quiet_hours.minutes(), (1320, 390));
    assert_eq!((policy.style, policy.delay), (Style::Full, LONGEST_DELAY));
    let words = parse("config.toml", "[policy]\nsensitive_words = \"grove\"\n", &[]);
    assert!(words.expect("is right").delicate.is_said_by("the-grove"));
    let everywhere = [("FOOTNOTE_POLICY__QUIET_HOURS", "1-2"), ("FOOTNOTE_POLICY__DELAY", "5")];
    let policy = parse("config.toml", text, &variables(&everywhere)).expect("is right").policy;
    assert_eq!(policy.quiet_hours.minutes(), (60, 120));
    assert_eq!(policy.delay, Duration::from_secs(5));
    for (wrong, expected) in [
        ("quiet_hours = \"22:00\"", "expected two times of the day in UTC"),
        ("quiet_hours = \"22:00-25:00\"", "expected two times"),
        ("quiet_hours = \"5:00-05:00\"", "expected two times"),
        ("quiet_hours = 22", "expected two times"),
        ("style = \"brief\"", "expected one of `compact`, `full`"),
        ("delay = 601", "expected a whole number of seconds from 0 to 600"),
        ("delay = -1", "expected a whole number"),
        ("sensitive_words = \"two words\"", "expected single words with commas"),
        ("sensitive_words = 5", "expected single words"),
    ] {
        let said = problems(&format!("[policy]\n{wrong}\n"), &[]);
        assert!(said.starts_with("config.toml:2: ") && said.contains(expected), "{wrong}: {said}");
    }
}
