//! `/footnote-mod settings`: what holds in a channel, and changes of it. Knows not what the settings mean.

use std::time::Duration;

use serenity::all::{CommandDataOptionValue, CommandOptionType, CreateCommandOption};

use crate::app::ask::{Ask, Change, Cooldown, Span};
use crate::discord::commands::length::length;
use crate::discord::commands::{Given, Subcommand, claim_name, claim_option, subcommand};
use crate::discord::now;
use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::hours::QuietHours;
use crate::policy::place::{ChannelId, GuildId, RoleId};
use crate::policy::settings::Style;

pub(super) const GROUP: Subcommand = Subcommand { name: "settings", definition: define, parse };

const SHOW: &str = "show";
const THRESHOLD: &str = "threshold";
const COOLDOWN: &str = "cooldown";
const MUTE: &str = "mute";
const EXEMPT: &str = "exempt";
const SENSITIVE: &str = "sensitive";
const MODERATORS: &str = "moderators";
const BUDGET: &str = "budget";
const TOPIC: &str = "topic";
const QUIET_HOURS: &str = "quiet-hours";
const STYLE: &str = "style";
const DELAY: &str = "delay";
const LOG: &str = "log";
const TRUST: &str = "trust";

const CHANNEL: &str = "channel";
const VALUE: &str = "value";
const BETWEEN: &str = "between";
const CLAIM: &str = "claim";
const ROLE: &str = "role";
const ON: &str = "on";
const WHERE: &str = "where";
const SPAN: &str = "span";
const NAME: &str = "name";
const FROM: &str = "from";
const TO: &str = "to";
const ZONE: &str = "zone";

/// Between which answers, with what that is called.
const COOLDOWNS: [(&str, &str, Cooldown); 3] = [
    ("claim", "answers to one claim in a channel", Cooldown::Claim),
    ("channel", "answers in a channel", Cooldown::Channel),
    ("member", "answers to one member", Cooldown::Member),
];

fn define() -> CreateCommandOption {
    let what = "What holds in a channel, and changes of it";
    let group = CreateCommandOption::new(CommandOptionType::SubCommandGroup, GROUP.name, what);
    let each = [
        show(),
        moderators(),
        threshold(),
        cooldown(),
        budget(),
        mute(),
        topic(),
        exempt(),
        sensitive(),
        quiet_hours(),
        style(),
        delay(),
        trust(),
        log(),
    ];
    each.into_iter().fold(group, CreateCommandOption::add_sub_option)
}

fn show() -> CreateCommandOption {
    subcommand(SHOW, "What holds in a channel, and where it was set").add_sub_option(here())
}

fn moderators() -> CreateCommandOption {
    let place = "The moderators' channel; nowhere where it is left out";
    let place = CreateCommandOption::new(CommandOptionType::Channel, WHERE, place);
    subcommand(MODERATORS, "Where footnote asks and tells the moderators")
        .add_sub_option(place)
        .add_sub_option(only_in())
}

fn threshold() -> CreateCommandOption {
    let value = "0 to 1000: the higher, the quieter; as before any change where it is left out";
    let value = CreateCommandOption::new(CommandOptionType::Integer, VALUE, value)
        .min_int_value(0)
        .max_int_value(1000);
    subcommand(THRESHOLD, "How sure footnote must be before it speaks")
        .add_sub_option(value)
        .add_sub_option(only_in())
}

fn cooldown() -> CreateCommandOption {
    let between = "Between which answers";
    let between = CreateCommandOption::new(CommandOptionType::String, BETWEEN, between);
    let between = COOLDOWNS.into_iter().fold(between.required(true), |option, (word, label, _)| {
        option.add_string_choice(label, word)
    });
    let value = "As in 30m, 2h or 7d; as before any change where it is left out";
    let value = CreateCommandOption::new(CommandOptionType::String, VALUE, value).max_length(8);
    subcommand(COOLDOWN, "The least time between two answers")
        .add_sub_option(between)
        .add_sub_option(value)
        .add_sub_option(only_in())
}

fn mute() -> CreateCommandOption {
    subcommand(MUTE, "Never answer a claim here, or answer it again")
        .add_sub_option(claim_option(CLAIM, "The name of the response"))
        .add_sub_option(on("False: it is answered again"))
        .add_sub_option(only_in())
}

