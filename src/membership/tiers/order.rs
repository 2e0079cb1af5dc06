//! The order an author's tiers stand in, everywhere.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
    sea_query::Expr,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, noted};
use crate::{
    app::App,
    db,
    entities::{author, site, tier},
};

/// Which way a tier moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Up,
    Down,
}

/// Moves a tier past its neighbour among those on sale. The first cannot move up, nor the last down: then nothing
/// changes.
///
/// # Errors
/// If this author has no such tier on sale or the database fails.
pub async fn shift(
    app: &App,
    author: Uuid,
    id: Uuid,
    way: Way,
    by: Option<Uuid>,
) -> Result<(), Refusal> {
    let tx = db::begin(&app.db).await?;
    // The lock under which two presses follow one another.
    let locked = author::Entity::find_by_id(author).lock_exclusive();
    locked.one(&tx).await?;
    let mut all = tier::Entity::of(author).all(&tx).await?;
    let on_sale: Vec<usize> = (0..all.len())
        .filter(|at| all[*at].archived_at.is_none())
        .collect();
    let at = on_sale.iter().position(|at| all[*at].id == id);
    let at = at.ok_or(Refusal::NoSuchTier)?;
    let past = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => at.checked_add(1),
    };
    if let Some(past) = past.and_then(|past| on_sale.get(past)) {
        all.swap(on_sale[at], *past);
        let way = match way {
            Way::Up => "up",
            Way::Down => "down",
        };
        let (now, detail) = (app.clock.now(), json!({ "way": way }));
        noted::done(&tx, now, by, "tier_move", (author, id), detail).await?;
    }
    keep_order(&tx, all).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that all tiers of an author stand like this from now on.
pub(super) async fn keep_order(
    tx: &DatabaseTransaction,
    all: Vec<tier::Model>,
) -> Result<(), DbErr> {
    for (position, tier) in (0..).zip(all) {
        if tier.position != position {
            tier::Entity::update_many()
                .col_expr(tier::Column::Position, Expr::value(position))
                .filter(tier::Column::Id.eq(tier.id))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}
