//! `/studio/tiers`: what this author has on sale.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    accounts::{Author, flash},
    app::App,
    membership::tiers::{self, NewTier, OnSale, Refusal, TierChange},
    money::Money,
    web::{Error, Result},
};

/// The form, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    monthly: String,
    #[serde(default)]
    yearly: String,
    #[serde(default)]
    trial_days: String,
}

/// `GET /studio/tiers`
pub async fn list(State(app): State<App>, author: Author) -> Result<Response> {
    page(&app, &author, None, None).await
}

/// `POST /studio/tiers`
pub async fn create(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let result = match read(&typed, &typed.currency) {
        Ok((monthly, yearly, trial_days)) => {
            let new = NewTier {
                name: typed.name.clone(),
                description: typed.description.clone(),
                currency: typed.currency.clone(),
                monthly,
                yearly,
                trial_days,
            };
            tiers::create(&app, author.author.id, new).await.map(drop)
        }
        Err(refusal) => Err(refusal),
    };
    answer(&app, &author, result, typed, "new").await
}

/// `POST /studio/tiers/{id}`
pub async fn change(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let sold = tiers::on_sale(&app.db, author.author.id).await?;
    let known = sold.into_iter().find(|sold| sold.tier.id == id);
    let currency = known.ok_or(Error::NotFound)?.tier.currency;
    let result = match read(&typed, &currency) {
        Ok((monthly, yearly, trial_days)) => {
            let change = TierChange {
                name: typed.name.clone(),
                description: typed.description.clone(),
                monthly,
                yearly,
                trial_days,
            };
            tiers::change(&app, author.author.id, id, change).await
        }
        Err(refusal) => Err(refusal),
    };
    answer(&app, &author, result, typed, &id.to_string()).await
}

/// `POST /studio/tiers/{id}/archive`
pub async fn archive(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    tiers::archive(&app, author.author.id, id).await?;
    Ok(flash(&app, "/studio/tiers", "flash-tier-archived"))
}

async fn answer(
    app: &App,
    author: &Author,
    result: Result<(), Refusal>,
    typed: Typed,
    form: &str,
) -> Result<Response> {
    match result {
        Ok(()) => Ok(flash(app, "/studio/tiers", "flash-tier-saved")),
        Err(refusal @ (Refusal::Database(_) | Refusal::NoSuchTier)) => Err(refusal.into()),
        Err(refusal) => {
            let page = page(app, author, Some((typed, form)), Some(refusal.key())).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The two amounts and the trial, as typed by people: `3`, `3.00` or `3,00`; empty is none.
#[expect(clippy::type_complexity, reason = "three fields of one form")]
fn read(typed: &Typed, currency: &str) -> Result<(Option<i64>, Option<i64>, Option<i32>), Refusal> {
    let amount = |text: &str| match text.trim() {
        "" => Ok(None),
        text => match Money::parse(text, currency) {
            Ok(money) => Ok(Some(money.amount)),
            Err(_) => Err(Refusal::AmountOutOfRange),
        },
    };
    let trial_days = match typed.trial_days.trim() {
        "" | "0" => None,
        text => Some(text.parse().map_err(|_| Refusal::TrialOutOfRange)?),
    };
    Ok((amount(&typed.monthly)?, amount(&typed.yearly)?, trial_days))
}

async fn page(
    app: &App,
    author: &Author,
    typed: Option<(Typed, &str)>,
    problem: Option<&str>,
) -> Result<Response> {
    let sold = tiers::on_sale(&app.db, author.author.id).await?;
    let currency = sold
        .first()
        .map_or("eur", |sold| &sold.tier.currency)
        .to_owned();
    let mut rows: Vec<serde_json::Value> = sold.iter().map(row).collect();
    let mut fresh = Typed {
        currency: currency.to_uppercase(),
        ..Typed::default()
    };
    let mut form = "";
    if let Some((typed, which)) = typed {
        form = which;
        match rows.iter_mut().find(|row| row["id"] == which) {
            Some(row) => row["typed"] = json!(typed),
            None => fresh = typed,
        }
    }
    let page = json!({
        "tiers": rows,
        "fresh": fresh,
        "problem": problem,
        "problem_form": form,
        "has_stripe": app.payments.is_configured(),
        "author_slug": author.author.slug,
    });
    author.visitor.page(app, "studio/tiers.html", &page)
}

fn row(sold: &OnSale) -> serde_json::Value {
    let plain = |price: &Option<crate::entities::price::Model>| {
        let price = price.as_ref();
        price.map(|price| Money::new(price.amount, &price.currency).plain())
    };
    let typed = Typed {
        name: sold.tier.name.clone(),
        description: sold.tier.description.clone(),
        currency: sold.tier.currency.to_uppercase(),
        monthly: plain(&sold.monthly).unwrap_or_default(),
        yearly: plain(&sold.yearly).unwrap_or_default(),
        trial_days: sold
            .tier
            .trial_days
            .map(|days| days.to_string())
            .unwrap_or_default(),
    };
    json!({ "id": sold.tier.id, "name": sold.tier.name, "typed": typed })
}
