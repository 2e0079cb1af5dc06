//! A change of tier that a bank account pays: the old tier stands until the money is there, and whatever the bank does.

use chrono::Duration;
use plaudit::{entities::membership::State, membership::Support, sandbox::stripe::Card};
use reqwest::StatusCode;

use super::{
    changing_tier::{confirm, held, paid, press, row},
    giving_back::gives_back,
    world::{World, month},
};
use crate::support::Page;

/// Ann is a patron and pays from a bank account.
async fn banked() -> (World, String) {
    let world = World::new().await;
    world.subscribe(Card::BankPays).await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    world.app.stripe.advance(Duration::days(10));
    let id = row(&world).await.id;
    (world, format!("/account/memberships/{id}"))
}

/// She chooses Patron and presses. Returns what it costs and the session she is sent to.
async fn presses(world: &World, hers: &str) -> (i64, String) {
    let page = confirm(&world.browser, hers, "Patron", "month").await;
    page.says("You pay from a bank account")
        .says("you keep Friend")
        .says("Go on and pay");
    let amount = held(&page, "amount").parse().expect("an amount");
    (amount, sent(&press(&world.browser, hers, &page).await))
}

/// The session an answer leads to.
fn sent(answer: &Page) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let location = answer.location();
    assert!(location.contains("/checkout/"), "{location}");
    let (_, session) = location.rsplit_once('/').expect("a session");
    session.to_owned()
}

async fn back(world: &World, session: &str) -> Page {
    let path = format!("/support/thanks?session_id={session}");
    world.browser.get(&path).await
}

#[tokio::test]
async fn an_upgrade_by_debit_waits_for_the_bank_and_is_made_when_it_has_paid() {
    let (world, hers) = banked().await;
    let (amount, session) = presses(&world, &hers).await;
    world.pay(&session, Card::BankPays);
    back(&world, &session)
        .await
        .says("Your change to Patron waits for your bank")
        .says("you keep Friend");
    world.all_arrive().await;
    let waits = row(&world).await;
    assert_eq!((waits.amount, waits.state), (300, State::Active));
    assert_eq!(world.standing().await.support, Support::Patron);
    let account = world.browser.get("/account").await;
    account
        .says("Your change to Patron, €15.00 a month, waits for your bank")
        .says(&format!(
            "€{}.{:02} is on its way",
            amount / 100,
            amount % 100
        ))
        .does_not_say("Change tier");
    let tiers = world.browser.get(&format!("{hers}/tier")).await;
    tiers.says("Your change of tier waits for your bank");
    let support = format!("/authors/{}/support", world.matthew.slug);
    world
        .browser
        .get(&support)
        .await
        .says("Your change to Patron waits for your bank");
    let supporter = format!("/studio/supporters/{}", world.ann.id);
    world
        .studio
        .get(&supporter)
        .await
        .says("A change to Patron waits for the bank");
    assert_eq!(paid(&world).await, [300]);
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount]);
    assert_eq!(row(&world).await.amount, 1500);
    back(&world, &session)
        .await
        .says("Your new tier, Patron, is in force");
    let account = world.browser.get("/account").await;
    account
        .says("€15.00 a month")
        .does_not_say("waits for your bank");
    assert_eq!(world.mails().await, "R R W");
    let told = world.app.letters("ann@example.org").await;
    let told = told.iter().filter(|letter| letter.kind == "tier_changed");
    assert_eq!(told.count(), 1);
    // Nothing of it is charged a second time, and the next month costs what it says.
    world.app.stripe.advance(month());
    world.all_arrive().await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount, 1500]);
    assert_eq!(world.compare(false).await, "");
}

#[tokio::test]
async fn a_debit_that_is_refused_leaves_the_old_tier_and_the_letter_says_the_way_on() {
    let (world, hers) = banked().await;
    let (_, session) = presses(&world, &hers).await;
    world.pay(&session, Card::BankRefuses);
    world.all_arrive().await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.state), (300, State::Active));
    assert_eq!(after.stripe_status, "active");
    assert_eq!(world.standing().await.support, Support::Patron);
    assert_eq!(world.mails().await, "PF R W");
    let letters = world.app.letters("ann@example.org").await;
    let failed = letters.iter().find(|one| one.kind == "checkout_failed");
    let text = &failed.expect("a letter").body_text;
    assert!(text.contains("You keep Friend, as before"), "{text}");
    assert!(text.contains(&format!("{hers}/tier")), "{text}");
    world
        .browser
        .get("/account")
        .await
        .does_not_say("waits for your bank")
        .says("Change tier");
    let page = back(&world, &session).await;
    page.says("You keep Friend, as before").says("owe nothing");
    // The way on: the same once more, by card.
    let (amount, session) = presses(&world, &hers).await;
    world.pay(&session, Card::Good);
    back(&world, &session)
        .await
        .says("Your new tier, Patron, is in force");
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [300, amount]);
    assert_eq!(row(&world).await.amount, 1500);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Active);
}

