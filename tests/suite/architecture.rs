//! The arrows of ARCHITECTURE.md, checked on the source text: what each part may name, and what nobody may.

#![expect(clippy::expect_used, reason = "a test that cannot read its files should stop")]

use std::fs;
use std::path::Path;

use proptest::prelude::{any, proptest};

/// A part of the crate: a folder below `src`, or one file.
struct Layer {
    name: &'static str,
    /// The other parts it may name.
    layers: &'static [&'static str],
    /// The guarded crates and parts of `std` it may name.
    crates: &'static [&'static str],
}

const CORE: &[&str] = &["model", "text", "matching", "policy", "reply", "lint"];

/// To the left of each arrow of DESIGN.md, in its order.
const LAYERS: &[Layer] = &[
    Layer { name: "model", layers: &[], crates: &[] },
    Layer { name: "text", layers: &["model"], crates: &[] },
    Layer { name: "matching", layers: &["model", "text"], crates: &["strsim"] },
    Layer { name: "policy", layers: &["model", "text", "matching"], crates: &[] },
    Layer { name: "reply", layers: &["model", "text", "matching", "policy"], crates: &[] },
    Layer { name: "lint", layers: &["model", "text", "matching", "policy", "reply"], crates: &[] },
    Layer { name: "page", layers: &["model", "policy", "reply"], crates: &["serde_json"] },
    Layer {
        name: "content",
        layers: &["model"],
        crates: &["serde", "toml", "std::fs", "pulldown_cmark", "thiserror", "notify", "tracing"],
    },
    Layer {
        name: "store",
        layers: &["model", "policy"],
        crates: &[
            "sled",
            "serde",
            "serde_json",
            "std::fs",
            "std::time::Instant",
            "std::thread",
            "thiserror",
            "tracing",
        ],
    },
    Layer {
        name: "app",
        layers: &[
            "model", "text", "matching", "policy", "reply", "lint", "content", "store", "ops",
            "config",
        ],
        crates: &["arc_swap", "thiserror", "tracing"],
    },
    Layer {
        name: "discord",
        layers: &["model", "policy", "reply", "config", "app", "ops"],
        crates: &[
            "serenity",
            "reqwest",
            "tokio",
            "std::net",
            "std::thread",
            "serde",
            "serde_json",
            "std::time::SystemTime",
            "std::time::Instant",
            "thiserror",
            "tracing",
        ],
    },
    Layer {
        name: "ops",
        layers: &["model", "policy", "config"],
        crates: &[
            "axum",
            "metrics_exporter_prometheus",
            "tokio",
            "std::net",
            "tracing",
            "serde",
            "serde_json",
            "std::fs",
            "std::time::Instant",
            "std::thread",
            "thiserror",
        ],
    },
    Layer {
        name: "eval",
        layers: &["model", "text", "matching", "policy", "reply", "lint", "content"],
        crates: &["thiserror"],
    },
    Layer {
        name: "config",
        layers: &["model", "policy"],
        crates: &["serde", "toml", "std::fs", "std::env", "std::net", "thiserror"],
    },
    Layer {
        name: "cli",
        layers: &[
            "model", "text", "matching", "policy", "reply", "lint", "content", "store", "app",
            "discord", "ops", "eval", "config", "page",
        ],
        crates: &[
            "axum",
            "tokio",
            "serde",
            "serde_json",
            "toml",
            "std::fs",
            "std::net",
            "std::time::SystemTime",
            "std::time::Instant",
            "std::thread",
            "thiserror",
            "tracing",
            "print",
        ],
    },
    Layer { name: "main", layers: &["cli"], crates: &[] },
];

/// What is worth guarding; other crates are small and pure. `print` stands for the macros.
const GUARDED: &[&str] = &[
    "axum",
    "reqwest",
    "metrics_exporter_prometheus",
    "tokio",
    "serenity",
    "sled",
    "serde",
    "serde_json",
    "toml",
    "strsim",
    "tracing",
    "thiserror",
    "arc_swap",
    "pulldown_cmark",
    "notify",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::SystemTime",
    "std::time::Instant",
    "print",
];

/// Names that say nothing of what a file is for.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "types", "manager", "handler"];

