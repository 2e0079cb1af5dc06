//! Tiers with a limit of places: who has one, who is told that all are taken, and what is kept all the same.

mod at_once;
mod keeping;

use chrono::Duration;
use plaudit::{
    entities::{Recurrence, price, tier},
    membership::tiers,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter};

use super::{
    changing_tier::{confirm, press},
    world::{World, month},
};
use crate::support::{Browser, Page};

const FULL: &str = "All places of this tier are taken by now. Nothing was charged.";
const SUPPORT: &str = "/authors/matthew-smith/support";

/// The author's form of a tier, as it would be sent with this number of places.
pub(super) async fn limit(world: &World, tier: &tier::Model, seats: &str) -> Page {
    let prices = price::Entity::current(tier.id).all(&world.app.app.db).await;
    let prices = prices.expect("prices");
    let amount = |every| {
        let found = prices.iter().find(|price| price.recurrence == every);
        let amount = found.expect("a price").amount;
        format!("{}.{:02}", amount / 100, amount % 100)
    };
    let (monthly, yearly) = (amount(Recurrence::Month), amount(Recurrence::Year));
    let form = [
        ("name", tier.name.as_str()),
        ("description", tier.description.as_str()),
        ("monthly", monthly.as_str()),
        ("yearly", yearly.as_str()),
        ("seats", seats),
    ];
    let path = format!("/studio/tiers/{}", tier.id);
    world.studio.post(&path, &form).await
}

async fn patron_tier(world: &World) -> tier::Model {
    let found = tier::Entity::find().filter(tier::Column::Name.eq("Patron"));
    let found = found.one(&world.app.app.db).await.expect("tiers");
    found.expect("the dearer one")
}

/// Presses *Become a patron* of this tier.
async fn asks(browser: &Browser, tier: &tier::Model) -> Page {
    let id = tier.id.to_string();
    let form = [("tier", id.as_str()), ("interval", "month")];
    browser.post(SUPPORT, &form).await
}

