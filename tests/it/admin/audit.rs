//! The log of what people did: what is written into it, and that all it shows can be found.

use plaudit::entities::{Gate, audit_entry};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Browser, Page, TestApp};

async fn find(owner: &Browser, words: &str) -> Page {
    let query = serde_urlencoded::to_string([("q", words)]).expect("a query");
    owner.get(&format!("/admin/audit?{query}")).await
}

/// Ann was banned everywhere for what she wrote under The Tide, and then no more.
async fn banned() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (_, author) = app.author("Matthew Smith").await;
    app.article_with(&author, "The Tide", |draft| draft.gate = Gate::Readers)
        .await;
    let (ann, _) = app.reader("Ann Lee").await;
    let comments = "/articles/the-tide/comments";
    let posted = ann.post(comments, &[("body", "Rude")]).await;
    let id = posted.location().rsplit_once("comment-").expect("an id").1;
    let comment = format!("{comments}/{id}");
    owner.submit(&format!("{comment}/hide"), &[]).await;
    let ban = [("reason", "Enough"), ("scope", "all"), ("days", "3")];
    owner.submit(&format!("{comment}/ban"), &ban).await;
    let rules = owner.get("/admin/comments/rules").await;
    let (_, lift) = rules
        .body
        .split_once("/admin/comments/bans/")
        .expect("a ban");
    let lift = lift.split('"').next().expect("its end");
    owner
        .submit(&format!("/admin/comments/bans/{lift}"), &[])
        .await;
    (app, owner)
}

#[tokio::test]
async fn whatever_the_log_shows_finds_the_entry() {
    let (_app, owner) = banned().await;
    let log = owner.get("/admin/audit").await;
    log.says("Lifted a ban")
        .says("under the articles of: the whole publication")
        .says("a comment")
        .says("article: The Tide")
        .says("written by: Ann Lee")
        .does_not_say("00000000-0000")
        .does_not_say("No such words");
    for (words, shown, other) in [
        ("lifted", "Lifted a ban", "Hid a comment"),
        ("LIFTED A BAN", "Lifted a ban", "Banned somebody"),
        ("the tide", "Hid a comment", "Banned somebody"),
        ("ann lee", "Banned somebody", "nothing"),
        ("Enough", "Banned somebody", "Lifted"),
        ("whole publication", "Lifted a ban", "Hid a comment"),
        ("comment_hide", "Hid a comment", "Lifted a ban"),
        ("ann-lee@example.org", "Banned somebody", "nothing"),
        ("ÀNN LÉE", "Banned somebody", "nothing"),
    ] {
        find(&owner, words).await.says(shown).does_not_say(other);
    }
    let found = find(&owner, "olivia@example.org").await;
    found.says("Hid a comment").says("Lifted a ban");
    find(&owner, "olivia")
        .await
        .says("Hid a comment")
        .says("Lifted a ban");
    find(&owner, "nobody of this name")
        .await
        .says("Nothing that was done has");
    owner
        .post("/account", &[("name", "Olivia"), ("language", "de")])
        .await;
    find(&owner, "aufgehoben")
        .await
        .says("Eine Sperre aufgehoben");
    find(&owner, "ganze Publikation")
        .await
        .says("Jemanden gesperrt");
}

#[tokio::test]
async fn what_authors_do_with_articles_is_written_down() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    let draft = app.draft_with(&author, "Lights at sea", |_| {}).await;
    let path = format!("/studio/articles/{}/publication", draft.id);
    let tomorrow = app.app.clock.now() + chrono::Duration::days(1);
    let at = tomorrow.format("%Y-%m-%dT%H:%M").to_string();
    for form in [
        &[("what", "schedule"), ("at", at.as_str())][..],
        &[("what", "unpublish")],
        &[("what", "publish")],
        &[("what", "unpublish")],
        &[("what", "unpublish")],
    ] {
        matthew.submit(&path, form).await;
    }
    let acts = acts(&app, draft.id).await;
    assert_eq!(acts, ["schedule", "unpublish", "publish", "unpublish"]);
    let log = owner.get("/admin/audit").await;
    log.says("Scheduled an article")
        .says(&format!(
            "for: <time datetime=\"{}",
            tomorrow.format("%Y-%m-%d")
        ))
        .says("Published an article")
        .says("Took an article back")
        .says("<bdi>Matthew Smith</bdi>")
        .says("notice to readers: none");
    find(&owner, "lights at sea")
        .await
        .says("href=\"/articles/lights-at-sea\"")
        .says("Published an article");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("nets.md");
    std::fs::write(&file, "---\ntitle: Nets\nauthor: matthew-smith\n---\nText").expect("written");
    let file = file.display().to_string();
    app.plaudit(&["article", "import", &file, "--publish"])
        .await
        .done();
    find(&owner, "command line")
        .await
        .says("Published an article")
        .says("Nets");
}

