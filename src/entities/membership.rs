//! Our record of a reader's recurring support of an author: one row a Stripe subscription.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::price::Recurrence;

/// Where a membership stands at Stripe, in our words. What it permits *now* is a standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    /// Not paid yet.
    Pending,
    Trial,
    Active,
    /// Active, with an end booked.
    Cancelling,
    /// A renewal failed and Stripe still tries.
    Grace,
    /// Stripe gave up on a renewal but keeps the subscription.
    Lapsed,
    Paused,
    /// The first payment never came.
    Failed,
    Ended,
    /// Fully refunded, or lost to a dispute.
    Suspended,
}

/// What a discount leaves of the next charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Discount {
    /// Charged next, in minor units.
    pub charged: i64,
    /// The code somebody typed for it.
    pub code: Option<String>,
    /// Hundredths of a percent that it takes off; else minor units.
    pub percent: Option<i64>,
    pub off: Option<i64>,
    /// Until when it lasts; `None`: for good.
    pub until: Option<ChronoDateTimeUtc>,
}

/// Why a membership gives nothing, or is not charged for, where that is not its reader's own doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// What was paid for the time that ran was given back.
    Refunded,
    /// The payer's bank took it back, and that was decided.
    Disputed,
    /// A renewal was not paid, however often it was tried.
    Unpaid,
    /// Whoever runs the publication has ended it at Stripe.
    Ended,
    /// Whoever runs the publication lets it rest.
    Rests,
    /// A trial is over, and there is no card to go on with.
    NoCard,
}

/// The flag of a second membership in force between the same two.
pub const DUPLICATE: &str = "duplicate";
/// The flag of a membership whose payment is disputed.
pub const DISPUTED: &str = "disputed";
/// The flag of one that Stripe does not collect for.
pub const COLLECTION_PAUSED: &str = "collection_paused";
/// Stripe's word for a pause in which nothing is collected and nothing will be owed.
pub const VOID: &str = "void";

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub author_id: Uuid,
    pub tier_id: Uuid,
    pub price_id: Uuid,
    pub checkout_id: Option<Uuid>,
    pub article_id: Option<Uuid>,
    pub state: State,
    /// Minor units a recurrence.
    pub amount: i64,
    pub currency: String,
    pub recurrence: Recurrence,
    #[sea_orm(unique)]
    pub stripe_subscription_id: String,
    pub stripe_customer_id: String,
    /// The status word as Stripe last said it.
    pub stripe_status: String,
    pub current_period_start: Option<ChronoDateTimeUtc>,
    pub current_period_end: Option<ChronoDateTimeUtc>,
    /// When it will end, where an end is booked.
    pub cancel_at: Option<ChronoDateTimeUtc>,
    /// The first failure of the renewal that is still unpaid.
    pub past_due_since: Option<ChronoDateTimeUtc>,
    /// When Stripe tries that renewal again.
    pub next_attempt_at: Option<ChronoDateTimeUtc>,
    /// Since when the money for that renewal is on its way from a bank, and how much in minor units.
    pub paying_since: Option<ChronoDateTimeUtc>,
    pub paying_amount: Option<i64>,
    /// When it was first in force.
    pub started_at: Option<ChronoDateTimeUtc>,
    pub ended_at: Option<ChronoDateTimeUtc>,
    /// How Stripe's collection is paused, in its words: `void`, `keep_as_draft`, `mark_uncollectible`.
    pub collection_paused: Option<String>,
    /// When it was paused, where it is.
    pub paused_at: Option<ChronoDateTimeUtc>,
    /// Why she leaves, in Stripe's word, where an end is booked or has come.
    pub cancel_reason: Option<String>,
    /// The same in her own words.
    pub cancel_words: Option<String>,
    /// Why it gives nothing, or rests, where she has not wished so.
    pub stopped_why: Option<Stopped>,
    /// What it is to cost instead from `next_at` on.
    pub next_price_id: Option<Uuid>,
    pub next_at: Option<ChronoDateTimeUtc>,
    /// What it is to cost once its reader has confirmed that to her bank, and until when she can.
    pub unconfirmed_price_id: Option<Uuid>,
    pub unconfirmed_until: Option<ChronoDateTimeUtc>,
    /// What it cost before, as long as its reader has not been told that it costs something else.
    pub untold_price_id: Option<Uuid>,
    /// What a discount leaves of the next charge, where there is one.
    pub discount: Option<Discount>,
    /// The one that counts between reader and author: the database keeps it at most one.
    pub is_current: bool,
    /// Why a person should look at it: `duplicate`, `disputed`, `collection_paused`.
    pub flag: Option<String>,
    /// Counts writes; a write that was prepared on an older one is prepared again.
    pub generation: i64,
    pub created_at: ChronoDateTimeUtc,
    pub updated_at: ChronoDateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<super::author::Entity>,
    #[sea_orm(belongs_to, from = "tier_id", to = "id")]
    pub tier: BelongsTo<super::tier::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The price its reader was last told of.
    pub fn told_price(&self) -> Uuid {
        self.untold_price_id.unwrap_or(self.price_id)
    }

    /// Whether it began beside another of the same reader and author that is in force.
    pub fn is_duplicate(&self) -> bool {
        self.flag.as_deref() == Some(DUPLICATE)
    }
}

impl Entity {
    /// Every membership this author ever had.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find().filter(Column::AuthorId.eq(author))
    }

    /// One reader's memberships with one author.
    pub fn between(account: Uuid, author: Uuid) -> Select<Self> {
        Self::of(author).filter(Column::AccountId.eq(account))
    }

    pub fn by_subscription(id: &str) -> Select<Self> {
        Self::find().filter(Column::StripeSubscriptionId.eq(id))
    }
}
