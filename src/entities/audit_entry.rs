//! What people have done to the service's records, and the service itself when it mended them.

use sea_orm::{ActiveValue::Set, entity::prelude::*};
use serde_json::Value;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: ChronoDateTimeUtc,
    /// Who; `None` at the command line and for the service's own mending.
    pub account_id: Option<Uuid>,
    /// The verb: `retry`, `discard`, …
    pub act: String,
    /// The id of what it was done to: `evt_…`, a membership's id.
    pub subject: String,
    /// More about it, as a JSON object.
    pub detail: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Writes down, inside the transaction that did it, that somebody has done something.
    pub async fn note(
        db: &impl ConnectionTrait,
        now: ChronoDateTimeUtc,
        account: Option<Uuid>,
        act: &str,
        subject: &str,
        detail: &Value,
    ) -> Result<(), DbErr> {
        let row = ActiveModel {
            id: Set(Uuid::now_v7()),
            at: Set(now),
            account_id: Set(account),
            act: Set(act.to_owned()),
            subject: Set(subject.to_owned()),
            detail: Set(detail.to_string()),
        };
        Self::insert(row).exec_without_returning(db).await.map(drop)
    }

    /// What has been done to `subject`.
    pub fn about(subject: &str) -> Select<Self> {
        Self::find().filter(Column::Subject.eq(subject))
    }
}