#[tokio::test]
async fn told_by_stripe_alone_a_paid_change_is_made_all_the_same() {
    let (world, hers) = banked().await;
    let (amount, session) = presses(&world, &hers).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    assert_eq!(row(&world).await.amount, 1500);
    assert_eq!(paid(&world).await, [300, amount]);
}

#[tokio::test]
async fn pressed_twice_it_is_one_page_and_another_choice_closes_it() {
    let (world, hers) = banked().await;
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    let first = sent(&press(&world.browser, &hers, &page).await);
    let second = sent(&press(&world.browser, &hers, &page).await);
    assert_eq!(first, second);
    world.app.stripe.advance(Duration::days(2));
    let (_, third) = presses(&world, &hers).await;
    world.all_arrive().await;
    let status = |id: &str| world.app.stripe.object(id).expect("a session")["status"].clone();
    assert_eq!(
        (status(&first), status(&third)),
        ("expired".into(), "open".into())
    );
}

#[tokio::test]
async fn another_span_begins_when_the_paid_time_ends() {
    let (world, hers) = banked().await;
    let page = confirm(&world.browser, &hers, "Patron", "year").await;
    page.says("cannot wait for it in the middle of a period");
    assert_eq!(held(&page, "amount"), "0");
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.location(), "/account");
    world
        .browser
        .get("/account")
        .await
        .says("Next tier: Patron");
    assert_eq!(paid(&world).await, [300]);
}

#[tokio::test]
async fn who_cancels_while_her_bank_takes_its_time_stays_cancelled() {
    let (world, hers) = banked().await;
    let (amount, session) = presses(&world, &hers).await;
    world.pay(&session, Card::BankPays);
    world.all_arrive().await;
    world.app.stripe.advance(Duration::minutes(1));
    world.browser.submit(&format!("{hers}/cancel"), &[]).await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.state), (1500, State::Cancelling));
    assert_eq!(paid(&world).await, [300, amount]);
}

#[tokio::test]
async fn what_was_paid_for_a_membership_that_is_over_is_told_to_the_owner() {
    let (world, hers) = banked().await;
    let (amount, session) = presses(&world, &hers).await;
    world.pay(&session, Card::BankPays);
    world.all_arrive().await;
    world
        .app
        .stripe
        .cancel_now(&row(&world).await.stripe_subscription_id);
    world.all_arrive().await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    assert_eq!(
        paid(&world).await,
        [300, amount],
        "booked, so that it can be given back"
    );
    assert_eq!(row(&world).await.state, State::Ended);
    assert_eq!(world.mails().await, "ADM END R R W");
}

#[tokio::test]
async fn of_two_pages_that_both_pay_for_one_change_the_second_goes_back_with_one_press() {
    let (world, hers) = banked().await;
    let (first, one) = presses(&world, &hers).await;
    world.app.stripe.advance(Duration::hours(20));
    let (second, two) = presses(&world, &hers).await;
    assert_ne!((first, &one), (second, &two));
    // The first is to be closed, and is paid a moment before.
    world.pay(&one, Card::Good);
    world.pay(&two, Card::Good);
    world.all_arrive().await;
    assert_eq!(row(&world).await.amount, 1500);
    let mut sums = paid(&world).await;
    sums.sort_unstable();
    let mut due = [300, first, second];
    due.sort_unstable();
    assert_eq!(sums, due);
    let told = world.app.letters("olivia@example.org").await;
    let told: Vec<_> = told
        .iter()
        .filter(|letter| {
            letter
                .body_text
                .contains("for a change that cannot be made")
        })
        .collect();
    assert_eq!(told.len(), 1);
    let (_, number) = told[0]
        .body_text
        .split_once("/studio/payments/")
        .expect("the way");
    let number: i64 = number
        .lines()
        .next()
        .expect("a line")
        .parse()
        .expect("a number");
    assert_eq!(number, 3, "the later of the two");
    let owner = world.app.the_owner().await;
    let amount = paid(&world).await[2];
    let amount = format!("{}.{:02}", amount / 100, amount % 100);
    let answer = gives_back(&owner, number, &amount, 1).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    world.all_arrive().await;
    // What is left of the two pays for the change.
    assert_eq!(world.standing().await.support, Support::Patron);
    assert_eq!(row(&world).await.amount, 1500);
    assert_eq!(world.compare(false).await, "");
}
