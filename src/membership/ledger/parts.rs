//! How an amount is divided between author, publication and tax.

use crate::entities::{ledger_entry::Account, payment};

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

    /// The lines of a group: what moves at Stripe, and whose it is. None of them is zero.
    pub(super) fn lines(self) -> impl Iterator<Item = (Account, i64)> {
        let lines = [
            (Account::Stripe, self.sum()),
            (Account::Author, -self.author),
            (Account::Publication, -self.publication),
            (Account::Tax, -self.tax),
        ];
        lines.into_iter().filter(|(_, amount)| *amount != 0)
    }

    /// The opposite.
    pub(super) fn negated(self) -> Self {
        Self {
            author: -self.author,
            publication: -self.publication,
            tax: -self.tax,
        }
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

#[cfg(test)]
pub(super) mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    pub(in super::super) fn payment(amount: i64, tax: i64) -> payment::Model {
        payment::Model {
            id: Uuid::nil(),
            number: 1,
            account_id: Uuid::nil(),
            author_id: Uuid::nil(),
            membership_id: None,
            tip_id: None,
            grant_id: None,
            price_id: None,
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
