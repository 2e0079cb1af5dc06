//! What readers say about a comment beside words: a heart, a report; and how their own will look.

use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    body::Body,
    hearts,
    place::{Held, reader_at},
};
use crate::{
    accounts::{Reader, Visitor, flash},
    app::App,
    db,
    entities::report,
    tidying,
    web::{Action, Error, Path, Result},
};

/// The longest reason for a report, in characters.
const LONGEST: usize = 1_000;

/// `POST /articles/{slug}/comments/{id}/heart`
pub async fn like(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let reader = reader_at(visitor, &slug, id)?;
    set_heart(&app, &reader, &slug, id, true).await
}

/// `POST /articles/{slug}/comments/{id}/unheart`: takes it back.
pub async fn unlike(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let reader = reader_at(visitor, &slug, id)?;
    set_heart(&app, &reader, &slug, id, false).await
}

async fn set_heart(
    app: &App,
    reader: &Reader,
    slug: &str,
    id: Uuid,
    likes: bool,
) -> Result<Response> {
    let held = others(app, reader, slug, id).await?;
    let account = reader.account.id;
    app.limits.check(Action::React, &account.to_string())?;
    hearts::like(app, account, id, likes).await?;
    let path = held.place.way_to(app, id).await?;
    Ok(Redirect::to(&path).into_response())
}

/// A comment that everybody sees and somebody else wrote.
async fn others(app: &App, reader: &Reader, slug: &str, id: Uuid) -> Result<Held> {
    let held = Held::find(app, &reader.account, slug, id).await?;
    let is_own = held.comment.account_id == reader.account.id;
    match held.comment.is_public() && !is_own {
        true => Ok(held),
        false => Err(Error::Forbidden),
    }
}

/// Why a comment is reported.
#[derive(Debug, Deserialize)]
pub struct Reported {
    #[serde(default)]
    reason: String,
}

/// `GET /articles/{slug}/comments/{id}/report`
pub async fn ask_reason(
    State(app): State<App>,
    reader: Reader,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let held = others(&app, &reader, &slug, id).await?;
    report_page(&app, &reader, &held, "", None)
}

/// `POST /articles/{slug}/comments/{id}/report`: those who moderate see it in their queue.
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
    Form(typed): Form<Reported>,
) -> Result<Response> {
    let reader = reader_at(visitor, &slug, id)?;
    let held = others(&app, &reader, &slug, id).await?;
    let reason = typed.reason.trim();
    let problem = match reason.chars().count() {
        0 => Some("comments-report-empty"),
        length if length > LONGEST => Some("comments-report-long"),
        _ => None,
    };
    if problem.is_some() {
        let page = report_page(&app, &reader, &held, reason, problem)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.limits
        .check(Action::React, &reader.account.id.to_string())?;
    write_report(&app, reader.account.id, id, reason).await?;
    let path = held.place.way_to(&app, id).await?;
    Ok(flash(&app, &path, "flash-comment-reported"))
}

async fn write_report(app: &App, account: Uuid, comment: Uuid, reason: &str) -> Result<()> {
    let tx = db::begin(&app.db).await?;
    let row = report::ActiveModel {
        comment_id: Set(comment),
        account_id: Set(account),
        reason: Set(tidying::lines(reason)),
        created_at: Set(app.clock.now()),
        settled_at: Set(None),
    };
    let once = OnConflict::columns([report::Column::CommentId, report::Column::AccountId])
        .update_column(report::Column::Reason)
        .to_owned();
    report::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(&tx)
        .await?;
    Ok(tx.commit().await?)
}

fn report_page(
    app: &App,
    reader: &Reader,
    held: &Held,
    reason: &str,
    problem: Option<&str>,
) -> Result<Response> {
    let page = json!({
        "article": held.place.article.title,
        "path": held.place.path(),
        "permalink": held.place.permalink(held.comment.id),
        "body": held.comment.body_html,
        "reason": reason,
        "problem": problem,
    });
    reader.visitor.page(app, "comments/report.html", &page)
}

/// What is typed just now.
#[derive(Debug, Deserialize)]
pub struct Draft {
    #[serde(default)]
    body: String,
}

/// `POST /comments/preview`: how a text will look, as a piece of HTML for our own script.
pub async fn preview(
    State(app): State<App>,
    reader: Reader,
    Form(draft): Form<Draft>,
) -> Result<Response> {
    let key = reader.account.id.to_string();
    app.limits.check(Action::Preview, &key)?;
    let body = Body::parse(&draft.body).map(|body| body.html);
    Ok(Html(body.unwrap_or_default()).into_response())
}
