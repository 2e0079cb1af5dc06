//! The link in every notice: asks when it is followed, acts when it is pressed (RFC 8058).

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use super::following;
use crate::{
    accounts::Visitor,
    app::App,
    entities::{account, author, notice, outbox},
    mail::unsubscribe as link,
    web::{Error, Result},
};

/// How many notices back a link of an account that is gone is looked for.
const LOOKED_BACK: u64 = 1000;

/// `GET /unsubscribe/{token}`: asks; changes nothing.
pub async fn unsubscribe_page(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let author = opened(&app, &token).await?.1;
    let page = json!({ "token": token, "author_name": author.name, "state": "asked" });
    visitor.page(&app, "notices/unsubscribe.html", &page)
}

/// `POST /unsubscribe/{token}`: needs no cookie and no sign-in, and can do nothing else. Mail programs
/// send `List-Unsubscribe=One-Click` in a body of either form type; the page's own way back sends `undo`.
pub async fn unsubscribe(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let (account, author) = opened(&app, &token).await?;
    let wants = url::form_urlencoded::parse(&body).any(|(name, _)| name == "undo");
    if let Some(account) = now_belonging_to(&app.db, account, author.id).await? {
        following::want(&app.db, app.clock.now(), account, author.id, wants).await?;
    }
    let state = if wants { "undone" } else { "done" };
    let page = json!({ "token": token, "author_name": author.name, "state": state });
    visitor.page(&app, "notices/unsubscribe.html", &page)
}

async fn opened(app: &App, token: &str) -> Result<(Uuid, author::Model)> {
    let (account, author) = link::open(&app.key, token).ok_or(Error::NotFound)?;
    let author = author::Entity::find_by_id(author).one(&app.db).await?;
    Ok((account, author.ok_or(Error::NotFound)?))
}

/// The account a link is for: the one it names or, where that has become part of another, the one that
/// has its mails now. `None` where nobody is left to write to.
async fn now_belonging_to(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    let named = account::Entity::find_by_id(account).one(db).await?;
    if let Some(named) = named {
        return Ok(Some(named.id).filter(|_| named.deleted_at.is_none()));
    }
    let articles: Vec<Uuid> = notice::Entity::find()
        .select_only()
        .column(notice::Column::ArticleId)
        .filter(notice::Column::AuthorId.eq(author))
        .order_by_desc(notice::Column::CreatedAt)
        .limit(LOOKED_BACK)
        .into_tuple()
        .all(db)
        .await?;
    let keys = articles
        .iter()
        .map(|article| super::fan_out::key(*article, account));
    let mail = outbox::Entity::find()
        .filter(outbox::Column::Key.is_in(keys))
        .one(db)
        .await?;
    Ok(mail.and_then(|mail| mail.account_id))
}
