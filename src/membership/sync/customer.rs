//! Customers: the address Stripe bills. It is no identity, and who she is here does not change with it.

use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};

use super::Ending;
use crate::{entities::account, payments::Customer};

/// Notes the billing address; forgets a customer that was deleted, so that the next checkout makes
/// another one.
pub(super) async fn apply(tx: &DatabaseTransaction, fresh: &Customer) -> anyhow::Result<Ending> {
    let hers = account::Column::StripeCustomerId.eq(fresh.id.as_str());
    let mut update = account::Entity::update_many()
        .col_expr(
            account::Column::BillingEmail,
            Expr::value(fresh.email.clone()),
        )
        .filter(hers);
    if fresh.deleted {
        update = update.col_expr(
            account::Column::StripeCustomerId,
            Expr::value(Option::<String>::None),
        );
    }
    let changed = update.exec(tx).await?;
    Ok(match changed.rows_affected {
        0 => Ending::Ignored("a customer that is not ours"),
        _ => Ending::Done,
    })
}
