//! Each gate lets its own through and tells the others the way in, on the page and by POST.

use plaudit::entities::{Audience, Gate, MembershipState as State, membership, tip};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use uuid::Uuid;

use crate::support::{Browser, Page, TestApp};

/// What a gate makes of somebody: comments, or a sentence with a way in.
enum Gets {
    Form,
    /// The sentence, and the address behind it.
    Way(&'static str, &'static str),
    Nothing,
}

const SUPPORT: &str = "href=\"/authors/matthew-smith/support?article=";
const SIGN_IN: &str = "href=\"/sign-in?return_to=%2Farticles%2F";
const ACCOUNT: &str = "href=\"/account\">";
const FOR_PATRONS: &str = "Comments here are for Matthew Smith’s patrons";

#[tokio::test]
async fn patrons_comment_behind_their_gate() {
    for (who, gets) in [
        ("stranger", Gets::Way(FOR_PATRONS, SIGN_IN)),
        ("reader", Gets::Way(FOR_PATRONS, SUPPORT)),
        ("patron of another", Gets::Way(FOR_PATRONS, SUPPORT)),
        ("former", Gets::Way("You were a patron before.", SUPPORT)),
        (
            "pending",
            Gets::Way("your bank still has to confirm it", ACCOUNT),
        ),
        ("lapsed", Gets::Way("did not go through", "/pay\"")),
        ("lapsed", Gets::Way("You can read along", "/card\"")),
        (
            "grace that is over",
            Gets::Way("did not go through", "/pay\""),
        ),
        ("paused", Gets::Way("is paused", ACCOUNT)),
        ("pause that was paid", Gets::Form),
        ("pause that is not paid", Gets::Way("is paused", ACCOUNT)),
        (
            "end that has come",
            Gets::Way("You were a patron before.", SUPPORT),
        ),
        ("suspended", Gets::Way("You were a patron before.", SUPPORT)),
        ("failed", Gets::Way(FOR_PATRONS, SUPPORT)),
        ("patron", Gets::Form),
        ("trial", Gets::Form),
        ("leaving", Gets::Form),
        ("grace", Gets::Form),
        ("tipped", Gets::Form),
        ("author", Gets::Form),
        ("owner", Gets::Form),
        ("another author", Gets::Way(FOR_PATRONS, SUPPORT)),
    ] {
        check(Gate::Patrons, who, gets).await;
    }
}

#[tokio::test]
async fn readers_comment_behind_theirs() {
    for (who, gets) in [
        ("stranger", Gets::Way("signed in can comment", SIGN_IN)),
        ("reader", Gets::Form),
        ("lapsed", Gets::Form),
        ("author", Gets::Form),
        ("owner", Gets::Form),
    ] {
        check(Gate::Readers, who, gets).await;
    }
}

#[tokio::test]
async fn nobody_comments_where_comments_are_closed() {
    for who in ["stranger", "reader", "patron", "author", "owner"] {
        check(Gate::Closed, who, Gets::Nothing).await;
    }
}

#[tokio::test]
async fn what_patrons_read_only_patrons_talk_about() {
    let app = TestApp::start().await;
    let (_, author) = app.author("Matthew Smith").await;
    app.article_with(&author, "The Tide", |draft| {
        (draft.audience, draft.gate) = (Audience::Patrons, Gate::Readers);
    })
    .await;
    let (ann, account) = app.reader("Ann").await;
    let page = ann.get("/articles/the-tide").await;
    page.does_not_say("Leave a comment");
    let answer = ann
        .post("/articles/the-tide/comments", &[("body", "Oh")])
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    app.patron(account.id, &author).await;
    let page = ann.get("/articles/the-tide").await;
    page.says("Leave a comment");
}

#[tokio::test]
async fn a_draft_is_talked_about_only_by_those_who_see_it() {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    let open = |draft: &mut plaudit::articles::Draft| draft.gate = Gate::Readers;
    app.draft_with(&author, "The Tide", open).await;
    let (ann, _) = app.reader("Ann").await;
    let (olivia, _) = app.owner().await;
    for (browser, status) in [
        (&app.browser(), StatusCode::NOT_FOUND),
        (&ann, StatusCode::NOT_FOUND),
        (&matthew, StatusCode::SEE_OTHER),
        (&olivia, StatusCode::SEE_OTHER),
    ] {
        let form = [("body", "Not yet")];
        let answer = browser.post("/articles/the-tide/comments", &form).await;
        assert_eq!(answer.status, status);
    }
    matthew
        .get("/articles/the-tide")
        .await
        .says("<p>Not yet</p>");
}

