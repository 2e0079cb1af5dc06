//! Thin events about money, which name neither charge nor payment: their object is looked up.

use plaudit::{
    entities::stripe_event::{self, State},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::EntityTrait as _;

use super::{webhook::signed, world::World};

/// What a thin event destination sends about an object.
async fn tell(world: &World, kind: &str, object: (&str, &str)) -> State {
    let (name, id) = object;
    let body = format!(
        r#"{{"id":"evt_{id}","object":"v2.core.event","type":"v1.{kind}","livemode":false,
        "created":"2026-03-01T12:00:00.000Z","related_object":{{"id":"{id}","type":"{name}",
        "url":"/v1/anything/{id}"}}}}"#
    );
    assert_eq!(signed(world, &body).await.status, StatusCode::OK);
    world.app.work().await;
    let row = stripe_event::Entity::find_by_id(format!("evt_{id}"));
    let row = row.one(&world.app.app.db).await.expect("a database");
    row.expect("kept").state
}

async fn paid() -> (World, String) {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription);
    (world, intent.expect("paid"))
}

#[tokio::test]
async fn a_thin_event_about_a_refund_books_it() {
    let (world, intent) = paid().await;
    let refund = world.app.stripe.refund(&intent, Some(100)).expect("back");
    let state = tell(&world, "refund.created", ("refund", &refund)).await;
    assert_eq!(state, State::Done);
    assert!(world.ledger().await.contains("refund -100"));
    world.all_arrive().await;
    assert_eq!(world.mails().await, "R RF W", "once");
}

#[tokio::test]
async fn a_thin_event_about_a_dispute_is_told_to_the_owner() {
    let (world, intent) = paid().await;
    assert!(world.standing().await.is_patron());
    let dispute = world.app.stripe.dispute(&intent, "fraudulent");
    let dispute = dispute.expect("disputed");
    let state = tell(&world, "charge.dispute.created", ("dispute", &dispute)).await;
    assert_eq!(state, State::Done);
    assert!(world.ledger().await.contains("dispute"));
    assert!(world.mails().await.contains("ADM"));
    assert!(world.standing().await.is_patron(), "until it is lost");
}

#[tokio::test]
async fn a_thin_event_about_a_warning_is_told_to_the_owner() {
    let (world, intent) = paid().await;
    let warning = world.app.stripe.warn_of_fraud(&intent);
    let kind = "radar.early_fraud_warning";
    let state = tell(&world, &format!("{kind}.created"), (kind, &warning)).await;
    assert_eq!(state, State::Done);
    assert!(world.mails().await.contains("ADM"));
}

#[tokio::test]
async fn a_thin_event_about_what_stripe_does_not_know_grants_nothing() {
    let world = World::new().await;
    let state = tell(&world, "refund.created", ("refund", "re_none")).await;
    assert_ne!(state, State::Done);
    assert!(world.memberships().await.is_empty());
}
