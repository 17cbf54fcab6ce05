//! What a change of files costs, stage by stage, by the number of claims. Knows the stages of a reload, and how long it takes until a change is live.
//!
//! The claims are those of the pack, told again about other things: long words have their letters moved.
//! `cargo bench --bench reload -- 25 75 300` takes other numbers than the usual ones. Both the time that
//! passed and the time on a processor are printed: on a busy machine only the second tells something.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use footnote::app::engine::{Engine, Live};
use footnote::app::reload::{reload, start};
use footnote::content::load::load;
use footnote::content::lock::{FILE_NAME, Lock};
use footnote::content::watch::{Mode, Watch};
use footnote::lint::{Context, answered, written};
use footnote::model::claim::{Claim, ClaimId};
use footnote::model::diagnostic::Levels;

/// How many claims there are, where nobody says.
const COUNTS: [usize; 3] = [25, 75, 300];

/// Words of so many letters tell what a claim is about.
const LONG: usize = 6;

fn main() -> io::Result<()> {
    let asked: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let counts = if asked.is_empty() { COUNTS.to_vec() } else { asked };
    let mut out = io::stdout().lock();
    writeln!(out, "claims  stage                              ms passed   ms worked")?;
    for count in counts {
        measure(count, &mut out)?;
    }
    Ok(())
}

fn measure(count: usize, out: &mut impl Write) -> io::Result<()> {
    let home = tempfile::tempdir()?;
    let folder = home.path().join("responses");
    let path = fill(&folder, count)?;
    let mut row = |stage: &str, (passed, worked): (f64, f64)| {
        writeln!(out, "{count:6}  {stage:34} {passed:10.1}  {worked:10.1}")
    };
    let (loaded, cost) = timed(|| load(&folder));
    let loaded = loaded.map_err(io::Error::other)?;
    row("read and parse", cost)?;
    let context = Context {
        origins: &loaded.origins,
        hosts: &loaded.hosts,
        unread: &loaded.unread,
        read: &loaded.diagnostics,
        today: None,
    };
    let everything = loaded.everything();
    row("quotations held against the lock", timed(|| loaded.verify_lock()).1)?;
    row("rules about what is written", timed(|| written(&everything, &context)).1)?;
    let (engine, cost) = timed(|| Engine::build(loaded.catalog.clone()));
    row("index", cost)?;
    let first = engine.catalog.published().next().map(|claim| claim.id.clone());
    let is_first = |claim: &Claim| Some(&claim.id) == first.as_ref();
    let tried = || answered(&engine.catalog, &engine.matcher, &loaded.origins, &is_first);
    row("one claim's phrasings tried", timed(tried).1)?;

    let levels = Levels::default();
    let (engine, problems) = start(&folder, &levels, None).map_err(io::Error::other)?;
    if let Some(problem) = problems.iter().find(|one| one.code != Some("unknown-claim")) {
        return Err(io::Error::other(format!("{problem:?}")));
    }
    let live = Live::new(engine);
    let text = fs::read_to_string(&path)?;
    let reloaded = || reload(&live, &folder, &levels, None);
    row("reload: nothing changed", timed(reloaded).1)?;
    fs::write(&path, text.replace("## Details\n", "## Details\n\nA sentence more.\n"))?;
    row("reload: one text changed", timed(reloaded).1)?;
    let first = text.lines().skip_while(|line| *line != "phrasings = [").nth(1).unwrap_or("");
    let again = first.replacen('"', "\"honestly ", 1);
    fs::write(&path, text.replacen(first, &format!("{first}\n{again}"), 1))?;
    row("reload: one phrasing changed", timed(reloaded).1)?;
    if let Some(problem) = live.problems().first() {
        return Err(io::Error::other(format!("{problem:?}")));
    }

    let (signal, changes) = sync_channel(1);
    let notice = move || {
        let _ = signal.try_send(());
    };
    let mut watch = Watch::start(&folder, Mode::Events, notice).map_err(io::Error::other)?;
    let phrasings = text.replacen(first, &format!("{again}\n{first}"), 1);
    let texts = phrasings.replace("## Details\n", "## Details\n\nAnother sentence.\n");
    for (stage, edited) in
        [("saved to live: a phrasing", phrasings), ("saved to live: a text", texts)]
    {
        let is_live = || -> io::Result<()> {
            fs::write(&path, &edited)?;
            loop {
                changes.recv().map_err(io::Error::other)?;
                watch.renew();
                if reload(&live, &folder, &levels, None) {
                    return Ok(());
                }
            }
        };
        let (done, cost) = timed(is_live);
        done?;
        row(stage, cost)?;
    }
    Ok(())
}

