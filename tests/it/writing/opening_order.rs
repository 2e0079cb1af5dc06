//! What opens does so after it has come out, and no time that was typed is forgotten.

use chrono::Duration;

use super::{Desk, form};

/// A day and an hour of it, as a form holds them in UTC.
fn typed(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}

#[tokio::test]
async fn nothing_opens_before_it_comes_out() {
    let desk = Desk::start().await;
    let article = desk.opening().await;
    let path = format!("/studio/articles/{}", article.id);
    let publication = format!("{path}/publication");
    let now = desk.app.app.clock.now();
    desk.matthew
        .submit(&publication, &[("what", "unpublish")])
        .await;
    let late = typed(now + Duration::days(3));
    let refused = desk
        .matthew
        .post(&publication, &[("what", "schedule"), ("at", &late)])
        .await;
    assert_eq!(refused.status, 422);
    refused
        .says("It opens to more people before that moment")
        .says(&format!("value=\"{late}\""));
    let soon = typed(now + Duration::days(1));
    let scheduled = [("what", "schedule"), ("at", soon.as_str())];
    desk.matthew
        .submit(&publication, &scheduled)
        .await
        .says("Scheduled.");
    let save = async |opens: chrono::DateTime<chrono::Utc>| {
        let opens = typed(opens);
        let filled = form(&[
            ("title", "Map"),
            ("body", "Another text"),
            ("audience", "patrons"),
            ("opens_to", "public"),
            ("opens_at", opens.as_str()),
            ("version", "1"),
        ]);
        desk.matthew.post(&path, &filled).await
    };
    let refused = save(now + Duration::hours(5)).await;
    assert_eq!(refused.status, 422);
    refused
        .says("It would open to more people before it comes out.")
        .says("Another text</textarea>");
    assert_eq!(save(now + Duration::days(4)).await.status, 303);
}

#[tokio::test]
async fn a_time_for_nobody_is_not_dropped_in_silence() {
    let desk = Desk::start().await;
    let article = desk.opening().await;
    let path = format!("/studio/articles/{}", article.id);
    let opens = article.opens_at.expect("one");
    let save = async |place: &str, at: &str| {
        let filled = form(&[
            ("title", "Map"),
            ("body", "Another text"),
            ("audience", "patrons"),
            ("opens_to", ""),
            ("opens_at", at),
            ("version", "1"),
        ]);
        desk.matthew.post(place, &filled).await
    };
    let other = typed(opens + Duration::days(1));
    for place in [path.as_str(), "/studio/articles/new"] {
        let refused = save(place, &other).await;
        assert_eq!(refused.status, 422, "{place}");
        refused
            .says("You gave a time for an opening")
            .says("Another text</textarea>")
            .says(&format!("value=\"{other}\""));
    }
    let kept = save(&path, &typed(opens)).await;
    assert_eq!(kept.status, 303, "the time that stood there goes with it");
    let page = desk.matthew.get(&path).await;
    page.does_not_say(&typed(opens));
}
