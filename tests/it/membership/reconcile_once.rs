//! One round of mending is enough, whatever was lost.

use chrono::Duration;
use plaudit::{
    entities::{MembershipState as State, checkout, membership, payment},
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

use super::world::{World, month};

impl World {
    async fn payments_of(&self, id: uuid::Uuid) -> u64 {
        let of = payment::Entity::find().filter(payment::Column::MembershipId.eq(id));
        of.count(&self.app.app.db).await.expect("counted")
    }
}

#[tokio::test]
async fn a_membership_whose_row_was_deleted_has_all_its_payments_again() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    for _ in 0..2 {
        world.app.stripe.advance(month());
        world.all_arrive().await;
    }
    let (ledger, mails) = (world.ledger().await, world.mails().await);
    let db = &world.app.app.db;
    membership::Entity::delete_many()
        .exec(db)
        .await
        .expect("gone");
    let found = world.compare(true).await;
    assert!(found.contains("missing_here 1/1"), "{found}");
    assert_eq!(world.compare(true).await, "");
    let row = world.anns().await;
    assert_eq!(row.state, State::Active);
    assert_eq!(world.payments_of(row.id).await, 3);
    assert_eq!(world.ledger().await, ledger);
    assert_eq!(world.mails().await, mails, "nobody hears of it again");
}

#[tokio::test]
async fn who_paid_for_months_while_nothing_arrived_has_every_payment() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    for _ in 0..3 {
        world.app.stripe.advance(month());
    }
    // Stripe has forgotten the first events.
    world.app.stripe.advance(Duration::days(29));
    world.app.stripe.release(|held| held.clear());
    world.compare(true).await;
    assert_eq!(world.compare(true).await, "");
    let row = world.anns().await;
    let bills = world.app.stripe.objects("invoice").len();
    assert!(bills > 3);
    assert_eq!(
        world.payments_of(row.id).await,
        u64::try_from(bills).expect("a few")
    );
    assert!(world.standing().await.is_patron());
}

/// The checkout says whose it is, and a sync goes by that; nobody's membership moves because a row says so.
#[tokio::test]
async fn what_checkout_and_customer_say_differently_is_said_and_left() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let (_, bob) = world.app.reader("Bob").await;
    let db = &world.app.app.db;
    checkout::Entity::update_many()
        .col_expr(checkout::Column::AccountId, Expr::value(bob.id))
        .exec(db)
        .await
        .expect("changed");
    membership::Entity::update_many()
        .col_expr(membership::Column::AccountId, Expr::value(bob.id))
        .exec(db)
        .await
        .expect("changed");
    for _ in 0..2 {
        let found = world.compare(true).await;
        assert!(found.contains("state_differs"), "{found}");
        assert_eq!(world.memberships().await[0].account_id, bob.id);
    }
    let text = world.app.plaudit(&["reconcile", "--fix"]).await.done();
    assert!(text.contains("not mended: still"), "{text}");
}

#[tokio::test]
async fn whom_a_row_wrongly_said_to_be_gone_is_mended_without_a_letter_of_an_end() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    membership::Entity::update_many()
        .col_expr(membership::Column::State, Expr::value(State::Ended))
        .col_expr(membership::Column::StripeStatus, Expr::value("canceled"))
        .col_expr(membership::Column::IsCurrent, Expr::value(false))
        .exec(&world.app.app.db)
        .await
        .expect("written");
    assert_eq!(world.compare(true).await, "state_differs 1/1");
    assert_eq!(world.memberships().await[0].state, State::Active);
    assert!(world.standing().await.is_patron());
    assert_eq!(world.compare(false).await, "");
    assert_eq!(world.mails().await, "R W");
}
