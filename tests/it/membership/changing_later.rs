//! Changes that wait for the end of the paid time, and what has to be done before any change.

use chrono::Duration;
use plaudit::{
    entities::{Recurrence, membership::State},
    membership::Support,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;

use super::{
    changing::patron,
    changing_tier::{confirm, paid, press, row},
    world::{World, month},
};

/// Ann has the dearer tier by the month; returns what she does with it, too.
async fn dear() -> (World, String) {
    let (world, hers) = patron().await;
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    assert_eq!(row(&world).await.amount, 1500);
    (world, hers)
}

/// Ann books the smaller tier.
async fn booked() -> (World, String) {
    let (world, hers) = dear().await;
    let page = confirm(&world.browser, &hers, "Friend", "month").await;
    page.says("Charged now").says("€0.00").says("Change on");
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.location(), "/account", "{}", answer.body);
    let account = world.browser.get("/account").await;
    account
        .says("Next tier: Friend, €3.00 a month, from")
        .says("Keep Patron");
    (world, hers)
}

#[tokio::test]
async fn a_smaller_tier_begins_when_the_paid_time_ends() {
    let (world, hers) = booked().await;
    let before = row(&world).await;
    assert_eq!((before.amount, before.state), (1500, State::Active));
    assert_eq!(before.next_at, before.current_period_end);
    let list = world.browser.get(&format!("{hers}/tier")).await;
    list.says("Booked as your next").says("Your tier now");
    let count = paid(&world).await.len();
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!(
        (after.amount, after.next_price_id, after.next_at),
        (300, None, None)
    );
    assert_eq!(paid(&world).await[count..], [300]);
    // Its work done, the schedule lets go, and the months go on.
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(paid(&world).await[count..], [300, 300]);
    let id = &row(&world).await.stripe_subscription_id;
    let subscription = world.app.stripe.object(id).expect("there");
    assert!(subscription["schedule"].is_null(), "{subscription}");
}

#[tokio::test]
async fn a_lower_tier_by_the_year_waits_too() {
    let (world, hers) = dear().await;
    let count = paid(&world).await.len();
    let page = confirm(&world.browser, &hers, "Friend", "year").await;
    page.says("Charged now").says("€0.00").says("Change on");
    press(&world.browser, &hers, &page).await;
    assert_eq!(row(&world).await.amount, 1500);
    assert_eq!(paid(&world).await.len(), count);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.recurrence), (3000, Recurrence::Year));
    assert_eq!(paid(&world).await[count..], [3000]);
}

#[tokio::test]
async fn a_booked_change_is_taken_back() {
    let (world, hers) = booked().await;
    let page = world.browser.submit(&format!("{hers}/keep"), &[]).await;
    page.says("Everything stays as it is")
        .does_not_say("Next tier");
    // Pressed again it does nothing.
    world.browser.submit(&format!("{hers}/keep"), &[]).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(row(&world).await.amount, 1500);
    assert_eq!(paid(&world).await.last(), Some(&1500));
}

#[tokio::test]
async fn a_booked_change_gives_way_to_another_and_to_leaving() {
    let (world, hers) = booked().await;
    let page = confirm(&world.browser, &hers, "Patron", "year").await;
    press(&world.browser, &hers, &page).await;
    let now = row(&world).await;
    assert_eq!((now.amount, now.recurrence), (15000, Recurrence::Year));
    assert_eq!(now.next_price_id, None);
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    page.says("€0.00");
    press(&world.browser, &hers, &page).await;
    assert!(row(&world).await.next_price_id.is_some());
    let page = confirm(&world.browser, &hers, "Friend", "month").await;
    press(&world.browser, &hers, &page).await;
    world
        .browser
        .get("/account")
        .await
        .says("Next tier: Friend, €3.00 a month");
    let why = [("reason", ""), ("words", "")];
    let page = world.browser.submit(&format!("{hers}/cancel"), &why).await;
    page.says("You have cancelled")
        .says("and with it the change of tier")
        .does_not_say("Next tier");
    world.app.stripe.advance(Duration::days(370));
    world.all_arrive().await;
    assert_eq!(row(&world).await.state, State::Ended);
}

#[tokio::test]
async fn from_year_to_month_waits_for_the_end_of_the_year() {
    let (world, hers) = patron().await;
    let page = confirm(&world.browser, &hers, "Friend", "year").await;
    press(&world.browser, &hers, &page).await;
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    press(&world.browser, &hers, &page).await;
    world.all_arrive().await;
    let count = paid(&world).await.len();
    world.app.stripe.advance(Duration::days(366));
    world.all_arrive().await;
    assert_eq!(paid(&world).await[count..], [1500]);
    let after = row(&world).await;
    let (start, end) = (after.current_period_start, after.current_period_end);
    let length = end.expect("an end") - start.expect("a start");
    assert!((28..=31).contains(&length.num_days()), "{length}");
    // The schedule still runs its first month: leaving lets go of it.
    let ann = world.app.signed_in(world.ann.id).await;
    let page = ann.submit(&format!("{hers}/cancel"), &[]).await;
    page.says("You have cancelled");
}

