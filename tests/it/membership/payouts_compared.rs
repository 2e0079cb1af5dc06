//! Comparing with Stripe where authors are paid directly: transfers, accounts, and where running memberships pay.

use plaudit::{
    entities::{
        errand,
        ledger_entry::{self, Account, Kind},
        payment,
    },
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use super::world::World;
use crate::support::let_the_ledger_be_altered;

impl World {
    async fn transfers(&self) -> Vec<ledger_entry::Model> {
        let all = ledger_entry::Entity::find()
            .filter(ledger_entry::Column::Kind.eq(Kind::Transfer))
            .all(&self.app.app.db)
            .await;
        all.expect("entries")
    }

    async fn errands(&self) -> Vec<errand::Model> {
        let all = errand::Entity::find().all(&self.app.app.db).await;
        all.expect("errands")
    }
}

#[tokio::test]
async fn a_transfer_that_is_missing_in_the_ledger_or_too_much_is_found_and_mended() {
    let world = World::new().await;
    world.shared("90").await;
    world.linked().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "");
    let db = &world.app.app.db;
    let_the_ledger_be_altered(db).await;
    ledger_entry::Entity::delete_many()
        .filter(ledger_entry::Column::Kind.eq(Kind::Transfer))
        .exec(db)
        .await
        .expect("gone");
    assert_eq!(world.compare(false).await, "ledger_differs 1/0");
    assert_eq!(world.compare(true).await, "ledger_differs 1/1");
    world.agrees_with_stripe().await;
    assert_eq!(world.sums().await.owed, 0);
    // One too many, under a key of its own.
    let first = world.transfers().await;
    for entry in first {
        let mut twin: ledger_entry::ActiveModel = entry.into();
        twin.id = sea_orm::ActiveValue::Set(uuid::Uuid::now_v7());
        twin.group_key = sea_orm::ActiveValue::Set("transfer:tr_strange:0".to_owned());
        ledger_entry::Entity::insert(twin)
            .exec_without_returning(db)
            .await
            .expect("written");
    }
    assert_eq!(world.compare(true).await, "ledger_differs 1/1");
    world.agrees_with_stripe().await;
    assert_eq!(world.compare(true).await, "");
}

#[tokio::test]
async fn what_came_back_while_nothing_arrived_is_found() {
    let world = World::new().await;
    world.shared("90").await;
    world.linked().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let transfer = world.app.stripe.objects("transfer").remove(0);
    let path = format!(
        "transfers/{}/reversals",
        transfer["id"].as_str().expect("id")
    );
    world.at_stripe(&path, &[("amount", "100")]).await;
    world.app.stripe.release(|held| held.clear());
    let found = world.compare(true).await;
    assert!(found.contains("ledger_differs 1/1"), "{found}");
    let sums = world.sums().await;
    assert_eq!((sums.paid_directly, sums.owed), (170, 100));
    world.agrees_with_stripe().await;
    let row = payment::Entity::find().one(&world.app.app.db).await;
    assert_eq!(
        row.expect("rows").expect("a payment").transfer_reversed,
        100
    );
}

#[tokio::test]
async fn an_account_that_changed_unheard_is_seen_and_its_memberships_follow() {
    let world = World::new().await;
    world.shared("90").await;
    let account = world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.restrict(&account, "requirements.past_due");
    world.app.stripe.release(|held| held.clear());
    let found = world.compare(true).await;
    assert!(found.contains("state_differs 1/1"), "{found}");
    assert_eq!(world.account().await.transfers.as_deref(), Some("inactive"));
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    // Somebody has let a membership pay elsewhere.
    world.app.stripe.edit(&subscription, |object| {
        object["transfer_data"] = serde_json::json!({ "destination": "acct_else" });
    });
    let found = world.compare(true).await;
    assert!(found.contains("state_differs 1/1"), "{found}");
    assert_eq!(
        world.subscription(&subscription)["transfer_data"],
        Value::Null
    );
    let found = world.compare(true).await;
    assert!(!found.contains("differs"), "{found}");
}

#[tokio::test]
async fn the_studio_says_how_far_running_memberships_have_followed() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.linked().await;
    let page = world.studio.get("/studio/payouts").await;
    page.says("One runs, and Stripe is still to be told");
    // Stripe refuses for once.
    world.app.stripe.fail_requests(9, 400);
    plaudit::membership::errands::work(&world.app.app)
        .await
        .expect("tried");
    world.app.stripe.fail_requests(0, 400);
    let page = world.studio.get("/studio/payouts").await;
    page.says("One could not be changed at Stripe");
    world.all_arrive().await;
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    assert_eq!(world.compare(true).await, "state_differs 1/1");
    assert!(world.subscription(&subscription)["transfer_data"].is_object());
    let page = world.studio.get("/studio/payouts").await;
    page.says("pays you directly from its next renewal on")
        .does_not_say("could not be changed");
    let failed = world.errands().await;
    let failed = failed
        .iter()
        .filter(|one| one.state == errand::State::Failed);
    assert_eq!(failed.count(), 1);
}

#[tokio::test]
async fn news_of_an_account_that_has_left_is_told_once() {
    let world = World::new().await;
    let account = world.linked().await;
    world.app.stripe.restrict(&account, "rejected.fraud");
    world.app.stripe.deauthorize(&account);
    let mut held = world.app.stripe.held();
    held.reverse();
    for event in &held {
        world.arrive(event).await;
    }
    assert_eq!(world.mails().await, "ADM");
    let page = world.studio.get("/studio/payouts").await;
    page.says("linked no more").says("Link a Stripe account");
    let row = world.account().await;
    assert_eq!(row.former_account_id.as_deref(), Some(account.as_str()));
    let stripe = ledger_entry::Column::Account.eq(Account::Stripe);
    let moved = ledger_entry::Entity::find().filter(stripe);
    assert!(moved.one(&world.app.app.db).await.expect("rows").is_none());
}
