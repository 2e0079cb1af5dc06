//! Who is told, why it says so, and that one address hears once.

use plaudit::entities::{Audience, MembershipState, account, author};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::{letters, publish};
use crate::support::TestApp;

/// Publishes an article for patrons; what each address is told.
async fn told(app: &TestApp, matthew: &author::Model) -> Vec<(String, String)> {
    let draft = app
        .draft_with(matthew, "For patrons", |draft| {
            draft.audience = Audience::Patrons;
            draft.body_markdown = "An opening. ".repeat(400) + "The hidden treasure.";
        })
        .await;
    publish(app, draft.id).await;
    app.work().await;
    let mut mails = letters(app);
    mails.sort();
    mails
}

/// An account as a stranger's payment makes it.
async fn unclaimed(app: &TestApp, name: &str, address: &str) -> account::Model {
    let (_, account) = app.reader(name).await;
    let mut row = account.into_active_model();
    row.email = Set(None);
    row.contact_email = Set(Some(address.to_owned()));
    row.update(&app.app.db).await.expect("unclaimed")
}

#[tokio::test]
async fn patrons_hear_unless_they_said_no_and_each_letter_says_why_it_came() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (follower, _) = app.reader("Follower").await;
    follower.submit("/authors/matthew-smith/follow", &[]).await;
    let (both, account) = app.reader("Both").await;
    both.submit("/authors/matthew-smith/follow", &[]).await;
    app.patron(account.id, &matthew).await;
    let (_, account) = app.reader("Patron").await;
    app.patron(account.id, &matthew).await;
    let (silent, account) = app.reader("Silent").await;
    app.patron(account.id, &matthew).await;
    silent
        .submit("/authors/matthew-smith/follow", &[("wants", "no")])
        .await;
    let (_, account) = app.reader("Former").await;
    app.member(account.id, &matthew, MembershipState::Ended, |_| {})
        .await;
    let mails = told(&app, &matthew).await;
    let addresses: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "both@example.org",
            "follower@example.org",
            "patron@example.org"
        ]
    );
    for (to, text) in &mails {
        let is_patron = !to.starts_with("follower");
        assert_eq!(text.contains("hidden treasure"), is_patron, "{to}");
        assert_eq!(
            text.contains("who supports Matthew Smith"),
            is_patron,
            "{to}"
        );
        let wanted = "who wanted to hear of new articles by Matthew Smith";
        assert_eq!(text.contains(wanted), !is_patron, "{to}");
    }
}

#[tokio::test]
async fn an_address_hears_once_however_many_accounts_it_pays_with() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let (silent, _) = app.reader("Silent").await;
    silent
        .submit("/authors/matthew-smith/follow", &[("wants", "no")])
        .await;
    app.reader("Quiet").await;
    let payers = [
        ("Ann paying", "ann@example.org"),
        ("Silent paying", "silent@example.org"),
        ("Quiet paying", "quiet@example.org"),
        ("Stranger", "stranger@example.org"),
        ("Stranger again", "stranger@example.org"),
    ];
    for (name, address) in payers {
        let payer = unclaimed(&app, name, address).await;
        app.patron(payer.id, &matthew).await;
    }
    let mails = told(&app, &matthew).await;
    let addresses: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "ann@example.org",
            "quiet@example.org",
            "stranger@example.org"
        ]
    );
}
