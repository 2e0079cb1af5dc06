//! Now, later, not at all; a notice to oneself.

use chrono::Duration;
use plaudit::entities::article;
use reqwest::StatusCode;
use sea_orm::{EntityTrait as _, sea_query::Expr};

use super::{Desk, form};

#[tokio::test]
async fn an_article_comes_out_when_the_clock_of_the_place_says_so() {
    let desk = Desk::in_berlin().await;
    let path = desk.write("Lights", "Text").await;
    desk.matthew
        .get(&path)
        .await
        .says("Times are those of Europe/Berlin.");
    let publication = format!("{path}/publication");
    let (reader, _) = desk.app.reader("Ann").await;
    reader
        .post("/authors/matthew-smith/follow", &[("wants", "yes")])
        .await;
    for (at, sentence) in [
        ("2001-01-01T08:00", "That moment is past."),
        ("soon", "That is no date and time"),
        ("", "That is no date and time"),
        ("2099-03-29T02:30", "That hour does not exist"),
        (
            "9999-01-01T08:00",
            "That moment is more than ten years away.",
        ),
    ] {
        let refused = desk
            .matthew
            .post(&publication, &[("what", "schedule"), ("at", at)])
            .await;
        assert_eq!(refused.status, 422, "{at}");
        refused.says(sentence).says(&format!("value=\"{at}\""));
    }
    let berlin: chrono_tz::Tz = "Europe/Berlin".parse().expect("a zone");
    let at = (desk.app.app.clock.now() + Duration::hours(3)).with_timezone(&berlin);
    let typed = at.format("%Y-%m-%dT%H:%M").to_string();
    let schedule = [
        ("what", "schedule"),
        ("at", typed.as_str()),
        ("notice", "yes"),
    ];
    let page = desk.matthew.submit(&publication, &schedule).await;
    page.says("Scheduled.").says(&format!("value=\"{typed}\""));
    desk.app.work().await;
    let readers = desk.app.browser();
    assert_eq!(readers.get("/articles/lights").await.status, 404);
    assert!(desk.app.mails().is_empty());
    desk.app.app.clock.advance(Duration::hours(3));
    desk.app.work().await;
    readers.get("/articles/lights").await.says("Text");
    assert_eq!(desk.app.mails().len(), 1);
}

#[tokio::test]
async fn a_time_can_be_changed_or_given_up() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "Text").await;
    let publication = format!("{path}/publication");
    let schedule = |at| [("what", "schedule"), ("at", at)];
    let (later, sooner) = (desk.in_days(3_000), desk.in_days(30));
    desk.matthew.submit(&publication, &schedule(&later)).await;
    let page = desk.matthew.submit(&publication, &schedule(&sooner)).await;
    page.says(&format!("value=\"{sooner}\""));
    let page = desk
        .matthew
        .submit(&publication, &[("what", "unpublish")])
        .await;
    page.says("it is a draft again").says("Publish now");
    desk.matthew.submit(&publication, &schedule(&later)).await;
    desk.publish(&path).await;
    desk.app
        .browser()
        .get("/articles/lights")
        .await
        .says("Text");
}

#[tokio::test]
async fn nobody_hears_of_a_quiet_one_and_once_of_a_loud_one() {
    let desk = Desk::start().await;
    let (reader, _) = desk.app.reader("Ann").await;
    reader
        .post("/authors/matthew-smith/follow", &[("wants", "yes")])
        .await;
    let quiet = desk.write("Quiet", "Text").await;
    desk.publish(&quiet).await;
    desk.app.work().await;
    assert!(desk.app.mails().is_empty());
    let loud = desk.write("Loud", "Text").await;
    let at = desk.in_days(30);
    let later = [("what", "schedule"), ("at", at.as_str()), ("notice", "yes")];
    desk.matthew
        .submit(&format!("{loud}/publication"), &later)
        .await;
    let now = [("what", "publish"), ("notice", "yes")];
    desk.matthew
        .submit(&format!("{loud}/publication"), &now)
        .await;
    desk.app.work().await;
    assert_eq!(desk.app.mails().len(), 1);
}

