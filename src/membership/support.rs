//! `/authors/{slug}/support`: the tiers, one-off support, and the way to Checkout.

use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    changing,
    checkout::{self, Begun, Giver, Refusal, Wish},
    offer::{LONGEST_MESSAGE, Typed, currency_of, page},
};
use crate::{
    accounts::Visitor,
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
    pub(super) every: Option<Recurrence>,
    /// The slug of the article that moved her.
    pub(super) article: Option<String>,
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
    /// What she says with a tip.
    message: Option<String>,
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
        Err(Refusal::AlreadyPatron) => {
            let (tier, every) = (wished.tier, wished.interval);
            changing::instead(&app, &visitor, &author, changing::Wanted { tier, every }).await
        }
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
                message: wished.message.unwrap_or_default(),
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
        (_, Some(_)) => Wish::Tip {
            amount: tip(app, author, wished).await?,
            message: message(wished),
        },
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

/// What she says with it: at most so much as a postcard holds.
fn message(wished: &Wished) -> Option<String> {
    let typed = wished.message.as_deref().unwrap_or_default().trim();
    let text: String = typed
        .chars()
        .filter(|sign| *sign == '\n' || !sign.is_control())
        .take(LONGEST_MESSAGE)
        .collect();
    Some(text).filter(|text| !text.is_empty())
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
