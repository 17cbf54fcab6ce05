//! The guided first run: where to work, where to ask, and in which mode; each step carries all that was chosen before. Knows neither selects nor buttons.

use crate::app::App;
use crate::app::ask::{Pick, Place, Setup, Step, Survey};
use crate::app::event::{Action, Answer, FormRow, Request, StepButton};
use crate::policy::permission::Permissions;
use crate::policy::place::{ChannelId, GuildId, Moment};
use crate::policy::settings::Mode;
use crate::reply::limits;
use crate::reply::{wording, wording_moderators as said, wording_setup as words};

impl App {
    /// A step of the guided setup, for a moderator whose permission was checked.
    pub(super) fn set_up(
        &self,
        request: &Request,
        guild: GuildId,
        setup: &Setup,
        now: Moment,
    ) -> Action {
        let survey = &setup.survey;
        let mut lines = Vec::new();
        let mut form = Vec::new();
        match setup.step {
            Step::Begin => {
                lines.push(words::WHERE_TO_WORK.to_owned());
                if !survey.reads_content {
                    lines.push(said::reads(false).to_owned());
                }
                form.push(FormRow::Pick(Pick::Work, words::PICK_WORK.to_owned()));
            }
            Step::Work(work) => {
                lines.push(words::where_to_ask(work));
                lines.extend(missing(survey, work));
                form.push(FormRow::Pick(Pick::Review(work), words::PICK_REVIEW.to_owned()));
                form.push(FormRow::Buttons(vec![begin_again()]));
            }
            Step::Review(work, review) if work == review => {
                lines.push(words::NOT_THE_SAME.to_owned());
                form.push(FormRow::Pick(Pick::Review(work), words::PICK_REVIEW.to_owned()));
                form.push(FormRow::Buttons(vec![begin_again()]));
            }
            Step::Review(work, review) => {
                lines.push(words::how_to_begin(work, review));
                lines.extend(checked(survey, work, review));
                let mode = |mode: Mode, label: &str| StepButton {
                    step: Step::Mode(work, review, mode),
                    label: label.to_owned(),
                };
                form.push(FormRow::Buttons(vec![
                    mode(Mode::Suggest, words::BEGIN_SUGGEST),
                    mode(Mode::Watch, words::BEGIN_WATCH),
                    mode(Mode::Reply, words::BEGIN_REPLY),
                    begin_again(),
                ]));
            }
            Step::Mode(work, review, mode) => {
                lines.extend(self.begin_in(request, guild, (work, review, mode), now));
                let all = checked(survey, work, review);
                if !all.is_empty() {
                    let step = Step::Mode(work, review, mode);
                    let label = words::LOOK_AGAIN.to_owned();
                    form.push(FormRow::Buttons(vec![StepButton { step, label }]));
                }
                lines.push(if all.is_empty() {
                    words::ALL_THERE.to_owned()
                } else {
                    all.join("\n")
                });
            }
        }
        Action::Answer(Answer {
            handle: request.handle.clone(),
            replaces: setup.replaces,
            public: false,
            content: limits::fitted(&lines),
            buttons: Vec::new(),
            form,
        })
    }

    /// Sets what was chosen; pressed again it changes nothing more.
    fn begin_in(
        &self,
        request: &Request,
        guild: GuildId,
        (work, review, mode): (ChannelId, ChannelId, Mode),
        now: Moment,
    ) -> Vec<String> {
        let by = Some(request.by);
        let is_set = self.server_layer(guild).tuning.review_channel == Some(review)
            && self.channel_layer(guild, work).mode == Some(mode);
        if !is_set {
            let asked =
                self.change_server(guild, |layer| layer.tuning.review_channel = Some(review));
            let begun = self.change_channel(guild, work, |layer| layer.mode = Some(mode));
            if asked.is_err() || begun.is_err() {
                return vec![wording::NOT_KEPT.to_owned()];
            }
            self.log_change(guild, by, said::scoped(&said::review_set(Some(review)), None), now);
            self.log_change(guild, by, said::mode_set(work, mode, true), now);
        }
        let mut lines = vec![
            words::DONE.to_owned(),
            said::mode_set(work, mode, true),
            said::review_set(Some(review)),
        ];
        if self.is_quiet_by_name(guild, work) {
            lines.push(said::QUIET_BY_NAME.trim_start().to_owned());
        }
        lines
    }
}

fn begin_again() -> StepButton {
    StepButton { step: Step::Begin, label: words::BEGIN_AGAIN.to_owned() }
}

/// What is missing in both channels, and who sees the moderators' one.
fn checked(survey: &Survey, work: ChannelId, review: ChannelId) -> Vec<String> {
    let mut lines: Vec<String> =
        [work, review].into_iter().filter_map(|channel| missing(survey, channel)).collect();
    if place(survey, review).is_some_and(|place| place.is_open) {
        lines.push(words::everybody_sees(review));
    }
    if !survey.reads_content {
        lines.push(said::reads(false).to_owned());
    }
    lines
}

/// What footnote lacks in a channel; also where it does not see it at all.
fn missing(survey: &Survey, channel: ChannelId) -> Option<String> {
    let missing = place(survey, channel).map_or(Permissions::VIEW_CHANNEL, |place| place.missing);
    (missing != Permissions::NONE).then(|| words::missing(channel, missing))
}

fn place(survey: &Survey, channel: ChannelId) -> Option<&Place> {
    survey.places.iter().find(|place| place.channel == channel)
}
