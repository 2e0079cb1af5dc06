//! Schedules of the simulated Stripe: what they take and refuse, and what time makes of them.

use chrono::Duration;
use plaudit::sandbox::stripe::Card;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::peer::{Peer, id, text};

struct Scheduled {
    peer: Peer,
    subscription: String,
    small: String,
    schedule: Value,
}

/// Ann pays 15 euros a month; from the next month on it is to be 3.
async fn scheduled() -> Scheduled {
    let peer = Peer::start().await;
    let customer = peer.customer(Card::Good).await;
    let big = peer.price(1500, "month").await;
    let small = peer.price(300, "month").await;
    let subscription = id(&peer.subscribe(&customer, &big).await);
    let form = [("from_subscription", subscription.as_str())];
    let schedule = peer.post("subscription_schedules", &form).await;
    let current = &schedule["current_phase"];
    let (start, end) = (
        current["start_date"].to_string(),
        current["end_date"].to_string(),
    );
    let form = [
        ("end_behavior", "release"),
        ("phases[0][start_date]", start.as_str()),
        ("phases[0][end_date]", &end),
        ("phases[0][items][0][price]", &big),
        ("phases[1][items][0][price]", &small),
        ("phases[1][duration][interval]", "month"),
    ];
    let path = format!("subscription_schedules/{}", id(&schedule));
    let schedule = peer.post(&path, &form).await;
    Scheduled {
        peer,
        subscription,
        small,
        schedule,
    }
}

#[tokio::test]
async fn the_next_phase_begins_with_the_next_period() {
    let Scheduled {
        peer,
        subscription,
        small,
        schedule,
    } = scheduled().await;
    assert_eq!(schedule["phases"][1]["items"][0]["price"], json!(small));
    assert_eq!(peer.object(&subscription)["schedule"], schedule["id"]);
    peer.stripe.advance(Duration::days(32));
    let after = peer.object(&subscription);
    assert_eq!(after["items"]["data"][0]["price"]["id"], json!(small));
    let invoice = peer.object(&text(&after["latest_invoice"]));
    assert_eq!(invoice["amount_paid"], 300);
    peer.stripe.advance(Duration::days(31));
    let schedule = peer.object(&id(&schedule));
    assert_eq!(schedule["status"], "released");
    assert_eq!(schedule["released_subscription"], json!(subscription));
    assert!(peer.object(&subscription)["schedule"].is_null());
}

#[tokio::test]
async fn what_a_schedule_does_not_take_is_refused() {
    let Scheduled {
        peer,
        subscription,
        small,
        schedule,
    } = scheduled().await;
    let hers = format!("subscription_schedules/{}", id(&schedule));
    let own = format!("subscriptions/{subscription}");
    let start = schedule["current_phase"]["start_date"].to_string();
    for (path, form, words) in [
        (
            "subscription_schedules",
            vec![("from_subscription", subscription.as_str())],
            "already attached",
        ),
        (
            own.as_str(),
            vec![("cancel_at_period_end", "true")],
            "managed by the subscription schedule",
        ),
        (
            hers.as_str(),
            vec![("phases[0][iterations]", "1")],
            "unknown parameter: phases[0][iterations]",
        ),
        (
            hers.as_str(),
            vec![("phases[0][start_date]", "1")],
            "start date",
        ),
        (
            hers.as_str(),
            vec![
                ("phases[0][start_date]", start.as_str()),
                ("phases[0][items][0][price]", small.as_str()),
            ],
            "current phase cannot be changed",
        ),
    ] {
        let answer = peer.ask(Method::POST, path, &form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {form:?}");
        let message = text(&answer.body["error"]["message"]);
        assert!(message.contains(words), "{message}");
    }
    let list = peer.ask(Method::GET, "subscription_schedules", &[]).await;
    assert_eq!(list.body["data"][0]["id"], schedule["id"]);
}

#[tokio::test]
async fn a_schedule_is_released_once_and_cancelled_with_its_subscription() {
    let one = scheduled().await;
    let hers = format!("subscription_schedules/{}", id(&one.schedule));
    let released = one.peer.post(&format!("{hers}/release"), &[]).await;
    assert_eq!(released["status"], "released");
    let path = format!("{hers}/release");
    let again = one.peer.ask(Method::POST, &path, &[]).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    let other = scheduled().await;
    let path = format!("subscription_schedules/{}/cancel", id(&other.schedule));
    let cancelled = other.peer.post(&path, &[]).await;
    assert_eq!(cancelled["status"], "canceled");
    let subscription = other.peer.object(&other.subscription);
    assert_eq!(subscription["status"], "canceled");
}

#[tokio::test]
async fn the_portal_books_no_end_beside_a_schedule() {
    let Scheduled {
        peer, subscription, ..
    } = scheduled().await;
    let customer = text(&peer.object(&subscription)["customer"]);
    let form = [("customer", customer.as_str())];
    let session = peer.post("billing_portal/sessions", &form).await;
    let url = text(&session["url"]);
    for what in ["cancel", "resume"] {
        let press = [("what", what), ("subscription", subscription.as_str())];
        let page = peer.browser().post(&url, &press).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("A change of this subscription is booked");
        assert_eq!(peer.object(&subscription)["cancel_at"], Value::Null);
    }
}
