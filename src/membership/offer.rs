//! What there is to choose at an author's: tiers by the month or the year, and giving once.

use sea_orm::EntityTrait as _;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    checkout, on_its_way, standing,
    support::{Options, article_of},
    tiers,
};
use crate::{
    accounts::Visitor,
    app::App,
    authors,
    entities::{Gate, Recurrence, author, membership},
    web::Result,
};

/// How long what is said with a tip may be, in characters.
pub(super) const LONGEST_MESSAGE: usize = 500;

/// A form that came back.
pub(super) struct Typed {
    pub problem: &'static str,
    /// The currency she pays in already, where that is the problem.
    pub currency: Option<String>,
    /// Whose form it was; none for giving once.
    pub tier: Option<Uuid>,
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
    every: Recurrence,
    /// More than it asks, if it leaves that to her: amounts to begin with, in minor units.
    suggested: Vec<i64>,
    /// What a year saves against twelve months, in minor units.
    saved: Option<i64>,
    trial_days: Option<i32>,
    /// Where they are few, or none is left.
    places: Option<tiers::Places>,
    /// Whether the comments she comes from are for it, among others.
    may_comment: bool,
    /// Whether it is what she has, be it for another amount where that is hers to choose.
    is_hers: bool,
    /// Whether it is sold in the currency she pays in.
    is_payable: bool,
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
    let has = |every| {
        let mut all = sold.iter().flat_map(tiers::OnSale::prices);
        all.any(|price| price.recurrence == every)
    };
    let (has_monthly, has_yearly) = (has(Recurrence::Month), has(Recurrence::Year));
    let every = match options.every {
        Some(Recurrence::Year) if has_yearly => Recurrence::Year,
        None if !has_monthly => Recurrence::Year,
        _ => Recurrence::Month,
    };
    let standing = match &visitor.account {
        Some(account) => {
            let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
            standing(&app.db, account.id, author.id, now, grace).await?
        }
        None => super::Standing::NONE,
    };
    let is_patron = standing.is_patron() && standing.membership_id.is_some();
    let hers = match standing.membership_id.filter(|_| is_patron) {
        Some(id) => membership::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    // What leads to a change is shown in the currency she pays in: no other can be chosen there.
    let mut offered = currencies(&sold);
    if let Some(hers) = &hers
        && offered.contains(&hers.currency)
    {
        offered = vec![hers.currency.clone()];
    }
    let wanted = options.currency.as_deref().map(str::to_lowercase);
    let currency = match wanted {
        Some(wanted) if offered.contains(&wanted) => wanted,
        _ => offered.first().cloned().unwrap_or_default(),
    };
    let but = visitor.account.as_ref().map(|account| account.id);
    let of_all = sold.iter().map(|sold| &sold.tier);
    let places = tiers::seats(app, &app.db, of_all, but).await?;
    let places = |tier: &Uuid| places.get(tier).map(|seats| tiers::Places::of(*seats));
    let unit = 10_i64.pow(u32::from(crate::money::decimals(&currency)));
    let factor = if unit == 1 { 100 } else { unit };
    let tips = [3, 5, 10].map(|amount| amount * factor);
    let (has_tried, is_on_its_way, change) = match &visitor.account {
        Some(account) => (
            checkout::has_tried(&app.db, account.id, author.id).await?,
            checkout::is_on_its_way(&app.db, account.id, author.id).await?,
            on_its_way::change(&app.db, account.id, author.id).await?,
        ),
        None => (false, false, None),
    };
    let may_comment = may_comment(app, author, options).await?;
    let wanted = options.tier.as_deref();
    let wanted = wanted.filter(|id| sold.iter().any(|sold| sold.tier.id.to_string() == *id));
    let tried = has_tried && sold.iter().any(|sold| sold.tier.trial_days.is_some());
    let cards: Vec<TierCard> = sold
        .iter()
        .filter_map(|sold| {
            let asked = Asked {
                has_tried,
                places: places(&sold.tier.id),
                may_comment: may_comment.contains(&sold.tier.id),
                hers: hers.as_ref(),
            };
            card(sold, every, &currency, asked)
        })
        .collect();
    Ok(json!({
        "author": {
            "name": author.name,
            "slug": author.slug,
            "portrait": authors::portrait(author),
            "support_words": author.support_words,
        },
        "article": options.article,
        "every": every,
        "saving": best_saving(&sold, &currency),
        "has_both": has_monthly && has_yearly,
        "charged": charged(&cards, tried),
        "marks_comments": !may_comment.is_empty(),
        "tiers": cards,
        "wanted": wanted,
        "is_on_its_way": is_on_its_way,
        "change": change,
        "currencies": offered,
        "currency": currency,
        "tips": tips,
        "is_patron": is_patron,
        "pays_in": hers.map(|hers| hers.currency),
        "problem_currency": typed.as_ref().and_then(|typed| typed.currency.clone()).unwrap_or_default(),
        "problem": typed.as_ref().map(|typed| typed.problem),
        "message": typed.as_ref().map(|typed| typed.message.as_str()).unwrap_or_default(),
        "longest_message": LONGEST_MESSAGE,
        "own_of": typed.as_ref().and_then(|typed| typed.tier),
        "own": typed.map(|typed| typed.own).unwrap_or_default(),
        "thanked": super::visibility::thanked(&app.db, author.id, app.clock.now()).await?,
        "patron_days": super::sync::TIP_TERM_DAYS,
    }))
}

/// What a card says beside the tier itself.
struct Asked<'a> {
    has_tried: bool,
    places: Option<tiers::Places>,
    may_comment: bool,
    /// The membership she has with the author.
    hers: Option<&'a membership::Model>,
}

