//! The inbox: an event as Stripe sent it, stored before it is acknowledged.

use sea_orm::entity::prelude::*;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Done,
    /// Not for us: a foreign object, an unknown type, the other mode.
    Ignored,
    /// Ours, but not understood: kept for a person to look at.
    Parked,
    /// Tried until the retries ran out.
    Failed,
    /// Set aside by a person. It can still be tried again.
    Discarded,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_event")]
pub struct Model {
    /// `evt_…`, Stripe's own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// `invoice.paid` and so on.
    pub kind: String,
    /// `subscription`, `invoice`, `checkout.session`, …
    pub object_kind: Option<String>,
    pub object_id: Option<String>,
    pub livemode: bool,
    pub api_version: Option<String>,
    /// The connected account, where there is one.
    pub account: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    /// The raw body.
    pub body: String,
    pub state: State,
    pub attempts: i32,
    pub run_at: ChronoDateTimeUtc,
    pub locked_until: Option<ChronoDateTimeUtc>,
    pub error: Option<String>,
    pub received_at: ChronoDateTimeUtc,
    pub done_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
