//! Whoever pays an author twice is told so at once and ends the second by her own press, its money given back; and a
//! receipt says for ever what was bought.

use chrono::Duration;
use plaudit::{
    entities::{MembershipState as State, audit_entry, membership, outbox, payment},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _, sea_query::Expr};

use super::{
    changing::patron,
    changing_tier::{confirm, press},
    world::{World, month},
};
use crate::support::{Page, mailbox::letter};

impl World {
    async fn all_payments(&self) -> Vec<payment::Model> {
        let all = payment::Entity::find().order_by_asc(payment::Column::Number);
        all.all(&self.app.app.db).await.expect("payments")
    }

    async fn ends(&self, row: &membership::Model) -> Page {
        let path = format!("/account/memberships/{}/cancel", row.id);
        let page = self.browser.post(&path, &[]).await;
        self.all_arrive().await;
        page
    }

    /// How many letters of this kind were written.
    async fn written(&self, kind: &str) -> usize {
        let all = outbox::Entity::find().filter(outbox::Column::Kind.eq(kind));
        all.all(&self.app.app.db).await.expect("letters").len()
    }
}

#[tokio::test]
async fn she_ends_the_second_herself_and_gets_its_money_back_at_once() {
    let world = World::new().await;
    let second = world.pays_twice().await;
    let account = world.browser.get("/account").await;
    account.says("End it and get the money back");
    let page = world.ends(&second).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    world.browser.get("/account").await.does_not_say("twice");
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
    let paid = world.all_payments().await;
    let other = paid.iter().find(|one| one.membership_id != Some(second.id));
    assert_eq!(other.expect("the other's").refunded, 0);
    let rows = world.memberships().await;
    assert!(rows.iter().all(|row| row.flag.is_none()));
    assert!(world.standing().await.is_patron());
    let hers = world.ann.address().expect("an address").to_owned();
    assert!(letter(&world.app, &hers, "has ended").contains("The other goes"));
    assert_eq!(world.written("cancellation").await, 0);
    assert_eq!(world.written("leaving_for_author").await, 0);
    let acts = audit_entry::Entity::find().all(&world.app.app.db).await;
    let acts = acts.expect("acts");
    let act = acts.iter().find(|act| act.act == "mend").expect("noted");
    assert_eq!(act.account_id, Some(world.ann.id));
    let again = world.ends(&second).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.ledger().await, "payment 600, refund -300, fee -60");
}

#[tokio::test]
async fn what_was_rightly_paid_is_not_given_back_by_her_own_press() {
    let world = World::new().await;
    let second = world.pays_twice().await;
    // The older one's debt was paid long after: until then the second was the only one.
    let late = world.app.app.clock.now() + Duration::hours(2);
    payment::Entity::update_many()
        .col_expr(payment::Column::PaidAt, Expr::value(late))
        .filter(payment::Column::MembershipId.ne(second.id))
        .exec(&world.app.app.db)
        .await
        .expect("paid late");
    let (bob, _) = world.app.reader("Bob").await;
    let path = format!("/account/memberships/{}/cancel", second.id);
    assert_eq!(bob.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
    world.ends(&second).await;
    assert_eq!(world.ledger().await, "payment 600, fee -60");
    let rows = world.memberships().await;
    let row = rows.iter().find(|row| row.id == second.id).expect("there");
    assert_eq!(row.state, State::Cancelling);
    // Nobody reads that she leaves, as she does not.
    assert_eq!(world.written("cancellation").await, 0);
    assert_eq!(world.written("leaving_for_author").await, 0);
}

#[tokio::test]
async fn the_tier_of_a_second_is_not_changed() {
    let world = World::new().await;
    let second = world.pays_twice().await;
    let hers = format!("/account/memberships/{}", second.id);
    let account = world.browser.get("/account").await;
    account.does_not_say(&format!("{hers}/tier"));
    let first = world.memberships().await;
    let first = first.iter().find(|row| row.is_current).expect("the first");
    let its = format!("/account/memberships/{}", first.id);
    let page = confirm(&world.browser, &its, "Patron", "month").await;
    let refused = press(&world.browser, &hers, &page).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("so its tier is not changed");
    world.all_arrive().await;
    assert_eq!(world.ledger().await, "payment 600, fee -60");
}

#[tokio::test]
async fn the_thanks_for_a_second_say_that_it_is_one() {
    let world = World::new().await;
    let first = world.begin(&world.browser, &world.friend).await;
    let second = world.begin(&world.browser, &world.friend).await;
    let thanks = |session: &str| format!("/support/thanks?session_id={session}");
    world.pay(&first, Card::Good);
    let page = world.browser.get(&thanks(&first)).await;
    page.says("You are now a patron of Matthew Smith")
        .does_not_say("second membership");
    world.app.stripe.advance(Duration::seconds(5));
    world.pay(&second, Card::Good);
    let page = world.browser.get(&thanks(&second)).await;
    page.says("a second membership that you do not need")
        .does_not_say("You are now a patron");
}

#[tokio::test]
async fn a_receipt_says_for_ever_what_was_bought() {
    let (world, hers) = patron().await;
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    let page = confirm(&world.browser, &hers, "Friend", "month").await;
    press(&world.browser, &hers, &page).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let paid = world.all_payments().await;
    let bought = ["Friend, support", "Patron, support", "Friend, support"];
    assert_eq!(paid.len(), bought.len());
    for (payment, bought) in paid.iter().zip(bought) {
        let page = format!("/account/receipts/{}", payment.number);
        world.browser.get(&page).await.says(bought);
    }
    // The receipt of the upgrade is lost, and comes late.
    let invoice = paid[1].stripe_invoice_id.as_deref().expect("billed");
    let lost = outbox::Entity::delete_many()
        .filter(outbox::Column::Key.eq(format!("receipt:{invoice}")))
        .exec(&world.app.app.db)
        .await
        .expect("lost");
    assert_eq!(lost.rows_affected, 1);
    world.compare(true).await;
    world.app.work().await;
    let hers = world.ann.address().expect("an address").to_owned();
    let late = letter(&world.app, &hers, "Receipt");
    assert!(
        late.contains("Patron") && !late.contains("Friend"),
        "{late}"
    );
}
