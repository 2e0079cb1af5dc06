//! What authors hear of their supporters, when they wish; cards that run out; numbers of receipts.

use chrono::{Datelike as _, Duration, Timelike as _};
use plaudit::{
    entities::{outbox, payment, site},
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _};

use super::world::World;
use crate::support::TestApp;

/// The letters of these kinds, oldest first.
async fn letters(world: &World, kind: &str) -> Vec<outbox::Model> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .order_by_asc(outbox::Column::CreatedAt);
    rows.all(&world.app.app.db).await.expect("letters")
}

async fn chooses(world: &World, hears: &str) {
    let author = world.app.signed_in(world.matthew.account_id).await;
    let form = [
        ("name", "Matthew Smith"),
        ("slug", "matthew-smith"),
        ("hears", hears),
    ];
    author
        .submit("/studio/settings", &form)
        .await
        .says("selected");
}

async fn leaves(world: &World) {
    let id = world.anns().await.id;
    let form = [("reason", "too_expensive"), ("words", "Until spring.")];
    let path = format!("/account/memberships/{id}/cancel");
    world.browser.post(&path, &form).await;
    world.all_arrive().await;
}

#[tokio::test]
async fn an_author_hears_at_once_of_who_comes_and_who_leaves_and_why() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let came = letters(&world, "author_patron").await;
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].account_id, Some(world.matthew.account_id));
    assert_eq!(came[0].subject, "Ann supports you now");
    leaves(&world).await;
    let left = letters(&world, "author_cancellation").await;
    assert_eq!(left.len(), 1);
    assert!(
        left[0].body_text.contains("too expensive"),
        "{}",
        left[0].body_text
    );
}

async fn stays(world: &World) {
    let id = world.anns().await.id;
    let path = format!("/account/memberships/{id}/resume");
    world.browser.post(&path, &[]).await;
    world.all_arrive().await;
}

#[tokio::test]
async fn an_author_who_heard_that_she_leaves_hears_once_that_she_stays_each_time() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    for times in 1..=2 {
        leaves(&world).await;
        assert_eq!(letters(&world, "author_cancellation").await.len(), times);
        stays(&world).await;
        // Whatever Stripe tells again.
        let subscription = world.anns().await.stripe_subscription_id;
        let event = world.event("customer.subscription.updated", &subscription);
        world.arrive(&event).await;
        let told = letters(&world, "author_stays").await;
        assert_eq!(told.len(), times);
        assert_eq!(told[0].account_id, Some(world.matthew.account_id));
        assert_eq!(told[0].subject, "Ann stays after all");
        let text = &told[0].body_text;
        assert!(
            text.contains("Ann has taken back the cancellation"),
            "{text}"
        );
    }
    assert_eq!(letters(&world, "author_cancellation").await.len(), 2);
}

#[tokio::test]
async fn who_leaves_and_stays_before_the_morning_is_not_told_of_and_who_stays_later_is() {
    let world = World::new().await;
    chooses(&world, "daily").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    leaves(&world).await;
    stays(&world).await;
    let morning = async || {
        world.app.app.clock.advance(Duration::days(1));
        world.app.work().await;
        let told = letters(&world, "author_digest").await;
        let last = told.last().map(|letter| letter.body_text.clone());
        (told.len(), last.unwrap_or_default())
    };
    let (count, text) = morning().await;
    assert_eq!(count, 1);
    assert!(text.contains("Ann has become your patron"), "{text}");
    assert!(!text.contains("cancel"), "{text}");
    // She leaves, and he has heard of it when she stays; then she leaves again before he hears that.
    leaves(&world).await;
    let (count, text) = morning().await;
    assert_eq!(count, 2);
    assert!(text.contains("Ann has cancelled"), "{text}");
    stays(&world).await;
    leaves(&world).await;
    assert_eq!(morning().await.0, 2, "he knows that she leaves");
    stays(&world).await;
    let (count, text) = morning().await;
    assert_eq!(count, 3);
    assert!(
        text.contains("Ann has taken back the cancellation"),
        "{text}"
    );
    leaves(&world).await;
    let (count, text) = morning().await;
    assert_eq!(count, 4);
    assert!(text.contains("Ann has cancelled"), "{text}");
    // He never heard that she left: that she stays is no news.
    chooses(&world, "never").await;
    stays(&world).await;
    leaves(&world).await;
    chooses(&world, "at_once").await;
    let told = letters(&world, "author_stays").await;
    assert!(told.is_empty());
}

