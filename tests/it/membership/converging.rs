//! However Stripe's events arrive, what stands here is the same in the end: any history of many
//! memberships, delivered in any order, with repeats, and one event of each lost for ever, and then
//! compared and mended, ends as the history in order does.

use std::collections::BTreeMap;

use plaudit::{
    entities::{account, ledger_entry, membership, outbox, payment, stripe_event},
    membership::{errands, reconcile, sync},
    sandbox::stripe::Card,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::world::{World, month};
use crate::support::is_postgres;

/// How many memberships one world holds at once.
const PATRONS: usize = 50;

/// What happens to a membership in a month, before the next one begins.
#[derive(Clone, Copy, Debug)]
enum Act {
    Nothing,
    CardFails,
    CardIsGood,
    BooksEnd,
    TakesEndBack,
    EndsNow,
    RefundsPart,
    RefundsAll,
    Upgrades,
}

/// The months of one membership.
type History = Vec<Act>;

fn histories() -> impl Strategy<Value = Vec<History>> {
    let act = prop_oneof![
        3 => Just(Act::Nothing),
        2 => Just(Act::CardFails),
        1 => Just(Act::CardIsGood),
        1 => Just(Act::BooksEnd),
        1 => Just(Act::TakesEndBack),
        1 => Just(Act::EndsNow),
        1 => Just(Act::RefundsPart),
        1 => Just(Act::RefundsAll),
        1 => Just(Act::Upgrades),
    ];
    vec(vec(act, 0..4), PATRONS)
}

/// How the events arrive.
#[derive(Clone, Copy, Debug)]
enum Arrival {
    InOrder,
    /// Shuffled, some twice, and of each membership one not at all.
    Anyhow(u64),
}

/// What a membership has come to: its state and tier, its ledger, its letters.
type Outcome = BTreeMap<String, String>;

async fn played(histories: &[History], arrival: Arrival) -> Outcome {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let mut subscriptions = Vec::new();
    for number in 0..histories.len() {
        subscriptions.push(world.stranger_subscribes(number, Card::Good).await);
    }
    let months = histories.iter().map(Vec::len).max().unwrap_or_default();
    for at in 0..months {
        for (history, subscription) in histories.iter().zip(&subscriptions) {
            let act = history.get(at).copied().unwrap_or(Act::Nothing);
            happen(&world, act, subscription).await;
        }
        stripe.advance(month());
    }
    stripe.release(|held| arrive(&world, held, arrival));
    stripe.deliver().await;
    world.catches_up().await;
    if let Arrival::Anyhow(_) = arrival {
        let app = &world.app.app;
        let id = reconcile::begin(app, true, None).await.expect("begun");
        assert!(reconcile::resume(app, id, |_| {}).await.expect("compared"));
        world.catches_up().await;
    }
    // What our own calls have set off.
    stripe.release(|_| {});
    stripe.deliver().await;
    world.catches_up().await;
    world.outcome().await
}

async fn happen(world: &World, act: Act, subscription: &str) {
    let stripe = &world.app.stripe;
    let object = stripe.object(subscription).expect("hers");
    let customer = object["customer"].as_str().expect("a customer");
    let is_over = object["status"] == "canceled";
    match act {
        Act::Nothing => {}
        Act::CardFails => stripe.set_card(customer, Card::FailsLater),
        Act::CardIsGood => {
            stripe.set_card(customer, Card::Good);
            stripe.pay_open_invoice(subscription);
        }
        Act::BooksEnd | Act::TakesEndBack if is_over => {}
        Act::BooksEnd => stripe.book_end(subscription, true),
        Act::TakesEndBack => stripe.book_end(subscription, false),
        Act::EndsNow if is_over => {}
        Act::EndsNow => stripe.cancel_now(subscription),
        Act::RefundsPart | Act::RefundsAll => {
            let part = matches!(act, Act::RefundsPart).then_some(50);
            if let Some(intent) = stripe.last_payment(subscription) {
                stripe.refund(&intent, part);
            }
        }
        Act::Upgrades if object["status"] == "active" => {
            let item = object["items"]["data"][0]["id"].as_str().expect("an item");
            let price = world.price_of_patron().await;
            let form = [
                ("items[0][id]", item),
                ("items[0][price]", &price),
                ("proration_behavior", "always_invoice"),
            ];
            world
                .at_stripe(&format!("subscriptions/{subscription}"), &form)
                .await;
        }
        Act::Upgrades => {}
    }
}

/// Arranges the events that are held.
fn arrive(world: &World, held: &mut Vec<String>, arrival: Arrival) {
    let Arrival::Anyhow(seed) = arrival else {
        return;
    };
    let mut random = StdRng::seed_from_u64(seed);
    let customer_of = |event: &String| {
        let event = world.app.stripe.object(event).unwrap_or_default();
        let object = &event["data"]["object"];
        object["customer"].as_str().unwrap_or_default().to_owned()
    };
    let mut by_customer: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, event) in held.iter().enumerate() {
        by_customer.entry(customer_of(event)).or_default().push(at);
    }
    let lost: Vec<usize> = by_customer
        .values()
        .map(|events| events[random.random_range(0..events.len())])
        .collect();
    let mut at = 0;
    held.retain(|_| {
        at += 1;
        !lost.contains(&(at - 1))
    });
    let repeats = held.len() / 10;
    for _ in 0..repeats {
        let again = held[random.random_range(0..held.len())].clone();
        held.push(again);
    }
    held.shuffle(&mut random);
}

