//! The worker killed at random while it sends: nothing is lost, and what comes twice is the same mail.

use std::{
    collections::{HashMap, HashSet},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use plaudit::entities::outbox::{self, Column, State};
use rand::Rng as _;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel as _, PaginatorTrait as _, QueryFilter, Set,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{faults::on_port, row, write};
use crate::support::{Sink, TestApp};

const CONNECTIONS: usize = 4;

/// One mail for each of `count` addresses.
async fn queue(app: &TestApp, count: usize) {
    let (_, ann) = app.reader("Ann").await;
    write(app, &ann, "ended:0").await;
    let first = row(app, "ended:0").await;
    let rows: Vec<_> = (1..count)
        .map(|number| {
            let mut row = first.clone().into_active_model();
            row.id = Set(Uuid::now_v7());
            row.key = Set(format!("ended:{number}"));
            row.to_address = Set(format!("reader{number}@example.org"));
            sea_orm::ActiveModelTrait::reset_all(row)
        })
        .collect();
    for some in rows.chunks(500) {
        let insert = outbox::Entity::insert_many(some.to_vec());
        let written = insert.exec_without_returning(&app.app.db).await;
        written.expect("written");
    }
}

fn worker(app: &TestApp, port: u16) -> Command {
    let mut command = app.command(&["work"]);
    let connections = CONNECTIONS.to_string();
    let url = format!("smtp://127.0.0.1:{port}");
    for (key, value) in [
        ("TRANSPORT", "smtp"),
        ("SMTP_URL", url.as_str()),
        ("CONNECTIONS", connections.as_str()),
        ("RATE_PER_SECOND", "100000"),
        ("DOMAIN_PER_SECOND", "100000"),
    ] {
        command.env(format!("PLAUDIT__MAIL__{key}"), value);
    }
    command.env("PLAUDIT__LOG__FILTER", "error");
    command.stdout(Stdio::null());
    command
}

async fn waiting(app: &TestApp) -> u64 {
    let waiting = outbox::Entity::find().filter(Column::State.eq(State::Waiting));
    waiting.count(&app.app.db).await.expect("a count")
}

/// What the dead worker has in its hands.
async fn held(app: &TestApp) -> Vec<Uuid> {
    let held = outbox::Entity::find()
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::LockedUntil.is_not_null());
    let held = held.all(&app.app.db).await.expect("rows");
    held.into_iter().map(|row| row.id).collect()
}

/// How many of these wait.
async fn of(app: &TestApp, ids: &[Uuid]) -> u64 {
    let waiting = outbox::Entity::find()
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::Id.is_in(ids.iter().copied()));
    waiting.count(&app.app.db).await.expect("a count")
}

/// As if half a minute had passed for what the dead worker held: the short way does not wait for it.
async fn leases_run_out(app: &TestApp) {
    let past = app.app.clock.now() - chrono::Duration::seconds(1);
    outbox::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(Some(past)))
        .filter(Column::LockedUntil.is_not_null())
        .exec(&app.app.db)
        .await
        .expect("run out");
}

/// Ten kills over 500 mails; with `PLAUDIT_TEST_KILLS=200 PLAUDIT_TEST_MAILS=20000` the long way, in
/// which every lease runs out by itself.
#[tokio::test]
async fn killed_at_random_the_worker_loses_nothing_and_repeats_only_what_was_being_sent() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let kills: usize = number("PLAUDIT_TEST_KILLS").unwrap_or(10);
    let mails: usize = number("PLAUDIT_TEST_MAILS").unwrap_or(500);
    let is_long = number("PLAUDIT_TEST_KILLS").is_some();
    let app = TestApp::start().await;
    queue(&app, mails).await;
    let sink = Sink::start().await;
    let began = Instant::now();
    for kill in 0..kills {
        let mut child = worker(&app, sink.port).spawn().expect("started");
        let share = mails.saturating_sub(sink.count()) / (kills - kill + 1);
        let more = rand::rng().random_range(1..=share.max(1));
        let most = mails.saturating_sub(2 * CONNECTIONS);
        sink.until((sink.count() + more).min(most)).await;
        child.kill().expect("killed");
        child.wait().expect("dead");
        if !is_long {
            leases_run_out(&app).await;
        }
    }
    if is_long {
        // What the last one holds now is found by the next within a minute, with nobody's help.
        let mut child = worker(&app, sink.port).spawn().expect("started");
        sink.until(sink.count() + 1).await;
        child.kill().expect("killed");
        child.wait().expect("dead");
    }
    let kills = kills + usize::from(is_long);
    let held = held(&app).await;
    let mut child = worker(&app, sink.port).spawn().expect("started");
    let last = Instant::now();
    let mut picked_up = Duration::ZERO;
    while is_long && of(&app, &held).await > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        picked_up = last.elapsed();
        assert!(picked_up < Duration::from_secs(60), "{held:?}");
    }
    while waiting(&app).await > 0 {
        assert!(
            last.elapsed() < Duration::from_secs(300),
            "{}",
            waiting(&app).await
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().expect("killed");
    child.wait().expect("dead");
    let mut by_recipient: HashMap<String, Vec<String>> = HashMap::new();
    for (to, id) in sink.taken() {
        by_recipient.entry(to).or_default().push(id);
    }
    assert_eq!(by_recipient.len(), mails, "none is lost");
    let repeated: usize = by_recipient.values().map(|ids| ids.len() - 1).sum();
    println!(
        "{mails} mails, {kills} kills: {repeated} repeated, {:.0} s; {} held by the last were sent after {:.0} s",
        began.elapsed().as_secs_f64(),
        held.len(),
        picked_up.as_secs_f64()
    );
    assert!(repeated <= kills * CONNECTIONS, "{repeated}");
    for (to, ids) in by_recipient {
        assert!(ids.iter().all(|id| *id == ids[0]), "{to}: {ids:?}");
    }
}

#[tokio::test]
async fn what_a_killed_worker_held_is_taken_on_when_its_leases_have_run_out_by_themselves() {
    let sink = Sink::start().await;
    let app = on_port(sink.port).await;
    queue(&app, 700).await;
    let mut child = worker(&app, sink.port).spawn().expect("started");
    sink.until(20).await;
    child.kill().expect("killed");
    child.wait().expect("dead");
    let held = held(&app).await;
    assert!(!held.is_empty());
    app.work().await;
    assert_eq!(of(&app, &held).await, held.len() as u64, "still its own");
    assert_eq!(waiting(&app).await, held.len() as u64);
    app.app.clock.advance(chrono::Duration::seconds(31));
    app.work().await;
    assert_eq!(waiting(&app).await, 0);
    let taken = sink.taken();
    let whom: HashSet<&String> = taken.iter().map(|(to, _)| to).collect();
    assert_eq!(whom.len(), 700, "none is lost");
    assert!(taken.len() - 700 <= CONNECTIONS, "{}", taken.len());
}
