//! `/authors/{slug}/gift`: for whom, which tier, how long, and on which day.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    TERMS,
    buying::{LONGEST_MESSAGE, Wanted, check},
    cost,
};
use crate::{
    accounts::Visitor,
    app::App,
    authors,
    entities::author,
    membership::{
        checkout::{self, Begun, Giver, Refusal, Wish},
        offer::currencies,
        support::Options,
        tiers,
    },
    web::{Error, Network, Path, Result},
};

/// `GET /authors/{slug}/gift`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(options): Query<Options>,
) -> Result<Response> {
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    let typed = Wanted {
        currency: options.currency,
        ..Wanted::default()
    };
    let page = page(&app, &author, &typed, None).await?;
    visitor.page(&app, "membership/gift.html", &page)
}

/// To Checkout, or the form again with what was wrong.
pub(in crate::membership) async fn begin(
    app: &App,
    (visitor, network): (&Visitor, &Network),
    author: &author::Model,
    typed: Wanted,
) -> Result<Result<Begun, Response>> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let problem = match check(&sold, &typed, app.clock.now()) {
        Err(flaw) => flaw.0,
        Ok(gift) => {
            let giver = Giver {
                account: visitor.account.as_ref(),
                network: Some(network),
                language: visitor.language(app),
                article_id: None,
            };
            match checkout::begin(app, author, giver, Wish::Gift(gift)).await {
                Ok(begun) => return Ok(Ok(begun)),
                Err(Refusal::AmountOutOfRange) => "gifts-other-amount",
                Err(refusal) => match refusal.problem() {
                    Some(problem) => problem,
                    None => return Err(refusal.into()),
                },
            }
        }
    };
    let page = page(app, author, &typed, Some(problem)).await?;
    let page = visitor.page(app, "membership/gift.html", &page)?;
    Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, page).into_response()))
}

async fn page(
    app: &App,
    author: &author::Model,
    typed: &Wanted,
    problem: Option<&str>,
) -> Result<Value> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let of_all = sold.iter().map(|sold| &sold.tier);
    let places = tiers::seats(app, &app.db, of_all, None).await?;
    let offered = currencies(&sold);
    let wanted = typed.currency.as_deref().map(str::to_lowercase);
    let currency = wanted.filter(|wanted| offered.contains(wanted));
    let currency = currency.unwrap_or_else(|| offered.first().cloned().unwrap_or_default());
    let today = app.clock.now().date_naive();
    let tiers = sold.iter().filter_map(|sold| {
        let terms = TERMS.iter().filter_map(|months| {
            let cost = cost(sold, *months, &currency)?;
            Some(json!({ "months": months, "amount": cost.amount }))
        });
        let terms: Vec<_> = terms.collect();
        (!terms.is_empty()).then(|| {
            json!({
                "id": sold.tier.id,
                "name": sold.tier.name,
                "terms": terms,
                "places": places.get(&sold.tier.id).map(|seats| tiers::Places::of(*seats)),
            })
        })
    });
    Ok(json!({
        "author": { "name": author.name, "slug": author.slug, "portrait": authors::portrait(author) },
        "tiers": tiers.collect::<Vec<_>>(),
        "currencies": offered,
        "currency": currency,
        "problem": problem,
        "today": today,
        "latest": today + chrono::Duration::days(366),
        "longest_message": LONGEST_MESSAGE,
        "form": {
            "name": typed.name,
            "email": typed.email,
            "message": typed.message,
            "send_on": typed.send_on,
        },
    }))
}
