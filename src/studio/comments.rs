//! `/studio/comments`: the newest under this author's articles, to be hidden where needed.

use axum::{extract::State, response::Response};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use serde_json::{Value, json};

use crate::{
    accounts::Author,
    app::App,
    entities::{account, article, comment},
    web::Result,
};

/// How many comments the page shows.
const NEWEST: u64 = 50;

/// `GET /studio/comments`
pub async fn list(State(app): State<App>, author: Author) -> Result<Response> {
    let own = article::Entity::find()
        .select_only()
        .column(article::Column::Id)
        .filter(article::Column::AuthorId.eq(author.author.id))
        .into_query();
    let rows = comment::Entity::find()
        .filter(comment::Column::ArticleId.in_subquery(own))
        .filter(comment::Column::DeletedAt.is_null())
        .find_also_related(account::Entity)
        .order_by_desc(comment::Column::CreatedAt)
        .limit(NEWEST)
        .all(&app.db)
        .await?;
    let ids = rows.iter().map(|(comment, _)| comment.article_id);
    let articles = article::Entity::find()
        .filter(article::Column::Id.is_in(ids))
        .all(&app.db)
        .await?;
    let rows: Vec<Value> = rows
        .iter()
        .filter_map(|(comment, account)| {
            let article = articles.iter().find(|one| one.id == comment.article_id)?;
            Some(json!({
                "id": comment.id,
                "name": account.as_ref().map(|account| &account.name),
                "body_html": comment.body_html,
                "created_at": comment.created_at,
                "is_hidden": comment.hidden_at.is_some(),
                "article_title": article.title,
                "article_slug": article.slug,
            }))
        })
        .collect();
    let page = json!({ "comments": rows });
    author.visitor.page(&app, "studio/comments.html", &page)
}
