//! Shares and statements: an author's month to the cent; and a year of many patrons whose ledger is what
//! Stripe's own objects say.

use std::collections::BTreeMap;

use chrono::Duration;
use plaudit::{
    entities::{
        Recurrence,
        ledger_entry::{self, Account},
        payment,
    },
    membership::{
        ledger::Parts,
        statements::{Month, statement},
        tiers::{self, Amounts, NewTier},
    },
    sandbox::stripe::Card,
};
use rand::{Rng as _, SeedableRng as _};
use sea_orm::EntityTrait;
use serde_json::Value;

use super::world::{World, month};
use crate::support::is_postgres;

#[tokio::test]
async fn an_author_reads_the_month_to_the_cent() {
    let world = World::new().await;
    let owner = world.app.the_owner().await;
    let path = format!("/admin/people/{}/share", world.matthew.account_id);
    owner.post(&path, &[("percent", "85.5")]).await;
    owner.get("/admin/people").await.says("value=\"85.50\"");
    // Stripe counts in whole seconds.
    world.app.stripe.advance(Duration::seconds(2));
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world
        .app
        .stripe
        .refund(&intent, Some(101))
        .expect("refunded");
    world.all_arrive().await;
    let app = &world.app.app;
    let this = Month::of(app.clock.now());
    let read = statement(&app.db, world.matthew.id, this)
        .await
        .expect("read");
    let sums = &read.sums["eur"];
    // 300 → 256.5, up; given back 101 → 86.355, down; kept 30 → 25.65, up.
    assert_eq!(
        (sums.received, sums.given_back, sums.fees),
        (300, -101, -30)
    );
    assert_eq!(sums.author, 257 - 86 - 26);
    assert_eq!(sums.author + sums.publication, 300 - 101 - 30);
    let matthew = world.app.signed_in(world.matthew.account_id).await;
    let page = matthew.get("/studio/payments").await;
    page.says("€3.00")
        .says("−€1.01")
        .says("−€0.30")
        .says("€1.45");
    let csv = matthew
        .get(&format!("/studio/statement.csv?month={this}"))
        .await;
    assert_eq!(csv.body.lines().count(), 4, "{}", csv.body);
    csv.says(",payment,1,300,257,43,0,eur,payment:");
    let next = matthew
        .get(&format!("/studio/payments?month={}", this.next()))
        .await;
    next.says("Nothing was paid in this month");
    let nowhere = matthew.get("/studio/payments?month=soon").await;
    assert_eq!(nowhere.status, reqwest::StatusCode::NOT_FOUND);
    for typed in ["101", "-1", "all"] {
        let refused = owner.post(&path, &[("percent", typed)]).await;
        assert_eq!(refused.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
        refused
            .says("between 0 and 100")
            .says(&format!("value=\"{typed}\""));
    }
    owner.get("/admin/people").await.says("value=\"85.50\"");
}

#[tokio::test]
async fn currencies_stand_in_one_order_the_authors_own_first() {
    let world = World::new().await;
    let amounts = |currency: &str| Amounts {
        currency: currency.to_owned(),
        monthly: Some(500),
        yearly: None,
    };
    let new = NewTier {
        name: "Anywhere".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(500),
        others: ["usd", "chf", "aud", "gbp"].map(amounts).to_vec(),
        ..NewTier::default()
    };
    tiers::create(&world.app.app, world.matthew.id, new)
        .await
        .expect("on sale");
    for currency in ["usd", "gbp", "eur", "aud", "chf", "eur"] {
        let form = [("tip", "once"), ("amount", "700"), ("currency", currency)];
        let session = world.session(&world.app.browser(), &form).await;
        world.pay(&session, Card::Good);
    }
    world.all_arrive().await;
    let order = ["eur", "aud", "chf", "gbp", "usd"];
    for _ in 0..3 {
        let page = world.studio.get("/studio/payments").await;
        let (_, head) = page.body.split_once("<thead>").expect("a table");
        let (head, _) = head.split_once("</thead>").expect("its end");
        let places = order.map(|code| head.find(&format!(">{}<", code.to_uppercase())));
        assert!(places.is_sorted() && places[0].is_some(), "{head}");
    }
    let month = Month::of(world.app.app.clock.now());
    let csv = format!("/studio/statement.csv?month={month}");
    let csv = world.studio.get(&csv).await.body;
    let line = |line: &str| line.split(',').nth(7).unwrap_or_default().to_owned();
    let mut codes: Vec<String> = csv.lines().skip(1).map(line).collect();
    codes.dedup();
    assert_eq!(codes, order, "{csv}");
}

impl World {
    /// The events that say something new arrive; letters are written, but stay where they are.
    pub(super) async fn what_counts_arrives(&self) {
        let stripe = &self.app.stripe;
        stripe.release(|held| {
            held.retain(|id| {
                let event = stripe.object(id).unwrap_or_default();
                let kind = event["type"].as_str().unwrap_or_default();
                TOLD.contains(&kind)
            });
        });
        stripe.deliver().await;
        self.catches_up().await;
    }
}

/// Enough to know of everything that moves money.
const TOLD: [&str; 9] = [
    "account.updated",
    "application_fee.refunded",
    "transfer.reversed",
    "checkout.session.completed",
    "invoice.paid",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.closed",
    "customer.subscription.deleted",
];

/// What Stripe's own objects say was ours: each payment by its share, each refund, each dispute.
fn rebuilt(
    world: &World,
    basis_points: i32,
    payments: &[payment::Model],
) -> BTreeMap<Account, i64> {
    let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
    let mut add = |parts: Parts| {
        *sums.entry(Account::Stripe).or_default() += parts.author + parts.publication + parts.tax;
        *sums.entry(Account::Author).or_default() -= parts.author;
        *sums.entry(Account::Publication).or_default() -= parts.publication;
    };
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let stripe = &world.app.stripe;
    let mut given: BTreeMap<String, i64> = BTreeMap::new();
    for moved in stripe.objects("balance_transaction") {
        let (amount, fee) = (number(&moved["amount"]), number(&moved["fee"]));
        let source = moved["source"].as_str().unwrap_or_default();
        let object = stripe.object(source).unwrap_or_default();
        match moved["reporting_category"].as_str() {
            Some("refund") => {
                let charge = object["charge"].as_str().unwrap_or_default().to_owned();
                let of = payments
                    .iter()
                    .find(|row| row.stripe_charge_id.as_deref() == Some(&charge));
                let before = given.entry(charge.clone()).or_default();
                let of = of.expect("a payment");
                add(Parts::of_refund(of, basis_points, *before, -amount));
                *before -= amount;
            }
            _ => add(Parts::of(amount, 0, basis_points)),
        }
        add(Parts::of(-fee, 0, basis_points));
    }
    sums
}

#[tokio::test]
async fn a_year_of_many_patrons_is_in_the_ledger_as_it_is_at_stripe() {
    // PostgreSQL books by the same code, and has its own tests of each row.
    let patrons = if is_postgres() { 60 } else { 500 };
    let world = World::new().await;
    let app = &world.app;
    let owner = app.the_owner().await;
    let path = format!("/admin/people/{}/share", world.matthew.account_id);
    owner.post(&path, &[("percent", "87.65")]).await;
    app.stripe.advance(Duration::seconds(2));
    let mut random = rand::rngs::StdRng::seed_from_u64(7);
    let mut subscriptions = Vec::new();
    for number in 0..patrons {
        let card = match random.random_range(0..20) {
            0 => Card::FailsLater,
            1 => Card::Disputed,
            _ => Card::Good,
        };
        // One in five pays by the month, the others by the year.
        let every = match number % 5 {
            0 => Recurrence::Month,
            _ => Recurrence::Year,
        };
        let subscription = world.stranger_subscribes_by(number, card, every);
        subscriptions.push(subscription.await);
    }
    world.what_counts_arrives().await;
    for _ in 0..12 {
        app.stripe.advance(month());
        for _ in 0..patrons / 25 {
            let one = &subscriptions[random.random_range(0..patrons)];
            match random.random_range(0..4) {
                0 => app.stripe.book_end(one, true),
                1 => app.stripe.cancel_now(one),
                _ => {
                    if let Some(intent) = app.stripe.last_payment(one) {
                        let part = random.random_range(1..300);
                        app.stripe.refund(&intent, Some(part));
                    }
                }
            }
        }
        world.what_counts_arrives().await;
    }
    let payments = payment::Entity::find()
        .all(&app.app.db)
        .await
        .expect("payments");
    assert!(payments.len() > patrons * 2, "{}", payments.len());
    let entries = ledger_entry::Entity::find()
        .all(&app.app.db)
        .await
        .expect("entries");
    let mut kept: BTreeMap<Account, i64> = BTreeMap::new();
    for entry in &entries {
        *kept.entry(entry.account).or_default() += entry.amount;
    }
    assert_eq!(kept.values().sum::<i64>(), 0);
    assert_eq!(kept, rebuilt(&world, 8_765, &payments));
}
