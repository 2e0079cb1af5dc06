//! The columns of the ledger, which is never changed back.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Duration, Utc};
use plaudit::{
    entities::ledger_entry::{self, Account, Kind},
    sandbox::stripe::Card,
};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, Value, sea_query::Expr};

use super::{Ours, Stripes, Whose, wrong};
use crate::{
    membership::{World, month},
    support::let_the_ledger_be_altered,
};

/// Whose a sum is: month, kind, account, author, payment, currency.
type Sums = BTreeMap<(i32, u32, String), i64>;

impl World {
    async fn by_month(&self) -> Sums {
        let entries = ledger_entry::Entity::find().all(&self.app.app.db).await;
        let mut sums = Sums::new();
        for entry in entries.expect("entries") {
            let at: DateTime<Utc> = entry.at;
            let of = format!(
                "{:?} {:?} {} {} {}",
                entry.kind, entry.account, entry.author_id, entry.payment_id, entry.currency
            );
            *sums.entry((at.year(), at.month(), of)).or_default() += entry.amount;
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }
}

/// Nothing in the ledger is ever changed back: what it comes to, for everybody and in every month, is as it was.
#[tokio::test]
async fn the_ledger_comes_to_the_same_again_whatever_was_written_into_it() {
    let world = World::new().await;
    world.shared("90").await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, Some(101)).expect("back");
    world.all_arrive().await;
    let tip = world.disputed_tip("450").await;
    assert!(tip.starts_with("du_") || tip.starts_with("dp_"), "{tip}");
    world.all_arrive().await;
    let others = world.others().await;
    assert_eq!(world.compare(true).await, "");
    let db = &world.app.app.db;
    let_the_ledger_be_altered(db).await;
    let right = world.by_month().await;
    let payments = world.payments().await;
    use ledger_entry::Column;
    let whose = |entry: &ledger_entry::Model, column| -> Whose {
        let other = payments.iter().find(|one| one.id != entry.payment_id);
        match column {
            Column::Id => Ours("our own name for it"),
            Column::GroupKey => wrong(format!("{}_gone", entry.group_key)),
            Column::Corrects => wrong("payment:in_gone"),
            Column::Kind => wrong(match entry.kind {
                Kind::Fee => Kind::Payment,
                _ => Kind::Fee,
            }),
            Column::Account => wrong(Account::Tax),
            Column::AuthorId => wrong(others.nora.id),
            Column::PaymentId => wrong(other.expect("another").id),
            Column::Amount => wrong(entry.amount + 7),
            Column::Currency => wrong("usd"),
            // Within a month a moment changes no sum.
            Column::At => Stripes(vec![
                (entry.at - Duration::days(40)).into(),
                (entry.at + Duration::days(40)).into(),
            ]),
        }
    };
    let mut failed = Vec::new();
    for kind in [Kind::Payment, Kind::Refund, Kind::Dispute, Kind::Fee] {
        let lines = ledger_entry::Entity::find()
            .filter(Column::Kind.eq(kind))
            .filter(Column::Account.eq(Account::Author))
            .filter(Column::Corrects.is_null());
        let entry = lines.one(db).await.expect("rows").expect("an entry");
        for column in Column::iter() {
            let Stripes(values) = whose(&entry, column) else {
                continue;
            };
            for value in values {
                failed.extend(world.puts_back(&entry, column, value, &right).await);
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What was sent on is booked cumulatively: the first with its payment, and what came back when it came back.
#[tokio::test]
async fn what_was_sent_on_stands_in_its_own_month_whatever_was_written_there() {
    let world = World::new().await;
    world.shared("90").await;
    world.linked().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let transfer = world.app.stripe.objects("transfer").remove(0);
    let transfer = transfer["id"].as_str().expect("an id");
    let path = format!("transfers/{transfer}/reversals");
    for amount in ["100", "20"] {
        world.app.stripe.advance(month());
        world.at_stripe(&path, &[("amount", amount)]).await;
        world.all_arrive().await;
    }
    assert_eq!(world.compare(true).await, "");
    let db = &world.app.app.db;
    let_the_ledger_be_altered(db).await;
    let right = world.by_month().await;
    use ledger_entry::Column;
    let lines = ledger_entry::Entity::find()
        .filter(Column::GroupKey.starts_with(format!("transfer:{transfer}:")))
        .filter(Column::Account.eq(Account::Author));
    let entries = lines.all(db).await.expect("rows");
    assert_eq!(entries.len(), 3);
    let mut failed = Vec::new();
    for entry in entries {
        for days in [-40, 40] {
            let value = (entry.at + Duration::days(days)).into();
            let why = world.puts_back(&entry, Column::At, value, &right);
            failed.extend(why.await);
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// However late it is heard of.
#[tokio::test]
async fn what_came_back_is_entered_in_the_month_in_which_it_came_back() {
    let world = World::new().await;
    world.shared("90").await;
    world.linked().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let transfer = world.app.stripe.objects("transfer").remove(0);
    let transfer = transfer["id"].as_str().expect("an id");
    let path = format!("transfers/{transfer}/reversals");
    world.at_stripe(&path, &[("amount", "100")]).await;
    let back = world.app.app.clock.now();
    world.app.stripe.advance(Duration::days(45));
    world.all_arrive().await;
    let key = format!("transfer:{transfer}:1");
    let lines = ledger_entry::Entity::find().filter(ledger_entry::Column::GroupKey.eq(key));
    let lines = lines.all(&world.app.app.db).await.expect("rows");
    assert_eq!(lines.len(), 2);
    for line in lines {
        assert_eq!(line.at.timestamp(), back.timestamp());
    }
    assert_eq!(world.compare(true).await, "");
}

impl World {
    /// Somebody writes a wrong value into a line of a group; it is found, and what the ledger comes to is right again.
    /// Returns why not, and begins anew.
    async fn puts_back(
        &self,
        entry: &ledger_entry::Model,
        column: ledger_entry::Column,
        value: Value,
        right: &Sums,
    ) -> Option<String> {
        use ledger_entry::Column;
        let db = &self.app.app.db;
        let what = format!("{:?} {column:?} {value:?}", entry.group_key);
        let before = ledger_entry::Entity::find().all(db).await.expect("entries");
        let write = async |value: Value| {
            ledger_entry::Entity::update_many()
                .col_expr(column, Expr::value(value))
                .filter(Column::Id.eq(entry.id))
                .exec(db)
                .await
                .expect("written");
        };
        write(value).await;
        let found = self.compare(false).await;
        let mended = self.compare(true).await;
        let again = self.compare(true).await;
        let is_right = match column {
            Column::At => self.by_month().await == *right,
            _ => sums(&self.by_month().await) == sums(right),
        };
        // With nothing but what was there.
        let keys = before.iter().map(|entry| entry.id);
        let added = ledger_entry::Entity::delete_many().filter(Column::Id.is_not_in(keys));
        added.exec(db).await.expect("gone");
        write(sea_orm::ModelTrait::get(entry, column)).await;
        let is_found = found.starts_with("ledger_differs");
        (!is_found || !again.is_empty() || !is_right)
            .then(|| format!("{what}: {found}; {mended}; {again}; {is_right}"))
    }
}

/// Of all months.
fn sums(by_month: &Sums) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for ((_, _, of), amount) in by_month {
        *sums.entry(of.clone()).or_default() += amount;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}
