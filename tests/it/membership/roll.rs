//! The roll: who stands on it is who is a patron, and its movements add up to what she gives.

use std::collections::HashMap;

use chrono::Duration;
use plaudit::{
    entities::{MembershipState as State, membership, movement, supporter},
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
    let members = membership::Entity::of(author).all(db).await.expect("rows");
    for row in members {
        assert!(accounts.contains(&row.account_id), "not on the roll");
    }
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
