//! The dashboard's numbers: what it shows is what the ledger and the payments say.

use std::collections::BTreeMap;

use chrono::Duration;
use plaudit::{
    entities::{
        Recurrence,
        ledger_entry::{self, Account, Kind},
        membership, payment,
    },
    money::Money,
    sandbox::stripe::Card,
};
use rand::{Rng as _, SeedableRng as _};
use sea_orm::EntityTrait;

use crate::{
    membership::{World, month},
    support::Page,
};

/// What the ledger says moved at Stripe, by kind.
async fn of_ledger(world: &World, kinds: &[Kind]) -> i64 {
    let entries = ledger_entry::Entity::find().all(&world.app.app.db).await;
    let entries = entries.expect("the ledger").into_iter();
    entries
        .filter(|entry| entry.account == Account::Stripe && kinds.contains(&entry.kind))
        .map(|entry| entry.amount)
        .sum()
}

/// What was paid for the time that is now, in twelve months, and by how many people.
async fn rebuilt(world: &World) -> (i64, usize) {
    let db = &world.app.app.db;
    let now = world.app.app.clock.now();
    let payments = payment::Entity::find().all(db).await.expect("payments");
    let memberships = membership::Entity::find().all(db).await.expect("rows");
    let mut current: BTreeMap<_, i64> = BTreeMap::new();
    for paid in &payments {
        let is_current =
            paid.period_end.is_some_and(|end| end > now) && paid.refunded < paid.amount;
        let of = memberships
            .iter()
            .find(|row| Some(row.id) == paid.membership_id && row.ended_at.is_none());
        if let (true, Some(of)) = (is_current, of) {
            let times = if of.recurrence == Recurrence::Month {
                12
            } else {
                1
            };
            current.insert(of.account_id, paid.amount * times);
        }
    }
    (current.values().sum(), current.len())
}

fn euro(amount: i64) -> String {
    Money::new(amount, "eur").format("en")
}

/// The text of the cell beside a heading in a table.
fn row_of(page: &Page, heading: &str) -> String {
    let (_, after) = page
        .body
        .split_once(&format!("<th scope=\"row\">{heading}</th>"))
        .unwrap_or_else(|| panic!("no row {heading}"));
    let (row, _) = after.split_once("</tr>").expect("a row");
    row.to_owned()
}

#[tokio::test]
async fn the_numbers_shown_are_what_the_ledger_says() {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let mut random = rand::rngs::StdRng::seed_from_u64(3);
    let mut subscriptions = Vec::new();
    for number in 0..14 {
        let every = match number % 3 {
            0 => Recurrence::Year,
            _ => Recurrence::Month,
        };
        let subscription = world.stranger_subscribes_by(number, Card::Good, every);
        subscriptions.push(subscription.await);
    }
    let session = world.begin_tip(&world.browser, "1000").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    for step in 0..3 {
        stripe.advance(month());
        world.all_arrive().await;
        stripe.cancel_now(&subscriptions[step]);
        let one = &subscriptions[3 + random.random_range(0..5)];
        let intent = stripe.last_payment(one).expect("paid");
        stripe.refund(&intent, Some(50 + 10 * step as i64));
        world.all_arrive().await;
    }
    stripe.advance(Duration::hours(1));
    world.all_arrive().await;

    // Months have passed since he signed in.
    let matthew = world.app.signed_in(world.matthew.account_id).await;
    let page = matthew.get("/studio?span=all").await;
    let received = of_ledger(&world, &[Kind::Payment]).await;
    let back = of_ledger(&world, &[Kind::Refund, Kind::RefundFailed]).await;
    assert!(received > 10_000 && back < 0);
    let paid = row_of(&page, "EUR");
    for sum in [received, 1_000, back] {
        assert!(paid.contains(&euro(sum)), "{} in {paid}", euro(sum));
    }
    let (yearly, people) = rebuilt(&world).await;
    assert_eq!(people, 11);
    page.says(&euro((yearly + 6) / 12));
    page.says(&format!("<dd class=\"number\">{people} "));
    page.says("15 new, 4 left");
    // What moved adds up to what there is.
    assert!(row_of(&page, "In all").contains(&format!("+{}", euro((yearly + 6) / 12))));
    // The tip's thirty days are over, and the picture has its table.
    page.says("The same as a table").says("class=\"chart\"");
    let other = world.app.author("Olga").await.0;
    let empty = other.get("/studio").await;
    empty.does_not_say(&euro(received));
    empty.says("Here you will see who supports you");
}

#[tokio::test]
async fn an_author_finds_a_supporter_by_name_tier_and_day() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    for number in 0..3 {
        world.stranger_subscribes(number, Card::Good).await;
    }
    world.all_arrive().await;
    let look = async |query: &str| {
        world
            .studio
            .get(&format!("/studio/supporters?{query}"))
            .await
    };
    look("q=ANN")
        .await
        .says("One person")
        .says("ann@example.org");
    look("q=patron2%40").await.says("One person");
    look("q=%25").await.says("Nobody is like that");
    let tier = world.friend.id;
    look(&format!("tier={tier}")).await.says("4 people");
    look("since=2101-01-01").await.says("Nobody is like that");
    look("tier=nonsense&since=soon&page=99999999")
        .await
        .says("Supporters");
    look("show=former").await.does_not_say("ann@example.org");
}
