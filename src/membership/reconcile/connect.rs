//! What was sent on to authors' own accounts against the ledger, and those accounts themselves.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Step,
    compare::{Found, NONE},
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
    membership::{payouts, sync::by_charge},
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
        .filter(ledger_entry::Column::Account.eq(Account::Stripe))
        .all(&app.db)
        .await?;
    let mut booked: HashMap<Uuid, i64> = HashMap::new();
    for entry in entries {
        *booked.entry(entry.payment_id).or_default() -= entry.amount;
    }
    let mut found = Vec::new();
    for (there, (charge, intent)) in page.data.iter().zip(charges) {
        let payment = payments.iter().find(|row| is_of(row, charge, intent));
        let Some(payment) = payment.filter(|_| there.is_paid()) else {
            continue;
        };
        found.extend(money::payment(payment, &by_charge(payment, there, None)));
        let here = booked.get(&payment.id).copied().unwrap_or_default();
        let sent = there.sent_on().map_or(0, |sent| sent.left());
        if here != sent {
            let subject = payment.id.to_string();
            let told = |sum| format!("sent_on {}", Money::new(sum, &there.currency).coded());
            let (class, ours) = (Class::LedgerDiffers, told(here));
            found.push(Found::new(class, &subject, ours, told(sent)));
        }
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
