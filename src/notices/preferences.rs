//! Choosing, on one's own page, whose notices to get.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::following;
use crate::{
    accounts::{Reader, flash},
    app::App,
    entities::{author, following as rows, grant, membership, tip},
    membership::{grant_in_force, in_force, tip_in_force},
    web::{Error, Result},
};

/// A choice on one's own page.
#[derive(Debug, Deserialize)]
pub struct Choice {
    author: Uuid,
    /// `yes` or `no`.
    wants: String,
}

/// `GET /account/notices`
pub async fn show(State(app): State<App>, reader: Reader) -> Result<Response> {
    let authors = authors(&app, reader.account.id).await?;
    let page = json!({ "authors": authors });
    reader.visitor.page(&app, "notices/preferences.html", &page)
}

/// `POST /account/notices`
pub async fn change(
    State(app): State<App>,
    reader: Reader,
    Form(choice): Form<Choice>,
) -> Result<Response> {
    let known = author::Entity::find_by_id(choice.author)
        .one(&app.db)
        .await?;
    let author = known.ok_or(Error::NotFound)?;
    let wants = choice.wants == "yes";
    following::want(
        &app.db,
        app.clock.now(),
        reader.account.id,
        author.id,
        wants,
    )
    .await?;
    let key = if wants {
        "flash-following"
    } else {
        "flash-not-following"
    };
    Ok(flash(&app, "/account/notices", key))
}

/// Every author she follows, supports, or has said no to.
async fn authors(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let mut wanted: BTreeMap<Uuid, bool> = BTreeMap::new();
    let members = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .filter(in_force(now, grace))
        .all(&app.db)
        .await?;
    let tips = tip::Entity::find()
        .filter(tip::Column::AccountId.eq(account))
        .filter(tip_in_force(now))
        .all(&app.db)
        .await?;
    wanted.extend(members.iter().map(|row| (row.author_id, true)));
    wanted.extend(tips.iter().map(|row| (row.author_id, true)));
    let grants = grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(grant_in_force(now))
        .all(&app.db)
        .await?;
    wanted.extend(grants.iter().map(|row| (row.author_id, true)));
    let said = rows::Entity::find()
        .filter(rows::Column::AccountId.eq(account))
        .all(&app.db)
        .await?;
    wanted.extend(said.iter().map(|row| (row.author_id, row.wants_notices)));
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(wanted.keys().copied()))
        .all(&app.db)
        .await?;
    Ok(authors
        .iter()
        .map(|author| {
            json!({
                "id": author.id,
                "name": author.name,
                "slug": author.slug,
                "wants": wanted.get(&author.id),
            })
        })
        .collect())
}
