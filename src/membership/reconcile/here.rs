//! What stands here about a page of subscriptions, read at once, and the row that a sync would make of each.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use super::{
    closer::{self, Owed},
    compare::{NONE, Sides},
};
use crate::{
    app::App,
    entities::{
        account, checkout,
        membership::{self, COLLECTION_PAUSED, DISPUTED, DUPLICATE, State},
        price, tier,
    },
    membership::{
        payouts,
        sync::{Basis, Condition, condition, given_back_among, gives_nothing, next, state_of},
    },
    money::Money,
    payments::{Direct, Pace, Subscription},
};

/// Where the money goes, and whether Stripe goes on asking for it where there is nothing to have: errands see to that,
/// and take a moment.
pub(super) const ON_ITS_WAY: [&str; 2] = ["paid_to", "charged"];

/// By what Stripe or we call it.
pub(super) struct Here {
    now: DateTime<Utc>,
    /// By the subscription.
    rows: HashMap<String, membership::Model>,
    /// By the price's id at Stripe.
    prices: HashMap<String, (price::Model, tier::Model)>,
    checkouts: HashMap<Uuid, checkout::Model>,
    /// Whose a customer is.
    payers: HashMap<String, Uuid>,
    /// What the money says, by the membership, of those of which it says something.
    conditions: HashMap<Uuid, Condition>,
    /// Where the money should go, by the author.
    direct: HashMap<Uuid, Option<Direct>>,
    /// Since when the money for what it owes is on its way, by the subscription.
    paying_since: HashMap<String, DateTime<Utc>>,
    /// Since when those that are not paid owe.
    owed: Owed,
}

impl Here {
    /// `pace`: at which Stripe may be asked for more than it has shown of them.
    pub async fn of(
        app: &App,
        pace: &Pace,
        there: &[Subscription],
        owed: Owed,
    ) -> anyhow::Result<Self> {
        let ids = there.iter().map(|there| there.id.as_str());
        let rows = membership::Entity::find()
            .filter(membership::Column::StripeSubscriptionId.is_in(ids))
            .all(&app.db)
            .await?;
        let authors: BTreeSet<Uuid> = rows.iter().map(|row| row.author_id).collect();
        let mut direct = HashMap::new();
        for author in authors {
            let wanted = payouts::direct(&app.db, author, app.clock.now()).await?;
            direct.insert(author, wanted);
        }
        let rows: HashMap<_, _> = rows
            .into_iter()
            .map(|row| (row.stripe_subscription_id.clone(), row))
            .collect();
        Ok(Self {
            now: app.clock.now(),
            prices: prices(app, there).await?,
            checkouts: checkouts(app, there, &rows).await?,
            payers: payers(app, there).await?,
            conditions: conditions(app, there, &rows).await?,
            paying_since: closer::paying(app, pace, there, &rows).await?,
            rows,
            direct,
            owed,
        })
    }

    pub fn row(&self, there: &Subscription) -> Option<&membership::Model> {
        self.rows.get(&there.id)
    }

    pub fn sold(&self, price: &str) -> Option<&(price::Model, tier::Model)> {
        self.prices.get(price)
    }

    /// Whether it was begun here or is for somebody who is known here.
    pub fn is_ours(&self, there: &Subscription) -> bool {
        self.rows.contains_key(&there.id)
            || named(there).is_some_and(|id| self.checkouts.contains_key(&id))
            || self.payers.contains_key(there.customer.id())
    }

    /// How a membership differs from what a sync would make of it, and from where its money should go.
    pub fn against(
        &self,
        row: &membership::Model,
        there: &Subscription,
        sold: &(price::Model, tier::Model),
    ) -> Sides {
        let Some(state) = state_of(there) else {
            let mut sides = Sides::default();
            let status = there.status.clone();
            sides.hold("stripe_status", row.stripe_status.clone(), status);
            return sides;
        };
        let mut due = self.due(row, there, sold, state);
        let (here, should) = (discount(row), discount(&due));
        due.discount.clone_from(&row.discount);
        let mut sides = Sides::of(row, &due, (&row.currency, &due.currency));
        sides.hold("discount", here, should);
        let is_over = matches!(due.state, State::Ended | State::Failed | State::Suspended);
        if !is_over {
            let to = |to: Option<&Direct>| to.map_or_else(|| "us".to_owned(), Direct::to_string);
            let wanted = self.direct.get(&row.author_id).and_then(Option::as_ref);
            sides.hold("paid_to", to(wanted), to(there.direct().as_ref()));
        }
        let is_charged = due.state == State::Suspended && !gives_nothing(there);
        let charged = |is: bool| is.to_string();
        sides.hold("charged", charged(false), charged(is_charged));
        sides
    }

