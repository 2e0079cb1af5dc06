//! What an article's text was: kept with every change, compared, brought back.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder as _, QuerySelect as _,
    RelationDef, sea_query::Expr,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    draft::{Draft, SaveError},
    saving, tags,
};
use crate::{
    app::App,
    db,
    entities::{
        account, article,
        article_version::{self, Column, Kind},
    },
    tidying,
};

/// How many versions the list shows.
const SHOWN: u64 = 100;

/// What a version keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    pub title: String,
    pub standfirst: String,
    pub body: String,
}

impl Text {
    pub(super) fn of_draft(draft: &Draft) -> Self {
        Self {
            title: draft.title.clone(),
            standfirst: draft.standfirst.clone(),
            body: draft.body_markdown.clone(),
        }
    }

    /// What is in force.
    pub fn of_article(article: &article::Model) -> Self {
        Self {
            title: article.title.clone(),
            standfirst: article.standfirst.clone(),
            body: article.body_markdown.clone(),
        }
    }

    pub fn of_version(version: &article_version::Model) -> Self {
        Self {
            title: version.title.clone(),
            standfirst: version.standfirst.clone(),
            body: version.body_markdown.clone(),
        }
    }
}

/// A version as lists show it.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct Version {
    pub id: Uuid,
    #[serde(serialize_with = "kind_word")]
    pub kind: Kind,
    pub number: i32,
    pub created_at: DateTime<Utc>,
    /// Who wrote it, by name; `None` for a command.
    pub name: Option<String>,
}

impl Version {
    /// Whether it was the article's text once, or is.
    pub fn is_in_force(&self) -> bool {
        matches!(self.kind, Kind::Saved | Kind::Restored)
    }
}

fn kind_word<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        Kind::Saved => "saved",
        Kind::Restored => "restored",
        Kind::Crossed => "crossed",
        Kind::Unsaved => "unsaved",
    })
}

/// An article's versions, the newest first.
///
/// # Errors
/// If the database fails.
pub async fn history(db: &impl ConnectionTrait, article: Uuid) -> Result<Vec<Version>, DbErr> {
    article_version::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Kind, Column::Number, Column::CreatedAt])
        .column_as(account::Column::Name, "name")
        .join(JoinType::LeftJoin, by())
        .filter(Column::ArticleId.eq(article))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(SHOWN)
        .into_model()
        .all(db)
        .await
}

fn by() -> RelationDef {
    article_version::Entity::belongs_to(account::Entity)
        .from(Column::AccountId)
        .to(account::Column::Id)
        .into()
}

/// One version of an article, if it is this article's.
///
/// # Errors
/// If the database fails.
pub async fn version(
    db: &impl ConnectionTrait,
    article: Uuid,
    version: Uuid,
) -> Result<Option<article_version::Model>, DbErr> {
    article_version::Entity::find_by_id(version)
        .filter(Column::ArticleId.eq(article))
        .one(db)
        .await
}

/// What `account` has typed and not saved, where that differs from what is in force.
///
/// # Errors
/// If the database fails.
pub async fn unsaved(
    db: &impl ConnectionTrait,
    article: &article::Model,
    account: Uuid,
) -> Result<Option<article_version::Model>, DbErr> {
    let found = article_version::Entity::find()
        .filter(Column::ArticleId.eq(article.id))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Kind.eq(Kind::Unsaved))
        .one(db)
        .await?;
    Ok(found.filter(|version| Text::of_version(version) != Text::of_article(article)))
}

/// Keeps what is being typed, beside the article: nothing of it is in force.
///
/// # Errors
/// If it is too long, or the database fails.
pub async fn keep_unsaved(
    app: &App,
    article: Uuid,
    by: Uuid,
    draft: Draft,
) -> Result<(), SaveError> {
    let text = Text {
        title: tidying::line(&draft.title),
        standfirst: tidying::line(&draft.standfirst),
        body: tidying::body(&draft.body_markdown),
    };
    draft.within_bounds()?;
    let tx = db::begin(&app.db).await?;
    let article = saving::held(&tx, article).await?;
    forget_unsaved(&tx, article.id, Some(by)).await?;
    if text != Text::of_article(&article) {
        let as_what = (Kind::Unsaved, article.version);
        keep(&tx, app, &article, as_what, Some(by), text).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Brings an earlier text back, as a change like any other: what it replaces stays a version.
///
/// # Errors
/// If there is no such version, or the database fails.
pub async fn restore(
    app: &App,
    article: Uuid,
    version: Uuid,
    by: Uuid,
) -> Result<article::Model, SaveError> {
    let tx = db::begin(&app.db).await?;
    let old = saving::held(&tx, article).await?;
    let kept = self::version(&tx, article, version).await?;
    let kept = kept.ok_or(SaveError::NotFound)?;
    let names = tags::names(&tx, article).await?;
    let draft = Draft::of_text(&old, Text::of_version(&kept), names);
    let article = saving::rewrite(&tx, app, old, draft, (Kind::Restored, Some(by))).await?;
    forget_unsaved(&tx, article.id, Some(by)).await?;
    tx.commit().await?;
    Ok(article)
}

/// Writes a version down as part of somebody's act. Returns its id.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    app: &App,
    article: &article::Model,
    (kind, number): (Kind, i32),
    by: Option<Uuid>,
    text: Text,
) -> Result<Uuid, DbErr> {
    let row = article_version::ActiveModel {
        id: Set(Uuid::now_v7()),
        article_id: Set(article.id),
        account_id: Set(by),
        kind: Set(kind),
        number: Set(number),
        title: Set(text.title),
        standfirst: Set(text.standfirst),
        body_markdown: Set(text.body),
        created_at: Set(app.clock.now()),
    };
    Ok(row.insert(tx).await?.id)
}

/// Writes down what an article says before its first change since versions are kept.
pub(super) async fn keep_first(
    tx: &DatabaseTransaction,
    app: &App,
    article: &article::Model,
) -> Result<(), DbErr> {
    if article.version > 0 {
        return Ok(());
    }
    let first = keep(
        tx,
        app,
        article,
        (Kind::Saved, 0),
        None,
        Text::of_article(article),
    )
    .await?;
    article_version::Entity::update_many()
        .col_expr(Column::CreatedAt, Expr::value(article.updated_at))
        .filter(Column::Id.eq(first))
        .exec(tx)
        .await
        .map(drop)
}

/// Drops what somebody had typed and not saved.
pub(super) async fn forget_unsaved(
    tx: &DatabaseTransaction,
    article: Uuid,
    by: Option<Uuid>,
) -> Result<(), DbErr> {
    let Some(by) = by else {
        return Ok(());
    };
    article_version::Entity::delete_many()
        .filter(Column::ArticleId.eq(article))
        .filter(Column::AccountId.eq(by))
        .filter(Column::Kind.eq(Kind::Unsaved))
        .exec(tx)
        .await
        .map(drop)
}
