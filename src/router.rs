//! Every URL on one page, then the layers.

use axum::{
    Extension, Router,
    http::StatusCode,
    routing::{get, post},
};

use crate::{app::App, doors, membership, render::assets};

/// The whole service.
pub fn router(app: &App) -> Router {
    let inbox = membership::Inbox::start(app.db.clone());
    let pages = Router::new()
        // articles: front page, reading, feeds, the sitemap
        // authors: their pages
        // comments
        // notices: following, unsubscribing
        // membership: support, checkout, thanks, what a reader does with hers
        // membership: Stripe's events
        .route("/webhooks/stripe", post(membership::receive_event))
        // accounts: joining, signing in and out, the reader's own pages
        // studio
        // admin
        // the JSON side
        // health and metrics
        // the floor
        .route("/assets/{hash}/{*path}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND });
    doors::around(app, pages)
        .layer(Extension(inbox))
        .with_state(app.clone())
}
