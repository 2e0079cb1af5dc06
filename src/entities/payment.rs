//! Money received, one row a paid invoice or tip; what a receipt shows.

use sea_orm::{Condition, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The receipt's number, without gaps.
    #[sea_orm(unique)]
    pub number: i64,
    pub account_id: Uuid,
    pub author_id: Uuid,
    pub membership_id: Option<Uuid>,
    pub tip_id: Option<Uuid>,
    /// The membership it bought for somebody else.
    pub grant_id: Option<Uuid>,
    /// Which tier it bought, and for how long at a time; the membership may cost something else since.
    pub price_id: Option<Uuid>,
    /// Minor units.
    pub amount: i64,
    /// Minor units given back so far.
    pub refunded: i64,
    /// Minor units of `amount` that are tax.
    pub tax: i64,
    pub currency: String,
    #[sea_orm(unique)]
    pub stripe_invoice_id: Option<String>,
    #[sea_orm(unique)]
    pub stripe_payment_intent_id: Option<String>,
    #[sea_orm(unique)]
    pub stripe_charge_id: Option<String>,
    /// `tr_…`, where the money was sent on to the author's own account.
    pub stripe_transfer_id: Option<String>,
    /// Minor units of it that were taken back so far.
    pub transfer_reversed: i64,
    /// Minor units of the publication's part that were given back so far.
    pub fee_refunded: i64,
    pub hosted_invoice_url: Option<String>,
    pub invoice_pdf_url: Option<String>,
    /// Who paid, as the invoice named her then.
    pub payer_name: Option<String>,
    pub payer_vat_id: Option<String>,
    /// A card's brand (`visa`) or another kind of payment (`sepa_debit`), as Stripe calls it.
    pub method: Option<String>,
    /// The last four digits of card or account.
    pub last4: Option<String>,
    /// The first moment at which the card that paid is no longer good.
    pub card_expires_at: Option<ChronoDateTimeUtc>,
    pub period_start: Option<ChronoDateTimeUtc>,
    pub period_end: Option<ChronoDateTimeUtc>,
    pub paid_at: ChronoDateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The payment that Stripe knows by any of these names. A name that is missing names nothing, and
    /// not the payments that lack it too.
    pub fn named(charge: &str, intent: Option<&str>, invoice: Option<&str>) -> Select<Self> {
        let any = Condition::any()
            .add(Column::StripeChargeId.eq(charge))
            .add_option(intent.map(|intent| Column::StripePaymentIntentId.eq(intent)))
            .add_option(invoice.map(|invoice| Column::StripeInvoiceId.eq(invoice)));
        Self::find().filter(any)
    }
}
