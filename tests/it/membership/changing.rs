//! What a reader changes about her membership: pausing, leaving, coming back.

use plaudit::{membership::Support, sandbox::stripe::Card};
use reqwest::StatusCode;

use super::world::{World, month};

/// Ann is a patron by the month, and everything has arrived.
pub async fn patron() -> (World, String) {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let id = world.memberships().await[0].id;
    (world, format!("/account/memberships/{id}"))
}

#[tokio::test]
async fn a_reader_pauses_and_resumes_within_her_paid_time() {
    let (world, hers) = patron().await;
    let page = world.browser.submit(&format!("{hers}/pause"), &[]).await;
    page.says("Paused: nothing is charged. You have access until")
        .says("Resume")
        .does_not_say("Next payment");
    let row = world.memberships().await.remove(0);
    page.says(&format!("action=\"{hers}/cancel\""));
    assert_eq!(row.flag, None, "nobody has to look at it");
    assert!(row.paused_at.is_some());
    assert_eq!(world.standing().await.support, Support::Leaving);
    let page = world.browser.submit(&format!("{hers}/resume"), &[]).await;
    page.says("Your membership goes on").says("Next payment");
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    assert_eq!(world.ledger().await, "payment 600, fee -60");
}

#[tokio::test]
async fn a_pause_outlasts_the_paid_time_and_resuming_begins_with_a_payment() {
    let (world, hers) = patron().await;
    world.browser.submit(&format!("{hers}/pause"), &[]).await;
    for _ in 0..3 {
        world.app.stripe.advance(month());
        world.all_arrive().await;
        assert_eq!(world.standing().await.support, Support::Paused);
    }
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    let ann = world.app.signed_in(world.ann.id).await;
    ann.get("/account")
        .await
        .says("When you resume, €3.00 is charged at once");
    let customer = world.memberships().await[0].stripe_customer_id.clone();
    world.app.stripe.set_card(&customer, Card::Declined);
    let page = ann.submit(&format!("{hers}/resume"), &[]).await;
    page.says("Your card was declined").says("Update your card");
    assert_eq!(world.standing().await.support, Support::Paused);
    world.app.stripe.set_card(&customer, Card::AlwaysConfirms);
    let page = ann.submit(&format!("{hers}/resume"), &[]).await;
    page.says("there your bank can ask");
    assert_eq!(world.standing().await.support, Support::Paused);
    world.app.stripe.set_card(&customer, Card::Good);
    let page = ann.submit(&format!("{hers}/resume"), &[]).await;
    page.says("Your membership goes on");
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    assert_eq!(world.ledger().await, "payment 600, fee -60");
}

#[tokio::test]
async fn who_paused_and_then_left_takes_both_back_with_one_press() {
    let (world, hers) = patron().await;
    world.browser.submit(&format!("{hers}/pause"), &[]).await;
    let page = world.browser.submit(&format!("{hers}/cancel"), &[]).await;
    page.does_not_say(&format!("action=\"{hers}/cancel\""));
    world.browser.submit(&format!("{hers}/resume"), &[]).await;
    let row = world.memberships().await.remove(0);
    assert_eq!((row.cancel_at, row.collection_paused), (None, None));
    assert_eq!(world.standing().await.support, Support::Patron);
}

#[tokio::test]
async fn nothing_is_paused_after_a_failed_payment_and_nothing_is_changed_after_the_end() {
    let world = World::new().await;
    world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let row = world.memberships().await.remove(0);
    let hers = format!("/account/memberships/{}", row.id);
    let ann = world.app.signed_in(world.ann.id).await;
    let page = ann.submit(&format!("{hers}/pause"), &[]).await;
    page.says("There is nothing to pause right now");
    assert_eq!(world.standing().await.support, Support::Grace);
    world.app.stripe.cancel_now(&row.stripe_subscription_id);
    world.all_arrive().await;
    for act in ["pause", "resume", "cancel"] {
        let page = ann.post(&format!("{hers}/{act}"), &[]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{act}");
        page.says("This membership has ended");
    }
}

#[tokio::test]
async fn she_leaves_with_a_reason_that_the_author_reads() {
    let (world, hers) = patron().await;
    let why = [
        ("reason", "unused"),
        ("words", "  Too <b>busy</b> this year.  "),
    ];
    let page = world.browser.submit(&format!("{hers}/cancel"), &why).await;
    page.says("You have cancelled. You keep everything until");
    let studio = world.app.signed_in(world.matthew.account_id).await;
    let page = studio.get("/studio/supporters").await;
    page.says("I read too little of it")
        .says("Too &lt;b&gt;busy");
    assert!(!page.body.contains("<b>busy"), "her words are no markup");
    world.browser.submit(&format!("{hers}/resume"), &[]).await;
    let page = studio.get("/studio/supporters").await;
    page.does_not_say("I read too little of it")
        .does_not_say("busy");
    let row = world.memberships().await.remove(0);
    assert_eq!((row.cancel_reason, row.cancel_words), (None, None));
    // A reason nobody offers is none.
    let why = [("reason", "<script>"), ("words", "")];
    world.browser.submit(&format!("{hers}/cancel"), &why).await;
    let row = world.memberships().await.remove(0);
    assert_eq!((row.cancel_reason, row.cancel_words), (None, None));
}

#[tokio::test]
async fn somebody_elses_membership_is_not_there_to_change() {
    let (world, hers) = patron().await;
    let (bob, _) = world.app.reader("Bob").await;
    for act in ["pause", "resume", "cancel", "keep"] {
        let page = bob.post(&format!("{hers}/{act}"), &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{act}");
    }
    assert_eq!(world.standing().await.support, Support::Patron);
}
