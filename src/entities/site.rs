//! The publication's own counters: a single row.

use sea_orm::{ExprTrait, entity::prelude::*, sea_query::Expr};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Moves whenever something that public pages show has changed, so that every process drops its cached pages.
    pub revision: i64,
    /// The last receipt number given out; numbers have no gaps.
    pub last_receipt: i64,
    /// How far our clock was ahead of the last signature of Stripe's, in seconds; `None` before the first.
    pub clock_skew: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Says, inside the transaction that did it, that public pages have changed.
    pub async fn touch(db: &impl ConnectionTrait) -> Result<(), DbErr> {
        Self::update_many()
            .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
            .exec(db)
            .await
            .map(drop)
    }

    /// Takes the next receipt number. The row stays locked to the end of the transaction, so a
    /// rollback gives the number back and no two receipts share one.
    pub async fn next_receipt(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
        Self::update_many()
            .col_expr(Column::LastReceipt, Expr::col(Column::LastReceipt).add(1))
            .exec(db)
            .await?;
        let site = Self::find_by_id(1).one(db).await?;
        site.map(|site| site.last_receipt)
            .ok_or_else(|| DbErr::RecordNotFound("site".to_owned()))
    }

    /// Keeps how far our clock was ahead of a signature of Stripe's, in seconds.
    pub async fn measured(db: &impl ConnectionTrait, skew: i64) -> Result<(), DbErr> {
        Self::update_many()
            .col_expr(Column::ClockSkew, Expr::value(skew))
            .exec(db)
            .await
            .map(drop)
    }
}
