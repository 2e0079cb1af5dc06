//! Comparing with Stripe: what went missing is found, said by class, and mended; nobody loses anything
//! because a look-up failed.

use plaudit::{
    entities::{
        MembershipState as State, account, audit_entry, checkout, ledger_entry, membership, outbox,
        price, stripe_event,
    },
    membership::reconcile,
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::Value;

use super::world::{World, month};
use crate::support::let_the_ledger_be_altered;

impl World {
    /// Everything that is held is lost on its way.
    fn all_lost(&self) {
        self.app.stripe.release(|held| held.clear());
    }

    pub(super) async fn compare(&self, is_mending: bool) -> String {
        let app = &self.app.app;
        let id = reconcile::begin(app, is_mending, None)
            .await
            .expect("begun");
        let finished = reconcile::resume(app, id, |_| {}).await.expect("compared");
        assert!(finished);
        self.all_lost();
        self.app.work().await;
        self.found(id).await
    }

    /// What a comparison found, by class: `class found/mended`.
    pub(super) async fn found(&self, id: uuid::Uuid) -> String {
        let report = reconcile::report(&self.app.app, id).await.expect("asked");
        let counts = report.expect("a report").counts();
        let counts = counts
            .into_iter()
            .map(|(class, (found, mended))| format!("{} {found}/{mended}", class.word()));
        counts.collect::<Vec<_>>().join(", ")
    }

    async fn states(&self) -> Vec<State> {
        let rows = self.memberships().await;
        rows.iter().map(|row| row.state).collect()
    }
}

#[tokio::test]
async fn where_all_arrived_nothing_differs() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "");
    assert_eq!(world.mails().await, "R R W");
}

#[tokio::test]
async fn who_paid_while_nothing_arrived_is_found_and_made_a_patron() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_lost();
    let found = world.compare(false).await;
    assert!(found.contains("missing_here 1/0"), "{found}");
    assert!(found.contains("undelivered_event"), "{found}");
    assert!(world.states().await.is_empty());
    let found = world.compare(true).await;
    assert!(found.contains("missing_here 1/1"), "{found}");
    assert_eq!(world.states().await, [State::Active]);
    assert_eq!(world.mails().await, "R W");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    assert_eq!(world.compare(false).await, "");
}

/// Stripe has forgotten the events; the payments say themselves what they were for.
#[tokio::test]
async fn a_tip_and_a_gift_nobody_told_of_are_found_long_after() {
    let world = World::new().await;
    let session = world.begin_tip(&world.browser, "450").await;
    world.pay(&session, Card::Good);
    world.buys(&world.browser, &[]).await;
    world.all_lost();
    world.app.stripe.advance(chrono::Duration::days(40));
    world.all_lost();
    assert_eq!(world.compare(false).await, "missing_here 2/0");
    assert!(!world.standing().await.is_patron());
    assert_eq!(world.compare(true).await, "missing_here 2/2");
    assert_eq!(world.ledger().await, "payment 2250, fee -84");
    assert_eq!(world.mails().await, "GB R R W");
    assert_eq!(world.compare(true).await, "");
}

#[tokio::test]
async fn s102_the_endpoint_was_down_for_four_days() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let stripe = &world.app.stripe;
    stripe.advance(month());
    let intent = stripe.last_payment(&subscription).expect("paid");
    stripe.refund(&intent, Some(100)).expect("refunded");
    stripe.book_end(&subscription, true);
    stripe.advance(chrono::Duration::days(4));
    world.all_lost();
    let found = world.compare(true).await;
    assert!(found.contains("state_differs 1/1"), "{found}");
    assert_eq!(world.states().await, [State::Cancelling]);
    assert_eq!(world.mails().await, "CX R R RF W");
    assert_eq!(world.ledger().await, "payment 600, refund -100, fee -60");
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn a_state_that_was_written_wrongly_is_put_right() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    for wrong in [State::Ended, State::Paused, State::Grace, State::Suspended] {
        membership::Entity::update_many()
            .col_expr(membership::Column::State, Expr::value(wrong))
            .exec(&world.app.app.db)
            .await
            .expect("written");
        assert_eq!(world.compare(true).await, "state_differs 1/1", "{wrong:?}");
        assert_eq!(world.states().await, [State::Active], "{wrong:?}");
        assert!(world.standing().await.is_patron());
    }
    let mended = audit_entry::Entity::find()
        .filter(audit_entry::Column::Act.eq("reconcile"))
        .all(&world.app.app.db)
        .await;
    assert_eq!(mended.expect("entries").len(), 4);
}

#[tokio::test]
async fn what_stripe_does_not_know_takes_no_access_away() {
    let world = World::new().await;
    let (_, bob) = world.app.reader("Bob").await;
    world.app.patron(bob.id, &world.matthew).await;
    assert_eq!(world.compare(true).await, "missing_there 1/0");
    assert_eq!(world.states().await, [State::Active]);
}

