//! What of a payment was sent on to the author's own account, booked cumulatively: whatever Stripe shows,
//! the ledger is given the difference to what it has. What the author has got too much is taken back.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait,
    DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{
    errands,
    ledger::{self, Group, Parts},
    sync::{self, Subject},
};
use crate::{
    app::App,
    entities::{
        dispute, errand,
        ledger_entry::{self, Account, Kind},
        payment,
    },
    payments::{Charge, SentOn},
};

/// The payment as it is with its transfer, where the charge has one.
pub(super) fn named(payment: &payment::Model, charge: &Charge) -> payment::Model {
    let mut payment = payment.clone();
    if let Some(sent) = charge.sent_on() {
        payment.stripe_transfer_id = Some(sent.transfer.id.clone());
    }
    payment
}

/// Books what was sent on and came back, after everything else about the payment, which is locked by the
/// caller. A charge that was read before a newer one changes nothing.
///
/// # Errors
/// If the database fails.
pub(super) async fn book(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    payment: payment::Model,
    charge: &Charge,
) -> Result<payment::Model, DbErr> {
    let sent = charge.sent_on();
    let payment = match &sent {
        Some(sent) if is_older(sent, &payment) => return Ok(payment),
        Some(sent) => noted(tx, payment, sent).await?,
        None => payment,
    };
    let Some(transfer) = payment.stripe_transfer_id.clone() else {
        return Ok(payment);
    };
    let books = Books::of(tx, payment.id).await?;
    let left = sent.as_ref().map_or(0, SentOn::left);
    let wanted = divided(left, books.earned(), books.refunds());
    let booked = books.transfers();
    let at = match (booked, &sent) {
        (0, _) => payment.paid_at,
        (_, Some(sent)) => books.reached(sent).unwrap_or(now),
        (_, None) => now,
    };
    // The parts of a group are good for whose they are: what goes out is negative.
    let group = Group {
        key: format!("transfer:{transfer}:{booked}"),
        kind: Kind::Transfer,
        payment: &payment,
        currency: &payment.currency,
        at,
        parts: Parts {
            author: books.sum(Account::Author, true) - wanted.author,
            publication: books.sum(Account::Publication, true) - wanted.publication,
            tax: 0,
        },
    };
    ledger::book(tx, group).await?;
    if books.excess(left) > 0 && !is_disputed(tx, payment.id).await? {
        // Once for each standing: what was refused stands in the statement.
        let key = format!("reverse:{transfer}:{left}:{}", books.earned());
        let kind = errand::Kind::ReverseTransfer;
        errands::enqueue(tx, now, kind, key, &payment.id.to_string()).await?;
    }
    Ok(payment)
}

fn is_older(sent: &SentOn<'_>, payment: &payment::Model) -> bool {
    sent.transfer.amount_reversed < payment.transfer_reversed
        || sent.given_back() < payment.fee_refunded
}

async fn noted(
    tx: &DatabaseTransaction,
    payment: payment::Model,
    sent: &SentOn<'_>,
) -> Result<payment::Model, DbErr> {
    let mut row: payment::ActiveModel = payment.into();
    row.stripe_transfer_id = Set(Some(sent.transfer.id.clone()));
    row.transfer_reversed = Set(sent.transfer.amount_reversed);
    row.fee_refunded = Set(sent.given_back());
    row.update(tx).await
}

/// What the ledger has of a payment.
struct Books(Vec<ledger_entry::Model>);

impl Books {
    async fn of(db: &impl ConnectionTrait, payment: Uuid) -> Result<Self, DbErr> {
        Ok(Self(ledger::entries(db, &[payment]).await?))
    }

    /// Of the transfers, or of everything else.
    fn sum(&self, account: Account, is_sent: bool) -> i64 {
        let of = self.0.iter();
        let of = of.filter(|one| one.account == account && (one.kind == Kind::Transfer) == is_sent);
        of.map(|entry| entry.amount).sum()
    }

    /// What the author has earned.
    fn earned(&self) -> i64 {
        -self.sum(Account::Author, false)
    }

    /// How many refunds there were.
    fn refunds(&self) -> usize {
        let of = self.0.iter().filter(|entry| entry.kind == Kind::Refund);
        let keys: BTreeSet<&str> = of.map(ledger_entry::Model::about).collect();
        keys.len()
    }

