//! The service as tests use it: on a port of its own, with a database of its own.

mod articles;
mod browser;
pub mod calendar;
mod command;
mod database;
pub mod mailbox;
mod patrons;
mod people;
mod python;
mod s3;
mod sink;
mod smtp;

use plaudit::{
    app::App,
    clock::Clock,
    config::{self, Config},
    mail::Sent,
    router,
    sandbox::stripe::{Settings, Stripe},
    server,
    web::Limits,
    worker,
};
use tokio::net::TcpListener;

pub use browser::{Browser, Page};
pub use command::{Running, Said};
use database::TestDatabase;
pub use database::{is_postgres, let_the_ledger_be_altered};
pub use python::{python, script};
pub use s3::S3Server;
pub use sink::Sink;
pub use smtp::SmtpServer;

/// What the simulated Stripe signs with.
pub const WEBHOOK_SECRET: &str = "whsec_test";

/// A running service.
pub struct TestApp {
    pub app: App,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// The simulated Stripe the service speaks with.
    pub stripe: Stripe,
    _database: TestDatabase,
    _media: tempfile::TempDir,
}

/// Another machine that serves the same publication.
pub struct Replica {
    pub app: App,
    pub url: String,
}

impl Replica {
    pub async fn work(&self) {
        while !worker::round(&self.app)
            .await
            .expect("a round of work")
            .is_idle()
        {}
    }

    /// As if the database had gone away.
    pub async fn close_database(&self) {
        self.app.db.clone().close().await.expect("closed");
    }
}

/// Posts `body` in chunks, without saying how long it is. Returns the status line.
pub async fn chunked(url: &str, path: &str, body: &[u8]) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let host = url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host)
        .await
        .expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    for chunk in body.chunks(64 * 1024) {
        let size = format!("{:x}\r\n", chunk.len());
        let piece = [size.as_bytes(), chunk, b"\r\n"].concat();
        if stream.write_all(&piece).await.is_err() {
            break;
        }
    }
    if stream.write_all(b"0\r\n\r\n").await.is_err() {
        return "400 cut off".to_owned();
    }
    let mut answer = vec![0; 64];
    let read = stream.read(&mut answer).await.unwrap_or_default();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

/// Sends bytes that no client would, and nothing after them. Returns what came back.
pub async fn spoken(url: &str, bytes: &[u8]) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let host = url.trim_start_matches("http://");
    let stream = tokio::net::TcpStream::connect(host).await;
    let mut stream = stream.expect("a connection");
    stream.write_all(bytes).await.expect("sent");
    stream.shutdown().await.expect("ended");
    let mut answer = Vec::new();
    if stream.read_to_end(&mut answer).await.is_err() {
        answer.clear();
    }
    String::from_utf8_lossy(&answer).into_owned()
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with changes to the configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::build(change, Limits::new(true)).await
    }

    /// Starts with the limits of the real service, which other tests would only stumble over.
    pub async fn start_limited() -> Self {
        Self::build(|_| {}, Limits::new(false)).await
    }

    async fn build(change: impl FnOnce(&mut Config), limits: Limits) -> Self {
        let database = TestDatabase::create().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let mut config = config::load_from(None, []).expect("defaults");
        config.server.public_url.clone_from(&url);
        config.database.url.clone_from(&database.url);
        let media = tempfile::tempdir().expect("a folder");
        config.media.folder = media.path().join("media");
        config.secrets.key = "5e".repeat(32);
        config.mail.transport = config::MailTransport::Memory;
        config.mail.rate_per_second = 100_000;
        config.mail.domain_per_second = 100_000;
        config.stripe.reconcile_per_second = 1000;
        config.stripe.secret_key = "sk_test_sandbox".to_owned();
        config.stripe.api_base = format!("{url}/sandbox/stripe/");
        config.stripe.webhook_secrets = vec![WEBHOOK_SECRET.to_owned()];
        change(&mut config);
        let db = plaudit::db::connect(&config.database.url)
            .await
            .expect("database");
        let app = App::build(config, db, Clock::default(), |parts| {
            parts.limits = limits;
            parts.pages = plaudit::web::PageCache::trusting(0);
        })
        .expect("parts");
        let settings = Settings {
            base_url: format!("{url}/sandbox/stripe"),
            webhook_url: format!("{url}/webhooks/stripe"),
            webhook_secret: WEBHOOK_SECRET.to_owned(),
            secret_key: "sk_test_sandbox".to_owned(),
            file: None,
        };
        let stripe = Stripe::open(app.clock.clone(), settings).expect("in memory");
        let router = router::router(&app, Some(&stripe));
        tokio::spawn(server::serve(
            listener,
            router,
            app.config.server.max_connections,
            std::future::pending(),
        ));
        Self {
            app,
            url,
            stripe,
            _database: database,
            _media: media,
        }
    }

    /// Every mail sent so far, oldest first.
    pub fn mails(&self) -> Vec<Sent> {
        let captured = self.app.delivery.mailer().captured();
        captured.expect("the memory mailer").all()
    }

    /// A second machine: the same database, clock and Stripe, a listener of its own.
    pub async fn replica(&self) -> Replica {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let config = Config::clone(&self.app.config);
        let db = plaudit::db::connect(&config.database.url)
            .await
            .expect("database");
        let app = App::new(config, db, self.app.clock.clone()).expect("parts");
        let router = router::router(&app, None);
        let forever = std::future::pending();
        tokio::spawn(server::serve(listener, router, 1000, forever));
        Replica { app, url }
    }

    /// A new visitor with a cookie jar of her own.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// Lets Stripe deliver its events and the worker work until nothing is due.
    pub async fn settle(&self) {
        self.stripe.deliver().await;
        self.work().await;
    }

    /// Lets the worker work until nothing is due.
    pub async fn work(&self) {
        while !worker::round(&self.app)
            .await
            .expect("a round of work")
            .is_idle()
        {}
    }
}
