//! The ledger: only ever added to, and the database refuses anything else. The entries of a group add up to
//! nothing; those of one that was found wrong do so together with its corrections.

use sea_orm::entity::prelude::*;

/// What a group of entries is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Kind {
    Payment,
    Refund,
    /// A refund that could not be paid out: the money is back.
    RefundFailed,
    /// Money the bank took for a dispute, or gave back.
    Dispute,
    /// What Stripe keeps for a payment or a dispute.
    Fee,
    /// What was sent on to the author's own account, or came back from there.
    Transfer,
}

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Account {
    /// The balance at Stripe: positive when money comes in.
    Stripe,
    /// What the author is owed: negative when it grows.
    Author,
    /// What the publication keeps: negative when it grows.
    Publication,
    /// Tax collected for the state: negative when it grows.
    Tax,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What happened, once: `payment:in_…`, `refund:re_…`, `dispute:txn_…`, `fee:txn_…`, `transfer:tr_…:n`.
    pub group_key: String,
    /// The group this one corrects, where it does: `payment:in_…`.
    pub corrects: Option<String>,
    pub kind: Kind,
    pub account: Account,
    pub author_id: Uuid,
    pub payment_id: Uuid,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// When it happened at Stripe.
    pub at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The group as it was first booked: corrections count as part of what they correct.
    pub fn about(&self) -> &str {
        self.corrects.as_deref().unwrap_or(&self.group_key)
    }
}
