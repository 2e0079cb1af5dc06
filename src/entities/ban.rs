//! That somebody may not comment, for a time or for ever.

use sea_orm::{Condition, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ban")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Under whose articles; nil: everywhere in the publication.
    pub author_id: Uuid,
    pub account_id: Uuid,
    /// Plain text, shown to the person.
    pub reason: String,
    /// `None`: for ever.
    pub until: Option<ChronoDateTimeUtc>,
    pub banned_by: Option<Uuid>,
    pub created_at: ChronoDateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The bans that hold under this author's articles at `now`; those that end last come first.
    pub fn in_force(author: Uuid, now: ChronoDateTimeUtc) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.is_in([author, Uuid::nil()]))
            .filter(
                Condition::any()
                    .add(Column::Until.is_null())
                    .add(Column::Until.gt(now)),
            )
    }
}