    /// How many groups there are about what was sent on.
    fn transfers(&self) -> usize {
        let of = self.0.iter().filter(|entry| entry.kind == Kind::Transfer);
        let keys: BTreeSet<&str> = of.map(|entry| entry.group_key.as_str()).collect();
        keys.len()
    }

    /// When it came to what is left of it, as Stripe tells it. What follows on a correction stands when that was made.
    fn reached(&self, sent: &SentOn<'_>) -> Option<DateTime<Utc>> {
        let before = -self.sum(Account::Stripe, true);
        let of = self.0.iter().filter(|one| one.kind == Kind::Transfer);
        let is_plain = !ledger::is_any_taken_back(&of.collect::<Vec<_>>());
        let then = ledger::reached(&sent.course()?, before, sent.left());
        then.filter(|_| is_plain)
    }

    /// What the author has got too much: tax, which Stripe divides with the rest, or his part of what was
    /// given back or lost without taking it from him.
    fn excess(&self, sent: i64) -> i64 {
        let earned = self.earned();
        match is_rounding(sent, earned, self.refunds()) {
            true => 0,
            false => (sent - earned.max(0)).max(0),
        }
    }
}

/// The author's part of what was sent on, here and by the rule, where the two differ: of a payment's entries.
pub(super) fn misdivided(entries: Vec<ledger_entry::Model>) -> Option<(i64, i64)> {
    let books = Books(entries);
    let left = -books.sum(Account::Stripe, true);
    let (booked, wanted) = (
        books.sum(Account::Author, true),
        divided(left, books.earned(), books.refunds()).author,
    );
    (booked != wanted).then_some((booked, wanted))
}

async fn is_disputed(db: &impl ConnectionTrait, payment: Uuid) -> Result<bool, DbErr> {
    let open = dispute::Entity::find()
        .filter(dispute::Column::PaymentId.eq(payment))
        .filter(dispute::Column::State.eq(dispute::State::Open))
        .limit(1);
    Ok(open.one(db).await?.is_some())
}

/// Whose money it was that was sent on. Stripe rounds the transfer and the fee, and does so again with
/// each refund; the cents between that and what the author has earned are the publication's.
fn divided(sent: i64, earned: i64, refunds: usize) -> Parts {
    let author = match is_rounding(sent, earned, refunds) {
        true => earned,
        false => sent,
    };
    Parts {
        author,
        publication: sent - author,
        tax: 0,
    }
}

fn is_rounding(sent: i64, earned: i64, refunds: usize) -> bool {
    let roundings = 1 + 2 * i64::try_from(refunds).unwrap_or_default();
    (earned - sent).abs() <= roundings
}

/// Takes back what an author has got too much of a payment, as it stands now. What is disputed waits.
///
/// # Errors
/// A [`crate::payments::Error`] if Stripe is away or refuses; else if the database fails.
pub(super) async fn reverse(app: &App, key: &str, payment: &str) -> anyhow::Result<()> {
    let found = payment::Entity::find_by_id(payment.parse::<Uuid>()?);
    let payment = found.one(&app.db).await?.context("no such payment")?;
    let Some(charge) = payment.stripe_charge_id else {
        return Ok(());
    };
    if is_disputed(&app.db, payment.id).await? {
        return Ok(());
    }
    // The books first: Stripe never shows less than they know.
    let books = Books::of(&app.db, payment.id).await?;
    let fresh = app.payments.charge(&charge).await?;
    let Some(sent) = fresh.sent_on() else {
        return Ok(());
    };
    let whole = sent.transfer.amount - sent.transfer.amount_reversed;
    let part = books.excess(sent.left()).min(whole);
    if part > 0 {
        let key = format!("{key}:{part}");
        app.payments.reverse(&key, &sent.transfer.id, part).await?;
    }
    sync::now(app, &Subject::Charge(charge)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_cent_is_the_publications() {
        for (sent, earned, refunds, author, publication) in [
            (256, 257, 0, 257, -1),
            (257, 257, 0, 257, 0),
            (169, 171, 1, 171, -2),
            (200, 257, 0, 200, 0),
            (0, 0, 1, 0, 0),
        ] {
            let parts = divided(sent, earned, refunds);
            assert_eq!((parts.author, parts.publication), (author, publication));
        }
    }
}
