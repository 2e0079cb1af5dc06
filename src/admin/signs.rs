//! How the service stands, for the banner and for a monitoring system alike.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder as _,
    QuerySelect as _,
};

use crate::{
    app::App,
    entities::{
        dispute, mail_stop, membership, outbox, site,
        stripe_event::{self, State as Event},
    },
    membership::in_force,
};

/// Signatures are refused from 300 seconds on; this leaves time to mend the clock.
const SKEW: i64 = 60;
/// After this long without an event something may be wrong, where there are patrons.
const SILENCE: Duration = Duration::days(1);

/// See the module.
#[derive(Debug)]
pub(super) struct Signs {
    pub has_key: bool,
    pub has_secret: bool,
    pub last_event_at: Option<DateTime<Utc>>,
    /// No event for a day, while memberships are in force.
    pub is_silent: bool,
    /// How far our clock was ahead of Stripe's last signature, in seconds.
    pub skew: Option<i64>,
    /// Events that are parked or failed.
    pub stuck: i64,
    /// Memberships that are flagged, and tips and gifts that are disputed.
    pub flagged: i64,
    pub dead_mails: i64,
    /// Since when the relay refuses us, and so no mail goes.
    pub mail_stopped_at: Option<DateTime<Utc>>,
}

impl Signs {
    /// Reads them.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn read(app: &App) -> Result<Self, DbErr> {
        let last_event_at = last_event(app).await?;
        let stuck = stripe_event::Entity::find()
            .filter(stripe_event::Column::State.is_in([Event::Parked, Event::Failed]));
        let flagged = membership::Entity::find().filter(membership::Column::Flag.is_not_null());
        let disputed = dispute::Entity::open_once();
        let dead = outbox::Entity::find().filter(outbox::Column::State.eq(outbox::State::Dead));
        let stop = mail_stop::Entity::standing().one(&app.db).await?;
        let site = site::Entity::find_by_id(1).one(&app.db).await?;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok(Self {
            has_key: app.payments.is_configured(),
            has_secret: !app.config.stripe.webhook_secrets.is_empty(),
            is_silent: is_silent(app, last_event_at).await?,
            last_event_at,
            skew: site.and_then(|site| site.clock_skew),
            stuck: number(stuck.count(&app.db).await?),
            flagged: number(flagged.count(&app.db).await? + disputed.count(&app.db).await?),
            dead_mails: number(dead.count(&app.db).await?),
            mail_stopped_at: stop.map(|stop| stop.since),
        })
    }

    /// Whether Stripe's clock and ours are more than a minute apart.
    pub fn is_askew(&self) -> bool {
        self.skew.is_some_and(|skew| skew.abs() > SKEW)
    }

    /// Exports them as gauges.
    pub fn export(&self) {
        let flag = |is: bool| if is { 1.0 } else { 0.0 };
        metrics::gauge!("plaudit_stripe_key_configured").set(flag(self.has_key));
        metrics::gauge!("plaudit_webhook_secret_configured").set(flag(self.has_secret));
        metrics::gauge!("plaudit_events_stuck").set(self.stuck as f64);
        metrics::gauge!("plaudit_memberships_flagged").set(self.flagged as f64);
        metrics::gauge!("plaudit_mails_dead").set(self.dead_mails as f64);
        metrics::gauge!("plaudit_mail_stopped").set(flag(self.mail_stopped_at.is_some()));
        metrics::gauge!("plaudit_events_silent").set(flag(self.is_silent));
        if let Some(at) = self.last_event_at {
            metrics::gauge!("plaudit_last_event_timestamp_seconds").set(at.timestamp() as f64);
        }
        if let Some(skew) = self.skew {
            metrics::gauge!("plaudit_stripe_clock_skew_seconds").set(skew as f64);
        }
    }
}

async fn last_event(app: &App) -> Result<Option<DateTime<Utc>>, DbErr> {
    stripe_event::Entity::find()
        .select_only()
        .column(stripe_event::Column::ReceivedAt)
        .order_by_desc(stripe_event::Column::ReceivedAt)
        .into_tuple()
        .one(&app.db)
        .await
}

async fn is_silent(app: &App, last: Option<DateTime<Utc>>) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let since = now - SILENCE;
    if last.is_some_and(|at| at > since) {
        return Ok(false);
    }
    let grace_days = app.config.membership.grace_days;
    let mut members = membership::Entity::find().filter(in_force(now, grace_days));
    if last.is_none() {
        // The first event may still be on its way.
        members = members.filter(membership::Column::CreatedAt.lte(since));
    }
    Ok(members.one(&app.db).await?.is_some())
}
