//! Writing down how often somebody wants to hear, and what that means for what waits already: nothing is
//! lost and nothing told twice, however often she changes her mind.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::rearranging::rearrange;
use crate::{
    app::App,
    db,
    entities::{Frequency, account, following},
    mail::suppression::{self, Fingerprint, Purpose},
};

/// Writes down how often a reader wants to hear of an author.
///
/// # Errors
/// If the database fails.
pub async fn choose(
    app: &App,
    account: Uuid,
    author: Uuid,
    frequency: Frequency,
) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    write(app, &tx, account, (author, frequency), None).await?;
    rearrange(app, &tx, account).await?;
    tx.commit().await
}

/// The same for a reader who is signed in, and so has proven her address: where she had left all letters
/// about new articles, wanting some is a wish to be written to again.
///
/// # Errors
/// If the database fails.
pub(super) async fn choose_signed_in(
    app: &App,
    reader: &account::Model,
    author: Uuid,
    frequency: Frequency,
) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    if let (Some(address), true) = (&reader.email, frequency != Frequency::None) {
        let whom = Fingerprint::of(&app.key, address);
        suppression::lift(&tx, &whom, Purpose::Notices).await?;
        suppression::lift(&tx, &whom, Purpose::NoticesOf(author)).await?;
    }
    write(app, &tx, reader.id, (author, frequency), None).await?;
    rearrange(app, &tx, reader.id).await?;
    tx.commit().await
}

/// The row about one author. `left` is the article whose notice somebody left by, or nil for a letter of
/// the day or the week. What she had wanted before she left is kept, for the way back.
pub(super) async fn write(
    app: &App,
    tx: &DatabaseTransaction,
    account: Uuid,
    (author, frequency): (Uuid, Frequency),
    left: Option<Uuid>,
) -> Result<(), DbErr> {
    use following::Column;
    let now = app.clock.now();
    let leaves = frequency == Frequency::None;
    if leaves {
        following::Entity::update_many()
            .col_expr(Column::Previous, Expr::col(Column::Frequency))
            .filter(Column::AccountId.eq(account))
            .filter(Column::AuthorId.eq(author))
            .filter(Column::Frequency.ne(Frequency::None))
            .exec(tx)
            .await?;
    }
    let row = following::ActiveModel {
        account_id: Set(account),
        author_id: Set(author),
        frequency: Set(frequency),
        previous: Set(leaves.then_some(Frequency::AtOnce)),
        left_article_id: Set(left),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let over = OnConflict::columns([Column::AccountId, Column::AuthorId])
        .update_columns([Column::Frequency, Column::LeftArticleId, Column::UpdatedAt])
        .to_owned();
    following::Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Takes back what was left by one mail.
pub(super) async fn come_back(
    app: &App,
    tx: &DatabaseTransaction,
    account: Uuid,
    of: sea_orm::Condition,
) -> Result<(), DbErr> {
    use following::Column;
    let nothing = Expr::value(Option::<Uuid>::None);
    let before = Expr::col(Column::Previous).if_null(Expr::val("at_once"));
    following::Entity::update_many()
        .col_expr(Column::Frequency, before)
        .col_expr(Column::LeftArticleId, nothing)
        .col_expr(Column::UpdatedAt, Expr::value(app.clock.now()))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Frequency.eq(Frequency::None))
        .filter(of)
        .exec(tx)
        .await
        .map(drop)
}
