//! A renewal that her bank asks about again and again: each try is told of, with the page on which she confirms it.

use chrono::Duration;
use plaudit::{
    entities::outbox,
    sandbox::stripe::{Card, WhenUnpaid},
};

use super::{
    changing::patron,
    changing_tier::row,
    world::{World, month},
};

/// The letters of this kind to Ann, oldest first.
async fn letters(world: &World, kind: &str) -> Vec<outbox::Model> {
    let mut letters = world.app.letters("ann@example.org").await;
    letters.retain(|letter| letter.kind == kind);
    letters
}

/// Stripe's page of the invoice that is open.
fn hosted(world: &World, subscription: &str) -> String {
    let object = |id: &str| world.app.stripe.object(id).expect("there");
    let invoice = object(subscription)["latest_invoice"].clone();
    let invoice = object(invoice.as_str().expect("an id"));
    let page = invoice["hosted_invoice_url"].as_str();
    page.expect("a page").to_owned()
}

#[tokio::test]
async fn each_later_try_that_her_bank_asks_about_leads_to_the_page_where_she_confirms_it() {
    let (world, _) = patron().await;
    let before = row(&world).await;
    let customer = &before.stripe_customer_id;
    world.app.stripe.set_card(customer, Card::AlwaysConfirms);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(letters(&world, "action_needed").await.len(), 1);
    let hosted = hosted(&world, &before.stripe_subscription_id);
    for (days, tries) in [(3, 1), (2, 2)] {
        world.app.stripe.advance(Duration::days(days));
        world.all_arrive().await;
        let told = letters(&world, "payment_failed").await;
        assert_eq!(told.len(), tries);
        let (text, html) = (&told[tries - 1].body_text, &told[tries - 1].body_html);
        let asks = "your bank wants you to confirm that yourself";
        assert!(text.contains(asks), "{text}");
        assert!(text.contains("We try again on"), "{text}");
        assert!(text.contains(&hosted), "{text}");
        assert!(html.contains(&hosted), "{html}");
    }
    assert_eq!(letters(&world, "action_needed").await.len(), 1);
    // The last is declined, and Stripe leaves it as it is: she hears of that as of any.
    world.app.stripe.when_unpaid(WhenUnpaid::LeavePastDue);
    world.app.stripe.set_card(customer, Card::Declined);
    world.app.stripe.advance(Duration::days(2));
    world.all_arrive().await;
    let told = letters(&world, "payment_failed").await;
    assert_eq!(told.len(), 3);
    let text = &told[2].body_text;
    let declined = "your bank did not accept the payment";
    assert!(text.contains(declined), "{text}");
    assert!(!text.contains(&hosted), "{text}");
    assert!(!text.contains("We try again"), "{text}");
}
