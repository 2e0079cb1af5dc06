//! Changes that wait until they are paid: what Stripe's pages on pending updates say of them.

use chrono::Duration;
use plaudit::sandbox::stripe::Card;
use serde_json::{Value, json};

use super::peer::{Peer, id, text};

const PENDING: [(&str, &str); 2] = [
    ("payment_behavior", "pending_if_incomplete"),
    ("proration_behavior", "always_invoice"),
];
const APPLIED: &str = "customer.subscription.pending_update_applied";
const EXPIRED: &str = "customer.subscription.pending_update_expired";

struct Hers {
    customer: String,
    subscription: String,
    item: String,
    bigger: String,
}

/// Ann pays 3 euros a month and has this card by now; ten days have passed.
async fn patron(peer: &Peer, card: Card) -> Hers {
    let customer = peer.customer(Card::Good).await;
    let price = peer.price(300, "month").await;
    let subscription = peer.subscribe(&customer, &price).await;
    peer.stripe.advance(Duration::days(10));
    peer.stripe.set_card(&customer, card);
    Hers {
        item: id(&subscription["items"]["data"][0]),
        subscription: id(&subscription),
        bigger: peer.price(1500, "month").await,
        customer,
    }
}

async fn change(peer: &Peer, hers: &Hers, price: &str, more: &[(&str, &str)]) -> Value {
    let mut form = vec![
        ("items[0][id]", hers.item.as_str()),
        ("items[0][price]", price),
    ];
    form.extend(PENDING);
    form.extend(more);
    peer.post(&format!("subscriptions/{}", hers.subscription), &form)
        .await
}

fn amount(subscription: &Value) -> i64 {
    let price = &subscription["items"]["data"][0]["price"];
    price["unit_amount"].as_i64().expect("an amount")
}

fn count(peer: &Peer, hers: &Hers, kind: &str) -> usize {
    let told = peer.told_of(&hers.subscription);
    told.iter().filter(|told| *told == kind).count()
}

#[tokio::test]
async fn a_change_waits_for_its_payer_and_takes_effect_with_the_payment() {
    let peer = Peer::start().await;
    let hers = patron(&peer, Card::AlwaysConfirms).await;
    let made = peer.clock.now().timestamp();
    let waits = change(&peer, &hers, &hers.bigger, &[]).await;
    assert_eq!((amount(&waits), &waits["status"]), (300, &json!("active")));
    let update = &waits["pending_update"];
    assert_eq!(update["subscription_items"][0]["price"]["id"], hers.bigger);
    let until = update["expires_at"].as_i64().expect("an end");
    assert!((made + 82_800..made + 82_860).contains(&until), "{until}");
    let invoice = peer.object(&text(&waits["latest_invoice"]));
    assert_eq!(
        (&invoice["status"], &invoice["billing_reason"]),
        (&json!("open"), &json!("subscription_update"))
    );
    assert!(invoice["hosted_invoice_url"].is_string());
    // Nobody tries it without her, and a month goes on as if nothing had been asked.
    assert!(invoice["next_payment_attempt"].is_null());
    peer.stripe.advance(Duration::hours(22));
    peer.stripe.pay_invoice(&id(&invoice));
    let after = peer.object(&hers.subscription);
    assert_eq!(
        (amount(&after), &after["pending_update"]),
        (1500, &json!(null))
    );
    let paid = peer.object(&id(&invoice));
    assert_eq!(
        (&paid["status"], &paid["amount_paid"]),
        (&json!("paid"), &invoice["amount_due"])
    );
    assert_eq!(
        (count(&peer, &hers, APPLIED), count(&peer, &hers, EXPIRED)),
        (1, 0)
    );
    assert!(peer.arrivals().await.contains(&APPLIED.to_owned()));
}

#[tokio::test]
async fn a_change_that_nobody_confirms_is_forgotten_after_a_day() {
    let peer = Peer::start().await;
    let hers = patron(&peer, Card::AlwaysConfirms).await;
    let waits = change(&peer, &hers, &hers.bigger, &[]).await;
    let invoice = text(&waits["latest_invoice"]);
    peer.stripe.advance(Duration::hours(24));
    let after = peer.object(&hers.subscription);
    assert_eq!(
        (amount(&after), &after["pending_update"], &after["status"]),
        (300, &json!(null), &json!("active"))
    );
    assert_eq!(peer.object(&invoice)["status"], "void");
    assert_eq!(
        (count(&peer, &hers, APPLIED), count(&peer, &hers, EXPIRED)),
        (0, 1)
    );
    // Nobody can pay it any more.
    peer.stripe.pay_invoice(&invoice);
    assert_eq!(amount(&peer.object(&hers.subscription)), 300);
}