/// Somebody of this kind sees what they should, and a POST is answered in kind.
async fn check(gate: Gate, who: &str, gets: Gets) {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    app.article_with(&author, "The Tide", |draft| draft.gate = gate)
        .await;
    let browser = match who {
        "author" => matthew,
        "owner" => app.owner().await.0,
        "another author" => app.author("Ada Merrow").await.0,
        "stranger" => app.browser(),
        _ => somebody(&app, &author, who).await,
    };
    let page = browser.get("/articles/the-tide").await;
    assert_eq!(page.status, StatusCode::OK);
    let form = [("body", "The first word")];
    let answer = browser.post("/articles/the-tide/comments", &form).await;
    let has_form = page.body.contains("action=\"/articles/the-tide/comments\"");
    match gets {
        Gets::Form => {
            assert!(has_form, "{who}: {}", page.body);
            page.says("Leave a comment");
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{who}");
            let page = browser.get("/articles/the-tide").await;
            page.says("1 comment<").says("<p>The first word</p>");
        }
        Gets::Way(sentence, address) => {
            assert!(!has_form, "{who}: {}", page.body);
            page.says(sentence).says(address).says("Leave a comment");
            refused(&answer, who, sentence);
        }
        Gets::Nothing => {
            assert!(!has_form, "{who}: {}", page.body);
            page.says("Comments are closed.")
                .does_not_say("Leave a comment");
            refused(&answer, who, "Comments are closed.");
        }
    }
}

#[track_caller]
fn refused(answer: &Page, who: &str, sentence: &str) {
    if who == "stranger" {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        answer.says("You were signed out").says("The first word");
        return;
    }
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
    answer.says(sentence).says("The first word");
}

async fn somebody(app: &TestApp, author: &plaudit::entities::author::Model, who: &str) -> Browser {
    let (browser, account) = app.reader("Ann").await;
    let state = match who {
        "patron" => State::Active,
        "trial" => State::Trial,
        "leaving" => State::Cancelling,
        "grace" | "grace that is over" => State::Grace,
        "pause that was paid" | "pause that is not paid" => State::Active,
        "end that has come" => State::Cancelling,
        "suspended" => State::Suspended,
        "failed" => State::Failed,
        "pending" => State::Pending,
        "lapsed" => State::Lapsed,
        "paused" => State::Paused,
        "former" => State::Ended,
        "patron of another" => {
            let (_, ada) = app.author("Ada Merrow").await;
            app.patron(account.id, &ada).await;
            return browser;
        }
        "tipped" => {
            tip(app, account.id, author.id).await;
            return browser;
        }
        _ => return browser,
    };
    app.member(account.id, author, state, |row| change(who, row))
        .await;
    browser
}

/// What tells those of one state apart.
fn change(who: &str, row: &mut membership::ActiveModel) {
    let now = *row.updated_at.as_ref();
    let day = chrono::Duration::days(1);
    match who {
        "grace that is over" => row.past_due_since = Set(Some(now - day * 20)),
        "pause that was paid" => row.collection_paused = Set(Some("void".to_owned())),
        "pause that is not paid" => {
            row.collection_paused = Set(Some("void".to_owned()));
            row.current_period_end = Set(Some(now - day));
        }
        "end that has come" => row.cancel_at = Set(Some(now - day)),
        _ => {}
    }
}

async fn tip(app: &TestApp, account: Uuid, author: Uuid) {
    let now = app.app.clock.now();
    let tip = tip::ActiveModel {
        message: Set(None),
        id: Set(Uuid::now_v7()),
        account_id: Set(account),
        author_id: Set(author),
        checkout_id: Set(Uuid::now_v7()),
        article_id: Set(None),
        amount: Set(1000),
        currency: Set("eur".to_owned()),
        state: Set(tip::State::Paid),
        paid_at: Set(now),
        patron_until: Set(Some(now + chrono::Duration::days(30))),
    };
    tip.insert(&app.app.db).await.expect("a tip");
}
