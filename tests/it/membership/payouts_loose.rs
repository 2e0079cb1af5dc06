//! An author's account comes loose, or is held back, and nobody here has wished so: he hears of it once, and no
//! payment is lost meanwhile.

use plaudit::{
    entities::{MembershipState as State, outbox},
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _};

use super::world::{World, month};

impl World {
    /// What Matthew was told of his account, and what the owner was, oldest first.
    async fn told_of_account(&self) -> (Vec<outbox::Model>, Vec<outbox::Model>) {
        let all = outbox::Entity::find()
            .filter(outbox::Column::Kind.is_in(["payout_stopped", "owner_alert"]))
            .order_by_asc(outbox::Column::CreatedAt)
            .all(&self.app.app.db)
            .await
            .expect("letters");
        let to_him = |letter: &outbox::Model| letter.kind == "payout_stopped";
        all.into_iter().partition(to_him)
    }
}

#[tokio::test]
async fn who_comes_loose_at_stripe_hears_of_it_once_and_the_next_invoice_is_not_lost() {
    let world = World::new().await;
    world.shared("90").await;
    let account = world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let before = world.sums().await;
    assert_eq!((before.paid_directly, before.owed), (270, 0));
    world.app.stripe.deauthorize(&account);
    world.all_arrive().await;
    let (his, owners) = world.told_of_account().await;
    assert_eq!((his.len(), owners.len()), (1, 1));
    assert_eq!(his[0].account_id, Some(world.matthew.account_id));
    assert_eq!(his[0].subject, "You are not paid directly any more");
    for said in [
        "the link was taken back at Stripe",
        "stands in your statement",
        "/studio/payouts",
    ] {
        assert!(his[0].body_text.contains(said), "{}", his[0].body_text);
    }
    assert!(owners[0].subject.contains("Matthew Smith"));
    assert!(
        owners[0].body_text.contains(&account),
        "{}",
        owners[0].body_text
    );
    // The membership runs on, and what is paid next is the publication's to pass on.
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    assert_eq!(world.memberships().await[0].state, State::Active);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.memberships().await[0].state, State::Active);
    assert!(world.standing().await.is_patron());
    let sums = world.sums().await;
    assert_eq!(sums.received, 600);
    // 270 of the second payment, less 27 of Stripe's fee; what went to him before stays there.
    assert_eq!((sums.paid_directly, sums.owed), (270, 270 - 27));
    world.agrees_with_stripe().await;
    assert_eq!(world.compare(true).await, "");
    assert_eq!(world.told_of_account().await.0.len(), 1);
    // He links another, and from then on is paid directly again.
    let fresh = world.linked().await;
    world.app.work().await;
    assert_eq!(
        world.subscription(&subscription)["transfer_data"]["destination"],
        fresh.as_str()
    );
    world.app.stripe.deauthorize(&fresh);
    world.all_arrive().await;
    let (his, owners) = world.told_of_account().await;
    assert_eq!((his.len(), owners.len()), (2, 2), "once each time");
}

#[tokio::test]
async fn who_is_held_back_hears_why_and_who_unlinks_hears_nothing() {
    let world = World::new().await;
    let account = world.linked().await;
    world.app.stripe.restrict(&account, "requirements.past_due");
    world.all_arrive().await;
    let (his, owners) = world.told_of_account().await;
    assert_eq!((his.len(), owners.len()), (1, 1));
    let said = "Stripe cannot send money to your account at present. Something that Stripe has asked for is";
    let text = his[0].body_text.replace('\n', " ");
    assert!(text.contains(said), "{text}");
    // More of the same is no news; that it is well again needs no letter; and again is news again.
    world.app.stripe.restrict(&account, "rejected.fraud");
    world.all_arrive().await;
    world.app.stripe.finish_onboarding(&account);
    world.all_arrive().await;
    assert_eq!(world.told_of_account().await.0.len(), 1);
    world.app.stripe.restrict(&account, "rejected.fraud");
    world.all_arrive().await;
    let (his, owners) = world.told_of_account().await;
    assert_eq!((his.len(), owners.len()), (2, 2));
    assert!(
        his.iter()
            .any(|letter| letter.body_text.contains("has closed this account"))
    );
    world.studio.submit("/studio/payouts/unlink", &[]).await;
    world.app.stripe.deauthorize(&account);
    world.all_arrive().await;
    assert_eq!(world.told_of_account().await.0.len(), 2);
}

#[tokio::test]
async fn an_account_whose_news_was_lost_is_told_of_when_all_is_compared() {
    let world = World::new().await;
    world.shared("90").await;
    let account = world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.deauthorize(&account);
    world.app.stripe.release(|held| held.clear());
    assert_eq!(world.told_of_account().await.0.len(), 0);
    let found = world.compare(true).await;
    assert!(found.contains("state_differs 1/1"), "{found}");
    world.all_arrive().await;
    assert_eq!(world.told_of_account().await.0.len(), 1);
    assert!(world.subscription(&subscription)["transfer_data"].is_null());
    world.compare(true).await;
    assert_eq!(world.told_of_account().await.0.len(), 1);
}
