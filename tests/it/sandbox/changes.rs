//! Changing what is subscribed to: the preview's amount is the invoice's amount, to the cent.

use chrono::Duration;
use plaudit::sandbox::stripe::Card;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::peer::{Peer, id, text};

struct Hers {
    customer: String,
    subscription: String,
    item: String,
    bigger: String,
}

/// Ann pays 3 euros a month; 15 a month are on sale too. Ten days have passed.
async fn a_third_gone(peer: &Peer) -> Hers {
    let customer = peer.customer(Card::Good).await;
    let price = peer.price(300, "month").await;
    let subscription = peer.subscribe(&customer, &price).await;
    peer.stripe.advance(Duration::days(10));
    Hers {
        customer,
        subscription: id(&subscription),
        item: id(&subscription["items"]["data"][0]),
        bigger: peer.price(1500, "month").await,
    }
}

/// What a change to this price at this instant costs at once.
async fn preview(peer: &Peer, hers: &Hers, price: &str, at: &str) -> Value {
    let details = |name: &str| format!("subscription_details[{name}");
    let form = [
        ("subscription".to_owned(), hers.subscription.as_str()),
        (details("items][0][id]"), &hers.item),
        (details("items][0][price]"), price),
        (details("proration_behavior]"), "always_invoice"),
        (details("proration_date]"), at),
    ];
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    peer.post("invoices/create_preview", &form).await
}

async fn change(peer: &Peer, hers: &Hers, price: &str, more: &[(&str, &str)]) -> Value {
    let mut form = vec![
        ("items[0][id]", hers.item.as_str()),
        ("items[0][price]", price),
    ];
    form.extend(more);
    peer.post(&format!("subscriptions/{}", hers.subscription), &form)
        .await
}

#[tokio::test]
async fn an_upgrade_costs_what_the_preview_said() {
    let peer = Peer::start().await;
    let hers = a_third_gone(&peer).await;
    let now = peer.clock.now().timestamp().to_string();
    let previewed = preview(&peer, &hers, &hers.bigger, &now).await;
    let item = &peer.object(&hers.subscription)["items"]["data"][0];
    assert_eq!(
        item["price"]["unit_amount"], 300,
        "a preview changes nothing"
    );
    let (start, end) = (&item["current_period_start"], &item["current_period_end"]);
    let length = end.as_i64().expect("an end") - start.as_i64().expect("a start");
    let left = length - 10 * 24 * 60 * 60;
    let share = |amount: i64| (amount * left * 2 + length) / (length * 2);
    assert_eq!(previewed["amount_due"], share(1500) - share(300));
    // She thinks about it for a minute; the date that was shown is what counts.
    peer.stripe.advance(Duration::seconds(60));
    let terms = [
        ("proration_behavior", "always_invoice"),
        ("proration_date", now.as_str()),
    ];
    let changed = change(&peer, &hers, &hers.bigger, &terms).await;
    assert_eq!(changed["items"]["data"][0]["price"]["unit_amount"], 1500);
    assert_eq!(&changed["items"]["data"][0]["current_period_end"], end);
    let invoice = peer.object(&text(&changed["latest_invoice"]));
    assert_eq!(invoice["billing_reason"], "subscription_update");
    assert_eq!(
        (&invoice["amount_paid"], &invoice["status"]),
        (&previewed["amount_due"], &"paid".into())
    );
}

#[tokio::test]
async fn a_change_without_payment_due_waits_for_the_next_invoice() {
    let peer = Peer::start().await;
    let hers = a_third_gone(&peer).await;
    let before = peer.stripe.objects("invoice").len();
    change(&peer, &hers, &hers.bigger, &[]).await;
    assert_eq!(peer.stripe.objects("invoice").len(), before);
    let form = [("subscription", hers.subscription.as_str())];
    let upcoming = peer.post("invoices/create_preview", &form).await;
    assert_eq!(upcoming["lines"]["data"].as_array().map(Vec::len), Some(3));
    peer.stripe.advance(Duration::days(25));
    let latest = peer.stripe.objects("invoice").pop().expect("billed");
    assert_eq!(latest["total"], upcoming["total"]);
}

