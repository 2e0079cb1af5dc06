//! `/authors/{slug}/support`: the tiers, one-off support, and the way to Checkout.

use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    checkout::{self, Begun, Giver, Refusal, Wish},
    standing, tiers,
};
use crate::{
    accounts::{Visitor, flash},
    app::App,
    entities::{Recurrence, article, author, slug_redirect},
    money::Money,
    web::{Action, Error, Network, Result},
};

/// The cookie that ties a stranger's browser to the checkout it began.
const CHECKOUT_COOKIE: &str = "checkout";

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Options {
    /// `month` or `year`.
    every: Option<Recurrence>,
    /// The slug of the article that moved her.
    article: Option<String>,
}

/// What the page's forms send.
#[derive(Clone, Debug, Deserialize)]
pub struct Wished {
    tier: Option<Uuid>,
    interval: Option<Recurrence>,
    tip: Option<String>,
    /// Minor units.
    amount: Option<String>,
    /// An amount as typed, in place of `amount`.
    own: Option<String>,
    article: Option<String>,
}

/// `GET`: what there is to choose.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(options): Query<Options>,
) -> Result<Response> {
    let author = match find(&app, &slug).await? {
        Ok(author) => author,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let page = page(&app, &visitor, &author, &options, None).await?;
    visitor.page(&app, "membership/support.html", &page)
}

/// `POST`: to Checkout, by a 303.
pub async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    network: Network,
    Path(slug): Path<String>,
    Form(wished): Form<Wished>,
) -> Result<Response> {
    app.limits.check(Action::Checkout, &network.0)?;
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    match attempt(&app, &visitor, &author, &wished).await {
        Ok(begun) => Ok(away(&app, &begun)),
        Err(Refusal::AlreadyPatron) => Ok(flash(&app, "/account", "flash-already-patron")),
        Err(refusal @ (Refusal::NotOnSale | Refusal::AmountOutOfRange)) => {
            let options = Options {
                every: wished.interval,
                article: wished.article.clone(),
            };
            let typed = Typed {
                problem: match refusal {
                    Refusal::NotOnSale => "membership-not-on-sale",
                    _ => "membership-amount-out-of-range",
                },
                own: wished.own.unwrap_or_default(),
            };
            let page = page(&app, &visitor, &author, &options, Some(typed)).await?;
            let page = visitor.page(&app, "membership/support.html", &page)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn attempt(
    app: &App,
    visitor: &Visitor,
    author: &author::Model,
    wished: &Wished,
) -> Result<Begun, Refusal> {
    let wish = match (wished.tier, &wished.tip) {
        (_, Some(_)) => Wish::Tip(tip(app, author, wished).await?),
        (Some(tier), None) => Wish::Tier {
            tier,
            every: wished.interval.unwrap_or(Recurrence::Month),
        },
        (None, None) => return Err(Refusal::NotOnSale),
    };
    let article = match &wished.article {
        Some(slug) => article_of(app, author, slug).await?,
        None => None,
    };
    let giver = Giver {
        account: visitor.account.as_ref(),
        language: visitor.language(app),
        article_id: article.map(|article| article.id),
    };
    checkout::begin(app, author, giver, wish).await
}

/// A tip's amount: minor units from a button, or typed by her.
async fn tip(app: &App, author: &author::Model, wished: &Wished) -> Result<Money, Refusal> {
    let currency = currency_of(app, author).await?;
    let own = wished.own.as_deref().unwrap_or_default();
    if !own.trim().is_empty() {
        return Money::parse(own, &currency).map_err(|_| Refusal::AmountOutOfRange);
    }
    let amount = wished.amount.as_deref().unwrap_or_default().trim();
    let amount = amount.parse().map_err(|_| Refusal::AmountOutOfRange)?;
    Ok(Money::new(amount, &currency))
}

/// The currency tips to this author are in: that of what he sells.
async fn currency_of(app: &App, author: &author::Model) -> Result<String, sea_orm::DbErr> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let first = sold.into_iter().next();
    Ok(first.map_or_else(|| "eur".to_owned(), |sold| sold.tier.currency))
}

fn away(app: &App, begun: &Begun) -> Response {
    let mut response = Redirect::to(&begun.url).into_response();
    let value = signed(app, begun.checkout_id);
    let cookie = app.cookies.set(CHECKOUT_COOKIE, &value, Some(24 * 60 * 60));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Whether this browser began that checkout.
pub(super) fn began_here(app: &App, headers: &axum::http::HeaderMap, checkout: Uuid) -> bool {
    let cookie = app.cookies.get(headers, CHECKOUT_COOKIE);
    cookie.is_some_and(|value| {
        let expected = signed(app, checkout);
        subtle::ConstantTimeEq::ct_eq(value.as_bytes(), expected.as_bytes()).into()
    })
}

fn signed(app: &App, checkout: Uuid) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(&app.key).map(|mut mac| {
        mac.update(b"checkout:");
        mac.update(checkout.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    });
    format!("{}.{}", checkout.simple(), mac.unwrap_or_default())
}

/// The author, or the way to where he has moved.
async fn find(app: &App, slug: &str) -> Result<Result<author::Model, Response>> {
    if let Some(author) = author::Entity::by_slug(slug).one(&app.db).await? {
        return Ok(Ok(author));
    }
    let key = (slug_redirect::Kind::Author, slug.to_owned());
    let moved = slug_redirect::Entity::find_by_id(key).one(&app.db).await?;
    let moved = moved.ok_or(Error::NotFound)?;
    let author = author::Entity::find_by_id(moved.target_id)
        .one(&app.db)
        .await?;
    let author = author.ok_or(Error::NotFound)?;
    let to = format!("/authors/{}/support", author.slug);
    Ok(Err(Redirect::permanent(&to).into_response()))
}

async fn article_of(
    app: &App,
    author: &author::Model,
    slug: &str,
) -> Result<Option<article::Model>, sea_orm::DbErr> {
    article::Entity::published(app.clock.now())
        .filter(article::Column::AuthorId.eq(author.id))
        .filter(article::Column::Slug.eq(slug))
        .one(&app.db)
        .await
}

/// A form that came back.
struct Typed {
    problem: &'static str,
    own: String,
}

#[derive(Serialize)]
struct TierCard {
    id: Uuid,
    name: String,
    lines: Vec<String>,
    amount: i64,
    currency: String,
    trial_days: Option<i32>,
}

async fn page(
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
        "tiers": sold.into_iter().filter_map(|sold| card(sold, every)).collect::<Vec<_>>(),
        "currency": currency,
        "tips": tips,
        "is_patron": standing.is_patron() && standing.membership_id.is_some(),
        "problem": typed.as_ref().map(|typed| typed.problem),
        "own": typed.map(|typed| typed.own).unwrap_or_default(),
        "patron_days": super::sync::TIP_TERM_DAYS,
    }))
}

fn card(sold: tiers::OnSale, every: Recurrence) -> Option<TierCard> {
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
        trial_days: sold.tier.trial_days,
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
