//! The webhook's manners: what it takes, what it leaves alone, what it never does twice.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use plaudit::{
    entities::{MembershipState as State, outbox, stripe_event},
    payments::sign,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait, PaginatorTrait, QueryFilter as _, QueryOrder as _};

use super::world::World;
use crate::support::{Page, TestApp, WEBHOOK_SECRET};

pub(super) async fn inbox(world: &World) -> Vec<stripe_event::Model> {
    let events = stripe_event::Entity::find();
    events.all(&world.app.app.db).await.expect("events")
}

/// What the owner was told, in order.
async fn told(world: &World) -> Vec<outbox::Model> {
    let alerts = outbox::Entity::find().filter(outbox::Column::Kind.eq("owner_alert"));
    let alerts = alerts.order_by_asc(outbox::Column::CreatedAt);
    alerts.all(&world.app.app.db).await.expect("mails")
}

/// Signs `body` and posts it.
pub(super) async fn signed(world: &World, body: &str) -> Page {
    let now = world.app.app.clock.now();
    let signature = sign(body.as_bytes(), WEBHOOK_SECRET, now);
    world.post_raw(body.to_owned(), &signature).await
}

#[tokio::test]
async fn s22_the_same_event_twice_changes_nothing_more() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    let events = world.app.stripe.held();
    world.all_arrive().await;
    for event in &events {
        world.app.stripe.advance(TimeDelta::seconds(1));
        world.arrive(event).await;
    }
    assert_eq!(world.memberships().await.len(), 1);
    assert_eq!(world.mails().await, "R W");
    assert_eq!(inbox(&world).await.len(), events.len());
}

#[tokio::test]
async fn s23_the_same_event_fifty_times_at_once() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    let answers = join_all((0..50).map(|_| world.post(&event))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    world.app.work().await;
    assert_eq!(inbox(&world).await.len(), 1);
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn s24_two_replicas_share_one_inbox_and_do_the_work_once() {
    let world = World::new().await;
    let replica = world.app.replica().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("checkout.session.completed", &subscription);
    let (body, signature) = world.app.stripe.signed(&event).expect("signed");
    let post = |url: &str| {
        let request = reqwest::Client::new()
            .post(format!("{url}/webhooks/stripe"))
            .header("stripe-signature", signature.clone())
            .body(body.clone());
        Page::of(request)
    };
    let (here, there) = tokio::join!(post(&world.app.url), post(&replica.url));
    assert_eq!(
        (here.status, there.status),
        (StatusCode::OK, StatusCode::OK)
    );
    tokio::join!(world.app.work(), replica.work());
    assert_eq!(inbox(&world).await.len(), 1);
    assert_eq!(world.memberships().await.len(), 1);
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn s68_what_is_not_ours_is_ignored_and_makes_nobody_a_member() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    let stripe = &world.app.stripe;
    let ours = stripe.objects("subscription").remove(0);
    let mut foreign = ours.clone();
    foreign["id"] = "sub_foreign".into();
    foreign["metadata"] = serde_json::json!({});
    foreign["items"]["data"][0]["price"]["id"] = "price_foreign".into();
    stripe.put(foreign);
    let event = stripe.emit("customer.subscription.created", "sub_foreign");
    world.arrive(&event).await;
    assert!(world.memberships().await.is_empty());
    assert_eq!(inbox(&world).await[0].state, stripe_event::State::Ignored);
    assert_eq!(world.mails().await, "");
}

#[tokio::test]
async fn s72_an_unknown_type_is_kept_and_ignored() {
    let world = World::new().await;
    let body = r#"{"id":"evt_x","type":"moon.full","created":1,"livemode":false,
        "data":{"object":{"id":"m_1","object":"moon"}}}"#;
    assert_eq!(signed(&world, body).await.status, StatusCode::OK);
    world.app.work().await;
    assert_eq!(inbox(&world).await[0].state, stripe_event::State::Ignored);
}

#[tokio::test]
async fn s73_an_unknown_status_is_parked_and_the_state_kept() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let event = world.stumble(&subscription).await;
    assert_eq!(world.memberships().await[0].state, State::Active);
    let parked = inbox(&world).await;
    let parked = parked.iter().find(|row| row.id == event).expect("kept");
    assert_eq!(parked.state, stripe_event::State::Parked);
    assert_eq!(world.mails().await, "ADM R W");
    let told = told(&world).await;
    assert!(told[0].body_text.contains(&subscription), "{told:?}");
    world.stumble(&subscription).await;
    assert_eq!(world.mails().await, "ADM R W", "once an object");
}

#[tokio::test]
async fn s76_strange_objects_do_no_harm() {
    let world = World::new().await;
    let deep = format!(
        r#"{{"id":"evt_deep","type":"invoice.paid","data":{}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for body in [
        r#"{"id":"evt_null","type":"invoice.paid","data":{"object":null}}"#,
        r#"{"id":"evt_list","type":"invoice.paid","data":{"object":[]}}"#,
        r#"{"id":"evt_twice","type":"invoice.paid","type":"invoice.paid","data":{}}"#,
        "[]",
        deep.as_str(),
    ] {
        let status = signed(&world, body).await.status;
        assert!(matches!(status.as_u16(), 200 | 400), "{status}");
    }
    world.app.work().await;
    let waiting = inbox(&world).await;
    assert!(
        waiting
            .iter()
            .all(|row| row.state == stripe_event::State::Parked)
    );
}

