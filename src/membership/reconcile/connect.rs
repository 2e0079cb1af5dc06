//! What was sent on to authors' own accounts against the ledger, and those accounts themselves.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Step,
    compare::{Found, NONE, Sides},
    money::{self, is_of, named, page, payments_of, step},
    note,
};
use crate::{
    app::App,
    entities::{
        difference::Class,
        ledger_entry::{self, Account, Kind},
        payout_account, reconciliation,
    },
    membership::{ledger, payouts, sync::by_charge},
    money::Money,
    payments::{self, Charge, List, Pace, Page},
};

const CHARGES: List = List {
    path: "/charges",
    filter: None,
    expand: &["data.transfer", "data.application_fee"],
};

/// What was sent on of each charge, less what came back, against the transfers in the ledger.
pub(super) async fn transfers(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let page: Page<Charge> = page(app, pace, run, CHARGES).await?;
    let charges: Vec<_> = page.data.iter().map(named).collect();
    let payments = payments_of(app, &charges).await?;
    let entries = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::PaymentId.is_in(payments.iter().map(|row| row.id)))
        .filter(ledger_entry::Column::Kind.eq(Kind::Transfer))
        .all(&app.db)
        .await?;
    let mut booked: HashMap<Uuid, Vec<ledger_entry::Model>> = HashMap::new();
    for entry in entries {
        booked.entry(entry.payment_id).or_default().push(entry);
    }
    let mut found = Vec::new();
    for (there, (charge, intent)) in page.data.iter().zip(charges) {
        let payment = payments.iter().find(|row| is_of(row, charge, intent));
        let Some(payment) = payment.filter(|_| there.is_paid()) else {
            continue;
        };
        found.extend(money::payment(payment, &by_charge(payment, there, None)));
        let entries = booked.remove(&payment.id).unwrap_or_default();
        let at_stripe = entries.iter().filter(|one| one.account == Account::Stripe);
        let here: i64 = at_stripe.map(|entry| -entry.amount).sum();
        let sent = there.sent_on();
        let left = sent.map_or(0, |sent| sent.left());
        let coded = |sum| Money::new(sum, &there.currency).coded();
        let mut sides = Sides::default();
        sides.hold("sent_on", coded(here), coded(left));
        let course = sent.and_then(|sent| sent.course()).unwrap_or_default();
        if let Some((wrong, right)) = ledger::misplaced(payment, &entries, &course) {
            sides.hold("booked_at", wrong.to_rfc3339(), right.to_rfc3339());
        }
        found.extend(sides.found(Class::LedgerDiffers, &payment.id.to_string()));
    }
    note(app, run, found).await?;
    Ok(step(&page, |charge| &charge.id))
}

/// Each author's own account, as it was last seen and as it is.
pub(super) async fn accounts(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let rows = payout_account::Entity::find()
        .filter(payout_account::Column::StripeAccountId.is_not_null())
        .all(&app.db)
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let id = row.stripe_account_id.as_deref().unwrap_or_default();
        pace.turn().await;
        let there = match app.payments.account(id).await {
            Ok(account) => Some(account),
            Err(payments::Error::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        if payouts::converged(row, there.as_ref()) != *row {
            let theirs = there.as_ref().and_then(|account| account.transfers());
            let word = |state: Option<&str>| format!("transfers {}", state.unwrap_or(NONE));
            let ours = word(row.transfers.as_deref());
            found.push(Found::new(Class::StateDiffers, id, ours, word(theirs)));
        }
    }
    note(app, run, found).await?;
    Ok(Step::whole(rows.len()))
}
