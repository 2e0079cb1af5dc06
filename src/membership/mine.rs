//! A reader's own memberships, and her receipts.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Serialize;
use uuid::Uuid;

use super::{
    changing::on_their_way,
    doubling::{Beside, Waits, waiting_gifts, waits, would_double},
    on_its_way::Paying,
    paid_late::paid_late,
    standing::standing_of,
    stay::{Stay, stay_of},
};
use crate::{
    accounts::Reader,
    app::App,
    entities::{
        Recurrence, author, grant,
        membership::{self, Discount, Stopped},
        payment, price, tier, tip,
    },
    web::{Error, Result},
};

/// One membership as her account page shows it.
#[derive(Debug, Serialize)]
pub struct Mine {
    id: Uuid,
    author_name: String,
    author_slug: String,
    tier_name: String,
    amount: i64,
    currency: String,
    recurrence: Recurrence,
    /// Nothing is collected: access ends, or has ended, with the paid time.
    rests: bool,
    /// An end is booked.
    leaves: bool,
    /// Besides an older one with the same author, which is the one that counts.
    is_second: bool,
    /// Nothing was charged yet; `next_payment` is when it will be.
    is_trial: bool,
    /// When Stripe tries again to charge what failed.
    next_attempt: Option<DateTime<Utc>>,
    /// `patron`, `leaving`, `grace`, `pending`, `lapsed`, `paused`, `former` or `none`.
    standing: &'static str,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    next_payment: Option<DateTime<Utc>>,
    /// What a discount leaves of that payment.
    discount: Option<Discount>,
    next: Option<Next>,
    /// What it is to become once she has confirmed it to her bank, and until when she can.
    unconfirmed: Option<Next>,
    /// What it is to become once her bank has paid for it: since when, and how much.
    by_bank: Option<ByBank>,
    /// The money for the payment that failed, where it is on its way after all.
    paying: Option<Paying>,
    /// Why it gives nothing, or rests, where that is not her own doing.
    why: Option<Stopped>,
    /// She is a patron of the author by another membership.
    has_other: bool,
    /// Going on with it would make two: what is in the way.
    would_double: Option<Beside>,
    /// A gift was taken that begins when this one is over.
    gift: Option<Waits>,
    /// She is a patron of the author by what she was given, and this one gives nothing.
    stay: Option<Stay>,
}

impl Mine {
    /// Whether it makes her a patron for as long as she likes, or to a day that was booked.
    fn is_in_force(&self) -> bool {
        matches!(self.standing, "patron" | "leaving" | "grace")
    }
}

/// What a membership is to become.
#[derive(Debug, Serialize)]
struct Next {
    tier_name: String,
    /// What is to be another: `tier`, `every` or `amount`.
    change: &'static str,
    amount: i64,
    currency: String,
    recurrence: Recurrence,
    at: DateTime<Utc>,
}

/// A change whose money is on its way.
#[derive(Debug, Serialize)]
struct ByBank {
    to: Next,
    /// Minor units that are on their way.
    charged: i64,
}

/// One payment as her account page lists it.
#[derive(Debug, Serialize)]
pub struct Paid {
    number: i64,
    author_name: String,
    amount: i64,
    refunded: i64,
    currency: String,
    paid_at: DateTime<Utc>,
}

