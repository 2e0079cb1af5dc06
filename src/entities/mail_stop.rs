//! Why no mail is sent at all: one row while the relay refuses the publication itself, none otherwise.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_stop")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub since: ChronoDateTimeUtc,
    /// What the relay said.
    pub why: String,
    /// How often it was asked again since.
    pub probes: i32,
    /// When it is asked again.
    pub probe_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The one row, if mail stands still.
    pub fn standing() -> Select<Self> {
        Self::find_by_id(1)
    }
}
