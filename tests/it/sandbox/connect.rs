//! Connected accounts: linked on a hosted page, paid by destination charges, and what a refund takes back.

use chrono::Duration;
use plaudit::sandbox::stripe::Card;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::peer::{Peer, id, text};

/// An Express account that has said nothing yet.
async fn account(peer: &Peer) -> String {
    let form = [
        ("type", "express"),
        ("email", "matthew@example.org"),
        ("capabilities[transfers][requested]", "true"),
        ("metadata[plaudit_author]", "7"),
    ];
    id(&peer.post("accounts", &form).await)
}

/// A new link to its hosted page.
async fn link(peer: &Peer, account: &str) -> Value {
    let form = [
        ("account", account),
        ("type", "account_onboarding"),
        ("return_url", "https://example.org/return"),
        ("refresh_url", "https://example.org/refresh"),
    ];
    peer.post("account_links", &form).await
}

/// Opens or presses something on a hosted page. Returns where it leads.
async fn press(url: &Value, what: Option<&str>) -> (StatusCode, String) {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.build().expect("a client");
    let url = text(url);
    let request = match what {
        Some(what) => http.post(url).form(&[("what", what)]),
        None => http.get(url),
    };
    let answer = request.send().await.expect("an answer");
    let location = answer.headers().get("location");
    let location = location.and_then(|value| value.to_str().ok());
    (answer.status(), location.unwrap_or_default().to_owned())
}

/// What the platform has in all, in minor units.
fn balance(peer: &Peer) -> i64 {
    let all = peer.stripe.objects("balance_transaction").into_iter();
    all.filter_map(|one| one["net"].as_i64()).sum()
}

/// Ann subscribes for 3 euros to somebody who gets 85.5 % of it. Returns subscription and intent.
async fn paid_on(peer: &Peer, account: &str) -> (String, String) {
    let customer = peer.customer(Card::Good).await;
    let price = peer.price(300, "month").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("transfer_data[destination]", account),
        ("application_fee_percent", "14.5"),
    ];
    let subscription = id(&peer.post("subscriptions", &form).await);
    let intent = peer.stripe.last_payment(&subscription).expect("paid");
    (subscription, intent)
}

#[tokio::test]
async fn an_account_is_linked_half_way_and_then_whole() {
    let peer = Peer::start().await;
    let account = account(&peer).await;
    let fresh = peer.get(&format!("accounts/{account}")).await;
    assert_eq!(fresh["capabilities"]["transfers"], "inactive");
    assert_eq!(fresh["details_submitted"], false);
    let path = format!("accounts/{account}/login_links");
    let early = peer.refused(&path, &[]).await;
    assert!(text(&early["message"]).contains("onboarding"));
    let first = link(&peer, &account).await["url"].clone();
    assert_eq!(press(&first, None).await.0, StatusCode::OK);
    let back = press(&first, Some("later")).await;
    assert_eq!(
        back,
        (
            StatusCode::SEE_OTHER,
            "https://example.org/return".to_owned()
        )
    );
    let left = peer.get(&format!("accounts/{account}")).await["requirements"].clone();
    assert_eq!(
        left["currently_due"],
        json!(["external_account", "tos_acceptance.date"])
    );
    // A link is good once, and for a few minutes.
    let again = press(&first, None).await;
    assert_eq!(again.1, "https://example.org/refresh");
    let late = link(&peer, &account).await["url"].clone();
    peer.stripe.advance(Duration::minutes(6));
    assert_eq!(
        press(&late, Some("finish")).await.1,
        "https://example.org/refresh"
    );
    let second = link(&peer, &account).await["url"].clone();
    assert_eq!(
        press(&second, Some("finish")).await.1,
        "https://example.org/return"
    );
    let ready = peer.get(&format!("accounts/{account}")).await;
    assert_eq!(ready["capabilities"]["transfers"], "active");
    assert_eq!(
        (&ready["payouts_enabled"], &ready["details_submitted"]),
        (&json!(true), &json!(true))
    );
    let login = peer
        .post(&format!("accounts/{account}/login_links"), &[])
        .await;
    assert_eq!(press(&login["url"], None).await.0, StatusCode::OK);
    let events = peer.stripe.objects("event").into_iter();
    let told: Vec<Value> = events
        .filter(|event| event["type"] == "account.updated")
        .collect();
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|event| event["account"] == account.as_str())
    );
    let strange = peer.refused("accounts", &[("typ", "express")]).await;
    assert_eq!(strange["code"], "parameter_unknown");
}

