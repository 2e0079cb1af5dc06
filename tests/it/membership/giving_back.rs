//! Refunds from the studio, and a reader who pays twice.

use plaudit::{
    entities::{MembershipState as State, audit_entry, membership, payment},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::world::World;
use crate::support::{Browser, Page};

impl World {
    pub(super) async fn matthew(&self) -> Browser {
        self.app.signed_in(self.matthew.account_id).await
    }

    /// Ann pays for the same in two windows. Returns the later of her memberships.
    pub(super) async fn pays_twice(&self) -> membership::Model {
        let first = self.begin(&self.browser, &self.friend).await;
        let second = self.begin(&self.browser, &self.friend).await;
        self.pay(&first, Card::Good);
        self.app.stripe.advance(chrono::Duration::seconds(5));
        self.pay(&second, Card::Good);
        self.all_arrive().await;
        let later = self.subscription_of(&second);
        let mut rows = self.memberships().await.into_iter();
        let row = rows.find(|row| row.stripe_subscription_id == later);
        let row = row.expect("the later");
        assert!(row.flag.is_some());
        row
    }
}

/// The form on a payment's page, sent as it stands.
pub(super) async fn gives_back(browser: &Browser, number: i64, amount: &str, times: usize) -> Page {
    let path = format!("/studio/payments/{number}");
    let page = browser.get(&path).await;
    let (_, rest) = page
        .body
        .split_once("name=\"nonce\" value=\"")
        .expect("a form");
    let (nonce, _) = rest.split_once('"').expect("a nonce");
    let form = [
        ("nonce", nonce),
        ("amount", amount),
        ("reason", "requested_by_customer"),
    ];
    let path = format!("{path}/refund");
    for _ in 1..times {
        browser.post(&path, &form).await;
    }
    browser.post(&path, &form).await
}

#[tokio::test]
async fn an_author_gives_back_a_part_and_then_the_rest() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let matthew = world.matthew().await;
    matthew.get("/studio/payments").await.says("€3.00");
    let answer = gives_back(&matthew, 1, "1.00", 1).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(world.standing().await.is_patron());
    assert_eq!(world.mails().await, "R RF W");
    let page = matthew.get("/studio/payments/1").await;
    page.says("of €2.00 at most")
        .says("−€1.00")
        .says("She asked for it");
    gives_back(&matthew, 1, "2.00", 1).await;
    world.all_arrive().await;
    assert!(!world.standing().await.is_patron());
    assert_eq!(world.mails().await, "END R RF RF W");
    assert_eq!(world.ledger().await, "payment 300, refund -300, fee -30");
    let subscription = &world.memberships().await[0].stripe_subscription_id;
    let object = world.app.stripe.object(subscription).expect("known");
    assert_eq!(
        object["status"], "canceled",
        "nobody is charged for what she cannot have"
    );
    matthew
        .get("/studio/payments/1")
        .await
        .says("Everything was given back already");
}

#[tokio::test]
async fn a_second_press_of_the_same_form_gives_nothing_back_again() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let matthew = world.matthew().await;
    let nonce = uuid::Uuid::now_v7().to_string();
    let form = [
        ("nonce", nonce.as_str()),
        ("amount", "1"),
        ("reason", "duplicate"),
    ];
    for _ in 0..2 {
        matthew.post("/studio/payments/1/refund", &form).await;
    }
    assert_eq!(world.ledger().await, "payment 300, refund -100, fee -30");
}

#[tokio::test]
async fn what_cannot_be_given_back_comes_back_as_typed() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let matthew = world.matthew().await;
    for typed in ["3.01", "0", "-1", "1.234", "three", ""] {
        let page = gives_back(&matthew, 1, typed, 1).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        page.says("between the smallest coin and what is left")
            .says(&format!("value=\"{typed}\""));
    }
    let (other, _) = world.app.author("Nora Quay").await;
    let page = other.get("/studio/payments/1").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "it is not hers");
    let page = other.get("/studio/payments/99999999999999999999").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "there is none");
    let form = [
        ("nonce", "0198c9a0-0000-7000-8000-000000000000"),
        ("amount", "1"),
    ];
    let page = other.post("/studio/payments/1/refund", &form).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "it is not hers");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
}

#[tokio::test]
async fn of_two_memberships_one_press_ends_the_later_and_gives_it_back() {
    let world = World::new().await;
    let duplicate = world.pays_twice().await;
    assert!(!duplicate.is_current);
    let owner = world.app.the_owner().await;
    owner
        .get("/admin/memberships")
        .await
        .says("End it and give the money back");
    let path = format!("/admin/memberships/{}/mend", duplicate.id);
    owner.post(&path, &[]).await;
    world.all_arrive().await;
    let rows = world.memberships().await;
    assert!(rows.iter().all(|row| row.flag.is_none()));
    let current: Vec<State> = rows
        .iter()
        .filter(|row| row.is_current)
        .map(|row| row.state)
        .collect();
    assert_eq!(current, [State::Active]);
    assert!(world.standing().await.is_patron());
    let payments = payment::Entity::find().all(&world.app.app.db).await;
    let back: i64 = payments
        .expect("payments")
        .iter()
        .map(|row| row.refunded)
        .sum();
    assert_eq!(back, 300);
    let acts = audit_entry::Entity::find().all(&world.app.app.db).await;
    assert!(acts.expect("acts").iter().any(|act| act.act == "mend"));
    // Again, and by somebody else: nothing.
    owner.post(&path, &[]).await;
    assert_ne!(world.browser.post(&path, &[]).await.status, StatusCode::OK);
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
}

