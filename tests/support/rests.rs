//! Whether answers kept their distance, by the times of their decisions. Knows no process and no message.

use std::collections::BTreeMap;
use std::time::Duration;

use footnote::model::claim::ClaimId;
use footnote::policy::place::{ChannelId, GuildId, Moment, UserId};
use footnote::policy::settings::Settings;

/// An answer, as far as it limits others.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) guild: GuildId,
    pub(crate) channel: ChannelId,
    pub(crate) claim: ClaimId,
    pub(crate) author: UserId,
    pub(crate) decided: Moment,
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// No rest and no budget was exceeded; `budgets` are those of a server, an hour's and a day's.
pub(crate) fn kept(given: &[Given], settings: &Settings, budgets: impl Fn(GuildId) -> (u32, u32)) {
    let mut channels: BTreeMap<ChannelId, Vec<Moment>> = BTreeMap::new();
    let mut claims: BTreeMap<(ChannelId, &ClaimId), Vec<Moment>> = BTreeMap::new();
    let mut members: BTreeMap<(GuildId, UserId), Vec<Moment>> = BTreeMap::new();
    let mut servers: BTreeMap<GuildId, Vec<Moment>> = BTreeMap::new();
    for one in given {
        channels.entry(one.channel).or_default().push(one.decided);
        claims.entry((one.channel, &one.claim)).or_default().push(one.decided);
        members.entry((one.guild, one.author)).or_default().push(one.decided);
        servers.entry(one.guild).or_default().push(one.decided);
    }
    for times in channels.values() {
        within("channel", times, 1, settings.cooldown_channel);
    }
    for times in claims.values() {
        within("claim", times, 1, settings.cooldown_claim);
    }
    for times in members.values() {
        within("member", times, 1, settings.cooldown_member);
    }
    for (guild, times) in servers {
        let (hour, day) = budgets(guild);
        within("hour", &times, hour, HOUR);
        within("day", &times, day, DAY);
    }
}

/// At most `most` in any span.
fn within(what: &str, times: &[Moment], most: u32, span: Duration) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let most = usize::try_from(most).expect("fits");
    for window in times.windows(most + 1) {
        let all = window[most].since(window[0]);
        assert!(all >= span, "{what}: {} in {all:?}", most + 1);
    }
}
