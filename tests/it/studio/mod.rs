//! The studio and the owner's rooms.

mod crowd;
mod grace;
mod labels;
mod numbers;
mod portrait;
mod settings;
mod supporters;
mod waiting;

pub use portrait::picture;

use plaudit::{entities::stripe_event, sandbox::stripe::Card};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::{membership::World, support::TestApp};

#[tokio::test]
async fn an_author_sees_his_numbers_and_nobody_elses() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    let session = world.begin_tip(&world.browser, "1000").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let matthew = world.app.signed_in(world.matthew.account_id).await;
    let page = matthew.get("/studio").await;
    page.says("€3.00")
        .says("€10.00")
        .says("1 new, 0 left")
        .says("Ann");
    let csv = matthew.get("/studio/supporters.csv").await;
    csv.says("Ann,ann@example.org,patron,true,Friend,300,eur,month,");
    let payments = matthew.get("/studio/payments.csv").await;
    payments
        .says(",membership,300,0,eur,")
        .says(",tip,1000,0,eur,");
    matthew
        .get("/studio/supporters?show=patrons")
        .await
        .says("Ann");
    let (other, _) = world.app.author("Olga").await;
    other.get("/studio").await.does_not_say("Ann");
    other
        .get("/studio/supporters.csv")
        .await
        .does_not_say("Ann");
    other.get("/studio/payments.csv").await.does_not_say("300");
}

#[tokio::test]
async fn rooms_open_only_to_those_they_belong_to() {
    let app = TestApp::start().await;
    let (reader, _) = app.reader("Ann").await;
    let (author, _) = app.author("Matthew Smith").await;
    let (owner, _) = app.owner().await;
    for path in [
        "/studio",
        "/studio/tiers",
        "/studio/supporters",
        "/studio/articles",
        "/studio/comments",
        "/studio/payouts",
        "/studio/settings",
    ] {
        let stranger = app.browser().get(path).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER);
        assert!(
            stranger
                .location()
                .starts_with("/sign-in?return_to=%2Fstudio")
        );
        assert_eq!(reader.get(path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(author.get(path).await.status, StatusCode::OK);
    }
    for path in [
        "/admin",
        "/admin/events",
        "/admin/memberships",
        "/admin/mail",
        "/admin/people",
    ] {
        assert_eq!(author.get(path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(owner.get(path).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_tier_is_made_and_changed_with_amounts_as_people_type_them() {
    let app = TestApp::start().await;
    let (matthew, _) = app.author("Matthew Smith").await;
    let form = |monthly| {
        [
            ("name", "Friend"),
            ("currency", "eur"),
            ("monthly", monthly),
            ("description", "<b>x</b>"),
        ]
    };
    let refused = matthew.post("/studio/tiers", &form("3.005")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("two decimals at most").says("value=\"3.005\"");
    refused.does_not_say("<b>x</b>");
    matthew
        .submit("/studio/tiers", &form("3,50"))
        .await
        .says("Saved.");
    app.browser()
        .get("/authors/matthew-smith/support")
        .await
        .says("€3.50");
    matthew.get("/studio/tiers").await.says("value=\"3.50\"");
}

#[tokio::test]
async fn an_article_is_written_published_and_taken_back() {
    let app = TestApp::start().await;
    let (matthew, _) = app.author("Matthew Smith").await;
    let form = [
        ("title", "Lights at sea"),
        ("body", "Some *text*."),
        ("audience", "public"),
        ("comments", "patrons"),
    ];
    let saved = matthew.post("/studio/articles/new", &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let path = saved.location().to_owned();
    let reader = app.browser();
    let unknown = reader.get("/articles/lights-at-sea").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let publication = format!("{path}/publication");
    matthew
        .submit(&publication, &[("what", "publish")])
        .await
        .says("Published.");
    reader
        .get("/articles/lights-at-sea")
        .await
        .says("<em>text</em>");
    matthew.post(&publication, &[("what", "unpublish")]).await;
    let gone = reader.get("/articles/lights-at-sea").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let (olga, _) = app.author("Olga").await;
    assert_eq!(olga.get(&path).await.status, StatusCode::NOT_FOUND);
    let empty = matthew
        .post(
            "/studio/articles/new",
            &[
                ("title", ""),
                ("audience", "public"),
                ("comments", "closed"),
            ],
        )
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_owner_sees_what_is_stuck_and_tries_it_again() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    let stripe = &world.app.stripe;
    let event = world.stumble(&subscription).await;
    let (owner, _) = world.app.reader("Otto").await;
    assert_eq!(owner.get("/admin").await.status, StatusCode::FORBIDDEN);
    let owner = world.app.the_owner().await;
    owner.get("/admin").await.says("One event needs attention");
    let path = format!("/admin/events/{event}");
    owner.get(&path).await.says("levitating");
    stripe.edit(&subscription, |object| object["status"] = "active".into());
    owner
        .submit(&format!("{path}/retry"), &[])
        .await
        .says("tried again");
    world.app.work().await;
    let row = stripe_event::Entity::find_by_id(event)
        .one(&world.app.app.db)
        .await;
    assert_eq!(
        row.expect("database").expect("a row").state,
        stripe_event::State::Done
    );
}

#[tokio::test]
async fn health_is_told() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.get("/health/live").await.says("alive");
    browser.get("/health/ready").await.says("ready");
    let metrics = browser.get("/metrics").await;
    assert_eq!(metrics.status, StatusCode::OK);
}