impl World {
    /// The service works off what it knows; letters are written, but stay where they are.
    pub async fn catches_up(&self) {
        let app = &self.app.app;
        loop {
            let synced = sync::work(app).await.expect("synced");
            let run = errands::work(app).await.expect("run");
            let waits = stripe_event::Entity::find()
                .filter(stripe_event::Column::State.eq(stripe_event::State::Waiting))
                .one(&app.db)
                .await
                .expect("asked");
            match (synced + run, waits) {
                (0, None) => return,
                // Stripe seemed to be behind; it is asked again a little later.
                (0, Some(_)) => app.clock.advance(chrono::Duration::minutes(2)),
                _ => {}
            }
        }
    }

    async fn outcome(&self) -> Outcome {
        let db = &self.app.app.db;
        let accounts = account::Entity::find().all(db).await.expect("accounts");
        let rows = membership::Entity::find()
            .all(db)
            .await
            .expect("memberships");
        let payments = payment::Entity::find().all(db).await.expect("payments");
        let entries = ledger_entry::Entity::find().all(db).await.expect("entries");
        let letters = outbox::Entity::find()
            .order_by_asc(outbox::Column::Kind)
            .all(db)
            .await
            .expect("letters");
        let mut outcome = Outcome::new();
        for account in accounts {
            let Some(address) = account.contact_email.clone() else {
                continue;
            };
            let states = rows.iter().filter(|row| row.account_id == account.id);
            let states =
                states.map(|row| format!("{:?} {} {}", row.state, row.amount, row.is_current));
            let paid: Vec<_> = payments
                .iter()
                .filter(|row| row.account_id == account.id)
                .collect();
            let mut sums: BTreeMap<_, i64> = BTreeMap::new();
            for entry in &entries {
                if paid.iter().any(|payment| payment.id == entry.payment_id) {
                    *sums.entry((entry.kind, entry.account)).or_default() += entry.amount;
                }
            }
            let kinds = letters
                .iter()
                .filter(|row| row.account_id == Some(account.id));
            let kinds: Vec<&str> = kinds.map(|row| row.kind.as_str()).collect();
            let states: Vec<String> = states.collect();
            outcome.insert(address, format!("{states:?} {sums:?} {kinds:?}"));
        }
        outcome
    }
}

/// How many worlds are played. `PLAUDIT_TEST_WORLDS=20` plays a thousand histories, in a quarter of an hour.
fn worlds() -> u32 {
    let asked = std::env::var("PLAUDIT_TEST_WORLDS").ok();
    let asked = asked.and_then(|worlds| worlds.parse().ok());
    asked.unwrap_or(if is_postgres() { 1 } else { 2 })
}

#[test]
fn s27_any_order_repeats_and_a_lost_event_end_as_the_history_in_order() {
    let cases = worlds();
    let config = Config {
        cases,
        max_shrink_iters: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let result = TestRunner::new(config).run(&(histories(), any::<u64>()), |(histories, seed)| {
        let (ordered, shuffled) = runtime.block_on(async {
            let ordered = played(&histories, Arrival::InOrder).await;
            let shuffled = played(&histories, Arrival::Anyhow(seed)).await;
            (ordered, shuffled)
        });
        prop_assert_eq!(ordered.len(), histories.len());
        for (who, expected) in &ordered {
            let found = shuffled.get(who);
            prop_assert_eq!(found, Some(expected), "{} {:?}", who, histories);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
