//! Letters about payments: received, failed, to be confirmed, given back.

use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde_json::{Value, json};

use super::Story;
use crate::{
    entities::{checkout, membership, payment, refund, tier},
    membership::receipt::{facts, gift, next_payment},
    payments::Invoice,
};

/// R. `row`: the membership it paid for. `is_second`: that is one besides another with the author.
pub(in super::super) async fn receipt(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
    row: Option<&membership::Model>,
    is_second: bool,
) -> anyhow::Result<()> {
    let about = payment
        .stripe_invoice_id
        .as_ref()
        .or(payment.stripe_payment_intent_id.as_ref());
    let key = match about {
        Some(id) => format!("receipt:{id}"),
        None => format!("receipt:{}", payment.id),
    };
    let next = next_payment(story.app, tx, payment, row).await?;
    let mut values = facts(story.app, payment, story.account);
    let more = json!({
        "author_name": story.author.name,
        "tier_name": story.tier.map(|tier| &tier.name),
        "recurrence": row.map(|row| row.recurrence),
        "is_second": is_second,
        "gift": gift(tx, payment).await?,
        "next_payment": next,
        "receipt_url": story.link(&format!("/account/receipts/{}", payment.number)),
        "account_url": story.link("/account"),
    });
    if let (Value::Object(values), Value::Object(more)) = (&mut values, more) {
        values.extend(more);
    }
    story.write(tx, "receipt", key, values).await
}

/// PF: once an invoice and attempt.
pub(in super::super) async fn payment_failed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
) -> anyhow::Result<()> {
    let mend = format!("/account/memberships/{}/card", row.id);
    let values = json!({
        "author_name": story.author.name,
        "amount": invoice.amount_due,
        "currency": invoice.currency,
        "attempt": invoice.attempt_count,
        "next_attempt_at": invoice.next_payment_attempt,
        "access_until": story.grace_ends(row),
        "mend_url": story.link(&mend),
    });
    let (sold, attempt) = (&row.stripe_subscription_id, invoice.attempt_count);
    let key = format!("payment_failed:{sold}:{}:{attempt}", invoice.id);
    story.write(tx, "payment_failed", key, values).await
}

/// PF, for a first payment that was on its way and never came: once a session.
pub(in super::super) async fn checkout_failed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &checkout::Model,
) -> anyhow::Result<()> {
    let kept = match row.membership_id {
        Some(id) => {
            let hers = membership::Entity::find_by_id(id).find_also_related(tier::Entity);
            hers.one(tx).await?
        }
        None => None,
    };
    let again = kept
        .as_ref()
        .map(|(row, _)| format!("/account/memberships/{}/tier", row.id));
    let is_gift = row.kind == checkout::Kind::Gift;
    let gift = is_gift.then(|| format!("/authors/{}/gift", story.author.slug));
    let again = again.or(gift);
    let values = json!({
        "author_name": story.author.name,
        "amount": row.amount,
        "currency": row.currency,
        "is_gift": is_gift,
        "kept_tier": kept.and_then(|(_, tier)| tier).map(|tier| tier.name),
        "support_url": again.map_or_else(|| story.support_url(), |path| story.link(&path)),
    });
    let key = format!("checkout_failed:{}", row.id);
    story.write(tx, "checkout_failed", key, values).await
}

/// AR: once an invoice.
pub(in super::super) async fn action_needed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
) -> anyhow::Result<()> {
    let mend = format!("/account/memberships/{}/card", row.id);
    let hosted = invoice.hosted_invoice_url.clone();
    let values = json!({
        "author_name": story.author.name,
        "amount": invoice.amount_due,
        "currency": invoice.currency,
        "access_until": story.grace_ends(row),
        "confirm_url": hosted.unwrap_or_else(|| story.link(&mend)),
    });
    let key = format!(
        "action_needed:{}:{}",
        row.stripe_subscription_id, invoice.id
    );
    story.write(tx, "action_needed", key, values).await
}

/// RF: once a refund.
pub(in super::super) async fn refund(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
    row: &refund::Model,
) -> anyhow::Result<()> {
    let values = json!({
        "author_name": story.author.name,
        "amount": row.amount,
        "currency": row.currency,
        "is_whole": row.amount == payment.amount,
        "number": payment.number,
        "receipt_url": story.link(&format!("/account/receipts/{}", payment.number)),
    });
    let key = format!("refund:{}", row.stripe_refund_id);
    story.write(tx, "refund", key, values).await
}
