//! Addresses that are not written to: whoever's account they are, and until somebody lifts it.

use chrono::Duration;
use plaudit::{
    entities::suppression::Reason,
    mail::suppression::{
        Fingerprint, Purpose, is_suppressed, lift, soft_bounce, suppress, suppressed_among,
    },
};
use uuid::Uuid;

use crate::support::TestApp;

const NO_MAILBOX: (Reason, &str) = (Reason::HardBounce, "550 no such mailbox");

async fn holds(app: &TestApp, whom: &Fingerprint, purpose: Purpose) -> Option<Reason> {
    let found = is_suppressed(&app.app.db, whom, purpose).await;
    found.expect("read").and_then(|row| row.reason)
}

#[tokio::test]
async fn a_complaint_stops_notices_alone_and_a_hard_bounce_stops_everything() {
    let app = TestApp::start().await;
    let (db, now) = (&app.app.db, app.app.clock.now());
    let ann = Fingerprint::of(&app.app.key, "Ann@Example.org");
    let author = Purpose::NoticesOf(Uuid::now_v7());
    let complaint = (Reason::Complaint, "reported as unwanted");
    assert!(
        suppress(db, now, &ann, Purpose::Notices, complaint)
            .await
            .expect("written")
    );
    assert!(
        !suppress(db, now, &ann, Purpose::Notices, complaint)
            .await
            .expect("known")
    );
    assert_eq!(holds(&app, &ann, author).await, Some(Reason::Complaint));
    assert_eq!(holds(&app, &ann, Purpose::All).await, None);
    assert!(
        suppress(db, now, &ann, Purpose::All, NO_MAILBOX)
            .await
            .expect("written")
    );
    assert_eq!(
        holds(&app, &ann, Purpose::All).await,
        Some(Reason::HardBounce)
    );
    assert!(lift(db, &ann, Purpose::Notices).await.expect("lifted"));
    assert!(!lift(db, &ann, Purpose::Notices).await.expect("gone"));
    assert_eq!(holds(&app, &ann, author).await, Some(Reason::HardBounce));
    let bob = Fingerprint::of(&app.app.key, "bob@example.org");
    let both = [ann.clone(), bob.clone()];
    let found = suppressed_among(db, &both, author).await.expect("read");
    assert!(found.contains_key(ann.as_str()) && !found.contains_key(bob.as_str()));
}

#[tokio::test]
async fn soft_bounces_add_up_and_fade() {
    let app = TestApp::start().await;
    let ann = Fingerprint::of(&app.app.key, "ann@example.org");
    let bounce = async || {
        let now = app.app.clock.now();
        let counted = soft_bounce(&app.app.db, now, &ann, "452 mailbox full").await;
        counted.expect("counted")
    };
    for _ in 0..6 {
        assert!(!bounce().await);
        app.app.clock.advance(Duration::days(14));
    }
    assert_eq!(holds(&app, &ann, Purpose::All).await, None);
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(bounce().await);
    }
    assert_eq!(all.iter().filter(|is| **is).count(), 1, "{all:?}");
    assert_eq!(
        holds(&app, &ann, Purpose::All).await,
        Some(Reason::SoftBounces)
    );
}
