//! Archived copies, as the Wayback Machine's availability API knows them. Proposes; changes no file.

use serde::Deserialize;

use crate::cli::links::ask::Asker;

#[derive(Deserialize)]
struct Answer {
    archived_snapshots: Snapshots,
}

#[derive(Deserialize)]
struct Snapshots {
    closest: Option<Snapshot>,
}

#[derive(Deserialize)]
struct Snapshot {
    available: bool,
    url: String,
    /// What the archive itself got from the address.
    status: String,
}

/// The address of a copy, where the archive at `api` has a good one. The error is one sentence.
pub(super) async fn copy(
    asker: &Asker,
    api: &str,
    address: &str,
) -> Result<Option<String>, String> {
    let text = asker.text(api, &[("url", address)]).await?;
    let answer: Answer = serde_json::from_str(&text)
        .map_err(|error| format!("`{api}` does not answer as it should: {error}"))?;
    let good = answer.archived_snapshots.closest.filter(|it| it.available && it.status == "200");
    // It answers with http, and has https too.
    Ok(good.map(|copy| match copy.url.strip_prefix("http://web.archive.org/") {
        Some(rest) => format!("https://web.archive.org/{rest}"),
        None => copy.url,
    }))
}
