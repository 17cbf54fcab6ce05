//! The counters as text for Prometheus. Knows no socket; names and meanings stand in [`crate::ops::metrics`].

use std::fmt;
use std::sync::Arc;

use metrics::{Gauge, Key, KeyName, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::ops::health::Health;
use crate::ops::metrics::{
    BUILD, CLAIMS, CONNECTED, Counter, MESSAGES, Metrics, Name, REQUEST_SECONDS,
};
use crate::policy::reason::Reason;

/// From what nobody notices to what our patience ends at.
const SECONDS: [f64; 9] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 10.0];

const OURS: Metadata<'static> = Metadata::new("footnote", Level::INFO, None);

/// How many claims take part now: it changes with the files.
pub type CountClaims = Box<dyn Fn() -> usize + Send + Sync>;

/// Renders the metrics of one bot.
pub struct Exporter {
    shown: PrometheusHandle,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    plain: Vec<metrics::Counter>,
    reasons: Vec<(Reason, metrics::Counter)>,
    connected: Gauge,
    claims: Gauge,
    count_claims: CountClaims,
}

impl Exporter {
    /// Describes everything, once.
    ///
    /// # Errors
    /// Where the exporter does not take our settings.
    pub fn new(
        metrics: Arc<Metrics>,
        health: Arc<Health>,
        count_claims: CountClaims,
    ) -> Result<Self, String> {
        let seconds = Matcher::Full(REQUEST_SECONDS.0.to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, &SECONDS)
            .map_err(|error| error.to_string())?
            .build_recorder();
        let plain =
            metrics.named().iter().map(|(name, _)| counter(&recorder, *name, Vec::new())).collect();
        let reasons = Reason::ALL
            .into_iter()
            .map(|reason| {
                let label = Label::from_static_parts("reason", reason.word());
                (reason, counter(&recorder, MESSAGES, vec![label]))
            })
            .collect();
        let connected = gauge(&recorder, CONNECTED, Vec::new());
        let claims = gauge(&recorder, CLAIMS, Vec::new());
        let version = Label::from_static_parts("version", env!("CARGO_PKG_VERSION"));
        gauge(&recorder, BUILD, vec![version]).set(1.0);
        recorder.describe_histogram(
            KeyName::from_const_str(REQUEST_SECONDS.0),
            None,
            REQUEST_SECONDS.1.into(),
        );
        let key = Key::from_static_name(REQUEST_SECONDS.0);
        metrics.request_seconds.show(recorder.register_histogram(&key, &OURS));
        let shown = recorder.handle();
        Ok(Self { shown, metrics, health, plain, reasons, connected, claims, count_claims })
    }

    /// All values as they are now.
    pub fn render(&self) -> String {
        for ((_, counter), shown) in self.metrics.named().iter().zip(&self.plain) {
            shown.absolute(counter.value());
        }
        for (reason, shown) in &self.reasons {
            shown.absolute(self.metrics.reason(*reason).map_or(0, Counter::value));
        }
        self.connected.set(if self.health.is_connected() { 1.0 } else { 0.0 });
        self.claims.set(u32::try_from((self.count_claims)()).unwrap_or(u32::MAX));
        self.shown.render()
    }

    /// Times are kept one by one until they are summed up: by a rendering, or by this, from time to
    /// time, where nobody asks.
    pub fn sum_up(&self) {
        self.shown.run_upkeep();
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").field("metrics", &self.metrics).finish_non_exhaustive()
    }
}

fn counter(recorder: &PrometheusRecorder, name: Name, labels: Vec<Label>) -> metrics::Counter {
    recorder.describe_counter(KeyName::from_const_str(name.0), None, name.1.into());
    recorder.register_counter(&Key::from_parts(name.0, labels), &OURS)
}

fn gauge(recorder: &PrometheusRecorder, name: Name, labels: Vec<Label>) -> Gauge {
    recorder.describe_gauge(KeyName::from_const_str(name.0), None, name.1.into());
    recorder.register_gauge(&Key::from_parts(name.0, labels), &OURS)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::Exporter;
    use crate::ops::health::Health;
    use crate::ops::metrics::Metrics;
    use crate::policy::reason::Reason;

    #[test]
    fn every_counter_is_described_once_and_shows_its_value() {
        let (metrics, health) = (Arc::new(Metrics::default()), Arc::new(Health::default()));
        let exporter =
            Exporter::new(Arc::clone(&metrics), Arc::clone(&health), Box::new(|| 4)).expect("fine");
        for (times, (_, counter)) in metrics.named().iter().enumerate() {
            (0..=times).for_each(|_| counter.add());
        }
        for (times, reason) in Reason::ALL.into_iter().enumerate() {
            (0..=times).for_each(|_| metrics.decided(reason));
        }
        metrics.request_seconds.record(Duration::from_millis(150));
        health.connected(true);
        let text = exporter.render();
        let has = |line: String| assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        for (at, (name, _)) in metrics.named().iter().enumerate() {
            has(format!("# HELP {} {}", name.0, name.1));
            has(format!("# TYPE {} counter", name.0));
            has(format!("{} {}", name.0, at + 1));
        }
        for (at, reason) in Reason::ALL.into_iter().enumerate() {
            has(format!("footnote_messages_total{{reason=\"{}\"}} {}", reason.word(), at + 1));
        }
        has("footnote_connected 1".to_owned());
        has("footnote_claims 4".to_owned());
        has("footnote_request_seconds_bucket{le=\"0.1\"} 0".to_owned());
        has("footnote_request_seconds_bucket{le=\"0.2\"} 1".to_owned());
        let mut helps: Vec<_> = text.lines().filter(|line| line.starts_with("# HELP")).collect();
        let count = helps.len();
        helps.sort_unstable();
        helps.dedup();
        assert_eq!(helps.len(), count, "{text}");
    }
}
