//! Whether the service is alive and ready, and its numbers for a monitoring system.

use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::signs::Signs;
use crate::{app::App, db, server::Peer, telemetry};

/// `GET /health/live`: the process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// `GET /health/ready`: the database answers and has this program's schema.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match db::pending_migrations(&app.db).await {
        Ok(0) => (StatusCode::OK, "ready\n"),
        Ok(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the schema is older than the program\n",
        ),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}

/// `GET /metrics`, to loopback only, and only while they have no listener of their own.
pub async fn metrics(State(app): State<App>, peer: Option<Extension<Peer>>) -> Response {
    let is_near = peer.is_some_and(|Extension(Peer(peer))| peer.ip().to_canonical().is_loopback());
    if !is_near || !app.config.server.metrics_listen.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    metrics_apart(State(app)).await
}

/// `GET /metrics` on `server.metrics_listen`, to whoever gets that far.
pub async fn metrics_apart(State(app): State<App>) -> Response {
    let numbers = telemetry::handle();
    match Signs::read(&app).await {
        Ok(signs) => signs.export(),
        Err(error) => tracing::error!(%error, "some numbers are old"),
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, numbers.render()).into_response()
}
