//! What a select or button of the guided setup carries, as its `custom_id`. Knows no serenity and not what a step does.
//!
//! `1:s:<step>:<channel>:<channel>`, the channels in hexadecimal and 0 where none was chosen yet. A select
//! says which step its choice leads to.

use crate::app::ask::{Pick, Step};
use crate::policy::place::ChannelId;
use crate::policy::settings::Mode;

const VERSION: &str = "1";
const SETUP: &str = "s";

const BEGIN: &str = "b";
const WORK: &str = "w";
const REVIEW: &str = "r";

/// The `custom_id` of a button.
pub(super) fn encode(step: Step) -> String {
    match step {
        Step::Begin => form(BEGIN, 0, 0),
        Step::Work(work) => form(WORK, work.0, 0),
        Step::Review(work, review) => form(REVIEW, work.0, review.0),
        Step::Mode(work, review, mode) => form(mode.word(), work.0, review.0),
    }
}

/// The `custom_id` of a select.
pub(super) fn encode_pick(pick: Pick) -> String {
    match pick {
        Pick::Work => form(WORK, 0, 0),
        Pick::Review(work) => form(REVIEW, work.0, 0),
    }
}

/// Which step a `custom_id` leads to, with what was chosen in a select; none where it is none of these.
pub(super) fn decode(custom_id: &str, chosen: Option<ChannelId>) -> Option<Step> {
    let mut parts = custom_id.split(':');
    let mut next = || parts.next();
    if next()? != VERSION || next()? != SETUP {
        return None;
    }
    let word = next()?;
    let (work, review) = (id(next()?)?, id(next()?)?);
    if next().is_some() {
        return None;
    }
    // No channel has the number 0: it stands for none.
    let known = |id| (id != 0).then_some(ChannelId(id));
    let (work, review) = (known(work), known(review));
    match word {
        BEGIN => Some(Step::Begin),
        WORK => Some(Step::Work(chosen.or(work)?)),
        REVIEW => Some(Step::Review(work?, chosen.or(review)?)),
        mode => Some(Step::Mode(work?, review?, Mode::parse(mode)?)),
    }
}

fn form(step: &str, work: u64, review: u64) -> String {
    format!("{VERSION}:{SETUP}:{step}:{work:x}:{review:x}")
}

fn id(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, encode_pick};
    use crate::app::ask::{Pick, Step};
    use crate::policy::place::ChannelId;
    use crate::policy::settings::Mode;
    use crate::reply::limits::CUSTOM_ID;

    const WORK: ChannelId = ChannelId(u64::MAX);
    const REVIEW: ChannelId = ChannelId(7);

    #[test]
    fn steps_come_back_and_fit() {
        let modes = Mode::ALL.map(|mode| Step::Mode(WORK, WORK, mode));
        let steps = [Step::Begin, Step::Work(WORK), Step::Review(WORK, REVIEW)];
        for step in steps.into_iter().chain(modes) {
            let id = encode(step);
            assert!(id.len() <= CUSTOM_ID, "{id}");
            assert_eq!(decode(&id, None), Some(step), "{id}");
            assert_eq!(crate::discord::buttons::decode(&id), None, "{id} is no other button's");
        }
    }

    #[test]
    fn a_select_leads_to_its_step_with_what_was_chosen() {
        let of = |pick, chosen| decode(&encode_pick(pick), chosen);
        assert_eq!(of(Pick::Work, Some(WORK)), Some(Step::Work(WORK)));
        assert_eq!(of(Pick::Review(WORK), Some(REVIEW)), Some(Step::Review(WORK, REVIEW)));
        assert_eq!(of(Pick::Work, None), None);
        for other in
            ["", "1:s", "1:s:b:0:0:0", "2:s:b:0:0", "1:s:x:1:1", "1:s:reply:1:0", "1:s:w:g:0"]
        {
            assert_eq!(decode(other, None), None, "{other}");
        }
    }
}
