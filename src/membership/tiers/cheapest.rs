//! From what on one can become a patron.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::{on_sale, seats};
use crate::{
    app::App,
    entities::{Recurrence, price, tier},
    money::Money,
};

/// The cheapest monthly amount an author has on sale in `currency`.
///
/// # Errors
/// If the database fails.
pub async fn cheapest_month(
    db: &impl ConnectionTrait,
    author: Uuid,
    currency: &str,
) -> Result<Option<Money>, DbErr> {
    let months = months(author).filter(price::Column::Currency.eq(currency));
    let cheapest = months.limit(1).one(db).await?;
    Ok(cheapest.map(|price| Money::new(price.amount, &price.currency)))
}

/// The cheapest month in the tiers' own currency that somebody can still have: a tier without a place left is
/// passed over. One query where no tier has a limit.
///
/// # Errors
/// If the database fails.
pub async fn cheapest_open_month(app: &App, author: Uuid) -> Result<Option<Money>, DbErr> {
    let is_own = Expr::col((price::Entity, price::Column::Currency))
        .equals((tier::Entity, tier::Column::Currency));
    let months = months(author).filter(is_own).select_also(tier::Entity);
    let months = months.all(&app.db).await?;
    let tiers = months.iter().filter_map(|(_, tier)| tier.as_ref());
    let places = seats(app, &app.db, tiers, None).await?;
    let mut cheapest = months.into_iter().map(|(price, _)| price);
    let open = cheapest.find(|price| {
        let seats = places.get(&price.tier_id);
        seats.is_none_or(|seats| seats.left() > 0)
    });
    Ok(open.map(|price| Money::new(price.amount, &price.currency)))
}

/// The cheapest of these tiers that somebody can still have, and whether one pays it by the month or, where there
/// is no other way, by the year.
///
/// # Errors
/// If the database fails.
pub async fn cheapest_open_of(
    app: &App,
    author: Uuid,
    among: &[Uuid],
) -> Result<Option<(Uuid, Recurrence)>, DbErr> {
    let sold = on_sale(&app.db, author).await?;
    let sold: Vec<_> = sold
        .iter()
        .filter(|sold| among.contains(&sold.tier.id))
        .collect();
    let tiers = sold.iter().map(|sold| &sold.tier);
    let places = seats(app, &app.db, tiers, None).await?;
    let open = sold.into_iter().filter(|sold| {
        let seats = places.get(&sold.tier.id);
        seats.is_none_or(|seats| seats.left() > 0)
    });
    let priced = open.filter_map(|sold| {
        let price = sold.monthly.as_ref().or(sold.yearly.as_ref())?;
        let yearly = match price.recurrence {
            Recurrence::Month => price.amount * 12,
            Recurrence::Year => price.amount,
        };
        Some((yearly, sold.tier.id, price.recurrence))
    });
    let cheapest = priced.min_by_key(|(yearly, ..)| *yearly);
    Ok(cheapest.map(|(_, tier, every)| (tier, every)))
}

/// What months cost at an author's, the cheapest first.
fn months(author: Uuid) -> Select<price::Entity> {
    price::Entity::find()
        .inner_join(tier::Entity)
        .filter(tier::Column::AuthorId.eq(author))
        .filter(tier::Column::ArchivedAt.is_null())
        .filter(price::Column::RetiredAt.is_null())
        .filter(price::Column::IsChosen.eq(false))
        .filter(price::Column::Recurrence.eq(Recurrence::Month))
        .order_by_asc(price::Column::Amount)
}