/// All that is wrong in one file: its path below `src`, with `/`, and its text.
fn faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let code = code(text);
    let mut fault = |what: String| faults.push(format!("{path}: {what}"));

    let name = path.split('/').next().unwrap_or(path).trim_end_matches(".rs");
    let layer = LAYERS.iter().find(|layer| layer.name == name);
    if layer.is_none() && name != "lib" {
        fault(format!("`{name}` is no part that ARCHITECTURE.md knows"));
    }
    if let Some(layer) = layer {
        for other in LAYERS.iter().filter(|other| other.name != layer.name) {
            let named = names(&code, &format!("crate::{}", other.name))
                || names(&code, &format!("footnote::{}", other.name));
            if named && !layer.layers.contains(&other.name) {
                fault(format!("`{name}` may not name `{}`", other.name));
            }
        }
        for guarded in GUARDED.iter().filter(|guarded| !layer.crates.contains(guarded)) {
            if uses(&code, guarded) && !exceptions(path).contains(guarded) {
                fault(format!("`{name}` may not name `{guarded}`"));
            }
        }
    }
    if names(&code, "strsim") && path != "matching/fuzzy.rs" {
        fault("only `matching/fuzzy.rs` may name `strsim`".to_owned());
    }
    if names(&code, "tokio::spawn") && path != "ops/tasks.rs" {
        fault("only `ops/tasks.rs` may spawn".to_owned());
    }
    for hidden in ["crate::{", "super::super"] {
        if code.contains(hidden) {
            fault(format!("`{hidden}` hides what is named"));
        }
    }
    for part in path.split('/') {
        if EMPTY_NAMES.contains(&part.trim_end_matches(".rs")) {
            fault(format!("`{part}` says nothing of what it is for"));
        }
    }
    if !text.starts_with("//! ") {
        fault("the first line does not say what the file is for".to_owned());
    }
    faults
}

/// What single files may name beyond their layer.
fn exceptions(path: &str) -> &'static [&'static str] {
    match path {
        "main.rs" | "cli/mod.rs" | "cli/lock.rs" | "cli/site/folder.rs" => &["std::process"],
        "cli/links/ask.rs" => &["reqwest"],
        _ => &[],
    }
}

/// Whether the code uses a guarded thing, however it is written.
fn uses(code: &str, guarded: &str) -> bool {
    if guarded == "print" {
        return ["print!", "println!", "eprint!", "eprintln!", "dbg!"]
            .iter()
            .any(|m| names(code, m));
    }
    let Some((parent, child)) = guarded.rsplit_once("::") else {
        // A crate is named by a path, an import or an attribute: a local variable may be called `print` or `serde`.
        return names(code, &format!("{guarded}::"))
            || names(code, &format!("use {guarded};"))
            || names(code, &format!("use {guarded} as"));
    };
    names(code, guarded)
        || code.split(&format!("{parent}::{{")).skip(1).any(|group| {
            let end = group.find(';').unwrap_or(group.len());
            group.get(..end).is_some_and(|group| names(group, child))
        })
}

/// Whether the text stands in the code, and not as a part of longer words.
fn names(code: &str, text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(text).any(|(at, _)| {
        let before = code.get(..at).and_then(|before| before.chars().next_back());
        let after = code.get(at + text.len()..).and_then(|after| after.chars().next());
        let ends = text.ends_with(is_word);
        !(before.is_some_and(is_word) || ends && after.is_some_and(is_word))
    })
}

/// The text without comments: what is only talked about is not used. Strings stay, which errs on the strict side.
fn code(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        if !line.trim_start().starts_with("//") {
            code.push_str(line.split(" // ").next().unwrap_or(line));
            code.push('\n');
        }
    }
    code
}

/// Every `.rs` file below `folder`, with its path below it.
fn files(folder: &Path, below: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources can be read") {
        let path = entry.expect("the sources can be read").path();
        let name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let below = if below.is_empty() { name } else { format!("{below}/{name}") };
        if path.is_dir() {
            found.extend(files(&path, &below));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((below, fs::read_to_string(&path).expect("the sources are UTF-8")));
        }
    }
    found.sort();
    found
}

