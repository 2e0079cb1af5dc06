//! How often one can go to Checkout: a network often, because many share one; a person seldom.

use reqwest::StatusCode;

use super::world::World;
use crate::support::{Browser, Page, TestApp};

const SUPPORT: &str = "/authors/matthew-smith/support";

async fn asks(browser: &Browser, form: &[(&str, &str)]) -> Page {
    browser.post(SUPPORT, form).await
}

#[tokio::test]
async fn an_office_of_readers_goes_to_checkout_and_one_reader_only_so_often() {
    let world = World::around(TestApp::start_limited().await).await;
    let tip = [("tip", "once"), ("amount", "500")];
    // All of them come from one network, as strangers behind a telephone company do.
    for number in 0..40 {
        let page = asks(&world.app.browser(), &tip).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "stranger {number}");
    }
    for number in 0..10 {
        let page = asks(&world.browser, &tip).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "Ann, {number}");
    }
    let refused = asks(&world.browser, &tip).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    refused
        .says("nothing was charged")
        .says(&format!("try again in {wait} second"));
    // Nobody else waits for her.
    let (ben, _) = world.app.reader("Ben").await;
    assert_eq!(asks(&ben, &tip).await.status, StatusCode::SEE_OTHER);
    let page = asks(&world.app.browser(), &tip).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // Who can read German reads it in German.
    let form = [("name", "Ann"), ("language", "de")];
    world.browser.submit("/account", &form).await;
    let refused = asks(&world.browser, &tip).await;
    refused.says("nichts wurde abgebucht").says("noch einmal.");
}

#[tokio::test]
async fn gifts_to_one_address_are_begun_only_so_often_by_whomever() {
    let world = World::around(TestApp::start_limited().await).await;
    let gift = format!("{}:6:1800", world.friend.id);
    let form = |address: &'static str| {
        [
            ("gift", gift.clone()),
            ("currency", "eur".to_owned()),
            ("recipient_email", address.to_owned()),
        ]
    };
    let asks = async |address| {
        let form = form(address);
        let form: Vec<_> = form
            .iter()
            .map(|(name, said)| (*name, said.as_str()))
            .collect();
        asks(&world.app.browser(), &form).await.status
    };
    let spelt = ["ben@example.org", " Ben@Example.org "];
    for address in spelt.into_iter().cycle().take(10) {
        assert_eq!(asks(address).await, StatusCode::SEE_OTHER);
    }
    assert_eq!(asks("ben@example.org").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(asks("eve@example.org").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_mistypes_an_amount_can_still_go_to_checkout() {
    let world = World::around(TestApp::start_limited().await).await;
    let gift = format!("{}:6:1800", world.friend.id);
    for number in 0..12 {
        let typed = [("tip", "once"), ("own", "seven fifty")];
        let page = asks(&world.browser, &typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        let typed = [("gift", gift.as_str()), ("recipient_email", "nobody")];
        let page = asks(&world.browser, &typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
    let tip = [("tip", "once"), ("own", "7.50")];
    for number in 0..10 {
        let page = asks(&world.browser, &tip).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{number}");
    }
    let page = asks(&world.browser, &tip).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}
