//! A year of many patrons of an author who is paid directly, with an interruption: the ledger is what Stripe's own
//! objects say, and nobody has too much.

use std::collections::BTreeMap;

use chrono::Duration;
use plaudit::{
    entities::{
        Recurrence,
        ledger_entry::{self, Account},
        payment,
    },
    membership::ledger::Parts,
    sandbox::stripe::Card,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use sea_orm::EntityTrait;
use serde_json::Value;

use super::world::{World, month};
use crate::support::is_postgres;

/// The author's part, in basis points.
const SHARE: i32 = 8_765;

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl World {
    /// Gives a part of a payment back at Stripe: in its dashboard, or so that the author's part comes back too.
    async fn gives_back(&self, intent: &str, part: i64, from_author: bool) {
        let charge = self.app.stripe.object(intent).expect("paid");
        let charge = text(&charge["latest_charge"]);
        let charge = self.app.stripe.object(&charge).unwrap_or_default();
        let left = number(&charge["amount"]) - number(&charge["amount_refunded"]);
        if charge["disputed"] == true || left < part {
            return;
        }
        match from_author && !charge["transfer"].is_null() {
            false => drop(self.app.stripe.refund(intent, Some(part))),
            true => {
                let amount = part.to_string();
                let form = [
                    ("payment_intent", intent),
                    ("amount", amount.as_str()),
                    ("reverse_transfer", "true"),
                    ("refund_application_fee", "true"),
                ];
                self.at_stripe("refunds", &form).await;
            }
        }
    }

    fn closes_disputes(&self, random: &mut StdRng) {
        for dispute in self.app.stripe.objects("dispute") {
            if dispute["status"] == "needs_response" {
                let is_won = random.random_range(0..3) == 0;
                self.app.stripe.close_dispute(&text(&dispute["id"]), is_won);
            }
        }
    }
}

/// What Stripe's own objects say of one charge.
#[derive(Default)]
struct Story {
    earned: Parts,
    /// Each by itself.
    fees: Vec<i64>,
    refunds: i64,
    given_back: i64,
    sent: Option<i64>,
}

/// Each charge's story by what moved in the balance, and by the transfer and the fee it has.
fn stories(world: &World, payments: &[payment::Model]) -> Vec<Story> {
    let stripe = &world.app.stripe;
    let mut stories: BTreeMap<String, Story> = BTreeMap::new();
    for moved in stripe.objects("balance_transaction") {
        let source = text(&moved["source"]);
        let object = stripe.object(&source).unwrap_or_default();
        let charge = match object["object"].as_str() {
            Some("charge") => source,
            Some("refund" | "dispute") => text(&object["charge"]),
            _ => continue,
        };
        let of = payments
            .iter()
            .find(|row| row.stripe_charge_id.as_deref() == Some(&charge))
            .expect("a payment");
        let amount = number(&moved["amount"]);
        let story = stories.entry(charge).or_default();
        let parts = match object["object"].as_str() {
            Some("refund") => {
                let parts = Parts::of_refund(of, SHARE, story.given_back, -amount);
                story.given_back -= amount;
                story.refunds += 1;
                parts
            }
            _ => Parts::of(amount, 0, SHARE),
        };
        story.earned.author += parts.author;
        story.earned.publication += parts.publication;
        story.fees.push(number(&moved["fee"]));
    }
    for (id, story) in &mut stories {
        let charge = stripe.object(id).expect("a charge");
        let of = |name: &str| stripe.object(&text(&charge[name])).unwrap_or_default();
        let (transfer, fee) = (of("transfer"), of("application_fee"));
        if transfer.is_object() {
            let kept = number(&fee["amount"]) - number(&fee["amount_refunded"]);
            let sent = number(&transfer["amount"]) - number(&transfer["amount_reversed"]) - kept;
            story.sent = Some(sent);
        }
    }
    stories.into_values().collect()
}

/// The sums of the ledger, as the stories have them.
fn rebuilt(stories: &[Story], payments: &[payment::Model]) -> BTreeMap<Account, i64> {
    assert_eq!(stories.len(), payments.len());
    let mut sums: BTreeMap<Account, i64> = BTreeMap::new();
    let mut add = |parts: Parts| {
        *sums.entry(Account::Stripe).or_default() += parts.author + parts.publication;
        *sums.entry(Account::Author).or_default() -= parts.author;
        *sums.entry(Account::Publication).or_default() -= parts.publication;
    };
    for story in stories {
        add(story.earned);
        match story.sent {
            None => {
                for fee in &story.fees {
                    add(Parts::of(-fee, 0, SHARE));
                }
            }
            Some(sent) => {
                let earned = story.earned.author;
                let is_rounding = (earned - sent).abs() <= 1 + 2 * story.refunds;
                let author = if is_rounding { earned } else { sent };
                add(Parts {
                    author: -author,
                    publication: author - sent - story.fees.iter().sum::<i64>(),
                    tax: 0,
                });
                assert!(author <= earned, "somebody has {sent} of {earned}");
            }
        }
    }
    sums
}

#[tokio::test]
async fn a_year_of_direct_payments_is_in_the_ledger_as_it_is_at_stripe() {
    let patrons = if is_postgres() { 40 } else { 120 };
    let world = World::new().await;
    let stripe = &world.app.stripe;
    world.shared("87.65").await;
    let account = world.linked().await;
    let mut random = StdRng::seed_from_u64(11);
    let mut subscriptions = Vec::new();
    for number in 0..patrons {
        let card = match random.random_range(0..12) {
            0 => Card::FailsLater,
            1 => Card::Disputed,
            _ => Card::Good,
        };
        let every = match number % 3 {
            0 => Recurrence::Year,
            _ => Recurrence::Month,
        };
        let subscription = world.stranger_subscribes_by(number, card, every);
        subscriptions.push(subscription.await);
    }
    world.what_counts_arrives().await;
    for round in 0..12 {
        match round {
            4 => stripe.restrict(&account, "requirements.past_due"),
            6 => stripe.finish_onboarding(&account),
            _ => {}
        }
        world.what_counts_arrives().await;
        stripe.advance(month());
        for _ in 0..patrons / 10 {
            let one = &subscriptions[random.random_range(0..patrons)];
            match random.random_range(0..6) {
                0 => stripe.cancel_now(one),
                choice => {
                    if let Some(intent) = stripe.last_payment(one) {
                        let part = random.random_range(1..300);
                        world.gives_back(&intent, part, choice > 2).await;
                    }
                }
            }
        }
        world.closes_disputes(&mut random);
        world.what_counts_arrives().await;
        stripe.advance(Duration::seconds(2));
    }
    world.closes_disputes(&mut random);
    world.what_counts_arrives().await;
    world.what_counts_arrives().await;
    let db = &world.app.app.db;
    let payments = payment::Entity::find().all(db).await.expect("payments");
    let direct = payments
        .iter()
        .filter(|row| row.stripe_transfer_id.is_some())
        .count();
    assert!(direct > patrons, "{direct}");
    assert!(payments.len() > direct, "none while it was held back");
    let entries = ledger_entry::Entity::find().all(db).await.expect("entries");
    let mut kept: BTreeMap<Account, i64> = BTreeMap::new();
    for entry in &entries {
        *kept.entry(entry.account).or_default() += entry.amount;
    }
    assert_eq!(kept.values().sum::<i64>(), 0);
    let stories = stories(&world, &payments);
    assert_eq!(kept, rebuilt(&stories, &payments));
    world.agrees_with_stripe().await;
    let found = world.compare(true).await;
    assert!(!found.contains("ledger_differs"), "{found}");
}
