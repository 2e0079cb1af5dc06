//! Every refund and dispute at Stripe against those here, and what disputes have moved against the books.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    Step,
    compare::Found,
    money::{is_of, list, moved, page, payments_of, step},
    note,
};
use crate::{
    app::App,
    entities::{difference::Class, dispute, reconciliation, refund},
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
        let known = payments.iter().any(|row| is_of(row, charge, intent));
        let status = there.status.as_deref().unwrap_or("succeeded");
        let theirs = format!(
            "{} {status}",
            Money::new(there.amount, &there.currency).coded()
        );
        let here = booked.iter().find(|row| row.stripe_refund_id == there.id);
        let charge = charge.unwrap_or(&there.id);
        match here {
            None if known => {
                found.push(Found::new(Class::MissingHere, charge, "no refund", theirs));
            }
            Some(row) => {
                let state = match status {
                    "failed" | "canceled" => refund::State::Failed,
                    "pending" | "requires_action" => refund::State::Pending,
                    _ => refund::State::Succeeded,
                };
                if (row.amount, row.state) != (there.amount, state) {
                    let ours = format!(
                        "{} {:?}",
                        Money::new(row.amount, &row.currency).coded(),
                        row.state
                    );
                    let subject = row.payment_id.to_string();
                    found.push(Found::new(Class::LedgerDiffers, &subject, ours, theirs));
                }
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
        .map(|(key, _)| key)
        .collect();
    let kept = moved(app, &keys).await?;
    let mut found = Vec::new();
    for (there, (charge, _)) in page.data.iter().zip(charges) {
        let is_known = payments.iter().any(|row| is_of(row, charge, None));
        let here = booked.iter().find(|row| row.stripe_dispute_id == there.id);
        let is_open = !matches!(
            there.status.as_str(),
            "won" | "lost" | "warning_closed" | "prevented"
        );
        let charge = charge.unwrap_or(&there.id);
        match here {
            None if is_known => {
                let class = Class::MissingHere;
                found.push(Found::new(class, charge, "no dispute", &there.status));
            }
            Some(row) if (row.state == dispute::State::Open) != is_open => {
                let (class, subject) = (Class::LedgerDiffers, row.payment_id.to_string());
                let ours = format!("{:?}", row.state);
                found.push(Found::new(class, &subject, ours, &there.status));
            }
            Some(row) => {
                let here = |key: &String| kept.get(key).copied().unwrap_or_default();
                let wrong = told(there).into_iter().find(|(key, sum)| here(key) != *sum);
                if let Some((key, sum)) = wrong {
                    let (class, subject) = (Class::LedgerDiffers, row.payment_id.to_string());
                    let (ours, theirs) = (format!("{key} {}", here(&key)), format!("{key} {sum}"));
                    found.push(Found::new(class, &subject, ours, theirs));
                }
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |dispute| &dispute.id))
}

/// What a dispute has moved, by the groups in which it is entered.
fn told(there: &Dispute) -> Vec<(String, i64)> {
    let both = there.balance_transactions.iter().flat_map(|one| {
        let (moved, kept) = (format!("dispute:{}", one.id), format!("fee:{}", one.id));
        [(moved, one.amount), (kept, -one.fee)]
    });
    both.collect()
}
