//! What the books of a payment should hold: the groups that the rules of booking give for what Stripe has said.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Parts;
use crate::entities::{
    ledger_entry::Kind,
    payment,
    refund::{self, State},
};

/// What is known of a payment's money.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Facts<'a> {
    pub payment: &'a payment::Model,
    /// The author's part when it was paid, in basis points.
    pub share: i32,
    pub refunds: &'a [refund::Model],
    /// What moved besides, as Stripe tells it; else the books are believed in what moved at Stripe, but not in
    /// whose it is.
    pub moved: Option<&'a [Moved]>,
    /// When what was sent on came to how much, as Stripe tells it, in the order of time; empty where it is not asked.
    pub sent: &'a [(DateTime<Utc>, i64)],
}

/// What Stripe kept of a payment, or a bank took or gave back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Moved {
    /// `fee:txn_…` or `dispute:txn_…`
    pub key: String,
    /// Minor units, negative where it goes.
    pub amount: i64,
    pub currency: String,
    pub at: DateTime<Utc>,
}

/// A group as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Due {
    pub kind: Kind,
    pub currency: String,
    pub at: DateTime<Utc>,
    pub parts: Parts,
}

/// The key of the group that enters a payment.
pub(in super::super) fn payment_key(payment: &payment::Model) -> String {
    let about = payment.stripe_invoice_id.as_ref();
    let about = about.or(payment.stripe_payment_intent_id.as_ref());
    match about {
        Some(about) => format!("payment:{about}"),
        None => format!("payment:{}", payment.id),
    }
}

/// Every group there should be but for what was sent on, by its key.
pub(super) fn due(facts: &Facts<'_>, moved: &[Moved]) -> BTreeMap<String, Due> {
    let Facts { payment, share, .. } = *facts;
    let entered = Due {
        kind: Kind::Payment,
        currency: payment.currency.clone(),
        at: payment.paid_at,
        parts: Parts::of(payment.amount, payment.tax, share),
    };
    let mut due = BTreeMap::from([(payment_key(payment), entered)]);
    let mut refunds: Vec<&refund::Model> = facts.refunds.iter().collect();
    refunds.sort_by_key(|row| (row.refunded_at, row.stripe_refund_id.as_str()));
    let mut before = 0;
    for row in refunds {
        let given = Due {
            kind: Kind::Refund,
            currency: row.currency.clone(),
            at: row.refunded_at,
            parts: Parts::of_refund(payment, share, before, row.amount),
        };
        before += row.amount;
        if row.state == State::Failed {
            let back = Due {
                kind: Kind::RefundFailed,
                parts: given.parts.negated(),
                ..given.clone()
            };
            due.insert(format!("refund_failed:{}", row.stripe_refund_id), back);
        }
        due.insert(format!("refund:{}", row.stripe_refund_id), given);
    }
    for moved in moved {
        let (kind, parts) = match moved.key.starts_with("fee:") {
            // Where the money was sent on, Stripe took its fee from the publication.
            true if payment.stripe_transfer_id.is_some() => {
                (Kind::Fee, Parts::of(moved.amount, 0, 0))
            }
            true => (Kind::Fee, Parts::of(moved.amount, 0, share)),
            false => {
                let parts = Parts::of_part(payment, share, moved.amount);
                (Kind::Dispute, parts)
            }
        };
        let group = Due {
            kind,
            currency: moved.currency.clone(),
            at: moved.at,
            parts,
        };
        due.insert(moved.key.clone(), group);
    }
    due.retain(|_, due| due.parts != Parts::default());
    due
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{super::parts::tests::payment, *};

    fn refund(id: &str, amount: i64, second: i64, state: State) -> refund::Model {
        refund::Model {
            id: Uuid::nil(),
            payment_id: Uuid::nil(),
            stripe_refund_id: id.to_owned(),
            amount,
            currency: "eur".to_owned(),
            state,
            reason: None,
            refunded_at: DateTime::from_timestamp(second, 0).unwrap_or_default(),
        }
    }

    #[test]
    fn the_books_of_a_payment_are_made_of_what_stripe_says() {
        let mut paid = payment(1_190, 190);
        paid.stripe_invoice_id = Some("in_1".to_owned());
        // In any order: what was given back first is reckoned first.
        let refunds = [
            refund("re_2", 595, 2, State::Failed),
            refund("re_1", 595, 1, State::Succeeded),
        ];
        let moved = [
            ("fee:txn_1", -45),
            ("dispute:txn_2", -1_190),
            ("fee:txn_3", 0),
        ];
        let moved = moved.map(|(key, amount)| Moved {
            key: key.to_owned(),
            amount,
            currency: "eur".to_owned(),
            at: DateTime::UNIX_EPOCH,
        });
        let mut facts = Facts {
            payment: &paid,
            share: 8_575,
            refunds: &refunds,
            moved: None,
            sent: &[],
        };
        let told = |facts: &Facts<'_>| -> Vec<_> {
            let groups = due(facts, &moved).into_iter();
            let parts = groups.map(|(key, due)| (key, due.parts));
            parts
                .map(|(key, parts)| (key, parts.author, parts.publication, parts.tax))
                .collect()
        };
        let group =
            |key: &str, author, publication, tax| (key.to_owned(), author, publication, tax);
        assert_eq!(
            told(&facts),
            [
                group("dispute:txn_2", -858, -142, -190),
                group("fee:txn_1", -39, -6, 0),
                group("payment:in_1", 858, 142, 190),
                group("refund:re_1", -429, -71, -95),
                group("refund:re_2", -429, -71, -95),
                group("refund_failed:re_2", 429, 71, 95),
            ]
        );
        // Sent on to the author: the fee is the publication's alone.
        let mut direct = paid.clone();
        direct.stripe_transfer_id = Some("tr_1".to_owned());
        facts.payment = &direct;
        assert_eq!(told(&facts)[1], group("fee:txn_1", 0, -45, 0));
    }
}