#[tokio::test]
async fn choosing_a_tier_takes_a_cancellation_back() {
    for (tier, every) in [("Friend", "month"), ("Patron", "year")] {
        let (world, hers) = dear().await;
        world.browser.submit(&format!("{hers}/cancel"), &[]).await;
        let list = world.browser.get(&format!("{hers}/tier")).await;
        list.says("Choosing a tier takes your cancellation back");
        let page = confirm(&world.browser, &hers, tier, every).await;
        page.says("With this change your membership goes on");
        let answer = press(&world.browser, &hers, &page).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let row = row(&world).await;
        assert_eq!((row.state, row.cancel_at), (State::Active, None), "{tier}");
        assert_eq!(row.next_price_id.is_some(), tier == "Friend");
    }
}

#[tokio::test]
async fn in_a_trial_every_change_is_free_and_the_trial_goes_on() {
    let mut world = World::new().await;
    world.trial(14).await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let before = row(&world).await;
    let hers = format!("/account/memberships/{}", before.id);
    for (tier, every) in [("Patron", "year"), ("Friend", "month"), ("Patron", "month")] {
        let page = confirm(&world.browser, &hers, tier, every).await;
        page.says("€0.00").says("Your free time goes on");
        press(&world.browser, &hers, &page).await;
    }
    let after = row(&world).await;
    assert_eq!((after.state, after.amount), (State::Trial, 1500));
    assert_eq!(after.current_period_end, before.current_period_end);
    world.app.stripe.advance(Duration::days(15));
    world.all_arrive().await;
    assert_eq!(paid(&world).await, [1500]);
}

#[tokio::test]
async fn a_failed_payment_or_a_pause_comes_first() {
    let world = World::new().await;
    world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    let id = row(&world).await.id;
    let hers = format!("/account/memberships/{id}");
    let shown = confirm(&world.browser, &hers, "Patron", "month").await;
    world.browser.submit(&format!("{hers}/pause"), &[]).await;
    let page = world.browser.get(&format!("{hers}/tier")).await;
    page.says("Please resume it first")
        .does_not_say("Choose Patron");
    let answer = press(&world.browser, &hers, &shown).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says("Please resume it first");
    world.browser.submit(&format!("{hers}/resume"), &[]).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Grace);
    let ann = world.app.signed_in(world.ann.id).await;
    let page = ann
        .get(&format!("{hers}/tier?tier={}", world.friend.id))
        .await;
    page.says("Please update your card first")
        .says(&format!("action=\"{hers}/card\""))
        .does_not_say("Choose Patron");
    let answer = press(&ann, &hers, &shown).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(row(&world).await.amount, 300);
}

#[tokio::test]
async fn what_is_over_leads_to_a_new_beginning_and_what_is_not_hers_to_nothing() {
    let (world, hers) = booked().await;
    let (bob, _) = world.app.reader("Bob").await;
    let shown = confirm(&world.browser, &hers, "Friend", "year").await;
    for path in [
        format!("{hers}/tier"),
        format!("{hers}/tier?tier={}", world.friend.id),
    ] {
        let page = bob.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        page.does_not_say("Matthew");
    }
    let answer = press(&bob, &hers, &shown).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = bob.post(&format!("{hers}/keep"), &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(row(&world).await.next_price_id.is_some());
    let subscription = row(&world).await.stripe_subscription_id;
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    assert_eq!(row(&world).await.next_price_id, None);
    let answer = world.browser.get(&format!("{hers}/tier")).await;
    assert_eq!(answer.location(), "/authors/matthew-smith/support");
}

#[tokio::test]
async fn a_patron_who_chooses_on_the_support_page_sees_what_it_costs_to_change() {
    let (world, hers) = patron().await;
    let page = world.browser.get("/authors/matthew-smith/support").await;
    let (_, patron) = page
        .body
        .split_once("Patron</h2>")
        .expect("the dearer tier");
    let (_, patron) = patron.split_once("name=\"tier\" value=\"").expect("its id");
    let id = patron.split('"').next().unwrap_or_default();
    let form = [("tier", id), ("interval", "month")];
    let page = world
        .browser
        .submit("/authors/matthew-smith/support", &form)
        .await;
    page.says("Change to Patron").says("Change now and pay");
    let answer = press(&world.browser, &hers, &page).await;
    assert_eq!(answer.location(), "/account");
    assert_eq!(row(&world).await.amount, 1500);
    assert_eq!(world.memberships().await.len(), 1);
}
