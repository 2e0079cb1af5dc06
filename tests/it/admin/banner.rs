//! What should not wait stands above every one of the owner's pages, and among the numbers.

use chrono::TimeDelta;
use plaudit::{entities::stripe_event::State, payments::sign};
use reqwest::StatusCode;

use super::event;
use crate::{
    membership::World,
    support::{Browser, TestApp, WEBHOOK_SECRET},
};

const ROOMS: [&str; 5] = [
    "/admin",
    "/admin/events",
    "/admin/memberships",
    "/admin/mail",
    "/admin/people",
];

async fn everywhere(owner: &Browser, sentence: &str) {
    for room in ROOMS {
        owner.get(room).await.says(sentence);
    }
}

async fn nowhere(owner: &Browser, sentence: &str) {
    for room in ROOMS {
        owner.get(room).await.does_not_say(sentence);
    }
}

#[tokio::test]
async fn where_all_is_well_nothing_is_said() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    nowhere(&owner, "What should not wait").await;
    let numbers = owner.get("/metrics").await;
    numbers
        .says("plaudit_webhook_secret_configured")
        .says("plaudit_events_stuck");
}

#[tokio::test]
async fn s91_without_a_secret_or_a_key_the_owner_is_told() {
    let app = TestApp::start_with(|config| {
        config.stripe.webhook_secrets.clear();
        config.stripe.secret_key.clear();
    })
    .await;
    let (owner, _) = app.owner().await;
    everywhere(&owner, "There is no webhook secret").await;
    everywhere(&owner, "There is no Stripe key").await;
}

#[tokio::test]
async fn a_day_of_silence_is_told_where_there_are_patrons() {
    let app = TestApp::start().await;
    let (owner, olivia) = app.owner().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    nowhere(&owner, "There are patrons, yet").await;
    app.patron(olivia.id, &matthew).await;
    everywhere(&owner, "Stripe has never told us anything").await;
    event(&app, "evt_a", State::Done).await;
    nowhere(&owner, "There are patrons, yet").await;
    app.app.clock.advance(TimeDelta::hours(25));
    everywhere(&owner, "Stripe has told us nothing since").await;
}

#[tokio::test]
async fn clocks_that_run_apart_are_told_of_before_events_are_refused() {
    let world = World::new().await;
    let owner = world.app.the_owner().await;
    let post = async |id: &str, age: i64| {
        let body = format!(r#"{{"id":"{id}","type":"moon.full","data":{{}}}}"#);
        let at = world.app.app.clock.now() - TimeDelta::seconds(age);
        let signature = sign(body.as_bytes(), WEBHOOK_SECRET, at);
        world.post_raw(body, &signature).await.status
    };
    assert_eq!(post("evt_a", 58).await, StatusCode::OK);
    nowhere(&owner, "seconds apart").await;
    assert_eq!(post("evt_b", 90).await, StatusCode::OK);
    everywhere(&owner, "clock and Stripe’s are 90 seconds apart").await;
    let metrics = world.browser.get("/metrics").await;
    metrics.says("plaudit_stripe_clock_skew_seconds");
    assert_eq!(post("evt_c", 0).await, StatusCode::OK);
    nowhere(&owner, "seconds apart").await;
    assert_eq!(post("evt_d", -400).await, StatusCode::BAD_REQUEST);
    everywhere(&owner, "are 400 seconds apart").await;
    let body = r#"{"id":"evt_e","type":"moon.full","data":{}}"#;
    let now = world.app.app.clock.now();
    let forged = sign(body.as_bytes(), "whsec_other", now - TimeDelta::days(1));
    world.post_raw(body.to_owned(), &forged).await;
    everywhere(&owner, "are 400 seconds apart").await;
}

#[tokio::test]
async fn what_is_stuck_or_flagged_is_counted_with_the_way_to_it() {
    let app = TestApp::start().await;
    let (owner, olivia) = app.owner().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    event(&app, "evt_a", State::Parked).await;
    event(&app, "evt_b", State::Failed).await;
    event(&app, "evt_c", State::Discarded).await;
    let flag = |row: &mut plaudit::entities::membership::ActiveModel| {
        row.flag = sea_orm::Set(Some("duplicate".to_owned()));
    };
    let active = plaudit::entities::MembershipState::Active;
    app.member(olivia.id, &matthew, active, flag).await;
    everywhere(&owner, "2 events need attention.").await;
    everywhere(&owner, "href=\"/admin/events?state=attention\"").await;
    everywhere(
        &owner,
        "One membership needs attention. <a href=\"/admin/memberships\">",
    )
    .await;
}
