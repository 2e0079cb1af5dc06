//! Proving an address: how somebody who paid as a stranger comes by what she paid for.

use std::sync::Arc;

use plaudit::{
    accounts::{Address, NewToken, Newcomer, issue_token, prove},
    db,
    entities::{
        Frequency, account, author, checkout, following, membership, outbox, payment, tip,
        token::Purpose,
    },
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait};
use tokio::sync::Barrier;

use super::strangers::stranger;
use crate::support::TestApp;

async fn follow(app: &TestApp, account: &account::Model, author: &author::Model, wants: bool) {
    let now = app.app.clock.now();
    let row = following::ActiveModel {
        account_id: Set(account.id),
        author_id: Set(author.id),
        frequency: Set(if wants {
            Frequency::AtOnce
        } else {
            Frequency::None
        }),
        previous: Set(None),
        left_article_id: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(&app.app.db).await.expect("following");
}

/// The link of the welcome letter, as the membership room issues it.
async fn claim_link(app: &TestApp, account: &account::Model) -> String {
    let token = NewToken {
        purpose: Purpose::Claim,
        account_id: Some(account.id),
        email: account.contact_email.clone(),
        return_to: Some("/articles/x".to_owned()),
        valid_for: chrono::Duration::days(30),
    };
    let secret = issue_token(&app.app.db, app.app.clock.now(), token).await;
    format!("/sign-in/{}", secret.expect("issued"))
}

#[tokio::test]
async fn a_stranger_who_paid_claims_her_account_by_the_mailed_link() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let paid = stranger(&app, &matthew, "ann@example.org", 1).await;
    let link = claim_link(&app, &paid).await;
    let ann = app.browser();
    ann.get(&link)
        .await
        .says("You are signing in as ann@example.org");
    assert_eq!(ann.post(&link, &[]).await.location(), "/articles/x");
    ann.get("/account")
        .await
        .says("Signed in as Payer 1")
        .says("/account/receipts/1");
    let account = app.account_of("ann@example.org").await.expect("claimed");
    assert_eq!(account.id, paid.id);
    assert_eq!(account.contact_email, None);
    assert_eq!(ann.get(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_address_typed_at_the_till_signs_nobody_in() {
    let app = TestApp::start().await;
    let (ann, before) = app.reader("Ann").await;
    let (_, matthew) = app.author("Matthew Smith").await;
    stranger(&app, &matthew, "ann@example.org", 1).await;
    ann.get("/account")
        .await
        .does_not_say("/account/receipts/1");
    assert_eq!(app.account_of("ann@example.org").await, Some(before));
}

#[tokio::test]
async fn whoever_proves_the_address_gets_everything_paid_under_it() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ada) = app.author("Ada Merrow").await;
    let (_, ann) = app.reader("Ann").await;
    let first = stranger(&app, &matthew, "ann@example.org", 1).await;
    let second = stranger(&app, &ada, "ann@example.org", 2).await;
    let other = stranger(&app, &ada, "bob@example.org", 3).await;
    follow(&app, &ann, &matthew, false).await;
    follow(&app, &first, &matthew, true).await;
    follow(&app, &second, &ada, true).await;
    let link = claim_link(&app, &second).await;

    let browser = app.browser();
    browser
        .submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let mailed = app.mailed_link("ann@example.org").await;
    browser.submit(&mailed, &[]).await;

    let db = &app.app.db;
    let account = app.account_of("ann@example.org").await.expect("Ann");
    assert_eq!((account.id, account.name.as_str()), (ann.id, "Ann"));
    assert_eq!(account.stripe_customer_id.as_deref(), Some("cus_1"));
    for gone in [first.id, second.id] {
        let row = account::Entity::find_by_id(gone).one(db).await;
        assert_eq!(row.expect("an answer"), None);
    }
    let memberships = membership::Entity::find().all(db).await.expect("rows");
    for row in &memberships {
        let hers = row.stripe_subscription_id != "sub_3";
        assert_eq!(row.account_id, if hers { ann.id } else { other.id });
        assert_eq!(row.generation, if hers { 8 } else { 7 });
    }
    let tips = tip::Entity::find().all(db).await.expect("rows");
    let payments = payment::Entity::find().all(db).await.expect("rows");
    let checkouts = checkout::Entity::find().all(db).await.expect("rows");
    let owners = tips.iter().map(|row| Some(row.account_id));
    let owners = owners.chain(payments.iter().map(|row| Some(row.account_id)));
    let owners: Vec<_> = owners
        .chain(checkouts.iter().map(|row| row.account_id))
        .collect();
    assert_eq!(owners.iter().filter(|id| **id == Some(ann.id)).count(), 6);
    assert_eq!(owners.iter().filter(|id| **id == Some(other.id)).count(), 3);
    let mut followings = following::Entity::find().all(db).await.expect("rows");
    followings.sort_by_key(|row| row.frequency != Frequency::None);
    let said: Vec<_> = followings
        .iter()
        .map(|row| {
            (
                row.account_id,
                row.author_id,
                row.frequency != Frequency::None,
            )
        })
        .collect();
    assert_eq!(said, [(ann.id, matthew.id, false), (ann.id, ada.id, true)]);

    let late = app.browser();
    late.submit(&link, &[]).await;
    late.get("/account").await.says("Signed in as Ann");
}

#[tokio::test]
async fn letters_under_way_move_with_the_account() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ann) = app.reader("Ann").await;
    stranger(&app, &matthew, "ann@example.org", 1).await;
    let other = app.browser();
    other
        .submit("/password/forgot", &[("email", "bob@example.org")])
        .await;
    other
        .submit("/password/forgot", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    other
        .submit(&link, &[("password", "rain on the harbour")])
        .await;
    let owned = outbox::Entity::find().all(&app.app.db).await.expect("rows");
    let owners: Vec<_> = owned.iter().map(|row| row.account_id).collect();
    // The link, and that the password has changed.
    assert_eq!(owners, [None, Some(ann.id), Some(ann.id)]);
    other.get("/account").await.says("/account/receipts/1");
}