#[tokio::test]
async fn an_author_who_prefers_the_morning_gets_one_letter_and_one_who_prefers_none_gets_none() {
    let world = World::new().await;
    chooses(&world, "daily").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    leaves(&world).await;
    assert!(letters(&world, "author_patron").await.is_empty());
    world.app.work().await;
    assert!(letters(&world, "author_digest").await.is_empty());
    world.app.app.clock.advance(Duration::days(1));
    let other = world.app.replica().await;
    tokio::join!(world.app.work(), other.work());
    world.app.work().await;
    let morning = letters(&world, "author_digest").await;
    assert_eq!(morning.len(), 1);
    let text = &morning[0].body_text;
    assert!(text.contains("Ann has become your patron"), "{text}");
    assert!(text.contains("Ann has cancelled"), "{text}");
    chooses(&world, "never").await;
    world.stranger_subscribes(7, Card::Good).await;
    world.all_arrive().await;
    world.app.app.clock.advance(Duration::days(1));
    world.app.work().await;
    assert!(letters(&world, "author_patron").await.is_empty());
    assert_eq!(letters(&world, "author_digest").await.len(), 1);
}

#[tokio::test]
async fn a_card_that_runs_out_is_told_of_once_and_a_receipt_says_what_paid() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.work().await;
    let page = world.browser.get("/account/receipts/1").await;
    page.says("Visa •••• 4242")
        .says("Sold by")
        .says("The next payment is on");
    assert!(letters(&world, "card_expiring").await.is_empty());
    let now = world.app.app.clock.now();
    let days = (2040 - now.year()) * 366;
    world.app.app.clock.advance(Duration::days(i64::from(days)));
    while world.app.app.clock.now().year() < 2040 || world.app.app.clock.now().month() < 12 {
        world.app.app.clock.advance(Duration::days(20));
    }
    for _ in 0..2 {
        world.app.work().await;
    }
    let told = letters(&world, "card_expiring").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body_text.contains("4242"), "{}", told[0].body_text);
}

#[tokio::test]
async fn numbers_of_receipts_have_no_gap_whoever_pays_at_once_and_whatever_is_rolled_back() {
    let world = World::new().await;
    let db = &world.app.app.db;
    let lost = plaudit::db::begin(db).await.expect("begun");
    let number = site::Entity::next_receipt(&lost).await.expect("a number");
    assert_eq!(number, 1);
    lost.rollback().await.expect("rolled back");
    for number in 0..12 {
        world.stranger_subscribes(number, Card::Good).await;
    }
    world.all_arrive().await;
    world.app.work().await;
    let rows = payment::Entity::find().order_by_asc(payment::Column::Number);
    let rows = rows.all(db).await.expect("payments");
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let taken = (0..20).map(|_| async {
        let tx = plaudit::db::begin(db).await.expect("begun");
        let number = site::Entity::next_receipt(&tx).await.expect("a number");
        // Every third act fails after it has taken one.
        match number % 3 {
            0 => tx.rollback().await.map(|()| None),
            _ => tx.commit().await.map(|()| Some(number)),
        }
        .expect("ended")
    });
    let kept: Vec<i64> = futures_util::future::join_all(taken)
        .await
        .into_iter()
        .flatten()
        .collect();
    let mut sorted = kept.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), kept.len(), "{kept:?}");
    assert_eq!(sorted.first(), Some(&13));
}

/// How many hours somewhere's clock is ahead of the hour that is on in UTC.
const TOKYO: u32 = 9;

#[tokio::test]
async fn the_morning_is_the_publications() {
    // It is about to strike in Tokyo; in UTC the same hour is nine hours off.
    let app = TestApp::start_with(|config| {
        let hour = plaudit::clock::Clock::default().now().hour();
        config.publication.time_zone = "Asia/Tokyo".to_owned();
        config.notices.digest_hour = (hour + TOKYO + 1) % 24;
    })
    .await;
    let world = World::around(app).await;
    chooses(&world, "daily").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.app.clock.advance(Duration::hours(1));
    world.app.work().await;
    assert_eq!(letters(&world, "author_digest").await.len(), 1);
}

#[tokio::test]
async fn the_first_letter_about_a_payment_says_what_it_was_made_with() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let session = world.begin_tip(&world.browser, "500").await;
    world.pay(&session, Card::Good);
    world
        .browser
        .get(&format!("/support/thanks?session_id={session}"))
        .await;
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    let mut receipts = letters(&world, "receipt").await;
    assert_eq!(receipts.len(), 3);
    world.app.stripe.advance(super::world::month());
    world.all_arrive().await;
    // What went a month ago is emptied by now.
    receipts.extend(letters(&world, "receipt").await.pop());
    for letter in receipts {
        let (text, html) = (letter.body_text, letter.body_html);
        assert!(text.contains("Visa •••• 4242"), "{text}");
        assert!(html.contains("Visa •••• 4242"), "{html}");
    }
}
