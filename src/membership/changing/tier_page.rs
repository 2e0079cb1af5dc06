//! `/account/memberships/{id}/tier`: another tier, by the month or by the year.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    choices::{Choice, Hers},
    outcome::{CHANGED, Outcome, Refusal},
    reckoning::{self, Offer},
    taking::{self, Taken},
};
use crate::{
    accounts::{Reader, Visitor, flash},
    app::App,
    entities::{Recurrence, author},
    membership::{away::away, mine::own, standing, sync, tiers},
    money::Money,
    web::{Error, Network, Path, Result},
};

/// What is said where others have all places of a tier.
const FULL: &str = "tiers-change-full";

/// What the page's address may say.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Wanted {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<Recurrence>,
    /// An amount as typed, where the tier leaves it to her.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<String>,
    /// The currency `own` was typed in, where that may not be hers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// `GET`: what there is; with a tier named, what changing to it costs.
pub async fn show(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let hers = Hers::find(&app, &reader, id).await?;
    if hers.is_over() {
        let to = format!("/authors/{}/support", hers.author.slug);
        return Ok(Redirect::to(&to).into_response());
    }
    match chosen(&app, &hers, &wanted).await {
        Ok(Some(choice)) if choice.is_full() => {
            let page = list(&app, &reader, &hers, wanted.every, Some(FULL))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Ok(Some(choice)) if hers.hurdle().is_none() => {
            let offer = reckoning::offer(&app, &hers, &choice).await?;
            confirm(&app, &reader, &hers, &offer, None)
        }
        Ok(_) => list(&app, &reader, &hers, wanted.every, None),
        Err(refusal) => {
            let page = list(&app, &reader, &hers, wanted.every, Some(refusal.key()))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST`: makes the change at the price that was shown.
pub async fn choose(
    State(app): State<App>,
    reader: Reader,
    network: Network,
    Path(id): Path<Uuid>,
    Form(taken): Form<Taken>,
) -> Result<Response> {
    let hers = Hers::find(&app, &reader, id).await?;
    let page = match taking::take(&app, (&reader, &network), &hers, &taken).await {
        Ok(Outcome::Done(words)) => return Ok(flash(&app, "/account", words)),
        Ok(Outcome::Away(begun)) => return Ok(away(&app, &begun)),
        Ok(Outcome::Unconfirmed) => {
            let to = format!("/account/memberships/{id}/confirm");
            return Ok(Redirect::to(&to).into_response());
        }
        Err(Refusal::NotNow) => list(&app, &reader, &hers, None, None),
        Err(Refusal::NotOnSale) => {
            let problem = Some("membership-not-on-sale");
            list(&app, &reader, &hers, None, problem)
        }
        Err(Refusal::Full) => list(&app, &reader, &hers, None, Some(FULL)),
        Err(Refusal::Stale(offer)) => {
            let problem = Some("membership-confirm-stale");
            confirm(&app, &reader, &hers, &offer, problem)
        }
        Err(Refusal::Declined(offer)) => {
            let problem = Some("membership-confirm-declined");
            confirm(&app, &reader, &hers, &offer, problem)
        }
        Err(Refusal::Unconfirmed(offer)) => {
            let problem = Some("membership-confirm-unconfirmed");
            confirm(&app, &reader, &hers, &offer, problem)
        }
        Err(Refusal::Failed(error)) => Err(error),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page?).into_response())
}

/// `POST /account/memberships/{id}/keep`: what was booked for later, or waits for her bank, does not happen.
pub async fn keep(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = own(&app, &reader, id).await?;
    let subscription = &row.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    app.payments.forget_change(&subscription).await?;
    app.payments.let_be(&subscription).await?;
    sync::subscription(&app, &subscription.id).await?;
    let after = own(&app, &reader, id).await?;
    // She had confirmed it a moment before.
    let words = match after.price_id == row.price_id {
        true => "flash-tier-kept",
        false => CHANGED,
    };
    Ok(flash(&app, "/account", words))
}

/// `GET /authors/{slug}/tier`: to what a patron of the author can change to, be she who she may; to what is on offer
/// for anybody else.
pub async fn lead(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    if let Some(account) = &visitor.account {
        let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
        let standing = standing(&app.db, account.id, author.id, now, grace).await?;
        if standing.is_patron() && standing.membership_id.is_some() {
            return instead(&app, &visitor, &author, wanted).await;
        }
    }
    let query = serde_urlencoded::to_string(&wanted).unwrap_or_default();
    let to = format!("/authors/{slug}/support?{query}");
    Ok(Redirect::to(&to).into_response())
}

/// Where somebody goes who is a patron already and chose a tier on the author's support page.
///
/// # Errors
/// If the database fails.
pub async fn instead(
    app: &App,
    visitor: &Visitor,
    author: &author::Model,
    wanted: Wanted,
) -> Result<Response> {
    let Some(account) = &visitor.account else {
        return Ok(flash(app, "/account", "flash-already-patron"));
    };
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let standing = standing(&app.db, account.id, author.id, now, grace).await?;
    let Some(id) = standing.membership_id else {
        return Ok(flash(app, "/account", "flash-already-patron"));
    };
    let query = serde_urlencoded::to_string(wanted).unwrap_or_default();
    let to = format!("/account/memberships/{id}/tier?{query}");
    Ok(Redirect::to(&to).into_response())
}

/// What she wants, unless she has it.
async fn chosen(app: &App, hers: &Hers, wanted: &Wanted) -> Result<Option<Choice>, tiers::Refusal> {
    let every = wanted.every.unwrap_or(hers.row.recurrence);
    let mut choices = hers.choices.iter();
    let choice =
        choices.find(|choice| Some(choice.tier_id) == wanted.tier && choice.every == every);
    let choice = match (choice, wanted.own.as_deref().map(str::trim)) {
        (None, _) => return Ok(None),
        (Some(choice), Some(own)) if !own.is_empty() && choice.is_open_ended => {
            let hers_is = choice.currency.as_str();
            // A figure of another currency is none of hers.
            if wanted
                .currency
                .as_deref()
                .is_some_and(|typed| typed != hers_is)
            {
                return Err(tiers::Refusal::OtherCurrency);
            }
            let money = Money::parse(own, hers_is);
            let money = money.map_err(|refused| tiers::Refusal::of_typed(&refused, hers_is))?;
            hers.at_least(app, choice, money.amount).await?
        }
        (Some(choice), _) => choice.clone(),
    };
    Ok(Some(choice).filter(|choice| !choice.is_present))
}

fn list(
    app: &App,
    reader: &Reader,
    hers: &Hers,
    every: Option<Recurrence>,
    problem: Option<&str>,
) -> Result<Response> {
    let every = every.unwrap_or(hers.row.recurrence);
    let mut all = hers.choices.iter();
    let has_both = all.any(|choice| choice.every != hers.row.recurrence);
    let choices = hers.choices.iter().filter(|choice| choice.every == every);
    let mut page = about(hers, problem);
    page["every"] = json!(every);
    page["has_both"] = json!(has_both);
    page["choices"] = json!(choices.collect::<Vec<_>>());
    reader.visitor.page(app, "membership/tier.html", &page)
}

fn confirm(
    app: &App,
    reader: &Reader,
    hers: &Hers,
    offer: &Offer,
    problem: Option<&str>,
) -> Result<Response> {
    let mut page = about(hers, problem);
    page["offer"] = json!(offer);
    let name = "membership/tier_confirm.html";
    reader.visitor.page(app, name, &page)
}

fn about(hers: &Hers, problem: Option<&str>) -> serde_json::Value {
    json!({
        "author_name": hers.author.name,
        "mine": {
            "id": hers.row.id,
            "tier_id": hers.row.tier_id,
            "tier_name": hers.tier.name,
            "amount": hers.row.amount,
            "currency": hers.row.currency,
            "every": hers.row.recurrence,
            "leaves": hers.leaves(),
            "period_end": hers.row.current_period_end,
        },
        "waits": hers.waits,
        "hurdle": hers.hurdle(),
        "problem": problem,
    })
}
