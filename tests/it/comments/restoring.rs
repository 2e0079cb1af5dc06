//! All comments of one publication become another's: the people they name come along, and nobody is written to.

use plaudit::entities::{account, heart};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use super::{COMMENTS, Tide, act, exchange::data};
use crate::support::{Said, TestApp};

impl Tide {
    /// Everything as one file says it.
    pub(super) async fn export(&self) -> String {
        let said = self.app.plaudit(&["comments", "export", "-"]).await;
        said.done()
    }

    pub(super) async fn take_in(&self, document: &str) -> Value {
        let said = take_in(&self.app, document).await;
        serde_json::from_str(&said.done()).expect("what became of it")
    }
}

async fn take_in(app: &TestApp, document: &str) -> Said {
    let import = ["comments", "import", "-", "--json"];
    app.plaudit_with(&import, &[], document).await
}

async fn accounts(app: &TestApp) -> u64 {
    let all = account::Entity::find().count(&app.app.db).await;
    all.expect("a count")
}

/// A conversation with one of everything.
pub(super) async fn lively() -> Tide {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let (cleo, dora) = (tide.reader("Cleo").await, tide.reader("Dora").await);
    let (olivia, _) = tide.app.owner().await;
    tide.import(&data("comments.wxr.xml"), "wxr").await;
    tide.import(&data("comments.remark42.jsonl"), "remark42")
        .await;
    let id = tide.comment(&ann, "A *question*").await;
    let answer = tide.reply(&ben, id, "שלום <b> https://x.example").await;
    tide.reply(&tide.matthew, answer, "Thank you both").await;
    let rude = tide.comment(&ben, "Rude").await;
    for browser in [&ben, &dora] {
        browser.submit(&act(id, "heart"), &[]).await;
    }
    tide.matthew.submit(&act(id, "pick"), &[]).await;
    tide.matthew.submit(&act(answer, "pin"), &[]).await;
    olivia.submit(&act(rude, "hide"), &[]).await;
    let gone = tide.comment(&ann, "Gone").await;
    tide.reply(&ben, gone, "Why?").await;
    ann.submit(&act(gone, "delete"), &[]).await;
    let form = [("body", "A question, *mended*")];
    ann.submit(&act(id, "edit"), &form).await;
    tide.comment(&cleo, "I shall leave").await;
    cleo.submit("/account/delete", &[]).await;
    let hold = [("mode", "all"), ("hold", ""), ("refuse", "")];
    tide.matthew.submit("/studio/comments/rules", &hold).await;
    ben.post(COMMENTS, &[("body", "Waits")]).await;
    ben.post("/account", &[("name", "Ben Ash"), ("language", "de")])
        .await;
    tide
}

