//! A tier goes off sale and comes back.

use plaudit::{
    entities::{audit_entry, price, tier},
    membership::tiers,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, QueryOrder};

use super::world::World;

const STUDIO: &str = "/studio/tiers";
const SUPPORT: &str = "/authors/matthew-smith/support";

/// What was done to the tier, the first first.
async fn acts(world: &World) -> Vec<String> {
    let rows = audit_entry::Entity::about(&world.friend.id.to_string())
        .order_by_asc(audit_entry::Column::Id)
        .all(&world.app.app.db)
        .await;
    rows.expect("rows").into_iter().map(|row| row.act).collect()
}

/// The tiers that are on sale, in their order.
async fn sold(world: &World) -> Vec<String> {
    let sold = tiers::on_sale(&world.app.app.db, world.matthew.id).await;
    let sold = sold.expect("tiers").into_iter();
    sold.map(|sold| sold.tier.name).collect()
}

async fn prices(world: &World) -> Vec<price::Model> {
    let prices = price::Entity::current(world.friend.id)
        .order_by_asc(price::Column::Id)
        .all(&world.app.app.db)
        .await;
    prices.expect("prices")
}

#[tokio::test]
async fn what_was_taken_off_sale_is_put_on_sale_again_at_the_same_price() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let before = prices(&world).await;
    let heading = format!("<h2 id=\"tier-{}\"", world.friend.id);
    let path = format!("{STUDIO}/{}", world.friend.id);
    let restore = format!("{path}/restore");
    let page = world.studio.get(STUDIO).await;
    page.says(&heading).does_not_say("Off sale");
    let page = world.studio.submit(&format!("{path}/archive"), &[]).await;
    page.says("Off sale")
        .says("One patron has it.")
        .says("Put on sale again: Friend")
        .says(&format!("action=\"{restore}\""))
        .does_not_say(&heading);
    let readers = world.app.browser();
    readers.get(SUPPORT).await.does_not_say(&heading);
    let page = world.studio.submit(&restore, &[]).await;
    page.says("On sale again, as the last of your tiers")
        .says(&heading)
        .does_not_say("Off sale");
    assert_eq!(sold(&world).await, ["Patron", "Friend"]);
    readers.get(SUPPORT).await.says(&heading);
    assert_eq!(prices(&world).await, before);
    // Another buys the very price of the first.
    world.stranger_subscribes(1, Card::Good).await;
    world.all_arrive().await;
    let members = world.memberships().await;
    let bought: Vec<_> = members
        .iter()
        .map(|row| (row.price_id, row.amount))
        .collect();
    assert_eq!(bought, [bought[0]; 2]);
    assert_eq!(bought[0].1, 300);
    // Pressed twice: nothing more to do, nothing more to write down.
    world.studio.submit(&restore, &[]).await;
    assert_eq!(
        acts(&world).await,
        ["tier_add", "tier_archive", "tier_restore"]
    );
    let owner = world.app.the_owner().await;
    let log = owner.get("/admin/audit").await;
    log.says("Put a tier on sale again")
        .says("author: Matthew Smith");
}

#[tokio::test]
async fn what_came_back_stays_where_it_was_put_when_another_is_made() {
    let world = World::new().await;
    let path = format!("{STUDIO}/{}", world.friend.id);
    for _ in 0..3 {
        world.studio.submit(&format!("{path}/archive"), &[]).await;
        world.studio.submit(&format!("{path}/restore"), &[]).await;
    }
    super::world::put_on_sale(&world.app, &world.matthew, "Third", 900).await;
    assert_eq!(sold(&world).await, ["Patron", "Friend", "Third"]);
}

#[tokio::test]
async fn nobody_puts_the_tier_of_another_on_sale() {
    let world = World::new().await;
    let path = format!("{STUDIO}/{}", world.friend.id);
    world.studio.submit(&format!("{path}/archive"), &[]).await;
    let (eve, _) = world.app.author("Eve").await;
    let theft = eve.post(&format!("{path}/restore"), &[]).await;
    assert_eq!(theft.status, StatusCode::NOT_FOUND);
    eve.get(STUDIO).await.does_not_say("Friend");
    let kept = tier::Entity::find_by_id(world.friend.id)
        .one(&world.app.app.db)
        .await;
    let kept = kept.expect("a database").expect("a tier");
    assert!(kept.archived_at.is_some());
    assert_eq!(acts(&world).await, ["tier_add", "tier_archive"]);
}
