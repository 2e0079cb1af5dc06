//! Time and money: renewals at their own instants, retries, ends, hosted pages.

use chrono::Duration;
use plaudit::sandbox::stripe::{Card, WhenUnpaid};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::peer::{Peer, id, text};

async fn monthly(peer: &Peer, card: Card) -> String {
    let customer = peer.customer(card).await;
    let price = peer.price(300, "month").await;
    id(&peer.subscribe(&customer, &price).await)
}

/// What it is now and how it was billed so far.
fn invoices(peer: &Peer, subscription: &str) -> Vec<Value> {
    let all = peer.stripe.objects("invoice").into_iter();
    let place = "/parent/subscription_details/subscription";
    all.filter(|invoice| invoice.pointer(place) == Some(&json!(subscription)))
        .collect()
}

#[tokio::test]
async fn a_year_passes_and_each_month_is_billed_at_its_own_instant() {
    let peer = Peer::start().await;
    let subscription = monthly(&peer, Card::Good).await;
    let begun = peer.object(&subscription)["start_date"].as_i64();
    peer.stripe.advance(Duration::days(366));
    let billed = invoices(&peer, &subscription);
    assert_eq!(billed.len(), 13);
    assert!(billed.iter().all(|invoice| invoice["status"] == "paid"));
    let starts: Vec<i64> = billed
        .iter()
        .filter_map(|invoice| invoice["lines"]["data"][0]["period"]["start"].as_i64())
        .collect();
    assert_eq!(starts.first().copied(), begun);
    for (invoice, start) in billed.iter().zip(&starts) {
        assert_eq!(invoice["created"], *start, "billed when its period begins");
    }
    assert!(starts.is_sorted());
    let item = &peer.object(&subscription)["items"]["data"][0];
    assert!(item["current_period_end"].as_i64() > Some(peer.clock.now().timestamp()));
}

#[tokio::test]
async fn a_failed_renewal_is_tried_again_and_then_stripe_gives_up() {
    let peer = Peer::start().await;
    let subscription = monthly(&peer, Card::FailsLater).await;
    assert_eq!(
        peer.object(&subscription)["status"],
        "incomplete",
        "she was not there"
    );
    let customer = text(&peer.object(&subscription)["customer"]);
    peer.stripe.set_card(&customer, Card::Good);
    peer.stripe.pay_open_invoice(&subscription);
    peer.stripe.set_card(&customer, Card::FailsLater);
    for (days, status, attempts) in [(31, "past_due", 1), (3, "past_due", 2), (2, "past_due", 3)] {
        peer.stripe.advance(Duration::days(days));
        assert_eq!(peer.object(&subscription)["status"], status);
        let latest = invoices(&peer, &subscription).pop().expect("billed");
        assert_eq!(latest["attempt_count"], attempts);
        assert!(latest["next_payment_attempt"].is_i64());
    }
    peer.stripe.advance(Duration::days(2));
    let ended = peer.object(&subscription);
    assert_eq!(ended["status"], "canceled");
    assert_eq!(ended["cancellation_details"]["reason"], "payment_failed");
    let told = peer.told_of(&subscription);
    assert_eq!(
        told.last().map(String::as_str),
        Some("customer.subscription.deleted")
    );
}

/// She gives her bank's number in place of the card: one debit is begun, and the bank's answer is waited for.
#[tokio::test]
async fn a_renewal_that_is_tried_again_by_debit_waits_for_the_bank() {
    let peer = Peer::start().await;
    let subscription = monthly(&peer, Card::Good).await;
    let customer = text(&peer.object(&subscription)["customer"]);
    peer.stripe.set_card(&customer, Card::FailsLater);
    peer.stripe.advance(Duration::days(31));
    assert_eq!(peer.object(&subscription)["status"], "past_due");
    peer.stripe.set_card(&customer, Card::BankPays);
    peer.stripe.advance(Duration::days(4));
    assert_eq!(peer.object(&subscription)["status"], "active");
    let latest = invoices(&peer, &subscription).pop().expect("billed");
    assert_eq!(latest["status"], "paid");
    assert_eq!(latest["attempt_count"], 2);
    peer.stripe.set_card(&customer, Card::BankRefuses);
    peer.stripe.advance(Duration::days(29));
    peer.stripe.advance(Duration::days(20));
    assert_eq!(peer.object(&subscription)["status"], "canceled");
    let latest = invoices(&peer, &subscription).pop().expect("billed");
    assert_eq!(latest["attempt_count"], 4);
}

#[tokio::test]
async fn what_becomes_of_the_unpaid_can_be_set() {
    for (then, status) in [
        (WhenUnpaid::MarkUnpaid, "unpaid"),
        (WhenUnpaid::LeavePastDue, "past_due"),
    ] {
        let peer = Peer::start().await;
        peer.stripe.when_unpaid(then);
        let subscription = monthly(&peer, Card::Good).await;
        let customer = text(&peer.object(&subscription)["customer"]);
        peer.stripe.set_card(&customer, Card::FailsLater);
        peer.stripe.advance(Duration::days(45));
        assert_eq!(peer.object(&subscription)["status"], status);
    }
}

