//! `/authors/{slug}/support`: the tiers, one-off support, and the way to Checkout.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    away::away,
    changing,
    checkout::{self, Begun, Giver, Refusal, Wish},
    gifts,
    offer::{LONGEST_MESSAGE, Typed, currencies, page},
    tiers,
};
use crate::{
    accounts::Visitor,
    app::App,
    entities::{Recurrence, article, author, slug_redirect, tier},
    money::Money,
    tidying,
    web::{Error, Network, Path, Result},
};

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Options {
    /// `month` or `year`.
    pub(super) every: Option<Recurrence>,
    /// ISO 4217, in any case.
    pub(super) currency: Option<String>,
    /// The slug of the article that moved her.
    pub(super) article: Option<String>,
    /// The id of the tier she is led to.
    pub(super) tier: Option<String>,
}

/// What the page's forms send.
#[derive(Clone, Debug, Deserialize)]
pub struct Wished {
    tier: Option<Uuid>,
    interval: Option<Recurrence>,
    tip: Option<String>,
    /// ISO 4217, in any case; the author's own where nothing is said.
    currency: Option<String>,
    /// Minor units.
    amount: Option<String>,
    /// An amount as typed, in place of `amount`.
    own: Option<String>,
    /// What she says with a tip.
    message: Option<String>,
    article: Option<String>,
    /// A gift for somebody else: its months.
    gift: Option<String>,
    recipient_name: Option<String>,
    recipient_email: Option<String>,
    /// `2026-12-24`: when she is to hear of it.
    send_on: Option<String>,
}

impl Wished {
    /// The gift, where it is one. Tier and months come as one choice, `tier:months`, or apart.
    fn gift(&self) -> Option<gifts::Wanted> {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let chosen = self.gift.clone()?;
        let (tier, rest) = match chosen.split_once(':') {
            Some((tier, rest)) => (tier.parse().ok(), rest.to_owned()),
            None => (self.tier, chosen),
        };
        let (months, shown) = match rest.split_once(':') {
            Some((months, shown)) => (months.to_owned(), Some(shown.to_owned())),
            None => (rest, self.amount.clone()),
        };
        Some(gifts::Wanted {
            tier,
            months,
            currency: self.currency.clone(),
            amount: shown,
            name: said(&self.recipient_name),
            email: said(&self.recipient_email),
            message: said(&self.message),
            send_on: said(&self.send_on),
        })
    }
}

impl Wished {
    /// The same for one who is a patron already, with the currency in which she has read and typed its amount.
    async fn change(self, app: &App) -> Result<changing::Wanted> {
        let currency = match (self.currency, self.tier) {
            (Some(currency), _) => Some(currency.to_lowercase()),
            (None, Some(tier)) => {
                let tier = tier::Entity::find_by_id(tier).one(&app.db).await?;
                tier.map(|tier| tier.currency)
            }
            (None, None) => None,
        };
        let typed = self.own.filter(|own| !own.trim().is_empty());
        let button = currency.as_deref().and_then(|currency| {
            let amount = self.amount.as_deref()?.trim().parse().ok()?;
            Some(Money::new(amount, currency).plain())
        });
        Ok(changing::Wanted {
            tier: self.tier,
            every: self.interval,
            own: typed.or(button),
            currency,
        })
    }
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
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    if let Some(gift) = wished.gift() {
        let begun = gifts::begin(&app, (&visitor, &network), &author, gift).await?;
        return Ok(begun.map_or_else(|page| page, |begun| away(&app, &begun)));
    }
    match attempt(&app, (&visitor, &network), &author, &wished).await {
        Ok(begun) => Ok(away(&app, &begun)),
        Err(Refusal::AlreadyPatron) => {
            let wanted = wished.change(&app).await?;
            changing::instead(&app, &visitor, &author, wanted).await
        }
        Err(refusal) => {
            let Some(problem) = refusal.problem() else {
                return Err(refusal.into());
            };
            let options = Options {
                every: wished.interval,
                currency: wished.currency.clone(),
                article: wished.article.clone(),
                tier: None,
            };
            let typed = Typed {
                problem,
                currency: refusal.currency(),
                tier: wished.tier,
                own: wished.own.unwrap_or_default(),
                message: wished.message.unwrap_or_default(),
            };
            let page = page(&app, &visitor, &author, &options, Some(typed)).await?;
            let page = visitor.page(&app, "membership/support.html", &page)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn attempt(
    app: &App,
    (visitor, network): (&Visitor, &Network),
    author: &author::Model,
    wished: &Wished,
) -> Result<Begun, Refusal> {
    let currency = wished.currency.as_deref().map(str::to_lowercase);
    let wish = match (wished.tier, &wished.tip) {
        (_, Some(_)) => {
            let currency = tip_currency(app, author, currency).await?;
            let amount = amount(wished, &currency)?.ok_or(Refusal::AmountOutOfRange)?;
            Wish::Tip {
                amount: Money::new(amount, &currency),
                message: message(wished),
            }
        }
        (Some(tier), None) => Wish::Tier {
            tier,
            every: wished.interval.unwrap_or(Recurrence::Month),
            amount: tier_amount(app, wished, tier, currency.as_deref()).await?,
            currency,
        },
        (None, None) => return Err(Refusal::NotOnSale),
    };
    let article = match &wished.article {
        Some(slug) => article_of(app, author, slug).await?,
        None => None,
    };
    let giver = Giver {
        account: visitor.account.as_ref(),
        network: Some(network),
        language: visitor.language(app),
        article_id: article.map(|article| article.id),
    };
    checkout::begin(app, author, giver, wish).await
}

/// What she says with it: at most so much as a postcard holds.
fn message(wished: &Wished) -> Option<String> {
    let typed = tidying::lines(wished.message.as_deref().unwrap_or_default());
    let text: String = typed.chars().take(LONGEST_MESSAGE).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// What she would give, in minor units: of a button, or typed by her.
fn amount(wished: &Wished, currency: &str) -> Result<Option<i64>, Refusal> {
    let own = wished.own.as_deref().unwrap_or_default();
    if !own.trim().is_empty() {
        let read = Money::parse(own, currency);
        let money = read.map_err(|refused| tiers::Refusal::of_typed(&refused, currency))?;
        return Ok(Some(money.amount));
    }
    let button = wished.amount.as_deref().unwrap_or_default().trim();
    if button.is_empty() {
        return Ok(None);
    }
    let amount = button.parse().map_err(|_| Refusal::AmountOutOfRange)?;
    Ok(Some(amount))
}

/// What she would give for a tier, where she says it: read in the currency it is sold to her in.
async fn tier_amount(
    app: &App,
    wished: &Wished,
    tier: Uuid,
    currency: Option<&str>,
) -> Result<Option<i64>, Refusal> {
    if let Some(currency) = currency {
        return amount(wished, currency);
    }
    let tier = tier::Entity::find_by_id(tier).one(&app.db).await?;
    amount(wished, &tier.ok_or(Refusal::NotOnSale)?.currency)
}

/// The currency of a tip: hers if the author sells in it.
async fn tip_currency(
    app: &App,
    author: &author::Model,
    wanted: Option<String>,
) -> Result<String, Refusal> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    match wanted {
        None => Ok(currencies(&sold).swap_remove(0)),
        Some(wanted) if currencies(&sold).contains(&wanted) => Ok(wanted),
        Some(_) => Err(Refusal::NotOnSale),
    }
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

pub(super) async fn article_of(
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