/// Writes so many claims; the path of one of them.
fn fill(folder: &Path, count: usize) -> io::Result<PathBuf> {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("responses");
    fs::create_dir_all(folder)?;
    for name in ["aliases.toml", "hosts.toml"] {
        fs::copy(pack.join(name), folder.join(name))?;
    }
    let loaded = load(&pack).map_err(io::Error::other)?;
    let claims = loaded.catalog.claims();
    let mut last = PathBuf::new();
    for number in 0..count {
        let (at, round) = (number % claims.len(), number / claims.len());
        let Some(claim) = claims.get(at) else { continue };
        let text = fs::read_to_string(pack.join(&claim.pack).join(format!("{}.md", claim.id)))?;
        let mut text = told_anew(&text, round);
        let is_told = |id: &ClaimId| {
            claims.iter().take(count - round * claims.len()).any(|claim| claim.id == *id)
        };
        if claim.related.iter().all(is_told) {
            for id in &claim.related {
                let named = format!("\"{}\"", anew(id.as_str(), round));
                text = text.replace(&format!("\"{id}\""), &named);
            }
        } else {
            let lines = text.lines().filter(|line| !line.starts_with("related"));
            text = lines.collect::<Vec<_>>().join("\n") + "\n";
        }
        let pack = folder.join(format!("{}-{round}", claim.pack));
        fs::create_dir_all(&pack)?;
        let path = pack.join(format!("{}.md", anew(claim.id.as_str(), round)));
        fs::write(&path, text)?;
        // The one that is edited is of the pack as it is: what is told anew may be taken for another.
        if round == 0 {
            last = path;
        }
    }
    let written = load(folder).map_err(io::Error::other)?;
    fs::write(folder.join(FILE_NAME), Lock::of(&written.catalog).render())?;
    Ok(last)
}

/// The name of a claim in a round, short enough for an id.
fn anew(id: &str, round: usize) -> String {
    format!("{}-{round}", id.get(..40).unwrap_or(id).trim_end_matches('-'))
}

/// The file with the long words of its lists moved by some letters, vowels among vowels.
fn told_anew(text: &str, round: usize) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_listed = line.starts_with("  \"");
        let is_told = is_listed && round > 0;
        lines.push(if is_told { moved(line, round) } else { line.to_owned() });
    }
    lines.join("\n") + "\n"
}

fn moved(line: &str, round: usize) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let mut slot = false;
    for c in line.chars().chain(['\n']) {
        if c.is_ascii_lowercase() && !slot {
            word.push(c);
            continue;
        }
        let is_long = word.len() >= LONG;
        out.extend(word.drain(..).map(|c| if is_long { letter(c, round) } else { c }));
        slot = c == '{' || (slot && c != '}');
        if c != '\n' {
            out.push(c);
        }
    }
    // Two short sentences may be left alike: a word of the round sets them apart.
    let mark: String = "retold".chars().map(|c| letter(c, round)).collect();
    match out.rsplit_once('"') {
        Some((before, behind)) => format!("{before} {mark}\"{behind}"),
        None => out,
    }
}

fn letter(c: char, round: usize) -> char {
    for letters in ["aeiou", "bcdfghjklmnpqrstvwxyz"] {
        if let Some(at) = letters.find(c) {
            return letters.chars().nth((at + round) % letters.len()).unwrap_or(c);
        }
    }
    c
}

/// What a work gives, and its milliseconds: passed, and on a processor.
fn timed<T>(work: impl FnOnce() -> T) -> (T, (f64, f64)) {
    #[expect(clippy::disallowed_methods, reason = "a measurement is made of time")]
    let now = Instant::now;
    let (start, before) = (now(), worked());
    let done = work();
    (done, (start.elapsed().as_secs_f64() * 1e3, worked() - before))
}

/// The milliseconds that this process has been on a processor, in steps of ten; none known outside Linux.
fn worked() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may hold spaces, the twelfth and thirteenth are ticks of a hundredth.
    let behind = stat.rsplit(") ").next().unwrap_or("");
    let ticks = behind.split(' ').skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}
