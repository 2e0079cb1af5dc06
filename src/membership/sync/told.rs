//! A payment as Stripe tells it and as what it bought says: pure, for comparing and for mending alike.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    entities::{checkout, grant, membership, payment, tip},
    payments::{Charge, CheckoutSession, Invoice, SentOn},
};

/// A payment as the invoice that was paid says. `of`: the membership it bills; `sold`: our price that it names.
pub(in super::super) fn by_invoice(
    row: &payment::Model,
    invoice: &Invoice,
    of: Option<&membership::Model>,
    sold: Option<Uuid>,
) -> payment::Model {
    let (period_start, period_end) = invoice.period();
    let address = |ours: &Option<String>, theirs: &Option<String>| {
        // Stripe renews these addresses from time to time.
        ours.clone().or_else(|| theirs.clone())
    };
    payment::Model {
        stripe_invoice_id: Some(invoice.id.clone()),
        amount: invoice.amount_paid,
        tax: invoice.tax(),
        currency: invoice.currency.clone(),
        hosted_invoice_url: address(&row.hosted_invoice_url, &invoice.hosted_invoice_url),
        invoice_pdf_url: address(&row.invoice_pdf_url, &invoice.invoice_pdf),
        payer_name: invoice.customer_name.clone(),
        payer_vat_id: invoice.payer_vat_id().map(str::to_owned),
        period_start,
        period_end,
        paid_at: invoice.paid_at().unwrap_or(row.paid_at),
        membership_id: of.map(|of| of.id).or(row.membership_id),
        account_id: of.map_or(row.account_id, |of| of.account_id),
        tip_id: None,
        grant_id: None,
        price_id: sold.or(row.price_id),
        ..row.clone()
    }
}

/// A payment as its charge says; all of it, if no invoice says more. `came`: when it came into the balance.
pub(in super::super) fn by_charge(
    row: &payment::Model,
    charge: &Charge,
    came: Option<DateTime<Utc>>,
) -> payment::Model {
    let mut told = row.clone();
    told.stripe_charge_id = Some(charge.id.clone());
    if let Some(intent) = &charge.payment_intent {
        told.stripe_payment_intent_id = Some(intent.id().to_owned());
    }
    if let Some(method) = &charge.payment_method_details {
        told.method = method.name().map(str::to_owned);
        told.last4 = method.last4().map(str::to_owned);
        told.card_expires_at = method.expires_at();
    }
    if charge.tells_of_transfer() {
        let sent = charge.sent_on();
        told.stripe_transfer_id = sent.as_ref().map(|sent| sent.transfer.id.clone());
        told.transfer_reversed = sent
            .as_ref()
            .map_or(0, |sent| sent.transfer.amount_reversed);
        told.fee_refunded = sent.as_ref().map_or(0, SentOn::given_back);
    }
    if row.stripe_invoice_id.is_none() {
        told.amount = charge.amount;
        told.currency = charge.currency.clone();
        told.tax = 0;
        told.paid_at = came.unwrap_or(row.paid_at);
    }
    told
}

/// A payment that no invoice bills, as the Checkout says in which it was made: who paid is typed there. The receipt of a
/// gift names its buyer by her account.
pub(in super::super) fn by_session(
    row: &payment::Model,
    session: &CheckoutSession,
) -> payment::Model {
    let typed = session.payer_name().filter(|_| row.grant_id.is_none());
    payment::Model {
        payer_name: typed.map(str::to_owned),
        ..row.clone()
    }
}

/// What was paid once, as its checkout was begun here.
#[derive(Clone, Debug)]
pub(in super::super) struct Once {
    pub checkout: checkout::Model,
    pub tip: Option<tip::Model>,
    pub grant: Option<grant::Model>,
}

impl Once {
    /// The payment of it.
    pub fn payment(&self, row: &payment::Model) -> payment::Model {
        let changes = self.checkout.kind == checkout::Kind::Change;
        let until = self.tip.as_ref().and_then(|tip| tip.patron_until);
        payment::Model {
            account_id: self.checkout.account_id.unwrap_or(row.account_id),
            membership_id: self.checkout.membership_id.filter(|_| changes),
            tip_id: self.tip.as_ref().map(|tip| tip.id),
            grant_id: self.grant.as_ref().map(|grant| grant.id),
            // Nobody is asked for it.
            payer_vat_id: None,
            price_id: self.checkout.price_id.filter(|_| changes),
            // What was paid of a period was reckoned when it was booked.
            period_start: row.period_start.filter(|_| changes),
            period_end: if changes { row.period_end } else { until },
            ..row.clone()
        }
    }

    /// The tip of it, as a payment that is right says. `is_gone`: given back whole, or lost.
    pub fn tip(&self, payment: &payment::Model, is_gone: bool) -> Option<tip::Model> {
        let row = self.tip.as_ref()?;
        Some(tip::Model {
            checkout_id: self.checkout.id,
            account_id: payment.account_id,
            author_id: self.checkout.author_id,
            amount: payment.amount,
            currency: payment.currency.clone(),
            state: match is_gone {
                true => tip::State::Refunded,
                false => tip::State::Paid,
            },
            paid_at: payment.paid_at,
            ..row.clone()
        })
    }

    /// The gift of it likewise, but for whose it is by now and when that began.
    pub fn grant(&self, payment: &payment::Model, is_gone: bool) -> Option<grant::Model> {
        let row = self.grant.as_ref()?;
        let why = is_gone.then_some(grant::Why::Refunded);
        Some(grant::Model {
            author_id: self.checkout.author_id,
            tier_id: self.checkout.tier_id.unwrap_or(row.tier_id),
            checkout_id: Some(self.checkout.id),
            origin: grant::Origin::Bought,
            buyer_id: Some(payment.account_id),
            ready_at: Some(row.ready_at.unwrap_or(payment.paid_at)),
            revoked_at: why.and(row.revoked_at.or(Some(payment.paid_at))),
            revoked_why: why,
            ..row.clone()
        })
    }
}
