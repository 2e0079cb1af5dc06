//! What a mend could not mend: lines of the ledger are never changed, so one that is wrong stays, and is not
//! called mended.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _, sea_query::Expr};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{
        difference::{self, Class},
        ledger_entry::{self, Account},
        payment,
    },
};

/// What is said of it.
pub(super) const WHY: &str = "the books hold another sum, which is never changed by itself";

/// Whether the books still say something else than Stripe does.
pub(super) async fn differs(app: &App, row: &difference::Model) -> Result<bool, DbErr> {
    if row.class != Class::LedgerDiffers {
        return Ok(false);
    }
    let told_fee = row.theirs.strip_prefix("fee ");
    if let (Ok(payment), Some(fee)) = (row.subject.parse::<Uuid>(), told_fee) {
        let kept: Option<Option<i64>> = ledger_entry::Entity::find()
            .select_only()
            .column_as(Expr::cust("CAST(SUM(amount) AS BIGINT)"), "kept")
            .filter(ledger_entry::Column::PaymentId.eq(payment))
            .filter(ledger_entry::Column::GroupKey.starts_with("fee:"))
            .filter(ledger_entry::Column::Account.eq(Account::Stripe))
            .into_tuple()
            .one(&app.db)
            .await?;
        return Ok(fee.parse() != Ok(-kept.flatten().unwrap_or_default()));
    }
    let paid = payment::Entity::find()
        .filter(payment::Column::StripeInvoiceId.eq(&row.subject))
        .one(&app.db)
        .await?;
    Ok(paid.is_some_and(|paid| format!("{} {}", paid.amount, paid.currency) != row.theirs))
}
