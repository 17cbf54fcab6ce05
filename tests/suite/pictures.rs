//! The pictures in docs/moderators.md: what the real bot shows moderators, drawn. `UPDATE_CASES=1` draws them anew.

use std::fs;
use std::path::{Path, PathBuf};

use footnote::policy::place::{ChannelId, RoleId, UserId};
use serde_json::{Value, json};

use crate::support::bot::Home;
use crate::support::drawn::picture;
use crate::support::fake::Fake;
use crate::support::hub::State;
use crate::support::interactions::Answered;
use crate::support::world::{OverwriteOf, permission};

const PAGE: &str = "docs/moderators.md";
/// As README has it.
const SAID: &str = "stalin literally tried to join the axis in 1940";
/// Others that the shipped claims answer, and one that touches the rules.
const ALSO: [&str; 3] = [
    "marie antoinette really said let them eat cake",
    "nero fiddled while rome burned",
    "nobody died at tiananmen in 1989",
];
const ALERTED: &str = ALSO[2];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

struct Studio {
    discord: Fake,
    channels: Vec<(ChannelId, &'static str)>,
    people: Vec<(UserId, &'static str)>,
    drawn: Vec<(&'static str, String)>,
}

impl Studio {
    /// What differs from day to day becomes what a reader would see: names in place of numbers.
    fn named(&self, content: &str) -> String {
        let mut content = content.to_owned();
        for (id, name) in &self.channels {
            content = content.replace(&format!("<#{id}>"), &format!("#{name}"));
        }
        for (id, name) in &self.people {
            content = content.replace(&format!("<@{id}>"), &format!("@{name}"));
        }
        content = replaced(&content, "https://discord.com/channels/", &[' ', '\n'], |address| {
            let id = address.split('/').nth(1).unwrap_or_default();
            let named = self.channels.iter().find(|(channel, _)| channel.to_string() == id);
            format!("[#{} › message]()", named.map_or("", |(_, name)| name))
        });
        replaced(&content, "<t:", &['>'], |stamp| {
            let word = if stamp.ends_with('R') { "just now" } else { "30 November 2026" };
            format!("{word}\u{0}")
        })
        .replace("\u{0}>", "")
    }

    fn draws(
        &mut self,
        name: &'static str,
        title: &str,
        content: &str,
        message: &Value,
        only_you: bool,
    ) {
        let labels = labels(message);
        let content = self.named(content);
        self.drawn.push((name, picture(title, &content, &labels, only_you)));
    }

    async fn asks(&self, who: UserId, channel: ChannelId, path: &str, options: Value) -> Answered {
        self.discord.command(channel, who, &format!("footnote-mod {path}"), options).await
    }
}

/// Each `start` with what follows it up to one of `ends`, replaced.
fn replaced(text: &str, start: &str, ends: &[char], by: impl Fn(&str) -> String) -> String {
    let mut parts = text.split(start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, after) = part.split_at(part.find(ends).unwrap_or(part.len()));
        out.push_str(&by(inside));
        out.push_str(after);
    }
    out
}

fn labels(message: &Value) -> Vec<&str> {
    let rows = message["components"].as_array().into_iter().flatten();
    let buttons = rows.filter_map(|row| row["components"].as_array()).flatten();
    buttons.filter_map(|button| button["label"].as_str()).collect()
}

/// The number of a score, which learning changes and a picture need not follow.
fn without_scores(picture: &str) -> String {
    let of_a_card = replaced(picture, "about it (", &[')'], |_| "about it (".to_owned());
    let of_a_card = replaced(&of_a_card, " (", &['%'], |share| match share.trim().parse::<u8>() {
        Ok(_) => " (… ".to_owned(),
        Err(_) => format!(" ({share}"),
    });
    let lines = of_a_card.lines().map(|line| match line.split_once(" where ") {
        Some((_, rest)) if line.contains("is enough: ") => rest.to_owned(),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_guide_shows_what_the_bot_shows() {
    let discord = Fake::start();
    let guild = discord.guild("history");
    let debate = discord.channel(guild, "debate");
    let history = discord.channel(guild, "history");
    let bench = discord.channel(guild, "moderators");
    let ann = discord.member(guild, "ann");
    let moderator = discord.moderator(guild, "mod");
    let everyone = OverwriteOf::Role(RoleId(guild.0));
    discord.overwrite(bench, everyone, 0, permission::VIEW_CHANNEL);
    for ours in [moderator, discord.bot()] {
        discord.overwrite(bench, OverwriteOf::Member(ours), permission::VIEW_CHANNEL, 0);
    }
    let home = Home::new(&format!(
        "[responses]\npath = \"{}\"\n[channels]\n\"{debate}\" = \"suggest\"\n\"{history}\" = \"watch\"\n\
         [policy]\ncooldown_channel = 0\ncooldown_member = 0\n",
        root().join("responses").display()
    ));
    let mut studio = Studio {
        discord,
        channels: vec![(debate, "debate"), (history, "history"), (bench, "moderators")],
        people: vec![(ann, "ann"), (moderator, "mod")],
        drawn: Vec::new(),
    };
    let bot = studio.discord.spawn_bot(&home).await;

    let first = studio.asks(moderator, bench, "setup", json!({})).await.message.unwrap();
    studio.discord.choose(first, debate, moderator).await;
    let third = studio.discord.choose(first, bench, moderator).await;
    studio.draws(
        "setup",
        "The last step of /footnote-mod setup",
        third.content(),
        &third.data,
        true,
    );
    studio.discord.press(third.message.unwrap(), "Ask us first (suggest)", moderator).await;
    let to = json!({ "where": bench.to_string() });
    studio.asks(moderator, history, "settings moderators", to).await;

    // Another member each: one card a member and hour.
    for (at, text) in [SAID, ALSO[0], ALSO[1], ALERTED].into_iter().enumerate() {
        let member = studio.discord.member(guild, &format!("member {at}"));
        studio.discord.say(history, member, text);
    }
    studio.discord.caught_up(history, moderator).await;
    let report = studio.asks(moderator, bench, "report", json!({})).await;
    let content = replaced(report.content(), "```\nby day\n", &[' '], |_| {
        "```\nby day\n2026-11-30".to_owned()
    });
    studio.draws("report", "The answer to /footnote-mod report", &content, &Value::Null, true);

    studio.discord.say(debate, ann, SAID);
    let card = studio.discord.next_message_from_bot(bench).await;
    let shown = json!({ "components": card.components });
    studio.draws("suggestion", "A card that asks moderators", &card.content, &shown, false);
    studio.discord.press(card.id, "Post", moderator).await;
    let found = |state: &mut State| {
        let message = state.world.messages.get(&card.id)?;
        message.content.contains("decided by").then(|| message.clone())
    };
    let decided = studio.discord.hub.until("a decided card", found).await;
    let shown = json!({ "components": decided.components });
    studio.draws("decided", "The same card, decided", &decided.content, &shown, false);

    let other = studio.discord.member(guild, "bob");
    studio.discord.say(debate, other, ALERTED);
    let card = studio.discord.next_message_from_bot(bench).await;
    let shown = json!({ "components": card.components });
    studio.draws("alert", "A card that tells moderators", &card.content, &shown, false);
    assert_eq!(bot.terminate().await.code(), Some(0));

    let is_asked = std::env::var_os("UPDATE_CASES").is_some();
    let guide = fs::read_to_string(root().join(PAGE)).unwrap();
    for (name, drawn) in &studio.drawn {
        let path = format!("docs/pictures/{name}.svg");
        assert!(guide.contains(&format!("](pictures/{name}.svg)")), "{PAGE} does not show {path}");
        let file = root().join(&path);
        if is_asked {
            fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).unwrap();
            fs::write(&file, drawn).unwrap();
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let is_same = without_scores(&kept) == without_scores(drawn);
        assert!(is_same, "{path} is stale: UPDATE_CASES=1 draws it\n{drawn}");
    }
}