    fn due(
        &self,
        row: &membership::Model,
        there: &Subscription,
        (price, tier): &(price::Model, tier::Model),
        state: State,
    ) -> membership::Model {
        let begun = named(there)
            .or(row.checkout_id)
            .and_then(|id| self.checkouts.get(&id));
        let payer = self.payers.get(there.customer.id()).copied();
        let payer = payer.or(begun.and_then(|checkout| checkout.account_id));
        let ours = |price: &str| self.prices.get(price).map(|(price, _)| price);
        let coming = there.coming();
        let waits = there.unconfirmed();
        let basis = Basis {
            subscription: there,
            invoices: there
                .invoice()
                .map(std::slice::from_ref)
                .unwrap_or_default(),
            owed_since: self.owed.get(&there.id).copied(),
            // An event alone says so.
            has_failed: row.state == State::Failed,
            account_id: payer.unwrap_or(row.account_id),
            author_id: tier.author_id,
            tier_id: tier.id,
            price,
            checkout_id: begun.map(|checkout| checkout.id),
            article_id: row.article_id,
            coming: coming.and_then(|(price, at)| Some((ours(price)?, at))),
            unconfirmed: waits.and_then(|waits| Some((ours(waits.price)?, waits.until))),
            paying_since: self.paying_since.get(&there.id).copied(),
        };
        let mut condition = self.conditions.get(&row.id).copied().unwrap_or_default();
        condition.rests_by_wish = there.rests_by_wish();
        let mut due = next(self.now, &basis, Some(row), state, condition);
        due.flag = flag(row, &due, condition);
        let is_over = matches!(due.state, State::Ended | State::Failed | State::Suspended);
        due.is_current &= !is_over;
        due.generation = row.generation;
        due.updated_at = row.updated_at;
        due
    }
}

/// What a discount leaves of the next charge: `charged 2.25 EUR, less 25 %, code SPRING`.
fn discount(row: &membership::Model) -> String {
    let Some(found) = &row.discount else {
        return NONE.to_owned();
    };
    let coded = |amount| Money::new(amount, &row.currency).coded();
    let percent = |of: i64| {
        let written = format!("{}.{:02}", of / 100, of % 100);
        let short = written.trim_end_matches('0').trim_end_matches('.');
        format!("less {short} %")
    };
    let parts = [
        Some(format!("charged {}", coded(found.charged))),
        found.percent.map(percent),
        found.off.map(|off| format!("less {}", coded(off))),
        found.code.as_ref().map(|code| format!("code {code}")),
        found
            .until
            .map(|until| format!("until {}", until.to_rfc3339())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Two in force are a class of their own.
fn flag(row: &membership::Model, due: &membership::Model, condition: Condition) -> Option<String> {
    let rests = due.collection_paused.is_some() && !condition.rests_by_wish;
    match row.flag.as_deref() {
        Some(DUPLICATE) if !row.is_current => row.flag.clone(),
        _ if condition.is_disputed => Some(DISPUTED.to_owned()),
        _ if rests => Some(COLLECTION_PAUSED.to_owned()),
        _ => None,
    }
}

/// The checkout a subscription says it was begun by.
fn named(there: &Subscription) -> Option<Uuid> {
    there.metadata.get("plaudit_checkout")?.parse().ok()
}

async fn prices(
    app: &App,
    there: &[Subscription],
) -> anyhow::Result<HashMap<String, (price::Model, tier::Model)>> {
    let ids = there.iter().flat_map(|there| {
        let sold = there.price().map(|price| price.id.as_str());
        let coming = there.coming().map(|(price, _)| price);
        let waits = there.unconfirmed().map(|waits| waits.price);
        [sold, coming, waits].into_iter().flatten()
    });
    let ids: BTreeSet<&str> = ids.collect();
    let rows = price::Entity::find()
        .filter(price::Column::StripePriceId.is_in(ids))
        .find_also_related(tier::Entity)
        .all(&app.db)
        .await?;
    let known = rows.into_iter().filter_map(|(price, tier)| {
        let id = price.stripe_price_id.clone()?;
        Some((id, (price, tier?)))
    });
    Ok(known.collect())
}

async fn checkouts(
    app: &App,
    there: &[Subscription],
    rows: &HashMap<String, membership::Model>,
) -> anyhow::Result<HashMap<Uuid, checkout::Model>> {
    let of_rows = rows.values().filter_map(|row| row.checkout_id);
    let ids: BTreeSet<Uuid> = there.iter().filter_map(named).chain(of_rows).collect();
    let found = checkout::Entity::find()
        .filter(checkout::Column::Id.is_in(ids))
        .all(&app.db)
        .await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

async fn payers(app: &App, there: &[Subscription]) -> anyhow::Result<HashMap<String, Uuid>> {
    let known: Vec<(String, Uuid)> = account::Entity::find()
        .select_only()
        .column(account::Column::StripeCustomerId)
        .column(account::Column::Id)
        .filter(
            account::Column::StripeCustomerId.is_in(there.iter().map(|there| there.customer.id())),
        )
        .into_tuple()
        .all(&app.db)
        .await?;
    Ok(known.into_iter().collect())
}

async fn conditions(
    app: &App,
    there: &[Subscription],
    rows: &HashMap<String, membership::Model>,
) -> anyhow::Result<HashMap<Uuid, Condition>> {
    let ids = rows.values().map(|row| row.id);
    let some = given_back_among(&app.db, ids).await?;
    let mut conditions = HashMap::new();
    for subscription in there {
        let row = rows.get(&subscription.id);
        if let Some(row) = row.filter(|row| some.contains(&row.id)) {
            let (start, _) = subscription.period();
            conditions.insert(row.id, condition(&app.db, row.id, start).await?);
        }
    }
    Ok(conditions)
}
