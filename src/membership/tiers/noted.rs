//! What is done to a tier is written down, as the owner's log shows it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    entities::{Recurrence, audit_entry, price, tier},
    money::Money,
};

/// What a tier costs: each amount by how often it is paid.
type Prices = [(Recurrence, Money)];

/// Writes down what was done to a tier of an author.
pub(super) async fn done(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    by: Option<Uuid>,
    act: &str,
    (author, tier): (Uuid, Uuid),
    mut detail: Value,
) -> Result<(), DbErr> {
    detail["author"] = json!(author);
    audit_entry::Entity::note(tx, now, by, act, &tier.to_string(), &detail).await
}

/// A tier has come on sale.
pub(super) async fn added(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    by: Option<Uuid>,
    tier: &tier::Model,
    prices: &Prices,
) -> Result<(), DbErr> {
    let detail = Value::Object(told(tier, prices));
    done(tx, now, by, "tier_add", (tier.author_id, tier.id), detail).await
}

/// A tier is otherwise than it was; what is as before is not told again.
pub(super) async fn changed(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    by: Option<Uuid>,
    (old, before): (&tier::Model, &Prices),
    (new, after): (&tier::Model, &Prices),
) -> Result<(), DbErr> {
    let (was, is) = (told(old, before), told(new, after));
    let mut detail = Map::new();
    for (field, value) in &is {
        let before = was.get(field).filter(|before| !before.is_null());
        if before.unwrap_or(&Value::Null) != value {
            detail.insert(field.clone(), value.clone());
            let before = before.cloned().unwrap_or_default();
            detail.insert(format!("{field}_before"), before);
        }
    }
    if detail.is_empty() {
        return Ok(());
    }
    let whose = (new.author_id, new.id);
    done(tx, now, by, "tier_change", whose, Value::Object(detail)).await
}

/// What it costs now.
pub(super) async fn prices(
    db: &impl ConnectionTrait,
    tier: Uuid,
) -> Result<Vec<(Recurrence, Money)>, DbErr> {
    let rows = price::Entity::current(tier).all(db).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.recurrence, Money::new(row.amount, &row.currency)))
        .collect())
}

/// All that the log says of a tier: what it is called and gives, costs and is limited to.
fn told(tier: &tier::Model, prices: &Prices) -> Map<String, Value> {
    let costs = |every: Recurrence| {
        let mut costs: Vec<&Money> = prices
            .iter()
            .filter(|(recurrence, _)| *recurrence == every)
            .map(|(_, money)| money)
            .collect();
        // Its own currency first.
        costs.sort_by_key(|money| (money.currency != tier.currency, money.currency.clone()));
        let costs = costs.into_iter();
        let costs: Vec<Value> = costs
            .map(|money| json!({ "amount": money.amount, "currency": money.currency }))
            .collect();
        (!costs.is_empty()).then_some(costs)
    };
    let all = json!({
        "name": tier.name,
        "description": Some(&tier.description).filter(|words| !words.is_empty()),
        "monthly": costs(Recurrence::Month),
        "yearly": costs(Recurrence::Year),
        "open_ended": tier.is_open_ended,
        "trial_days": tier.trial_days,
        "seats": tier.seats,
    });
    match all {
        Value::Object(all) => all,
        _ => Map::new(),
    }
}
