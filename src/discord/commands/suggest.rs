//! `/footnote suggest`: a form for what has no response yet. Knows not who reads it.

use serenity::all::{
    ActionRowComponent, CreateActionRow, CreateCommandOption, CreateInputText, CreateModal,
    InputTextStyle, ModalInteractionData,
};

use crate::app::ask::{Ask, Suggested};
use crate::discord::commands::{Subcommand, subcommand};
use crate::reply::limits::{SUGGESTED, SUGGESTED_SOURCE};
use crate::reply::wording_members as said;

pub(super) const SUBCOMMAND: Subcommand =
    Subcommand { name: "suggest", definition: define, parse: |_| Ask::Suggest };

/// What the form carries; with its version, as buttons do.
const FORM: &str = "1:g";
const WORDING: &str = "wording";
const SOURCE: &str = "source";

fn define() -> CreateCommandOption {
    subcommand(SUBCOMMAND.name, "Tell the authors of a claim that has no response yet")
}

/// The form.
pub(in crate::discord) fn form() -> CreateModal {
    let limit = |characters: usize| u16::try_from(characters).unwrap_or(u16::MAX);
    let wording = CreateInputText::new(InputTextStyle::Paragraph, said::SUGGEST_WORDING, WORDING)
        .placeholder(said::SUGGEST_PLACEHOLDER)
        .min_length(5)
        .max_length(limit(SUGGESTED))
        .required(true);
    let source = CreateInputText::new(InputTextStyle::Short, said::SUGGEST_SOURCE, SOURCE)
        .max_length(limit(SUGGESTED_SOURCE))
        .required(false);
    let rows = [wording, source].map(CreateActionRow::InputText);
    CreateModal::new(FORM, said::SUGGEST_TITLE).components(rows.to_vec())
}

/// What was typed into it; none where it is no form of ours.
pub(in crate::discord) fn parse(data: &ModalInteractionData) -> Option<Ask> {
    if data.custom_id != FORM {
        return None;
    }
    let typed = |id: &str| {
        let inputs = data.components.iter().flat_map(|row| &row.components);
        let mut texts = inputs.filter_map(|input| match input {
            ActionRowComponent::InputText(text) if text.custom_id == id => text.value.clone(),
            _ => None,
        });
        texts.next()
    };
    let wording = typed(WORDING).unwrap_or_default();
    Some(Ask::Suggested(Suggested { wording, source: typed(SOURCE) }))
}
