//! Nobody pays one author twice by resuming: while another membership is in force, a paused one stays as it is.

use plaudit::{membership::Support, sandbox::stripe::Card};

use super::{
    changing::patron,
    world::{World, month},
};

/// What the account page says instead of the button.
const BY_ANOTHER: &str = "You support Matthew Smith by another membership now";
/// What it says where the form was sent all the same.
const REFUSED: &str = "You support this author by another membership now";

#[tokio::test]
async fn who_has_come_back_by_another_membership_does_not_resume_the_paused_one() {
    let (world, first) = patron().await;
    world.browser.submit(&format!("{first}/pause"), &[]).await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Paused);
    let ann = world.app.signed_in(world.ann.id).await;
    let page = ann.get("/account").await;
    page.says("When you resume, €3.00 is charged at once")
        .says(&format!("action=\"{first}/resume\""))
        .does_not_say(BY_ANOTHER);
    let session = world.begin(&ann, &world.friend).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    let page = ann.get("/account").await;
    page.says(BY_ANOTHER)
        .says(&format!("action=\"{first}/cancel\""))
        .does_not_say("When you resume")
        .does_not_say(&format!("action=\"{first}/resume\""));
    let page = ann.get(&format!("{first}/tier")).await;
    page.says("this paused one stays as it is")
        .does_not_say(&format!("action=\"{first}/resume\""));
    // The form of a page that stood open: Stripe is not even asked, and would not answer.
    world.app.stripe.fail_requests(50, 500);
    let page = ann.submit(&format!("{first}/resume"), &[]).await;
    page.says(REFUSED).says("nothing was charged");
    world.app.stripe.fail_requests(0, 500);
    world.all_arrive().await;
    assert_eq!(world.ledger().await, "payment 600, fee -60");
    let rows = world.memberships().await;
    assert!(rows[0].collection_paused.is_some());
    assert!(rows.iter().all(|row| row.flag.is_none()), "never two");
    // Once the other is over she can.
    let second = world.subscription_of(&session);
    world.app.stripe.cancel_now(&second);
    world.all_arrive().await;
    let page = ann.get("/account").await;
    page.says("When you resume, €3.00 is charged at once")
        .does_not_say(BY_ANOTHER);
    let page = ann.submit(&format!("{first}/resume"), &[]).await;
    page.says("Your membership goes on");
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    assert_eq!(world.ledger().await, "payment 900, fee -90");
}

#[tokio::test]
async fn of_two_in_force_one_is_resumed_only_where_the_other_does_not_go_on() {
    let world = World::new().await;
    let sessions = [
        world.begin(&world.browser, &world.friend).await,
        world.begin(&world.browser, &world.friend).await,
    ];
    for session in &sessions {
        world.pay(session, Card::Good);
    }
    world.all_arrive().await;
    let mut rows = world.memberships().await;
    rows.sort_by_key(|row| row.flag.is_some());
    let [one, other] = [&rows[0], &rows[1]].map(|row| format!("/account/memberships/{}", row.id));
    world.browser.submit(&format!("{one}/cancel"), &[]).await;
    let page = world.browser.get("/account").await;
    page.says(BY_ANOTHER)
        .does_not_say(&format!("action=\"{one}/resume\""));
    let page = world.browser.submit(&format!("{one}/resume"), &[]).await;
    page.says(REFUSED);
    let kept = world.memberships().await;
    assert!(kept.iter().any(|row| row.cancel_at.is_some()));
    // Without the other it goes on.
    let page = world.browser.submit(&format!("{other}/cancel"), &[]).await;
    page.says(&format!("action=\"{one}/resume\""));
    let page = world.browser.submit(&format!("{one}/resume"), &[]).await;
    page.says("Your membership goes on")
        .does_not_say(BY_ANOTHER)
        .does_not_say(&format!("action=\"{other}/resume\""));
}
