//! Every URL on one page, then the layers.

use axum::{
    Extension, Router,
    http::StatusCode,
    routing::{get, post},
};

use crate::{
    app::App,
    articles::routes as reading,
    doors,
    membership::{self, routes as support},
    render::assets,
    sandbox::{room, stripe::Stripe},
};

/// The whole service. `stripe` is the simulated one, of the demo and the tests alone.
pub fn router(app: &App, stripe: Option<&Stripe>) -> Router {
    let inbox = membership::Inbox::start(app.db.clone());
    let pages = Router::new()
        // articles: front page, reading, feeds, the sitemap
        .route("/", get(reading::front))
        .route("/articles/{slug}", get(reading::article))
        // authors: their pages
        .route("/authors/{slug}", get(reading::author))
        // comments
        // notices: following, unsubscribing
        // membership: support, checkout, thanks, what a reader does with hers
        .route(
            "/authors/{slug}/support",
            get(support::show).post(support::begin),
        )
        .route("/support/thanks", get(support::thanks))
        .route("/support/cancelled", get(support::cancelled))
        .route("/account/memberships/{id}/cancel", post(support::cancel))
        .route("/account/memberships/{id}/resume", post(support::resume))
        .route(
            "/account/memberships/{id}/card",
            get(support::card).post(support::card),
        )
        .route("/account/receipts/{number}", get(support::receipt))
        // membership: Stripe's events
        .route("/webhooks/stripe", post(support::receive))
        // accounts: joining, signing in and out, the reader's own pages
        // studio
        // admin
        // the JSON side
        // health and metrics
        // the floor
        .route("/assets/{hash}/{*path}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND });
    let pages = match stripe {
        Some(stripe) => pages
            .nest("/sandbox/stripe", stripe.router())
            .merge(room::router(stripe)),
        None => pages,
    };
    let inside = doors::around(app, pages)
        .layer(Extension(inbox))
        .with_state(app.clone());
    doors::kept(app, inside)
}
