//! Money that goes back, and what it leaves in the balance.

use chrono::Duration;
use plaudit::sandbox::stripe::Card;
use serde_json::{Value, json};

use super::peer::{Peer, id, text};

/// Ann pays 3 euros with this card. Returns the payment intent.
async fn paid(peer: &Peer, card: Card) -> String {
    let customer = peer.customer(card).await;
    let price = peer.price(300, "month").await;
    let subscription = id(&peer.subscribe(&customer, &price).await);
    peer.stripe.last_payment(&subscription).expect("paid")
}

/// What the account has in all, in minor units.
fn balance(peer: &Peer) -> i64 {
    let all = peer.stripe.objects("balance_transaction").into_iter();
    all.filter_map(|one| one["net"].as_i64()).sum()
}

#[tokio::test]
async fn a_refund_in_parts_and_then_no_more() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::Good).await;
    assert_eq!(balance(&peer), 300 - 30, "1.5 % and 25 cents are Stripe's");
    let refund = |amount: &'static str| {
        let form = [
            ("payment_intent", intent.clone()),
            ("amount", amount.to_owned()),
        ];
        let peer = &peer;
        async move {
            let form: Vec<(&str, &str)> = form
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            peer.ask(reqwest::Method::POST, "refunds", &form).await
        }
    };
    let first = refund("100").await.done();
    assert_eq!(first["status"], "succeeded");
    let charge = text(&first["charge"]);
    assert_eq!(peer.object(&charge)["amount_refunded"], 100);
    assert_eq!(peer.object(&charge)["refunded"], false);
    let much = refund("201").await;
    assert_eq!(much.body["error"]["param"], "amount");
    refund("200").await.done();
    assert_eq!(peer.object(&charge)["refunded"], true);
    let over = refund("1").await;
    assert_eq!(over.body["error"]["code"], "charge_already_refunded");
    let told = peer.told_of(&charge);
    assert_eq!(
        told,
        ["charge.succeeded", "charge.refunded", "charge.refunded"]
    );
    assert_eq!(balance(&peer), -30);
    let listed = peer.get(&format!("refunds?payment_intent={intent}")).await;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let with = peer
        .get(&format!("charges/{charge}?expand[]=refunds"))
        .await;
    assert_eq!(with["refunds"]["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_refund_may_take_its_time_or_fail() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::RefundsLater).await;
    let refund = peer.stripe.refund(&intent, None).expect("refunded");
    assert_eq!(peer.object(&refund)["status"], "pending");
    peer.stripe.advance(Duration::minutes(1));
    assert_eq!(peer.object(&refund)["status"], "succeeded");
    assert_eq!(
        peer.told_of(&refund),
        ["refund.created", "refund.updated", "charge.refund.updated"]
    );

    let intent = paid(&peer, Card::RefundFails).await;
    let before = balance(&peer);
    let refund = peer.stripe.refund(&intent, None).expect("refunded");
    assert_eq!(peer.object(&refund)["status"], "succeeded");
    peer.stripe.advance(Duration::minutes(1));
    let failed = peer.object(&refund);
    assert_eq!(
        (&failed["status"], balance(&peer)),
        (&json!("failed"), before)
    );
    let charge = peer.object(&text(&failed["charge"]));
    assert_eq!(
        (&charge["amount_refunded"], &charge["refunded"]),
        (&json!(0), &json!(false))
    );
    assert!(peer.told_of(&refund).contains(&"refund.failed".to_owned()));
}

#[tokio::test]
async fn each_payment_of_an_invoice_is_listed() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::Good).await;
    let path =
        format!("invoice_payments?payment[type]=payment_intent&payment[payment_intent]={intent}");
    let list = peer.get(&path).await;
    let payments: &Vec<Value> = list["data"].as_array().expect("a list");
    assert_eq!(payments.len(), 1);
    let invoice = peer.object(&text(&payments[0]["invoice"]));
    assert_eq!(invoice["amount_paid"], payments[0]["amount_paid"]);
}
