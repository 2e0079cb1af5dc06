//! `/studio/tiers`: what this author has on sale.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::off_sale;
use crate::{
    accounts::{Author, flash},
    app::App,
    entities::Recurrence,
    membership::tiers::{self, Amounts, NewTier, OnSale, Refusal, TierChange},
    money::{self, Money},
    web::{Error, Path, Result},
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
    #[serde(default)]
    seats: String,
    /// There when the box is ticked.
    open_ended: Option<String>,
    /// The rows of other currencies, column by column.
    #[serde(default)]
    other_currency: Vec<String>,
    #[serde(default)]
    other_monthly: Vec<String>,
    #[serde(default)]
    other_yearly: Vec<String>,
}

/// What *Move up* and *Move down* send.
#[derive(Debug, Deserialize)]
pub struct Moved {
    way: tiers::Way,
}

impl Typed {
    /// With an empty row for one more currency, and no column shorter than another.
    fn with_room(mut self) -> Self {
        let is_said = |text: &String| !text.trim().is_empty();
        let said = self.other_currency.iter().rposition(is_said);
        let rows = said.map_or(1, |last| last + 2);
        for column in [
            &mut self.other_currency,
            &mut self.other_monthly,
            &mut self.other_yearly,
        ] {
            column.resize(rows.max(column.len()), String::new());
        }
        self
    }
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
        Ok(read) => {
            let new = NewTier {
                currency: typed.currency.clone(),
                name: read.name,
                description: read.description,
                monthly: read.monthly,
                yearly: read.yearly,
                others: read.others,
                is_open_ended: read.is_open_ended,
                trial_days: read.trial_days,
                seats: read.seats,
                by: Some(author.account.id),
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
        Ok(mut change) => {
            change.by = Some(author.account.id);
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
    tiers::archive(&app, author.author.id, id, Some(author.account.id)).await?;
    Ok(flash(&app, "/studio/tiers", "flash-tier-archived"))
}

/// `POST /studio/tiers/{id}/move`: past its neighbour.
pub async fn shift(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(Moved { way }): Form<Moved>,
) -> Result<Response> {
    tiers::shift(&app, author.author.id, id, way, Some(author.account.id)).await?;
    let path = format!("/studio/tiers#tier-{id}");
    Ok(flash(&app, &path, "flash-tier-moved"))
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

/// What was typed, amounts as people write them: `3`, `3.00` or `3,00`; empty is none.
fn read(typed: &Typed, currency: &str) -> Result<TierChange, Refusal> {
    let trial_days = match typed.trial_days.trim() {
        "" | "0" => None,
        text => Some(text.parse().map_err(|_| Refusal::TrialOutOfRange)?),
    };
    let seats = match typed.seats.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| Refusal::SeatsOutOfRange)?),
    };
    Ok(TierChange {
        name: typed.name.clone(),
        description: typed.description.clone(),
        monthly: amount(&typed.monthly, currency)?,
        yearly: amount(&typed.yearly, currency)?,
        others: others(typed)?,
        is_open_ended: typed.open_ended.is_some(),
        trial_days,
        seats,
        by: None,
    })
}

/// The rows of other currencies that say anything.
fn others(typed: &Typed) -> Result<Vec<Amounts>, Refusal> {
    let mut others = Vec::new();
    for (row, currency) in typed.other_currency.iter().enumerate() {
        let column = |column: &'_ [String]| column.get(row).cloned().unwrap_or_default();
        let (monthly, yearly) = (column(&typed.other_monthly), column(&typed.other_yearly));
        if [currency, &monthly, &yearly]
            .iter()
            .all(|text| text.trim().is_empty())
        {
            continue;
        }
        let currency = money::parse_currency(currency).map_err(|_| Refusal::UnknownCurrency)?;
        others.push(Amounts {
            monthly: amount(&monthly, &currency)?,
            yearly: amount(&yearly, &currency)?,
            currency,
        });
    }
    Ok(others)
}

fn amount(text: &str, currency: &str) -> Result<Option<i64>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => match Money::parse(text, currency) {
            Ok(money) => Ok(Some(money.amount)),
            Err(refused) => Err(Refusal::of_typed(&refused, currency)),
        },
    }
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
    let of_all = sold.iter().map(|sold| &sold.tier);
    let places = tiers::seats(app, &app.db, of_all, None).await?;
    let rows = sold.iter().map(|sold| row(sold, places.get(&sold.tier.id)));
    let mut rows: Vec<serde_json::Value> = rows.collect();
    let off = off_sale::rows(app, author.author.id).await?;
    let mut fresh = Typed {
        currency: currency.to_uppercase(),
        ..Typed::default()
    };
    let mut form = "";
    if let Some((typed, which)) = typed {
        form = which;
        match rows.iter_mut().find(|row| row["id"] == which) {
            Some(row) => row["typed"] = json!(typed.with_room()),
            None => fresh = typed,
        }
    }
    let page = json!({
        "tiers": rows,
        "off_sale": off,
        "fresh": fresh.with_room(),
        "problem": problem,
        "problem_form": form,
        "has_stripe": app.payments.is_configured(),
        "author_slug": author.author.slug,
    });
    author.visitor.page(app, "studio/tiers.html", &page)
}

fn row(sold: &OnSale, places: Option<&tiers::Seats>) -> serde_json::Value {
    let plain = |every, currency: &str| {
        let price = sold.price(every, currency);
        let plain = price.map(|price| Money::new(price.amount, currency).plain());
        plain.unwrap_or_default()
    };
    let own = sold.tier.currency.as_str();
    let mut others: Vec<&str> = sold
        .others
        .iter()
        .map(|price| price.currency.as_str())
        .collect();
    others.dedup();
    let column = |every| others.iter().map(|other| plain(every, other)).collect();
    let said = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let typed = Typed {
        name: sold.tier.name.clone(),
        description: sold.tier.description.clone(),
        currency: own.to_uppercase(),
        monthly: plain(Recurrence::Month, own),
        yearly: plain(Recurrence::Year, own),
        trial_days: said(sold.tier.trial_days),
        seats: said(sold.tier.seats),
        open_ended: sold.tier.is_open_ended.then(|| "on".to_owned()),
        other_monthly: column(Recurrence::Month),
        other_yearly: column(Recurrence::Year),
        other_currency: others.iter().map(|other| other.to_uppercase()).collect(),
    };
    let places = places.map(|seats| {
        json!({ "limit": seats.limit, "taken": seats.taken, "kept": seats.kept, "over": seats.over() })
    });
    json!({
        "id": sold.tier.id,
        "name": sold.tier.name,
        "places": places,
        "typed": typed.with_room(),
    })
}