#[tokio::test]
async fn a_change_near_the_end_of_a_period_is_forgotten_with_the_period() {
    let peer = Peer::start().await;
    let hers = patron(&peer, Card::AlwaysConfirms).await;
    let item = peer.object(&hers.subscription)["items"]["data"][0].clone();
    let end = item["current_period_end"].as_i64().expect("an end");
    let early = end - peer.clock.now().timestamp() - 3600;
    peer.stripe.advance(Duration::seconds(early));
    let waits = change(&peer, &hers, &hers.bigger, &[]).await;
    assert_eq!(waits["pending_update"]["expires_at"], end);
    peer.stripe.set_card(&hers.customer, Card::Good);
    peer.stripe.advance(Duration::hours(2));
    let after = peer.object(&hers.subscription);
    assert_eq!(
        (amount(&after), &after["pending_update"]),
        (300, &json!(null))
    );
    let renewed = peer.object(&text(&after["latest_invoice"]));
    assert_eq!(
        (&renewed["amount_paid"], &renewed["status"]),
        (&json!(300), &json!("paid"))
    );
}

#[tokio::test]
async fn a_change_that_is_paid_at_once_does_not_wait_and_one_by_debit_cannot() {
    let peer = Peer::start().await;
    let hers = patron(&peer, Card::Good).await;
    let changed = change(&peer, &hers, &hers.bigger, &[]).await;
    assert_eq!(
        (amount(&changed), &changed["pending_update"]),
        (1500, &json!(null))
    );
    let hers = patron(&peer, Card::BankPays).await;
    let path = format!("subscriptions/{}", hers.subscription);
    let form = [
        ("items[0][id]", hers.item.as_str()),
        ("items[0][price]", hers.bigger.as_str()),
        PENDING[0],
        PENDING[1],
    ];
    let error = peer.refused(&path, &form).await;
    assert_eq!(error["param"], "payment_behavior");
    // Nor can it take along what pending updates do not know.
    let form = [&form[..], &[("description", "Hers")]].concat();
    let error = peer.refused(&path, &form).await;
    assert_eq!(error["param"], "payment_behavior");
}

#[tokio::test]
async fn a_change_that_waits_is_given_up_by_voiding_its_invoice_and_gives_way_to_another() {
    let peer = Peer::start().await;
    let hers = patron(&peer, Card::AlwaysConfirms).await;
    let first = change(&peer, &hers, &hers.bigger, &[]).await;
    let first = text(&first["latest_invoice"]);
    let bigger = peer.price(900, "month").await;
    let second = change(&peer, &hers, &bigger, &[]).await;
    assert_eq!(peer.object(&first)["status"], "void");
    let item = &second["pending_update"]["subscription_items"][0];
    assert_eq!(item["price"]["unit_amount"], 900);
    let second = text(&second["latest_invoice"]);
    peer.post(&format!("invoices/{second}/void"), &[]).await;
    let after = peer.object(&hers.subscription);
    assert_eq!(
        (amount(&after), &after["pending_update"]),
        (300, &json!(null))
    );
    assert_eq!(count(&peer, &hers, EXPIRED), 2);
    // What waited for the next invoice before waits for it still.
    let later = [
        ("items[0][id]", hers.item.as_str()),
        ("items[0][price]", bigger.as_str()),
    ];
    peer.post(&format!("subscriptions/{}", hers.subscription), &later)
        .await;
    let third = change(&peer, &hers, &hers.bigger, &[]).await;
    let third = peer.object(&text(&third["latest_invoice"]));
    assert_eq!(third["lines"]["data"].as_array().map(Vec::len), Some(4));
    peer.post(&format!("invoices/{}/void", id(&third)), &[])
        .await;
    let form = [("subscription", hers.subscription.as_str())];
    let upcoming = peer.post("invoices/create_preview", &form).await;
    assert_eq!(upcoming["lines"]["data"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn an_end_that_was_booked_is_taken_back_with_the_payment_and_not_before() {
    let peer = Peer::start().await;
    let hers = patron(&peer, Card::AlwaysConfirms).await;
    peer.stripe.book_end(&hers.subscription, true);
    let stays = [("cancel_at_period_end", "false")];
    let waits = change(&peer, &hers, &hers.bigger, &stays).await;
    assert_eq!(waits["cancel_at_period_end"], true);
    assert_eq!(waits["pending_update"]["cancel_at_period_end"], false);
    peer.stripe.pay_invoice(&text(&waits["latest_invoice"]));
    let after = peer.object(&hers.subscription);
    assert_eq!(
        (
            amount(&after),
            &after["cancel_at_period_end"],
            &after["cancel_at"]
        ),
        (1500, &json!(false), &json!(null))
    );
}
