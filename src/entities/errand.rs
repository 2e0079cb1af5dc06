//! Calls to Stripe that follow from what was written, and must not be forgotten.

use sea_orm::entity::prelude::*;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Kind {
    /// Close a Checkout Session that nobody should pay any more. The subject is its id.
    ExpireSession,
    /// End a subscription at once. The subject is its id.
    CancelSubscription,
    /// Look up what Stripe kept of a payment. The subject is the payment's id.
    BookFee,
    /// Say that the card of a membership runs out, if it still pays then. The subject is the membership's id.
    WarnOfCard,
    /// Let a subscription's money go to the author's own account, or no more. The subject is its id.
    PayDirectly,
    /// Take back what was booked for later. The subject is the schedule's id.
    ReleaseSchedule,
    /// Take back what an author has got too much of a payment. The subject is the payment's id.
    ReverseTransfer,
    /// Make a change of tier that is paid. The subject is the checkout's id.
    MakeChange,
    /// Make void what an ended subscription still owes. The subject is its id.
    ForgiveDebt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    Waiting,
    Done,
    /// Stripe refused, or the retries ran out.
    Failed,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "errand")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is about, once; Stripe gets it as the idempotency key.
    #[sea_orm(unique)]
    pub key: String,
    pub kind: Kind,
    pub subject: String,
    pub state: State,
    pub attempts: i32,
    pub run_at: ChronoDateTimeUtc,
    pub locked_until: Option<ChronoDateTimeUtc>,
    pub error: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub done_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