fn budget() -> CreateCommandOption {
    let span = CreateCommandOption::new(CommandOptionType::String, SPAN, "In which time")
        .required(true)
        .add_string_choice("an hour", "hour")
        .add_string_choice("a day", "day");
    let most = "The most answers; as before any change where it is left out";
    let most = CreateCommandOption::new(CommandOptionType::Integer, VALUE, most)
        .min_int_value(0)
        .max_int_value(1000);
    subcommand(BUDGET, "The most answers in this server").add_sub_option(span).add_sub_option(most)
}

fn topic() -> CreateCommandOption {
    let name = "The topic, or the pack";
    let name = CreateCommandOption::new(CommandOptionType::String, NAME, name)
        .required(true)
        .max_length(64);
    subcommand(TOPIC, "Answer no claims of a topic or pack here, or answer them again")
        .add_sub_option(name)
        .add_sub_option(on("False: they are answered again"))
        .add_sub_option(only_in())
}

fn quiet_hours() -> CreateCommandOption {
    let time =
        |name, what| CreateCommandOption::new(CommandOptionType::String, name, what).max_length(5);
    let zone = "Hours ahead of UTC, as in 2, -5 or 5.5; UTC where it is left out";
    let zone = CreateCommandOption::new(CommandOptionType::Number, ZONE, zone)
        .min_number_value(-12.0)
        .max_number_value(14.0);
    subcommand(QUIET_HOURS, "When footnote reads nothing; as before any change without times")
        .add_sub_option(time(FROM, "As in 22:00"))
        .add_sub_option(time(TO, "As in 7:00; the same as from: no quiet hours"))
        .add_sub_option(zone)
        .add_sub_option(only_in())
}

fn style() -> CreateCommandOption {
    let value =
        CreateCommandOption::new(CommandOptionType::String, VALUE, "How much").required(true);
    let value = value
        .add_string_choice("compact: a few lines", Style::Compact.word())
        .add_string_choice("full: as much as fits", Style::Full.word());
    subcommand(STYLE, "How much of a response is posted")
        .add_sub_option(value)
        .add_sub_option(only_in())
}

fn delay() -> CreateCommandOption {
    let value = "As in 30s or 2m, at most 10m; as before any change where it is left out";
    let value = CreateCommandOption::new(CommandOptionType::String, VALUE, value).max_length(8);
    subcommand(DELAY, "How long an answer waits in case somebody else gives one")
        .add_sub_option(value)
        .add_sub_option(only_in())
}

fn trust() -> CreateCommandOption {
    subcommand(TRUST, "Take back what \"Wrong match\" did to a claim in this server")
        .add_sub_option(claim_option(CLAIM, "The name of the response"))
}

fn log() -> CreateCommandOption {
    subcommand(LOG, "What moderators changed lately")
}

fn exempt() -> CreateCommandOption {
    let role = "The role; the place itself where it is left out";
    let role = CreateCommandOption::new(CommandOptionType::Role, ROLE, role);
    subcommand(EXEMPT, "Leave a role's members or a place alone, or no longer")
        .add_sub_option(role)
        .add_sub_option(on("False: they are read and answered again"))
        .add_sub_option(only_in())
}

fn sensitive() -> CreateCommandOption {
    subcommand(SENSITIVE, "Mark a channel as one where nobody should be corrected")
        .add_sub_option(on("False: it is a channel like any other"))
        .add_sub_option(here())
}

fn on(description: &str) -> CreateCommandOption {
    CreateCommandOption::new(CommandOptionType::Boolean, ON, description)
}

fn here() -> CreateCommandOption {
    let channel = "The channel, thread or post; this one where it is left out";
    CreateCommandOption::new(CommandOptionType::Channel, CHANNEL, channel)
}

fn only_in() -> CreateCommandOption {
    let channel = "Only in this channel and its threads; in the whole server where it is left out";
    CreateCommandOption::new(CommandOptionType::Channel, CHANNEL, channel)
}

