//! How far an author's running memberships have followed to where their money should go.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;
use uuid::Uuid;

use super::steering::RUNNING;
use crate::entities::{
    errand::{self, Column, Kind, State},
    membership,
};

/// How many memberships of an author run, and which of them have not followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Following {
    pub running: usize,
    /// Stripe is still to be told.
    pub waiting: usize,
    /// Stripe has refused; the next comparison tries again.
    pub refused: usize,
}

/// Counts them.
///
/// # Errors
/// If the database fails.
pub async fn following(db: &impl ConnectionTrait, author: Uuid) -> Result<Following, DbErr> {
    let running: BTreeSet<String> = membership::Entity::find()
        .select_only()
        .column(membership::Column::StripeSubscriptionId)
        .filter(membership::Column::AuthorId.eq(author))
        .filter(membership::Column::State.is_in(RUNNING))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut open = errands(db, |all| all.filter(Column::State.ne(State::Done))).await?;
    open.retain(|subject, _| running.contains(subject));
    let waiting = open.values().filter(|state| **state == State::Waiting);
    let waiting = waiting.count();
    open.retain(|_, state| *state == State::Failed);
    // What was refused once may have succeeded since.
    let subjects: Vec<&String> = open.keys().collect();
    let newest = errands(db, |all| all.filter(Column::Subject.is_in(subjects))).await?;
    let refused = newest.values().filter(|state| **state == State::Failed);
    Ok(Following {
        running: running.len(),
        waiting,
        refused: refused.count(),
    })
}

/// How the newest errand about each subscription stands, among those that are asked for.
async fn errands(
    db: &impl ConnectionTrait,
    among: impl FnOnce(sea_orm::Select<errand::Entity>) -> sea_orm::Select<errand::Entity>,
) -> Result<BTreeMap<String, State>, DbErr> {
    let all = errand::Entity::find().filter(Column::Kind.eq(Kind::PayDirectly));
    let found: Vec<(String, State)> = among(all)
        .select_only()
        .column(Column::Subject)
        .column(Column::State)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}
