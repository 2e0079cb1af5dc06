//! A change of tier is told once it is paid, however late that is, and once.

use chrono::Duration;
use plaudit::{
    entities::{membership::State, outbox},
    sandbox::stripe::Card,
};

use super::{
    changing::patron,
    changing_tier::{confirm, held, press, row},
    world::{World, month},
};

/// The letters that tell Ann of another tier.
async fn changes(world: &World) -> Vec<outbox::Model> {
    let mut told = world.app.letters("ann@example.org").await;
    told.retain(|letter| letter.kind == "tier_changed");
    told
}

/// Ann has the dearer tier and has booked the smaller one; the letter of the first change is told.
async fn booked() -> (World, String) {
    let (world, hers) = patron().await;
    for tier in ["Patron", "Friend"] {
        let page = confirm(&world.browser, &hers, tier, "month").await;
        press(&world.browser, &hers, &page).await;
        world.all_arrive().await;
    }
    assert_eq!(changes(&world).await.len(), 1);
    (world, hers)
}

#[tokio::test]
async fn a_smaller_tier_whose_first_renewal_failed_is_told_of_once_it_is_paid() {
    let (world, _) = booked().await;
    let before = row(&world).await;
    let customer = &before.stripe_customer_id;
    world.app.stripe.set_card(customer, Card::Declined);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let owing = row(&world).await;
    assert_eq!((owing.state, owing.amount), (State::Grace, 300));
    assert_eq!(owing.untold_price_id, Some(before.price_id));
    assert_eq!(changes(&world).await.len(), 1, "nothing is paid yet");
    assert_eq!(world.compare(false).await, "");
    world.app.stripe.set_card(customer, Card::Good);
    world
        .app
        .stripe
        .pay_open_invoice(&before.stripe_subscription_id);
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.state, after.untold_price_id), (State::Active, None));
    let told = changes(&world).await;
    assert_eq!(told.len(), 2);
    let text = &told[1].body_text;
    assert!(text.contains("Now: Friend, €3.00"), "{text}");
    assert!(text.contains("Before: Patron, €15.00"), "{text}");
    // Nothing of it is told again.
    let event = world.event("invoice.paid", &before.stripe_subscription_id);
    world.arrive(&event).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(changes(&world).await.len(), 2);
}

#[tokio::test]
async fn a_smaller_tier_that_is_paid_at_once_is_told_of_once() {
    let (world, _) = booked().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(changes(&world).await.len(), 2);
}

/// Ann pays from a bank account, and changes to Patron; the money is on its way.
async fn by_debit(leaves_before: bool) -> (World, String) {
    let world = World::new().await;
    world.subscribe(Card::BankPays).await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    world.app.stripe.advance(Duration::days(10));
    let hers = format!("/account/memberships/{}", row(&world).await.id);
    if leaves_before {
        world.browser.submit(&format!("{hers}/cancel"), &[]).await;
        world.all_arrive().await;
        world.app.stripe.advance(Duration::minutes(1));
    }
    let page = confirm(&world.browser, &hers, "Patron", "month").await;
    assert!(!held(&page, "amount").is_empty());
    let to = press(&world.browser, &hers, &page).await;
    let (_, session) = to.location().rsplit_once('/').expect("a session");
    world.pay(session, Card::BankPays);
    world.all_arrive().await;
    (world, hers)
}

#[tokio::test]
async fn a_dearer_tier_paid_by_debit_is_told_of_once_also_where_an_end_was_booked() {
    for leaves_before in [false, true] {
        let (world, _) = by_debit(leaves_before).await;
        assert!(changes(&world).await.is_empty(), "it waits for the bank");
        world.app.stripe.advance(Duration::minutes(4));
        world.all_arrive().await;
        let after = row(&world).await;
        assert_eq!((after.amount, after.state), (1500, State::Active));
        assert_eq!(changes(&world).await.len(), 1, "{leaves_before}");
        world.app.stripe.advance(month());
        world.all_arrive().await;
        assert_eq!(changes(&world).await.len(), 1, "{leaves_before}");
    }
}

#[tokio::test]
async fn a_dearer_tier_paid_by_debit_of_one_who_has_cancelled_since_is_told_of_without_a_next_payment()
 {
    let (world, hers) = by_debit(false).await;
    world.app.stripe.advance(Duration::minutes(1));
    world.browser.submit(&format!("{hers}/cancel"), &[]).await;
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    let after = row(&world).await;
    assert_eq!((after.amount, after.state), (1500, State::Cancelling));
    let told = changes(&world).await;
    assert_eq!(told.len(), 1);
    let text = &told[0].body_text;
    assert!(!text.contains("next payment"), "{text}");
}
