//! Settings and wishes as they lie on disk. Knows neither keys nor trees, nor which layer wins.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::claim::ClaimId;
use crate::model::score::Score;
use crate::policy::hours::QuietHours;
use crate::policy::layers::{ChannelLayer, ServerLayer, Tuning};
use crate::policy::place::{ChannelId, GuildId, RoleId};
use crate::policy::settings::{Mode, Style};
use crate::policy::wishes::Wishes;
use crate::store::StoreError;
use crate::store::record::{decode, encode};

/// A field that is not there was not said. A name that nobody knows is an error: a setting that is
/// overlooked may be the one that stops us.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TuningOnDisk {
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cooldown_claim: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cooldown_channel: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cooldown_member: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    muted: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    muted_topics: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    muted_packs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exempt_roles: Vec<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exempt: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet_hours: Option<(u16, u16)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review_channel: Option<u64>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ServerOnDisk {
    tuning: TuningOnDisk,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget_hour: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget_day: Option<u32>,
    /// Where older versions had it; now it is one of the tunings.
    #[serde(skip_serializing_if = "Option::is_none")]
    review_channel: Option<u64>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ChannelOnDisk {
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    tuning: TuningOnDisk,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WishesOnDisk {
    quiet_everywhere: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quiet_in: Vec<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_on: Vec<String>,
}

pub(super) fn encode_server(layer: &ServerLayer) -> Result<Vec<u8>, StoreError> {
    encode(&ServerOnDisk {
        tuning: to_disk(&layer.tuning),
        budget_hour: layer.budget_hour,
        budget_day: layer.budget_day,
        review_channel: None,
    })
}

pub(super) fn decode_server(bytes: &[u8]) -> Result<ServerLayer, StoreError> {
    let disk: ServerOnDisk = decode(bytes)?;
    let mut tuning = from_disk(disk.tuning)?;
    tuning.review_channel = tuning.review_channel.or(disk.review_channel.map(ChannelId));
    Ok(ServerLayer { tuning, budget_hour: disk.budget_hour, budget_day: disk.budget_day })
}

pub(super) fn encode_channel(layer: &ChannelLayer) -> Result<Vec<u8>, StoreError> {
    let mode = layer.mode.map(|mode| mode.word().to_owned());
    encode(&ChannelOnDisk { mode, tuning: to_disk(&layer.tuning) })
}

pub(super) fn decode_channel(bytes: &[u8]) -> Result<ChannelLayer, StoreError> {
    let disk: ChannelOnDisk = decode(bytes)?;
    let mode = match disk.mode {
        Some(word) => Some(
            Mode::parse(&word)
                .ok_or_else(|| StoreError::Unreadable(format!("a channel in mode `{word}`")))?,
        ),
        None => None,
    };
    Ok(ChannelLayer { mode, tuning: from_disk(disk.tuning)? })
}

pub(super) fn encode_wishes(wishes: &Wishes) -> Result<Vec<u8>, StoreError> {
    encode(&WishesOnDisk {
        quiet_everywhere: wishes.quiet_everywhere,
        quiet_in: wishes.quiet_in.iter().map(|guild| guild.0).collect(),
        not_on: words(&wishes.not_on),
    })
}

pub(super) fn decode_wishes(bytes: &[u8]) -> Result<Wishes, StoreError> {
    let disk: WishesOnDisk = decode(bytes)?;
    Ok(Wishes {
        quiet_everywhere: disk.quiet_everywhere,
        quiet_in: disk.quiet_in.into_iter().map(GuildId).collect(),
        not_on: claims(disk.not_on)?,
    })
}

fn to_disk(tuning: &Tuning) -> TuningOnDisk {
    let seconds = |span: Option<Duration>| span.map(|span| span.as_secs());
    TuningOnDisk {
        threshold: tuning.threshold.map(Score::thousandths),
        cooldown_claim: seconds(tuning.cooldown_claim),
        cooldown_channel: seconds(tuning.cooldown_channel),
        cooldown_member: seconds(tuning.cooldown_member),
        muted: words(&tuning.muted),
        muted_topics: tuning.muted_topics.iter().cloned().collect(),
        muted_packs: tuning.muted_packs.iter().cloned().collect(),
        exempt_roles: tuning.exempt_roles.iter().map(|role| role.0).collect(),
        exempt: tuning.exempt,
        quiet_hours: tuning.quiet_hours.map(QuietHours::minutes),
        style: tuning.style.map(|style| style.word().to_owned()),
        delay: seconds(tuning.delay),
        sensitive: tuning.sensitive,
        review_channel: tuning.review_channel.map(|channel| channel.0),
    }
}

fn from_disk(disk: TuningOnDisk) -> Result<Tuning, StoreError> {
    let threshold = match disk.threshold {
        Some(thousandths) => Some(
            Score::new(thousandths)
                .ok_or_else(|| StoreError::Unreadable(format!("a threshold of {thousandths}")))?,
        ),
        None => None,
    };
    let quiet_hours = match disk.quiet_hours {
        Some((from, to)) => Some(
            QuietHours::new(from, to)
                .ok_or_else(|| StoreError::Unreadable(format!("quiet hours {from} to {to}")))?,
        ),
        None => None,
    };
    let style = match disk.style {
        Some(word) => Some(
            Style::parse(&word)
                .ok_or_else(|| StoreError::Unreadable(format!("replies in style `{word}`")))?,
        ),
        None => None,
    };
    let seconds = |seconds: Option<u64>| seconds.map(Duration::from_secs);
    Ok(Tuning {
        threshold,
        cooldown_claim: seconds(disk.cooldown_claim),
        cooldown_channel: seconds(disk.cooldown_channel),
        cooldown_member: seconds(disk.cooldown_member),
        muted: claims(disk.muted)?,
        muted_topics: disk.muted_topics.into_iter().collect(),
        muted_packs: disk.muted_packs.into_iter().collect(),
        exempt_roles: disk.exempt_roles.into_iter().map(RoleId).collect(),
        exempt: disk.exempt,
        quiet_hours,
        style,
        delay: seconds(disk.delay),
        sensitive: disk.sensitive,
        review_channel: disk.review_channel.map(ChannelId),
    })
}

fn words(claims: &BTreeSet<ClaimId>) -> Vec<String> {
    claims.iter().map(|claim| claim.as_str().to_owned()).collect()
}

fn claims(words: Vec<String>) -> Result<BTreeSet<ClaimId>, StoreError> {
    let claims = words.into_iter().map(|word| {
        ClaimId::new(&word).ok_or_else(|| StoreError::Unreadable(format!("a claim named `{word}`")))
    });
    claims.collect()
}