#[tokio::test]
async fn s98_an_answer_that_does_not_come_is_not_waited_for() {
    let app = TestApp::start_with(|config| config.stripe.timeout_seconds = 1).await;
    let world = World::around(app).await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    world.app.stripe.answer_after(Duration::from_secs(60));
    world.arrive(&event).await;
    assert!(world.memberships().await.is_empty());
    let kept = inbox(&world).await.remove(0);
    assert_eq!(kept.state, stripe_event::State::Waiting);
    assert!(kept.error.expect("a reason").contains("takes too long"));
    world.app.stripe.answer_after(Duration::ZERO);
    world.app.app.clock.advance(TimeDelta::hours(1));
    world.app.work().await;
    assert_eq!(world.memberships().await[0].state, State::Active);
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn s98_while_stripe_is_away_events_are_kept_and_tried_again() {
    for status in [429, 500, 503] {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        let event = world.event("invoice.paid", &subscription);
        world.app.stripe.fail_requests(3, status);
        world.arrive(&event).await;
        let count = stripe_event::Entity::find().count(&world.app.app.db).await;
        assert_eq!(count.expect("a count"), 1);
        assert!(world.memberships().await.is_empty(), "{status}");
        for _ in 0..4 {
            world.app.app.clock.advance(TimeDelta::hours(1));
            world.app.work().await;
        }
        assert_eq!(world.memberships().await[0].state, State::Active);
        assert_eq!(world.mails().await, "R W", "{status}");
    }
}

#[tokio::test]
async fn s75_a_thin_event_and_its_snapshot_twin_are_handled_once() {
    for thin_first in [true, false] {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        let thin = format!(
            r#"{{"id":"evt_thin","object":"v2.core.event","type":"v1.customer.subscription.updated",
            "livemode":false,"created":"2026-03-01T12:00:00.000Z","snapshot_event":"evt_twin",
            "related_object":{{"id":"{subscription}","type":"subscription",
            "url":"/v1/subscriptions/{subscription}"}}}}"#
        );
        let twin = world.event("customer.subscription.created", &subscription);
        if !thin_first {
            world.arrive(&twin).await;
        }
        assert_eq!(signed(&world, &thin).await.status, StatusCode::OK);
        world.app.work().await;
        world.arrive(&twin).await;
        world.all_arrive().await;
        assert_eq!(world.memberships().await.len(), 1);
        assert_eq!(world.mails().await, "R W", "thin first: {thin_first}");
        let kept = inbox(&world).await;
        let thin = kept.iter().find(|row| row.id == "evt_thin").expect("kept");
        assert_eq!(thin.state, stripe_event::State::Done);
        assert_eq!(thin.kind, "customer.subscription.updated");
        assert_eq!(thin.created_at.timestamp(), 1_772_366_400);
    }
}

#[tokio::test]
async fn s77_a_test_event_at_a_live_service_is_kept_and_ignored() {
    let app = TestApp::start_with(|config| config.stripe.livemode = "true".to_owned()).await;
    let world = World::around(app).await;
    let body = r#"{"id":"evt_test","type":"invoice.paid","livemode":false,
        "data":{"object":{"id":"in_1","object":"invoice"}}}"#;
    assert_eq!(signed(&world, body).await.status, StatusCode::OK);
    world.app.work().await;
    assert_eq!(inbox(&world).await[0].state, stripe_event::State::Ignored);
    assert!(world.memberships().await.is_empty());
    assert_eq!(world.mails().await, "");
}

#[tokio::test]
async fn s78_real_money_at_a_test_service_is_ignored_and_the_owner_told_once_a_day() {
    let world = World::new().await;
    let post = async |id: &str, object: &str| {
        let body = format!(
            r#"{{"id":"{id}","type":"invoice.paid","livemode":true,
            "data":{{"object":{{"id":"{object}","object":"invoice"}}}}}}"#
        );
        let answer = signed(&world, &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        world.app.work().await;
    };
    for (id, object, mails) in [
        ("evt_a", "in_1", "ADM"),
        ("evt_a", "in_1", "ADM"),
        ("evt_b", "in_1", "ADM"),
        ("evt_c", "in_2", "ADM"),
    ] {
        post(id, object).await;
        assert_eq!(world.mails().await, mails, "{id} {object}");
    }
    let kept = inbox(&world).await;
    assert_eq!(kept.len(), 3);
    for row in &kept {
        assert_eq!(row.state, stripe_event::State::Ignored);
    }
    assert!(world.memberships().await.is_empty());
    let told = told(&world).await;
    assert_eq!(told[0].to_address, "olivia@example.org");
    assert!(told[0].body_text.contains("evt_a"), "{told:?}");
}

#[tokio::test]
async fn s79_an_event_of_an_account_nobody_linked_is_ignored_and_the_owner_told() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    for id in ["evt_a", "evt_b"] {
        let body = format!(
            r#"{{"id":"{id}","type":"customer.subscription.updated","account":"acct_else",
            "livemode":false,"data":{{"object":{{"id":"{subscription}","object":"subscription"}}}}}}"#
        );
        assert_eq!(signed(&world, &body).await.status, StatusCode::OK);
        world.app.work().await;
    }
    for row in inbox(&world).await {
        assert_eq!(row.state, stripe_event::State::Ignored);
    }
    assert!(world.memberships().await.is_empty());
    assert_eq!(world.mails().await, "ADM", "once an account");
}
