//! Logs on standard error. Knows no event by name, and lets no library print what passes through it.

use std::fmt;
use std::panic::PanicHookInfo;
use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, error};
use tracing_subscriber::filter::FilterExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, filter};

use crate::config::LogFormat;
use crate::ops::metrics::Metrics;

/// What the logs have to know of a library that we run on.
pub struct Library {
    /// Hears what it wants to hear of it, whatever is logged.
    pub ear: Option<Box<dyn Layer<Registry> + Send + Sync>>,
    /// Whether it quotes there what passes through it, at levels that operators see.
    pub quotes: fn(&Metadata<'_>) -> bool,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").finish_non_exhaustive()
    }
}

/// Starts the logs. `directives` are those of `RUST_LOG`, as `info` or `footnote=debug`.
///
/// # Errors
/// Where the directives cannot be read, or logs were started before.
pub fn start(directives: &str, format: LogFormat, library: Library) -> Result<(), String> {
    let wanted = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(directives)
        .map_err(|error| error.to_string())?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Human => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let Library { ear, quotes } = library;
    let harmless = filter::filter_fn(move |metadata| is_harmless(metadata, quotes));
    let mut layers = vec![lines.with_filter(wanted.and(harmless)).boxed()];
    layers.extend(ear);
    tracing_subscriber::registry().with(layers).try_init().map_err(|error| error.to_string())?;
    Ok(())
}

/// Whatever the settings say: below INFO, and in their spans, serenity and the libraries under it
/// print whole requests, that is tokens and people's words.
fn is_harmless(metadata: &Metadata<'_>, quotes: fn(&Metadata<'_>) -> bool) -> bool {
    let target = metadata.target();
    let is_ours = target == "footnote" || target.starts_with("footnote::");
    is_ours || (metadata.is_event() && *metadata.level() <= Level::INFO && !quotes(metadata))
}

/// From here on each panic is counted and its place logged.
pub fn count_panics(metrics: Arc<Metrics>) {
    std::panic::set_hook(Box::new(move |info| {
        metrics.panics.add();
        report_panic(info);
    }));
}

/// A panic's own message may hold what somebody wrote: only its place is logged, and texts that
/// stand in the source.
fn report_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    let what = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("not shown");
    error!(%place, what, "a panic");
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::count_panics;
    use crate::ops::metrics::Metrics;

    /// A log in memory.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no panic while writing").write(line)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The hook belongs to the whole process, so it is given back at once, and another test's
    /// panic may be counted too.
    #[test]
    fn a_panic_anywhere_is_counted() {
        let metrics = Arc::new(Metrics::default());
        let lines = Lines::default();
        let log = lines.clone();
        let before = std::panic::take_hook();
        count_panics(Arc::clone(&metrics));
        let ended = std::thread::spawn(move || {
            let log = tracing_subscriber::fmt().with_writer(move || log.clone()).finish();
            let somebody = "wrote something";
            tracing::subscriber::with_default(log, || panic!("as if somebody {somebody}"));
        })
        .join();
        std::panic::set_hook(before);
        assert!(ended.is_err());
        assert!(metrics.panics.value() >= 1);
        let log = String::from_utf8(lines.0.lock().expect("no panic while writing").clone());
        let log = log.expect("logs are UTF-8");
        assert!(log.contains("a panic") && log.contains(file!()), "its place is logged: {log}");
        assert!(!log.contains("somebody"), "{log}");
    }
}
