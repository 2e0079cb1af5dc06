//! `/sandbox`: the demo's control room. Time, people, cards that fail, events that repeat or get lost.

use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::Form;
use chrono::Duration;
use sea_orm::{EntityTrait, QueryOrder as _, QuerySelect as _};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    demo, inbox, mails, payments,
    stripe::{Card, Chaos, Stripe},
};
use crate::{
    accounts::{SESSION_COOKIE, SESSION_DAYS, Visitor, begin_session, flash},
    app::App,
    entities::{Role, account},
    membership::{errands, sync},
    web::{Error, Result},
};

/// How many events the page lists.
const EVENTS: usize = 30;
/// How many people the page lists.
const PEOPLE: u64 = 20;

/// The room's pages; the simulated Stripe reaches them as an extension.
pub fn router(stripe: &Stripe) -> Router<App> {
    Router::new()
        .route("/sandbox", get(show))
        .route("/sandbox/sign-in", post(sign_in))
        .route("/sandbox/clock", post(advance))
        .route("/sandbox/subscription", post(subscription))
        .route("/sandbox/payment", post(payments::press))
        .route("/sandbox/event", post(send_again))
        .route("/sandbox/chaos", post(chaos))
        .route("/sandbox/release", post(release))
        .route("/sandbox/inbox", get(inbox::list))
        .route("/sandbox/inbox/{id}", get(inbox::show))
        .route("/sandbox/inbox/{id}/html", get(inbox::html))
        .route("/sandbox/mails", get(mails::list))
        .route("/sandbox/mails/{kind}/{language}", get(mails::show))
        .route(
            "/sandbox/mails/{kind}/{language}/{number}",
            get(mails::html),
        )
        .layer(Extension(stripe.clone()))
}

async fn show(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    visitor: Visitor,
) -> Result<Response> {
    let people = account::Entity::find()
        .order_by_asc(account::Column::CreatedAt)
        .order_by_asc(account::Column::Id)
        .limit(PEOPLE)
        .all(&app.db)
        .await?;
    let people: Vec<Value> = people
        .iter()
        .filter(|person| person.deleted_at.is_none())
        .filter(|person| !app.is_demo || demo::shows(person).is_some())
        .map(|person| {
            json!({
                "id": person.id,
                "name": person.name,
                "email": person.address(),
                "shows": demo::shows(person),
                "role": match person.role {
                    Role::Reader => "reader",
                    Role::Author => "author",
                    Role::Owner => "owner",
                },
            })
        })
        .collect();
    let events = stripe.latest("event", EVENTS);
    let subscriptions = stripe.objects("subscription");
    let page = json!({
        "now": app.clock.now(),
        "people": people,
        "password": app.is_demo.then_some(demo::PASSWORD),
        "subscriptions": subscriptions.iter().map(|one| row(&stripe, one)).collect::<Vec<_>>(),
        "payments": payments::rows(&stripe),
        "events": events.iter().map(event_row).collect::<Vec<_>>(),
        "chaos": stripe.chaos(),
        "held": stripe.held().len(),
    });
    visitor.page(&app, "sandbox/room.html", &page)
}

fn row(stripe: &Stripe, subscription: &Value) -> Value {
    let customer = subscription["customer"].as_str();
    let customer = customer
        .and_then(|id| stripe.object(id))
        .unwrap_or_default();
    let item = &subscription["items"]["data"][0];
    let end = item["current_period_end"].as_i64().unwrap_or_default();
    let ends = chrono::DateTime::from_timestamp(end, 0);
    json!({
        "id": subscription["id"],
        "name": customer["name"],
        "amount": item["price"]["unit_amount"],
        "currency": item["price"]["currency"],
        "status": subscription["status"],
        "is_ending": !subscription["cancel_at"].is_null(),
        "is_over": subscription["status"] == "canceled",
        "period_end": ends,
    })
}

fn event_row(event: &Value) -> Value {
    let at = chrono::DateTime::from_timestamp(event["created"].as_i64().unwrap_or_default(), 0);
    json!({ "id": event["id"], "kind": event["type"], "at": at })
}

