//! Tips and gifts, which no subscription and no invoice tells of: their charges name the checkouts that began them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait as _, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use super::{
    Step,
    compare::{Found, Sides},
    money, note,
};
use crate::{
    app::App,
    entities::{checkout, difference::Class, dispute, grant, payment, reconciliation, tip},
    membership::sync::{Once, by_charge, by_session},
    payments::{Charge, CheckoutSession, Pace, Page, Reference},
};

/// What was paid once among some charges.
#[derive(Debug, Default)]
pub(super) struct AllOnce {
    by_checkout: HashMap<Uuid, Once>,
    /// Payments that were lost to a dispute.
    lost: BTreeSet<Uuid>,
}

impl AllOnce {
    /// Of charges with their payments here, as far as there are any.
    pub async fn of(
        app: &App,
        charges: &[(&Charge, Option<&payment::Model>)],
    ) -> anyhow::Result<Self> {
        let begun = charges.iter().filter_map(|(charge, _)| begun_by(charge));
        let ids: BTreeSet<Uuid> = begun.collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let paid = || charges.iter().filter_map(|(_, payment)| *payment);
        // By the checkout that began it, or by the payment that knows it.
        let of_checkout = tip::Column::CheckoutId.is_in(ids.clone());
        let known = tip::Column::Id.is_in(paid().filter_map(|row| row.tip_id));
        let tips = tip::Entity::find().filter(of_checkout.or(known));
        let tips = tips.all(&app.db).await?;
        let of_checkout = grant::Column::CheckoutId.is_in(ids.clone());
        let known = grant::Column::Id.is_in(paid().filter_map(|row| row.grant_id));
        let grants = grant::Entity::find().filter(of_checkout.or(known));
        let grants = grants.all(&app.db).await?;
        let begun = checkout::Entity::find().filter(checkout::Column::Id.is_in(ids));
        let begun = begun.all(&app.db).await?.into_iter().map(|checkout| {
            let id = checkout.id;
            let is_its = |charge: &Charge| begun_by(charge) == Some(id);
            let paid = charges.iter().find(|(charge, _)| is_its(charge));
            let paid = paid.and_then(|(_, payment)| *payment);
            let named = match checkout.kind {
                checkout::Kind::Tip => paid.and_then(|paid| paid.tip_id),
                checkout::Kind::Gift => paid.and_then(|paid| paid.grant_id),
                checkout::Kind::Subscription | checkout::Kind::Change => None,
            };
            let tip = tips.iter().find(|row| row.checkout_id == id);
            let tip = tip.or(tips.iter().find(|row| named == Some(row.id)));
            let grant = grants.iter().find(|row| row.checkout_id == Some(id));
            let grant = grant.or(grants.iter().find(|row| named == Some(row.id)));
            let once = Once {
                tip: tip.cloned(),
                grant: grant.cloned(),
                checkout,
            };
            (id, once)
        });
        let lost = dispute::Entity::find()
            .select_only()
            .column(dispute::Column::PaymentId)
            .filter(dispute::Column::State.eq(dispute::State::Lost))
            .filter(dispute::Column::PaymentId.is_in(paid().map(|row| row.id)))
            .into_tuple()
            .all(&app.db)
            .await?;
        Ok(Self {
            by_checkout: begun.collect(),
            lost: lost.into_iter().collect(),
        })
    }

    /// What a charge has paid for, where that was paid once.
    pub fn get(&self, charge: &Charge) -> Option<&Once> {
        self.by_checkout.get(&begun_by(charge)?)
    }

    /// The payment of a charge as it should be.
    pub fn payment(
        &self,
        row: &payment::Model,
        charge: &Charge,
        came: Option<DateTime<Utc>>,
    ) -> payment::Model {
        let told = by_charge(row, charge, came);
        match self.get(charge) {
            Some(once) => once.payment(&told),
            None => told,
        }
    }

    /// The tip it has paid for, as it should be beside a payment that is right.
    pub fn tip(&self, charge: &Charge, payment: &payment::Model) -> Option<tip::Model> {
        self.get(charge)?.tip(payment, self.is_gone(payment))
    }

    /// The gift likewise.
    pub fn grant(&self, charge: &Charge, payment: &payment::Model) -> Option<grant::Model> {
        self.get(charge)?.grant(payment, self.is_gone(payment))
    }

    fn is_gone(&self, payment: &payment::Model) -> bool {
        payment.refunded >= payment.amount || self.lost.contains(&payment.id)
    }

    /// How a payment, and the tip or the gift it has paid for, differ from what the charge says.
    pub fn differs(
        &self,
        row: &payment::Model,
        charge: &Charge,
        came: Option<DateTime<Utc>>,
    ) -> Vec<Found> {
        let due = self.payment(row, charge, came);
        let mut found: Vec<Found> = money::payment(row, &due).into_iter().collect();
        let Some(once) = self.get(charge) else {
            return found;
        };
        let subject = row.id.to_string();
        if let Some((row, due)) = once.tip.as_ref().zip(self.tip(charge, &due)) {
            let sides = Sides::of(row, &due, (&row.currency, &due.currency)).about("tip");
            found.extend(sides.found(Class::StateDiffers, &subject));
        }
        if let Some((row, due)) = once.grant.as_ref().zip(self.grant(charge, &due)) {
            let sides = Sides::of(row, &due, ("", "")).about("gift");
            found.extend(sides.found(Class::StateDiffers, &subject));
        }
        found
    }
}

/// Checkouts of what was paid once, against the payments: who paid is said by nothing else.
pub(super) async fn checkouts(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let list = money::list("/checkout/sessions", Some(("status", "complete")));
    let page: Page<CheckoutSession> = money::page(app, pace, run, list).await?;
    let intents = page.data.iter().map(|there| there.payment_intent.as_ref());
    let intents: Vec<_> = intents
        .map(|intent| (None, intent.map(Reference::id)))
        .collect();
    let payments = money::payments_of(app, &intents).await?;
    let mut found = Vec::new();
    for (there, (_, intent)) in page.data.iter().zip(intents) {
        let row = payments.iter().find(|row| money::is_of(row, None, intent));
        let once = row.filter(|row| row.stripe_invoice_id.is_none());
        found.extend(once.and_then(|row| money::payment(row, &by_session(row, there))));
    }
    note(app, run, found).await?;
    Ok(money::step(&page, |there| &there.id))
}

/// The checkout that began a charge.
pub(super) fn begun_by(charge: &Charge) -> Option<Uuid> {
    charge.metadata.get("plaudit_checkout")?.parse().ok()
}