#[test]
fn every_part_names_only_what_it_may() {
    let sources = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "");
    assert!(sources.len() > 20, "the sources were not found");
    let faults: Vec<String> = sources.iter().flat_map(|(path, text)| faults(path, text)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_core_names_nothing_of_the_world() {
    for layer in LAYERS.iter().filter(|layer| CORE.contains(&layer.name)) {
        let allowed: &[&str] = if layer.name == "matching" { &["strsim"] } else { &[] };
        assert_eq!(layer.crates, allowed, "{}", layer.name);
        assert!(layer.layers.iter().all(|other| CORE.contains(other)), "{}", layer.name);
    }
}

/// One violation of each kind, and something harmless that looks like it.
#[test]
fn each_violation_is_seen() {
    for (path, line, expected) in [
        ("model/a.rs", "use crate::text::Text;", true),
        ("model/a.rs", "use crate::model::claim::Claim;", false),
        ("model/a.rs", "let x = crate::content::load::load(p);", true),
        ("model/a.rs", "// crate::content is not named here", false),
        ("text/a.rs", "use crate::matching::Matcher;", true),
        ("matching/a.rs", "use crate::policy::reason::Reason;", true),
        ("policy/a.rs", "use crate::reply::Reply;", true),
        ("policy/a.rs", "use crate::matching::Matcher;", false),
        ("reply/a.rs", "use crate::lint::rule;", true),
        ("lint/a.rs", "use crate::content::lock;", true),
        ("content/a.rs", "use crate::lint::lint;", true),
        ("content/a.rs", "use crate::store::Store;", true),
        ("page/a.rs", "use crate::content::load;", true),
        ("page/a.rs", "use crate::reply::Reply;", false),
        ("page/a.rs", "use crate::matching::Matcher;", true),
        ("page/a.rs", "use axum::Router;", true),
        ("page/a.rs", "use serde_json::json;", false),
        ("cli/links/ask.rs", "use reqwest::Client;", false),
        ("cli/links/mod.rs", "use reqwest::Client;", true),
        ("reply/a.rs", "use crate::page::html::Html;", true),
        ("discord/a.rs", "use crate::page::html::Html;", true),
        ("store/a.rs", "use crate::content::load;", true),
        ("store/a.rs", "use crate::policy::settings::Settings;", false),
        ("app/a.rs", "use crate::discord::send;", true),
        ("app/a.rs", "use crate::content::load::load;", false),
        ("discord/a.rs", "use sled::Db;", true),
        ("discord/a.rs", "use crate::content::load;", true),
        ("discord/a.rs", "use crate::matching::Matcher;", true),
        ("discord/a.rs", "use serenity::all::Http;", false),
        ("eval/a.rs", "use crate::store::Store;", true),
        ("ops/a.rs", "use crate::app::App;", true),
        ("config.rs", "use crate::app::App;", true),
        ("config.rs", "let x = std::env::var(\"X\");", false),
        ("cli/a.rs", "let x = std::env::var(\"X\");", true),
        ("cli/a.rs", "use std::{env, io};", true),
        ("cli/a.rs", "use std::{io, path};", false),
        ("cli/a.rs", "use crate::discord::run;", false),
        ("main.rs", "use footnote::app::App;", true),
        ("main.rs", "footnote::cli::run(arguments)", false),
        ("app/a.rs", "use serenity::all::Http;", true),
        ("app/a.rs", "use sled::Db;", true),
        ("model/a.rs", "use tokio::sync::mpsc;", true),
        ("model/a.rs", "#[derive(serde::Serialize)]", true),
        ("model/a.rs", "use serde::Serialize;", true),
        ("model/a.rs", "use std::fs;", true),
        ("model/a.rs", "use std::{fmt, fs};", true),
        ("model/a.rs", "use std::fmt;", false),
        ("model/a.rs", "let now = std::time::Instant::now();", true),
        ("model/a.rs", "use std::time::{Duration, SystemTime};", true),
        ("model/a.rs", "use std::time::Duration;", false),
        ("model/a.rs", "tracing::info!(\"x\");", true),
        ("model/a.rs", "println!(\"x\");", true),
        ("model/a.rs", "eprintln!(\"x\");", true),
        ("model/a.rs", "let blueprint = fingerprint(x);", false),
        ("matching/fuzzy.rs", "strsim::osa_distance(a, b)", false),
        ("matching/a.rs", "strsim::osa_distance(a, b)", true),
        ("content/a.rs", "use strsim::jaro;", true),
        ("discord/a.rs", "tokio::spawn(async {});", true),
        ("ops/tasks.rs", "tokio::spawn(async {});", false),
        ("ops/a.rs", "tokio::spawn(async {});", true),
        ("lint/a.rs", "use crate::{model, text};", true),
        ("lint/a.rs", "use super::super::model;", true),
        ("lint/utils.rs", "", true),
        ("app/handler/a.rs", "", true),
        ("app/a_types_of_lake.rs", "", false),
        ("somewhere/a.rs", "", true),
    ] {
        let text = format!("//! A file.\n\n{line}\n");
        let found = faults(path, &text);
        assert_eq!(!found.is_empty(), expected, "{path}: {line}: {found:?}");
    }
    assert_eq!(
        faults("model/a.rs", "use std::fmt;\n").len(),
        1,
        "a file that does not say what it is for"
    );
}

proptest! {
    #[test]
    fn an_import_is_seen_whatever_stands_around_it(before in "[a-z \n;{}]{0,40}", last in any::<bool>()) {
        let import = if last { "use sled::Db;" } else { "let x = sled::open(p);" };
        let text = format!("//! A file.\n{before}\n{import}\n");
        assert!(!faults("app/a.rs", &text).is_empty());
    }
}
