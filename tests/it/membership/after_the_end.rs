//! What has ended takes no more money; what comes all the same is told to the owner, who gives it back; and no receipt
//! names a payment that nobody will make.

use chrono::Duration;
use plaudit::{
    entities::{errand, membership::State, payment},
    membership::errands,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    changing::patron,
    changing_tier::{confirm, press, row},
    giving_back::gives_back,
    world::{World, month},
};

/// What a receipt says where more will be charged.
const NEXT: &str = "The next payment is on";
/// What the account page says of one that ended unpaid.
const UNPAID: &str = "could not be charged, in spite of several tries";

/// Ann's card pays no more until Stripe gives up; nothing of that has arrived. Returns the invoice.
async fn given_up() -> (World, String, String) {
    let (world, hers) = patron().await;
    let before = row(&world).await;
    let stripe = &world.app.stripe;
    stripe.set_card(&before.stripe_customer_id, Card::Declined);
    stripe.advance(month() + Duration::days(10));
    let subscription = stripe.object(&before.stripe_subscription_id);
    let subscription = subscription.expect("there");
    assert_eq!(subscription["status"], "canceled");
    let invoice = subscription["latest_invoice"].as_str().expect("an id");
    let invoice = invoice.to_owned();
    (world, hers, invoice)
}

async fn payments(world: &World) -> Vec<payment::Model> {
    let all = payment::Entity::find().order_by_asc(payment::Column::Number);
    all.all(&world.app.app.db).await.expect("payments")
}

/// The newest letter of this kind to an address, as text.
async fn letter(world: &World, address: &str, kind: &str) -> String {
    let letters = world.app.letters(address).await;
    let mut found = letters.into_iter().filter(|one| one.kind == kind);
    found.next_back().expect("a letter").body_text
}

#[tokio::test]
async fn what_an_ended_membership_owed_nobody_can_pay_and_its_way_leads_back() {
    let (world, hers, invoice) = given_up().await;
    let status = || world.app.stripe.object(&invoice).expect("there")["status"].clone();
    assert_eq!(status(), "open");
    // Pressed before we have heard that it has ended.
    let support = format!("/authors/{}/support", world.matthew.slug);
    let to = world.browser.post(&format!("{hers}/pay"), &[]).await;
    assert_eq!(to.location(), support);
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Ended);
    assert_eq!(status(), "void");
    let page = world.browser.submit(&format!("{hers}/pay"), &[]).await;
    page.says("nothing of it is owed");
    let customer = row(&world).await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::Good);
    world.app.stripe.pay_invoice(&invoice);
    world.all_arrive().await;
    assert_eq!(status(), "void");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    world.browser.get("/account").await.says(UNPAID);
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn money_that_was_quicker_than_the_end_is_told_to_the_owner_who_gives_it_back() {
    let (world, _, invoice) = given_up().await;
    let customer = row(&world).await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::Good);
    world.app.stripe.pay_invoice(&invoice);
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Ended);
    let paid = payments(&world).await;
    assert_eq!(paid.len(), 2);
    assert_eq!(
        paid[1].last4.as_deref(),
        Some("4242"),
        "the card she put in"
    );
    let receipt = letter(&world, "ann@example.org", "receipt").await;
    assert!(!receipt.contains(NEXT), "{receipt}");
    let account = world.browser.get("/account").await;
    account.does_not_say(UNPAID);
    let alert = letter(&world, "olivia@example.org", "owner_alert").await;
    assert!(alert.contains("for a membership that has ended"), "{alert}");
    let path = format!("/studio/payments/{}", paid[1].number);
    assert!(alert.contains(&path), "{alert}");
    let owner = world.app.the_owner().await;
    owner.get(&path).await.says("Matthew Smith").says("Ann");
    gives_back(&owner, paid[1].number, "3.00", 1).await;
    world.all_arrive().await;
    assert_eq!(payments(&world).await[1].refunded, 300);
    // Others see none of it.
    let (other, _) = world.app.author("Olga").await;
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    let page = world.browser.get(&path).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn a_debit_for_a_change_that_comes_after_the_end_is_said_to_be_just_that() {
    let world = World::new().await;
    world.subscribe(Card::BankPays).await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    world.app.stripe.advance(Duration::days(10));
    let hers = format!("/account/memberships/{}", row(&world).await.id);
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let answer = press(&world.browser, &hers, &page).await;
    let (_, session) = answer.location().rsplit_once('/').expect("a session");
    world.pay(session, Card::BankPays);
    world.all_arrive().await;
    let subscription = row(&world).await.stripe_subscription_id;
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    let account = world.browser.get("/account").await;
    account
        .says("The membership has ended meanwhile, so the change is not made")
        .does_not_say("you keep Friend");
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let receipt = letter(&world, "ann@example.org", "receipt").await;
    assert!(!receipt.contains(NEXT), "{receipt}");
    assert!(!receipt.contains("Period"), "{receipt}");
    let paid = payments(&world).await;
    let alert = letter(&world, "olivia@example.org", "owner_alert").await;
    let path = format!("/studio/payments/{}", paid[1].number);
    assert!(alert.contains(&path), "{alert}");
    let owner = world.app.the_owner().await;
    owner.get(&path).await.says("Give");
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn a_receipt_names_a_next_payment_only_where_one_will_be_made() {
    for leaves in [false, true] {
        let world = World::new().await;
        let subscription = world.subscribe(Card::Good).await;
        if leaves {
            let form = [("cancel_at_period_end", "true")];
            let path = format!("subscriptions/{subscription}");
            world.at_stripe(&path, &form).await;
        }
        world.all_arrive().await;
        let receipt = letter(&world, "ann@example.org", "receipt").await;
        assert!(receipt.contains("Period"), "{receipt}");
        assert_eq!(receipt.contains(NEXT), !leaves, "{receipt}");
    }
}

/// Ann's renewal is being debited when her membership ends. Returns the invoice, which Stripe will not make void yet.
async fn ends_while_debited(card: Card) -> (World, String) {
    let (world, _) = patron().await;
    let before = row(&world).await;
    let stripe = &world.app.stripe;
    stripe.set_card(&before.stripe_customer_id, card);
    stripe.advance(month());
    world.all_arrive().await;
    let subscription = &before.stripe_subscription_id;
    let invoice = stripe.object(subscription).expect("there")["latest_invoice"].clone();
    let invoice = invoice.as_str().expect("an id").to_owned();
    stripe.cancel_now(subscription);
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Ended);
    assert_eq!(stripe.object(&invoice).expect("there")["status"], "open");
    (world, invoice)
}

