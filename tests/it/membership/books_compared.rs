//! Comparing the books with the rules: what somebody has changed is found, corrected by further entries, and found no
//! more; what nothing proves is said.

use std::collections::BTreeMap;

use plaudit::{
    entities::{
        audit_entry, author,
        ledger_entry::{self, Account, Column, Kind},
        payment, refund,
    },
    sandbox::stripe::Card,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use uuid::Uuid;

use super::world::World;
use crate::support::let_the_ledger_be_altered;

impl World {
    /// What each kind of group has given whom: the author's own part, and everything.
    pub(super) async fn books(&self) -> BTreeMap<(Kind, Account, Uuid), i64> {
        let entries = ledger_entry::Entity::find().all(&self.app.app.db).await;
        let mut books = BTreeMap::new();
        for entry in entries.expect("entries") {
            let of = (entry.kind, entry.account, entry.author_id);
            *books.entry(of).or_default() += entry.amount;
        }
        books.retain(|_, amount| *amount != 0);
        books
    }

    pub(super) async fn entries(&self) -> Vec<ledger_entry::Model> {
        let entries = ledger_entry::Entity::find().all(&self.app.app.db).await;
        entries.expect("entries")
    }

    /// Somebody changes lines of the ledger behind the service's back.
    pub(super) async fn altered(&self, lines: impl IntoCondition, column: Column, value: Expr) {
        let db = &self.app.app.db;
        let_the_ledger_be_altered(db).await;
        let changed = ledger_entry::Entity::update_many()
            .col_expr(column, value)
            .filter(lines.into_condition())
            .exec(db)
            .await
            .expect("changed");
        assert!(changed.rows_affected > 0);
    }

    async fn removed(&self, lines: impl IntoCondition) {
        let db = &self.app.app.db;
        let_the_ledger_be_altered(db).await;
        let removed = ledger_entry::Entity::delete_many()
            .filter(lines.into_condition())
            .exec(db)
            .await
            .expect("removed");
        assert!(removed.rows_affected > 0);
    }

    /// What differs is found, mended by entries that are added, written down, and found no more.
    pub(super) async fn corrects(&self, right: &BTreeMap<(Kind, Account, Uuid), i64>, what: &str) {
        let before = self.entries().await;
        assert_ne!(&self.books().await, right, "{what}");
        self.puts_right(what).await;
        assert_eq!(&self.books().await, right, "{what}");
        let after = self.entries().await;
        assert!(before.iter().all(|entry| after.contains(entry)), "{what}");
        self.ledger().await;
    }

    pub(super) async fn puts_right(&self, what: &str) {
        assert_eq!(self.compare(false).await, "ledger_differs 1/0", "{what}");
        let mended = self.acts().await;
        assert_eq!(self.compare(true).await, "ledger_differs 1/1", "{what}");
        assert_eq!(self.acts().await, mended + 1, "{what}");
        assert_eq!(self.compare(true).await, "", "{what}");
    }

    async fn acts(&self) -> usize {
        let acts = audit_entry::Entity::find()
            .filter(audit_entry::Column::Act.eq("reconcile"))
            .all(&self.app.app.db)
            .await;
        acts.expect("acts").len()
    }

    pub(super) async fn payment(&self) -> payment::Model {
        let row = payment::Entity::find().one(&self.app.app.db).await;
        row.expect("rows").expect("a payment")
    }

    pub(super) async fn other_author(&self) -> author::Model {
        self.app.author("Nora Quay").await.1
    }
}

pub(super) fn line(kind: Kind, account: Account) -> Condition {
    Condition::all()
        .add(Column::Kind.eq(kind))
        .add(Column::Account.eq(account))
}

#[tokio::test]
async fn a_group_that_is_wrong_yet_balanced_is_corrected_by_the_share_of_its_day() {
    let world = World::new().await;
    world.shared("90").await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, Some(101)).expect("back");
    world.all_arrive().await;
    // What was agreed later changes nothing about it.
    world.shared("50").await;
    assert_eq!(world.compare(true).await, "");
    let right = world.books().await;
    let more = |by: i64| Expr::col(Column::Amount).add(by);
    for kind in [Kind::Payment, Kind::Refund, Kind::Fee] {
        let (author, rest) = (
            line(kind, Account::Author),
            line(kind, Account::Publication),
        );
        world.altered(author, Column::Amount, more(7)).await;
        world.altered(rest, Column::Amount, more(-7)).await;
        world
            .corrects(&right, &format!("{kind:?} to the publication"))
            .await;
    }
    let nora = world.other_author().await;
    for kind in [Kind::Payment, Kind::Refund, Kind::Fee] {
        let author = line(kind, Account::Author).add(Column::Corrects.is_null());
        world
            .altered(author, Column::AuthorId, Expr::value(nora.id))
            .await;
        world
            .corrects(&right, &format!("{kind:?} to another author"))
            .await;
    }
    let alone = line(Kind::Payment, Account::Tax);
    assert!(!right.keys().any(|(_, account, _)| *account == Account::Tax));
    let stripe = line(Kind::Payment, Account::Stripe).add(Column::Corrects.is_null());
    world
        .altered(stripe, Column::Account, Expr::value(Account::Tax))
        .await;
    world
        .corrects(&right, "a line that is called another")
        .await;
    world
        .altered(
            alone.add(Column::Corrects.is_null()),
            Column::Amount,
            more(40),
        )
        .await;
    world.corrects(&right, "a line alone").await;
    // The author reads what was wrong, what takes it back and what is right.
    let page = world.studio.get("/studio/payments/1").await;
    page.says("correction");
}

