//! The service as tests use it: on a port of its own, with a database of its own.

mod articles;
mod browser;
mod database;
mod people;

use plaudit::{
    app::App,
    clock::Clock,
    config::{self, Config},
    router, server, worker,
};
use tokio::net::TcpListener;

pub use browser::{Browser, Page};
use database::TestDatabase;

/// A running service.
pub struct TestApp {
    pub app: App,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    _database: TestDatabase,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with changes to the configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let database = TestDatabase::create().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let mut config = config::load_from(None, []).expect("defaults");
        config.server.public_url.clone_from(&url);
        config.database.url.clone_from(&database.url);
        config.secrets.key = "5e".repeat(32);
        change(&mut config);
        let db = plaudit::db::connect(&config.database.url)
            .await
            .expect("database");
        plaudit::db::migrate(&db).await.expect("schema");
        let app = App::build(config, db, Clock::default(), |parts| {
            parts.limits = plaudit::web::Limits::new(true);
        })
        .expect("parts");
        let router = router::router(&app);
        tokio::spawn(server::serve(
            listener,
            router,
            1000,
            std::future::pending(),
        ));
        Self {
            app,
            url,
            _database: database,
        }
    }

    /// A new visitor with a cookie jar of her own.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
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
