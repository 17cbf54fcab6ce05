//! `/footnote-mod pause` and `resume`: silence in a server. Knows not what silence means.

use std::time::Duration;

use serenity::all::{
    CommandDataOption, CommandOptionType, CommandType, CreateCommand, CreateCommandOption,
    InteractionContext, Permissions,
};

use crate::app::event::Ask;
use crate::discord::commands::text;

pub(super) const NAME: &str = "footnote-mod";

const PAUSE: &str = "pause";
const RESUME: &str = "resume";
const DURATION: &str = "duration";

/// Longer than any time that can be typed sensibly, short enough that a slip is noticed.
const MOST_DAYS: u64 = 366;

pub(super) fn definition() -> CreateCommand {
    let duration = "How long, as in 30m, 2h or 7d; until somebody resumes where it is left out";
    let duration = CreateCommandOption::new(CommandOptionType::String, DURATION, duration)
        .required(false)
        .max_length(8);
    let pause = "Read and answer nothing in this server";
    let pause = CreateCommandOption::new(CommandOptionType::SubCommand, PAUSE, pause);
    let resume = "Read and answer again";
    let resume = CreateCommandOption::new(CommandOptionType::SubCommand, RESUME, resume);
    CreateCommand::new(NAME)
        .kind(CommandType::ChatInput)
        .description("Moderators' settings of footnote")
        .contexts(vec![InteractionContext::Guild])
        .default_member_permissions(Permissions::MANAGE_GUILD)
        .add_option(pause.add_sub_option(duration))
        .add_option(resume)
}

pub(super) fn parse(subcommand: &str, options: &[CommandDataOption]) -> Ask {
    match (subcommand, text(options, DURATION)) {
        (PAUSE, None) => Ask::Pause(None),
        (PAUSE, Some(typed)) => {
            length(typed).map_or(Ask::UnclearDuration, |length| Ask::Pause(Some(length)))
        }
        (RESUME, _) => Ask::Resume,
        _ => Ask::Unknown,
    }
}

/// Reads a number with its unit.
fn length(typed: &str) -> Option<Duration> {
    let typed = typed.trim().to_lowercase();
    let (number, seconds) = [('m', 60), ('h', 3600), ('d', 86_400)]
        .into_iter()
        .find_map(|(unit, seconds)| Some((typed.strip_suffix(unit)?, seconds)))?;
    let total = number.trim().parse::<u32>().ok()?.checked_mul(seconds)?;
    let total = u64::from(total);
    (1..=MOST_DAYS * 86_400).contains(&total).then(|| Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::length;

    #[test]
    fn lengths_are_numbers_with_a_unit() {
        for (typed, seconds) in [
            ("30m", Some(1800)),
            (" 2 H ", Some(7200)),
            ("7d", Some(604_800)),
            ("366d", Some(31_622_400)),
            ("367d", None),
            ("99999999d", None),
            ("0m", None),
            ("-1h", None),
            ("30", None),
            ("m", None),
            ("forever", None),
            ("", None),
        ] {
            assert_eq!(length(typed), seconds.map(Duration::from_secs), "{typed}");
        }
    }
}
