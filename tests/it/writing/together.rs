//! An article by several: named by its lead author, written by all, decided on by one.

use plaudit::entities::{author, outbox};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait, QueryFilter as _,
    QueryOrder as _,
};

use super::{Desk, form};

#[tokio::test]
async fn who_is_named_writes_too_and_the_first_author_decides() {
    let desk = Desk::start().await;
    let (olga, _) = desk.app.author("Olga").await;
    let (eve, _) = desk.app.author("Eve").await;
    let path = desk.write("Lights", "One").await;
    let lights = form(&[
        ("title", "Lights"),
        ("slug", "lights"),
        ("body", "One"),
        ("co_authors", " olga "),
        ("version", "1"),
    ]);
    let saved = desk.matthew.submit(&path, &lights).await;
    saved
        .says("name=\"co_authors\" value=\"Olga\"")
        .says("Here also publish: Eve, Olga.");
    olga.get("/articles/lights").await.says("One");
    assert_eq!(eve.get("/articles/lights").await.status, 404);
    desk.publish(&path).await;
    let list = olga.get("/studio/articles").await;
    list.says("Lights").says("by Matthew Smith");
    let page = olga.get(&path).await;
    page.says("Matthew Smith decides who may read it")
        .does_not_say("name=\"audience\"")
        .does_not_say("name=\"co_authors\"")
        .does_not_say("value=\"unpublish\"");
    // Whatever else her form may say, the text and its topics are hers to change.
    let hers = form(&[
        ("title", "Lights"),
        ("slug", "mine"),
        ("body", "One and two"),
        ("tags", "Sea"),
        ("audience", "patrons"),
        ("comments", "closed"),
        ("co_authors", "Eve"),
        ("version", "2"),
    ]);
    olga.submit(&path, &hers).await.says("Saved.");
    let readers = desk.app.browser();
    let article = readers.get("/articles/lights").await;
    article
        .says("One and two")
        .says("rel=\"author\"><bdi>Matthew Smith</bdi></a>, <a href=\"/authors/olga\" rel=\"author\"><bdi>Olga</bdi></a>")
        .says("/tags/sea");
    readers.get("/authors/olga").await.says("Lights");
    let publication = format!("{path}/publication");
    let refused = olga.post(&publication, &[("what", "unpublish")]).await;
    assert_eq!(refused.status, 403);
    desk.matthew
        .get(&format!("{path}/versions"))
        .await
        .says("Olga");
    desk.matthew.get(&path).await.says("value=\"lights\"");
    assert_eq!(eve.get(&path).await.status, 404);
    assert_eq!(eve.post(&path, &hers).await.status, 404);
    assert_eq!(eve.post(&format!("{path}/leave"), &[]).await.status, 404);
}

#[tokio::test]
async fn what_is_for_patrons_names_all_whose_patrons_may_read_and_talk() {
    let desk = Desk::start().await;
    desk.app.author("Olga").await;
    let path = desk.write("Lights", "One").await;
    let lights = |co_authors, audience, version| {
        form(&[
            ("title", "Lights"),
            ("slug", "lights"),
            ("body", "One"),
            ("audience", audience),
            ("comments", "patrons"),
            ("co_authors", co_authors),
            ("version", version),
        ])
    };
    desk.matthew
        .submit(&path, &lights("Olga", "patrons", "1"))
        .await;
    desk.publish(&path).await;
    let page = desk.app.browser().get("/articles/lights").await;
    page.says("for patrons of Matthew Smith or Olga.");
    desk.matthew
        .submit(&path, &lights("Olga", "public", "2"))
        .await;
    let page = desk.app.browser().get("/articles/lights").await;
    page.says("Comments here are for patrons of Matthew Smith or Olga.");
    desk.matthew
        .submit(&path, &lights("", "patrons", "3"))
        .await;
    let page = desk.app.browser().get("/articles/lights").await;
    page.says("for patrons of Matthew Smith.");
}

#[tokio::test]
async fn who_is_named_may_take_the_name_off_and_no_older_form_puts_it_back() {
    let desk = Desk::start().await;
    let (olga, _) = desk.app.author("Olga").await;
    let path = desk.write("Lights", "One").await;
    let named = |version| {
        form(&[
            ("title", "Lights"),
            ("slug", "lights"),
            ("body", "One"),
            ("co_authors", "Olga"),
            ("version", version),
        ])
    };
    desk.matthew.submit(&path, &named("1")).await.says("Saved.");
    desk.publish(&path).await;
    let left = olga.submit(&format!("{path}/leave"), &[]).await;
    left.says("Your name is off the article.")
        .does_not_say("Lights");
    assert_eq!(olga.get(&path).await.status, 404);
    let readers = desk.app.browser();
    readers.get("/articles/lights").await.does_not_say("Olga");
    let older = desk.matthew.post(&path, &named("2")).await;
    assert_eq!(older.status, 409);
    older
        .says("The text is the same")
        .says("<dt>Written together with</dt><dd></dd>");
    readers.get("/articles/lights").await.does_not_say("Olga");
}

