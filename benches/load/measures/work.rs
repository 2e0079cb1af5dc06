//! What the worker does: events stored, events handled, notices sent.

use std::{collections::HashSet, ops::Range};

use plaudit::{
    articles::{self, Draft, Publication},
    entities::{Audience, Gate, notice, outbox, stripe_event},
    sandbox::stripe::Card,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, Statement,
};

use super::{Bench, CONNECTIONS};
use crate::{
    client::{Connection, each_once},
    process::{Process, until},
    report::Target,
    site::{ACCOUNTS, more_followers},
};

/// How many readers become patrons for the measures of events.
pub(super) const SIGN_UPS: usize = 2_000;
/// Who is told of an article.
const FOLLOWERS: usize = 100_000;

impl Bench<'_> {
    /// These readers become patrons. Returns what Stripe would send about it.
    pub(super) async fn sign_up(&self, service: &Process, who: Range<usize>) -> Vec<Vec<u8>> {
        println!("{} readers become patrons …", who.len());
        let before: HashSet<String> = self.stripe.held().into_iter().collect();
        let mut connection = Connection::open(&service.address)
            .await
            .expect("it answers");
        let path = format!("/authors/{}/support", self.site.author.slug);
        let form = format!("tier={}&interval=month", self.site.tier);
        for number in who {
            let reader = &self.site.readers[number];
            let secret = self.session(reader).await;
            let network = format!("10.{}.{}.1", number / 250, number % 250);
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {network}\r\n\
                 Cookie: session={secret}\r\nContent-Length: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
                form.len()
            );
            let answer = connection.ask(request.as_bytes()).await.expect("an answer");
            let checkout = answer.header("location").expect("a way to Checkout");
            let (_, session) = checkout.rsplit_once('/').expect("a session");
            let email = reader.email.as_deref().expect("an address");
            self.stripe
                .complete_checkout(session, Card::Good, email, &reader.name)
                .expect("paid");
        }
        let news = self.stripe.held();
        news.iter()
            .filter(|event| !before.contains(*event))
            .filter_map(|event| self.stripe.signed(event))
            .map(|(body, signature)| {
                let length = body.len();
                format!(
                    "POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\n\
                     Stripe-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{body}"
                )
                .into_bytes()
            })
            .collect()
    }

    /// Stripe tells us of new patrons as fast as it can.
    pub(super) async fn events(&mut self, service: &Process) {
        let requests = self.sign_up(service, 1..1 + SIGN_UPS).await;
        let load = each_once(&service.address, CONNECTIONS, requests).await;
        let report = &mut self.report;
        let rate = load.per_second();
        report.add("events acknowledged", rate, "/s", Target::AtLeast(1_000.0));
        let p99 = load.percentile(0.99);
        report.add("events acknowledged: p99", p99, "ms", Target::Under(50.0));
        let failures = load.failures as f64;
        report.add(
            "events acknowledged: failures",
            failures,
            "",
            Target::Under(1.0),
        );
    }

    pub(super) async fn sync(&mut self) {
        if !(self.is_wanted)("sync") {
            return;
        }
        let waiting = self.waiting_events().await;
        let worker = self.worker();
        let seconds = until(async || self.waiting_events().await == 0).await;
        let rate = waiting as f64 / seconds;
        let what = format!("events handled, of {waiting}");
        self.report.add(&what, rate, "/s", Target::AtLeast(500.0));
        let receipts = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq("receipt"))
            .count(&self.app.db)
            .await
            .expect("a count");
        let wanted = Target::AtLeast(SIGN_UPS as f64);
        self.report
            .add("receipts written", receipts as f64, "", wanted);
        until(async || self.waiting_mails().await == 0).await;
        self.loaded_memory("handling events", &worker);
    }

    pub(super) async fn notices(&mut self) {
        if !(self.is_wanted)("notices") {
            return;
        }
        println!("{FOLLOWERS} followers …");
        more_followers(&self.app, self.site.author.id, FOLLOWERS - ACCOUNTS).await;
        let draft = Draft {
            title: "News from the harbour".to_owned(),
            slug: String::new(),
            standfirst: "The ferry has left.".to_owned(),
            body_markdown: "It left at noon.\n\n".repeat(20),
            audience: Audience::Public,
            gate: Gate::Patrons,
            gate_tiers: None,
            gate_days: None,
            opening: None,
            tags: Vec::new(),
            co_authors: None,
        };
        let draft = articles::create(&self.app, self.site.author.id, draft)
            .await
            .expect("written");
        articles::publish(&self.app, draft.id, Publication::default())
            .await
            .expect("published");
        let (before, size) = (self.sink.taken(), self.size().await);
        let worker = self.worker();
        let queued = until(async || self.is_fanned_out().await).await;
        self.report
            .add("notices queued", queued, "s", Target::Under(10.0));
        let growth = (self.size().await - size) / 1e6;
        self.report
            .add("notices: database grown", growth, "MB", Target::Under(60.0));
        let seconds = queued + until(async || self.sink.taken() - before >= FOLLOWERS).await;
        let sent = self.sink.taken() - before;
        let what = format!("notices queued and delivered, of {sent}");
        let rate = sent as f64 / seconds;
        self.report.add(&what, rate, "/s", Target::AtLeast(1_500.0));
        let cost = worker.cpu() * 1_000_000.0 / sent.max(1) as f64;
        self.report
            .add("notices: processor time", cost, "µs each", Target::None);
        let most = worker.memory("VmHWM");
        self.report
            .add("notices: memory, most", most, "MB", Target::Under(150.0));
        self.loaded_memory("sending notices", &worker);
    }

    /// Bytes of the whole database.
    async fn size(&self) -> f64 {
        let db = &self.app.db;
        let backend = db.get_database_backend();
        let query = match backend {
            DbBackend::Postgres => "SELECT pg_database_size(current_database()) AS size",
            _ => {
                "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()"
            }
        };
        let row = db
            .query_one_raw(Statement::from_string(backend, query))
            .await;
        let row = row.expect("the size").expect("a row");
        row.try_get::<i64>("", "size").expect("a number") as f64
    }

    async fn is_fanned_out(&self) -> bool {
        let open = notice::Entity::find()
            .filter(notice::Column::State.eq(notice::State::FanningOut))
            .count(&self.app.db);
        open.await.expect("a count") == 0
    }

    pub(super) async fn waiting_events(&self) -> u64 {
        stripe_event::Entity::find()
            .filter(stripe_event::Column::State.eq(stripe_event::State::Waiting))
            .count(&self.app.db)
            .await
            .expect("a count")
    }

    pub(super) async fn waiting_mails(&self) -> u64 {
        outbox::Entity::find()
            .filter(outbox::Column::State.eq(outbox::State::Waiting))
            .count(&self.app.db)
            .await
            .expect("a count")
    }
}
