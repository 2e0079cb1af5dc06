//! What stands here alone: memberships Stripe does not know, two in force, payments without a receipt.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::{Step, compare::Found, note};
use crate::{
    app::App,
    entities::{
        account,
        difference::Class,
        membership::{self, State},
        outbox, payment, reconciliation, reconciliation_seen,
    },
    membership::in_force,
    money::Money,
};

/// What a payment is called in the keys of its letters.
const ABOUT: &str = "COALESCE(payment.stripe_invoice_id, payment.stripe_payment_intent_id)";

pub(super) async fn compare(app: &App, run: &reconciliation::Model) -> anyhow::Result<Step> {
    let mut found = missing_there(app, run).await?;
    found.extend(two_in_force(app).await?);
    found.extend(none_counts(app, run).await?);
    found.extend(without_receipt(app, run).await?);
    let compared = found.len();
    note(app, run, found).await?;
    Ok(Step::whole(compared))
}

/// What this comparison has seen at Stripe.
fn seen(run: &reconciliation::Model) -> SelectStatement {
    Query::select()
        .column(reconciliation_seen::Column::Subject)
        .from(reconciliation_seen::Entity)
        .and_where(reconciliation_seen::Column::ReconciliationId.eq(run.id))
        .take()
}

async fn missing_there(app: &App, run: &reconciliation::Model) -> anyhow::Result<Vec<Found>> {
    use membership::Column;
    let rows = membership::Entity::find()
        .filter(Column::State.is_not_in([State::Ended, State::Failed, State::Suspended]))
        .filter(Column::CreatedAt.lt(run.started_at))
        .filter(Column::StripeSubscriptionId.not_in_subquery(seen(run)))
        .all(&app.db)
        .await?;
    let found = rows.iter().map(|row| {
        let subscription = &row.stripe_subscription_id;
        Found::new(
            Class::MissingThere,
            subscription,
            format!("stripe_status {}", row.stripe_status),
            "stripe_status none",
        )
    });
    Ok(found.collect())
}

async fn two_in_force(app: &App) -> anyhow::Result<Vec<Found>> {
    use membership::Column;
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let pairs: Vec<(Uuid, Uuid)> = membership::Entity::find()
        .select_only()
        .column(Column::AccountId)
        .column(Column::AuthorId)
        .filter(in_force(now, grace))
        .group_by(Column::AccountId)
        .group_by(Column::AuthorId)
        .having(Expr::cust("COUNT(*) > 1"))
        .into_tuple()
        .all(&app.db)
        .await?;
    let mut found = Vec::new();
    for (account, author) in pairs {
        let rows = membership::Entity::between(account, author)
            .filter(in_force(now, grace))
            .order_by_asc(Column::StartedAt)
            .order_by_asc(Column::StripeSubscriptionId)
            .all(&app.db)
            .await?;
        if let Some((first, later)) = rows.split_first() {
            found.extend(later.iter().map(|row| {
                let beside = format!("beside {}", first.stripe_subscription_id);
                let subscription = &row.stripe_subscription_id;
                let status = format!("stripe_status {}", row.stripe_status);
                Found::new(Class::TwoInForce, subscription, beside, status)
            }));
        }
    }
    Ok(found)
}

/// Of memberships in force one counts between a reader and an author.
async fn none_counts(app: &App, run: &reconciliation::Model) -> anyhow::Result<Vec<Found>> {
    use membership::Column;
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let aside = membership::Entity::find()
        .filter(in_force(now, grace))
        .filter(Column::IsCurrent.eq(false))
        .filter(Column::StripeSubscriptionId.in_subquery(seen(run)))
        .all(&app.db)
        .await?;
    let mut found = Vec::new();
    for row in aside {
        let counts = membership::Entity::between(row.account_id, row.author_id)
            .filter(in_force(now, grace))
            .filter(Column::IsCurrent.eq(true))
            .one(&app.db)
            .await?;
        if counts.is_none() {
            let (class, id) = (Class::StateDiffers, &row.stripe_subscription_id);
            found.push(Found::new(class, id, "is_current false", "is_current true"));
        }
    }
    Ok(found)
}

async fn without_receipt(app: &App, run: &reconciliation::Model) -> anyhow::Result<Vec<Found>> {
    let written = Query::select()
        .expr(Expr::val(1))
        .from(outbox::Entity)
        .and_where(Expr::cust(format!("outbox.key = 'receipt:' || {ABOUT}")))
        .take();
    let addressed = Query::select()
        .expr(Expr::val(1))
        .from(account::Entity)
        .and_where(Expr::cust(
            "account.id = payment.account_id \
             AND COALESCE(account.email, account.contact_email) IS NOT NULL",
        ))
        .take();
    let rows = since(payment::Entity::find(), run)
        .filter(Expr::cust(format!("{ABOUT} IS NOT NULL")))
        .filter(Expr::exists(addressed))
        .filter(sea_orm::sea_query::ExprTrait::not(Expr::exists(written)))
        .all(&app.db)
        .await?;
    let found = rows.iter().map(|row| {
        let paid = format!("payment {}", Money::new(row.amount, &row.currency).coded());
        let class = Class::PaymentWithoutReceipt;
        Found::new(class, &row.id.to_string(), "receipt none", paid)
    });
    Ok(found.collect())
}

fn since(
    payments: sea_orm::Select<payment::Entity>,
    run: &reconciliation::Model,
) -> sea_orm::Select<payment::Entity> {
    match run.since {
        Some(since) => payments.filter(payment::Column::PaidAt.gte(since)),
        None => payments,
    }
}
