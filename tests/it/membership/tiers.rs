//! Tiers and their mirror at Stripe.

use plaudit::{
    entities::{price, tier},
    membership::tiers::{self, NewTier, Refusal, TierChange},
    sandbox::stripe::Card,
};
use sea_orm::EntityTrait;

use super::world::World;

fn new_tier(currency: &str, monthly: Option<i64>) -> NewTier {
    NewTier {
        name: "New".to_owned(),
        description: String::new(),
        currency: currency.to_owned(),
        monthly,
        yearly: None,
        trial_days: None,
        ..Default::default()
    }
}

#[tokio::test]
async fn a_tier_is_a_product_and_each_amount_a_price() {
    let world = World::new().await;
    let stripe = &world.app.stripe;
    let tier = tier::Entity::find_by_id(world.friend.id)
        .one(&world.app.app.db)
        .await;
    let tier = tier.expect("database").expect("a tier");
    let product = stripe.object(&tier.stripe_product_id.expect("mirrored"));
    assert_eq!(product.expect("a product")["name"], "Friend");
    let prices = price::Entity::current(tier.id)
        .all(&world.app.app.db)
        .await
        .expect("prices");
    for price in &prices {
        let object = stripe.object(price.stripe_price_id.as_deref().expect("mirrored"));
        assert_eq!(object.expect("a price")["unit_amount"], price.amount);
    }
    assert_eq!(prices.len(), 2);
}

#[tokio::test]
async fn a_new_amount_is_a_new_price_and_patrons_keep_the_old_one() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let change = TierChange {
        name: "Friend".to_owned(),
        description: String::new(),
        monthly: Some(400),
        yearly: Some(3000),
        trial_days: None,
        ..Default::default()
    };
    let app = &world.app.app;
    tiers::change(app, world.matthew.id, world.friend.id, change)
        .await
        .expect("changed");
    let sold = tiers::on_sale(&app.db, world.matthew.id)
        .await
        .expect("tiers");
    assert_eq!(
        sold[0].monthly.as_ref().map(|price| price.amount),
        Some(400)
    );
    world.app.stripe.advance(super::world::month());
    world.all_arrive().await;
    assert_eq!(world.memberships().await[0].amount, 300);
}

#[tokio::test]
async fn tiers_that_cannot_be_are_refused() {
    let world = World::new().await;
    let create = |new| tiers::create(&world.app.app, world.matthew.id, new);
    let refused = create(new_tier("euros", Some(300))).await;
    assert!(matches!(refused, Err(Refusal::UnknownCurrency)));
    let refused = create(new_tier("eur", None)).await;
    assert!(matches!(refused, Err(Refusal::NoAmount)));
    let refused = create(new_tier("eur", Some(1))).await;
    assert!(matches!(refused, Err(Refusal::AmountOutOfRange)));
    let (_, bob) = world.app.author("Bob").await;
    let theft = tiers::archive(&world.app.app, bob.id, world.friend.id, None).await;
    assert!(matches!(theft, Err(Refusal::NoSuchTier)));
}

#[tokio::test]
async fn with_stripe_away_a_tier_is_kept_and_mirrored_when_wanted() {
    let world = World::new().await;
    world.app.stripe.fail_requests(1, 500);
    let app = &world.app.app;
    let tier = tiers::create(app, world.matthew.id, new_tier("eur", Some(500))).await;
    let tier = tier.expect("kept");
    let session = world.begin(&world.browser, &tier).await;
    assert_eq!(
        world.app.stripe.object(&session).expect("open")["amount_total"],
        500
    );
}
