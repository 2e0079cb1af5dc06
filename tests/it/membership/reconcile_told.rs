//! What a comparison says to whoever runs the publication: rows, what to do, the number that moves; and a comparison
//! that was killed goes on.

use std::time::Duration;

use chrono::{DateTime, Locale, Utc};
use plaudit::{
    entities::{
        ledger_entry::{self, Kind},
        reconciliation::{self, Stage},
    },
    membership::reconcile,
    sandbox::stripe::Card,
};
use reqwest::{Method, StatusCode};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::Value;
use tokio::time::timeout;
use uuid::Uuid;

use super::world::World;
use crate::support::{Browser, Page, Running, let_the_ledger_be_altered};

/// After so long a test that waits has failed.
const LONG: Duration = Duration::from_secs(60);

impl World {
    /// A customer at Stripe of an account that is not here. Returns its id.
    async fn orphan(&self) -> String {
        let nobody = Uuid::now_v7().to_string();
        let form = [
            ("email", "gone@example.org"),
            ("metadata[plaudit_account]", nobody.as_str()),
        ];
        self.at_stripe("customers", &form).await;
        let customer = self.app.stripe.latest("customer", 1).remove(0);
        customer["id"].as_str().expect("an id").to_owned()
    }

    /// The ledger loses what Stripe kept of a payment.
    async fn ledger_forgets_fees(&self) {
        let_the_ledger_be_altered(&self.app.app.db).await;
        ledger_entry::Entity::delete_many()
            .filter(ledger_entry::Column::Kind.eq(Kind::Fee))
            .exec(&self.app.app.db)
            .await
            .expect("gone");
    }

    async fn latest(&self) -> Option<reconciliation::Model> {
        let latest = reconciliation::Entity::latest().one(&self.app.app.db).await;
        latest.expect("rows")
    }
}

/// Waits until the service shows this number for a class.
async fn shows(service: &Browser, class: &str, number: u32) {
    let line = format!("plaudit_reconcile_differences{{class=\"{class}\"}} {number}\n");
    let shown = async {
        while !service.get("/metrics").await.body.contains(&line) {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONG, shown).await.expect("the number");
}

#[tokio::test]
async fn what_differs_is_listed_with_what_to_do_and_the_number_goes_to_nothing() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let customer = world.orphan().await;
    world.ledger_forgets_fees().await;
    world.app.stripe.release(|held| held.clear());
    let text = world.app.plaudit(&["reconcile"]).await.done();
    let row = format!("  {customer}  here Reader nothing  there Reader ");
    assert!(text.contains("orphan customer: 1\n"), "{text}");
    assert!(text.contains(&row), "{text}");
    assert!(
        text.contains("for you to do: Nobody here belongs to these customers."),
        "{text}"
    );
    assert!(text.contains("ledger differs: 1\n"), "{text}");
    assert!(
        text.contains("Ann → Matthew Smith:  here Stripe’s fee €0.00  there Stripe’s fee €0.30\n"),
        "{text}"
    );
    assert!(text.contains("the same with --fix mends this"), "{text}");
    // A service that runs beside shows what is left, whoever has compared.
    let mut command = world.app.command(&["serve"]);
    command
        .env("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0")
        .env("PLAUDIT__MAIL__TRANSPORT", "memory");
    let mut running = Running::start(&mut command);
    let service = Browser::new(&running.says("listening on ").await);
    shows(&service, "orphan_customer", 1).await;
    shows(&service, "ledger_differs", 1).await;
    let text = world.app.plaudit(&["reconcile", "--fix"]).await.done();
    assert!(text.contains("ledger differs: 1, mended 1\n"), "{text}");
    assert!(text.contains("orphan customer: 1, mended 0\n"), "{text}");
    assert_eq!(world.ledger().await, "payment 300, fee -30");
    shows(&service, "ledger_differs", 0).await;
    shows(&service, "orphan_customer", 1).await;
    let owner = world.app.the_owner().await;
    owner
        .get("/admin/reconcile")
        .await
        .says("then delete them there; nobody here loses anything");
    // The owner does so at Stripe.
    let url = world
        .browser
        .address(&format!("/sandbox/stripe/v1/customers/{customer}"));
    let gone = world.browser.raw().request(Method::DELETE, url);
    let gone = Page::of(gone.bearer_auth("sk_test_sandbox")).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    world.all_arrive().await;
    let text = world.app.plaudit(&["reconcile"]).await.done();
    assert!(text.contains("nothing differs"), "{text}");
    shows(&service, "orphan_customer", 0).await;
    running.stop().await;
}

