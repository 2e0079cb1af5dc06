//! `POST /webhooks/stripe`: checked, stored durably, acknowledged. Nothing else happens in the request.

use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};

use sea_orm::{
    ActiveModelTrait as _, DbErr, EntityTrait as _, IntoActiveModel as _, sea_query::OnConflict,
};

use super::{
    inbox::{Ending, Inbox},
    misdirected::{self, Misdirected},
};
use crate::{
    app::App,
    entities::stripe_event,
    payments::{Event, Refused, verify},
};

/// The events that can change something here; any other type is kept and ignored.
const KNOWN: [&str; 37] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "customer.subscription.trial_will_end",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.finalized",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "invoice.upcoming",
    "charge.pending",
    "charge.refunded",
    "charge.refund.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "radar.early_fraud_warning.created",
    "customer.updated",
    "customer.deleted",
    "account.updated",
    "account.application.deauthorized",
    "transfer.reversed",
    "application_fee.refunded",
];

/// Takes an event. 200 stored (again, too), 400 not Stripe's, 415 encoded, 503 not now.
pub async fn receive(
    State(app): State<App>,
    Extension(inbox): Extension<Inbox>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return counted(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let secrets = &app.config.stripe.webhook_secrets;
    if secrets.is_empty() {
        tracing::error!("an event arrived, but stripe.webhook_secrets is empty");
        return counted(StatusCode::SERVICE_UNAVAILABLE);
    }
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let now = app.clock.now();
    let skew = match verify(&body, signature, secrets, now) {
        Ok(skew) => skew,
        Err(refused) => {
            tracing::warn!(%refused, "a webhook was refused");
            if let Refused::Stale(skew) = refused {
                inbox.measured(skew).await;
            }
            return counted(StatusCode::BAD_REQUEST);
        }
    };
    let Ok(text) = String::from_utf8(body.into()) else {
        return counted(StatusCode::BAD_REQUEST);
    };
    let (row, misdirected) = match row(&app, text).await {
        Ok(read) => read,
        Err(Unread::Shape(error)) => {
            tracing::error!(%error, "a signed body could not be read");
            return counted(StatusCode::BAD_REQUEST);
        }
        Err(Unread::Database(error)) => {
            tracing::error!(%error, "an event could not be looked at");
            return counted(StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    let stored = match misdirected {
        Some(what) => misdirected::store(&app, row, what).await,
        None => inbox.store(row).await,
    };
    match stored {
        Ok(()) => {
            app.work.notify_one();
            inbox.measured(skew).await;
            counted(StatusCode::OK)
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "an event could not be stored");
            counted(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// Why an event was not stored.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Shape(#[from] serde_json::Error),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The event's place in the inbox, and what is wrong with it where it is not meant for us.
async fn row(
    app: &App,
    text: String,
) -> Result<(stripe_event::Model, Option<Misdirected>), Unread> {
    let now = app.clock.now();
    let event = Event::parse(&text)?;
    let misdirected = Misdirected::of(app, &event).await?;
    let row = stripe_event::Model {
        state: first_state(&event, misdirected),
        id: event.id,
        kind: event.kind,
        object_kind: event.object_kind,
        object_id: event.object_id,
        livemode: event.livemode,
        api_version: event.api_version,
        account: event.account,
        created_at: event.created.unwrap_or(now),
        body: text,
        attempts: 0,
        run_at: now,
        locked_until: None,
        error: misdirected.map(|what| what.reason().to_owned()),
        received_at: now,
        done_at: None,
    };
    Ok((row, misdirected))
}

/// Whether an event of this type can change something here.
pub(super) fn is_known(kind: &str) -> bool {
    KNOWN.contains(&kind)
}

/// Puts an event in the inbox that never arrived there.
///
/// # Errors
/// If Stripe or the database is away.
pub(super) async fn fetch(app: &App, id: &str) -> anyhow::Result<Ending> {
    let event: serde_json::Value = app.payments.event(id).await?;
    let (row, _) = row(app, event.to_string()).await?;
    let row = row.into_active_model().reset_all();
    let seen = OnConflict::column(stripe_event::Column::Id)
        .do_nothing()
        .to_owned();
    stripe_event::Entity::insert(row)
        .on_conflict(seen)
        .exec_without_returning(&app.db)
        .await?;
    app.work.notify_one();
    Ok(Ending::Done)
}

/// Events of the other mode, of other accounts and of unknown types are kept and ignored.
fn first_state(event: &Event, misdirected: Option<Misdirected>) -> stripe_event::State {
    // Of what happens inside a linked account only its state is of interest.
    let is_inside = event.account.is_some() && !event.kind.starts_with("account.");
    if misdirected.is_some() || is_inside || !KNOWN.contains(&event.kind.as_str()) {
        stripe_event::State::Ignored
    } else if event.object_id.is_none() && event.kind != "invoice.upcoming" {
        stripe_event::State::Parked
    } else {
        stripe_event::State::Waiting
    }
}

fn counted(status: StatusCode) -> StatusCode {
    let label = status.as_str().to_owned();
    metrics::counter!("plaudit_webhook_answers_total", "status" => label).increment(1);
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the README says of Stripe.
    fn asked() -> Vec<&'static str> {
        let text = include_str!("../../README.md");
        let (_, text) = text.split_once("Webhooks → Add endpoint").expect("a list");
        let (text, _) = text.split_once("5. **Mail.**").expect("its end");
        let words = text.split('`').skip(1).step_by(2);
        let kinds = [
            "checkout", "customer", "invoice", "charge", "refund", "radar",
        ];
        let kinds = [&kinds[..], &["account", "transfer", "application_fee"]].concat();
        let is_event = |word: &&str| {
            let kind = word.split_once('.').map(|(kind, _)| kind);
            kind.is_some_and(|kind| kinds.contains(&kind)) && *word != "invoice.created"
        };
        words.filter(is_event).collect()
    }

    #[test]
    fn every_event_an_owner_is_asked_to_send_is_known() {
        let asked = asked();
        assert!(asked.len() >= 30, "{asked:?}");
        for kind in &asked {
            assert!(is_known(kind), "{kind}");
        }
        // Some disputes tell of themselves in more ways than need be heard.
        let more = |kind: &&&str| !kind.starts_with("charge.");
        for kind in KNOWN.iter().filter(more) {
            assert!(asked.contains(kind), "{kind}");
        }
    }
}
