//! Logs as fields, and the metrics' registry. Addresses are masked before they get here.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use tracing_subscriber::EnvFilter;

use crate::config;

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts logging to stderr as the configuration says. Later calls change nothing.
pub fn init(log: &config::Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match log.format {
        config::LogFormat::Json => subscriber.json().try_init(),
        config::LogFormat::Text => subscriber.compact().try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was already started");
    }
}

/// Installs the recorder; the first call wins.
pub fn handle() -> &'static PrometheusHandle {
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::debug!("a metrics recorder was already installed");
        }
        metrics::gauge!("plaudit_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
        handle
    })
}

/// An address as logs may show it: `a…@example.org`.
pub fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}
