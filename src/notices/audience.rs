//! Who may be told of a new article: candidates in the order of their ids, and one letter an address.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
};
use uuid::Uuid;

use super::wishes::Known;
use crate::{
    app::App,
    entities::{Frequency, account, following, grant, membership, tip},
    membership::{grant_in_force, in_force, tip_in_force},
};

/// The next `most` accounts after the cursor that follow or support one of the authors. Each source is
/// asked for as many and reads no more of its index than that.
pub(super) async fn candidates(
    app: &App,
    db: &impl ConnectionTrait,
    authors: &[Uuid],
    cursor: Option<Uuid>,
    most: usize,
) -> Result<Vec<Uuid>, DbErr> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let authors = || authors.iter().copied();
    let mut found = BTreeSet::new();
    use following::Column as Said;
    let said = following::Entity::find()
        .filter(Said::AuthorId.is_in(authors()))
        .filter(Said::Frequency.ne(Frequency::None));
    found.extend(next(db, said, Said::AccountId, (cursor, most)).await?);
    use membership::Column as Member;
    let members = membership::Entity::find()
        .filter(Member::AuthorId.is_in(authors()))
        .filter(in_force(now, grace));
    found.extend(next(db, members, Member::AccountId, (cursor, most)).await?);
    use tip::Column as Tip;
    let tippers = tip::Entity::find()
        .filter(Tip::AuthorId.is_in(authors()))
        .filter(tip_in_force(now));
    found.extend(next(db, tippers, Tip::AccountId, (cursor, most)).await?);
    use grant::Column as Grant;
    let granted = grant::Entity::find()
        .filter(Grant::AuthorId.is_in(authors()))
        .filter(Grant::AccountId.is_not_null())
        .filter(grant_in_force(now));
    found.extend(next(db, granted, Grant::AccountId, (cursor, most)).await?);
    Ok(found.into_iter().take(most).collect())
}

async fn next<E: EntityTrait>(
    db: &impl ConnectionTrait,
    source: Select<E>,
    column: E::Column,
    (cursor, most): (Option<Uuid>, usize),
) -> Result<Vec<Uuid>, DbErr> {
    source
        .apply_if(cursor, |source, cursor| source.filter(column.gt(cursor)))
        .select_only()
        .column(column)
        .distinct()
        .order_by_asc(column)
        .limit(u64::try_from(most).ok())
        .into_tuple()
        .all(db)
        .await
}

/// Those of `readers` who get no letter of their own. A payment makes an account without a proven address:
/// where the address is somebody's who hears anyway, or wants to hear nothing, or of an earlier such
/// account that hears, it is left out.
pub(super) async fn twins(
    app: &App,
    db: &impl ConnectionTrait,
    authors: &[Uuid],
    readers: &[account::Model],
) -> Result<HashSet<Uuid>, DbErr> {
    let unproven = readers.iter().filter(|reader| reader.email.is_none());
    let unproven: Vec<(Uuid, &str)> = unproven
        .filter_map(|reader| Some((reader.id, reader.contact_email.as_deref()?)))
        .collect();
    if unproven.is_empty() {
        return Ok(HashSet::new());
    }
    let addresses = || unproven.iter().map(|(_, address)| *address);
    let is_same = sea_orm::Condition::any()
        .add(account::Column::Email.is_in(addresses()))
        .add(account::Column::ContactEmail.is_in(addresses()));
    let others = account::Entity::find()
        .filter(account::Column::DeletedAt.is_null())
        .filter(is_same)
        .all(db)
        .await?;
    let ids: Vec<Uuid> = others.iter().map(|other| other.id).collect();
    let time = (app.clock.now(), app.config.membership.grace_days);
    let known = Known::load(db, authors, &ids, time).await?;
    let is_twin = |id: Uuid, address: &str| {
        others.iter().any(|other| {
            let wish = known.wish(other.id, authors);
            let hears = wish.frequency != Frequency::None;
            match other.email.as_deref() {
                Some(email) => email == address && (hears || wish.has_said),
                None => other.contact_email.as_deref() == Some(address) && other.id < id && hears,
            }
        })
    };
    let twins = unproven
        .iter()
        .filter(|(id, address)| is_twin(*id, address));
    Ok(twins.map(|(id, _)| *id).collect())
}
