//! The lasting address of a comment, and where it leads now.

use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    outline::{self, Eyes, Order},
    section::Viewer,
};
use crate::{app::App, entities::article};

/// The address at which `viewer` sees one comment under `article`; `None` where it is gone for them.
///
/// # Errors
/// If the database fails.
pub async fn permalink(
    app: &App,
    viewer: Viewer<'_>,
    article: &article::Model,
    comment: Uuid,
) -> Result<Option<String>, DbErr> {
    let eyes = Eyes {
        account: viewer.account.map(|viewer| viewer.id),
        rank: viewer.rank,
        may_comment: false,
        now: app.clock.now(),
    };
    let lines = outline::lines(app, article.id).await?;
    let spots = outline::spots(&lines, Order::Oldest, eyes);
    let path = format!("/articles/{}", article.slug);
    Ok(outline::page_of(&spots, comment).map(|first| match first {
        Some(first) => format!("{path}/comments/from/{first}#comment-{comment}"),
        None => format!("{path}#comment-{comment}"),
    }))
}
