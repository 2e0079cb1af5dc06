//! Where an author is paid directly: the account at Stripe, as it was last seen there.

use sea_orm::{Condition, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    /// `acct_…`; none before it is made, and none again after it came loose.
    #[sea_orm(unique)]
    pub stripe_account_id: Option<String>,
    /// The account that came loose last: news of it may still be on its way.
    pub former_account_id: Option<String>,
    /// How many accounts came loose: part of the key under which the next one is made.
    pub generation: i32,
    pub charges_enabled: bool,
    pub payouts_enabled: bool,
    /// The capability that counts here: `active`, `pending` or `inactive`.
    pub transfers: Option<String>,
    pub details_submitted: bool,
    /// What Stripe still asks, in its words, a line each.
    pub due: String,
    /// Why Stripe pays nothing, in its word.
    pub disabled_reason: Option<String>,
    /// Since when the author wants to be paid directly; none where he does not.
    pub linked_at: Option<ChronoDateTimeUtc>,
    /// Rises with every change.
    pub version: i64,
    pub updated_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    pub fn by_stripe(account: &str) -> Select<Self> {
        Self::find().filter(Column::StripeAccountId.eq(account))
    }

    /// Of whom an account is, or was until it came loose.
    pub fn of_account(account: &str) -> Select<Self> {
        let either = Condition::any()
            .add(Column::StripeAccountId.eq(account))
            .add(Column::FormerAccountId.eq(account));
        Self::find().filter(either)
    }
}
