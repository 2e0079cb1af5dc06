//! The order an author's tiers stand in.

use plaudit::membership::tiers;
use reqwest::StatusCode;

use super::world::{World, put_on_sale};
use crate::support::Page;

/// The tiers' names in the order a page shows them.
fn names(page: &Page) -> Vec<String> {
    let headings = page.body.split("<h2 id=\"tier-").skip(1);
    let name = |rest: &str| rest.split(['>', '<']).nth(1).unwrap_or_default().to_owned();
    headings.map(name).collect()
}

#[tokio::test]
async fn a_tier_moves_past_its_neighbour_everywhere() {
    let world = World::new().await;
    let third = put_on_sale(&world.app, &world.matthew, "Third", 900).await;
    let gone = put_on_sale(&world.app, &world.matthew, "Gone", 900).await;
    let last = put_on_sale(&world.app, &world.matthew, "Last", 900).await;
    tiers::archive(&world.app.app, world.matthew.id, gone.id, None)
        .await
        .expect("archived");
    let page = world.studio.get("/studio/tiers").await;
    assert_eq!(names(&page), ["Friend", "Patron", "Third", "Last"]);
    page.says("Move up: Patron")
        .says("Move down: Friend")
        .does_not_say("Move up: Friend")
        .does_not_say("Move down: Last");
    let path = |tier: &plaudit::entities::tier::Model| format!("/studio/tiers/{}/move", tier.id);
    // What is off sale in between is stepped over.
    let moved = world.studio.post(&path(&last), &[("way", "up")]).await;
    assert_eq!(moved.location(), format!("/studio/tiers#tier-{}", last.id));
    world
        .studio
        .post(&path(&world.friend), &[("way", "down")])
        .await;
    let wanted = ["Patron", "Friend", "Last", "Third"];
    assert_eq!(names(&world.studio.get("/studio/tiers").await), wanted);
    let readers = world.app.browser();
    let page = readers.get("/authors/matthew-smith/support").await;
    assert_eq!(names(&page), wanted);
    let api = readers.get("/api/v1/authors/matthew-smith").await;
    let api: serde_json::Value = serde_json::from_str(&api.body).expect("JSON");
    let listed = api["tiers"].as_array().expect("tiers").iter();
    let listed: Vec<&str> = listed.filter_map(|tier| tier["name"].as_str()).collect();
    assert_eq!(listed, wanted);
    // The first cannot go up, nor the last down.
    for (tier, way) in [(&third, "down"), (&last, "up"), (&last, "down")] {
        let done = world.studio.post(&path(tier), &[("way", way)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(names(&world.studio.get("/studio/tiers").await), wanted);
    for (tier, way) in [(&gone, "up"), (&third, "sideways")] {
        let refused = world.studio.post(&path(tier), &[("way", way)]).await;
        assert!(
            refused.status.is_client_error(),
            "{way}: {}",
            refused.status
        );
    }
}

#[tokio::test]
async fn nobody_moves_the_tier_of_another() {
    let world = World::new().await;
    let (eve, _) = world.app.author("Eve").await;
    let path = format!("/studio/tiers/{}/move", world.friend.id);
    let form = [("way", "down")];
    assert_eq!(eve.post(&path, &form).await.status, StatusCode::NOT_FOUND);
    let reader = world.browser.post(&path, &form).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    let stranger = world.app.browser().post(&path, &form).await;
    assert!(
        stranger.location().starts_with("/sign-in"),
        "{}",
        stranger.status
    );
    let elsewhere = world.studio.raw().post(world.studio.address(&path));
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site").form(&form);
    assert_eq!(Page::of(elsewhere).await.status, StatusCode::FORBIDDEN);
    let page = world.studio.get("/studio/tiers").await;
    assert_eq!(names(&page), ["Friend", "Patron"]);
}
