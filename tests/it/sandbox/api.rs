//! The API's door: unknown parameters, keys, lists, idempotency, expansion.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::peer::{Peer, id, text};
use plaudit::sandbox::stripe::Card;

#[tokio::test]
async fn what_stripe_does_not_know_is_refused_and_named() {
    let peer = Peer::start().await;
    let recurring = ("recurring[intervall]", "month");
    for (path, form, stranger) in [
        ("customers", vec![("emale", "a@example.org")], "emale"),
        (
            "prices",
            vec![("currency", "eur"), recurring],
            "recurring[intervall]",
        ),
        (
            "checkout/sessions",
            vec![
                ("mode", "subscription"),
                ("line_items[0][prise]", "price_1"),
            ],
            "line_items[0][prise]",
        ),
        (
            "refunds",
            vec![("payment_intend", "pi_1")],
            "payment_intend",
        ),
    ] {
        let error = peer.refused(path, &form).await;
        assert_eq!(error["type"], "invalid_request_error");
        assert_eq!(error["code"], "parameter_unknown");
        assert_eq!(error["param"], stranger);
        let words = format!("Received unknown parameter: {stranger}");
        assert_eq!(error["message"], words);
    }
    let listed = peer
        .ask(Method::GET, "subscriptions?state=active", &[])
        .await;
    assert_eq!(listed.status, StatusCode::BAD_REQUEST);
    assert_eq!(listed.body["error"]["param"], "state");
}