/// Her memberships, those in force first.
///
/// # Errors
/// If the database fails.
pub async fn memberships(app: &App, account: Uuid) -> Result<Vec<Mine>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .order_by_desc(membership::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let authors = names(&app.db, rows.iter().map(|row| row.author_id)).await?;
    let tiers = tier::Entity::find()
        .filter(tier::Column::Id.is_in(rows.iter().map(|row| row.tier_id)))
        .all(&app.db)
        .await?;
    let by_bank = on_their_way(&app.db, rows.iter().map(|row| row.id)).await?;
    let coming = rows.iter().flat_map(|row| {
        let prices = [row.next_price_id, row.unconfirmed_price_id];
        prices.into_iter().flatten()
    });
    let paid_for = by_bank.iter().filter_map(|row| row.price_id);
    let coming = price::Entity::find()
        .filter(price::Column::Id.is_in(coming.chain(paid_for)))
        .find_also_related(tier::Entity)
        .all(&app.db)
        .await?;
    let paid_late = paid_late(&app.db, &rows).await?;
    let next = |row: &membership::Model, wanted: Option<Uuid>, at: Option<DateTime<Utc>>| {
        let mut coming = coming.iter();
        let (price, tier) = coming.find(|(price, _)| Some(price.id) == wanted)?;
        Some(Next {
            tier_name: tier.as_ref()?.name.clone(),
            change: match (
                price.tier_id == row.tier_id,
                price.recurrence == row.recurrence,
            ) {
                (false, _) => "tier",
                (true, false) => "every",
                (true, true) => "amount",
            },
            amount: price.amount,
            currency: price.currency.clone(),
            recurrence: price.recurrence,
            at: at?,
        })
    };
    let now = app.clock.now();
    let grace = app.config.membership.grace_days;
    let gifts = waiting_gifts(&app.db, account, now).await?;
    let mut mine: Vec<(Uuid, Mine)> = rows
        .iter()
        .filter_map(|row| {
            let standing = standing_of(std::slice::from_ref(row), &[], &[], now, grace);
            let author = authors.iter().find(|author| author.id == row.author_id)?;
            let tier = tiers.iter().find(|tier| tier.id == row.tier_id)?;
            let renews = matches!(
                row.state,
                membership::State::Active | membership::State::Trial
            );
            let mine = Mine {
                id: row.id,
                author_name: author.name.clone(),
                author_slug: author.slug.clone(),
                tier_name: tier.name.clone(),
                amount: row.amount,
                currency: row.currency.clone(),
                recurrence: row.recurrence,
                leaves: row.cancel_at.is_some(),
                is_second: row.is_duplicate(),
                is_trial: row.state == membership::State::Trial,
                next_attempt: row
                    .next_attempt_at
                    .filter(|at| *at > now && row.paying_since.is_none()),
                rests: row.collection_paused.is_some(),
                standing: standing.support.word(),
                since: standing.since,
                until: standing.until,
                next_payment: row
                    .current_period_end
                    .filter(|_| renews && row.collection_paused.is_none()),
                discount: row.discount.clone(),
                next: next(row, row.next_price_id, row.next_at),
                unconfirmed: {
                    let until = row.unconfirmed_until.filter(|until| *until > now);
                    next(row, row.unconfirmed_price_id, until)
                },
                by_bank: {
                    let mut by_bank = by_bank.iter();
                    let paid = by_bank.find(|paid| paid.membership_id == Some(row.id));
                    paid.and_then(|paid| {
                        Some(ByBank {
                            to: next(row, paid.price_id, Some(paid.created_at))?,
                            charged: paid.amount,
                        })
                    })
                },
                paying: Paying::of(row),
                why: row.stopped_why.filter(|_| !paid_late.contains(&row.id)),
                has_other: false,
                would_double: would_double(row, &rows, now, grace),
                gift: waits(row, &gifts),
                stay: None,
            };
            Some((row.author_id, mine))
        })
        .collect();
    beside(&app.db, account, now, &mut mine).await?;
    mine.sort_by_key(|(_, mine)| matches!(mine.standing, "former" | "none"));
    Ok(mine.into_iter().map(|(_, mine)| mine).collect())
}

/// Notes with each membership that gives nothing what makes her a patron of its author all the same, so that
/// the page says one thing.
async fn beside(
    db: &impl ConnectionTrait,
    account: Uuid,
    now: DateTime<Utc>,
    mine: &mut [(Uuid, Mine)],
) -> Result<(), DbErr> {
    let supported = mine.iter().filter(|(_, mine)| mine.is_in_force());
    let supported: HashSet<Uuid> = supported.map(|(author, _)| *author).collect();
    let idle = |mine: &Mine| !mine.is_in_force() || mine.standing == "grace";
    if !mine.iter().any(|(_, mine)| idle(mine)) {
        return Ok(());
    }
    let grants = grant::Entity::find().filter(grant::Column::AccountId.eq(account));
    let grants = grants.all(db).await?;
    let tips = tip::Entity::find().filter(tip::Column::AccountId.eq(account));
    let tips = tips.all(db).await?;
    for (author, mine) in mine.iter_mut().filter(|(_, mine)| idle(mine)) {
        mine.has_other = !mine.is_in_force() && supported.contains(author);
        let tips = tips.iter().filter(|row| row.author_id == *author);
        let grants = grants.iter().filter(|row| row.author_id == *author);
        mine.stay = stay_of(tips, grants, now).filter(|_| !mine.has_other);
    }
    Ok(())
}

/// Her payments, newest first.
///
/// # Errors
/// If the database fails.
pub async fn payments(app: &App, account: Uuid) -> Result<Vec<Paid>, DbErr> {
    let rows = payment::Entity::find()
        .filter(payment::Column::AccountId.eq(account))
        .order_by_desc(payment::Column::Number)
        .all(&app.db)
        .await?;
    let authors = names(&app.db, rows.iter().map(|row| row.author_id)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let author = authors.iter().find(|author| author.id == row.author_id)?;
            Some(Paid {
                number: row.number,
                author_name: author.name.clone(),
                amount: row.amount,
                refunded: row.refunded,
                currency: row.currency,
                paid_at: row.paid_at,
            })
        })
        .collect())
}

async fn names(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<author::Model>, DbErr> {
    let authors = author::Entity::find().filter(author::Column::Id.is_in(ids));
    authors.all(db).await
}

/// Her own membership; that of another is not there.
pub(super) async fn own(app: &App, reader: &Reader, id: Uuid) -> Result<membership::Model> {
    membership::Entity::find_by_id(id)
        .filter(membership::Column::AccountId.eq(reader.account.id))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound)
}
