//! Which mails about comments somebody wants, and the threads they do not want to hear of.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{
        comment_mail::{self, Pace},
        mute,
    },
};

/// What `account` wants; all of it, unless she said otherwise.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    account: Uuid,
) -> Result<comment_mail::Model, DbErr> {
    let row = comment_mail::Entity::find_by_id(account).one(db).await?;
    Ok(row.unwrap_or(comment_mail::Model {
        account_id: account,
        replies: true,
        own_articles: Pace::AtOnce,
        digest_at: None,
    }))
}

/// Keeps what she wants from now on. Whoever changes to once a day hears of what comes after that.
///
/// # Errors
/// If the database fails.
pub(super) async fn keep(
    app: &App,
    account: Uuid,
    replies: Option<bool>,
    pace: Option<Pace>,
) -> Result<(), DbErr> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let known = of(&tx, account).await?;
    let row = comment_mail::Model {
        replies: replies.unwrap_or(known.replies),
        own_articles: pace.unwrap_or(known.own_articles),
        digest_at: match pace {
            Some(Pace::Daily) if known.own_articles != Pace::Daily => Some(now),
            _ => known.digest_at,
        },
        ..known
    };
    write(&tx, row).await?;
    tx.commit().await
}

/// Writes the row as it is.
pub(super) async fn write(
    db: &impl ConnectionTrait,
    row: comment_mail::Model,
) -> Result<(), DbErr> {
    let row = comment_mail::ActiveModel {
        account_id: Set(row.account_id),
        replies: Set(row.replies),
        own_articles: Set(row.own_articles),
        digest_at: Set(row.digest_at),
    };
    let again = OnConflict::column(comment_mail::Column::AccountId)
        .update_columns([
            comment_mail::Column::Replies,
            comment_mail::Column::OwnArticles,
            comment_mail::Column::DigestAt,
        ])
        .to_owned();
    comment_mail::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// Whether she wants no mail about this thread.
pub(super) async fn is_muted(
    db: &impl ConnectionTrait,
    account: Uuid,
    thread: Uuid,
) -> Result<bool, DbErr> {
    let row = mute::Entity::find_by_id((account, thread));
    Ok(row.one(db).await?.is_some())
}

/// Mutes a thread for one account alone, or lets it be heard again.
///
/// # Errors
/// If the database fails.
pub(super) async fn mute(
    app: &App,
    account: Uuid,
    thread: Uuid,
    is_muted: bool,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    if is_muted {
        let row = mute::ActiveModel {
            account_id: Set(account),
            thread_id: Set(thread),
            created_at: Set(now),
        };
        let once = OnConflict::new().do_nothing().to_owned();
        mute::Entity::insert(row)
            .on_conflict(once)
            .exec_without_returning(&tx)
            .await?;
    } else {
        mute::Entity::delete_by_id((account, thread))
            .exec(&tx)
            .await?;
    }
    tx.commit().await
}
