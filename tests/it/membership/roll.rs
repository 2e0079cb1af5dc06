//! The roll: who stands on it is who is a patron, and its movements add up to what she gives.

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;
use plaudit::{
    entities::{
        MembershipState as State, membership, movement, movement_tally, payment, payment_tally,
        supporter,
    },
    membership::patrons_among,
    sandbox::stripe::Card,
};
use rand::{Rng as _, SeedableRng as _};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::world::{World, month};
use crate::support::TestApp;

/// Holds the roll of an author against the memberships.
async fn agrees(app: &TestApp, author: Uuid) {
    let db = &app.app.db;
    let (now, grace) = (app.app.clock.now(), app.app.config.membership.grace_days);
    let roll = supporter::Entity::of(author).all(db).await.expect("a roll");
    let accounts: Vec<Uuid> = roll.iter().map(|row| row.account_id).collect();
    let patrons = patrons_among(db, author, &accounts, now, grace).await;
    let patrons = patrons.expect("patrons");
    let movements = movement::Entity::find().all(db).await.expect("movements");
    let mut sums: HashMap<Uuid, (i32, i64)> = HashMap::new();
    for row in movements.iter().filter(|row| row.author_id == author) {
        let sum = sums.entry(row.account_id).or_default();
        *sum = (sum.0 + row.patrons, sum.1 + row.yearly);
    }
    for row in &roll {
        let is_patron = patrons.contains(&row.account_id);
        assert_eq!(row.is_patron, is_patron, "{row:?}");
        let sum = sums.get(&row.account_id).copied().unwrap_or_default();
        assert_eq!(sum, (i32::from(is_patron), row.yearly), "{row:?}");
    }
    added_up(app, &movements).await;
    let members = membership::Entity::of(author).all(db).await.expect("rows");
    for row in members {
        assert!(accounts.contains(&row.account_id), "not on the roll");
    }
}

/// Holds what is added up by the day against what moved and what was paid. Returns how many rows it takes.
async fn added_up(app: &TestApp, movements: &[movement::Model]) -> usize {
    let db = &app.app.db;
    let mut moved: BTreeMap<_, [i64; 4]> = BTreeMap::new();
    let mut add = |of: (Uuid, String, movement::Kind, Option<String>, String), more: [i64; 4]| {
        let sum = moved.entry(of).or_default();
        for (sum, more) in sum.iter_mut().zip(more) {
            *sum += more;
        }
    };
    for row in movements.iter().cloned() {
        let came = i64::from(row.is_first && row.patrons > 0);
        let went = i64::from(row.patrons < 0);
        let of = (row.author_id, row.day, row.kind, row.currency, row.cohort);
        add(of, [row.yearly, i64::from(row.patrons), came, went]);
    }
    let tallies = movement_tally::Entity::find().all(db).await;
    let tallies = tallies.expect("tallies");
    let rows = tallies.len();
    for row in tallies {
        let of = (row.author_id, row.day, row.kind, row.currency, row.cohort);
        add(of, [-row.yearly, -row.patrons, -row.firsts, -row.lost]);
    }
    moved.retain(|_, sums| *sums != [0; 4]);
    assert!(moved.is_empty(), "{moved:?}");
    let mut paid: BTreeMap<(Uuid, String, String), (i64, i64)> = BTreeMap::new();
    for row in payment::Entity::find().all(db).await.expect("payments") {
        let day = row.paid_at.format("%Y-%m-%d").to_string();
        let sum = paid.entry((row.author_id, day, row.currency)).or_default();
        sum.0 += row.amount;
        sum.1 += row.tip_id.map_or(0, |_| row.amount);
    }
    let tallies = payment_tally::Entity::find().all(db).await;
    let tallies = tallies.expect("tallies");
    let rows = rows + tallies.len();
    for row in tallies {
        let sum = paid.entry((row.author_id, row.day, row.currency));
        let sum = sum.or_default();
        (sum.0, sum.1) = (sum.0 - row.received, sum.1 - row.tips);
    }
    paid.retain(|_, sums| *sums != (0, 0));
    assert!(paid.is_empty(), "{paid:?}");
    rows
}

