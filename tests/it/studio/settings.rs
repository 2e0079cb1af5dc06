//! What an author says of themselves: links, and a welcome to new patrons.

use plaudit::{entities::outbox, sandbox::stripe::Card};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _};

use crate::{
    membership::World,
    support::{Browser, Page, TestApp},
};

const SETTINGS: &str = "/studio/settings";

/// The form with these fields filled in.
async fn save(browser: &Browser, filled: &[(&str, &str)]) -> Page {
    let mut form = vec![("name", "Matthew Smith"), ("slug", "matthew-smith")];
    form.retain(|(name, _)| !filled.iter().any(|(known, _)| known == name));
    form.extend(filled);
    browser.post(SETTINGS, &form).await
}

#[tokio::test]
async fn a_name_in_any_script_has_a_letter_and_disturbs_nothing() {
    let app = TestApp::start().await;
    let (author, _) = app.author("Matthew Smith").await;
    for (typed, shown, letter) in [
        ("ليلى حداد", "ليلى حداد", "ل"),
        ("\u{202e}Eve\u{200b} <b>", "Eve &lt;b&gt;", "E"),
        ("“éva”", "“éva”", "É"),
    ] {
        let saved = save(&author, &[("name", typed)]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = app.browser().get("/authors/matthew-smith").await;
        page.says(&format!("<h1 dir=\"auto\">{shown}</h1>"))
            .says(&format!("aria-hidden=\"true\">{letter}</span>"));
    }
    let long = "ا".repeat(10_000);
    for typed in ["\u{202e}\u{200b}", long.as_str()] {
        let refused = save(&author, &[("name", typed)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn an_author_names_where_else_she_is_found() {
    let app = TestApp::start().await;
    let (matthew, _) = app.author("Matthew Smith").await;
    let links = [
        ("link_label", "Photographs <b>\u{202e}"),
        ("link_address", "https://photographs.example/@matthew"),
        ("link_label", ""),
        ("link_address", ""),
        ("link_label", ""),
        (
            "link_address",
            "https://society.example/people?id=1&x=\"><script>",
        ),
    ];
    let saved = save(&matthew, &links).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = app.browser().get("/authors/matthew-smith").await;
    page.says(
        "<a href=\"https://photographs.example/@matthew\" rel=\"me nofollow\"><bdi>Photographs &lt;b&gt;</bdi></a>",
    )
    .says("<bdi>society.example</bdi>")
    .says("\"sameAs\":[\"https://photographs.example/@matthew\"")
    .does_not_say("<script>\"");
    matthew
        .get(SETTINGS)
        .await
        .says("value=\"https://photographs.example/@matthew\"")
        .says("id=\"address-6\"");
    for (label, address, sentence) in [
        (
            "Here",
            "javascript:alert(1)",
            "Link 2 does not lead to a web page.",
        ),
        (
            "Here",
            "http://example.org/",
            "Link 2 does not lead to a web page.",
        ),
        (
            "Here",
            "data:text/html,x",
            "Link 2 does not lead to a web page.",
        ),
        ("Here", "example.org", "an address begins with https://"),
        ("Here", "", "Link 2 has no address."),
        (
            &"x".repeat(10_000),
            "https://example.org/",
            "Link 2 is too long",
        ),
    ] {
        let links = [
            ("link_label", ""),
            ("link_address", ""),
            ("link_label", label),
            ("link_address", address),
        ];
        let refused = save(&matthew, &links).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{address}"
        );
        refused.says(sentence).says(&format!("value=\"{address}\""));
    }
    let seven = [("link_address", "https://example.org/")].repeat(7);
    save(&matthew, &seven).await.says("Six links will do.");
    // What was refused has changed nothing; an empty form takes them all away.
    let page = app.browser().get("/authors/matthew-smith").await;
    page.says("photographs.example");
    save(&matthew, &[]).await;
    let page = app.browser().get("/authors/matthew-smith").await;
    page.does_not_say("rel=\"me nofollow\"");
}

#[tokio::test]
async fn a_new_patron_is_welcomed_once_in_the_authors_own_words() {
    let world = World::new().await;
    let typed = "Good to *have* you.\n\n- <script>alert(1)</script>\n- [look](https://example.org/a) [not](javascript:x)";
    let preview = save(&world.studio, &[("welcome", typed), ("what", "preview")]).await;
    assert_eq!(preview.status, StatusCode::OK);
    preview
        .says("Nothing is saved yet.")
        .says("Good to <em>have</em> you.")
        .does_not_say("<script>alert");
    let session = world.begin(&world.browser, &world.friend).await;
    let thanks = world.pay(&session, Card::Good).replace(&world.app.url, "");
    world.browser.get(&thanks).await.does_not_say("Good to");
    world.all_arrive().await;
    save(&world.studio, &[("welcome", typed)]).await;
    let bo = world.app.browser();
    let session = world.begin(&bo, &world.friend).await;
    let paid = world
        .app
        .stripe
        .complete_checkout(&session, Card::Good, "bo@example.org", "Bo");
    let thanks = paid.expect("paid").replace(&world.app.url, "");
    bo.get(&thanks)
        .await
        .says("Good to <em>have</em> you.")
        .says("href=\"https://example.org/a\"")
        .says("Words of Matthew Smith for you")
        .does_not_say("<script>alert")
        .does_not_say("href=\"javascript");
    // A tip is no membership.
    let cy = world.app.browser();
    let session = world.begin_tip(&cy, "1000").await;
    let paid = world
        .app
        .stripe
        .complete_checkout(&session, Card::Good, "cy@example.org", "Cy");
    let thanks = paid.expect("paid").replace(&world.app.url, "");
    let page = cy.get(&thanks).await;
    page.says("Your gift has reached").does_not_say("Good to");
    world.all_arrive().await;
    let letters = outbox::Entity::find().filter(outbox::Column::Kind.eq("welcome"));
    let letters = letters.all(&world.app.app.db).await.expect("letters");
    let said = |address: &str| {
        let hers = letters.iter().filter(|letter| letter.to_address == address);
        hers.map(|letter| {
            (
                letter.body_text.contains("Good to *have* you."),
                letter.body_html.contains("<em>have</em>"),
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(said("bo@example.org"), [(true, true)]);
    assert_eq!(said("cy@example.org"), [(false, false)]);
    assert_eq!(said("ann@example.org"), [(false, false)]);
    assert!(
        letters
            .iter()
            .all(|letter| !letter.body_html.contains("<script>alert"))
    );
    world.app.stripe.advance(crate::membership::month());
    world.all_arrive().await;
    let again = outbox::Entity::find().filter(outbox::Column::Kind.eq("welcome"));
    let again = again.all(&world.app.app.db).await.expect("letters");
    assert_eq!(again.len(), letters.len(), "a renewal is no new membership");
    let long = "x".repeat(2001);
    let refused = save(&world.studio, &[("welcome", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("The welcome is too long").says(&long);
}
