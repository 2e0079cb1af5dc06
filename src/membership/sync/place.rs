//! At most one membership counts between a reader and an author. Of two in force the older one does;
//! the newer is flagged, for the owner to give back.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, QueryFilter,
};

use super::{letters::Story, money::Condition};
use crate::{
    app::App,
    entities::membership::{self, COLLECTION_PAUSED, DISPUTED, DUPLICATE},
    membership::{
        owners::{self, Alert},
        standing::standing_of,
    },
};

/// The other memberships between the same two that are in force, oldest first.
pub(super) async fn others(
    app: &App,
    tx: &DatabaseTransaction,
    row: &membership::Model,
) -> anyhow::Result<Others> {
    let all = membership::Entity::between(row.account_id, row.author_id)
        .filter(membership::Column::Id.ne(row.id))
        .all(tx)
        .await?;
    let (mut in_force, over): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|row| is_in_force(app, row));
    in_force.sort_by_key(age);
    Ok(Others { in_force, over })
}

/// The other memberships between the same two.
pub(super) struct Others {
    /// Oldest first.
    pub in_force: Vec<membership::Model>,
    over: Vec<membership::Model>,
}

fn age(row: &membership::Model) -> impl Ord + use<> {
    (row.started_at, row.stripe_subscription_id.clone())
}

fn is_in_force(app: &App, row: &membership::Model) -> bool {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    standing_of(std::slice::from_ref(row), &[], &[], now, grace).is_patron()
}

/// Gives `row` its place and its flag, before it is written.
pub(super) async fn take(
    app: &App,
    tx: &DatabaseTransaction,
    row: &mut membership::Model,
    condition: Condition,
    others: &Others,
) -> anyhow::Result<()> {
    let is_mine = is_in_force(app, row);
    let has_older = others.in_force.iter().any(|other| age(other) < age(row));
    row.is_current = is_mine && !has_older;
    row.flag = if is_mine && has_older {
        Some(DUPLICATE)
    } else if condition.is_disputed {
        Some(DISPUTED)
    } else if row.collection_paused.is_some() && !condition.rests_by_wish {
        Some(COLLECTION_PAUSED)
    } else {
        None
    }
    .map(str::to_owned);
    if row.is_current {
        let newer = others.in_force.iter().map(|other| (other, Some(DUPLICATE)));
        let over = others.over.iter().map(|other| (other, None));
        for (other, flag) in newer.chain(over) {
            let flag = flag.map(str::to_owned).or(other.flag.clone());
            place(tx, other, false, flag).await?;
        }
    }
    Ok(())
}

/// Lets the oldest of the others count where `row`, now written, does not.
pub(super) async fn give_way(
    tx: &DatabaseTransaction,
    row: &membership::Model,
    others: &Others,
) -> anyhow::Result<()> {
    let Some(oldest) = others.in_force.first().filter(|_| !row.is_current) else {
        return Ok(());
    };
    for other in &others.over {
        place(tx, other, false, other.flag.clone()).await?;
    }
    let flag = oldest.flag.clone().filter(|flag| flag != DUPLICATE);
    place(tx, oldest, true, flag).await
}

async fn place(
    tx: &DatabaseTransaction,
    row: &membership::Model,
    is_current: bool,
    flag: Option<String>,
) -> anyhow::Result<()> {
    if row.is_current == is_current && row.flag == flag {
        return Ok(());
    }
    let mut changed: membership::ActiveModel = row.clone().into();
    changed.is_current = Set(is_current);
    changed.flag = Set(flag);
    changed.generation = Set(row.generation + 1);
    changed.update(tx).await?;
    Ok(())
}

/// ADM: two memberships in force between the same two, once for each that is too many.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    others: &Others,
) -> anyhow::Result<()> {
    let newer = others.in_force.iter().filter(|_| row.is_current);
    let mine = Some(row).filter(|row| row.is_duplicate());
    for duplicate in newer.chain(mine) {
        let subscription = &duplicate.stripe_subscription_id;
        let alert = Alert {
            key: &format!("duplicate:{subscription}"),
            kind: "duplicate",
            name: &story.account.name,
            author: None,
            detail: &format!("{} → {subscription}", story.author.name),
        };
        owners::tell(story.app, tx, alert).await?;
    }
    Ok(())
}
