//! What those who moderate have before them: comments that wait, that were reported, that are hidden, and all.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, FromQueryResult,
    JoinType, PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect, QueryTrait as _,
    RelationTrait as _, Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    bannable::{Writer, bannable},
    moderation::may_show,
    standing::Rank,
};
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
#[derive(Debug, Serialize)]
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
    account_id: Uuid,
    author_id: Uuid,
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

impl Row {
    fn written_by(&self) -> Writer {
        Writer {
            account: self.account_id,
            author: self.author_id,
        }
    }
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
pub async fn queue(
    db: &impl ConnectionTrait,
    by: &account::Model,
    scope: &Scope,
    asked: Asked,
) -> Result<Queue, DbErr> {
    let mut ids = order(db, scope, asked).await?;
    let page = usize::try_from(PAGE).unwrap_or_default();
    let has_more = ids.len() > page;
    ids.truncate(page);
    let rows = rows(db, &ids).await?;
    let writers: Vec<Writer> = rows.iter().map(Row::written_by).collect();
    let bannable = bannable(db, by, &writers).await?;
    let mut reports = reports_of(db, &rows).await?;
    let next = rows.last().map(|row| row.id).filter(|_| has_more);
    let rank = match scope {
        Scope::All => Rank::Owner,
        Scope::Authors(_) => Rank::Author,
    };
    let shown = |row: Row| Waiting {
        path: format!("/articles/{}/comments/{}", row.slug, row.id),
        is_bannable: bannable.contains(&row.written_by()),
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
    let (waiting, reported) = waiting(db, scope).await?;
    Ok(Queue {
        state: asked.state,
        waiting,
        reported,
        comments: rows.into_iter().map(shown).collect(),
        next,
    })
}

/// How many wait, and how many readers have reported.
///
/// # Errors
/// If the database fails.
pub async fn waiting(db: &impl ConnectionTrait, scope: &Scope) -> Result<(u64, u64), DbErr> {
    let held = within(scope, State::Waiting).count(db).await?;
    Ok((held, within(scope, State::Reported).count(db).await?))
}

/// What waits longest comes first, of the rest the newest. The order is that of the ids alone, so that long
/// texts need not be sorted.
async fn order(db: &impl ConnectionTrait, scope: &Scope, asked: Asked) -> Result<Vec<Uuid>, DbErr> {
    use comment::Column;
    let after = match asked.after {
        Some(id) => comment::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let (at, id) = (Column::CreatedAt, Column::Id);
    let found = within(scope, asked.state).select_only().column(id);
    let found = match asked.state {
        State::Waiting => found.order_by_asc(at).order_by_asc(id),
        _ => found.order_by_desc(at).order_by_desc(id),
    };
    let found = match after {
        None => found,
        Some(last) => {
            let (beyond, beside) = match asked.state {
                State::Waiting => (at.gt(last.created_at), id.gt(last.id)),
                _ => (at.lt(last.created_at), id.lt(last.id)),
            };
            let beside = Condition::all().add(at.eq(last.created_at)).add(beside);
            found.filter(Condition::any().add(beyond).add(beside))
        }
    };
    found.limit(PAGE + 1).into_tuple().all(db).await
}

async fn rows(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Row>, DbErr> {
    use comment::Column;
    let rows: Vec<Row> = comment::Entity::find()
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
            Column::AccountId,
        ])
        .column(article::Column::AuthorId)
        .column_as(account::Column::Name, "writer")
        .column_as(account::Column::DeletedAt, "writer_deleted_at")
        .column_as(article::Column::Title, "title")
        .column_as(article::Column::Slug, "slug")
        .join(JoinType::InnerJoin, comment::Relation::Account.def())
        .join(JoinType::InnerJoin, comment::Relation::Article.def())
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(db)
        .await?;
    let mut by_id: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
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
