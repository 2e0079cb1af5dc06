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

/// Something that can be done to a thing once.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub by: Option<Uuid>,
    pub verb: &'a str,
    pub subject: &'a str,
}

impl Entity {
    /// The same as [`Self::note`], unless it is written down already. The caller has locked what it is done to.
    pub async fn note_once(
        db: &impl ConnectionTrait,
        now: ChronoDateTimeUtc,
        act: Act<'_>,
        detail: &Value,
    ) -> Result<(), DbErr> {
        let known = Self::about(act.subject).filter(Column::Act.eq(act.verb));
        match known.one(db).await? {
            Some(_) => Ok(()),
            None => Self::note(db, now, act.by, act.verb, act.subject, detail).await,
        }
    }

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
