//! axe-core, which nobody here wrote, looks at every page by day and by night, at a desk and on a phone.

use plaudit::sandbox::stripe::Card;

use super::{Window, mailbox::sign_in};
use crate::{membership::World, support::TestApp};

const STRANGER: [&str; 9] = [
    "/",
    "/articles/the-ferry-that-waits",
    "/authors/matthew-smith",
    "/authors/matthew-smith/support",
    "/authors/matthew-smith/gift",
    "/join",
    "/sign-in",
    "/password/forgot",
    "/nowhere",
];
const READER: [&str; 8] = [
    "/articles/the-ferry-that-waits",
    "/account",
    "/account/notices",
    "/account/password",
    "/account/address",
    "/account/delete",
    "/account/receipts/1",
    "/authors/matthew-smith/support",
];
const AUTHOR: [&str; 11] = [
    "/studio",
    "/studio/articles",
    "/studio/articles/new",
    "/studio/pictures",
    "/studio/supporters",
    "/studio/payments",
    "/studio/payments/1",
    "/studio/tiers",
    "/studio/comments",
    "/studio/comments/rules",
    "/studio/settings",
];
const OWNER: [&str; 12] = [
    "/admin",
    "/admin/comments",
    "/admin/comments/rules",
    "/admin/events",
    "/admin/memberships",
    "/admin/reconcile",
    "/admin/mail",
    "/admin/mail/addresses",
    "/admin/jobs",
    "/admin/people",
    "/admin/publication",
    "/admin/audit",
];

/// What authors type without thinking of those who cannot see it.
const MARKUP: &str = "Text.\n\n<img src=\"/assets/icon.svg\">\n\n![](/assets/icon.svg)\n\n\
    - [x] done\n- [ ] due\n\n<input type=\"checkbox\">\n\n<iframe>\n\n## A heading\n\nThe end.";

/// Ann is a patron, has commented and given once; somebody is invited.
async fn furnished() -> World {
    let world = World::new().await;
    let app = &world.app;
    app.article_with(&world.matthew, "The ferry that waits", |draft| {
        draft.body_markdown = MARKUP.to_owned();
    })
    .await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let session = world.begin_tip(&world.browser, "450").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let place = "/articles/the-ferry-that-waits/comments";
    for body in ["She waits *each* evening.", "> quoted\n\nand `answered`"] {
        world.browser.post(place, &[("body", body)]).await;
    }
    let form = [("email", "nora@example.org"), ("role", "author")];
    app.the_owner()
        .await
        .post("/admin/invitations", &form)
        .await;
    app.work().await;
    world
}

async fn looked_at(app: &TestApp, who: Option<&str>, pages: &[&str]) {
    for window in [
        Window::new(&app.url).await,
        Window::on_a_phone(&app.url).await,
    ] {
        if let Some(address) = who {
            sign_in(app, &window, address).await;
        }
        let mut found = Vec::new();
        for page in pages {
            window.open(page).await;
            found.extend(window.axe().await);
        }
        window.close().await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[tokio::test]
async fn axe_finds_nothing_on_the_pages_of_strangers_and_readers() {
    let world = furnished().await;
    looked_at(&world.app, None, &STRANGER).await;
    looked_at(&world.app, Some("ann@example.org"), &READER).await;
}

#[tokio::test]
async fn axe_finds_nothing_in_the_studio() {
    let world = furnished().await;
    looked_at(&world.app, Some("matthew-smith@example.org"), &AUTHOR).await;
}

#[tokio::test]
async fn axe_finds_nothing_in_the_owners_rooms() {
    let world = furnished().await;
    looked_at(&world.app, Some("olivia@example.org"), &OWNER).await;
}