#[tokio::test]
async fn days_are_told_as_days_and_to_programs_as_iso_writes_them() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let entries = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::Kind.eq(Kind::Payment))
        .all(&world.app.app.db)
        .await;
    let right = entries.expect("entries")[0].at;
    let wrong = right - chrono::Duration::days(40);
    let of_payment = ledger_entry::Column::Kind.eq(Kind::Payment);
    let column = ledger_entry::Column::At;
    world.altered(of_payment, column, Expr::value(wrong)).await;
    let day = |at: DateTime<Utc>| at.format("%-d %B %Y").to_string();
    let text = world.app.plaudit(&["reconcile"]).await.done();
    for at in [wrong, right] {
        assert!(text.contains(&format!(", on {}", day(at))), "{text}");
    }
    assert!(!text.contains(&wrong.date_naive().to_string()), "{text}");
    let json = ["reconcile", "--json"];
    let json: Value = serde_json::from_str(&world.app.plaudit(&json).await.done()).expect("JSON");
    let ours = json["differences"][0]["ours"].as_str().expect("a side");
    let iso = format!(", on {}", wrong.date_naive());
    assert!(
        ours.starts_with("payment:in_") && ours.ends_with(&iso),
        "{ours}"
    );
    let owner = world.app.the_owner().await;
    let page = owner.get("/admin/reconcile").await;
    page.says(&format!("on {}", day(wrong)));
    owner
        .post("/account", &[("name", "Olivia"), ("language", "de")])
        .await;
    let german = wrong.format_localized("am %-d. %B %Y", Locale::de_DE);
    owner
        .get("/admin/reconcile")
        .await
        .says(&german.to_string());
}

#[tokio::test]
async fn a_comparison_killed_amid_its_work_goes_on_and_finds_the_same() {
    let world = World::today().await;
    let ended = world.subscribe(Card::Good).await;
    for number in 0..2 {
        world.stranger_subscribes(number, Card::Good).await;
    }
    world.all_arrive().await;
    world.orphan().await;
    world.ledger_forgets_fees().await;
    world.stranger_subscribes(2, Card::Good).await;
    world.app.stripe.cancel_now(&ended);
    world.app.stripe.release(|held| held.clear());
    let whole = world.compare(false).await;
    for class in [
        "missing_here",
        "state_differs 1/0",
        "orphan_customer 1/0",
        "ledger_differs 3/0",
    ] {
        assert!(whole.contains(class), "{whole}");
    }
    // One call a second: it is killed once it has seen the subscriptions.
    let mut command = world.app.command(&["reconcile"]);
    command.env("PLAUDIT__STRIPE__RECONCILE_PER_SECOND", "1");
    let running = Running::start(&mut command);
    let first = world.latest().await.expect("the first");
    let amid = async {
        loop {
            match world.latest().await {
                Some(run) if run.id != first.id && run.stage == Stage::Invoices => break run,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    let killed = timeout(LONG, amid).await.expect("the invoices' turn");
    // With SIGKILL.
    drop(running);
    // Whoever was at it may be still: others wait for two minutes.
    let held = world.app.plaudit(&["reconcile"]).await.refused();
    assert!(held.contains("try again in two minutes"), "{held}");
    let app = &world.app.app;
    app.clock.advance(chrono::Duration::minutes(3));
    assert!(
        reconcile::resume(app, killed.id, |_| {})
            .await
            .expect("resumed")
    );
    assert_eq!(world.found(killed.id).await, whole);
    let run = world.latest().await.expect("the second");
    assert_eq!(run.id, killed.id);
    assert!(run.compared > killed.compared && run.finished_at.is_some());
}
