//! Stripe's own SDK as a witness: what it signs we accept, what we sign it accepts, and its client
//! can do business with the simulated Stripe.

use plaudit::entities::stripe_event;
use reqwest::StatusCode;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::support::{Page, TestApp, WEBHOOK_SECRET, script};

const SDK: &str = "stripe_sdk.py";
const SWEEP: &str = "stripe_sweep.py";
const KEY: &str = "sk_test_sandbox";

async fn post(app: &TestApp, body: &str, signature: &str) -> StatusCode {
    let browser = app.browser();
    let request = browser
        .raw()
        .post(browser.address("/webhooks/stripe"))
        .header("content-type", "application/json; charset=utf-8")
        .header("stripe-signature", signature)
        .body(body.to_owned());
    Page::of(request).await.status
}

#[tokio::test]
async fn an_event_signed_by_stripes_sdk_is_stored_and_a_changed_one_is_not() {
    let app = TestApp::start().await;
    let body = json!({
        "id": "evt_sdk",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": app.app.clock.now().timestamp(),
        "livemode": false,
        "type": "customer.updated",
        "data": { "object": { "id": "cus_1", "object": "customer", "name": "Zoë – “Ann”" } },
    });
    let body = serde_json::to_string_pretty(&body).expect("JSON");
    let signature = script(SDK, &["sign", WEBHOOK_SECRET], &body).await;
    let changed = body.replace("cus_1", "cus_2");
    assert_eq!(
        post(&app, &changed, &signature).await,
        StatusCode::BAD_REQUEST
    );
    let other = script(SDK, &["sign", "whsec_other"], &body).await;
    assert_eq!(post(&app, &body, &other).await, StatusCode::BAD_REQUEST);
    assert_eq!(post(&app, &body, &signature).await, StatusCode::OK);
    let stored = stripe_event::Entity::find().all(&app.app.db).await;
    let stored = stored.expect("the inbox");
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].id, "evt_sdk");
}

#[tokio::test]
async fn stripes_sdk_accepts_what_the_simulated_stripe_signs() {
    let app = TestApp::start().await;
    app.stripe
        .put(json!({ "id": "cus_1", "object": "customer", "name": "Ann" }));
    let event = app.stripe.emit("customer.updated", "cus_1");
    let (body, signature) = app.stripe.signed(&event).expect("signed");
    let said = script(SDK, &["verify", WEBHOOK_SECRET, &signature], &body).await;
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said, json!({ "id": event, "type": "customer.updated" }));
}

#[tokio::test]
async fn stripes_sdk_can_do_business_with_the_simulated_stripe() {
    let app = TestApp::start().await;
    let base = format!("{}/sandbox/stripe", app.url);
    let said = script(SDK, &["buy", "sk_test_sandbox", &base], "").await;
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["name"], "Änn & Söhne");
    assert_eq!(said["interval"], "month");
    assert_eq!(said["status"], "open");
    assert_eq!(said["membership"], "one");
    let session = said["session"].as_str().expect("an id");
    let kept = app.stripe.object(session).expect("kept");
    assert_eq!(kept["customer"], said["customer"]);
}

/// Creating, reading, changing, listing, paging both ways, expanding, repeating under a key, and every
/// way to be refused: the script breaks off where the SDK meets something Stripe would not do.
#[tokio::test]
async fn stripes_sdk_meets_every_object_of_the_simulated_stripe() {
    let app = TestApp::start().await;
    let base = format!("{}/sandbox/stripe", app.url);
    script(SWEEP, &["sweep", KEY, &base], "").await;
    let mut paid = app.stripe.objects("payment_intent").into_iter().rev();
    let mut intent = || {
        let intent = paid.next().expect("a payment");
        intent["id"].as_str().expect("an id").to_owned()
    };
    app.stripe.warn_of_fraud(&intent());
    while app.stripe.dispute(&intent(), "fraudulent").is_none() {}
    let said = script(SWEEP, &["disputed", KEY, &base], "").await;
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said, json!({ "disputes": 1, "warnings": 1 }));
}

#[tokio::test]
async fn stripes_sdk_constructs_our_events_in_both_its_ways() {
    let app = TestApp::start().await;
    app.stripe
        .put(json!({ "id": "cus_1", "object": "customer", "name": "Änn" }));
    let event = app.stripe.emit("customer.updated", "cus_1");
    let (body, signature) = app.stripe.signed(&event).expect("signed");
    let args = ["event", WEBHOOK_SECRET, &signature, KEY];
    let said: Value = serde_json::from_str(&script(SWEEP, &args, &body).await).expect("JSON");
    let expected = json!({ "id": event, "type": "customer.updated", "object": "cus_1" });
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_thin_event_that_stripes_sdk_signs_and_parses_is_stored() {
    let app = TestApp::start().await;
    let body = json!({
        "id": "evt_thin", "object": "v2.core.event", "type": "v1.customer.updated",
        "created": "2026-03-01T12:00:00.000Z", "livemode": false,
        "related_object": { "id": "cus_1", "type": "customer", "url": "/v1/customers/cus_1" },
    });
    let body = body.to_string();
    let said = script(SWEEP, &["thin", WEBHOOK_SECRET, KEY], &body).await;
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["type"], "v1.customer.updated");
    let signature = said["header"].as_str().expect("a header");
    assert_eq!(post(&app, &body, signature).await, StatusCode::OK);
    let stored = stripe_event::Entity::find_by_id("evt_thin").one(&app.app.db);
    let stored = stored.await.expect("the inbox").expect("kept");
    assert_eq!(stored.object_id.as_deref(), Some("cus_1"));
}
