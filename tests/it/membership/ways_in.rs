//! Wherever support is asked for or a text is closed, the words are true of whoever reads them.

use chrono::Duration;
use plaudit::{
    entities::{Audience, MembershipState as State, membership},
    membership::tiers::{self, NewTier},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::ActiveValue::Set;

use super::world::World;
use crate::support::Browser;

const SUPPORT: &str = "/authors/matthew-smith/support";
const WAITS: &str = "your bank still has to confirm it";

/// Every place where somebody is asked for support, with what it must and must not say.
async fn doors(browser: &Browser, says: &str, link: &str, never: &str) {
    for path in [
        "/articles/the-tide",
        "/articles/the-vault",
        "/authors/matthew-smith",
        SUPPORT,
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        page.says(says).says(link).does_not_say(never);
    }
}

#[tokio::test]
async fn while_a_debit_is_on_its_way_every_door_says_so_and_none_asks_again() {
    let world = World::new().await;
    world.app.article(&world.matthew, "The Tide").await;
    let closed = |draft: &mut plaudit::articles::Draft| draft.audience = Audience::Patrons;
    world
        .app
        .article_with(&world.matthew, "The Vault", closed)
        .await;
    let vault = "/articles/the-vault";
    world
        .browser
        .get(vault)
        .await
        .says("Become a patron")
        .does_not_say("has two paragraphs");
    world.subscribe(Card::BankPays).await;
    world.all_arrive().await;
    doors(
        &world.browser,
        WAITS,
        "href=\"/account\"",
        "Become a patron",
    )
    .await;
    world.browser.get("/account").await.says(WAITS);
    // Pressed all the same, from a page that stood open, it leads to what she has.
    let answer = world.begin_again().await;
    assert!(answer.location().starts_with("/account/memberships/"));
    world.app.stripe.advance(Duration::minutes(4));
    world.all_arrive().await;
    world.browser.get(vault).await.says("has two paragraphs");
    world
        .browser
        .get(SUPPORT)
        .await
        .does_not_say(WAITS)
        .says("You already support Matthew Smith");
}

#[tokio::test]
async fn a_text_for_patrons_tells_each_the_one_way_in() {
    let world = World::new().await;
    let closed = |draft: &mut plaudit::articles::Draft| draft.audience = Audience::Patrons;
    world
        .app
        .article_with(&world.matthew, "The Vault", closed)
        .await;
    let over = |row: &mut membership::ActiveModel| {
        let long_ago = *row.updated_at.as_ref() - Duration::days(20);
        row.past_due_since = Set(Some(long_ago));
    };
    for (state, sentence, way, never) in [
        (
            State::Lapsed,
            "did not go through",
            "/pay\"",
            "Become a patron",
        ),
        (
            State::Grace,
            "did not go through",
            "/card\"",
            "Become a patron",
        ),
        (
            State::Paused,
            "is paused",
            ">Resume your membership</a>",
            "Become a patron",
        ),
        (
            State::Ended,
            "You were one before.",
            ">Become a patron again</a>",
            "/card\"",
        ),
        (
            State::Failed,
            "for patrons of Matthew Smith",
            ">Become a patron</a>",
            "/card\"",
        ),
    ] {
        let (browser, account) = world.app.reader(&format!("{state:?}")).await;
        world
            .app
            .member(account.id, &world.matthew, state, over)
            .await;
        let page = browser.get("/articles/the-vault").await;
        page.says(sentence)
            .says(way)
            .does_not_say(never)
            .does_not_say("has two paragraphs");
        assert_eq!(page.body.matches("notice").count(), 1, "{}", page.body);
    }
}

#[tokio::test]
async fn the_question_what_is_charged_is_answered_for_the_tiers_that_are_shown() {
    let mut world = World::new().await;
    let stranger = world.app.browser();
    let today = "<p>The amount shown, today, and then on the same day";
    stranger.get(SUPPORT).await.says(today);
    world.trial(14).await;
    let some = "<p>Where the first days are free, nothing today";
    stranger
        .get(SUPPORT)
        .await
        .says("The first 14 days are free.")
        .says(some);
    let second = tiers::on_sale(&world.app.app.db, world.matthew.id).await;
    let second = second.expect("tiers").remove(1).tier.id;
    tiers::archive(&world.app.app, world.matthew.id, second, None)
        .await
        .expect("off sale");
    stranger
        .get(SUPPORT)
        .await
        .says("<p>Nothing today: the first days are free");
    // Whoever has had hers pays at once, and reads so.
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world
        .browser
        .get(SUPPORT)
        .await
        .says("Free days are for the first time")
        .does_not_say("days are free.");
    // Nobody is told of free days where there never were any.
    let new = NewTier {
        name: "Plain".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(500),
        ..NewTier::default()
    };
    let ada = world.app.author("Ada Merrow").await.1;
    tiers::create(&world.app.app, ada.id, new)
        .await
        .expect("on sale");
    let hers = world.browser.get("/authors/ada-merrow/support").await;
    hers.says(today);
}
