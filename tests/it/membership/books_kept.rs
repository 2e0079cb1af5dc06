//! The database itself keeps what is in the ledger.

use plaudit::{entities::ledger_entry, sandbox::stripe::Card};
use sea_orm::{ConnectionTrait, EntityTrait, sea_query::Expr};

use super::world::World;
use crate::support::is_postgres;

#[tokio::test]
async fn the_database_refuses_to_change_or_remove_an_entry() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let db = &world.app.app.db;
    let kept = ledger_entry::Entity::find().all(db).await.expect("entries");
    assert!(!kept.is_empty());
    let changed = ledger_entry::Entity::update_many()
        .col_expr(ledger_entry::Column::Amount, Expr::value(0_i64))
        .exec(db)
        .await
        .map(drop);
    let removed = ledger_entry::Entity::delete_many().exec(db).await.map(drop);
    let mut refused = vec![changed, removed];
    if is_postgres() {
        let emptied = db.execute_unprepared("TRUNCATE ledger_entry").await;
        refused.push(emptied.map(drop));
    }
    for refused in refused {
        let why = refused.expect_err("it is refused").to_string();
        assert!(why.contains("the ledger is only ever added to"), "{why}");
    }
    let left = ledger_entry::Entity::find().all(db).await.expect("entries");
    assert_eq!(left, kept);
}