#[tokio::test]
async fn a_name_that_fits_nobody_comes_back_with_a_sentence() {
    let desk = Desk::start().await;
    desk.app.author("Ann").await;
    let (_, other) = desk.app.author("Ann Other").await;
    let mut row: author::ActiveModel = other.into();
    row.name = Set("Ann".to_owned());
    row.update(&desk.app.app.db).await.expect("as from before");
    for (named, sentence) in [
        ("Ann", "Several who publish here are called “Ann”."),
        ("ann, Bob", "Nobody who publishes here is called “Bob”."),
        ("ann, ann", "“ann” writes it already."),
        ("Matthew Smith", "“Matthew Smith” writes it already."),
    ] {
        let typed = form(&[("title", "Lights"), ("body", "One"), ("co_authors", named)]);
        let answer = desk.matthew.post("/studio/articles/new", &typed).await;
        assert_eq!(answer.status, 422, "{named}");
        answer
            .says(sentence)
            .says(&format!("name=\"co_authors\" value=\"{named}\""))
            .says("One</textarea>");
    }
    // While it is being typed, half a name is no reason to lose the text.
    let typed = form(&[("title", "Lights"), ("body", "One"), ("co_authors", "Bo")]);
    let kept = desk
        .matthew
        .post("/studio/articles/new/autosave", &typed)
        .await;
    assert_eq!(kept.status, 200);
}

#[tokio::test]
async fn the_second_of_two_who_choose_at_once_is_told_what_is_saved() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "One").await;
    let of = |tags, audience| {
        form(&[
            ("title", "Lights"),
            ("slug", "lights"),
            ("body", "One"),
            ("tags", tags),
            ("audience", audience),
            ("version", "1"),
        ])
    };
    desk.matthew
        .submit(&path, &of("Sea", "public"))
        .await
        .says("Saved.");
    let second = desk.matthew.post(&path, &of("Boats", "patrons")).await;
    assert_eq!(second.status, 409);
    second
        .says("The text is the same")
        .says("<dt>Topics</dt><dd>Sea</dd>")
        .says("name=\"tags\" value=\"Boats\"")
        .says("<option value=\"patrons\" selected>");
    let versions = desk.matthew.get(&format!("{path}/versions")).await;
    versions.does_not_say("Written while somebody else saved");
}

#[tokio::test]
async fn the_address_of_a_draft_follows_its_headline_until_it_is_out() {
    let desk = Desk::start().await;
    let typed = form(&[("title", "Li"), ("body", "One")]);
    let kept = desk
        .matthew
        .post("/studio/articles/new/autosave", &typed)
        .await;
    let path = super::pictures::between(&kept.body, "\"path\":\"", "\"").to_owned();
    let whole = form(&[
        ("title", "Lights at sea"),
        ("body", "One"),
        ("version", "1"),
    ]);
    desk.matthew
        .submit(&path, &whole)
        .await
        .says("value=\"lights-at-sea\"");
    desk.publish(&path).await;
    let later = form(&[("title", "Lamps"), ("body", "One"), ("version", "2")]);
    desk.matthew
        .submit(&path, &later)
        .await
        .says("value=\"lights-at-sea\"");
    // Nobody has ever seen the first: another may have it.
    let another = desk.write("Li", "Two").await;
    desk.matthew.get(&another).await.says("value=\"li\"");
}

/// The letters to co-authors: to whom, and what they say.
async fn letters(desk: &Desk) -> Vec<(String, String)> {
    let found = outbox::Entity::find().filter(outbox::Column::Kind.eq("co_author"));
    let found = found.order_by_asc(outbox::Column::Id);
    let found = found.all(&desk.app.app.db).await.expect("letters");
    let each = found
        .into_iter()
        .map(|letter| (letter.to_address, letter.body_text));
    each.collect()
}

#[tokio::test]
async fn who_is_named_hears_of_it_once_with_the_way_to_the_article_and_out() {
    let desk = Desk::start().await;
    let (olga, _) = desk.app.author("Olga").await;
    desk.app.author("Eve").await;
    let path = desk.write("Lights <b>", "One").await;
    let naming = |names: &'static str, version: &'static str| {
        form(&[
            ("title", "Lights <b>"),
            ("slug", "lights"),
            ("body", "One"),
            ("co_authors", names),
            ("version", version),
        ])
    };
    desk.matthew.submit(&path, &naming("Olga", "1")).await;
    let said = letters(&desk).await;
    assert_eq!(said.len(), 1);
    let (to, text) = &said[0];
    assert_eq!(to, "olga@example.org");
    let page = desk.app.app.config.link(&path);
    assert!(
        text.contains("Matthew Smith names you as co-author of “Lights <b>”"),
        "{text}"
    );
    assert!(text.contains(&format!("{page}\n")), "{text}");
    assert!(text.contains(&format!("{page}#leaving")), "{text}");
    olga.get(&path).await.says("id=\"leaving\"");
    // Saved again, and named again after she has left: she knows.
    desk.matthew.submit(&path, &naming("Olga, Eve", "2")).await;
    olga.submit(&format!("{path}/leave"), &[]).await;
    desk.matthew.submit(&path, &naming("Eve, Olga", "4")).await;
    let said = letters(&desk).await;
    let to: Vec<&str> = said.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["olga@example.org", "eve@example.org"]);
    // Named from the first on; and what could not be saved tells nobody.
    let typed = form(&[("title", "Two"), ("body", "One"), ("co_authors", "Eve")]);
    desk.matthew.post("/studio/articles/new", &typed).await;
    let wrong = form(&[("title", ""), ("body", "One"), ("co_authors", "Olga")]);
    desk.matthew.post("/studio/articles/new", &wrong).await;
    assert_eq!(letters(&desk).await.len(), 3);
}
