//! What takes a place, and that nobody loses theirs.

use chrono::Duration;
use plaudit::{entities::grant, membership::Support, sandbox::stripe::Card};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use super::{SUPPORT, asks, limit, patron_tier};
use crate::membership::{
    changing_tier::{confirm, press},
    world::{World, month},
};

#[tokio::test]
async fn a_smaller_number_takes_nobodys_place_and_the_author_sees_how_many_are_over() {
    let world = World::new().await;
    limit(&world, &world.friend, "2").await;
    world.subscribe(Card::Good).await;
    world.stranger_subscribes(1, Card::Good).await;
    world.all_arrive().await;
    limit(&world, &world.friend, "1").await;
    world
        .studio
        .get("/studio/tiers")
        .await
        .says("2 of 1 places are taken. That is 1 more than its places");
    let id = world.anns().await.id;
    let hers = format!("/account/memberships/{id}");
    world.browser.submit(&format!("{hers}/pause"), &[]).await;
    world
        .studio
        .get("/studio/tiers")
        .await
        .says("2 of 1 places are taken.");
    world.app.stripe.advance(month());
    world.all_arrive().await;
    world
        .studio
        .get("/studio/tiers")
        .await
        .says("2 of 1 places are taken.");
    world.browser.submit(&format!("{hers}/resume"), &[]).await;
    world.all_arrive().await;
    assert_eq!(world.standing().await.support, Support::Patron);
    // A payment for a full tier is honoured: both have renewed.
    assert_eq!(world.memberships().await.len(), 2);
}

#[tokio::test]
async fn who_books_a_tier_for_later_has_a_place_in_it_by_then() {
    let world = World::new().await;
    let patron = patron_tier(&world).await;
    let session = world.begin(&world.browser, &patron).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    limit(&world, &world.friend, "1").await;
    let hers = format!("/account/memberships/{}", world.anns().await.id);
    let shown = confirm(&world.browser, &hers, "Friend", "month").await;
    press(&world.browser, &hers, &shown).await;
    world.all_arrive().await;
    let other = world.app.browser();
    assert_eq!(
        asks(&other, &world.friend).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    world.browser.submit(&format!("{hers}/keep"), &[]).await;
    world.all_arrive().await;
    assert_eq!(
        asks(&other, &world.friend).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn who_has_yet_to_confirm_a_tier_to_her_bank_keeps_a_place_in_it_as_long_as_she_can() {
    let world = World::new().await;
    let patron = patron_tier(&world).await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    limit(&world, &patron, "1").await;
    let row = world.anns().await;
    let customer = &row.stripe_customer_id;
    world.app.stripe.set_card(customer, Card::AlwaysConfirms);
    let hers = format!("/account/memberships/{}", row.id);
    let shown = confirm(&world.browser, &hers, "Patron", "month").await;
    let answer = press(&world.browser, &hers, &shown).await;
    assert_eq!(answer.location(), format!("{hers}/confirm"));
    world.all_arrive().await;
    let other = world.app.browser();
    for (hours, status) in [
        (0, StatusCode::UNPROCESSABLE_ENTITY),
        (22, StatusCode::UNPROCESSABLE_ENTITY),
        (2, StatusCode::SEE_OTHER),
    ] {
        // Held back: her place goes by the clock, whoever has heard of it.
        world.app.stripe.advance(Duration::hours(hours));
        assert_eq!(asks(&other, &patron).await.status, status, "{hours}");
    }
}

#[tokio::test]
async fn gifts_take_a_place_and_what_the_author_gives_is_never_refused() {
    let world = World::new().await;
    limit(&world, &world.friend, "1").await;
    let session = world.begin_gift(&world.browser).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let anybody = world.app.browser();
    anybody.get(SUPPORT).await.says("The one place is taken.");
    assert_eq!(
        asks(&anybody, &world.friend).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let until = (world.app.app.clock.now() + Duration::days(30))
        .date_naive()
        .to_string();
    let tier = world.friend.id.to_string();
    let given = [
        ("email", "eve@example.org"),
        ("tier", tier.as_str()),
        ("until", until.as_str()),
    ];
    let given = world.studio.post("/studio/grants", &given).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    world
        .studio
        .get("/studio/tiers")
        .await
        .says("2 of 1 places are taken. That is 1 more than its places");
    let grants = grant::Entity::find().all(&world.app.app.db).await;
    assert_eq!(grants.expect("grants").len(), 2);
}