#[tokio::test]
async fn a_password_link_to_a_stranger_who_paid_claims_her_account() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let paid = stranger(&app, &matthew, "ann@example.org", 1).await;
    let ann = app.browser();
    ann.submit("/password/forgot", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    ann.submit(&link, &[("password", "rain on the harbour")])
        .await;
    let account = app.account_of("ann@example.org").await.expect("claimed");
    assert_eq!(account.id, paid.id);
    assert!(account.password_hash.is_some());
}

/// Eight at once, whose transactions are all open before the first of them reads.
async fn proofs(app: &TestApp, name: &'static str) -> Vec<(account::Model, bool)> {
    let address = Address::parse("ann@example.org").expect("an address");
    let barrier = Arc::new(Barrier::new(8));
    let proofs: Vec<_> = (0..8)
        .map(|_| {
            let (app, address, barrier) = (app.app.clone(), address.clone(), barrier.clone());
            tokio::spawn(async move {
                let newcomer = Newcomer {
                    name,
                    language: "en",
                };
                let tx = db::begin(&app.db).await.expect("begun");
                // SQLite lets in one writer at a time, so there is nothing to wait for.
                if db::is_postgres(&app.db) {
                    barrier.wait().await;
                }
                let proven = prove(&app, &tx, &address, newcomer).await;
                let proven = proven.expect("proven");
                tx.commit().await.expect("committed");
                proven
            })
        })
        .collect();
    let mut proven = Vec::new();
    for proof in proofs {
        proven.push(proof.await.expect("finished"));
    }
    proven
}

#[tokio::test]
async fn many_proofs_of_one_address_at_once_make_one_account() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    for number in 1..=3 {
        stranger(&app, &matthew, "ann@example.org", number).await;
    }
    let proven = proofs(&app, "Ann").await;
    let first = proven[0].0.id;
    assert!(
        proven
            .iter()
            .all(|(account, is_new)| account.id == first && !is_new)
    );
    let left = account::Entity::find().count(&app.app.db).await;
    assert_eq!(left.expect("a count"), 2, "Ann and Matthew");
}

#[tokio::test]
async fn many_newcomers_of_one_address_at_once_are_one_person() {
    let app = TestApp::start().await;
    let proven = proofs(&app, "").await;
    assert!(proven.iter().all(|(account, _)| account.name == "ann"));
    assert_eq!(proven.iter().filter(|(_, is_new)| *is_new).count(), 1);
}
