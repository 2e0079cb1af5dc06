//! Ways to pay: a trial once, a word with a tip, a tier that closes meanwhile, a year that saves.

use plaudit::{
    entities::{checkout, outbox, tip},
    membership::{Support, tiers},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::world::World;

#[tokio::test]
async fn a_trial_is_for_the_first_time() {
    let mut world = World::new().await;
    world.trial(14).await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    world.browser.get(&path).await.says("14 days");
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Former);
    let page = world.browser.get(&path).await;
    assert!(!page.body.contains("14 days"), "{}", page.body);
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    assert_eq!(
        world.mails().await,
        "END R W W",
        "this time she pays at once"
    );
    // Somebody else still has hers.
    let (bob, _) = world.app.reader("Bob").await;
    bob.get(&path).await.says("14 days");
}

#[tokio::test]
async fn a_tip_carries_a_word_to_its_author() {
    let world = World::new().await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    let form = [
        ("tip", "once"),
        ("own", "4.50"),
        (
            "message",
            "Thank you <b>so</b> much\nfor the harbour piece.\u{7}\u{202e}",
        ),
    ];
    let answer = world.browser.post(&path, &form).await;
    let (_, session) = answer.location().rsplit_once('/').expect("a session");
    world.pay(session, Card::Good);
    world.all_arrive().await;
    let db = &world.app.app.db;
    let given = tip::Entity::find()
        .one(db)
        .await
        .expect("asked")
        .expect("given");
    let expected = "Thank you <b>so</b> much\nfor the harbour piece.";
    assert_eq!(given.message.as_deref(), Some(expected));
    let letters = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("author_tip"))
        .all(db)
        .await
        .expect("letters");
    let [letter] = letters.as_slice() else {
        panic!("one letter: {letters:?}");
    };
    assert_eq!(letter.account_id, Some(world.matthew.account_id));
    assert_eq!(letter.subject, "Ann gave you €4.50");
    assert!(
        letter.body_text.contains("> for the harbour piece."),
        "{}",
        letter.body_text
    );
    assert!(!letter.body_html.contains("<b>so"), "{}", letter.body_html);
    let matthew = world.app.signed_in(world.matthew.account_id).await;
    let page = matthew.get("/studio/supporters").await;
    page.says("for the harbour piece");
    assert!(!page.body.contains("<b>so"), "{}", page.body);
}

#[tokio::test]
async fn what_cannot_be_given_comes_back_with_the_word_she_typed() {
    let world = World::new().await;
    let path = format!("/authors/{}/support", world.matthew.slug);
    for own in ["0.10", "20000", "3.005", "", "three"] {
        let form = [("tip", "once"), ("own", own), ("message", "For the quay")];
        let page = world.browser.post(&path, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{own}");
        page.says("For the quay");
    }
}

#[tokio::test]
async fn whose_payment_was_quicker_than_the_closing_of_her_tier_gets_it() {
    let world = World::new().await;
    let session = world.begin(&world.browser, &world.friend).await;
    tiers::archive(&world.app.app, world.matthew.id, world.friend.id, None)
        .await
        .expect("closed");
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    let again = world.begin_again().await;
    assert_ne!(again.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!again.location().contains("/checkout/"), "it is closed");
}

#[tokio::test]
async fn who_stands_in_checkout_when_the_tier_closes_cannot_pay_for_it_any_more() {
    let world = World::new().await;
    let session = world.begin(&world.browser, &world.friend).await;
    let app = &world.app.app;
    tiers::archive(app, world.matthew.id, world.friend.id, None)
        .await
        .expect("closed");
    world.all_arrive().await;
    let stripe = &world.app.stripe;
    let refused = stripe.complete_checkout(&session, Card::Good, "ann@example.org", "Ann");
    assert!(refused.expect_err("closed").contains("expired"));
    let row = checkout::Entity::find().one(&app.db).await.expect("asked");
    let row = row.expect("a checkout");
    assert_eq!(row.state, checkout::State::Expired);
    let back = format!("/support/cancelled?checkout={}", row.id);
    world.browser.get(&back).await.says("not on offer any more");
    assert_eq!(world.mails().await, "");
    assert_eq!(world.ledger().await, "");
}

#[tokio::test]
async fn a_year_says_what_it_saves() {
    let world = World::new().await;
    let path = format!("/authors/{}/support?every=year", world.matthew.slug);
    let page = world.browser.get(&path).await;
    page.says("€6 less than twelve months")
        .says("€30 less than twelve months");
}

#[tokio::test]
async fn who_pays_from_a_bank_account_is_told_that_it_takes_time() {
    let world = World::new().await;
    let session = world.begin(&world.browser, &world.friend).await;
    world.pay(&session, Card::BankPays);
    let thanks = format!("/support/thanks?session_id={session}");
    world.browser.get(&thanks).await.says("on its way");
    let account = world.browser.get("/account").await;
    account.says("on its way");
    assert!(!world.standing().await.is_patron());
    // She cannot pay for the same a second time meanwhile.
    let again = world.begin_again().await;
    assert!(
        again.location().starts_with("/account"),
        "{:?}",
        again.location()
    );
    world.app.stripe.advance(chrono::Duration::minutes(4));
    world.all_arrive().await;
    let page = world.browser.get(&thanks).await;
    assert!(!page.body.contains("on its way"), "{}", page.body);
    assert!(world.standing().await.is_patron());
    assert_eq!(world.mails().await, "R W");
}
