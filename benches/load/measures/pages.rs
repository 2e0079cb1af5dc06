//! The article page, signed out and signed in, beside a bare server.

use std::{process::Command, time::Duration};

use super::{Bench, CONNECTIONS, GZIP, get};
use crate::{
    bare,
    client::{Connection, Load, for_a_while},
    process::Process,
    report::Target,
};

const WARM_UP: Duration = Duration::from_secs(1);
const TIME: Duration = Duration::from_secs(6);

impl Bench<'_> {
    pub(super) async fn article(&mut self, service: &Process) {
        if !(self.is_wanted)("article") {
            return;
        }
        let path = format!("/articles/{}", self.site.article);
        let request = get(&path, GZIP);
        let p99 = Target::Under(20.0);
        self.beside_bare("article, signed out", service, &request, 50.0, p99)
            .await;
    }

    pub(super) async fn patron(&mut self, service: &Process) {
        if !(self.is_wanted)("patron") {
            return;
        }
        let path = format!("/articles/{}", self.site.article);
        let secret = self.session(&self.site.readers[0]).await;
        let plain = format!("Cookie: session={secret}\r\n");
        let request = get(&path, &plain);
        self.beside_bare(
            "article, as a patron",
            service,
            &request,
            12.0,
            Target::None,
        )
        .await;
        let request = get(&path, &format!("{plain}{GZIP}"));
        let what = "article, as a patron, compressed";
        self.beside_bare(what, service, &request, 12.0, Target::None)
            .await;
    }

    /// Loads the service, then a bare server with the same answer; compares.
    pub(super) async fn beside_bare(
        &mut self,
        what: &str,
        service: &Process,
        request: &[u8],
        share: f64,
        p99: Target,
    ) {
        let mut connection = Connection::open(&service.address)
            .await
            .expect("it answers");
        let answer = connection.ask(request).await.expect("a page");
        assert_eq!(answer.status, 200, "{what}: {}", answer.head);
        let file = self.folder.join("answer");
        bare::keep(&answer, &file);
        let (ours, cost) = loaded(service, request).await;
        let this = std::env::current_exe().expect("this program");
        let bare = Process::serving(Command::new(this).env(bare::VARIABLE, &file));
        let (theirs, bare_cost) = loaded(&bare, request).await;
        let ratio = 100.0 * ours.per_second() / theirs.per_second();
        let report = &mut self.report;
        report.add(what, ours.per_second(), "requests/s", Target::None);
        report.add(
            &format!("{what}: bare server"),
            theirs.per_second(),
            "requests/s",
            Target::None,
        );
        report.add(
            &format!("{what}: share of bare"),
            ratio,
            "%",
            Target::AtLeast(share),
        );
        report.add(
            &format!("{what}: p50"),
            ours.percentile(0.5),
            "ms",
            Target::None,
        );
        report.add(&format!("{what}: p99"), ours.percentile(0.99), "ms", p99);
        let costs = format!("{what}: processor time (bare {bare_cost:.0} µs)");
        report.add(&costs, cost, "µs/request", Target::None);
        report.add(
            &format!("{what}: failures"),
            ours.failures as f64,
            "",
            Target::Under(1.0),
        );
    }
}

/// A warm-up, then the load. Returns it with the processor time of a request in microseconds.
async fn loaded(process: &Process, request: &[u8]) -> (Load, f64) {
    for_a_while(&process.address, CONNECTIONS, request, WARM_UP).await;
    let before = process.cpu();
    let load = for_a_while(&process.address, CONNECTIONS, request, TIME).await;
    let cost = (process.cpu() - before) * 1_000_000.0 / load.requests.max(1) as f64;
    (load, cost)
}
