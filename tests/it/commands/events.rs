//! `plaudit events …`: the inbox of Stripe's events from the command line.

use plaudit::{
    entities::{MembershipState as State, stripe_event},
    sandbox::stripe::Card,
};
use sea_orm::EntityTrait as _;
use serde_json::Value;

use crate::membership::World;

#[tokio::test]
async fn the_operator_finds_a_stuck_event_reads_it_and_tries_it_again() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let stripe = &world.app.stripe;
    let event = world.stumble(&subscription).await;

    let listed = world.app.plaudit(&["events", "list"]).await.done();
    let first = listed.lines().next().expect("a line");
    assert!(
        first.starts_with(&event),
        "those that need a person come first: {first}"
    );
    assert!(first.contains("customer.subscription.updated"), "{first}");
    let listed = world
        .app
        .plaudit(&["events", "list", "--json"])
        .await
        .done();
    let rows: Vec<Value> = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(rows[0]["id"], event.as_str());
    assert!(rows.len() > 1);

    let shown = world.app.plaudit(&["events", "show", &event]).await.done();
    assert!(shown.contains("levitating"), "{shown}");

    stripe.edit(&subscription, |object| object["status"] = "past_due".into());
    world.app.plaudit(&["events", "retry", &event]).await.done();
    world.app.work().await;
    let row = stripe_event::Entity::find_by_id(&event)
        .one(&world.app.app.db)
        .await;
    let row = row.expect("database").expect("a row");
    assert_eq!(row.state, stripe_event::State::Done);
    assert_eq!(world.memberships().await[0].state, State::Grace);
}

#[tokio::test]
async fn what_cannot_be_tried_again_is_said_in_one_line() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let done = world.event("invoice.paid", &subscription);
    world.all_arrive().await;
    for id in [&*done, "evt_nowhere"] {
        let again = world.app.plaudit(&["events", "retry", id]).await.refused();
        assert_eq!(
            again,
            format!("plaudit: there is no event {id} that is stuck")
        );
    }
    let shown = world
        .app
        .plaudit(&["events", "show", "evt_nowhere"])
        .await
        .refused();
    assert_eq!(shown, "plaudit: there is no event evt_nowhere");
}