#[tokio::test]
async fn an_export_makes_an_empty_site_whole_and_is_the_same_when_it_goes_out_again() {
    let old = lively().await;
    let document = old.export().await;
    let new = Tide::start().await;
    let before = accounts(&new.app).await;
    let said = new.take_in(&document).await;
    assert_eq!(said["added"], old.rows().await.len(), "{said}");
    assert_eq!(said["accounts_made"], 4, "Ann, Ben, Dora, Olivia: {said}");
    assert_eq!(said["not_kept"], json!({}), "{said}");
    assert_eq!(new.export().await, document);
    assert_eq!(
        accounts(&new.app).await,
        before + 5,
        "and that of all guests"
    );
    let hearts = heart::Entity::find().count(&new.app.app.db).await;
    assert_eq!(hearts.expect("a count"), 2);
    let again = new.take_in(&document).await;
    assert_eq!(
        (&again["added"], &again["accounts_made"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(new.export().await, document);
    // Matthew was here already, and his answers are his.
    let page = new.seen().await;
    page.says("<bdi>Ben Ash</bdi>")
        .says("<span class=\"badge\">author</span>");
}

#[tokio::test]
async fn whoever_was_brought_hears_nothing_and_finds_what_is_hers_by_a_link() {
    let old = lively().await;
    let document = old.export().await;
    let new = Tide::start().await;
    new.take_in(&document).await;
    let carl = new.reader("Carl").await;
    let question = new.saying("mended").await;
    new.reply(&carl, question.id, "I know the answer").await;
    new.app.work().await;
    for sent in new.app.mails() {
        assert_eq!(
            sent.to, "matthew-smith@example.org",
            "nobody who was brought"
        );
    }
    let ann = new.app.browser();
    let form = [("email", "ann@example.org")];
    ann.submit("/sign-in/link", &form).await;
    let link = new.app.mailed_link("ann@example.org").await;
    ann.submit(&link, &[]).await;
    ann.get("/account").await.says("Signed in as Ann");
    ann.submit(&act(question.id, "delete"), &[]).await;
    new.seen().await.does_not_say("mended");
}

#[tokio::test]
async fn what_two_accounts_of_one_person_liked_is_liked_once() {
    let old = lively().await;
    let document = old.export().await;
    let new = Tide::start().await;
    new.take_in(&document).await;
    let (dora, account) = new.app.reader("Dee").await;
    let question = new.saying("mended").await;
    assert_eq!(question.hearts, 2);
    dora.submit(&act(question.id, "heart"), &[]).await;
    // She has proven another address until now.
    let form = [("email", "dora@example.org")];
    dora.submit("/account/address", &form).await;
    let link = new.app.mailed_link("dora@example.org").await;
    assert_eq!(dora.post(&link, &[]).await.location(), "/account");
    assert_eq!(new.saying("mended").await.hearts, 2);
    let hearts = heart::Entity::find().all(&new.app.app.db).await;
    let hearts = hearts.expect("hearts").into_iter();
    let hers = hearts.filter(|heart| heart.account_id == account.id);
    assert_eq!(hers.count(), 1);
}

#[tokio::test]
async fn a_file_whose_articles_are_not_here_is_refused_with_what_to_do() {
    let old = lively().await;
    let document = old.export().await;
    let new = TestApp::start().await;
    let said = take_in(&new, &document).await;
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("the-tide"), "{}", said.out);
    let sentence = said.err;
    assert!(
        sentence.contains("none of 1 article in") && sentence.contains("plaudit article import"),
        "{sentence}"
    );
    assert_eq!(accounts(&new).await, 0, "nobody is made for nothing");
}

#[tokio::test]
async fn what_a_file_cannot_keep_is_said_with_its_count_and_why() {
    let tide = Tide::start().await;
    tide.app.reader("Ann").await;
    let mut document: Value = serde_json::from_str(&lively().await.export().await).expect("JSON");
    let comments = document["comments"].as_array_mut().expect("comments");
    for one in comments.iter_mut() {
        match one["email"].as_str() {
            Some("ann@example.org") => one["name"] = json!("Annabel"),
            Some("ben@example.org") => one["email"] = json!("ben at example"),
            _ => {}
        }
        if one["body"] == "Thank you both" {
            one["parent"] = json!("019f0000-0000-7000-8000-000000000000");
        }
    }
    let import = ["comments", "import", "-"];
    let said = tide
        .app
        .plaudit_with(&import, &[], &document.to_string())
        .await
        .done();
    for line in [
        "accounts made: 3, without a mail or a password",
        "not kept: 1 places of answers",
        "not kept: 1 addresses to which no mail can be sent",
        "not kept: 3 names (the account of that address goes by another one here)",
    ] {
        assert!(said.contains(line), "no “{line}” in {said}");
    }
    let wxr = data("comments.disqus.xml").display().to_string();
    let import = ["comments", "import", &wxr, "--format", "disqus"];
    let said = tide.app.plaudit(&import).await.done();
    assert!(said.contains("left out: 1 spam"), "{said}");
    assert!(
        said.contains("left out: 1 deleted there, and answered by nobody"),
        "{said}"
    );
}

#[tokio::test]
async fn comments_that_answer_one_another_in_a_ring_come_in_with_a_sentence() {
    let old = Tide::start().await;
    let (ann, ben) = (old.reader("Ann").await, old.reader("Ben").await);
    let first = old.comment(&ann, "First").await;
    let second = old.reply(&ben, first, "Second").await;
    old.reply(&ann, second, "Third").await;
    let alone = old.comment(&ben, "Alone").await;
    let mut document: Value = serde_json::from_str(&old.export().await).expect("JSON");
    let comments = document["comments"].as_array_mut().expect("comments");
    for one in comments.iter_mut() {
        match one["body"].as_str() {
            Some("First") => one["parent"] = json!(second),
            Some("Alone") => {
                one["parent"] = json!(alone);
                one["thread"] = json!(alone);
            }
            _ => {}
        }
    }
    let new = Tide::start().await;
    let import = ["comments", "import", "-"];
    let said = new
        .app
        .plaudit_with(&import, &[], &document.to_string())
        .await
        .done();
    assert!(said.starts_with("4 comments brought in"), "{said}");
    assert!(
        said.contains("not kept: 2 places of answers (they answered one another in a ring"),
        "{said}"
    );
    let rows = new.rows().await;
    let head = |words: &str| {
        let row = rows.iter().find(|row| row.body_markdown == words);
        row.map(|row| (row.parent_id, row.thread_id))
    };
    assert_eq!(head("First"), Some((None, None)));
    assert_eq!(head("Second"), Some((Some(first), Some(first))));
    assert_eq!(head("Third"), Some((Some(second), Some(first))));
    assert_eq!(head("Alone"), Some((None, None)));
    new.seen().await.says("Third").says("Alone");
}
