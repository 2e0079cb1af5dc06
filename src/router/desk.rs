//! Every URL of an author's desk: what is asked there as everywhere, where long texts are sent, and where pictures
//! are, the owner's logo too.

use axum::{
    Router,
    routing::{get, post},
};

use crate::{admin::routes as admin, app::App, studio::routes as studio};

/// Bounded like all other pages.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/studio/articles", get(studio::articles))
        .route(
            "/studio/articles/{id}/publication",
            post(studio::publication),
        )
        .route(
            "/studio/articles/{id}/test-notice",
            post(studio::test_notice),
        )
        .route("/studio/articles/{id}/leave", post(studio::leave_article))
        .route("/studio/articles/{id}/versions", get(studio::versions))
        .route(
            "/studio/articles/{id}/versions/{version}",
            get(studio::compare),
        )
        .route(
            "/studio/articles/{id}/versions/{version}/restore",
            post(studio::restore),
        )
}

/// With room for a book's text.
pub fn roomy() -> Router<App> {
    Router::new()
        .route(
            "/studio/articles/new",
            get(studio::start).post(studio::save_new),
        )
        .route("/studio/articles/new/autosave", post(studio::autosave_new))
        .route("/studio/articles/preview", post(studio::preview))
        .route(
            "/studio/articles/{id}",
            get(studio::article).post(studio::save_article),
        )
        .route("/studio/articles/{id}/autosave", post(studio::autosave))
}

/// With room for a telephone's pictures.
pub fn pictures() -> Router<App> {
    Router::new()
        .route("/studio/articles/{id}/cover", post(studio::cover))
        .route("/studio/settings/portrait", post(studio::portrait))
        .route("/admin/publication/logo", post(admin::change_logo))
        .route(
            "/studio/pictures",
            get(studio::pictures).post(studio::add_picture),
        )
}
