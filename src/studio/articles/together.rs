//! `POST /studio/articles/{id}/leave`: a co-author takes their name off an article.

use axum::{extract::State, response::Response};
use uuid::Uuid;

use super::own;
use crate::{
    accounts::{Author, flash},
    app::App,
    articles,
    web::{Path, Result},
};

/// Its lead author stays what they are.
pub async fn leave(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    articles::leave(&app, row.id, author.author.id).await?;
    Ok(flash(&app, "/studio/articles", "flash-article-left"))
}