#[tokio::test]
async fn what_is_missing_or_cannot_be_is_refused_with_the_parameter() {
    let peer = Peer::start().await;
    for (path, form, code, param) in [
        ("products", vec![], "parameter_missing", "name"),
        (
            "products",
            vec![("name", "")],
            "parameter_invalid_empty",
            "name",
        ),
        (
            "customers",
            vec![("email", "nowhere")],
            "email_invalid",
            "email",
        ),
        (
            "subscriptions",
            vec![("customer", "cus_nobody")],
            "resource_missing",
            "customer",
        ),
    ] {
        let error = peer.refused(path, &form).await;
        assert_eq!(
            (&error["code"], &error["param"]),
            (&json!(code), &json!(param))
        );
    }
    let absent = peer.ask(Method::GET, "customers/cus_nobody", &[]).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    assert_eq!(absent.body["error"]["code"], "resource_missing");
    let nowhere = peer.ask(Method::GET, "unicorns", &[]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_test_key_nothing_is_told() {
    let peer = Peer::start().await;
    let http = reqwest::Client::new();
    let url = format!("{}/v1/customers", peer.url);
    for request in [http.get(&url), http.get(&url).bearer_auth("sk_live_x")] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_newest_first_and_backwards_too() {
    let peer = Peer::start().await;
    let mut made = Vec::new();
    for number in 0..25 {
        let name = format!("number {number}");
        made.push(id(&peer.post("products", &[("name", &name)]).await));
    }
    made.reverse();
    let mut seen: Vec<String> = Vec::new();
    loop {
        let after = match seen.last() {
            Some(last) => format!("&starting_after={last}"),
            None => String::new(),
        };
        let page = peer.get(&format!("products?limit=10{after}")).await;
        seen.extend(ids(&page));
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(seen, made);
    let back = peer
        .get(&format!("products?limit=3&ending_before={}", made[5]))
        .await;
    assert_eq!(ids(&back), made[2..5]);
    assert_eq!(back["has_more"], true);
    for (query, param) in [
        ("limit=101", "limit"),
        ("starting_after=x", "starting_after"),
    ] {
        let path = format!("products?{query}");
        let answer = peer.ask(Method::GET, &path, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.body["error"]["param"], param);
    }
}

#[tokio::test]
async fn lists_are_filtered_as_stripe_filters_them() {
    let peer = Peer::start().await;
    let (ann, bob) = (
        peer.customer(Card::Good).await,
        peer.customer(Card::Good).await,
    );
    let price = peer.price(300, "month").await;
    let first = id(&peer.subscribe(&ann, &price).await);
    let second = id(&peer.subscribe(&bob, &price).await);
    peer.stripe.cancel_now(&first);
    let since = peer.clock.now().timestamp() + 1;
    peer.stripe.advance(chrono::Duration::seconds(10));
    let third = id(&peer.subscribe(&ann, &price).await);
    for (query, expected) in [
        (String::new(), vec![&third, &second]),
        ("status=all".to_owned(), vec![&third, &second, &first]),
        ("status=canceled".to_owned(), vec![&first]),
        (format!("customer={ann}&status=all"), vec![&third, &first]),
        (format!("created[gte]={since}"), vec![&third]),
        (
            format!("created[lt]={since}&status=all"),
            vec![&second, &first],
        ),
        (format!("price={price}&limit=1"), vec![&third]),
    ] {
        let list = peer.get(&format!("subscriptions?{query}")).await;
        let expected: Vec<&str> = expected.into_iter().map(String::as_str).collect();
        assert_eq!(ids(&list), expected, "{query}");
    }
    let paid = peer.get(&format!("invoices?subscription={third}")).await;
    assert_eq!(paid["data"][0]["status"], "paid");
    assert_eq!(paid["data"].as_array().map(Vec::len), Some(1));
    let none = peer.get("invoices?status=open").await;
    assert_eq!(ids(&none), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer_and_for_something_else_none() {
    let peer = Peer::start().await;
    let form = [("name", "Ann")];
    let ask = |form| peer.ask_with(Method::POST, "customers", form, Some("one"));
    let first = ask(&form).await;
    let again = ask(&form).await;
    assert_eq!(first.body, again.body);
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let other = ask(&[("name", "Bob")]).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    assert_eq!(other.body["error"]["type"], "idempotency_error");
    assert_eq!(peer.stripe.objects("customer").len(), 1);
    // A refusal is not kept: the mended request may use the key.
    let key = Some("two");
    let bad = [("emale", "a")];
    let refused = peer.ask_with(Method::POST, "customers", &bad, key).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let mended = peer.ask_with(Method::POST, "customers", &form, key).await;
    assert_eq!(mended.status, StatusCode::OK);
    peer.stripe.advance(chrono::Duration::hours(25));
    let later = ask(&[("name", "Bob")]).await;
    assert_eq!(later.status, StatusCode::OK, "keys last a day");
}

#[tokio::test]
async fn ids_are_expanded_into_objects_where_that_is_asked() {
    let peer = Peer::start().await;
    let customer = peer.customer(Card::Good).await;
    let price = peer.price(300, "month").await;
    let subscription = id(&peer.subscribe(&customer, &price).await);
    let path =
        format!("subscriptions/{subscription}?expand[]=latest_invoice.payments&expand[]=customer");
    let whole = peer.get(&path).await;
    assert_eq!(whole["customer"]["name"], "Ann");
    let payments = &whole["latest_invoice"]["payments"]["data"];
    assert_eq!(payments[0]["status"], "paid");
    let path = format!("subscriptions/{subscription}?expand[]=nonsense");
    let refused = peer.ask(Method::GET, &path, &[]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn ten_thousand_come_in_a_hundred_pages() {
    let peer = Peer::start().await;
    for number in 0..10_000 {
        peer.stripe.put(json!({
            "id": format!("sub_{number}"), "object": "subscription", "status": "active",
            "created": number, "customer": format!("cus_{}", number % 100),
        }));
    }
    let (mut seen, mut last) = (0, String::new());
    loop {
        let page = peer.get(&format!("subscriptions?limit=100{last}")).await;
        let ids = ids(&page);
        seen += ids.len();
        last = format!("&starting_after={}", ids.last().expect("some"));
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(seen, 10_000);
    let hers = peer.get("subscriptions?limit=100&customer=cus_7").await;
    assert_eq!(ids(&hers).len(), 100);
}

fn ids(list: &Value) -> Vec<String> {
    let items = list["data"].as_array().expect("a list");
    items.iter().map(|item| text(&item["id"])).collect()
}
