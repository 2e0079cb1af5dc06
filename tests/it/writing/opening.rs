//! Patrons first, everybody later: by the clock, on every way to the text.

use chrono::Duration;
use plaudit::{
    articles::Opening,
    entities::{Audience, Gate, article},
};

use super::{Desk, form};

const TREASURE: &str = "the buried treasure";

impl Desk {
    /// An article for patrons that opens to everybody in two days.
    pub(super) async fn opening(&self) -> article::Model {
        let at = self.app.app.clock.now() + Duration::days(2);
        let change = |draft: &mut plaudit::articles::Draft| {
            draft.audience = Audience::Patrons;
            draft.gate = Gate::Readers;
            draft.body_markdown = format!("{}\n\nHere lies {TREASURE}.", "Some words. ".repeat(80));
            draft.opening = Some(Opening {
                at,
                to: Audience::Public,
            });
        };
        self.app.article_with(&self.author, "Map", change).await
    }
}

#[tokio::test]
async fn an_article_opens_by_the_clock_wherever_it_is_read() {
    let desk = Desk::start().await;
    let article = desk.opening().await;
    let stranger = desk.app.browser();
    let (ann, _) = desk.app.reader("Ann").await;
    let account = ann.get("/authors/matthew-smith").await;
    let own_feed = account
        .body
        .split("href=\"/feed/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let own_feed = format!("/feed/{}", own_feed.expect("her feed"));
    let paths = [
        "/articles/map",
        "/api/v1/articles/map",
        "/feed.xml",
        "/authors/matthew-smith/feed.xml",
        &own_feed,
    ];
    for path in paths {
        stranger.get(path).await.does_not_say(TREASURE);
    }
    ann.get("/articles/map").await.does_not_say(TREASURE);
    stranger
        .get("/articles/map")
        .await
        .says("Open to everybody on");
    let day = article.opens_at.expect("one").format("%-d %B").to_string();
    stranger.get("/articles/map").await.says(&day);
    stranger.get("/").await.says("for patrons");
    stranger
        .get("/api/v1/articles/map")
        .await
        .says("\"audience\":\"patrons\"")
        .says("\"opens_to\":\"public\"");
    stranger
        .get("/articles/map")
        .await
        .says("\"isAccessibleForFree\":false");
    let before = stranger
        .get("/articles/map")
        .await
        .header("etag")
        .to_owned();

    desk.app
        .app
        .clock
        .advance(Duration::days(2) - Duration::minutes(5));
    stranger.get("/articles/map").await.does_not_say(TREASURE);
    desk.app.app.clock.advance(Duration::minutes(6));
    for path in paths {
        stranger.get(path).await.says(TREASURE);
    }
    ann.get("/articles/map")
        .await
        .says(TREASURE)
        .does_not_say("Open to everybody on");
    stranger.get("/").await.does_not_say("for patrons");
    stranger
        .get("/api/v1/articles/map")
        .await
        .says("\"audience\":\"public\"")
        .says("\"opens_to\":null");
    let page = stranger.get("/articles/map").await;
    page.says("\"isAccessibleForFree\":true");
    assert_ne!(
        page.header("etag"),
        before,
        "whoever kept the page asks again"
    );
    let opened = article
        .opens_at
        .expect("one")
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    stranger
        .get("/feed.xml")
        .await
        .says(&format!("<updated>{opened}"));
}

#[tokio::test]
async fn a_notice_says_what_its_reader_may_read_when_it_is_written() {
    let desk = Desk::start().await;
    let (ann, _) = desk.app.reader("Ann").await;
    ann.post("/authors/matthew-smith/follow", &[("wants", "yes")])
        .await;
    let at = (desk.app.app.clock.now() + Duration::hours(50))
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    let later = (desk.app.app.clock.now() + Duration::days(2))
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    let years = desk.in_days(3_000);
    for (title, opens) in [("Shut", years.as_str()), ("Opened", at.as_str())] {
        let body = format!("{}\n\n{TREASURE}", "Some words. ".repeat(80));
        let form = form(&[
            ("title", title),
            ("body", &body),
            ("audience", "patrons"),
            ("opens_to", "public"),
            ("opens_at", opens),
        ]);
        let path = desk
            .matthew
            .post("/studio/articles/new", &form)
            .await
            .location()
            .to_owned();
        let schedule = [
            ("what", "schedule"),
            ("at", later.as_str()),
            ("notice", "yes"),
        ];
        desk.matthew
            .submit(&format!("{path}/publication"), &schedule)
            .await;
    }
    desk.app.app.clock.advance(Duration::days(3));
    desk.app.work().await;
    let mails = desk.app.mails();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let text = String::from_utf8_lossy(&mail.raw).into_owned();
        assert_eq!(
            text.contains(TREASURE),
            text.contains("Subject: Opened"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_moment_is_kept_as_it_was_typed() {
    use chrono::Datelike as _;
    let desk = Desk::in_berlin().await;
    let year = desk.app.app.clock.now().year() + 5;
    let typed = format!("{year}-05-01T00:00");
    let filled = form(&[
        ("title", "Map"),
        ("body", "Text"),
        ("audience", "patrons"),
        ("opens_to", "public"),
        ("opens_at", typed.as_str()),
    ]);
    let path = desk
        .matthew
        .post("/studio/articles/new", &filled)
        .await
        .location()
        .to_owned();
    desk.matthew
        .get(&path)
        .await
        .says(&format!("value=\"{typed}\""));
    desk.publish(&path).await;
    // Midnight there is the day before in UTC.
    desk.app
        .browser()
        .get("/articles/map")
        .await
        .says(&format!("1 May {year}"))
        .says(&format!("{year}-04-30T22:00:00Z"));
}

#[tokio::test]
async fn an_opening_in_the_past_is_refused_unless_it_was_there_before() {
    let desk = Desk::in_berlin().await;
    let article = desk.opening().await;
    let path = format!("/studio/articles/{}", article.id);
    let berlin: chrono_tz::Tz = "Europe/Berlin".parse().expect("a zone");
    let in_berlin = |at: chrono::DateTime<chrono::Utc>| {
        let at = at.with_timezone(&berlin);
        at.format("%Y-%m-%dT%H:%M").to_string()
    };
    let opens = article.opens_at.expect("one");
    let kept = in_berlin(opens);
    // What was ahead when it was typed is past now, and stays as it is.
    desk.app.app.clock.advance(Duration::days(3));
    let now = in_berlin(desk.app.app.clock.now());
    let texts = ["Another text", "And another"];
    for (version, (at, is_taken)) in [
        ("1", ("2001-01-01T08:00", false)),
        ("1", (now.as_str(), false)),
        ("1", (kept.as_str(), true)),
        ("2", ("2001-01-01T08:00", false)),
    ] {
        let body = texts[usize::from(is_taken)];
        let filled = form(&[
            ("title", "Map"),
            ("body", body),
            ("audience", "patrons"),
            ("opens_to", "public"),
            ("opens_at", at),
            ("version", version),
        ]);
        for place in [path.as_str(), "/studio/articles/new"] {
            if is_taken && place != path {
                continue;
            }
            let answer = desk.matthew.post(place, &filled).await;
            if is_taken {
                assert_eq!(answer.status, 303, "{at}: {}", answer.body);
                continue;
            }
            assert_eq!(answer.status, 422, "{at} at {place}");
            answer
                .says("It would open at a moment that is past.")
                .says("Another text</textarea>")
                .says(&format!("value=\"{at}\""));
        }
    }
    let row = desk.app.browser().get("/articles/map").await;
    row.says("And another");
    desk.matthew
        .get(&path)
        .await
        .says(&format!("value=\"{kept}\""));
}
