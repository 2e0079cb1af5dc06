//! A relay that misbehaves in every way it can, and what the outbox says after it.

use chrono::Duration;
use plaudit::{
    entities::{
        account,
        outbox::{self, State},
        suppression,
    },
    mail::suppression::{Fingerprint, Purpose, suppress},
};
use sea_orm::EntityTrait;

use super::{relay::on, row, stop, write};
use crate::support::{SmtpServer, TestApp};

pub(super) async fn on_port(port: u16) -> TestApp {
    on(&format!("smtp://127.0.0.1:{port}")).await
}

/// What mail to many says where there is none.
async fn nobody(_: Vec<outbox::Model>) -> anyhow::Result<plaudit::mail::Voices> {
    Ok(plaudit::mail::Voices::new())
}

/// Somebody at this address.
pub(super) async fn at(app: &TestApp, address: &str) -> account::Model {
    let (_, mut account) = app.reader(address).await;
    account.email = Some(address.to_owned());
    account
}

/// Writes to this address, under the address as its key.
pub(super) async fn write_to(app: &TestApp, address: &str) {
    let account = at(app, address).await;
    write(app, &account, address).await;
}

pub(super) async fn suppressed(app: &TestApp) -> Vec<suppression::Model> {
    let rows = suppression::Entity::find().all(&app.app.db).await;
    rows.expect("rows")
}

pub(super) async fn is(app: &TestApp, key: &str, state: State, attempts: i32) {
    let row = row(app, key).await;
    let found = (row.state, row.attempts);
    assert_eq!(found, (state, attempts), "{key}: {:?}", row.error);
    assert_eq!((row.locked_until, row.worker), (None, None), "{key}");
}

#[tokio::test]
async fn every_answer_has_its_end_and_only_a_missing_mailbox_suppresses() {
    let server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    let ends = [
        ("refuse@a.example", State::Dead, "550"),
        ("policy@b.example", State::Dead, "5.7.1"),
        ("full@c.example", State::Waiting, "552"),
        ("later@d.example", State::Waiting, "451"),
        ("busy@e.example", State::Waiting, "421"),
        ("cut@f.example", State::Waiting, ""),
        ("big@g.example", State::Dead, "552"),
        ("junk@h.example", State::Dead, "554"),
        ("drop@i.example", State::Waiting, ""),
        ("silent@j.example", State::Waiting, "no answer within 1"),
    ];
    for (address, ..) in ends {
        write_to(&app, address).await;
    }
    write_to(&app, "ann@k.example").await;
    let delivery = &app.app.delivery;
    let sent = delivery
        .deliver_due(&app.app.db, &app.app.clock, nobody)
        .await;
    assert_eq!(sent.expect("a batch"), 11);
    is(&app, "ann@k.example", State::Sent, 0).await;
    for (address, state, words) in ends {
        is(&app, address, state, 1).await;
        let why = row(&app, address).await.error.expect("a reason");
        assert!(why.contains(words), "{address}: {why}");
    }
    let gone = suppressed(&app).await;
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert_eq!(gone[0].masked, "r…@a.example");
    assert_eq!(stop(&app).await, None);
}

#[tokio::test]
async fn dropped_after_the_final_dot_a_mail_comes_again_with_the_same_message_id() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    write_to(&app, "drop@example.org").await;
    app.work().await;
    is(&app, "drop@example.org", State::Waiting, 1).await;
    app.app.clock.advance(Duration::seconds(11));
    app.work().await;
    is(&app, "drop@example.org", State::Sent, 1).await;
    let (first, second) = (server.next().await, server.next().await);
    assert!(first.raw.contains("Message-ID: <"), "{}", first.raw);
    assert_eq!(first.raw, second.raw);
}

