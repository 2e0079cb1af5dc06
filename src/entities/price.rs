//! One amount of one tier. Never changed: a new amount is a new row, and patrons keep the old one.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How often a price is charged.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Recurrence {
    Month,
    Year,
}

impl Recurrence {
    /// As Stripe and addresses of ours write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tier_id: Uuid,
    pub recurrence: Recurrence,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    #[sea_orm(unique)]
    pub stripe_price_id: Option<String>,
    /// Chosen by a reader above what the tier asks at least, so not on the page.
    pub is_chosen: bool,
    pub created_at: ChronoDateTimeUtc,
    /// Set when a newer amount took its place or the tier was closed.
    pub retired_at: Option<ChronoDateTimeUtc>,
    #[sea_orm(belongs_to, from = "tier_id", to = "id")]
    pub tier: BelongsTo<super::tier::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The one that Stripe knows by this id.
    pub fn by_stripe(id: &str) -> Select<Self> {
        Self::find().filter(Column::StripePriceId.eq(id))
    }

    /// Our own name of the price that Stripe knows by this id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sold(db: &impl ConnectionTrait, id: Option<&str>) -> Result<Option<Uuid>, DbErr> {
        let Some(id) = id else { return Ok(None) };
        let row = Self::by_stripe(id).one(db).await?;
        Ok(row.map(|row| row.id))
    }

    /// The prices a tier is sold at now: at most one a recurrence and currency.
    pub fn current(tier: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::TierId.eq(tier))
            .filter(Column::RetiredAt.is_null())
            .filter(Column::IsChosen.eq(false))
    }
}
