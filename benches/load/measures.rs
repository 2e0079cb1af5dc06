//! The measures, in the order of the table.

mod conversation;
mod dashboard;
mod money;
mod pages;
mod work;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use plaudit::{
    accounts::begin_session,
    app::App,
    clock::Clock,
    config, db,
    entities::account,
    sandbox::stripe::{Chaos, Settings as StripeSettings, Stripe},
};

use crate::{
    client::Connection,
    process::{Process, Settings, WEBHOOK_SECRET, plaudit},
    report::{Report, Target},
    sink::Sink,
    site::{Site, furnish},
};

const CONNECTIONS: usize = 64;
/// Names an empty database to use instead of an SQLite file.
const DATABASE: &str = "PLAUDIT_BENCH_DATABASE";

struct Bench<'a> {
    folder: &'a Path,
    settings: Settings,
    app: App,
    stripe: Stripe,
    /// How long Stripe takes to answer, in milliseconds.
    slowness: Arc<AtomicU64>,
    sink: Sink,
    site: Site,
    report: Report,
    is_wanted: &'a dyn Fn(&str) -> bool,
}

pub async fn all(wanted: &[String]) {
    let folder = tempfile::tempdir().expect("a folder");
    let slowness = Arc::new(AtomicU64::new(0));
    let (stripe, base) = simulated_stripe(slowness.clone()).await;
    let sink = Sink::start().await;
    let settings = Settings {
        database: std::env::var(DATABASE).unwrap_or_else(|_| {
            let file = folder.path().join("bench.db");
            format!("sqlite://{}", file.display())
        }),
        stripe: base,
        smtp: format!("smtp://127.0.0.1:{}", sink.port),
    };
    let app = open(&settings).await;
    println!("furnishing a publication …");
    let site = furnish(&app).await;
    let mut bench = Bench {
        folder: folder.path(),
        settings,
        app,
        stripe,
        slowness,
        sink,
        site,
        report: Report::default(),
        is_wanted: &|name| wanted.is_empty() || wanted.iter().any(|one| one == name),
    };
    bench.start().await;
    let service = bench.process(&["serve", "--no-worker"]);
    bench.idle_memory(&service);
    bench.article(&service).await;
    bench.patron(&service).await;
    bench.weight(&service).await;
    if (bench.is_wanted)("events") || (bench.is_wanted)("sync") {
        bench.events(&service).await;
    }
    bench.conversation(&service).await;
    bench.loaded_memory("serving", &service);
    drop(service);
    bench.sync().await;
    bench.notices().await;
    bench.month_end().await;
    bench.reconcile().await;
    bench.memberships().await;
    bench.dashboard().await;
    bench.report.print();
}

async fn open(settings: &Settings) -> App {
    let mut config = config::load_from(None, []).expect("the defaults");
    config.database.url.clone_from(&settings.database);
    config.secrets.key = "5e".repeat(32);
    config.stripe.secret_key = "sk_test_bench".to_owned();
    config.stripe.api_base.clone_from(&settings.stripe);
    let db = db::connect(&config.database.url).await.expect("a database");
    db::migrate(&db).await.expect("the schema");
    App::new(config, db, Clock::default()).expect("parts")
}

/// The simulated Stripe in this process, sending nothing by itself.
async fn simulated_stripe(slowness: Arc<AtomicU64>) -> (Stripe, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let base = format!("http://{}/", listener.local_addr().expect("an address"));
    let settings = StripeSettings {
        base_url: base.clone(),
        webhook_secret: WEBHOOK_SECRET.to_owned(),
        ..StripeSettings::default()
    };
    let stripe = Stripe::open(Clock::default(), settings).expect("in memory");
    stripe.set_chaos(Chaos {
        hold: true,
        ..Chaos::default()
    });
    let slow = axum::middleware::from_fn(move |request, next: axum::middleware::Next| {
        let pause = Duration::from_millis(slowness.load(Ordering::Relaxed));
        async move {
            tokio::time::sleep(pause).await;
            next.run(request).await
        }
    });
    let router: axum::Router = stripe.router().layer(slow);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (stripe, base)
}

fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
}

const GZIP: &str = "Accept-Encoding: gzip\r\n";

impl Bench<'_> {
    fn process(&self, arguments: &[&str]) -> Process {
        let mut command = plaudit(&self.settings, self.folder, arguments);
        Process::serving(&mut command)
    }

    fn worker(&self) -> Process {
        Process::working(&mut plaudit(&self.settings, self.folder, &["work"]))
    }

    /// From the start of the process to the end of its first page.
    async fn start(&mut self) {
        if !(self.is_wanted)("start") {
            return;
        }
        let mut times = Vec::new();
        for _ in 0..5 {
            let started = Instant::now();
            let service = self.process(&["serve"]);
            let mut connection = Connection::open(&service.address)
                .await
                .expect("it answers");
            connection.ask(&get("/", "")).await.expect("a page");
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        self.report
            .add("start to first page", times[2], "ms", Target::Under(150.0));
    }

    fn idle_memory(&mut self, service: &Process) {
        if (self.is_wanted)("memory") {
            let resident = service.memory("VmRSS");
            self.report
                .add("memory, idle", resident, "MB", Target::Under(30.0));
        }
    }

    fn loaded_memory(&mut self, what: &str, process: &Process) {
        if (self.is_wanted)("memory") {
            let what = format!("memory, most while {what}");
            self.report
                .add(&what, process.memory("VmHWM"), "MB", Target::Under(100.0));
        }
    }

    async fn session(&self, account: &account::Model) -> String {
        let now = self.app.clock.now();
        begin_session(&self.app.db, now, account.id, "bench")
            .await
            .expect("a session")
    }

    /// The article and all it loads.
    async fn weight(&mut self, service: &Process) {
        if !(self.is_wanted)("weight") {
            return;
        }
        let mut connection = Connection::open(&service.address)
            .await
            .expect("it answers");
        let path = format!("/articles/{}", self.site.article);
        let page = connection.ask(&get(&path, "")).await.expect("a page");
        let text = String::from_utf8_lossy(&page.body).into_owned();
        let loaded: BTreeSet<&str> = text
            .split('"')
            .filter(|value| value.starts_with("/assets/"))
            .collect();
        let mut weight = 0;
        for path in loaded.iter().copied().chain([path.as_str()]) {
            let answer = connection.ask(&get(path, GZIP)).await.expect("an answer");
            weight += answer.weight;
        }
        let kilobytes = weight as f64 / 1000.0;
        let requests = (loaded.len() + 1) as f64;
        self.report
            .add("article on the wire", kilobytes, "kB", Target::Under(40.0));
        self.report
            .add("article, requests", requests, "", Target::Under(5.0));
    }
}