/// The word for what is charged when: all of it today, or not where the first days are free.
fn charged(cards: &[TierCard], tried: bool) -> &'static str {
    let on_trial = cards.iter().filter(|card| card.trial_days.is_some());
    match on_trial.count() {
        0 if tried => "tried",
        0 => "today",
        count if count == cards.len() => "trial",
        _ => "some-trial",
    }
}

/// The tiers that may comment under the article she comes from, where only some may.
async fn may_comment(app: &App, author: &author::Model, options: &Options) -> Result<Vec<Uuid>> {
    let article = match &options.article {
        Some(slug) => article_of(app, author, slug).await?,
        None => None,
    };
    let by_tier = article.filter(|article| article.gate == Gate::Tiers);
    Ok(by_tier.map_or_else(Vec::new, |article| article.tiers().collect()))
}

/// A tier as it is sold in this currency, or in its own where it is not.
fn card(
    sold: &tiers::OnSale,
    every: Recurrence,
    currency: &str,
    asked: Asked<'_>,
) -> Option<TierCard> {
    let own = || sold.price(every, &sold.tier.currency);
    let price = sold.price(every, currency).or_else(own)?.clone();
    let month = sold.price(Recurrence::Month, &price.currency);
    let saved = match every {
        Recurrence::Month => None,
        Recurrence::Year => month.map(|month| month.amount * 12 - price.amount),
    };
    let lines = sold.tier.description.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty()).map(str::to_owned);
    Some(TierCard {
        id: sold.tier.id,
        lines: lines.collect(),
        every,
        suggested: match sold.tier.is_open_ended {
            true => [2, 3, 5].map(|times| price.amount * times).to_vec(),
            false => Vec::new(),
        },
        places: asked.places,
        may_comment: asked.may_comment,
        is_hers: asked
            .hers
            .is_some_and(|hers| match sold.tier.is_open_ended {
                true => hers.tier_id == sold.tier.id && hers.recurrence == every,
                false => hers.price_id == price.id,
            }),
        is_payable: asked
            .hers
            .is_none_or(|hers| hers.currency == price.currency),
        amount: price.amount,
        saved: saved.filter(|saved| *saved > 0),
        trial_days: sold.tier.trial_days.filter(|_| !asked.has_tried),
        currency: price.currency,
        name: sold.tier.name.clone(),
    })
}

/// The most a year saves against twelve months, in whole percent rounded down.
fn best_saving(sold: &[tiers::OnSale], currency: &str) -> i64 {
    let savings = sold.iter().filter_map(|sold| {
        let year = sold.price(Recurrence::Month, currency)?.amount * 12;
        Some((year - sold.price(Recurrence::Year, currency)?.amount) * 100 / year)
    });
    savings.max().unwrap_or_default().max(0)
}

/// The currencies an author sells in, his own first; tips are in these too.
pub(super) fn currencies(sold: &[tiers::OnSale]) -> Vec<String> {
    let first = sold.first().map(|sold| sold.tier.currency.clone());
    let mut all = vec![first.unwrap_or_else(|| "eur".to_owned())];
    for price in sold.iter().flat_map(tiers::OnSale::prices) {
        if !all.contains(&price.currency) {
            all.push(price.currency.clone());
        }
    }
    all
}