#[tokio::test]
async fn a_full_tier_is_said_to_be_full_and_refused_at_checkout_with_a_way_on() {
    let world = World::new().await;
    let saved = limit(&world, &world.friend, "1").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let anybody = world.app.browser();
    anybody
        .get(SUPPORT)
        .await
        .says("There is a single place, and it is free.");
    anybody
        .get("/authors/matthew-smith/gift")
        .await
        .says("There is a single place, and it is free.");
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    anybody
        .get(SUPPORT)
        .await
        .says("The one place is taken.")
        .says("Become a patron: Patron")
        .does_not_say("Become a patron: Friend");
    let refused = asks(&anybody, &world.friend).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .says(FULL)
        .says("Become a patron: Patron")
        .says("Give once");
    let gift = world.begin_gift_page(&anybody).await;
    assert_eq!(gift.status, StatusCode::UNPROCESSABLE_ENTITY);
    gift.says(FULL);
    // Whoever has it already is led to her own membership, as ever.
    let hers = asks(&world.browser, &world.friend).await;
    assert!(hers.location().contains("/account/memberships/"));
    world
        .studio
        .get("/studio/tiers")
        .await
        .says("1 of 1 places are taken.");
    // When she has gone, somebody else can come.
    let id = world.memberships().await[0].id;
    world
        .browser
        .submit(&format!("/account/memberships/{id}/cancel"), &[])
        .await;
    assert_eq!(
        asks(&anybody, &world.friend).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(
        asks(&anybody, &world.friend).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_last_place_is_kept_for_whoever_is_at_checkout_and_only_for_a_while() {
    let world = World::new().await;
    limit(&world, &world.friend, "1").await;
    let session = world.begin(&world.browser, &world.friend).await;
    let other = world.app.browser();
    other
        .get(SUPPORT)
        .await
        .says("The last places are being paid for right now.")
        .does_not_say("Become a patron: Friend");
    let refused = asks(&other, &world.friend).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("If one of them is yours, go back to the page where you pay");
    // She turned back herself and tries again: what she has open is no reason to refuse her.
    world
        .browser
        .get(SUPPORT)
        .await
        .says("Become a patron: Friend");
    let again = world.begin(&world.browser, &world.friend).await;
    assert_ne!(session, again);
    world.app.stripe.advance(Duration::minutes(36));
    world.app.settle().await;
    let object = world.app.stripe.object(&again).expect("the session");
    assert_eq!(object["status"], "expired", "nobody pays for it any more");
    assert_eq!(
        asks(&other, &world.friend).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn of_many_who_press_at_once_as_many_go_to_checkout_as_there_are_places() {
    let world = World::new().await;
    limit(&world, &world.friend, "3").await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (browser, friend) = (world.app.browser(), world.friend.clone());
        asking.spawn(async move { asks(&browser, &friend).await.status });
    }
    let answers = asking.join_all().await;
    let gone = answers
        .iter()
        .filter(|status| **status == StatusCode::SEE_OTHER);
    assert_eq!(gone.count(), 3, "{answers:?}");
    let refused = answers
        .iter()
        .filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.count(), 9, "{answers:?}");
}

#[tokio::test]
async fn a_change_to_a_full_tier_is_refused_and_what_she_has_goes_on() {
    let world = World::new().await;
    let patron = patron_tier(&world).await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let hers = format!("/account/memberships/{}", world.memberships().await[0].id);
    let shown = confirm(&world.browser, &hers, "Patron", "month").await;
    // Between looking and pressing, somebody else takes the last place.
    limit(&world, &patron, "1").await;
    let stranger = world.app.browser();
    let session = world.begin(&stranger, &patron).await;
    let paid = world
        .app
        .stripe
        .complete_checkout(&session, Card::Good, "bo@example.org", "Bo");
    paid.expect("paid");
    world.all_arrive().await;
    let refused = press(&world.browser, &hers, &shown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .says("you keep the tier you have, and can choose another")
        .says("The one place is taken.")
        .does_not_say("Choose Patron");
    let by_address = format!("{hers}/tier?tier={}&every=month", patron.id);
    let refused = world.browser.get(&by_address).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.memberships().await[0].tier_id, world.friend.id);
    // From the month to the year in her own tier is hers, full or not.
    limit(&world, &world.friend, "1").await;
    let shown = confirm(&world.browser, &hers, "Friend", "year").await;
    let changed = press(&world.browser, &hers, &shown).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_price_that_is_asked_for_is_one_that_can_still_be_had() {
    let world = World::new().await;
    world.app.article(&world.matthew, "The Tide").await;
    let anybody = world.app.browser();
    anybody
        .get("/articles/the-tide")
        .await
        .says("from €3 a month");
    limit(&world, &world.friend, "1").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    anybody
        .get("/articles/the-tide")
        .await
        .says("from €15 a month");
}

#[tokio::test]
async fn the_list_of_tiers_says_how_many_places_there_are() {
    let world = World::new().await;
    limit(&world, &world.friend, "20").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let text = world.app.plaudit(&["tier", "list"]).await.done();
    let line = |name: &str| text.lines().find(|line| line.contains(name));
    let friend = line("Friend").expect("the tier");
    assert!(friend.ends_with("1 of 20 places taken"), "{text}");
    let patron = line("Patron").expect("the other");
    assert!(patron.ends_with("no limit of places"), "{text}");
    let json = world.app.plaudit(&["tier", "list", "--json"]).await.done();
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&rows[0]["seats"], &rows[0]["taken"]),
        (&20.into(), &1.into())
    );
    assert!(rows[1]["seats"].is_null() && rows[1]["taken"].is_null());
}

#[tokio::test]
async fn places_are_a_whole_number_from_one_on() {
    let world = World::new().await;
    for typed in [
        "0",
        "-3",
        "ten",
        "1.5",
        "100001",
        "99999999999999999999",
        "１",
        "5 places",
    ] {
        let refused = limit(&world, &world.friend, typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        refused
            .says("Places are a whole number from 1 to 100,000.")
            .says(&format!(
                "name=\"seats\" inputmode=\"numeric\" value=\"{typed}\""
            ));
    }
    for typed in [" 7 ", ""] {
        let saved = limit(&world, &world.friend, typed).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{typed}");
    }
    let sold = tiers::on_sale(&world.app.app.db, world.matthew.id).await;
    assert_eq!(sold.expect("tiers")[0].tier.seats, None);
    let friend = tier::Model {
        name: "<b>x</b>\u{202e}".repeat(1000),
        ..world.friend.clone()
    };
    let refused = limit(&world, &friend, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .says("100 characters for the name")
        .does_not_say("<b>x</b>");
}
