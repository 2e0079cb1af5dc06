//! The owner's addresses.

use axum::{
    Router,
    routing::{get, post},
};

use crate::{admin::routes as admin, app::App};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(admin::overview))
        .route("/admin/comments", get(admin::comments))
        .route(
            "/admin/comments/rules",
            get(admin::comment_rules).post(admin::save_comment_rules),
        )
        .route("/admin/comments/bans/{id}/lift", post(admin::lift_ban))
        .route("/admin/events", get(admin::events))
        .route("/admin/events/{id}", get(admin::event))
        .route("/admin/events/{id}/retry", post(admin::retry_event))
        .route("/admin/events/{id}/discard", post(admin::discard_event))
        .route("/admin/memberships", get(admin::memberships))
        .route(
            "/admin/reconcile",
            get(admin::reconcile).post(admin::begin_reconcile),
        )
        .route("/admin/mail", get(admin::mails))
        .route("/admin/mail/start", post(admin::start_mail))
        .route(
            "/admin/mail/addresses",
            get(admin::addresses).post(admin::lift_address),
        )
        .route("/admin/mail/{id}", get(admin::mail))
        .route("/admin/mail/{id}/discard", post(admin::discard_mail))
        .route("/admin/mail/{id}/retry", post(admin::retry_mail))
        .route("/admin/memberships/{id}/mend", post(admin::mend_membership))
        .route("/admin/grants", post(admin::give))
        .route("/admin/grants/{id}/end", post(admin::end_grant))
        .route("/admin/grants/{id}/keep", post(admin::keep_grant))
        .route("/admin/people/{id}/share", post(admin::change_share))
        .route("/admin/invitations", post(admin::invite))
        .route("/admin/invitations/{id}/again", post(admin::invite_again))
        .route(
            "/admin/invitations/{id}/withdraw",
            post(admin::withdraw_invitation),
        )
        .route("/admin/jobs", get(admin::jobs))
        .route("/admin/jobs/{id}/retry", post(admin::retry_job))
        .route("/admin/audit", get(admin::audit))
        .route(
            "/admin/publication",
            get(admin::publication).post(admin::save_publication),
        )
        .route("/admin/people", get(admin::people))
        .route("/admin/people/{id}", post(admin::change_role))
}
