//! `/admin/people`: who is here, and what they may do.

use axum::{
    extract::{Query, State},
    response::Response,
};
use axum_extra::extract::Form;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect as _,
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use super::{invitations, page::room, shares};
use crate::{
    accounts::{Owner, Refusal, flash, promote},
    app::App,
    db::{self, contains},
    entities::{
        Role,
        account::{self, Column},
        audit_entry,
    },
    web::{Error, Path, Result},
};

/// How many people one page shows.
const PAGE: u64 = 100;

/// Which page, and of whom.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    page: u64,
    /// Part of a name or an address.
    q: Option<String>,
}

impl Which {
    fn words(&self) -> Option<&str> {
        let words = self.q.as_deref().map(str::trim);
        words.filter(|words| !words.is_empty())
    }

    /// Where another page of the same people is.
    fn link(&self, page: u64) -> String {
        let mut link = form_urlencoded::Serializer::new(String::new());
        link.append_pair("page", &page.to_string());
        link.extend_pairs(self.words().map(|words| ("q", words)));
        format!("/admin/people?{}", link.finish())
    }
}

/// What the buttons say.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    role: Role,
}

/// `GET /admin/people`
pub async fn list(
    State(app): State<App>,
    owner: Owner,
    Query(which): Query<Which>,
) -> Result<Response> {
    page(&app, &owner, &which, Value::Null).await
}

/// The page, with an invitation as typed where it has come back.
pub(super) async fn page(
    app: &App,
    owner: &Owner,
    which: &Which,
    typed: Value,
) -> Result<Response> {
    draw(app, owner, which, json!({ "typed": typed })).await
}

/// The page on which this account stands, with a share that cannot be, as typed.
pub(super) async fn with_share(
    app: &App,
    owner: &Owner,
    account: Uuid,
    typed: &str,
) -> Result<Response> {
    let row = account::Entity::find_by_id(account).one(&app.db).await?;
    let row = row.ok_or(Error::NotFound)?;
    let before = account::Entity::find()
        .filter(Column::DeletedAt.is_null())
        .filter(match row.role {
            Role::Owner => Column::Role
                .eq(Role::Owner)
                .and(Column::CreatedAt.lt(row.created_at)),
            _ => Column::Role
                .eq(Role::Owner)
                .or(Column::CreatedAt.lt(row.created_at)),
        });
    let before = before.count(&app.db).await?;
    let which = Which {
        page: before / PAGE,
        q: None,
    };
    let typed = json!({ "share_of": account, "share_typed": typed });
    draw(app, owner, &which, typed).await
}

async fn draw(app: &App, owner: &Owner, which: &Which, typed: Value) -> Result<Response> {
    let mut people = account::Entity::find().filter(Column::DeletedAt.is_null());
    if let Some(words) = which.words() {
        people = people.filter(
            Condition::any()
                .add(contains(&app.db, Column::Name, words))
                .add(contains(&app.db, Column::Email, words))
                .add(contains(&app.db, Column::ContactEmail, words)),
        );
    }
    let people = people
        .order_by_desc(Column::Role.eq(Role::Owner))
        .order_by_asc(Column::CreatedAt)
        .paginate(&app.db, PAGE);
    let found = people.num_items_and_pages().await?;
    let rows = people.fetch_page(which.page).await?;
    let shares = shares::of(app, rows.iter().map(|row| row.id)).await?;
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id,
                "name": row.name,
                "email": row.address(),
                "is_claimed": row.email.is_some(),
                "is_self": row.id == owner.account.id,
                "role": row.role,
                "created_at": row.created_at,
                "share": shares.get(&row.id),
            })
        })
        .collect();
    let page = json!({
        "people": rows,
        "invitations": invitations::open(app).await?,
        "typed": typed["typed"],
        "share_of": typed["share_of"],
        "share_typed": typed["share_typed"],
        "words": which.words(),
        "total": found.number_of_items,
        "previous": which.page.checked_sub(1).map(|page| which.link(page)),
        "next": (which.page + 1 < found.number_of_pages).then(|| which.link(which.page + 1)),
    });
    room(app, owner, "admin/people.html", page).await
}

/// `POST /admin/people/{id}`: one's own role stays, so that a publication never loses its owner. Whoever
/// becomes an author gets a page.
pub async fn change(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    if id == owner.account.id {
        return Ok(flash(&app, "/admin/people", "flash-role-own"));
    }
    let tx = db::begin(&app.db).await?;
    let found = account::Entity::find_by_id(id)
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Email.is_not_null())
        .lock_exclusive()
        .one(&tx)
        .await?;
    let found = found.ok_or(Error::NotFound)?;
    let detail = json!({ "from": found.role, "to": wanted.role });
    let mut row = found.into_active_model();
    row.role = Set(wanted.role);
    let changed = row.update(&tx).await?;
    promote(&tx, changed, wanted.role).await.map_err(failed)?;
    let (who, subject) = (Some(owner.account.id), id.to_string());
    audit_entry::Entity::note(&tx, app.clock.now(), who, "role", &subject, &detail).await?;
    tx.commit().await?;
    Ok(flash(&app, "/admin/people", "flash-role-changed"))
}

fn failed(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Failed(error) => error,
        refusal => Error::Internal(refusal.into()),
    }
}
