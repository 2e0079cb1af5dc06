//! Two who change to the last place of a tier at the same time: one of them has it.

use std::time::Duration;

use plaudit::{
    entities::{MembershipState as State, account, kept_place, membership, tier},
    membership::tiers,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait as _, QueryFilter};

use super::{asks, limit, patron_tier};
use crate::{
    membership::{
        changing_tier::{confirm, press},
        world::World,
    },
    support::{Browser, Page},
};

/// A reader with the smaller tier, who has the page before her on which she confirms the larger one.
struct Changing {
    browser: Browser,
    hers: String,
    page: Page,
}

impl Changing {
    async fn press(&self) -> Page {
        press(&self.browser, &self.hers, &self.page).await
    }
}

async fn member(world: &World, name: &str) -> (Browser, account::Model, String) {
    let (browser, account) = world.app.reader(name).await;
    let session = world.begin(&browser, &world.friend).await;
    let address = account.email.clone().expect("an address");
    let paid = world
        .app
        .stripe
        .complete_checkout(&session, Card::Good, &address, name);
    paid.expect("paid");
    world.all_arrive().await;
    let row = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account.id))
        .one(&world.app.app.db)
        .await
        .expect("rows");
    let hers = format!("/account/memberships/{}", row.expect("hers").id);
    (browser, account, hers)
}

async fn changing(world: &World, names: &[&str], tier: &tier::Model) -> Vec<Changing> {
    let mut all = Vec::new();
    for name in names {
        let (browser, _, hers) = member(world, name).await;
        let page = confirm(&browser, &hers, &tier.name, "month").await;
        all.push(Changing {
            browser,
            hers,
            page,
        });
    }
    all
}

async fn patrons(world: &World, tier: &tier::Model) -> u64 {
    membership::Entity::find()
        .filter(membership::Column::TierId.eq(tier.id))
        .filter(membership::Column::State.eq(State::Active))
        .count(&world.app.app.db)
        .await
        .expect("counted")
}

#[tokio::test]
async fn of_many_who_change_to_the_last_place_at_once_one_has_it() {
    let world = World::new().await;
    let patron = patron_tier(&world).await;
    let all = changing(&world, &["Bo", "Cleo", "Dan", "Eve"], &patron).await;
    limit(&world, &patron, "1").await;
    // So that all of them are under way before Stripe has answered any.
    world.app.stripe.answer_after(Duration::from_millis(100));
    let answers = futures_util::future::join_all(all.iter().map(Changing::press)).await;
    world.app.stripe.answer_after(Duration::ZERO);
    let (changed, refused): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|page| page.status == StatusCode::SEE_OTHER);
    assert_eq!((changed.len(), refused.len()), (1, 3));
    for page in refused {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("you keep the tier you have, and can choose another");
    }
    world.all_arrive().await;
    assert_eq!(patrons(&world, &patron).await, 1);
    let kept = kept_place::Entity::find().count(&world.app.app.db).await;
    assert_eq!(kept.expect("counted"), 0, "none is kept any longer");
    world
        .studio
        .get("/studio/tiers")
        .await
        .says("1 of 1 places are taken.");
}

#[tokio::test]
async fn a_place_a_card_did_not_pay_for_is_free_again() {
    let world = World::new().await;
    let patron = patron_tier(&world).await;
    let all = changing(&world, &["Bo", "Cleo"], &patron).await;
    limit(&world, &patron, "1").await;
    let object = world.app.stripe.objects("subscription").remove(0);
    let customer = object["customer"].as_str().expect("an id");
    world.app.stripe.set_card(customer, Card::Declined);
    let declined = all[0].press().await;
    assert_eq!(declined.status, StatusCode::UNPROCESSABLE_ENTITY);
    declined.says("Your card was declined");
    assert_eq!(all[1].press().await.status, StatusCode::SEE_OTHER);
    world.all_arrive().await;
    assert_eq!(patrons(&world, &patron).await, 1);
}

#[tokio::test]
async fn a_place_kept_for_a_change_whose_end_nobody_knows_is_sold_to_nobody_for_a_while() {
    let world = World::new().await;
    let patron = patron_tier(&world).await;
    member(&world, "Bo").await;
    limit(&world, &patron, "1").await;
    // The service was killed between its own word and Stripe's.
    let place = kept_place::ActiveModel {
        membership_id: Set(world.memberships().await[0].id),
        tier_id: Set(patron.id),
        until: Set(world.app.app.clock.now() + tiers::KEPT),
    };
    let place = kept_place::Entity::insert(place).exec_without_returning(&world.app.app.db);
    place.await.expect("kept");
    let stranger = world.app.browser();
    let refused = asks(&stranger, &patron).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("The last places are being paid for right now.");
    world.app.stripe.advance(chrono::Duration::minutes(36));
    let free = asks(&stranger, &patron).await;
    assert_eq!(free.status, StatusCode::SEE_OTHER, "{}", free.body);
}
