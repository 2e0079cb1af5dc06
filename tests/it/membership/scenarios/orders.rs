//! Any order, and twice the same wish.

use chrono::Duration;
use plaudit::{
    entities::{MembershipState as State, account},
    sandbox::stripe::Card,
};
use sea_orm::EntityTrait as _;

use crate::membership::world::World;

#[tokio::test]
async fn s16_any_order_of_the_first_four_events() {
    let kinds = [
        "checkout.session.completed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "invoice.paid",
    ];
    for order in orders(&kinds) {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        let events: Vec<String> = order
            .iter()
            .map(|kind| world.event(kind, &subscription))
            .collect();
        for event in events {
            world.arrive(&event).await;
        }
        let states: Vec<State> = world
            .memberships()
            .await
            .iter()
            .map(|row| row.state)
            .collect();
        assert_eq!(states, [State::Active], "{order:?}");
        assert_eq!(world.mails().await, "R W", "{order:?}");
    }
}

/// All orders of a few things.
fn orders<'a>(kinds: &[&'a str]) -> Vec<Vec<&'a str>> {
    if kinds.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in kinds.iter().enumerate() {
        let mut rest = kinds.to_vec();
        rest.remove(index);
        for mut order in orders(&rest) {
            order.insert(0, *first);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn s54_a_second_subscription_is_flagged_and_the_owner_told() {
    let world = World::new().await;
    let first = world.begin(&world.browser, &world.friend).await;
    let second = world.begin(&world.browser, &world.friend).await;
    world.pay(&first, Card::Good);
    world.app.stripe.advance(Duration::seconds(5));
    world.pay(&second, Card::Good);
    world.all_arrive().await;
    let rows = world.memberships().await;
    let flags: Vec<Option<&str>> = rows.iter().map(|row| row.flag.as_deref()).collect();
    let older = world.app.stripe.object(&first).expect("paid")["subscription"].clone();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let is_older = older == row.stripe_subscription_id.as_str();
        assert_eq!(row.flag.is_none(), is_older, "{flags:?}");
    }
    assert!(world.standing().await.is_patron());
    assert_eq!(world.mails().await, "ADM R R W");
}

#[tokio::test]
async fn s99_stripe_shows_less_than_its_own_event() {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let subscription = world.subscribe(Card::Good).await;
    let as_it_was = |status: &'static str| {
        stripe.edit(&subscription, |object| object["status"] = status.into());
    };
    as_it_was("incomplete");
    let event = world.event("customer.subscription.updated", &subscription);
    world.arrive(&event).await;
    assert!(world.memberships().await.is_empty(), "it is asked again");
    as_it_was("active");
    world.app.app.clock.advance(Duration::minutes(5));
    world.app.work().await;
    let states: Vec<State> = world
        .memberships()
        .await
        .iter()
        .map(|row| row.state)
        .collect();
    assert_eq!(states, [State::Active]);
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn s99_after_a_few_tries_it_is_taken_as_it_is() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.app.stripe.edit(&subscription, |object| {
        object["status"] = "incomplete".into()
    });
    let event = world.event("customer.subscription.updated", &subscription);
    world.arrive(&event).await;
    for _ in 0..5 {
        assert!(world.memberships().await.is_empty());
        world.app.app.clock.advance(Duration::minutes(10));
        world.app.work().await;
    }
    let states: Vec<State> = world
        .memberships()
        .await
        .iter()
        .map(|row| row.state)
        .collect();
    assert_eq!(states, [State::Pending]);
}

#[tokio::test]
async fn s64_a_new_address_at_stripe_changes_no_identity() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let object = world.app.stripe.object(&subscription).expect("hers");
    let customer = object["customer"].as_str().expect("a customer");
    let form = [("email", "bills@example.org")];
    world
        .at_stripe(&format!("customers/{customer}"), &form)
        .await;
    world.all_arrive().await;
    let ann = account::Entity::find_by_id(world.ann.id)
        .one(&world.app.app.db)
        .await;
    let ann = ann.expect("asked").expect("Ann");
    assert_eq!(ann.billing_email.as_deref(), Some("bills@example.org"));
    assert_eq!(ann.email, world.ann.email);
    assert_eq!(world.mails().await, "R W");
}
