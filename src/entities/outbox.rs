//! Mail on its way, written in the transaction of the act it tells of.

use sea_orm::{Condition, entity::prelude::*};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Sent,
    /// Refused for good, or tried until the retries ran out. Kept, with the reason.
    Dead,
    /// Not sent, because its address is not written to; `error` says why.
    Suppressed,
    /// Set aside by a person.
    Discarded,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What this mail is about, once: `receipt:in_…`, `notice:{article}:{account}`. The Message-ID follows from it.
    #[sea_orm(unique)]
    pub key: String,
    /// The folder under `templates/emails/`.
    pub kind: String,
    pub account_id: Option<Uuid>,
    /// The notice whose rendered text this row shares; then subject and bodies here are empty.
    pub notice_id: Option<Uuid>,
    /// Which rendering of the notice: for a `patron` or for a `follower`.
    pub variant: Option<String>,
    pub to_address: String,
    pub to_name: String,
    pub language: String,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    /// The keys of what this mail answers to, oldest first, a line each: mail clients put them in one thread.
    pub thread: Option<String>,
    pub state: State,
    /// Lower goes first: 0 for what somebody waits for, 10 for notices.
    pub priority: i32,
    pub attempts: i32,
    pub run_at: ChronoDateTimeUtc,
    pub locked_until: Option<ChronoDateTimeUtc>,
    /// Which batch of which worker holds it.
    pub worker: Option<Uuid>,
    pub error: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub sent_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether what it says is put together when it is sent: its own subject and bodies are empty.
    pub fn is_to_many(&self) -> bool {
        self.notice_id.is_some() || (self.kind == "digest" && self.subject.is_empty())
    }
}

impl Entity {
    /// Waiting, and in no worker's hands.
    pub fn untouched(now: ChronoDateTimeUtc) -> Condition {
        let free = Condition::any()
            .add(Column::LockedUntil.is_null())
            .add(Column::LockedUntil.lte(now));
        Condition::all()
            .add(Column::State.eq(State::Waiting))
            .add(free)
    }
}
