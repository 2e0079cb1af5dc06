//! One comparison of everything here with everything at Stripe.

use sea_orm::{QueryOrder as _, entity::prelude::*};

/// What is compared, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Stage {
    Events,
    Subscriptions,
    Invoices,
    Refunds,
    Disputes,
    Balance,
    /// What was typed in Checkouts of what is paid once.
    Checkouts,
    Transfers,
    Accounts,
    Customers,
    /// The ledger, payment by payment.
    Books,
    /// What stands here alone.
    Ours,
    Mending,
    Done,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reconciliation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whether what differs is mended.
    pub is_mending: bool,
    /// Payments, refunds, disputes and events older than this are left out.
    pub since: Option<ChronoDateTimeUtc>,
    pub stage: Stage,
    /// The last object of the stage that was compared: a run that broke off goes on behind it.
    pub cursor: Option<String>,
    /// How many objects were compared.
    pub compared: i64,
    pub started_at: ChronoDateTimeUtc,
    /// Who has asked for it; `None` at the command line and for the daily one.
    pub begun_by: Option<Uuid>,
    /// Somebody is at it until then.
    pub locked_until: Option<ChronoDateTimeUtc>,
    pub finished_at: Option<ChronoDateTimeUtc>,
    /// Why it broke off, last.
    pub error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Every run, the latest first.
    pub fn latest() -> Select<Self> {
        Self::find()
            .order_by_desc(Column::StartedAt)
            .order_by_desc(Column::Id)
    }
}
