//! Beside another membership with the same author nothing old is paid or resumed; what is on its way is said.

use chrono::Duration;
use plaudit::{
    entities::membership::State,
    membership::Support,
    sandbox::stripe::{Card, WhenUnpaid},
};

use super::{
    changing::patron,
    world::{World, month},
};

#[tokio::test]
async fn what_an_old_one_owes_is_not_paid_beside_a_new_one_and_a_press_ends_it() {
    let (world, old) = patron().await;
    world.app.stripe.when_unpaid(WhenUnpaid::MarkUnpaid);
    let first = world.memberships().await.remove(0);
    world
        .app
        .stripe
        .set_card(&first.stripe_customer_id, Card::Declined);
    world.app.stripe.advance(month() + Duration::days(10));
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Lapsed);
    let ann = world.app.signed_in(world.ann.id).await;
    let page = ann.get("/account").await;
    page.says("Pay or confirm now").does_not_say("End it");
    let session = world.begin(&ann, &world.friend).await;
    world.pay(&session, Card::BankPays);
    world.all_arrive().await;
    let page = ann.get("/account").await;
    page.says("Your payment for another membership with Matthew Smith is on its way")
        .does_not_say("Pay or confirm now");
    let refused = ann.submit(&format!("{old}/pay"), &[]).await;
    refused.says("paying it would make two");
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    let page = ann.get("/account").await;
    page.says("You support Matthew Smith by another membership now")
        .says("End it, and owe nothing")
        .does_not_say("Pay or confirm now")
        .does_not_say(&format!("action=\"{old}/cancel\""));
    let refused = ann.submit(&format!("{old}/pay"), &[]).await;
    refused.says("paying it would make two");
    let page = ann.submit(&format!("{old}/end"), &[]).await;
    page.says("nothing is owed any more")
        .does_not_say("End it, and owe nothing");
    world.all_arrive().await;
    let rows = world.memberships().await;
    assert_eq!(rows[0].state, State::Ended);
    assert_eq!(world.standing().await.support, Support::Patron);
    let object = |id: &str| world.app.stripe.object(id).expect("there");
    let owed = object(&first.stripe_subscription_id)["latest_invoice"].clone();
    assert_eq!(object(owed.as_str().expect("an id"))["status"], "void");
    assert_eq!(world.ledger().await, "payment 600, fee -60");
    assert!(rows.iter().all(|row| row.flag.is_none()), "never two");
    // Nothing is ended that stands alone.
    let alone = ann.submit(&format!("{old}/end"), &[]).await;
    alone.says("There is nothing to end here");
    let (eve, _) = world.app.reader("Eve").await;
    let page = eve.post(&format!("{old}/end"), &[]).await;
    assert_eq!(page.status, reqwest::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_debit_on_its_way_for_another_stands_in_the_way_of_resuming() {
    let (world, first) = patron().await;
    world.browser.submit(&format!("{first}/pause"), &[]).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let ann = world.app.signed_in(world.ann.id).await;
    let session = world.begin(&ann, &world.friend).await;
    world.pay(&session, Card::BankRefuses);
    world.all_arrive().await;
    let page = ann.get("/account").await;
    page.says("is on its way, so this one cannot be resumed beside it")
        .does_not_say(&format!("action=\"{first}/resume\""));
    let page = ann.submit(&format!("{first}/resume"), &[]).await;
    page.says("is on its way, so this one was not resumed");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    // Refused, it stands in nobody's way.
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let page = ann.submit(&format!("{first}/resume"), &[]).await;
    page.says("Your membership goes on");
    world.all_arrive().await;
    assert_eq!(world.ledger().await, "payment 600, fee -60");
}

#[tokio::test]
async fn a_tip_by_debit_is_said_to_be_on_its_way_to_reader_and_author() {
    for (card, arrives) in [(Card::BankPays, true), (Card::BankRefuses, false)] {
        let world = World::new().await;
        let session = world.begin_tip(&world.browser, "500").await;
        world.pay(&session, card);
        let thanks = format!("/support/thanks?session_id={session}");
        world.browser.get(&thanks).await.says("on its way");
        world.all_arrive().await;
        let account = world.browser.get("/account").await;
        account.says("What you gave once, €5.00, is on its way");
        let payments = world.studio.get("/studio/payments").await;
        payments
            .says("On its way")
            .says("€5.00 given once")
            .says("Ann");
        world.app.stripe.advance(Duration::minutes(4));
        world.all_arrive().await;
        let account = world.browser.get("/account").await;
        account.does_not_say("is on its way");
        let payments = world.studio.get("/studio/payments").await;
        payments.does_not_say("On its way");
        let is_booked = world.ledger().await.starts_with("payment 500,");
        assert_eq!(is_booked, arrives);
    }
}
