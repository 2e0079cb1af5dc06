//! `/studio/payments`: an author's month to the cent, each payment, and giving one back.

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    accounts::{Author, Reader, flash},
    app::App,
    entities::{Role, account, author, payment, refund},
    membership::{
        on_its_way,
        refunds::{self, Bank, Press, Refusal},
        statements::{Month, of_payment, statement},
        visibility::secret_among,
    },
    money::Money,
    web::{Error, Path, Result},
};

/// Which month.
#[derive(Debug, Deserialize)]
pub struct Which {
    /// `2026-11`; this month without it.
    month: Option<String>,
}

impl Which {
    pub(super) fn month(&self, app: &App) -> Result<Month> {
        match self.month.as_deref() {
            Some(text) => Month::parse(text).ok_or(Error::NotFound),
            None => Ok(Month::of(app.clock.now())),
        }
    }
}

/// What the form for giving back sends.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// As typed. The form stands filled in with all that is left; emptied it says nothing.
    #[serde(default)]
    amount: String,
    /// Stripe's word.
    #[serde(default)]
    reason: String,
    nonce: Uuid,
}

/// Why money is given back, in Stripe's words.
const REASONS: [&str; 3] = ["requested_by_customer", "duplicate", "fraudulent"];

/// `GET /studio/payments?month=2026-11`
pub async fn list(
    State(app): State<App>,
    author: Author,
    Query(which): Query<Which>,
) -> Result<Response> {
    let month = which.month(&app)?;
    let (begin, end) = month.span();
    let statement = statement(&app.db, author.author.id, month).await?;
    let rows = payment::Entity::find()
        .filter(payment::Column::AuthorId.eq(author.author.id))
        .filter(payment::Column::PaidAt.gte(begin))
        .filter(payment::Column::PaidAt.lt(end))
        .find_also_related(account::Entity)
        .order_by_desc(payment::Column::Number)
        .all(&app.db)
        .await?;
    let rows = without_secret(&app, author.author.id, rows).await?;
    let is_past = end <= app.clock.now();
    let page = json!({
        "month": month.to_string(),
        "begin": begin,
        "previous": month.previous().to_string(),
        "next": is_past.then(|| month.next().to_string()),
        "sums": statement.totals(),
        "payments": rows.iter().map(row).collect::<Vec<_>>(),
        "on_its_way": on_its_way::to_author(&app.db, author.author.id).await?,
    });
    author.visitor.page(&app, "studio/payments.html", &page)
}

/// Who supports in secret has no name.
async fn without_secret(app: &App, author: Uuid, rows: Vec<Found>) -> Result<Vec<Found>> {
    let payers: Vec<Uuid> = rows.iter().map(|(payment, _)| payment.account_id).collect();
    let secret = secret_among(&app.db, author, &payers).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(payment, account)| (payment, account.filter(|one| !secret.contains(&one.id))))
        .collect())
}

fn row((payment, account): &Found) -> Value {
    json!({
        "number": payment.number,
        "name": account.as_ref().map(|account| &account.name),
        "is_tip": payment.tip_id.is_some(),
        "amount": payment.amount,
        "refunded": payment.refunded,
        "currency": payment.currency,
        "paid_at": payment.paid_at,
    })
}

/// `GET /studio/payments/{number}`
pub async fn show(
    State(app): State<App>,
    reader: Reader,
    Path(number): Path<i64>,
) -> Result<Response> {
    let found = open(&app, &reader, number).await?;
    page(&app, &reader, &found, None).await
}

/// `POST /studio/payments/{number}/refund`
pub async fn give_back(
    State(app): State<App>,
    reader: Reader,
    Path(number): Path<i64>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let found = open(&app, &reader, number).await?;
    match attempt(&app, &reader, &found.0, &wanted).await {
        Ok(()) => {
            let path = format!("/studio/payments/{number}");
            Ok(flash(&app, &path, "flash-refunded"))
        }
        Err(Refusal::Failed(error)) => Err(error.into()),
        Err(refusal) => {
            tracing::info!(number, %refusal, "nothing was given back");
            let typed = json!({
                "problem": refusal.key(),
                "amount": wanted.amount,
                "reason": wanted.reason,
            });
            // As it stands by now: somebody else may have given it back.
            let found = open(&app, &reader, number).await?;
            let page = page(&app, &reader, &found, Some(typed)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn attempt(
    app: &App,
    reader: &Reader,
    payment: &payment::Model,
    wanted: &Wanted,
) -> Result<(), Refusal> {
    let read = Money::parse(wanted.amount.trim(), &payment.currency);
    let amount = read.map_err(|_| Refusal::AmountOutOfRange)?.amount;
    let reason = REASONS.into_iter().find(|reason| *reason == wanted.reason);
    let press = Press {
        who: reader.account.id,
        amount: Some(amount),
        reason,
        nonce: wanted.nonce,
    };
    refunds::refund(app, payment, press).await
}

type Found = (payment::Model, Option<account::Model>);

/// A payment to this author, or to any where the owner asks: what has come in vain has to go back.
async fn open(app: &App, reader: &Reader, number: i64) -> Result<Found> {
    let account = &reader.account;
    let mut wanted = payment::Entity::find().filter(payment::Column::Number.eq(number));
    match account.role {
        Role::Owner => {}
        Role::Author => {
            let author = author::Entity::of_account(account.id).one(&app.db).await?;
            let author = author.ok_or(Error::Forbidden)?;
            wanted = wanted.filter(payment::Column::AuthorId.eq(author.id));
        }
        Role::Reader => return Err(Error::Forbidden),
    }
    let found = wanted.find_also_related(account::Entity).one(&app.db);
    let found = found.await?.ok_or(Error::NotFound)?;
    let author = found.0.author_id;
    let found = without_secret(app, author, vec![found]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

async fn page(app: &App, reader: &Reader, found: &Found, typed: Option<Value>) -> Result<Response> {
    let payment = &found.0;
    let refunds: HashMap<String, String> = refund::Entity::of(payment.id)
        .all(&app.db)
        .await?
        .into_iter()
        .filter_map(|row| Some((format!("refund:{}", row.stripe_refund_id), row.reason?)))
        .collect();
    let left = payment.amount - payment.refunded;
    let bank = refunds::bank(&app.db, payment.id).await?;
    let author = author::Entity::find_by_id(payment.author_id);
    let author = author.one(&app.db).await?.ok_or(Error::NotFound)?;
    let page = json!({
        "payment": row(found),
        "author_name": author.name,
        "is_own": author.account_id == reader.account.id,
        "month": Month::of(payment.paid_at).to_string(),
        "lines": of_payment(&app.db, payment).await?,
        "reasons_given": refunds,
        "left": left,
        "is_disputed": bank == Some(Bank::Disputes),
        "is_asked": bank == Some(Bank::Asks),
        "left_typed": Money::new(left, &payment.currency).plain(),
        "reasons": REASONS,
        "nonce": Uuid::now_v7(),
        "typed": typed,
    });
    reader.visitor.page(app, "studio/payment.html", &page)
}
