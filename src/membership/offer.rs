//! What there is to choose at an author's: tiers by the month or the year, and giving once.

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{checkout, standing, support::Options, tiers};
use crate::{
    accounts::Visitor,
    app::App,
    entities::{Recurrence, author},
    web::Result,
};

/// How long what is said with a tip may be, in characters.
pub(super) const LONGEST_MESSAGE: usize = 500;

/// A form that came back.
pub(super) struct Typed {
    pub problem: &'static str,
    pub own: String,
    pub message: String,
}

#[derive(Serialize)]
struct TierCard {
    id: Uuid,
    name: String,
    lines: Vec<String>,
    amount: i64,
    currency: String,
    /// What a year saves against twelve months, in minor units.
    saved: Option<i64>,
    trial_days: Option<i32>,
}

/// What `membership/support.html` shows.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    author: &author::Model,
    options: &Options,
    typed: Option<Typed>,
) -> Result<serde_json::Value> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let has_yearly = sold.iter().any(|sold| sold.yearly.is_some());
    let has_monthly = sold.iter().any(|sold| sold.monthly.is_some());
    let every = match options.every {
        Some(Recurrence::Year) if has_yearly => Recurrence::Year,
        None if !has_monthly => Recurrence::Year,
        _ => Recurrence::Month,
    };
    let currency = currency_of(app, author).await?;
    let unit = 10_i64.pow(u32::from(crate::money::decimals(&currency)));
    let factor = if unit == 1 { 100 } else { unit };
    let tips = [3, 5, 10].map(|amount| amount * factor);
    let standing = match &visitor.account {
        Some(account) => {
            let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
            standing(&app.db, account.id, author.id, now, grace).await?
        }
        None => super::Standing::NONE,
    };
    let has_tried = match &visitor.account {
        Some(account) => checkout::has_tried(&app.db, account.id, author.id).await?,
        None => false,
    };
    Ok(json!({
        "author": {
            "name": author.name,
            "slug": author.slug,
            "portrait": author.portrait,
            "support_words": author.support_words,
        },
        "article": options.article,
        "every": every,
        "saving": best_saving(&sold),
        "has_both": has_monthly && has_yearly,
        "tiers": sold
            .into_iter()
            .filter_map(|sold| card(sold, every, has_tried))
            .collect::<Vec<_>>(),
        "currency": currency,
        "tips": tips,
        "is_patron": standing.is_patron() && standing.membership_id.is_some(),
        "problem": typed.as_ref().map(|typed| typed.problem),
        "message": typed.as_ref().map(|typed| typed.message.as_str()).unwrap_or_default(),
        "longest_message": LONGEST_MESSAGE,
        "own": typed.map(|typed| typed.own).unwrap_or_default(),
        "patron_days": super::sync::TIP_TERM_DAYS,
    }))
}

fn card(sold: tiers::OnSale, every: Recurrence, has_tried: bool) -> Option<TierCard> {
    let year_by_months = sold.monthly.as_ref().map(|price| price.amount * 12);
    let price = match every {
        Recurrence::Month => sold.monthly,
        Recurrence::Year => sold.yearly,
    }?;
    let lines = sold.tier.description.lines().map(str::trim);
    Some(TierCard {
        id: sold.tier.id,
        lines: lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        name: sold.tier.name,
        amount: price.amount,
        currency: price.currency,
        saved: match every {
            Recurrence::Month => None,
            Recurrence::Year => year_by_months.map(|months| months - price.amount),
        }
        .filter(|saved| *saved > 0),
        trial_days: sold.tier.trial_days.filter(|_| !has_tried),
    })
}

/// The most a year saves against twelve months, in whole percent rounded down.
fn best_saving(sold: &[tiers::OnSale]) -> i64 {
    let savings = sold.iter().filter_map(|sold| {
        let year = sold.monthly.as_ref()?.amount * 12;
        Some((year - sold.yearly.as_ref()?.amount) * 100 / year)
    });
    savings.max().unwrap_or_default().max(0)
}

/// The currency tips to this author are in: that of what he sells.
pub(super) async fn currency_of(
    app: &App,
    author: &author::Model,
) -> Result<String, sea_orm::DbErr> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let first = sold.into_iter().next();
    Ok(first.map_or_else(|| "eur".to_owned(), |sold| sold.tier.currency))
}
