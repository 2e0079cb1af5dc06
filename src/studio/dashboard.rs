//! `/studio`: the numbers, what needs a hand, and who came last.

use axum::{extract::State, response::Response};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{
    figures::figures,
    supporters::{Supporter, supporters},
};
use crate::{
    accounts::Author,
    app::App,
    entities::{membership, tip},
    membership::Support,
    web::Result,
};

/// How many of the newest supporters the dashboard shows.
const NEWEST: usize = 10;

/// `GET /studio`
pub async fn show(State(app): State<App>, author: Author) -> Result<Response> {
    let id = author.author.id;
    let memberships = membership::Entity::of(id).all(&app.db).await?;
    let tips = tip::Entity::find()
        .filter(tip::Column::AuthorId.eq(id))
        .all(&app.db)
        .await?;
    let grace = app.config.membership.grace_days;
    let figures = figures(&memberships, &tips, app.clock.now(), grace);
    let all = supporters(&app, id).await?;
    let (failing, leaving): (Vec<&Supporter>, Vec<&Supporter>) = all
        .iter()
        .filter(|one| {
            let support = one.support;
            matches!(support, Support::Grace | Support::Lapsed | Support::Leaving)
        })
        .partition(|one| one.support != Support::Leaving);
    let page = json!({
        "author": { "name": author.author.name, "slug": author.author.slug },
        "figures": figures,
        "failing": failing,
        "leaving": leaving,
        "newest": all.iter().take(NEWEST).collect::<Vec<_>>(),
    });
    author.visitor.page(&app, "studio/dashboard.html", &page)
}
