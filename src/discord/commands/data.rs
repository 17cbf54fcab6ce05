//! `/footnote my-data` and `forget-me`: what is kept about whoever asks. Knows not what that is.

use serenity::all::CreateCommandOption;

use crate::app::ask::Ask;
use crate::discord::commands::{Subcommand, subcommand};

pub(super) const MY_DATA: Subcommand =
    Subcommand { name: "my-data", definition: define_my_data, parse: |_| Ask::MyData };
pub(super) const FORGET_ME: Subcommand =
    Subcommand { name: "forget-me", definition: define_forget_me, parse: |_| Ask::ForgetMe };

fn define_my_data() -> CreateCommandOption {
    subcommand(MY_DATA.name, "Everything that footnote keeps about you")
}

fn define_forget_me() -> CreateCommandOption {
    subcommand(FORGET_ME.name, "Erase everything that footnote keeps about you")
}
