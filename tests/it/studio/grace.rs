//! A payment failed: until when there is access, at the latest.

use chrono::Duration;
use plaudit::{entities::outbox, sandbox::stripe::Card};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::membership::{World, month};

/// What the author reads of it.
const SAID: &str = "Ann: the payment failed; access at the latest until";

async fn failing() -> World {
    let world = World::new().await;
    world.subscribe(Card::FailsLater).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    world
}

#[tokio::test]
async fn the_day_on_which_access_ends_at_the_latest_is_named_and_is_that_day() {
    let world = failing().await;
    let since = world.anns().await.past_due_since.expect("a grace");
    let last = since + Duration::days(world.app.app.config.membership.grace_days.into());
    let page = world.studio.get("/studio").await;
    page.says(&format!(
        "{SAID} <time datetime=\"{}",
        last.format("%Y-%m-%dT%H:%M")
    ));
    let letter = outbox::Entity::find().filter(outbox::Column::Kind.eq("payment_failed"));
    let letter = letter.one(&world.app.app.db).await.expect("the outbox");
    let letter = letter.expect("a letter");
    let day = last.format("%-d %B %Y");
    let sentence = format!("You keep access until {day} at the latest.");
    let text = letter.body_text;
    assert!(text.contains(&sentence), "{text}");
    // The clock goes by whole seconds.
    let clock = &world.app.app.clock;
    clock.advance(last - clock.now() - Duration::seconds(1));
    assert!(world.standing().await.is_patron());
    clock.advance(Duration::seconds(2));
    assert!(!world.standing().await.is_patron());
    world.app.work().await;
    let page = world.studio.get("/studio").await;
    page.says("Ann: the payment failed; access has ended</li>")
        .does_not_say(SAID);
}

#[tokio::test]
async fn access_ends_before_the_latest_day_where_stripe_gives_up_before() {
    let world = failing().await;
    let german = [("name", "Matthew Smith"), ("language", "de")];
    world.studio.post("/account", &german).await;
    let said = "Ann: Die Zahlung ist fehlgeschlagen; Zugang längstens bis <time";
    world.studio.get("/studio").await.says(said);
    let subscription = world.anns().await.stripe_subscription_id;
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    assert!(!world.standing().await.is_patron());
    world.studio.get("/studio").await.does_not_say(said);
}
