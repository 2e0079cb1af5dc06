//! The one reaction there is: a heart, given once and taken back at will.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{comment, heart, site},
};

/// Gives a heart or takes it back. Twice is once.
///
/// # Errors
/// If the database fails.
pub(super) async fn like(
    app: &App,
    account: Uuid,
    comment: Uuid,
    likes: bool,
) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    let row = heart::ActiveModel {
        comment_id: Set(comment),
        account_id: Set(account),
        created_at: Set(app.clock.now()),
    };
    let changed = if likes {
        let once = OnConflict::new().do_nothing().to_owned();
        heart::Entity::insert(row)
            .on_conflict(once)
            .exec_without_returning(&tx)
            .await?
    } else {
        heart::Entity::delete_by_id((comment, account))
            .exec(&tx)
            .await?
            .rows_affected
    };
    if changed > 0 {
        count(&tx, comment, if likes { 1 } else { -1 }).await?;
        site::Entity::touch(&tx).await?;
    }
    tx.commit().await
}

async fn count(tx: &DatabaseTransaction, comment: Uuid, change: i32) -> Result<(), DbErr> {
    let hearts = Expr::col(comment::Column::Hearts).add(change);
    comment::Entity::update_many()
        .col_expr(comment::Column::Hearts, hearts)
        .filter(comment::Column::Id.eq(comment))
        .exec(tx)
        .await
        .map(drop)
}
