//! Payments that are disputed or suspected.

use chrono::Duration;
use plaudit::sandbox::stripe::{Card, Stripe};
use serde_json::{Value, json};

use super::peer::{Peer, id, text};

async fn paid(peer: &Peer, card: Card) -> String {
    let customer = peer.customer(card).await;
    let price = peer.price(300, "month").await;
    let subscription = id(&peer.subscribe(&customer, &price).await);
    peer.stripe.last_payment(&subscription).expect("paid")
}

fn only(stripe: &Stripe, kind: &str) -> Value {
    let mut all = stripe.objects(kind);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// What the dispute has moved so far, fees included.
fn moved(dispute: &Value) -> i64 {
    let all = dispute["balance_transactions"].as_array().expect("a list");
    all.iter().filter_map(|one| one["net"].as_i64()).sum()
}

#[tokio::test]
async fn a_dispute_takes_the_money_and_gives_it_back_when_it_is_won() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::Good).await;
    let dispute = peer
        .stripe
        .dispute(&intent, "product_not_received")
        .expect("disputed");
    assert_eq!(peer.stripe.dispute(&intent, "general"), None, "once");
    let opened = peer.get(&format!("disputes/{dispute}")).await;
    assert_eq!(opened["status"], "needs_response");
    assert_eq!(moved(&opened), -300 - 2000);
    let charge = text(&opened["charge"]);
    assert_eq!(peer.object(&charge)["disputed"], true);
    let error = peer.refused("refunds", &[("charge", &charge)]).await;
    assert_eq!(error["code"], "charge_disputed");
    peer.stripe.close_dispute(&dispute, true);
    peer.stripe.close_dispute(&dispute, false);
    let won = peer.object(&dispute);
    assert_eq!((&won["status"], moved(&won)), (&json!("won"), -2000));
    let told = peer.told_of(&dispute);
    assert_eq!(told[0], "charge.dispute.created");
    assert_eq!(
        told.last().map(String::as_str),
        Some("charge.dispute.closed")
    );
}

#[tokio::test]
async fn a_card_that_disputes_and_an_author_who_does_not_answer() {
    let peer = Peer::start().await;
    paid(&peer, Card::Disputed).await;
    assert_eq!(peer.stripe.objects("dispute").len(), 0);
    peer.stripe.advance(Duration::minutes(1));
    let dispute = id(&only(&peer.stripe, "dispute"));
    peer.stripe.advance(Duration::days(10));
    assert_eq!(peer.object(&dispute)["status"], "lost");
}

#[tokio::test]
async fn evidence_is_looked_at_and_test_words_decide() {
    let peer = Peer::start().await;
    for (words, status) in [
        ("She was there.", "under_review"),
        ("winning_evidence", "won"),
        ("losing_evidence", "lost"),
    ] {
        let intent = paid(&peer, Card::Good).await;
        let dispute = peer
            .stripe
            .dispute(&intent, "fraudulent")
            .expect("disputed");
        let form = [("evidence[uncategorized_text]", words)];
        let said = peer.post(&format!("disputes/{dispute}"), &form).await;
        assert_eq!(said["status"], status);
    }
    peer.stripe.advance(Duration::days(30));
    let lists = peer.get("disputes?limit=100").await;
    assert_eq!(
        lists["data"][2]["status"], "under_review",
        "an answer was given in time"
    );
}

#[tokio::test]
async fn a_warning_asks_for_nothing_more_once_the_payment_is_refunded() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::Suspicious).await;
    peer.stripe.advance(Duration::minutes(1));
    let warning = only(&peer.stripe, "radar.early_fraud_warning");
    assert_eq!(warning["actionable"], true);
    assert_eq!(warning["payment_intent"], intent.as_str());
    peer.stripe.refund(&intent, None).expect("refunded");
    let path = format!("radar/early_fraud_warnings/{}", id(&warning));
    assert_eq!(peer.get(&path).await["actionable"], false);
}

#[tokio::test]
async fn a_bank_that_only_asks_takes_nothing_and_may_dispute_it_after_all() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::Good).await;
    let asked = peer.stripe.inquire(&intent, "general").expect("asked");
    assert_eq!(peer.stripe.inquire(&intent, "general"), None, "once");
    let object = peer.object(&asked);
    assert_eq!(object["status"], "warning_needs_response");
    assert_eq!(
        (&object["is_charge_refundable"], moved(&object)),
        (&json!(true), 0)
    );
    assert_eq!(peer.told_of(&asked), ["charge.dispute.created"]);
    let disputed = peer.stripe.dispute(&intent, "fraudulent");
    assert_eq!(disputed.as_deref(), Some(asked.as_str()), "the same one");
    let object = peer.object(&asked);
    assert_eq!(
        (&object["status"], moved(&object)),
        (&json!("needs_response"), -300 - 2000)
    );
    let told = peer.told_of(&asked);
    assert_eq!(
        told[1..],
        ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    );
    // Another is let be after four months, and no money has moved.
    let intent = paid(&peer, Card::Good).await;
    let asked = peer.stripe.inquire(&intent, "general").expect("asked");
    peer.stripe.advance(Duration::days(121));
    let object = peer.object(&asked);
    assert_eq!(
        (&object["status"], moved(&object)),
        (&json!("warning_closed"), 0)
    );
    let told = peer.told_of(&asked);
    assert_eq!(
        told.last().map(String::as_str),
        Some("charge.dispute.closed")
    );
}

#[tokio::test]
async fn a_bank_that_only_asks_asks_no_more_once_everything_is_given_back() {
    let peer = Peer::start().await;
    let intent = paid(&peer, Card::Good).await;
    let asked = peer.stripe.inquire(&intent, "general").expect("asked");
    peer.stripe.refund(&intent, Some(100)).expect("a part");
    assert_eq!(peer.object(&asked)["status"], "warning_needs_response");
    peer.stripe.refund(&intent, None).expect("the rest");
    let object = peer.object(&asked);
    assert_eq!(
        (&object["status"], moved(&object)),
        (&json!("warning_closed"), 0)
    );
    let told = peer.told_of(&asked);
    assert_eq!(
        told.last().map(String::as_str),
        Some("charge.dispute.closed")
    );
    peer.stripe.advance(Duration::days(121));
    assert_eq!(peer.told_of(&asked), told, "once");
}
