//! Letters about payments: received, failed, to be confirmed, given back.

use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::Story;
use crate::{
    entities::{checkout, membership, outbox, payment, refund, tier},
    membership::{
        receipt::{bought, facts, gift, next_payment},
        sync::invoices::Tried,
    },
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
    let bought = bought(tx, payment).await?;
    let mut values = facts(story.app, payment, story.account);
    let more = json!({
        "author_name": story.author.name,
        "tier_name": bought.tier_name,
        "recurrence": bought.every,
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

/// AR or PF, of a renewal that was tried and is not paid. What is on its way is neither: what comes of it is not known
/// yet. Of the tries that wait for the payer's word the first is told as AR, each later one as PF.
pub(in super::super) async fn unpaid(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
    tried: Option<&Tried>,
) -> anyhow::Result<()> {
    match tried {
        Some(Tried::OnItsWay(_)) => Ok(()),
        Some(Tried::ToConfirm) if invoice.attempt_count <= 1 => {
            action_needed(tx, story, row, invoice).await
        }
        tried => payment_failed(tx, story, row, invoice, tried).await,
    }
}

/// PF: once an invoice and attempt; and once a debit of her own that was refused, which Stripe does not count as an
/// attempt.
async fn payment_failed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
    tried: Option<&Tried>,
) -> anyhow::Result<()> {
    let mend = format!("/account/memberships/{}/card", row.id);
    let confirm = matches!(tried, Some(Tried::ToConfirm)).then(|| {
        let hosted = invoice.hosted_invoice_url.clone();
        hosted.unwrap_or_else(|| story.link(&format!("/account/memberships/{}/pay", row.id)))
    });
    let values = json!({
        "author_name": story.author.name,
        "amount": invoice.amount_due,
        "currency": invoice.currency,
        "attempt": invoice.attempt_count,
        "next_attempt_at": invoice.next_payment_attempt,
        "access_until": story.grace_ends(row),
        "confirm_url": confirm,
        "mend_url": story.link(&mend),
    });
    let (sold, attempt) = (&row.stripe_subscription_id, invoice.attempt_count);
    let mut key = format!("payment_failed:{sold}:{}:{attempt}", invoice.id);
    if let Some(Tried::DebitRefused { charge, at }) = tried {
        let told = outbox::Entity::find().filter(outbox::Column::Key.eq(key.as_str()));
        let told = told.one(tx).await?;
        // What was told before the debit was begun was of the try before it.
        if told.is_some_and(|told| told.created_at < *at) {
            key = format!("{key}:{charge}");
        }
    }
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
async fn action_needed(
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