#[derive(Deserialize)]
struct SignIn {
    account: Uuid,
}

/// One press, and one is somebody in the demo.
async fn sign_in(State(app): State<App>, Form(form): Form<SignIn>) -> Result<Response> {
    let found = account::Entity::find_by_id(form.account)
        .one(&app.db)
        .await?;
    let account = found.ok_or(Error::NotFound)?;
    let secret = begin_session(&app.db, app.clock.now(), account.id, "demo").await?;
    let age = SESSION_DAYS * 24 * 60 * 60;
    let cookie = app.cookies.set(SESSION_COOKIE, &secret, Some(age));
    let mut headers = HeaderMap::new();
    headers.append(header::SET_COOKIE, cookie);
    Ok((headers, Redirect::to("/")).into_response())
}

#[derive(Deserialize)]
struct Advance {
    days: i64,
}

async fn advance(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    Form(form): Form<Advance>,
) -> Response {
    let days = form.days.clamp(0, 366);
    let passing = {
        let (app, stripe) = (app.clone(), stripe.clone());
        // By itself: whoever does not wait for a whole year does not stop the clock on the way.
        tokio::spawn(async move { pass(&app, &stripe, days).await })
    };
    if let Err(error) = passing.await.map_err(Into::into).flatten() {
        let error = format!("{error:#}");
        tracing::warn!(error, "the worker has to handle what happened meanwhile");
    }
    told(&app, &stripe, "flash-sandbox-clock").await
}

/// Lets days pass one by one, as they do: what happens on one is told and handled before the next. All at once, a
/// payment that failed would be heard of only when Stripe has given up.
async fn pass(app: &App, stripe: &Stripe, days: i64) -> anyhow::Result<()> {
    for _ in 0..days {
        stripe.advance(Duration::days(1));
        stripe.deliver().await;
        while sync::work(app).await? + errands::work(app).await? > 0 {}
    }
    Ok(())
}

#[derive(Deserialize)]
struct Subscribed {
    subscription: String,
    what: String,
}

async fn subscription(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    Form(form): Form<Subscribed>,
) -> Result<Response> {
    let object = stripe.object(&form.subscription).ok_or(Error::NotFound)?;
    let customer = object["customer"].as_str().unwrap_or_default();
    match form.what.as_str() {
        "fail" => stripe.set_card(customer, Card::FailsLater),
        "mend" => {
            stripe.set_card(customer, Card::Good);
            if object["status"] == "past_due" {
                stripe.pay_open_invoice(&form.subscription);
            }
        }
        "end" => stripe.cancel_now(&form.subscription),
        _ => return Err(Error::NotFound),
    }
    Ok(told(&app, &stripe, "flash-sandbox-done").await)
}

#[derive(Deserialize)]
struct Again {
    event: String,
}

async fn send_again(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    Form(form): Form<Again>,
) -> Response {
    stripe.send_again(&form.event);
    told(&app, &stripe, "flash-sandbox-done").await
}

#[derive(Deserialize)]
struct Wanted {
    repeats: u32,
    drop_next: u32,
    hold: Option<String>,
}

async fn chaos(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    Form(form): Form<Wanted>,
) -> Response {
    stripe.set_chaos(Chaos {
        repeats: form.repeats.min(50),
        hold: form.hold.is_some(),
        drop_next: form.drop_next.min(50),
    });
    told(&app, &stripe, "flash-sandbox-done").await
}

#[derive(Deserialize)]
struct Release {
    order: String,
}

async fn release(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    Form(form): Form<Release>,
) -> Response {
    let reversed = form.order == "reversed";
    stripe.release(|events| {
        if reversed {
            events.reverse();
        }
    });
    told(&app, &stripe, "flash-sandbox-done").await
}

/// Delivers what is due and goes back to the room.
pub(super) async fn told(app: &App, stripe: &Stripe, key: &str) -> Response {
    stripe.deliver().await;
    flash(app, "/sandbox", key)
}
