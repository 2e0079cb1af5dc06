//! Somebody who was asked to write here, or to run it, and has not answered yet: one an address.

use sea_orm::{QueryOrder as _, entity::prelude::*};

use super::Role;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Lower case.
    #[sea_orm(unique)]
    pub email: String,
    /// As the owner calls her; may be empty.
    pub name: String,
    /// What she will be.
    pub role: Role,
    /// The owner who invites.
    pub invited_by: Option<Uuid>,
    pub created_at: ChronoDateTimeUtc,
    pub expires_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// All of them, the newest first.
    pub fn open() -> Select<Self> {
        Self::find()
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
    }

    /// The one to this address.
    pub fn to(email: &str) -> Select<Self> {
        Self::find().filter(Column::Email.eq(email))
    }
}
