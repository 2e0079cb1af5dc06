//! What those who moderate have before them: comments that wait, that were reported, that are hidden, and all.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, FromQueryResult, JoinType,
    PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect, QueryTrait as _,
    RelationTrait as _, Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{moderation::may_show, standing::Rank};
use crate::entities::{Role, account, article, author, comment, moderator, report};

/// How many comments one page has.
const PAGE: u64 = 50;

/// Whose comments they are, and by what right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of the publication's: the owner's.
    All,
    /// Those under the articles of these authors.
    Authors(Vec<Uuid>),
}

/// Which of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    #[default]
    Waiting,
    Reported,
    Hidden,
    All,
}

/// What a queue's address says.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub state: State,
    /// The last comment of the page before.
    pub after: Option<Uuid>,
}

/// A page of it.
#[derive(Clone, Debug, Serialize)]
pub struct Queue {
    state: State,
    waiting: u64,
    reported: u64,
    comments: Vec<Waiting>,
    /// The last one, where there are more.
    next: Option<Uuid>,
}

/// A comment as the queue shows it.
#[derive(Clone, Debug, Serialize)]
struct Waiting {
    id: Uuid,
    path: String,
    name: Option<String>,
    article: String,
    created_at: DateTime<Utc>,
    body: String,
    is_held: bool,
    held_for: Option<String>,
    is_hidden: bool,
    may_show: bool,
    is_bannable: bool,
    reports: Vec<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    body_html: String,
    created_at: DateTime<Utc>,
    hidden_at: Option<DateTime<Utc>>,
    hidden_above: bool,
    held_at: Option<DateTime<Utc>>,
    held_for: Option<String>,
    guest_name: Option<String>,
    writer: String,
    writer_deleted_at: Option<DateTime<Utc>>,
    title: String,
    slug: String,
}

/// What `account` looks after; `None` if nothing.
///
/// # Errors
/// If the database fails.
pub async fn scope_of(
    db: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<Option<Scope>, DbErr> {
    if account.role == Role::Owner {
        return Ok(Some(Scope::All));
    }
    let mut authors: Vec<Uuid> = moderator::Entity::find()
        .filter(moderator::Column::AccountId.eq(account.id))
        .all(db)
        .await?
        .iter()
        .map(|row| row.author_id)
        .collect();
    if account.role >= Role::Author {
        let own = author::Entity::of_account(account.id).one(db).await?;
        authors.extend(own.map(|own| own.id));
    }
    Ok((!authors.is_empty()).then_some(Scope::Authors(authors)))
}

/// A page of the queue, and how much there is to do.
///
/// # Errors
/// If the database fails.
pub async fn queue(db: &impl ConnectionTrait, scope: &Scope, asked: Asked) -> Result<Queue, DbErr> {
    let mut rows = rows(db, scope, asked).await?;
    let page = usize::try_from(PAGE).unwrap_or_default();
    let has_more = rows.len() > page;
    rows.truncate(page);
    let mut reports = reports_of(db, &rows).await?;
    let next = rows.last().map(|row| row.id).filter(|_| has_more);
    let rank = match scope {
        Scope::All => Rank::Owner,
        Scope::Authors(_) => Rank::Author,
    };
    let shown = |row: Row| Waiting {
        path: format!("/articles/{}/comments/{}", row.slug, row.id),
        is_bannable: row.writer_deleted_at.is_none(),
        name: match row.writer_deleted_at {
            None => Some(row.writer),
            Some(_) => row.guest_name,
        },
        article: row.title,
        created_at: row.created_at,
        body: row.body_html,
        is_held: row.held_at.is_some(),
        held_for: row.held_for.filter(|_| row.held_at.is_some()),
        is_hidden: row.hidden_at.is_some(),
        may_show: row.hidden_at.is_some() && may_show(rank, row.hidden_above),
        reports: reports.remove(&row.id).unwrap_or_default(),
        id: row.id,
    };
    Ok(Queue {
        state: asked.state,
        waiting: within(scope, State::Waiting).count(db).await?,
        reported: within(scope, State::Reported).count(db).await?,
        comments: rows.into_iter().map(shown).collect(),
        next,
    })
}

/// How many wait, for the owner's first page.
///
/// # Errors
/// If the database fails.
pub async fn waiting(db: &impl ConnectionTrait, scope: &Scope) -> Result<u64, DbErr> {
    within(scope, State::Waiting).count(db).await
}

async fn rows(db: &impl ConnectionTrait, scope: &Scope, asked: Asked) -> Result<Vec<Row>, DbErr> {
    use comment::Column;
    let found = within(scope, asked.state)
        .select_only()
        .columns([
            Column::Id,
            Column::BodyHtml,
            Column::CreatedAt,
            Column::HiddenAt,
            Column::HiddenAbove,
            Column::HeldAt,
            Column::HeldFor,
            Column::GuestName,
        ])
        .column_as(account::Column::Name, "writer")
        .column_as(account::Column::DeletedAt, "writer_deleted_at")
        .column_as(article::Column::Title, "title")
        .column_as(article::Column::Slug, "slug")
        .join(JoinType::InnerJoin, comment::Relation::Account.def())
        .join(JoinType::InnerJoin, comment::Relation::Article.def());
    // What waits longest comes first, of the rest the newest.
    let found = match (asked.state, asked.after) {
        (State::Waiting, None) => found.order_by_asc(Column::Id),
        (State::Waiting, Some(after)) => {
            found.filter(Column::Id.gt(after)).order_by_asc(Column::Id)
        }
        (_, None) => found.order_by_desc(Column::Id),
        (_, Some(after)) => found.filter(Column::Id.lt(after)).order_by_desc(Column::Id),
    };
    found.limit(PAGE + 1).into_model().all(db).await
}

fn within(scope: &Scope, state: State) -> Select<comment::Entity> {
    use comment::Column;
    let found = comment::Entity::find().filter(Column::DeletedAt.is_null());
    let found = match scope {
        Scope::All => found,
        Scope::Authors(authors) => {
            let own = article::Entity::find()
                .select_only()
                .column(article::Column::Id)
                .filter(article::Column::AuthorId.is_in(authors.iter().copied()));
            found.filter(Column::ArticleId.in_subquery(own.into_query()))
        }
    };
    match state {
        State::All => found,
        State::Hidden => found.filter(Column::HiddenAt.is_not_null()),
        State::Waiting => found
            .filter(Column::HeldAt.is_not_null())
            .filter(Column::HiddenAt.is_null()),
        State::Reported => {
            let open = report::Entity::find()
                .select_only()
                .column(report::Column::CommentId)
                .filter(report::Column::SettledAt.is_null());
            let id = Expr::col((comment::Entity, Column::Id));
            found.filter(id.in_subquery(open.into_query()))
        }
    }
}

async fn reports_of(
    db: &impl ConnectionTrait,
    rows: &[Row],
) -> Result<HashMap<Uuid, Vec<String>>, DbErr> {
    let open = report::Entity::find()
        .filter(report::Column::CommentId.is_in(rows.iter().map(|row| row.id)))
        .filter(report::Column::SettledAt.is_null())
        .order_by_asc(report::Column::CreatedAt)
        .all(db)
        .await?;
    let mut by_comment: HashMap<Uuid, Vec<String>> = HashMap::new();
    for report in open {
        by_comment
            .entry(report.comment_id)
            .or_default()
            .push(report.reason);
    }
    Ok(by_comment)
}