fn parse(group: &Given<'_>) -> Ask {
    let Some(first) = group.options.first() else { return Ask::Unknown };
    let CommandDataOptionValue::SubCommand(options) = &first.value else { return Ask::Unknown };
    let given = Given { options, ..*group };
    let channel = given.channel(CHANNEL);
    let on = given.switch(ON).unwrap_or(true);
    let change = match first.name.as_str() {
        SHOW => return shown(&given, channel.unwrap_or(given.here())),
        SENSITIVE => {
            return Ask::Set(Some(channel.unwrap_or(given.here())), Change::Sensitive(on));
        }
        MODERATORS => Some(Change::Review(given.channel(WHERE))),
        THRESHOLD => parse_threshold(&given),
        COOLDOWN => parse_cooldown(&given),
        MUTE => {
            let name = given.text(CLAIM).map(claim_name).and_then(|name| ClaimId::new(&name));
            name.map(|claim| Change::Mute(claim, on))
        }
        EXEMPT => {
            let role = given.value(ROLE).and_then(CommandDataOptionValue::as_role_id);
            let Some(role) = role else {
                let here = channel.unwrap_or(given.here());
                return Ask::Set(Some(here), Change::ExemptPlace(on));
            };
            Some(Change::Exempt(RoleId(role.get()), on))
        }
        BUDGET => parse_budget(&given),
        TOPIC => given.text(NAME).map(|name| Change::MuteTopic(claim_name(name), on)),
        QUIET_HOURS => Some(parse_hours(&given)),
        STYLE => given.text(VALUE).and_then(Style::parse).map(Change::Style),
        DELAY => parse_delay(&given),
        TRUST => {
            let name = given.text(CLAIM).map(claim_name).and_then(|name| ClaimId::new(&name));
            name.map(Change::Trust)
        }
        LOG => return Ask::Changes,
        _ => return Ask::Unknown,
    };
    Ask::Set(channel, change.unwrap_or(Change::Unclear))
}

fn shown(given: &Given<'_>, channel: ChannelId) -> Ask {
    let guild = given.command.guild_id.map(|id| GuildId(id.get()));
    Ask::Settings(channel, given.topology.here(guild, channel, now()).parent)
}

fn parse_threshold(given: &Given<'_>) -> Option<Change> {
    let Some(number) = given.number(VALUE) else { return Some(Change::Threshold(None)) };
    let score = u16::try_from(number).ok().and_then(Score::new)?;
    Some(Change::Threshold(Some(score)))
}

fn parse_budget(given: &Given<'_>) -> Option<Change> {
    let span = match given.text(SPAN)? {
        "hour" => Span::Hour,
        "day" => Span::Day,
        _ => return None,
    };
    let Some(most) = given.number(VALUE) else { return Some(Change::Budget(span, None)) };
    Some(Change::Budget(span, Some(u32::try_from(most).ok()?)))
}

fn parse_hours(given: &Given<'_>) -> Change {
    let zone = given.value(ZONE).and_then(CommandDataOptionValue::as_f64).unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "Discord holds it between -12 and 14")]
    let ahead = (zone.clamp(-24.0, 24.0) * 60.0).round() as i32;
    match (given.text(FROM), given.text(TO)) {
        (None, None) => Change::QuietHours(None),
        (Some(from), Some(to)) => QuietHours::parse(from, to, ahead)
            .map_or(Change::UnclearHours, |hours| Change::QuietHours(Some(hours))),
        (Some(_), None) | (None, Some(_)) => Change::UnclearHours,
    }
}

fn parse_delay(given: &Given<'_>) -> Option<Change> {
    let Some(typed) = given.text(VALUE) else { return Some(Change::Delay(None)) };
    let seconds = typed.trim().strip_suffix(['s', 'S']).and_then(|count| count.parse().ok());
    let delay = seconds.map(Duration::from_secs).or_else(|| length(typed))?;
    Some(Change::Delay(Some(delay)))
}

fn parse_cooldown(given: &Given<'_>) -> Option<Change> {
    let word = given.text(BETWEEN)?;
    let (_, _, which) = COOLDOWNS.into_iter().find(|(known, _, _)| *known == word)?;
    let Some(typed) = given.text(VALUE) else { return Some(Change::Cooldown(which, None)) };
    Some(Change::Cooldown(which, Some(length(typed)?)))
}
