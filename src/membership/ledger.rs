//! The ledger: append-only, in minor units, balanced to zero in each group. Every payment, refund, dispute
//! and fee is one group, divided between author and publication by the share that held when the
//! payment was made.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect as _, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::entities::{
    author_share,
    ledger_entry::{self, Account, Column, Kind},
    payment,
};

/// All of it: what an author gets unless the owner says otherwise.
pub const WHOLE: i32 = 10_000;

/// An amount, divided. Minor units; all negative where money goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub author: i64,
    pub publication: i64,
    pub tax: i64,
}

impl Parts {
    /// Divides `amount`, of which `tax` is tax, giving the author `basis_points` of the rest, rounded
    /// to the nearest minor unit.
    pub fn of(amount: i64, tax: i64, basis_points: i32) -> Self {
        let author = share(amount - tax, i64::from(basis_points), i64::from(WHOLE));
        Self {
            author,
            publication: amount - tax - author,
            tax,
        }
    }

    /// What giving `amount` back takes from each, after `before` of the payment was given back already:
    /// however a payment is refunded, the whole takes exactly what the payment brought.
    pub fn of_refund(
        payment: &payment::Model,
        basis_points: i32,
        before: i64,
        amount: i64,
    ) -> Self {
        let until = |sum: i64| Self::of_part(payment, basis_points, sum);
        let (after, before) = (until(before + amount), until(before));
        Self {
            author: before.author - after.author,
            publication: before.publication - after.publication,
            tax: before.tax - after.tax,
        }
    }

    /// Divides a part of a payment's money as the payment itself is divided. Negative where it goes.
    pub fn of_part(payment: &payment::Model, basis_points: i32, amount: i64) -> Self {
        Self::of(
            amount,
            share(payment.tax, amount, payment.amount),
            basis_points,
        )
    }

    fn sum(self) -> i64 {
        self.author + self.publication + self.tax
    }
}

/// `amount` × `part` / `whole`, rounded to the nearest, away from zero at the half.
fn share(amount: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let product = i128::from(amount) * i128::from(part);
    let half = i128::from(whole) / 2 * product.signum();
    i64::try_from((product + half) / i128::from(whole)).unwrap_or_default()
}

/// One thing that happened to a payment's money.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// Unique: `payment:in_…`, `refund:re_…`, `dispute:txn_…`, `fee:txn_…`.
    pub key: String,
    pub kind: Kind,
    pub payment: &'a payment::Model,
    pub currency: &'a str,
    pub at: DateTime<Utc>,
    pub parts: Parts,
}

/// Books a group, once by its key.
///
/// # Errors
/// If the database fails.
pub async fn book(tx: &DatabaseTransaction, group: Group<'_>) -> Result<(), DbErr> {
    let parts = group.parts;
    let amounts = [
        (Account::Stripe, parts.sum()),
        (Account::Author, -parts.author),
        (Account::Publication, -parts.publication),
        (Account::Tax, -parts.tax),
    ];
    let entries: Vec<_> = amounts
        .into_iter()
        .filter(|(_, amount)| *amount != 0)
        .map(|(account, amount)| ledger_entry::ActiveModel {
            id: Set(Uuid::now_v7()),
            group_key: Set(group.key.clone()),
            kind: Set(group.kind),
            account: Set(account),
            author_id: Set(group.payment.author_id),
            payment_id: Set(group.payment.id),
            amount: Set(amount),
            currency: Set(group.currency.to_owned()),
            at: Set(group.at),
        })
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    let columns = [Column::GroupKey, Column::Account];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let booked = ledger_entry::Entity::insert_many(entries)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await;
    match booked {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Books the opposite of a group that turned out not to have happened.
///
/// # Errors
/// If the database fails.
pub async fn take_back(tx: &DatabaseTransaction, of: &str, group: Group<'_>) -> Result<(), DbErr> {
    let entries = ledger_entry::Entity::find()
        .filter(Column::GroupKey.eq(of))
        .all(tx)
        .await?;
    let sum = |account: Account| -> i64 {
        let of = entries.iter().filter(|entry| entry.account == account);
        of.map(|entry| entry.amount).sum()
    };
    let parts = Parts {
        author: sum(Account::Author),
        publication: sum(Account::Publication),
        tax: sum(Account::Tax),
    };
    book(tx, Group { parts, ..group }).await
}

/// The author's part at a time, in basis points.
///
/// # Errors
/// If the database fails.
pub async fn share_at(
    db: &impl ConnectionTrait,
    author: Uuid,
    at: DateTime<Utc>,
) -> Result<i32, DbErr> {
    let latest = author_share::Entity::of(author)
        .filter(author_share::Column::Since.lte(at))
        .limit(1)
        .one(db)
        .await?;
    Ok(latest.map_or(WHOLE, |share| share.basis_points))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn payment(amount: i64, tax: i64) -> payment::Model {
        payment::Model {
            id: Uuid::nil(),
            number: 1,
            account_id: Uuid::nil(),
            author_id: Uuid::nil(),
            membership_id: None,
            tip_id: None,
            grant_id: None,
            amount,
            refunded: 0,
            tax,
            currency: "eur".to_owned(),
            stripe_invoice_id: None,
            stripe_payment_intent_id: None,
            stripe_charge_id: None,
            stripe_transfer_id: None,
            transfer_reversed: 0,
            fee_refunded: 0,
            hosted_invoice_url: None,
            invoice_pdf_url: None,
            payer_name: None,
            payer_vat_id: None,
            method: None,
            last4: None,
            card_expires_at: None,
            period_start: None,
            period_end: None,
            paid_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_amount_is_divided_to_the_cent() {
        for (amount, tax, basis_points, author, publication) in [
            (300, 0, 10_000, 300, 0),
            (301, 0, 9_000, 271, 30),
            (1_500, 240, 8_500, 1_071, 189),
            (1, 0, 5_000, 1, 0),
            (-45, 0, 9_000, -41, -4),
            (300, 0, 0, 0, 300),
        ] {
            let parts = Parts::of(amount, tax, basis_points);
            assert_eq!((parts.author, parts.publication), (author, publication));
        }
    }

    proptest! {
        #[test]
        fn refunds_in_pieces_take_what_the_payment_brought(
            pieces in proptest::collection::vec(1_i64..5_000, 1..6),
            tax_percent in 0_i64..30,
            basis_points in 0_i32..=10_000,
        ) {
            let amount: i64 = pieces.iter().sum();
            let paid = payment(amount, amount * tax_percent / 100);
            let brought = Parts::of(amount, paid.tax, basis_points);
            let mut left = brought;
            let mut before = 0;
            for piece in pieces {
                let taken = Parts::of_refund(&paid, basis_points, before, piece);
                prop_assert_eq!(taken.sum(), -piece);
                left.author += taken.author;
                left.publication += taken.publication;
                left.tax += taken.tax;
                before += piece;
            }
            prop_assert_eq!(left, Parts::default());
        }
    }
}
