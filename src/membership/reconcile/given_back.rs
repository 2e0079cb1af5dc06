//! Every refund and dispute at Stripe against those here, and what disputes have moved against the books.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    Step,
    compare::{Found, Sides},
    money::{Kept, is_of, kept, list, page, payments_of, step},
    note,
};
use crate::{
    app::App,
    entities::{difference::Class, dispute, reconciliation, refund},
    membership::sync,
    money::Money,
    payments::{Dispute, Pace, Page, Reference, Refund},
};

/// Refunds against refunds. One of a payment we do not know is somebody else's, or comes with it.
pub(super) async fn refunds(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let page: Page<Refund> = page(app, pace, run, list("/refunds", None)).await?;
    let booked = refund::Entity::find()
        .filter(
            refund::Column::StripeRefundId.is_in(page.data.iter().map(|there| there.id.as_str())),
        )
        .all(&app.db)
        .await?;
    let named = |there: &Refund| {
        let id =
            |reference: &Option<Reference>| reference.as_ref().map(|found| found.id().to_owned());
        (id(&there.charge), id(&there.payment_intent))
    };
    let of: Vec<_> = page.data.iter().map(named).collect();
    let of: Vec<_> = of
        .iter()
        .map(|(charge, intent)| (charge.as_deref(), intent.as_deref()))
        .collect();
    let payments = payments_of(app, &of).await?;
    let mut found = Vec::new();
    for (there, (charge, intent)) in page.data.iter().zip(of) {
        let of = payments.iter().find(|row| is_of(row, charge, intent));
        let here = booked.iter().find(|row| row.stripe_refund_id == there.id);
        let charge = charge.unwrap_or(&there.id);
        match here {
            None if of.is_some() => {
                let sum = Money::new(there.amount, &there.currency).coded();
                let (class, theirs) = (Class::MissingHere, format!("refund {sum}"));
                found.push(Found::new(class, charge, "refund none", theirs));
            }
            Some(row) => {
                let id = of.map_or(row.payment_id, |of| of.id);
                let due = sync::refund_row(app.clock.now(), Some(row), id, there);
                let sides = Sides::of(row, &due, (&row.currency, &due.currency)).about("refund");
                found.extend(sides.found(Class::LedgerDiffers, &id.to_string()));
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |refund| &refund.id))
}

/// Disputes against disputes, and what each has moved against the ledger.
pub(super) async fn disputes(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let page: Page<Dispute> = page(app, pace, run, list("/disputes", None)).await?;
    let booked = dispute::Entity::find()
        .filter(
            dispute::Column::StripeDisputeId.is_in(page.data.iter().map(|there| there.id.as_str())),
        )
        .all(&app.db)
        .await?;
    let charges: Vec<_> = page
        .data
        .iter()
        .map(|there| (there.charge.as_ref().map(Reference::id), None))
        .collect();
    let payments = payments_of(app, &charges).await?;
    let keys: Vec<String> = page
        .data
        .iter()
        .flat_map(told)
        .map(|(key, ..)| key)
        .collect();
    let kept = kept(app, &keys).await?;
    let mut found = Vec::new();
    for (there, (charge, _)) in page.data.iter().zip(charges) {
        let of = payments.iter().find(|row| is_of(row, charge, None));
        let here = booked.iter().find(|row| row.stripe_dispute_id == there.id);
        let charge = charge.unwrap_or(&there.id);
        match here {
            None if of.is_some() => {
                let sum = Money::new(there.amount, &there.currency).coded();
                let (class, theirs) = (Class::MissingHere, format!("dispute {sum}"));
                found.push(Found::new(class, charge, "dispute none", theirs));
            }
            Some(row) => {
                let id = of.map_or(row.payment_id, |of| of.id);
                let due = sync::dispute_row(app.clock.now(), Some(row), id, there);
                let sides = Sides::of(row, &due, (&row.currency, &due.currency));
                let mut sides = sides.about("dispute");
                moved(there, &kept, &mut sides);
                found.extend(sides.found(Class::LedgerDiffers, &id.to_string()));
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |dispute| &dispute.id))
}

/// Holds what a dispute has moved against the ledger.
fn moved(there: &Dispute, all: &HashMap<String, Kept>, sides: &mut Sides) {
    let nothing = Kept::default();
    for (key, sum, at) in told(there) {
        let kept = all.get(&key).unwrap_or(&nothing);
        let coded = |sum| Money::new(sum, &there.currency).coded();
        sides.hold(&key, coded(kept.sum()), coded(sum));
        if let (Some(wrong), Some(right)) = (kept.misdated(at), at) {
            sides.hold("booked_at", wrong.to_rfc3339(), right.to_rfc3339());
        }
    }
}

/// What a dispute has moved and when, by the groups in which it is entered.
fn told(there: &Dispute) -> Vec<(String, i64, Option<DateTime<Utc>>)> {
    let both = there.balance_transactions.iter().flat_map(|one| {
        let (moved, kept) = (format!("dispute:{}", one.id), format!("fee:{}", one.id));
        [
            (moved, one.amount, one.created),
            (kept, -one.fee, one.created),
        ]
    });
    both.collect()
}
