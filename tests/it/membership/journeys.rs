//! Becoming a patron, as a reader meets it.

use plaudit::{
    entities::{account, outbox, payment},
    membership::Support,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _};

use super::world::{MONTHLY, World, month};

/// Where Stripe sends her after paying, as a path of the service.
fn back(world: &World, url: &str) -> String {
    url.replace(&world.app.url, "")
}

#[tokio::test]
async fn a_signed_in_reader_is_a_patron_at_once_even_if_the_webhook_is_late() {
    let world = World::new().await;
    let offer = world.browser.get("/authors/matthew-smith/support").await;
    offer.says("Friend").says("€3").says("Become a patron");
    let session = world.begin(&world.browser, &world.friend).await;
    let thanks = back(&world, &world.pay(&session, Card::Good));
    let page = world.browser.get(&thanks).await;
    page.says("You are now a patron of Matthew Smith");
    assert_eq!(world.standing().await.support, Support::Patron);
    world.all_arrive().await;
    assert_eq!(world.mails().await, "R W");
    let again = world.begin_again().await;
    let id = world.memberships().await[0].id;
    let hers = format!("/account/memberships/{id}/tier?tier={}", world.friend.id);
    assert!(again.location().starts_with(&hers), "{}", again.location());
}

#[tokio::test]
async fn s70_what_was_paid_under_a_readers_address_waits_until_it_is_proven() {
    let world = World::new().await;
    let stranger = world.app.browser();
    let session = world.begin(&stranger, &world.friend).await;
    let thanks = back(&world, &world.pay(&session, Card::Good));
    stranger
        .get(&thanks)
        .await
        .says("We have sent an e-mail to a…@example.org");
    world.all_arrive().await;
    let rows = world.memberships().await;
    assert_eq!(rows.len(), 1);
    // The address is that of a reader who is here already: proof of nothing.
    assert_ne!(rows[0].account_id, world.ann.id);
    let payer = account::Entity::find_by_id(rows[0].account_id)
        .one(&world.app.app.db)
        .await;
    let payer = payer.expect("database").expect("an account");
    assert_eq!(payer.email, None);
    assert_eq!(payer.contact_email.as_deref(), Some("ann@example.org"));
    assert!(!world.standing().await.is_patron());
    assert_eq!(world.mails().await, "R W");
    // The letter went to that address: whoever presses its link has proven it.
    let letters = outbox::Entity::find().filter(outbox::Column::Kind.eq("welcome"));
    let letter = letters.one(&world.app.app.db).await.expect("database");
    let body = letter.expect("a welcome").body_text;
    let claim = body
        .split_whitespace()
        .find(|word| word.contains("/sign-in/"));
    let claim = back(&world, claim.expect("a link"));
    assert_eq!(
        world.browser.post(&claim, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(world.standing().await.is_patron());
    let ann = account::Entity::find_by_id(world.ann.id).one(&world.app.app.db);
    let ann = ann.await.expect("database").expect("still there");
    assert_eq!(
        (ann.name.as_str(), ann.email),
        (world.ann.name.as_str(), world.ann.email.clone())
    );
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn the_events_of_two_months_that_waited_together_book_both() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.app.stripe.advance(super::world::month());
    for event in world.app.stripe.held() {
        world.post(&event).await;
    }
    world.app.work().await;
    assert_eq!(world.mails().await, "R R W");
    let booked = payment::Entity::find().order_by_asc(payment::Column::Number);
    let booked = booked.all(&world.app.app.db).await.expect("payments");
    assert_eq!(booked.len(), 2);
    assert!(
        booked[0].paid_at < booked[1].paid_at,
        "the older has the lower number"
    );
}

#[tokio::test]
async fn s03_a_tip_of_a_month_makes_a_patron_for_its_term() {
    let world = World::new().await;
    let session = world.begin_tip(&world.browser, "500").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Tipped);
    assert_eq!(world.mails().await, "R W");
    world.app.stripe.advance(chrono::Duration::days(31));
    assert_eq!(world.standing().await.support, Support::Former);
}

#[tokio::test]
async fn a_tip_below_the_cheapest_month_is_thanked_but_makes_no_patron() {
    let world = World::new().await;
    let session = world.begin_tip(&world.browser, "200").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    assert!(!world.standing().await.is_patron());
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn amounts_that_cannot_be_charged_come_back_as_typed() {
    let world = World::new().await;
    let path = "/authors/matthew-smith/support";
    for form in [
        [("tip", "own"), ("own", "7.505")],
        [("tip", "own"), ("own", "<b>lots</b>")],
        [("tip", "once"), ("amount", "-300")],
        [("tip", "once"), ("amount", "99999999999999")],
    ] {
        let page = world.browser.post(path, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("Nothing was charged").does_not_say("<b>lots");
    }
    let unknown = [("tier", "0190b3a0-0000-7000-8000-000000000000")];
    let page = world.browser.post(path, &unknown).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("not on offer any more");
}

#[tokio::test]
async fn s101_somebody_elses_session_shows_and_grants_nothing() {
    let world = World::new().await;
    let session = world.begin(&world.browser, &world.friend).await;
    let thanks = back(&world, &world.pay(&session, Card::Good));
    let (bob, _) = world.app.reader("Bob").await;
    for browser in [&bob, &world.app.browser()] {
        let page = browser.get(&thanks).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        page.does_not_say("Matthew").does_not_say("example.org");
    }
    for unknown in ["/support/thanks", "/support/thanks?session_id=cs_nobody"] {
        assert_eq!(bob.get(unknown).await.status, StatusCode::NOT_FOUND);
    }
    let unpaid = world.begin(&bob, &world.friend).await;
    let page = bob
        .get(&format!("/support/thanks?session_id={unpaid}"))
        .await;
    page.says("Nothing was charged").does_not_say("You are now");
    let rows = world.memberships().await;
    assert!(rows.is_empty(), "nothing was granted");
}

#[tokio::test]
async fn s100_the_thanks_page_and_the_webhook_at_the_same_moment() {
    for _ in 0..20 {
        let world = World::new().await;
        let session = world.begin(&world.browser, &world.friend).await;
        let thanks = back(&world, &world.pay(&session, Card::Good));
        world.app.stripe.release(|_| {});
        let (page, (), again) = tokio::join!(
            world.browser.get(&thanks),
            world.app.settle(),
            world.browser.get(&thanks)
        );
        assert_eq!(
            (page.status, again.status),
            (StatusCode::OK, StatusCode::OK)
        );
        world.app.settle().await;
        assert_eq!(world.memberships().await.len(), 1);
        assert_eq!(world.mails().await, "R W");
    }
}

#[tokio::test]
async fn a_reader_cancels_and_comes_back_from_her_account() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let id = world.memberships().await[0].id;
    world
        .browser
        .post(&format!("/account/memberships/{id}/cancel"), &[])
        .await;
    assert_eq!(world.standing().await.support, Support::Leaving);
    world
        .browser
        .post(&format!("/account/memberships/{id}/resume"), &[])
        .await;
    assert_eq!(world.standing().await.support, Support::Patron);
    let (bob, _) = world.app.reader("Bob").await;
    let page = bob
        .post(&format!("/account/memberships/{id}/cancel"), &[])
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_receipt_is_shown_to_its_payer_alone() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let page = world.browser.get("/account/receipts/1").await;
    page.says("Receipt 1")
        .says("€3.00")
        .says("Friend")
        .says("The next payment is on");
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let page = world.browser.get("/account/receipts/1").await;
    page.does_not_say("The next payment is on");
    let page = world.browser.get("/account/receipts/2").await;
    page.says("The next payment is on");
    let (bob, _) = world.app.reader("Bob").await;
    for number in ["1", "99999999999999999999", "-1", "one"] {
        let page = bob.get(&format!("/account/receipts/{number}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{number}");
    }
    assert_eq!(world.memberships().await[0].recurrence, MONTHLY);
}

#[tokio::test]
async fn with_stripe_away_the_page_says_so_and_nothing_is_lost() {
    let world = World::new().await;
    world.app.stripe.fail_requests(2, 500);
    let tier = world.friend.id.to_string();
    let form = [("tier", tier.as_str()), ("interval", "month")];
    let page = world
        .browser
        .post("/authors/matthew-smith/support", &form)
        .await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.header("retry-after").is_empty());
    world.app.stripe.fail_requests(0, 500);
    world.begin(&world.browser, &world.friend).await;
}
