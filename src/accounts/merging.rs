//! Two accounts of one person become one.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

use crate::entities::{
    account, ban, checkout, comment, digest_item, following, grant, heart, membership, movement,
    outbox, payment, supporter, supporter_label, supporter_note, tip, token, visibility,
};

/// Hands everything `from` has over to `to`, and removes `from`. Both rows are locked by the caller.
/// The account's own name, language and customer stay as they are.
///
/// # Errors
/// If the database fails.
pub(super) async fn merge(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    from: &account::Model,
    to: account::Model,
) -> Result<account::Model, DbErr> {
    memberships(tx, now, from.id, to.id).await?;
    followings(tx, from.id, to.id).await?;
    digest_items(tx, from.id, to.id).await?;
    hand_over::<checkout::Entity>(tx, checkout::Column::AccountId, from.id, to.id).await?;
    hand_over::<tip::Entity>(tx, tip::Column::AccountId, from.id, to.id).await?;
    hand_over::<grant::Entity>(tx, grant::Column::AccountId, from.id, to.id).await?;
    hand_over::<grant::Entity>(tx, grant::Column::BuyerId, from.id, to.id).await?;
    roll(tx, from.id, to.id).await?;
    visibilities(tx, from.id, to.id).await?;
    hand_over::<payment::Entity>(tx, payment::Column::AccountId, from.id, to.id).await?;
    hand_over::<comment::Entity>(tx, comment::Column::AccountId, from.id, to.id).await?;
    hand_over::<comment::Entity>(tx, comment::Column::HiddenBy, from.id, to.id).await?;
    hearts(tx, from.id, to.id).await?;
    // Whoever was banned stays so; what the other account had is the same person's.
    ban::Entity::update_many()
        .col_expr(ban::Column::AccountId, Expr::value(to.id))
        .filter(ban::Column::AccountId.eq(from.id))
        .filter(ban::Column::AuthorId.not_in_subquery(banned_by(to.id)))
        .exec(tx)
        .await?;
    hand_over::<outbox::Entity>(tx, outbox::Column::AccountId, from.id, to.id).await?;
    // Else links that are still in her mailbox would die with the row they name.
    hand_over::<token::Entity>(tx, token::Column::AccountId, from.id, to.id).await?;
    account::Entity::delete_by_id(from.id).exec(tx).await?;
    if to.stripe_customer_id.is_some() || from.stripe_customer_id.is_none() {
        return Ok(to);
    }
    let mut row: account::ActiveModel = to.into();
    row.stripe_customer_id = Set(from.stripe_customer_id.clone());
    row.update(tx).await
}

/// Under whose articles an account is banned.
fn banned_by(account: Uuid) -> SelectStatement {
    ban::Entity::find()
        .select_only()
        .column(ban::Column::AuthorId)
        .filter(ban::Column::AccountId.eq(account))
        .into_query()
}

async fn hand_over<E: EntityTrait>(
    tx: &DatabaseTransaction,
    column: E::Column,
    from: Uuid,
    to: Uuid,
) -> Result<(), DbErr> {
    E::update_many()
        .col_expr(column, Expr::value(to))
        .filter(column.eq(from))
        .exec(tx)
        .await
        .map(drop)
}

/// The generation moves, so that a sync which has read the old owner begins again. Where both support an
/// author, hers stays the one that counts, and the other is flagged for the owner to give back.
async fn memberships(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    from: Uuid,
    to: Uuid,
) -> Result<(), DbErr> {
    use membership::Column;
    let current: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(Column::AuthorId)
        .filter(Column::AccountId.eq(to))
        .filter(Column::IsCurrent.eq(true))
        .into_tuple()
        .all(tx)
        .await?;
    membership::Entity::update_many()
        .col_expr(Column::IsCurrent, Expr::value(false))
        .col_expr(Column::Flag, Expr::value(membership::DUPLICATE))
        .filter(Column::AccountId.eq(from))
        .filter(Column::AuthorId.is_in(current))
        .filter(Column::IsCurrent.eq(true))
        .exec(tx)
        .await?;
    membership::Entity::update_many()
        .col_expr(Column::AccountId, Expr::value(to))
        .col_expr(Column::Generation, Expr::col(Column::Generation).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::AccountId.eq(from))
        .exec(tx)
        .await
        .map(drop)
}

