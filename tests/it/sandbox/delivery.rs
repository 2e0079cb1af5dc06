//! Events on their way: signed, tried again, repeated, held, reordered, lost.

use chrono::Duration;
use plaudit::sandbox::stripe::Chaos;
use reqwest::StatusCode;

use super::peer::Peer;

async fn three(peer: &Peer) {
    for (path, form) in [
        ("products", ("name", "unheard of")),
        ("customers", ("name", "Ann")),
        ("customers", ("name", "Bob")),
        ("customers", ("name", "Cid")),
    ] {
        peer.post(path, &[form]).await;
    }
}

#[tokio::test]
async fn events_arrive_once_in_order_and_only_those_that_are_wanted() {
    let peer = Peer::start().await;
    three(&peer).await;
    let arrived = peer.arrivals().await;
    assert_eq!(arrived, ["customer.created"; 3]);
    assert_eq!(peer.arrivals().await, Vec::<String>::new());
    let kept = peer.get("events?type=product.created").await;
    assert_eq!(kept["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_the_endpoint_refuses_comes_again_later_for_three_days() {
    let peer = Peer::start().await;
    peer.endpoint_answers(StatusCode::SERVICE_UNAVAILABLE);
    peer.post("customers", &[("name", "Ann")]).await;
    assert_eq!(peer.arrivals().await.len(), 1);
    assert_eq!(peer.arrivals().await.len(), 0, "not at once");
    peer.stripe.advance(Duration::seconds(10));
    assert_eq!(peer.arrivals().await.len(), 1);
    let undelivered = peer.get("events?delivery_success=false").await;
    assert_eq!(undelivered["data"].as_array().map(Vec::len), Some(1));
    peer.endpoint_answers(StatusCode::OK);
    peer.stripe.advance(Duration::hours(1));
    assert_eq!(peer.arrivals().await.len(), 1);
    let undelivered = peer.get("events?delivery_success=false").await;
    assert_eq!(undelivered["data"].as_array().map(Vec::len), Some(0));
    peer.endpoint_answers(StatusCode::SERVICE_UNAVAILABLE);
    peer.post("customers", &[("name", "Bob")]).await;
    let mut tries = 0;
    for _ in 0..(24 * 5) {
        tries += peer.arrivals().await.len();
        peer.stripe.advance(Duration::hours(1));
    }
    assert!((5..20).contains(&tries), "{tries}");
    peer.endpoint_answers(StatusCode::OK);
    assert_eq!(peer.arrivals().await.len(), 0, "given up");
}

#[tokio::test]
async fn chaos_repeats_holds_reorders_and_loses() {
    let peer = Peer::start().await;
    peer.stripe.set_chaos(Chaos {
        repeats: 2,
        ..Chaos::default()
    });
    peer.post("customers", &[("name", "Ann")]).await;
    assert_eq!(peer.arrivals().await.len(), 3);
    peer.stripe.set_chaos(Chaos {
        hold: true,
        drop_next: 1,
        ..Chaos::default()
    });
    three(&peer).await;
    assert_eq!(peer.arrivals().await.len(), 0);
    let held = peer.stripe.held();
    assert_eq!(held.len(), 2, "one is lost");
    peer.stripe.set_chaos(Chaos::default());
    peer.post("products", &[("name", "now")]).await;
    peer.stripe.release(|events| events.reverse());
    assert_eq!(peer.arrivals().await.len(), 2);
    let again = held.first().expect("one");
    peer.stripe.send_again(again);
    assert_eq!(peer.arrivals().await.len(), 1);
}

#[tokio::test]
async fn after_thirty_days_events_are_forgotten() {
    let peer = Peer::start().await;
    three(&peer).await;
    peer.arrivals().await;
    peer.stripe.advance(Duration::days(29));
    assert_eq!(peer.stripe.objects("event").len(), 4);
    peer.stripe.advance(Duration::days(2));
    assert_eq!(peer.stripe.objects("event").len(), 0);
}

#[tokio::test]
async fn calls_fail_and_are_noted_on_demand() {
    let peer = Peer::start().await;
    peer.stripe.fail_requests(1, 429);
    let error = peer.refused("customers", &[("name", "Ann")]).await;
    assert_eq!(error["code"], "rate_limit");
    peer.post("customers", &[("name", "Ann")]).await;
    let calls = peer.stripe.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].params["name"], "Ann");
}
