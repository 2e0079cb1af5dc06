//! Every URL on one page, then the layers.

use axum::{Router, http::StatusCode, routing::get};

use crate::{app::App, doors, render::assets};

/// The whole service.
pub fn router(app: &App) -> Router {
    let pages = Router::new()
        // articles: front page, reading, feeds, the sitemap
        // authors: their pages
        // comments
        // notices: following, unsubscribing
        // membership: support, checkout, thanks, what a reader does with hers
        // membership: Stripe's events
        // accounts: joining, signing in and out, the reader's own pages
        // studio
        // admin
        // the JSON side
        // health and metrics
        // the floor
        .route("/assets/{hash}/{*path}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND });
    doors::around(app, pages).with_state(app.clone())
}