/// What she has said herself about an author stands.
async fn followings(tx: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use following::Column;
    let said: Vec<Uuid> = following::Entity::find()
        .select_only()
        .column(Column::AuthorId)
        .filter(Column::AccountId.eq(to))
        .into_tuple()
        .all(tx)
        .await?;
    following::Entity::delete_many()
        .filter(Column::AccountId.eq(from))
        .filter(Column::AuthorId.is_in(said))
        .exec(tx)
        .await?;
    hand_over::<following::Entity>(tx, Column::AccountId, from, to).await
}

/// What she has chosen herself stands; what authors noted of either is of her.
async fn visibilities(tx: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use visibility::Column;
    let chosen: Vec<Uuid> = visibility::Entity::find()
        .select_only()
        .column(Column::AuthorId)
        .filter(Column::AccountId.eq(to))
        .into_tuple()
        .all(tx)
        .await?;
    visibility::Entity::delete_many()
        .filter(Column::AccountId.eq(from))
        .filter(Column::AuthorId.is_in(chosen))
        .exec(tx)
        .await?;
    hand_over::<visibility::Entity>(tx, Column::AccountId, from, to).await?;
    let note = supporter_note::Column::AccountId;
    hand_over::<supporter_note::Entity>(tx, note, from, to).await?;
    labels(tx, from, to).await
}

async fn labels(tx: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use supporter_label::{Column, Entity};
    for row in Entity::find()
        .filter(Column::AccountId.eq(from))
        .all(tx)
        .await?
    {
        let known = Entity::find_by_id((row.author_id, row.label.clone(), to));
        if known.one(tx).await?.is_none() {
            Entity::update_many()
                .col_expr(Column::AccountId, Expr::value(to))
                .filter(Column::AuthorId.eq(row.author_id))
                .filter(Column::Label.eq(row.label.as_str()))
                .filter(Column::AccountId.eq(from))
                .exec(tx)
                .await?;
        }
    }
    Entity::delete_many()
        .filter(Column::AccountId.eq(from))
        .exec(tx)
        .await
        .map(drop)
}

/// What both liked is liked once.
async fn hearts(tx: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use heart::Column;
    let both = heart::Entity::find()
        .select_only()
        .column(Column::CommentId)
        .filter(Column::AccountId.eq(to));
    let liked: Vec<Uuid> = heart::Entity::find()
        .select_only()
        .column(Column::CommentId)
        .filter(Column::AccountId.eq(from))
        .filter(Column::CommentId.in_subquery(both.into_query()))
        .into_tuple()
        .all(tx)
        .await?;
    heart::Entity::delete_many()
        .filter(Column::AccountId.eq(from))
        .filter(Column::CommentId.is_in(liked.iter().copied()))
        .exec(tx)
        .await?;
    let fewer = Expr::col(comment::Column::Hearts).sub(1);
    comment::Entity::update_many()
        .col_expr(comment::Column::Hearts, fewer)
        .filter(comment::Column::Id.is_in(liked))
        .exec(tx)
        .await?;
    hand_over::<heart::Entity>(tx, Column::AccountId, from, to).await
}

/// What both wait for comes once.
async fn digest_items(tx: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use digest_item::Column;
    let waits: Vec<Uuid> = digest_item::Entity::find()
        .select_only()
        .column(Column::ArticleId)
        .filter(Column::AccountId.eq(to))
        .into_tuple()
        .all(tx)
        .await?;
    digest_item::Entity::delete_many()
        .filter(Column::AccountId.eq(from))
        .filter(Column::ArticleId.is_in(waits))
        .exec(tx)
        .await?;
    hand_over::<digest_item::Entity>(tx, Column::AccountId, from, to).await
}

/// Who supported an author under either name is reckoned again.
async fn roll(tx: &DatabaseTransaction, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    use supporter::Column;
    hand_over::<movement::Entity>(tx, movement::Column::AccountId, from, to).await?;
    let known: Vec<Uuid> = supporter::Entity::find()
        .select_only()
        .column(Column::AuthorId)
        .filter(Column::AccountId.eq(to))
        .into_tuple()
        .all(tx)
        .await?;
    supporter::Entity::delete_many()
        .filter(Column::AccountId.eq(from))
        .filter(Column::AuthorId.is_in(known))
        .exec(tx)
        .await?;
    hand_over::<supporter::Entity>(tx, Column::AccountId, from, to).await?;
    let nothing = Option::<DateTime<Utc>>::None;
    supporter::Entity::update_many()
        .col_expr(Column::ReckonedAt, Expr::value(nothing))
        .filter(Column::AccountId.eq(to))
        .exec(tx)
        .await
        .map(drop)
}