#[tokio::test]
async fn a_form_that_says_something_unknown_publishes_nothing() {
    let desk = Desk::start().await;
    let draft = desk.write("Still a draft", "Text").await;
    let unknown = desk
        .matthew
        .post(&format!("{draft}/publication"), &[("what", "zzz")])
        .await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let anybody = desk.app.browser().get("/articles/still-a-draft").await;
    assert_eq!(anybody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_test_notice_goes_to_its_writer_alone() {
    let desk = Desk::start().await;
    let (reader, _) = desk.app.reader("Ann").await;
    reader
        .post("/authors/matthew-smith/follow", &[("wants", "yes")])
        .await;
    let form = form(&[
        ("title", "Lights"),
        ("body", "For *patrons*."),
        ("audience", "patrons"),
    ]);
    let path = desk
        .matthew
        .post("/studio/articles/new", &form)
        .await
        .location()
        .to_owned();
    let test = format!("{path}/test-notice");
    desk.matthew
        .submit(&test, &[])
        .await
        .says("A test notice is on its way to you.");
    desk.matthew.submit(&test, &[]).await;
    desk.app.work().await;
    let mails = desk.app.mails();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let text = String::from_utf8_lossy(&mail.raw).into_owned();
        assert!(text.contains("matthew-smith@example.org"), "{text}");
        assert!(
            text.contains("[Test] Lights") && text.contains("*patrons*"),
            "{text}"
        );
        assert!(!text.contains("unsubscribe.invalid"), "{text}");
    }
    let empty = desk.write("Empty", "").await;
    let said = desk
        .matthew
        .submit(&format!("{empty}/test-notice"), &[])
        .await;
    said.says("There is no text yet");
}

#[tokio::test]
async fn an_article_from_before_versions_keeps_its_first_text() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "The oldest text").await;
    let db = &desk.app.app.db;
    plaudit::entities::article_version::Entity::delete_many()
        .exec(db)
        .await
        .expect("none");
    let unversioned =
        article::Entity::update_many().col_expr(article::Column::Version, Expr::value(0));
    unversioned.exec(db).await.expect("as it was");
    let change = form(&[("title", "Lights"), ("body", "Newer"), ("version", "0")]);
    desk.matthew.submit(&path, &change).await;
    let list = desk.matthew.get(&format!("{path}/versions")).await;
    let oldest = list
        .body
        .split("/versions/")
        .last()
        .and_then(|rest| rest.split('"').next());
    let oldest = desk
        .matthew
        .get(&format!("{path}/versions/{}", oldest.expect("two")))
        .await;
    oldest.says("The oldest text");
}

#[tokio::test]
async fn topics_lead_to_what_is_published_on_them() {
    let desk = Desk::start().await;
    let tagged = form(&[
        ("title", "Lights"),
        ("body", "Text"),
        ("tags", "The Sea, Boats"),
    ]);
    let path = desk
        .matthew
        .post("/studio/articles/new", &tagged)
        .await
        .location()
        .to_owned();
    let readers = desk.app.browser();
    assert_eq!(readers.get("/tags/the-sea").await.status, 404);
    desk.publish(&path).await;
    desk.write("A draft", "Text").await;
    readers
        .get("/articles/lights")
        .await
        .says("<a href=\"/tags/the-sea\" rel=\"tag\">The Sea</a>");
    readers
        .get("/tags/the-sea")
        .await
        .says("<h1 dir=\"auto\">The Sea</h1>")
        .says("Lights");
    readers
        .get("/api/v1/articles/lights")
        .await
        .says("\"slug\":\"boats\"");
    let untagged = form(&[("title", "Lights"), ("body", "Text"), ("version", "1")]);
    desk.matthew.submit(&path, &untagged).await.says("Saved.");
    assert_eq!(readers.get("/tags/the-sea").await.status, 404);
}
