//! Comparing payments with Stripe's own objects: sums that somebody has changed are put right, and what nothing proves
//! is said.

use plaudit::{
    entities::{
        ledger_entry::{Account, Column, Kind},
        payment, payment_tally,
    },
    sandbox::stripe::Card,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{books_compared::line, world::World};

#[tokio::test]
async fn a_payment_says_again_what_stripe_was_paid() {
    let world = World::new().await;
    world.shared("90").await;
    world.subscribe(Card::Good).await;
    let tip = world.begin_tip(&world.browser, "450").await;
    world.pay(&tip, Card::Good);
    world.all_arrive().await;
    let right = world.books().await;
    let db = &world.app.app.db;
    let tallies = async || {
        let rows = payment_tally::Entity::find().all(db).await;
        let sums = rows.expect("tallies").into_iter();
        sums.map(|row| row.received).sum::<i64>()
    };
    assert_eq!(tallies().await, 750);
    let paid = payment::Entity::find().all(db).await.expect("payments");
    for row in paid {
        for (amount, tax) in [(row.amount + 100, 0), (row.amount, 20)] {
            let mut wrong: payment::ActiveModel = row.clone().into();
            wrong.amount = Set(amount);
            wrong.tax = Set(tax);
            wrong.update(db).await.expect("altered");
            let more = Expr::col(payment_tally::Column::Received).add(50);
            payment_tally::Entity::update_many()
                .col_expr(payment_tally::Column::Received, more)
                .exec(db)
                .await
                .expect("altered");
            world.puts_right(&format!("{amount}, {tax}")).await;
            let now = payment::Entity::find_by_id(row.id).one(db).await;
            assert_eq!(now.expect("rows"), Some(row.clone()));
            assert_eq!(world.books().await, right);
            assert_eq!(tallies().await, 750);
        }
    }
}

#[tokio::test]
async fn what_was_given_back_comes_to_what_its_refunds_do() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, Some(100)).expect("back");
    world.all_arrive().await;
    let db = &world.app.app.db;
    for wrong in [0_i64, 300] {
        payment::Entity::update_many()
            .col_expr(payment::Column::Refunded, Expr::value(wrong))
            .exec(db)
            .await
            .expect("altered");
        world.puts_right(&format!("{wrong}")).await;
        assert_eq!(world.payment().await.refunded, 100);
    }
    assert!(world.standing().await.is_patron());
}

#[tokio::test]
async fn what_went_to_an_authors_own_account_is_his_again() {
    let world = World::new().await;
    world.shared("90").await;
    world.linked().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let right = world.books().await;
    let nora = world.other_author().await;
    let sent = line(Kind::Transfer, Account::Author);
    world
        .altered(sent.clone(), Column::AuthorId, Expr::value(nora.id))
        .await;
    world.corrects(&right, "to another author").await;
    let of_both = [(Account::Author, 5), (Account::Publication, -5)];
    for (account, by) in of_both {
        let some = Condition::all()
            .add(Column::Account.eq(account))
            .add(Column::Kind.is_in([Kind::Payment]));
        let more = Expr::col(Column::Amount).add(by);
        world.altered(some, Column::Amount, more).await;
    }
    world
        .corrects(&right, "and the payment's own division")
        .await;
    world.agrees_with_stripe().await;
    assert_eq!(world.sums().await.owed, 0);
}

#[tokio::test]
async fn what_nothing_proves_is_said_and_left_for_a_person() {
    let world = World::new().await;
    world.shared("90").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    // All of it says that it is another author's: it may be the payment that was changed.
    let nora = world.other_author().await;
    let all = Condition::all();
    world
        .altered(all, Column::AuthorId, Expr::value(nora.id))
        .await;
    let before = world.entries().await;
    for _ in 0..2 {
        assert_eq!(world.compare(true).await, "ledger_differs 1/0");
    }
    assert_eq!(world.entries().await, before);
    let text = world.app.plaudit(&["reconcile", "--fix"]).await.done();
    assert!(
        text.contains("not mended: the payment names one author, and all its entries another"),
        "{text}"
    );
    assert!(
        text.contains("for you to do: These could not be put right"),
        "{text}"
    );
    let owner = world.app.the_owner().await;
    let page = owner.get("/admin/reconcile").await;
    page.says("the payment names one author")
        .says("These could not be put right");
}
