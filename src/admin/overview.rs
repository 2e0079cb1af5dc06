//! `/admin`: what the owner should know at a glance.

use axum::{extract::State, response::Response};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait as _, QueryFilter};
use serde_json::json;

use super::page::room;
use crate::{
    accounts::Owner,
    app::App,
    comments::{self, Scope},
    entities::{account, article, outbox, stripe_event},
    web::Result,
};

/// `GET /admin`
pub async fn show(State(app): State<App>, owner: Owner) -> Result<Response> {
    let events = stripe_event::Entity::find()
        .filter(stripe_event::Column::State.eq(stripe_event::State::Waiting));
    let mails = outbox::Entity::find().filter(outbox::Column::State.eq(outbox::State::Waiting));
    let articles = article::Entity::published(app.clock.now());
    let page = json!({
        "waiting_events": events.count(&app.db).await?,
        "waiting_mails": mails.count(&app.db).await?,
        "waiting_comments": comments::waiting(&app.db, &Scope::All).await?.0,
        "accounts": account::Entity::find().count(&app.db).await?,
        "articles": articles.count(&app.db).await?,
    });
    room(&app, &owner, "admin/overview.html", page).await
}
