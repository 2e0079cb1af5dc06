//! The webhook's door: what is refused, how quickly, and that a refusal leaves nothing behind.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use plaudit::payments::sign;
use reqwest::StatusCode;

use super::{webhook::inbox, world::World};
use crate::support::{Page, TestApp, WEBHOOK_SECRET, spoken};

const BODY: &str = r#"{"id":"evt_1","type":"moon.full","data":{}}"#;

fn signature(world: &World, secret: &str) -> String {
    sign(BODY.as_bytes(), secret, world.app.app.clock.now())
}

#[tokio::test]
async fn s80_a_wrong_signature_is_refused_counted_and_leaves_no_row() {
    let world = World::new().await;
    // From the first look on, there is somebody who counts.
    world.browser.get("/metrics").await;
    let wrong = signature(&world, "whsec_other");
    let right = signature(&world, WEBHOOK_SECRET);
    for (body, signature) in [(BODY, &wrong), (&BODY.replace("evt_1", "evt_2"), &right)] {
        let answer = world.post_raw(body.to_owned(), signature).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    assert!(inbox(&world).await.is_empty());
    let numbers = world.browser.get("/metrics").await;
    numbers.says("plaudit_webhook_answers_total{status=\"400\"}");
}

#[tokio::test]
async fn s81_what_is_no_signature_is_refused_at_once() {
    let world = World::new().await;
    let v0 = signature(&world, WEBHOOK_SECRET).replace("v1=", "v0=");
    let browser = world.app.browser();
    for header in [None, Some(""), Some(v0.as_str()), Some(&",".repeat(4096))] {
        let mut quickest = Duration::MAX;
        for _ in 0..20 {
            let address = browser.address("/webhooks/stripe");
            let mut request = browser.raw().post(address).body(BODY);
            if let Some(header) = header {
                request = request.header("stripe-signature", header);
            }
            let began = Instant::now();
            assert_eq!(Page::of(request).await.status, StatusCode::BAD_REQUEST);
            quickest = quickest.min(began.elapsed());
        }
        assert!(
            quickest < Duration::from_millis(5),
            "{header:?}: {quickest:?}"
        );
    }
    assert!(inbox(&world).await.is_empty());
}

#[tokio::test]
async fn s83_a_secret_counts_while_it_is_configured() {
    let secrets = ["whsec_new", "whsec_old"];
    for configured in [&secrets[..], &secrets[..1]] {
        let app = TestApp::start_with(|config| {
            config.stripe.webhook_secrets = configured.iter().copied().map(str::to_owned).collect();
        })
        .await;
        let world = World::around(app).await;
        let [new, old] = secrets.map(|secret| signature(&world, secret));
        let v1 = |header: &str| header.rsplit_once(',').expect("v1").1.to_owned();
        let only_old = match configured.len() {
            2 => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        };
        for (header, expected) in [
            (old.clone(), only_old),
            (new.clone(), StatusCode::OK),
            (format!("{new},{}", v1(&old)), StatusCode::OK),
            (format!("{old},{}", v1(&new)), StatusCode::OK),
            (signature(&world, WEBHOOK_SECRET), StatusCode::BAD_REQUEST),
        ] {
            let answer = world.post_raw(BODY.to_owned(), &header).await;
            assert_eq!(answer.status, expected, "{configured:?}: {header}");
        }
        assert_eq!(inbox(&world).await.len(), 1);
    }
}

#[tokio::test]
async fn s85_a_signature_may_be_five_minutes_old() {
    let world = World::new().await;
    let now = world.app.app.clock.now();
    let body = r#"{"id":"evt_1","type":"moon.full","data":{}}"#;
    for (age, expected) in [(299, StatusCode::OK), (301, StatusCode::BAD_REQUEST)] {
        let at = now - TimeDelta::seconds(age);
        let signature = sign(body.as_bytes(), WEBHOOK_SECRET, at);
        let answer = world.post_raw(body.to_owned(), &signature).await;
        assert_eq!(answer.status, expected, "{age}");
    }
}

#[tokio::test]
async fn s87_a_body_over_the_limit_is_refused_with_and_without_a_length() {
    let world = World::new().await;
    let large = vec![b' '; 1024 * 1024 + 1];
    let browser = world.app.browser();
    let address = browser.address("/webhooks/stripe");
    let whole = browser.raw().post(&address).body(large.clone());
    assert_eq!(Page::of(whole).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let refused = crate::support::chunked(&world.app.url, "/webhooks/stripe", &large).await;
    assert!(
        refused.contains("413") || refused.contains("400"),
        "{refused}"
    );
}

#[tokio::test]
async fn s87_a_length_that_lies_stores_nothing() {
    let world = World::new().await;
    let signature = signature(&world, WEBHOOK_SECRET);
    for length in [BODY.len() - 10, BODY.len() + 10] {
        let request = format!(
            "POST /webhooks/stripe HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\
             Stripe-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{BODY}"
        );
        let answer = spoken(&world.app.url, request.as_bytes()).await;
        let is_refused = answer.is_empty() || answer.starts_with("HTTP/1.1 400");
        assert!(is_refused, "{length}: {answer}");
    }
    assert!(inbox(&world).await.is_empty());
}

#[tokio::test]
async fn s88_an_encoded_body_is_refused_before_it_is_inflated() {
    let world = World::new().await;
    let gzipped = |body: &[u8]| {
        let compression = flate2::Compression::fast();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), compression);
        gzip.write_all(body).expect("memory");
        gzip.finish().expect("memory")
    };
    let browser = world.app.browser();
    for body in [gzipped(BODY.as_bytes()), gzipped(&vec![b'0'; 1024 * 1024])] {
        let now = world.app.app.clock.now();
        let request = browser
            .raw()
            .post(browser.address("/webhooks/stripe"))
            .header("content-encoding", "gzip")
            .header("stripe-signature", sign(&body, WEBHOOK_SECRET, now))
            .body(body);
        let answer = Page::of(request).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    assert!(inbox(&world).await.is_empty());
}

#[tokio::test]
async fn s90_only_post_and_any_content_type() {
    let world = World::new().await;
    let got = world.browser.get("/webhooks/stripe").await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
    let browser = world.app.browser();
    let put = browser.raw().put(browser.address("/webhooks/stripe"));
    assert_eq!(Page::of(put).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let head = browser.raw().head(browser.address("/webhooks/stripe"));
    assert_eq!(Page::of(head).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let body = r#"{"id":"evt_1","type":"moon.full","data":{}}"#;
    let signature = sign(body.as_bytes(), WEBHOOK_SECRET, world.app.app.clock.now());
    let plain = browser
        .raw()
        .post(browser.address("/webhooks/stripe"))
        .header("content-type", "text/plain")
        .header("stripe-signature", signature)
        .body(body);
    assert_eq!(Page::of(plain).await.status, StatusCode::OK);
}

#[tokio::test]
async fn s91_without_a_secret_the_answer_is_not_now() {
    let app = TestApp::start_with(|config| config.stripe.webhook_secrets.clear()).await;
    let answer = app.browser().post("/webhooks/stripe", &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}