#[tokio::test]
async fn days_that_are_over_are_gathered_and_nothing_is_counted_twice() {
    let world = World::new().await;
    for number in 0..6 {
        world.stranger_subscribes(number, Card::Good).await;
        world.all_arrive().await;
    }
    let session = world.begin_tip(&world.browser, "1000").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let db = &world.app.app.db;
    let moved = async || movement::Entity::find().all(db).await.expect("movements");
    let before = added_up(&world.app, &moved().await).await;
    assert!(before >= 14, "each act adds rows of its own: {before}");
    world.app.stripe.advance(Duration::days(1));
    let other = world.app.replica().await;
    tokio::join!(world.app.work(), other.work());
    world.app.work().await;
    let after = added_up(&world.app, &moved().await).await;
    // Memberships and the tip that makes a patron; and all payments of the day.
    assert_eq!(after, 3);
}

#[tokio::test]
async fn whatever_rows_there_are_the_roll_agrees_with_them_and_with_the_clock() {
    use sea_orm::Iterable;
    let app = TestApp::start().await;
    let (_, author) = app.author("Matthew Smith").await;
    let now = app.app.clock.now();
    let mut random = rand::rngs::StdRng::seed_from_u64(11);
    let states: Vec<State> = State::iter().collect();
    for number in 0..24 {
        let (_, account) = app.reader(&format!("Reader {number}")).await;
        for _ in 0..random.random_range(1..3) {
            let state = states[random.random_range(0..states.len())];
            let mut moment = || now + Duration::hours(random.random_range(-400..400));
            let (cancel, due, end) = (moment(), moment().min(now), moment());
            app.member(account.id, &author, state, |row| {
                row.cancel_at = Set(Some(cancel));
                row.past_due_since = Set(Some(due));
                row.current_period_end = Set(Some(end));
            })
            .await;
        }
    }
    for _ in 0..4 {
        app.work().await;
        agrees(&app, author.id).await;
        app.stripe.advance(Duration::hours(150));
    }
}

#[tokio::test]
async fn a_life_is_told_by_its_movements() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let path = format!("subscriptions/{subscription}");
    let object = world.app.stripe.object(&subscription).expect("hers");
    let item = object["items"]["data"][0]["id"].as_str().expect("an item");
    let price = world.price_of_patron().await;
    let form = [("items[0][id]", item), ("items[0][price]", &price)];
    world.at_stripe(&path, &form).await;
    world.all_arrive().await;
    agrees(&world.app, world.matthew.id).await;
    world.app.stripe.advance(month());
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    agrees(&world.app, world.matthew.id).await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    agrees(&world.app, world.matthew.id).await;
    let mut told = movement::Entity::between(world.ann.id, world.matthew.id)
        .all(&world.app.app.db)
        .await
        .expect("movements");
    told.sort_by_key(|row| (row.at, row.id));
    let told: Vec<_> = told
        .iter()
        .map(|row| (row.kind, row.patrons, row.is_first, row.yearly))
        .collect();
    use movement::Kind::{Churn, New, Reactivated, Upgrade};
    let expected = [
        (New, 1, true, 3_600),
        (Upgrade, 0, false, 14_400),
        (Churn, -1, false, -18_000),
        (Reactivated, 1, false, 3_600),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn whose_time_has_run_out_leaves_the_roll_by_the_clock_alone() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.book_end(&subscription, true);
    world.all_arrive().await;
    // Stripe's word that it has ended is late.
    world.app.stripe.advance(month());
    world.app.work().await;
    let row = supporter::Entity::of(world.matthew.id)
        .filter(supporter::Column::AccountId.eq(world.ann.id))
        .one(&world.app.app.db)
        .await;
    let row = row.expect("the roll").expect("Ann");
    assert_eq!((row.is_patron, row.yearly), (false, 0));
    agrees(&world.app, world.matthew.id).await;
    // And when it comes, nobody leaves twice.
    world.all_arrive().await;
    agrees(&world.app, world.matthew.id).await;
}