#[tokio::test]
async fn a_downgrade_at_once_leaves_a_credit_for_later() {
    let peer = Peer::start().await;
    let hers = a_third_gone(&peer).await;
    let smaller = peer.price(100, "month").await;
    change(
        &peer,
        &hers,
        &smaller,
        &[("proration_behavior", "always_invoice")],
    )
    .await;
    let balance = peer.object(&hers.customer)["balance"].as_i64();
    assert!(balance < Some(0));
    let latest = peer.stripe.objects("invoice").pop().expect("billed");
    assert_eq!(
        (&latest["amount_due"], &latest["status"]),
        (&0.into(), &"paid".into())
    );
    let none = [("proration_behavior", "none")];
    change(&peer, &hers, &hers.bigger, &none).await;
    assert_eq!(peer.object(&hers.customer)["balance"].as_i64(), balance);
}

#[tokio::test]
async fn another_interval_begins_a_new_period_at_once() {
    let peer = Peer::start().await;
    let hers = a_third_gone(&peer).await;
    let yearly = peer.price(3000, "year").await;
    let now = peer.clock.now().timestamp();
    let previewed = preview(&peer, &hers, &yearly, &now.to_string()).await;
    let changed = change(&peer, &hers, &yearly, &[]).await;
    let item = &changed["items"]["data"][0];
    assert!(item["current_period_start"].as_i64() >= Some(now));
    assert!(item["current_period_end"].as_i64() > Some(now + 364 * 24 * 60 * 60));
    let latest = peer.stripe.objects("invoice").pop().expect("billed");
    assert_eq!(latest["amount_paid"], previewed["amount_due"]);
    assert!(
        latest["amount_paid"].as_i64() < Some(3000),
        "less what was left"
    );
}

#[tokio::test]
async fn a_card_that_does_not_pay_refuses_an_upgrade_where_that_is_wanted() {
    let peer = Peer::start().await;
    let hers = a_third_gone(&peer).await;
    peer.stripe.set_card(&hers.customer, Card::FailsLater);
    let path = format!("subscriptions/{}", hers.subscription);
    let form = [
        ("items[0][id]", hers.item.as_str()),
        ("items[0][price]", hers.bigger.as_str()),
        ("proration_behavior", "always_invoice"),
        ("payment_behavior", "error_if_incomplete"),
    ];
    let answer = peer.ask(Method::POST, &path, &form).await;
    assert_eq!(answer.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(answer.body["error"]["type"], "card_error");
    assert_eq!(
        peer.object(&hers.subscription)["items"]["data"][0]["price"]["unit_amount"],
        300
    );
    let allowed = peer.ask(Method::POST, &path, &form[..3]).await.done();
    assert_eq!(allowed["status"], "past_due");
}

#[tokio::test]
async fn what_ends_has_no_upcoming_invoice() {
    let peer = Peer::start().await;
    let hers = a_third_gone(&peer).await;
    peer.stripe.book_end(&hers.subscription, true);
    let form = [("subscription", hers.subscription.as_str())];
    let error = peer.refused("invoices/create_preview", &form).await;
    assert_eq!(error["code"], "invoice_upcoming_none");
}

#[tokio::test]
async fn renewals_are_announced_a_week_ahead() {
    let peer = Peer::start().await;
    a_third_gone(&peer).await;
    peer.stripe.advance(Duration::days(22));
    let events = peer.stripe.objects("event");
    let upcoming: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "invoice.upcoming")
        .collect();
    assert_eq!(upcoming.len(), 1);
    assert_eq!(upcoming[0]["data"]["object"]["amount_due"], 300);
    let week = upcoming[0]["data"]["object"]["next_payment_attempt"]
        .as_i64()
        .expect("at")
        - upcoming[0]["created"].as_i64().expect("at");
    assert_eq!(week, 7 * 24 * 60 * 60);
}
