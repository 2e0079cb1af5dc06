//! In which order, how fast and over how many connections mail leaves.

use plaudit::{
    articles::{self, Publication},
    config::MailTransport,
    entities::outbox::{self, State},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::write;
use crate::support::{Sink, TestApp};

async fn over_one_connection(port: u16) -> TestApp {
    TestApp::start_with(|config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = format!("smtp://127.0.0.1:{port}");
        config.mail.connections = 1;
        config.mail.rate_per_second = 100_000;
        config.mail.domain_per_second = 100_000;
    })
    .await
}

#[tokio::test]
async fn a_connection_carries_a_hundred_mails() {
    let sink = Sink::start().await;
    let app = over_one_connection(sink.port).await;
    let (_, ann) = app.reader("Ann").await;
    for number in 0..201 {
        write(&app, &ann, &format!("ended:{number}")).await;
    }
    app.work().await;
    assert_eq!(sink.count(), 201);
    assert_eq!(sink.connections(), 3);
}

#[tokio::test]
async fn a_receipt_overtakes_notices_that_have_waited_longer() {
    let sink = Sink::start().await;
    let app = over_one_connection(sink.port).await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let mut ann = None;
    for name in ["Ann", "Bob", "Cleo"] {
        let (reader, account) = app.reader(name).await;
        reader.submit("/authors/matthew-smith/follow", &[]).await;
        ann.get_or_insert(account);
    }
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    let out = articles::publish(&app.app, draft.id, Publication::default()).await;
    out.expect("published");
    plaudit::notices::fan_out(&app.app).await.expect("a batch");
    app.app.clock.advance(chrono::Duration::minutes(1));
    let mut ann = ann.expect("Ann");
    ann.email = Some("receipt@example.org".to_owned());
    write(&app, &ann, "ended:1").await;
    let waiting = outbox::Entity::find().filter(outbox::Column::State.eq(State::Waiting));
    assert_eq!(waiting.count(&app.app.db).await.expect("a count"), 4);
    app.work().await;
    let taken = sink.taken();
    assert_eq!(taken.len(), 4);
    assert!(taken[0].0.contains("receipt@example.org"), "{taken:?}");
}