#[tokio::test]
async fn with_stripe_away_it_breaks_off_and_goes_on_where_it_was() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_lost();
    let app = &world.app.app;
    let id = reconcile::begin(app, true, None).await.expect("begun");
    world.app.stripe.fail_requests(1, 500);
    reconcile::resume(app, id, |_| {}).await.expect_err("away");
    assert!(world.states().await.is_empty());
    assert!(reconcile::resume(app, id, |_| {}).await.expect("resumed"));
    assert_eq!(world.states().await, [State::Active]);
    // Finished: there is nothing to go on with.
    assert!(!reconcile::resume(app, id, |_| {}).await.expect("asked"));
}

#[tokio::test]
async fn two_in_force_are_said_and_left_for_a_person() {
    let world = World::new().await;
    let first = world.begin(&world.browser, &world.friend).await;
    let second = world.begin(&world.browser, &world.friend).await;
    world.pay(&first, Card::Good);
    world.pay(&second, Card::Good);
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "two_in_force 1/0");
}

#[tokio::test]
async fn a_payment_without_receipt_or_entry_gets_them() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let db = &world.app.app.db;
    outbox::Entity::delete_many()
        .filter(outbox::Column::Kind.eq("receipt"))
        .exec(db)
        .await
        .expect("gone");
    let_the_ledger_be_altered(db).await;
    ledger_entry::Entity::delete_many()
        .exec(db)
        .await
        .expect("gone");
    let found = world.compare(true).await;
    assert_eq!(found, "payment_without_receipt 1/1, ledger_differs 1/1");
    assert_eq!(world.mails().await, "R W");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    assert_eq!(world.compare(true).await, "");
}

#[tokio::test]
async fn prices_and_customers_nobody_knows_are_said() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let db = &world.app.app.db;
    price::Entity::update_many()
        .col_expr(
            price::Column::StripePriceId,
            Expr::value(Option::<String>::None),
        )
        .exec(db)
        .await
        .expect("forgotten");
    account::Entity::update_many()
        .col_expr(account::Column::StripeCustomerId, Expr::value("cus_other"))
        .filter(account::Column::Id.eq(world.ann.id))
        .exec(db)
        .await
        .expect("changed");
    assert_eq!(
        world.compare(true).await,
        "unknown_price 1/0, orphan_customer 1/0"
    );
    assert_eq!(world.states().await, [State::Active], "{subscription}");
}

#[tokio::test]
async fn the_command_says_what_differs_and_mends_it() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_lost();
    let text = world.app.plaudit(&["reconcile"]).await.done();
    assert!(text.contains("missing here: 1\n"), "{text}");
    let mended = ["reconcile", "--fix", "--json"];
    let json: Value = serde_json::from_str(&world.app.plaudit(&mended).await.done()).expect("JSON");
    assert_eq!(json["counts"]["missing_here"]["mended"], 1, "{json}");
    assert_eq!(world.states().await, [State::Active]);
    world.app.work().await;
    let since = ["reconcile", "--since", "36h"];
    let text = world.app.plaudit(&since).await.done();
    assert!(text.contains("nothing differs"), "{text}");
    let said = world.app.plaudit(&["reconcile", "--since", "soon"]).await;
    assert!(said.err.contains("--since"), "{}", said.err);
}

#[tokio::test]
async fn the_owner_compares_and_sees_what_came_of_it() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_lost();
    let owner = world.app.the_owner().await;
    owner
        .get("/admin/reconcile")
        .await
        .says("Nothing has been compared yet");
    owner.post("/admin/reconcile", &[("mend", "true")]).await;
    owner
        .get("/admin/reconcile")
        .await
        .says("Comparing: 0 so far");
    reconcile::work(&world.app.app).await.expect("worked");
    let page = owner.get("/admin/reconcile").await;
    page.says("All differences are mended")
        .says("Missing here")
        .says("mended");
    let page = world.browser.get("/admin/reconcile").await;
    assert_ne!(page.status, reqwest::StatusCode::OK);
}

#[tokio::test]
async fn once_a_day_everything_is_compared_by_itself() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let app = &world.app.app;
    assert_eq!(reconcile::work(app).await.expect("worked"), 1);
    assert_eq!(reconcile::work(app).await.expect("worked"), 0);
    world.app.stripe.cancel_now(&subscription);
    world.all_lost();
    app.clock.advance(chrono::Duration::hours(25));
    assert_eq!(reconcile::work(app).await.expect("worked"), 1);
    assert_eq!(world.states().await, [State::Ended]);
    let events = stripe_event::Entity::find()
        .all(&app.db)
        .await
        .expect("events");
    assert!(
        events
            .iter()
            .any(|event| event.kind == "customer.subscription.deleted")
    );
    let open = checkout::Entity::find()
        .filter(checkout::Column::State.eq(checkout::State::Open))
        .all(&app.db)
        .await;
    assert!(open.expect("checkouts").is_empty());
}
