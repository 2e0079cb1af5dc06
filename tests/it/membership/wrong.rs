//! Rightly signed, and wrong: another price, amount or currency than was asked for. It is kept, the owner
//! is told once, and nobody gets anything by it.

use plaudit::{
    entities::{Role, account, outbox, payment, stripe_event::State, tip},
    membership::Support,
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{
    webhook::{inbox, signed},
    world::World,
};

/// Every event arrives twice; then it is parked, Ann is what she was, and only the owner has mail.
async fn is_kept(world: &World, why: &str) {
    let events = world.app.stripe.held();
    for event in events.iter().chain(&events) {
        world.arrive(event).await;
    }
    let parked = inbox(world).await;
    let parked = parked.iter().filter(|event| event.state == State::Parked);
    let said: Vec<_> = parked.filter_map(|event| event.error.clone()).collect();
    assert!(said.iter().any(|error| error.contains(why)), "{said:?}");
    assert_eq!(world.standing().await.support, Support::None, "{why}");
    assert!(world.memberships().await.is_empty(), "{why}");
    assert_eq!(world.mails().await, "ADM", "{why}");
    let db = &world.app.app.db;
    let alert = outbox::Entity::find().filter(outbox::Column::Kind.eq("owner_alert"));
    let alert = alert.one(db).await.expect("letters").expect("an alert");
    let whose = "Ann’s support for Matthew Smith needs your attention";
    assert_eq!(alert.subject, whose, "{why}");
    let booked = payment::Entity::find().all(db).await.expect("payments");
    assert!(booked.is_empty(), "{booked:?}");
    let owner = account::Entity::find().filter(account::Column::Role.eq(Role::Owner));
    let owner = owner.one(db).await.expect("asked").expect("an owner");
    let owner = world.app.signed_in(owner.id).await;
    owner.get("/admin/events?state=attention").await.says(why);
}

#[tokio::test]
async fn another_price_than_any_of_ours_makes_nobody_a_patron() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.app.stripe.edit(&subscription, |object| {
        object["items"]["data"][0]["price"]["id"] = "price_of_nobody".into();
    });
    is_kept(&world, "unknown price price_of_nobody").await;
    // Whoever compares later sees it too, though no checkout of ours says it is ours.
    world
        .app
        .stripe
        .edit(&subscription, |object| object["metadata"] = json!({}));
    assert_eq!(world.compare(true).await, "unknown_price 1/0");
    // Once it is cancelled there, as the owner is told to do, nothing is left to say.
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "");
}

#[tokio::test]
async fn a_membership_moved_to_another_price_ends_when_stripe_ends_it() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.edit(&subscription, |object| {
        object["items"]["data"][0]["price"]["id"] = "price_of_nobody".into();
    });
    world
        .arrive(&world.event("customer.subscription.updated", &subscription))
        .await;
    assert_eq!(world.standing().await.support, Support::Patron);
    world.app.stripe.cancel_now(&subscription);
    let ended = world.event("customer.subscription.deleted", &subscription);
    world.arrive(&ended).await;
    assert_eq!(world.standing().await.support, Support::Former);
    assert_eq!(world.mails().await, "ADM END R W");
    assert_eq!(world.compare(true).await, "");
}

#[tokio::test]
async fn our_price_at_another_amount_or_in_another_currency_makes_nobody_a_patron() {
    for (field, wrong) in [("unit_amount", json!(3)), ("currency", json!("jpy"))] {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        world.app.stripe.edit(&subscription, |object| {
            object["items"]["data"][0]["price"][field] = wrong.clone();
        });
        is_kept(&world, "is not the 300 eur we sold").await;
    }
}

#[tokio::test]
async fn a_tip_of_another_amount_or_currency_is_not_booked() {
    for (field, wrong) in [("amount_total", json!(50)), ("currency", json!("jpy"))] {
        let world = World::new().await;
        let session = world.begin_tip(&world.browser, "450").await;
        world.pay(&session, Card::Good);
        let change = |object: &mut Value| object[field] = wrong.clone();
        world.app.stripe.edit(&session, change);
        is_kept(&world, "asked for 450 eur, paid").await;
        let tips = tip::Entity::find().all(&world.app.app.db).await;
        assert!(tips.expect("tips").is_empty());
    }
}

/// What an event says of its object counts for nothing: Stripe is asked.
#[tokio::test]
async fn an_event_that_says_more_than_stripe_does_grants_nothing() {
    let world = World::new().await;
    let session = world.begin(&world.browser, &world.friend).await;
    let mut object = world.app.stripe.object(&session).expect("open");
    object["status"] = "complete".into();
    object["payment_status"] = "paid".into();
    object["amount_total"] = 300.into();
    let event = json!({
        "id": "evt_boast", "object": "event", "type": "checkout.session.completed",
        "created": world.app.app.clock.now().timestamp(), "livemode": false,
        "data": { "object": object },
    });
    signed(&world, &event.to_string()).await;
    world.app.settle().await;
    assert_eq!(world.standing().await.support, Support::None);
    assert_eq!(world.mails().await, "");
}
