//! `/footnote-mod pause` and `resume`: silence in a whole server. Knows not what silence means.

use serenity::all::{CommandOptionType, CreateCommandOption};

use crate::app::ask::Ask;
use crate::discord::commands::length::length;
use crate::discord::commands::{Given, Subcommand, subcommand};

pub(super) const PAUSE: Subcommand =
    Subcommand { name: "pause", definition: define_pause, parse: parse_pause };
pub(super) const RESUME: Subcommand =
    Subcommand { name: "resume", definition: define_resume, parse: |_| Ask::Resume };

const DURATION: &str = "duration";

fn define_pause() -> CreateCommandOption {
    let duration = "How long, as in 30m, 2h or 7d; until somebody resumes where it is left out";
    let duration = CreateCommandOption::new(CommandOptionType::String, DURATION, duration)
        .required(false)
        .max_length(8);
    subcommand(PAUSE.name, "Read and answer nothing in this whole server, at once")
        .add_sub_option(duration)
}

fn define_resume() -> CreateCommandOption {
    subcommand(RESUME.name, "Read and answer again")
}

fn parse_pause(given: &Given<'_>) -> Ask {
    let Some(typed) = given.text(DURATION) else { return Ask::Pause(None) };
    match length(typed).filter(|length| !length.is_zero()) {
        Some(length) => Ask::Pause(Some(length)),
        None => Ask::UnclearDuration,
    }
}
