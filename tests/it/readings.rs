//! What is kept of the database for readers who are signed in: never older than their request.

use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use plaudit::{db::Seen, entities::site};
use sea_orm::{DbErr, EntityTrait as _};

use crate::support::TestApp;

async fn revision(app: &TestApp) -> Result<i64, DbErr> {
    let site = site::Entity::find_by_id(1).one(&app.app.db).await?;
    Ok(site.map(|site| site.revision).unwrap_or_default())
}

async fn now(app: &TestApp) -> Seen {
    app.app.readings.now().await.expect("a state")
}

#[tokio::test]
async fn nothing_is_read_twice_while_nothing_changes() {
    let app = TestApp::start().await;
    let times = AtomicUsize::new(0);
    let look = async || {
        let seen = now(&app).await;
        let count = async { Ok(times.fetch_add(1, Ordering::Relaxed)) };
        *app.app
            .readings
            .read(seen, "times", count)
            .await
            .expect("a number")
    };
    // On PostgreSQL other databases of the server move the state too, now and then.
    let settled = async || {
        for _ in 0..1_000 {
            let (first, second) = (look().await, look().await);
            if first == second {
                return first;
            }
        }
        panic!("it was read each time");
    };
    let before = settled().await;
    site::Entity::touch(&app.app.db).await.expect("changed");
    assert!(settled().await > before);
}

#[tokio::test]
async fn who_asks_after_a_change_sees_it_on_every_machine() {
    let app = TestApp::start().await;
    let elsewhere = app.replica().await;
    for _ in 0..50 {
        site::Entity::touch(&app.app.db).await.expect("changed");
        let newest = revision(&app).await.expect("a number");
        let looks = (0..16).map(async |number| {
            let readings = match number % 2 {
                0 => &app.app.readings,
                _ => &elsewhere.app.readings,
            };
            let seen = readings.now().await.expect("a state");
            let found = readings.read(seen, "revision", revision(&app)).await;
            *found.expect("a number")
        });
        for seen in join_all(looks).await {
            assert_eq!(seen, newest);
        }
    }
}

#[tokio::test]
async fn what_was_read_in_an_older_state_is_not_kept_for_a_newer_one() {
    let app = TestApp::start().await;
    let readings = &app.app.readings;
    let before = now(&app).await;
    site::Entity::touch(&app.app.db).await.expect("changed");
    let after = now(&app).await;
    assert!(before < after);
    readings
        .read(before, "word", ready(Ok("old")))
        .await
        .expect("read");
    let word = readings.read(after, "word", ready(Ok("new"))).await;
    assert_eq!(*word.expect("read"), "new");
}
