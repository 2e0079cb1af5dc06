//! `/admin/people`: who is here, and what they may do.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder as _};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{page::room, shares};
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::{
        Role,
        account::{self, Column},
        author,
    },
    web::{Error, Result},
};

/// How many people one page shows.
const PAGE: u64 = 100;

/// Which page.
#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(default)]
    page: u64,
}

/// What the buttons say.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// `reader`, `author` or `owner`.
    role: String,
}

/// `GET /admin/people`
pub async fn list(
    State(app): State<App>,
    owner: Owner,
    Query(which): Query<Which>,
) -> Result<Response> {
    let people = account::Entity::find()
        .filter(Column::DeletedAt.is_null())
        .order_by_desc(Column::Role.eq(Role::Owner))
        .order_by_asc(Column::CreatedAt)
        .paginate(&app.db, PAGE);
    let pages = people.num_pages().await?;
    let rows = people.fetch_page(which.page).await?;
    let shares = shares::of(&app, rows.iter().map(|row| row.id)).await?;
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id,
                "name": row.name,
                "email": row.address(),
                "is_claimed": row.email.is_some(),
                "is_self": row.id == owner.account.id,
                "role": match row.role {
                    Role::Reader => "reader",
                    Role::Author => "author",
                    Role::Owner => "owner",
                },
                "created_at": row.created_at,
                "share": shares.get(&row.id),
            })
        })
        .collect();
    let page = json!({
        "people": rows,
        "previous": which.page.checked_sub(1),
        "next": (which.page + 1 < pages).then_some(which.page + 1),
    });
    room(&app, &owner, "admin/people.html", page).await
}

/// `POST /admin/people/{id}`: one's own role stays, so that a publication never loses its owner. An
/// author needs a page, which `plaudit account add` makes.
pub async fn change(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    if id == owner.account.id {
        return Ok(flash(&app, "/admin/people", "flash-role-own"));
    }
    let role = match wanted.role.as_str() {
        "reader" => Role::Reader,
        "author" => Role::Author,
        "owner" => Role::Owner,
        _ => return Err(Error::NotFound),
    };
    let has_page = author::Entity::of_account(id).one(&app.db).await?.is_some();
    if role == Role::Author && !has_page {
        return Ok(flash(&app, "/admin/people", "flash-role-without-page"));
    }
    let changed = account::Entity::update_many()
        .col_expr(Column::Role, role.into())
        .filter(Column::Id.eq(id))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Email.is_not_null())
        .exec(&app.db)
        .await?;
    match changed.rows_affected {
        0 => Err(Error::NotFound),
        _ => Ok(flash(&app, "/admin/people", "flash-role-changed")),
    }
}
