//! Each kind of object we use, read by the service's own client and by the typed structures of
//! async-stripe, which nobody here wrote.

use plaudit::{
    entities::Recurrence,
    money::Money,
    payments::{NewCheckout, Sale},
    sandbox::stripe::Card,
};
use stripe::{Client, ClientBuilder, StripeRequest};
use stripe_billing::{invoice::RetrieveInvoice, subscription::RetrieveSubscription};
use stripe_checkout::checkout_session::RetrieveCheckoutSession;
use stripe_core::{
    customer::RetrieveCustomer,
    event::RetrieveEvent,
    refund::{CreateRefund, RetrieveRefund},
};
use stripe_product::{price::RetrievePrice, product::RetrieveProduct};
use uuid::Uuid;

use super::peer::{Peer, text};

fn typed(peer: &Peer) -> Client {
    let builder = ClientBuilder::new("sk_test_sandbox");
    let url = format!("{}/", peer.url);
    builder.url(url).build().expect("a client")
}

/// Must be readable as async-stripe's own type.
async fn reads<R: StripeRequest>(client: &Client, request: R) -> R::Output
where
    R::Output: miniserde::Deserialize,
{
    let kind = std::any::type_name::<R::Output>();
    request.customize().send(client).await.expect(kind)
}

#[tokio::test]
async fn every_kind_is_read_by_our_client_and_by_async_stripe() {
    let peer = Peer::start().await;
    let (ours, theirs) = (peer.client(), typed(&peer));
    let one = Uuid::now_v7();
    let customer = ours
        .create_customer(one, Some("ann@example.org"), "Ann")
        .await
        .expect("a customer");
    let product = ours
        .create_product(one, "Friend", "Comments")
        .await
        .expect("a product");
    let amount = Money::new(300, "eur");
    let price = ours
        .create_price(one, &product, &amount, Recurrence::Month)
        .await
        .expect("a price");
    reads(&theirs, RetrieveCustomer::new(&*customer)).await;
    assert_eq!(
        reads(&theirs, RetrieveProduct::new(&*product)).await.name,
        "Friend"
    );
    assert_eq!(
        reads(&theirs, RetrievePrice::new(&*price))
            .await
            .unit_amount,
        Some(300)
    );

    let new = NewCheckout {
        closes_at: None,
        direct: None,
        checkout_id: one,
        sale: Sale::Subscription {
            price,
            trial_days: None,
        },
        customer: Some(customer.clone()),
        success_url: "http://localhost/thanks?session_id={CHECKOUT_SESSION_ID}".to_owned(),
        cancel_url: "http://localhost/cancelled".to_owned(),
    };
    let session = ours.create_checkout(&new).await.expect("a session").id;
    reads(&theirs, RetrieveCheckoutSession::new(&*session)).await;
    peer.stripe
        .complete_checkout(&session, Card::Good, "ann@example.org", "Ann")
        .expect("paid");
    let paid = ours.checkout_session(&session).await.expect("paid");
    assert_eq!(paid.payment_status, "paid");
    reads(&theirs, RetrieveCheckoutSession::new(&*session)).await;

    let subscription = paid.subscription.expect("one").id().to_owned();
    let read = ours.subscription(&subscription).await.expect("read");
    let invoice = read.invoice().expect("expanded").id.clone();
    assert!(ours.invoice(&invoice).await.expect("read").is_paid());
    let hers = reads(&theirs, RetrieveSubscription::new(&*subscription)).await;
    assert_eq!(hers.items.data.len(), 1);
    let billed = reads(&theirs, RetrieveInvoice::new(&*invoice)).await;
    assert_eq!(billed.amount_paid, 300);

    let intent = peer.stripe.objects("payment_intent").pop().expect("one");
    let refund = CreateRefund::new().payment_intent(text(&intent["id"]));
    let refund = reads(&theirs, refund).await;
    assert_eq!(
        reads(&theirs, RetrieveRefund::new(refund.id)).await.amount,
        300
    );

    let url = ours.portal(&customer, "http://localhost/account").await;
    peer.browser()
        .get(&url.expect("a page"))
        .await
        .says("Billing");
    for event in peer.stripe.objects("event") {
        reads(&theirs, RetrieveEvent::new(text(&event["id"]))).await;
    }
}
