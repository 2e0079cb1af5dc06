//! `/account/receipts/{number}`: what a payment was for, from whom to whom, and what was given back of it.

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde_json::{Value, json};

use super::{Support, standing::standing_of};
use crate::{
    accounts::Reader,
    app::App,
    entities::{Recurrence, account, author, grant, membership, payment, price, refund, tier},
    web::{Error, Path, Result},
};

/// The kinds of payment that have a name in the catalogues, as Stripe calls them.
const METHODS: [&str; 16] = [
    "visa",
    "mastercard",
    "amex",
    "discover",
    "diners",
    "jcb",
    "unionpay",
    "cartes_bancaires",
    "card",
    "sepa_debit",
    "us_bank_account",
    "link",
    "paypal",
    "klarna",
    "ideal",
    "bancontact",
];

/// What every receipt says of a payment, on the page and in the letter.
pub(super) fn facts(app: &App, payment: &payment::Model, payer: &account::Model) -> Value {
    let seller = app.house.now();
    let named = [&seller.legal_name, &seller.name];
    let method = payment.method.as_deref().map(|method| {
        let known = METHODS.iter().find(|known| **known == method);
        known.copied().unwrap_or("other")
    });
    json!({
        "number": payment.number,
        "amount": payment.amount,
        "net": payment.amount - payment.tax,
        "tax": payment.tax,
        "currency": payment.currency,
        "paid_at": payment.paid_at,
        "period_start": payment.period_start,
        "period_end": payment.period_end,
        "payer_name": payment.payer_name.as_ref().unwrap_or(&payer.name),
        "payer_vat_id": payment.payer_vat_id,
        "seller_name": named.iter().find(|name| !name.is_empty()),
        "seller_lines": seller.address.lines().collect::<Vec<_>>(),
        "seller_vat_id": seller.vat_id,
        "method": method,
        "last4": payment.last4,
    })
}

/// What was bought: a tier, and by the month or by the year; neither for what was paid once.
#[derive(Debug, Default)]
pub(super) struct Bought {
    pub tier_name: Option<String>,
    pub every: Option<Recurrence>,
}

/// What a payment has bought, as it was when it was paid. Only where that is not known what its membership is now.
pub(super) async fn bought(
    db: &impl ConnectionTrait,
    payment: &payment::Model,
) -> Result<Bought, DbErr> {
    if let Some(id) = payment.price_id {
        let sold = price::Entity::find_by_id(id).find_also_related(tier::Entity);
        if let Some((price, Some(tier))) = sold.one(db).await? {
            return Ok(Bought {
                tier_name: Some(tier.name),
                every: Some(price.recurrence),
            });
        }
    }
    if let Some(id) = payment.membership_id {
        let row = membership::Entity::find_by_id(id).find_also_related(tier::Entity);
        let (row, tier) = row.one(db).await?.unzip();
        return Ok(Bought {
            tier_name: tier.flatten().map(|tier| tier.name),
            every: row.map(|row| row.recurrence),
        });
    }
    let given = match payment.grant_id {
        Some(id) => grant::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let tier = match given {
        Some(given) => tier::Entity::find_by_id(given.tier_id).one(db).await?,
        None => None,
    };
    Ok(Bought {
        tier_name: tier.map(|tier| tier.name),
        every: None,
    })
}

/// For how long and for whom, where what was paid is a gift.
pub(super) async fn gift(
    db: &impl ConnectionTrait,
    payment: &payment::Model,
) -> Result<Option<Value>, DbErr> {
    let Some(id) = payment.grant_id else {
        return Ok(None);
    };
    let bought = grant::Entity::find_by_id(id).one(db).await?;
    Ok(bought.and_then(|row| {
        let months = row.months?;
        Some(json!({ "months": months, "name": row.recipient_name }))
    }))
}

/// `GET /account/receipts/{number}`: one's own, and nobody else's.
pub async fn receipt(
    State(app): State<App>,
    reader: Reader,
    Path(number): Path<String>,
) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let payment = payment::Entity::find()
        .filter(payment::Column::Number.eq(number))
        .filter(payment::Column::AccountId.eq(reader.account.id))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound)?;
    let page = page(&app, &payment, &reader.account).await?;
    reader.visitor.page(&app, "membership/receipt.html", &page)
}

async fn page(app: &App, payment: &payment::Model, payer: &account::Model) -> Result<Value> {
    let author = author::Entity::find_by_id(payment.author_id)
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound)?;
    let row = match payment.membership_id {
        Some(id) => membership::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let next = next_payment(app, &app.db, payment, row.as_ref()).await?;
    let mut page = json!({
        "payment": facts(app, payment, payer),
        "payer_address": payer.address(),
        "author_name": author.name,
        "tier_name": bought(&app.db, payment).await?.tier_name,
        "gift": gift(&app.db, payment).await?,
        "next_payment": next,
        "refunds": refunds(&app.db, payment).await?,
        "invoice_url": payment.invoice_pdf_url.as_ref().or(payment.hosted_invoice_url.as_ref()),
    });
    page["left"] = json!(payment.amount - payment.refunded);
    Ok(page)
}

/// Whether nothing was paid for a membership after this: what comes next is said by its last receipt alone.
async fn is_newest(
    db: &impl ConnectionTrait,
    payment: &payment::Model,
    row: &membership::Model,
) -> Result<bool, DbErr> {
    let later = payment::Entity::find()
        .filter(payment::Column::MembershipId.eq(row.id))
        .filter(payment::Column::PaidAt.gt(payment.paid_at));
    Ok(later.one(db).await?.is_none())
}

/// When the membership that a payment was for is charged next, as its receipt says it; `None` where nothing more
/// will be.
pub(super) async fn next_payment(
    app: &App,
    db: &impl ConnectionTrait,
    payment: &payment::Model,
    row: Option<&membership::Model>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let Some(row) = row else { return Ok(None) };
    let grace = app.config.membership.grace_days;
    let standing = standing_of(std::slice::from_ref(row), &[], &[], app.clock.now(), grace);
    let goes_on = standing.support == Support::Patron && row.collection_paused.is_none();
    match goes_on && is_newest(db, payment, row).await? {
        true => Ok(row.current_period_end),
        false => Ok(None),
    }
}

/// What was given back, oldest first.
async fn refunds(db: &impl ConnectionTrait, payment: &payment::Model) -> Result<Vec<Value>, DbErr> {
    let rows = refund::Entity::of(payment.id)
        .filter(refund::Column::State.ne(refund::State::Failed))
        .order_by_asc(refund::Column::RefundedAt)
        .all(db)
        .await?;
    let shown = rows
        .iter()
        .map(|row| json!({ "amount": row.amount, "refunded_at": row.refunded_at }));
    Ok(shown.collect())
}
