//! What an author has on sale. Its amounts are its current prices.

use sea_orm::{QueryOrder, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tier")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    pub name: String,
    /// Plain text, a line a benefit.
    pub description: String,
    /// The author's own; there can be prices in others. ISO 4217, lower case, as Stripe writes it.
    pub currency: String,
    /// Whether a reader may give more than it asks.
    pub is_open_ended: bool,
    pub trial_days: Option<i32>,
    /// How many can have it at once; `None`: as many as want it.
    pub seats: Option<i32>,
    pub position: i32,
    #[sea_orm(unique)]
    pub stripe_product_id: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub archived_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What an author has or ever had on sale, in the author's order.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id)
    }

    /// What an author has on sale now, in the author's order.
    pub fn on_sale(author: Uuid) -> Select<Self> {
        Self::of(author).filter(Column::ArchivedAt.is_null())
    }
}