#[tokio::test]
async fn a_press_on_what_was_given_back_a_moment_before_ends_it_all_the_same() {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let duplicate = world.pays_twice().await;
    let later = &duplicate.stripe_subscription_id;
    let intent = stripe.last_payment(later).expect("paid");
    stripe.refund(&intent, None).expect("given back");
    let owner = world.app.the_owner().await;
    let path = format!("/admin/memberships/{}/mend", duplicate.id);
    let page = owner.post(&path, &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    world.all_arrive().await;
    let rows = world.memberships().await;
    assert!(rows.iter().all(|row| row.flag.is_none()));
    assert!(world.standing().await.is_patron());
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
    let acts = audit_entry::Entity::find().all(&world.app.app.db).await;
    assert!(acts.expect("acts").iter().any(|act| act.act == "mend"));
}

/// The later of two is one that Stripe does not know: deleted there, or of another account.
async fn a_press_ends_what_stripe_does_not_know(is_given_back: bool) {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let duplicate = world.pays_twice().await;
    let later = &duplicate.stripe_subscription_id;
    membership::Entity::update_many()
        .col_expr(
            membership::Column::StripeSubscriptionId,
            Expr::value("sub_nowhere"),
        )
        .filter(membership::Column::Id.eq(duplicate.id))
        .exec(&world.app.app.db)
        .await
        .expect("renamed");
    if is_given_back {
        let intent = stripe.last_payment(later).expect("paid");
        stripe.refund(&intent, None).expect("given back");
        world.all_arrive().await;
    }
    let owner = world.app.the_owner().await;
    let path = format!("/admin/memberships/{}/mend", duplicate.id);
    let row = async || {
        let rows = world.memberships().await;
        let found = rows.into_iter().find(|row| row.id == duplicate.id);
        found.expect("the row")
    };
    // A look-up that fails in any other way ends nothing; neither does a 404 of whoever stands in between.
    for status in [500, 404, 401, 429] {
        stripe.fail_requests(99, status);
        let page = owner.post(&path, &[]).await;
        assert!(page.status.is_server_error(), "{status}: {}", page.status);
        assert_eq!(row().await.state, State::Active, "{status}");
        assert!(row().await.flag.is_some(), "{status}");
    }
    stripe.fail_requests(0, 500);
    owner.post(&path, &[]).await;
    let ended = row().await;
    assert_eq!((ended.state, ended.flag), (State::Ended, None));
    owner
        .get("/admin/memberships")
        .await
        .says("No membership needs attention");
    assert!(world.standing().await.is_patron(), "by the first");
    world.app.work().await;
    assert!(world.mails().await.contains("END"));
    // What was paid for it is given back and booked, and two are found no more.
    let payments = payment::Entity::find().all(&world.app.app.db).await;
    let back = payments.expect("payments");
    let back: i64 = back.iter().map(|row| row.refunded).sum();
    assert_eq!(back, 300);
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
    let found = world.compare(true).await;
    assert!(!found.contains("two_in_force"), "{found}");
    // By its payment it is known again which one it was, and nothing of it is left.
    assert_eq!(row().await.state, State::Suspended);
}

#[tokio::test]
async fn of_two_the_later_is_ended_by_a_press_where_stripe_does_not_know_it() {
    a_press_ends_what_stripe_does_not_know(false).await;
    a_press_ends_what_stripe_does_not_know(true).await;
}

#[tokio::test]
async fn who_has_paid_in_one_window_cannot_pay_again_in_another() {
    let world = World::new().await;
    let first = world.begin(&world.browser, &world.friend).await;
    let second = world.begin(&world.browser, &world.friend).await;
    world.pay(&first, Card::Good);
    world.all_arrive().await;
    let object = world.app.stripe.object(&second).expect("a session");
    assert_eq!(object["status"], "expired");
}

/// No two of these payments have an invoice, and Stripe's older ones had no intent.
#[tokio::test]
async fn what_is_given_back_is_taken_from_its_own_payment_among_others() {
    let world = World::new().await;
    let mut sessions = Vec::new();
    for amount in ["310", "320", "330"] {
        let session = world.begin_tip(&world.browser, amount).await;
        world.pay(&session, Card::Good);
        world.all_arrive().await;
        sessions.push(session);
    }
    for (session, amount, part) in [(1, 320, 20), (0, 310, 10), (2, 330, 30)] {
        let session = world.app.stripe.object(&sessions[session]).expect("paid");
        let intent = session["payment_intent"].as_str().expect("an intent");
        world.app.stripe.refund(intent, Some(part)).expect("back");
        world.all_arrive().await;
        let rows = payment::Entity::find().all(&world.app.app.db).await;
        let rows = rows.expect("payments");
        let own = rows.iter().find(|row| row.amount == amount);
        assert_eq!(own.map(|row| row.refunded), Some(part));
    }
    let ledger = world.ledger().await;
    assert!(ledger.contains("payment 960, refund -60"), "{ledger}");
    assert_eq!(world.mails().await, "R R R RF RF RF W W W");
}
