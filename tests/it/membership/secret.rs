//! Whoever supports in secret is named in no letter to the author.

use chrono::Duration;
use plaudit::{entities::outbox, sandbox::stripe::Card};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::World;

const NOBODY: &str = "Somebody in secret";

async fn chooses(world: &World, choice: &str) {
    let path = "/account/visibility/matthew-smith";
    world.browser.post(path, &[("choice", choice)]).await;
}

/// The author's letters of a kind, each as one text with its subject.
async fn told(world: &World, kind: &str) -> Vec<String> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::AccountId.eq(world.matthew.account_id))
        .all(&world.app.app.db)
        .await
        .expect("letters");
    let whole = |row: outbox::Model| format!("{} {} {}", row.subject, row.body_text, row.body_html);
    rows.into_iter().map(whole).collect()
}

async fn leaves(world: &World) {
    let path = format!("/account/memberships/{}/cancel", world.anns().await.id);
    world.browser.post(&path, &[]).await;
    world.all_arrive().await;
}

#[tokio::test]
async fn at_once_she_is_somebody_in_secret_in_each_of_them() {
    let world = World::new().await;
    chooses(&world, "secret").await;
    world.subscribe(Card::Good).await;
    let form = [
        ("tip", "once"),
        ("amount", "1000"),
        ("message", "For the ferry."),
    ];
    let session = world.session(&world.browser, &form).await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    leaves(&world).await;
    let path = format!("/account/memberships/{}/resume", world.anns().await.id);
    world.browser.post(&path, &[]).await;
    world.all_arrive().await;
    let (ben, _) = world.app.reader("Ben").await;
    world.buys(&world.browser, &[]).await;
    world.all_arrive().await;
    ben.submit(&world.link("gift_bought").await, &[]).await;
    for (kind, says) in [
        ("author_patron", "€3.00"),
        ("author_tip", "€10.00"),
        ("author_tip", "For the ferry."),
        ("author_cancellation", "stop supporting you"),
        ("author_stays", "taken back the cancellation"),
        ("author_gift", "Ben"),
    ] {
        let letters = told(&world, kind).await;
        assert_eq!(letters.len(), 1, "{kind}");
        let text = &letters[0];
        assert!(text.contains(NOBODY) && text.contains(says), "{text}");
        assert!(!text.contains("Ann"), "{text}");
    }
}

#[tokio::test]
async fn in_the_morning_counts_what_she_has_chosen_by_then() {
    for (first, then, name) in [
        ("author", "secret", NOBODY),
        ("secret", "author", "Ann"),
        ("secret", "secret", NOBODY),
    ] {
        let world = World::new().await;
        let form = [
            ("name", "Matthew Smith"),
            ("slug", "matthew-smith"),
            ("hears", "daily"),
        ];
        world.studio.submit("/studio/settings", &form).await;
        chooses(&world, first).await;
        world.subscribe(Card::Good).await;
        world.all_arrive().await;
        leaves(&world).await;
        chooses(&world, then).await;
        world.app.app.clock.advance(Duration::days(1));
        world.app.work().await;
        let letters = told(&world, "author_digest").await;
        assert_eq!(letters.len(), 1);
        let text = &letters[0];
        assert!(
            text.contains(&format!("{name} has become your patron")),
            "{text}"
        );
        assert!(text.contains(&format!("{name} has cancelled")), "{text}");
        assert_eq!(text.contains("Ann"), name == "Ann", "{text}");
    }
}
