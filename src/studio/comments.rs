//! `/studio/comments`: what waits to be looked over under the articles one looks after; moderators come
//! here too.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde_json::json;

use crate::{
    accounts::Reader,
    app::App,
    comments::{self, Asked},
    entities::Role,
    web::{Error, Result},
};

/// `GET /studio/comments`
pub async fn list(
    State(app): State<App>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let scope = comments::scope_of(&app.db, &reader.account).await?;
    let scope = scope.ok_or(Error::Forbidden)?;
    let queue = comments::queue(&app.db, &reader.account, &scope, asked).await?;
    let page = json!({
        "queue": queue,
        "room": "/studio/comments",
        "back": reader.visitor.path,
        "has_rules": reader.account.role >= Role::Author,
        "is_owner": reader.account.role == Role::Owner,
    });
    reader.visitor.page(&app, "studio/comments.html", &page)
}
