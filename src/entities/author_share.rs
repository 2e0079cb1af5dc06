//! What part of the money is the author's, from when on.

use sea_orm::{QueryOrder, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "author_share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    /// The author's part in hundredths of a percent: 9000 is 90 %.
    pub basis_points: i32,
    pub since: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What an author was ever given, the latest first.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .order_by_desc(Column::Since)
            .order_by_desc(Column::Id)
    }
}
