//! Every URL, those of an author's desk and of the owner on pages of their own, then the layers.

mod desk;
mod owner;

use axum::{
    Extension, Router,
    http::StatusCode,
    routing::{get, post},
};

use crate::{
    accounts::pages::{account, address, invitation, join, password, sign_in},
    admin as health,
    app::App,
    articles::routes as reading,
    comments::routes as comments,
    doors,
    membership::{self, routes as support},
    notices::routes as notices,
    render::{assets, brand},
    sandbox::{room, stripe::Stripe},
    studio::routes as studio,
};

/// The numbers alone, on a listener of their own.
pub fn metrics(app: &App) -> Router {
    let page = Router::new().route("/metrics", get(health::metrics_apart));
    page.with_state(app.clone())
}

/// The whole service. `stripe` is the simulated one, of the demo and the tests alone.
pub fn router(app: &App, stripe: Option<&Stripe>) -> Router {
    let inbox = membership::Inbox::start(app.db.clone());
    let pages = Router::new()
        // articles: front page, reading, feeds, the sitemap
        .route("/", get(reading::front))
        .route("/articles/{slug}", get(reading::article))
        .route("/tags/{slug}", get(reading::tag))
        .route("/media/{*path}", get(reading::picture))
        .route("/feed.xml", get(reading::feed))
        .route("/feed/{secret}", get(reading::own_feed))
        .route("/sitemap.xml", get(reading::sitemap))
        .route("/robots.txt", get(reading::robots))
        // authors: their pages
        .route("/authors/{slug}", get(reading::author))
        .route("/authors/{slug}/feed.xml", get(reading::author_feed))
        // comments
        .route(
            "/articles/{slug}/comments",
            get(reading::conversation).post(comments::post),
        )
        .route(
            "/articles/{slug}/comments/from/{id}",
            get(reading::conversation_from),
        )
        .route(
            "/articles/{slug}/comments/newest",
            get(reading::conversation_newest),
        )
        .route(
            "/articles/{slug}/comments/newest/from/{id}",
            get(reading::conversation_newest_from),
        )
        .route(
            "/articles/{slug}/comments/{id}",
            get(reading::comment_permalink),
        )
        .route(
            "/articles/{slug}/comments/{id}/edit",
            get(comments::edit_form).post(comments::edit),
        )
        .route(
            "/articles/{slug}/comments/{id}/delete",
            post(comments::delete),
        )
        .route(
            "/articles/{slug}/comments/{id}/restore",
            post(comments::restore),
        )
        .route("/articles/{slug}/comments/{id}/heart", post(comments::like))
        .route(
            "/articles/{slug}/comments/{id}/unheart",
            post(comments::unlike),
        )
        .route(
            "/articles/{slug}/comments/{id}/report",
            get(comments::ask_reason).post(comments::report),
        )
        .route("/articles/{slug}/comments/{id}/ban", post(comments::ban))
        // approve, hide, show, remove, pin, unpin, pick, unpick
        .route(
            "/articles/{slug}/comments/{id}/{act}",
            post(comments::decide),
        )
        .route("/comments/preview", post(comments::preview))
        .route(
            "/comments/mail/{token}",
            get(comments::wishes_page).post(comments::change_wishes),
        )
        .route(
            "/comments/decide/{token}",
            get(comments::decision_page).post(comments::decide_by_mail),
        )
        // notices: following, unsubscribing
        .route("/authors/{slug}/follow", post(notices::follow))
        .route("/account/notices", get(notices::show).post(notices::change))
        .route(
            "/unsubscribe/{token}",
            get(notices::unsubscribe_page).post(notices::unsubscribe),
        )
        .route(
            "/notices/{token}",
            get(notices::preferences_page).post(notices::choose),
        )
        // membership: support, checkout, thanks, what a reader does with hers
        .route(
            "/authors/{slug}/support",
            get(support::show).post(support::begin),
        )
        .route("/authors/{slug}/tier", get(support::lead))
        .route("/authors/{slug}/gift", get(support::choose_gift))
        .route(
            "/gifts/{token}",
            get(support::gift).post(support::claim_gift),
        )
        .route("/account/gifts/{id}/send", post(support::send_gift))
        .route("/support/thanks", get(support::thanks))
        .route("/support/cancelled", get(support::cancelled))
        .route("/account/memberships/{id}/cancel", post(support::cancel))
        .route("/account/memberships/{id}/pause", post(support::pause))
        .route("/account/memberships/{id}/keep", post(support::keep))
        .route(
            "/account/memberships/{id}/tier",
            get(support::tier).post(support::choose),
        )
        .route("/account/memberships/{id}/confirm", get(support::confirm))
        .route("/account/memberships/{id}/end", post(support::end))
        .route("/account/memberships/{id}/resume", post(support::resume))
        .route(
            "/account/memberships/{id}/card",
            get(support::card).post(support::card),
        )
        .route(
            "/account/memberships/{id}/pay",
            get(support::pay).post(support::pay),
        )
        .route(
            "/account/visibility/{slug}",
            post(support::choose_visibility),
        )
        .route("/account/receipts/{number}", get(support::receipt))
        // membership: Stripe's events
        .route("/webhooks/stripe", post(support::receive))
        // notices: what comes back about mail
        .route("/webhooks/mail", post(notices::receive))
        // accounts: joining, signing in and out, the reader's own pages
        .route("/join", get(join::show).post(join::submit))
        .route("/sign-in", get(sign_in::show).post(sign_in::by_password))
        .route("/sign-in/link", get(sign_in::show).post(sign_in::by_mail))
        .route("/sign-in/sent", get(sign_in::sent))
        .route("/sign-in/{token}", get(sign_in::open).post(sign_in::enter))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-out/everywhere", post(sign_in::sign_out_everywhere))
        .route(
            "/password/forgot",
            get(password::forgot).post(password::send),
        )
        .route(
            "/password/{token}",
            get(password::open).post(password::choose),
        )
        .route("/account", get(support::account).post(account::change))
        .route(
            "/account/password",
            get(password::show).post(password::change),
        )
        .route(
            "/invitations/{token}",
            get(invitation::show).post(invitation::accept),
        )
        .route("/account/address", get(address::show).post(address::ask))
        .route(
            "/account/address/{token}",
            get(address::open).post(address::confirm),
        )
        .route(
            "/account/address/undo/{token}",
            get(address::open_undo).post(address::undo),
        )
        .route("/account/export", get(account::export))
        .route("/account/delete", get(account::leave).post(account::delete))
        // studio
        .route("/studio", get(studio::dashboard))
        .route("/studio/supporters", get(studio::supporters))
        .route("/studio/grants", post(studio::give))
        .route("/studio/grants/{id}/end", post(studio::end_grant))
        .route("/studio/grants/{id}/keep", post(studio::keep_grant))
        .route("/studio/supporters.csv", get(studio::supporters_csv))
        .route("/studio/supporters/{id}", get(studio::supporter))
        .route("/studio/supporters/{id}/notes", post(studio::add_note))
        .route(
            "/studio/supporters/{id}/notes/{note}/delete",
            post(studio::delete_note),
        )
        .route("/studio/supporters/{id}/labels", post(studio::add_label))
        .route(
            "/studio/supporters/{id}/labels/delete",
            post(studio::delete_label),
        )
        .route(
            "/studio/payouts",
            get(studio::payouts).post(studio::link_payouts),
        )
        .route("/studio/payouts/return", get(studio::payouts_return))
        .route("/studio/payouts/refresh", get(studio::payouts_refresh))
        .route("/studio/payouts/dashboard", post(studio::payouts_dashboard))
        .route("/studio/payouts/unlink", post(studio::unlink_payouts))
        .route("/studio/payments.csv", get(studio::payments))
        .route("/studio/statement.csv", get(studio::statement))
        .route("/studio/payments", get(studio::payments_page))
        .route("/studio/payments/{number}", get(studio::payment))
        .route("/studio/payments/{number}/refund", post(studio::give_back))
        .route(
            "/studio/tiers",
            get(studio::tiers).post(studio::create_tier),
        )
        .route("/studio/tiers/{id}", post(studio::change_tier))
        .route("/studio/tiers/{id}/archive", post(studio::archive_tier))
        .route("/studio/tiers/{id}/restore", post(studio::restore_tier))
        .route("/studio/tiers/{id}/move", post(studio::move_tier))
        .route("/studio/comments", get(studio::comments))
        .route(
            "/studio/comments/rules",
            get(studio::comment_rules).post(studio::save_comment_rules),
        )
        .route("/studio/comments/mail", post(studio::save_comment_mail))
        .route("/studio/comments/moderators", post(studio::add_moderator))
        .route(
            "/studio/comments/moderators/{id}/remove",
            post(studio::remove_moderator),
        )
        .route("/studio/comments/bans/{id}/lift", post(studio::lift_ban))
        .route(
            "/studio/settings",
            get(studio::settings).post(studio::save_settings),
        )
        // admin: the owner's rooms
        .merge(owner::routes())
        // the JSON side
        .route("/api/v1/articles", get(reading::api_articles))
        .route("/api/v1/articles/{slug}", get(reading::api_article))
        .route("/api/v1/authors/{slug}", get(reading::api_author))
        .route("/api/v1/openapi.json", get(reading::api_description))
        // health and metrics
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        // the floor
        .route("/brand/{file}", get(brand::serve))
        .route("/assets/{*path}", get(assets::serve))
        .fallback(|| async { StatusCode::NOT_FOUND });
    let pages = match stripe {
        Some(stripe) => pages
            .nest("/sandbox/stripe", stripe.router())
            .merge(room::router(stripe)),
        None => pages,
    };
    let pages = doors::limited(pages.merge(desk::pages()))
        .merge(doors::roomy(desk::roomy()))
        .merge(doors::pictures(desk::pictures()));
    let inside = doors::around(app, pages)
        .layer(Extension(inbox))
        .with_state(app.clone());
    doors::kept(app, inside)
}
