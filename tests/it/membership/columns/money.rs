//! The columns of a payment, a refund and a dispute.

use plaudit::{
    entities::{dispute, grant, payment, price, refund, tip},
    sandbox::stripe::Card,
};
use sea_orm::{EntityTrait, Iterable, Value};
use uuid::Uuid;

use super::{Ours, Stripes, before, wrong};
use crate::membership::{World, month};

fn no_text() -> Value {
    Value::String(None)
}

impl World {
    pub(super) async fn payments(&self) -> Vec<payment::Model> {
        let rows = payment::Entity::find().all(&self.app.app.db).await;
        let mut rows = rows.expect("payments");
        rows.sort_by_key(|row| row.number);
        rows
    }

    /// A tip of Ann's that her bank has asked back. Returns the dispute.
    pub(super) async fn disputed_tip(&self, amount: &str) -> String {
        let session = self.begin_tip(&self.browser, amount).await;
        self.pay(&session, Card::Good);
        let object = self.app.stripe.object(&session).expect("the session");
        let intent = object["payment_intent"].as_str().expect("an intent");
        let dispute = self.app.stripe.dispute(intent, "fraudulent");
        dispute.expect("disputed")
    }
}

#[tokio::test]
async fn a_payment_is_put_back_column_by_column() {
    let world = World::new().await;
    world.shared("90").await;
    world.subscribe(Card::Good).await;
    let tip = world.begin_tip(&world.browser, "450").await;
    world.pay(&tip, Card::Good);
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let others = world.others().await;
    assert_eq!(world.compare(true).await, "");
    let db = &world.app.app.db;
    let tip = tip::Entity::find()
        .one(db)
        .await
        .expect("rows")
        .expect("a tip");
    let gift = grant::Entity::find()
        .one(db)
        .await
        .expect("rows")
        .expect("a gift");
    let payments = world.payments().await;
    let of = |wanted: fn(&payment::Model) -> bool| {
        let found = payments.iter().find(|row| wanted(row)).cloned();
        found.expect("a payment")
    };
    let prices = price::Entity::find().all(db).await.expect("prices");
    use payment::Column;
    let whose = |row: &payment::Model| {
        let paid = row.paid_at;
        let (is_bill, is_gift) = (row.membership_id.is_some(), row.grant_id.is_some());
        let (bob, nora) = (others.bob.id, others.nora.id);
        let (tip, gift) = (tip.id, gift.id);
        let mut others = prices.iter().filter(|one| Some(one.id) != row.price_id);
        let other_price = others.next().expect("another price").id;
        move |column| match column {
            Column::Id => Ours("our own name for it"),
            Column::Number => Ours("the receipt's number is counted here"),
            Column::AccountId => wrong(bob),
            Column::AuthorId => wrong(nora),
            Column::MembershipId if is_bill => wrong(Value::Uuid(None)),
            Column::MembershipId => wrong(Uuid::now_v7()),
            Column::TipId if is_bill || is_gift => wrong(tip),
            Column::TipId => wrong(Value::Uuid(None)),
            Column::GrantId if is_gift => wrong(Value::Uuid(None)),
            Column::GrantId => wrong(gift),
            Column::PriceId if is_bill => wrong(other_price),
            Column::PriceId => Ours("a tip buys no tier, and a gift names its own"),
            Column::Amount => wrong(299_i64),
            Column::Refunded => wrong(100_i64),
            Column::Tax => wrong(20_i64),
            Column::Currency => wrong("usd"),
            Column::StripeInvoiceId if is_bill => Stripes(vec!["in_gone".into(), no_text()]),
            Column::StripeInvoiceId => Ours("no invoice was made for it"),
            Column::StripePaymentIntentId => Stripes(vec!["pi_gone".into(), no_text()]),
            Column::StripeChargeId => Stripes(vec!["ch_gone".into(), no_text()]),
            Column::StripeTransferId => wrong("tr_gone"),
            Column::TransferReversed => wrong(10_i64),
            Column::FeeRefunded => wrong(10_i64),
            Column::HostedInvoiceUrl | Column::InvoicePdfUrl if is_bill => wrong(no_text()),
            Column::HostedInvoiceUrl | Column::InvoicePdfUrl => Ours("no invoice was made for it"),
            Column::PayerName if is_gift => wrong("Somebody"),
            Column::PayerName => Stripes(vec!["Somebody".into(), no_text()]),
            Column::PayerVatId => wrong("Somebody"),
            Column::Method => Stripes(vec!["sepa_debit".into(), no_text()]),
            Column::Last4 => wrong("0000"),
            Column::CardExpiresAt => wrong(paid),
            Column::PeriodStart => wrong(before(paid)),
            Column::PeriodEnd => wrong(before(paid)),
            Column::PaidAt => Stripes(vec![before(paid).into(), (paid - month()).into()]),
        }
    };
    for row in [
        of(|row| row.membership_id.is_some()),
        of(|row| row.tip_id.is_some()),
        of(|row| row.grant_id.is_some()),
    ] {
        let whose = whose(&row);
        world.proves::<payment::Entity, _>(row, whose).await;
    }
}

