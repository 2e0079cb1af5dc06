//! What an author says to new patrons, said to whoever is one by a gift: once.

use chrono::Duration;
use plaudit::{
    entities::{author, outbox},
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::membership::world::{World, month};

const WORDS: &str = "Begin with the lights.";

impl World {
    /// Matthew has something to say to new patrons.
    async fn says_welcome(&self) {
        author::Entity::update_many()
            .col_expr(author::Column::Welcome, Expr::value(WORDS))
            .filter(author::Column::Id.eq(self.matthew.id))
            .exec(&self.app.app.db)
            .await
            .expect("said");
    }

    /// The kinds of the letters in which he says it to somebody.
    async fn welcomed(&self, address: &str) -> Vec<String> {
        let all = outbox::Entity::find()
            .filter(outbox::Column::ToAddress.eq(address))
            .filter(outbox::Column::BodyText.contains(WORDS))
            .all(&self.app.app.db)
            .await
            .expect("letters");
        all.into_iter().map(|letter| letter.kind).collect()
    }
}

#[tokio::test]
async fn whoever_takes_a_gift_reads_the_authors_welcome_once() {
    let world = World::new().await;
    world.says_welcome().await;
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    let link = world.link("gift_bought").await;
    let (ben, _) = world.app.reader("Ben").await;
    ben.get(&link).await;
    assert_eq!(world.welcomed("ben@example.org").await.len(), 0);
    ben.post(&link, &[]).await;
    ben.post(&link, &[]).await;
    world.all_arrive().await;
    assert_eq!(world.welcomed("ben@example.org").await, ["gift_welcome"]);
    assert_eq!(world.welcomed("ann@example.org").await.len(), 0, "she gave");
    // He begins to pay himself while the gift lasts: he has read it.
    let session = world.begin(&ben, &world.friend).await;
    let paid = world
        .app
        .stripe
        .complete_checkout(&session, Card::Good, "ben@example.org", "Ben");
    paid.expect("paid");
    world.all_arrive().await;
    assert_eq!(world.welcomed("ben@example.org").await, ["gift_welcome"]);
}

#[tokio::test]
async fn who_is_a_patron_when_a_gift_is_taken_has_read_the_welcome() {
    let world = World::new().await;
    world.says_welcome().await;
    let (giver, _) = world.app.reader("Ben").await;
    world.buys(&giver, &[]).await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    assert_eq!(world.welcomed("ann@example.org").await, ["welcome"]);
    world.app.stripe.book_end(&subscription, true);
    world.all_arrive().await;
    let link = world.link("gift_bought").await;
    world.browser.post(&link, &[]).await;
    world.all_arrive().await;
    assert_eq!(world.welcomed("ann@example.org").await, ["welcome"]);
    world.app.stripe.advance(month() + Duration::days(1));
    world.all_arrive().await;
    assert!(world.standing().await.is_patron());
}

#[tokio::test]
async fn whoever_is_given_a_membership_reads_the_welcome_when_she_has_it() {
    let world = World::new().await;
    world.says_welcome().await;
    let until = world.app.app.clock.now() + Duration::days(90);
    let (tier, until) = (world.friend.id.to_string(), until.date_naive().to_string());
    for email in ["ann@example.org", "eve@example.org"] {
        let form = [
            ("email", email),
            ("tier", tier.as_str()),
            ("until", until.as_str()),
        ];
        world.studio.submit("/studio/grants", &form).await;
    }
    let kind = ["membership_given"];
    assert_eq!(world.welcomed("ann@example.org").await, kind);
    assert_eq!(world.welcomed("eve@example.org").await.len(), 0);
    let letters = world.letters("membership_given").await;
    let hers = letters
        .iter()
        .find(|row| row.to_address == "eve@example.org");
    let text = &hers.expect("hers").body_text;
    let (_, rest) = text.split_once("/gifts/").expect("a link");
    let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    let (eve, _) = world.app.reader("Eve").await;
    eve.post(&format!("/gifts/{token}"), &[]).await;
    assert_eq!(world.welcomed("eve@example.org").await, ["gift_welcome"]);
}