#[tokio::test]
async fn a_payment_goes_on_less_the_fee_and_so_does_its_renewal() {
    let peer = Peer::start().await;
    let account = account(&peer).await;
    let customer = peer.customer(Card::Good).await;
    let price = peer.price(300, "month").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("transfer_data[destination]", account.as_str()),
    ];
    let early = peer.refused("subscriptions", &form).await;
    assert_eq!(early["code"], "insufficient_capabilities_for_transfer");
    assert_eq!(early["param"], "transfer_data[destination]");
    peer.stripe.finish_onboarding(&account);
    let fine = [("application_fee_percent", "14.555")];
    let fine = peer
        .refused("subscriptions", &[&form[..], &fine].concat())
        .await;
    assert_eq!(fine["param"], "application_fee_percent");
    let (subscription, intent) = paid_on(&peer, &account).await;
    let charge = text(&peer.object(&intent)["latest_charge"]);
    let charge = peer.object(&charge);
    // 14.5 % of 300 is 43.5.
    let transfer = peer
        .get(&format!("transfers/{}", text(&charge["transfer"])))
        .await;
    assert_eq!(
        (&transfer["amount"], &transfer["destination"]),
        (&json!(300), &json!(account))
    );
    let path = format!("application_fees/{}", text(&charge["application_fee"]));
    assert_eq!(peer.get(&path).await["amount"], 44);
    assert_eq!(balance(&peer), 300 - 30 - 300 + 44);
    peer.stripe.advance(Duration::days(32));
    let sent = peer.get(&format!("transfers?destination={account}")).await;
    assert_eq!(sent["data"].as_array().map(Vec::len), Some(2));
    // The publication takes the money itself from now on.
    let path = format!("subscriptions/{subscription}");
    let unset = [("transfer_data", ""), ("application_fee_percent", "")];
    let changed = peer.post(&path, &unset).await;
    assert_eq!(changed["transfer_data"], Value::Null);
    peer.stripe.advance(Duration::days(32));
    assert_eq!(peer.stripe.objects("transfer").len(), 2);
}

#[tokio::test]
async fn a_refund_takes_transfer_and_fee_back_where_it_is_told_to() {
    let peer = Peer::start().await;
    let account = account(&peer).await;
    peer.stripe.finish_onboarding(&account);
    let (_, intent) = paid_on(&peer, &account).await;
    let refund = |amount: &'static str, whole: &'static str| {
        let form = [
            ("payment_intent", intent.clone()),
            ("amount", amount.to_owned()),
            ("reverse_transfer", whole.to_owned()),
            ("refund_application_fee", whole.to_owned()),
        ];
        let peer = &peer;
        async move {
            let form: Vec<(&str, &str)> = form
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            peer.ask(Method::POST, "refunds", &form).await.done()
        }
    };
    let first = refund("100", "true").await;
    let charge = peer.object(&text(&first["charge"]));
    let (transfer, fee) = (text(&charge["transfer"]), text(&charge["application_fee"]));
    assert_eq!(peer.object(&transfer)["amount_reversed"], 100);
    assert_eq!(peer.object(&fee)["amount_refunded"], 14);
    assert!(first["transfer_reversal"].is_string());
    let second = refund("50", "false").await;
    assert_eq!(second["transfer_reversal"], Value::Null);
    assert_eq!(peer.object(&transfer)["amount_reversed"], 100);
    refund("150", "true").await;
    assert_eq!(peer.object(&transfer)["reversed"], true);
    assert_eq!(peer.object(&fee)["refunded"], true);
    assert_eq!(balance(&peer), -30, "what is left is Stripe's own fee");
    let over = peer
        .refused(&format!("transfers/{transfer}/reversals"), &[])
        .await;
    assert!(text(&over["message"]).contains("already fully reversed"));
}

#[tokio::test]
async fn a_transfer_is_taken_back_by_itself_with_its_fee() {
    let peer = Peer::start().await;
    let account = account(&peer).await;
    peer.stripe.finish_onboarding(&account);
    let (_, intent) = paid_on(&peer, &account).await;
    let charge = peer.object(&text(&peer.object(&intent)["latest_charge"]));
    let path = format!("transfers/{}/reversals", text(&charge["transfer"]));
    let reversal = peer
        .post(&path, &[("refund_application_fee", "true")])
        .await;
    assert_eq!(reversal["object"], "transfer_reversal");
    assert_eq!(balance(&peer), 300 - 30, "as if it had never gone on");
    let listed = peer.get(&path).await;
    assert_eq!(listed["data"][0]["id"], reversal["id"]);
}

#[tokio::test]
async fn an_account_that_comes_loose_is_told_of_by_an_event_of_its_own() {
    let peer = Peer::start().await;
    let account = account(&peer).await;
    peer.stripe.finish_onboarding(&account);
    peer.stripe.restrict(&account, "rejected.fraud");
    let stopped = peer.get(&format!("accounts/{account}")).await;
    assert_eq!(stopped["requirements"]["disabled_reason"], "rejected.fraud");
    assert_eq!(stopped["capabilities"]["transfers"], "inactive");
    peer.ask(Method::DELETE, &format!("accounts/{account}"), &[])
        .await
        .done();
    let gone = peer
        .ask(Method::GET, &format!("accounts/{account}"), &[])
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let last = peer.stripe.latest("event", 1).remove(0);
    assert_eq!(last["type"], "account.application.deauthorized");
    assert_eq!(last["account"], account.as_str());
    assert_eq!(last["data"]["object"]["object"], "application");
}
