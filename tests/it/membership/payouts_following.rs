//! An author's own account changes: what runs already follows, and news of it may come in any order.

use plaudit::{
    entities::{errand, stripe_event},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use super::world::{World, month};

#[tokio::test]
async fn running_memberships_follow_when_an_account_becomes_ready_is_restricted_or_leaves() {
    let world = World::new().await;
    world.shared("90").await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    assert_eq!(world.sums().await.owed, 270 - 27);
    let account = world.linked().await;
    world.app.work().await;
    let there = world.subscription(&subscription);
    assert_eq!(there["transfer_data"]["destination"], account.as_str());
    assert_eq!(there["application_fee_percent"], 10.0);
    world.shared("80").await;
    world.app.work().await;
    assert_eq!(
        world.subscription(&subscription)["application_fee_percent"],
        20.0
    );
    world.app.stripe.restrict(&account, "requirements.past_due");
    world.all_arrive().await;
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    let page = world.studio.get("/studio/payouts").await;
    page.says("cannot send money").says("still missing");
    world.app.stripe.finish_onboarding(&account);
    world.all_arrive().await;
    assert!(world.subscription(&subscription)["transfer_data"].is_object());
    world
        .studio
        .submit("/studio/payouts/unlink", &[])
        .await
        .says("from your statement");
    world.app.work().await;
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.sums().await.owed, 243 + 240 - 24);
    // Linked again it is the same account; then it comes loose at Stripe.
    world.links().await;
    world.app.work().await;
    assert!(world.subscription(&subscription)["transfer_data"].is_object());
    world.app.stripe.deauthorize(&account);
    world.all_arrive().await;
    let row = world.account().await;
    assert_eq!((row.stripe_account_id, row.generation), (None, 1));
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    world
        .studio
        .get("/studio/payouts")
        .await
        .says("Link a Stripe account");
    let fresh = world.linked().await;
    assert_ne!(fresh, account);
    let errands = errand::Entity::find()
        .all(&world.app.app.db)
        .await
        .expect("errands");
    assert!(
        errands.iter().all(|one| one.state != errand::State::Failed),
        "{errands:?}"
    );
}

#[tokio::test]
async fn news_of_an_account_in_any_order_and_twice_ends_where_the_account_stands() {
    let world = World::new().await;
    let account = world.linked().await;
    world.app.stripe.restrict(&account, "rejected.fraud");
    world.app.stripe.finish_onboarding(&account);
    let mut held = world.app.stripe.held();
    held.reverse();
    let told = held.len();
    assert!(told >= 3, "{told}");
    for event in held.iter().chain(&held) {
        world.arrive(event).await;
    }
    let row = world.account().await;
    assert_eq!(row.transfers.as_deref(), Some("active"));
    assert_eq!(row.disabled_reason, None);
    let version = row.version;
    for event in &held {
        world.arrive(event).await;
    }
    assert_eq!(world.account().await.version, version);
    // A thin event names its account beside the object.
    world
        .app
        .stripe
        .edit(&account, |object| object["payouts_enabled"] = false.into());
    let body = format!(
        r#"{{"id":"evt_thin","object":"v2.core.event","type":"v1.account.updated","livemode":false,
        "context":"{account}","related_object":{{"id":"{account}","type":"account"}}}}"#
    );
    let signature = world.app.stripe.sign(&body);
    assert_eq!(
        world.post_raw(body, &signature).await.status,
        StatusCode::OK
    );
    world.app.work().await;
    assert!(!world.account().await.payouts_enabled);
    // What happens inside the account is not ours, and nobody is told.
    let body = format!(
        r#"{{"id":"evt_inside","type":"customer.updated","account":"{account}","livemode":false,
        "data":{{"object":{{"id":"cus_theirs","object":"customer"}}}}}}"#
    );
    let signature = world.app.stripe.sign(&body);
    assert_eq!(
        world.post_raw(body, &signature).await.status,
        StatusCode::OK
    );
    world.app.work().await;
    let inside = stripe_event::Entity::find_by_id("evt_inside".to_owned());
    let inside = inside
        .one(&world.app.app.db)
        .await
        .expect("rows")
        .expect("kept");
    assert_eq!(inside.state, stripe_event::State::Ignored);
    assert_eq!(world.mails().await, "");
}