#[tokio::test]
async fn what_becomes_of_tiers_is_written_down_with_what_was_before() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    let friend = [("name", "Friend"), ("currency", "eur"), ("monthly", "3")];
    matthew.submit("/studio/tiers", &friend).await;
    let patron = [("name", "Patron"), ("currency", "eur"), ("monthly", "9")];
    matthew.submit("/studio/tiers", &patron).await;
    let sold = plaudit::membership::tiers::on_sale(&app.app.db, author.id).await;
    let id = sold.expect("tiers")[0].tier.id;
    let path = format!("/studio/tiers/{id}");
    let dearer = [
        ("name", "Good friend"),
        ("monthly", "4.50"),
        ("yearly", "45"),
        ("seats", "20"),
    ];
    matthew.submit(&path, &dearer).await;
    // Nothing new: nothing to write down.
    matthew.submit(&path, &dearer).await;
    matthew
        .submit(&format!("{path}/move"), &[("way", "down")])
        .await;
    matthew
        .submit(&format!("{path}/move"), &[("way", "down")])
        .await;
    matthew.submit(&format!("{path}/archive"), &[]).await;
    let acts = acts(&app, id).await;
    assert_eq!(
        acts,
        ["tier_add", "tier_change", "tier_move", "tier_archive"]
    );
    let log = owner.get("/admin/audit").await;
    log.says("Put a tier on sale")
        .says("a month: €3.00")
        .says("Changed a tier")
        .says("name: Good friend")
        .says("before: Friend")
        .says("a month: €4.50")
        .says("a month, before: €3.00")
        .says("a year: €45.00")
        .says("places: 20")
        .says("Moved a tier")
        .says("which way: down")
        .says("Took a tier off sale")
        .says("author: Matthew Smith");
    find(&owner, "€4.50").await.says("Changed a tier");
}

#[tokio::test]
async fn a_long_log_is_looked_through_page_by_page() {
    let app = TestApp::start().await;
    let (owner, account) = app.owner().await;
    let tx = plaudit::db::begin(&app.app.db).await.expect("begun");
    for number in 0..1_300 {
        let now = app.app.clock.now();
        // Each tenth is a retry; the others would fill a page each.
        let act = if number % 10 == 0 { "retry" } else { "discard" };
        let (subject, who) = (format!("evt_{number:04}"), Some(account.id));
        audit_entry::Entity::note(&tx, now, who, act, &subject, &json!({}))
            .await
            .expect("noted");
    }
    tx.commit().await.expect("kept");
    let mut path = "/admin/audit?q=tried+again".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = owner.get(&path).await;
        page.does_not_say("Discarded");
        let found = page.body.split("/admin/events/evt_").skip(1);
        seen.extend(found.map(|rest| rest[..4].to_owned()));
        let Some((_, next)) = page.body.split_once("rel=\"next\" href=\"") else {
            break;
        };
        let next = next.split('"').next().expect("an address");
        path = next.replace("&amp;", "&").replace("&#x2F;", "/");
    }
    let expected = (0..130).rev().map(|tenth| format!("{:04}", tenth * 10));
    assert_eq!(
        seen,
        expected.collect::<Vec<_>>(),
        "each once, the last first"
    );
}

#[tokio::test]
async fn ten_thousand_entries_are_looked_through_for_one() {
    let app = TestApp::start().await;
    let (owner, account) = app.owner().await;
    let mut people = vec![account.id];
    for name in ["Ann", "Bob", "Cleo", "Dörte"] {
        people.push(app.reader(name).await.1.id);
    }
    let now = app.app.clock.now();
    let rows = (0..10_000).map(|number: usize| audit_entry::ActiveModel {
        id: Set(Uuid::now_v7()),
        at: Set(now),
        account_id: Set(Some(people[number % people.len()])),
        act: Set(["retry", "comment_hide", "ban"][number % 3].to_owned()),
        subject: Set(match number % 2 {
            0 => people[number % 4].to_string(),
            _ => format!("evt_{number}"),
        }),
        detail: Set(match number {
            0 => json!({ "reason": "a lantern" }).to_string(),
            _ => json!({ "reason": "Too much of it", "days": number, "by": people[2] }).to_string(),
        }),
    });
    let rows: Vec<_> = rows.collect();
    for some in rows.chunks(1_000) {
        let kept = audit_entry::Entity::insert_many(some.to_vec());
        kept.exec_without_returning(&app.app.db)
            .await
            .expect("kept");
    }
    let first = std::time::Instant::now();
    owner.get("/admin/audit").await.says("Too much of it");
    let first = first.elapsed();
    let full = looked(&owner).await;
    // Fifty are on a page, so that is less than turning to each of the pages.
    assert!(full < first * 100, "{full:?}, and {first:?} for one page");
    find(&owner, "a lantern")
        .await
        .says("a lantern</bdi>")
        .does_not_say("Too much of it");
}

/// How long it takes to look for one entry.
async fn looked(owner: &Browser) -> std::time::Duration {
    find(owner, "a lantern").await;
    let begun = std::time::Instant::now();
    find(owner, "a lantern").await;
    begun.elapsed()
}

async fn acts(app: &TestApp, subject: Uuid) -> Vec<String> {
    use sea_orm::QueryOrder as _;
    let rows = audit_entry::Entity::about(&subject.to_string())
        .order_by_asc(audit_entry::Column::Id)
        .all(&app.app.db)
        .await;
    rows.expect("rows").into_iter().map(|row| row.act).collect()
}
