//! The webhook's manners: what it takes, what it refuses, what it never does twice.

use std::{io::Write as _, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use plaudit::{
    entities::{MembershipState as State, stripe_event},
    payments::sign,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::world::World;
use crate::support::{Page, TestApp, WEBHOOK_SECRET};

async fn inbox(world: &World) -> Vec<stripe_event::Model> {
    let events = stripe_event::Entity::find();
    events.all(&world.app.app.db).await.expect("events")
}

/// Signs `body` and posts it.
async fn signed(world: &World, body: &str) -> Page {
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
async fn s80_s81_what_is_not_signed_is_refused_and_leaves_no_row() {
    let world = World::new().await;
    let body = r#"{"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1"}}}"#;
    let now = world.app.app.clock.now();
    let wrong = sign(body.as_bytes(), "whsec_other", now);
    let v0 = sign(body.as_bytes(), WEBHOOK_SECRET, now).replace("v1=", "v0=");
    for signature in [wrong.as_str(), "", v0.as_str(), &",".repeat(4096)] {
        let answer = world.post_raw(body.to_owned(), signature).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    let bare = world.browser.post("/webhooks/stripe", &[]).await;
    assert_eq!(bare.status, StatusCode::BAD_REQUEST);
    assert!(inbox(&world).await.is_empty());
}

#[tokio::test]
async fn s83_both_secrets_count_while_both_are_configured() {
    let app = TestApp::start_with(|config| {
        config.stripe.webhook_secrets = vec!["whsec_new".into(), "whsec_old".into()];
    })
    .await;
    let world = World::around(app).await;
    let now = world.app.app.clock.now();
    for (id, secret) in [("evt_a", "whsec_old"), ("evt_b", "whsec_new")] {
        let body = format!(r#"{{"id":"{id}","type":"moon.full","data":{{}}}}"#);
        let signature = sign(body.as_bytes(), secret, now);
        let answer = world.post_raw(body, &signature).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let body = r#"{"id":"evt_c","type":"moon.full","data":{}}"#;
    let removed = sign(body.as_bytes(), WEBHOOK_SECRET, now);
    let answer = world.post_raw(body.to_owned(), &removed).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn s85_a_signature_may_be_five_minutes_old() {
    let world = World::new().await;
    let now = world.app.app.clock.now();
    let body = r#"{"id":"evt_1","type":"moon.full","data":{}}"#;
    for (age, expected) in [(299, StatusCode::OK), (301, StatusCode::BAD_REQUEST)] {
        let at = now - TimeDelta::seconds(age);
        let signature = sign(body.as_bytes(), WEBHOOK_SECRET, at);
        let answer = world.post_raw(body.to_owned(), &signature).await;
        assert_eq!(answer.status, expected, "{age}");
    }
}

#[tokio::test]
async fn s87_a_body_over_the_limit_is_refused_with_and_without_a_length() {
    let world = World::new().await;
    let large = vec![b' '; 1024 * 1024 + 1];
    let browser = world.app.browser();
    let address = browser.address("/webhooks/stripe");
    let whole = browser.raw().post(&address).body(large.clone());
    assert_eq!(Page::of(whole).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let refused = crate::support::chunked(&world.app.url, "/webhooks/stripe", &large).await;
    assert!(
        refused.contains("413") || refused.contains("400"),
        "{refused}"
    );
}

#[tokio::test]
async fn s88_an_encoded_body_is_refused_before_it_is_inflated() {
    let world = World::new().await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&vec![b'0'; 1024 * 1024]).expect("memory");
    let browser = world.app.browser();
    let request = browser
        .raw()
        .post(browser.address("/webhooks/stripe"))
        .header("content-encoding", "gzip")
        .body(gzip.finish().expect("memory"));
    let answer = Page::of(request).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn s90_only_post_and_any_content_type() {
    let world = World::new().await;
    let got = world.browser.get("/webhooks/stripe").await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
    let browser = world.app.browser();
    let put = browser.raw().put(browser.address("/webhooks/stripe"));
    assert_eq!(Page::of(put).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let head = browser.raw().head(browser.address("/webhooks/stripe"));
    assert_eq!(Page::of(head).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let body = r#"{"id":"evt_1","type":"moon.full","data":{}}"#;
    let signature = sign(body.as_bytes(), WEBHOOK_SECRET, world.app.app.clock.now());
    let plain = browser
        .raw()
        .post(browser.address("/webhooks/stripe"))
        .header("content-type", "text/plain")
        .header("stripe-signature", signature)
        .body(body);
    assert_eq!(Page::of(plain).await.status, StatusCode::OK);
}

#[tokio::test]
async fn s91_without_a_secret_the_answer_is_not_now() {
    let app = TestApp::start_with(|config| config.stripe.webhook_secrets.clear()).await;
    let answer = app.browser().post("/webhooks/stripe", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn s92_without_the_database_the_answer_is_not_now_and_a_retry_succeeds() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    let replica = world.app.replica().await;
    let (body, signature) = world.app.stripe.signed(&event).expect("signed");
    replica.close_database().await;
    let request = reqwest::Client::new()
        .post(format!("{}/webhooks/stripe", replica.url))
        .header("stripe-signature", &signature)
        .body(body);
    let answer = Page::of(request).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(inbox(&world).await.is_empty());
    world.arrive(&event).await;
    assert_eq!(world.memberships().await[0].state, State::Active);
}

#[tokio::test]
async fn s98_while_stripe_is_away_events_are_kept_and_tried_again() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    world.app.stripe.fail_requests(3, 503);
    world.arrive(&event).await;
    let count = stripe_event::Entity::find().count(&world.app.app.db).await;
    assert_eq!(count.expect("a count"), 1);
    for _ in 0..4 {
        world
            .app
            .app
            .clock
            .advance(TimeDelta::from_std(Duration::from_secs(3600)).expect("span"));
        world.app.work().await;
    }
    assert_eq!(world.memberships().await[0].state, State::Active);
    assert_eq!(world.mails().await, "R W");
}