async fn forgiving(world: &World) -> errand::Model {
    let errands = errand::Entity::find().filter(errand::Column::Kind.eq(errand::Kind::ForgiveDebt));
    let one = errands.one(&world.app.app.db).await;
    one.expect("rows").expect("an errand")
}

#[tokio::test]
async fn what_is_being_debited_at_the_end_is_made_void_once_the_debit_has_failed() {
    for is_told in [true, false] {
        let (world, invoice) = ends_while_debited(Card::BankRefuses).await;
        assert_eq!(forgiving(&world).await.state, errand::State::Waiting);
        let status = || world.app.stripe.object(&invoice).expect("there")["status"].clone();
        world.app.stripe.advance(Duration::minutes(4));
        assert_eq!(status(), "open");
        if !is_told {
            // Nobody says so: it is looked at again some hours later.
            world.app.stripe.release(|held| held.clear());
            world.app.settle().await;
            assert_eq!(status(), "open");
            world.app.stripe.advance(Duration::hours(7));
        }
        world.all_arrive().await;
        assert_eq!(status(), "void", "{is_told}");
        assert_eq!(forgiving(&world).await.state, errand::State::Done);
        assert_eq!(world.ledger().await, "payment 300, fee -30");
    }
}

#[tokio::test]
async fn what_is_being_debited_at_the_end_for_weeks_is_not_given_up_and_is_left_once_paid() {
    let (world, invoice) = ends_while_debited(Card::BankPays).await;
    // The bank takes its time.
    for times in 2..6 {
        world.app.app.clock.advance(Duration::days(2));
        if times == 5 {
            // Stripe is away, too.
            world.app.stripe.fail_requests(99, 500);
        }
        errands::work(&world.app.app).await.expect("tried");
        let errand = forgiving(&world).await;
        assert_eq!(
            (errand.state, errand.attempts),
            (errand::State::Waiting, times)
        );
    }
    world.app.stripe.fail_requests(0, 500);
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let status = world.app.stripe.object(&invoice).expect("there")["status"].clone();
    assert_eq!(status, "paid");
    world.app.stripe.advance(Duration::hours(7));
    world.all_arrive().await;
    assert_eq!(forgiving(&world).await.state, errand::State::Done);
    assert_eq!(payments(&world).await.len(), 2, "booked, to be given back");
}