#[tokio::test]
async fn a_busy_domain_is_left_alone_while_the_others_go_on() {
    let server = SmtpServer::start().await;
    let app = TestApp::start_with(|config| {
        config.mail.transport = plaudit::config::MailTransport::Smtp;
        config.mail.smtp_url = format!("smtp://127.0.0.1:{}", server.port);
        config.mail.connections = 1;
    })
    .await;
    for address in ["busy@slow.example", "bob@slow.example", "ann@quick.example"] {
        write_to(&app, address).await;
    }
    app.work().await;
    is(&app, "busy@slow.example", State::Waiting, 1).await;
    is(&app, "bob@slow.example", State::Waiting, 0).await;
    is(&app, "ann@quick.example", State::Sent, 0).await;
    app.app.clock.advance(Duration::seconds(11));
    app.work().await;
    is(&app, "bob@slow.example", State::Sent, 0).await;
}

#[tokio::test]
async fn a_receipt_to_a_suppressed_address_is_kept_seen_and_sent_once_it_is_lifted() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let whom = Fingerprint::of(&app.app.key, "ann@example.org");
    let because = (suppression::Reason::HardBounce, "550 gone");
    let ann = at(&app, "ann@example.org").await;
    write(&app, &ann, "before").await;
    let now = app.app.clock.now();
    let new = suppress(&app.app.db, now, &whom, Purpose::All, because).await;
    assert!(new.expect("written"));
    write(&app, &ann, "after").await;
    app.work().await;
    assert!(app.mails().is_empty());
    for key in ["before", "after"] {
        is(&app, key, State::Suppressed, 0).await;
        let why = row(&app, key).await.error.expect("a reason");
        assert!(why.contains("550 gone"), "{why}");
    }
    let after = row(&app, "after").await.id;
    owner.get("/admin/mail").await.says("held back");
    let found = owner.get("/admin/mail/addresses?q=Ann%40example.org").await;
    found
        .says("a…@example.org")
        .says("There is no such mailbox");
    let id = suppressed(&app).await.remove(0).id.to_string();
    owner.post("/admin/mail/addresses", &[("id", &id)]).await;
    owner.post(&format!("/admin/mail/{after}/retry"), &[]).await;
    app.work().await;
    is(&app, "after", State::Sent, 0).await;
    assert_eq!(app.mails().len(), 1);
}

#[tokio::test]
async fn a_domain_written_in_its_own_letters_is_sent_to_as_dns_has_it() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    write_to(&app, "ann@Bücher.example").await;
    app.work().await;
    assert_eq!(server.next().await.to, ["ann@xn--bcher-kva.example"]);
    is(&app, "ann@Bücher.example", State::Sent, 0).await;
    let visitor = app.browser();
    let form = [("email", "jörg@example.org")];
    let refused = visitor.post("/sign-in/link", &form).await;
    assert_eq!(refused.status, 422);
    refused
        .says("letters that most mail servers cannot carry")
        .says("jörg@example.org");
}

#[tokio::test]
async fn while_a_relay_thinks_about_a_text_the_lease_is_renewed() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    write_to(&app, "long@example.org").await;
    let other = app.replica().await;
    let delivery = &app.app.delivery;
    let sending = delivery.deliver_due(&app.app.db, &app.app.clock, nobody);
    let watching = async {
        server.next().await;
        app.app.clock.advance(Duration::seconds(25));
        let first = row(&app, "long@example.org").await.locked_until;
        while row(&app, "long@example.org").await.locked_until == first {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        app.app.clock.advance(Duration::seconds(25));
        let stolen = other
            .app
            .delivery
            .deliver_due(&app.app.db, &app.app.clock, nobody);
        assert_eq!(stolen.await.expect("a batch"), 0);
    };
    let both = async { tokio::join!(sending, watching) };
    let both = tokio::time::timeout(std::time::Duration::from_secs(120), both).await;
    let (sent, ()) = both.expect("the lease is renewed within two minutes");
    assert_eq!(sent.expect("a batch"), 1);
    is(&app, "long@example.org", State::Sent, 0).await;
}