#[tokio::test]
async fn an_open_invoice_is_paid_on_its_own_page() {
    let peer = Peer::start().await;
    let subscription = monthly(&peer, Card::Good).await;
    let customer = text(&peer.object(&subscription)["customer"]);
    peer.stripe.set_card(&customer, Card::FailsLater);
    peer.stripe.advance(Duration::days(32));
    let invoice = text(&peer.object(&subscription)["latest_invoice"]);
    let page = text(&peer.object(&invoice)["hosted_invoice_url"]);
    let browser = peer.browser();
    browser
        .get(&page)
        .await
        .says("Pay now")
        .says("€3.00")
        .says("open");
    let declined = [("card", Card::Declined.number())];
    let refused = browser.post(&page, &declined).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("declined");
    let asks = [("card", Card::Confirms.number())];
    let asked = browser.post(&page, &asks).await;
    asked.says("Your bank wants to know that it is you");
    let good = [("card", Card::Good.number())];
    browser
        .submit(&page, &good)
        .await
        .says("paid")
        .does_not_say("Pay now");
    assert_eq!(peer.object(&subscription)["status"], "active");
}

/// Stripe does not count what the payer tries herself, and waits with its own tries while a debit is on its way.
#[tokio::test]
async fn a_debit_on_the_invoices_page_is_processing_until_the_bank_has_answered() {
    let peer = Peer::start().await;
    let subscription = monthly(&peer, Card::Good).await;
    let customer = text(&peer.object(&subscription)["customer"]);
    peer.stripe.set_card(&customer, Card::FailsLater);
    peer.stripe.advance(Duration::days(31));
    let invoice = text(&peer.object(&subscription)["latest_invoice"]);
    let before = peer.object(&invoice);
    let page = text(&before["hosted_invoice_url"]);
    let browser = peer.browser();
    for (account, status) in [(Card::BankRefuses, "open"), (Card::BankPays, "paid")] {
        let shown = browser.submit(&page, &[("card", account.number())]).await;
        shown.says("processing").does_not_say("Pay now");
        let intent = peer.stripe.objects("payment_intent").pop().expect("one");
        assert_eq!(intent["status"], "processing");
        let charge = peer.object(&text(&intent["latest_charge"]));
        assert_eq!(charge["status"], "pending");
        let waits = peer.object(&invoice);
        assert_eq!(
            (&waits["status"], &waits["attempt_count"]),
            (&json!("open"), &json!(1))
        );
        assert_eq!(waits["next_payment_attempt"], Value::Null);
        assert_eq!(peer.object(&subscription)["status"], "past_due");
        // Nobody pays it a second time meanwhile.
        peer.stripe.pay_invoice(&invoice);
        browser.post(&page, &[("card", Card::Good.number())]).await;
        assert_eq!(peer.object(&invoice)["status"], "open");
        peer.stripe.advance(Duration::minutes(4));
        let after = peer.object(&invoice);
        assert_eq!(
            (&after["status"], &after["attempt_count"]),
            (&json!(status), &json!(1))
        );
        if status == "open" {
            assert_eq!(
                after["next_payment_attempt"],
                before["next_payment_attempt"]
            );
            assert_eq!(
                peer.object(&charge["id"].to_string().replace('"', ""))["status"],
                "failed"
            );
        }
    }
    assert_eq!(peer.object(&subscription)["status"], "active");
    let events = peer.stripe.objects("event");
    let kinds: Vec<&str> = events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    let count = |kind: &str| kinds.iter().filter(|one| **one == kind).count();
    assert_eq!(count("payment_intent.processing"), 2);
    assert_eq!(count("charge.pending"), 2);
    // The renewal itself, and the first debit.
    assert_eq!(count("invoice.payment_failed"), 2);
}

#[tokio::test]
async fn a_first_payment_that_never_comes_expires() {
    let peer = Peer::start().await;
    let subscription = monthly(&peer, Card::Declined).await;
    assert_eq!(peer.object(&subscription)["status"], "incomplete");
    peer.stripe.advance(Duration::hours(24));
    assert_eq!(peer.object(&subscription)["status"], "incomplete_expired");
    assert_eq!(invoices(&peer, &subscription)[0]["status"], "void");
}

#[tokio::test]
async fn what_was_begun_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stripe.json");
    let first = Peer::kept_in(Some(file.clone())).await;
    let subscription = monthly(&first, Card::Good).await;
    first.stripe.advance(Duration::days(10));
    let ahead = first.clock.ahead_seconds();
    first.stripe.configure(|_| {});
    let second = Peer::kept_in(Some(file)).await;
    assert_eq!(second.clock.ahead_seconds(), ahead);
    assert_eq!(second.object(&subscription)["status"], "active");
    second.stripe.advance(Duration::days(25));
    assert_eq!(invoices(&second, &subscription).len(), 2);
    let product = second.post("products", &[("name", "New")]).await;
    assert!(first.stripe.object(&id(&product)).is_none(), "ids go on");
}