#[tokio::test]
async fn what_was_removed_from_the_ledger_is_entered_again_once() {
    let world = World::new().await;
    world.shared("90").await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let stripe = &world.app.stripe;
    let intent = stripe.last_payment(&subscription).expect("paid");
    stripe.refund(&intent, Some(101)).expect("back");
    world.all_arrive().await;
    stripe.dispute(&intent, "fraudulent").expect("disputed");
    world.all_arrive().await;
    let right = world.books().await;
    assert!(right.keys().any(|(kind, ..)| *kind == Kind::Dispute));
    for kind in [Kind::Payment, Kind::Refund, Kind::Dispute, Kind::Fee] {
        world.removed(Column::Kind.eq(kind)).await;
        world.corrects(&right, &format!("all of {kind:?}")).await;
    }
    for kind in [Kind::Payment, Kind::Refund, Kind::Dispute, Kind::Fee] {
        world.removed(line(kind, Account::Author)).await;
        world
            .corrects(&right, &format!("the author's {kind:?}"))
            .await;
    }
    // What comes later is entered beside the corrections, and nothing twice.
    let more = stripe.refund(&intent, Some(50)).map_or(0, |_| 50);
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "");
    // A refund whose row went too is heard of again.
    world.removed(Column::Kind.eq(Kind::Refund)).await;
    let db = &world.app.app.db;
    refund::Entity::delete_many().exec(db).await.expect("gone");
    world.compare(true).await;
    assert_eq!(world.compare(true).await, "");
    assert_eq!(world.payment().await.refunded, 101 + more);
}

#[tokio::test]
async fn entries_that_nothing_explains_are_taken_back() {
    let world = World::new().await;
    world.shared("90").await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let right = world.books().await;
    let fee = world.entries().await;
    let fee = fee.into_iter().filter(|entry| entry.kind == Kind::Fee);
    let fee: Vec<_> = fee.collect();
    for key in ["refund:re_strange", "fee:txn_strange", "payment:in_strange"] {
        for entry in fee.clone() {
            let mut twin: ledger_entry::ActiveModel = entry.into();
            twin.id = Set(Uuid::now_v7());
            twin.group_key = Set(key.to_owned());
            twin.insert(&world.app.app.db).await.expect("written");
        }
        world.corrects(&right, key).await;
    }
}
