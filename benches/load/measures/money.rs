//! Money in earnest: a month's end, a comparison with Stripe, and many memberships.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use plaudit::{
    db,
    entities::{account, membership, price},
    membership::standing,
};

use super::{Bench, CONNECTIONS, get, work::SIGN_UPS};
use crate::{
    client::{Connection, spread},
    process::{Process, plaudit, until},
    report::Target,
    site::{ACCOUNTS, insert, membership_of, person},
};

/// How many memberships there are when the look-up is measured.
const MEMBERSHIPS: usize = 100_000;
/// How many accounts are looked at.
const LOOKS: usize = 1_000;

impl Bench<'_> {
    /// Ten thousand events in a minute, while Stripe takes its time to answer.
    pub(super) async fn month_end(&mut self) {
        if !(self.is_wanted)("month-end") {
            return;
        }
        let service = self.process(&["serve"]);
        let who = 1 + SIGN_UPS..1 + 2 * SIGN_UPS;
        let requests = self.sign_up(&service, who).await;
        self.slowness.store(5, Ordering::Relaxed);
        let sent = requests.len();
        let minute = Duration::from_secs(60);
        let load = spread(&service.address, CONNECTIONS, requests, minute).await;
        let seconds = until(async || self.waiting_events().await == 0).await;
        self.slowness.store(0, Ordering::Relaxed);
        let what = format!("month's end, {sent} events in {:.0} s", load.seconds);
        let (p99, failures) = (load.percentile(0.99), load.failures as f64);
        let report = &mut self.report;
        report.add(&format!("{what}: p99"), p99, "ms", Target::Under(200.0));
        report.add(
            &format!("{what}: failures"),
            failures,
            "",
            Target::Under(1.0),
        );
        let drained = Target::Under(120.0);
        report.add("month's end: inbox empty after", seconds, "s", drained);
        until(async || self.waiting_mails().await == 0).await;
        self.loaded_memory("at a month's end", &service);
    }

    /// Everybody is a patron, and `plaudit reconcile` looks at all of it.
    pub(super) async fn reconcile(&mut self) {
        if !(self.is_wanted)("reconcile") {
            return;
        }
        let service = self.process(&["serve"]);
        let first = match (self.is_wanted)("month-end") {
            true => 1 + 2 * SIGN_UPS,
            false if (self.is_wanted)("events") || (self.is_wanted)("sync") => 1 + SIGN_UPS,
            false => 1,
        };
        let requests = self.sign_up(&service, first..ACCOUNTS).await;
        let at_once = Duration::ZERO;
        spread(&service.address, CONNECTIONS, requests, at_once).await;
        self.stripe.delivered_otherwise();
        until(async || self.waiting_events().await == 0).await;
        until(async || self.waiting_mails().await == 0).await;
        drop(service);
        let started = Instant::now();
        let mut command = plaudit(&self.settings, self.folder, &["reconcile"]);
        let (memory, _) = Process::working(&mut command).ended().await;
        let seconds = started.elapsed().as_secs_f64();
        let what = format!("reconcile, {} subscriptions", ACCOUNTS - 1);
        self.report.add(&what, seconds, "s", Target::Under(60.0));
        let what = "reconcile: memory";
        self.report.add(what, memory, "MB", Target::Under(150.0));
    }

    /// Standing and account page among a hundred thousand memberships.
    pub(super) async fn memberships(&mut self) {
        if !(self.is_wanted)("memberships") {
            return;
        }
        println!("{MEMBERSHIPS} memberships …");
        let people = self.many_patrons().await;
        let author = self.site.author.id;
        let (now, grace) = (self.app.clock.now(), 7);
        let looked = || people.iter().step_by(people.len() / LOOKS);
        let started = Instant::now();
        for person in looked() {
            let standing = standing(&self.app.db, person.id, author, now, grace).await;
            assert!(standing.expect("a standing").is_patron());
        }
        let each = started.elapsed().as_secs_f64() * 1000.0 / looked().count() as f64;
        let what = format!("standing among {MEMBERSHIPS} memberships");
        self.report.add(&what, each, "ms", Target::Under(1.0));
        let service = self.process(&["serve", "--no-worker"]);
        let mut connection = Connection::open(&service.address).await.expect("open");
        let mut times = Vec::new();
        for person in looked() {
            let cookie = format!("Cookie: session={}\r\n", self.session(person).await);
            let request = get("/account", &cookie);
            let started = Instant::now();
            let page = connection.ask(&request).await.expect("a page");
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(page.status, 200, "{}", page.head);
        }
        times.sort_by(f64::total_cmp);
        let p99 = times[times.len() * 99 / 100];
        let what = "account page, never asked for before";
        let report = &mut self.report;
        report.add(
            &format!("{what}: p50"),
            times[times.len() / 2],
            "ms",
            Target::None,
        );
        report.add(&format!("{what}: p99"), p99, "ms", Target::Under(10.0));
        let cookie = format!("Cookie: session={}\r\n", self.session(&people[7]).await);
        let request = get("/account", &cookie);
        let none = Target::None;
        self.beside_bare("account page", &service, &request, 1.0, none)
            .await;
    }

    async fn many_patrons(&self) -> Vec<account::Model> {
        let prices = price::Entity::current(self.site.tier);
        let price = sea_orm::Select::one(prices, &self.app.db).await;
        let price = price.expect("prices").expect("a price");
        let now = self.app.clock.now();
        let numbers = (0..MEMBERSHIPS).map(|number| person(10 * ACCOUNTS + number, now));
        let people: Vec<account::Model> = numbers.collect();
        let author = self.site.author.id;
        let rows: Vec<membership::Model> = people
            .iter()
            .map(|person| membership_of(person.id, author, &price, now))
            .collect();
        let tx = db::begin(&self.app.db).await.expect("a transaction");
        insert::<account::ActiveModel>(&tx, &people).await;
        insert::<membership::ActiveModel>(&tx, &rows).await;
        tx.commit().await.expect("written");
        people
    }
}
