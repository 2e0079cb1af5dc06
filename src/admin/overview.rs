//! `/admin`: what the owner should know at a glance.

use axum::{extract::State, response::Response};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait as _, QueryFilter};
use serde_json::json;

use crate::{
    accounts::Owner,
    app::App,
    entities::{account, article, membership, outbox, stripe_event},
    web::Result,
};

/// `GET /admin`
pub async fn show(State(app): State<App>, owner: Owner) -> Result<Response> {
    use stripe_event::State as Event;
    let events = |states: [Event; 2]| {
        stripe_event::Entity::find()
            .filter(stripe_event::Column::State.is_in(states))
            .count(&app.db)
    };
    let mails = |state: outbox::State| {
        outbox::Entity::find()
            .filter(outbox::Column::State.eq(state))
            .count(&app.db)
    };
    let page = json!({
        "has_webhook_secret": !app.config.stripe.webhook_secrets.is_empty(),
        "has_stripe_key": app.payments.is_configured(),
        "stuck_events": events([Event::Parked, Event::Failed]).await?,
        "waiting_events": events([Event::Waiting, Event::Waiting]).await?,
        "dead_mails": mails(outbox::State::Dead).await?,
        "waiting_mails": mails(outbox::State::Waiting).await?,
        "flagged": membership::Entity::find()
            .filter(membership::Column::Flag.is_not_null())
            .count(&app.db)
            .await?,
        "accounts": account::Entity::find().count(&app.db).await?,
        "articles": article::Entity::published(app.clock.now()).count(&app.db).await?,
    });
    owner.visitor.page(&app, "admin/overview.html", &page)
}
