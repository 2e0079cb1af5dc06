//! A gift is not used up unseen, and what becomes of its money is said as it is.

use chrono::Duration;
use plaudit::{
    entities::{account, outbox},
    membership::Support,
    sandbox::stripe::Card,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};

use crate::membership::{changing::patron, world::World};

#[tokio::test]
async fn who_has_taken_a_gift_for_later_does_not_resume_beside_it() {
    let (world, hers) = patron().await;
    world.browser.submit(&format!("{hers}/cancel"), &[]).await;
    world.all_arrive().await;
    let page = world.browser.get("/account").await;
    page.says("Stay a patron after all")
        .does_not_say("A gift begins on");
    let (ben, _) = world.app.reader("Ben").await;
    world.buys(&ben, &[]).await;
    world.all_arrive().await;
    let link = world.link("gift_bought").await;
    world.browser.submit(&link, &[]).await;
    let page = world.browser.get("/account").await;
    page.says("A gift begins on")
        .says("You pay nothing meanwhile")
        .does_not_say(&format!("action=\"{hers}/resume\""))
        .does_not_say(&format!("href=\"{hers}/tier\""));
    let page = world.browser.get(&format!("{hers}/tier")).await;
    page.says("A change would have you pay beside it")
        .does_not_say(">Choose Patron</a>");
    // The form of a page that stood open: Stripe is not even asked, and would not answer.
    world.app.stripe.fail_requests(50, 500);
    let page = world.browser.submit(&format!("{hers}/resume"), &[]).await;
    page.says("A gift of yours waits to begin")
        .says("nothing was charged");
    world.app.stripe.fail_requests(0, 500);
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Leaving);
    world.app.stripe.advance(Duration::days(40));
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Granted);
}

#[tokio::test]
async fn a_gift_is_announced_in_the_language_of_the_account_its_address_is_of() {
    let world = World::new().await;
    let (_, ben) = world.app.reader("Ben").await;
    let email = ben.email.clone().expect("an address");
    let mut row: account::ActiveModel = ben.into();
    row.language = Set("de".to_owned());
    row.update(&world.app.app.db).await.expect("kept");
    world
        .buys(&world.browser, &[("recipient_email", email.as_str())])
        .await;
    world
        .buys(&world.browser, &[("recipient_email", "new@example.org")])
        .await;
    world.all_arrive().await;
    let all = world.letters("gift").await;
    let of = |address: &str| {
        let mut all = all.iter();
        let is_to = |row: &&outbox::Model| row.to_address == address;
        all.find(is_to).expect("a letter").body_text.clone()
    };
    assert!(
        of(&email).contains("Nichts verlängert sich"),
        "{}",
        of(&email)
    );
    let unknown = of("new@example.org");
    assert!(!unknown.contains("Nichts verlängert sich"), "{unknown}");
}

#[tokio::test]
async fn a_debit_for_a_gift_that_is_refused_leads_back_to_gifts() {
    let world = World::new().await;
    let session = world.begin_gift(&world.browser).await;
    world.pay(&session, Card::BankRefuses);
    world.all_arrive().await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let text = world.letter("checkout_failed").await.body_text;
    assert!(text.contains("for the gift you wanted to give"), "{text}");
    let page = format!("/authors/{}/gift", world.matthew.slug);
    assert!(text.contains(&page) && !text.contains("/support"), "{text}");
}

#[tokio::test]
async fn a_gift_whose_payment_the_bank_took_back_is_not_called_given_back() {
    let world = World::new().await;
    let session = world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    let object = world.app.stripe.object(&session).expect("paid");
    let intent = object["payment_intent"].as_str().expect("an intent");
    let dispute = world.app.stripe.dispute(intent, "fraudulent");
    world.all_arrive().await;
    world
        .app
        .stripe
        .close_dispute(&dispute.expect("open"), false);
    world.all_arrive().await;
    let page = world.browser.get("/account").await;
    page.says("Your bank has taken the payment back, so the gift is not there any more")
        .does_not_say("The payment was given back");
}
