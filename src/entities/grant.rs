//! A membership for a time that nobody pays for month by month: bought for somebody, or given by the house.

use sea_orm::{QueryOrder as _, entity::prelude::*};

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Origin {
    /// Somebody has paid for it.
    Bought,
    /// The author or the owner gives it; nobody pays.
    Given,
}

/// Why it is not good any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Why {
    /// The payment was given back whole, or lost to a dispute.
    Refunded,
    /// Whoever gave it has ended it early.
    Ended,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is; `None` until it is claimed.
    pub account_id: Option<Uuid>,
    pub author_id: Uuid,
    pub tier_id: Uuid,
    pub origin: Origin,
    /// Who bought it, once paid, or who gave it; `None` at the command line.
    pub buyer_id: Option<Uuid>,
    #[sea_orm(unique)]
    pub checkout_id: Option<Uuid>,
    /// How long it lasts from its beginning on, where no end was named.
    pub months: Option<i32>,
    pub recipient_name: Option<String>,
    /// Where the link is mailed to; proves nothing.
    pub recipient_email: Option<String>,
    /// What the buyer says with it; plain text.
    pub message: Option<String>,
    /// `en` or `de`: in which the recipient is written to before she is known.
    pub language: String,
    /// When the recipient is to hear of it.
    pub send_at: Option<ChronoDateTimeUtc>,
    /// How often the link was mailed to her again.
    pub sends: i32,
    /// SHA-256 of the claim link's token, hex.
    #[sea_orm(unique)]
    pub token_hash: String,
    pub created_at: ChronoDateTimeUtc,
    /// When it was paid or given; `None` while the buyer is at Stripe.
    pub ready_at: Option<ChronoDateTimeUtc>,
    pub claimed_at: Option<ChronoDateTimeUtc>,
    pub starts_at: Option<ChronoDateTimeUtc>,
    pub ends_at: Option<ChronoDateTimeUtc>,
    pub revoked_at: Option<ChronoDateTimeUtc>,
    pub revoked_why: Option<Why>,
    /// What has been done of what is due by the clock; see `membership::gifts`.
    pub stage: i32,
    /// When the next of that is due.
    pub due_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What one reader was granted for one author, begun or not.
    pub fn between(account: Uuid, author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .filter(Column::AccountId.eq(account))
    }

    /// What the house has given for an author, the newest first.
    pub fn given(author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .filter(Column::Origin.eq(Origin::Given))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
    }

    /// What a buyer has paid for, the newest first.
    pub fn bought_by(buyer: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::BuyerId.eq(buyer))
            .filter(Column::Origin.eq(Origin::Bought))
            .filter(Column::ReadyAt.is_not_null())
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
    }
}