#[tokio::test]
async fn a_refund_is_put_back_column_by_column() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, Some(100)).expect("back");
    world.all_arrive().await;
    let db = &world.app.app.db;
    let row = refund::Entity::find()
        .one(db)
        .await
        .expect("rows")
        .expect("a refund");
    let payments = world.payments().await;
    let other = payments
        .iter()
        .find(|one| one.id != row.payment_id)
        .expect("another")
        .id;
    let at = row.refunded_at;
    use refund::Column;
    world
        .proves::<refund::Entity, _>(row, |column| match column {
            Column::Id => Ours("our own name for it"),
            Column::PaymentId => wrong(other),
            Column::StripeRefundId => wrong("re_gone"),
            Column::Amount => wrong(99_i64),
            Column::Currency => wrong("usd"),
            Column::State => Stripes(vec!["pending".into(), "failed".into()]),
            Column::Reason => wrong("fraudulent"),
            Column::RefundedAt => wrong(before(at)),
        })
        .await;
}

#[tokio::test]
async fn a_dispute_is_put_back_column_by_column_however_it_ended() {
    let world = World::new().await;
    for amount in ["450", "451", "452"] {
        world.disputed_tip(amount).await;
    }
    world.all_arrive().await;
    let db = &world.app.app.db;
    let rows = dispute::Entity::find().all(db).await.expect("disputes");
    let of = |amount| {
        rows.iter()
            .find(|row| row.amount == amount)
            .cloned()
            .expect("one")
    };
    let stripe = &world.app.stripe;
    stripe.close_dispute(&of(451).stripe_dispute_id, true);
    stripe.close_dispute(&of(452).stripe_dispute_id, false);
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "");
    let rows = dispute::Entity::find().all(db).await.expect("disputes");
    assert_eq!(rows.len(), 3);
    for row in rows.clone() {
        let other = rows
            .iter()
            .find(|one| one.id != row.id)
            .expect("another")
            .payment_id;
        let (state, opened, closed) = (row.state, row.opened_at, row.closed_at);
        let is_refundable = row.is_refundable;
        use dispute::Column;
        let whose = |column| match column {
            Column::Id => Ours("our own name for it"),
            Column::PaymentId => wrong(other),
            Column::StripeDisputeId => wrong("du_gone"),
            Column::Amount => wrong(400_i64),
            Column::Currency => wrong("usd"),
            Column::State => {
                let others = dispute::State::iter().filter(|other| *other != state);
                Stripes(others.map(Value::from).collect())
            }
            Column::Reason => wrong("duplicate"),
            Column::OpenedAt => wrong(before(opened)),
            Column::ClosedAt if closed.is_none() => wrong(opened),
            Column::IsRefundable => wrong(!is_refundable),
            Column::ClosedAt => Ours("when we saw that it was closed: Stripe does not say"),
        };
        world.proves::<dispute::Entity, _>(row, whose).await;
    }
}
