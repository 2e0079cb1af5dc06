//! `/studio/supporters/{id}`: one supporter, as far as this author may know her.

use axum::{extract::State, response::Response};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::{
    listing,
    notes::{LONGEST_LABEL, LONGEST_NOTE},
    timeline,
};
use crate::{
    accounts::Author,
    app::App,
    entities::{supporter, supporter_note},
    membership::{on_its_way, visibility::secret_among},
    web::{Error, Path, Result},
};

/// What was typed into a form that is shown again, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub note: String,
    pub label: String,
    pub problem: Option<&'static str>,
}

/// `GET /studio/supporters/{id}`
pub async fn show(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    page(&app, &author, id, Typed::default()).await
}

/// A supporter of this author's, unless she is one in secret.
pub(super) async fn own(app: &App, author: &Author, id: Uuid) -> Result<supporter::Model> {
    let author = author.author.id;
    let row = supporter::Entity::find_by_id((author, id))
        .one(&app.db)
        .await?;
    let secret = secret_among(&app.db, author, &[id]).await?;
    row.filter(|_| secret.is_empty()).ok_or(Error::NotFound)
}

pub(super) async fn page(app: &App, author: &Author, id: Uuid, typed: Typed) -> Result<Response> {
    let row = own(app, author, id).await?;
    let by = author.author.id;
    let notes: Vec<_> = supporter_note::Entity::between(id, by)
        .all(&app.db)
        .await?
        .into_iter()
        .map(|note| json!({ "id": note.id, "body": note.body, "at": note.created_at }))
        .collect();
    let page = json!({
        "one": listing::one(&app.db, row).await?,
        "change": on_its_way::change(&app.db, id, by).await?,
        "notes": notes,
        "timeline": timeline::of(&app.db, by, id).await?,
        "known_labels": listing::labels(&app.db, by).await?,
        "typed_note": typed.note,
        "typed_label": typed.label,
        "problem": typed.problem,
        "longest_note": LONGEST_NOTE,
        "longest_label": LONGEST_LABEL,
    });
    author.visitor.page(app, "studio/supporter.html", &page)
}
